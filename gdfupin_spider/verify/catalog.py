"""The catalog against its fold: the lines that it says it has taken in are folded afresh, and both are compared."""

import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from itertools import zip_longest
from json import loads
from pathlib import Path

from .. import catalog, pages
from ..catalog import Rules, Source
from ..catalog.sources import CATALOG, Folder, choose, naming
from ..errors import ArchiveError, CatalogUnusable
from ..profiles import Profile
from .findings import Finding, Report


@dataclass(frozen=True)
class Part:
    """A folder of lines, as far as a catalog has taken it in (`catalog.Source`)."""

    of: Folder
    ends: dict[str, int]

    name = property(lambda self: self.of.name)
    folder = property(lambda self: self.of.folder)
    stamp = property(lambda self: self.of.stamp)
    homes = property(lambda self: self.of.homes)

    def size(self, kind: str) -> int:
        return min(self.of.size(kind), self.ends.get(kind, 0))

    def lines(self, kind: str, start: int) -> Iterator[tuple[int, bytes]]:
        end = self.size(kind)
        for offset, line in self.of.lines(kind, start):
            if offset + len(line) > end:
                return
            yield offset, line

    def body(self, offset: int) -> str:
        return self.of.body(offset)


def prove_catalog(
    output: Path, profile: Profile, report: Report, progress: Callable[[int], None] | None = None
) -> bool:
    """Folds afresh into a temporary file and compares; whether there was a catalog that could be compared."""
    path = output / CATALOG
    choice = choose(output, profile)
    for crawl in choice.unread:
        said = "no lines of today's reader: it is not in the catalog until `gdfupin catalog` reads it again"
        report(Finding("catalog", crawl.path, None, said, False, crawl.name))
    if not path.exists():
        report(Finding("catalog", path, None, "there is none yet: `gdfupin catalog` folds it", False))
        _fold(output, choice.sources, profile, None, report, progress)
        return False
    try:
        db = catalog.reading(path)
    except (CatalogUnusable, sqlite3.Error) as error:
        reason = error.reason if isinstance(error, CatalogUnusable) else str(error)
        held = isinstance(error, CatalogUnusable) and error.held
        report(Finding("catalog", path, None, reason, not held))
        return False
    try:
        sources, why = _as_folded(db, choice.sources, pages.reader(profile))
        if why:
            report(Finding("catalog", path, None, f"not compared, for the next fold makes it anew: {why}", False))
            _fold(output, choice.sources, profile, None, report, progress)
            return False
        if broken := db.execute("PRAGMA integrity_check(1)").fetchone()[0] != "ok":
            report(Finding("catalog", path, None, "SQLite finds it damaged: PRAGMA integrity_check"))
        elif wrong := db.execute("PRAGMA foreign_key_check").fetchone():
            report(Finding("catalog", path, None, f"row {wrong[1]} of table {wrong[0]} points to nothing"))
        rules = _rules(db)
        if rules is None:
            report(Finding("catalog", path, None, "its rules cannot be read"))
        elif not broken:
            _fold(output, sources, profile, rules, report, progress, db)
    except sqlite3.DatabaseError as error:
        report(Finding("catalog", path, None, f"SQLite: {error}"))
    finally:
        db.close()
    return True


def _as_folded(db: sqlite3.Connection, sources: Sequence[Folder], reader: str) -> tuple[list[Source], str | None]:
    """The lines the catalog says it has taken in; or why it does not stand any more."""
    said = dict(db.execute("SELECT key, value FROM meta").fetchall())
    if said.get("reader") != reader:
        return [], f"it is of reader {said.get('reader')}, today's is {reader}"
    there = {source.name: source for source in sources}
    found: list[Source] = []
    for n, name, folder, stamp in db.execute("SELECT n, name, folder, stamp FROM crawl").fetchall():
        source = there.get(name)
        if source is None or (source.folder, source.stamp) != (folder, stamp):
            return [], f"crawl {name} is not there any more" if source is None else f"crawl {name} was read again"
        ends = dict(db.execute("SELECT kind, bytes FROM folded WHERE crawl = ?", (n,)).fetchall())
        found.append(Part(source, ends))
    return found, None


def _rules(db: sqlite3.Connection) -> Rules | None:
    """The figures it was folded by."""
    row = db.execute("SELECT value FROM meta WHERE key = 'rules'").fetchone()
    try:
        said = loads(row[0])
        return Rules(**{field.name: said[field.name] for field in fields(Rules)})
    except (TypeError, ValueError, KeyError):
        return None


def _fold(
    output: Path,
    sources: Sequence[Source],
    profile: Profile,
    rules: Rules | None,
    report: Report,
    progress: Callable[[int], None] | None,
    db: sqlite3.Connection | None = None,
) -> None:
    path = output / CATALOG
    with tempfile.TemporaryDirectory(prefix="gdfupin-verify-") as folder:
        fresh = Path(folder) / CATALOG
        try:
            folded = catalog.fold(fresh, sources, pages.reader(profile), naming(profile), rules, progress=progress)
        except ArchiveError as error:
            report(Finding("catalog", path, None, f"its lines cannot be folded: {error}"))
            return
        for problem in folded.problems:
            file = output / problem.folder / f"{problem.kind}.jsonl"
            said = f"the catalog passes this line over: {problem.reason}"
            reading = problem.folder.startswith("readings/")
            crawl = Path(problem.folder).name
            report(Finding("reading" if reading else "lines", file, problem.offset, said, crawl=crawl))
        if db is None:
            return
        with catalog.Catalog(fresh) as made:
            for mine, theirs in zip_longest(catalog.dump(db), catalog.dump(made.db)):
                if mine != theirs:
                    table = loads(mine or theirs or "[]")[0]
                    said = f"it is not what its lines fold to; the first row that differs is of table {table}"
                    report(Finding("catalog", path, None, f"{said}: {str(mine)[:200]} for {str(theirs)[:200]}"))
                    return
