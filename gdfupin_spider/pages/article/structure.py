"""From lines to an article: breadcrumb, title, info line, body, in this order down the page."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..dom.document import Document, Line
from ..text import dates
from ..text.dates import PrintedDate
from ..words import Words
from . import body as bodies
from . import breadcrumb as breadcrumbs
from . import byline as infos
from . import headings, labels, line_class, metadata_table
from .body import Body
from .breadcrumb import Breadcrumb
from .labels import Info

Best = tuple[float, Info, tuple[int, ...], Breadcrumb | None]
"""An info line with its score, the lines of its title and the breadcrumb above it."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the parts of an article stand on its page, and what they say."""

    breadcrumb: Breadcrumb | None
    title: str | None
    title_lines: tuple[int, ...]
    info: Info | None
    date: PrintedDate | None
    source: str | None
    author: str | None
    body: Body
    sure: float
    """How surely this is an article's page: the info line's score and what stands around it."""
    heading: str | None = None
    """The first line of the title."""

    @property
    def section(self) -> str | None:
        """Where the breadcrumb places the article."""
        return self.breadcrumb.section(self.title, self.heading) if self.breadcrumb else None

    overridden: frozenset[str] = frozenset()
    """Fields that stand where the profile's overrides say."""
    unfound: tuple[str, ...] = ()
    """Fields whose override found nothing."""


def read(doc: Document, words: Words) -> Layout:
    """The layout of a page that is taken for an article's."""
    lines = doc.lines
    crumbs = breadcrumbs.find(lines, words)
    evidence = headings.norm(doc.title)
    titles = {line.index for line in lines if ":" in line.text or "：" in line.text if headings.agrees(line, evidence)}
    groups = infos.find(lines, words, titles)
    footer = line_class.footer_start(lines, 0, words)
    card = metadata_table.find(lines[:footer], words)
    within = range(card.first, card.last + 1) if card is not None else range(0)
    groups = [group for group in groups if group.first < footer and group.first not in within]
    best = _best(lines, groups, crumbs, evidence, words)
    if best is not None and (_recurs(lines, best[1], groups) or not _stands_alone(lines, best, evidence)):
        groups = _without_rows(lines, groups)
        best = _best(lines, groups, crumbs, evidence, words)
    if best is not None and not best[2]:
        # A title that looks like a label, and nothing above it: without it, the rest is still an info line.
        others = infos.find(lines, words, {*titles, best[1].first})
        better = _best(lines, others, crumbs, evidence, words)
        if better is not None and better[2] == (best[1].first,):
            best, groups = better, others
    if card is not None and (best is None or not best[2] or not (best[1].says("date") or best[1].says("source"))):
        best = _headed(lines, card, _crumb_before(crumbs, card.first), evidence, words)
    elif card is not None:  # for what the info line does not say; who published is not asked then
        groups = [*groups, replace(card, claims=[claim for claim in card.claims if claim[0] != "source"])]
    if best is not None and best[0] >= 3:
        score, info, title_lines, crumb = best
        after, block = info.last + 1, lines[info.last].block
        if title_lines and title_lines[-1] > info.last:
            after, block = title_lines[-1] + 1, lines[title_lines[-1]].block
    else:
        score, info, crumb = 0.0, None, crumbs[0] if crumbs else None
        title_lines = headings.alone(lines[:footer], crumb, evidence, words)
        if title_lines and (info := _date_beside_title(lines[title_lines[-1]], evidence)) is not None:
            score = info.score + 1.5
        if not title_lines:
            return Layout(crumb, None, (), None, None, None, None, Body((), 0, "no title"), 0.0)
        after, block = title_lines[-1] + 1, lines[title_lines[-1]].block
    body = bodies.find(doc, after, block, words)
    if info is not None and title_lines and info.first - title_lines[-1] >= 2:
        body = _body_between(doc, title_lines[-1], info, words, body) or body
    title = " ".join(lines[index].text for index in title_lines) or None
    if info is not None and title_lines and info.first == title_lines[-1] and info.named:
        title = " ".join([*(lines[index].text for index in title_lines[:-1]), info.named])
    date = info.date() if info else None
    source = (info.value("source") or info.named_source()) if info else None
    author = info.value("author") if info else None
    others = [group for group in groups if info is None or group.first != info.first]
    for group in others:
        if group.first < (body.lines[0].index if body.lines else after) - 12 or group.first > body.end + 6:
            continue
        outside = group.first >= body.end or group.first < after
        if (
            not outside
            and body.lines
            and group.first == body.lines[-1].index
            and group.says("date")
            and date is None
            and group.last == group.first
        ):
            outside = True  # the last line of the text, and the only date there is
        if outside and (date is None) and group.says("date") and group.date():
            date = group.date()
        if outside and source is None and not (info and info.says("source")) and group.says("source"):
            source = group.value("source")
    if title_lines and (info is None or info.first != title_lines[-1]):
        beside = _date_beside_title(lines[title_lines[-1]], evidence)
        if beside is not None and beside.bare is not None and (date is None or date.day == beside.bare.day):
            title = " ".join([*(lines[index].text for index in title_lines[:-1]), beside.named])
            date = date or beside.bare
    return Layout(
        crumb,
        title,
        title_lines,
        info,
        date,
        source,
        author,
        body,
        score,
        lines[title_lines[0]].text if title_lines else None,
    )


