"""The block of the body: what differs from page to page is content, what most pages share is template."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence, Set

from ..layouts.page_body import LONGEST_HEAD
from .fit import Fit, of_pages
from .sketch import Key, Sketch, SketchLine

TEMPLATE = 0.5
"""Minimum share of pages that have a line of the template."""
RECURRING = 3
"""Pages from which on a line shows nothing about where the body is: boxes and footers that vary recur on some pages."""
PROSE_TEMPLATE = 0.9
"""Minimum share of pages for template where text usually is: a notice begins with the same salutation as others."""
BESIDE_TEMPLATE = 0.1
"""The same where text hardly ever is: counters and messages of boxes beside the text."""
LONGEST_TAIL = 6
"""Lines at the end of the body's block among which links to neighbours are looked for."""


def template_of(sketches: Sequence[Sketch], share: float = TEMPLATE) -> set[tuple[str, str]]:
    """Keys of the lines that this share of the pages has, and at least three."""
    counts: Counter[tuple[str, str]] = Counter()
    for sketch in sketches:
        counts.update({line.key for line in sketch.lines})
    enough = max(RECURRING, share * len(sketches))
    return {key for key, count in counts.items() if count >= enough}


def is_unique(line: SketchLine, template: set[tuple[str, str]]) -> bool:
    return (line.content or (bool(line.text) and not line.is_link)) and line.key not in template


def weight(line: SketchLine) -> int:
    return max(line.size, 20 if line.content else 0)


def body_place(fits: Sequence[Fit]) -> tuple[Key | None, float]:
    """The block with the best F2 of text that differs from page to page, below the title; and the sum of these F2."""
    scores: dict[Key, float] = defaultdict(float)
    recurring = template_of([fit.sketch for fit in fits], 0)
    for sketch, after in of_pages(fits):
        title = sketch.lines[after - 1].text
        unique, total = [0], [0]  # sums of weights before each line
        for index, line in enumerate(sketch.lines):
            counts = index >= after
            own = counts and is_unique(line, recurring) and line.text != title  # it may be printed once more
            unique.append(unique[-1] + (weight(line) if own else 0))
            total.append(total[-1] + (weight(line) if counts else 0))
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


def are_articles(fits: Sequence[Fit], body: Key, template: set[tuple[str, str]]) -> bool:
    """Whether the pages are articles: most have text of their own in the body, and few are lists of links."""
    own = lists = 0
    for sketch, _ in of_pages(fits):
        lines = sketch.at(body)
        inside = sketch.lines[slice(*lines)] if lines else ()
        text = sum(weight(line) for line in inside if is_unique(line, template))
        links = sum(line.size for line in inside if line.is_link)
        own += text >= 16
        lists += sketch.kind in ("listing", "home") and links > text
    return own >= 0.5 * len(fits) and lists < 0.3 * len(fits)


def template_below(fits: Sequence[Fit], prose: set[str]) -> set[tuple[str, str]]:
    """The template lines below the title. `prose`: paths where text usually is."""
    sketches = [fit.sketch for fit in fits]
    strict, usual = template_of(sketches, PROSE_TEMPLATE), template_of(sketches)
    below = {line.key for sketch, after in of_pages(fits) for line in sketch.lines[after:]}
    return {key for key in below if key in (strict if key[0] in prose else usual)}


def asides(fits: Sequence[Fit], template: set[tuple[str, str]], prose: set[str]) -> set[tuple[str, str]]:
    """Lines without files that some pages have where text hardly ever is, such as messages of boxes: below the text they
    are no text."""
    known = template_of([fit.sketch for fit in fits], BESIDE_TEMPLATE)
    lines = (line for sketch, after in of_pages(fits) for line in sketch.lines[after:] if not line.content)
    return {line.key for line in lines if line.key in known and line.paths[1] not in prose} - template


