"""The folder of a reading: the lines of a replay of a crawl."""

import contextlib
import shutil
from pathlib import Path
from types import TracebackType
from typing import Self

from ..errors import CannotWrite
from ..items import Article, Issue, PageSeen, Sighting, as_bytes
from .durable import refusals, sync_folder
from .line_file import LineFile
from .report import READING_REPORT, ReadingReport, write_report

KINDS = ("articles", "sightings", "pages", "issues")
HELD = 64 * 1024
"""Bytes of lines that are written at once: an incomplete reading is deleted, so no line of it must be on the disk early."""


class ReadingFolder:
    """`output/readings/<reader>/<crawl>/`: written under a temporary name; replaces an older one when complete."""

    def __init__(self, output: Path, reader: str, crawl: str) -> None:
        self.path = output / "readings" / reader / crawl
        self._draft, self._older = (self.path.with_name(f".{crawl}.{state}") for state in ("new", "old"))
        with refusals(self._draft):
            if self._draft.exists():
                shutil.rmtree(self._draft)
            self._draft.mkdir(parents=True)
        self._files = {kind: LineFile(self._draft / f"{kind}.jsonl", HELD) for kind in KINDS}

    def article(self, record: Article) -> None:
        self._files["articles"].append(as_bytes(record))

    def sighting(self, record: Sighting) -> None:
        self._files["sightings"].append(as_bytes(record))

    def page(self, record: PageSeen) -> None:
        self._files["pages"].append(as_bytes(record))

    def issue(self, record: Issue) -> None:
        self._files["issues"].append(as_bytes(record))

    def close(self, report: ReadingReport) -> None:
        """Writes `reading.json` last, then gives the folder its name; after a kill it is complete or not there."""
        for file in self._files.values():
            file.close()
        write_report(self._draft / READING_REPORT, report, self._files.values())
        with refusals(self.path):
            if self._older.exists():
                shutil.rmtree(self._older)
            if self.path.exists():
                self.path.rename(self._older)
            self._draft.rename(self.path)
            sync_folder(self.path.parent)
            if self._older.exists():
                shutil.rmtree(self._older)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Deletes an incomplete reading."""
        with contextlib.suppress(CannotWrite):
            for file in self._files.values():
                file.close()
        if self._draft.exists():
            shutil.rmtree(self._draft, ignore_errors=True)
