"""Layouts in a whole crawl: learned at its end, used by the next one."""

import json
from pathlib import Path

import pytest

from gdfupin_spider.pages import identity_key
from gdfupin_spider.replica import MARKUPS
from gdfupin_spider.storage.archive_info import profile_of
from gdfupin_spider.storage.report import read_crawl_report, read_reading_report
from tests.extract import serve, truth
from tests.sites import crawl, expected, run

pytestmark = pytest.mark.usefixtures("layouts")

FIELDS = ("title", "date", "source", "author", "section", "body")
ALL = ("--no-media", "--full", "--recheck", "all")
FIRST, SECOND = "2026-11-20T03:00:00Z", "2026-11-21T03:00:00Z"


@pytest.mark.parametrize("markup", sorted(MARKUPS))
def test_a_first_crawl_learns_and_the_next_uses_it_without_any_change(tmp_path: Path, markup: str) -> None:
    with serve(markup) as replica:
        one = crawl(tmp_path, *ALL, proxy=replica.proxy, clock=FIRST)
        first = profile_of(tmp_path)
        assert first.layouts
        two = crawl(tmp_path, *ALL, proxy=replica.proxy, clock=SECOND)
    assert (one.exit_code, two.exit_code) == (0, 0), two.log
    assert one.folder is not None
    assert profile_of(tmp_path).digest == first.digest
    assert two.answer["changes"] == {}
    [reading] = (tmp_path / "readings").glob(f"*/{one.folder.name}")
    learned = [json.loads(line) for line in (reading / "articles.jsonl").read_text("utf-8").splitlines()]
    later = two.lines("articles")
    assert {line["reader"] for line in learned} == {line["reader"] for line in later}
    known = {identity_key(address.url).lower(): expected(t, address) for t in truth(markup) for address in t.addresses}
    for lines in (learned, later):
        assert len(lines) == len(truth(markup))
        wrong = [
            (line["url"], name, line[name], right)
            for line in lines
            for name in FIELDS
            if line[name] != (right := known[identity_key(line["url"]).lower()][name])
        ]
        assert wrong == []


def test_the_report_of_a_crawl_that_learned_counts_what_the_better_reading_has(tmp_path: Path) -> None:
    with serve("asp-tables") as replica:
        done = crawl(tmp_path, "--no-media", proxy=replica.proxy)
    assert done.folder is not None
    report = read_crawl_report(done.folder)
    assert report is not None
    assert report.after.read_again is not None
    reading = read_reading_report(tmp_path / report.after.read_again)
    assert reading is not None
    assert report.counts == reading.counts
    verified = run("verify", "--output", str(tmp_path), "--json")
    assert (verified.returncode, json.loads(verified.stdout)["damage"]) == (0, []), verified.stdout


def test_a_limited_crawl_speaks_against_no_page_and_a_larger_one_learns_again(tmp_path: Path) -> None:
    """What no listing of half a site leads to may well be an article."""
    with serve("static-cms") as replica:
        crawl(tmp_path, "--no-media", "--limit", "20", proxy=replica.proxy, clock=FIRST)
        little = profile_of(tmp_path).layouts
        crawl(tmp_path, *ALL, proxy=replica.proxy, clock=SECOND)
    much = profile_of(tmp_path).layouts
    assert little
    assert little.site.shapes == ()
    assert much.site.pages > 2 * little.site.pages
    assert much.site.shapes


def test_layouts_are_shown_and_learned_by_hand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GDFUPIN_LAYOUT_PAGES", "0")
    with serve("asp-tables") as replica:
        crawl(tmp_path, "--no-media", "--limit", "30", proxy=replica.proxy)
    assert "there are no layouts yet" in run("layouts", "--output", str(tmp_path)).stderr
    done = run("layouts", "--learn", "--output", str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert "titles agree with links" in done.stdout
    assert "gdfupin catalog" in done.stderr
    [layout] = json.loads(run("layouts", "--json", "--output", str(tmp_path)).stdout)["layouts"]
    assert layout["support"]["title_wrong"] == 0
    assert run("catalog", "--output", str(tmp_path)).returncode == 0
    printed = run("articles", "--output", str(tmp_path)).stdout.splitlines()
    assert len(printed) == 30
    assert {json.loads(line)["reader"] for line in printed} == {f"2+gdfupin.{profile_of(tmp_path).digest}"}
    table = run("articles", "--format", "csv", "--output", str(tmp_path)).stdout
    assert table.startswith("id,url,title,date")
