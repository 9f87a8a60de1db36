"""The Python API of an archive: `open_archive` and `compare`. It only reads; the verbs use the same functions.

An archive is an output folder: crawls, the catalog folded from them, releases.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self, cast

from . import clock, warc
from .catalog import END, AddressState, ArticleState, Catalog, SightingState, VersionState
from .catalog import coverage as catalog_coverage
from .catalog.decisions import decisions_of
from .catalog.rereads import Reread, RereadHistory
from .catalog.sources import CATALOG
from .catalog.withdrawn import withdrawn_in, withheld_addresses
from .diff import ArticleSet, ArticlesInMemory, ComparedArticle, Difference, DiffQuery, opened
from .diff import compare as compare_sets
from .diff.from_catalog import ArchiveLines, AsOf
from .errors import NotArchived, NothingThere
from .items import Capture, Proof, as_dict, decode
from .messages.text import N_
from .monitoring import source_variants
from .monitoring.source_variants import SourceVariant
from .pages import identity_key
from .pages.notebook import table_html
from .profiles import source_names
from .storage.archive_info import profile_of
from .storage.crawls import Crawl, crawls, crawls_of_site
from .storage.line_file import line_at
from .storage.lookup import resolve
from .storage.report import read_crawl_report
from .storage.withdrawals import Withdrawal

_URL = re.compile(r"https?://[^\s\"\\<>]+")
"""An address in JSON or in a sentence."""
Record = dict[str, object]
"""An article as in `articles.jsonl` (docs/files.md), with the keys of the catalog added."""


class Archive:
    """An archive, open for reading. Close it, or use it in a `with` block.

    It shows the catalog as it is, also while a crawl runs; what has not been folded yet is not in it (`gdfupin catalog`).
    Articles that were withdrawn (`gdfupin withdraw`) when it was opened are nowhere in it.
    """

    def __init__(self, path: str | Path) -> None:
        """Raises NothingThere where there is no crawl or no catalog, and CatalogUnusable."""
        self.path = Path(path)
        if not (self.path / CATALOG).exists():
            raise NothingThere(self.path, len(crawls(self.path)))
        self._catalog = Catalog(self.path / CATALOG)
        self._lines = ArchiveLines(self.path, self._catalog)
        self._decisions = decisions_of(self.path)
        self._rereads = RereadHistory(self.path, self._catalog)
        self._withdrawn = withdrawn_in(self.path, self._catalog)
        self._withheld = withheld_addresses(self.path, self._catalog, self._withdrawn)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes the catalog. Closing twice does nothing."""
        self._catalog.close()

    # --- articles -------------------------------------------------------------------------------------------------

    def __len__(self) -> int:
        """Number of articles, gone ones included."""
        return sum(self._counts().values())

    def _counts(self) -> Counter[str]:
        """Articles by status."""
        found = Counter(self._catalog.counts().articles)
        for id_, _ in self._withdrawn:
            if (state := self._catalog.article(id_)) is not None:
                found[state.status] -= 1
        return +found

    def __iter__(self) -> Iterator[Record]:
        return self.articles()

    def articles(self, status: str | None = None) -> Iterator[Record]:
        """The newest version of each article, by id. `status`: only `live`, `suspected`, `gone` or `archived` ones.

        Each is the line of `articles.jsonl` with `id` and `url` of today, and `status`, `versions` (their number),
        `first_seen`, `last_seen` (UTC), `missing_since`, `sections` (of all listings that link to it, sorted) and
        `reviewed` (fields that a person accepted or corrected) added.
        """
        for state in self._catalog.articles(status):
            if state.id not in self._withdrawn:
                yield self._newest(state)

    def article(self, name: str) -> Record | None:
        """The newest version of the article with this id, also an id of another of its addresses; None where there is none."""
        state = self.state(name)
        return self._newest(state) if state is not None else None

    def state(self, name: str) -> ArticleState | None:
        """What the catalog knows of the article with this id, of today or of earlier; None where there is none."""
        state = self._catalog.article(name)
        return state if state is not None and state.id not in self._withdrawn else None

    def withdrawal(self, name: str) -> Withdrawal | None:
        """Day and reason of the withdrawal of the article with this id, of today or of earlier; None: it was not withdrawn."""
        return self._withdrawn.of(self._catalog.resolve(name) or name)

    def address_state(self, name: str) -> AddressState | None:
        """What is known of the address with this id, article or not; None: no crawl ever requested it."""
        return self._catalog.address(name)

    def addresses(self, name: str) -> list[str]:
        """All URLs of an article: first the one that its id is made of, then by age."""
        return self._catalog.aliases(name)

    def ids(self, name: str) -> frozenset[str]:
        """Ids of all addresses of the article with this id; only this one where there is none."""
        return frozenset({name, *(alias.id for alias in self._catalog.addresses(self._catalog.resolve(name) or name))})

    def sightings(self, name: str, since: str, until: str) -> Iterator[SightingState]:
        """All sightings of an article between two times (UTC), both included, in capture order."""
        return self._catalog.sightings(name, since, until)

    def versions(self, name: str) -> list[Record]:
        """All versions of an article, oldest first; empty where there is no such article.

        Each is the line of `articles.jsonl` with `version` (1, 2 ...), `first_seen`, `last_seen` (UTC) and `sightings` added,
        and `reread`: what later readings of its captures changed, oldest first, each with `captured_at`, `read_at` (UTC),
        `reader_before`, `reader_after` and `fields` (`field`, `before`, `after`).
        Of a version whose line was lost with a killed crawl there are only these, `id` and `content_sha256`.
        """
        found = self._catalog.resolve(name)
        versions: list[Record] = []
        for version in self._catalog.versions(found) if found and found not in self._withdrawn else ():
            line = self._line(version) or {"id": version.id, "content_sha256": version.content_sha256}
            seen = {"first_seen": version.first_seen, "last_seen": version.last_seen, "sightings": version.sightings}
            reread = [_reread(each) for each in self._rereads.of(version.id, version.number)]
            versions.append({**line, "version": version.number, **seen, "reread": reread})
        return versions

    def _newest(self, state: ArticleState) -> Record:
        *_, last = self._catalog.versions(state.id)
        return {
            **(self._line(last) or {"title": state.title}),
            "id": state.id,
            "url": state.url,
            "status": state.status,
            "versions": state.versions,
            "first_seen": state.first_seen,
            "last_seen": state.last_seen,
            "missing_since": state.missing_since,
            "sections": list(state.sections),
        }

    def _line(self, version: VersionState) -> Record | None:
        place = version.line
        if place is None:
            return None
        applied = self._decisions.applied(line_at(self.path / place.folder / "articles.jsonl", place.offset))
        return {**applied.record, "reviewed": list(applied.reviewed)}

    def sources(self) -> list[SourceVariant]:
        """Sources as the newest versions of articles print them, most frequent first, with their canonical names."""
        return source_variants.variants(self._catalog, source_names.bundled())

    # --- changes --------------------------------------------------------------------------------------------------

    def changes(self, since: str | None = None, until: str | None = None) -> Iterator[Difference]:
        """What changed, by article id: in the newest crawl, since a time, in one crawl, or between two points.

        `since`: a crawl, a day or time, `7d`, `36h`, or a release; `until`: the same. A crawl alone is that crawl; a day
        means its beginning in the time zone of the site. Raises NotNamed, NoSuchTime, NobodyLooked, WrongOrder.
        """
        relative = since is not None and since[-1:] in "hdw" and since[:-1].isdigit()
        names = tuple(name for name in (since, until) if name is not None) if not relative else ()
        zone = profile_of(self.path).zone
        with DiffQuery(self.path, names, since if relative else None, clock.now(), zone) as query:
            yield from query.changes()

    # --- captures -------------------------------------------------------------------------------------------------

    def crawls(self) -> list[Crawl]:
        """All crawls, oldest first; also those that were killed."""
        return crawls(self.path)

    def captures(self, crawl: str = "latest") -> Iterator[Capture]:
        """Every exchange of a crawl in the order of the WARC: URL, time, status, headers, payload. Damage is skipped.

        Raises NoSuchCrawl.
        """
        found = warc.read(resolve(self.path, crawl).path, lambda damage: None)
        return (capture for capture in found if not self._is_withheld(capture.url))

    def capture(self, proof: Proof | Mapping[str, object]) -> Capture:
        """The capture that a record was read from: one of its `captures`, or the `capture` of an issue.

        Raises ArchiveError, and NotArchived where it shows a withdrawn article.
        """
        place = proof if isinstance(proof, Proof) else decode(Proof, dict(proof))
        return self.capture_at(place.warc, place.offset)

    def capture_at(self, file: str, offset: int) -> Capture:
        """The capture whose record begins at this byte of a WARC file, `<crawl>/capture-00000.warc.gz`.

        Raises ArchiveError, and NotArchived where it shows a withdrawn article.
        """
        capture = warc.read_at(self.path / "crawls" / file, offset)
        if self._is_withheld(capture.url):
            raise NotArchived(f"{file} byte {offset}", N_("it shows an article that was withdrawn"))
        return capture

    def names_withdrawn(self, text: str) -> bool:
        """Whether a text has an address or an id of a withdrawn article, or the address of a picture or file of one."""
        return bool(self._withdrawn) and (
            any(id_ in text for id_ in self._withdrawn.ids) or any(map(self._is_withheld, _URL.findall(text)))
        )

    def _is_withheld(self, url: str) -> bool:
        return bool(self._withheld) and identity_key(url) in self._withheld

    # --- completeness ---------------------------------------------------------------------------------------------

    def missing(self) -> list[catalog_coverage.MissingArticle]:
        """Addresses that listings name and of which there is no article: section, URL, and why."""
        return list(catalog_coverage.missing_articles(self._catalog))

    @property
    def is_complete(self) -> bool:
        """Whether every listing was followed to its last page, nothing that it names is missing, and the newest crawl of the
        site finished without gaps."""
        known = crawls_of_site(self.path, clock.now())
        report = read_crawl_report(known[-1].path) if known else None
        finished = report is not None and report.run.reason == "finished" and not report.counts.gaps
        walked = all(listing.walked_at is not None for listing in self._catalog.listings())
        return finished and walked and not self.missing()

    def __repr__(self) -> str:
        return f"Archive({str(self.path)!r}, {len(self)} articles)"

    def _repr_html_(self) -> str:
        """For notebooks."""
        counts = self._catalog.counts()
        articles = ", ".join(f"{count:,} {status}" for status, count in self._counts().items())
        return table_html(
            [
                ("archive", str(self.path)),
                ("articles", articles or "none"),
                ("versions", f"{counts.versions:,}"),
                ("crawls", f"{len(crawls(self.path)):,}"),
                ("read by", self._catalog.reader),
                ("complete", "yes" if self.is_complete else f"no: {len(self.missing()):,} articles missing"),
            ]
        )

    def _as_set(self) -> ArticleSet:
        return AsOf(self._lines, END, str(self.path))


