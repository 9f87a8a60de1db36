"""Layouts from sketches and labels: wrapper induction with distant supervision.

For each shape: the place where most pages have the title that links print; then the block that holds what differs from
page to page; then the place of the date. Pages that a title place does not explain form the next layout, so that two
templates under one address pattern are told apart. The order of the pages does not matter.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ...profiles.layouts import Layout, PagePlace, ShapeEvidence, Support
from ..layouts.places import KINDS
from ..layouts.shape import shape
from .sketch import Sketch, SketchLine
from .titles import NOTHING, Label, from_title_tags

FEWEST = 10
"""Pages below which a layout says nothing: formulaic text looks like template on few pages."""
AGREEMENT = 0.7
"""Share of labelled pages on which a place must agree with the labels."""
DISTINCT = 0.5
"""Share of different texts at a title place: what many pages share is no title."""
TEMPLATE = 0.5
"""Share of pages on which a line must stand to be template."""
LABELLED = 0.5
"""Share of pages whose title some link must print. Fewer: pages of a menu, not of a list."""
SHARED = 3
"""Pages from which on a title is shared."""
LISTED = 0.3
"""Share of pages that must be rows of some listing."""
LIKELY = 40
"""Title places that are compared, those with the most exact titles."""
LONGEST_TITLE = 200
NEAR = 8
"""Lines after the title among which an unlabelled date may be that of publication."""
LONGEST_TAIL = 6
"""Lines at the end of the body's block among which links to neighbours are looked for."""
POOLED = 0.97
"""How well one block must hold the bodies of several shapes, compared with a block for each."""
ROUNDS = 6
"""Layouts of one shape."""
_SLASHED = re.compile(r"(?<![\d/])(\d{1,2})/(\d{1,2})/(?:19|20)\d\d")
Labels = Callable[[str], Label]
Key = tuple[int, str, int, bool]
"""A place: number of the kind, path, k, whole."""


@dataclass(slots=True)
class _Candidate:
    exact: int = 0
    prefix: int = 0


@dataclass(frozen=True, slots=True)
class _Fit:
    """A page with the title place of a layout."""

    sketch: Sketch
    after: int
    """Index of the line after its title."""
    label: Label
    agrees: bool
    """Whether its title is what its label says."""


def learn(sketches: Sequence[Sketch], labels: Labels) -> list[Layout]:
    """The layouts of a site, from pages that answered with content. The order of the pages does not matter."""
    known = {sketch.url: labels(sketch.url) for sketch in sketches}
    groups: dict[str, list[Sketch]] = defaultdict(list)
    for sketch in sorted(sketches, key=lambda sketch: sketch.url):
        groups[shape(sketch.url)].append(sketch)
    parts: dict[tuple[Key, Key], list[_Fit]] = defaultdict(list)
    rest: list[Sketch] = []
    for group in groups.values():
        rest += _divided(group, known, parts)
    rest = _joined(rest, known, parts)
    _divided(rest, known, parts)  # templates with few pages of each shape
    found = [_layout(title, body, fits) for (title, body), fits in _pooled(parts).items()]
    return [layout for layout in found if layout is not None]


def evidence(sketches: Sequence[Sketch], labels: Labels) -> list[ShapeEvidence]:
    """What the pages of each shape are, as far as single pages and links tell."""
    groups: dict[str, list[Sketch]] = defaultdict(list)
    for sketch in sketches:
        groups[shape(sketch.url)].append(sketch)
    found = []
    for pattern, group in groups.items():
        titles = Counter(sketch.title for sketch in group if sketch.kind == "article" and sketch.title)
        found.append(
            ShapeEvidence(
                pattern,
                len(group),
                sum(1 for sketch in group if sketch.kind == "listing"),
                sum(1 for sketch in group if labels(sketch.url).listed),
                tuple(sorted(title for title, count in titles.items() if count >= SHARED)),
            )
        )
    return found


