"""Layouts from sketches and labels: wrapper induction with distant supervision.

For each shape: the place where most pages have the title that links print; then the block that holds what differs from
page to page; then the place of the date. Pages that a title place does not explain form the next layout, so that two
templates under one address pattern are told apart. The order of the pages does not matter.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence

from ...profiles.layouts import Layout, PagePlace, ShapeEvidence, Support
from ..layouts.places import KINDS
from ..layouts.shape import shape
from .body_place import (
    are_articles,
    asides,
    below_text,
    body_place,
    heads,
    prose_paths,
    tails,
    template_below,
    template_of,
)
from .date_place import ABOVE, NEAR, date_places
from .fit import Fit
from .sketch import Key, Sketch, SketchLine
from .title_place import AGREEMENT, FEWEST, title_at, title_places, title_tag_labels, title_texts
from .titles import Label

LABELLED = 0.5
"""Share of pages whose title some link must print. Fewer: pages of a menu, not of a list."""
LISTED = 0.3
"""Share of pages that must be rows of some listing, unless nearly all print a date."""
ALL_AGREE = 0.9
"""Share of pages from which on titles that agree with links are enough."""
MANY = 15
"""The least number of such pages."""
SHARED = 3
"""Pages from which on a title is shared."""
POOLED = 0.97
"""How well one block must hold the bodies of several shapes, compared with a block for each."""
ROUNDS = 6
"""Layouts of one shape."""
Labels = Callable[[str], Label]


def learn(sketches: Sequence[Sketch], labels: Labels) -> list[Layout]:
    """The layouts of a site, from pages that answered with content. The order of the pages does not matter."""
    known = {sketch.url: labels(sketch.url) for sketch in sketches}
    groups: dict[str, list[Sketch]] = defaultdict(list)
    for sketch in sorted(sketches, key=lambda sketch: sketch.url):
        groups[shape(sketch.url)].append(sketch)
    parts: dict[tuple[Key, Key], list[Fit]] = defaultdict(list)
    rest: list[Sketch] = []
    for group in groups.values():
        rest += _divided(group, known, parts)
    rest = _joined(rest, known, parts)
    _divided(rest, known, parts)  # templates with few pages of each shape
    found = [_layout(title, body, fits) for (title, body), fits in _pooled(parts).items()]
    return [layout for layout in found if layout is not None]


def evidence(sketches: Sequence[Sketch], labels: Labels) -> tuple[ShapeEvidence, ...]:
    """The kinds of the pages of each shape, as each page alone and the links to it show them."""
    groups: dict[str, list[Sketch]] = defaultdict(list)
    for sketch in sketches:
        groups[shape(sketch.url)].append(sketch)
    found = []
    for pattern, group in sorted(groups.items()):
        titles = Counter(sketch.title for sketch in group if sketch.kind == "article" and sketch.title)
        own = {sketch.url: sketch.title for sketch in group if labels(sketch.url).titles}
        agreeing = {title for url, title in own.items() if title and labels(url).agrees(title)}
        found.append(
            ShapeEvidence(
                pattern,
                len(group),
                sum(1 for sketch in group if sketch.kind == "listing"),
                sum(1 for sketch in group if labels(sketch.url).listed),
                tuple(sorted(title for title, count in titles.items() if count >= SHARED)),
                len(own),
                len(agreeing),
            )
        )
    return tuple(found)


def _pooled(parts: Mapping[tuple[Key, Key], list[Fit]]) -> dict[tuple[Key, Key], list[Fit]]:
    """The parts, those with one title place as one where one block is the body of all their pages."""
    by_title: dict[Key, list[tuple[Key, list[Fit]]]] = defaultdict(list)
    for (title, body), fits in sorted(parts.items(), key=lambda part: part[0]):
        by_title[title].append((body, fits))
    pooled: dict[tuple[Key, Key], list[Fit]] = {}
    for title, alike in by_title.items():
        together = sorted((fit for _, fits in alike for fit in fits), key=lambda fit: fit.sketch.url)
        shared, score = body_place(together)
        apart = sum(body_place(fits)[1] for _, fits in alike)
        if len(alike) > 1 and (shared is None or score < POOLED * apart):
            pooled |= {(title, own): sorted(fits, key=lambda fit: fit.sketch.url) for own, fits in alike}
        elif shared is not None:
            pooled[title, shared] = together
    return pooled


def _divided(
    sketches: Sequence[Sketch], known: Mapping[str, Label], parts: dict[tuple[Key, Key], list[Fit]]
) -> list[Sketch]:
    """Adds the pages to `parts` by title and body place; returns those that no place explains."""
    rest = list(sketches)
    for _ in range(ROUNDS):
        if len(rest) < FEWEST:
            break
        labels = known
        places = title_places(rest, known)
        if not places:
            labels = title_tag_labels(rest)
            places = title_places(rest, labels)
        if not places:
            break
        fitting = {place: _fits(rest, place, labels) for place in places}
        place = max(places, key=lambda place: _body_score(fitting[place])) if len(places) > 1 else places[0]
        fits = fitting[place]
        explained = {id(fit.sketch) for fit in fits}
        rest = [sketch for sketch in rest if id(sketch) not in explained]
        if len(fits) < FEWEST:
            continue
        template = template_of([fit.sketch for fit in fits])
        body, _ = body_place(fits)
        dated = labels is known or _has_dates(fits)
        if body is not None and dated and are_articles(fits, body, template):
            parts[place, body] += fits
    return rest


def _joined(
    sketches: Sequence[Sketch], known: Mapping[str, Label], parts: dict[tuple[Key, Key], list[Fit]]
) -> list[Sketch]:
    """Adds pages of rare shapes to the parts whose places they have; returns the others."""
    rest = []
    for sketch in sketches:
        label = known[sketch.url]
        for (title, body), fits in sorted(parts.items(), key=lambda part: (-len(part[1]), part[0])):
            fit = _fit(sketch, title, label)
            if fit is not None and fit.agrees and label.listed and sketch.at(body) is not None:
                fits.append(fit)
                break
        else:
            rest.append(sketch)
    return rest


def _fits(sketches: Sequence[Sketch], title: Key, labels: Mapping[str, Label]) -> list[Fit]:
    """The pages that fit a title place."""
    return [fit for sketch in sketches if (fit := _fit(sketch, title, labels[sketch.url])) is not None]


def _body_score(fits: Sequence[Fit]) -> float:
    """How well one block holds what is below the title: best for the last of several titles above the text."""
    return body_place(fits)[1]


def _fit(sketch: Sketch, title: Key, label: Label) -> Fit | None:
    """How a page fits a title place; None if it has no title there, or its title is elsewhere."""
    place, text = sketch.at(title), title_at(sketch, title)
    if place is None or text is None:
        return None
    agrees = bool(label.agrees(text))
    if label.titles and not agrees and any(label.agrees(other) == 2 for _, other in title_texts(sketch)):
        return None
    return Fit(sketch, place[1], label, agrees)


def _has_dates(fits: Sequence[Fit]) -> bool:
    """Whether nearly all pages print a date near the title, as articles do."""
    near = sum(
        1 for fit in fits if any(line.day for line in fit.sketch.lines[max(0, fit.after - ABOVE) : fit.after + NEAR])
    )
    return near >= 0.8 * len(fits)


def _layout(title: Key, body: Key, fits: Sequence[Fit]) -> Layout | None:
    """The layout of pages with the same title and body place; None where too few links print their titles."""
    template = template_of([fit.sketch for fit in fits])
    right = [fit.sketch.url for fit in fits if fit.agrees]
    wrong = [fit.sketch.url for fit in fits if fit.label.titles and not fit.agrees]
    listed = sum(1 for fit in fits if fit.label.listed)
    if len(right) + len(wrong) < LABELLED * len(fits) or not (
        listed >= LISTED * len(fits) or _has_dates(fits) or len(right) >= max(ALL_AGREE * len(fits), MANY)
    ):
        return None
    if not are_articles(fits, body, template):
        return None
    dates = date_places(fits, template)
    prose = prose_paths(fits, body, template, dates.paths)
    known = template_below(fits, prose)
    support = Support(
        len(fits), len(right) + len(wrong), len(right), len(wrong), dates.right, dates.wrong,
        tuple(wrong[:5]), tuple(right[:3]),
    )  # fmt: skip
    return Layout(
        tuple(sorted(_dated_shapes(fits, dates.places))),
        _place(title),
        _place(body),
        tuple(map(_place, dates.places)),
        dates.below,
        dates.only_dates,
        dates.month_first,
        tuple(sorted(known)),
        tuple(sorted(asides(fits, known, prose))),
        tuple(sorted(prose)),
        tuple(sorted(heads(fits, body, prose))),
        tuple(sorted(below_text(fits, body, prose))),
        tuple(sorted(tails(fits, body, template))),
        support,
    )


def _place(key: Key) -> PagePlace:
    kind, path, k, whole = key
    return PagePlace(KINDS[kind], path, k, whole)


def _dated_shapes(fits: Sequence[Fit], dates: Sequence[Key]) -> set[str]:
    """The shapes of the pages; where those of one have a date, with a label, without those that never have one there nor
    in a row, such as pages of members."""
    groups: dict[str, list[list[SketchLine]]] = defaultdict(list)
    in_rows: set[str] = set()
    for fit in fits:
        name = shape(fit.sketch.url)
        groups[name].append([fit.sketch.lines[at[0]] for key in dates if (at := fit.sketch.at(key))])
        if fit.label.days:
            in_rows.add(name)
    for has_it in (_has_label, _has_date):
        counts = {name: sum(any(map(has_it, lines)) for lines in pages) for name, pages in groups.items()}
        if any(count >= max(SHARED, AGREEMENT * len(groups[name])) for name, count in counts.items()):
            return {name for name, count in counts.items() if count or name in in_rows or len(groups[name]) < SHARED}
    return set(groups)


def _has_label(line: SketchLine) -> bool:
    return line.labelled


def _has_date(line: SketchLine) -> bool:
    return line.day is not None or line.doubtful is not None