def _reread(reread: Reread) -> Record:
    names = ("captured_at", "read_at", "reader_before", "reader_after", "fields")
    return {name: value for name, value in as_dict(reread).items() if name in names}


def open_archive(path: str | Path) -> Archive:
    """The archive in an output folder. Raises NothingThere, whose message names the next step, and CatalogUnusable."""
    return Archive(path)


Comparable = str | Path | Archive | Sequence[Mapping[str, object]]
"""A file of articles, the folder of a release or crawl, an archive or its folder, or records."""


def compare(old: Comparable, new: Comparable) -> Iterator[Difference]:
    """The changes between two sets of articles, by article id: added, edited, moved, gone, reappeared.

    Each set is a file (.jsonl, .jsonl.gz, .parquet, .sqlite), the folder of a release or a crawl, an archive or its folder,
    or a sequence of records. The order of articles does not matter. Raises NotArticles.

    >>> one = {"id": "gdfupin-000000000001", "url": "http://a.cn/1", "title": "村里修路", "date": None, "source": None,
    ...        "author": None, "section": None, "body": "路修好了。", "images": [], "attachments": [],
    ...        "content_sha256": "0" * 64, "captured_at": "2026-11-23T03:00:00Z"}
    >>> [change.kind for change in compare([], [one])]
    ['added']
    """
    opened_here: list[Archive] = []
    try:
        yield from compare_sets(_set(old, "old", opened_here), _set(new, "new", opened_here))
    finally:
        for archive in opened_here:
            archive.close()


def _set(value: Comparable, name: str, opened_here: list[Archive]) -> ArticleSet:
    if isinstance(value, Archive):
        return value._as_set()
    if isinstance(value, str | Path):
        path = Path(value)
        if (path / "crawls").is_dir():
            opened_here.append(Archive(path))
            return opened_here[-1]._as_set()
        return opened(path)
    return ArticlesInMemory(cast(Sequence[ComparedArticle], value), name)