def _pooled(parts: Mapping[tuple[Key, Key], list[_Fit]]) -> dict[tuple[Key, Key], list[_Fit]]:
    """The parts, those with one title place as one where one block is the body of all their pages."""
    by_title: dict[Key, list[tuple[Key, list[_Fit]]]] = defaultdict(list)
    for (title, body), fits in sorted(parts.items(), key=lambda part: part[0]):
        by_title[title].append((body, fits))
    pooled: dict[tuple[Key, Key], list[_Fit]] = {}
    for title, alike in by_title.items():
        together = sorted((fit for _, fits in alike for fit in fits), key=lambda fit: fit.sketch.url)
        shared, score = _body_place(together, _template([fit.sketch for fit in together]))
        apart = sum(_body_place(fits, _template([fit.sketch for fit in fits]))[1] for _, fits in alike)
        if len(alike) > 1 and (shared is None or score < POOLED * apart):
            pooled |= {(title, own): sorted(fits, key=lambda fit: fit.sketch.url) for own, fits in alike}
        elif shared is not None:
            pooled[title, shared] = together
    return pooled


def _divided(
    sketches: Sequence[Sketch], known: Mapping[str, Label], parts: dict[tuple[Key, Key], list[_Fit]]
) -> list[Sketch]:
    """Adds the pages to `parts` by title and body place; returns those that no place explains."""
    rest = list(sketches)
    for _ in range(ROUNDS):
        if len(rest) < FEWEST:
            break
        labels = known
        place = _title_place(rest, known)
        if place is None:
            labels = _title_tags(rest)
            place = _title_place(rest, labels)
        if place is None:
            break
        fits = [fit for sketch in rest if (fit := _fit(sketch, place, labels[sketch.url])) is not None]
        explained = {id(fit.sketch) for fit in fits}
        rest = [sketch for sketch in rest if id(sketch) not in explained]
        if len(fits) < FEWEST:
            continue
        template = _template([fit.sketch for fit in fits])
        body, _ = _body_place(fits, template)
        dated = labels is known or _has_dates(fits)
        if body is not None and dated and _are_articles(fits, body, template):
            parts[place, body] += fits
    return rest


def _joined(
    sketches: Sequence[Sketch], known: Mapping[str, Label], parts: dict[tuple[Key, Key], list[_Fit]]
) -> list[Sketch]:
    """Adds pages of rare shapes to the parts whose places they have; returns the others."""
    rest = []
    for sketch in sketches:
        label = known[sketch.url]
        for (title, body), fits in sorted(parts.items(), key=lambda part: (-len(part[1]), part[0])):
            fit = _fit(sketch, title, label)
            if fit is not None and fit.agrees and label.listed and _lines_at(sketch, body) is not None:
                fits.append(fit)
                break
        else:
            rest.append(sketch)
    return rest


def _fit(sketch: Sketch, title: Key, label: Label) -> _Fit | None:
    """How a page fits a title place; None where it has no title there, or its title stands elsewhere."""
    place, text = _lines_at(sketch, title), _text_at(sketch, title)
    if place is None or text is None:
        return None
    agrees = bool(label.agrees(text))
    if label.titles and not agrees and any(label.agrees(other) == 2 for _, other in _title_texts(sketch)):
        return None
    return _Fit(sketch, place[1], label, agrees)


def _has_dates(fits: Sequence[_Fit]) -> bool:
    """Whether nearly all pages print a date near the title, as articles do."""
    near = sum(
        1 for fit in fits if any(line.day for line in fit.sketch.lines[max(0, fit.after - 6) : fit.after + NEAR])
    )
    return near >= 0.8 * len(fits)


def _title_tags(sketches: Sequence[Sketch]) -> dict[str, Label]:
    """Labels from `<title>`, where links say nothing of use."""
    counts = Counter(sketch.title_tag for sketch in sketches)
    ending = from_title_tags(counts)
    found = {}
    for sketch in sketches:
        title = sketch.title_tag.removesuffix(ending).rstrip("-_|—–")
        alone = counts[sketch.title_tag] <= 2 and len(title) >= 4
        found[sketch.url] = Label(((title, False), (sketch.title_tag, False)), ()) if alone else NOTHING
    return found


# --- title -----------------------------------------------------------------------------------------------------------


