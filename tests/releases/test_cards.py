"""What a release says about itself: the same on every day, whole, and unharmed by what pages print."""

import base64
import dataclasses
import hashlib
import json
import re
from datetime import UTC, datetime
from pathlib import Path

import yaml
from lxml import html

from gdfupin_spider.releases.cards import cards
from gdfupin_spider.releases.metadata import Gap
from gdfupin_spider.storage.publication import Publication
from tests.releases.judges import cffconvert_says
from tests.releases.sample_about import EVIL, an_about


def test_cards_of_an_archive_without_articles_can_be_written() -> None:
    nothing = dataclasses.replace(
        an_about(), articles=0, versions=0, statuses={}, first_date=None, last_date=None, first_seen=None, last_seen=None,
        coverage=(), months={}, sources=(), sources_total=0, lengths=(), listings=(), gaps=(), crawls=(), home=None,
    )  # fmt: skip
    assert all(cards(nothing).values())


def test_the_page_asks_no_other_host_and_runs_no_script_but_its_own() -> None:
    page = html.fromstring(cards(an_about(section=EVIL))["index.html"])
    asked = [*page.xpath("//@src"), *page.xpath("//link/@href"), *page.xpath("//@*[name()='xlink:href']")]
    assert asked == []
    [script] = page.xpath("//script")
    assert script.attrib == {}
    digest = base64.b64encode(hashlib.sha256(script.text.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}';" in page.xpath("//meta/@content")[1]
    assert "alert(1)" not in script.text
    assert not re.search(r"@import|url\(", "".join(page.xpath("//style/text()")))
    assert "default-src 'none'" in page.xpath("//meta/@content")[1]


def test_the_page_has_its_four_charts_with_readable_values() -> None:
    page = html.fromstring(cards(an_about())["index.html"])
    charts = [chart for part in page.find_class("chart") for chart in part.xpath("*[local-name()='svg']")]
    assert len(charts) == 4
    answer = "".join(charts[0].itertext())
    assert {"扶贫要闻", "地市联播", "2021"} <= set(charts[0].xpath(".//*[local-name()='text']/text()"))
    assert "4" in answer


def test_no_card_says_the_day_on_which_it_was_written() -> None:
    about = dataclasses.replace(
        an_about(name="2009.05.06"), date="2009-05-06", crawls=(), listings=(), first_seen=None, last_seen=None
    )
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    assert not [name for name, text in cards(about).items() if today in text]


def test_a_hostile_section_name_or_address_stays_text_in_the_readme() -> None:
    about = an_about(section=EVIL)
    of_address = f"Numbers of www.a.cn/[x](http://evil.example/){EVIL} that no known address has."
    card = cards(dataclasses.replace(about, gaps=(Gap("unmet-number", None, 2, of_address, of_address),)))["README.md"]
    assert "<script" not in card
    assert "[x](" not in card
    assert "\x1b" not in card
    assert "\u202e" not in card
    assert all(line.count(" | ") == 5 for line in card.splitlines() if "alert(1)" in line and "%" in line)


def test_the_head_of_the_readme_is_what_hugging_face_reads() -> None:
    head = yaml.safe_load(cards(an_about())["README.md"].split("---\n")[1])
    assert head["configs"][0] == {"config_name": "articles", "default": True, "data_files": "articles.parquet"}
    assert head["size_categories"] == ["n<1K"]
    assert head["license"] == "other"


def test_the_readme_explains_every_field() -> None:
    about = an_about()
    card = cards(about)["README.md"]
    for field in about.file("articles.jsonl.gz").fields:
        assert f"| `{field.name}` |" in card
        assert field.meaning
    assert "`captures[].payload_sha256`" in card


def test_machine_readable_cards_name_every_file_with_its_digest() -> None:
    about = an_about()
    package = json.loads(cards(about)["datapackage.json"])
    croissant = json.loads(cards(about)["croissant.json"])
    assert {each["path"]: each["hash"] for each in package["resources"]} == {
        file.name: f"sha256:{file.sha256}" for file in about.files
    }
    assert {each["contentUrl"]: each["sha256"] for each in croissant["distribution"]} == {
        file.name: file.sha256 for file in about.files
    }


def test_the_citation_file_is_valid(tmp_path: Path) -> None:
    (tmp_path / "CITATION.cff").write_text(cards(an_about())["CITATION.cff"], encoding="utf-8")
    assert cffconvert_says(tmp_path) == []
    published = dataclasses.replace(
        an_about(), publication=Publication("某馆", "https://example.org/", "10.5281/zenodo.1")
    )
    (tmp_path / "CITATION.cff").write_text(cards(published)["CITATION.cff"], encoding="utf-8")
    assert cffconvert_says(tmp_path) == []
    (tmp_path / "CITATION.cff").write_text("cff-version: 1.2.0\ntitle: nobody\n", encoding="utf-8")
    assert cffconvert_says(tmp_path) != []
