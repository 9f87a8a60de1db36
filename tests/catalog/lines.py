"""Lines of crawls, made by hand and kept in memory, and what a fold makes of them."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from gdfupin_spider import pages
from gdfupin_spider.catalog import BEGIN, Catalog, Change, Naming, Point, Rules, changes, dump, fold
from gdfupin_spider.items import (
    Article,
    Attachment,
    Image,
    Issue,
    Origin,
    PageSeen,
    Proof,
    Sighting,
    as_line,
)

READER = "1+gdfupin.00000000"
NAMING = Naming(pages.identity_key, lambda url: pages.article_id("gdfupin", url))
HOME = "http://www.gdfupin.org.cn/"
X, Y, Z = (f"{HOME}{name}.asp" for name in "xyz")
BODY = "广东省扶贫开发协会在广州召开会议，部署今年的定点帮扶工作。会议要求各地落实责任，把项目办到村里、办到户里。"
OTHER = "连樟村的蔬菜基地今年扩种到三百亩，村民在家门口务工，每月收入三千多元，集体账上也有了余钱，路也修到了地头。"


def id_of(url: str) -> str:
    return NAMING.id(url)


def at(day: float, second: int = 0) -> str:
    """A time so many days (and seconds) after the first of January 2026, 03:00."""
    moment = datetime(2026, 1, 1, 3, tzinfo=UTC) + timedelta(days=day, seconds=second)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass
class Crawl:
    """One crawl's lines, a second between two looks. It is a `catalog.Source`."""

    day: float = 0
    origin: Origin = "live"
    name: str = ""
    stamp: str = "own"
    homes: Sequence[str] = (HOME,)
    files: dict[str, list[bytes]] = field(default_factory=dict)
    _count: int = 0

    def __post_init__(self) -> None:
        self.name = self.name or at(self.day).replace("-", "").replace(":", "") + f"-{self.origin}"

    # --- what was seen ---------------------------------------------------------------------------------------------

    def read(
        self,
        url: str,
        body: str = BODY,
        *,
        title: str = "扶贫要闻一则",
        date: str | None = "2021-01-13",
        source: str | None = "南方日报",
        section: str | None = "扶贫要闻",
        when: str | None = None,
        etag: str | None = None,
        images: tuple[Image, ...] = (),
        attachments: tuple[Attachment, ...] = (),
        lost_line: bool = False,
    ) -> "Crawl":
        """An article is read: its line and its sighting. `lost_line`: only the sighting is there."""
        moment, proof = self._capture(when)
        article = Article(
            id=id_of(url), url=url, title=title, date=date, source=source, author=None, section=section,
            breadcrumb=(), info_line=None, body=body, images=images,
            attachments=attachments, content_sha256="",
            captured_at=moment, origin=self.origin, captures=(proof,), encoding="gb18030", reader=READER,
        )  # fmt: skip
        if not lost_line:
            self._line("articles", as_line(replace(article, content_sha256=article.digest())))
        return self._look(url, "read", moment, proof, etag=etag)

    def again(self, url: str, same_as: str) -> "Crawl":
        """A second address of an article of this crawl is read."""
        return self._look(url, "read", *self._capture(), same_as=same_as)

    def look(self, url: str, outcome: str, when: str | None = None, **more: Any) -> "Crawl":
        """Any other sighting: missing, not_modified, blocked, unreadable."""
        return self._look(url, outcome, *self._capture(when), **more)

    def missing(self, *urls: str) -> "Crawl":
        for url in urls:
            self.look(url, "missing")
        return self

    def moved(self, url: str, to: str) -> "Crawl":
        return self.look(url, "moved", to=to)

    def gone(self, url: str, when: str, status: int = 404) -> "Crawl":
        """An archive has this answer of the site; 200: the page only prints that it is gone."""
        moment, proof = self._capture(when)
        return self._page(url, "gone", moment, proof, status=status)._look(url, "missing", moment, proof)

    def page(self, url: str, kind: str, when: str | None = None, **more: Any) -> "Crawl":
        return self._page(url, kind, *self._capture(when), **more)

    def _page(self, url: str, kind: str, moment: str, proof: Proof, **more: Any) -> "Crawl":
        values = {
            "status": 200, "section": None, "page_number": None, "printed_total": None, "printed_pages": None,
            "article_links": (), "end": False, "etag": None, "last_modified": None, "to": None, "next_page": None, **more,
        }  # fmt: skip
        page = PageSeen(url=url, kind=kind, captured_at=moment, capture=proof, **values)  # type: ignore[arg-type]
        return self._line("pages", as_line(page))

    def failure(self, url: str, what: str = "timeout") -> "Crawl":
        return self._line("issues", as_line(Issue("failure", what, url, "")))

    # --- a Source --------------------------------------------------------------------------------------------------

    @property
    def folder(self) -> str:
        return f"crawls/{self.name}"

    def size(self, kind: str) -> int:
        return sum(map(len, self.files.get(kind, ())))

    def lines(self, kind: str, start: int) -> Iterator[tuple[int, bytes]]:
        offset = 0
        for line in self.files.get(kind, ()):
            if offset >= start:
                yield offset, line
            offset += len(line)

    def body(self, offset: int) -> str:
        line = next(line for at_, line in self.lines("articles", 0) if at_ == offset)
        return str(json.loads(line)["body"])

    # --- inside ----------------------------------------------------------------------------------------------------

    def _capture(self, when: str | None = None) -> tuple[str, Proof]:
        self._count += 1
        proof = Proof(f"{self.name}/capture-00000.warc.gz", 1000 * self._count, "0" * 64)
        return when or at(self.day, self._count), proof

    def _look(self, url: str, outcome: str, moment: str, proof: Proof, **more: Any) -> "Crawl":
        sighting = Sighting(id_of(url), url, outcome, moment, self.origin, proof, **more)  # type: ignore[arg-type]
        return self._line("sightings", as_line(sighting))

    def _line(self, kind: str, line: str) -> "Crawl":
        self.files.setdefault(kind, []).append(line.encode() + b"\n")
        return self


