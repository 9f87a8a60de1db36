"""`gdfupin diff` as typed."""

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from rich.cells import cell_len

from gdfupin_spider.commands import main
from tests.catalog.lines import BODY, OTHER, Crawl, X, Y, Z, at
from tests.diff.archives import laid

EDITED = BODY.replace("广州", "深圳")


@pytest.fixture
def output(tmp_path: Path) -> Path:
    laid(
        tmp_path / "output",
        Crawl(1).read(X).read(Y, OTHER),
        Crawl(7).read(X, EDITED).missing(Y).read(Z, OTHER, title="新来", section="部门动态"),
    ).__exit__(None, None, None)
    return tmp_path / "output"


def typed(*words: str | Path) -> Result:
    return CliRunner().invoke(main, ["diff", *map(str, words)])


def test_the_last_crawl_is_shown_in_full(output: Path) -> None:
    ended = typed("--output", output)
    assert ended.exit_code == 0, ended.output
    assert "会议" in ended.output
    assert "[-广州-]{+深圳+}" in ended.output
    assert "seen before the edit on 2026-01-02, after it on 01-08, not looked at between" in ended.output
    assert ended.output.rstrip().endswith("1 added, 1 edited")


def test_changes_stand_by_section_and_kind_in_lines_that_are_not_broken(output: Path) -> None:
    answer = typed("--output", output).output.splitlines()
    heads = [line.split()[0] for line in answer if line.startswith(("added", "edited"))]
    assert heads == ["edited", "added"]  # 扶贫要闻 before 部门动态
    assert all(line == line.rstrip() for line in answer)
    assert any(cell_len(line) > 80 for line in answer)


def test_stat_shows_counts_only(output: Path) -> None:
    answer = typed("--output", output, "--stat").output
    assert "部门动态" in answer
    assert "新来" not in answer


def test_the_exit_code_tells_of_changes_only_where_it_is_asked_to(output: Path) -> None:
    assert typed("--output", output, "--exit-code").exit_code == 1
    assert typed("--output", output, "--exit-code", "--match", "没有").exit_code == 0
    assert typed("--output", output, "--kind", "gone").exit_code == 0


@pytest.mark.parametrize(
    "words",
    [
        ("nothing",),
        ("a", "b", "c"),
        ("latest", "--since", "7d"),
        ("--since", "7 days"),
        ("--stat", "--format", "csv"),
        ("--in", "changed"),
        ("--match", " "),
        ("--stat", "--to", "x.txt", "--feeds", "x"),
        ("--base-url", "https://archive.example/"),
        ("--format", "atom", "--base-url", "https://archive.example/"),
        ("--feeds", "x", "--base-url", "archive.example"),
    ],
)
def test_what_cannot_be_meant_ends_with_2(output: Path, words: tuple[str, ...]) -> None:
    assert typed("--output", output, *words).exit_code == 2


def test_every_format_goes_to_stdout_or_to_a_file(output: Path, tmp_path: Path) -> None:
    for form in ("text", "jsonl", "csv", "html", "atom", "jsonfeed"):
        answer = typed("--output", output, "--format", form)
        assert answer.exit_code == 0, answer.output
        file = tmp_path / f"changes.{form}"
        assert typed("--output", output, "--format", form, "-o", file).exit_code == 0
        assert "新来" in answer.stdout
        assert "新来" in file.read_text("utf-8-sig")
    assert [json.loads(line)["kind"] for line in typed("--output", output, "--format", "jsonl").stdout.splitlines()] == [
        "edited", "added",
    ]  # fmt: skip
    rows = list(csv.reader(io.StringIO((tmp_path / "changes.csv").read_text("utf-8-sig"))))
    assert len(rows) == 3


def test_feeds_are_written_into_a_folder(output: Path, tmp_path: Path) -> None:
    made = typed("--output", output, "--feeds", tmp_path / "feeds")
    assert made.exit_code == 0
    assert "without --base-url there is no feeds.opml" in made.stderr
    names = {path.name for path in (tmp_path / "feeds").iterdir()}
    assert {"all.atom", "all.json"} < names
    assert "feeds.opml" not in names
    url = "https://archive.example/feeds"
    assert typed("--output", output, "--feeds", tmp_path / "feeds", "--base-url", url).exit_code == 0
    assert f'xmlUrl="{url}/all.atom"' in (tmp_path / "feeds" / "feeds.opml").read_text()
    file = tmp_path / "扶贫.atom"
    assert typed("--output", output, "--format", "atom", "-o", file, "--base-url", url).exit_code == 0
    assert f'href="{url}/%E6%89%B6%E8%B4%AB.atom"' in file.read_text()


