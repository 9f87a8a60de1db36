"""`gdfupin import`: what other programs captured becomes articles at their true dates."""

import gzip
import json
import os
import shutil
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gdfupin_spider import profiles
from gdfupin_spider.pages import identity_key
from gdfupin_spider.replica import BASE, Replica
from gdfupin_spider.storage import archive_info
from tests.extract import truth
from tests.shared import once
from tests.sites import expected, run

from .other_programs import Page, as_arc, as_wacz, members, mirrored_by_wget, site_pages, written_by_warcio

MARKUP, ENCODING = "asp-tables", "gb18030"


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> list[Page]:
    return once(tmp_path_factory, f"pages-of-{MARKUP}", lambda folder: site_pages(MARKUP, ENCODING))


def imported(output: Path, *arguments: str | Path, code: int = 0) -> dict[str, Any]:
    """The JSON that the command prints."""
    done = run("import", *map(str, arguments), "--output", str(output), "--json")
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    return json.loads(done.stdout)  # type: ignore[no-any-return]


def articles(output: Path) -> dict[str, dict[str, Any]]:
    """All article lines of an output, by identity key."""
    found = {}
    for path in output.glob("crawls/*/articles.jsonl"):
        for text in path.read_text("utf-8").splitlines():
            line = json.loads(text)
            found[identity_key(line["url"])] = line
    return found


def assert_whole_site(output: Path) -> None:
    """Every article of the replica once, each field as its generator has it."""
    found = articles(output)
    keys = {identity_key(url): (t, address) for t in truth(MARKUP) for address in t.addresses for url in [address.url]}
    assert set(found) <= set(keys)
    assert {keys[key][0].number for key in found} == {t.number for t in truth(MARKUP)}
    wrong = []
    for key, line in found.items():
        t, address = keys[key]
        for name, right in expected(t, address).items():
            if name not in ("url", "encoding") and line[name] != right:
                wrong.append((name, t.case, right, line[name]))
    assert wrong == []


def test_a_mirror_by_wget_gives_every_article(tmp_path: Path) -> None:
    if shutil.which("wget") is None:
        assert "GDFUPIN_CI" not in os.environ, ".ci/run installs wget"
        pytest.skip("wget is not installed")
    path = mirrored_by_wget(tmp_path, MARKUP)
    imported(tmp_path / "output", path)
    assert_whole_site(tmp_path / "output")


@pytest.mark.parametrize("kind", ["warc.gz", "warc", "arc.gz", "wacz"])
def test_each_kind_of_file_gives_every_article_at_its_date(pages: list[Page], kind: str, tmp_path: Path) -> None:
    content = {
        "warc.gz": lambda: written_by_warcio(pages),
        "warc": lambda: written_by_warcio(pages, compressed=False),
        "arc.gz": lambda: as_arc(pages),
        "wacz": lambda: as_wacz([written_by_warcio(pages[::2]), written_by_warcio(pages[1::2])]),
    }[kind]()
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / f"site.{kind}").write_bytes(content)
    result = imported(tmp_path / "output", tmp_path / "in")
    assert (result["captures"], result["losses"]) == (len(pages), [])
    assert_whole_site(tmp_path / "output")
    lines = articles(tmp_path / "output").values()
    assert {(line["captured_at"], line["origin"]) for line in lines} == {("2013-05-06T07:08:09Z", "warc")}
    again = imported(tmp_path / "output", tmp_path / "in")
    assert (again["captures"], again["held"], again["crawl"]) == (0, len(pages), None), "nothing is taken twice"
    assert run("verify", "--output", str(tmp_path / "output")).returncode == 0


def test_versions_of_other_years_come_in_any_order(pages: list[Page], tmp_path: Path) -> None:
    article = next(page for page in pages if identity_key(page.url) in _keys())
    title = next(t.title for t in truth(MARKUP) for url in t.urls if identity_key(url) == identity_key(article.url))
    old, new = title.encode(ENCODING), (title + "（续）").encode(ENCODING)
    years = {
        year: article.payload if year != 2016 else article.payload.replace(old, new) for year in (2013, 2016, 2019)
    }
    for year in (2019, 2013, 2016):
        file = tmp_path / f"{year}.warc.gz"
        file.write_bytes(written_by_warcio([Page(article.url, 200, years[year], f"{year}-01-02T03:04:05Z")]))
        imported(tmp_path / "output", file)
    done = run("articles", "--output", str(tmp_path / "output"))
    [line] = [json.loads(text) for text in done.stdout.splitlines()]
    assert (line["first_seen"], line["last_seen"], line["versions"]) == (
        "2013-01-02T03:04:05Z",
        "2019-01-02T03:04:05Z",
        3,
    )