def folded(path: Path, *crawls: Crawl, rules: Rules | None = None) -> Catalog:
    """A catalog of these crawls; what was folded before stands."""
    fold(path / "catalog.sqlite", crawls, READER, NAMING, rules)
    return Catalog(path / "catalog.sqlite")


def dumped(path: Path, lines: bool = True) -> list[str]:
    """The canonical dump; `lines`: with the places of lines."""
    with Catalog(path / "catalog.sqlite") as catalog:
        rows = [json.loads(line) for line in dump(catalog)]
    if not lines:
        for row in rows:
            if row[0] in ("sighting", "version"):
                row[{"sighting": 15, "version": 6}[row[0]]] = None
    return [json.dumps(row, ensure_ascii=False) for row in rows]


def happened(catalog: Catalog, since: Point = BEGIN, until: Point | None = None) -> list[tuple[str, ...]]:
    """Changes as (kind, url, *fields)."""
    found = changes(catalog, since, until) if until else changes(catalog, since)
    return [(change.kind, change.url, *change.fields) for change in found]


def only(catalog: Catalog, kind: str) -> Change:
    """The one change of a kind since the beginning of all captures."""
    (change,) = (each for each in _each(catalog) if each.kind == kind)
    return change


def _each(catalog: Catalog) -> Iterator[Change]:
    """Change by change, not netted over all time."""
    moments = [row[0] for row in catalog._db.execute("SELECT DISTINCT captured_at FROM sighting ORDER BY 1")]
    before = BEGIN
    for moment in moments:
        until = Point(moment, "\U0010ffff")
        yield from changes(catalog, before, until)
        before = until


def story(catalog: Catalog) -> list[tuple[str, str]]:
    """Everything that happened, in order: (kind, url)."""
    return [(change.kind, change.url) for change in _each(catalog)]
