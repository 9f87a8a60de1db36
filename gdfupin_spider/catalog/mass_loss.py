"""Whether missing articles of a crawl count.

If many articles are missing at once, a fault of the site is more likely than their removal. Such a crawl is doubted: its
missing articles do not count, until several crawls in a row over some days agree. In an archive of fewer articles than that (`mass_floor`)
it is doubted if it observed several and found none.
"""

import sqlite3
from typing import Literal

from .history import History
from .observation import hours_between
from .observations_sql import observations_of
from .rules import Rules

Verdict = Literal["taken", "home", "mass", "believed"]

_LOOKED_AT = """
SELECT a.article, max(s.word = 'alive') AS alive, max(s.word = 'missing') AS missing,
       EXISTS (SELECT 1 FROM address b JOIN sighting p ON p.address = b.n WHERE b.article = a.article
               AND p.origin IN ('live', 'demo') AND p.word = 'alive' AND p.captured_at < :began) AS known,
       EXISTS (SELECT 1 FROM address b JOIN sighting p ON p.address = b.n WHERE b.article = a.article
               AND p.origin IN ('live', 'demo') AND p.word = 'missing' AND p.captured_at < :began) AS missed
FROM sighting s JOIN address a ON a.n = s.address
WHERE s.crawl = :crawl AND s.origin IN ('live', 'demo') AND s.word IS NOT NULL AND a.article IS NOT NULL
GROUP BY a.article
"""
_MISSING = "SELECT crawl, count(*) FROM sighting WHERE word = 'missing' GROUP BY crawl"
_KNOWN_BEFORE = """
SELECT count(*) FROM (
    SELECT DISTINCT a.article FROM sighting s JOIN address a ON a.n = s.address
    WHERE a.article IS NOT NULL AND s.word = 'alive' AND s.origin IN ('live', 'demo') AND s.captured_at < ? LIMIT ?)
"""
SEVERAL = 2
"""Minimum number of missing articles in a small archive: one article of one may have been removed."""
_AFFECTED = "SELECT DISTINCT s.crawl FROM stale t JOIN address a ON a.article = t.n JOIN sighting s ON s.address = a.n"
_DOUBTED_NOW = """
INSERT OR IGNORE INTO stale (n)
SELECT a.article FROM sighting s JOIN address a ON a.n = s.address
WHERE s.crawl = ? AND s.word IN ('missing', 'moved') AND a.article IS NOT NULL
"""


def judge(db: sqlite3.Connection, rules: Rules, touched: set[int]) -> None:
    """Judges all crawls again, in the order in which they began. Articles of crawls with another verdict become stale.

    `touched`: crawls with newly folded lines. Only crawls that these or a stale article can have changed are counted again.
    """
    missing = dict(db.execute(_MISSING).fetchall())
    affected = set(touched)
    if any(count >= rules.mass_floor for count in missing.values()):
        affected |= {crawl for (crawl,) in db.execute(_AFFECTED)}
    row_of_them: list[str] = []
    changed = False
    crawls = db.execute(
        "SELECT n, began, home, known, lost, verdict FROM crawl WHERE began IS NOT NULL ORDER BY began, name"
    ).fetchall()
    for n, began, home, *counted, old in crawls:
        verdict: Verdict = "taken"
        counts: list[int | None] = [None, None]
        is_small = missing.get(n, 0) >= SEVERAL and _is_small(db, began, rules)
        if home == "bad":
            verdict = "home"
        elif row_of_them or is_small or missing.get(n, 0) >= rules.mass_floor:
            again = changed or is_small or n in affected or counted[0] is None
            known, lost = _count(db, n, began, rules) if again else counted
            counts = [known, lost]
            is_mass = lost >= rules.mass_floor and lost > rules.mass_share * known
            if is_mass or (is_small and lost == known >= SEVERAL):
                row_of_them.append(began)
                long = hours_between(row_of_them[0], began) >= 24 * rules.mass_days
                verdict = "believed" if long and len(row_of_them) >= rules.mass_crawls else "mass"
            elif known >= rules.mass_floor or (is_small and lost < known):
                row_of_them.clear()  # a crawl that observed fewer proves nothing either way
        if [*counts, verdict] != [*counted, old]:
            db.execute("UPDATE crawl SET known = ?, lost = ?, verdict = ? WHERE n = ?", (*counts, verdict, n))
        if (old or "taken") != verdict:
            db.execute(_DOUBTED_NOW, (n,))
            changed = True


def _is_small(db: sqlite3.Connection, began: str, rules: Rules) -> bool:
    """Whether fewer articles than `mass_floor` were known when a crawl began."""
    (known,) = db.execute(_KNOWN_BEFORE, (began, rules.mass_floor)).fetchone()
    return int(known) < rules.mass_floor


def _count(db: sqlite3.Connection, crawl: int, began: str, rules: Rules) -> list[int]:
    """[observed articles that were known and not suspected before, those of them that were missing]"""
    known = lost = 0
    for article, alive, missing, was_known, was_missed in db.execute(_LOOKED_AT, {"crawl": crawl, "began": began}):
        if was_known and not (was_missed and _suspected(db, article, began, rules)):
            known += 1
            lost += missing and not alive
    return [known, lost]


def _suspected(db: sqlite3.Connection, article: int, began: str, rules: Rules) -> bool:
    """Whether the article was suspected or gone when the crawl began."""
    before = [observation for observation in observations_of(db, article) if observation.captured_at < began]
    return History(before, rules).status in ("suspected", "gone")
