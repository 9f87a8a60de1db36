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


@pytest.fixture
def layouts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Crawls of the test learn layouts, as they do by default."""
    monkeypatch.setenv("GDFUPIN_LAYOUT_PAGES", "10")


MAKES_SLOW = {"crawl", "crawl_replica", "run", "scrapy", "serve", "observed"}
"""Names of functions that crawl or start processes: a test whose module imports one of them is slow."""


SLOW_MODULES = {
    "tests.catalog.test_equal",
    "tests.catalog.test_epochs",
    "tests.diff.test_archive",
    "tests.diff.test_releases",
    "tests.releases.test_formats",  # pandas, polars, duckdb, datasets: not in the extra `dev`
    "tests.releases.test_judges",
    "tests.releases.test_paper",
    "tests.test_benchmarks",
}
"""Test modules that are slow in another way."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks slow tests, so that `make check` can leave them out."""
    for item in items:
        module = getattr(item, "module", None)
        imported = {
            name
            for name in MAKES_SLOW & set(vars(module) if module else ())
            if getattr(getattr(module, name), "__module__", "")
            in ("tests.sites", "tests.epochs", "gdfupin_spider.replica.server")
        }
        if imported or (module and module.__name__ in SLOW_MODULES) or "crawled" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.slow)


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--write-expected`: see tests/pages/test_corpus.py."""
    parser.addoption(
        "--write-expected",
        action="store_true",
        help="write what is read from each page of tests/corpus/ into its expected.json; fails once for each file written",
    )
