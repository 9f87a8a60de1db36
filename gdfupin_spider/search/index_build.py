"""Builds the index of an archive, `output/search.sqlite`, from the catalog and the article lines.

It is written to a draft and renamed, so that a search that runs meanwhile sees the old one. The newest versions of articles have the
first numbers, from the newest date to the oldest: the first page of a word that is nearly everywhere needs neither sorting nor a join.
"""

import contextlib
import json
import os
import sqlite3
import unicodedata
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from ..catalog import ArticleState, Catalog, Place, VersionState
from ..catalog.coverage import not_held_by_month
from ..catalog.decisions import Decisions, decisions_of
from ..catalog.sources import CATALOG
from ..catalog.withdrawn import Withdrawn, withdrawn_in
from ..errors import NothingThere
from ..messages.text import N_
from ..profiles import gazetteer
from ..storage.crawls import crawls
from ..storage.durable import need_room, refusals, sync_folder
from ..storage.line_file import line_at
from .chinese_scripts import index_text_of_scripts
from .folding import TABLE
from .reprints import Age, ReprintFinder, age

INDEX = "search.sqlite"
"""Below the output."""
VERSION = 5
"""Incremented when the tables or the folding change; another one is built again."""
_EVERY = 5_000
"""Versions between two progress messages."""
_SCHEMA = f"""
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE facet (n INTEGER PRIMARY KEY, month TEXT, section TEXT, sections TEXT NOT NULL, source TEXT, status TEXT NOT NULL,
                    is_edited INTEGER NOT NULL);
CREATE TABLE named (n INTEGER PRIMARY KEY, places TEXT NOT NULL);
CREATE TABLE member (n INTEGER PRIMARY KEY, facet INTEGER NOT NULL, place INTEGER NOT NULL, newest INTEGER NOT NULL, named INTEGER NOT NULL);
CREATE TABLE day (date TEXT PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE record (n INTEGER PRIMARY KEY, id TEXT NOT NULL, url TEXT NOT NULL, version INTEGER NOT NULL, date TEXT,
                     title TEXT NOT NULL, author TEXT, first_seen TEXT NOT NULL, last_seen TEXT NOT NULL, body BLOB NOT NULL);
CREATE TABLE missing (section TEXT NOT NULL, month TEXT NOT NULL, articles INTEGER NOT NULL);
{TABLE};
CREATE TABLE reprint (n INTEGER PRIMARY KEY, text INTEGER NOT NULL, rank INTEGER NOT NULL);
INSERT INTO search (search, rank) VALUES ('hashsize', 16777216);
"""

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class IndexedVersion:
    """A version that is indexed. Its text is read when it is written, so that memory does not grow with texts."""

    date: str
    """Empty where there is none."""
    id: str
    url: str
    """Of the article."""
    number: int
    is_newest: bool
    status: str
    """Of the article, as are its sections."""
    sections: tuple[str, ...]
    first_seen: str
    """UTC, of the version."""
    last_seen: str
    article_first_seen: str
    record: Callable[[], Mapping[str, object]]
    """Reads title, body, section, source, author."""
    places: tuple[str, ...] | None = None
    """Names of the places that it names; None: the gazetteer finds them."""


def bring_up_to_date(
    output: Path, say: Say = lambda text: None, *, with_reprints: bool = False, with_places: bool = False
) -> Path:
    """The index of an archive; built if there is none, or if the catalog, decisions of persons or withdrawals changed since.

    `with_reprints`: it must have the groups of articles with nearly the same text; `with_places`: the places that texts name. Both take
    minutes for a large archive, so that others do not wait for them; an index that has them keeps them until it is built again. Raises NothingThere, CatalogUnusable, ArchiveError, CannotWrite; and NotInstalled for reprints.
    """
    if not (output / CATALOG).exists():
        raise NothingThere(output, len(crawls(output)))
    path = output / INDEX
    with Catalog(output / CATALOG) as catalog, catalog.snapshot():
        decisions, withdrawn = decisions_of(output), withdrawn_in(output, catalog)
        made_of = _made_of(catalog, decisions, withdrawn)
        known = _extras(path, made_of)
        if known is not None and known.reprints >= with_reprints and known.places >= with_places:
            return path
        need_room(output)
        kept = known or _Extras(reprints=False, places=False)
        wanted = _Extras(with_reprints or kept.reprints, with_places or kept.places)
        finder = ReprintFinder() if wanted.reprints else None
        say(wanted.sentence)
        _remove_drafts_of_killed_processes(output)
        draft = path.with_name(f".{INDEX}.{os.getpid()}.draft")
        try:
            with refusals(path):
                draft.unlink(missing_ok=True)
                with contextlib.closing(sqlite3.connect(draft, isolation_level=None)) as db:
                    _write(db, output, catalog, decisions, withdrawn, finder, say, with_places=wanted.places)
                    db.execute("INSERT INTO meta VALUES ('made_of', ?)", (made_of,))
                with draft.open("rb") as file:
                    os.fsync(file.fileno())
                draft.replace(path)
            sync_folder(output)
        finally:
            draft.unlink(missing_ok=True)
    return path


