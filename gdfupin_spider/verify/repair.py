"""Renames damaged files and rebuilds what can be rebuilt; nothing is ever deleted.

A WARC file keeps its intact records at their offsets. Line files keep their good lines and get those that parsing the
WARC again gives; a reading is made again, the catalog is folded again. Whatever is lost is listed.
"""

import contextlib
import itertools
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from .. import catalog, clock, config, pages, warc
from ..catalog.sources import CATALOG, reader_of
from ..catalog.update import catch_up
from ..errors import CannotWrite
from ..items import Article, Issue, Media, PageSeen, Sighting, as_bytes
from ..messages.text import N_
from ..monitoring.killed_crawls import judge_killed_crawls
from ..profiles import Profile
from ..replay.replayer import replay, replaying
from ..storage.crawl_folder import KINDS
from ..storage.crawl_register import register
from ..storage.crawls import Crawl, crawls
from ..storage.durable import sync_folder
from ..storage.line_file import LineFile, lines
from ..storage.report import CRAWL_REPORT, amend_report, read_crawl_report
from ..terminal import pluralized
from .crawl import DERIVED, prove
from .findings import Finding
from .folders import known_crawls
from .output import Say, Verified, locked, proven, readings_of


def repair(output: Path, profile: Profile, only: Sequence[Crawl] = (), say: Say = lambda text: None) -> Verified:
    """Checks, repairs damage, and checks again; the result has the damage that is left.

    Raises CrawlRunning, CannotWrite, and NoSuchCrawl where the output is empty.
    """
    repaired: list[str] = []
    lost: list[str] = []
    with locked(output, "gdfupin verify --repair", only):
        found = proven(output, profile, only, say)
        if not found.damage:
            return found
        register(output, known_crawls(output), clock.stamp())  # the catalog is folded again and forgets missing ones
        for crawl in only or crawls(output):
            damage = [finding for finding in found.damage if finding.crawl == crawl.name]
            if damage:
                say(N_("repairing {name}", name=crawl.name))
                _crawl(output, crawl, profile, damage, repaired, lost)
        path = output / CATALOG
        if any(finding.part == "catalog" for finding in found.damage) and path.exists():
            catalog.set_aside(path)
            repaired.append(N_("{path} was renamed", path=path))
        if path.exists() or not only:
            settings = config.load(output)
            judge_killed_crawls(output, profile, settings.rules, settings.monitors)
            catch_up(output, profile, settings.rules, rebuild=True, say=say)
            repaired.append(N_("{path} was rebuilt", path=path))
        again = proven(output, profile, only, say)
    again.repaired, again.lost = repaired, lost
    return again


def _crawl(
    output: Path, crawl: Crawl, profile: Profile, damage: Sequence[Finding], repaired: list[str], lost: list[str]
) -> None:
    reader = pages.reader(profile)
    mended, rewritten = _warcs(crawl, damage, repaired, lost)
    report = crawl.path / CRAWL_REPORT
    if any(finding.part == "report" for finding in damage) and report.exists():
        repaired.append(
            N_(
                "{report} was renamed to {name}: the crawl now counts as killed",
                report=report,
                name=_aside(report).name,
            )
        )
        crawl = Crawl(crawl.path, crawl.name, whole=False)
    if mended:  # lines may now refer to captures that no longer exist
        found: list[Finding] = []
        captures = prove(crawl, readings_of(output, crawl.name), profile, found.append, lambda count: None).captures
        damage = [finding for finding in found if finding.damage]
    else:
        captures = None
    bad: defaultdict[str, set[int]] = defaultdict(set)
    for finding in damage:
        if finding.part == "lines" and finding.path.stem in KINDS:
            bad[finding.path.stem].add(-1 if finding.offset is None else finding.offset)
    for name in DERIVED:
        if any(finding.path.name == name for finding in damage):
            _derived(crawl.path / name, repaired, lost)
    if mended and pages.same_reader(reader_of(crawl) or "") == reader:
        bad.update({kind: bad[kind] for kind in KINDS})
    if bad or (captures is not None and crawl.whole):
        _lines(crawl, profile, bad, captures, rewritten, repaired, lost)
    for path in readings_of(output, crawl.name):
        if any(finding.part == "reading" and path in (finding.path, finding.path.parent) for finding in damage):
            repaired.append(N_("{path} was renamed to {name}", path=path, name=_aside(path).name))
            if pages.same_reader(path.parent.name) == reader:
                replay(crawl, profile, output)
                repaired.append(N_("{path} was made again", path=path))
            else:
                lost.append(N_("{path}: made by another reader; the current one can read the same WARC", path=path))


def _warcs(crawl: Crawl, damage: Sequence[Finding], repaired: list[str], lost: list[str]) -> tuple[bool, list[Path]]:
    """Repairs the damaged WARC files of a crawl. Returns whether there was any, and the files that were written again."""
    files = {path for path in warc.files(crawl.path) if not path.is_symlink()}
    bad: defaultdict[Path, set[int]] = defaultdict(set)
    for finding in damage:
        if finding.part == "warc" and finding.path in files:
            bad[finding.path].add(-1 if finding.offset is None else finding.offset)
        elif finding.part == "warc":
            lost.append(f"{finding.path}: {finding.reason}")
    for path, offsets in bad.items():
        draft = path.with_name(f".{path.name}.new")
        try:
            draft.unlink(missing_ok=True)
            taken = warc.mend(path, draft, offsets, _free_aside(path).name)
        except OSError as error:
            raise CannotWrite(draft, error.strerror or str(error)) from error
        aside = _aside(path)
        draft.rename(path)
        sync_folder(path.parent)
        repaired.append(N_("{path} keeps its intact records; the damaged file is {name}", path=path, name=aside.name))
        lost += [
            N_("{path} at byte {start}: {end} unreadable bytes", path=path, start=start, end=end - start)
            for start, end in taken
        ]
    return bool(bad) or any(finding.part == "warc" for finding in damage), list(bad)


