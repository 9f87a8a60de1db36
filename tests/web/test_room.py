"""The reading room answers what the archive has, says so where it has nothing, and lets no text of a page act."""

import contextlib
import html
import io
import json
import re
import shlex
import shutil
import sqlite3
import time
import urllib.parse
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast, get_args

import pytest

from gdfupin_spider import warc
from gdfupin_spider.archive import open_archive
from gdfupin_spider.catalog.coverage import MissingReason
from gdfupin_spider.errors import HoldsWithdrawn
from gdfupin_spider.releases.folder import ReleasesFolder
from gdfupin_spider.storage.line_file import lines
from gdfupin_spider.storage.report import read_crawl_report
from gdfupin_spider.storage.withdrawals import Withdrawal, append
from gdfupin_spider.web import exports, pages
from gdfupin_spider.web.language import PHRASES
from gdfupin_spider.web.library import Library
from tests.catalog.lines import Crawl, at, id_of
from tests.foreign_words import english
from tests.releases.archives import SECTIONS, body, crawl, released, url, write
from tests.sites import Crawl as CrawlOfSite
from tests.sites import run
from tests.web.rooms import SPEECH, Got, Room, room_of

ADDRESSES = [
    "/", "/?since=2026-11-01", "/search", "/search?q=修路&section=部门动态&since=2010&until=2014&versions=1&sort=date", "/trends", "/trends?q=修路%0A脱贫&share=1&by=month",
    "/gone", "/gone?what=gone&limit=1", "/reprints", "/sections", "/sections/部门动态?offset=2&limit=3", "/data", "/lookup", "/lookup?q=修通了",
    f"/articles/{id_of(url(3))}", f"/articles/{id_of(url(3))}?version=1", f"/articles/{id_of(url(3))}/compare", f"/articles/{id_of(url(51))}",
    f"/articles/{id_of(url(3))}/compare?view=side", f"/articles/{id_of(url(51))}/cite",
]  # fmt: skip


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_page_is_there_in_both_languages_and_nothing_in_it_acts(room: Room, address: str) -> None:
    address = urllib.parse.quote(address, safe="/?&=%")
    for language in ("zh", "en"):
        got = room.get(address, {"Accept-Language": f"fr, {language};q=0.8"})
        assert got.status == 200
        assert f'<html lang="{"zh-CN" if language == "zh" else "en"}">' in got.text
        acts = re.sub(r'<script type="module" src="/static/[a-z]+\.js"></script>', "", got.text)
        assert not re.search(r"<script|<style|\sstyle=|\son[a-z]+=\"|javascript:", acts, re.IGNORECASE)
        policy = got.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "None" not in re.sub(r"<[^>]*>", "", got.text)
        assert re.findall(r'(?:src|href)="(?:https?:)?//(?!www\.gdfupin\.org\.cn)', got.text) == []


def test_today_has_what_changed_with_its_text_and_who_looked(room: Room) -> None:
    text = room.get("/", since=at(1)[:10]).text
    gone, edited = (text.index(f'<h3 id="{kind}">') for kind in ("gone", "edited"))
    assert gone < text.index("第0村修路记") < edited < text.index("第3村修路记") < text.index("更正：31万元</ins>")
    assert "2 次采集" in text
    of_crawl = room.get("/", crawl=crawl(1).name).text
    assert "第3村修路记" in of_crawl
    assert "第0村修路记" not in re.sub(r"<h2>最新文章.*", "", of_crawl, flags=re.S)  # missing once
    assert "没有采集" in room.get("/", since="2099-01-01").text
    assert room.get("/", crawl="../catalog.sqlite").status == 404


