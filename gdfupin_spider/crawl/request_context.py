"""What a crawl knows of one request, from the moment it is made until its page is judged: one record in `request.meta`.

Scrapy's own keys (`download_timeout`, `proxy`, `verbatim_url` ...) stay beside it.
"""

from dataclasses import dataclass, replace

from scrapy import Request

from ..frontier.plan import Recheck, Walk
from ..items import Capture
from ..pages import Page
from ..warc import Purpose

KEY = "gdfupin"
_SCRAPY_KEYS = ("verbatim_url", "download_timeout", "handle_httpstatus_all")
"""Keys of Scrapy's that the next try of a request keeps."""


@dataclass
class RequestContext:
    """Changed only by the part of the crawl that is named at each group of fields."""

    # by whoever makes the request
    purpose: Purpose = "page"
    reason: str = "new"
    """What it is for, as far as known before the response: `home`, `listing`, `new`, `recheck`, `other`."""
    first: bool = False
    """A start page, or what start pages lead to before the site is recognised."""
    frame: bool = False
    """The page of a frame."""
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

    # by the capture middleware
    capture: Capture | None = None
    """The response as it is in the WARC."""

    # by the read middleware
    page: Page | None = None
    """What was read from the capture; None for robots.txt, media, and a payload that is not read."""

    # by the retry middleware
    fault: str | None = None
    """What was wrong with the response of the last try; None where it is content."""


def context_of(request: Request) -> RequestContext:
    """The context of a request; made where there is none, as in `scrapy shell`."""
    context = request.meta.setdefault(KEY, RequestContext())
    if not isinstance(context, RequestContext):
        raise TypeError(f"request.meta[{KEY!r}] is {context!r}")
    return context


def with_context(context: RequestContext, *, timeout: float | None = None) -> dict[str, object]:
    """The `meta` of a new request. `timeout`: seconds, instead of DOWNLOAD_TIMEOUT."""
    meta: dict[str, object] = {KEY: context, "verbatim_url": True}
    return meta if timeout is None else {**meta, "download_timeout": timeout}


def next_try(request: Request) -> Request:
    """The same request once more, without what its response brought."""
    context = context_of(request)
    again = replace(context, tries=context.tries + 1, capture=None, page=None, fault=None)
    kept = {key: request.meta[key] for key in _SCRAPY_KEYS if key in request.meta}
    return request.replace(meta={**kept, KEY: again})
