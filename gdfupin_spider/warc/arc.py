"""Captures out of ARC files, the format of web archives before WARC (Common Crawl until 2012, Heritrix 1)."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator  # type: ignore[import-untyped]
from warcio.exceptions import ArchiveLoadFailed  # type: ignore[import-untyped]

from .. import data_files
from ..errors import ArchiveError
from ..items import Capture, Proof
from ..messages.text import N_
from .frames import RECORD_LIMIT, Damage, Report
from .messages import dechunked

_HTTP = ("http:", "https:")


def read_arc(path: Path, report: Report) -> Iterator[Capture]:
    """The captures of an ARC file, compressed or not, in file order. What cannot be read is reported.

    A damaged record ends the reading: ARC has no mark at which a record begins. Raises ArchiveError where the file cannot
    be opened.
    """
    try:
        opened = data_files.opened(path)
    except OSError as error:
        raise ArchiveError(path, error.strerror or str(error)) from error
    with opened as file:
        records = ArchiveIterator(file, arc2warc=True)
        at = 0
        while True:
            try:
                record = next(records, None)
                if record is None:
                    return
                body = record.raw_stream.read(RECORD_LIMIT + 1)
                at = records.get_record_offset()  # it reads to the end of the record
                found = _capture(path, at, record, body)
            except (ArchiveLoadFailed, ValueError, OSError, EOFError) as error:
                report(
                    Damage(path, at, N_("no ARC record can be read after this byte: {error}", error=error), tail=True)
                )
                return
            if isinstance(found, str):
                report(Damage(path, at, found))
            elif found is not None:
                yield found


def _capture(path: Path, at: int, record: object, body: bytes) -> Capture | str | None:
    """One capture; the reason where it cannot be used; None for a record that is not an HTTP exchange."""
    fields = record.rec_headers  # type: ignore[attr-defined]
    http = record.http_headers  # type: ignore[attr-defined]
    url = fields.get_header("WARC-Target-URI") or ""
    if not url.lower().startswith(_HTTP):
        return None
    if http is None:
        return N_("no HTTP response of {url}", url=url[:200])
    if len(body) > RECORD_LIMIT:
        return N_("the record is larger than {record_limit} bytes", record_limit=RECORD_LIMIT)
    status = http.get_statuscode()
    date = fields.get_header("WARC-Date") or ""
    if not (status.isdigit() and len(status) == 3):
        return N_("no HTTP status: {statusline!r}", statusline=http.statusline[:60])
    if len(date) != len("2010-01-01T00:00:00Z"):
        return N_("its date is {date!r}", date=date[:60])
    if record.raw_stream.limit:  # type: ignore[attr-defined]
        return N_(
            "the record is {limit:,} bytes shorter than it says: the file ends within it",
            limit=record.raw_stream.limit,  # type: ignore[attr-defined]
        )
    headers = tuple((str(name), str(value)) for name, value in http.headers)
    payload = dechunked(headers, body)
    proof = Proof(f"{path.absolute().parent.name}/{path.name}", at, hashlib.sha256(payload).hexdigest())
    return Capture(url, date, int(status), headers, payload, proof, origin="warc")
