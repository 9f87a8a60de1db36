"""Where the body begins and ends: structure first, words second.

The body stands behind the info line, in the nearest block around it that holds prose, a picture or a file. That block is
grown outwards only for a neighbour that clearly carries more of the article. Inside it, lines of buttons, links to the
next article, related links and editors' names are cut from the end inwards, never a line with prose behind it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .lines import Block, Document, Line
from .words import Words

FILE = re.compile(r"\.(?:docx?|xlsx?|pptx?|pdf|rar|zip|7z|wps|et|dps|txt|rtf|csv|ofd|ceb|mp3|mp4|avi|wmv|flv|swf|tif|tiff)(?:[?#]|$)", re.I)
"""Addresses of files, as opposed to pages."""
_SENTENCE = re.compile(r"[。！？；，、：]|[,;:!?]")
_FULL_STOP = re.compile(r"[。！？]")


@dataclass(frozen=True, slots=True)
class Body:
    """The lines of the body."""

    lines: tuple[Line, ...]
    end: int
    """The first line that is template again."""
    why: str
    """What ended it."""


def find(doc: Document, after: int, block: Block, words: Words) -> Body:
    """The body behind line `after` - 1, which stands in `block` (an info line or a title)."""
    lines = doc.lines
    weights = [0] * len(lines)
    for line in lines[after:]:
        weights[line.index] = _weight(line, words)
    sums = [0]
    for weight in weights:
        sums.append(sums[-1] + weight)
    region = _grow(lines, sums, _first_region(lines, sums, block, after, words), after, words)
    if region is None:
        return Body((), after, "nothing behind the info line")
    return _trim(lines, sums, after, region.end, words)


def _weight(line: Line, words: Words) -> int:
    """Characters of the line that count as article text."""
    if line.size == 0:
        return 0
    if line.linked > 0.6 * line.size:
        return 0
    if words.is_buttons(line):
        return 0
    if words.after.match(line.text) and (line.linked or line.size < 40):
        return 0
    if words.own_end is not None and words.own_end.match(line.text) and line.size < 60:
        return 0
    if words.footer.search(line.text) and line.size < 200:
        return 0
    if line.size < 40 and (words.editor.match(line.text) or words.related.match(line.text)):
        return 0
    return line.size - line.linked


def is_file(href: str | None) -> bool:
    """Whether an address names a file."""
    return bool(href and FILE.search(href.strip()))


def _has_content(lines: Sequence[Line], start: int, end: int) -> bool:
    """Whether a picture or a file stands between two lines."""
    return any(is_file(anchor.attrs.get("href")) for line in lines[start:end] for anchor in line.anchors) or any(not is_ornament(image) for line in lines[start:end] for image in line.images if not line.anchors)


_ICON = re.compile(r"(?:^|[/_\-.])(?:icon|ico|logo|banner|btn|button|bg|spacer|blank|dot|line|arrow|share|print|close|top|bottom|left|right|nav|menu|index|ewm|qrcode|space|pixel|loading|grey|counter)(?:[/_\-.\d]|$)", re.I)


def is_ornament(attrs: dict[str, str]) -> bool:
    """Whether a picture is part of the page's dress: small by its own word, or named like a button."""
    for name in ("width", "height"):
        if (size := re.match(r"\s*(\d+)(?!\s*%)", attrs.get(name, ""))) and int(size[1]) < 60:
            return True
    return bool(_ICON.search(attrs.get("src", "")))


def _first_region(lines: Sequence[Line], sums: Sequence[int], block: Block, after: int, words: Words) -> Block | None:
    pictured: Block | None = None
    for region in block.ancestors():
        if region.end <= after:
            continue
        if sums[region.end] - sums[after] > 0:
            mass = sums[region.end] - sums[after]
            # Pictures or files alone, met further in, are the article unless real prose follows.
            return pictured if pictured is not None and mass < 60 and not _sentences(lines, max(after, pictured.end), region.end, words) else region
        if pictured is None and region.tag != "body" and _has_content(lines, max(after, region.start), region.end):
            pictured = region
    return pictured


def _sentences(lines: Sequence[Line], start: int, end: int, words: Words) -> int:
    """Characters of lines that read as sentences."""
    return sum(line.size - line.linked for line in lines[start:end] if (line.size > 24 and _SENTENCE.search(line.text) or _FULL_STOP.search(line.text)) and _weight(line, words))


def _grow(lines: Sequence[Line], sums: Sequence[int], region: Block | None, after: int, words: Words) -> Block | None:
    if region is None:
        return None
    mass = sums[region.end] - sums[after]
    sentences = _sentences(lines, max(after, region.start), region.end, words)
    for outer in region.ancestors():
        if outer is region:
            continue
        best = 0
        for child in outer.children:
            if child.start >= region.end:
                best = max(best, _sentences(lines, child.start, child.end, words))
        if best > max(40, 1.5 * sentences, 0.5 * mass) or (sentences == 0 and best > 20):
            region, mass = outer, sums[outer.end] - sums[after]
            sentences = _sentences(lines, max(after, outer.start), outer.end, words)
    return region