def test_a_crawl_belongs_to_the_day_that_its_site_had(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The usual hour is three in the morning in China, which is the day before in UTC."""
    monkeypatch.setenv("GDFUPIN_CLOCK", "2026-01-10T03:00:00Z")
    night = crawl(1.8, range(12)).read(url(50), SPEECH, title="讲话", date="2026-01-02", section=None, source=None)
    output = write(tmp_path / "output", crawl(0), night)
    released(output)
    assert at(1.8)[:16] == "2026-01-02T22:12"
    with room_of(output, tmp_path / "cache") as room:
        text = room.get("/", since="2026-01-03").text
        assert "1 次采集" in text
        assert "讲话" in text
        assert "2026-01-03：采集 1 次" in text
        assert room.get("/", since="2026-02-30").status == 400


def test_edits_are_narrowed_and_those_of_numbers_come_first(tmp_path: Path) -> None:
    output = tmp_path / "output"
    early, late = crawl(0, range(2)), crawl(1, range(2))
    for number, (old, new) in enumerate(
        (("路通了", "桥通了！"), ("路长三里。", "路长 三里。"), ("张三发言。", "李四发言。"), ("共12户。", "共15户。")),
        10,
    ):
        early.read(url(number), old, title=f"第{number}号", section=SECTIONS[number % 2], source="南方日报")
        late.read(
            url(number),
            new,
            title=f"第{number}号",
            section=SECTIONS[number % 2],
            source="新华网" if number == 11 else "南方日报",
        )
    released(write(output, early, late))
    with room_of(output, tmp_path / "cache") as room:
        text = room.get("/gone").text
        assert text.index("第13号") < text.index("第12号") < text.index("第10号")
        assert "<del>12</del><ins>15</ins>" in text
        of_source = room.get("/gone", field="source", since=at(1)[:10]).text
        assert ("第11号" in of_source, "第13号" in of_source, "共 1 条" in of_source) == (True, False, True)
        assert "共 0 条" in room.get("/gone", until="2019").text
        assert "共 0 条" in room.get("/gone", weight="cosmetic", section=SECTIONS[0]).text


def test_changes_of_a_release_are_shown_where_there_is_no_archive(tmp_path: Path) -> None:
    output = write(tmp_path / "output", crawl(0, range(4)))
    released(output)
    for day in (1, 2):
        again = crawl(day, [2, 3]).missing(url(0))
        again.read(url(1), body(1, "新增一句。"), title="第1村修路记", date="2011-02-13", section=SECTIONS[1])
        write(output, again)
    copy = tmp_path / "copied"
    shutil.copytree(released(output), copy)
    with (
        room_of(tmp_path / "none", tmp_path / "cache", str(copy)) as room,
        room_of(output, tmp_path / "cache2") as with_archive,
    ):
        texts = [
            re.sub(r"<h2>最新文章.*", "", each.get("/", since=at(1)[:10]).text, flags=re.S)
            for each in (room, with_archive)
        ]
    for text in texts:
        assert "第0村修路记" in text
        assert "<ins>新增一句。</ins>" in text
    assert "次采集" in texts[1]
    assert "次采集" not in texts[0]


def test_an_article_has_its_text_its_versions_and_its_proof(room: Room) -> None:
    text = room.get(f"/articles/{id_of(url(3))}").text
    assert "第3村修路记（更正）" in text
    assert "更正：31万元" in text
    assert text.count("capture-00000.warc.gz") == 3
    old = room.get(f"/articles/{id_of(url(3))}", version=1).text
    assert "更正" not in re.sub(r"<(nav|footer).*?</\1>", "", old, flags=re.S)
    compared = room.get(f"/articles/{id_of(url(3))}/compare").text
    assert "<ins>（更正）</ins>" in compared
    assert "<ins>更正：31万元</ins>" in compared
    gone = room.get(f"/articles/{id_of(url(0))}").text
    assert "已消失" in gone
    assert "第0村修路记" in room.get("/gone", what="gone", section=SECTIONS[0]).text
    assert "第0村修路记" not in room.get("/gone", what="gone", section=SECTIONS[1]).text
    assert "讲话全文" in room.get(f"/articles/{id_of(url(50))}").text  # its reprint


def test_an_article_is_cited_as_the_command_cites_it_and_shown_side_by_side(room: Room, output: Path) -> None:
    text = html.unescape(room.get(f"/articles/{id_of(url(3))}/cite", version=1).text)
    for form in ("style", "bibtex", "ris", "csl-json"):
        asked = ("cite", id_of(url(3)), "--version", "1", "--format", form, "--output", str(output))
        assert f">{run(*asked).stdout.removesuffix(chr(10))}</pre>" in text, form
    sides = room.get(f"/articles/{id_of(url(3))}/compare", view="side").text
    [(old, new)] = re.findall(
        r'<td class="body">([^\n]*更正[^\n]*|[^\n]*)</td><td class="body">([^\n]*31万元[^\n]*)</td>', sides
    )
    assert "更正" not in old
    assert "<ins>更正：31万元</ins>" in new


def test_the_neighbours_of_an_article_stand_beside_it_in_its_section(room: Room) -> None:
    listed = re.findall(
        r'<li><a href="(/articles/[^"]+)"', room.get(f"/sections/{urllib.parse.quote('部门动态')}?limit=200").text
    )
    assert len(listed) == 12
    for before, here, after in zip([None, *listed], listed, [*listed[1:], None], strict=False):
        text = room.get(here).text
        assert re.findall(r'rel="prev" href="([^"]+)"', text) == ([before] if before else [])
        assert re.findall(r'rel="next" href="([^"]+)"', text) == ([after] if after else [])


@pytest.mark.parametrize(
    "address", ["/articles/nothing", "/articles/gdfupin-000000000000/compare", f"/articles/{id_of(url(3))}?version=9",
                "/sections/nothing", "/nothing", "/files/manifest.json", "/files/..%2f..%2fcatalog.sqlite", "/static/nothing"],
)  # fmt: skip
def test_what_is_not_there_is_404(room: Room, address: str) -> None:
    assert room.get(address).status == 404


@pytest.mark.parametrize(
    "address", ["/search?limit=x", "/search?limit=100000", "/search?since=abcd", "/search?since=2021&until=2019", "/search?section=没有的栏目", "/search?sort=a",
                "/trends?q=1%0A2%0A3%0A4%0A5%0A6", "/sections/部门动态?offset=-1", "/search?q=" + "a" * 401],
)  # fmt: skip
def test_what_makes_no_sense_is_400_with_a_reason(room: Room, address: str) -> None:
    address = urllib.parse.quote(address, safe="/?&=%")
    got = room.get(address)
    assert got.status == 400
    assert "无法显示" in got.text
    [reason] = re.findall(r"</h1>\n<p>(.*)</p>", got.text)
    assert english(html.unescape(reason)) == []
    if address.startswith(("/search", "/trends")):
        answer = room.get(f"/api/v1{address}")
        assert (answer.status, set(json.loads(answer.text))) == (400, {"error"})


def test_another_host_a_write_and_an_old_page_are_refused_or_spared(room: Room) -> None:
    assert room.get("/", {"Host": "evil.example"}).status == 400
    assert room.get("/", method="POST").status == 405
    first = room.get("/search?q=x")
    assert room.get("/search?q=x", {"If-None-Match": first.headers["etag"]}).status == 304
    assert room.get("/search?q=x", {"If-None-Match": first.headers["etag"], "Accept-Language": "en"}).status == 200
    chosen = room.get("/search?q=x&lang=en")
    assert (chosen.status, chosen.headers["location"]) == (303, "/search?q=x")
    assert "lang=en" in chosen.headers["set-cookie"]
    assert room.get("//evil.example/?lang=en").headers["location"] in ("/evil.example/", None)


AS_CODE = {
    f"/?since={at(1)[:10]}": {"第3村修路记（更正）"},
    f"/articles/{id_of(url(3))}": {"第3村修路记（更正）"},
    f"/articles/{id_of(url(3))}/compare": {"第3村修路记（更正）"},
    "/search?q=第7村 OR 讲话 -全文&sort=date&since=2011": {"第7村修路记", "讲话"},
    "/search?q=第3村修路记 -更正&then=1": {"第3村修路记"},
    "/trends?q=修路%0A讲话&by=year": set(),
    "/gone": {"第3村修路记（更正）"},
    "/gone?what=gone": {"第0村修路记"},
    f"/sections/{SECTIONS[2]}": {"第5村修路记"},
    "/sections": set(),
    "/reprints": set(),
    f"/lookup?q={urllib.parse.quote(url(5))}": {"第5村修路记"},
}  # fmt: skip
"""By address: what each form of its code must give."""


def test_the_code_on_a_page_gives_the_same_as_printed(
    room: Room, output: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(output.parent)
    forms: set[str] = set()
    with contextlib.closing(sqlite3.connect(ReleasesFolder(output).find("latest") / "articles.sqlite")) as db:
        for address, titles in AS_CODE.items():
            page = room.get(urllib.parse.quote(address, safe="/?&=%")).text
            for form, text in re.findall(
                r"<dt>(\w+)</dt><dd>(?:<a [^>]*>)?<code>(.*?)</code>", page.partition('class="code"')[2]
            ):
                code = html.unescape(text)
                match form:
                    case "SQL":
                        given = str(db.execute(code).fetchall())
                    case "Python":
                        *imports, expression = code.split("; ")
                        known: dict[str, object] = {}
                        exec("\n".join(imports), known)
                        given = str(eval(expression, known))
                    case "API":
                        given = room.get(code if "%" in code else urllib.parse.quote(code, safe="/?&=")).text
                    case _:
                        done = run(*shlex.split(code)[1:])
                        given = done.stdout
                        assert done.returncode == 0, (code, done.stderr)
                for title in titles:
                    assert title in given, (form, code)
                forms.add(form)
    assert forms == {"SQL", "Python", "API", "命令"}


def test_a_newer_release_is_shown_without_a_restart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gdfupin_spider.web.library.EVERY", 0.02)
    output = write(tmp_path / "output", crawl(0))
    released(output)
    with room_of(output, tmp_path / "cache") as room:
        assert room.get(f"/articles/{id_of(url(12))}").status == 404
        write(output, crawl(1, range(13)))
        released(output)
        until(lambda: "第12村修路记" in room.get(f"/articles/{id_of(url(12))}").text)


def test_the_releases_so_far_are_listed_and_a_damaged_one_takes_no_page_away(tmp_path: Path) -> None:
    output = write(tmp_path / "output", crawl(0))
    names = [released(output).name]
    write(output, crawl(1, range(13)))
    names.insert(0, released(output).name)
    (output / "releases" / "damaged").mkdir()
    (output / "releases" / "damaged" / "manifest.json").write_text("{")
    with room_of(output, tmp_path / "cache") as room:
        assert re.findall(r"<tr><td>([^<]*)</td><td><time>", room.get("/data").text) == names
        assert [each["release"] for each in json.loads(room.get("/api/v1/releases").text)] == names


def test_a_release_with_a_withdrawn_article_is_not_shown_until_there_is_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gdfupin_spider.web.library.EVERY", 0.02)
    output, cache = write(tmp_path / "output", crawl(0)), tmp_path / "cache"
    first = released(output)
    with room_of(output, cache) as room:
        assert room.get(f"/articles/{id_of(url(7))}").status == 200
        append(output, [Withdrawal(id_of(url(7)), "2026-11-29", "request", "2026-11-29T12:00:00Z")])
        until(lambda: room.get("/").status == 503)
        for address in (
            f"/articles/{id_of(url(7))}",
            "/search?q=第7村",
            "/files/articles.jsonl.gz",
            "/api/v1/search.csv",
            "/nothing",
        ):
            got = room.get(urllib.parse.quote(address, safe="/?&="))
            assert (got.status, "第7村" in got.text) == (503, False), address
        released(output)
        until(lambda: room.get("/").status == 200)
        assert room.get(f"/articles/{id_of(url(7))}").status == 404
        assert "request" in room.get("/lookup", q=url(7)).text
        until(lambda: len(list(cache.iterdir())) == 1)  # the index of the first release is gone
    with pytest.raises(HoldsWithdrawn, match="run `gdfupin release`"):
        Library(output, first.name, cache)


def until(holds: Callable[[], bool]) -> None:
    """Waits for it, ten seconds at most."""
    end = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_it_works_under_a_prefix(output: Path, tmp_path: Path) -> None:
    with room_of(output, tmp_path, prefix="/archive") as room:
        text = room.get("/").text
        assert set(re.findall(r'href="(/[^/"]*)', text)) == {"/archive"}
        assert room.get("/static/site.css").status == 200
        assert room.get("/search?lang=en").headers["location"] == "/archive/search"


def test_a_release_of_one_article_and_one_of_none_make_sense(tmp_path: Path) -> None:
    for name, made in (("one", crawl(0, range(1))), ("none", Crawl(0).page("http://www.gdfupin.org.cn/", "home"))):
        output = write(tmp_path / name, made)
        released(output, allow=["empty"] if name == "none" else [])
        with room_of(output, tmp_path / f"{name}-cache") as room:
            for address in ("/", "/search", "/trends?q=x", "/gone", "/reprints", "/sections", "/data", "/lookup?q=x"):
                assert room.get(address).status == 200, (name, address)


def test_a_page_is_shown_as_it_was_captured_in_a_sandbox(
    crawled_extract: Callable[[str], CrawlOfSite], tmp_path: Path
) -> None:
    folder = crawled_extract("asp-tables").folder
    assert folder is not None
    output = tmp_path / "output"
    shutil.copytree(folder, output / "crawls" / folder.name)
    released(output)
    with room_of(output, tmp_path / "cache", with_status=True) as room:
        text = room.get("/status").text
        assert folder.name in text
        assert "待复查" in text
        counts = read_crawl_report(folder)
        assert counts is not None
        assert all(f"<code>{each.what}</code>" in text for each in counts.counts.issues)
        assert "历法中没有 2013-02-30 这一天" in text
        english = room.get("/status", {"Accept-Language": "en"}).text
        assert "2013-02-30 is no day of the calendar" in english
        assert all(each.what in english for each in counts.counts.issues)
    with room_of(output, tmp_path / "cache") as room, open_archive(output) as archive:
        hit = json.loads(room.get("/api/v1/search", q="扶贫", limit=1).text)["hits"][0]
        [link, *_] = re.findall(r'href="(/captures/[^"]+)"', room.get(f"/articles/{hit['id']}").text)
        evidence = room.get(f"/articles/{hit['id']}/evidence.wacz")
        assert evidence.headers["content-type"] == "application/wacz"
        assert "evidence/verify.py" in zipfile.ZipFile(io.BytesIO(evidence.body)).namelist()
        pictures = [
            picture.body == archive.capture(line["capture"]).payload
            for _, line in lines(folder / "media.jsonl", lambda damage: None) if line["status"] == 200 and line["type"].startswith("image/")
            for version in archive.articles() if line["url"] in [image["url"] for image in cast(Any, version["images"])]
            for picture in [picture_of(room, str(version["id"]), line["url"])] if picture is not None
        ]  # fmt: skip
        assert pictures
        assert all(pictures)
        assert room.get("/status").status == 404
        sections = room.get("/sections").text
        assert "地址编号中的空缺" in sections
        [missing] = {each.why for each in archive.missing() if each.section == "扶贫要闻"} or [""]
        assert not missing or PHRASES[f"why-{missing}"][0] in sections
        got = room.get(link)
        file, _, offset = link.removeprefix("/captures/").rpartition("/")
        assert got.body == archive.capture_at(file, int(offset)).payload
        assert got.headers["content-security-policy"] == "sandbox; default-src 'none'"
        home = next(each for each in archive.captures() if each.url.endswith("/"))
        for other in (
            f"/captures/{home.proof.warc}/{home.proof.offset}",
            f"/captures/{file}/{int(offset) + 1}",
            "/captures/../catalog.sqlite/0",
        ):
            assert room.get(other).status == 404, other
        memento_checks(room, link, got)
        wacz = room.get("/api/v1/search.wacz", q="扶贫", limit=1)
        assert wacz.status == 400 if len(hits(room)) > 1000 else wacz.status == 200
        with exports._PACKING:
            assert room.get("/api/v1/search.wacz", q=hit["title"]).status == 503
        with zipfile.ZipFile(io.BytesIO(wacz.body)) as packed:
            [name] = [each for each in packed.namelist() if each.endswith(".warc.gz")]
            kept = tmp_path / "search.warc.gz"
            kept.write_bytes(packed.read(name))
        assert archive.capture_at(file, int(offset)).payload in {capture.payload for capture in warc.read(kept)}


def hits(room: Room) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        json.loads(line) for line in room.get("/api/v1/search.jsonl", q="扶贫").text.splitlines()
    ]
    return found


def memento_checks(room: Room, capture: str, got: Got) -> None:
    """Statuses and headers of RFC 7089, sections 2 to 5."""
    original = re.findall(r'<([^>]*)>; rel="original"', got.headers["link"])[0]
    at = got.headers["memento-datetime"]
    for rel in ("timegate", "timemap"):
        assert f'rel="{rel}"' in got.headers["link"]
    before = {"Accept-Datetime": "Thu, 31 May 2007 20:35:00 GMT"}
    for asked in ({}, {"Accept-Datetime": at}, before):
        gate = room.get(f"/timegate/{original}", asked)
        assert (gate.status, gate.headers["location"], gate.headers["vary"]) == (
            302,
            room.url + capture,
            "accept-datetime",
        )
        assert "memento-datetime" not in gate.headers
        assert 'rel="original"' in gate.headers["link"]
        assert 'rel="timemap"' in gate.headers["link"]
    assert room.get(f"/timegate/{original}", {"Accept-Datetime": "yesterday"}).status == 400
    assert room.get("/timegate/http://www.example.org/").status == 404
    assert room.get("/timemap/link/http://www.example.org/").status == 404
    listed = room.get(f"/timemap/link/{original}")
    assert listed.headers["content-type"].startswith("application/link-format")
    assert f'<{original}>; rel="original"' in listed.text
    assert (
        f'<{room.url}/timemap/link/{original}>; rel="self"; type="application/link-format"; from="{at}"; until="{at}"'
        in listed.text
    )
    assert f'<{room.url}{capture}>; rel="first last memento"; datetime="{at}"' in listed.text


def picture_of(room: Room, id_: str, picture: str) -> Got | None:
    """A picture that a page shows."""
    version = json.loads(room.get(f"/api/v1/articles/{id_}").text)
    number = next(n for n, image in enumerate(version["images"], 1) if image["url"] == picture)
    address = f"/articles/{id_}/pictures/{version['version']}/{number}"
    assert address in room.get(f"/articles/{id_}").text
    return room.get(address)


def test_every_phrase_is_used() -> None:
    templates = "".join(path.read_text("utf-8") for path in (Path(pages.__file__).parent / "templates").iterdir())
    files = ("pages.py", "version_pages.py", "search_pages.py", "application.py")
    code = "".join((Path(pages.__file__).parent / name).read_text("utf-8") for name in files)
    unused = {name for name in PHRASES if f'"{name}"' not in templates + code and f"'{name}'" not in templates + code}
    dynamic = {"field", "weight", "substantive", "cosmetic", "inline", "side", "captions", "attachment names", "running", "unfinished", "years", "place", "edits", "only-edited", "versions-too", "said-then", "either-script", "live", "suspected", "gone", "archived", "added", "edited", "moved", "reappeared", "reread", "withdrawn",
               "images", "attachments", "author", "title", "date", "source", "section", "body"}  # fmt: skip
    unused = {name for name in unused if not name.startswith(("why-", "outcome-"))}
    assert unused <= dynamic, unused - dynamic
    assert {f"outcome-{each}" for each in ("read", "not_modified", "missing", "moved")} <= PHRASES.keys()
    assert {f"why-{reason}" for reason in (*get_args(MissingReason), "never-linked")} <= PHRASES.keys()
