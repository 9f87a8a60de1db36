"""Rows of capture indexes (CDX): the JSON of the Wayback Machine, and the JSON lines and CDXJ of pywb and Common Crawl."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from ...messages.text import N_
from ..held import sha1_of

_SHA1 = re.compile(r"(?:sha1:)?([A-Z2-7]{32})", re.I)
_SHA256 = re.compile(r"sha-?256:([0-9a-f]{64})", re.I)
_PORT = re.compile(r"^(http://[^/:?#]+):80(?=[/?#]|$)|^(https://[^/:?#]+):443(?=[/?#]|$)", re.I)


@dataclass(frozen=True, slots=True)
class IndexRow:
    """One capture, as an index has it."""

    urlkey: str
    """The address folded by the archive: http and https, `www.` and case are one."""
    timestamp: str
    """`YYYYMMDDhhmmss`, UTC, repaired."""
    url: str
    """Without the default port."""
    mime: str
    status: int | None
    """None where the index has none: revisits."""
    digest: str
    """SHA-1 of the payload in base32, or `sha256:` and hex digits; empty where the index has neither."""
    filename: str | None = None
    """The WARC or ARC file at Common Crawl, and the place of the record in it."""
    offset: int | None = None
    length: int | None = None
    """Of the compressed record; of a file at Common Crawl. Never the length of the body."""
    truncated: str | None = None

    @property
    def captured_at(self) -> str:
        """`YYYY-MM-DDTHH:MM:SSZ`."""
        t = self.timestamp
        return f"{t[:4]}-{t[4:6]}-{t[6:8]}T{t[8:10]}:{t[10:12]}:{t[12:14]}Z"

    def is_of(self, payload: bytes) -> bool:
        """Whether a payload has the digest."""
        algorithm, _, value = self.digest.rpartition(":")
        if algorithm == "sha256":
            return hashlib.sha256(payload).hexdigest() == value
        return sha1_of(payload) == value

    @property
    def year(self) -> int:
        return int(self.timestamp[:4])


@dataclass(slots=True)
class RowFaults:
    """Rows that were left out."""

    malformed: Counter[str] = field(default_factory=Counter)
    """By what is wrong."""
    examples: list[str] = field(default_factory=list)
    """The first five of them, cut at 200 characters."""
    repeated: int = 0
    """Rows that are equal to the row before."""

    def add(self, reason: str, row: object) -> None:
        self.malformed[reason] += 1
        if len(self.examples) < 5:
            self.examples.append(f"{reason}: {row}"[:200])


def repaired(timestamp: str) -> str | None:
    """A timestamp that is a time; None where it is none.

    Some have `00` inserted before the month or the day, and lack the seconds for it (EDGI asked the staff of the archive).

    >>> repaired("20130305120000"), repaired("20000008241731"), repaired("20000800241731"), repaired("2013")
    ('20130305120000', '20000824173100', '20000824173100', None)
    """
    if len(timestamp) != 14 or not (timestamp.isascii() and timestamp.isdigit()):
        return None
    if timestamp[4:6] == "00":
        timestamp = f"{timestamp[:4]}{timestamp[6:]}00"
    elif timestamp[6:8] == "00":
        timestamp = f"{timestamp[:6]}{timestamp[8:]}00"
    try:
        datetime.strptime(timestamp, "%Y%m%d%H%M%S")  # noqa: DTZ007  only checked
    except ValueError:
        return None
    return timestamp


def without_port(url: str) -> str:
    """A URL without the default port of its scheme.

    >>> without_port("http://a.cn:80/x:80"), without_port("https://a.cn:443"), without_port("http://a.cn:8080/")
    ('http://a.cn/x:80', 'https://a.cn', 'http://a.cn:8080/')
    """
    return _PORT.sub(lambda match: match[1] or match[2], url)


class NotAnIndex(ValueError):
    """Raised where an answer is no list of rows. The message has how it begins."""


def wayback_rows(body: bytes, faults: RowFaults) -> tuple[list[IndexRow], str | None]:
    """The rows of an answer of the Wayback Machine, and the resume key of the next; None: it was the last.

    A JSON array: names first, then rows, then where there is more an empty row and the key. Raises NotAnIndex.
    """
    if not body.strip():
        return [], None
    try:
        table = json.loads(body)
        if not isinstance(table, list) or not all(isinstance(row, list) for row in table):
            raise ValueError
    except ValueError:
        raise NotAnIndex(repr(body[:120])) from None
    if not table:
        return [], None
    names, *lines = table
    key = None
    if len(lines) >= 2 and lines[-2] == [] and len(lines[-1]) == 1:
        key = str(lines[-1][0])
        lines = lines[:-2]
    rows = []
    for line in lines:
        if len(line) != len(names):
            faults.add(N_("number of fields"), line)
        elif row := _row(dict(zip(names, line, strict=True)), faults):
            rows.append(row)
    return list(distinct(rows, faults)), key


def cdxj_rows(lines: Iterable[str], faults: RowFaults) -> Iterator[IndexRow]:
    """The rows of an answer in lines: each a JSON object (pywb with output=json), or key, time and JSON object (CDXJ)."""
    return distinct(_cdxj_rows(lines, faults), faults)


def _cdxj_rows(lines: Iterable[str], faults: RowFaults) -> Iterator[IndexRow]:
    for line in lines:
        begin, brace, rest = line.partition("{")
        if not line.strip():
            continue
        try:
            fields = json.loads(brace + rest)
        except ValueError:
            faults.add(N_("no JSON"), line)
            continue
        if len(words := begin.split()) == 2:
            fields = {"urlkey": words[0], "timestamp": words[1], **fields}
        if row := _row(fields, faults):
            yield row


def distinct(rows: Iterable[IndexRow], faults: RowFaults) -> Iterator[IndexRow]:
    """Rows without those that equal the row before, which indexes repeat."""
    before = None
    for row in rows:
        if row == before:
            faults.repeated += 1
        else:
            yield row
        before = row


def _row(fields: Mapping[str, object], faults: RowFaults) -> IndexRow | None:
    """`fields`: names of either dialect. A digest or status that is malformed is left out, as the capture can still be fetched."""
    timestamp = repaired(str(fields.get("timestamp", "")))
    url = without_port(str(fields.get("original") or fields.get("url") or ""))
    if timestamp is None:
        faults.add("timestamp", dict(fields))
        return None
    if not url.lower().startswith(("http://", "https://")):
        faults.add("address", dict(fields))
        return None
    status = str(fields.get("statuscode") or fields.get("status") or "-")
    return IndexRow(
        urlkey=str(fields.get("urlkey", "")),
        timestamp=timestamp,
        url=url,
        mime=str(fields.get("mimetype") or fields.get("mime") or "").lower(),
        status=int(status) if len(status) == 3 and status.isascii() and status.isdigit() else None,
        digest=_digest(str(fields.get("digest", ""))),
        filename=_text(fields.get("filename")),
        offset=_int(fields.get("offset")),
        length=_int(fields.get("length")),
        truncated=_text(fields.get("truncated")),
    )


def _digest(text: str) -> str:
    """A digest as IndexRow has it."""
    if found := _SHA1.fullmatch(text):
        return found[1].upper()
    found = _SHA256.fullmatch(text)
    return f"sha256:{found[1].lower()}" if found else ""


def _int(value: object) -> int | None:
    return int(str(value)) if str(value).isascii() and str(value).isdigit() else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
