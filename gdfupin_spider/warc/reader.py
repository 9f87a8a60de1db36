"""Captures out of WARC files, ours and anybody's.

`metadata`, `conversion` and records about something other than http(s) are passed over: they are no exchange. A `resource`
record of a page is a capture of origin `saved`. What cannot be read is reported and passed over, unless asked to be strict.
"""

import functools
import hashlib
import logging
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NoReturn, get_args
from urllib.parse import unquote

from ..errors import DamagedRecord
from ..items import Capture, Origin, Proof
from ..messages.text import N_
from .exchange import Purpose
from .frames import Damage, Report
from .messages import dechunked, has_no_body, payload_of, split_head, status_of
from .originals import Originals
from .record import ORIGIN, PURPOSE, SOURCE, SOURCE_URI, Record, record_at, records

log = logging.getLogger(__name__)
_PURPOSES: frozenset[str] = frozenset(get_args(Purpose))
_ORIGINS: dict[str, Origin] = {name: name for name in get_args(Origin)}


def files(folder: Path) -> list[Path]:
    """The WARC files of a crawl's folder, in the order in which they were written; in a folder of another program all
    WARC files, by name."""
    if own := sorted(folder.glob("capture-*.warc.gz"), key=lambda path: (len(path.name), path.name)):
        return own
    return sorted(path for path in folder.iterdir() if path.name.lower().endswith((".warc", ".warc.gz")))


def read(
    path: Path, damage: Report | None = None, *, strict: bool = False, without: Purpose | None = None
) -> Iterator[Capture]:
    """The captures of a WARC file, or of all `files` of a folder, in file order; revisits have their payload.

    Damage is handed to `damage` (logged where there is none) and passed over; with `strict` the first is raised as
    DamagedRecord. An exchange torn at the end of the file is no capture: `Damage.tail` is true of it.
    `without`: captures for this purpose are left out; those who read pages need no media, which may be long.
    Raises ArchiveError where the file cannot be opened.
    """
    report = _raise if strict else (damage or _log)
    for file in files(path) if path.is_dir() else [path]:
        yield from paired(file, records(file, report, without), report)


def read_at(path: Path, offset: int) -> Capture:
    """The capture whose response (or revisit) record begins at this byte. Raises DamagedRecord where there is none."""
    response = record_at(path, offset)
    if not is_answer(response):
        raise DamagedRecord(path, N_("{kind} is no response", kind=response.type or "a nameless record"), offset)
    try:
        following = record_at(path, response.end)
    except DamagedRecord:
        following = None
    request = following if following and _belong(following, response) else None
    return _capture(path, response, request, Originals(path))


def is_answer(record: Record) -> bool:
    """Whether a capture is made of this record."""
    answers = record.type in ("response", "revisit") or (
        record.type == "resource" and record.field(PURPOSE) is not None
    )
    return answers and record.url.lower().startswith(("http:", "https:"))


def _is_page(resource: Record) -> bool:
    """Whether a resource record is a saved page: ours, or one that a tool made of a file."""
    return resource.field(PURPOSE) is not None or (resource.field("Content-Type") or "").lower().startswith("text/html")


def paired(path: Path, there: Iterable[Record], report: Report) -> Iterator[Capture]:
    """The captures that these records of a file make: each response with the request before it (wget) or behind it
    (ours, most others).
    """
    originals = Originals(path)
    answer: Record | None = None
    request: Record | None = None
    for record in there:
        if answer:
            late = _belong(record, answer)
            yield from _captures(path, answer, record if late else request, originals, report)
            answer = request = None
            if late:
                continue
        if record.type == "request":
            request = record
        elif is_answer(record):
            answer = record
            request = request if request and _belong(request, answer) else None
    if answer and not request and answer.field(PURPOSE) and answer.field("WARC-Concurrent-To"):
        report(Damage(path, answer.offset, N_("the file ends before the request of this response"), tail=True))
    elif answer:
        yield from _captures(path, answer, request, originals, report)


def _belong(request: Record, answer: Record) -> bool:
    """By WARC-Concurrent-To of either; where neither has it, by address and date."""
    if request.type != "request":
        return False
    concurrent = request.values("WARC-Concurrent-To"), answer.values("WARC-Concurrent-To")
    if any(concurrent):
        return answer.field("WARC-Record-ID") in concurrent[0] or request.field("WARC-Record-ID") in concurrent[1]
    return request.url == answer.url and request.captured_at == answer.captured_at


