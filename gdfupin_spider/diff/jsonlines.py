"""Articles in JSON Lines, plain or gzipped."""

import gzip
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from .. import data_files
from ..errors import NotArticles
from ..messages.text import N_
from .article_check import aliases_of, head_of, record_of
from .difference import ComparedArticle
from .sets import Head


class JsonLinesArticles:
    """`articles.jsonl`, `articles.jsonl.gz`. Empty lines are not counted."""

    def __init__(self, path: Path, name: str, *, torn: bool = False) -> None:
        """`torn`: an incomplete last line is skipped."""
        self.path, self.name, self._torn = path, name, torn
        self._aliases: dict[int, tuple[str, ...]] = {}

    def heads(self) -> Iterator[Head]:
        self._aliases.clear()
        for row, (place, line) in enumerate(self._lines()):
            value = self._parsed(line, place)
            yield head_of(value, self.path, place)
            if names := aliases_of(value, self.path, place):
                self._aliases[row] = names

    def aliases(self) -> Iterator[tuple[int, tuple[str, ...]]]:
        return iter(self._aliases.items())

    def records(self, rows: Sequence[int]) -> Iterator[ComparedArticle]:
        wanted = iter(rows)
        row = next(wanted, None)
        for number, (place, line) in enumerate(self._lines() if rows else ()):
            if number == row:
                yield record_of(self._parsed(line, place), self.path, place)
                row = next(wanted, None)
                if row is None:
                    return

    def _lines(self) -> Iterator[tuple[str, bytes]]:
        """(position, line) of each line."""
        offset = number = 0
        try:
            with data_files.unpacked(self.path) as file:
                for number, line in enumerate(data_files.lines(file), 1):
                    if self._torn and not line.endswith(b"\n"):
                        return
                    if line.strip():
                        yield f"line {number}, byte {offset}", line
                    offset += len(line)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise NotArticles(
                self.path, N_("damaged gzip: {error}", error=error), N_("after line {number}", number=number)
            ) from error
        except OSError as error:
            raise NotArticles(self.path, error.strerror or str(error)) from error

    def _parsed(self, line: bytes, place: str) -> Any:
        try:
            return data_files.json_value(line.removeprefix(b"\xef\xbb\xbf"))
        except ValueError as error:
            raise NotArticles(self.path, N_("no JSON: {error}", error=error), place) from error
