"""Changes between two points in capture order: a function of the catalog and the points, not of a clock.

Changes are net: two edits are one, an edit that was reverted is none. An article that was edited and moved has two
changes. Each change has the last observation of the old state and the observation that found the new one.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import groupby

from .history_types import EventKind
from .observation import Point
from .queries import Catalog

FIELDS = ("title", "date", "source", "author", "body", "captions", "attachment names")
"""Fields that can be edited: those of the content digest without the section, in their order."""
BEGIN = Point("")
"""Before all captures."""
END = Point("9999")
"""After all captures."""

_EVENTS = """
SELECT a.id, e.article, e.number, e.kind, e.captured_at, e.seen_before, e.missing_since, e.version_before,
       e.version_after, e.before, e.after, e.url_before, e.url_after, e.section_before, e.section_after,
       c.name, s.warc, s.offset
FROM event e JOIN address a ON a.n = e.article JOIN sighting s ON s.n = e.sighting JOIN crawl c ON c.n = s.crawl
WHERE {0}
UNION ALL
SELECT a.id, e.article, 0, 'added', s.captured_at, NULL, NULL, NULL,
       1, NULL, coalesce(s.sha256, l.sha256), NULL, s.url, NULL, s.section,
       c.name, s.warc, s.offset
FROM version e JOIN address a ON a.n = e.article JOIN sighting s ON s.n = e.first_sighting
JOIN crawl c ON c.n = s.crawl LEFT JOIN sighting l ON l.n = e.line
WHERE e.number = 1 AND {1}
ORDER BY 1, 3
"""


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one article."""

    kind: EventKind
    id: str
    url: str
    """Address after the change; of `gone`, the last one."""
    title: str
    """Title after the change."""
    section: str | None
    """Section after the change."""
    fields: tuple[str, ...]
    """Of `edited`: the changed fields."""
    before: str | None
    """Content digest before."""
    after: str | None
    """Content digest after."""
    seen_before: str | None
    """The last observation of the old state; None where there was none."""
    seen_after: str
    """The observation that found the new state; of `gone`, the one that confirmed it."""
    url_before: str | None
    """Of `moved`: the old address."""
    section_before: str | None
    """Of `moved`: the old section."""
    missing_since: str | None
    """Of `gone`: the first observation that did not find it at its place."""

    def line(self) -> str:
        """One line of JSON without a line end."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class _Event:
    id: str
    article: int
    number: int
    kind: EventKind
    captured_at: str
    seen_before: str | None
    missing_since: str | None
    version_before: int | None
    version_after: int
    before: str | None
    after: str | None
    url_before: str | None
    url_after: str
    section_before: str | None
    section_after: str | None
    crawl: str
    warc: str
    offset: int


def changes(catalog: Catalog, since: Point, until: Point = END) -> Iterator[Change]:
    """Changes after the point `since`, up to and including `until`, by article id."""
    rows = catalog._db.execute(
        _EVENTS.format("e.captured_at BETWEEN :from AND :to", "e.first_seen BETWEEN :from AND :to"),
        {"from": since.captured_at, "to": until.captured_at},
    )
    events = (_Event(*row) for row in rows)
    within = (each for each in events if since < (each.captured_at, each.crawl, each.warc, each.offset) <= until)
    yield from _net(catalog, within)


def changes_of(catalog: Catalog, crawl: str) -> Iterator[Change]:
    """Changes that one crawl found. A crawl of a web archive can find changes of years ago."""
    rows = catalog._db.execute(_EVENTS.format("c.name = :crawl", "c.name = :crawl"), {"crawl": crawl})
    yield from _net(catalog, (_Event(*row) for row in rows))


def after_crawl(catalog: Catalog, crawl: str) -> Point | None:
    """The point of the last capture of a crawl; None if the catalog has none of it."""
    row = catalog._db.execute(
        """SELECT captured_at, name, warc, offset FROM (
             SELECT s.captured_at, c.name, s.warc, s.offset FROM sighting s JOIN crawl c ON c.n = s.crawl
             UNION ALL SELECT p.captured_at, c.name, p.warc, p.offset FROM page p JOIN crawl c ON c.n = p.crawl)
           WHERE name = ? ORDER BY 1 DESC, 3 DESC, 4 DESC LIMIT 1""",
        (crawl,),
    ).fetchone()
    return Point(*row) if row else None


def as_of(time: str) -> Point:
    """The point after all captures of this second (`2026-11-23T03:00:00Z`)."""
    return Point(time, "\U0010ffff")


def _net(catalog: Catalog, events: Iterable[_Event]) -> Iterator[Change]:
    for _, group in groupby(events, key=lambda event: event.id):
        yield from _of_article(catalog, list(group))


def _of_article(catalog: Catalog, events: list[_Event]) -> Iterator[Change]:
    kinds: dict[EventKind, list[_Event]] = {}
    for event in events:
        kinds.setdefault(event.kind, []).append(event)
    new = "added" in kinds
    if new:
        yield _change(catalog, "added", kinds["added"][0], events[-1])
    if (edits := kinds.get("edited")) and not new:
        first, last = edits[0], edits[-1]
        if fields := _fields(catalog, first.article, first.version_before, last.version_after):
            yield _change(catalog, "edited", first, last, fields=fields)
    if (moves := kinds.get("moved")) and not new:
        first, last = moves[0], moves[-1]
        if (first.url_before, first.section_before) != (last.url_after, last.section_after):
            yield _change(catalog, "moved", first, last)
    went = sorted((*kinds.get("gone", ()), *kinds.get("reappeared", ())), key=lambda event: event.number)
    if went and (new or len(went) % 2) and not (new and went[-1].kind == "reappeared"):
        yield _change(catalog, went[-1].kind, went[-1], went[-1])


def _fields(catalog: Catalog, article: int, before: int | None, after: int) -> tuple[str, ...]:
    old, new = (
        catalog._db.execute(
            "SELECT k.title, k.date, k.source, k.author, k.body, k.captions, k.names"
            " FROM version v JOIN content k ON k.n = v.content WHERE v.article = ? AND v.number = ?",
            (article, number),
        ).fetchone()
        for number in (before, after)
    )
    return tuple(name for name, a, b in zip(FIELDS, old, new, strict=True) if a != b)


def _change(catalog: Catalog, kind: EventKind, first: _Event, last: _Event, fields: tuple[str, ...] = ()) -> Change:
    (title,) = catalog._db.execute(
        "SELECT k.title FROM version v JOIN content k ON k.n = v.content WHERE v.article = ? AND v.number = ?",
        (last.article, last.version_after),
    ).fetchone()
    return Change(
        kind=kind,
        id=first.id,
        url=last.url_after,
        title=title,
        section=last.section_after,
        fields=fields,
        before=None if kind == "added" else first.before,
        after=None if kind == "gone" else last.after,
        seen_before=first.seen_before,
        seen_after=first.captured_at if kind == "added" else last.captured_at,
        url_before=first.url_before if kind == "moved" else None,
        section_before=first.section_before if kind == "moved" else None,
        missing_since=last.missing_since,
    )
