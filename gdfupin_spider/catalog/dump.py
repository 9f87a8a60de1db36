"""The catalog as lines of text that are equal where catalogs are: by names, ids and digests, never by row numbers."""

import json
from collections.abc import Iterator

from .queries import Catalog

_TABLES = {
    "meta": "SELECT key, value FROM meta",
    "crawl": "SELECT name, folder, stamp, homes, began, home, known, lost, verdict FROM crawl",
    "address": "SELECT a.id, r.id, a.state FROM address a LEFT JOIN address r ON r.n = a.article",
    "content": "SELECT n, title, date, source, author, hex(body), hex(captions), hex(names) FROM content",
    "sighting": """
        SELECT c.name, s.warc, s.offset, a.id, s.url, s.captured_at, s.origin, s.outcome, s.etag, s.last_modified,
               s.same_as, s.target, s.sha256, s.section, s.line, k.n, s.word, s.leads
        FROM sighting s JOIN crawl c ON c.n = s.crawl JOIN address a ON a.n = s.address
        LEFT JOIN content k ON k.n = s.content""",
    "page": """
        SELECT c.name, p.warc, p.offset, p.address, p.url, p.captured_at, p.kind, p.status, p.section, p.number,
               p.printed_total, p.printed_pages, p.rows, p.ended, p.etag, p.last_modified
        FROM page p JOIN crawl c ON c.n = p.crawl""",
    "gone_page": "SELECT c.name, g.warc, g.offset, g.status FROM gone_page g JOIN crawl c ON c.n = g.crawl",
    "absence": """
        SELECT c.name, s.warc, s.offset FROM absence b JOIN sighting s ON s.n = b.sighting JOIN crawl c ON c.n = s.crawl""",
    "listed": "SELECT address, section, url, captured_at, date FROM listed",
    "failure": "SELECT c.name, f.address, f.url, f.what FROM failure f JOIN crawl c ON c.n = f.crawl",
    "encoding": "SELECT c.name, e.name, e.lines FROM encoding e JOIN crawl c ON c.n = e.crawl",
    "article": """
        SELECT a.id, r.status, p.id, c.name, s.warc, s.offset, r.section, r.versions, r.last_seen, r.changed_at,
               r.looked_at, r.missing_since
        FROM article r JOIN address a ON a.n = r.n JOIN address p ON p.n = r.place JOIN sighting s ON s.n = r.seen
        JOIN crawl c ON c.n = s.crawl""",
    "version": """
        SELECT a.id, v.number, v.content, l.sha256, c.name, l.line, v.first_seen, v.last_seen, v.sightings, f.name,
               s.warc, s.offset
        FROM version v JOIN address a ON a.n = v.article LEFT JOIN sighting l ON l.n = v.line
        LEFT JOIN crawl c ON c.n = l.crawl JOIN sighting s ON s.n = v.first_sighting JOIN crawl f ON f.n = s.crawl""",
    "event": """
        SELECT a.id, e.number, e.kind, c.name, s.warc, s.offset, e.captured_at, e.seen_before, e.missing_since,
               e.version_before, e.version_after, e.before, e.after, e.url_before, e.url_after, e.section_before,
               e.section_after
        FROM event e JOIN address a ON a.n = e.article JOIN sighting s ON s.n = e.sighting
        JOIN crawl c ON c.n = s.crawl""",
}  # fmt: skip


def dump(catalog: Catalog) -> Iterator[str]:
    """One line of JSON a row: the table's name and its values; in the order of tables and values."""
    db = catalog._db
    for table, select in _TABLES.items():
        columns = ", ".join(str(n) for n in range(1, len(db.execute(f"{select} LIMIT 0").description) + 1))
        for row in db.execute(f"{select} ORDER BY {columns}"):
            yield json.dumps([table, *row], ensure_ascii=False, separators=(",", ":"))
