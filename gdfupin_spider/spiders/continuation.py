"""Articles over several pages: their further pages are fetched at once, each once, and belong to the first."""

import asyncio
from dataclasses import dataclass
from typing import Any

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest

from .. import pages, warc
from ..crawl.session import Session
from ..errors import CannotWrite
from ..items import Proof
from ..ledger.response_faults import every_try
from ..middlewares.retry_throttle import name_of
from ..pages import Page


@dataclass(frozen=True)
class ArticlePages:
    """What the spider yields: the pages of one article, in page order."""

    pages: tuple[Page, ...]
    missing: str | None = None
    """Address of a page of it that could not be had."""


class Parts:
    """The further pages of articles, by identity key: on their way, or where they lie in the WARC."""

    def __init__(self, crawler: Crawler, session: Session, seen: set[str]) -> None:
        """`seen`: the identity keys of all that was asked for, to which parts are added."""
        self._crawler, self._session, self._seen = crawler, session, seen
        self._known: dict[str, asyncio.Task[Page | None] | Proof] = {}

    def came(self, page: Page) -> None:
        """A further page came as any page, before the article asked for it."""
        self._known.setdefault(pages.identity_key(page.capture.url), page.capture.proof)

    async def whole(self, first: Page, why: str = "new") -> ArticlePages:
        """The article that begins on this page, with its further pages; `why` it is looked at."""
        parts = [first]
        while (url := pages.next_part(parts)) is not None:
            part = await self._part(url, why)
            if part is None:
                return ArticlePages(tuple(parts), missing=url)
            parts.append(part)
        return ArticlePages(tuple(parts))

    async def _part(self, url: str, why: str) -> Page | None:
        key = pages.identity_key(url)
        known = self._known.get(key)
        if isinstance(known, Proof):  # memory holds no pages; that one is asked for twice is rare
            path = self._session.folder.path.parent / known.warc
            return pages.read(warc.read_at(path, known.offset), self._session.profile)
        if known is None:
            known = self._known[key] = asyncio.ensure_future(self._fetch(url, key, why))
        return await known

    async def _fetch(self, url: str, key: str, why: str) -> Page | None:
        session = self._session
        if not session.hosts.page(url):
            return None
        self._seen.add(key)
        asked: dict[str, Any] = {"purpose": "part", "verbatim_url": True, "inline": True, "why": why}
        request = Request(url, meta=asked, dont_filter=True)
        try:
            response = await self._crawler.engine.download_async(request)
        except IgnoreRequest:
            return None
        except CannotWrite:
            raise
        except Exception as error:  # noqa: BLE001 - whatever the network raises means: the part cannot be had
            session.ledger.failed(url, name_of(error), str(error)[:300])
            return None
        assert response.request is not None
        meta = response.request.meta
        page: Page = meta["page"]
        if wrong := meta.get("gave_up"):
            session.ledger.failed(url, wrong, every_try(wrong, page.capture), page.capture)
            return None
        self._known[key] = page.capture.proof
        session.ledger.part(page)
        return page
