"""The spider: from the home page to every article, by the links that pages print."""

import asyncio
import gc
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, Self

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider, DontCloseSpider, IgnoreRequest
from scrapy.http import Response
from twisted.python.failure import Failure

from .. import pages, profiles
from ..crawl.conclusion import Conclusion
from ..crawl.crawl_options import RECORDED_SETTINGS, CrawlOptions
from ..crawl.ending import CrawlEnding, end_waiting
from ..crawl.request_context import RequestContext, context_of
from ..crawl.session import Session
from ..errors import CannotWrite, GdfupinError, ProfileError, WrongArgument
from ..items import as_dict
from ..ledger.judge import Judge, Verdict
from ..ledger.response_faults import every_try
from ..messages.record_words import word
from ..messages.text import N_, enumeration, joined
from ..middlewares.resolver import ScopedResolver, why_not
from ..middlewares.retry import RetryMiddleware, WillRetry, name_of
from ..middlewares.robots import ForbiddenByRobots
from ..pages import Page
from ..profiles import Profile
from ..storage.archive_info import with_learned
from .further_pages import FurtherPages
from .media_requests import MediaRequests
from .requests import RequestBuilder
from .site_check import SiteCheck
from .unsupported_settings import refuse_unsupported

ARGUMENTS = (
    "profile",
    "start_url",
    "limit",
    "minutes",
    "max_pages",
    "media",
    "full",
    "recheck",
    "private_hosts",
    "clock_ok",
    "requisites",
)
RECHECKS = ("due", "all", "none")


