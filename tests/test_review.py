"""`gdfupin review`: what is open is listed, shown, and decided at the terminal, by options, or in a browser."""

import base64
import hashlib
import itertools
import json
import re
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from gdfupin_spider import pages
from gdfupin_spider.archive import open_archive
from gdfupin_spider.catalog import Catalog
from gdfupin_spider.catalog.decisions import decisions_of
from gdfupin_spider.catalog.sources import CATALOG
from gdfupin_spider.clock import stamp
from gdfupin_spider.commands import main
from gdfupin_spider.commands import review as command
from gdfupin_spider.items import Issue, Proof, as_dict, as_line
from gdfupin_spider.probe.review import PageView, decide, form, item_of, open_items, page_view, views_of
from gdfupin_spider.replica import serve
from gdfupin_spider.storage.archive_info import profile_of
from gdfupin_spider.storage.line_file import lines
from gdfupin_spider.storage.reviews import FILE, append, load
from tests.catalog.lines import BODY, Crawl, X, id_of
from tests.diff.archives import laid
from tests.sites import crawl, run


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("review") / "output"
    with serve("asp-tables") as replica:
        crawl(output, "--no-media", "--limit", "12", proxy=replica.proxy, clock="2026-11-23T03:00:00Z")
    return output


@pytest.fixture
def output(crawled: Path, tmp_path: Path) -> Path:
    """An archive with two uncertain articles and a page that was held back."""
    output = tmp_path / "output"
    shutil.copytree(crawled, output, symlinks=True)
    [folder] = (output / "crawls").iterdir()
    articles = [line for _, line in lines(folder / "articles.jsonl")]
    held = listing(output)
    issues = [
        Issue("note", "title-differs", articles[0]["url"], "the page alone gives 'x'", proof(articles[0])),
        Issue("note", "landmark-in-text", articles[0]["url"], "not uncertain", proof(articles[0])),
        Issue("note", "body-differs", articles[1]["url"], "another end", proof(articles[1])),
        Issue("note", "date-differs", articles[1]["url"], "another day", proof(articles[1])),
        Issue("refusal", "no-body", held["url"], "no text behind the title", Proof(**held["capture"])),
    ]
    with (folder / "issues.jsonl").open("a", encoding="utf-8") as file:
        file.writelines(f"{as_line(issue)}\n" for issue in issues)
    return output


def proof(line: dict[str, Any]) -> Proof:
    return Proof(**line["captures"][0])


def listing(output: Path) -> dict[str, Any]:
    [folder] = (output / "crawls").iterdir()
    return next(line for _, line in lines(folder / "pages.jsonl") if line["kind"] == "listing")


MINUTES = itertools.count()


def clock() -> str:
    """A minute after the last one: of two decisions the later one counts."""
    return stamp(datetime(2026, 11, 24, 3, tzinfo=UTC) + timedelta(minutes=next(MINUTES)))


def review(output: Path, *arguments: str, code: int = 0) -> str:
    done = run("review", "--output", str(output), *arguments, clock=clock())
    assert done.returncode == code, done.stderr
    return done.stdout if code == 0 else done.stderr


def open_now(output: Path, *arguments: str) -> list[dict[str, Any]]:
    found = json.loads(review(output, "--json", *arguments))
    assert found["open"] >= len(found["pages"])
    return found["pages"]  # type: ignore[no-any-return]


def record(output: Path, id_: str) -> dict[str, Any]:
    with open_archive(output) as archive:
        found = archive.article(id_)
        assert found is not None
        return dict(found)


# --- what is open -----------------------------------------------------------------------------------------------------


def test_held_back_pages_and_uncertain_fields_are_open(output: Path) -> None:
    held, *articles = open_now(output)
    assert (held["held_back"], held["open_fields"], held["title"]) == (True, ["page"], None)
    assert [note["what"] for note in held["notes"]] == ["no-body"]
    assert sorted(each["open_fields"] for each in articles) == [["body", "date"], ["title"]]
    assert [each["what"] for each in articles[0]["notes"] if each["what"] == "landmark-in-text"] == []
    text = review(output)
    assert "3 open pages" in text
    assert held["url"] in "".join(text.split())
    assert [each["id"] for each in open_now(output, "--held-back")] == [held["id"]]
    assert [each["open_fields"] for each in open_now(output, "--what", "title-differs")] == [["title"]]
    assert len(open_now(output, "--limit", "1")) == 1
    section = articles[0]["section"]
    assert {each["section"] for each in open_now(output, "--section", section)} == {section}


