"""The fold: the lines of all crawls, read by one reader, become the catalog.

Facts are taken in first, then what they mean is derived: redirects and second addresses within a crawl, which addresses
are one article, which crawls are believed, the history of each article. Each step asks only for what new facts touch,
and gives what it would give had all facts been there from the start.
"""

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Protocol

from . import store
from .crawl_context import derive_crawl
from .facts import Facts, Naming
from .mass_loss import judge
from .merge import HasBodies, carrying, regroup
from .rules import Rules
from .write_history import rewrite_histories

BATCH = 1000
"""So many lines of a kind are held in memory at once."""


class LineSource(HasBodies, Protocol):
    """The lines of one crawl, as one reader read it."""

    @property
    def name(self) -> str:
        """The crawl's."""

    @property
    def folder(self) -> str:
        """Where the lines lie, below the output."""

    @property
    def stamp(self) -> str:
        """Another one where the folder was made again; the same while it only grows."""

    @property
    def homes(self) -> Sequence[str]:
        """URLs of the crawl's start pages."""

    def size(self, kind: str) -> int:
        """Bytes there are of a kind of lines; 0 where there is no such file."""

    def lines(self, kind: str, start: int) -> Iterator[tuple[int, bytes]]:
        """The whole lines from this byte on, each with its line end and the byte at which it begins."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A line that was passed over."""

    folder: str
    kind: str
    offset: int
    reason: str


@dataclass(frozen=True, slots=True)
class FoldResult:
    """What a fold did."""

    again: str | None
    """Why everything was folded again; None where there was no catalog yet, or only what is new was folded."""
    lines: int
    """New lines taken in."""
    articles: int
    """Articles told anew."""
    problems: tuple[Problem, ...]


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

    `reader`: who read them all; the catalog holds no other's. `progress` is told the number of lines now and then.
    Raises CatalogUnusable, CannotWrite, and ArchiveError where a body cannot be read.
    """
    rules = rules or Rules()
    new = not path.exists()
    with store.writing(path, rebuild=rebuild) as db:
        again = "it was asked for" if rebuild else _outdated(db, sources, reader, naming)
        if again:
            store.clear(db)
            db.execute("INSERT INTO meta VALUES ('reader', ?), ('rules', ?)", (reader, rules.text()))
        elif _meta(db, "rules") != rules.text():
            _judge_anew(db, rules)
        problems: list[Problem] = []
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
        judge(db, rules, touched)
        rewritten = rewrite_histories(db, rules)
    return FoldResult(None if new else again, lines, rewritten, tuple(problems))


def _meta(db: sqlite3.Connection, key: str) -> str | None:
    row = db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return row[0] if row else None


def _outdated(db: sqlite3.Connection, sources: Sequence[LineSource], reader: str, naming: Naming) -> str | None:
    """Why what was folded does not stand any more, None where it does: facts are only ever added."""
    known = _meta(db, "reader")
    if known is None:
        return "it was another version's"
    if naming.same_reader(known) != naming.same_reader(reader):
        return f"the reader was {known} and is {reader}"
    by_name = {source.name: source for source in sources}
    for n, name, folder, stamp in db.execute("SELECT n, name, folder, stamp FROM crawl").fetchall():
        source = by_name.get(name)
        if source is None:
            return f"crawl {name} is not there any more"
        if (source.folder, source.stamp) != (folder, stamp):
            return f"crawl {name} was read again"
        for kind, size in db.execute("SELECT kind, bytes FROM folded WHERE crawl = ?", (n,)):
            if source.size(kind) < size:
                return f"{source.folder}/{kind}.jsonl was {size} bytes long and is {source.size(kind)}"
    return None


def _judge_anew(db: sqlite3.Connection, rules: Rules) -> None:
    """Other rules: all that was derived is derived again."""
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
    problems: list[Problem],
    progress: Callable[[int], None] | None,
    before: int,
) -> int:
    """Takes in the new lines of one crawl, of all kinds by turns, so that what belongs together meets; how many."""
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
                    problems.append(Problem(source.folder, kind, offset, f"{type(error).__name__}: {error}"))
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
    """As `json.loads`, without guessing the encoding: lines are UTF-8."""
    text = line.decode()
    record, end = _parse(text)
    if not isinstance(record, dict) or text[end:].strip():
        raise ValueError("it is not one JSON object")
    return record