class GdfupinSpider(Spider):
    """Crawls the site of a profile. Arguments (`-a`): see ARGUMENTS; several start URLs are separated by spaces."""

    name = "gdfupin"
    session: Session | None = None

    def __init__(
        self,
        profile: str = "gdfupin",
        start_url: str = "",
        limit: str | int = 0,
        minutes: str | float = 0,
        max_pages: str | int = 0,
        media: str = "yes",
        full: str = "no",
        recheck: str = "due",
        private_hosts: str = "no",
        clock_ok: str = "no",
        requisites: str = "no",
        _job: str = "",  # scrapyd names its job
        **kwargs: Any,
    ) -> None:
        super().__init__()
        if kwargs:
            raise WrongArgument(
                f"-a {', '.join(kwargs)}",
                N_("there is no such argument; known are {arguments}", arguments=enumeration(ARGUMENTS)),
            )
        self.profile = profiles.load(profile)
        self._given = tuple(as_sent(url) for url in start_url.split())
        self.start_urls = list(self._given or self.profile.start_urls)
        self.allowed_domains = list(self.profile.hosts)  # scrapy shell finds the spider of a URL by them
        self.ended: GdfupinError | None = None
        """The error because of which there is no session, or that ended it."""
        self._limit, self._minutes = int(number("-a limit", limit)), number("-a minutes", minutes)
        self._max_pages = int(number("-a max_pages", max_pages))
        choices = {"media": media, "full": full, "private_hosts": private_hosts, "clock_ok": clock_ok}
        choices["requisites"] = requisites
        for argument, value in choices.items():
            if value.lower() not in ("yes", "no"):
                raise WrongArgument(f"-a {argument}", N_("{value!r} is neither yes nor no", value=value))
        if recheck not in RECHECKS:
            raise WrongArgument(
                "-a recheck", N_("{recheck!r} is none of {rechecks}", recheck=recheck, rechecks=enumeration(RECHECKS))
            )
        self._recheck = recheck
        self._media, self._full = media.lower() == "yes", full.lower() == "yes"
        self._private_hosts = private_hosts.lower() == "yes"
        self._clock_ok = clock_ok.lower() == "yes"
        self._requisites = requisites.lower() == "yes"
        self.judge = Judge(self.profile, self.start_urls, self._limit)
        self._site_check = SiteCheck()
        self._requests = RequestBuilder(self._site_check, self.parse, self.failed)
        self._further_pages: FurtherPages | None = None
        self._media_requests: MediaRequests | None = None
        self._ending: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        refuse_unsupported(crawler.settings)
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider._finish, signals.spider_closed)
        for signal in (signals.spider_error, signals.item_error):
            crawler.signals.connect(spider._count_internal_error, signal)
        crawler.signals.connect(spider._idle, signals.spider_idle)
        return spider

    # --- begin and end ---------------------------------------------------------------------------------------------

    async def start(self) -> AsyncIterator[Request]:
        try:
            if not self.start_urls:
                raise ProfileError(self.profile.name, "start_urls", N_("there is none; give --start-url"))
            self._use(with_learned(Path(self.settings["GDFUPIN_OUTPUT"]), self.profile))
            session = self.session = Session(self._options(), self._close)
        except GdfupinError as error:
            self.ended = error
            self._log_error(error)
            raise CloseSpider(type(error).__name__) from None
        self._requests.session = session
        self._site_check.in_scope = session.scope.page
        self._further_pages = FurtherPages(self.crawler, session, self.judge, self._requests.seen)
        self._media_requests = MediaRequests(session, self.judge)
        ScopedResolver.named = session.scope.named
        # Pages leave no reference cycles, so rare garbage collections are enough; they save a tenth of a page's time.
        gc.freeze()
        gc.set_threshold(10_000)
        self.logger.info("Crawl %s", session.folder.path)
        if self._minutes:
            asyncio.get_running_loop().call_later(self._minutes * 60, self._close, "max-minutes")
        asyncio.get_running_loop().call_later(session.limits.limits.hours * 3600, session.keep_limits)
        for url in self.start_urls:
            if (request := self._requests.start(url)) is not None:
                yield request

    def _use(self, profile: Profile) -> None:
        """Reads pages with this profile from now on."""
        self.profile = profile
        self.judge = Judge(profile, self.start_urls, self._limit)

    def _options(self) -> CrawlOptions:
        return CrawlOptions(
            output=Path(self.settings["GDFUPIN_OUTPUT"]),
            profile=self.profile,
            start_urls=tuple(self.start_urls),
            given=self._given,
            limit=self._limit,
            minutes=self._minutes,
            pages=self._max_pages,
            media=self._media,
            requisites=self._requisites,
            full=self._full,
            recheck=self._recheck,
            private_hosts=self._private_hosts,
            clock_ok=self._clock_ok,
            demo=self.settings.getbool("GDFUPIN_DEMO"),
            give_up_after=self.settings.getint("GDFUPIN_GIVE_UP_AFTER"),
            layout_pages=int(number("GDFUPIN_LAYOUT_PAGES", self.settings["GDFUPIN_LAYOUT_PAGES"])),
            free_bytes=int(number("GDFUPIN_FREE_BYTES", self.settings["GDFUPIN_FREE_BYTES"])),
            settings={name: self.settings[name] for name in RECORDED_SETTINGS},
        )

    def _close(self, reason: str) -> None:
        if self.session is not None:
            end_waiting(self.crawler, self.session)
        if self._ending is None:
            self._ending = asyncio.ensure_future(self._closing(reason))

    async def _closing(self, reason: str) -> None:
        if self.crawler.engine.spider is not None:
            await self.crawler.engine.close_spider_async(reason=reason)

    def _idle(self) -> None:
        """Looks at more articles before a mass disappearance is believed or doubted."""
        if self.session is None or self.session.ending.is_set() or not (spares := self._requests.spares()):
            return
        self.logger.warning("Most articles that were looked at again are missing: %d more are looked at", len(spares))
        for request in spares:
            self.crawler.engine.crawl(request)
        raise DontCloseSpider

    def _finish(self, reason: str) -> None:
        session = self.session
        if session is None:
            return
        retry = self.crawler.get_downloader_middleware(RetryMiddleware)
        try:
            for request, fault in retry.abandon() if retry else ():
                evidence = N_("the crawl ended before it could be tried again")
                session.ledger.write(self.judge.unanswered(request.url, fault, evidence))
        except CannotWrite as error:
            session.error = session.error or error
        Conclusion(session, reason).write()
        self.ended = session.error
        if self.ended:
            self._log_error(self.ended)

    def _log_error(self, error: GdfupinError) -> None:
        if self.settings.getbool("GDFUPIN_TELL_ERRORS"):
            self.logger.error("%s", error)

    # --- pages -----------------------------------------------------------------------------------------------------

    async def parse(self, response: Response, **kwargs: Any) -> AsyncIterator[Any]:
        """Judges and writes a page and follows its links. The middlewares have fetched, captured and parsed it."""
        assert response.request is not None
        context = context_of(response.request)
        capture, page, session = context.capture, context.page, self.session
        assert capture is not None
        if session is None:  # scrapy parse: nothing is written
            verdict = self.judge.judge(capture, page, None if page else "unread")
            if verdict.article is not None:
                yield as_dict(verdict.article)
            for request in self._links(verdict, context):
                yield request
            return
        if context.first and (error := session.clock_error()) is not None:
            session.order.settled(capture.proof)
            session.stop(error)
            return
        written = False
        try:
            further, missing = await self._further(context)
            verdict = self.judge.judge(capture, page, context.fault, further=further, missing=missing)
            session.limit_reached = self.judge.at_limit
            session.lookout.judged(verdict.page, verdict.sighting, verdict.article, context.trail)
            written = verdict.counted_as == "article"
            yield verdict
            for request in self._links(verdict, context):
                yield request
        except CannotWrite as error:
            session.stop(error)
        finally:
            if not written:  # otherwise the pipeline settles it when the line is written
                session.order.settled(capture.proof)

    async def _further(self, context: RequestContext) -> tuple[list[Page], str | None]:
        """The further pages of an article, in capture order, and the URL of a missing one. Empty for any other page."""
        session, page, pages_of = self.session, context.page, self._further_pages
        if session is None or pages_of is None or page is None or context.fault is not None:
            return [], None
        if page.first_part is not None:
            pages_of.register(page)
        if page.kind != "article" or page.first_part is not None:
            return [], None
        found = await pages_of.of(page, context.reason)
        await session.order.turn_of(page.capture.proof)
        return found

    def _links(self, verdict: Verdict, context: RequestContext) -> Iterator[Request]:
        """Requests for links, after a verdict. Ends the crawl if this turns out not to be the site."""
        session, page = self.session, verdict.page
        follow = self._check(verdict, context)
        if follow and page is not None:
            yield from self._requests.follow(page, context, verdict.new_rows)
        if session is None:
            return
        if verdict.sighting is not None and verdict.counted_as == "article" and verdict.sighting.outcome == "read":
            url = verdict.sighting.url
            session.given_up(session.traps.article(url, verdict.article is not None), url)
            if verdict.article is not None and session.plan.is_new(url):
                session.limits.article(pages.identity_key(url), is_listed=self.judge.is_listed(url))
        if verdict.article is not None:
            yield from self._requests.former(verdict.article)
        if self._media and self._media_requests is not None:
            if verdict.article is not None:
                yield from self._media_requests.of(verdict.article)
            if self._requisites and follow and page is not None:
                yield from self._media_requests.requisites(page)
            if self._site_check.proven:
                yield from self._media_requests.owed()
        if error := self._site_check.error():
            session.stop(error)

    def _check(self, verdict: Verdict, context: RequestContext) -> bool:
        """Whether the links of a page are followed. Updates the site check and the number of failures in a row."""
        page = context.page
        if context.fault is not None or page is None:
            assert context.capture is not None
            if page is not None and page.kind in ("blocked", "foreign") and context.first:
                self._site_check.answered(page, frame=False)
            elif context.first:
                evidence = every_try(context.fault or "unread", context.capture)
                self._site_check.failed(context.capture.url, joined((word(str(context.fault)), evidence)))
            if self.session is not None and not context.last:  # it was counted before it was put off
                self.session.count_failure()
            return False
        if self.session is not None:
            self.session.failed_in_a_row = 0
        if context.first:
            if self.session is not None:
                self.session.lookout.start_page(page)
            return self._site_check.answered(page, frame=context.frame)
        return verdict.follow or context.frame

    def failed(self, failure: Failure) -> None:
        """Errback: a URL without a response, or whose response could not be written."""
        request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy sets it
        session, error, context = self.session, failure.value, context_of(failure.request)  # type: ignore[attr-defined]
        if session is None or not isinstance(error, Exception) or isinstance(error, WillRetry | CannotWrite):
            return
        if context.capture is not None:
            session.order.settled(context.capture.proof)
        if isinstance(error, CrawlEnding):
            if error.on_wire:
                self._write_interrupted(session, request.url, str(error))
            return
        if isinstance(error, IgnoreRequest):
            if context.first and isinstance(error, ForbiddenByRobots):
                self._site_check.forbidden(request.url, str(error))
            elif context.first:
                self._site_check.failed(request.url, str(error))
            if isinstance(error, ForbiddenByRobots):
                known = context.recheck is not None or context.reason == "listing"
                session.forbidden_known += known
                session.forbidden_articles += known or self.judge.is_promised(request.url)
        else:
            fault, evidence = name_of(error), why_not(error, request.url)
            if context.first:
                self._site_check.failed(request.url, joined((word(fault), evidence)))
            try:
                session.ledger.write(self.judge.unanswered(request.url, fault, evidence))
            except CannotWrite as problem:
                session.stop(problem)
            if not context.last:
                session.count_failure()
            if is_internal(error):
                session.internal_error(N_("{url} could not be handled", url=request.url), error)
        if stop := self._site_check.error():
            session.stop(stop)

    def _count_internal_error(self) -> None:
        """Scrapy has logged the error."""
        if self.session is not None:
            self.session.internal_errors += 1

    def _write_interrupted(self, session: Session, url: str, evidence: str) -> None:
        try:
            session.ledger.write(self.judge.unanswered(url, "interrupted", evidence))
        except CannotWrite as problem:
            session.stop(problem)


def is_internal(error: BaseException) -> bool:
    """Whether an error of a request is one of the program, not of the network.

    >>> is_internal(KeyError("x")), is_internal(ConnectionResetError())
    (True, False)
    """
    return type(error).__module__ == "builtins" and not isinstance(error, OSError)


def as_sent(url: str) -> str:
    """A URL from the command line, percent-encoded as a browser sends it. Raises WrongArgument.

    >>> as_sent("http://www.gdfupin.org.cn/扶贫要闻/")
    'http://www.gdfupin.org.cn/%E6%89%B6%E8%B4%AB%E8%A6%81%E9%97%BB/'
    """
    sent = pages.absolute(url, url)
    if sent is None:
        raise WrongArgument(
            "-a start_url", N_("{url!r} is not a web address such as http://www.gdfupin.org.cn/", url=url)
        )
    return sent


def number(name: str, given: str | float) -> float:
    """A number from the command line. Raises WrongArgument if it is not a number, or negative.

    >>> number("-a limit", "20")
    20.0
    """
    try:
        value = float(given)
    except ValueError:
        value = -1.0
    if not 0 <= value < float("inf"):
        raise WrongArgument(name, N_("{given!r} is no number of 0 or more", given=given))
    return value
