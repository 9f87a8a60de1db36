"""Six epochs of the replica that wget archived, and the one before that our crawl did, behind a loopback Wayback Machine."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from gdfupin_spider import warc
from gdfupin_spider.catalog import Catalog, as_of, changes
from gdfupin_spider.catalog.sources import CATALOG
from gdfupin_spider.pages import identity_key
from gdfupin_spider.replica import BASE, serve, truth
from gdfupin_spider.replica import changes as what_happened
from tests.shared import once
from tests.sites import Crawl, run
from tests.web_archive import Stored, archive_of, captures_of, settings_for, versions_of

from .test_wayback_epochs import EPOCHS, chosen

MARKUP = "static-cms"
"""Here a missing article is a 404 in all epochs; a soft error would prove nothing."""


@pytest.fixture(autouse=True)
def pace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GDFUPIN_PACE", str(tmp_path / "pace"))


def parts(epoch: int) -> list[str]:
    """Addresses of all pages of the articles that are archived, at an epoch."""
    records = (each for each in truth(MARKUP, epoch=epoch) if each.number in chosen())
    return [url for each in records for address in each.addresses for url in address.parts]


def by_wget(folder: Path, epoch: int, urls: Iterable[str]) -> list[Stored]:
    """What `wget --warc-file` wrote of these addresses at an epoch, dated the first of June of its year."""
    with serve(MARKUP, epoch=epoch) as replica:
        subprocess.run(
            ["wget", "-q", "-e", "robots=off", "--tries=1", "--warc-file=site", "--delete-after", "-i", "-"],
            cwd=folder,
            env={"PATH": "/usr/bin:/bin:/usr/local/bin", "http_proxy": replica.proxy},
            input="\n".join(urls).encode(),
            check=False,  # 8: some pages are gone
        )
    taken = list(captures_of(folder / "site.warc.gz", lambda timestamp: f"{2010 + epoch}0601{timestamp[8:]}"))
    assert all(each.url.startswith(BASE) for each in taken)
    return taken


@pytest.fixture
def archived(tmp_path_factory: pytest.TempPathFactory, crawled: Callable[[str], Crawl]) -> list[Stored]:
    """Each epoch a year after the one before, with the addresses that it has no more, these also two days later."""
    if shutil.which("wget") is None:
        assert "GDFUPIN_CI" not in os.environ, ".ci/run installs wget"
        pytest.skip("wget is not installed")

    def make(folder: Path) -> list[Stored]:
        found: list[Stored] = []
        former: dict[str, None] = {}
        for epoch in EPOCHS:
            now = parts(epoch)
            left = [url for url in former if url not in now]
            former |= dict.fromkeys(now)
            if epoch:
                place = folder / str(epoch)
                place.mkdir()
                taken = by_wget(place, epoch, [BASE, *now, *left])
            else:
                ours = crawled(MARKUP).folder
                assert ours is not None
                keys = {identity_key(url) for url in now}
                moved = captures_of(ours, lambda timestamp: f"20100601{timestamp[8:]}")
                taken = [each for each in moved if identity_key(each.url) in keys]
            found += taken
            again = (each for each in taken if each.status == 404)
            found += [
                Stored(each.url, f"{2010 + epoch}0603{each.timestamp[8:]}", 404, each.headers, each.body)
                for each in again
            ]
        return found

    return once(tmp_path_factory, f"epochs-of-{MARKUP}-by-wget", make)


def test_articles_versions_and_changes_are_those_of_the_truth(tmp_path: Path, archived: list[Stored]) -> None:
    output = tmp_path / "output"
    with archive_of(archived) as server:
        settings_for(output, server)
        done = run("crawl", "--from", "wayback", "--output", str(output), "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["refused"] == {}
    assert {each.origin for folder in (output / "crawls").iterdir() for each in warc.read(folder)} == {"wayback"}
    numbers = {
        identity_key(url): each.number for epoch in EPOCHS for each in truth(MARKUP, epoch=epoch) for url in each.urls
    }
    with Catalog(output / CATALOG) as catalog:
        versions = {numbers[identity_key(each.url)]: each.versions for each in catalog.articles()}
        assert versions == {number: len(contents) for number, contents in versions_of(MARKUP, EPOCHS, chosen()).items()}
        for epoch in EPOCHS[1:]:
            found = {
                (each.kind, numbers[identity_key(each.url)], each.fields)
                for each in changes(catalog, as_of(f"{2009 + epoch}-12"), as_of(f"{2010 + epoch}-12"))
            }
            meant = {
                (each.kind, each.number, each.fields)
                for each in what_happened(MARKUP, epoch - 1, epoch)
                if each.number in chosen() and each.kind != "moved"  # archives decide no place
            }
            assert found == meant, epoch
