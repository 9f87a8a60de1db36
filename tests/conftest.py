"""Options of this test suite, and crawls that many tests look at, made once."""

import functools
import itertools
import os
import shutil
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

from gdfupin_spider.messages.message_language import speaking
from tests.pywb import installed
from tests.replaywebpage import installed as replaywebpage_scripts
from tests.shared import once
from tests.sites import Crawl, crawl_replica

MEMORY = Path("/dev/shm")
ROOM = 4_000_000_000
"""Bytes; a run of all tests leaves less than a tenth."""


def pytest_configure(config: pytest.Config) -> None:
    """Temporary folders are in memory where there is room: each crawl would wait for the disk a hundred times.

    No test cuts the power. What a killed process wrote is there, on a disk and in memory.
    """
    os.environ["LANGUAGE"] = "en"  # whatever the language of the machine: tests compare messages
    config.pluginmanager.register(ExamplesAlone())  # for the files of the package, too
    if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


@pytest.fixture(scope="session")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Crawl]:
    """The crawl of the replica in a markup, without faults. Tests copy what they change."""

    @functools.cache
    def of(markup: str) -> Crawl:
        return once(tmp_path_factory, f"crawl-of-{markup}", lambda folder: crawl_replica(folder, markup)[0])

    return of


@pytest.fixture(scope="session")
def crawled_extract(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Crawl]:
    """The same of the extract, `tests.extract`."""

    @functools.cache
    def of(markup: str) -> Crawl:
        return once(
            tmp_path_factory, f"crawl-of-extract-{markup}", lambda at: crawl_replica(at, markup, extract=True)[0]
        )

    return of


@pytest.fixture(scope="session")
def pywb(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the programs of pywb."""
    return once(tmp_path_factory, "pywb", installed)


@pytest.fixture(scope="session")
def replaywebpage(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the scripts of ReplayWeb.page."""
    return once(tmp_path_factory, "replaywebpage", replaywebpage_scripts)


BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser")
"""Programs; the first is the same browser without windows, and needs two thirds of the time."""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """A browser that is started once for the tests of a module: a start takes as long as most of them.

    Not once for all: while it runs, no test of its thread can have an event loop of its own.
    """
    playwright = pytest.importorskip("playwright.sync_api", reason="pip install playwright; needs chromium")
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        assert "GDFUPIN_CI" not in os.environ, f".ci/run installs {BROWSERS[0]}"
        pytest.skip(f"there is no browser: apt-get install {BROWSERS[0]}")
    with playwright.sync_playwright() as running:
        opened = running.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def browser(chromium: Any) -> Iterator[Any]:
    """A browser for one test: the windows that it opens are gone after it, with their cookies and stores."""
    before = chromium.contexts
    yield chromium
    for context in chromium.contexts:
        if context not in before:
            context.close()


@pytest.fixture
def in_chinese(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Messages are in Chinese, here and in processes that the test starts."""
    monkeypatch.setenv("LANGUAGE", "zh")
    with speaking("zh"):
        yield


@pytest.fixture
def layouts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Crawls of the test learn layouts, as they do by default."""
    monkeypatch.setenv("GDFUPIN_LAYOUT_PAGES", "10")


LONGEST = (
    "tests/test_months.py",
    "tests/fleet/test_fleet.py",
    "tests/test_container.py",
    "tests/test_kills.py",
    "tests/test_epochs.py",
    "tests/test_faults.py",
    "tests/test_docs_site.py",
    "tests/test_playback.py",
    "tests/catalog/test_equal.py",
    "tests/sources/test_wayback_epochs.py",
    "tests/web/test_api_by_schema.py",
    "tests/test_docs.py",
    "tests/test_layouts.py",
    "tests/test_rereading.py",
)
"""They run first, so that no worker is left alone with one of them at the end."""


MAKES_SLOW = {"crawl", "crawl_replica", "run", "scrapy", "serve", "observed", "months"}
"""Names of functions that crawl or start processes: a test whose module imports one of them is slow."""


SLOW_MODULES = {
    "tests.catalog.test_equal",
    "tests.catalog.test_epochs",
    "tests.diff.test_archive",
    "tests.diff.test_releases",
    "tests.pages.test_mixed_sites",  # made-up sites, learned and read
    "tests.releases.test_formats",  # pandas, polars, duckdb, datasets: not in the extra `dev`
    "tests.releases.test_judges",
    "tests.releases.test_page_in_browser",  # playwright, axe
    "tests.releases.test_tables",  # as test_formats
    "tests.releases.test_paper",
    "tests.replica.test_epochs",  # all pages of the replica at all its epochs
    "tests.test_benchmarks",
    "tests.test_container",  # installs the program as a container has it
    "tests.web.test_api",
    "tests.web.test_hostile_texts",
    "tests.web.test_room",
    "tests.web.test_room_in_browser",
    "tests.web.test_walks",
}
"""Test modules that are slow in another way."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In CI no slow test may be skipped: `.ci/run` and the extra `test` install everything that they need."""
    report = yield
    if report.skipped and "GDFUPIN_CI" in os.environ and item.get_closest_marker("slow"):
        report.outcome, report.longrepr = "failed", f"skipped in CI: {report.longreprtext}"
    return report


class ExamplesAlone:
    """Looks for examples in docstrings only in files that have any: each worker would import all the others for nothing."""

    @pytest.hookimpl(wrapper=True)
    def pytest_collect_file(self, file_path: Path) -> Generator[None, list[pytest.Collector], list[pytest.Collector]]:
        found = yield
        return [each for each in found if type(each).__name__ != "DoctestModule" or b">>> " in file_path.read_bytes()]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks slow tests, so that `make check` can leave them out, and deals all to the workers."""
    for item in items:
        module = getattr(item, "module", None)
        imported = {
            name
            for name in MAKES_SLOW & set(vars(module) if module else ())
            if getattr(getattr(module, name), "__module__", "")
            in ("tests.sites", "tests.epochs", "tests.months", "gdfupin_spider.replica.server")
        }
        if imported or (module and module.__name__ in SLOW_MODULES) or "crawled" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.slow)
    items[:] = _dealt(items, int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")))


def _dealt(items: list[pytest.Item], workers: int) -> list[pytest.Item]:
    """In the order in which this number of workers takes them: each an equal part of the list, until one has no more.

    Each part has modules with slow tests first, and then quick tests, which other workers take over at the end.
    """

    def module(item: pytest.Item) -> str:
        return item.nodeid.partition("::")[0]

    slow_ones = {module(item) for item in items if item.get_closest_marker("slow")}
    order = {name: place for place, name in enumerate(LONGEST)}
    slow = sorted(
        (item for item in items if module(item) in slow_ones),
        key=lambda item: order.get(module(item), len(order)),  # stable
    )
    quick = iter([item for item in items if module(item) not in slow_ones])
    parts: list[list[pytest.Item]] = [[] for _ in range(workers)]
    for _, tests in itertools.groupby(slow, module):
        min(parts, key=len).extend(tests)
    size = -(-len(items) // workers)
    return [*(item for part in parts for item in (*part, *itertools.islice(quick, max(0, size - len(part))))), *quick]


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--write-expected`: see tests/pages/test_corpus.py."""
    parser.addoption(
        "--write-expected",
        action="store_true",
        help="write what is read from each page of tests/corpus/ into its expected.json; fails once for each file written",
    )
