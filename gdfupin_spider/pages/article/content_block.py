"""The block that contains the body: the container of the first prose, extended only to a block whose other children
continue the article."""

from collections.abc import Iterator

from ..dom.document import Block, Line
from ..dom.tables import is_data_row
from ..rule import LimitRule, Rule, WordRule
from .line_class import BLANK, FILES, LINK, NOISE, PICTURE, PLAIN, LineClasses

_PARAGRAPHS = WordRule(
    "paragraph-elements",
    "These elements hold one paragraph among others, so a body is at least their parent.",
    (
        "p",
        "li",
        "ul",
        "ol",
        "dl",
        "dd",
        "dt",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "blockquote",
        "pre",
        "center",
        "address",
        "figure",
        "figcaption",
        "caption",
        "legend",
    ),
    pages="gdfupin/structure-second-info-line-in-the-body gdfupin/prose-quotes-jiaru-shijian",
)

_LONG = LimitRule(
    "long-text-is-body",
    "A text of this number of characters is an article wherever it is, even in a side column.",
    150,
    10**6,
    pages="gdfupin/above-the-body-neighbours",
)


def find_content_block(classes: LineClasses, block: Block) -> Block | None:
    """The block that contains the body, perhaps with template after it; None if there is no content.

    It starts from the container of the first prose. A body without prose (a picture, a table, a file, a few words) is
    the container of the first content.
    """
    weak: Block | None = None
    for region in block.ancestors():
        if region.end <= classes.after:
            continue
        prose = classes.sentences(region.start, region.end)
        if prose:
            first = next(
                index for index in range(max(region.start, classes.after), region.end) if classes.is_sentence(index)
            )
            if weak is not None and (prose < 150 or _is_interrupted(classes, weak.end, first)):
                return weak
            return _extended(classes, container_of(classes, classes.lines[first]), region)
        if (
            weak is None
            and region.parent is not None
            and region.tag != "body"
            and classes.has_content(region.start, region.end)
        ):
            weak = container_of(classes, classes.lines[classes.first_content(region.start, region.end)])
    return weak or next((region for region in block.ancestors() if classes.has_content(region.start, region.end)), None)


_BLOCK_BESIDE = Rule(
    "block-beside",
    "A block below the end of the article, in a side column or in a footer is not the body of an empty article.",
    pages="gdfupin/empty-article-beside-a-short-note",
)


def is_beside(classes: LineClasses, content: Block, block: Block) -> bool:
    """True if a content block is no part of the article of the byline in `block`: it is below the end of the article, or
    in a side column or footer. A longer text is never beside."""
    if not _BLOCK_BESIDE.on:
        return False
    prose = classes.sentences(content.start, content.end)
    if prose >= _LONG.value:
        return False
    outside = (part for part in content.ancestors() if not part.start < classes.after < part.end)
    around = set(map(id, block.ancestors()))
    for part in outside:
        if id(part) in around:
            break
        if part.tag in ("aside", "footer", "nav"):
            return True
    first = next(
        (
            index
            for index in range(max(content.start, classes.after), content.end)
            if classes.of(index) in (PLAIN, PICTURE, FILES)
        ),
        None,
    )
    return first is not None and classes.ends_above(first, only_neighbours=prose > 0)


def container_of(classes: LineClasses, line: Line) -> Block:
    """The block that contains a paragraph with its siblings.

    Paragraphs, list items, cells of data tables and blocks of one line are passed. A row that begins before the first
    line of `classes` holds the article itself, so it is not data.
    """
    block = line.block
    passed: list[int] = []
    while (parent := block.parent) is not None:
        known = classes.containers.get(block.number)
        if known is not None:
            block = known
            break
        passed.append(block.number)
        row = parent if block.tag in ("td", "th") else None
        if block.tag in _PARAGRAPHS.words or (block.tag in ("div", "section", "span") and block.end - block.start <= 1):
            block = parent
        elif (
            row is not None
            and row.tag == "tr"
            and row.start >= classes.after
            and (is_data_row(row) or _is_above_data(row))
        ):
            table = row
            while table.parent is not None and table.tag != "table":
                table = table.parent
            block = table.parent or table
        else:
            break
    for number in passed:
        classes.containers[number] = block
    return block


_ROW_ABOVE_DATA_TABLE = Rule(
    "row-above-data-table",
    "A row of one cell above rows of data introduces the data table.",
    pages="gdfupin/table-is-all-with-an-introduction-in-its-first-row",
)


def _is_above_data(row: Block) -> bool:
    """True if a row of one cell has two rows of three filled cells without links behind it: it introduces a data table."""
    if not _ROW_ABOVE_DATA_TABLE.on:
        return False
    table = row.parent
    if table is None or len(row.children) != 1:
        return False
    found = 0
    for other in table.children:
        if other.start < row.end or other.tag != "tr":
            continue
        cells = [cell for cell in other.children if cell.end > cell.start]
        found += len(cells) >= 3 and is_data_row(other) and not any(line.anchors for line in other.lines)
        if found == 2:
            return True
    return False


