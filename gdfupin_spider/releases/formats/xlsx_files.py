"""Workbooks of Excel (XLSX), made of tables of text. The same tables give the same bytes.

Every cell is text, so none is a formula or a link. Text that is longer than a cell holds is cut.
"""

import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from importlib import import_module
from typing import Any

from ...errors import NotInstalled
from ...messages.text import N_
from .csv_files import cut

Table = Sequence[Sequence[object]]
"""Rows; the first one is the head. None is an empty cell."""
_WIDE, _NARROW = 60, 14
"""Widths of columns, in characters."""
_LONG = frozenset({"title", "body", "note"})
"""Columns whose text is wrapped."""


def need_library() -> None:
    """Raises NotInstalled."""
    try:
        import_module("xlsxwriter")
    except ImportError:
        raise NotInstalled("xlsxwriter", N_("Excel files"), "xlsx") from None


def workbook(sheets: Mapping[str, Table], created: str) -> bytes:
    """The file. `sheets`: by name, in order; `created`: `YYYY-MM-DD`, of what it is made of. Raises NotInstalled."""
    need_library()
    library: Any = import_module("xlsxwriter")
    content = io.BytesIO()
    book = library.Workbook(content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": datetime.fromisoformat(created)})
    head, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    for name, (columns, *rows) in sheets.items():
        sheet = book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        for column, title in enumerate(columns):
            sheet.set_column(column, column, _WIDE if title in _LONG else _NARROW, wrapped)
            sheet.write_string(0, column, str(title), head)
        for number, row in enumerate(rows, 1):
            for column, value in enumerate(row):
                if value is not None:
                    sheet.write_string(number, column, cut(str(value)))
    book.close()
    return content.getvalue()
