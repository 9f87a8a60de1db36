"""`show` and `history`: one article, by any name it ever had, with what proves it."""

import hashlib
import json
import re
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable
from itertools import accumulate
from pathlib import Path
from typing import Any

import pytest
from fastwarc.warc import ArchiveIterator, WarcRecordType
from hypothesis import given
from hypothesis import strategies as st

from gdfupin_spider import warc
from gdfupin_spider.dossier.citation import Citation, bibtex, ris
from gdfupin_spider.pages import article_id
from tests import handmade
from tests.shared import once
from tests.sites import Crawl, crawl, run

SHOW = "/show.asp?id="
ROWS = "<p>当前位置:<a href='/'>首页</a>->>扶贫前沿->>扶贫要闻</p>"


def site(titles: dict[int, str], more: str = "") -> dict[str, bytes]:
    """A home page, a listing and these articles."""
    rows = "".join(f"<p><a href='{SHOW}{n}'>{title}</a> 2021-1-{n}</p>" for n, title in titles.items())
    pages = {
        "/": handmade.page("<p><a href='/list.asp'>扶贫要闻</a></p>" + rows),
        "/list.asp": handmade.page(ROWS + rows),
    }
    return pages | {f"{SHOW}{n}": handmade.article(title, more if n == 1 else "") for n, title in titles.items()}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Four crawls: article 1 is edited, article 2 goes; and the URL of the site."""

    def make(folder: Path) -> tuple[Path, str]:
        pages = site({n: f"修路的消息第{n}号" for n in range(1, 13)})
        served: dict[str, Any] = dict(pages)
        with handmade.Handmade(served) as running:
            for day in (1, 2, 4, 6):
                if day == 2:
                    text = "今年的路修得更长，一直通到了山那边的村子，乡亲们都来看。"
                    served[f"{SHOW}1"] = handmade.article("修路的消息第1号", body=text)
                if day == 4:
                    served[f"{SHOW}2"] = (404, {}, b"<p>404</p>")
                crawl(
                    folder / "output", "--full", "--recheck", "all", "--start-url", running.url,
                    clock=f"2030-01-0{day}T03:00:00Z", demo=False,
                )  # fmt: skip
            return folder / "output", running.url

    return once(tmp_path_factory, "dossier-of-a-site", make)


def history(output: Path, name: str) -> dict[str, Any]:
    done = run("history", name, "--output", str(output), "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)  # type: ignore[no-any-return]


def test_an_edited_article_has_two_versions_with_the_captures_that_prove_each(archive: tuple[Path, str]) -> None:
    output, url = archive
    found = history(output, f"{url}show.asp?id=1")
    assert [(one["version"], len(one["captures"])) for one in found["versions"]] == [(1, 1), (2, 3)]
    for version in found["versions"]:
        for capture in version["captures"]:
            kept = warc.read_at(output / "crawls" / capture["warc"], capture["offset"])
            assert hashlib.sha256(kept.payload).hexdigest() == capture["payload_sha256"]
            assert (capture["status"], capture["outcome"], capture["origin"]) == (200, "read", "live")
    assert history(output, found["id"]) == found
    printed = run("history", found["id"], "--output", str(output)).stdout
    assert "{+" in printed
    assert "[-" in printed
    between = run("history", found["id"], "--between", "1", "2", "--output", str(output)).stdout
    assert "今年的路修得更长" in between
    assert "sha256" not in between


def test_a_disappearance_is_proven_by_the_captures_that_did_not_find_it(archive: tuple[Path, str]) -> None:
    output, url = archive
    found = history(output, f"{url}show.asp?id=2")
    assert found["status"] == "gone"
    assert [(one["outcome"], one["status"], one["captured_at"][:10]) for one in found["absent"]] == [
        ("missing", 404, "2030-01-04"),
        ("missing", 404, "2030-01-06"),
    ]
    assert "not found since 2030-01-04" in run("history", found["id"], "--output", str(output)).stdout


def test_a_release_alone_proves_a_disappearance(archive: tuple[Path, str], tmp_path: Path) -> None:
    """The captures are those of `history`."""
    output, url = archive
    copy = tmp_path / "output"
    shutil.copytree(output, copy)
    assert run("release", "--output", str(copy)).returncode == 0
    gone = history(output, f"{url}show.asp?id=2")
    with sqlite3.connect(copy / "releases/latest/articles.sqlite") as db:
        query = "SELECT {} FROM captures WHERE id = ? AND outcome IN ('missing', 'moved') ORDER BY number"
        columns = ("outcome", "status", "url", "captured_at", "origin", "warc", "offset", "payload_sha256")
        found = db.execute(query.format(", ".join(columns)), (gone["id"],)).fetchall()
    assert found == [tuple(one[name] for name in columns) for one in gone["absent"]]
    assert [row[1] for row in found] == [404, 404]


def test_a_version_is_shown_as_text_as_record_and_as_captured(archive: tuple[Path, str]) -> None:
    output, url = archive
    name = f"{url}show.asp?id=1"
    old, new = (
        json.loads(run("show", name, *more, "--output", str(output), "--json").stdout)
        for more in (("--version", "1"), ())
    )
    assert old["body"] != new["body"]
    assert (old["version"], new["version"], new["versions"], new["status"]) == (1, 2, 2, "live")
    printed = run("show", name, "--proof", "--output", str(output)).stdout
    assert new["title"] in printed
    assert new["body"].split("\n")[0] in printed
    assert all(one["payload_sha256"] in printed for one in new["proof"])
    raw = run("show", name, "--raw", "--version", "1", "--output", str(output)).stdout
    assert hashlib.sha256(raw.encode()).hexdigest() == old["proof"][0]["payload_sha256"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("nonsense", "neither an id"),
        ("site-000000000000", "knows no such article"),
        ("list.asp", "no article: listing"),
        ("show.asp?id=99", "knows no such article"),
    ],
)
def test_what_is_no_article_is_said_as_what_it_is(archive: tuple[Path, str], name: str, said: str) -> None:
    output, url = archive
    asked = url + name if ".asp" in name else name
    for verb in ("show", "history"):
        done = run(verb, asked, "--output", str(output))
        assert (done.returncode, said in done.stderr, "Traceback" in done.stderr) == (2, True, False), done.stderr


def test_a_version_that_does_not_exist_is_named(archive: tuple[Path, str]) -> None:
    output, url = archive
    for arguments in (("show", "--version", "9"), ("history", "--between", "1", "9", "--json")):
        done = run(arguments[0], f"{url}show.asp?id=1", *arguments[1:], "--output", str(output))
        assert (done.returncode, "2 versions" in done.stderr) == (2, True)


def test_the_page_is_one_file_that_asks_nobody(archive: tuple[Path, str], tmp_path: Path) -> None:
    output, url = archive
    run("history", f"{url}show.asp?id=1", "--html", str(tmp_path / "h.html"), "--output", str(output))
    text = (tmp_path / "h.html").read_text("utf-8")

    loaded = re.findall(r"<(?:script|link|img|iframe|object)\b|\burl\(|\bsrc=", text)
    assert loaded == []
    assert "<ins>" in text
    assert article_id("gdfupin", f"{url}show.asp?id=1") in text


# --- citations --------------------------------------------------------------------------------------------------------


def cited(output: Path, name: str, *arguments: str) -> str:
    done = run("cite", name, "--output", str(output), *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_the_chinese_standard_has_title_dates_and_address(archive: tuple[Path, str]) -> None:
    output, url = archive
    text = cited(output, f"{url}show.asp?id=1", "--style", "gb-t-7714-2015")
    assert text == f"南方日报. 修路的消息第1号[EB/OL]. (2021-01-13)[2030-01-06]. {url}show.asp?id=1."
    old = cited(output, f"{url}show.asp?id=1", "--style", "gb-t-7714-2015", "--version", "1")
    assert "[2030-01-01]" in old
    assert cited(output, f"{url}show.asp?id=1", "--style", "apa").startswith("南方日报. (2021, January 13).")


def test_every_form_has_what_is_needed_to_check_it(archive: tuple[Path, str]) -> None:
    output, url = archive
    name = f"{url}show.asp?id=1"
    record = json.loads(run("show", name, "--output", str(output), "--json").stdout)
    for form in ("plain", "bibtex", "ris", "csl-json"):
        text = cited(output, name, "--format", form)
        for needed in (
            record["id"].replace("_", r"\_"),
            record["content_sha256"],
            record["captures"][0]["payload_sha256"],
            record["url"],
        ):
            assert needed in text, (form, needed)
    [item] = json.loads(cited(output, name, "--format", "csl-json"))
    assert (item["title"], item["issued"], item["accessed"]) == (
        record["title"],
        {"date-parts": [[2021, 1, 13]]},
        {"date-parts": [[2030, 1, 6]]},
    )


def test_a_style_that_is_none_is_refused_in_a_sentence(archive: tuple[Path, str], tmp_path: Path) -> None:
    output, url = archive
    (tmp_path / "broken.csl").write_text("<style>")
    for style in ("no-such-style", str(tmp_path / "broken.csl")):
        done = run("cite", f"{url}show.asp?id=1", "--style", style, "--output", str(output))
        assert (done.returncode, "--style" in done.stderr, "Traceback" in done.stderr) == (2, True, False), done.stderr


@given(st.text(max_size=40), st.text(max_size=20))
def test_any_title_gives_one_entry_of_balanced_braces(title: str, author: str) -> None:
    one = Citation(
        "s-000000000000",
        title or "x",
        author or None,
        "网站",
        "2021-01-13",
        "http://a.cn/",
        "2030-01-02T00:00:00Z",
        "c",
        "p",
        1,
        1,
        None,
    )
    entry = bibtex(one)
    depths = list(accumulate((sign == "{") - (sign == "}") for sign in entry))
    assert depths[-1] == 0, "BibTeX counts braces, also those behind a backslash"
    assert depths.index(0, depths.index(1)) == len(depths) - 1, "the entry ends where it ends"
    assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in ris(one).split("\n"))


# --- evidence ---------------------------------------------------------------------------------------------------------


def checked(file: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """As somebody without this program checks it."""
    with zipfile.ZipFile(file) as packed:
        packed.extract("evidence/verify.py", folder)
    command = [sys.executable, "-I", str(folder / "evidence" / "verify.py"), str(file)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(("number", "statuses"), [(1, ["200", "200"]), (2, ["200", "404"])])
def test_evidence_is_checked_without_this_program(
    archive: tuple[Path, str], tmp_path: Path, number: int, statuses: list[str]
) -> None:
    output, url = archive
    file = tmp_path / "evidence.wacz"
    done = run("evidence", f"{url}show.asp?id={number}", "--to", str(file), "--output", str(output), "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["captures"] == 2
    result = checked(file, tmp_path)
    assert result.returncode == 0, result.stderr + result.stdout
    assert [line.split()[2] for line in result.stdout.splitlines()] == statuses
    with zipfile.ZipFile(file) as packed:
        (tmp_path / "evidence.warc.gz").write_bytes(packed.read("archive/evidence.warc.gz"))
        records = [json.loads(line) for line in packed.read("evidence/records.jsonl").decode().splitlines()]
        page = packed.read("evidence/README.html").decode()
    with (tmp_path / "evidence.warc.gz").open("rb") as content:
        theirs = [record.verify_payload_digest() for record in ArchiveIterator(content, WarcRecordType.response)]
    assert theirs == [True, True]
    assert {record["version"] for record in records} == ({1, 2} if number == 1 else {1})
    assert "如何核验" in page
    assert "How to check" in page


def test_an_article_of_several_pages_is_proven_by_all_of_them(crawled: Callable[[str], Crawl], tmp_path: Path) -> None:
    folder = crawled("asp-tables").folder
    assert folder is not None
    lines = [json.loads(line) for line in (folder / "articles.jsonl").read_text("utf-8").splitlines()]
    line = max(lines, key=lambda each: len(each["captures"]))
    assert len(line["captures"]) == 4
    output, file = folder.parent.parent, tmp_path / "evidence.wacz"
    [version] = history(output, line["id"])["versions"]
    kept = [{name: one[name] for name in ("warc", "offset", "payload_sha256")} for one in version["captures"]]
    assert kept == line["captures"]
    done = run("evidence", line["id"], "--to", str(file), "--output", str(output))
    assert done.stdout == f"{file}: 4 captures of 1 version\n"
    assert [each.split()[0] for each in checked(file, tmp_path).stdout.splitlines()] == ["ok"] * 4


def test_one_changed_byte_of_the_evidence_is_found(archive: tuple[Path, str], tmp_path: Path) -> None:
    output, url = archive
    run("evidence", f"{url}show.asp?id=1", "--to", str(tmp_path / "a.wacz"), "--output", str(output))
    with zipfile.ZipFile(tmp_path / "a.wacz") as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    for changed in ("evidence/captures.json", "archive/evidence.warc.gz"):
        content = bytearray(files[changed])
        place = content.index(b'"payload_sha256": "') + 25 if changed.endswith("json") else len(content) // 3
        content[place] = content[place] ^ 1
        with zipfile.ZipFile(tmp_path / "b.wacz", "w") as packed:
            for name, data in (files | {changed: bytes(content)}).items():
                packed.writestr(name, data)
        assert checked(tmp_path / "b.wacz", tmp_path).returncode != 0, changed
