"""Loads observations from the rows of sightings, in capture order."""

import sqlite3
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

from .observation import Observation

_FROM_ADDRESS = """
       s.captured_at, c.name, s.warc, s.offset, s.n, s.address, s.url, s.origin IN ('live', 'demo'), s.word, s.leads, s.content,
       s.sha256, s.section, s.line, s.etag, c.verdict IN ('home', 'mass'), EXISTS (SELECT 1 FROM absence WHERE sighting = s.n), c.home = 'bad'
FROM {} CROSS JOIN sighting s ON s.address = a.n
CROSS JOIN crawl c ON c.n = s.crawl
"""
_STALE = f"SELECT a.article, {_FROM_ADDRESS.format('stale CROSS JOIN address a ON a.article = stale.n')}"
_CHUNK = f"{_STALE} WHERE stale.n BETWEEN ? AND ? ORDER BY stale.n"
_ARTICLE = f"SELECT {_FROM_ADDRESS.format('address a')} WHERE a.article = ?"
_ADDRESS = f"SELECT {_FROM_ADDRESS.format('address a')} WHERE a.n = ?"


def observations_of(db: sqlite3.Connection, article: int) -> list[Observation]:
    """All observations of an article."""
    return sorted(map(Observation._make, db.execute(_ARTICLE, (article,))))


def observations_at(db: sqlite3.Connection, address: int) -> list[Observation]:
    """All observations of one address."""
    return sorted(map(Observation._make, db.execute(_ADDRESS, (address,))))


def observations_of_stale(db: sqlite3.Connection, first: int, last: int) -> Iterator[tuple[int, list[Observation]]]:
    """All observations of the stale articles from `first` to `last`, by article."""
    for article, rows in groupby(db.execute(_CHUNK, (first, last)), key=itemgetter(0)):
        yield article, sorted(Observation._make(row[1:]) for row in rows)
