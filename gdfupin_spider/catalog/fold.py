"""The fold: lines of all crawls, written by one reader, become the catalog.

Facts are stored first. Then everything else is derived from them: redirects and second addresses within a crawl, which
addresses are one article, which archived 404s count, which crawls are doubted, the history of each article. Each step derives only what new facts
affect; the result is the same as if all facts had been there from the start.
"""

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Protocol

from ..messages.text import N_
from . import store
from .absence import judge_absence
from .crawl_context import derive_crawl
from .facts import Facts, Naming
from .mass_loss import judge
from .merge import HasBodies, carrying, regroup
from .rules import Rules
from .write_history import rewrite_histories

BATCH = 1000
"""Lines of one kind in memory at once."""


class LineSource(HasBodies, Protocol):
    """The lines of one crawl by one reader."""

    @property
    def name(self) -> str:
        """Name of the crawl."""

    @property
    def folder(self) -> str:
        """Folder of the lines, below the output."""

    @property
    def stamp(self) -> str:
        """Changes when the folder is made again; stays while the folder only grows."""

    @property
    def homes(self) -> Sequence[str]:
        """URLs of the crawl's start pages."""

    def size(self, kind: str) -> int:
        """Size in bytes of the file of one kind of lines; 0 if it does not exist."""

    def lines(self, kind: str, start: int) -> Iterator[tuple[int, bytes]]:
        """(byte offset, line with line end) of each complete line from this offset on."""


@dataclass(frozen=True, slots=True)
class SkippedLine:
    """A line that was skipped."""

    folder: str
    kind: str
    offset: int
    reason: str


@dataclass(frozen=True, slots=True)
class FoldResult:
    """The result of a fold."""

    again: str | None
    """Why everything was folded again; None for a new catalog, or if only new lines were folded."""
    lines: int
    """New lines."""
    articles: int
    """Articles whose history was recomputed."""
    problems: tuple[SkippedLine, ...]


def fold(
    path: Path,
    sources: Sequence[LineSource],
    reader: str,
    naming: Naming,
    rules: Rules | None = None,
    *,
    rebuild: bool = False,
    progress: Callable[[int], None] | None = None,
) -> FoldResult:
    """Folds what is new in the sources into the catalog at `path`.

    `reader`: the reader of all lines; lines of others are skipped. `progress` is called with the number of lines so far.
    Raises CatalogUnusable, CannotWrite, and ArchiveError where a body cannot be read.
    """
    rules = rules or Rules()
    new = not path.exists()
    with store.writing(path, rebuild=rebuild) as db:
        again = N_("--rebuild was given") if rebuild else _outdated(db, sources, reader, naming)
        other_rules = not again and _meta(db, "rules") != rules.text()
        if again:
            store.clear(db)
            db.execute("INSERT INTO meta VALUES ('reader', ?), ('rules', ?)", (reader, rules.text()))
        elif other_rules:
            _judge_anew(db, rules)
        problems: list[SkippedLine] = []
        lines = 0
        touched: set[int] = set()
        for source in sorted(sources, key=lambda source: source.name):
            crawl, changed = _crawl(db, source, naming)
            if changed:
                touched.add(crawl)
            if taken := _take(db, source, crawl, reader, naming, problems, progress, lines):
                lines += taken
                touched.add(crawl)
        for crawl in touched:
            derive_crawl(db, crawl, naming)
        regroup(db, naming.key, carrying(db, {source.name: source for source in sources}, rules))
        if touched or other_rules:
            judge_absence(db, rules)
        judge(db, rules, touched)
        rewritten = rewrite_histories(db, rules)
    return FoldResult(None if new else again, lines, rewritten, tuple(problems))


def _meta(db: sqlite3.Connection, key: str) -> str | None:
    row = db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return row[0] if row else None


