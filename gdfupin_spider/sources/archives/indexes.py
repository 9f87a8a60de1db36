"""The capture indexes of archives, read piece by piece: each piece has a cursor, so that a walk can go on where it ended."""

from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlencode, urlsplit

from ...errors import ArchiveRefuses
from ...messages.text import N_
from .cdx_rows import IndexRow, NotAnIndex, RowFaults, cdxj_rows, wayback_rows
from .client import Answer, ArchiveClient, NoAnswer, TooLong

FIELDS = "urlkey,timestamp,original,mimetype,statuscode,digest,length"
"""`urlkey` must be among them: without it the resume key jumps (internetarchive/wayback#121)."""
ROWS = 10_000
"""Rows of an answer of the Wayback Machine: some 2 MB."""
LONGEST_ANSWER = 100_000_000
"""Bytes: some 300,000 rows of pywb."""
FIRST_YEAR = 1996


@dataclass(slots=True)
class IndexPiece:
    """One answer of an index."""

    rows: list[IndexRow]
    next: str | None
    """The cursor of the next piece; None: this was the last."""
    faults: RowFaults = field(default_factory=RowFaults)
    warning: str | None = None


class Index(Protocol):
    """An index that is walked by cursor."""

    def piece(self, domain: str, cursor: str | None) -> IndexPiece:
        """The piece at a cursor, of all addresses of a domain; None: the first. Raises ArchiveRefuses, Stopped."""


class WaybackIndex:
    """The CDX server of the Wayback Machine. `page=` is not used: it leaves out recent captures."""

    def __init__(self, client: ArchiveClient, url: str, rows: int = ROWS) -> None:
        """`url`: of the CDX server, such as `https://web.archive.org/cdx/search/cdx`."""
        self._client, self._url, self._rows = client, url, rows

    def piece(self, domain: str, cursor: str | None) -> IndexPiece:
        query = {
            "url": domain,
            "matchType": "domain",
            "output": "json",
            "fl": FIELDS,
            "limit": str(self._rows),
            "showResumeKey": "true",
            **({"resumeKey": cursor} if cursor else {}),
        }
        answer = _answer(self._client, f"{self._url}?{urlencode(query)}")
        faults = RowFaults()
        try:
            rows, key = wayback_rows(answer.body, faults)
        except NotAnIndex as error:
            raise ArchiveRefuses(self._client.pace.host, N_("its index answered {error}", error=error)) from None
        return IndexPiece(rows, key, faults)


class CdxjIndex:
    """A CDX server that speaks as pywb does: JSON lines or CDXJ. It has no resume key.

    All years are asked for at once. Where the answer is too long, or was probably cut, each half of them is asked for. A cursor
    has the periods that are left: `1996-2010 2011-2026`.
    """

    def __init__(self, client: ArchiveClient, url: str, last_year: int) -> None:
        self._client, self._url, self._last = client, url, last_year

    def piece(self, domain: str, cursor: str | None) -> IndexPiece:
        (first, last), *others = [
            (int(each[:4]), int(each[5:])) for each in (cursor or f"{FIRST_YEAR}-{self._last}").split()
        ]
        query = {"url": domain, "matchType": "domain", "output": "json", "from": f"{first}", "to": f"{last}"}
        try:
            answer = _answer(self._client, f"{self._url}?{urlencode(query)}", (404,))
        except TooLong as error:
            if first == last:
                raise ArchiveRefuses(
                    self._client.pace.host, N_("its index cannot be read: {first}: {error}", first=first, error=error)
                ) from None
            return IndexPiece([], _periods(*_halves(first, last), *others))
        faults = RowFaults()
        rows: list[IndexRow] = []
        if answer.status != 404:  # pywb: no captures
            lines = answer.body.decode("utf-8", "replace").splitlines()
            # some servers ignore `from` and `to`
            rows = [row for row in cdxj_rows(lines, faults) if first <= row.year <= last]
            if lines and not rows and sum(faults.malformed.values()) == len(lines):
                raise ArchiveRefuses(self._client.pace.host, N_("its index answered {lines!r}", lines=lines[0][:120]))
        count = len(rows) + sum(faults.malformed.values()) + faults.repeated
        if not may_be_cut(count):
            return IndexPiece(rows, _periods(*others), faults)
        if first == last:
            return IndexPiece(
                rows,
                _periods(*others),
                faults,
                N_("{first}: {count:,} rows; the server may have cut its answer", first=first, count=count),
            )
        return IndexPiece([], _periods(*_halves(first, last), *others))


def may_be_cut(count: int) -> bool:
    """Whether an answer of this number of rows probably ends at a limit of the server: those are round.

    >>> may_be_cut(10_000), may_be_cut(10_001), may_be_cut(300)
    (True, False, False)
    """
    return count >= 500 and count % 100 == 0


def _halves(first: int, last: int) -> tuple[tuple[int, int], tuple[int, int]]:
    middle = (first + last) // 2
    return (first, middle), (middle + 1, last)


def _periods(*periods: tuple[int, int]) -> str | None:
    return " ".join(f"{first}-{last}" for first, last in periods) or None


def index_at(client: ArchiveClient, url: str, last_year: int) -> Index:
    """The index at an address: that of the Wayback Machine has a path of its own."""
    return WaybackIndex(client, url) if is_wayback(url) else CdxjIndex(client, url, last_year)


def is_wayback(url: str) -> bool:
    """Whether the address of a CDX server is one of the Wayback Machine, or of a server that speaks as it does."""
    return urlsplit(url).path.rstrip("/").endswith("/cdx/search/cdx")


def replay_at(url: str) -> str:
    """The beginning of replay addresses that belongs to the address of a CDX server.

    >>> replay_at("https://web.archive.org/cdx/search/cdx"), replay_at("http://127.0.0.1:8080/county/cdx")
    ('https://web.archive.org/web/', 'http://127.0.0.1:8080/county/')
    """
    if is_wayback(url):
        return url.rstrip("/").removesuffix("cdx/search/cdx") + "web/"
    return url.partition("?")[0].rstrip("/").rpartition("/")[0] + "/"


def _answer(client: ArchiveClient, url: str, accepted: tuple[int, ...] = ()) -> Answer:
    try:
        answer = client.get(url, "index", longest=LONGEST_ANSWER)
    except TooLong:
        raise
    except NoAnswer as error:
        raise ArchiveRefuses(client.pace.host, N_("its index cannot be read: {error}", error=error)) from None
    if answer.status != 200 and answer.status not in accepted:
        begin = answer.body[:120].decode("utf-8", "replace").strip()
        withheld = N_("; it withholds the site") if "AccessControlException" in begin or "Blocked Site" in begin else ""
        raise ArchiveRefuses(
            client.pace.host,
            N_("its index answered {status}: {begin}{withheld}", status=answer.status, begin=begin, withheld=withheld),
        )
    return answer