def test_of_two_files_names_are_checked_and_feeds_have_no_clock(tmp_path: Path) -> None:
    old, new = tmp_path / "old.jsonl", tmp_path / "new.jsonl"
    old.write_bytes(b"".join(Crawl(1).read(X, source="中国扶贫杂志").files["articles"]))
    new.write_bytes(b"".join(Crawl(2).read(X, EDITED, source="中国扶贫杂志").files["articles"]))
    for options in (("--source", "中国扶贫杂志"), ("--source", "中国扶贫"), ("--section", "扶贫要闻")):
        assert typed(old, new, *options).output.rstrip().endswith("\n1 edited"), options
    for option, known in (("source", "中国扶贫"), ("section", "扶贫要闻")):
        ended = typed(old, new, f"--{option}", "没有")
        assert (ended.exit_code, f"no article has this {option}; there are {known}" in ended.output) == (2, True)
    for pair, time in (((old, new), at(2, 1)), ((old, old), at(1, 1))):
        feed = typed(*pair, "--format", "atom").stdout
        assert {each.partition("</")[0] for each in feed.split("<updated>")[1:]} == {time}
        assert typed(*pair, "--format", "atom").stdout == feed


def test_files_of_a_site_that_is_not_known_are_named_by_themselves_and_others_by_their_site(
    output: Path, tmp_path: Path
) -> None:
    old, new = tmp_path / "old.jsonl", tmp_path / "new.jsonl"
    for file, text in ((old, BODY), (new, EDITED)):
        file.write_bytes(b"".join(Crawl(1).read(X, text).files["articles"]))
    nowhere = ("--output", tmp_path / "nowhere")
    assert f"<title>{old} → {new}</title>" in typed(old, new, *nowhere, "--format", "atom").stdout
    assert f"<h1>Changes: {old} → {new}</h1>" in typed(old, new, *nowhere, "--format", "html").stdout
    for words in ((old, new, *nowhere, "--profile", "gdfupin"), ("--output", output)):
        assert "<title>广东扶贫网</title>" in typed(*words, "--format", "atom").stdout
        assert "<h1>广东扶贫网 · changes: " in typed(*words, "--format", "html").stdout


def test_words_of_a_filter_are_found_in_both_scripts_where_that_is_asked(tmp_path: Path) -> None:
    old, new = tmp_path / "old.jsonl", tmp_path / "new.jsonl"
    old.write_bytes(b"".join(Crawl(1).read(X, "旧闻。").files["articles"]))
    new.write_bytes(b"".join(Crawl(2).read(X, "旧闻。廣東修路。").files["articles"]))
    for options in (("--match", "广东"), ("--match", "广东", "--in", "changed"), ("--match", "广東 修路")):
        assert "no change matches; 1 other change" in typed(old, new, *options).output
        answer = typed(old, new, *options, "--fold-script", "--format", "html").stdout
        assert "<mark>廣東" in answer
    assert typed(old, new, "--match", "廣東").output.rstrip().endswith("\n1 edited")
    assert typed(old, new, "--fold-script").exit_code == 2


def test_two_files_are_compared_without_an_archive(tmp_path: Path) -> None:
    old, new = tmp_path / "old.jsonl", tmp_path / "new.jsonl"
    old.write_bytes(b"".join(Crawl(1).read(X).files["articles"]))
    new.write_bytes(b"".join(Crawl(2).read(X, EDITED).files["articles"]))
    ended = typed(old, new, "--output", tmp_path / "none")
    assert ended.exit_code == 0, ended.output
    assert "[-广州-]{+深圳+}" in ended.output
    assert not (tmp_path / "none").exists()


def test_a_file_alone_asks_for_a_second_one_also_without_an_archive(tmp_path: Path) -> None:
    ended = typed(__file__, "--output", tmp_path / "none")
    assert (ended.exit_code, "name a second input" in ended.output) == (2, True)


