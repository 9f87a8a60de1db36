"""From command line arguments to changes: what is compared, and which changes are shown."""

import contextlib
import heapq
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime, tzinfo
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Self

from ..catalog import BEGIN, END, Catalog, Change, Point, after_crawl, as_of, changes, changes_of
from ..catalog.admitted import NAME as ADMITTED
from ..catalog.sources import CATALOG
from ..catalog.window import before_crawl, last_look, window
from ..catalog.withdrawn import withdrawn_in, withdrawn_of
from ..clock import stamp
from ..errors import NobodyLooked, NoSuchTime, NothingThere, NotNamed, WrongArgument, WrongOrder
from ..messages.text import N_
from ..search.known_names import require_known, with_canonical
from ..search.snippets import MarkedWords
from ..storage.crawls import crawls
from ..storage.holds import held_crawls
from ..storage.withdrawals import Withdrawal
from ..terminal import at
from . import arguments
from .article_files import opened
from .change_filter import EVERYTHING, ChangeFilter
from .compare import compare
from .compared_time import ComparedTime
from .difference import Difference
from .file_facts import FileFacts, facts_of
from .from_catalog import ArchiveLines, AsOf, differences_of, rereads_between
from .named_withdrawals import archive_of, tombstones_of
from .proofs import ChangeProofs
from .sets import ArticleSet


