"""The state of one request, from the moment it is made until its page is judged: one record in `request.meta`.

Scrapy's own keys (`download_timeout`, `proxy`, `verbatim_url` ...) are other keys of `request.meta`.
"""

from dataclasses import dataclass, replace

from scrapy import Request

from ..frontier.plan import Recheck, Walk
from ..items import Capture
from ..pages import Page
from ..warc import Purpose

KEY = "gdfupin"
_SCRAPY_KEYS = ("verbatim_url", "download_timeout", "handle_httpstatus_all")
"""Keys of Scrapy that the next try of a request keeps."""


@dataclass
class RequestContext:
    """Each group of fields is changed only by the part of the crawl that is named above it."""

    # set where the request is made
    purpose: Purpose = "page"
    reason: str = "new"
    """Reason for the request, as far as known before the response: `home`, `listing`, `new`, `recheck`, `other`."""
    first: bool = False
    """A start page, or a page that start pages link to before the site is recognised."""
    frame: bool = False
    """The URL is that of a frame."""
    inline: bool = False
    """The code that made the request awaits the response; it has no callback."""
    trail: tuple[str, ...] = ()
    """URLs of the redirects that led here."""
    walk: Walk | None = None
    """The listing whose next page this is."""
    recheck: Recheck | None = None
    """The known article that is fetched again."""
    tries: int = 0
    """Earlier tries."""
    last: bool = False
    """The last try, at the end of the crawl."""

    # by the cookie middleware
    cookie: str | None = None
    """The Cookie header that was sent."""

    # by the capture middleware
    capture: Capture | None = None
    """The response as it is in the WARC."""
    is_long: bool = False
    """The body is too long to be held in memory: the download handler requests it once more and sends its pieces only."""

    # by the download handler
    status: int | None = None
    """The status of a response of which only the pieces are sent."""

    # by the read middleware
    page: Page | None = None
    """The parsed page; None for robots.txt, media, and a payload that is not parsed."""

    # by the retry middleware
    fault: str | None = None
    """Name of the fault of the last response; None for a good response."""


def context_of(request: Request) -> RequestContext:
    """The context of a request; created if the request has none, as in `scrapy shell`."""
    context = request.meta.setdefault(KEY, RequestContext())
    if not isinstance(context, RequestContext):
        raise TypeError(f"request.meta[{KEY!r}] is {context!r}")
    return context


def with_context(context: RequestContext, *, timeout: float | None = None) -> dict[str, object]:
    """The `meta` of a new request. `timeout`: seconds, instead of DOWNLOAD_TIMEOUT."""
    meta: dict[str, object] = {KEY: context, "verbatim_url": True}
    return meta if timeout is None else {**meta, "download_timeout": timeout}


def next_try(request: Request) -> Request:
    """A copy of the request for the next try, without the results of this one."""
    context = context_of(request)
    again = replace(context, tries=context.tries + 1, capture=None, page=None, fault=None, status=None)
    kept = {key: request.meta[key] for key in _SCRAPY_KEYS if key in request.meta}
    return request.replace(meta={**kept, KEY: again})
