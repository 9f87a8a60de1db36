"""Data tables as text: one line per row, cells separated by tabs. And how they differ from layout tables."""

from collections.abc import Sequence

from ..rule import Rule
from .document import Block, Line


def paragraphs(body: Sequence[Line]) -> list[str]:
    """The text of a body, one paragraph per item. The cells of a data row are one item, separated by tabs."""
    out: list[str] = []
    inside = {line.index: line for line in body}
    data: dict[int, bool] = {}  # number of the row to whether it holds data
    behind = -1  # lines before this index are in a row that is written already
    for line in body:
        if line.index < behind or not line.text:
            continue
        row = line.block.inside("tr")
        if row is not None and row.number not in data:
            data[row.number] = _is_whole_data_row(row, body)
        if row is None or not data[row.number]:
            out.append(line.text)
            continue
        behind = row.end
        cells = [
            " ".join(
                inside[index].text for index in range(cell.start, cell.end) if index in inside and inside[index].text
            )
            for cell in row.children
        ]
        out.append("\t".join(cells))
    return out


_DATA_ROWS = Rule(
    "data-rows",
    "A row with text in two cells or more is data: its cells are one line, separated by tabs.",
    pages="gdfupin/rows-in-a-table-with-states gdfupin/table-with-spans-of-rows",
)


def is_data_row(row: Block) -> bool:
    """True if a table row has data in its cells, and is not there for page layout."""
    if not _DATA_ROWS.on:
        return False
    if row.data_row is None:
        row.data_row = _holds_data(row)
    return row.data_row


def _holds_data(row: Block) -> bool:
    cells = [child for child in row.children if child.tag in ("td", "th")]
    filled = sum(1 for cell in cells if any(line.text for line in cell.lines))
    return filled >= 2 and all(
        cell.end - cell.start <= 6 and not cell_holds_table(cell) and not _lists_links(cell) for cell in cells
    )


_COLUMN_OF_LINKS = Rule(
    "column-of-links",
    "A cell with two lines of links is a column of the page, not data.",
    pages="gdfupin/table-cell-with-a-column-of-links",
)


def _lists_links(cell: Block) -> bool:
    """True if a cell is a column of links: two lines or more that are links and nothing else."""
    if not _COLUMN_OF_LINKS.on:
        return False
    return sum(1 for line in cell.lines if 6 <= line.size == line.linked) >= 2


_CELL_WITH_TABLE = Rule(
    "cell-with-table",
    "A cell with a table inside is layout, not data.",
    pages="gdfupin/table-of-layout-with-a-table-in-a-cell",
)


def cell_holds_table(cell: Block) -> bool:
    """True if a cell contains a table."""
    if not _CELL_WITH_TABLE.on:
        return False
    return any(child.tag == "table" or cell_holds_table(child) for child in cell.children)


def _is_whole_data_row(row: Block, body: Sequence[Line]) -> bool:
    if not body or row.start < body[0].index or row.end > body[-1].index + 1:
        return False
    if is_data_row(row):
        return True
    if len(row.children) < 2:
        return False  # checked before the whole table, which may have thousands of rows
    table = (
        row.parent.parent if row.parent is not None and row.parent.tag in ("tbody", "thead", "tfoot") else row.parent
    )
    rows = [
        other
        for child in (table.children if table else ())
        for other in (child.children if child.tag in ("tbody", "thead", "tfoot") else [child])
    ]
    return any(is_data_row(other) for other in rows if other.tag == "tr") and all(
        cell.end - cell.start <= 6 and not cell_holds_table(cell) for cell in row.children
    )
