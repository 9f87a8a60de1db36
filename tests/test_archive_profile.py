"""An archive knows its profile: verbs use it without --profile, and refuse another."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.handmade import Handmade, article, page
from tests.sites import crawl, run

PROFILE = """
name = "county"
title = "某县扶贫网"
start_urls = ["http://county.example/"]
breadcrumb = ["当前位置"]
identity = ["广东扶贫网"]
[labels]
date = ["加入时间"]
source = ["来源"]
"""


@pytest.fixture(scope="module")
def site() -> Iterator[Handmade]:
    rows = "".join(f"<li><a href='/show{n}.htm'>村里的第{n}个好消息传到县城</a> 2021-01-1{n}</li>" for n in range(1, 5))
    listing = page(f"<p>当前位置:<a href='/'>首页</a>->>扶贫前沿->>扶贫要闻</p><ul>{rows}</ul>")
    pages = {"/": listing, **{f"/show{n}.htm": article(f"村里的第{n}个好消息传到县城") for n in range(1, 5)}}
    with Handmade(pages) as served:
        yield served


@pytest.fixture(scope="module")
def archive(site: Handmade, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive of a site with a profile of its own, whose file is gone."""
    folder = tmp_path_factory.mktemp("county")
    profile = folder / "county.toml"
    profile.write_text(PROFILE, "utf-8")
    done = crawl(folder / "output", "--profile", str(profile), "--start-url", site.url, "--no-media")
    assert len(done.lines("articles")) == 4, done.log
    profile.unlink()
    return folder / "output"


def test_an_archive_records_its_profile(archive: Path) -> None:
    recorded = json.loads((archive / "archive.json").read_text("utf-8"))
    assert recorded == {"profile": "county", "bundled": False, "data": "live"}
    assert (archive / "profile.toml").read_text("utf-8") == PROFILE


@pytest.mark.parametrize(
    "verb", [["status"], ["catalog"], ["verify"], ["diff"], ["replay", "latest"], ["probe", "--crawl", "latest"]]
)
def test_verbs_use_the_profile_of_the_archive(archive: Path, verb: list[str]) -> None:
    done = run(*verb, "--output", str(archive))
    assert done.returncode == 0, done.stderr
    assert not list((archive / "readings").glob("*+gdfupin*"))
    if verb == ["catalog"]:
        assert done.stdout.startswith("4 live;")


def test_the_command_that_a_survey_prints_runs_as_printed(archive: Path) -> None:
    answer = run("probe", "--crawl", "latest", "--output", str(archive))
    command = next(
        line.partition(": ")[2] for line in answer.stdout.splitlines() if line.startswith("the first of them:")
    )
    words = command.split(" probe ", 1)[1].split()
    again = run("probe", *words, "--json")
    assert json.loads(again.stdout)["reader"].startswith("2+county."), again.stdout[:300]


@pytest.mark.parametrize("verb", [["catalog"], ["verify"], ["release"], ["replay", "latest"], ["crawl"]])
def test_another_profile_is_refused(archive: Path, verb: list[str]) -> None:
    done = run(*verb, "--output", str(archive), "--profile", "general")
    assert done.returncode == 2
    assert "the archive of profile county, not of general" in done.stderr


def test_the_next_crawl_needs_no_profile_either(site: Handmade, archive: Path) -> None:
    done = crawl(archive, "--start-url", site.url, "--no-media", "--full")
    assert (done.exit_code, done.answer["changes"]) == (0, {}), done.log


def test_a_changed_profile_replaces_the_copy_which_is_kept_aside(site: Handmade, archive: Path, tmp_path: Path) -> None:
    changed = tmp_path / "county.toml"
    changed.write_text(PROFILE + "\n# and a remark\n", "utf-8")
    crawl(archive, "--profile", str(changed), "--start-url", site.url, "--no-media", "--recheck", "none")
    assert (archive / "profile.toml").read_text("utf-8").endswith("# and a remark\n")
    assert (archive / "profile.toml.aside-1").read_text("utf-8") == PROFILE
