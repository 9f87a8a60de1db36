"""What is wrong with a capture, so that it is fetched again and never taken for content.

Pure, because a crawl and its replay must agree on which of several captures of one address counts: the first without
a fault, or else none.
"""

from ..items import Capture
from ..pages import Page

RETRY_STATUSES = frozenset({408, 425, 429})
"""Beside all of 5xx but 501 and 505, which will not change."""

NO_ACCESS = frozenset({401, 405, 406, 451})
"""Statuses that refuse us for good, unlike 403 and 429, with which a firewall answers those it thinks too fast."""

HOPELESS = frozenset({"oversize", "no-access"})
"""Faults that another try will not mend."""

THROTTLING = frozenset({"blocked", "status-429", "status-503"})
"""Faults by which a server says: slower."""


def response_fault(capture: Capture, page: Page | None = None) -> str | None:
    """A short name of what is wrong with an answer, None where nothing is. `page` is how it reads, where it is a page.

    A capture's own names: `oversize`, `cut-off` (the connection broke), `stalled`, `status-503` and the like, `empty`;
    `no-access`; by the page: `blocked`, `redirect-loop` (to itself, as a moody server does).
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
    """Whether a status says that the answer may be another one later.

    >>> [status for status in (200, 302, 404, 408, 429, 500, 501, 503, 599) if is_retry_status(status)]
    [408, 429, 500, 503, 599]
    """
    return status in RETRY_STATUSES or (500 <= status <= 599 and status not in (501, 505))


def every_try(why: str, capture: Capture) -> str:
    """The evidence of a failure with an answer: how its last try ended."""
    return f"{why}: status {capture.status}, {len(capture.payload)} bytes; every try ended like this"
