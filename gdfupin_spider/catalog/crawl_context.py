"""What follows from the sightings of one crawl together: second addresses, ends of redirects, state of the home page.

Derived from the whole crawl each time some of its lines are folded, so the order of its lines does not matter.
"""

import json
import sqlite3

from .facts import Naming

MOST_HOPS = 10


def derive_crawl(db: sqlite3.Connection, crawl: int, naming: Naming) -> None:
    """Derives the columns `content`, `word`, `leads`, `home` and `began` of a crawl; marks changed addresses dirty."""
    _same_as(db, crawl, naming)
    _redirects(db, crawl, naming)
    _home(db, crawl)
    db.execute(
        """UPDATE crawl SET began = (SELECT min(at) FROM (
             SELECT min(captured_at) AS at FROM sighting WHERE crawl = :n
             UNION ALL SELECT min(captured_at) FROM page WHERE crawl = :n)) WHERE n = :n""",
        {"n": crawl},
    )


def _same_as(db: sqlite3.Connection, crawl: int, naming: Naming) -> None:
    """A sighting with `same_as` gets the content of that URL's line in this crawl: the last line before it, else the first."""
    seconds = db.execute(
        "SELECT n, captured_at, warc, offset, same_as, content FROM sighting"
        " WHERE crawl = ? AND same_as IS NOT NULL AND line IS NULL",
        (crawl,),
    ).fetchall()
    for n, captured_at, warc, offset, same_as, known in seconds:
        lines = db.execute(
            "SELECT captured_at, warc, offset, content FROM sighting WHERE crawl = ? AND line IS NOT NULL"
            " AND address = ? ORDER BY captured_at, warc, offset",
            (crawl, naming.number(same_as)),
        ).fetchall()
        before = [line for line in lines if line[:3] <= (captured_at, warc, offset)]
        content = (before[-1] if before else lines[0])[3] if lines else None
        if content != known:
            db.execute("UPDATE sighting SET content = ? WHERE n = ?", (content, n))
            _dirty(db, n)


def _redirects(db: sqlite3.Connection, crawl: int, naming: Naming) -> None:
    """A redirect to an error page or to the home page is `missing`; one to the same address proves nothing."""
    moved = db.execute(
        "SELECT n, address, target, word, leads FROM sighting WHERE crawl = ? AND outcome = 'moved'", (crawl,)
    ).fetchall()
    for n, address, target, *known in moved:
        word, leads = _end(db, crawl, naming, address, target)
        if known != [word, leads]:
            db.execute("UPDATE sighting SET word = ?, leads = ? WHERE n = ?", (word, leads, n))
            _dirty(db, n)


def _end(
    db: sqlite3.Connection, crawl: int, naming: Naming, start: int, target: str | None
) -> tuple[str | None, int | None]:
    """(word, last address) of a chain of redirects, as far as this crawl followed it."""
    here = start
    for _ in range(MOST_HOPS):
        if target is None:
            break
        here = naming.number(target)
        if here == start:
            return None, None
        if _is_home(db, crawl, here):
            return "missing", here
        sightings = db.execute(
            "SELECT outcome, target FROM sighting WHERE crawl = ? AND address = ? ORDER BY captured_at, warc, offset",
            (crawl, here),
        ).fetchall()
        outcomes = {outcome for outcome, _ in sightings}
        if outcomes & {"read", "not_modified"}:
            return "moved", here
        if "missing" in outcomes:
            return "missing", here
        target = sightings[-1][1] if sightings else None
    return "moved", None if here == start else here


def _is_home(db: sqlite3.Connection, crawl: int, address: int) -> bool:
    """Whether this crawl read a home page at the address."""
    row = db.execute(
        "SELECT 1 FROM page WHERE address = ? AND crawl = ? AND kind = 'home'", (address, crawl)
    ).fetchone()
    return row is not None


def _home(db: sqlite3.Connection, crawl: int) -> None:
    """`bad` if a start page was foreign or blocked and no start page was read as a home page."""
    homes, known = db.execute("SELECT homes, home FROM crawl WHERE n = ?", (crawl,)).fetchone()
    seen: set[str] = set()
    for home in json.loads(homes):
        pages = db.execute("SELECT kind FROM page WHERE crawl = ? AND address = ?", (crawl, home))
        seen |= {kind for (kind,) in pages}
        sightings = db.execute("SELECT outcome FROM sighting WHERE crawl = ? AND address = ?", (crawl, home))
        seen |= {outcome for (outcome,) in sightings}
    bad = bool(seen & {"foreign", "blocked"}) and "home" not in seen
    home = "bad" if bad else ("good" if seen else None)
    if home != known:
        db.execute("UPDATE crawl SET home = ? WHERE n = ?", (home, crawl))
        if "bad" in (home, known):
            db.execute(
                "INSERT OR IGNORE INTO dirty (n)"
                " SELECT address FROM sighting WHERE crawl = ? AND word IN ('missing', 'moved')",
                (crawl,),
            )


def _dirty(db: sqlite3.Connection, sighting: int) -> None:
    db.execute("INSERT OR IGNORE INTO dirty (n) SELECT address FROM sighting WHERE n = ?", (sighting,))
