"""Articles of several pages: further pages are fetched immediately, each once, as a part of the first page."""

import asyncio

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest

from .. import deadline, pages, warc
from ..crawl.request_context import RequestContext, context_of, with_context
from ..crawl.session import Session
from ..errors import CannotWrite
from ..items import Proof
from ..ledger.judge import Judge
from ..middlewares.retry import name_of
from ..pages import Page


class FurtherPages:
    """The further pages of articles, by identity key: a task that fetches the page, or its place in the WARC."""

    def __init__(self, crawler: Crawler, session: Session, judge: Judge, seen: set[str]) -> None:
        """`seen`: identity keys of all requests; those of further pages are added."""
        self._crawler, self._session, self._judge, self._seen = crawler, session, judge, seen
        self._known: dict[str, asyncio.Task[Page | None] | Proof] = {}

    def register(self, page: Page) -> None:
        """Registers a further page that was fetched as an ordinary page, before the article needed it."""
        self._known.setdefault(pages.identity_key(page.capture.url), page.capture.proof)

    async def of(self, first: Page, reason: str) -> tuple[list[Page], str | None]:
        """The further pages of the article that begins on this page, and the URL of the first that cannot be fetched.

        `reason`: what the first page was requested for.
        """
        further: list[Page] = []
        while (url := pages.next_part([first, *further])) is not None:
            page = await self._page(url, reason)
            if page is None:
                return further, url
            further.append(page)
        return further, None

    async def _page(self, url: str, reason: str) -> Page | None:
        key = pages.identity_key(url)
        known = self._known.get(key)
        if isinstance(known, Proof):  # pages are not kept in memory; few are needed twice
            path = self._session.folder.path.parent / known.warc
            return deadline.read(warc.read_at(path, known.offset), self._session.profile)
        if known is None:
            known = self._known[key] = asyncio.ensure_future(self._fetch(url, key, reason))
        return await known

    async def _fetch(self, url: str, key: str, reason: str) -> Page | None:
        session = self._session
        if not session.scope.page(url):
            return None
        self._seen.add(key)
        context = RequestContext(purpose="part", inline=True, reason=reason)
        try:
            response = await self._crawler.engine.download_async(
                Request(url, meta=with_context(context), dont_filter=True)
            )
        except IgnoreRequest:
            return None
        except CannotWrite:
            raise
        except Exception as error:  # noqa: BLE001 - any network error means: the page cannot be fetched
            session.ledger.write(self._judge.unanswered(url, name_of(error), str(error)))
            return None
        assert response.request is not None
        context = context_of(response.request)  # of the last try
        assert context.capture is not None
        session.ledger.write(self._judge.judge(context.capture, context.page, context.fault, part=True))
        if context.fault is not None or context.page is None:
            return None
        self._known[key] = context.capture.proof
        return context.page
