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


def test_each_page_of_the_corpus_reads_as_recorded() -> None:
    assert recorded.of_corpus() == recorded.known()["corpus"]


@pytest.mark.parametrize("dress", sorted(recorded.names()))
def test_generated_pages_read_as_recorded(dress: str) -> None:
    assert recorded.of_generated(recorded.names()[dress]) == recorded.known()["generated"][dress]
