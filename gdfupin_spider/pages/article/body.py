"""Where the body begins and ends: structure first, words second.

The body stands behind the info line, in the nearest block around it that holds prose, a picture or a file. That block is
grown outwards only for a neighbour that clearly carries more of the article. Inside it, lines of buttons, links to the
next article, related links and editors' names are cut from the end inwards, never a line with prose behind it.
"""

import re
from dataclasses import dataclass

from ..dom.document import Block, Document, Line
from ..dom.tables import is_data_row
from ..words import Words
from .content_block import container, find_core, same_make
from .line_class import BLANK, COMMA, FILES, LINK, NOISE, PICTURE, PLAIN, Scene, end_mark

_COLOPHON = re.compile(
    r"[\[(（【\s]*(?:本文)?(?:责任编辑|责编|编辑|网络编辑|点击|浏览|阅读|分享|扫一扫|关键|标签|tag|字[体号]|录入|发布时间|发布日期)",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Body:
    """The lines of the body."""

    lines: tuple[Line, ...]
    end: int
    """The first line that is template again."""
    why: str
    """What ended it."""


def find(doc: Document, after: int, block: Block, words: Words, before: int | None = None) -> Body:
    """The body behind line `after` - 1, which stands in `block` (an info line or a title); not beyond line `before`."""
    scene = Scene(doc.lines, after, words)
    if before is not None:
        return Body(
            tuple(doc.lines[index] for index in range(after, before) if scene.kind(index) not in (NOISE, BLANK, LINK)),
            before,
            "the info line stands below",
        )
    core = find_core(scene, block)
    if core is None:
        return Body((), after, "nothing behind the info line")
    return _bounds(scene, core)


# --- what each line is for -------------------------------------------------------------------------------------------


# --- structure -------------------------------------------------------------------------------------------------------


# --- bounds ----------------------------------------------------------------------------------------------------------


def _bounds(scene: Scene, core: Block) -> Body:
    """The lines of the core without the template at its ends and the link lists inside."""
    lines = scene.lines
    start, stop = max(core.start, scene.after), core.end
    containers = {
        index: id(container(lines[index], scene.after)) for index in range(start, stop) if scene.is_sentence(index)
    }
    level = set(containers.values())
    shapes = {_shape(lines[index].block, core) for index in range(start, stop) if scene.kind(index) == PLAIN}
    begin = next(
        (
            index
            for index in range(start, stop)
            if scene.kind(index) in (PLAIN, PICTURE, FILES)
            or _is_opening(lines[index], scene.words)
            or (scene.kind(index) == LINK and _shape(lines[index].block, core) in shapes)
        ),
        stop,
    )
    why, end = "the block ends", stop
    last = {place: index for index, place in containers.items()}
    final = max(containers, default=-1)
    reach = -1  # the last sentence of the containers that were met so far
    for index in range(begin, stop):
        if index in containers:
            reach = max(reach, last[containers[index]])
        if scene.kind(index) != NOISE:
            continue
        if index < (reach if reach >= 0 else final):
            continue  # prose goes on: words of the template inside the text, or buttons above it
        end, why = index, f"{end_mark(lines[index], scene.words) or 'template'}: {lines[index].text[:24]}"
        break
    while end > begin and _is_closing(scene, end - 1, core, shapes):
        end -= 1
    prose_shapes = {_shape(lines[index].block, core) for index in containers}
    while end > begin + 1 and _shape(lines[end - 1].block, core) not in prose_shapes and _heads_links(scene, end - 1):
        end -= 1
    kept = [*_leading(scene, begin, core), *_kept(scene, begin, end, core, level, shapes)]
    kept += _trailing(scene, end, core) if end == stop else []
    return Body(tuple(kept), kept[-1].index + 1 if kept else end, why)


def _shape(block: Block, core: Block) -> tuple[str, ...]:
    """The tags between a block and the core: paragraphs of one body are alike in them."""
    tags = []
    for part in block.ancestors():
        if part is core:
            break
        tags.append(part.tag)
    return tuple(tags)


def _leading(scene: Scene, begin: int, core: Block) -> list[Line]:
    """Lines between the info line and the core that belong to the body: pictures, and text set as the core is set."""
    found: list[Line] = []
    for index in range(begin - 1, scene.after - 1, -1):
        line, kind = scene.lines[index], scene.kind(index)
        if (kind == PICTURE and not line.anchors) or (kind == PLAIN and same_make(line.block, core)):
            found.insert(0, line)
        elif kind != BLANK:
            break
    return found


def _heads_links(scene: Scene, index: int) -> bool:
    """Whether a short line is the heading of nothing but links behind it (`看过本文的人还看了`), and no caption."""
    line = scene.lines[index]
    row = line.block.inside("tr")
    if (
        scene.kind(index) != PLAIN
        or line.size > 20
        or (row is not None and is_data_row(row))
        or line.text.startswith("附")
        or COMMA.search(line.text)
        or line.text[-1:].isdigit()
        or line.text[-1:] == "日"
        or scene.kind(index - 1) == PICTURE
    ):
        return False
    following = [
        scene.kind(other) for other in range(index + 1, min(index + 4, len(scene.lines))) if scene.kind(other) != BLANK
    ]
    return len(following) >= 2 and all(kind == LINK for kind in following)


def _is_closing(scene: Scene, index: int, core: Block, shapes: set[tuple[str, ...]]) -> bool:
    kind = scene.kind(index)
    if kind in (NOISE, BLANK):
        return True
    line = scene.lines[index]
    return kind == LINK and _shape(line.block, core) not in shapes


def _kept(scene: Scene, start: int, end: int, core: Block, level: set[int], shapes: set[tuple[str, ...]]) -> list[Line]:
    """The lines of the body, without noise above the first text and without lists of links in blocks of their own."""
    kept: list[Line] = []
    run: list[Line] = []
    begun = False
    for index in range(start, end):
        line, kind = scene.lines[index], scene.kind(index)
        if kind == NOISE and (
            (id(container(line, scene.after)) not in level and _shape(line.block, core) not in shapes)
            or (not begun and not _is_opening(line, scene.words))
        ):
            continue
        if kind == LINK and _shape(line.block, core) not in shapes:
            run.append(line)
            continue
        if kind == BLANK:
            continue
        begun = begun or kind in (PLAIN, FILES, PICTURE)
        if len(run) < 3 and kept:
            kept += run
        run = []
        kept.append(line)
    return kept


def _is_opening(line: Line, words: Words) -> bool:
    """Whether a line with a label may open a text: 发布人:… of a notice may, 责任编辑:… may not."""
    return words.editor.match(line.text) is not None and _COLOPHON.match(line.text) is None


def _trailing(scene: Scene, end: int, core: Block) -> list[Line]:
    """Text set as the core is set, and files in blocks of their own, directly behind the body."""
    found: list[Line] = []
    for index in range(end, len(scene.lines)):
        line, kind = scene.lines[index], scene.kind(index)
        if (
            kind == FILES
            or (kind in (PLAIN, PICTURE) and same_make(line.block, core))
            or (kind == PLAIN and line.size < 12 and line.text.startswith("附"))
        ):
            found.append(line)
        elif kind != BLANK:
            break
    return found
