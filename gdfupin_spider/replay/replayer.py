"""Parses a crawl again from its WARC alone: gives the lines that the crawl would write with the current reader and profile.

A crawl and its replay agree because both apply the same rules to the same captures, in the order of the WARC:

- Of several captures of one address the last one without a fault counts, because the crawl retries only faults. A
  redirect to another spelling of the same address is retried as well. If all have a fault, the last one is a failure.
- A capture that was fetched as a further page belongs to the article that links to it. Without one it is parsed like any
  other page.
- An article with a missing further page is refused.
- Captures of a web archive, and of the WARC files of other programs, are years apart: each counts, at its own time. Of a
  further page of an article the capture nearest in time to that of the first page belongs to it.

WARC files of other programs do not record the purpose of a request. In these, all captures are pages, except robots.txt
and captures whose Content-Type is that of a file.
"""

import contextlib
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import chain
from pathlib import Path

from .. import clock, deadline, pages, warc
from ..errors import ArchiveError
from ..items import Article, Capture, Issue, Proof, Sighting
from ..ledger.judge import Judge, Verdict
from ..ledger.ledger import Ledger, LineSink
from ..ledger.provenance import versions
from ..ledger.response_faults import response_fault
from ..messages.text import N_
from ..pages import Page
from ..profiles import Profile
from ..storage.crawl_settings import settings_of
from ..storage.crawls import Crawl
from ..storage.line_file import lines
from ..storage.reading_folder import ReadingFolder
from ..storage.report import DamageNote, ReadingReport
from .page_readers import CHUNK, Chunk, PageReaders
from .rare_collections import rare_collections
from .running_count import RunningCount

OnPage = Callable[[Page | None, Sighting | None, Article | None], None]
"""Takes what becomes of a page: the page where this process read it, and the records that were written."""


def replay(
    crawl: Crawl,
    profile: Profile,
    output: Path,
    readers: PageReaders | None = None,
    say: Callable[[str], None] = lambda text: None,
) -> ReadingReport:
    """Parses the crawl again into `output/readings/`. Raises CannotWrite, ArchiveError.

    `readers`: other processes that read the pages; None: this one does.
    """
    progress = RunningCount(say)
    damages: list[warc.Damage] = []
    started = clock.now()
    with ReadingFolder(output, pages.reader(profile), crawl.name) as folder:
        again, ledger = replaying(
            crawl.path, profile, folder, lambda *_: progress.count(N_("pages of {crawl} read", crawl=crawl.name))
        )
        again.run(damages, readers)
        for issue in issues_of_crawl(crawl.path):
            ledger.issue(issue)
        report = ReadingReport(
            crawl=crawl.name,
            started=clock.stamp(started),
            finished=clock.stamp(),
            folder=str(folder.path),
            counts=ledger.counts(),
            damage=tuple(DamageNote(each.path.name, each.offset, each.reason, each.tail) for each in damages),
            versions=versions(profile),
        )
        folder.close(report)
    return report


def issues_of_crawl(path: Path) -> Iterator[Issue]:
    """Issues that a replay copies from the crawl, because they cannot be found again in the WARC.

    Those without a capture (URLs without a response, crawler traps, a missing end, media of other hosts), and those of
    pictures and attachments, which a replay does not read. Empty if the folder has only a WARC.
    """
    media = {line.get("url") for _, line in lines(path / "media.jsonl", lambda damage: None)}
    for _, line in lines(path / "issues.jsonl", lambda damage: None):
        proof = line.get("capture")
        if proof is not None and line.get("url") not in media:
            continue
        with contextlib.suppress(KeyError, TypeError):  # not an issue line: `gdfupin verify` reports it
            yield Issue(line["level"], line["what"], line["url"], line["evidence"], Proof(**proof) if proof else None)


def replaying(
    path: Path, profile: Profile, lines: LineSink, on_page: OnPage = lambda page, sighting, article: None
) -> tuple["Replaying", Ledger]:
    """A replay of the WARC files in a folder that writes to `lines`, and the ledger that counts them."""
    settings = settings_of(path)
    ledger = Ledger(lines, profile)
    judge = Judge(profile, settings.start_urls or profile.start_urls, settings.limit)
    return Replaying(path, profile, judge, ledger, on_page), ledger


