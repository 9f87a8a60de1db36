"""Files to download: all that a search finds, and the evidence of an article. Memory does not grow with them, and nothing is left out."""

import io
import json
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

from ..errors import NotInstalled
from ..messages.text import N_
from ..playback import ListedPage, pack
from ..search import output_formats
from ..search.index import Hit
from ..warc import WarcWriter, copy_of
from .archive_side import ArchiveSide
from .edition import SECONDS, Edition
from .library import Library
from .parameters import SearchQuery, WrongQuery

KINDS = {
    "csv": "text/csv; charset=utf-8",
    "jsonl": "application/jsonl",
    "parquet": "application/vnd.apache.parquet",
    "wacz": "application/wacz",
}
"""By form: its media type."""
MOST_CAPTURES = 1_000
"""In a WACZ of a search."""
_PACKING = threading.Lock()
"""Held while a WACZ is made: one at a time, so that nobody keeps the others from reading."""
FILE = "packed.wacz"
_ROWS = 1_000
"""Of a row group."""
_PIECE = 1 << 20


def require_known(edition: Edition, query: SearchQuery) -> None:
    """Raises WrongArgument for a section or source that no article has, WrongQuery, TookTooLong."""
    with edition.searching() as index:
        index.search(replace(query.request(with_counts=False), limit=0))


def lines(edition: Edition, query: SearchQuery, form: str) -> Iterator[str]:
    """As `jsonl` or `csv`, line by line: from the offset on, and without a limit."""
    if form == "csv":
        yield output_formats.csv_header()
    for hit in _hits(edition, query):
        if form == "csv":
            yield output_formats.csv_row(hit)
        else:
            yield json.dumps({**output_formats.as_record(hit), "body": hit.body}, ensure_ascii=False) + "\n"


def parquet(edition: Edition, query: SearchQuery) -> Iterator[bytes]:
    """As Parquet, a row group at a time; the columns are those of CSV. Raises NotInstalled before the first piece."""
    try:
        arrow: Any = import_module("pyarrow")
        library: Any = import_module("pyarrow.parquet")
    except ImportError:
        raise NotInstalled("pyarrow", "Parquet", "datasets") from None
    return _row_groups(edition, query, arrow, library)


def _row_groups(edition: Edition, query: SearchQuery, arrow: Any, library: Any) -> Iterator[bytes]:
    columns = [(name, arrow.int64() if name == "version" else arrow.string()) for name in output_formats.COLUMNS]
    schema = arrow.schema(columns)
    sink = _Sink()
    with library.ParquetWriter(sink, schema, compression="zstd") as writer:
        batch: list[dict[str, object]] = []
        for hit in _hits(edition, query):
            record = output_formats.as_record(hit)
            batch.append({**{name: record.get(name) for name in output_formats.COLUMNS}, "body": hit.body})
            if len(batch) == _ROWS:
                writer.write_table(arrow.Table.from_pylist(batch, schema=schema))
                batch = []
                yield sink.taken()
        if batch:
            writer.write_table(arrow.Table.from_pylist(batch, schema=schema))
    yield sink.taken()


class Busy(Exception):
    """Another WACZ is being made."""


class _Sink(io.RawIOBase):
    """Keeps what is written until it is taken."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._at = 0

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        content = bytes(piece)
        self._pieces.append(content)
        self._at += len(content)
        return len(content)

    def tell(self) -> int:
        return self._at

    def taken(self) -> bytes:
        content, self._pieces = b"".join(self._pieces), []
        return content


def wacz(library: Library, edition: Edition, query: SearchQuery) -> Iterator[bytes]:
    """The captures that the found versions were read from, for ReplayWeb.page; each with its own body.

    Raises WrongQuery before the first piece where there are more than MOST_CAPTURES, or none that is here; Busy, NotInstalled, ArchiveError.
    """
    chosen: list[tuple[Hit, str, int]] = []
    for hit in _hits(edition, query):
        for row in edition.captures(hit.id):
            warc, offset = str(row["warc"]), int(str(row["offset"]))
            if row["version"] == hit.version and row["page"] is not None and library.has_captures(warc):
                chosen.append((replace(hit, body=""), warc, offset))
        if len(chosen) > MOST_CAPTURES:
            raise WrongQuery(
                N_(
                    "more than {most:,} captures are found, which is the most that a WACZ gets: ask for less",
                    most=MOST_CAPTURES,
                )
            )
    if not chosen:
        raise WrongQuery(N_("no capture of what is found is here"))

    def write(folder: Path, to: Path) -> None:
        listed: list[ListedPage] = []
        writer = WarcWriter(folder, "search", {"description": f"captures of {query.q}"}, revisits=False)
        try:
            for hit, warc, offset in chosen:
                capture = library.capture(edition, warc, offset)
                if capture is not None:
                    writer.write(copy_of(capture, f"{warc} {offset}"))
                    listed.append(ListedPage(capture.url, hit.title, capture.captured_at))
        finally:
            writer.close()
        pack(sorted(folder.glob("*.warc.gz")), listed, edition.manifest.title, to, folder)

    return _packed(write)


def evidence(archive: ArchiveSide, id_: str) -> Iterator[bytes]:
    """The file of `gdfupin evidence`. Raises Busy, NotInstalled, GdfupinError, before the first piece."""
    return _packed(lambda _, to: archive.write_evidence(id_, to))


def _packed(write: Callable[[Path, Path], None]) -> Iterator[bytes]:
    """A file that is written whole before it is sent. `write`: takes an empty folder, and the file to make in it. Raises Busy."""
    if not _PACKING.acquire(timeout=SECONDS):
        raise Busy("another file is being packed: ask again in a minute")
    place = tempfile.TemporaryDirectory(prefix="gdfupin-wacz-")
    try:
        write(Path(place.name), Path(place.name) / FILE)
    except BaseException:
        place.cleanup()
        raise
    finally:
        _PACKING.release()
    return _pieces(place)


def _pieces(place: "tempfile.TemporaryDirectory[str]") -> Iterator[bytes]:
    with place, (Path(place.name) / FILE).open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece


def _hits(edition: Edition, query: SearchQuery) -> Iterator[Hit]:
    with edition.search_apart() as index:
        yield from index.hits(replace(query.request(with_counts=False), limit=-1))
