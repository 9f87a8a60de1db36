"""Common Crawl: its indexes and records as byte ranges of files, without its index server, which blocks after some hundred queries.

Each monthly collection has sorted index files in gzip blocks of 3,000 rows (`cdx-00000.gz` ...) and a list of the first key of each
block (`cluster.idx`). The place of a site in that list is found by bisection, which begins where the collection before had it:
some ten requests for the first collection, and six for each other one.
"""

import json
import re
import tempfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ... import warc
from ...errors import ArchiveError, ArchiveRefuses, WrongArgument
from ...items import Capture
from ...messages.text import N_
from ...warc import Exchange, copy_of
from .cdx_rows import IndexRow, RowFaults, cdxj_rows
from .client import Answer, ArchiveClient, NoAnswer
from .indexes import IndexPiece
from .memento import NO_CONTENT, Refusal, folded, purpose_of

WINDOW = 1_000_000
"""Bytes of cluster.idx that are read at once: some 7,000 blocks of a million."""
NEAR = 0.02
"""Share of cluster.idx by which the place of a site seldom differs between collections."""
MOST_AT_ONCE = 8_000_000
"""Bytes of adjacent blocks that are read by one request."""
MOST_BLOCKS = 2_000
"""Blocks of one collection: six million rows. What is beyond is a warning."""
LONGEST_RECORD = 60_000_000
_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)")
_BLOCK = re.compile(rb"(.+?)[ \t](\d{14})\t(cdx-\d+\.gz)\t(\d+)\t(\d+)(?:\t\d+)?")


@dataclass(frozen=True, slots=True)
class IndexBlock:
    """A gzip block of an index file."""

    key: str
    """Of its first row."""
    file: str
    offset: int
    length: int


