"""A better reading of the same bytes is a change of its own kind, never an edit."""

import csv
import io
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from gdfupin_spider.archive import compare, open_archive
from tests.diff.records import BODY, X, Y, article
from tests.extract import serve, truth
from tests.papers import ROOT
from tests.sites import crawl, run

OLD, NEW = "2+gdfupin.00000000", "2+gdfupin.11111111"
FIRST, SECOND, LATER = "2026-11-20T03:00:00Z", "2026-11-21T03:00:00Z", "2026-11-22T03:00:00Z"
ALL = ("--no-media", "--full", "--recheck", "all")


def read(reader: str, payload: str = "a", url: str = X, **more: Any) -> dict[str, Any]:
    captures = [{"warc": "c/capture-00000.warc.gz", "offset": 7, "payload_sha256": payload * 64}]
    return article(url, **{"reader": reader, "captures": captures, **more})


def kinds(old: dict[str, Any], new: dict[str, Any]) -> list[tuple[str, tuple[str, ...]]]:
    return [(each.kind, each.fields) for each in compare([old], [new])]


# --- two sets of articles ---------------------------------------------------------------------------------------------


def test_another_reader_of_the_same_payload_rereads_and_edits_nothing() -> None:
    old, new = read(OLD, section=None, author="南方日报 讯"), read(NEW, author="张三")
    [change] = compare([old], [new])
    assert (change.kind, change.fields, change.weight) == ("reread", ("author", "section"), None)
    assert (change.reader_before, change.reader_after) == (OLD, NEW)
    assert [(each.field, each.before, each.after) for each in change.values] == [
        ("author", "南方日报 讯", "张三"),
        ("section", None, "扶贫要闻"),
    ]


def test_another_payload_or_the_same_reader_is_an_edit_as_before() -> None:
    assert kinds(read(OLD), read(NEW, "b", body=f"{BODY}又记。")) == [("edited", ("body",))]
    assert kinds(read(OLD), read(OLD, body=f"{BODY}又记。")) == [("edited", ("body",))]
    assert kinds(article(X), article(X, body=f"{BODY}又记。")) == [("edited", ("body",))]


def test_a_reread_article_may_have_moved_as_well() -> None:
    found = kinds(read(OLD, id="gdfupin-000000000001"), read(NEW, url=Y, id="gdfupin-000000000001", title="改"))
    assert found == [("reread", ("title",)), ("moved", ())]


# --- an archive -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two crawls. The first was read by a profile that takes the title of the window for the author."""
    output = tmp_path_factory.mktemp("reread") / "output"
    profile = output.with_name("gdfupin.toml")
    text = (ROOT / "gdfupin_spider" / "profiles" / "gdfupin.toml").read_text("utf-8")
    profile.write_text(f'{text}\n[overrides]\nauthor = "//title/text()"\n', "utf-8")
    with serve("asp-tables") as replica:
        crawl(output, *ALL, "--profile", str(profile), proxy=replica.proxy, clock=FIRST)
        (output / "profile.toml").write_text(text, "utf-8")
        crawl(output, *ALL, proxy=replica.proxy, clock=SECOND)
    return output


def diff(output: Path, *arguments: str) -> list[dict[str, Any]]:
    done = run("diff", "--output", str(output), "--format", "jsonl", *arguments, clock=LATER)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_diff_names_fields_and_readers_and_no_edit(output: Path) -> None:
    found = diff(output)
    assert Counter(each["kind"] for each in found) == {"reread": len(truth("asp-tables"))}
    assert found == sorted(found, key=lambda each: str(each["id"]))
    for each in found:
        assert "author" in each["fields"]
        assert [values["field"] for values in each["values"]] == each["fields"]
        assert all(values["before"] != values["after"] for values in each["values"])
        assert each["reader_before"] != each["reader_after"]
    assert diff(output, "--since", "2026-11-20T12:00:00Z") == found
    first, second = sorted(path.name for path in (output / "crawls").iterdir())
    assert diff(output, first, second) == found
    assert {each["kind"] for each in diff(output, first)} == {"added"}
    assert diff(output, "--kind", "edited") == []
    done = run("diff", "--output", str(output), "--since", "2026-11-21T12:00:00Z", clock=LATER)
    assert (done.returncode, "no crawl looked since" in done.stderr) == (10, True)


def test_a_bookmark_sees_a_reread_once(output: Path) -> None:
    assert {each["kind"] for each in diff(output, "--since", "last:anna")} == {"reread"}
    again = run("diff", "--output", str(output), "--since", "last:anna", clock=LATER)
    assert (again.returncode, again.stdout) == (10, "")


def test_it_is_shown_in_every_format_but_not_in_feeds(output: Path, tmp_path: Path) -> None:
    text = run("diff", "--output", str(output)).stdout
    assert "reread  " in text
    assert "author: [-" in text
    assert f"{len(truth('asp-tables'))} reread" in text
    html = run("diff", "--output", str(output), "--format", "html").stdout
    assert html.count("<span class='kind reread'>reread</span>") == len(truth("asp-tables"))
    table = run("diff", "--output", str(output), "--format", "csv").stdout
    rows = list(csv.DictReader(io.StringIO(table.removeprefix("\ufeff"))))
    assert all(row["values"].startswith(("author: ", "body: ")) for row in rows)
    assert json.loads(run("diff", "--output", str(output), "--format", "jsonfeed").stdout)["items"] == []
    assert run("diff", "--output", str(output), "--feeds", str(tmp_path)).returncode == 0
    assert "reread" not in (tmp_path / "all.atom").read_text("utf-8")


def test_the_history_of_an_article_lists_it(output: Path) -> None:
    with open_archive(output) as archive:
        for article_ in archive:
            [version] = archive.versions(str(article_["id"]))
            [reread] = version["reread"]  # type: ignore[misc]
            assert reread["reader_after"] == article_["reader"]
            [author] = [each for each in reread["fields"] if each["field"] == "author"]
            assert author["after"] == article_["author"]


def test_a_catalog_that_is_folded_anew_has_the_same(output: Path) -> None:
    before = diff(output)
    assert run("catalog", "--rebuild", "--output", str(output)).returncode == 0
    assert diff(output) == before
