"""Whether a known page still shows what it is known for. One bad answer does not undo what earlier crawls have learned.

Old sites answer with status 200 where they fail: an error of the database, an empty frame, a notice of maintenance. Read alone
such a page is like any other; beside what the archive knows of its address it is a failure, and is fetched again.
"""

from ..pages import Page
from .plan import Plan

NO_ROWS, NO_SECTIONS = "no-rows", "no-sections"
FEW_LINKS = 3
"""A start page with at least this number of links to unknown addresses may be a new one; with fewer it leads nowhere."""
UNCHANGED_OR_GONE = frozenset({304, 404, 410})
"""By these statuses the site itself says what became of the page."""
_STILL = frozenset({"listing", "moved", "article", "gone"})
"""Kinds of pages that a known listing may be: a listing, or something else that the site says on purpose. All of them at once are an
alarm, and the next crawl asks again."""


def unexpected(plan: Plan, page: Page, *, first: bool) -> str | None:
    """The name of the fault of a page that lacks what its address is known for; None if nothing is missing.

    `no-rows`: the first page of a known listing without rows. `no-sections`: a start page (`first`) that leads to no
    address that the archive knows, and to hardly any other.
    """
    capture = page.capture
    if capture.method != "GET" or capture.status in UNCHANGED_OR_GONE or not plan.heads:
        return None
    if plan.number(capture.url) in plan.heads:
        return NO_ROWS if page.kind not in _STILL and page.kind != "home" else None
    if not first or page.kind not in ("home", "unknown", "gone") or any(link.role != "link" for link in page.links):
        return None
    links = {link.url for link in (*page.links, *page.rows)} - {capture.url}
    new = sum(map(plan.is_new, links))
    return NO_SECTIONS if new == len(links) and new < FEW_LINKS else None
