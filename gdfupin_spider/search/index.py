"""The index of an archive, open for searching."""

import json
import sqlite3
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

from ..errors import ArchiveError, TookTooLong
from ..profiles import source_names
from .chinese_scripts import folding
from .folding import EVERY, fold
from .known_names import require_known
from .query_text import Clause, match_expression, parse, wanted
from .selection import ArticleSelection
from .snippets import Marked, marked_title, snippet

MOST_RANKED = 5_000
"""Hits that are sorted by relevance; more are sorted by date."""
_STEPS = 20_000
"""Instructions of SQLite between two looks at the clock: some milliseconds."""
TITLE_WEIGHT = 5.0
"""Of a word in the title against one in the body."""

Order = Literal["relevance", "date"]
Column = Literal["title", "body"] | None
"""Where words must be; None: in title or body."""


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """What is asked."""

    text: str
    """See `query_text.parse`."""
    selection: ArticleSelection = field(default_factory=ArticleSelection)
    column: Column = None
    order: Order = "relevance"
    limit: int = 20
    offset: int = 0
    with_counts: bool = False
    any_script: bool = False
    """Whether simplified and traditional characters are the same."""

    @property
    def folding(self) -> Callable[[str], str]:
        """How words and texts are folded."""
        return folding(any_script=self.any_script)

    @property
    def clauses(self) -> tuple[Clause, ...]:
        """What the text asks for."""
        return parse(self.text, self.folding)


@dataclass(frozen=True, slots=True)
class Hit:
    """One version that was found."""

    id: str
    url: str
    version: int
    date: str | None
    section: str | None
    source: str | None
    author: str | None
    status: str
    first_seen: str
    """UTC, of the version."""
    last_seen: str
    title: str
    marked_title: Marked
    snippet: Marked
    body: str


@dataclass(frozen=True, slots=True)
class HitCounts:
    """Hits by what they have; the most frequent first, years newest first. An article of two sections counts in both."""

    section: Mapping[str, int]
    year: Mapping[str, int]
    source: Mapping[str, int]
    source_name: Mapping[str, int]
    """By canonical name; `` for sources that have none."""


@dataclass(frozen=True, slots=True)
class SearchResult:
    """One page of what was found."""

    total: int
    order: Order
    hits: tuple[Hit, ...]
    counts: HitCounts | None
    not_held: Mapping[str, int]
    """By section: articles that its listings name and that were never captured, or could not be read; only of the sections asked for,
    and of the years that their rows print."""
    not_held_undated: int
    """Where years are asked for: articles of these sections whose rows print no date, so that they may be of these years."""
    lost_versions: int
    """Versions whose line was lost with a killed crawl; they cannot be found."""


class _Facet:
    """What hits are counted and selected by."""

    __slots__ = ("month", "section", "sections", "source", "status")

    def __init__(self, month: str | None, section: str | None, sections: str, source: str | None, status: str) -> None:
        self.month, self.section, self.source, self.status = month, section, source, status
        self.sections: list[str] = json.loads(sections)

    @property
    def source_names(self) -> tuple[str, ...]:
        """The source as printed, and its canonical name, as far as there are any."""
        return tuple(filter(None, (self.source, source_names.bundled().name(self.source))))


@dataclass(frozen=True, slots=True)
class _Matched:
    """Rows of the index."""

    expression: str
    """For `search MATCH`."""
    newest: int | None
    """The last number of a newest version; None: all versions."""
    facets: frozenset[int] | None
    """None: all."""

    @property
    def condition(self) -> str:
        return "search MATCH :expression" + (" AND search.rowid <= :newest" if self.newest is not None else "")

    @property
    def values(self) -> dict[str, object]:
        values: dict[str, object] = {"expression": self.expression}
        return values if self.newest is None else {**values, "newest": self.newest}