def test_one_page_shows_what_it_prints_and_the_evidence_of_each_candidate(output: Path) -> None:
    item = open_now(output, "--what", "title-differs")[0]
    view = json.loads(review(output, item["id"], "--json"))
    [title, *_] = view["candidates"]["title"]
    assert title["value"] == item["title"]
    assert any("the row of http://" in evidence for evidence in title["evidence"])
    assert any(line["role"] == "title" and line["text"] == item["title"] for line in view["lines"])
    assert "<title>" in json.dumps(view["candidates"]["title"])
    text = review(output, item["id"])
    assert "title  (open)" in text
    assert "title-differs: the page alone gives 'x'" in text
    assert review(output, item["url"]) == text


def test_an_unknown_page_or_a_wrong_option_names_the_next_step(output: Path) -> None:
    assert "`gdfupin review" in review(output, "gdfupin-00000000abcd", code=2)
    assert "neither an article" in review(output, "http://example.org/", code=2)
    assert "name the page" in review(output, "--accept", code=2)
    id_ = open_now(output)[1]["id"]
    assert "there is no field url" in review(output, id_, "--set", "url=x", code=2)
    assert "write FIELD=VALUE" in review(output, id_, "--set", "title", code=2)
    assert "is not a date" in review(output, id_, "--set", "date=13.1.2021", code=2)
    assert "not an article has no values" in review(output, id_, "--reject", "--set", "title=x", code=2)
    assert not (output / FILE).exists()
    assert "there is no crawl yet" in review(output.parent, code=2)


# --- deciding by options ----------------------------------------------------------------------------------------------


def test_accepting_settles_the_open_fields_and_correcting_sets_others(output: Path) -> None:
    item = open_now(output, "--what", "body-differs")[0]
    before = record(output, item["id"])
    answer = review(
        output, item["id"], "--accept", "--set", "date=2020-02-29", "--reviewer", "anna", "--note", "见原报"
    )
    assert f"{item['id']}: correct date '2020-02-29'" in answer
    after = record(output, item["id"])
    assert (after["date"], after["body"], after["reviewed"]) == ("2020-02-29", before["body"], ["date", "body"])
    assert [each["id"] for each in open_now(output, "--what", "body-differs")] == []
    decided = [review for _, review in load(output)]
    assert {(each.field, each.decision, each.reviewed_value) for each in decided} == {
        ("date", "correct", before["date"]),
        ("body", "accept", before["body"]),
    }
    assert {(each.reviewer, each.reviewed_at, each.note) for each in decided} == {
        ("anna", decided[0].reviewed_at, "见原报")
    }
    assert decided[0].reviewed_at.startswith("2026-11-24T0")
    review(output, item["id"], "--set", "date=", "--reviewer", "bert")  # the newest decision wins
    assert record(output, item["id"])["date"] is None


def test_an_article_that_is_not_open_can_be_corrected_or_accepted_as_a_whole(output: Path) -> None:
    known = {each["id"] for each in open_now(output)}
    with open_archive(output) as archive:
        id_ = next(str(each["id"]) for each in archive if each["id"] not in known)
    review(output, id_, "--accept")
    assert record(output, id_)["reviewed"] == ["title", "date", "source", "author", "section", "body"]
    text = output.with_name("body.txt")
    text.write_text("第一段。\n第二段。\n", "utf-8")
    review(output, id_, "--set", f"body=@{text}")
    assert record(output, id_)["body"] == "第一段。\n第二段。"