def _title_place(sketches: Sequence[Sketch], labels: Mapping[str, Label]) -> Key | None:
    """The place where most titles equal their labels; None without one that is right often enough."""
    candidates: dict[Key, _Candidate] = defaultdict(_Candidate)
    for sketch in sketches:
        label = labels[sketch.url]
        if not label.titles:
            continue
        for key, text in _title_texts(sketch):
            match label.agrees(text):
                case 2:
                    candidates[key].exact += 1
                case 1:
                    candidates[key].prefix += 1
    ranked: list[tuple[tuple[float, int, int, bool, int], Key]] = []
    likely = sorted(candidates.items(), key=lambda each: (-each[1].exact, -each[1].prefix, each[0]))[:LIKELY]
    for key, candidate in likely:
        texts = {id(sketch): found for sketch in sketches if (found := _text_at(sketch, key)) is not None}
        right = candidate.exact + candidate.prefix
        wrong = sum(
            1
            for sketch in sketches
            if labels[sketch.url].titles and id(sketch) in texts and not labels[sketch.url].agrees(texts[id(sketch)])
        )
        if right < FEWEST / 2 or right < AGREEMENT * (right + wrong) or len(texts) < FEWEST:
            continue
        if len(set(texts.values())) < DISTINCT * len(texts):
            continue
        score = candidate.exact + 0.5 * candidate.prefix - 0.5 * wrong
        ranked.append(((score, candidate.exact, len(texts), not key[3], -key[0]), key))
    return max(ranked)[1] if ranked else None


def _title_texts(sketch: Sketch) -> list[tuple[Key, str]]:
    """Texts that may be the title, with their places."""
    found: list[tuple[Key, str]] = []
    for line in sketch.lines:
        if line.text and line.size <= LONGEST_TITLE and line.linked < 0.5 * line.size:
            found += [((kind, line.paths[kind], line.k[kind], False), line.text) for kind in range(3)]
    for block in sketch.blocks:
        if 2 <= block.end - block.start <= 4:
            inside = sketch.lines[block.start : block.end]
            if all(line.text and line.linked < 0.5 * line.size for line in inside):
                text = "".join(line.text for line in inside)
                if len(text) <= LONGEST_TITLE:
                    found += [((kind, block.paths[kind], block.k[kind], True), text) for kind in range(3)]
    return found


def _lines_at(sketch: Sketch, key: Key) -> tuple[int, int] | None:
    """The range of lines at a place."""
    kind, path, k, whole = key
    if whole:
        for block in sketch.blocks:
            if block.paths[kind] == path and block.k[kind] == k:
                return block.start, block.end
        return None
    for index, line in enumerate(sketch.lines):
        if line.paths[kind] == path and line.k[kind] == k and line.text:
            return index, index + 1
    return None


def _text_at(sketch: Sketch, key: Key) -> str | None:
    """The text at a title place; None where the page has none that could be a title."""
    lines = _lines_at(sketch, key)
    if lines is None:
        return None
    inside = sketch.lines[slice(*lines)]
    text = "".join(line.text for line in inside)
    linked = sum(line.linked for line in inside)
    return text if 2 <= len(text) <= LONGEST_TITLE and linked < 0.5 * sum(line.size for line in inside) else None


# --- layout ----------------------------------------------------------------------------------------------------------


def _layout(title: Key, body: Key, fits: Sequence[_Fit]) -> Layout | None:
    """The layout of pages with the same title and body place; None where too few links print their titles."""
    template = _template([fit.sketch for fit in fits])
    right = [fit.sketch.url for fit in fits if fit.agrees]
    wrong = [fit.sketch.url for fit in fits if fit.label.titles and not fit.agrees]
    listed = sum(1 for fit in fits if fit.label.listed)
    if len(right) + len(wrong) < LABELLED * len(fits) or listed < LISTED * len(fits):
        return None
    if not _are_articles(fits, body, template):
        return None
    dates, month_first, date_right, date_wrong = _date_places(fits)
    below = bool(dates) and _is_below(fits, dates[0], template)
    support = Support(
        len(fits), len(right) + len(wrong), len(right), len(wrong), date_right, date_wrong,
        tuple(wrong[:5]), tuple(right[:3]),
    )  # fmt: skip
    return Layout(
        tuple(sorted({shape(fit.sketch.url) for fit in fits})),
        _place(title),
        _place(body),
        tuple(map(_place, dates)),
        below,
        month_first,
        tuple(sorted(_below(fits, template))),
        tuple(sorted(_prose_paths(fits, body, template))),
        tuple(sorted(_tails(fits, body, template))),
        support,
    )


