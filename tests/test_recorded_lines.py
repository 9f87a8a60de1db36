"""What is read of known bytes is what was recorded: see tests/recorded/. The epochs are compared in test_epochs.py."""

from collections.abc import Callable

import pytest

from gdfupin_spider.replica import MARKUPS as DRESSED
from tests import recorded
from tests.sites import Crawl

MARKUPS = sorted(DRESSED)


@pytest.mark.parametrize("markup", MARKUPS)
def test_a_crawl_writes_the_lines_that_were_recorded(crawled: Callable[[str], Crawl], markup: str) -> None:
    folder = crawled(markup).folder
    assert folder is not None
    assert recorded.of_crawl(folder) == recorded.known()["crawls"][markup]


@pytest.mark.parametrize("markup", MARKUPS)
def test_the_lines_of_listings_have_the_dates_of_their_rows(crawled: Callable[[str], Crawl], markup: str) -> None:
    crawl = crawled(markup)
    dates = {line["url"]: line["date"] for line in crawl.lines("articles")}
    rows = [
        (url, date)
        for page in crawl.lines("pages")
        for url, date in zip(page["article_links"], page["row_dates"], strict=bool(page["row_dates"]))
    ]
    of_articles = [date == dates[url] for url, date in rows if url in dates]
    assert len(of_articles) > 200
    assert sum(of_articles) > 0.99 * len(of_articles)  # a row may print another date than its article


def test_each_page_of_the_corpus_reads_as_recorded() -> None:
    assert recorded.of_corpus() == recorded.known()["corpus"]


@pytest.mark.parametrize("dress", sorted(recorded.names()))
def test_generated_pages_read_as_recorded(dress: str) -> None:
    assert recorded.of_generated(recorded.names()[dress]) == recorded.known()["generated"][dress]
