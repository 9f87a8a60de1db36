"""No request leaves the site: by host here, by address in the resolver."""

from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest

from ..crawl.session import session_of
from ..frontier.scope import bare, host_of, is_private_name


class Scope:
    """The last word on every hop, whoever made the request. Behind a proxy nothing is resolved here."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        session = session_of(self._crawler)
        if session is None:
            return
        hosts, url, purpose = session.hosts, request.url, request.meta.get("purpose", "page")
        if purpose == "page":
            if session.full:
                raise IgnoreRequest("the crawl has all the articles it was asked for")
            if not session.templates.allows(url):  # given up while it stood in the queue
                raise IgnoreRequest("one of an endless space")
        if not (hosts.page(url) or (purpose in ("media", "robots") and hosts.media(url))):
            raise IgnoreRequest("out of scope")
        if not request.meta.get("proxy"):
            host = bare(host_of(url))
            if host not in hosts.named and is_private_name(host):
                raise IgnoreRequest("a private address")