def _headed(lines: Sequence[Line], card: Info, crumb: Breadcrumb | None, evidence: str, words: Words) -> Best:
    """The head of a document as info line: its title stands below it once more, or in it, or above."""
    for line in lines[card.last + 1 : card.last + 4]:
        if line.text and not line.linked and not words.is_buttons(line):
            if (
                headings.norm(card.named).startswith(headings.norm(line.text)[:12])
                or line.block.tag in headings.HEADINGS
                or headings.agrees(line, evidence)
            ):
                found = headings.whole(lines, line.index, line.index + 1, line.index, words)
                return card.score + 3, card, found, crumb
            break
    if card.title >= 0:
        return card.score + 3, card, (card.title,), crumb
    found, bonus = headings.find(lines, card.first, card.last, crumb, evidence, words)
    return card.score + bonus, card, found, crumb


def _stands_alone(lines: Sequence[Line], best: Best, evidence: str) -> bool:
    """Whether an info line has a title that is no link, right under the breadcrumb or said by `<title>` too."""
    _, info, title_lines, crumb = best
    if (
        not title_lines
        or lines[title_lines[0]].linked
        or any(line.linked for line in lines[info.first : info.last + 1])
    ):
        return False
    return headings.agrees(lines[title_lines[0]], evidence) or (crumb is not None and title_lines[0] - crumb.last <= 4)


def _without_rows(lines: Sequence[Line], groups: Sequence[Info]) -> list[Info]:
    """The info lines without those that stand there three times or more, alike in labels and tags: rows, or messages."""

    shapes = Counter(_make(lines, group) for group in groups if group.claims or group.unclaimed)
    return [group for group in groups if shapes[_make(lines, group)] < 3 and not _is_row(lines, group)]


def _make(lines: Sequence[Line], group: Info) -> tuple[str, ...]:
    """Labels and tags of an info line; where no label is known, what stands beside the date (留言时间)."""
    tags = [block.tag for block in lines[group.first].block.ancestors()]
    return (*([label for _, label, _ in group.claims] or [group.unclaimed]), *tags)


def _recurs(lines: Sequence[Line], info: Info, groups: Sequence[Info]) -> bool:
    """Whether three blocks side by side have such an info line each: the messages of a board."""
    if len(groups) < 3 or not (info.claims or info.unclaimed):
        return False
    make = _make(lines, info)
    alike = [tuple(lines[group.first].block.ancestors()) for group in groups if _make(lines, group) == make]
    if len(alike) < 3:
        return False
    own = tuple(lines[info.first].block.ancestors())
    return any(
        len({id(other[level]) for other in alike if other[level + 1] is own[level + 1]}) >= 3
        for level in range(len(own) - 1)
    )


