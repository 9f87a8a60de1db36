"""The Python API: what the package exports, how fast it loads, and what it gives for an archive."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import gdfupin_spider
from gdfupin_spider import Archive, GdfupinError, Page, compare, open_archive, read_article, read_page
from gdfupin_spider.diff.difference import KEYS
from tests.sites import Crawl, run

OLD = Path(__file__).parent / "archives" / "v0_1" / "asp-tables"
PAGE = "<h1>省扶贫办召开会议</h1><p>加入时间:2021-1-13 来源:南方日报</p><p>会议总结了全年的工作，部署了来年的任务。</p><p>欢迎访问广东扶贫网</p>"
URL = "http://www.gdfupin.org.cn/show.asp?id=7"


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of several crawls, with its catalog."""
    output = tmp_path_factory.mktemp("archive") / "output"
    shutil.copytree(OLD, output, symlinks=True)
    assert run("catalog", "--output", str(output)).returncode == 0
    return output


def test_the_exported_names_are_a_promise() -> None:
    names = ["Archive", "GdfupinError", "Page", "__version__", "compare", "open_archive", "read_article", "read_page"]
    assert gdfupin_spider.__all__ == names
    assert set(names) <= set(dir(gdfupin_spider))
    with pytest.raises(AttributeError):
        gdfupin_spider.nothing  # noqa: B018


def test_the_import_is_fast_and_neither_it_nor_reading_loads_scrapy() -> None:
    code = (
        "import sys, time; t = time.perf_counter(); import gdfupin_spider; took = time.perf_counter() - t\n"
        "gdfupin_spider.read_article(b'<p>x</p>'); gdfupin_spider.open_archive\n"
        "print(took, sorted({name.partition('.')[0] for name in sys.modules} & {'scrapy', 'twisted'}))"
    )
    times = []
    for _ in range(3):  # the machine may be busy
        took, _, loaded = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        ).stdout.partition(" ")
        assert loaded.strip() == "[]"
        times.append(float(took))
        if times[-1] < 0.3:
            break
    assert min(times) < 0.3


def test_an_article_is_read_from_bytes_alone() -> None:
    article = read_article(PAGE.encode("gb18030"), "text/html; charset=gb2312")
    assert list(article) == [
        "title", "date", "source", "author", "section", "breadcrumb", "info_line", "body", "images", "attachments",
        "encoding", "issues",
    ]  # fmt: skip
    assert (article["title"], article["date"], article["source"]) == ("省扶贫办召开会议", "2021-01-13", "南方日报")


def test_a_page_has_kind_why_article_rows_links_and_issues() -> None:
    page = read_page(PAGE.encode(), URL)
    assert isinstance(page, Page)
    assert (page.kind, bool(page.why), page.rows, page.next_page, page.links) == ("article", True, (), None, ())
    assert page.article is not None
    assert (page.article.url, page.article.title) == (URL, "省扶贫办召开会议")
    gone = read_page(b"", URL, status=404)
    assert (gone.kind, gone.article) == ("gone", None)
    moved = read_page(b"", URL, status=302, headers=[("Location", "/new.asp?id=7")])
    assert (moved.kind, moved.to) == ("moved", "http://www.gdfupin.org.cn/new.asp?id=7")


def test_a_page_in_a_notebook_shows_hostile_text_as_text() -> None:
    shown = read_page(PAGE.replace("省扶贫办", "<script>alert(1)</script>\u202e省扶贫办").encode(), URL)._repr_html_()
    assert "<script" not in shown
    assert "\u202e" not in shown


def test_an_archive_gives_its_articles_versions_and_captures(archive: Path) -> None:
    with open_archive(archive) as opened:
        assert isinstance(opened, Archive)
        articles = list(opened)
        assert len(articles) == len(opened) > 20
        assert {article["status"] for article in articles} >= {"live", "gone"}
        twice = [article for article in articles if article["versions"] == 2]
        known = {str(article["id"]): opened.versions(str(article["id"])) for article in twice}
        edited = next(article for article in twice if all("captures" in v for v in known[str(article["id"])]))
        versions = known[str(edited["id"])]
        assert [version["version"] for version in versions] == [1, 2]
        assert versions[-1]["content_sha256"] == edited["content_sha256"]
        assert opened.article(str(edited["id"])) == edited
        assert opened.article("gdfupin-000000000000") is None
        assert opened.versions("gdfupin-000000000000") == []
        [proof, *_] = versions[0]["captures"]  # type: ignore[misc]
        capture = opened.capture(proof)
        assert capture.proof.payload_sha256 == proof["payload_sha256"]
        again = read_page(capture.payload, capture.url, headers=capture.headers)
        assert again.article is not None
        assert again.article.title == versions[0]["title"]
        assert any(capture.url.endswith("robots.txt") for capture in opened.captures(opened.crawls()[0].name))


def test_the_changes_of_an_archive_are_those_of_the_verb(archive: Path) -> None:
    with open_archive(archive) as opened:
        first, *_, last = (crawl.name for crawl in opened.crawls())
        for names in ([], [last], [first, last], ["2030-02-01"]):
            verb = run("diff", *names, "--format", "jsonl", "--output", str(archive))
            assert verb.returncode == 0, verb.stderr
            lines = [json.loads(line) for line in verb.stdout.splitlines()]
            changes = list(opened.changes(*names))
            keys = set(KEYS) - {"values"}  # tables have the texts of all kinds in it
            assert [{key: line[key] for key in keys} for line in lines] == [
                {key: value for key, value in json.loads(change.line()).items() if key in keys} for change in changes
            ]
            assert all(line["proof_after"] for line in lines)


def test_an_archive_says_whether_it_is_complete(crawled_extract: Callable[[str], Crawl], archive: Path) -> None:
    folder = crawled_extract("asp-tables").folder
    assert folder is not None
    with open_archive(folder.parents[1]) as whole:
        assert (whole.is_complete, whole.missing()) == (True, [])
    with open_archive(archive) as opened:
        assert not opened.is_complete or opened.missing() == []
        assert str(len(opened)) in repr(opened)
        assert opened._repr_html_().startswith("<table>")


def test_two_sets_are_compared_whatever_they_are(archive: Path) -> None:
    with open_archive(archive) as opened:
        release = next((archive / "releases").glob("2*"))
        kinds = {change.kind for change in compare(release, opened)}
        assert kinds <= {"added", "edited", "moved", "gone", "reappeared"}
        assert list(compare(archive, opened)) == []
        records = list(opened.articles("live"))
        gone = [change.kind for change in compare(records, records[1:])]
    assert gone == ["gone"]


def test_a_folder_without_an_archive_names_the_next_step(tmp_path: Path) -> None:
    with pytest.raises(GdfupinError, match="gdfupin crawl"):
        open_archive(tmp_path)
