"""The index of an archive, open for searching."""

import json
import sqlite3
import sys
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

from ..errors import ArchiveError
from ..profiles import source_names
from .chinese_scripts import folding
from .folding import EVERY, fold
from .known_names import require_known
from .query_text import Clause, match_expression, parse, wanted
from .selection import ArticleSelection
from .snippets import Marked, marked_title, snippet
from .time_limit import TimeLimit

MOST_RANKED = 5_000
"""Hits that are sorted by relevance; more are sorted by date."""
MOST_KEPT = 256
"""Counts of large results that are kept: of a word in all of 100,000 articles they take 0.3 s, and readers ask for the same words."""
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
    status: Mapping[str, int]
    edited: int
    """Those of articles with several versions."""
    place: Mapping[str, int]
    """By name; one that names several counts in each. Empty where the index has no places."""


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

    __slots__ = ("is_edited", "month", "section", "sections", "source", "source_name", "status")

    def __init__(
        self, month: str | None, section: str | None, sections: str, source: str | None, status: str, is_edited: int
    ) -> None:
        self.month, self.section, self.source, self.status = month, section, source, status
        self.source_name = source_names.bundled().name(source)
        self.is_edited = bool(is_edited)
        self.sections: list[str] = json.loads(sections)

    @property
    def source_names(self) -> tuple[str, ...]:
        """The source as printed, and its canonical name, as far as there are any."""
        return tuple(filter(None, (self.source, self.source_name)))


@dataclass(frozen=True, slots=True)
class Matched:
    """Rows of the index."""

    expression: str
    """For `search MATCH`."""
    newest: int | None
    """The last number of a newest version; None: all versions."""
    facets: frozenset[int] | None
    """None: all."""
    named: frozenset[int] | None = None
    """Numbers of the sets of places; None: all."""
    days: tuple[int, int] | None = None
    """First and last place by date; None: all."""
    older_than: int | None = None
    """Only older versions whose article's newest one, with a number up to this, is not found; None: all."""

    @property
    def is_of_members(self) -> bool:
        """Whether a condition is on the table `member`, as `m`."""
        return any(each is not None for each in (self.facets, self.named, self.days, self.older_than))

    @property
    def is_everything(self) -> bool:
        """Whether nothing is selected but facets: the denominators of each trend."""
        return self.expression == EVERY and self.named is None and self.days is None and self.older_than is None

    @property
    def tables(self) -> str:
        return _OF_MEMBERS if self.is_of_members else "search"

    @property
    def condition(self) -> str:
        return " AND ".join(("search MATCH :expression", *self.selecting("search.rowid")))

    def selecting(self, number: str) -> list[str]:
        """The conditions but for the words, on a row with this number and its member `m`."""
        found: list[str] = []
        if self.newest is not None:
            found.append(f"{number} <= :newest")
        if self.facets is not None:
            found.append("m.facet IN (SELECT value FROM json_each(:facets))")
        if self.named is not None:
            found.append("m.named IN (SELECT value FROM json_each(:named))")
        if self.days is not None:
            found.append("m.place BETWEEN :first_day AND :last_day")
        if self.older_than is not None:
            found.append(
                f"{number} > :older_than AND m.newest > 0 AND m.newest NOT IN "
                "(SELECT rowid FROM search WHERE search MATCH :expression AND rowid <= :older_than)"
            )
        return found

    @property
    def values(self) -> dict[str, object]:
        first, last = self.days or (None, None)
        values: dict[str, object] = {
            "expression": self.expression,
            "newest": self.newest,
            "facets": None if self.facets is None else json.dumps(sorted(self.facets)),
            "named": None if self.named is None else json.dumps(sorted(self.named)),
            "first_day": first,
            "last_day": last,
            "older_than": self.older_than,
        }
        return {name: value for name, value in values.items() if value is not None}


_OF_MEMBERS = "search CROSS JOIN member m ON m.n = search.rowid"


