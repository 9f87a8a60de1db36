"""Setting damaged files aside, and making again what can be made again: nothing is ever deleted.

Of a WARC file the whole records stay at their bytes. Of a crawl's lines those stay that hold, and what reading the WARC
again gives is added; a reading is read again, the catalog folded again. What cannot come back is named.
"""

import contextlib
import itertools
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from .. import catalog, config, pages, warc
from ..catalog.sources import CATALOG, reader_of
from ..catalog.update import catch_up
from ..errors import CannotWrite
from ..items import Article, Issue, PageSeen, Sighting, as_line
from ..profiles import Profile
from ..replay.replayer import replay, replaying
from ..storage.crawl_folder import KINDS
from ..storage.crawls import Crawl, crawls
from ..storage.durable import sync_folder
from ..storage.line_file import LineFile, lines
from ..storage.report import CRAWL_REPORT, amend_report, read_crawl_report
from .crawl import media_line, prove
from .findings import Finding
from .output import Say, Verified, locked, proven, readings_of


def repair(output: Path, profile: Profile, only: Sequence[Crawl] = (), say: Say = lambda text: None) -> Verified:
    """Proves, repairs what is damaged, and proves again; what is left of the damage stands in what comes back.

    Raises CrawlRunning, CannotWrite, NoSuchCrawl where there is nothing to prove.
    """
    repaired: list[str] = []
    lost: list[str] = []
    with locked(output, "gdfupin verify --repair", only):
        found = proven(output, profile, only, say)
        if not found.damage:
            return found
        for crawl in only or crawls(output):
            damage = [finding for finding in found.damage if finding.crawl == crawl.name]
            if damage:
                say(f"repairing {crawl.name}")
                _crawl(output, crawl, profile, damage, repaired, lost)
        path = output / CATALOG
        if any(finding.part == "catalog" for finding in found.damage) and path.exists():
            catalog.set_aside(path)
            repaired.append(f"{path} set aside")
        if path.exists() or not only:
            catch_up(output, profile, config.load(output).rules, rebuild=True, say=say)
            repaired.append(f"{path} folded again from what is left")
        again = proven(output, profile, only, say)
    again.repaired, again.lost = repaired, lost
    return again


def _crawl(
    output: Path, crawl: Crawl, profile: Profile, damage: Sequence[Finding], repaired: list[str], lost: list[str]
) -> None:
    reader = pages.reader(profile)
    mended = _warcs(crawl, damage, repaired, lost)
    report = crawl.path / CRAWL_REPORT
    if any(finding.part == "report" for finding in damage) and report.exists():
        repaired.append(f"{report} set aside as {_aside(report).name}: the crawl now counts as one that was killed")
        crawl = Crawl(crawl.path, crawl.name, whole=False)
    if mended:  # what was said of lines may have changed with the captures they stand on
        found: list[Finding] = []
        captures = prove(crawl, readings_of(output, crawl.name), profile, found.append, lambda count: None).captures
        damage = [finding for finding in found if finding.damage]
    else:
        captures = None
    bad: defaultdict[str, set[int]] = defaultdict(set)
    for finding in damage:
        if finding.part == "lines" and finding.path.stem in KINDS:
            bad[finding.path.stem].add(-1 if finding.offset is None else finding.offset)
    if any(finding.path.name == "changes.jsonl" for finding in damage):
        _changes(crawl.path / "changes.jsonl", repaired, lost)
    if mended and reader_of(crawl) == reader:
        bad.update({kind: bad[kind] for kind in KINDS})
    if bad or (captures is not None and crawl.whole):
        _lines(crawl, profile, bad, captures, repaired, lost)
    for path in readings_of(output, crawl.name):
        if any(finding.part == "reading" and path in (finding.path, finding.path.parent) for finding in damage):
            repaired.append(f"{path} set aside as {_aside(path).name}")
            if path.parent.name == reader:
                replay(crawl, profile, output)
                repaired.append(f"{path} read again")
            else:
                lost.append(f"{path}: the reading of another reader; today's reads the same WARC again")


def _warcs(crawl: Crawl, damage: Sequence[Finding], repaired: list[str], lost: list[str]) -> bool:
    """Mends the damaged WARC files of a crawl; whether there was any."""
    there = set(warc.files(crawl.path))
    bad: defaultdict[Path, set[int]] = defaultdict(set)
    for finding in damage:
        if finding.part == "warc" and finding.path in there:
            bad[finding.path].add(-1 if finding.offset is None else finding.offset)
        elif finding.part == "warc":
            lost.append(f"{finding.path}: {finding.reason}")
    for path, offsets in bad.items():
        draft = path.with_name(f".{path.name}.new")
        try:
            draft.unlink(missing_ok=True)
            taken = warc.mend(path, draft, offsets)
        except OSError as error:
            raise CannotWrite(draft, error.strerror or str(error)) from error
        aside = _aside(path)
        draft.rename(path)
        sync_folder(path.parent)
        repaired.append(f"{path} keeps its whole records; as it was: {aside.name}")
        lost += [f"{path} at byte {start}: {end - start} bytes that could not be read" for start, end in taken]
    return bool(bad) or any(finding.part == "warc" for finding in damage)


