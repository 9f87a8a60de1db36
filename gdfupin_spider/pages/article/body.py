"""The bounds of the body: structure first, words second.

The body is in the nearest block around the byline that has prose, a picture or a file after it (`content_block`).
Inside that block, template is cut from the end inwards: buttons, links to neighbouring articles, related links, names
of editors. A line with prose behind it is never cut.
"""

from dataclasses import dataclass

from ...messages.record_words import word
from ...messages.text import N_
from ..dom.document import Block, Document, Line
from ..dom.tables import is_data_row
from ..rule import LimitRule, Rule
from ..text import dates
from ..words import Words
from .abstract import without_abstract
from .content_block import container_of, find_content_block, is_beside, is_nested_alike
from .line_class import BLANK, COMMA, FILES, LINK, NOISE, PICTURE, PLAIN, LineClasses, end_mark

_MOST_LINKS = LimitRule(
    "article-of-links",
    "An article may consist of links, for example of attachments on other pages. More than this number are a list.",
    6,
    0,
    pages="gdfupin/article-that-is-one-link",
)

_BLOCK_ENDS = N_("the block ends")  # made once: most pages say so


@dataclass(frozen=True, slots=True)
class Body:
    """The lines of a body."""

    lines: tuple[Line, ...]
    end: int
    """Index of the first line after the body."""
    why: str
    """Reason why it ends there."""


def find_body(doc: Document, after: int, block: Block, words: Words, before: int | None = None) -> Body:
    """The body from line `after` on, and before line `before` if that is given. `block` is the block of the byline or
    title."""
    classes = LineClasses(doc.lines, after, words)
    if before is not None:
        return Body(
            tuple(doc.lines[index] for index in range(after, before) if classes.of(index) not in (NOISE, BLANK, LINK)),
            before,
            N_("the info line stands below"),
        )
    content = find_content_block(classes, block)
    if content is not None and not is_beside(classes, content, block):
        return _trimmed(classes, content)
    if links := _only_links(classes):
        return Body(links, links[-1].index + 1, N_("nothing but links behind the info line"))
    return Body((), after, N_("nothing between the info line and the end of the article"))


def _only_links(classes: LineClasses) -> tuple[Line, ...]:
    """The body of an article that is only links: the paragraphs of links directly behind the info line, in one block.

    Empty for a list of links, whose items have dates, are in a list, or are short.
    """
    found: list[Line] = []
    for line in classes.lines[classes.after : classes.after + _MOST_LINKS.value + 20]:
        kind = classes.of(line.index)
        if kind == BLANK or (kind == NOISE and not found and not line.text.strip("[]【】| ")):
            continue
        if kind != LINK or not line.text:
            break
        if found and container_of(classes, line) is not container_of(classes, found[0]):
            break
        found.append(line)
    listed = any(
        line.size < 6 or line.block.inside("li") or dates.find_date(line.text) or line.text in classes.words.sections
        for line in found
    )
    return () if listed or len(found) > _MOST_LINKS.value else tuple(found)


# --- bounds ----------------------------------------------------------------------------------------------------------


def _trimmed(classes: LineClasses, content: Block) -> Body:
    """The lines of the content block without template at its ends and lists of links inside."""
    lines = classes.lines
    start, stop = max(content.start, classes.after), content.end
    containers = {
        index: id(container_of(classes, lines[index])) for index in range(start, stop) if classes.is_sentence(index)
    }
    level = set(containers.values())
    shapes = {_tag_path(lines[index].block, content) for index in range(start, stop) if classes.of(index) == PLAIN}
    begin = next(
        (
            index
            for index in range(start, stop)
            if classes.of(index) in (PLAIN, PICTURE, FILES)
            or (classes.of(index) == LINK and _tag_path(lines[index].block, content) in shapes)
        ),
        stop,
    )
    why, end = _BLOCK_ENDS, stop
    last = {place: index for index, place in containers.items()}
    final = max(containers, default=-1)
    reach = -1  # last sentence of the containers seen so far
    for index in range(begin, stop):
        if index in containers:
            reach = max(reach, last[containers[index]])
        if classes.of(index) != NOISE:
            continue
        if index < (reach if reach >= 0 else final):
            continue  # prose follows: these are template words inside the text, or buttons above it
        mark = end_mark(lines[index], classes.words) or "template"
        end, why = index, N_("{mark}: {line}", mark=word(mark), line=lines[index].text[:24])
        break
    while end > begin and _is_closing(classes, end - 1, content, shapes):
        end -= 1
    prose_shapes = {_tag_path(lines[index].block, content) for index in containers}
    while (
        end > begin + 1
        and _tag_path(lines[end - 1].block, content) not in prose_shapes
        and _heads_links(classes, end - 1)
    ):
        end -= 1
    kept = [*_lines_before(classes, begin, content), *_body_lines(classes, begin, end, content, level, shapes)]
    kept += _lines_after(classes, end, content) if end == stop else []
    return Body(without_abstract(kept), kept[-1].index + 1 if kept else end, why)