class CommonCrawlIndex:
    """The indexes of all collections, or of those named. A piece is a collection; a cursor has the names of those that are left.

    The order is that of `spread`, so that some pieces show what there is of all years.
    """

    def __init__(
        self, client: ArchiveClient, collections: str, data: str, named: tuple[str, ...] = (), window: int = WINDOW
    ) -> None:
        """`client`: for the data host and the list at the address `collections`. `data`: address of the data host."""
        self._client, self._list, self._data, self._named = client, collections, data.rstrip("/"), named
        self._window = window
        self._names: list[str] = []
        self._places: dict[str, float] = {}  # by the first key of a site: its place in the last cluster.idx, as a share

    def names(self) -> list[str]:
        """Names of the collections, in the order in which they are read. Raises ArchiveRefuses, WrongArgument."""
        if not self._names:
            try:
                answer = self._get(self._list, None)
            except NoAnswer as error:
                raise ArchiveRefuses(
                    self._client.pace.host, N_("its list of indexes cannot be read: {error}", error=error)
                ) from None
            try:
                known = [str(each["id"]) for each in json.loads(answer.body)]
            except (ValueError, TypeError, KeyError):
                raise ArchiveRefuses(
                    self._client.pace.host, N_("its list of indexes is {body!r}", body=answer.body[:80])
                ) from None
            for name in self._named:
                if name not in known:
                    raise WrongArgument(
                        "--from",
                        N_(
                            "Common Crawl has no index {name}; the newest is {known}",
                            name=name,
                            known=known[0] if known else "none",
                        ),
                    )
            self._names = spread(self._named or known)
        return self._names

    def piece(self, domain: str, cursor: str | None) -> IndexPiece:
        name, *later = cursor.split() if cursor else self.names()
        faults = RowFaults()
        begin, end = key_range(domain)
        folder = f"{self._data}/cc-index/collections/{name}/indexes"
        warning = None
        rows: list[IndexRow] = []
        try:
            blocks = self._blocks(f"{folder}/cluster.idx", begin, end)
            if len(blocks) > MOST_BLOCKS:
                warning = N_(
                    "{name}: {blocks:,} blocks of its index may have the site; {most_blocks:,} were read",
                    name=name,
                    blocks=len(blocks),
                    most_blocks=MOST_BLOCKS,
                )
            for adjacent in _adjacent(blocks[:MOST_BLOCKS]):
                lines = self._lines(f"{folder}/{adjacent[0].file}", adjacent, begin, end)
                rows += cdxj_rows(lines, faults)
        except (NoAnswer, zlib.error) as error:
            warning = N_("{name}: its index cannot be read: {error}", name=name, error=error)
        return IndexPiece([row for row in rows if _is_below(row, domain)], " ".join(later) or None, faults, warning)

    def _lines(self, url: str, blocks: Sequence[IndexBlock], begin: str, end: str) -> Iterator[str]:
        """The rows of adjacent blocks between two keys."""
        first, last = blocks[0], blocks[-1]
        data = self._part(url, first.offset, last.offset + last.length - 1)
        for block in blocks:
            packed = data[block.offset - first.offset :][: block.length]
            for line in zlib.decompressobj(31).decompress(packed).decode("utf-8", "replace").splitlines():
                if begin <= line < end:
                    yield line

    def _blocks(self, url: str, begin: str, end: str) -> list[IndexBlock]:
        """The blocks that may have keys between two: from the last that begins before the first of them."""
        low, high = 0, self._size(url)
        size = high
        place = self._places.get(begin)
        guesses = [] if place is None else [int((place + NEAR) * size), int((place - NEAR) * size)]
        while high - low > self._window:  # the wanted place is between low and high
            guess = guesses.pop() if guesses else 0
            middle = guess if low < guess < high else (low + high) // 2
            first = next(_block_lines(self._part(url, middle, middle + 2000), whole=False), None)
            if first is None or first.key >= begin:
                high = middle
            else:
                low = middle
        self._places[begin] = (low + high) / 2 / size
        found: list[IndexBlock] = []
        at, rest = max(low - 2000, 0), b""
        whole = at == 0
        while at < size:
            data = self._part(url, at, min(at + self._window + 4000, size) - 1)
            at += len(data)
            text = rest + data
            cut = len(text) if at >= size else text.rfind(b"\n") + 1
            text, rest = text[:cut], text[cut:]
            for block in _block_lines(text, whole=whole):
                if block.key >= end:
                    return found
                if block.key < begin:
                    found.clear()
                found.append(block)
            whole = True
            if len(found) > MOST_BLOCKS:
                return found
        return found

    def _size(self, url: str) -> int:
        answer = self._get(url, (0, 0))
        total = _RANGE.fullmatch(answer.header("content-range") or "")
        if total is None:
            raise NoAnswer(N_("no Content-Range of {url}", url=url))
        return int(total[3])

    def _part(self, url: str, first: int, last: int) -> bytes:
        return self._get(url, (first, last)).body

    def _get(self, url: str, part: tuple[int, int] | None) -> Answer:
        """An answer, or a part of a file. Raises NoAnswer, ArchiveRefuses."""
        headers = {"Range": f"bytes={part[0]}-{part[1]}"} if part else {}
        answer = self._client.get(url, "playback", headers=headers)
        if answer.status != (206 if part else 200):
            raise NoAnswer(N_("status {status} of {url}", status=answer.status, url=url))
        return answer


def _block_lines(data: bytes, *, whole: bool) -> Iterator[IndexBlock]:
    """The blocks of a part of cluster.idx. `whole`: it begins with the beginning of a line."""
    lines = data.split(b"\n")
    for line in lines if whole else lines[1:]:
        if found := _BLOCK.fullmatch(line.rstrip(b"\r")):
            key, _, file, offset, length = found.groups()
            yield IndexBlock(key.decode("utf-8", "replace"), file.decode(), int(offset), int(length))


def _adjacent(blocks: Sequence[IndexBlock]) -> Iterator[list[IndexBlock]]:
    """Blocks that lie side by side in one file, to be read by one request."""
    run: list[IndexBlock] = []
    for block in blocks:
        if run and not (
            (run[-1].file, run[-1].offset + run[-1].length) == (block.file, block.offset)
            and block.offset + block.length - run[0].offset <= MOST_AT_ONCE
        ):
            yield run
            run = []
        run.append(block)
    if run:
        yield run


