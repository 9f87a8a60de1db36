"""The benchmarks measure what they say. How fast anything is, no test asks."""

import importlib.util
import os
import re
import shutil
from collections import Counter
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import pytest

from benchmarks import (
    corpus,
    crawling,
    diff,
    layouts,
    learning,
    reading,
    release,
    samples,
    searching,
    serving,
    simulation,
)
from benchmarks.score import score
from benchmarks.site import LINKS, Site
from tests.sites import Crawl


@pytest.mark.parametrize("target", ["/", "/list.asp?class=3&page=2", "/shownews.asp?id=7"])
def test_every_generated_page_has_28_kb_27_links_and_5000_characters(target: str) -> None:
    page = Site(500).page(target)
    assert page is not None
    assert 27_000 < len(page) < 29_000
    text = page.decode("gb18030")
    assert text.count("<a ") == LINKS
    assert 4500 < len(re.findall("[\u4e00-\u9fff]", text)) < 6000


def test_the_generated_site_is_crawled_whole_by_both() -> None:
    speeds = crawling.speeds(80, rounds=1)
    assert speeds.pages == 81
    assert speeds.ours[0].articles == 75
    assert speeds.ratio > 0
    assert "Ratio" in "\n".join(crawling.compared(speeds))


def test_a_reading_is_scored_by_what_the_page_says() -> None:
    truth = {
        "title": "修路",
        "date": "2021-01-13",
        "source": "来源：南方日报",
        "body": "".join(map(chr, range(0x4E00, 0x4F00))),
    }
    assert set(score(truth, truth).values()) == {1.0}
    assert score({"source": "南方日报"}, {**truth, "source": None})["invented"] == 1.0
    assert score({**truth, "body": truth["body"][:-1]}, truth)["both40"] == 0.0
    assert score({"body": ""}, truth) == {"F1": 0.0, "both40": 0.0, "title": 0.0, "date": 0.0, "source": 0.0}


def test_a_generated_site_teaches_a_layout_that_reads_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learning, "ROUNDS", 1)
    learned, read = learning.report(60)
    assert "1 layout" in learned
    assert "times decoding and parsing" in read


def test_coverage_and_precision_count_what_is_given_with_enough_evidence() -> None:
    given = [
        layouts.Given("title", "both agree", right=True, noted=False),
        layouts.Given("title", "page alone", right=False, noted=True),
        layouts.Given("title", None, right=False, noted=True),
        layouts.Given("title", "layout alone", right=True, noted=False),
    ]
    rows = [line.split(" | ")[1] for line in layouts.curve(given) if "both agree" in line]
    assert rows == ["0.250 / 1.000", "0.500 / 1.000", "0.750 / 0.667"]


def test_our_own_pages_are_read_by_bytes_alone() -> None:
    pages = list(samples.corpus())[:20]
    measured = reading.quality(pages, "ours", reading.ours)
    assert measured.pages == 20
    assert measured.mean["title"] > 0.9


def test_both_sides_of_the_comparison_find_the_same_differences(tmp_path: Path) -> None:
    old, new = tmp_path / "old.parquet", tmp_path / "new.parquet"
    diff.write(old, new, 2000)
    assert diff.measured("ours", old, new)["found"] == 20
    if importlib.util.find_spec("duckdb"):  # of the extra `bench`
        assert diff.measured("peer", old, new)["found"] == 20


def test_a_release_is_measured_with_its_memory() -> None:
    found = release.measured(40)
    assert found["articles"] == 40
    assert found["peak"] > 20
    assert set(release.LARGEST) < found["bytes"].keys()


def test_a_search_is_measured_on_what_it_finds(tmp_path: Path) -> None:
    found = {name: result.total for name, result in searching.answers(tmp_path, 60).items()}
    assert 50 < found["nearly everywhere"] <= 60
    assert found["nearly everywhere, of one section and year"] < 10
    assert found["nearly everywhere, with counts"] == found["nearly everywhere"]
    assert found["rare"] < 3
    assert found["nowhere"] == 0


def test_a_simulated_year_sees_its_edits_and_counts_its_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(simulation, "DAYS", 60)
    one = simulation.year(300)
    assert len(one.waits) > 3
    assert simulation.HOME + simulation.LISTINGS <= one.mean <= one.bound


def test_a_worse_rule_is_a_loss_record_by_record(tmp_path: Path) -> None:
    """A version that knows no button cuts the text elsewhere, and the corpus has what is right."""
    shutil.copytree(corpus.ROOT / "gdfupin_spider", tmp_path / "gdfupin_spider")
    words = tmp_path / "gdfupin_spider" / "pages" / "words.py"
    words.write_text(words.read_text("utf-8").replace("责任编辑 责编", "责编"), "utf-8")
    pages = [unit for unit in corpus.units() if "editor" in unit.id or "date-padded" in unit.id]
    ours, worse = corpus.read_by((corpus.ROOT, tmp_path), pages)
    assert corpus.differences(pages, ours, ours) == []
    lost = corpus.differences(pages, ours, worse)
    assert {each.verdict for each in lost} == {"loss"}
    assert {each.verdict for each in corpus.differences(pages, worse, ours)} == {"gain"}
    printed = "\n".join(corpus.report(pages, lost))
    assert f"loss   {lost[0].page}  {lost[0].field}: " in printed
    assert f"{len(lost)} lost, 0 changed" in printed


def test_a_page_with_truth_is_scored_and_others_are_only_compared() -> None:
    truth = {"kind": "article", "title": "修路", "date": None, "source": "南方日报", "body": "会议总结了全年的工作。"}
    unit = corpus.Unit("a", "general", (), alone=True, truth=truth)
    wrong = {"kind": "listing", "title": "通知", "date": "2021-01-13", "source": None, "body": "会议", "section": "甲"}
    right = {**truth, "section": "乙"}
    found = {each.field: each.verdict for each in corpus.differences([unit], {"a": wrong}, {"a": right})}
    assert found == {
        "kind": "gain",
        "title": "gain",
        "date": "gain",
        "source": "gain",
        "body": "gain",
        "section": "change",
    }


def test_pages_of_a_crawl_are_read_with_the_profile_of_their_archive(crawled: Callable[[str], Crawl]) -> None:
    folder = crawled("asp-tables").folder
    assert folder is not None
    pages = [unit for unit in corpus.units([folder], layouts=True) if unit.expected is None]
    assert len({unit.id for unit in pages}) == len(pages) > 100
    assert sum(unit.layouts for unit in pages) * 2 == len(pages)


def test_a_folder_without_pages_and_an_unknown_revision_are_errors(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"has no manifest\.jsonl"):
        list(corpus.units([tmp_path]))
    with pytest.raises(SystemExit, match="git has no revision"), corpus.checked_out("no-such-revision"):
        pass


def test_the_reading_room_is_asked_for_articles_searches_and_trends() -> None:
    asked = list(islice(serving.addresses(["a", "b"]), 100))
    assert Counter(kind for kind, _ in asked) == {"article": 60, "search": 30, "trend": 10}
    assert len({path for kind, path in asked if kind == "search"}) > 20
    own, whole = serving.memory(os.getpid())
    assert 1 < own < whole