def _lines(
    crawl: Crawl,
    profile: Profile,
    bad: dict[str, set[int]],
    captures: int | None,
    repaired: list[str],
    lost: list[str],
) -> None:
    """Makes files of lines again, and the report that seals them."""
    again = reader_of(crawl) == pages.reader(profile)
    files = {kind: LineFile(_draft(crawl.path / f"{kind}.jsonl")) for kind in bad}
    old = {kind: _Old(crawl.path / f"{kind}.jsonl", offsets) for kind, offsets in bad.items()}
    gather = _Gather(files, old)
    for kind in bad:
        # Of articles, sightings and pages today's reader gives every line that holds, and each once.
        if not again or kind in ("issues", "media"):
            for line in old[kind].good():
                gather.line(kind, line)
                if kind == "articles":
                    gather.ids.add(json.loads(line)["id"])
    if again:
        rereading, _ = replaying(crawl.path, profile, gather)
        media: dict[str, str] = {}
        for capture in warc.read(crawl.path, lambda damage: None):
            rereading.add(capture)
            if capture.purpose == "media":
                media[capture.url] = media_line(capture)
        if "media" in bad:
            known = old["media"].urls()
            for url, line in media.items():
                if url not in known:
                    gather.line("media", line)
        rereading.judge()
    for kind, file in files.items():
        file.close()
        path = crawl.path / f"{kind}.jsonl"
        lost += old[kind].lost(path, gather.ids)
        said = f"set aside as {_aside(path).name} and " if path.exists() else ""
        file.path.rename(path)
        file.path = path
        repaired.append(f"{path} {said}made again: {file.count} lines")
    sync_folder(crawl.path)
    if crawl.whole:
        aside = _seal_again(crawl, files, captures)
        repaired.append(f"{crawl.path / CRAWL_REPORT} has new seals; the old one is kept as {aside.name}")


def _changes(path: Path, repaired: list[str], lost: list[str]) -> None:
    """What the fold knew then cannot be made again; the catalog knows it as of now."""
    report = path.with_name(CRAWL_REPORT)
    if path.exists():
        repaired.append(f"{path} set aside as {_aside(path).name}")
    lost.append(f"{path}: what the crawl brought to light stands in the catalog")
    if report.exists():
        amend_report(_aside(report), report, drop=path.name)


def _seal_again(crawl: Crawl, files: dict[str, LineFile], captures: int | None) -> Path:
    """Writes the report with new seals; where the old one is now. `captures`: number of them that the WARC still has."""
    path, report = crawl.path / CRAWL_REPORT, read_crawl_report(crawl.path)
    lost = max(0, report.run.requests_total - captures) if report is not None and captures is not None else None
    aside = _aside(path)
    amend_report(aside, path, files=files.values(), lost=lost)
    return aside


class _Old:
    """A file of lines as it was."""

    def __init__(self, path: Path, bad: set[int]) -> None:
        self._path, self._bad = path, bad

    def good(self) -> Iterator[str]:
        """The lines that nothing is wrong with."""
        for offset, record in lines(self._path, lambda damage: None):
            if offset not in self._bad:
                yield json.dumps(record, ensure_ascii=False, separators=(",", ":"))

    def urls(self) -> set[str]:
        return {json.loads(line)["url"] for line in self.good()}

    def lost(self, path: Path, kept: set[str]) -> Iterator[str]:
        """What stood there and does not come back: articles by name."""
        if path.stem != "articles":
            return
        for offset, record in lines(self._path, lambda damage: None):
            if record.get("id") not in kept:
                yield f"article {record.get('url')} ({record.get('title')}), byte {offset} of {path}: its proof is gone"


class _Gather:
    """Writes lines of the kinds that are made again, each once. Takes what reading again gives (`ledger.Lines`)."""

    def __init__(self, files: dict[str, LineFile], old: dict[str, _Old]) -> None:
        self._files, self._once = files, set[tuple[str, int]]()
        self.ids: set[str] = set()

    def article(self, record: Article) -> None:
        self.ids.add(record.id)
        self.line("articles", as_line(record))

    def sighting(self, record: Sighting) -> None:
        self.line("sightings", as_line(record))

    def page(self, record: PageSeen) -> None:
        self.line("pages", as_line(record))

    def issue(self, record: Issue) -> None:
        self.line("issues", as_line(record))

    def line(self, kind: str, line: str) -> None:
        key = kind, hash(line)
        if kind in self._files and key not in self._once:
            self._once.add(key)
            self._files[kind].append(line)


def _draft(path: Path) -> Path:
    draft = path.with_name(f".{path.name}.new")
    with contextlib.suppress(FileNotFoundError):
        draft.unlink()
    return draft


def _aside(path: Path) -> Path:
    """Renames a file or folder to the next free `name.aside-1`."""
    aside = next(name for n in itertools.count(1) if not (name := path.with_name(f"{path.name}.aside-{n}")).exists())
    try:
        path.rename(aside)
    except OSError as error:
        raise CannotWrite(path, error.strerror or str(error)) from error
    return aside
