"""Faults of responses. A response with a fault is fetched again and is not used as content.

The functions are pure, because a crawl and its replay must agree which of several captures of one address counts.
"""

from ..items import Capture
from ..pages import Page

RETRY_STATUSES = frozenset({408, 425, 429})
"""Retried in addition to all 5xx except 501 and 505, which are permanent."""

NO_ACCESS = frozenset({401, 405, 406, 451})
"""Statuses of a permanent refusal, unlike 403 and 429, which a firewall sends to clients that it considers too fast."""

HOPELESS = frozenset({"oversize", "no-access"})
"""Faults that are not retried."""

THROTTLING = frozenset({"blocked", "status-429", "status-503"})
"""Faults after which the crawl slows down."""


def response_fault(capture: Capture, page: Page | None = None) -> str | None:
    """The name of the fault of a response; None for a good one. `page`: the parsed page, if it is a page.

    Of the capture: `oversize`, `cut-off` (the connection broke), `stalled`, `no-access`, `status-503` and the like. Of the
    page: `blocked`, `redirect-loop` (to itself, as unstable servers do), `empty`.
    """
    match capture.truncated:
        case "length":
            return "oversize"
        case "disconnect":
            return "cut-off"
        case "time":
            return "stalled"
    if capture.status in NO_ACCESS:
        return "no-access"
    if page is not None and page.kind == "blocked":
        return "blocked"
    if page is not None and page.to is not None and page.to == capture.url and capture.method == "GET":
        return "redirect-loop"
    if is_retry_status(capture.status):
        return f"status-{capture.status}"
    if page is not None and capture.status == 200 and not capture.payload.strip():
        return "empty"
    return None


def is_retry_status(status: int) -> bool:
    """Whether a later request may have another status.

    >>> [status for status in (200, 302, 404, 408, 429, 500, 501, 503, 599) if is_retry_status(status)]
    [408, 429, 500, 503, 599]
    """
    return status in RETRY_STATUSES or (500 <= status <= 599 and status not in (501, 505))


def every_try(fault: str, capture: Capture) -> str:
    """The evidence of a failure with a response: the result of its last try."""
    return f"{fault}: status {capture.status}, {len(capture.payload)} bytes; every try ended like this"
