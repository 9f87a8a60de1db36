"""What people who know Scrapy try: feed exports, settings, scrapyd. Either it works, or it is refused by name."""

import csv
import io
import json
from importlib.metadata import entry_points
from pathlib import Path

import pytest
from lxml import etree
from scrapy.settings import Settings

from gdfupin_spider.crawl.feed_exports import CsvExporter, XmlExporter
from gdfupin_spider.errors import WrongArgument
from gdfupin_spider.spiders.unsupported_settings import REACTOR, UNSUPPORTED, refuse_unsupported
from tests.handmade import Handmade, article, links, page
from tests.sites import scrapy


def test_feed_exports_have_all_values_and_scrapyd_names_its_job(tmp_path: Path) -> None:
    with Handmade(
        {"/": page(links("/a.htm")), "/a.htm": article("修路", body="=1+1 户。<a href='/b.doc'>附件</a>")}
    ) as site:
        done = scrapy(
            "crawl", "gdfupin", "-a", "_job=46c63d5e", "-a", f"start_url={site.url}", "-s", f"GDFUPIN_OUTPUT={tmp_path}",
            "-s", "DOWNLOAD_DELAY=0", "-O", "articles.csv", "-O", "articles.xml",
            proxy="", folder=tmp_path,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    [line] = map(json.loads, next(tmp_path.glob("crawls/*/articles.jsonl")).read_text("utf-8").splitlines())
    [row] = csv.DictReader(io.StringIO((tmp_path / "articles.csv").read_text("utf-8"), newline=""))
    assert list(row) == list(line)
    assert (row["title"], row["author"], row["body"][:2]) == (line["title"], "", "'=")
    assert {name: json.loads(row[name]) for name in ("breadcrumb", "attachments")} == {
        name: line[name] for name in ("breadcrumb", "attachments")
    }
    root = etree.parse(tmp_path / "articles.xml").getroot()
    assert root.findtext("item/title") == line["title"]
    assert [node.text for node in root.findall("item/breadcrumb/value")] == line["breadcrumb"]
    assert root.findtext("item/attachments/value/name") == line["attachments"][0]["name"]
    assert root.find("item/author") is None


def test_xml_has_characters_that_xml_forbids_replaced() -> None:
    file = io.BytesIO()
    exporter = XmlExporter(file)
    exporter.start_exporting()
    exporter.export_item({"a": "\x0b<扶>\ud800", "b": [None, {"c": None}], "d": None})
    exporter.finish_exporting()
    assert etree.fromstring(file.getvalue()).findtext("item/a") == "\ufffd<扶>\ufffd"
    assert CsvExporter(io.BytesIO()).serialize_field({}, "a", None) == ""


@pytest.mark.parametrize("name", [*UNSUPPORTED, "TWISTED_REACTOR"])
def test_a_setting_that_a_crawl_cannot_honour_is_refused_by_name(name: str) -> None:
    settings = Settings({"TWISTED_REACTOR": REACTOR} | dict.fromkeys(UNSUPPORTED, False))
    refuse_unsupported(settings)
    settings.set(name, "folder" if name == "JOBDIR" else "1")
    with pytest.raises(WrongArgument, match=name):
        refuse_unsupported(settings)


def test_the_settings_of_scrapy_that_the_project_sets_are_supported() -> None:
    settings = Settings()
    settings.setmodule("gdfupin_spider.settings")
    refuse_unsupported(settings)


def test_a_refused_setting_fetches_nothing(tmp_path: Path) -> None:
    with Handmade({"/": page("")}) as site:
        done = scrapy(
            "crawl", "gdfupin", "-a", f"start_url={site.url}", "-s", "HTTPCACHE_ENABLED=1", "-s", f"GDFUPIN_OUTPUT={tmp_path}",
            proxy="", folder=tmp_path,
        )  # fmt: skip
        assert site.asked == []
    assert done.returncode != 0
    assert "HTTPCACHE_ENABLED: is not supported" in done.stderr


def test_scrapyd_finds_the_settings_in_an_egg() -> None:
    [point] = (point for point in entry_points(group="scrapy") if point.name == "settings")
    assert point.value == "gdfupin_spider.settings"
