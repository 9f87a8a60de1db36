"""The way of an article from its pages to its line. Each pipeline calls one function that the replay calls too."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem

from .crawl.session import Session, session_of
from .errors import CannotWrite
from .items import Article, Issue, as_dict
from .ledger.articles import extract, validate
from .pages import Page
from .spiders.continuation import ArticlePages
from .spiders.gdfupin import GdfupinSpider


@dataclass(frozen=True)
class Extracted:
    """An article that was read, on its way through the pipelines."""

    article: Article
    pages: tuple[Page, ...]
    notes: tuple[Issue, ...]


class _Pipeline:
    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def _refuse(self, page: Page, issues: Sequence[Issue]) -> None:
        session = session_of(self._crawler)
        if session is not None:
            try:
                session.ledger.refused(page, issues)
            except CannotWrite as error:
                session.stop(error)
        raise DropItem("; ".join(f"{issue.what}: {issue.evidence}" for issue in issues), log_level="DEBUG")


class ExtractPipeline(_Pipeline):
    """Pages in, article out."""

    def process_item(self, item: ArticlePages) -> Extracted:
        reading = extract(item.pages, item.missing)
        if reading.article is None:
            self._refuse(item.pages[0], reading.issues)
        assert reading.article is not None
        return Extracted(reading.article, item.pages, reading.issues)


class ValidatePipeline(_Pipeline):
    """Nothing that breaks a promise of the record goes on."""

    def process_item(self, item: Extracted) -> Extracted:
        if (refusal := validate(item.article)) is not None:
            logging.getLogger(__name__).error("The reader broke its promise: %s %s", refusal.url, refusal.evidence)
            self._refuse(item.pages[0], [refusal])
        return item


class WritePipeline(_Pipeline):
    """Writes the line when its turn has come, asks for pictures and attachments, and hands the record to feeds."""

    async def process_item(self, item: Extracted) -> dict[str, Any]:
        session, spider = session_of(self._crawler), self._crawler.spider
        if session is not None:
            await session.turns.wait(item.pages[0].capture.proof)
            self._write(session, item)
            if isinstance(spider, GdfupinSpider):
                for request in spider.media(item.article):
                    self._crawler.engine.crawl(request)
        return as_dict(item.article)

    def _write(self, session: Session, item: Extracted) -> None:
        if session.full:
            raise DropItem("the crawl has all the articles it was asked for", log_level="DEBUG")
        try:
            url = item.article.url
            new = session.ledger.article(item.article, item.pages[0], item.notes)
            session.given_up(session.templates.article(url, new), url)
            if not new:
                raise DropItem("the same article under another address", log_level="DEBUG")
        except CannotWrite as error:
            session.stop(error)
            raise DropItem("it cannot be written", log_level="DEBUG") from error
        if session.wish.limit and session.ledger.articles >= session.wish.limit:
            session.full = True
