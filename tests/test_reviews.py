"""Decisions of persons: kept by payload and field, applied wherever an article is shown, never an edit."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gdfupin_spider.archive import compare, open_archive
from gdfupin_spider.catalog.decisions import Decisions, decisions_of, key_of
from gdfupin_spider.items import Proof, as_line
from gdfupin_spider.releases.formats import read_lines
from gdfupin_spider.replica import serve
from gdfupin_spider.storage import reviews
from gdfupin_spider.storage.line_file import lines
from gdfupin_spider.storage.reviews import PAGE, Review, append, load
from gdfupin_spider.warc import Damage
from tests.sites import crawl, run

REVIEW = Review(
    "gdfupin-000000000001", "http://www.gdfupin.org.cn/1.asp", "a" * 64, "title", "correct", "更正的题名", "anna",
    "2026-11-24T03:00:00Z", "2+gdfupin.00000000", "读错的题名", Proof("c/capture-00000.warc.gz", 7, "a" * 64),
)  # fmt: skip


# --- the file ---------------------------------------------------------------------------------------------------------


def test_reviews_are_appended_and_read_back(tmp_path: Path) -> None:
    append(tmp_path, [REVIEW])
    append(tmp_path, [replace(REVIEW, field="date", value="2021-01-13"), replace(REVIEW, field="author", value=None)])
    assert [review.field for _, review in load(tmp_path)] == ["title", "date", "author"]
    assert next(load(tmp_path))[1] == REVIEW
    assert len((tmp_path / reviews.FILE).read_text("utf-8").splitlines()) == 3


def test_damaged_lines_are_reported_and_all_others_count(tmp_path: Path) -> None:
    good = as_line(REVIEW)
    wrong = [
        "no JSON", "[]", '{"id":"x"}', as_line(replace(REVIEW, value=None)), as_line(replace(REVIEW, decision="reject")),
        as_line(replace(REVIEW, field="date", value="13.1.2021")), as_line(replace(REVIEW, field="source", value="")),
        as_line(replace(REVIEW, field="page", decision="reject")),
    ]  # fmt: skip
    (tmp_path / reviews.FILE).write_text("\n".join([good, *wrong, good]) + '\n{"half', "utf-8")
    damage: list[Damage] = []
    assert [review for _, review in load(tmp_path, damage.append)] == [REVIEW, REVIEW]
    assert len(damage) == len(wrong) + 1
    append(tmp_path, [REVIEW])
    assert len(list(load(tmp_path, damage.append))) == 3


def test_the_newest_decision_wins_whatever_the_order_of_lines() -> None:
    later = replace(REVIEW, value="再更正", reviewed_at="2026-11-25T03:00:00Z")
    same_time = replace(REVIEW, value="同一秒")
    for order in ([REVIEW, later], [later, REVIEW]):
        assert Decisions(order).of("a" * 64)["title"].value == "再更正"
    assert Decisions([REVIEW, same_time]).of("a" * 64)["title"].value == "同一秒"
    assert Decisions([REVIEW]).digest != Decisions([later]).digest
    assert Decisions().digest == ""


# --- an archive -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("reviews") / "output"
    with serve("asp-tables") as replica:
        crawl(output, "--no-media", "--limit", "12", proxy=replica.proxy, clock="2026-11-23T03:00:00Z")
    return output


@pytest.fixture
def output(crawled: Path, tmp_path: Path) -> Path:
    shutil.copytree(crawled, tmp_path / "output", symlinks=True)
    return tmp_path / "output"


def about(record: dict[str, Any], field: Any, decision: Any, value: str | None, **more: Any) -> Review:
    first = record["captures"][0]
    made = Review(
        record["id"], record["url"], key_of(record), field, decision, value, "anna", "2026-11-24T03:00:00Z",
        record["reader"], record.get(field), Proof(**first),
    )  # fmt: skip
    return replace(made, **more)


def articles(output: Path) -> list[dict[str, Any]]:
    with open_archive(output) as archive:
        return list(archive)  # type: ignore[arg-type]


def diff(output: Path, *arguments: str) -> list[dict[str, Any]]:
    done = run("diff", "--output", str(output), "--format", "jsonl", *arguments)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def release(output: Path) -> Path:
    done = run("release", "--output", str(output), "--json")
    assert done.returncode == 0, done.stderr
    return Path(json.loads(done.stdout)["folder"])


def test_a_correction_holds_in_articles_versions_diff_and_release_and_edits_nothing(output: Path) -> None:
    known = articles(output)
    at = next(number for number, each in enumerate(known) if each["source"])
    first = known[at]
    before = release(output)
    append(
        output, [about(first, "title", "correct", "更正的题名", note="见原报"), about(first, "source", "correct", None)]
    )
    again = articles(output)[at]
    assert (again["title"], again["source"], again["reviewed"]) == ("更正的题名", None, ["title", "source"])
    assert again["body"] == first["body"]
    assert again["content_sha256"] != first["content_sha256"]
    assert [each["id"] for each in articles(output) if each["reviewed"]] == [first["id"]]
    printed = [json.loads(line) for line in run("articles", "--output", str(output)).stdout.splitlines()]
    assert printed == articles(output)
    with open_archive(output) as archive:
        [version] = archive.versions(first["id"])
        assert (version["title"], version["reviewed"]) == ("更正的题名", ["title", "source"])
    assert run("catalog", "--output", str(output)).returncode == 0
    found = diff(output)
    assert {each["kind"] for each in found} == {"added"}
    assert [each["title"] for each in found if each["id"] == first["id"]] == ["更正的题名"]
    after = release(output)
    assert after != before
    [record] = [line for line in map(json.loads, read_lines(after / "articles.jsonl.gz")) if line["id"] == first["id"]]
    assert (record["title"], record["reviewed"]) == ("更正的题名", ["title", "source"])
    corrections = [json.loads(line) for line in read_lines(after / "corrections.jsonl")]
    assert [(each["field"], each["value_read"], each["value"], each["version"]) for each in corrections] == [
        ("source", first["source"], None, 1),
        ("title", first["title"], "更正的题名", 1),
    ]
    assert "人工校订" in (after / "README.md").read_text("utf-8")
    changes = [json.loads(line) for line in read_lines(after / "changes.jsonl.gz")]
    assert [(each["kind"], each["id"], each["fields"]) for each in changes] == [
        ("reread", first["id"], ["title", "source"])
    ]
    assert [(each.kind, each.fields) for each in compare(before, output)] == [("reread", ("title", "source"))]
    assert list(compare(after, output)) == []
    assert json.loads(run("release", "--verify", str(after), "--json").stdout)["bad"] == 0
    assert release(output) == after  # no new decision, no new release


def test_an_accepted_value_is_kept_when_a_later_reading_gives_another(output: Path) -> None:
    first = articles(output)[0]
    append(output, [about(first, "author", "accept", first["author"])])
    profile = Path(__file__).parents[1] / "gdfupin_spider" / "profiles" / "gdfupin.toml"
    other = output.with_name("gdfupin.toml")
    other.write_text(f'{profile.read_text("utf-8")}\n[overrides]\nauthor = "//title/text()"\n', "utf-8")
    assert run("catalog", "--output", str(output), "--profile", str(other)).returncode == 0
    again = articles(output)
    assert again[0]["reader"] != first["reader"]
    assert (again[0]["author"], again[0]["reviewed"]) == (first["author"], ["author"])
    assert all(each["author"] is not None for each in again[1:])
    fields = {each["id"]: each["fields"] for each in diff(output, "--kind", "reread")}
    assert "author" not in fields.get(first["id"], [])
    assert "author" in fields[again[1]["id"]]


def test_another_payload_is_read_as_if_nobody_had_decided(output: Path) -> None:
    first = articles(output)[0]
    append(output, [about(first, "title", "correct", "更正的题名", payload_sha256="b" * 64)])
    assert articles(output)[0]["title"] == first["title"]


def test_a_rejected_page_is_no_article_until_it_is_accepted_again(output: Path) -> None:
    first, *rest = articles(output)
    before = release(output)
    append(output, [about(first, PAGE, "reject", None, reviewed_value=None)])
    assert run("catalog", "--output", str(output)).returncode == 0
    assert articles(output) == rest
    assert len(diff(output)) == 11
    folder = release(output)  # nothing is missing: a person took it out
    assert folder != before
    assert json.loads((folder / "manifest.json").read_text("utf-8"))["counts"]["articles"] == 11
    [line] = [json.loads(line) for line in read_lines(folder / "corrections.jsonl")]
    assert (line["id"], line["version"], line["field"], line["decision"]) == (first["id"], 0, "page", "reject")
    assert run("verify", "--output", str(output)).returncode == 0
    later = about(first, PAGE, "accept", None, reviewed_value=None, reviewed_at="2026-11-25T03:00:00Z")
    append(output, [later])
    assert run("catalog", "--output", str(output)).returncode == 0
    assert articles(output) == [first, *rest]


def test_an_admitted_page_is_an_article_and_rejecting_it_takes_it_out(output: Path) -> None:
    [folder] = (output / "crawls").iterdir()
    page = next(line for _, line in lines(folder / "pages.jsonl") if line["kind"] == "listing")
    proof = Proof(**page["capture"])
    known = len(articles(output))
    first = articles(output)[0]
    decided = Review(
        "gdfupin-000000000009", page["url"], proof.payload_sha256, PAGE, "accept", None, "anna",
        "2026-11-24T03:00:00Z", first["reader"], None, proof, held_back=True,
    )  # fmt: skip
    append(output, [decided, *(replace(decided, field=f, value=v, decision="correct") for f, v in (
        ("title", "列表页也是文章"), ("date", "2021-01-13"), ("body", "正文。")))])  # fmt: skip
    assert run("catalog", "--output", str(output)).returncode == 0
    found = articles(output)
    assert len(found) == known + 1
    [admitted] = [each for each in found if each["title"] == "列表页也是文章"]
    assert (admitted["date"], admitted["body"], admitted["url"]) == ("2021-01-13", "正文。", page["url"])
    assert admitted["reviewed"] == ["title", "date", "body"]
    assert admitted["captures"] == [page["capture"]]
    verified = run("verify", "--output", str(output), "--json")
    assert (verified.returncode, json.loads(verified.stdout)["damage"]) == (0, []), verified.stdout
    assert json.loads(run("catalog", "--output", str(output), "--json").stdout)["articles"]["live"] == known + 1
    folder = release(output)
    assert any(json.loads(line)["title"] == "列表页也是文章" for line in read_lines(folder / "articles.jsonl.gz"))
    append(output, [replace(decided, decision="reject", reviewed_at="2026-11-25T03:00:00Z")])
    assert run("catalog", "--output", str(output)).returncode == 0
    assert len(articles(output)) == known
    assert decisions_of(output).rejected == {proof.payload_sha256}


def test_a_rejected_page_is_not_missing(output: Path) -> None:
    first = articles(output)[0]
    append(output, [about(first, PAGE, "reject", None, reviewed_value=None)])
    assert run("catalog", "--output", str(output)).returncode == 0
    with open_archive(output) as archive:
        assert first["url"] not in [each.url for each in archive.missing()]
