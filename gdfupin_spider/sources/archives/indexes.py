"""The capture indexes of archives, read piece by piece: each piece has a cursor, so that a walk can go on where it ended."""

from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlencode, urlsplit

from ...errors import ArchiveRefuses
from .cdx_rows import IndexRow, NotAnIndex, RowFaults, cdxj_rows, wayback_rows
from .client import Answer, ArchiveClient, NoAnswer

FIELDS = "urlkey,timestamp,original,mimetype,statuscode,digest,length"
"""`urlkey` must be among them: without it the resume key jumps (internetarchive/wayback#121)."""
ROWS = 10_000
"""Rows of an answer of the Wayback Machine: some 2 MB."""
LONGEST_ANSWER = 500_000_000
"""Bytes of an answer that has no limit of rows."""
FIRST_YEAR = 1996
ROUND = frozenset({1_000, 2_000, 5_000, 10_000, 15_000, 20_000, 50_000, 100_000, 150_000, 200_000, 1_000_000})
"""An answer of just this number of rows was probably cut off."""


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
            raise ArchiveRefuses(self._client.pace.host, f"its index answered {error}") from None
        return IndexPiece(rows, key, faults)


class CdxjIndex:
    """A CDX server that speaks as pywb does: JSON lines or CDXJ. It has no resume key; a piece is the captures of a year."""

    def __init__(self, client: ArchiveClient, url: str, last_year: int) -> None:
        self._client, self._url, self._last = client, url, last_year

    def piece(self, domain: str, cursor: str | None) -> IndexPiece:
        year = int(cursor or FIRST_YEAR)
        query = {"url": domain, "matchType": "domain", "output": "json", "from": f"{year}", "to": f"{year}"}
        answer = _answer(self._client, f"{self._url}?{urlencode(query)}", (404,))
        faults = RowFaults()
        rows: list[IndexRow] = []
        if answer.status != 404:  # pywb: no captures
            lines = answer.body.decode("utf-8", "replace").splitlines()
            # some servers ignore `from` and `to`
            rows = [row for row in cdxj_rows(lines, faults) if row.year == year]
            if lines and not rows and sum(faults.malformed.values()) == len(lines):
                raise ArchiveRefuses(self._client.pace.host, f"its index answered {lines[0][:120]!r}")
        count = len(rows) + sum(faults.malformed.values()) + faults.repeated
        warning = f"{year}: {count:,} rows; the server may have cut its answer" if count in ROUND else None
        return IndexPiece(rows, str(year + 1) if year < self._last else None, faults, warning)


def index_at(client: ArchiveClient, url: str, last_year: int) -> Index:
    """The index at an address: that of the Wayback Machine has a path of its own."""
    if urlsplit(url).path.rstrip("/").endswith("/cdx/search/cdx"):
        return WaybackIndex(client, url)
    return CdxjIndex(client, url, last_year)


def replay_at(url: str) -> str:
    """The beginning of replay addresses that belongs to the address of a CDX server.

    >>> replay_at("https://web.archive.org/cdx/search/cdx"), replay_at("http://127.0.0.1:8080/county/cdx")
    ('https://web.archive.org/web/', 'http://127.0.0.1:8080/county/')
    """
    if url.rstrip("/").endswith("/cdx/search/cdx"):
        return url.rstrip("/").removesuffix("cdx/search/cdx") + "web/"
    return url.partition("?")[0].rstrip("/").rpartition("/")[0] + "/"


def _answer(client: ArchiveClient, url: str, accepted: tuple[int, ...] = ()) -> Answer:
    try:
        answer = client.get(url, "index", longest=LONGEST_ANSWER)
    except NoAnswer as error:
        raise ArchiveRefuses(client.pace.host, f"its index cannot be read: {error}") from None
    if answer.status != 200 and answer.status not in accepted:
        begin = answer.body[:120].decode("utf-8", "replace").strip()
        withheld = "; it withholds the site" if "AccessControlException" in begin or "Blocked Site" in begin else ""
        raise ArchiveRefuses(client.pace.host, f"its index answered {answer.status}: {begin}{withheld}")
    return answer
