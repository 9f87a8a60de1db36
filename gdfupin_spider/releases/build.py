"""Builds a release: from the catalog and its lines to a folder that is never changed.

Nothing in it is of the clock, the machine or the folder it is made in: the same crawls, reader and libraries give the same
bytes, as long as the WARC files can be read that prove absences and changes. It is written beside, held against what must be and against the release before, and renamed into place.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from .. import __version__
from ..catalog import Catalog, changes_of
from ..catalog.coverage import not_held_by_month
from ..catalog.sources import CATALOG
from ..diff import Difference
from ..diff.proofs import ChangeProofs
from ..diff.tables import row, unread_proofs
from ..errors import ReleaseWorse
from ..items import as_dict, as_line
from ..messages.text import N_
from ..monitoring.release_floors import DEFAULT_FLOORS, ReleaseFloors
from ..pages import same_reader
from ..profiles import Profile
from ..storage.durable import need_room, write_whole
from ..storage.line_file import lines
from ..storage.publication import UNPUBLISHED, Publication
from . import assertions, contents, manifest
from .assertions import AssertionInputs
from .changelog import Changelog
from .check_inputs import ArticleChecks
from .corrections import rejections, released_reviews
from .cross_format import unequal
from .folder import ReleasesFolder
from .inputs import ReleaseInputs, inputs_of
from .manifest import SUMS, Allowed, ListedFile, Manifest, NotHeld, PreviousRelease
from .metadata import About, Gap, SectionListing
from .previous import ReleaseComparison, changes, comparison
from .records import ReleasedReview, ReleasedTombstone
from .released_captures import is_unread, released_captures
from .released_lines import lines_of
from .rows import ArticleLines, article_records, first_reprints, without_surrogates
from .sample import choose
from .statistics import Statistics
from .tombstones import tombstones
from .write import BATCH, Writers, writers

Say = Callable[[str], None]
EVERY = 10_000
"""Articles between two progress messages."""


@dataclass(frozen=True, slots=True)
class ReleaseResult:
    """The result of a build."""

    folder: Path
    manifest: Manifest
    new: bool
    """False: the release existed, and no article changed since."""

    def encode(self) -> dict[str, object]:
        """For JSON."""
        made = self.manifest
        return {
            "release": made.release,
            "folder": str(self.folder),
            "data": "demo" if any("demo" in each.crawl.origins for each in made.crawls) else "live",
            "new": self.new,
            "previous": made.previous.name if made.previous else None,
            "articles": made.counts["articles"],
            "versions": made.counts["versions"],
            "changes": made.counts["changes"],
            "records_sha256": made.records_sha256,
            "allowed": [{"assertion": each.assertion, "let_pass": list(each.let_pass)} for each in made.allowed],
            "files": [{"name": file.name, "bytes": file.bytes, "sha256": file.sha256} for file in made.files],
        }


def release(
    output: Path,
    profile: Profile,
    name: str | None = None,
    allow: Sequence[str] = (),
    gaps: Callable[[Catalog], Iterable[Gap]] = lambda catalog: (),
    say: Say = lambda text: None,
    floors: ReleaseFloors = DEFAULT_FLOORS,
    publication: Publication = UNPUBLISHED,
) -> ReleaseResult:
    """Makes a release of all folded crawls. Without a name only if there is none of the same inputs, and an article changed since the
    latest one.

    The caller holds the output's lock and has folded. `gaps`: known gaps. Raises ReleaseWorse, ReleaseExists, NoSuchRelease, NotInstalled,
    CannotWrite, ArchiveError.
    """
    manifest.need_libraries()
    need_room(output)
    lifted, shelf = assertions.known(allow), ReleasesFolder(output)
    with Catalog(output / CATALOG) as catalog:
        asked = shelf.name_for("", name) if name is not None else None
        inputs = inputs_of(output, profile, catalog, floors, publication)
        if name is None and (same := _same(shelf, inputs)) is not None:
            return ReleaseResult(shelf.path(same), shelf.manifest(same), new=False)
        previous = shelf.latest()
        old = shelf.manifest(previous) if previous else None
        if name is None and old is not None and _found_nothing(old, inputs):
            return ReleaseResult(shelf.path(old.release), old, new=False)
        with shelf.draft() as draft:
            making = _Builder(draft, asked or shelf.name_for(inputs.date), inputs, say)
            made = making.make(old, shelf.path(previous) if previous else None, lifted, tuple(gaps(catalog)))
            if name is None and old is not None and _is_unchanged(old, made):
                return ReleaseResult(shelf.path(old.release), old, new=False)
            shelf.publish(draft, made.release)
    return ReleaseResult(shelf.path(made.release), made, new=True)


def _found_nothing(old: Manifest, inputs: ReleaseInputs) -> bool:
    """Whether all that is new since a release is crawls without changes, so that a quiet day builds none to compare it.

    Two things are no change, and a release shows them, so that one is built: a suspected disappearance, and that an article of web archives
    was found live.
    """
    known = {each.crawl.name for each in old.crawls}
    of_old = tuple(each for each in inputs.crawls if each.crawl.name in known)
    if not old.made_of(of_old, inputs.catalog.reader, inputs.decided, inputs.publication):
        return False
    statuses = inputs.catalog.counts().articles
    if statuses.get("suspected") or old.counts.get("status:suspected"):
        return False
    if statuses.get("archived", 0) != old.counts.get("status:archived", 0):
        return False
    new = (each.crawl.name for each in inputs.crawls if each.crawl.name not in known)
    return not any(next(changes_of(inputs.catalog, crawl), None) for crawl in new)


def _is_unchanged(old: Manifest, new: Manifest) -> bool:
    """Whether no article changed since the release before, so that a quiet crawl makes none."""
    counted = ("captures", "unread_captures", "changes", "sample")
    before, now = (
        {name: count for name, count in each.counts.items() if name not in counted and not name.startswith("change:")}
        for each in (old, new)
    )
    return (
        not new.counts["changes"]
        and before == now
        and (old.format, same_reader(old.reader), old.decided, old.tables, old.publication)
        == (new.format, same_reader(new.reader), new.decided, new.tables, new.publication)
    )


class _Builder:
    """A release that is being written to its draft folder."""

    def __init__(self, draft: Path, name: str, inputs: ReleaseInputs, say: Say) -> None:
        self._draft, self._name, self._of, self._say = draft, name, inputs, say
        self._reviews: Counter[str] = Counter()
        self._released_reviews: list[ReleasedReview] = []
        self._tombstones: list[ReleasedTombstone] = []
        self._statistics = Statistics()
        self._lost = self._unread = 0

    def make(self, old: Manifest | None, before: Path | None, lifted: Sequence[str], gaps: tuple[Gap, ...]) -> Manifest:
        """Writes all files up to SHA256SUMS. Raises ReleaseWorse."""
        written = self._data(old, before)
        self._say(N_("reading every format back"))
        differing = unequal(self._draft)
        articles, compared, log = written.articles, written.compared, written.log
        made = self._manifest(old, written)
        broken, allowed = assertions.judge(
            AssertionInputs(made, old, articles, compared, self._of.profile, self._of.floors, differing), lifted
        )
        if broken:
            raise ReleaseWorse(self._name, broken, old.release if old else None)
        self._say(N_("writing the cards"))
        return self._finish(made, allowed, gaps, log)

    def _data(self, old: Manifest | None, before: Path | None) -> "_Written":
        """Writes all data files."""
        catalog = self._of.catalog
        shown = (each for each in catalog.articles() if each.id not in self._of.withdrawn)
        sample = choose((each.id, each.section or "", (each.date or "")[:4]) for each in shown)
        articles = ArticleChecks(self._of.profile, frozenset(self._broken()))
        about = {"release": self._name, "date": self._of.date, "site": self._of.title, "reader": catalog.reader}
        about["previous"] = old.release if old else ""
        reviews: list[ReleasedReview] = []
        with ArticleLines(self._of.output) as lines, writers(self._draft, about, sample) as files:
            self._say(N_("looking for reprints"))
            reprints = first_reprints(catalog, lines, self._of.decisions, self._of.withdrawn)
            shown_records = article_records(catalog, lines, self._of.decisions, self._of.withdrawn, reprints)
            for number, records in enumerate(shown_records, 1):
                captured = (
                    released_captures(self._of.output, catalog, records.article["id"], records.versions)
                    if records.article is not None
                    else []
                )
                self._unread += sum(is_unread(each) for each in captured)
                files.add(records.article, records.versions, captured)
                reviews += (
                    review for version in records.versions for review in released_reviews(version, self._of.decisions)
                )
                self._lost += records.lost
                if records.article is not None:
                    self._statistics.add(records.article)
                    articles.add(records.article)
                if number % EVERY == 0:
                    self._say(N_("{number:,} articles written", number=number))
            files.finish_articles(catalog.listings())
            reviews += (review for review in rejections(self._of.decisions) if review.id not in self._of.withdrawn)
            self._corrections(reviews, files)
            self._tombstones = list(tombstones(catalog, lines, self._of.decisions, self._of.withdrawn))
            files.write("tombstones", [without_surrogates(as_dict(each)) for each in self._tombstones])
            compared, log = self._changes(old, before, files)
        listed = [self._listed(name, rows, files.digests.get(name)) for name, rows in files.rows.items()]
        return _Written(articles, compared, log, listed)

    def _corrections(self, reviews: list[ReleasedReview], files: Writers) -> None:
        """Writes the decisions of persons, by id, version and field."""
        self._reviews.update(review.decision for review in reviews)
        reviews.sort(key=lambda review: (review.id, review.version, review.field))
        self._released_reviews = reviews
        files.write("corrections", [without_surrogates(as_dict(review)) for review in reviews])

    def _broken(self) -> Iterator[tuple[str, int]]:
        """(WARC, offset) of captures for which a crawl noted broken bytes."""
        for crawl in self._of.catalog.crawls():
            for _, issue in lines(self._of.output / crawl.folder / "issues.jsonl"):
                if issue.get("what") == "broken-bytes" and (capture := issue.get("capture")):
                    yield capture["warc"], capture["offset"]

    def _changes(
        self, old: Manifest | None, before: Path | None, files: Writers
    ) -> tuple[ReleaseComparison, Changelog]:
        """Compares with the previous release and writes what changed."""
        log = Changelog(self._name, old.release if old else None, demo=self._of.is_demo)
        if old is None or before is None:
            return ReleaseComparison(), log
        left_out = {review.id for review in rejections(self._of.decisions)} | self._of.withdrawn.ids
        lines = before / contents.LINES, self._draft / contents.LINES
        compared = comparison(*lines, left_out)
        found = changes(*lines, (old.release, self._name), compared.differ)
        proofs = ChangeProofs(self._of.output, self._of.catalog)
        while some := list(islice(found, BATCH)):
            some = [self._observed(change) for change in some]
            rows = [row(change, proofs) for change in some]
            self._unread += sum(map(unread_proofs, rows))
            files.write("changes", rows)
            for change in some:
                log.add(change)
        self._decided_since(before, log)
        return compared, log

    def _observed(self, change: Difference) -> Difference:
        """With the looks that found an article gone: the files that are compared do not record them."""
        gone = self._of.catalog.gone_since(change.id) if change.kind == "gone" else None
        return replace(change, missing_since=gone[0], seen_after=gone[1]) if gone else change

    def _decided_since(self, before: Path, log: Changelog) -> None:
        """What persons corrected, rejected and withdrew since the release before, with their reasons."""
        known = lines_of(before, contents.REVIEWED)
        for review in self._released_reviews:
            if review.decision != "accept" and as_line(review) not in known:
                log.add_review(review)
        known = lines_of(before, contents.TOMBSTONES)
        for tombstone in self._tombstones:
            if as_line(tombstone) not in known:
                log.add_tombstone(tombstone)

    def _manifest(self, old: Manifest | None, written: "_Written") -> Manifest:
        statistics, files = self._statistics, written.files
        rows = {file.name: file.rows or 0 for file in files}
        counts = {
            "articles": statistics.articles,
            "versions": rows[contents.OLDER],
            "lost_versions": self._lost,
            "captures": rows[contents.PROOF],
            "unread_captures": self._unread,
            "changes": rows[contents.CHANGED],
            "sample": rows[contents.SAMPLE],
            "corrections": rows[contents.REVIEWED],
            "tombstones": rows[contents.TOMBSTONES],
            "characters": statistics.characters,
            **{f"status:{status}": count for status, count in sorted(statistics.statuses.items())},
            **{f"change:{kind}": count for kind, count in sorted(written.log.counts.items())},
        }
        order = list(contents.CONTENTS)
        return Manifest(
            release=self._name,
            format=manifest.FORMAT,
            date=self._of.date,
            title=self._of.title,
            profile=self._of.profile.name,
            reader=self._of.catalog.reader,
            program=__version__,
            previous=PreviousRelease(old.release, old.records_sha256) if old else None,
            records_sha256=next(str(file.lines_sha256) for file in files if file.name == contents.LINES),
            counts=counts,
            coverage={field: statistics.has[field] for field in sorted(statistics.has)},
            recurring=tuple(line for line, _ in written.articles.recurring()),
            allowed=(),
            made_with=manifest.made_with(),
            crawls=self._of.crawls,
            files=tuple(sorted(files, key=lambda file: order.index(file.name))),
            reviews_sha256=self._of.decisions.digest,
            tables=manifest.lookup_tables(),
            publication=self._of.publication,
            withdrawals_sha256=self._of.withdrawn.digest,
            not_held=tuple(NotHeld(*key, count) for key, count in not_held_by_month(self._of.catalog).items()),
        )

    def _finish(self, made: Manifest, allowed: tuple[Allowed, ...], gaps: tuple[Gap, ...], log: Changelog) -> Manifest:
        """Writes cards, change log, manifest and checksums."""
        from .cards import cards  # its libraries are of an extra

        about = self._about(made, allowed, gaps)
        texts = {"CHANGES.md": log.text(), **cards(about)}
        for name, text in texts.items():
            write_whole(self._draft / name, text)
        files = (*made.files, *(self._listed(name) for name in texts))
        whole = replace(made, allowed=allowed, files=files)
        write_whole(self._draft / manifest.NAME, whole.text())
        sums = {file.name: file.sha256 for file in (*files, self._listed(manifest.NAME))}
        write_whole(self._draft / SUMS, "".join(f"{sums[name]}  {name}\n" for name in sorted(sums)))
        return whole

    def _about(self, made: Manifest, allowed: tuple[Allowed, ...], gaps: tuple[Gap, ...]) -> About:
        statistics, counts = self._statistics, made.counts
        return About(
            name=made.release,
            date=made.date,
            title=made.title,
            home=self._of.profile.start_urls[0] if self._of.profile.start_urls else None,
            profile=made.profile,
            reader=made.reader,
            program=made.program,
            format=made.format,
            previous=made.previous.name if made.previous else None,
            records_sha256=made.records_sha256,
            articles=statistics.articles,
            versions=counts["versions"],
            statuses=dict(sorted(statistics.statuses.items())),
            changes={key.removeprefix("change:"): count for key, count in counts.items() if key.startswith("change:")},
            first_date=statistics.first_date,
            last_date=statistics.last_date,
            first_seen=statistics.first_seen,
            last_seen=statistics.last_seen,
            characters=statistics.characters,
            coverage=statistics.strata,
            months=statistics.months,
            sources=statistics.sources,
            sources_total=statistics.sources_total,
            lengths=statistics.lengths,
            listings=tuple(
                SectionListing(each.section, each.printed_total, each.listed, each.articles, each.walked_at)
                for each in self._of.catalog.listings()
            ),
            gaps=gaps,
            lost_versions=counts["lost_versions"],
            allowed=tuple(each.assertion for each in allowed),
            crawls=tuple(each.crawl for each in made.crawls),
            reviews=dict(sorted(self._reviews.items())),
            files=contents.described(made.files),
            publication=made.publication,
        )

    def _listed(self, name: str, rows: int | None = None, lines_sha256: str | None = None) -> ListedFile:
        path = self._draft / name
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        return ListedFile(name, path.stat().st_size, digest, rows, lines_sha256)


@dataclass(frozen=True, slots=True)
class _Written:
    """The data files, and what is known since they were written."""

    articles: ArticleChecks
    compared: ReleaseComparison
    log: Changelog
    files: list[ListedFile]


def _same(shelf: ReleasesFolder, inputs: ReleaseInputs) -> str | None:
    """The name of the latest release, if it is one of these inputs. Where the publication of a later one was interrupted before
    `latest` was set, `latest` is set now. An earlier release may be of the same inputs: a decision was made and undone since."""
    latest = shelf.latest()
    for name in reversed(shelf.names()):
        made = shelf.manifest(name)
        follows = made.previous is not None and made.previous.name == latest
        if (name == latest or follows) and made.made_of(
            inputs.crawls, inputs.catalog.reader, inputs.decided, inputs.publication
        ):
            if name != latest:
                shelf.point_to(name)
            return name
    return None
