"""Records put aside while their partners are looked for: in memory as long as they are few, then on disk."""

import pickle
import tempfile
from types import TracebackType
from typing import Self

from .difference import Record

IN_MEMORY = 32_000_000  # bytes; some 3,000 articles, more than a week brings


class Spool:
    """Takes records by row and gives them back in any order. Use it in a `with` block."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  # closed in __exit__
        self._places: dict[int, int] = {}
        self._end = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def put(self, row: int, record: Record) -> None:
        data = pickle.dumps(record, protocol=pickle.HIGHEST_PROTOCOL)
        self._file.seek(self._end)
        self._places[row] = self._end
        self._end += self._file.write(data)

    def get(self, row: int) -> Record:
        self._file.seek(self._places[row])
        record: Record = pickle.load(self._file)  # what `put` wrote, nothing from elsewhere
        return record