def _is_row(lines: Sequence[Line], group: Info) -> bool:
    """Whether an info line holds a link and a date as two more lines of the same make do: the row of a list."""
    line = lines[group.first]
    if not line.anchors or group.first != group.last:
        return False

    def tags(other: Line) -> list[str]:
        return [block.tag for block in other.block.ancestors()]

    own = tags(line)
    alike = (other for other in lines if other.anchors and other.block.tag == own[0] and dates.find(other.text))
    return sum(1 for other in alike if tags(other) == own) >= 3


def _best(
    lines: Sequence[Line], groups: Sequence[Info], crumbs: Sequence[Breadcrumb], evidence: str, words: Words
) -> Best | None:
    """The likeliest info line with its score, its title's lines and the breadcrumb above it."""
    best: Best | None = None
    for candidate in groups:
        crumb = _crumb_before(crumbs, candidate.first)
        group = candidate if candidate.named else _without_title(lines[candidate.first], candidate, crumb, words)
        title_lines, bonus = (
            ((group.first,), 4.0)
            if group.named
            else headings.find(lines, group.first, group.last, crumb, evidence, words)
        )
        score = group.score + bonus + (1.0 if crumb else 0.0) - (2.0 if not title_lines else 0.0)
        # The first info line under a title wins; a later look-alike is a line of the text.
        settled = (
            best is not None
            and best[2]
            and (best[1].date() is not None or best[1].value("source") is not None)
            and 0 <= best[1].first - best[2][-1] <= 4
            and (best[3] is not None or crumb is None)  # above the breadcrumb stand a sidebar's messages
        )
        if settled and best is not None and title_lines == best[2]:
            continue  # farther below the same title: a signature, or whom the text was taken from
        if best is None or score > best[0] + (2.5 if settled else 0):
            best = (score, group, title_lines, crumb)
    return best


def _without_title(line: Line, group: Info, crumb: Breadcrumb | None, words: Words) -> Info:
    """The info line without the title that is printed in the same heading element, which then is its `named`.

    The info line itself where there is no such title.
    """
    title = group.unclaimed
    if line.block.tag not in headings.HEADINGS or not group.claims or len(title) < 6 or not line.text.startswith(title):
        return group
    for size in range(words.longest, 1, -1):  # a label glued to the title is none of its words
        if words.labels.get(title[-size:]) == "date":
            title = title[:-size]
            break
    if title in words.sections or (crumb is not None and title in crumb.steps):
        return group
    return replace(group, named=title, unclaimed="", text=group.text.removeprefix(title).strip())


def _date_beside_title(line: Line, evidence: str) -> Info | None:
    """A date at the end or the beginning of a title, it or the title in an element of its own, that `<title>` does not
    say."""
    said = dates.find(line.text) if line.size <= 120 and line.block.element is not None else None
    if said is None or said.day is None or line.block.element is None:
        return None
    before, after = line.text[: said.start].rstrip(" [【(（"), line.text[said.end :].lstrip(" ]】)）")
    title, printed = before or after, line.text[said.start : said.end]
    alone = any(
        "".join(map(str, part.itertext())).strip(" \xa0[]【】()（）\r\n\t") in (printed, title)
        for part in line.block.element.iter("span", "small", "font", "em", "i", "b", "time")
    )
    if (before and after) or len(title) < 4 or not alone or headings.norm(printed) in evidence:
        return None
    info = Info(line.index, line.index, printed, bare=dates.find(printed), named=title)
    info.score = labels.score_of(info)
    return info


def _body_between(doc: Document, title_end: int, info: Info, words: Words, behind: Body) -> Body | None:
    """The body where the info line stands below it: prose between title and info line, or all there is."""
    body = bodies.find(doc, title_end + 1, doc.lines[title_end].block, words, before=info.first)
    if any(line_class.is_prose(line) for line in body.lines) and sum(line.size for line in body.lines) >= 60:
        return body
    says_more = any(line.text for line in body.lines) and len(body.lines) >= len(behind.lines)
    return (
        body
        if says_more and not any(line_class.is_prose(line) or line_class.shows_something(line) for line in behind.lines)
        else None
    )


def _crumb_before(crumbs: Sequence[Breadcrumb], index: int) -> Breadcrumb | None:
    """The breadcrumb nearest above a line."""
    return next((crumb for crumb in reversed(crumbs) if crumb.last < index), None)
