"""The landmarks that were found on a page, and the labels that are unknown."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..messages.record_words import word
from ..messages.text import N_, enumeration
from ..pages import Page
from ..pages.article import labels
from ..pages.article.headings import normalized
from ..pages.dom.document import Line
from ..pages.text import dates
from ..pages.words import Words, words_of

_PAIR = re.compile(
    r"(?:(?<=[\s|｜【\[(（;；])|^)"
    r"(?P<label>[A-Za-z][A-Za-z ]{1,15}?|[\u4e00-\u9fff](?:\s?[\u4e00-\u9fff]){1,7})\s*[:：]\s*"
    r"(?P<value>.*?)"
    r"(?=\s*(?:[|｜】\])）;；]|$|\s(?:[A-Za-z][A-Za-z ]{1,15}|[\u4e00-\u9fff](?:\s?[\u4e00-\u9fff]){1,7})\s*[:：]))"
)
_NO_LABEL = re.compile(
    r"今天|现在|当前|北京时间|欢迎|您是|版权|地址|电话|邮编|传真|邮箱|热线|主办|主管|承办|技术|备案|Copyright|Tel|Fax|E?-?mail",
    re.I,
)
LONGEST = 240
"""Maximum length of a line that may be a byline."""


@dataclass(frozen=True, slots=True)
class Landmark:
    """A landmark (a word of the profile or of the reader) that was found on the page, or is missing."""

    name: str
    """`identity`, `breadcrumb`, `title`, `info`, `date`, `source`, `author`, `body`, `end`, `size`, `override`."""
    line: int | None
    """Index of the line; None if it was not found."""
    matched: str
    """The matching text; empty if it was not found."""
    how: str
    """The reason for this match, in a few words."""


@dataclass(frozen=True, slots=True)
class UnclaimedPair:
    """A label with its value that neither profile nor reader knows."""

    label: str
    value: str
    line: int
    is_date: bool
    """True if the value is a date."""


def landmarks(page: Page) -> tuple[Landmark, ...]:
    """All landmarks, in reading order."""
    return tuple(_landmarks(page, words_of(page.profile)))


def _landmarks(page: Page, words: Words) -> Iterator[Landmark]:
    yield from _identity(page, words)
    structure = page.structure
    if structure is None:
        return
    if structure.overridden or structure.unfound:
        yield from (
            Landmark("override", None, name, N_("found by the profile's override")) for name in structure.overridden
        )
        yield from (
            Landmark("override", None, "", N_("{name}: its override finds nothing", name=word(name)))
            for name in structure.unfound
        )
    if (crumb := structure.breadcrumb) is None:
        yield Landmark("breadcrumb", None, "", N_("no line begins with one of the profile's words"))
    else:
        text = " ".join(page.lines[index].text for index in range(crumb.first, crumb.last + 1))
        known = words.breadcrumb.match(text)
        label = (
            N_("by the word {text!r}", text=known[0].strip())
            if known
            else N_("by its links and separators, without label")
        )
        how = N_("{label}; steps {steps}", label=label, steps=" | ".join(crumb.steps) or word("none"))
        yield Landmark("breadcrumb", crumb.first, text, how)
    if page.kind == "listing":
        size = N_(
            "page {number} of {pages}, {total} articles",
            number=page.page_number or "?",
            pages=page.printed_pages or "?",
            total=page.printed_total or "?",
        )
        printed = page.printed_total or page.printed_pages
        how = N_("as printed") if printed else N_("the listing prints no size")
        yield Landmark("size", None, size if printed else "", how)
        return
    yield _title(page)
    yield from _info(page)
    body = structure.body
    if body.lines:
        characters = sum(line.size for line in body.lines)
        size = N_("{lines:d} lines, {characters:d} characters", lines=len(body.lines), characters=characters)
        yield Landmark("body", body.lines[0].index, body.lines[0].text[:60], size)
        behind = page.lines[body.end].text if body.end < len(page.lines) else ""
        yield Landmark("end", body.end if behind else None, behind[:60], N_("the body ends here: {why}", why=body.why))
    else:
        yield Landmark("body", None, "", body.why)


def _identity(page: Page, words: Words) -> Iterator[Landmark]:
    if words.identity is None:
        yield Landmark("identity", None, "", N_("the profile has no identity words, so no page is foreign"))
        return
    found = False
    for name in page.profile.identity:
        line = next((line for line in page.lines if name.lower() in line.text.lower()), None)
        if line is not None:
            found = True
            yield Landmark("identity", line.index, name, N_("in {line!r}", line=line.text[:60]))
    if not found:
        yield Landmark("identity", None, "", N_("none of {words}", words=enumeration(page.profile.identity)))


def _title(page: Page) -> Landmark:
    structure = page.structure
    assert structure is not None
    if structure.title is None:
        return Landmark("title", None, "", N_("no line above the byline can be the title"))
    first = page.lines[structure.title_lines[0]] if structure.title_lines else None
    if "title" in structure.overridden or first is None:
        how = N_("by the profile's override")
    elif (text := normalized(first.text)) and text in normalized(page.doc.title):
        how = N_("equal to <title>")
    elif first.block.tag in ("h1", "h2", "h3"):
        how = N_("an element <{tag}>; <title> is {title!r}", tag=first.block.tag, title=page.doc.title[:40])
    elif structure.byline is not None:
        how = N_("the line next to the byline; <title> is {title!r}", title=page.doc.title[:40])
    else:
        how = N_("the first line after the breadcrumb")
    return Landmark("title", first.index if first else None, structure.title, how)


def _info(page: Page) -> Iterator[Landmark]:
    structure = page.structure
    assert structure is not None
    byline = structure.byline
    if byline is None:
        yield Landmark("info", None, "", N_("no line has a known label or a bare date near a title"))
    else:
        yield Landmark("info", byline.first, byline.text, N_("score {score:.1f}", score=byline.score))
        for field, label, value in byline.pairs:
            name = "label" if field == "other" else field
            how = (
                N_("a known label without a field in the record")
                if field == "other"
                else N_("a label of the profile for {field}", field=word(field))
            )
            yield Landmark(name, byline.first, f"{label.strip()}: {value}", how)
        if byline.bare_date is not None and not byline.has_label("date"):
            yield Landmark(
                "date",
                byline.first,
                byline.text[byline.bare_date.start : byline.bare_date.end],
                N_("a date without label"),
            )
    if structure.date is not None and structure.date.problem:
        yield Landmark("date", None, "", structure.date.problem)


def unclaimed_pairs(page: Page) -> tuple[UnclaimedPair, ...]:
    """Unknown labels: between title and body of an article, and on lines where a date follows a label."""
    words, structure = words_of(page.profile), page.structure
    if page.kind not in ("article", "unknown"):
        return ()
    inner = structure.body.lines if structure is not None else ()
    if structure is not None and structure.byline is None:
        inner = inner[2:]  # an unknown byline may have been taken for the first line of the body
    body = {line.index for line in inner}
    near: range | tuple[()] = ()
    if structure is not None and structure.title_lines:
        last = max(structure.byline.last if structure.byline else 0, structure.title_lines[-1])
        near = range(structure.title_lines[0] + 1, max(last + 1, min(body) if body else last + 4))
    found: list[UnclaimedPair] = []
    for line in page.lines:
        inside = line.index in near
        if 4 <= line.size <= LONGEST and (inside or line.index not in body) and line.linked < 0.5 * line.size:
            unknown = list(pairs(line, words))
            found += unknown if inside or any(pair.is_date for pair in unknown) else []
    return tuple(dict.fromkeys(found))


def is_label(text: str, words: Words) -> bool:
    """True if profile or reader know a label, whatever its field."""
    byline = labels.read_labels(f"{text}:1", words)
    return (byline is not None and bool(byline.pairs)) or words.editor.match(f"{text}:") is not None


def pairs(line: Line, words: Words) -> Iterator[UnclaimedPair]:
    """The unknown labels of a line with their values.

    A label is recognised by its position: at the beginning of the line, or after a space, bar or bracket.
    """
    for match in _PAIR.finditer(line.text):
        label, value = match["label"].strip(), match["value"].strip()
        if is_label(label, words) or words.breadcrumb.match(f"{label}:") or _NO_LABEL.search(label):
            continue
        if not value and len(label) > 6:
            continue
        date = dates.find_date(value)
        yield UnclaimedPair(label, value[:60], line.index, date is not None and date.start <= 3)
