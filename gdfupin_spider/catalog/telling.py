"""The histories of articles as rows, again for those that are stale."""

import sqlite3

from .clusters import CHUNK, looks_of_article
from .history import History
from .rules import Rules

_ARTICLE = f"INSERT INTO article VALUES ({', '.join('?' * 10)})"
_VERSION = f"""
INSERT INTO version VALUES (?, ?, ?, ?, (SELECT n FROM crawl WHERE name = ?), {", ".join("?" * 5)})
"""
_EVENT = f"INSERT INTO event VALUES ({', '.join('?' * 15)})"


def retell(db: sqlite3.Connection, rules: Rules) -> int:
    """Writes articles, versions and events of all stale articles anew; how many there are."""
    count = 0
    while stale := db.execute("SELECT n FROM stale LIMIT ?", (CHUNK,)).fetchall():
        count += len(stale)
        db.executemany("DELETE FROM article WHERE n = ?", stale)
        histories = {n: History(looks, rules) for (n,) in stale if (looks := looks_of_article(db, n))}
        db.executemany(_ARTICLE, [_article(n, history) for n, history in histories.items()])
        db.executemany(_VERSION, [row for n, history in histories.items() for row in _versions(n, history)])
        db.executemany(_EVENT, [row for n, history in histories.items() for row in _events(n, history)])
        db.executemany(
            "UPDATE address SET state = ?, first_at = ? WHERE n = ?",
            [
                (address.state, address.since, address.n)
                for history in histories.values()
                for address in history.addresses.values()
            ],
        )
        db.executemany("DELETE FROM stale WHERE n = ?", stale)
    return count


def _article(n: int, history: History) -> tuple[object, ...]:
    now, versions = history.shown(), history.versions
    assert now is not None
    assert history.seen is not None
    return (
        n, history.status, now.place, now.url, now.section, len(versions), versions[0].first.captured_at,
        history.seen.captured_at, history.events[-1].look.captured_at,
        history.looked.captured_at if history.looked else None,
    )  # fmt: skip


def _versions(n: int, history: History) -> list[tuple[object, ...]]:
    assert history.place is not None
    rows: list[tuple[object, ...]] = []
    for version in history.versions:
        line = version.line(history.place.n)
        of_line = (line.sha256, line.crawl, line.line) if line else (None, None, None)
        first, last = version.first, version.last
        seen = first.captured_at, last.captured_at, version.sightings, first.n
        rows.append((n, version.number, version.content, *of_line, *seen))
    return rows


def _events(n: int, history: History) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    for number, event in enumerate(history.events, 1):
        before, after = event.before, event.after
        told = (
            (before.version if before else None, after.version),
            (before.sha256 if before else None, after.sha256),
            (before.url if before else None, after.url),
            (before.section if before else None, after.section),
        )
        at = event.look.n, event.look.captured_at
        seen = event.seen_before, event.missing_since
        rows.append((n, number, event.kind, *at, *seen, *(value for pair in told for value in pair)))
    return rows
