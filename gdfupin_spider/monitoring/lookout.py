"""Counts what a crawl looks at, of what the archive knows: the listings read, the articles seen again, what is new."""

from ..catalog import title_number
from ..frontier.plan import Plan, Recheck
from ..items import Article, Sighting
from ..pages import Page
from ..storage.report import Looked

DEFINITE = frozenset({"read", "not_modified", "missing", "moved"})
"""Outcomes that say whether an article is there."""


class Lookout:
    """The counts of one crawl."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._listings: set[int] = set()
        self._requested: set[int] = set()
        self._canonical: dict[int, int] = {}
        self._seen: set[int] = set()
        self._missing: set[int] = set()
        self._new: set[int] = set()
        self._found: set[int] = set()  # this and the next: canonical addresses of articles, known or named by a row
        self._lost: set[int] = set()
        self._sections: set[str] = set()
        self._identity: set[str] = set()

    @property
    def new_articles(self) -> int:
        """Articles whose address is no article of the archive, and whose title and date the archive does not have."""
        return len(self._new)

    @property
    def identity(self) -> tuple[str, ...]:
        """The identity words that the start pages print, sorted."""
        return tuple(sorted(self._identity))

    def start_page(self, page: Page) -> None:
        """Registers a start page, or a page that start pages lead to before the site is recognised."""
        self._identity |= page.printed_identity

    def requested(self, url: str, recheck: Recheck | None = None) -> None:
        """Registers a request for a known article. `recheck`: whose other addresses count as this article."""
        self._requested.add(self._plan.number(url))
        for other in recheck.others if recheck is not None else ():
            self._canonical[self._plan.number(other)] = self._plan.number(url)

    def judged(
        self, page: Page | None, sighting: Sighting | None, article: Article | None, trail: tuple[str, ...]
    ) -> None:
        """Registers what became of a page. `trail`: the redirects that led to it."""
        plan = self._plan
        if page is not None and page.kind == "listing":
            self._sections.add(page.section or "")
            self._listings |= plan.heads.keys() & {plan.number(url) for url in (page.capture.url, *trail)}
        if sighting is None:
            return
        number = plan.number(sighting.url)
        if sighting.outcome == "not_modified" and number in plan.heads:
            self._listings.add(number)
        if sighting.outcome in DEFINITE and number not in plan.listings:
            found_or_lost = self._lost if sighting.outcome == "missing" else self._found
            found_or_lost.add(self._canonical.get(number, number))
        if number in plan.articles and sighting.outcome in DEFINITE:
            self._seen.add(number)
            if sighting.outcome == "missing":
                self._missing.add(number)
        if article is not None and not (
            number in plan.articles or title_number(article.title, article.date) in plan.titles
        ):
            self._new.add(number)

    @property
    def most_are_missing(self) -> bool:
        """Whether most of the articles that were looked at are missing, and more than one."""
        return len(self._lost - self._found) > max(1, len(self._found))

    def result(self) -> Looked:
        """The counts until now."""
        return Looked(
            listings_known=len(self._plan.heads),
            listings_read=len(self._listings),
            listings_left=sum(head.left and n not in self._listings for n, head in self._plan.heads.items()),
            articles_known=self._plan.article_count,
            articles_requested=len(self._requested),
            articles_seen=len(self._seen & self._requested),
            articles_missing=len(self._missing & self._requested),
            sections_known=len(self._plan.sections),
            sections_found=len(self._sections & self._plan.sections),
            sections_new=len(self._sections - self._plan.sections - {""}),
        )
