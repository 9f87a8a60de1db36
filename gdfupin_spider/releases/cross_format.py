"""Whether the formats of a release have the same records: each is read back and compared with the canonical lines."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest
from pathlib import Path

from ..errors import ArchiveError
from . import contents
from .formats import compact, read_lines, read_parquet, read_sqlite
from .records import Field

READERS: Mapping[str, Callable[[Path, Sequence[Field]], Iterator[Mapping[str, object]]]] = {
    contents.PARQUET: read_parquet,
    contents.SQLITE: read_sqlite,
}
"""Readers of the files that have complete records."""


def unequal(folder: Path, name: str, fields: Sequence[Field] = contents.ARTICLES) -> str | None:
    """The first difference between a file of articles with these fields and the lines; None if there is none.

    Raises NotInstalled.
    """
    try:
        return first_difference(read_lines(folder / contents.LINES), READERS[name](folder / name, fields))
    except ArchiveError as error:
        return str(error)


def first_difference(lines: Iterable[str], records: Iterable[Mapping[str, object]]) -> str | None:
    """As a sentence; None if there is no difference.

    >>> first_difference(['{"id":"a"}'], [{"id": "a"}]), first_difference(['{"id":"a"}'], [{"id": "b"}])
    (None, 'record 1 is {"id":"b"}, not {"id":"a"}')
    """
    for number, (line, record) in enumerate(zip_longest(lines, records), 1):
        if line is None:
            return f"it has more than the {number - 1:,} records there are"
        if record is None:
            return f"it ends before record {number:,}"
        if (read_back := compact(record)) != line:
            at = next(
                (n for n, (a, b) in enumerate(zip(line, read_back, strict=False)) if a != b),
                min(len(line), len(read_back)),
            )
            start = max(0, at - 40)
            return f"record {number:,} is {read_back[start : at + 40]}, not {line[start : at + 40]}"
    return None