class SearchIndex:
    """An open index, read-only. Use it in a `with` block. A newer index that replaces the file is not seen."""

    def __init__(
        self, path: Path, seconds: float | None = None, counted: dict[Matched, HitCounts] | None = None
    ) -> None:
        """`seconds`: what one query may take at most; None: as long as it takes. `counted`: counts of large results are kept in it, and
        taken from it; several open indexes of one file may share it. Raises ArchiveError."""
        self.path, self._counted = path, counted
        self._everything: dict[int | None, Mapping[int, int]] = {}
        try:
            # The file never changes: a newer one is renamed over it. One thread at a time may use this object.
            self._db = sqlite3.connect(
                f"{path.absolute().as_uri()}?immutable=1", uri=True, isolation_level=None, check_same_thread=False
            )
            self._db.execute("PRAGMA mmap_size = 1073741824")
            rows = self._db.execute("SELECT n, month, section, sections, source, status, is_edited FROM facet")
            self._facets = {n: _Facet(*values) for n, *values in rows}
            named = self._db.execute("SELECT n, places FROM named")
            self._named: dict[int, tuple[str, ...]] = {
                n: tuple(map(sys.intern, json.loads(names))) for n, names in named
            }
            self._missing = self._db.execute("SELECT section, month, articles FROM missing").fetchall()
            meta = dict(self._db.execute("SELECT key, value FROM meta"))
            self._lost, self._newest = int(meta["lost_versions"]), int(meta["newest_versions"])
            self.has_places = meta["places"] == "yes"
            """Whether articles can be selected and counted by the places that they name."""
        except sqlite3.Error as error:
            raise _unusable(path, error) from error
        self._limit = TimeLimit(self._db, seconds)

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
        counts = self._counts(matched) if request.with_counts else None
        total = self._total(matched) if counts is None else sum(counts.status.values())
        ranked = request.order == "relevance" and wanted(clauses) and total <= MOST_RANKED
        order: Order = "relevance" if ranked else "date"
        numbers = self._page(matched, order, request.limit, request.offset)
        return SearchResult(
            total,
            order,
            tuple(self._hit(n, wanted(clauses), request.folding) for n in numbers),
            counts,
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

    def not_held_by_period(self, sections: Sequence[str], length: int) -> Counter[str]:
        """Articles that listings of these sections, or of all, name and that are not held, by the first `length` characters of the month
        that the row prints; `` where it prints none."""
        asked, found = {fold(section) for section in sections}, Counter[str]()
        for section, month, count in self._missing:
            if not asked or fold(section) in asked:
                found[month[:length]] += count
        return found

    def _repeated(self, matched: Matched) -> Counter[int]:
        """Hits by facet that are reprints of an older article among the selected ones."""
        rows = self._rows(
            "SELECT r.n, text, rank, m.facet FROM reprint r JOIN member m USING (n) WHERE "
            + " AND ".join(("true", *matched.selecting("r.n"))),
            matched.values,
        )
        oldest: dict[int, int] = {}
        for _, text, rank, _ in rows:
            oldest[text] = min(rank, oldest.get(text, rank))
        hits = self._rows(
            f"SELECT search.rowid FROM {matched.tables} JOIN reprint ON reprint.n = search.rowid WHERE {matched.condition}",
            matched.values,
        )
        found = {n for (n,) in hits}
        return Counter(facet for n, text, rank, facet in rows if n in found and rank != oldest[text])

    def _matched(self, request: SearchRequest) -> Matched:
        """Raises WrongArgument."""
        asked = request.selection
        return Matched(
            match_expression(request.clauses, request.column, any_script=request.any_script),
            None if asked.all_versions or asked.no_longer else self._newest,
            self._allowed(asked),
            self._allowed_names(asked),
            self._days(asked),
            self._newest if asked.no_longer else None,
        )

    def _allowed(self, selection: ArticleSelection) -> frozenset[int] | None:
        """Numbers of the facets that are selected; None: all are. Raises WrongArgument."""
        if not (selection.sections or selection.sources or selection.statuses or selection.is_edited):
            return None
        for name, asked in (("section", selection.sections), ("source", selection.sources)):
            self._check_names(name, asked)
        return frozenset(
            n
            for n, facet in self._facets.items()
            if selection.admits_article(facet.sections, facet.source_names, facet.status, is_edited=facet.is_edited)
        )

    def _allowed_names(self, selection: ArticleSelection) -> frozenset[int] | None:
        """Numbers of the sets of places that are selected; None: all are. Raises WrongArgument."""
        if not selection.places:
            return None
        names = {name for some in self._named.values() for name in some}
        require_known("place", selection.places, names)
        return frozenset(n for n, some in self._named.items() if selection.admits_places(some))

    def _days(self, selection: ArticleSelection) -> tuple[int, int] | None:
        """The first and the last place by date of the selected period; None: any."""
        if not selection.dated:
            return None
        # Behind the last day of a period comes the period with a character that follows all digits and the hyphen.
        rows = self._rows(
            "SELECT min(first), max(last) FROM day WHERE date >= :since AND date < :until",
            {"since": selection.since, "until": f"{selection.until or '9'}~"},
        )
        first, last = rows[0]
        return (first, last) if first is not None else (0, -1)

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
        try:
            with self._limit.query():
                return self._db.execute(query, values).fetchall()
        except sqlite3.DatabaseError as error:
            raise _unusable(self.path, error) from error

    def _total(self, matched: Matched) -> int:
        ((total,),) = self._rows(f"SELECT count(*) FROM {matched.tables} WHERE {matched.condition}", matched.values)
        return int(total)

    def _per_facet(self, matched: Matched) -> dict[int, int]:
        if not matched.is_everything:
            query = f"SELECT m.facet, count(*) FROM {_OF_MEMBERS} WHERE {matched.condition} GROUP BY 1"
            return dict(self._rows(query, matched.values))
        everything = self._of_every_version(matched.newest)
        return {n: count for n, count in everything.items() if matched.facets is None or n in matched.facets}

    def _of_every_version(self, newest: int | None) -> Mapping[int, int]:
        """Versions by facet, counted once without the full-text index: that takes as long as a word that is everywhere."""
        if newest not in self._everything:
            query = "SELECT facet, count(*) FROM member WHERE :newest IS NULL OR n <= :newest GROUP BY 1"
            self._everything[newest] = dict(self._rows(query, {"newest": newest}))
        return self._everything[newest]

    def _per_facet_and_named(self, matched: Matched) -> tuple[Mapping[int, int], Mapping[int, int]]:
        """Hits by facet, and by set of places. Both are counted at once: to find the hits takes longer than to count them."""
        if not self.has_places:
            return self._per_facet(matched), {}
        rows = self._rows(
            f"SELECT m.facet, m.named, count(*) FROM {_OF_MEMBERS} WHERE {matched.condition} GROUP BY 1, 2",
            matched.values,
        )
        per_facet, per_named = Counter[int](), Counter[int]()
        for facet, named, count in rows:
            per_facet[facet] += count
            per_named[named] += count
        return per_facet, per_named

    def _page(self, matched: Matched, order: Order, limit: int, offset: int) -> list[int]:
        tables, by = matched.tables, "search.rowid"
        if order == "relevance":
            by = f"bm25(search, 1.0, {TITLE_WEIGHT}), search.rowid"
        elif matched.newest is None:
            tables, by = _OF_MEMBERS, "m.place"
        rows = self._rows(
            f"SELECT search.rowid FROM {tables} WHERE {matched.condition} ORDER BY {by} LIMIT :limit OFFSET :offset",
            {**matched.values, "limit": limit, "offset": offset},
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

    def _counts(self, matched: Matched) -> HitCounts:
        if self._counted is None:
            return self._count(matched)
        if (known := self._counted.get(matched)) is None:
            known = self._count(matched)
            if sum(known.status.values()) > MOST_RANKED and len(self._counted) < MOST_KEPT:
                self._counted[matched] = known
        return known

    def _count(self, matched: Matched) -> HitCounts:
        per_facet, per_named = self._per_facet_and_named(matched)
        sections, years, sources, names, statuses, places = (Counter[str]() for _ in range(6))
        edited = 0
        for n, count in per_facet.items():
            facet = self._facets[n]
            for section in facet.sections or [""]:
                sections[section] += count
            years[(facet.month or "")[:4]] += count
            sources[facet.source or ""] += count
            names[facet.source_name or ""] += count
            statuses[facet.status] += count
            edited += count * facet.is_edited
        for n, count in per_named.items():
            for place in self._named[n]:
                places[place] += count
        by_year = dict(sorted(years.items(), reverse=True))
        return HitCounts(
            _frequent(sections), by_year, _frequent(sources), _frequent(names), _frequent(statuses), edited, _frequent(places)
        )  # fmt: skip

    def _not_held(self, selection: ArticleSelection) -> tuple[dict[str, int], int]:
        asked, found, undated = {fold(section) for section in selection.sections}, Counter[str](), 0
        for section, month, count in self._missing:
            if asked and fold(section) not in asked:
                continue
            if selection.admits_year(month[:4]):
                found[section] += count
            elif not month:
                undated += count
        return dict(sorted(found.items())), undated


def _unusable(path: Path, error: sqlite3.Error) -> ArchiveError:
    return ArchiveError(path, f"{error}; delete the file, it is built again")


def _frequent(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda each: (-each[1], each[0])))