def _pages(fits: Sequence[_Fit]) -> list[tuple[Sketch, int]]:
    """Pages, with the index of the line after the title."""
    return [(fit.sketch, fit.after) for fit in fits]


def _place(key: Key) -> PagePlace:
    kind, path, k, whole = key
    return PagePlace(KINDS[kind], path, k, whole)


def _template(sketches: Sequence[Sketch]) -> set[tuple[str, str]]:
    """Keys of the lines that stand on most pages."""
    counts: Counter[tuple[str, str]] = Counter()
    for sketch in sketches:
        counts.update({line.key for line in sketch.lines})
    enough = max(3, TEMPLATE * len(sketches))
    return {key for key, count in counts.items() if count >= enough}


def _is_unique(line: SketchLine, template: set[tuple[str, str]]) -> bool:
    return (line.content or (bool(line.text) and not line.is_link)) and line.key not in template


def _weight(line: SketchLine) -> int:
    return max(line.size, 20 if line.content else 0)


def _body_place(fits: Sequence[_Fit], template: set[tuple[str, str]]) -> tuple[Key | None, float]:
    """The block with the best F2 of text that differs from page to page, below the title; and the sum of these F2."""
    scores: dict[Key, float] = defaultdict(float)
    for sketch, after in _pages(fits):
        unique, total = [0], [0]  # sums of weights before each line
        for index, line in enumerate(sketch.lines):
            counts = index >= after
            own = counts and _is_unique(line, template)
            unique.append(unique[-1] + (_weight(line) if own else 0))
            total.append(total[-1] + (_weight(line) if counts else 0))
        if not unique[-1]:
            continue
        for block in sketch.blocks:
            inside = unique[block.end] - unique[block.start]
            if not inside:
                continue
            precision, recall = inside / (total[block.end] - total[block.start]), inside / unique[-1]
            score = 5 * precision * recall / (4 * precision + recall)
            for kind in range(3):
                scores[kind, block.paths[kind], block.k[kind], True] += score
    if not scores:
        return None, 0.0
    best = max(scores.values())
    alike = [key for key, score in scores.items() if score >= best - 1e-6 * len(fits)]
    return min(alike, key=lambda key: (-len(key[1]) if key[0] == 1 else 0, key)), best


def _are_articles(fits: Sequence[_Fit], body: Key, template: set[tuple[str, str]]) -> bool:
    """Whether the pages are articles: most have text of their own in the body, and few are lists of links."""
    own = lists = 0
    for sketch, _ in _pages(fits):
        lines = _lines_at(sketch, body)
        inside = sketch.lines[slice(*lines)] if lines else ()
        text = sum(_weight(line) for line in inside if _is_unique(line, template))
        links = sum(line.size for line in inside if line.is_link)
        own += text >= 16
        lists += sketch.kind in ("listing", "home") and links > text
    return own >= 0.5 * len(fits) and lists < 0.3 * len(fits)


