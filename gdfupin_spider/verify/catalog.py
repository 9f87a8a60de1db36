"""The catalog against its fold: the lines that it says it has taken in are folded afresh, and both are compared."""

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
from ..errors import ArchiveError, CatalogUnusable
from ..profiles import Profile
from .findings import Finding, Report


@dataclass(frozen=True)
class Part:
    """A folder of lines, as far as a catalog has taken it in (`catalog.Source`)."""

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
        stored = catalog.Catalog(path)
    except (CatalogUnusable, sqlite3.Error) as error:
        reason = error.reason if isinstance(error, CatalogUnusable) else str(error)
        held = isinstance(error, CatalogUnusable) and error.held
        report(Finding("catalog", path, None, reason, not held))
        return False
    try:
        sources, why = _as_folded(stored, choice.sources, pages.reader(profile))
        if why:
            report(Finding("catalog", path, None, f"not compared, for the next fold makes it anew: {why}", False))
            _fold(output, choice.sources, profile, None, report, progress)
            return False
        if broken := not stored.is_intact():
            report(Finding("catalog", path, None, "SQLite finds it damaged: PRAGMA integrity_check"))
        elif wrong := stored.broken_reference():
            report(Finding("catalog", path, None, f"row {wrong.row} of table {wrong.table} points to nothing"))
        rules = stored.rules
        if rules is None:
            report(Finding("catalog", path, None, "its rules cannot be read"))
        elif not broken:
            _fold(output, sources, profile, rules, report, progress, stored)
    except sqlite3.DatabaseError as error:
        report(Finding("catalog", path, None, f"SQLite: {error}"))
    finally:
        stored.close()
    return True


def _as_folded(
    stored: catalog.Catalog, sources: Sequence[LineFolder], reader: str
) -> tuple[list[LineSource], str | None]:
    """The lines that the catalog was folded from; or why the next fold will fold everything again."""
    if stored.reader != reader:
        return [], f"it is of reader {stored.reader}, today's is {reader}"
    by_crawl = {source.name: source for source in sources}
    parts: list[LineSource] = []
    for folded in stored.folded():
        source = by_crawl.get(folded.crawl)
        if source is None:
            return [], f"crawl {folded.crawl} is not there any more"
        if (source.folder, source.stamp) != (folded.folder, folded.stamp):
            return [], f"crawl {folded.crawl} was read again"
        parts.append(Part(source, folded.bytes))
    return parts, None


def _fold(
    output: Path,
    sources: Sequence[LineSource],
    profile: Profile,
    rules: Rules | None,
    report: Report,
    progress: Callable[[int], None] | None,
    stored: catalog.Catalog | None = None,
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
        if stored is None:
            return
        with catalog.Catalog(fresh) as made:
            for row, expected in zip_longest(catalog.dump(stored), catalog.dump(made)):
                if row != expected:
                    table = loads(row or expected or "[]")[0]
                    text = f"does not match its source lines; the first difference is in table {table}: "
                    text += f"stored {str(row)[:200]}, expected {str(expected)[:200]}"
                    report(Finding("catalog", path, None, text))
                    return