def spread(names: Iterable[str]) -> list[str]:
    """Names of collections: the oldest, the newest, the middle of these, the middles between ..., so that the first of them are a
    sample of all years, whatever their number.

    >>> spread(["CC-MAIN-2014-15", "CC-MAIN-2013-20", "CC-MAIN-2014-10", "CC-MAIN-2009-2010", "CC-MAIN-2015-06"])
    ['CC-MAIN-2009-2010', 'CC-MAIN-2015-06', 'CC-MAIN-2014-10', 'CC-MAIN-2013-20', 'CC-MAIN-2014-15']
    """
    by_time = sorted(names)
    order = [0, len(by_time) - 1] if by_time else []
    gaps = [(0, len(by_time) - 1)]
    for first, last in gaps:
        if last - first > 1:
            middle = (first + last) // 2
            order.append(middle)
            gaps += [(first, middle), (middle, last)]
    return [by_time[at] for at in dict.fromkeys(order)]


def key_range(domain: str) -> tuple[str, str]:
    """The first key of a domain and one behind its last, with the names below it and all ports.

    >>> key_range("gdfupin.org.cn")
    ('cn,org,gdfupin)', 'cn,org,gdfupin;')
    """
    key = domain if re.fullmatch(r"[\d.]+|\[.*\]", domain) else ",".join(reversed(domain.split(".")))
    return f"{key})", f"{key};"


def _is_below(row: IndexRow, domain: str) -> bool:
    begin = key_range(domain)[0][:-1]
    return row.urlkey.startswith((f"{begin})", f"{begin},", f"{begin}:"))


class CommonCrawlPlayback:
    """Records by byte range, checked by the digest of the index."""

    def __init__(self, client: ArchiveClient, data: str) -> None:
        self._client, self._data = client, data.rstrip("/")

    def __call__(self, row: IndexRow) -> Exchange | Refusal:
        """Raises ArchiveRefuses, Stopped."""
        if not row.filename or row.offset is None or not row.length:
            return Refusal("failed", N_("the index does not tell where the record is"))
        if row.length > LONGEST_RECORD:
            return Refusal("failed", N_("the record has {length:,} bytes", length=row.length))
        url = f"{self._data}/{row.filename}"
        part = {"Range": f"bytes={row.offset}-{row.offset + row.length - 1}"}
        try:
            answer = self._client.get(url, "playback", headers=part, longest=LONGEST_RECORD + 1)
        except NoAnswer as error:
            return Refusal("failed", str(error))
        if answer.status in (404, 416):
            return Refusal("missing", N_("status {status} of {filename}", status=answer.status, filename=row.filename))
        if answer.status != 206 or len(answer.body) != row.length:
            return Refusal(
                "failed",
                N_(
                    "status {status}, {body:,} bytes in place of {length:,}",
                    status=answer.status,
                    body=len(answer.body),
                    length=row.length,
                ),
            )
        capture = _captured(answer.body, row)
        return capture if isinstance(capture, Refusal) else _exchange(capture, row, url)


def _captured(record: bytes, row: IndexRow) -> Capture | Refusal:
    """The capture in the bytes of a record: of a WARC file, or of an ARC file as before 2013."""
    is_arc = ".arc" in (row.filename or "").rpartition("/")[2]
    with tempfile.NamedTemporaryFile(suffix=".arc.gz" if is_arc else ".warc.gz") as file:
        file.write(record)
        file.flush()
        damages: list[warc.Damage] = []
        try:
            if not is_arc:
                return warc.read_at(Path(file.name), 0)
            captures = list(warc.read_arc(Path(file.name), damages.append))
        except ArchiveError as error:
            return Refusal("failed", N_("the record cannot be read: {reason}", reason=error.reason))
    if not captures:
        return Refusal(
            "failed",
            N_("the record cannot be read: {reason}", reason=damages[0].reason if damages else "it is no response"),
        )
    return captures[0]


def _exchange(capture: Capture, row: IndexRow, url: str) -> Exchange | Refusal:
    if capture.captured_at != row.captured_at or folded(capture.url) != folded(row.url):
        return Refusal(
            "mismatch", N_("the record is of {url} at {captured_at}", url=capture.url, captured_at=capture.captured_at)
        )
    if row.digest and not row.is_of(capture.payload):
        return Refusal("mismatch", N_("the payload has another digest than the index, {digest}", digest=row.digest))
    if capture.status in NO_CONTENT:
        return Refusal("no-content", N_("archived status {status}", status=capture.status))
    copied = replace(capture, truncated=capture.truncated or row.truncated, source_uri=url)
    return copy_of(copied, f"{row.filename} {row.offset}", origin="commoncrawl", purpose=purpose_of(row))