def remove(output: Path) -> None:
    """Deletes the index, so that its file holds no article that was withdrawn; the next search builds another one.

    Raises CannotWrite.
    """
    with refusals(output / INDEX):
        (output / INDEX).unlink(missing_ok=True)


def _remove_drafts_of_killed_processes(output: Path) -> None:
    for draft in output.glob(f".{INDEX}.*.draft"):
        number = draft.name.split(".")[-2]
        try:
            os.kill(int(number), 0)
        except ProcessLookupError:
            draft.unlink(missing_ok=True)
        except (PermissionError, ValueError):  # of another user; not ours
            continue


def _made_of(catalog: Catalog, decisions: Decisions, withdrawn: Withdrawn) -> str:
    """Everything that the index depends on, as text to compare."""
    folded = [[each.crawl, each.folder, each.stamp, dict(each.bytes)] for each in catalog.folded()]
    program = [VERSION, unicodedata.unidata_version, gazetteer.digest()]
    return json.dumps([program, catalog.reader, str(catalog.rules), decisions.digest, withdrawn.digest, folded])


class _Extras(NamedTuple):
    """What an index has that takes long."""

    reprints: bool
    places: bool

    @property
    def sentence(self) -> str:
        """What is made, for people."""
        if self.reprints and self.places:
            return N_("indexing the archive for search, with reprints and places")
        if self.reprints:
            return N_("indexing the archive for search, with reprints")
        if self.places:
            return N_("indexing the archive for search, with places")
        return N_("indexing the archive for search: it changed")


def _extras(path: Path, made_of: str) -> _Extras | None:
    """What an index of these inputs has; None where there is none. A file that cannot be read is no index."""
    if not path.is_file():
        return None
    try:
        with contextlib.closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as db:
            meta = dict(db.execute("SELECT key, value FROM meta"))
    except sqlite3.Error:
        return None
    if meta.get("made_of") != made_of:
        return None
    return _Extras(meta.get("reprints") == "yes", meta.get("places") == "yes")


def _write(
    db: sqlite3.Connection,
    output: Path,
    catalog: Catalog,
    decisions: Decisions,
    withdrawn: Withdrawn,
    finder: ReprintFinder | None,
    say: Say,
    *,
    with_places: bool,
) -> None:
    found, lost = list[IndexedVersion](), 0
    for state, version in _versions(catalog, withdrawn):
        if version.line is None:
            lost += 1
        else:
            found.append(_indexed(output, decisions, state, version, version.line))
    write_index(db, found, not_held_by_month(catalog), lost, finder, say, with_places=with_places)


def _indexed(
    output: Path, decisions: Decisions, state: ArticleState, version: VersionState, place: Place
) -> IndexedVersion:
    def record() -> Mapping[str, object]:
        return decisions.applied(line_at(output / place.folder / "articles.jsonl", place.offset)).record

    return IndexedVersion(
        str(record()["date"] or ""), state.id, state.url, version.number, version.number == state.versions, state.status,
        state.sections, version.first_seen, version.last_seen, state.first_seen, record,
    )  # fmt: skip