def _outdated(db: sqlite3.Connection, sources: Sequence[LineSource], reader: str, naming: Naming) -> str | None:
    """Why the stored facts cannot be kept, None if they can: facts are only ever added, never changed."""
    known = _meta(db, "reader")
    if known is None:
        return N_("the catalog is of another version of the program")
    if naming.same_reader(known) != naming.same_reader(reader):
        return N_("the reader was {known} and is {reader}", known=known, reader=reader)
    by_name = {source.name: source for source in sources}
    for n, name, folder, stamp in db.execute("SELECT n, name, folder, stamp FROM crawl").fetchall():
        source = by_name.get(name)
        if source is None:
            return N_("crawl {name} was removed", name=name)
        if (source.folder, source.stamp) != (folder, stamp):
            return N_("crawl {name} was read again", name=name)
        for kind, size in db.execute("SELECT kind, bytes FROM folded WHERE crawl = ?", (n,)):
            if source.size(kind) < size:
                return N_(
                    "{folder}/{kind}.jsonl was {size} bytes long and is {now}",
                    folder=source.folder,
                    kind=kind,
                    size=size,
                    now=source.size(kind),
                )
    return None


def _judge_anew(db: sqlite3.Connection, rules: Rules) -> None:
    """Stores other rules, and marks everything derived for a new derivation."""
    db.execute("UPDATE meta SET value = ? WHERE key = 'rules'", (rules.text(),))
    db.execute("DELETE FROM alike")
    db.execute("UPDATE crawl SET known = NULL, lost = NULL, verdict = NULL")
    db.execute("INSERT OR IGNORE INTO dirty (n) SELECT n FROM address")


def _crawl(db: sqlite3.Connection, source: LineSource, naming: Naming) -> tuple[int, bool]:
    """The row of a crawl, and whether it is new or has other start pages than before."""
    homes = json.dumps(sorted({naming.number(url) for url in source.homes}))
    written = db.execute(
        "INSERT INTO crawl (name, folder, stamp, homes) VALUES (?, ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET homes = excluded.homes WHERE homes != excluded.homes",
        (source.name, source.folder, source.stamp, homes),
    )
    (n,) = db.execute("SELECT n FROM crawl WHERE name = ?", (source.name,)).fetchone()
    return n, written.rowcount > 0


def _take(
    db: sqlite3.Connection,
    source: LineSource,
    crawl: int,
    reader: str,
    naming: Naming,
    problems: list[SkippedLine],
    progress: Callable[[int], None] | None,
    before: int,
) -> int:
    """Takes the new lines of one crawl and returns their number. Kinds take turns, so lines of one capture meet in a batch."""
    facts = Facts(db, crawl, source.name, reader, naming)
    ends = dict(db.execute("SELECT kind, bytes FROM folded WHERE crawl = ?", (crawl,)).fetchall())
    files = {kind: source.lines(kind, start) for kind in facts.take if source.size(kind) > (start := ends.get(kind, 0))}
    taken = 0
    while files:
        for kind, lines in tuple(files.items()):
            take, offset, line = facts.take[kind], -1, b""
            for offset, line in islice(lines, BATCH):
                taken += 1
                try:
                    take(offset, _record(line))
                except (KeyError, TypeError, ValueError, AttributeError) as error:
                    problems.append(SkippedLine(source.folder, kind, offset, f"{type(error).__name__}: {error}"))
            if offset < 0:
                del files[kind]
            else:
                ends[kind] = offset + len(line)
        facts.flush()
        if progress:
            progress(before + taken)
    rows = [(crawl, kind, end) for kind, end in ends.items()]
    db.executemany("INSERT OR REPLACE INTO folded VALUES (?, ?, ?)", rows)
    return taken


_parse = json.JSONDecoder().raw_decode


def _record(line: bytes) -> dict[str, object]:
    """Like `json.loads`, but lines are always UTF-8."""
    text = line.decode()
    record, end = _parse(text)
    if not isinstance(record, dict) or text[end:].strip():
        raise ValueError(N_("it is not one JSON object"))
    return record
