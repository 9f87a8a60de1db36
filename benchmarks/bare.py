"""Bare Scrapy, for comparison: python -m benchmarks.bare URL

All settings are Scrapy's own (but for the log level, whose default costs it a line for every request). It follows every
link and keeps nothing.
"""

import sys
from collections.abc import Iterator

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response


class Bare(Spider):
    """What a tutorial begins with."""

    name = "bare"

    def parse(self, response: Response) -> Iterator[Request]:
        for href in response.css("a::attr(href)").getall():
            yield response.follow(href)


if __name__ == "__main__":
    process = AsyncCrawlerProcess({"LOG_LEVEL": "INFO"})
    crawler = process.create_crawler(Bare)
    process.crawl(crawler, start_urls=[sys.argv[1]])
    process.start()
    assert crawler.stats is not None
    print(crawler.stats.get_value("response_received_count"))