def write_index(
    db: sqlite3.Connection,
    found: list[IndexedVersion],
    missing: Mapping[tuple[str, str], int],
    lost: int,
    finder: ReprintFinder | None = None,
    say: Say = lambda text: None,
    *,
    with_places: bool = False,
) -> None:
    """Writes the index of these versions into a new database. `missing`: articles that are listed and not held, by section and month;
    `lost`: versions without a line; `finder`: the index gets groups of reprints; `with_places`: and places. Reorders `found`."""
    for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -65536", "temp_store = FILE"):
        db.execute(f"PRAGMA {pragma}")
    db.executescript(_SCHEMA)
    found.sort(key=lambda each: (each.id, -each.number))
    found.sort(key=lambda each: each.date, reverse=True)
    places = {id(each): place for place, each in enumerate(found)}
    days: dict[str, list[int]] = {}
    for place, each in enumerate(found):
        days.setdefault(each.date, [place, place])[1] = place
    found.sort(key=lambda each: not each.is_newest)  # stable
    newest = sum(each.is_newest for each in found)
    number_of_newest = {each.id: n for n, each in enumerate(found[:newest], 1)}
    edited = {each.id for each in found if each.number > 1}
    facets: dict[tuple[object, ...], int] = {}
    named: dict[tuple[str, ...], int] = {}
    db.execute("BEGIN")
    for n, each in enumerate(found, 1):
        record = each.record()
        title, body = (_storable(str(record[name] or "")) for name in ("title", "body"))
        section, source, author = (
            _storable(str(record[name])) if record[name] is not None else None
            for name in ("section", "source", "author")
        )
        sections = sorted({*each.sections, *([section] if section else [])})
        key = (
            each.date[:7] or None,
            section,
            json.dumps(sections, ensure_ascii=False),
            source,
            each.status,
            each.id in edited,
        )
        facet = facets.setdefault(key, len(facets) + 1)
        names = named.setdefault(_names(each, title, body) if with_places else (), len(named) + 1)
        db.execute(
            "INSERT INTO member VALUES (?, ?, ?, ?, ?)",
            (n, facet, places[id(each)], number_of_newest.get(each.id, 0), names),
        )
        db.execute(
            "INSERT INTO record VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (n, each.id, each.url, each.number, each.date or None, title, author, each.first_seen, each.last_seen,
             zlib.compress(body.encode(), 1)),
        )  # fmt: skip
        tokens = index_text_of_scripts(title), index_text_of_scripts(body)
        db.execute("INSERT INTO search (rowid, title, body) VALUES (?, ?, ?)", (n, *tokens))
        if n % _EVERY == 0:
            say(N_("{n:,} of {found:,} versions indexed", n=n, found=len(found)))
    db.executemany("INSERT INTO facet VALUES (?, ?, ?, ?, ?, ?, ?)", ((n, *key) for key, n in facets.items()))
    db.executemany(
        "INSERT INTO named VALUES (?, ?)", ((n, json.dumps(each, ensure_ascii=False)) for each, n in named.items())
    )
    db.executemany("INSERT INTO day VALUES (?, ?, ?)", ((date, *ends) for date, ends in days.items() if date))
    if finder is not None:
        say(N_("looking for reprints"))
        db.executemany("INSERT INTO reprint VALUES (?, ?, ?)", _reprints(found, finder))
    db.executemany("INSERT INTO missing VALUES (?, ?, ?)", ((*key, count) for key, count in sorted(missing.items())))
    meta = {
        "lost_versions": lost,
        "newest_versions": newest,
        "reprints": "no" if finder is None else "yes",
        "places": "yes" if with_places else "no",
    }
    db.executemany("INSERT INTO meta VALUES (?, ?)", ((key, str(value)) for key, value in meta.items()))
    db.execute("INSERT INTO search (search) VALUES ('optimize')")
    db.execute("COMMIT")


def _names(version: IndexedVersion, title: str, body: str) -> tuple[str, ...]:
    """Names of the places that a version names, sorted."""
    if version.places is not None:
        return version.places
    return names_of_places(title, body, version.date or None)


def names_of_places(title: str, body: str, date: str | None) -> tuple[str, ...]:
    """As the gazetteer finds them, sorted. Two places of one name are one name."""
    return tuple(sorted({each["name"] for each in gazetteer.bundled().places(title, body, date)}))


def _reprints(found: Sequence[IndexedVersion], finder: ReprintFinder) -> Iterator[tuple[int, int, int]]:
    """(row, number of the text, rank) of all versions of each article whose newest version shares its text. Rank 0 is the oldest article,
    by printed date, as in releases."""
    newest: dict[str, IndexedVersion] = {}
    for each in found:
        held = newest.setdefault(each.id, each)
        if held.number < each.number:
            newest[each.id] = each
    articles = list(newest.values())

    def body(number: int) -> str:
        return str(articles[number].record()["body"])

    def age_of(number: int) -> Age:
        each = articles[number]
        return age(each.date, each.article_first_seen, each.id)

    for number in range(len(articles)):
        finder.add(body(number))
    places = {
        articles[number].id: (text, rank)
        for text, group in enumerate(finder.groups(body, age_of))
        for rank, number in enumerate(group)
    }
    for n, each in enumerate(found, 1):
        if each.id in places:
            yield n, *places[each.id]


def _versions(catalog: Catalog, withdrawn: Withdrawn) -> Iterator[tuple[ArticleState, VersionState]]:
    states = {state.id: state for state in catalog.articles()}
    for version in catalog.versions():
        if version.id not in withdrawn:
            yield states[version.id], version


def _storable(text: str) -> str:
    """The text without lone surrogates, which SQLite cannot hold."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text