def _trim(lines: Sequence[Line], sums: Sequence[int], start: int, stop: int, words: Words) -> Body:
    """Cuts what is not the body from both ends of a range, and link lists from its middle."""
    while start < stop and _is_opening(lines[start], words):
        start += 1
    why = "the block ends"
    end = stop
    for index in range(start, stop):
        mark = _end_mark(lines[index], words)
        if mark and _little_follows(lines, index + 1, stop, sums, start, words):
            end, why = index, f"{mark}: {lines[index].text[:24]}"
            break
    while end > start and _is_closing(lines, end - 1, words):
        end -= 1
        if why == "the block ends":
            why = f"closing line: {lines[end].text[:24]}"
    kept = _without_lists(lines, start, end, words)
    return Body(tuple(kept), end, why)


def _is_opening(line: Line, words: Words) -> bool:
    """A line between info line and body that is neither."""
    if not line.text:
        return all(is_ornament(image) for image in line.images)
    return line.size <= 60 and bool(words.is_buttons(line) or words.editor.match(line.text) and line.size < 40)


def _end_mark(line: Line, words: Words) -> str:
    text = line.text
    if not text:
        return ""
    if words.own_end is not None and words.own_end.match(text) and line.size < 60:
        return "end word"
    if (match := words.after.match(text)) and (line.linked or match["rest"] in (":", "：") and line.size < 80 or line.size < 8):
        return "neighbours"
    if line.size <= 40 and (match := words.related.match(text)) and (len(match["rest"].strip(" :：>》»…·|[]【】更多MOREmore")) <= 3 or line.linked > 0.7 * line.size):
        return "related"
    if line.size <= 60 and re.search("打印|关闭|分享|收藏|顶部|返回", text) and words.tool.fullmatch(text):
        return "buttons"
    return ""


def _little_follows(lines: Sequence[Line], start: int, stop: int, sums: Sequence[int], first: int, words: Words) -> bool:
    """Whether what follows a mark is less prose than what stands before it."""
    following = _sentences(lines, start, stop, words)
    return following <= max(0.35 * _sentences(lines, first, start - 1, words), 0)


def _is_closing(lines: Sequence[Line], index: int, words: Words) -> bool:
    line = lines[index]
    if not line.text:
        return all(is_ornament(image) for image in line.images)
    if any(is_file(anchor.attrs.get("href")) for anchor in line.anchors):
        return False
    if line.size <= 60 and (words.is_buttons(line) or _end_mark(line, words)):
        return True
    if line.size <= 60 and words.editor.match(line.text.lstrip("([（【 ")):
        return True
    return words.footer.search(line.text) is not None and line.size < 120 and not _FULL_STOP.search(line.text)


def _without_lists(lines: Sequence[Line], start: int, end: int, words: Words) -> list[Line]:
    """The lines without runs of three or more that are links and nothing else, files aside."""
    kept: list[Line] = []
    run: list[Line] = []
    for line in lines[start:end]:
        if line.size and line.linked >= 0.85 * line.size and not any(is_file(anchor.attrs.get("href")) for anchor in line.anchors):
            run.append(line)
            continue
        if len(run) < 3:
            kept += run
        run = []
        kept.append(line)
    return kept + (run if len(run) < 3 else [])


def paragraphs(body: Sequence[Line]) -> list[str]:
    """The body's text, one paragraph each; the cells of a table's row in one line, divided by tabs."""
    out: list[str] = []
    done: set[int] = set()
    rows: dict[int, bool] = {}
    for line in body:
        row = line.block.inside("tr")
        if row is not None and (id(row) in done):
            continue
        if row is not None and rows.setdefault(id(row), is_data_row(row, body)):
            done.add(id(row))
            inside = {other.index for other in body}
            cells = []
            for cell in row.children:
                cells.append(" ".join(_text_of(cell, body, inside)))
            if any(cells):
                out.append("\t".join(cells))
            continue
        if line.text:
            out.append(line.text)
    return out


def _text_of(cell: Block, body: Sequence[Line], inside: set[int]) -> list[str]:
    return [line.text for line in body if cell.start <= line.index < cell.end and line.text]


def is_data_row(row: Block, body: Sequence[Line]) -> bool:
    """Whether a row holds data in cells of its own, and is not there for the layout."""
    cells = [child for child in row.children if child.tag in ("td", "th")]
    if len(cells) < 2 or not body or row.start < body[0].index or row.end > body[-1].index + 1:
        return False
    return all(cell.end - cell.start <= 6 and not any(child.tag == "table" for child in cell.children) for cell in cells)