def _keys() -> set[str]:
    return {identity_key(url) for t in truth(MARKUP) for url in t.urls}


def _torn(records: list[bytes], at: int) -> list[bytes]:
    return [*records[:at], records[at][: len(records[at]) // 2], *records[at + 1 :]]


def _flipped(records: list[bytes], at: int) -> list[bytes]:
    middle = len(records[at]) // 2
    broken = records[at][:middle] + bytes([records[at][middle] ^ 0xFF]) + records[at][middle + 1 :]
    return [*records[:at], broken, *records[at + 1 :]]


def _edited(change: Callable[[bytes], bytes]) -> Callable[[list[bytes], int], list[bytes]]:
    def damage(records: list[bytes], at: int) -> list[bytes]:
        return [*records[:at], gzip.compress(change(gzip.decompress(records[at]))), *records[at + 1 :]]

    return damage


def _header(name: bytes, value: bytes) -> Callable[[list[bytes], int], list[bytes]]:
    import re

    return _edited(lambda record: re.sub(rb"(?mi)^" + name + rb":[^\r\n]*", name + b": " + value, record, count=1))


def _without(name: bytes) -> Callable[[list[bytes], int], list[bytes]]:
    import re

    return _edited(lambda record: re.sub(rb"(?mi)^" + name + rb":[^\r\n]*\r\n", b"", record, count=1))


DAMAGES: dict[str, Callable[[list[bytes], int], list[bytes]]] = {
    "torn in the middle": _torn,
    "a flipped byte": _flipped,
    "zeros in place of a record": lambda records, at: [*records[:at], bytes(len(records[at])), *records[at + 1 :]],
    "a length that is too long": _header(b"Content-Length", b"99999999"),
    "a length that is too short": _header(b"Content-Length", b"10"),
    "a length that is not a number": _header(b"Content-Length", b"many"),
    "no length": _without(b"Content-Length"),
    "a date that is none": _header(b"WARC-Date", b"yesterday"),
    "no date": _without(b"WARC-Date"),
    "another type": _header(b"WARC-Type", b"mystery"),
    "no type": _without(b"WARC-Type"),
    "no address": _without(b"WARC-Target-URI"),
    "an address of another scheme": _header(b"WARC-Target-URI", b"gopher://www.gdfupin.org.cn/7"),
    "another version line": _edited(lambda record: record.replace(b"WARC/1.0", b"WRAC/1.0", 1)),
    "no status line": _edited(lambda record: record.replace(b"HTTP/1.1 200 OK", b"ICY sure thing.", 1)),
    "two records in one member": lambda records, at: [
        *records[:at], gzip.compress(gzip.decompress(records[at]) * 2), *records[at + 1 :],
    ],
    "one segment of several": _edited(lambda record: record.replace(b"WARC-Type:", b"WARC-Segment-Number: 1\r\nWARC-Type:", 1)),
    "a revisit without its original": _header(b"WARC-Type", b"revisit"),
    "junk between records": lambda records, at: [*records[:at], b"junk" * 999, *records[at + 1 :]],
    "the end of the file is missing": lambda records, at: [*records[:at], records[at][:40]],
}  # fmt: skip
SILENT = {"another type", "no type", "no address", "an address of another scheme"}
"""Ignored without a message: the standard has records that are not responses of a web site."""


@pytest.fixture(scope="module")
def few(pages: list[Page]) -> list[Page]:
    """Nine articles of one page each."""
    single = {identity_key(address.url) for t in truth(MARKUP) for address in t.addresses if len(address.parts) == 1}
    chosen = [page for page in pages if identity_key(page.url) in single and page.status == 200]
    return list({page.payload: page for page in chosen}.values())[:9]


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_costs_its_record_alone_and_is_named(few: list[Page], damage: str, tmp_path: Path) -> None:
    records = members(written_by_warcio(few))
    responses = [at for at, record in enumerate(records) if b"WARC-Type: response" in gzip.decompress(record)]
    at = responses[4]
    (tmp_path / "site.warc.gz").write_bytes(b"".join(DAMAGES[damage](records, at)))
    result = imported(tmp_path / "output", tmp_path / "site.warc.gz")
    lost = few[4:] if damage == "the end of the file is missing" else [few[4]]
    found = set(articles(tmp_path / "output"))
    assert found >= {identity_key(page.url) for page in few if page not in lost}
    assert found <= {identity_key(page.url) for page in few}
    if damage in SILENT:
        assert result["losses"] == []
    elif identity_key(few[4].url) not in found:
        assert result["losses"], "a loss is named"


def _saved_by_a_browser(page: Page) -> bytes:
    note = f"<!-- saved from url=({len(page.url):04}){page.url} -->\r\n".encode()
    return note + page.payload


def _mirrored_by_httrack(page: Page) -> bytes:
    where = page.url.removeprefix("http://")
    note = f"<!-- Mirrored from {where} by HTTrack Website Copier/3.x [XR&CO'2014], Mon, 06 May 2013 07:08:09 GMT -->"
    return (
        page.payload.replace(b"<head>", b"<head>" + note.encode(), 1)
        if b"<head>" in page.payload
        else note.encode() + page.payload
    )


def _assert_saved(output: Path, few: list[Page]) -> None:
    found = articles(output)
    assert set(found) == {identity_key(page.url) for page in few}
    by_key = {identity_key(url): t for t in truth(MARKUP) for url in t.urls}
    assert {key: line["title"] for key, line in found.items()} == {key: by_key[key].title for key in found}
    assert {line["origin"] for line in found.values()} == {"saved"}
    assert {line["captured_at"] for line in found.values()} == {"2013-05-06T07:08:09Z"}
    assert run("verify", "--output", str(output)).returncode == 0


def _dated(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (1367824089, 1367824089))  # 2013-05-06T07:08:09Z


@pytest.mark.parametrize("write", [_saved_by_a_browser, _mirrored_by_httrack])
def test_pages_that_say_their_address(few: list[Page], write: Callable[[Page], bytes], tmp_path: Path) -> None:
    for number, page in enumerate(few):
        _dated(tmp_path / "saved" / f"{number}.htm", write(page))
    imported(tmp_path / "output", tmp_path / "saved")
    _assert_saved(tmp_path / "output", few)


def test_a_folder_of_teleport_tells_addresses_in_its_links(few: list[Page], tmp_path: Path) -> None:
    links = "".join(f'<a href="show{n:03}.htm" tppabs="{page.url}">x</a>' for n, page in enumerate(few))
    _dated(tmp_path / "saved" / "links.htm", f'<base tppabs="x">{links}'.encode())
    for number, page in enumerate(few):
        _dated(tmp_path / "saved" / f"show{number:03}.htm", page.payload)
    result = imported(tmp_path / "output", tmp_path / "saved")
    _assert_saved(tmp_path / "output", few)
    assert [loss["url"] for loss in result["losses"]] == ["links.htm"], "nothing tells the address of the page of links"


def test_a_mirror_of_wget_is_a_folder_named_like_its_host(few: list[Page], tmp_path: Path) -> None:
    for page in few:
        _dated(tmp_path / "mirror" / page.url.removeprefix("http://"), page.payload)
    imported(tmp_path / "output", tmp_path / "mirror")
    _assert_saved(tmp_path / "output", few)


def test_a_prefix_gives_the_address_of_a_folder(few: list[Page], tmp_path: Path) -> None:
    for page in few:
        _dated(tmp_path / "site" / page.url.removeprefix(BASE), page.payload)
    imported(tmp_path / "output", tmp_path / "site", "--url-prefix", BASE)
    _assert_saved(tmp_path / "output", few)


def test_pages_of_other_sites_are_left_out_and_named(tmp_path: Path, few: list[Page]) -> None:
    other = Page("http://www.bank.cn/index.htm", 200, b"<p>another site</p>")
    (tmp_path / "site.warc.gz").write_bytes(written_by_warcio([few[0], other]))
    result = imported(tmp_path / "output", tmp_path / "site.warc.gz")
    assert (result["captures"], result["other_hosts"]) == (1, {"bank.cn": 1})


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no archive", b"\x1f\x8b\x08 no gzip", b"<p>a page</p>"])
def test_a_file_of_another_kind_is_refused_in_a_sentence(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(content)
    done = run("import", str(tmp_path / "a.txt"), "--output", str(tmp_path / "output"))
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)
    assert "WARC" in done.stderr


def test_the_replica_never_enters_the_archive_of_a_site(crawled: Callable[[str], Any], tmp_path: Path) -> None:
    folder = crawled("asp-tables").folder
    done = run("import", str(folder), "--output", str(tmp_path / "output"))
    assert done.returncode == 2
    assert "all these captures are of the replica" in " ".join(done.stderr.split())
    assert not (tmp_path / "output" / "crawls").exists()


def test_saved_pages_of_the_replica_are_refused_or_left_out(few: list[Page], tmp_path: Path) -> None:
    """`gdfupin replica` marks its pages: nothing else tells a page that a person saved from one of the site."""
    with Replica(MARKUP, marked=True) as replica:
        proxy = urllib.request.build_opener(urllib.request.ProxyHandler({"http": replica.proxy}))
        saved = [Page(url, 200, proxy.open(url).read()) for url in truth(MARKUP)[0].urls]
    for number, page in enumerate(saved):
        _dated(tmp_path / "replica" / f"{number}.htm", _saved_by_a_browser(page))
    _dated(tmp_path / "site" / "1.htm", _saved_by_a_browser(few[0]))
    live, demo = tmp_path / "live", tmp_path / "demo"
    demo.mkdir()
    archive_info.record(demo, profiles.load("gdfupin"), "demo")
    done = run("import", str(tmp_path / "replica"), "--output", str(live))
    assert (done.returncode, "all these captures are of the replica" in " ".join(done.stderr.split())) == (2, True)
    both = imported(live, tmp_path / "replica", tmp_path / "site")
    assert (both["captures"], both["replicas"]) == (1, len(saved))

    assert imported(demo, tmp_path / "replica")["captures"] == len(saved)
    for arguments in (("import", str(tmp_path / "site")), ("crawl", "--from", "wayback")):
        done = run(*arguments, "--output", str(demo))
        assert (done.returncode, "it holds demo data" in " ".join(done.stderr.split())) == (2, True), done.stderr
    assert imported(demo, tmp_path / "site", tmp_path / "replica")["of_site"] == 1


def test_status_tells_what_each_origin_showed(pages: list[Page], tmp_path: Path) -> None:
    (tmp_path / "a.warc.gz").write_bytes(written_by_warcio(pages))
    imported(tmp_path / "output", tmp_path / "a.warc.gz")
    once_more = next(page for page in pages if identity_key(page.url) in articles(tmp_path / "output"))
    _dated(tmp_path / "saved" / "one.htm", _saved_by_a_browser(once_more))
    imported(tmp_path / "output", tmp_path / "saved")
    done = run("status", "--output", str(tmp_path / "output"), "--json")
    sections = json.loads(done.stdout)["sections"]
    assert sum(one["origins"].get("saved", 0) for one in sections.values()) >= 1
    assert all(one["origins"].get("warc", 0) == one["articles"] for one in sections.values())
    table = run("status", "--output", str(tmp_path / "output")).stdout
    assert "saved" in table
    assert "warc" in table


def test_what_no_source_has_is_named_as_never_captured(pages: list[Page], tmp_path: Path) -> None:
    listed = [page for page in pages if identity_key(page.url) not in _keys()]
    (tmp_path / "a.warc.gz").write_bytes(
        written_by_warcio([*listed, next(page for page in pages if page not in listed)])
    )
    imported(tmp_path / "output", tmp_path / "a.warc.gz")
    sections = json.loads(run("status", "--output", str(tmp_path / "output"), "--json").stdout)["sections"]
    missing = {reason for one in sections.values() for reason in one["missing"]}
    assert "never-captured" in missing
    assert "not-asked" not in missing
