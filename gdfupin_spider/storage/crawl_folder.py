"""The folder of a running crawl: WARC files, line files, report.

A killed process leaves whole lines: each line is one write, and a capture is forced to the disk before a line that refers
to it. A power cut can lose the newest lines, which are forced to the disk by `sync` and at the end, but never the capture
of a line that survived. Lost lines are read again from the WARC, or fetched again.
"""

import contextlib
import itertools
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from ..errors import CannotWrite
from ..items import Article, Issue, Line, Media, Origin, PageSeen, Proof, Sighting, as_bytes
from ..warc import WarcWriter
from .durable import refusals, sync_folder, write_whole
from .line_file import LineFile
from .open_gaps import FILE as GAPS
from .open_gaps import OpenGap, lines_of
from .report import CRAWL_REPORT, CrawlReport, write_report

KINDS = ("articles", "sightings", "pages", "media", "issues")


class CrawlFolder:
    """The folder of the running crawl. It is never changed after `close` has written the report."""

    def __init__(self, path: Path, warc: WarcWriter, files: Mapping[str, LineFile]) -> None:
        self.path, self.name, self.warc = path, path.name, warc
        self._files = files

    @classmethod
    def create(
        cls,
        output: Path,
        now: datetime,
        origin: Origin,
        info: Mapping[str, str] | None = None,
        max_bytes: int = 1_000_000_000,
    ) -> Self:
        """Makes `crawls/20261123T030000Z-live` (if it exists: `-2`, `-3` ...) with its first WARC file and empty line files.

        `now` is aware; `info` goes into `warcinfo`: profile and whitelisted settings. Raises CannotWrite.
        """
        stem = f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}-{origin}"
        path = _make(output / "crawls", stem)
        warc = WarcWriter(path, path.name, info or {}, max_bytes)
        return cls(path, warc, {kind: LineFile(path / f"{kind}.jsonl") for kind in KINDS})

    @property
    def counts(self) -> dict[str, int]:
        """Lines written, by kind."""
        return {kind: file.count for kind, file in self._files.items()}

    def article(self, article: Article) -> None:
        self._append("articles", article, *article.captures)

    def sighting(self, sighting: Sighting) -> None:
        self._append("sightings", sighting, sighting.capture)

    def page(self, page: PageSeen) -> None:
        self._append("pages", page, page.capture)

    def media(self, media: Media) -> None:
        self._append("media", media, media.capture)

    def issue(self, issue: Issue) -> None:
        self._append("issues", issue, issue.capture)

    def sync(self) -> None:
        """Forces captures and lines to the disk."""
        self.warc.sync()
        for file in self._files.values():
            file.sync()

    def finish(self) -> None:
        """Forces captures and lines to the disk and closes the files; the catalog can then fold them."""
        self.warc.close()
        for file in self._files.values():
            file.close()
        sync_folder(self.path)

    def changes(self, lines: Iterable[bytes]) -> None:
        """Writes `changes.jsonl`, whole or not at all. `lines`: the changes that this crawl was the first to see."""
        write_whole(self.path / "changes.jsonl", lines)

    def gaps(self, gaps: Iterable[OpenGap]) -> None:
        """Writes `gaps.jsonl`, whole or not at all: the gaps that are open after this crawl."""
        write_whole(self.path / GAPS, lines_of(gaps))

    def close(self, report: CrawlReport) -> None:
        """Closes everything and writes `report.json` last, with the seals of the line files; then the crawl is complete."""
        self.finish()
        write_report(
            self.path / CRAWL_REPORT,
            report,
            self._files.values(),
            [self.path / "changes.jsonl", self.path / GAPS],
            self.warc.closed,
        )

    def abandon(self) -> None:
        """Closes the files and writes no report: for a crawl whose disk refuses to write."""
        for close in (self.warc.close, *(file.close for file in self._files.values())):
            with contextlib.suppress(CannotWrite):
                close()

    def _append(self, kind: str, record: Line, *captures: Proof | None) -> None:
        for capture in captures:
            if capture:
                self.warc.sync(capture)
        self._files[kind].append(as_bytes(record))


def _make(folder: Path, stem: str) -> Path:
    with refusals(folder):
        folder.mkdir(parents=True, exist_ok=True)
        for number in itertools.count(1):
            path = folder / (stem if number == 1 else f"{stem}-{number}")
            try:
                path.mkdir()
            except FileExistsError:
                continue
            sync_folder(folder)
            return path
    raise AssertionError("there is always a next number")
