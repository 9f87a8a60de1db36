"""Which captures of web archives prove that an article was not there any more.

A 404 or 410 that an archive kept is the answer of the site at that time, or of whoever had its name then. Archives capture
little of a site at once, so such an answer is believed only beside what else was captured. Three rules:

- the site stood: of the addresses that were known in the month in which the article was last seen, at least as many were alive
  in the month of the answer or later as articles of that time were missing and never found again. Of a site that closed, was
  sold or got other addresses nearly no address of that time is alive;
- no mass: of the articles known before that archives captured in that month, fewer than `mass_floor` or no more than
  `mass_share` are newly missing. An article that such a month misses is never believed missing by it: an archive that lacks
  the new place of an article cannot tell a removal from a redesign;
- no other site: no page of another site was captured under the site's name in that month.

Whether two believed answers make an article gone is decided by its history. Everything here depends on times, addresses and
articles alone, never on which import brought a capture.
"""

import sqlite3
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from .rules import Rules

_ANSWERS = """
SELECT s.n, a.article, s.captured_at, (
  SELECT max(p.captured_at) FROM address b JOIN sighting p ON p.address = b.n
  WHERE b.article = a.article AND p.word = 'alive' AND p.captured_at < s.captured_at)
FROM gone_page g JOIN sighting s ON s.crawl = g.crawl AND s.warc = g.warc AND s.offset = g.offset
JOIN address a ON a.n = s.address
WHERE g.status IN (404, 410) AND s.word = 'missing' AND a.article IS NOT NULL AND s.origin NOT IN ('live', 'demo')
ORDER BY s.captured_at, s.n
"""
_ALIVE = """
SELECT a.article, substr(min(s.captured_at), 1, 7), substr(max(s.captured_at), 1, 7)
FROM sighting s JOIN address a ON a.n = s.address
WHERE s.word = 'alive' AND a.article IS NOT NULL GROUP BY s.address
"""
_FOREIGN = "SELECT DISTINCT substr(captured_at, 1, 7) FROM page WHERE kind = 'foreign'"
_FOUND = """
SELECT DISTINCT a.article FROM sighting s JOIN address a ON a.n = s.address
WHERE s.captured_at BETWEEN ?1 AND ?1 || '~' AND s.word = 'alive' AND s.origin NOT IN ('live', 'demo')
  AND EXISTS (SELECT 1 FROM address b JOIN sighting p ON p.address = b.n
              WHERE b.article = a.article AND p.word = 'alive' AND p.captured_at < ?1)
"""
_CHANGED = """
INSERT OR IGNORE INTO stale (n)
SELECT a.article FROM sighting s JOIN address a ON a.n = s.address WHERE s.n = ? AND a.article IS NOT NULL
"""
MONTH = len("2013-05")


@dataclass(frozen=True, slots=True)
class ArchivedAnswer:
    """A 404 or 410 in a web archive, at an address of an article that was seen before."""

    sighting: int
    article: int
    captured_at: str
    seen: str
    """When the article was last seen before."""

    @property
    def month(self) -> str:
        return self.captured_at[:MONTH]


def judge_absence(db: sqlite3.Connection, rules: Rules) -> None:
    """Derives the table `absence` again. Articles with another answer in it than before become stale."""
    before = {n for (n,) in db.execute("SELECT sighting FROM absence")}
    answers = [ArchivedAnswer(*row) for row in db.execute(_ANSWERS) if row[-1] is not None]
    now = {each.sighting for each in _believed(db, answers, rules)} if answers else set()
    db.executemany("DELETE FROM absence WHERE sighting = ?", ((n,) for n in before - now))
    db.executemany("INSERT INTO absence VALUES (?)", ((n,) for n in sorted(now - before)))
    db.executemany(_CHANGED, ((n,) for n in before ^ now))


def _believed(db: sqlite3.Connection, answers: Sequence[ArchivedAnswer], rules: Rules) -> Iterator[ArchivedAnswer]:
    foreign = {month for (month,) in db.execute(_FOREIGN)}
    stood = _while_the_site_stood(db, answers)
    missed: dict[int, str] = {}  # by article: its last believed answer
    for month, group in groupby(answers, key=lambda answer: answer.month):
        of_month = list(group)
        if month in foreign or _is_mass(db, month, of_month, missed, rules):
            continue
        for answer in of_month:
            if answer.sighting in stood:
                missed[answer.article] = answer.captured_at
                yield answer


def _while_the_site_stood(db: sqlite3.Connection, answers: Sequence[ArchivedAnswer]) -> set[int]:
    """Sightings of the answers that the first rule admits."""
    answered = {answer.article: answer.month for answer in answers}  # the newest
    first: dict[int, str] = {}  # month in which an article was first alive, at any address; the same of last
    last: dict[int, str] = {}
    stood: list[tuple[str, str]] = []  # months in which an address was last alive, and first
    for article, began, ended in db.execute(_ALIVE):
        stood.append((ended, began))
        if article in answered:
            first[article] = min(first.get(article, began), began)
            last[article] = max(last.get(article, ended), ended)
    lost = {article: month for article, month in answered.items() if last[article] <= month}
    missed = [(month, first[article]) for article, month in lost.items()]
    before = [(last[article], first[article]) for article in lost]
    counts = [_Known(months) for months in (stood, missed, before)]
    admitted: set[int] = set()
    for answer in sorted(answers, key=lambda each: each.month, reverse=True):
        standing, missing, still_there = (each.count(answer.month, answer.seen[:MONTH]) for each in counts)
        if standing >= missing - still_there:
            admitted.add(answer.sighting)
    return admitted


class _Known:
    """Counts what was known by one month and is dated another month or later. Asked for the latest month first."""

    def __init__(self, months: Iterable[tuple[str, str]]) -> None:
        """(dated, first known) of each."""
        self._left, self._known = sorted(months), list[str]()

    def count(self, since: str, known_by: str) -> int:
        if self._left and self._left[-1][0] >= since:
            while self._left and self._left[-1][0] >= since:
                self._known.append(self._left.pop()[1])
            self._known.sort()
        return bisect_right(self._known, known_by)


def _is_mass(
    db: sqlite3.Connection, month: str, answers: Sequence[ArchivedAnswer], missed: dict[int, str], rules: Rules
) -> bool:
    """Whether too many articles are newly missing in a month. `missed`: last believed answers of earlier months."""
    lost = {each.article for each in answers if each.seen[:MONTH] < month and missed.get(each.article, "") <= each.seen}
    if len(lost) < rules.mass_floor:
        return False
    found = {article for (article,) in db.execute(_FOUND, (month,))}
    lost -= found
    return len(lost) >= rules.mass_floor and len(lost) > rules.mass_share * len(lost | found)
