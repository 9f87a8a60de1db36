"""`gdfupin probe --crawl` of a bad first crawl: address patterns, and suggestions that were checked on the whole crawl."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gdfupin_spider import probe
from gdfupin_spider.items import Proof
from gdfupin_spider.probe.suggestion_check import CheckResult, JudgedPage, checked
from gdfupin_spider.probe.suggestions import CountedSuggestion, Suggestion, toml
from gdfupin_spider.storage.archive_info import profile_of
from gdfupin_spider.storage.crawls import Crawl as CrawlFolder
from gdfupin_spider.storage.lookup import resolve
from gdfupin_spider.terminal import console
from tests.county import County, serve
from tests.handmade import Handmade, article, links, page
from tests.sites import Crawl, crawl, run
from tests.test_first_contact import BAREST
from tests.test_unknown_shapes import profile_file, site, walk

FIELDS = ("title", "date", "source", "author", "section", "body")


@pytest.fixture
def village(tmp_path: Path) -> tuple[Crawl, Path]:
    """A crawl of a site with twelve texts that no page alone shows to be articles, and its archive."""
    with site() as served:
        done = walk(tmp_path, served)
    return done, tmp_path / "output"


@pytest.fixture
def county() -> Iterator[County]:
    with serve() as served:
        yield served


def surveyed(output: Path, *arguments: str) -> dict[str, Any]:
    done = run("probe", "--crawl", "latest", "--output", str(output), "--json", *arguments)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def suggestion(key: str, value: str) -> CountedSuggestion:
    return CountedSuggestion(Suggestion(key, value, "a test"), 12, "")


def check(output: Path, *found: CountedSuggestion) -> CheckResult:
    """The check of these suggestions on the newest crawl of an archive."""
    folder, profile = resolve(output, "latest"), profile_of(output)
    return checked(folder, profile, judged(folder), found)


def judged(folder: CrawlFolder) -> list[JudgedPage]:
    rows = [
        (kind, row)
        for kind in ("articles", "pages")
        for row in map(json.loads, (folder.path / f"{kind}.jsonl").read_text("utf-8").splitlines())
    ]
    return [
        JudgedPage(row["url"], row.get("kind", "article"), tuple(Proof(**one) for one in row.get("captures", [row.get("capture")])))
        for kind, row in rows
    ]  # fmt: skip


def test_a_survey_shows_each_address_pattern_and_what_it_probably_is(village: tuple[Crawl, Path]) -> None:
    _, output = village
    found = {one["shape"]: one for one in surveyed(output)["shapes"]}
    view = found["view.asp?id=0"]
    assert (view["pages"], view["kinds"]) == (12, {"unknown": 12})
    assert view["belief"] == "unknown: neither articles nor listings, with text of their own"
    assert view["url"].endswith("/view.asp?id=0")
    assert found["show.htm"]["belief"] == "articles, each read alone"
    text = run("probe", "--crawl", "latest", "--output", str(output)).stdout
    assert "Address patterns of the site" in text
    assert 'article_urls = ["view.asp?id=0"]' in text


def test_a_pattern_of_articles_is_suggested_with_the_records_it_gains_and_gains_them(
    village: tuple[Crawl, Path], tmp_path: Path
) -> None:
    _, output = village
    [offered] = [one for one in surveyed(output)["suggestions"] if one["key"] == "article_urls"]
    assert offered["value"] == "view.asp?id=0"
    assert (offered["effect"]["gains"], offered["effect"]["loses"], offered["effect"]["changes"]) == (12, 0, 0)
    changed = profile_file(tmp_path, 'article_urls = ["view.asp?id=0"]')
    again = run("replay", "latest", "--output", str(output), "--profile", str(changed), "--json")
    assert json.loads(again.stdout)["articles"] == 13


def test_a_suggestion_that_loses_an_article_is_withheld_with_the_reason(village: tuple[Crawl, Path]) -> None:
    _, output = village
    result = check(output, suggestion("identity", "不在文章里的词"), suggestion("body_end", "第二段写的是"))
    assert [(one.key, one.effect and one.effect.harm) for one in result.withheld] == [("identity", "loses 1 article")]


def test_a_name_that_articles_have_only_in_their_title_element_is_withheld(tmp_path: Path) -> None:
    home = page("<p>青溪村信息网</p>" + links("/a.htm"))
    text = article("修路").replace(b"<head>", "<head><title>青溪村信息网</title>".encode())
    with Handmade({"/": home, "/a.htm": text}) as served:
        walk(tmp_path, served)
    result = check(tmp_path / "output", suggestion("identity", "青溪村信息网"))
    assert [one.effect and one.effect.harm for one in result.withheld] == ["loses 1 article"]


def test_a_pattern_whose_pages_would_all_have_one_title_is_withheld(tmp_path: Path) -> None:
    with site() as served:
        walk(tmp_path, served)
        output = tmp_path / "output"
        result = check(output, suggestion("article_urls", "view.asp?id=0"))
        assert result.offered[0].effect is not None
        effect = result.offered[0].effect
        assert effect.shared_title is None
        effect.titles.clear()
        effect.titles["双击自动滚屏"] = 12
        assert effect.harm == "most of the 12 new articles would have the title '双击自动滚屏'"


def test_an_interrupted_check_offers_nothing_that_was_not_checked(
    village: tuple[Crawl, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, output = village
    lines: list[str] = []

    def say(text: str) -> None:
        lines.append(text)
        if text.startswith("checking"):
            raise KeyboardInterrupt

    monkeypatch.setattr("gdfupin_spider.probe.suggestion_check.PROGRESS", 1)
    found = probe.survey(resolve(output, "latest"), profile_of(output), 1, say)
    assert found.suggestions.unchecked > 0
    assert [one for one in found.suggestions.offered if one.effect is not None] == []
    assert lines[-1].startswith("interrupted")
    with (terminal := console()).capture() as printed:
        terminal.print(probe.overview(found))
    assert "suggestions were not checked" in printed.get()


def test_suggestions_of_a_bad_first_crawl_taken_as_offered_lose_nothing(county: County, tmp_path: Path) -> None:
    profile, output = tmp_path / "qingxi.toml", tmp_path / "output"
    profile.write_text(BAREST, "utf-8")
    crawl(output, "--profile", str(profile), "--no-media", proxy=county.proxy, demo=False)
    before = articles(output, "--profile", str(profile))
    offered = surveyed(output)["suggestions"]
    lines = toml(Suggestion(one["key"], one["value"], "") for one in offered if one["key"] != "other_urls").values()
    changed = tmp_path / "changed.toml"
    changed.write_text(BAREST + "\n".join(lines), "utf-8")
    after = articles(output, "--profile", str(changed))
    assert '"供稿单位"' not in "".join(line for line in lines if line.startswith("labels.author")), lines
    assert any(line.startswith("labels.other") and "Seen" in line for line in lines), lines
    assert {line["author"] for line in after.values() if line["author"] and "Seen" in line["author"]} == set()
    assert set(before) <= set(after)
    lost = [
        (url, name)
        for url, line in before.items()
        for name in FIELDS
        if line[name] is not None and after[url][name] is None
    ]
    assert lost == []
    gained = sum(1 for line in after.values() for name in FIELDS if line[name])
    assert gained > sum(1 for line in before.values() for name in FIELDS if line[name]), lines


def articles(output: Path, *arguments: str) -> dict[str, dict[str, Any]]:
    """The articles of a fresh replay, by URL."""
    done = run("replay", "latest", "--output", str(output), "--json", *arguments)
    folder = Path(json.loads(done.stdout)["folder"])
    rows = map(json.loads, (folder / "articles.jsonl").read_text("utf-8").splitlines())
    return {row["url"]: row for row in rows}


def test_the_sheet_of_a_survey_has_patterns_and_suggestions(village: tuple[Crawl, Path], tmp_path: Path) -> None:
    _, output = village
    sheet = tmp_path / "worst.html"
    surveyed(output, "--html", str(sheet))
    text = sheet.read_text("utf-8")
    assert "<h2>Address patterns of the site</h2>" in text
    assert "article_urls = [&quot;view.asp?id=0&quot;]" in text