def _below(fits: Sequence[_Fit], template: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """The template lines that stand below a title."""
    return {key for sketch, after in _pages(fits) for line in sketch.lines[after:] if (key := line.key) in template}


def _prose_paths(fits: Sequence[_Fit], body: Key, template: set[tuple[str, str]]) -> set[str]:
    """Paths in the body's block on which lines are usually text."""
    text, links = Counter[str](), Counter[str]()
    for line in _body_lines(fits, body):
        if line.text and line.key not in template:
            (links if line.is_link else text)[line.paths[1]] += 1
    return {path for path, count in text.items() if count >= 5 and count > 2 * links[path]}


def _tails(fits: Sequence[_Fit], body: Key, template: set[tuple[str, str]]) -> set[tuple[str, int]]:
    """Paths of the lines that end the body's block on most pages and are mostly links, such as those to neighbours; and
    how many of them a fifth of the pages or more has."""
    counts: dict[str, Counter[int]] = defaultdict(Counter)
    text, links = Counter[str](), Counter[str]()
    for sketch, after in _pages(fits):
        start, end = _lines_at(sketch, body) or (0, 0)
        here = Counter[str]()
        ended: set[str] = set()
        for line in reversed(sketch.lines[max(after, start) : end]):
            path = line.paths[1]
            if line.key in template or not line.text or path in ended:
                continue
            (links if line.is_link or line.linked > 0.3 * line.size else text)[path] += 1
            here[path] += 1
            ended |= here.keys() - {path}  # lines of another path follow it: it is no longer the tail
            if sum(here.values()) > LONGEST_TAIL:
                break
        for path, count in here.items():
            counts[path][count] += 1
    found = set()
    for path, by_count in counts.items():
        usual = max((count for count, pages in by_count.items() if pages >= 0.2 * len(fits)), default=1)
        if sum(by_count.values()) >= TEMPLATE * len(fits) and links[path] >= 2 * text[path]:
            found.add((path, usual))
    return found


def _body_lines(fits: Sequence[_Fit], body: Key) -> Iterator[SketchLine]:
    """The lines of all pages in the body's block, below the title."""
    for sketch, after in _pages(fits):
        start, end = _lines_at(sketch, body) or (0, 0)
        yield from sketch.lines[max(after, start) : end]


# --- date ------------------------------------------------------------------------------------------------------------


def _date_places(fits: Sequence[_Fit]) -> tuple[list[Key], bool | None, int, int]:
    """Where the date stands, the order of month and day, and how many pages agree with the dates of their rows."""
    right: Counter[Key] = Counter()
    wrong: Counter[Key] = Counter()
    there: Counter[Key] = Counter()
    distance: dict[Key, int] = {}
    known_days = 0
    month_first = day_first = 0
    for fit in fits:
        sketch, after, days = fit.sketch, fit.after, fit.label.days
        known_days += bool(days)
        for index, line in enumerate(sketch.lines):
            if line.day is None and line.doubtful is None:
                continue
            near = index - after
            for kind in range(3):
                key = (kind, line.paths[kind], line.k[kind], False)
                there[key] += 1
                distance[key] = distance.get(key, 0) + (abs(near) if -6 <= near <= NEAR else 100)
                if days and line.day is not None:
                    (right if line.day in days else wrong)[key] += 1
    found: list[Key] = []
    located = [key for key, count in right.items() if count >= FEWEST / 2 and count >= AGREEMENT * (count + wrong[key])]
    if located:
        best = min(located, key=lambda key: (-right[key], distance[key] / there[key], key))
        found = [best]
        for key in sorted(located, key=lambda key: (-right[key], key)):
            if len(found) < 3 and right[key] >= 5 and key[0] == best[0] and key[:2] != best[:2]:
                found.append(key)
    if not found:
        regular = [
            key
            for key, count in there.items()
            if count >= AGREEMENT * len(fits) and distance[key] / count <= NEAR and _differs(fits, key)
        ]
        if regular:
            found = [min(regular, key=lambda key: (distance[key] / there[key], -there[key], key))]
    for sketch, _ in _pages(fits):
        for key in found:
            lines = _lines_at(sketch, key)
            numbers = _slashed(sketch.lines[lines[0]]) if lines else None
            if numbers is not None:
                month_first += numbers[1] > 12
                day_first += numbers[0] > 12
    order = None if bool(month_first) == bool(day_first) else bool(month_first)
    best_right, best_wrong = (right[found[0]], wrong[found[0]]) if found else (0, 0)
    return found, order, best_right, best_wrong


def _is_below(fits: Sequence[_Fit], date: Key, template: set[tuple[str, str]]) -> bool:
    """Whether the date stands below the text: on most pages there is text between title and date."""
    below = 0
    for sketch, after in _pages(fits):
        lines = _lines_at(sketch, date)
        between = sketch.lines[after : lines[0]] if lines else ()
        below += sum(_weight(line) for line in between if _is_unique(line, template)) > 60
    return below >= 0.5 * len(fits)


def _differs(fits: Sequence[_Fit], key: Key) -> bool:
    """Whether a date is another one on several pages: the clock of a page is the same on all."""
    days = set()
    for sketch, _ in _pages(fits):
        lines = _lines_at(sketch, key)
        if lines is not None:
            line = sketch.lines[lines[0]]
            days.add(line.day or line.doubtful)
    return len(days) >= max(3, 0.1 * len(fits))


def _slashed(line: SketchLine) -> tuple[int, int] | None:
    """The first two numbers of a date such as 10/13/2008."""
    match = _SLASHED.search(line.text)
    return (int(match[1]), int(match[2])) if match else None