def _extended(classes: LineClasses, content: Block, region: Block) -> Block:
    """The container, or an enclosing block whose other children continue the prose without interruption."""
    best = inner = content
    while inner is not region and inner.parent is not None and inner.depth > region.depth:
        outer = inner.parent
        if inner.tag in ("td", "th") and outer.tag == "tr" and len(outer.children) > 1:
            inner = outer  # another cell is another column, not a continuation of the text
            continue
        following = next(
            (index for index in range(max(inner.end, classes.after), outer.end) if classes.is_sentence(index)), None
        )
        if following is not None and not _is_interrupted(classes, best.end, following, inner, outer):
            best = outer
        inner = outer
    if best is content:
        best = _without_paragraph_box(classes, content)
    # A `<p>` around blocks was never closed: what follows it is its sibling.
    return best.parent if best.tag == "p" and best.parent is not None else best


_BOX_OF_ONE_PARAGRAPH = Rule(
    "box-of-one-paragraph",
    "A first paragraph may be in a box of its own, with pictures, tables and files in the block around it.",
    pages="gdfupin/body-one-sentence-in-a-box-and-a-picture-behind-it gdfupin/body-one-sentence-in-a-box-and-a-table-behind-it",
)


def _without_paragraph_box(classes: LineClasses, content: Block) -> Block:
    """The block around a box of one paragraph where a picture, a data table or a file follows the box; otherwise the
    content itself."""
    if not _BOX_OF_ONE_PARAGRAPH.on:
        return content
    box = content
    while box.parent is not None and (box.parent.start, box.parent.end) == (box.start, box.end):
        box = box.parent
    outer = box.parent
    if outer is None or len([line for line in box.lines if line.text]) > 1 or box.tag in ("td", "th", "tr"):
        return content
    found = False
    for index in range(box.end, outer.end):
        kind = classes.of(index)
        if kind in (NOISE, LINK):
            return outer if found and kind == NOISE else content
        if kind == BLANK:
            continue
        part = _child_holding(outer, classes.lines[index].block)
        table = part.tag == "table" and any(is_data_row(row) for row in _table_rows(part))
        if part is not outer and not (table or part.tag in _PARAGRAPHS.words or part.end - part.start == 1):
            return content
        found = found or table or kind in (PICTURE, FILES)
    return outer if found else content


def _table_rows(table: Block) -> Iterator[Block]:
    for child in table.children:
        if child.tag == "tr":
            yield child
        else:
            yield from (row for row in child.children if row.tag == "tr")


_INTERRUPTED = Rule(
    "text-interrupted",
    "A text does not go on behind the heading of related links, or behind three lines of links: what follows is a list with summaries.",
    pages="gdfupin/end-list-of-links-above-a-summary",
)


def _is_interrupted(
    classes: LineClasses, start: int, end: int, inner: Block | None = None, outer: Block | None = None
) -> bool:
    """True if an end mark, or three lines of links, are between two lines. Links set like paragraphs do not count."""
    if not _INTERRUPTED.on:
        return False
    run = 0
    for index in range(max(start, classes.after), end):
        kind = classes.of(index)
        if kind == LINK and inner is not None and outer is not None:
            sibling = _child_holding(outer, classes.lines[index].block)
            if sibling.tag == inner.tag and sibling.end - sibling.start <= 2:
                continue
        run = run + 1 if kind == LINK else run if kind == BLANK else 0
        if kind == NOISE or run >= 3:
            return True
    return False


def _child_holding(outer: Block, block: Block) -> Block:
    """The child of `outer` that contains a block; `outer` if it is the block itself."""
    while block.parent is not None and block is not outer and block.parent is not outer:
        block = block.parent
    return block


_PARAGRAPHS_IN_BOXES = Rule(
    "paragraphs-in-boxes",
    "Each paragraph may be in a box of its own with the same tags, like a table of one cell.",
    pages="gdfupin/gallery-each-picture-in-a-table-with-its-caption",
)


def is_nested_alike(block: Block, content: Block) -> bool:
    """True if two blocks have the same tags below their common ancestor, like paragraphs in tables of one cell each."""
    if not _PARAGRAPHS_IN_BOXES.on:
        return False
    one, two = list(path_outwards(block)), list(path_outwards(content))
    while one and two and one[-1] is two[-1]:
        one.pop()
        two.pop()
    if not one or not two or one[-1].end - one[-1].start > 2 or two[-1].end - two[-1].start > 3:
        return False  # only boxes of one paragraph each; larger ones are columns
    return (
        [part.tag for part in one] == [part.tag for part in two]
        and two[-1].tag in ("table", "div", "tr", "p", "li", "section")
        and len(one) < 6
    )


def path_outwards(block: Block) -> Iterator[Block]:
    """A block and its ancestors without `tbody`."""
    return (part for part in block.ancestors() if part.tag != "tbody")