class SearchIndex:
    """An open index, read-only. Use it in a `with` block. A newer index that replaces the file is not seen."""

    def __init__(self, path: Path, seconds: float | None = None) -> None:
        """`seconds`: what one query may take at most; None: as long as it takes. Raises ArchiveError."""
        self.path, self._seconds, self._end = path, seconds, float("inf")
        self._everything: dict[int | None, Mapping[int, int]] = {}
        try:
            # The file never changes: a newer one is renamed over it. One thread at a time may use this object.
            self._db = sqlite3.connect(
                f"{path.absolute().as_uri()}?immutable=1", uri=True, isolation_level=None, check_same_thread=False
            )
            self._db.execute("PRAGMA mmap_size = 1073741824")
            rows = self._db.execute("SELECT n, month, section, sections, source, status FROM facet")
            self._facets = {n: _Facet(*values) for n, *values in rows}
            self._missing = self._db.execute("SELECT section, year, articles FROM missing").fetchall()
            meta = dict(self._db.execute("SELECT key, value FROM meta"))
            self._lost, self._newest = int(meta["lost_versions"]), int(meta["newest_versions"])
        except sqlite3.Error as error:
            raise _unusable(path, error) from error
        if seconds is not None:
            self._db.set_progress_handler(lambda: time.monotonic() > self._end, _STEPS)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._db.close()

    def search(self, request: SearchRequest) -> SearchResult:
        """What is found, one page of it.

        Raises WrongArgument for a section or source that the archive does not have, ArchiveError.
        """
        clauses, matched = request.clauses, self._matched(request)
        per_facet: Mapping[int, int] = {}
        if request.with_counts or matched.facets is not None:
            per_facet = self._per_facet(matched)
            total = sum(per_facet.values())
        else:
            total = self._total(matched)
        ranked = request.order == "relevance" and wanted(clauses) and total <= MOST_RANKED
        order: Order = "relevance" if ranked else "date"
        numbers = self._page(matched, order, request.limit, request.offset)
        return SearchResult(
            total,
            order,
            tuple(self._hit(n, wanted(clauses), request.folding) for n in numbers),
            self._counts(per_facet) if request.with_counts else None,
            *self._not_held(request.selection),
            self._lost,
        )

    def hits(self, request: SearchRequest) -> Iterator[Hit]:
        """The same page one by one, in the order that is asked for, however many there are. A limit of -1: to the end."""
        words = wanted(request.clauses)
        for n in self._page(self._matched(request), request.order, request.limit, request.offset):
            yield self._hit(n, words, request.folding)

    def by_period(self, request: SearchRequest, length: int, *, once: bool = False) -> Counter[str]:
        """All hits by the first `length` characters of their month, `YYYY-MM`; `` for those without a date.

        `once`: of the selected articles with nearly the same text only the oldest one is a hit, and it decides whether there is one. Needs
        an index with reprints.
        """
        matched = self._matched(request)
        per_facet = Counter(self._per_facet(matched))
        if once:
            per_facet -= self._repeated(matched)
        found: Counter[str] = Counter()
        for n, count in per_facet.items():
            found[(self._facets[n].month or "")[:length]] += count
        return found

    def _repeated(self, matched: "_Matched") -> Counter[int]:
        """Hits by facet that are reprints of an older article among the selected ones."""
        rows = [
            row
            for row in self._rows("SELECT n, text, rank, facet FROM reprint JOIN member USING (n)", {})
            if (matched.newest is None or row[0] <= matched.newest)
            and (matched.facets is None or row[3] in matched.facets)
        ]
        oldest: dict[int, int] = {}
        for _, text, rank, _ in rows:
            oldest[text] = min(rank, oldest.get(text, rank))
        hits = self._rows(
            f"SELECT search.rowid FROM search JOIN reprint ON reprint.n = search.rowid WHERE {matched.condition}",
            matched.values,
        )
        found = {n for (n,) in hits}
        return Counter(facet for n, text, rank, facet in rows if n in found and rank != oldest[text])

    def _matched(self, request: SearchRequest) -> "_Matched":
        newest = None if request.selection.all_versions else self._newest
        expression = match_expression(request.clauses, request.column, any_script=request.any_script)
        return _Matched(expression, newest, self._allowed(request.selection))

    def _allowed(self, selection: ArticleSelection) -> frozenset[int] | None:
        """Numbers of the facets that are selected; None: all are. Raises WrongArgument."""
        if selection.is_empty:
            return None
        for name, asked in (("section", selection.sections), ("source", selection.sources)):
            self._check_names(name, asked)
        return frozenset(
            n
            for n, facet in self._facets.items()
            if selection.admits(facet.sections, facet.source_names, facet.status, facet.month)
        )

    def _check_names(self, name: str, asked: Sequence[str]) -> None:
        """Raises WrongArgument for a section or source that no article has."""
        if not asked:
            return
        if name == "section":
            names = {section for facet in self._facets.values() for section in facet.sections}
            names |= {section for section, _, _ in self._missing}
        else:
            names = {source for facet in self._facets.values() for source in facet.source_names}
        require_known(name, asked, names)

    def _rows(self, query: str, values: Mapping[str, object]) -> list[tuple[Any, ...]]:
        if self._seconds is not None:
            self._end = time.monotonic() + self._seconds
        try:
            return self._db.execute(query, values).fetchall()
        except sqlite3.DatabaseError as error:
            if self._seconds is not None and time.monotonic() > self._end:
                raise TookTooLong(self._seconds) from error
            raise _unusable(self.path, error) from error

    def _total(self, matched: "_Matched") -> int:
        ((total,),) = self._rows(f"SELECT count(*) FROM search WHERE {matched.condition}", matched.values)
        return int(total)

    def _per_facet(self, matched: "_Matched") -> dict[int, int]:
        if matched.expression == EVERY:  # the denominators of each trend
            everything = self._of_every_version(matched.newest)
            return {n: count for n, count in everything.items() if matched.facets is None or n in matched.facets}
        rows = self._rows(
            f"SELECT m.facet, count(*) FROM search CROSS JOIN member m ON m.n = search.rowid WHERE {matched.condition} GROUP BY 1",
            matched.values,
        )
        return {n: count for n, count in rows if matched.facets is None or n in matched.facets}

    def _of_every_version(self, newest: int | None) -> Mapping[int, int]:
        """Versions by facet, counted once without the full-text index: that takes as long as a word that is everywhere."""
        if newest not in self._everything:
            query = "SELECT facet, count(*) FROM member WHERE :newest IS NULL OR n <= :newest GROUP BY 1"
            self._everything[newest] = dict(self._rows(query, {"newest": newest}))
        return self._everything[newest]

    def _page(self, matched: "_Matched", order: Order, limit: int, offset: int) -> list[int]:
        joined, condition, values = "", matched.condition, dict(matched.values)
        by = "search.rowid"
        if order == "relevance":
            by = f"bm25(search, 1.0, {TITLE_WEIGHT}), search.rowid"
        elif matched.newest is None:
            by = "m.place"
        if matched.facets is not None or by == "m.place":
            joined = "CROSS JOIN member m ON m.n = search.rowid"
        if matched.facets is not None:
            condition += " AND m.facet IN (SELECT value FROM json_each(:facets))"
            values["facets"] = json.dumps(sorted(matched.facets))
        rows = self._rows(
            f"SELECT search.rowid FROM search {joined} WHERE {condition} ORDER BY {by} LIMIT :limit OFFSET :offset",
            {**values, "limit": limit, "offset": offset},
        )
        return [n for (n,) in rows]

    def _hit(self, n: int, words: Sequence[str], folding: Callable[[str], str]) -> Hit:
        ((id_, url, version, date, title, author, first, last, body, facet),) = self._rows(
            """SELECT id, url, version, date, title, author, first_seen, last_seen, body, facet
               FROM record JOIN member USING (n) WHERE n = :n""",
            {"n": n},
        )
        known, text = self._facets[facet], zlib.decompress(body).decode()
        return Hit(
            id_, url, version, date, known.section, known.source, author, known.status, first, last, title,
            marked_title(title, words, folding), snippet(text, words, folding), text,
        )  # fmt: skip

    def _counts(self, per_facet: Mapping[int, int]) -> HitCounts:
        sections, years, sources, names = (Counter[str]() for _ in range(4))
        for n, count in per_facet.items():
            facet = self._facets[n]
            for section in facet.sections or [""]:
                sections[section] += count
            years[(facet.month or "")[:4]] += count
            sources[facet.source or ""] += count
            names[source_names.bundled().name(facet.source) or ""] += count
        return HitCounts(
            _frequent(sections), dict(sorted(years.items(), reverse=True)), _frequent(sources), _frequent(names)
        )

    def _not_held(self, selection: ArticleSelection) -> tuple[dict[str, int], int]:
        asked, found, undated = {fold(section) for section in selection.sections}, Counter[str](), 0
        for section, year, count in self._missing:
            if asked and fold(section) not in asked:
                continue
            if selection.admits_date(year):
                found[section] += count
            elif not year:
                undated += count
        return dict(sorted(found.items())), undated


def _unusable(path: Path, error: sqlite3.Error) -> ArchiveError:
    return ArchiveError(path, f"{error}; delete the file, it is built again")


def _frequent(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda each: (-each[1], each[0])))