def _tag_path(block: Block, content: Block) -> tuple[str, ...]:
    """The tags between a block and the content block; the paragraphs of one body have equal tags."""
    tags = []
    part: Block | None = block
    while part is not None and part is not content:
        tags.append(part.tag)
        part = part.parent
    return tuple(tags)


_BODY_BEGINS_OUTSIDE = Rule(
    "body-begins-outside",
    "The first picture or paragraph may be in a box of its own, above the block that has the other paragraphs.",
    pages="gdfupin/body-first-picture-in-a-box-above",
)


def _lines_before(classes: LineClasses, begin: int, content: Block) -> list[Line]:
    """Lines of the body before the content block: pictures, text with the same nesting, and text of the same box
    where the box begins behind the info line."""
    if not _BODY_BEGINS_OUTSIDE.on:
        return []
    found: list[Line] = []
    box = content
    while box.parent is not None and box.parent.start >= classes.after:
        box = box.parent
    for index in range(begin - 1, classes.after - 1, -1):
        line, kind = classes.lines[index], classes.of(index)
        if (kind == PICTURE and not line.anchors) or (
            kind == PLAIN and (box.start <= index or is_nested_alike(line.block, content))
        ):
            found.insert(0, line)
        elif kind != BLANK:
            break
    return found


_HEADING_OF_LINKS = Rule(
    "heading-of-links",
    "A short line above a list of links is its heading, not the last line of the text: `看过本文的人还看了`.",
    pages="gdfupin/end-heading-of-links-nobody-knows",
)


def _heads_links(classes: LineClasses, index: int) -> bool:
    """True if a short line is a heading of links (`看过本文的人还看了`) and not a caption or signature."""
    if not _HEADING_OF_LINKS.on:
        return False
    line = classes.lines[index]
    row = line.block.inside("tr")
    if (
        classes.of(index) != PLAIN
        or line.size > 20
        or (row is not None and is_data_row(row))
        or line.text.startswith("附")
        or COMMA.search(line.text)
        or line.text[-1:].isdigit()
        or line.text[-1:] == "日"
        or classes.of(index - 1) == PICTURE
    ):
        return False
    following = [
        classes.of(other)
        for other in range(index + 1, min(index + 4, len(classes.lines)))
        if classes.of(other) != BLANK
    ]
    return len(following) >= 2 and all(kind == LINK for kind in following)


def _is_closing(classes: LineClasses, index: int, content: Block, shapes: set[tuple[str, ...]]) -> bool:
    kind = classes.of(index)
    if kind in (NOISE, BLANK):
        return True
    line = classes.lines[index]
    return kind == LINK and _tag_path(line.block, content) not in shapes


def _body_lines(
    classes: LineClasses, start: int, end: int, content: Block, level: set[int], shapes: set[tuple[str, ...]]
) -> list[Line]:
    """The lines of the body, without noise above the first text and without lists of links in blocks of their own."""
    kept: list[Line] = []
    run: list[Line] = []
    begun = False
    for index in range(start, end):
        line, kind = classes.lines[index], classes.of(index)
        if kind == NOISE and (
            (id(container_of(classes, line)) not in level and _tag_path(line.block, content) not in shapes) or not begun
        ):
            continue
        if kind == LINK and _tag_path(line.block, content) not in shapes:
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


_BODY_ENDS_OUTSIDE = Rule(
    "body-ends-outside",
    "Attachments, pictures and last paragraphs may be in boxes of their own, below the block of the text.",
    pages="gdfupin/attachments-in-a-block-below-the-body gdfupin/gallery-each-picture-in-a-table-with-its-caption",
)


def _lines_after(classes: LineClasses, end: int, content: Block) -> list[Line]:
    """Lines directly after the content block that belong to the body: text with the same nesting, and files in blocks
    of their own."""
    if not _BODY_ENDS_OUTSIDE.on:
        return []
    found: list[Line] = []
    for index in range(end, len(classes.lines)):
        line, kind = classes.lines[index], classes.of(index)
        if (
            kind == FILES
            or (kind in (PLAIN, PICTURE) and is_nested_alike(line.block, content))
            or (kind == PLAIN and line.size < 12 and line.text.startswith("附"))
        ):
            found.append(line)
        elif kind != BLANK:
            break
    return found