def _lines(
    crawl: Crawl,
    profile: Profile,
    bad: dict[str, set[int]],
    captures: int | None,
    rewritten: Sequence[Path],
    repaired: list[str],
    lost: list[str],
) -> None:
    """Rebuilds line files, and the report with their seals."""
    again = pages.same_reader(reader_of(crawl) or "") == pages.reader(profile)
    files = {kind: LineFile(_draft(crawl.path / f"{kind}.jsonl")) for kind in bad}
    old = {kind: _Old(crawl.path / f"{kind}.jsonl", offsets) for kind, offsets in bad.items()}
    gather = _Gather(files, old)
    for kind in bad:
        # The current reader gives every good line of articles, sightings and pages again, each once.
        if not again or kind in ("issues", "media"):
            for line in old[kind].good():
                gather.line(kind, line)
                if kind == "articles":
                    gather.ids.add(json.loads(line)["id"])
    if again:
        rereading, _ = replaying(crawl.path, profile, gather)
        media: dict[str, bytes] = {}
        for capture in warc.read(crawl.path, lambda damage: None):
            rereading.add(capture)
            if capture.purpose == "media":
                media[capture.url] = as_bytes(Media.of(capture))
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
        aside_name = _aside(path).name if path.exists() else None
        file.path.rename(path)
        file.path = path
        number = pluralized(file.count, "line")
        repaired.append(
            N_("{path} was rebuilt: {lines}", path=path, lines=number)
            if aside_name is None
            else N_("{path} was renamed to {name} and rebuilt: {lines}", path=path, name=aside_name, lines=number)
        )
    sync_folder(crawl.path)
    if crawl.whole:
        aside = _seal_again(crawl, files, captures, rewritten)
        repaired.append(
            N_("{path} has new seals; the old one is kept as {name}", path=crawl.path / CRAWL_REPORT, name=aside.name)
        )


def _derived(path: Path, repaired: list[str], lost: list[str]) -> None:
    """Renames a damaged file that cannot be rebuilt; see DERIVED."""
    report = path.with_name(CRAWL_REPORT)
    if path.exists():
        repaired.append(N_("{path} was renamed to {name}", path=path, name=_aside(path).name))
    lost.append(N_("{path}: {reason}", path=path, reason=DERIVED[path.name]))
    if report.exists():
        amend_report(_aside(report), report, drop=path.name)


def _seal_again(crawl: Crawl, files: dict[str, LineFile], captures: int | None, rewritten: Sequence[Path]) -> Path:
    """Writes the report with new seals; where the old one is now. `captures`: number of them that the WARC still has."""
    path, report = crawl.path / CRAWL_REPORT, read_crawl_report(crawl.path)
    lost = max(0, report.run.requests_total - captures) if report is not None and captures is not None else None
    aside = _aside(path)
    amend_report(aside, path, files=files.values(), lost=lost, mended=rewritten)
    return aside


class _Old:
    """A damaged line file. `bad`: offsets of damaged lines."""

    def __init__(self, path: Path, bad: set[int]) -> None:
        self._path, self._bad = path, bad

    def good(self) -> Iterator[bytes]:
        """The undamaged lines."""
        for offset, record in lines(self._path, lambda damage: None):
            if offset not in self._bad:
                line = json.dumps(record, ensure_ascii=False, separators=(",", ":"))
                yield line.encode("utf-8", "backslashreplace")  # a lone surrogate has no UTF-8

    def urls(self) -> set[str]:
        return {json.loads(line)["url"] for line in self.good()}

    def lost(self, path: Path, kept: set[str]) -> Iterator[str]:
        """Articles that were in it and are not kept, in words. `kept`: ids."""
        if path.stem != "articles":
            return
        for offset, record in lines(self._path, lambda damage: None):
            if record.get("id") not in kept:
                yield N_(
                    "article {url} ({title}), byte {offset} of {path}: its capture is lost",
                    url=record.get("url"),
                    title=record.get("title") or N_("no title"),
                    offset=offset,
                    path=path,
                )


class _Gather:
    """Writes lines of the kinds that are rebuilt, each once. Takes the lines of a replay (`ledger.Lines`)."""

    def __init__(self, files: dict[str, LineFile], old: dict[str, _Old]) -> None:
        self._files, self._once = files, set[tuple[str, int]]()
        self.ids: set[str] = set()

    def article(self, record: Article) -> None:
        self.ids.add(record.id)
        self.line("articles", as_bytes(record))

    def sighting(self, record: Sighting) -> None:
        self.line("sightings", as_bytes(record))

    def page(self, record: PageSeen) -> None:
        self.line("pages", as_bytes(record))

    def issue(self, record: Issue) -> None:
        self.line("issues", as_bytes(record))

    def line(self, kind: str, line: bytes) -> None:
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
    aside = _free_aside(path)
    try:
        path.rename(aside)
    except OSError as error:
        raise CannotWrite(path, error.strerror or str(error)) from error
    return aside


def _free_aside(path: Path) -> Path:
    return next(name for n in itertools.count(1) if not (name := path.with_name(f"{path.name}.aside-{n}")).exists())