class DiffQuery:
    """One comparison. Use it in a `with` block; call `remember` after all changes were written."""

    def __init__(
        self,
        output: Path,
        names: tuple[str, ...],
        since: str | None,
        now: datetime,
        zone: tzinfo,
        wanted: ChangeFilter = EVERYTHING,
    ) -> None:
        """`names`: none (the last crawl), a crawl, a day (since then), or two of anything. `since`: `7d`, a day, `last`, `last:NAME`.

        `zone`: where a day begins. Raises NotNamed, NoSuchTime, NobodyLooked, NothingThere, WrongOrder, WrongArgument, NotArticles,
        CatalogUnusable.
        """
        self._output, self._zone, self._wanted, self._stack = output, zone, wanted, ExitStack()
        path = output / CATALOG
        self._catalog = self._stack.enter_context(Catalog(path)) if path.exists() else None
        self._withdrawn = [withdrawn_in(output, self._catalog)]
        self._tombstones: dict[str, Withdrawal] = {}
        self._stop: arguments.Bookmark | None = None
        self._keeper = ""
        self._files: list[Path] = []
        self.before, self.after = "", ""
        """Names of what is compared."""
        self.left_out = 0
        """Changes so far that the filter left out."""
        self.withdrawn: dict[str, Withdrawal] = {}
        """Withdrawn articles so far, by id, of which there would be a change: they are named, and nothing of them is shown."""
        self.coverage = ComparedTime(None)
        """Which crawls looked, and what they did not look at."""
        self.proofs = ChangeProofs()
        """Finds the captures that prove a change."""
        try:
            self._found = self._between(*names) if len(names) == 2 else self._of_archive(names, since, now)
            if self._catalog is not None and not self._files:
                self.proofs = ChangeProofs(output, self._catalog)
        except BaseException:
            self._stack.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def changes(self) -> Iterator[Difference]:
        """Changes that pass the filter, by article id. Withdrawn articles have none, also where files are compared."""
        for change in self._found:
            ids = {change.id, *(side["id"] for side in (change.old, change.new) if side is not None)}
            if found := [each for id_ in sorted(ids) if (each := self._withdrawal(id_)) is not None]:
                self.withdrawn[change.id] = found[0]
                continue
            if self._wanted.holds(change):
                yield change
            else:
                self.left_out += 1

    def check_names(self, sections: frozenset[str]) -> None:
        """Raises WrongArgument for a section or source that nothing of what is compared has. `sections`: those of the profile, which count
        for an archive. Files are read for it."""
        asked = self._wanted
        if not asked.sections and not asked.sources:
            return
        of_sections, of_sources = set(self._of_files.sections), set(self._of_files.sources)
        if self._catalog is not None and len(self._files) < 2:
            of_sections |= sections | self._catalog.sections()
            of_sources |= set(self._catalog.sources())
        require_known("section", asked.sections, of_sections)
        require_known("source", asked.sources, with_canonical(of_sources))

    @property
    def newest_capture(self) -> str:
        """The last look of the archive, or the newest capture in the files that are compared; UTC."""
        return self.coverage.last_look or self._of_files.newest

    @cached_property
    def _of_files(self) -> FileFacts:
        return facts_of(self._files)

    def _withdrawal(self, id_: str) -> Withdrawal | None:
        known = (each.of(id_) for each in self._withdrawn)
        return next(filter(None, known), None) or self._tombstones.get(id_)

    @property
    def words(self) -> MarkedWords:
        """The words that are marked in what is shown."""
        return self._wanted.marked

    @property
    def folds_moves(self) -> bool:
        """Whether many moves are shown as one item: not where moves alone are asked for."""
        return self._wanted.kinds != ("moved",)

    def remember(self) -> None:
        """Saves the bookmark of `--since last`."""
        if self._keeper and self._stop:
            arguments.save_bookmark(self._output, self._keeper, self._stop)

    @property
    def bookmark(self) -> arguments.Bookmark | None:
        """What `remember` saves; None where nothing is to be saved."""
        return self._stop if self._keeper else None

    def _of_archive(self, names: tuple[str, ...], since: str | None, now: datetime) -> Iterable[Difference]:
        catalog = self._catalog
        for name in names:
            with contextlib.suppress(NotNamed):
                if isinstance(arguments.named(name, self._output, catalog, self._zone), arguments.NamedFiles):
                    raise WrongArgument(name, N_("a file or a release: name a second input to compare it with"))
        if catalog is None:
            raise NothingThere(self._output, len(crawls(self._output)))
        shelves = ArchiveLines(self._output, catalog)
        self._stop = arguments.bookmark_now(catalog, stamp(now))
        if since is None and names and arguments.moment(names[0], self._zone):
            since = names[0]
        if since is not None:
            return self._since(shelves, catalog, since, now)
        crawl = names[0] if names and names[0] != "latest" else arguments.newest_crawl(self._output, catalog)
        if crawl is None or after_crawl(catalog, crawl) is None:
            raise arguments.not_named(names[0] if names else "latest", self._output, catalog)
        self.before, self.after = N_("before"), crawl
        return self._of_crawl(shelves, catalog, crawl)

    def _of_crawl(self, shelves: ArchiveLines, catalog: Catalog, crawl: str) -> Iterator[Difference]:
        """What a crawl found, and what was read again since the crawl before; of the newest one, until now."""
        names = [name for name in arguments.crawls_of(catalog) if name != ADMITTED or name == crawl]
        place = names.index(crawl) if crawl in names else 0
        since = arguments.finished_at(self._output, names[place - 1], catalog) if place else ""
        newest = place == len(names) - 1
        begin, end = before_crawl(catalog, crawl), after_crawl(catalog, crawl) or END
        until = END.captured_at if newest else arguments.finished_at(self._output, crawl, catalog)
        found = window(catalog, begin, end, crawl)
        if not found.crawls and next(rereads_between(shelves, since, until), None) is None:
            raise NobodyLooked(f"in {crawl}", last_look(catalog), found.unanswered)
        day = arguments.day_of(crawl, self._zone)
        others = [name for name in names if name != crawl and day and arguments.day_of(name, self._zone) == day]
        shown_day = arguments.shown_name(day or "", self._zone)
        self.coverage = ComparedTime(found, same_day=tuple(others), option=at(self._output), day=shown_day)
        return _with_rereads(shelves, changes_of(catalog, crawl), since, until)

    def _since(self, shelves: ArchiveLines, catalog: Catalog, since: str, now: datetime) -> Iterable[Difference]:
        word, _, keeper = since.partition(":")
        if word != "last":
            time = arguments.ago(since, now, self._zone)
            if time is None:
                raise NoSuchTime(since)
            self.before, self.after = arguments.shown_name(since, self._zone), N_("now")
            self._cover(shelves, as_of(time), END, arguments.since_then(since, self._zone))
            return _with_rereads(shelves, changes(catalog, as_of(time), END), time, END.captured_at)
        self._keeper = keeper or "default"
        then = arguments.load_bookmark(self._output, self._keeper)
        self.before, self.after = N_("the last time"), N_("now")
        if then is None:
            crawl = arguments.newest_crawl(self._output, catalog)
            self.before = N_("{crawl} (asked for the first time)", crawl=crawl)
            return self._of_crawl(shelves, catalog, crawl) if crawl else ()
        late = tuple(arguments.late_crawls(catalog, then))
        self._cover(shelves, then.point, END, N_("since the last time"), then.seen_at or then.point.captured_at, late)
        return self._since_stop(shelves, catalog, then, late)

    def _cover(
        self,
        archive: ArchiveLines,
        since: Point,
        until: Point,
        when: str,
        seen_at: str | None = None,
        late: tuple[str, ...] = (),
    ) -> None:
        """Finds the crawls that looked between two points. Raises NobodyLooked where none did, and nothing was read again.

        `seen_at`: since when readings count. `late`: further crawls, of earlier captures.
        """
        found = window(archive.catalog, since, until)
        found = replace(found, crawls=(*late, *found.crawls), last_look=found.last_look or last_look(archive.catalog))
        if not found.crawls:
            rereads = rereads_between(archive, seen_at or since.captured_at, until.captured_at)
            if next(rereads, None) is None:
                raise NobodyLooked(when, last_look(archive.catalog), found.unanswered)
        self.coverage = ComparedTime(found, self._held(since, until))

    def _held(self, since: Point, until: Point) -> tuple[str, ...]:
        """Crawls that began between two points and are held back or rejected."""
        begin, end = (each.captured_at.replace("-", "").replace(":", "") for each in (since, until))
        return tuple(held.crawl for held in held_crawls(self._output) if begin < held.crawl[: len(_BEGAN)] <= end)

    def _since_stop(
        self, shelves: ArchiveLines, catalog: Catalog, then: arguments.Bookmark, late: Iterable[str]
    ) -> Iterator[Difference]:
        known: set[tuple[str, str]] = set()
        seen_at = then.seen_at or then.point.captured_at
        for change in _with_rereads(shelves, changes(catalog, then.point, END), seen_at, END.captured_at):
            known.add((change.kind, change.id))
            yield change
        for crawl in late:
            yield from (
                each
                for each in differences_of(shelves, changes_of(catalog, crawl))
                if (each.kind, each.id) not in known
            )

    def _between(self, one: str, other: str) -> Iterable[Difference]:
        before, after = (arguments.named(names, self._output, self._catalog, self._zone) for names in (one, other))
        self.before, self.after = before.name, after.name
        if isinstance(before, arguments.NamedPoint) and isinstance(after, arguments.NamedPoint):
            if self._catalog is None:
                raise NothingThere(self._output, len(crawls(self._output)))
            if before.point > after.point:
                raise WrongOrder(one, other)
            if before.point == after.point:
                raise WrongArgument(f"{one} {other}", N_("both are the same point of the archive; name two"))
            shelves = ArchiveLines(self._output, self._catalog)
            self._cover(
                shelves,
                before.point,
                after.point,
                N_("between {before} and {after}", before=self.before, after=self.after),
            )
            since, until = (self._read_until(each, self._catalog) for each in (before, after))
            return _with_rereads(shelves, changes(self._catalog, before.point, after.point), since, until)
        paths = [each.path for each in (before, after) if isinstance(each, arguments.NamedFiles)]
        self._tombstones = tombstones_of(*paths)
        return compare(self._set(before), self._set(after))

    def _read_until(self, named: arguments.NamedPoint, catalog: Catalog) -> str:
        """Up to when readings count at a point: of a crawl, until its end."""
        if named.name in arguments.crawls_of(catalog):
            return arguments.finished_at(self._output, named.name, catalog)
        return named.point.captured_at

    def _set(self, named: arguments.NamedPoint | arguments.NamedFiles) -> ArticleSet:
        if isinstance(named, arguments.NamedFiles):
            self._files.append(named.path)
            archive_there = archive_of(named.path)
            if archive_there is not None and archive_there != self._output.resolve():
                self._withdrawn.append(withdrawn_of(archive_there))
            return opened(named.path, named.name)
        if self._catalog is None:
            raise NothingThere(self._output, len(crawls(self._output)))
        archive = ArchiveLines(self._output, self._catalog)
        self._cover(archive, BEGIN, named.point, N_("until {name}", name=named.name))
        return AsOf(archive, named.point, N_("the archive as of {name}", name=named.name))


_BEGAN = "20261101T030000Z"
"""What the name of a crawl begins with."""


def _with_rereads(archive: ArchiveLines, found: Iterable[Change], since: str, until: str) -> Iterator[Difference]:
    """The changes of the catalog, and rereads between two times; by article id."""
    return heapq.merge(
        differences_of(archive, found), rereads_between(archive, since, until), key=lambda change: change.id
    )
