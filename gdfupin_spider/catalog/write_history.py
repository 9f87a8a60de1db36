"""Writes the histories of stale articles as rows."""

import sqlite3
from collections.abc import Iterator

from .history import History
from .observations_sql import observations_of_stale
from .rules import Rules

Row = tuple[object, ...]

CHUNK = 500
_ARTICLE = f"INSERT INTO article VALUES ({', '.join('?' * 10)})"
_VERSION = f"INSERT INTO version VALUES ({', '.join('?' * 8)})"
# The history of articles with one sighting, for all of them at once: in a first crawl those are most articles.
_ONCE = (
    """UPDATE stale SET once = 1 = (SELECT count(*) FROM (
         SELECT 1 FROM address a JOIN sighting s ON s.address = a.n WHERE a.article = stale.n LIMIT 2))""",
    "DELETE FROM article WHERE n IN (SELECT n FROM stale WHERE once)",
    "UPDATE address SET state = NULL WHERE state IS NOT NULL AND n IN (SELECT n FROM stale WHERE once)",
    """INSERT INTO article
       SELECT t.n, iif(s.origin IN ('live', 'demo'), 'live', 'archived'), t.n, s.n, s.section, 1, s.captured_at, s.captured_at,
              iif(s.origin IN ('live', 'demo'), s.captured_at, NULL), NULL
       FROM stale t JOIN sighting s ON s.address = t.n WHERE t.once""",
    """INSERT INTO version
       SELECT t.n, 1, s.content, iif(s.line IS NULL, NULL, s.n), s.captured_at, s.captured_at, 1, s.n
       FROM stale t JOIN sighting s ON s.address = t.n WHERE t.once""",
    "DELETE FROM stale WHERE once",
)
_AS_ARTICLE = """
UPDATE address SET state = NULL
WHERE state IS NOT NULL AND article IN (SELECT n FROM stale WHERE n BETWEEN ? AND ?)
"""
_STATE = "UPDATE address SET state = ? WHERE n = ?"
_EVENT = f"INSERT INTO event VALUES ({', '.join('?' * 15)})"


def rewrite_histories(db: sqlite3.Connection, rules: Rules) -> int:
    """Recomputes articles, versions and events of all stale articles; returns their number."""
    for statement in _ONCE:
        count = db.execute(statement).rowcount
    last = -1
    while stale := db.execute("SELECT n FROM stale WHERE n > ? ORDER BY n LIMIT ?", (last, CHUNK)).fetchall():
        count, first, last = count + len(stale), stale[0][0], stale[-1][0]
        histories = [(n, History(observations, rules)) for n, observations in observations_of_stale(db, first, last)]
        db.executemany("DELETE FROM article WHERE n = ?", stale)
        db.executemany(_ARTICLE, [_article(n, history) for n, history in histories])
        db.executemany(_VERSION, [row for n, history in histories for row in _versions(n, history)])
        db.executemany(_EVENT, [row for n, history in histories for row in _events(n, history)])
        db.execute(_AS_ARTICLE, (first, last))
        db.executemany(_STATE, [row for _, history in histories for row in _states(history)])
    db.execute("DELETE FROM stale")
    return count


def _article(n: int, history: History) -> Row:
    place, now, seen = history.place, history.now, history.seen
    assert place is not None
    assert place.seen is not None
    assert now is not None
    assert seen is not None
    looked, missed = (
        observation.captured_at if observation else None for observation in (history.looked, history.missed)
    )
    return (
        n, history.status, place.n, place.seen.n, now.section, len(history.versions), seen.captured_at,
        history.events[-1].observation.captured_at, looked, missed,
    )  # fmt: skip


def _versions(n: int, history: History) -> Iterator[Row]:
    assert history.now is not None
    for version in history.versions:
        line, first, last = version.line(history.now.place), version.first, version.last
        seen = first.captured_at, last.captured_at, version.sightings, first.n
        yield n, version.number, version.content, line.n if line else None, *seen


def _events(n: int, history: History) -> Iterator[Row]:
    for number, event in enumerate(history.events[1:], 1):  # the first event, `added`, is stored as the first version
        before, after = event.before, event.after
        histories = (
            (before.version if before else None, after.version),
            (before.sha256 if before else None, after.sha256),
            (before.url if before else None, after.url),
            (before.section if before else None, after.section),
        )
        at = event.observation.n, event.observation.captured_at
        seen = event.seen_before, event.missing_since
        yield n, number, event.kind, *at, *seen, *(value for pair in histories for value in pair)


def _states(history: History) -> list[Row]:
    """(state, address) of addresses whose state differs from the status of their article."""
    status = history.status
    return [(address.state, address.n) for address in history.addresses.values() if address.state != status]
