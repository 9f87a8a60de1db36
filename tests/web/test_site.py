"""A static site has the pages of the reading room, searches as the program does, and is replaced as a whole."""

import functools
import http.server
import json
import os
import re
import shutil
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urljoin

import feedparser
import pytest
from click.testing import CliRunner

from gdfupin_spider.commands import main
from gdfupin_spider.errors import CannotWrite, HoldsWithdrawn
from gdfupin_spider.releases.search_index import index_of
from gdfupin_spider.search import SearchIndex, SearchRequest, output_formats, trends
from gdfupin_spider.storage.withdrawals import Withdrawal, append
from gdfupin_spider.web import site as site_module
from gdfupin_spider.web.parameters import SearchQuery
from gdfupin_spider.web.site import write_site
from gdfupin_spider.web.site_draft import MARK
from tests.catalog.lines import id_of
from tests.releases.archives import SECTIONS, body, crawl, released, url, write
from tests.web.rooms import HOSTILE, archive
from tests.web.test_room_search import WORDS


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `output`, `cache` and `site`."""
    folder = tmp_path_factory.mktemp("static")
    released(archive(folder / "output"))
    write_site(folder / "output", "latest", folder / "site", folder / "cache")
    return folder


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def address(made: Path) -> Iterator[str]:
    """Where a plain server of static files shows it, under a path."""
    handler = functools.partial(_Quiet, directory=str(made))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/site/"
        server.shutdown()
        thread.join()


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_every_link_leads_to_a_file_and_nothing_in_a_page_acts(made: Path) -> None:
    site = made / "site"
    found = contents(site)
    texts = {name: content.decode() for name, content in found.items() if re.fullmatch(r"(?!files/).*\.html", name)}
    for name, text in texts.items():
        if 'http-equiv="refresh"' not in text:
            assert text.index("Content-Security-Policy") < text.index("<title>")
        assert not re.search(r"<script(?! type=\"module\" src=\")|<style|\sstyle=|\son[a-z]+=\"|javascript:", text), (
            name
        )
        for link in re.findall(r'(?:href|src|action)="([^"]*)"', text):
            if not link.startswith(("http", "#")):
                target = urljoin(f"/{quote(name)}", link.partition("?")[0].partition("#")[0])
                assert unquote(target).lstrip("/") in found, (name, link)
    assert not any(os.path.relpath(site / name, site).startswith("..") or not name.isascii() for name in found)
    hostile = texts[f"articles/{id_of(url(51))}.html"]
    assert HOSTILE not in hostile
    assert "lookup" not in "".join(found)


def test_articles_have_their_versions_in_both_languages(made: Path) -> None:
    site, id_ = made / "site", id_of(url(3))
    newest, old, compared = (
        (site / "articles" / f"{id_}{part}.html").read_text("utf-8")
        for part in ("", ".version-1", ".compare.old-1.new-2")
    )
    assert "更正：31万元" in newest
    assert "第3村修路记（更正）" not in re.search(r"<h1>.*?</h1>", old)[0]  # type: ignore[index]
    assert "<ins>更正：31万元</ins>" in compared
    assert not (site / "articles" / f"{id_}.version-2.html").exists()  # it is the page of the article
    english = (site / "en" / "articles" / f"{id_}.html").read_text("utf-8")
    assert '<html lang="en">' in english
    assert f'href="../../articles/{id_}.html"' in english  # the other language
    assert "讲话全文" in (site / "articles" / f"{id_of(url(50))}.html").read_text("utf-8")
    assert "第0村修路记" in (site / "gone.what-gone.html").read_text("utf-8")
    assert "第3村修路记" in (site / "gone.html").read_text("utf-8")
    assert (site / "articles" / f"{id_}.compare.old-1.new-2.view-side.html").exists()


def test_lists_are_narrowed_by_one_thing_at_a_time_and_no_form_is_dead(made: Path) -> None:
    site = made / "site"
    narrowed = (site / "gone.field-title.html").read_text("utf-8")
    assert "第3村修路记" in narrowed
    assert "field-title" in (site / "gone.html").read_text("utf-8")
    assert not list(site.glob("gone*field*section*"))
    for name in ("gone.html", "index.html", f"articles/{id_of(url(3))}.compare.html"):
        forms = re.findall(r'<form[^>]* action="([^"]*)"', (site / name).read_text("utf-8"))
        assert forms == (["search.html"] if name == "index.html" else []), name


def test_a_second_run_writes_nothing_and_another_folder_gets_the_same_bytes(made: Path, tmp_path: Path) -> None:
    site, before = made / "site", contents(made / "site")
    times = {path: path.stat().st_mtime_ns for path in site.rglob("*") if path.is_file()}
    result = CliRunner().invoke(
        main, ["site", "--output", str(made / "output"), "--to", str(site), "--cache", str(made / "cache")]
    )
    assert result.exit_code == 0, result.output
    assert "0 new or changed" in result.output
    assert contents(site) == before
    assert {path: path.stat().st_mtime_ns for path in site.rglob("*") if path.is_file()} == times
    write_site(made / "output", "latest", tmp_path / "other", made / "cache")
    assert contents(tmp_path / "other") == before


def test_a_run_that_is_broken_off_leaves_the_old_site(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = contents(made / "site")

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(site_module, "write_files", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_site(made / "output", "latest", made / "site", made / "cache")
    assert contents(made / "site") == before
    assert [each.name for each in made.iterdir() if each.name.startswith(".")] == []


def test_a_folder_with_other_files_is_left_alone(made: Path, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(CannotWrite, match=MARK):
        write_site(made / "output", "latest", tmp_path, tmp_path.parent / "unused")
    assert contents(tmp_path) == {"thesis.txt": b"mine"}
    assert not (tmp_path.parent / "unused").exists()  # it is refused before an index is built


def test_another_file_of_the_name_of_the_mark_makes_no_site(made: Path, tmp_path: Path) -> None:
    """The learned layouts of an archive have a site.json, too."""
    before = {"site.json": b'{"pages": 40, "shapes": {}}', "articles.json": b"[]"}
    for name, content in before.items():
        (tmp_path / name).write_bytes(content)
    with pytest.raises(CannotWrite, match=MARK):
        write_site(made / "output", "latest", tmp_path, made / "cache")
    assert contents(tmp_path) == before


def test_what_people_put_beside_the_pages_stays(made: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    write_site(made / "output", "latest", site, made / "cache")
    (site / ".git").mkdir()
    (site / ".git" / "HEAD").write_text("ref: refs/heads/pages")
    (site / "CNAME").write_text("archive.example.org")
    before = contents(site)
    write_site(made / "output", "latest", site, made / "cache")
    assert contents(site) == before
    killed = tmp_path / ".site.old"  # between the two renames and the rescue
    site.rename(killed)
    write_site(made / "output", "latest", site, made / "cache")
    assert contents(site) == before


def test_a_withdrawn_article_is_in_no_site(made: Path, tmp_path: Path) -> None:
    output = tmp_path / "output"
    shutil.copytree(made / "output", output, symlinks=True)
    append(output, [Withdrawal(id_of(url(7)), "2026-11-29", "request", "2026-11-29T12:00:00Z")])
    with pytest.raises(HoldsWithdrawn):
        write_site(output, "latest", tmp_path / "site", tmp_path / "cache")
    assert not (tmp_path / "site").exists()
    released(output)
    write_site(output, "latest", tmp_path / "site", tmp_path / "cache")
    found = contents(tmp_path / "site")
    assert not any(id_of(url(7)) in name for name in found)
    assert not any("第7村".encode() in content for name, content in found.items() if name.endswith(".html"))


def test_an_older_address_leads_to_its_article_and_a_sitemap_names_the_pages(tmp_path: Path) -> None:
    first, later = crawl(0, range(3)), crawl(1, [0]).moved(url(1), url(90))
    later.read(url(90), body(1), title="第1村修路记", date="2011-02-13", section=SECTIONS[1])
    later.read(url(2), f"http://site/search.atom http://site/x {body(2)}", title="第2村修路记", date="2012-03-13")
    output, site = write(tmp_path / "output", first, later), tmp_path / "site"
    released(output)
    write_site(output, "latest", site, tmp_path / "cache", "https://archive.example.org/x/")
    alias = (site / "articles" / f"{id_of(url(90))}.html").read_text("utf-8")
    assert f'content="0; url={id_of(url(1))}.html"' in alias
    assert "第1村修路记" in (site / "articles" / f"{id_of(url(1))}.html").read_text("utf-8")
    named = f"https://archive.example.org/x/en/articles/{id_of(url(1))}.html"
    for language in ("", "en/"):
        feed = feedparser.parse((site / language / "feed.atom").read_text("utf-8"))
        assert feed.feed.links[0].href.startswith("https://archive.example.org/x/")
        links = [each["url"] for each in json.loads((site / language / "feed.json").read_text("utf-8"))["items"]]
        assert links == [entry.link for entry in feed.entries]
        assert set(links) == {
            f"https://archive.example.org/x/{language}articles/{id_of(url(n))}.html" for n in range(3)
        }
        texts = " ".join(entry.content[0].value for entry in feed.entries)
        assert "http://site/search.atom http://site/x" in texts, "the text of a page stays as it is"
        assert 'href="feed.atom"' in (site / language / "index.html").read_text("utf-8")
    assert f"<loc>{named}</loc>" in (site / "sitemap.xml").read_text("utf-8")
    assert f'hreflang="en" href="{named}"' in (site / "articles" / f"{id_of(url(1))}.html").read_text("utf-8")


def test_a_section_that_nothing_is_in_any_more_has_no_page_and_stops_no_site(tmp_path: Path) -> None:
    first, later = crawl(0, range(2)), crawl(1, range(2))
    for made, section in ((first, "旧栏目"), (later, SECTIONS[0])):
        made.read(url(9), body(9, section), title="第9村修路记", date="2011-02-13", section=section)
    output, site = write(tmp_path / "output", first, later), tmp_path / "site"
    released(output)
    write_site(output, "latest", site, tmp_path / "cache")
    older = (site / "articles" / f"{id_of(url(9))}.version-1.html").read_text("utf-8")
    assert re.findall(r"</time> · (.*)</p>", older)[0] == "南方日报 · 旧栏目"


REQUESTS: list[Mapping[str, str]] = [
    *({"q": words, "sort": sort, "versions": versions} for words in WORDS for sort in ("relevance", "date") for versions in ("", "1")),
    {"q": "修路", "section": "部门动态"}, {"q": "修路记", "column": "title"}, {"q": "修路 -修路记", "column": "body"},
    {"q": "讲话 OR 水泥 -第1村"}, {"q": "-修路 OR 水泥", "sort": "date"}, {"source": "人民网"}, {"q": "修路", "since": "2012", "until": "2014"},
    {"q": "村", "status": "gone"}, {"edited": "1"}, {"q": "修路", "edited": "1", "versions": "1"}, {"q": "第3村修路记 -更正", "then": "1"},
    {"place": "连南瑶族自治县"}, {"q": "公路", "place": "清远市", "sort": "date"}, {"q": "路 修"}, {"q": "修修"}, {"q": "日子就好了。"}, {"q": "ＡＬＥＲＴ（１）"}, {"q": '"通了，全村38户'}, {"q": "- OR"}, {"q": "路 路 修"},
    {"q": "村修路记"}, {"q": "3村修路记"}, {"q": "第3村修路记"}, {"q": "记修路村"}, {"q": "日子就好了。 -村修路记"},
]  # fmt: skip


def test_the_browser_finds_what_the_program_finds(made: Path, address: str, browser: Any) -> None:
    page = browser.new_page()
    page.goto(f"{address}search.html")
    answers = page.evaluate(
        """async ([requests, folder]) => {
             const { Index } = await import(folder + "../static/site-index.js");
             const index = await Index.open(folder);
             return [await Promise.all(requests.map((each) => index.search(each, 200))),
                     await Promise.all([["year", ""], ["month", "部门动态"]].map(([by, section]) => index.trend(["修路", "更正", "abc"], by, section)))];
           }""",
        [[*REQUESTS, {"since": "2012-03", "until": "2013-04-13"}], f"{address}search/"],
    )
    with SearchIndex(index_of(made / "output/releases/latest", made / "cache")) as index:
        *found, within = answers[0]
        every = index.search(SearchQuery(limit=200).request(with_counts=False)).hits
        assert [hit["id"] for hit in within["hits"]] == [
            hit.id for hit in every if hit.date and "2012-03" <= hit.date <= "2013-04-13"
        ]
        for asked, answer in zip(REQUESTS, found, strict=True):
            request: SearchRequest = SearchQuery(**{"limit": 200, **asked}).request(with_counts=True)  # type: ignore[arg-type]
            result = index.search(request)
            assert (answer["total"], answer["sort"]) == (result.total, result.order), asked
            assert [(hit["id"], hit["version"]) for hit in answer["hits"]] == [
                (hit.id, hit.version) for hit in result.hits
            ], asked
            for ours, theirs in zip(answer["hits"], result.hits, strict=True):
                assert [tuple(each) for each in ours["snippet"]] == list(theirs.snippet), asked
                assert [tuple(each) for each in ours["marked_title"]] == list(theirs.marked_title), asked
            counts = output_formats.encode(request, result)["counts"]
            assert isinstance(counts, dict)
            for name in ("section", "year", "source", "source_name", "status"):
                assert answer["counts"][name] == [list(each) for each in counts[name].items()], (asked, name)
            assert answer["counts"]["edited"] == counts["edited"], asked
        for (by, section), points in zip((("year", ""), ("month", "部门动态")), answers[1], strict=True):
            trend = trends.trend_of(index, ["修路", "更正", "abc"], by, SearchQuery(section=section).selection)  # type: ignore[arg-type]
            assert [
                (each["period"], each["articles"], tuple(each["counts"]), each["notHeld"], each["isGap"])
                for each in points
            ] == [(each.period, each.articles, each.counts, each.not_held, each.is_gap) for each in trend.points]


def test_words_are_searched_and_drawn_without_a_server(address: str, browser: Any) -> None:
    page = browser.new_context(locale="zh-CN").new_page()
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("request", lambda request: request.url.startswith(address) or problems.append(request.url))
    page.goto(address)
    page.get_by_role("searchbox").fill("修路记")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?*")
    page.get_by_text("找到 30 篇").wait_for()
    page.locator("aside").get_by_role("link", name="部门动态").click()
    page.get_by_text("找到 10 篇").wait_for()
    page.get_by_role("link", name="English").click()
    page.get_by_text("articles found").wait_for()
    page.locator("ol.hits a").first.click()
    page.wait_for_url("**/en/articles/*.html")
    page.get_by_role("link", name="Trends").click()
    page.locator("textarea").fill("修路\n更正")
    page.get_by_role("button").click()
    page.locator(".chart svg").first.wait_for()
    assert page.locator(".chart .series .line").count() == 4, "two in the chart, two in its key"
    page.get_by_role("link", name="修路 2012: 6").focus()
    page.keyboard.press("Enter")
    page.get_by_text("6 articles found").wait_for()
    page.go_back()
    page.locator("td a").first.click()
    page.locator("ol.hits li").first.wait_for()
    assert problems == []
