"""Groups addresses into articles, for addresses with new facts. Rows in, rows out; `identity` has the rules."""

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol

from .facts import REST_BITS
from .identity import Alike, earliest, groups, life
from .observations_sql import observations_at
from .rules import Rules
from .similarity import alike

_HEADS = f"SELECT DISTINCT content >> {REST_BITS} FROM sighting WHERE address = ? AND content IS NOT NULL"
_SHARING = (
    f"SELECT DISTINCT address FROM sighting WHERE content BETWEEN ?1 << {REST_BITS} AND (?1 + 1 << {REST_BITS}) - 1"
)
_ALONE = (  # most addresses share title and date with no other one; these are handled at once
    f"""UPDATE dirty SET alone = NOT EXISTS (
         SELECT 1 FROM (SELECT DISTINCT content >> {REST_BITS} AS head FROM sighting
                        WHERE address = dirty.n AND content IS NOT NULL) h
         CROSS JOIN sighting s ON s.content BETWEEN head << {REST_BITS} AND (head + 1 << {REST_BITS}) - 1
         WHERE s.address != dirty.n)""",
    """INSERT OR IGNORE INTO stale (n)
       SELECT a.article FROM dirty d JOIN address a ON a.n = d.n WHERE d.alone AND a.article IS NOT NULL""",
    """UPDATE address SET article = NULL, state = NULL
       WHERE n IN (SELECT n FROM dirty WHERE alone) AND article IS NOT NULL
         AND NOT EXISTS (SELECT 1 FROM sighting s WHERE s.address = address.n AND s.content IS NOT NULL)""",
    """UPDATE address SET article = n
       WHERE n IN (SELECT n FROM dirty WHERE alone) AND article IS NOT n
         AND EXISTS (SELECT 1 FROM sighting s WHERE s.address = address.n AND s.content IS NOT NULL)""",
    """INSERT OR IGNORE INTO stale (n)
       SELECT a.n FROM dirty d JOIN address a ON a.n = d.n WHERE d.alone AND a.article = a.n""",
    "DELETE FROM dirty WHERE alone",
)


class HasBodies(Protocol):
    """Access to the article lines of one crawl."""

    def body(self, offset: int) -> str:
        """The body of the article line at this byte offset."""


def regroup(db: sqlite3.Connection, key: Callable[[str], str], carries: Alike) -> None:
    """Groups all dirty addresses again; the articles concerned become stale."""
    for statement in _ALONE:
        db.execute(statement)
    while dirty := db.execute("SELECT n FROM dirty LIMIT 1").fetchone():
        members = _region(db, dirty[0])
        _assign(db, _articles(db, members, key, carries))
        db.executemany("DELETE FROM dirty WHERE n = ?", ((n,) for n in members))


def _region(db: sqlite3.Connection, start: int) -> set[int]:
    """All addresses joined to this one by a chain of equal titles and dates; no rule reaches further."""
    members, heads, todo = {start}, set[int](), [start]
    while todo:
        for (head,) in db.execute(_HEADS, (todo.pop(),)).fetchall():
            if head not in heads:
                heads.add(head)
                found = {n for (n,) in db.execute(_SHARING, (head,))} - members
                members |= found
                todo += found
    return members


def _articles(
    db: sqlite3.Connection, members: Iterable[int], key: Callable[[str], str], carries: Alike
) -> Mapping[int, int | None]:
    """By address: the address whose id its article has; None if it belongs to no article."""
    lives = [each for n in members if (each := life(observations_at(db, n)))]
    contents = {content for each in lives for content in each.contents}
    heads = {n: db.execute("SELECT title, date FROM content WHERE n = ?", (n,)).fetchone() for n in contents}
    article: dict[int, int | None] = dict.fromkeys(members)
    for group in groups(lives, heads, carries):
        first = earliest(group, key).address
        article.update((each.address, first) for each in group)
    return article


def _assign(db: sqlite3.Connection, articles: Mapping[int, int | None]) -> None:
    for address, article in articles.items():
        (known,) = db.execute("SELECT article FROM address WHERE n = ?", (address,)).fetchone()
        if known != article:
            clear = ", state = NULL" if article is None else ""
            db.execute(f"UPDATE address SET article = ?{clear} WHERE n = ?", (article, address))
        stale = [(n,) for n in {known, article} if n is not None]
        db.executemany("INSERT OR IGNORE INTO stale (n) VALUES (?)", stale)


def carrying(db: sqlite3.Connection, crawls: Mapping[str, HasBodies], rules: Rules) -> Alike:
    """A function that compares bodies and stores the result. `crawls`: access to lines, by name."""

    def body(content: int) -> str:
        name, line = db.execute(
            "SELECT c.name, s.line FROM sighting s JOIN crawl c ON c.n = s.crawl"
            " WHERE s.content = ? AND s.line IS NOT NULL LIMIT 1",
            (content,),
        ).fetchone()
        return crawls[name].body(line)

    def carries(older: int, newer: int) -> bool:
        row: Sequence[int] | None = db.execute(
            "SELECT verdict FROM alike WHERE older = ? AND newer = ?", (older, newer)
        ).fetchone()
        if row is None:
            row = [alike(body(older), body(newer), rules.alike_share)]
            db.execute("INSERT INTO alike VALUES (?, ?, ?)", (older, newer, row[0]))
        return bool(row[0])

    return carries
