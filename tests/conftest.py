"""Options of this test suite, and crawls that many tests look at, made once by each worker."""

from collections.abc import Callable

import pytest

from tests.sites import Crawl, crawl_replica


@pytest.fixture(scope="session")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Crawl]:
    """The crawl of the replica in a markup, without faults."""
    done: dict[str, Crawl] = {}

    def of(markup: str) -> Crawl:
        if markup not in done:
            done[markup], _ = crawl_replica(tmp_path_factory.mktemp(markup), markup)
        return done[markup]

    return of


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--write-expected`: see tests/pages/test_corpus.py."""
    parser.addoption(
        "--write-expected",
        action="store_true",
        help="write what is read from each page of tests/corpus/ into its expected.json; fails once for each file written",
    )
