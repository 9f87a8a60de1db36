"""Sends back cookies to hosts whose redirects lead in a circle without them."""

from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from ..crawl.request_context import context_of
from ..crawl.session import session_of
from ..pages import host_of


class CookieWallMiddleware:
    """Keeps cookies of redirects; sends them only where `CookieWalls` has found that they are needed."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        session = session_of(self._crawler)
        if session is None:
            return
        cookie = context_of(request).cookie = session.cookies.header(host_of(request.url))
        if cookie is not None:
            request.headers["Cookie"] = cookie.encode("latin-1")

    def process_response(self, request: Request, response: Response) -> Response:
        session = session_of(self._crawler)
        if session is not None and 300 <= response.status < 400:
            values = [value.decode("latin-1") for value in response.headers.getlist("Set-Cookie") if value]
            session.cookies.set_by_redirect(host_of(request.url), values)
        return response