def prose_paths(fits: Sequence[Fit], body: Key, template: set[tuple[str, str]], dated: Set[str]) -> set[str]:
    """Paths in the body's block on which lines are usually text: no links, and not the same few messages.

    `dated`: paths of the date of publication; they are paths of text only if most of their lines are no dates.
    """
    recurring = template_of([fit.sketch for fit in fits], 0)
    text, unique, links, dates = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    for line in _body_lines(fits, body):
        if line.text and line.key not in template:
            path = line.paths[1]
            (links if line.is_link else text)[path] += 1
            unique[path] += line.key not in recurring
            dates[path] += path in dated and line.day is not None and line.size <= LONGEST_HEAD
    return {
        path
        for path, count in text.items()
        if count >= 5 and count > max(2 * links[path], 3 * dates[path]) and unique[path] >= 0.2 * count
    }


def heads(fits: Sequence[Fit], body: Key, prose: set[str]) -> set[str]:
    """Paths of short lines that are above the text on most pages and never in it, such as a cell with the reporter."""
    above, elsewhere = Counter[str](), Counter[str]()
    for sketch, after in of_pages(fits):
        start, end = sketch.at(body) or (0, 0)
        lines = sketch.lines[max(after, start) : end]
        first = next((n for n, line in enumerate(lines) if line.paths[1] in prose), 0)
        above.update({line.paths[1] for line in lines[:first] if line.text and line.size <= LONGEST_HEAD})
        elsewhere.update(line.paths[1] for line in lines[first:])
    return {path for path, count in above.items() if count >= TEMPLATE * len(fits) and count > 2 * elsewhere[path]}


def below_text(fits: Sequence[Fit], body: Key, prose: set[str]) -> set[str]:
    """Paths of lines that are always below a heading that follows the text, such as comments of readers."""
    headings = template_of([fit.sketch for fit in fits])
    before, after_heading, weights = Counter[str](), Counter[str](), Counter[str]()
    for sketch, after in of_pages(fits):
        start, end = sketch.at(body) or (0, 0)
        begun = ended = False
        for line in sketch.lines[max(after, start) : end]:
            begun = begun or line.paths[1] in prose
            if begun and line.text and line.key in headings and not line.content:
                ended = True
            elif line.text or line.content:
                (after_heading if ended else before)[line.paths[1]] += 1
                weights[line.paths[1]] += weight(line)
    below = {path for path, count in after_heading.items() if count >= 5 and before[path] <= 0.1 * count}
    if sum(weights[path] for path in below) > 0.5 * weights.total():
        return set()  # the heading is above the text
    return below


def tails(fits: Sequence[Fit], body: Key, template: set[tuple[str, str]]) -> set[tuple[str, int]]:
    """Paths of the lines that end the body's block on most pages and are mostly links, such as those to neighbours; and
    how many of them a fifth of the pages or more has."""
    counts: dict[str, Counter[int]] = defaultdict(Counter)
    text, links = Counter[str](), Counter[str]()
    for sketch, after in of_pages(fits):
        start, end = sketch.at(body) or (0, 0)
        here, reach, above = Counter[str](), Counter[str](), Counter[str]()
        ended: set[str] = set()
        for line in reversed(sketch.lines[max(after, start) : end]):
            path = line.paths[1]
            if not line.text or path in ended:
                continue
            here[path] += 1
            linked = line.is_link or line.linked > 0.3 * line.size
            if linked or line.key in template:
                links[path] += line.key not in template
                text[path] += above.pop(path, 0)
                reach[path] = here[path]
            else:
                above[path] += 1  # without a link further up it may be the body's own text
            ended |= here.keys() - {path}  # lines of another path follow it: it is no longer the tail
            if sum(here.values()) > LONGEST_TAIL:
                break
        for path, count in reach.items():
            counts[path][count] += 1
    found = set()
    for path, by_count in counts.items():
        usual = max((count for count, pages in by_count.items() if pages >= 0.2 * len(fits)), default=1)
        if sum(by_count.values()) >= TEMPLATE * len(fits) and links[path] >= max(1, 2 * text[path]):
            found.add((path, usual))
    return found


def _body_lines(fits: Sequence[Fit], body: Key) -> Iterator[SketchLine]:
    """The lines of all pages in the body's block, below the title."""
    for sketch, after in of_pages(fits):
        start, end = sketch.at(body) or (0, 0)
        yield from sketch.lines[max(after, start) : end]
