"""Addresses that were named or requested and never answered. The one place that decides this.

The planner requests them again (`frontier_state`); `coverage`, and by it status and release cards, count them as missing.

An address is unanswered if a listing names it or a crawl failed to fetch it, and no crawl since has had an answer:

- An answer is a page of any kind, or a sighting: read, not modified, missing, moved, unreadable.
- `blocked` is no answer, and `unreadable` is none where the same crawl reports a failure of the address: that sighting
  is the failed response itself.
- A redirect round a loop is no answer.
- An answer of the crawl that failed, or of a later one, settles the failure: a crawl may ask twice.

An address of an article is never unanswered: the recheck schedule takes care of it.
"""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

_NAMED = """
SELECT l.address, l.url, max(l.captured_at) FROM listed l LEFT JOIN address a ON a.n = l.address
WHERE a.article IS NULL GROUP BY l.address
"""
_FAILURES = """
SELECT c.name, f.what, f.address, f.url FROM failure f JOIN crawl c ON c.n = f.crawl
LEFT JOIN address a ON a.n = f.address WHERE a.article IS NULL ORDER BY 1, 2
"""
_BLOCKED = """
SELECT c.name, 'blocked', s.address, s.url FROM sighting s JOIN crawl c ON c.n = s.crawl JOIN address a ON a.n = s.address
WHERE s.outcome = 'blocked' AND a.article IS NULL ORDER BY 1
"""
_ANSWERS = """
SELECT p.address, c.name FROM page p JOIN crawl c ON c.n = p.crawl
WHERE p.kind != 'moved' OR NOT EXISTS (
      SELECT 1 FROM sighting s WHERE s.crawl = p.crawl AND s.warc = p.warc AND s.offset = p.offset AND s.word IS NULL)
UNION ALL
SELECT s.address, c.name FROM sighting s JOIN crawl c ON c.n = s.crawl JOIN address a ON a.n = s.address
WHERE a.article IS NULL AND s.outcome != 'blocked'
  AND NOT (s.outcome = 'moved' AND s.word IS NULL) AND NOT (s.outcome = 'unreadable' AND EXISTS
      (SELECT 1 FROM failure f WHERE f.address = s.address AND f.crawl = s.crawl))
"""


@dataclass(frozen=True, slots=True)
class Unanswered:
    """An address that is owed a request."""

    address: int
    url: str
    failure: str | None
    """How the newest crawl that requested it failed, such as `timeout` or `blocked`; None: no crawl requested it."""


def unanswered(db: sqlite3.Connection) -> Iterator[Unanswered]:
    """All of them, by address."""
    answers: dict[int, str] = {}
    for address, crawl in db.execute(_ANSWERS):
        answers[address] = max(answers.get(address, ""), crawl)
    urls: dict[int, str] = {address: url for address, url, _ in db.execute(_NAMED)}
    failures: dict[int, tuple[str, str]] = {}
    # An issue names the fault more exactly than the sighting of the same response, so it comes second.
    for crawl, what, address, url in sorted((*db.execute(_BLOCKED), *db.execute(_FAILURES)), key=lambda row: row[0]):
        failures[address] = crawl, what
        urls[address] = url
    for address, url in sorted(urls.items()):
        failed, what = failures.get(address, (None, None))
        answered = answers.get(address)
        if answered is None or (failed is not None and failed > answered):
            yield Unanswered(address, url, what)
