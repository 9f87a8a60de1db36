"""Scrapy's item pipelines. The spider yields the verdict on each page; the pipeline writes its records."""

from typing import Self

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem

from .crawl.session import session_of
from .errors import CannotWrite
from .items import as_dict
from .ledger.judge import Verdict


class WritePipeline:
    """Writes the lines of a verdict, and hands articles on as dictionaries, to Scrapy's feed exports."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_item(self, item: Verdict) -> dict[str, object]:
        session = session_of(self._crawler)
        if session is not None:
            try:
                session.ledger.write(item)
            except CannotWrite as error:
                session.stop(error)
                raise DropItem("it cannot be written", log_level="DEBUG") from error
            finally:
                if item.page is not None:  # the next article may be written
                    session.order.settled(item.page.capture.proof)
        if item.article is None:
            raise DropItem("not a new article", log_level="DEBUG")
        return as_dict(item.article)