def test_a_held_back_page_becomes_an_article_or_stays_out(output: Path) -> None:
    held = open_now(output, "--held-back")[0]
    assert "a title is not empty" in review(output, held["id"], "--set", "title=", code=2)
    done = run(
        "review", held["id"], "--set", "title=通知", "--set", "body=正文。", "--output", str(output), "--json",
        clock=clock(),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "gdfupin catalog" in done.stderr
    assert [each["field"] for each in json.loads(done.stdout)["decisions"]] == ["page", "title", "body"]
    assert open_now(output, "--held-back") == []
    assert run("catalog", "--output", str(output)).returncode == 0
    assert (record(output, held["id"])["title"], record(output, held["id"])["url"]) == ("通知", held["url"])
    review(output, held["id"], "--reject")
    assert run("catalog", "--output", str(output)).returncode == 0
    with open_archive(output) as archive:
        assert archive.article(held["id"]) is None
    assert open_now(output, "--held-back") == []


def test_a_decision_about_an_earlier_payload_is_asked_again(output: Path) -> None:
    item = open_now(output, "--what", "title-differs")[0]
    review(output, item["id"], "--set", "title=更正的题名", "--reviewer", "anna")
    [decided] = [each for _, each in load(output)]
    (output / FILE).unlink()
    append(output, [replace(decided, payload_sha256="b" * 64)])
    [again] = open_now(output, "--what", "source-changed")
    assert again["id"] == item["id"]
    assert again["open_fields"] == ["title"]
    assert "corrected to '更正的题名' by anna on 2026-11-24" in again["notes"][-1]["evidence"]
    candidates = json.loads(review(output, item["id"], "--json"))["candidates"]["title"]
    assert any(each["value"] == "更正的题名" and "for an earlier payload" in each["evidence"][0] for each in candidates)
    review(output, item["id"], "--accept")
    assert open_now(output, "--what", "source-changed") == []


def test_a_rejection_is_about_every_payload_that_the_article_had(tmp_path: Path) -> None:
    first, second = Crawl(0).read(X), Crawl(1).read(X, f"{BODY}又记。")
    second.files["articles"] = [line.replace(b"0" * 64, b"1" * 64) for line in second.files["articles"]]
    with laid(tmp_path, first, second) as catalog:
        item = item_of(tmp_path, catalog, decisions_of(tmp_path), profile_of(tmp_path), id_of(X))
        assert item.payload_sha256 == "1" * 64
        others = tuple(page_view._other_payloads(tmp_path, catalog, item))
        assert [(key, proof.warc.partition("/")[0]) for key, proof in others] == [("0" * 64, first.name)]
        view = PageView(item, "article", "", "2+gdfupin.00000000", (), (), {}, {}, {}, others)
        made = decide(view, decisions_of(tmp_path), reject=True, reviewer="anna", reviewed_at="2026-11-24T03:00:00Z")
    assert [(each.field, each.decision, each.payload_sha256) for each in made] == [
        ("page", "reject", "1" * 64),
        ("page", "reject", "0" * 64),
    ]


# --- asking at the terminal -------------------------------------------------------------------------------------------


def test_a_terminal_is_asked(output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "_is_terminal", lambda: True)
    item = open_now(output, "--what", "title-differs")[0]
    runner = CliRunner()
    asked = ["review", item["id"], "--output", str(output), "--reviewer", "anna"]
    assert runner.invoke(main, asked, input="s\n").exit_code == 0
    assert not (output / FILE).exists()
    done = runner.invoke(main, asked, input="c\nauthor\n张三\ny\nc\nsource\n-\nn\n\n")
    assert done.exit_code == 0, done.output
    assert (record(output, item["id"])["author"], record(output, item["id"])["source"]) == ("张三", None)
    done = runner.invoke(main, ["review", "--output", str(output)], input="y\nr\nkein Artikel\na\n\nq\n")
    assert done.exit_code == 0, done.output
    assert [(each.field, each.decision) for _, each in load(output)][-2][0] in ("page", "title", "body", "date")
    assert len(open_now(output)) == 1


# --- import -----------------------------------------------------------------------------------------------------------


def test_import_takes_all_lines_or_none(output: Path) -> None:
    item = open_now(output, "--what", "title-differs")[0]
    review(output, item["id"], "--set", "title=更正的题名")
    [decided] = [each for _, each in load(output)]
    (output / FILE).unlink()
    source = output.with_name("lines.jsonl")
    wrong = [
        replace(decided, value=None),
        replace(decided, capture=replace(decided.capture, payload_sha256="0" * 64)),
        replace(decided, capture=replace(decided.capture, warc="../../etc/capture-00000.warc.gz")),
        replace(decided, url="http://www.gdfupin.org.cn/other.asp"),
    ]
    source.write_text("\n".join([as_line(decided), *map(as_line, wrong), "no JSON"]), "utf-8")
    message = review(output, "--import", str(source), code=2)
    assert "nothing was imported; 5 of its lines are no decisions" in message
    assert "line 2: a title is not empty" in message
    assert not (output / FILE).exists()
    source.write_text(f"{as_line(decided)}\n\n{as_line(decided)}\n", "utf-8")
    review(output, "--import", str(source))
    review(output, "--import", str(source))
    assert [each for _, each in load(output)] == [decided]
    source.write_text(as_line(replace(decided, id="x\x1b[31m")), "utf-8")  # a file of somebody else
    assert review(output, "--import", str(source)).startswith("x␛[31m: correct title")


# --- verify -----------------------------------------------------------------------------------------------------------


def test_verify_checks_the_decisions(crawled: Path, tmp_path: Path) -> None:
    output = tmp_path / "output"
    shutil.copytree(crawled, output, symlinks=True)
    with open_archive(output) as archive:
        id_ = str(next(iter(archive))["id"])
    review(output, id_, "--set", "title=更正的题名")
    verified = run("verify", "--output", str(output), "--json")
    assert (verified.returncode, json.loads(verified.stdout)["reviews"]) == (0, 1)
    [decided] = [each for _, each in load(output)]
    append(output, [replace(decided, capture=replace(decided.capture, payload_sha256="0" * 64))])
    with (output / FILE).open("a", encoding="utf-8") as file:
        file.write('{"id":"x"}\n')
    verified = run("verify", "--output", str(output), "--json")
    assert verified.returncode == 9
    damage = json.loads(verified.stdout)["damage"]
    assert {each["part"] for each in damage} == {"reviews"}
    assert len(damage) == 2
    assert record(output, id_)["title"] == "更正的题名"


# --- the form ---------------------------------------------------------------------------------------------------------


def written(output: Path) -> Path:
    sheet = output.with_name("form.html")
    review(output, "--html", str(sheet), "--reviewer", "anna")
    return sheet


def test_the_form_is_one_file_whose_policy_allows_its_own_script_only(output: Path) -> None:
    text = written(output).read_text("utf-8")
    [policy] = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]+)"', text)
    scripts = re.findall(r"<script>(.*?)</script>", text, re.S)
    digests = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts]
    assert policy.startswith("default-src 'none'; ")
    assert re.findall(r"script-src ([^;]+)", policy) == [f"'sha256-{digests[0]}'"]
    assert len(scripts) == 1
    assert not re.search(r"<(?:link|img|iframe|form)\b|\bsrc=|\bon\w+=", text)