class Replaying:
    """Parses, judges and writes pages as a crawl does, with a WARC instead of the network: each capture once, in order."""

    def __init__(
        self,
        path: Path,
        profile: Profile,
        judge: Judge,
        ledger: Ledger,
        on_page: OnPage = lambda page, sighting, article: None,
    ) -> None:
        self._on_page = on_page
        self._path, self._profile, self._judge, self._ledger = path, profile, judge, ledger
        self._as_page: defaultdict[str, list[Proof]] = defaultdict(list)
        self._as_part: defaultdict[str, list[Proof]] = defaultdict(list)
        self._claimed: set[str] = set()
        self._counts: dict[tuple[str, int], Proof] = {}
        self._order: list[tuple[Proof, str]] = []  # pages by their keys, in capture order
        self._archived: dict[Proof, str] = {}  # captures of other archives: when they were made

    def add(self, capture: Capture) -> None:
        """Registers a capture. Call it for each capture of the WARC, in its order, before `judge`."""
        if is_page(capture):
            if capture.is_archived:
                self._archived[capture.proof] = capture.captured_at
            key = key_of(capture)
            if capture.purpose == "part":
                self._as_part[key].append(capture.proof)
            else:
                self._as_page[key].append(capture.proof)
                self._order.append((capture.proof, key))

    def run(self, damages: list[warc.Damage], readers: PageReaders | None = None) -> None:
        """Reads the WARC twice: to register all captures, then to judge them. `readers`: these processes read the pages."""
        with rare_collections():
            for capture in warc.read(self._path, damages.append, without="media"):
                self.add(capture)
            if readers is None:
                self.judge()
            else:
                self._judge_with(readers)

    def judge(self) -> None:
        """Parses and judges the pages after all captures are registered, and writes what only all pages show."""
        for capture in warc.read(self._path, lambda damage: None, without="media"):
            if is_page(capture) and capture.purpose != "part":
                self._page(capture, self._as_page[key_of(capture)])
        self._finish()

    def _judge_with(self, readers: PageReaders) -> None:
        """As `judge`, with pages that other processes read. Addresses that were fetched several times are read here."""
        alone = {proof for proof, key in self._order if len(self._as_page[key]) > 1 and proof not in self._archived}
        shared = [proof for proof, _ in self._order if proof not in alone]
        chunks = (
            Chunk(tuple((self._file(proof), proof.offset) for proof in shared[start : start + CHUNK]))
            for start in range(0, len(shared), CHUNK)
        )
        results = chain.from_iterable(readers.read(chunks))
        for proof, key in self._order:
            if proof in alone:
                self._page(self._at(proof), self._as_page[key])
                continue
            read = next(results, None)
            if read is None or read.capture.proof != proof:
                raise ArchiveError(self._file(proof), N_("its captures changed while they were read"), proof.offset)
            if read.has_further_pages:
                self._page(self._at(proof), self._as_page[key])
            elif read.facts is not None:
                self._write(self._judge.judge_facts(read.facts))
            else:
                self._write(self._judge.judge_fault(read.capture, read.fault or "unread"))
        if next(results, None) is not None:
            raise ArchiveError(self._path, N_("more captures were read than it has"))
        self._finish()

    def _finish(self) -> None:
        """Judges further pages that no article claimed, and writes what only all pages show."""
        for key, proofs in self._as_part.items():
            if key not in self._claimed:
                for proof in proofs:
                    self._page(self._at(proof), proofs)
        self._ledger.finish()

    def _page(self, capture: Capture, captures: list[Proof]) -> None:
        """Judges one capture. `captures`: all captures of its address."""
        page = deadline.read(capture, self._profile)
        fault = response_fault(capture, page)
        if len(captures) > 1 and not capture.is_archived and self._counting(captures) != capture.proof:
            if fault is not None or page.kind != "moved":
                return
            verdict = self._judge.judge(capture, page)
        elif fault is None and page.kind == "article" and page.first_part is None and not self._judge.at_limit:
            further, missing = self._further(page)
            verdict = self._judge.judge(capture, page, further=further, missing=missing)
        else:
            verdict = self._judge.judge(capture, page, fault)
        self._write(verdict)

    def _write(self, verdict: Verdict) -> None:
        self._ledger.write(verdict)
        self._on_page(verdict.page, verdict.sighting, verdict.article)

    def _further(self, first: Page) -> tuple[list[Page], str | None]:
        """The further pages of an article, and the URL of the first one that is missing."""
        further: list[Page] = []
        while (url := pages.next_part([first, *further])) is not None:
            part = self._part(url, first.capture)
            if part is None:
                return further, url
            further.append(part)
        return further, None

    def _part(self, url: str, first: Capture) -> Page | None:
        key = pages.identity_key(url)
        claimed = key in self._claimed
        self._claimed.add(key)
        captures = self._as_part.get(key) or self._as_page.get(key)
        if not captures:
            return None
        near = self._nearest(captures, first) if first.is_archived else captures
        if not near:
            return None
        capture = self._at(self._counting(near))
        page = deadline.read(capture, self._profile)
        fault = response_fault(capture, page)
        if not claimed and capture.purpose == "part":
            self._write(self._judge.judge(capture, page, fault, part=True))
        return page if fault is None else None

    def _nearest(self, captures: list[Proof], first: Capture) -> list[Proof]:
        """Of captures of other archives the one without a fault that is nearest in time to the first page."""
        begun = datetime.fromisoformat(first.captured_at)

        def distance(proof: Proof) -> timedelta:
            return abs(datetime.fromisoformat(self._archived.get(proof, first.captured_at)) - begun)

        near = sorted(captures, key=distance)
        return next(([proof] for proof in near if self._is_content(proof)), [])

    def _counting(self, captures: list[Proof]) -> Proof:
        """The capture that counts, of all captures of one address."""
        key = (captures[0].warc, captures[0].offset)
        if key not in self._counts:
            self._counts[key] = next((proof for proof in reversed(captures) if self._is_content(proof)), captures[-1])
        return self._counts[key]

    def _is_content(self, proof: Proof) -> bool:
        capture = self._at(proof)
        page = deadline.read(capture, self._profile)
        again = page.to is not None and pages.identity_key(page.to) == pages.identity_key(capture.url)
        return response_fault(capture, page) is None and not again

    def _at(self, proof: Proof) -> Capture:
        return warc.read_at(self._file(proof), proof.offset)

    def _file(self, proof: Proof) -> Path:
        return self._path / proof.warc.rpartition("/")[2]


def key_of(capture: Capture) -> str:
    """The key of an address: its identity key, for a POST with the digest of the request body."""
    key = pages.identity_key(capture.url)
    return f"{key} {sha256(capture.request_body).hexdigest()}" if capture.method == "POST" else key


def is_page(capture: Capture) -> bool:
    """Whether a capture is parsed as a page; in the WARC of another program decided by its Content-Type."""
    if capture.purpose not in ("page", "part"):
        return False
    kind = (capture.header("content-type") or "text/html").partition(";")[0].strip().lower()
    return not capture.is_archived or kind.startswith("text/") or kind.endswith(("html", "xml")) or not kind
