"""From the home page to every article, by what pages print."""

import asyncio
import gc
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, Self

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider, IgnoreRequest
from scrapy.http import Response
from twisted.python.failure import Failure

from .. import pages, profiles
from ..crawl.session import TOLD, Session, Wish
from ..errors import CannotWrite, GdfupinError, ProfileError, WrongArgument
from ..items import Article, Capture, Proof
from ..ledger.response_faults import every_try
from ..middlewares.resolver import ScopedResolver, why_not
from ..middlewares.retry_throttle import Later, Manners, name_of
from ..pages import Page
from .continuation import ArticlePages, Parts
from .media_requests import MediaRequests
from .requests import Way
from .site_check import Threshold

ARGUMENTS = ("profile", "start_url", "limit", "minutes", "media", "full", "recheck")
RECHECKS = ("due", "all", "none")


class GdfupinSpider(Spider):
    """Crawls a profile's site. Arguments (`-a`): profile, start_url (several by spaces), limit, minutes, media=no."""

    name = "gdfupin"
    session: Session | None = None

    def __init__(
        self,
        profile: str = "gdfupin",
        start_url: str = "",
        limit: str | int = 0,
        minutes: str | float = 0,
        media: str = "yes",
        full: str = "no",
        recheck: str = "due",
        **kwargs: Any,
    ) -> None:
        super().__init__()
        if kwargs:
            raise WrongArgument(
                f"-a {', '.join(kwargs)}", f"there is no such argument; known are {', '.join(ARGUMENTS)}"
            )
        self.profile = profiles.load(profile)
        self._given = tuple(start_url.split())
        self.start_urls = list(self._given or self.profile.start_urls)
        self.allowed_domains = list(self.profile.hosts)  # scrapy shell finds the spider of a URL by them
        self.ended: GdfupinError | None = None
        """Why no session could be made, or what broke it off."""
        self._limit, self._minutes = int(number("-a limit", limit)), number("-a minutes", minutes)
        for argument, value in (("media", media), ("full", full)):
            if value.lower() not in ("yes", "no"):
                raise WrongArgument(f"-a {argument}", f"{value!r} is neither yes nor no")
        if recheck not in RECHECKS:
            raise WrongArgument("-a recheck", f"{recheck!r} is none of {', '.join(RECHECKS)}")
        self._recheck = recheck
        self._media, self._full = media.lower() == "yes", full.lower() == "yes"
        self._threshold = Threshold()
        self._way = Way(self._threshold, self.parse, self.failed)
        self._parts: Parts | None = None
        self._media_requests: MediaRequests | None = None
        self._ending: asyncio.Task[None] | None = None
        self._failed_in_a_row = 0

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider._settled, signals.item_scraped)
        crawler.signals.connect(spider._settled, signals.item_dropped)
        crawler.signals.connect(spider._settled, signals.item_error)
        crawler.signals.connect(spider._finish, signals.spider_closed)
        return spider

    # --- begin and end ---------------------------------------------------------------------------------------------

    async def start(self) -> AsyncIterator[Request]:
        try:
            if not self.start_urls:
                raise ProfileError(self.profile.name, "start_urls", "there is none; give --start-url")
            session = self.session = Session(self._wish(), self._close)
        except GdfupinError as error:
            self.ended = error
            self._tell(error)
            raise CloseSpider(type(error).__name__) from None
        self._way.session = session
        self._parts = Parts(self.crawler, session, self._way.seen)
        self._media_requests = MediaRequests(session)
        ScopedResolver.named = session.hosts.named
        # What is loaded by now stays, and pages leave no cycles behind: rare collections take a tenth off a page's time.
        gc.freeze()
        gc.set_threshold(10_000)
        self.logger.info("Crawl %s", session.folder.path)
        if self._minutes:
            asyncio.get_running_loop().call_later(self._minutes * 60, self._close, "max-minutes")
        for url in self.start_urls:
            if (request := self._way.start(url)) is not None:
                yield request

    def _wish(self) -> Wish:
        return Wish(
            output=Path(self.settings["GDFUPIN_OUTPUT"]),
            profile=self.profile,
            start_urls=tuple(self.start_urls),
            given=self._given,
            limit=self._limit,
            minutes=self._minutes,
            media=self._media,
            full=self._full,
            recheck=self._recheck,
            free_bytes=int(number("GDFUPIN_FREE_BYTES", self.settings["GDFUPIN_FREE_BYTES"])),
            settings={name: self.settings[name] for name in TOLD},
        )

    def _close(self, reason: str) -> None:
        if self.session is not None:
            self.session.ending.set()
        if self._ending is None:
            self._ending = asyncio.ensure_future(self._closing(reason))

    async def _closing(self, reason: str) -> None:
        if self.crawler.engine.spider is not None:
            await self.crawler.engine.close_spider_async(reason=reason)

    def _finish(self, reason: str) -> None:
        session = self.session
        if session is None:
            return
        manners = self.crawler.get_downloader_middleware(Manners)
        try:
            for request, why in manners.left() if manners else ():
                session.ledger.failed(request.url, why, "the crawl ended before it could be tried again")
        except CannotWrite as error:
            session.error = session.error or error
        session.finish(reason)
        self.ended = session.error
        if self.ended:
            self._tell(self.ended)

    def _tell(self, error: GdfupinError) -> None:
        if self.settings.getbool("GDFUPIN_TELL_ERRORS"):
            self.logger.error("%s", error)

    # --- pages -----------------------------------------------------------------------------------------------------

    async def parse(self, response: Response, **kwargs: Any) -> AsyncIterator[Any]:
        request = response.request
        assert request is not None
        session, parts, capture = self.session, self._parts, request.meta["capture"]
        if session is None or parts is None:  # scrapy parse: looks, and keeps nothing
            page: Page = pages.read(capture, self.profile)
            for further in self._way.follow(page, request.meta):
                yield further
            if page.kind == "article":
                yield ArticlePages((page,))
            return
        taken = False
        try:
            if why := request.meta.get("gave_up"):
                self._give_up(request, why, every_try(why, capture), capture)
                return
            page = request.meta["page"]
            self._failed_in_a_row = 0
            followed, listed = self._judge(page, request), list[str]()
            if page.kind == "article" and page.first_part is None:
                item = await parts.whole(page, request.meta.get("why", "new"))
                taken = True
                yield item
            elif page.first_part is not None:
                parts.came(page)
                session.ledger.part(page)
            else:
                listed = session.ledger.page(page)
            if followed:
                for further in self._way.follow(page, request.meta, listed):
                    yield further
            if self._threshold.proven and self._media and self._media_requests is not None:
                for further in self._media_requests.owed():
                    yield further
            if verdict := self._threshold.verdict():
                session.stop(verdict)
        except CannotWrite as error:
            session.stop(error)
        finally:
            if not taken:
                session.turns.close(capture.proof)

    def failed(self, failure: Failure) -> None:
        """An address of which nothing came, or nothing that could be kept."""
        request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy puts it there
        session, error = self.session, failure.value
        if session is None or not isinstance(error, Exception) or isinstance(error, Later | CannotWrite):
            return
        capture = request.meta.get("capture")
        if capture is not None:
            session.turns.close(capture.proof)
        if isinstance(error, IgnoreRequest):
            if request.meta.get("first"):
                self._threshold.failed(request.url, str(error))
        else:
            self._give_up(request, name_of(error), why_not(error, request.url), None)
        if verdict := self._threshold.verdict():
            session.stop(verdict)

    def _give_up(self, request: Request, why: str, evidence: str, capture: Capture | None) -> None:
        session = self.session
        assert session is not None
        if request.meta.get("first"):
            page = request.meta.get("page")
            if page is not None and why == "blocked":
                self._threshold.answered(page, frame=False)
            else:
                self._threshold.failed(request.url, f"{why}, {evidence}")
        try:
            session.ledger.failed(request.url, why, evidence, capture)
        except CannotWrite as error:
            session.stop(error)
        self._failed_in_a_row += 1
        if self._failed_in_a_row == self.settings.getint("GDFUPIN_GIVE_UP_AFTER"):
            self.logger.error("%d addresses in a row could not be had: the crawl ends", self._failed_in_a_row)
            self._close("gave-up")
        if verdict := self._threshold.verdict():
            session.stop(verdict)

    def _judge(self, page: Page, request: Request) -> bool:
        """Whether the links of this page may be followed."""
        if request.meta.get("first"):
            return self._threshold.answered(page, frame=bool(request.meta.get("frame")))
        return page.kind != "foreign" or bool(request.meta.get("frame"))

    async def _settled(self, item: Any) -> None:
        """The line of an article is written, or there will be none."""
        if self.session is None:
            return
        if isinstance(item, ArticlePages):
            self.session.turns.close(item.pages[0].capture.proof)
        elif isinstance(item, dict):
            self.session.turns.close(Proof(**item["captures"][0]))

    def media(self, article: Article) -> Iterator[Request]:
        """Requests for what an article shows and offers, once each."""
        if self._media and self._media_requests is not None:
            yield from self._media_requests.of(article)


def number(name: str, said: str | float) -> float:
    """A number of 0 or more that somebody typed. Raises WrongArgument.

    >>> number("-a limit", "20")
    20.0
    """
    try:
        value = float(said)
    except ValueError:
        value = -1.0
    if not 0 <= value < float("inf"):
        raise WrongArgument(name, f"{said!r} is no number of 0 or more")
    return value