def test_page_text_cannot_leave_its_place_in_the_form(output: Path) -> None:
    profile, decisions = profile_of(output), decisions_of(output)
    hostile = "</script><script>alert(1)</script>\"'><b>\u202e"
    with Catalog(output / CATALOG) as catalog:
        items = list(open_items(output, catalog, decisions, profile))
        views = [
            replace(view, current={**view.current, "title": hostile}, read={**view.read, "title": hostile}, why=hostile)
            for view in views_of(output, catalog, decisions, profile, items)
        ]
        assert item_of(output, catalog, decisions, profile, items[0].url) == items[0]
    text = form(views, hostile, hostile)
    assert "<script>alert" not in text
    assert "\u202e" not in re.sub(r"<script type=.*?</script>", "", text, flags=re.S)
    assert text.count("</script>") == 3
    [data] = re.findall(r'<script type="application/json" id=pages>(.*?)</script>', text, re.S)
    assert json.loads(data)[0]["current"]["title"] == hostile


def test_what_is_decided_in_a_browser_is_imported(output: Path, browser: Any) -> None:
    held, *articles = open_now(output)
    first = next(each for each in articles if each["open_fields"] == ["title"])
    second = next(each for each in articles if each["open_fields"] == ["body", "date"])
    sheet, page = written(output), browser.new_page()
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("request", lambda request: request.url.startswith(("file:", "blob:")) or problems.append(request.url))
    page.goto(sheet.as_uri())
    number = {id_: n for n, id_ in enumerate(each["id"] for each in open_now(output))}
    assert page.locator("#lines").input_value() == ""
    page.fill(f"#p{number[held['id']]}-title-text", "列表页")
    assert (
        "incomplete" not in page.locator("#state").inner_text()
        or page.locator(f"#p{number[held['id']]}-problem").inner_text()
    )
    page.fill(f"#p{number[held['id']]}-body-text", "第一行\n第二行")
    page.fill(f"#p{number[first['id']]}-title-text", "更正的「题名」<b>")
    page.fill(f"#p{number[first['id']]}-note", "见原报")
    page.check(f"input[name='p{number[second['id']]}-page'][value=accept]")
    assert page.locator("#state").inner_text().startswith("3 of 3 pages decided")
    with page.expect_download() as download:
        page.click("#save")
    saved = output.with_name("saved.jsonl")
    download.value.save_as(saved)
    assert saved.read_text("utf-8") == page.locator("#lines").input_value()
    page.fill("#reviewer", "")
    assert page.locator("#lines").input_value() == ""
    assert problems == []
    review(output, "--import", str(saved))
    assert record(output, first["id"])["title"] == "更正的「题名」<b>"
    assert record(output, second["id"])["reviewed"] == ["date", "body"]
    assert run("catalog", "--output", str(output)).returncode == 0
    assert (record(output, held["id"])["title"], record(output, held["id"])["body"]) == ("列表页", "第一行\n第二行")
    assert open_now(output) == []
    assert {each.note for _, each in load(output) if each.id == first["id"]} == {"见原报"}
    assert {each.reviewer for _, each in load(output)} == {"anna"}


def test_the_key_of_a_page_is_its_payload(output: Path) -> None:
    item = open_now(output, "--what", "title-differs")[0]
    assert item["payload_sha256"] == item["capture"]["payload_sha256"]
    assert pages.article_id("gdfupin", item["url"]) == item["id"]
    assert as_dict(Proof(**item["capture"])) == item["capture"]
