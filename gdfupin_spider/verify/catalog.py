"""Compares the catalog with its source lines: they are folded again into a temporary file."""

import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from json import loads
from pathlib import Path

from .. import catalog, pages
from ..catalog import LineSource, Rules
from ..catalog.sources import CATALOG, LineFolder, choose, naming
from ..errors import ArchiveError, CannotWrite, CatalogUnusable
from ..messages.text import N_
from ..profiles import Profile
from .findings import Finding, OnFinding


@dataclass(frozen=True)
class FoldedSource:
    """The part of a folder of lines that the catalog has folded (`catalog.LineSource`)."""

    of: LineFolder
    ends: Mapping[str, int]

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
    output: Path, profile: Profile, on_finding: OnFinding, progress: Callable[[int], None] | None = None
) -> bool:
    """Folds again and compares. Returns whether there was a catalog that could be compared."""
    path = output / CATALOG
    choice = choose(output, profile)
    for crawl in choice.unread:
        reason = N_("no lines of the current reader: it is not in the catalog until `gdfupin catalog` reads it again")
        on_finding(Finding("catalog", crawl.path, None, reason, False, crawl.name))
    if not path.exists():
        on_finding(Finding("catalog", path, None, N_("it does not exist yet: run `gdfupin catalog`"), False))
        _fold(output, choice.sources, profile, None, on_finding, progress)
        return False
    try:
        stored = catalog.Catalog(path)
    except (CatalogUnusable, sqlite3.Error) as error:
        reason = error.reason if isinstance(error, CatalogUnusable) else str(error)
        sound = isinstance(error, CatalogUnusable) and (error.held or error.outdated)
        on_finding(Finding("catalog", path, None, reason, not sound))
        return False
    try:
        sources, why = _as_folded(stored, choice.sources, pages.reader(profile))
        if why:
            on_finding(
                Finding("catalog", path, None, N_("not compared, as the next fold rebuilds it: {why}", why=why), False)
            )
            _fold(output, choice.sources, profile, None, on_finding, progress)
            return False
        if broken := not stored.is_intact():
            on_finding(Finding("catalog", path, None, N_("SQLite reports damage: PRAGMA integrity_check")))
        elif wrong := stored.broken_reference():
            on_finding(
                Finding(
                    "catalog",
                    path,
                    None,
                    N_("row {row} of table {table} has a foreign key to no row", row=wrong.row, table=wrong.table),
                )
            )
        rules = stored.rules
        if rules is None:
            on_finding(Finding("catalog", path, None, N_("its rules cannot be read")))
        elif not broken:
            _fold(output, sources, profile, rules, on_finding, progress, stored)
    except sqlite3.DatabaseError as error:
        on_finding(Finding("catalog", path, None, f"SQLite: {error}"))
    finally:
        stored.close()
    return True


def _as_folded(
    stored: catalog.Catalog, sources: Sequence[LineFolder], reader: str
) -> tuple[list[LineSource], str | None]:
    """The lines that the catalog was folded from; or why the next fold will fold everything again."""
    if pages.same_reader(stored.reader) != reader:
        return [], N_(
            "it was made by reader {reader}, the current one is {current}", reader=stored.reader, current=reader
        )
    by_crawl = {source.name: source for source in sources}
    parts: list[LineSource] = []
    for folded in stored.folded():
        source = by_crawl.get(folded.crawl)
        if source is None:
            return [], N_("crawl {crawl} no longer exists", crawl=folded.crawl)
        if (source.folder, source.stamp) != (folded.folder, folded.stamp):
            return [], N_("crawl {crawl} was read again", crawl=folded.crawl)
        parts.append(FoldedSource(source, folded.bytes))
    return parts, None


def _fold(
    output: Path,
    sources: Sequence[LineSource],
    profile: Profile,
    rules: Rules | None,
    on_finding: OnFinding,
    progress: Callable[[int], None] | None,
    stored: catalog.Catalog | None = None,
) -> None:
    path = output / CATALOG
    with tempfile.TemporaryDirectory(prefix="gdfupin-verify-") as folder:
        fresh = Path(folder) / CATALOG
        try:
            reader = stored.reader if stored is not None else pages.reader(profile)
            folded = catalog.fold(fresh, sources, reader, naming(profile), rules, progress=progress)
        except CannotWrite:  # no room for the temporary catalog: nothing is known about the lines
            raise
        except ArchiveError as error:
            on_finding(Finding("catalog", path, None, N_("its lines cannot be folded: {error}", error=error)))
            return
        for problem in folded.problems:
            file = output / problem.folder / f"{problem.kind}.jsonl"
            reason = N_("the catalog skips this line: {reason}", reason=problem.reason)
            reading = problem.folder.startswith("readings/")
            crawl = Path(problem.folder).name
            on_finding(Finding("reading" if reading else "lines", file, problem.offset, reason, crawl=crawl))
        if stored is None:
            return
        with catalog.Catalog(fresh) as made:
            for row, expected in zip_longest(catalog.dump(stored), catalog.dump(made)):
                if row != expected:
                    table = loads(row or expected or "[]")[0]
                    text = N_(
                        "it does not match its source lines. Table `{table}`: stored {row}, expected {expected}",
                        table=table,
                        row=str(row)[:200],
                        expected=str(expected)[:200],
                    )
                    on_finding(Finding("catalog", path, None, text))
                    return