def test_a_feed_without_entries_has_the_time_of_the_last_look(output: Path) -> None:
    feed = typed("--output", output, "--format", "atom", "--kind", "moved").stdout
    assert "<updated>2026-01-08T03:00:03Z</updated>" in feed


def test_the_history_of_an_article_compares_two_different_versions(output: Path) -> None:
    ended = CliRunner().invoke(main, ["history", X, "--between", "1", "1", "--output", str(output)])
    assert (ended.exit_code, "name two different versions" in ended.output) == (2, True)


def test_a_damaged_file_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "old.jsonl").write_text("{}\n")
    ended = typed(tmp_path / "old.jsonl", tmp_path / "old.jsonl")
    assert ended.exit_code == 2
    assert "line 1, byte 0" in ended.output


def test_since_last_shows_each_change_once(output: Path) -> None:
    assert "1 added, 1 edited" in typed("--output", output, "--since", "last").output
    again = typed("--output", output, "--since", "last")
    assert (again.exit_code, "no changes" in again.output) == (10, False)
    assert "no crawl looked since the last time" in again.output
    assert "1 added, 1 edited" in typed("--output", output, "--since", "last:anna").output


def test_what_could_not_be_shown_is_shown_again(output: Path, tmp_path: Path) -> None:
    nowhere = tmp_path / "no" / "folder" / "file"
    assert typed("--output", output, "--since", "last", "--format", "html", "-o", nowhere).exit_code == 6
    assert "1 added, 1 edited" in typed("--output", output, "--since", "last").output


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (["--since", "foo"], "--since foo: neither a period (7d, 36h, 2w) nor a day"),
        (["nosuch"], "the newest crawls are"),
        (["--match", "扶贫 -贫"], "'扶贫' is wanted and excluded"),
        ([__file__], "a file or a release: name a second input to compare it with"),
        (["2026-01-08", "2026-01-02"], "2026-01-08 is later than 2026-01-02: name the earlier one first"),
    ],
)
def test_what_cannot_be_asked_is_said_with_what_can(words: list[str], answer: str, output: Path) -> None:
    ended = typed("--output", output, *words)
    assert ended.exit_code == 2
    assert answer in ended.output


def test_a_filter_that_lets_nothing_through_says_that_there_are_others(output: Path) -> None:
    assert "no change matches; 2 other changes" in typed("--output", output, "--section", "会员快讯").output
    assert "no change matches; 2 other changes" in typed("--output", output, "--section", "会员快讯", "--stat").output


def test_a_mistyped_section_is_an_error_and_not_no_changes(output: Path) -> None:
    ended = typed("--output", output, "--section", "扶贫要聞")
    assert ended.exit_code == 2
    assert "--section 扶贫要聞: no article has this section" in ended.output


def test_a_source_is_found_as_printed_or_by_canonical_name_and_an_unknown_one_is_an_error(tmp_path: Path) -> None:
    crawl = Crawl(1).read(X, source="中国扶贫杂志").read(Y, OTHER)
    for number in range(20):
        crawl.read(f"{Z}{number}", f"{OTHER}{number}", title=f"第{number}篇", source=f"第{number}报")
    laid(tmp_path, crawl).close()
    for name in ("中国扶贫", "中国扶贫杂志"):
        ended = typed("--output", tmp_path, "--source", name)
        assert ended.output.rstrip().endswith("\n1 added"), ended.output
    ended = typed("--output", tmp_path, "--source", "南方曰报")
    assert ended.exit_code == 2
    assert "--source 南方曰报: no article has this source; there are 南方日报, " in ended.output
    assert ended.output.rstrip().endswith(" more")


def test_where_nothing_was_crawled_or_folded_the_next_step_is_named(output: Path, tmp_path: Path) -> None:
    ended = typed("--output", tmp_path / "typo")
    assert ended.exit_code == 2
    assert "there is no crawl yet: run `gdfupin crawl --output" in ended.output
    (output / "crawls" / "20260101T000000Z-live").mkdir(parents=True, exist_ok=True)
    (output / "catalog.sqlite").unlink()
    ended = typed("--output", output)
    assert ended.exit_code == 2
    assert "but no catalog yet: run `gdfupin catalog --output" in ended.output
