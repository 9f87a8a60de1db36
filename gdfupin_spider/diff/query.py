"""From command line arguments to changes: what is compared, and which changes are shown."""

import heapq
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from ..catalog import END, Catalog, Change, Point, after_crawl, as_of, changes, changes_of
from ..catalog.admitted import NAME as ADMITTED
from ..catalog.sources import CATALOG
from ..clock import stamp
from ..errors import NobodyLooked, NoSuchTime, NothingThere, WrongOrder
from ..storage.crawls import crawls
from . import arguments
from .article_files import opened
from .compare import compare
from .difference import Difference
from .from_catalog import ArchiveLines, AsOf, differences_of, rereads_between
from .sets import ArticleSet


@dataclass(frozen=True)
class ChangeFilter:
    """Conditions on changes: of each non-empty field at least one value must match."""

    words: tuple[str, ...] = ()
    """Found in title or body, before or after."""
    sections: tuple[str, ...] = ()
    """Before or after."""
    sources: tuple[str, ...] = ()
    """Before or after."""
    kinds: tuple[str, ...] = ()

    def holds(self, change: Difference) -> bool:
        records = [record for record in (change.old, change.new) if record is not None]
        sections = {change.section, change.section_before, *(record["section"] for record in records)}
        if self.kinds and change.kind not in self.kinds:
            return False
        if self.sections and not sections & set(self.sections):
            return False
        if self.sources and not {record["source"] for record in records} & set(self.sources):
            return False
        texts = (_folded(record[name]) for record in records for name in ("title", "body"))
        return not self.words or any(_folded(word) in text for text in texts for word in self.words)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


