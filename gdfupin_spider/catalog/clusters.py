"""Addresses put together as articles, again wherever new facts touch. Rows in, rows out; `identity` decides."""

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol

from .alike import alike
from .identity import Alike, earliest, groups, life
from .looks import Look
from .rules import Rules

CHUNK = 500
_LOOKS = """
SELECT s.captured_at, c.name, s.warc, s.offset, s.n, s.address, s.url, s.origin = 'live', s.word, t.n, s.content,
       s.sha256, s.section, s.line, s.etag, c.verdict IN ('home', 'mass'), c.home = 'bad'
FROM address a JOIN sighting s ON s.address = a.n JOIN crawl c ON c.n = s.crawl LEFT JOIN address t ON t.id = s.leads
WHERE
"""
_HEADS = "SELECT DISTINCT c.head FROM sighting s JOIN content c ON c.n = s.content WHERE s.address = ?"
_SHARING = "SELECT DISTINCT s.address FROM content c JOIN sighting s ON s.content = c.n WHERE c.head = ?"


class HasBodies(Protocol):
    """Where the lines of one crawl lie."""

    def body(self, offset: int) -> str:
        """The body of the article line that begins at this byte."""


def looks_of_article(db: sqlite3.Connection, article: int) -> list[Look]:
    """All looks at the addresses of an article, in capture order."""
    return sorted(map(Look._make, db.execute(f"{_LOOKS} a.article = ?", (article,))))


def looks_at_address(db: sqlite3.Connection, address: int) -> list[Look]:
    """All looks at one address, in capture order."""
    return sorted(map(Look._make, db.execute(f"{_LOOKS} a.n = ?", (address,))))


def regroup(db: sqlite3.Connection, key: Callable[[str], str], carries: Alike) -> None:
    """Decides for all dirty addresses anew to which article they belong; the articles concerned become stale."""
    while chunk := [n for (n,) in db.execute("SELECT n FROM dirty LIMIT ?", (CHUNK,))]:
        done: set[int] = set()
        for n in chunk:
            if n not in done:
                members, heads = _region(db, n)
                _assign(db, _articles(db, members, key, carries) if len(members) > 1 else {n: n if heads else None})
                done |= members
        db.executemany("DELETE FROM dirty WHERE n = ?", ((n,) for n in done))


def _region(db: sqlite3.Connection, start: int) -> tuple[set[int], set[int]]:
    """All addresses that a chain of equal titles and dates joins to this one: no rule reaches further."""
    members, heads, todo = {start}, set[int](), [start]
    while todo:
        for (head,) in db.execute(_HEADS, (todo.pop(),)).fetchall():
            if head not in heads:
                heads.add(head)
                found = {n for (n,) in db.execute(_SHARING, (head,))} - members
                members |= found
                todo += found
    return members, heads


def _articles(
    db: sqlite3.Connection, members: Iterable[int], key: Callable[[str], str], carries: Alike
) -> Mapping[int, int | None]:
    """Of each address, the one whose id its article goes by."""
    lives = [each for n in members if (each := life(looks_at_address(db, n)))]
    contents = {content for each in lives for content in each.contents}
    heads = {n: db.execute("SELECT head FROM content WHERE n = ?", (n,)).fetchone()[0] for n in contents}
    article: dict[int, int | None] = dict.fromkeys(members)
    for group in groups(lives, heads, carries):
        first = earliest(group, key).address
        article.update((each.address, first) for each in group)
    return article


def _assign(db: sqlite3.Connection, articles: Mapping[int, int | None]) -> None:
    for address, article in articles.items():
        (known,) = db.execute("SELECT article FROM address WHERE n = ?", (address,)).fetchone()
        if known != article:
            clear = ", state = NULL, first_at = NULL" if article is None else ""
            db.execute(f"UPDATE address SET article = ?{clear} WHERE n = ?", (article, address))
        stale = [(n,) for n in {known, article} if n is not None]
        db.executemany("INSERT OR IGNORE INTO stale VALUES (?)", stale)


def carrying(db: sqlite3.Connection, crawls: Mapping[str, HasBodies], rules: Rules) -> Alike:
    """Compares bodies, each pair once for ever. `crawls`: where the lines are, by name."""

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
