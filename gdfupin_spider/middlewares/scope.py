"""No request leaves the site: hosts are checked here, IP addresses in the resolver."""

from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest

from ..crawl.ending import refuse_if_ending
from ..crawl.request_context import context_of
from ..crawl.session import session_of
from ..frontier.scope import is_private_name
from ..messages.text import N_
from ..pages import host_of


class HostGivenUp(IgnoreRequest):
    """The host of a picture or attachment sends no files today."""


class ScopeMiddleware:
    """Checks every request, whoever made it. Behind a proxy no name is resolved here."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        session = session_of(self._crawler)
        if session is None:
            return
        refuse_if_ending(session)
        scope, url, purpose = session.scope, request.url, context_of(request).purpose
        if purpose == "page":
            if session.limit_reached:
                raise IgnoreRequest(N_("the crawl has reached its limit of articles"))
            if not session.traps.allows(url):  # the pattern was given up while the request waited
                raise IgnoreRequest(N_("part of a crawler trap"))
        if purpose == "media" and session.limits.is_given_up(host_of(url)):
            raise HostGivenUp(N_("the host did not send many files in a row; the crawl requests no more of them"))
        if not (scope.page(url) or (purpose in ("media", "robots") and scope.media(url))):
            raise IgnoreRequest(N_("out of scope"))
        if not request.meta.get("proxy"):
            host = host_of(url)
            if host not in scope.named and is_private_name(host):
                raise IgnoreRequest(N_("a private address, which only --start-url or --private-hosts opens"))