class DiffQuery:
    """One comparison. Use it in a `with` block; call `remember` after all changes were written."""

    def __init__(
        self,
        output: Path,
        names: tuple[str, ...],
        since: str | None,
        now: datetime,
        wanted: ChangeFilter = ChangeFilter(),
    ) -> None:
        """`asked`: none (the last crawl), a crawl, a day (since then), or two of anything. `since`: `7d`, a day, `last`, `last:NAME`.

        Raises NotNamed, NoSuchTime, NobodyLooked, NothingThere, WrongOrder, NotArticles, CatalogUnusable.
        """
        self._output, self._wanted, self._stack = output, wanted, ExitStack()
        path = output / CATALOG
        self._catalog = self._stack.enter_context(Catalog(path)) if path.exists() else None
        self._stop: arguments.Bookmark | None = None
        self._keeper = ""
        self.before, self.after = "", ""
        """Names of what is compared."""
        self.left_out = 0
        """Changes so far that the filter left out."""
        self.covered: tuple[str, ...] = ()
        """Crawls that looked since the time that was asked for; empty for other questions."""
        self.last_look: str | None = None
        """The newest capture; UTC. None where there is none, or files are compared."""
        try:
            self._found = self._between(*names) if len(names) == 2 else self._of_archive(names, since, now)
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
        """Changes that pass the filter, by article id."""
        for change in self._found:
            if self._wanted.holds(change):
                yield change
            else:
                self.left_out += 1

    def remember(self) -> None:
        """Saves the bookmark of `--since last`."""
        if self._keeper and self._stop:
            arguments.save_bookmark(self._output, self._keeper, self._stop)

    def _of_archive(self, names: tuple[str, ...], since: str | None, now: datetime) -> Iterable[Difference]:
        catalog = self._catalog
        if catalog is None:
            raise NothingThere(self._output, len(crawls(self._output)))
        shelves = ArchiveLines(self._output, catalog)
        self._stop = arguments.bookmark_now(catalog, stamp(now))
        if since is None and names and (time := arguments.moment(names[0])):
            since = time
        if since is not None:
            return self._since(shelves, catalog, since, now)
        crawl = names[0] if names and names[0] != "latest" else arguments.newest_crawl(self._output, catalog)
        if crawl is None or after_crawl(catalog, crawl) is None:
            raise arguments.not_named(names[0] if names else "latest", self._output, catalog)
        self.before, self.after = "before", crawl
        return self._of_crawl(shelves, catalog, crawl)

    def _of_crawl(self, shelves: ArchiveLines, catalog: Catalog, crawl: str) -> Iterator[Difference]:
        """What a crawl found, and what was read again since the crawl before; of the newest one, until now."""
        names = [name for name in arguments.crawls_of(catalog) if name != ADMITTED or name == crawl]
        at = names.index(crawl) if crawl in names else 0
        since = arguments.finished_at(self._output, names[at - 1], catalog) if at else ""
        newest = at == len(names) - 1
        until = END.captured_at if newest else arguments.finished_at(self._output, crawl, catalog)
        return _with_rereads(shelves, changes_of(catalog, crawl), since, until)

    def _since(self, shelves: ArchiveLines, catalog: Catalog, since: str, now: datetime) -> Iterable[Difference]:
        word, _, keeper = since.partition(":")
        if word != "last":
            time = arguments.ago(since, now)
            if time is None:
                raise NoSuchTime(since)
            self.before, self.after = time, "now"
            self._cover(shelves, as_of(time), time)
            return _with_rereads(shelves, changes(catalog, as_of(time), END), time, END.captured_at)
        self._keeper = keeper or "default"
        then = arguments.load_bookmark(self._output, self._keeper)
        self.before, self.after = "the last time", "now"
        if then is None:
            crawl = arguments.newest_crawl(self._output, catalog)
            self.before = f"{crawl} (asked for the first time)"
            return self._of_crawl(shelves, catalog, crawl) if crawl else ()
        return self._since_stop(shelves, catalog, then)

    def _cover(self, archive: ArchiveLines, since: Point, name: str) -> None:
        """Finds the crawls that looked after a point. Raises NobodyLooked where none did, and nothing was read again."""
        catalog = archive.catalog
        points = {name: point for name in arguments.crawls_of(catalog) if (point := after_crawl(catalog, name))}
        self.last_look = max(points.values()).captured_at if points else None
        self.covered = tuple(name for name, point in points.items() if point > since)
        if not self.covered and next(rereads_between(archive, since.captured_at, END.captured_at), None) is None:
            raise NobodyLooked(name, self.last_look)

    def _since_stop(self, shelves: ArchiveLines, catalog: Catalog, then: arguments.Bookmark) -> Iterator[Difference]:
        known: set[tuple[str, str]] = set()
        seen_at = then.seen_at or then.point.captured_at
        for change in _with_rereads(shelves, changes(catalog, then.point, END), seen_at, END.captured_at):
            known.add((change.kind, change.id))
            yield change
        for crawl in arguments.late_crawls(catalog, then):
            yield from (
                each
                for each in differences_of(shelves, changes_of(catalog, crawl))
                if (each.kind, each.id) not in known
            )

    def _between(self, one: str, other: str) -> Iterable[Difference]:
        before, after = (arguments.named(names, self._output, self._catalog) for names in (one, other))
        self.before, self.after = before.name, after.name
        if isinstance(before, arguments.NamedPoint) and isinstance(after, arguments.NamedPoint):
            if self._catalog is None:
                raise NothingThere(self._output, len(crawls(self._output)))
            if before.point > after.point:
                raise WrongOrder(one, other)
            shelves = ArchiveLines(self._output, self._catalog)
            since, until = (self._read_until(each, self._catalog) for each in (before, after))
            return _with_rereads(shelves, changes(self._catalog, before.point, after.point), since, until)
        return compare(self._set(before), self._set(after))

    def _read_until(self, named: arguments.NamedPoint, catalog: Catalog) -> str:
        """Up to when readings count at a point: of a crawl, until its end."""
        if named.name in arguments.crawls_of(catalog):
            return arguments.finished_at(self._output, named.name, catalog)
        return named.point.captured_at

    def _set(self, named: arguments.NamedPoint | arguments.NamedFiles) -> ArticleSet:
        if isinstance(named, arguments.NamedFiles):
            return opened(named.path, named.name)
        if self._catalog is None:
            raise NothingThere(self._output, len(crawls(self._output)))
        return AsOf(ArchiveLines(self._output, self._catalog), named.point, f"the archive as of {named.name}")


def _with_rereads(archive: ArchiveLines, found: Iterable[Change], since: str, until: str) -> Iterator[Difference]:
    """The changes of the catalog, and rereads between two times; by article id."""
    return heapq.merge(
        differences_of(archive, found), rereads_between(archive, since, until), key=lambda change: change.id
    )