def _captures(
    path: Path, answer: Record, request: Record | None, originals: Originals, report: Report
) -> Iterator[Capture]:
    try:
        yield _capture(path, answer, request, originals)
    except DamagedRecord as error:
        report(Damage(path, answer.offset, error.reason))


def _capture(path: Path, answer: Record, request: Record | None, originals: Originals) -> Capture:
    if answer.type == "resource":
        return _saved(path, answer)
    first_line, headers, body = split_head(answer.block)
    original = None
    if answer.type == "revisit" and not (answer.field("WARC-Profile") or "").endswith("server-not-modified"):
        original = originals.block(answer)
        if not answer.block.strip():  # only the original has the head
            first_line, headers, _ = split_head(original)
    status = status_of(first_line)
    captured_at = answer.captured_at
    if status is None:
        raise DamagedRecord(path, N_("no HTTP status line: {first_line!r}", first_line=first_line[:60]), answer.offset)
    if captured_at is None:
        raise DamagedRecord(path, N_("WARC-Date is {value!r}", value=answer.field("WARC-Date")), answer.offset)
    if answer.field("WARC-Segment-Number"):
        raise DamagedRecord(path, N_("the record is one segment of several"), answer.offset)
    ours = answer.field(PURPOSE)
    payload = dechunked(headers, body) if original is None else payload_of(original)
    sha256 = hashlib.sha256(payload).hexdigest()
    if ours and answer.field("WARC-Payload-Digest") != f"sha256:{sha256}":
        raise DamagedRecord(path, N_("the payload digest does not hold"), answer.offset)
    method, request_body = _asked(request)
    return Capture(
        url=answer.url,
        captured_at=captured_at,
        status=status,
        headers=headers,
        payload=payload,
        proof=Proof(_place(path), answer.offset, sha256),
        origin=_ORIGINS.get(answer.field(ORIGIN) or "live", "warc") if ours else "warc",
        truncated=answer.field("WARC-Truncated"),
        method=method,
        request_body=request_body,
        purpose=ours if ours in _PURPOSES else _guess(answer.url),
        source_uri=answer.field(SOURCE_URI),
        source_note=note if (note := answer.field(SOURCE)) is None else unquote(note),
    )


@functools.lru_cache(maxsize=16)
def _place(path: Path) -> str:
    """A file as proofs name it."""
    return f"{path.absolute().parent.name}/{path.name}"


def _saved(path: Path, answer: Record) -> Capture:
    """A page that somebody saved: no server said a status, and no header but the type is known."""
    sha256 = hashlib.sha256(answer.block).hexdigest()
    captured_at = answer.captured_at
    if answer.field(PURPOSE) and answer.field("WARC-Payload-Digest") != f"sha256:{sha256}":
        raise DamagedRecord(path, N_("the payload digest does not hold"), answer.offset)
    if captured_at is None:
        raise DamagedRecord(path, N_("WARC-Date is {value!r}", value=answer.field("WARC-Date")), answer.offset)
    return Capture(
        url=answer.url,
        captured_at=captured_at,
        status=200,
        headers=(("Content-Type", answer.field("Content-Type") or "text/html"),),
        payload=answer.block,
        proof=Proof(_place(path), answer.offset, sha256),
        origin="saved",
        purpose=answer.field(PURPOSE) or "page",
        source_note=note if (note := answer.field(SOURCE)) is None else unquote(note),
    )


def _asked(request: Record | None) -> tuple[str, bytes]:
    if request is None or has_no_body(request.block, b"GET"):
        return "GET", b""
    first_line, headers, body = split_head(request.block)
    return first_line.partition(b" ")[0].decode("latin-1").upper() or "GET", dechunked(headers, body)


def _guess(url: str) -> str:
    """What another tool fetched an address as; it does not say."""
    path = url.partition("://")[2].partition("/")[2]
    return "robots" if path == "robots.txt" else "page"


def _log(damage: Damage) -> None:
    log.warning("%s at byte %d: %s; passed over", damage.path, damage.offset, damage.reason)


def _raise(damage: Damage) -> NoReturn:
    raise damage.error()
