"""A release, open for reading: the questions that pages ask of `articles.sqlite`, each with one query."""

import functools
import json
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import msgspec

from .. import data_files
from ..errors import ArchiveError
from ..messages.text import N_
from ..pages import article_id
from ..releases import contents
from ..releases.edit_table import Edit, read_edits
from ..releases.folder import ReleasesFolder
from ..releases.manifest import Manifest, load
from ..releases.records import ReleasedRow, VersionRow
from ..releases.released_tables import TABLES
from ..search import HitCounts, SearchIndex
from ..search.index import Matched
from ..search.time_limit import TimeLimit

SECONDS = 5.0
"""A request may compute for as long; a query that takes longer is cut off."""
_LISTS = {
    name: tuple(field.name for field in TABLES[name].fields if field.type in ("strings", "structs"))
    for name in ("articles", "versions", "changes", "tombstones")
}
_TRUTHS = {name: tuple(field.name for field in TABLES[name].fields if field.type == "boolean") for name in _LISTS}
_ADDRESSES = """
SELECT articles.id, json_extract(part.value, '$.id')
FROM articles, json_each(articles.aliases) AS part
"""
"""The view `aliases` would do, but functions of a file's schema are not trusted."""
_ORDER = "SELECT id, section FROM articles WHERE section IS NOT NULL ORDER BY date DESC, id"
"""Read once: the release has an index of sections and one of dates, and to sort a section for each page took longer than all the rest."""
Row = dict[str, object]
"""A row of the release's database, by column; lists are decoded."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """The next article of a section."""

    id: str
    title: str
    date: str | None


@dataclass(frozen=True, slots=True)
class ReleaseSummary:
    """A release in a list of several."""

    release: str
    date: str
    records_sha256: str
    counts: Mapping[str, int]


@functools.lru_cache(maxsize=2000)
def _listed(folder: Path) -> ReleaseSummary:
    """A release never changes, and the manifest of a late one names hundreds of crawls. Raises ArchiveError."""
    made = load(folder)
    return ReleaseSummary(made.release, made.date, made.records_sha256, made.counts)


class _Connections(threading.local):
    """The open files of one thread."""

    database: tuple[sqlite3.Connection, TimeLimit] | None = None
    index: SearchIndex | None = None


class Edition:
    """One release. Threads have connections of their own, which are closed with the threads."""

    def __init__(self, folder: Path, index: Path) -> None:
        """`index`: see `releases.search_index`. Raises ArchiveError."""
        self.folder, self._index_path = folder, index
        self.manifest: Manifest = load(folder)
        self._own = _Connections()
        self._counted: dict[Matched, HitCounts] = {}
        try:
            with self._reading() as db:
                ((self.newest_capture,),) = db.execute("SELECT max(captured_at) FROM captures")
                self._in_sections: dict[str, list[str]] = {}
                self._places: dict[str, int] = {}
                for id_, section in db.execute(_ORDER):
                    some = self._in_sections.setdefault(section, [])
                    self._places[id_] = len(some)
                    some.append(id_)
                self.aliases = {id_: str(article) for article, id_ in db.execute(_ADDRESSES) if id_ != article}
        except sqlite3.DatabaseError as error:
            raise ArchiveError(
                folder / contents.SQLITE, N_("it is no database of a release: {error}", error=error)
            ) from error

    @property
    def name(self) -> str:
        return self.manifest.release

    @property
    def is_demo(self) -> bool:
        """Whether its articles are invented."""
        return any("demo" in each.crawl.origins for each in self.manifest.crawls)

    def beside(self) -> list[ReleaseSummary]:
        """The releases in the same folder, newest first, but for those that cannot be read; of a copy, this one alone."""
        place = self.folder.absolute().parent
        folder = ReleasesFolder(place.parent)
        found = []
        for name in reversed(folder.names()) if place == folder.folder else ():
            with suppress(ArchiveError):  # it was deleted meanwhile, or is damaged: this release is whole
                found.append(_listed(folder.path(name)))
        return found or [_listed(self.folder)]

    # --- articles -------------------------------------------------------------------------------------------------

    def id_of(self, name: str) -> str:
        """The id of a URL, whether there is such an article or not; another name as it is."""
        is_url = name.lower().startswith(("http://", "https://"))
        return article_id(self.manifest.profile, name) if is_url else name

    def resolve(self, name: str) -> str | None:
        """The id of an article by any id or URL that it ever had; None where there is none."""
        name = self.id_of(name)
        if name in self.aliases:
            return self.aliases[name]
        return name if self.rows("SELECT 1 FROM articles WHERE id = ?", name) else None

    def article(self, id_: str) -> ReleasedRow | None:
        found = self._decoded("articles", "SELECT * FROM articles WHERE id = ?", id_)
        return cast(ReleasedRow, found[0]) if found else None

    def versions(self, id_: str) -> list[VersionRow]:
        """All versions of an article, oldest first."""
        return cast(
            list[VersionRow],
            self._decoded("versions", "SELECT * FROM versions WHERE id = ? ORDER BY version", id_),
        )

    def of_digest(self, sha256: str, limit: int) -> list[Row]:
        """The first versions whose content, or the bytes of a captured page of it, has this SHA-256."""
        return self.rows(
            "SELECT id, versions.version, versions.title, versions.date, versions.section, versions.first_seen, versions.last_seen, status FROM "
            "(SELECT id, version FROM versions WHERE content_sha256 = ?1 UNION SELECT id, version FROM captures WHERE payload_sha256 = ?1) "
            "JOIN versions USING (id, version) JOIN articles USING (id) ORDER BY 1, 2 LIMIT ?2",
            sha256,
            limit,
        )

    def held(self, ids: Sequence[str]) -> frozenset[str]:
        """Those of these ids that an article of the release has, or had."""
        found = self.rows("SELECT id FROM articles WHERE id IN (SELECT value FROM json_each(?))", json.dumps(list(ids)))
        return frozenset(str(row["id"]) for row in found) | (self.aliases.keys() & set(ids))

    def newest(self, count: int) -> list[Row]:
        """The articles with the newest dates."""
        return self.rows(
            "SELECT id, title, date, section, source FROM articles WHERE date IS NOT NULL ORDER BY date DESC, id LIMIT ?",
            count,
        )

    def neighbours(self, article: ReleasedRow) -> tuple[Neighbour | None, Neighbour | None]:
        """The next newer and the next older article of its section, by date and id."""
        if article["section"] is None or article["date"] is None:
            return None, None
        some = self._in_sections[article["section"]]
        at = self._places[article["id"]]
        newer, older = (self._neighbour(some[n]) if 0 <= n < len(some) else None for n in (at - 1, at + 1))
        return newer, older

    def _neighbour(self, id_: str) -> Neighbour | None:
        """None where it has no date: such articles are last, in no order."""
        [found] = self.rows("SELECT id, title, date FROM articles WHERE id = ?", id_)
        return None if found["date"] is None else msgspec.convert(found, Neighbour)

    def reprints(self, group: str) -> list[Row]:
        """All articles of a group, oldest first."""
        return self.rows(
            "SELECT id, title, date, source, source_name, reprint_first FROM articles WHERE reprint_group = ? "
            "ORDER BY NOT reprint_first, date IS NULL, date, id",
            group,
        )

    def has_section(self, name: str | None) -> bool:
        """Whether an article, or a listing, is in it now; an older version may be of one that is gone."""
        return bool(self.rows("SELECT 1 FROM sections WHERE section = ?", name))

    def of_section(self, section: str, limit: int, offset: int) -> list[Row]:
        """Articles of a section, newest first."""
        some = self._in_sections.get(section, [])[offset : offset + limit]
        found = self.rows(
            f"SELECT id, title, date, source FROM articles WHERE id IN ({', '.join('?' * len(some))})", *some
        )
        return sorted(found, key=lambda row: self._places[str(row["id"])])

    def by_year(self) -> list[Row]:
        """`section`, `year`, `articles`: null where an article has none."""
        return self.rows("SELECT section, substr(date, 1, 4) AS year, count(*) AS articles FROM articles GROUP BY 1, 2")

    def by_origin(self) -> list[Row]:
        """`section`, `origin`, `articles`: where the newest version of each was read from."""
        return self.rows("SELECT section, origin, count(*) AS articles FROM articles GROUP BY 1, 2")

    def not_live(self) -> list[Row]:
        """Articles that the site does not show any more, last seen first."""
        return self.rows(
            "SELECT id, title, date, section, status, last_seen FROM articles WHERE status IN ('gone', 'suspected') "
            "ORDER BY last_seen DESC, id"
        )

    def edited(self) -> list[Row]:
        """Articles with several versions; those with the newest version first."""
        return self.rows(
            "SELECT articles.id, title, date, section, articles.version AS versions, first_seen AS changed FROM articles "
            "JOIN (SELECT id, max(version) AS version, max(first_seen) AS changed FROM versions GROUP BY id "
            "HAVING count(*) > 1) AS several USING (id) ORDER BY several.changed DESC, articles.id"
        )

    @functools.cached_property
    def edits(self) -> tuple[Edit, ...]:
        """All edits; those of numbers first, then those of words such as names, then others; each newest first. Raises ArchiveError."""
        return read_edits(self._index_path)

    def table(self, name: str, limit: int = -1) -> list[Row]:
        """Rows of one of the small tables: sections, sources, reprints, tombstones, changes."""
        if name not in TABLES:
            raise ValueError(name)
        query = f'SELECT * FROM "{name}" ORDER BY rowid LIMIT ?'
        return self._decoded(name, query, limit) if name in _LISTS else self.rows(query, limit)

    def part(self, name: str, begin: int, limit: int) -> list[Row]:
        """Rows of any table, in its order, behind the first ones."""
        if name not in TABLES:
            raise ValueError(name)
        query = f'SELECT * FROM "{name}" WHERE rowid > ? ORDER BY rowid LIMIT ?'
        return self._decoded(name, query, begin, limit) if name in _LISTS else self.rows(query, begin, limit)

    def captures(self, id_: str) -> list[Row]:
        """The WARC records that show an article, and those that did not find it, in their order."""
        return self.rows("SELECT * FROM captures WHERE id = ? ORDER BY number", id_)

    def is_listed(self, warc: str, offset: int) -> bool:
        """Whether a capture is one of an article of this release."""
        return bool(self.rows("SELECT 1 FROM captures WHERE warc = ? AND offset = ? LIMIT 1", warc, offset))

    # --- search ---------------------------------------------------------------------------------------------------

    @contextmanager
    def searching(self) -> Iterator[SearchIndex]:
        """The index, for the thread that asks. Raises ArchiveError."""
        if self._own.index is None:
            self._own.index = SearchIndex(self._index_path, SECONDS, self._counted)
        yield self._own.index

    def search_apart(self) -> SearchIndex:
        """An index of its own, for a response that is made piece by piece, by whichever thread is free."""
        return SearchIndex(self._index_path, SECONDS)

    # --- the database ---------------------------------------------------------------------------------------------

    def rows(self, query: str, *values: object) -> list[Row]:
        """The rows of a query of ours. Raises TookTooLong, ArchiveError."""
        try:
            with self._reading() as db:
                found = db.execute(query, values)
                names = [column[0] for column in found.description]
                return [dict(zip(names, row, strict=True)) for row in found]
        except sqlite3.DatabaseError as error:
            raise ArchiveError(self.folder / contents.SQLITE, str(error)) from error

    def _decoded(self, table: str, query: str, *values: object) -> list[Row]:
        found = self.rows(query, *values)
        for row in found:
            row.pop("n", None)
            for name in _LISTS[table]:
                row[name] = data_files.json_value(str(row[name]))
            for name in _TRUTHS[table]:
                row[name] = bool(row[name])
        return found

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        """The database, for one query. Raises TookTooLong, ArchiveError."""
        if self._own.database is None:
            path = self.folder / contents.SQLITE
            try:
                # The file never changes. Threads end in another thread's time, so that one may close it.
                db = sqlite3.connect(
                    f"{path.absolute().as_uri()}?immutable=1", uri=True, isolation_level=None, check_same_thread=False
                )
            except sqlite3.Error as error:
                raise ArchiveError(path, str(error)) from error
            db.execute("PRAGMA trusted_schema = OFF")
            self._own.database = db, TimeLimit(db, SECONDS)
        db, limit = self._own.database
        with limit.query():
            yield db


def short(rows: Sequence[Row], most: int) -> tuple[Sequence[Row], int]:
    """The first rows, and how many more there are."""
    return rows[:most], max(0, len(rows) - most)
