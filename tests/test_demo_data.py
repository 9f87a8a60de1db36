"""Demo data is marked wherever it goes, and is never mixed with live data."""

import json
import os
from pathlib import Path

import pytest

from gdfupin_spider import warc
from gdfupin_spider.replica import serve
from tests.handmade import Handmade, article, page
from tests.sites import crawl, run


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive of a small demo."""
    folder = tmp_path_factory.mktemp("demo") / "output"
    with serve("asp-tables") as replica:
        done = crawl(folder, "--demo", "--limit", "40", "--no-media", proxy=replica.proxy)
    assert done.folder is not None, done.log
    return folder


def test_captures_lines_and_report_have_the_origin_demo(output: Path) -> None:
    [folder] = (output / "crawls").iterdir()
    assert folder.name.endswith("-demo")
    for kind in ("articles", "sightings"):
        assert {json.loads(line)["origin"] for line in (folder / f"{kind}.jsonl").read_text("utf-8").splitlines()} == {
            "demo"
        }
    captures = list(warc.read(folder, lambda damage: None))
    assert {capture.origin for capture in captures} == {"demo"}
    assert all(capture.header("x-gdfupin-replica") == "asp-tables" for capture in captures)
    assert json.loads((folder / "report.json").read_text())["origin"] == "demo"
    assert json.loads((output / "archive.json").read_text()) == {"profile": "gdfupin", "bundled": True, "data": "demo"}


def test_a_release_of_demo_data_says_so_in_every_file(output: Path) -> None:
    done = run("release", "--output", str(output), "--json")
    assert done.returncode == 0, done.stderr
    release = json.loads(done.stdout)
    assert release["data"] == "demo"
    folder = Path(release["folder"])
    for name in ("README.md", "CITATION.cff", "index.html", "datapackage.json", "croissant.json", "CHANGES.md"):
        assert "demo data" in (folder / name).read_text("utf-8").lower(), name
        assert "as 广东扶贫网" not in (folder / name).read_text("utf-8"), name
    assert "demo" in json.loads((folder / "manifest.json").read_text("utf-8"))["title"]
    assert json.loads(run("release", "--verify", str(folder), "--json").stdout)["good"]


def test_diff_verify_and_status_of_demo_data_say_so(output: Path) -> None:
    diff = run("diff", "--output", str(output), "--format", "jsonl")
    assert all(json.loads(line)["evidence"].endswith("(demo data)") for line in diff.stdout.splitlines())
    assert diff.stdout
    for verb in ("verify", "status"):
        assert json.loads(run(verb, "--output", str(output), "--json").stdout)["data"] == "demo"
        assert "demo data" in run(verb, "--output", str(output)).stdout.lower()
    feed = run("diff", "--output", str(output), "--format", "atom").stdout
    assert "(demo data)</title>" in feed


def test_live_crawls_never_go_into_a_demo_archive_nor_the_reverse(output: Path, tmp_path: Path) -> None:
    with Handmade({"/": page("<p>当前位置:<a href='/'>首页</a></p>"), "/1.htm": article("好消息")}) as site:
        mixed = run("crawl", "--output", str(output), "--delay", "0", "--start-url", site.url)
        assert (mixed.returncode, "never mixed" in mixed.stderr) == (2, True)
        live = crawl(tmp_path, "--start-url", site.url, "--no-media")
        assert live.folder is not None
        assert live.folder.name.endswith("-live")
        not_the_replica = run(
            "crawl", "--demo", "--output", str(tmp_path / "x"), "--delay", "0", "--start-url", site.url
        )
    assert (not_the_replica.returncode, "leave --demo out" in not_the_replica.stderr) == (4, True)
    demo = run("demo", "--output", str(tmp_path))
    assert (demo.returncode, "never mixed" in demo.stderr) == (2, True)


def test_a_live_crawl_that_meets_the_replica_stops_and_keeps_nothing_of_it(tmp_path: Path) -> None:
    with serve("asp-tables") as replica:
        done = crawl(tmp_path, "--start-url", replica.url)
    assert done.exit_code == 4
    assert "--demo" in done.log
    assert not list(warc.read(done.folder, lambda damage: None)) if done.folder else True
    assert not os.environ.get("GDFUPIN_DEMO")
