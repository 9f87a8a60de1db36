"""A small archive, whole: one crawl, its reading, its catalog. Each test gets a copy to damage."""

import shutil
from pathlib import Path

import pytest

from gdfupin_spider import profiles
from gdfupin_spider.catalog.sources import fold
from gdfupin_spider.replay.replayer import replay
from gdfupin_spider.storage.crawls import Crawl, crawls
from tests.shared import once
from tests.sites import crawl_replica

PROFILE = profiles.load("gdfupin")


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    def make(folder: Path) -> Path:
        output = folder / "output"
        crawl, _ = crawl_replica(output, "asp-tables", "--limit", "12")
        assert crawl.exit_code == 0, crawl.log
        fold(output, PROFILE)
        replay(crawls(output)[0], PROFILE, output)
        return output

    return once(tmp_path_factory, "small", make)


@pytest.fixture
def output(small: Path, tmp_path: Path) -> Path:
    shutil.copytree(small, tmp_path / "output")
    return tmp_path / "output"


@pytest.fixture
def crawl(output: Path) -> Crawl:
    return crawls(output)[0]


@pytest.fixture
def killed(crawl: Crawl) -> Crawl:
    """The same, as a kill leaves it, and never read again."""
    (crawl.path / "report.json").unlink()
    shutil.rmtree(crawl.path.parents[1] / "readings")
    return crawl
