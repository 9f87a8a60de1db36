"""Keeps records until their partners are found: in memory up to a limit, then in a temporary file."""

import pickle
import sys
import tempfile
from types import TracebackType
from typing import IO, Self

from .difference import ComparedArticle

IN_MEMORY = 32_000_000  # bytes; some 3,000 articles, more than a week brings
FIELDS = 2000  # bytes that a record takes beside its body


class RecordSpill:
    """Takes records by row and gives them back in any order. Use it in a `with` block."""

    def __init__(self) -> None:
        self._near: dict[int, ComparedArticle] = {}
        self._taken = 0
        self._file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  # closed in __exit__
        self._places: dict[int, int] = {}
        self._end = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def put(self, row: int, record: ComparedArticle) -> None:
        if self._taken < IN_MEMORY:
            self._near[row] = record
            self._taken += sys.getsizeof(record["body"]) + FIELDS
            return
        self._file.seek(self._end)
        self._places[row] = self._end
        self._end += self._file.write(pickle.dumps(record, protocol=pickle.HIGHEST_PROTOCOL))

    def get(self, row: int) -> ComparedArticle:
        if row in self._near:
            return self._near[row]
        self._file.seek(self._places[row])
        record: ComparedArticle = pickle.load(self._file)  # what `put` wrote, nothing from elsewhere
        return record
