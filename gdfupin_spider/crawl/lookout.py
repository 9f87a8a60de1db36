"""Counts what a crawl looks at, of what the archive knows: the listings read, the articles seen again."""

from ..frontier.plan import Plan
from ..ledger.judge import Verdict
from ..storage.report import Looked

DEFINITE = frozenset({"read", "not_modified", "missing", "moved"})
"""Outcomes that say whether an article is there."""


class Lookout:
    """The counts of one crawl."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._listings: set[int] = set()
        self._requested: set[int] = set()
        self._seen: set[int] = set()
        self._missing: set[int] = set()
        self._new: set[int] = set()

    @property
    def new_articles(self) -> int:
        """Articles at addresses that are no articles of the archive."""
        return len(self._new)

    def requested(self, url: str) -> None:
        """Registers a request for a known article."""
        self._requested.add(self._plan.number(url))

    def judged(self, verdict: Verdict, trail: tuple[str, ...]) -> None:
        """Registers a verdict. `trail`: the redirects that led to the page."""
        plan, sighting, page = self._plan, verdict.sighting, verdict.page
        if page is not None and page.kind == "listing":
            self._listings |= plan.heads.keys() & {plan.number(url) for url in (page.capture.url, *trail)}
        if sighting is None:
            return
        number = plan.number(sighting.url)
        if sighting.outcome == "not_modified" and number in plan.heads:
            self._listings.add(number)
        if number in plan.articles and sighting.outcome in DEFINITE:
            self._seen.add(number)
            if sighting.outcome == "missing":
                self._missing.add(number)
        if verdict.article is not None and number not in plan.articles:
            self._new.add(number)

    def result(self) -> Looked:
        """The counts until now."""
        return Looked(
            listings_known=len(self._plan.heads),
            listings_read=len(self._listings),
            articles_known=self._plan.article_count,
            articles_requested=len(self._requested),
            articles_seen=len(self._seen & self._requested),
            articles_missing=len(self._missing & self._requested),
        )
