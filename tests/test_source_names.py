"""Canonical names of sources: the table, the rules, and where the names are shown."""

import csv
import gzip
import json
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from gdfupin_spider.catalog.sources import fold as fold_catalog
from gdfupin_spider.errors import WrongArgument
from gdfupin_spider.profiles.source_names import RULES, SourceNames, bundled, rows_of
from gdfupin_spider.releases import manifest, publish
from gdfupin_spider.replica import truth
from tests.papers import ROOT, rows
from tests.releases.archives import PROFILE, crawl, records, released, url, write
from tests.sites import run

CASES = {
    "南方日报": ("南方日报", "table"),
    "  《南方 日报》": ("南方日报", "table"),
    "ＣＣＴＶ": ("中央电视台", "table"),
    "中新网": ("中国新闻网", "table"),
    "省扶贫办": ("广东省扶贫开发办公室", "table"),
    "清远市扶贫开发局": ("清远市扶贫办", "table"),
    "来源：南方日报": ("南方日报", "label"),
    "据新华社": ("新华社", "label"),
    "转自:南方网": ("南方网", "label"),
    "南方日报记者 张三 通讯员 李四": ("南方日报", "byline"),
    "南方日报驻清远记者站": ("南方日报", "byline"),
    "农民日报（本报记者 王五）": ("农民日报", "byline"),
    "人民日报 作者：张三": ("人民日报", "byline"),
    "新华社北京1月13日电": ("新华社", "dispatch"),
    "中新社广州5月3日电 记者 李四": ("中国新闻社", "dispatch"),
    "梅州日报讯": ("梅州日报", "dispatch"),
    "南方网综合": ("南方网", "dispatch"),
    "南方日报 2019-05-13": ("南方日报", "date"),
    "南方日报2019年5月13日 08:30": ("南方日报", "date"),
    "人民日报（2020年3月7日第4版）": ("人民日报", "date"),
    "《人民日报》2016年10月17日01版": ("人民日报", "date"),
    "农民日报（有删节）": ("农民日报", "brackets"),
    "南方日报网络版": ("南方日报", "suffix"),
    "南方日报社": ("南方日报", "suffix"),
    "新华网广东频道": ("新华网", "suffix"),
    "人民网-人民日报": ("人民日报", "edition"),
    "人民网—《人民日报》": ("人民日报", "edition"),
    "人民日报 - 人民网": ("人民日报", "edition"),
    "金羊网-羊城晚报": ("羊城晚报", "edition"),
    # No name: a paper that the table does not have, nothing but a rule's words, two papers.
    "某某日报": (None, "unknown"),
    "本报讯": (None, "unknown"),
    "记者 张三": (None, "unknown"),
    "2019-05-13": (None, "unknown"),
    "新华社、人民日报": (None, "unknown"),
    "南方日报 羊城晚报": (None, "unknown"),
    # Not the paper whose name it begins with.
    "人民日报海外版": ("人民日报海外版", "table"),
    "中国扶贫开发协会": ("中国扶贫开发协会", "table"),
    "南方日报出版社": (None, "unknown"),
    "新华社区居委会": (None, "unknown"),
}


@pytest.mark.parametrize("printed", CASES)
def test_a_printed_source_has_the_name_of_what_it_is(printed: str) -> None:
    found = bundled().found(printed)
    assert (found.name, found.rule) == CASES[printed]


def test_each_rule_is_needed_and_in_the_paper() -> None:
    assert {rule for _, rule in CASES.values()} == {"table", *RULES, "unknown"}
    named = [row[0].strip("`") for row in rows(ROOT / "docs" / "releases.md", "Names of sources")[2:]]
    assert named == list(RULES)


def test_the_table_has_each_variant_once_with_a_reason_and_each_name_as_a_variant_of_itself() -> None:
    table = bundled().rows
    assert len(table) > 500
    assert max(Counter(row.variant for row in table).values()) == 1
    of_name = {row.variant: row for row in table if row.variant == row.name}
    for row in table:
        assert row.reason
        assert (row.kind, row.region) == (of_name[row.name].kind, of_name[row.name].region)
        assert bundled().name(row.name) == row.name, "a canonical name is its own name"


def test_the_table_names_every_source_of_the_replica() -> None:
    printed = {article.source for article in truth("asp-tables") if article.source}
    assert {source for source in printed if bundled().name(source) is None} == set()


def test_a_line_replaces_that_of_its_variant_and_lines_that_contradict_each_other_are_refused() -> None:
    assert bundled().name("新华网络") == "新华网"
    line = "新华网络,南方网,website,全国,a mistake"
    assert bundled().with_rows(rows_of(line)).name("新华网络") == "南方网"
    with pytest.raises(WrongArgument, match="is 南方网 in the table"):
        bundled().with_rows(rows_of(f"{line}\n新华网络,新华网,website,全国,as before"))


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("某报,某报,newspaper,广东", "lacks reason;"),
        ("某报,,newspaper,广东, ", "lacks name, reason;"),
        ("某报,某报,paper,广东,its own name", "paper is no kind of source"),
        ("某报,某报,newspaper,广东,its name, and more", "has 6 values, not 5"),
    ],
)
def test_a_line_with_a_wrong_value_is_refused_by_name(line: str, answer: str) -> None:
    with pytest.raises(WrongArgument, match=answer):
        rows_of(line)


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Articles of sources that are printed in several ways."""
    made = crawl(0, range(4), source="南方日报")
    for n, source in enumerate(
        ["人民网-人民日报", "人民日报", "《人民日报》2016年10月17日01版", "某某日报", "某某日报", None]
    ):
        made.read(url(100 + n), f"第{n}件事与别的都不同，记在这里。", title=f"第{n}件事", source=source)
    folder = write(tmp_path_factory.mktemp("sources"), made)
    fold_catalog(folder, PROFILE)
    return folder


def test_the_command_lists_variants_and_shows_what_a_line_changes_without_changing_it(output: Path) -> None:
    def listed(*options: str) -> dict[str, list[dict[str, object]]]:
        done = run("sources", *options, "--json", "--output", str(output))
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)  # type: ignore[no-any-return]

    every = {each["printed"]: (each["articles"], each["name"]) for each in listed()["sources"]}
    assert every["南方日报"] == (4, "南方日报")
    assert every["人民网-人民日报"] == (1, "人民日报")
    [unknown] = listed("--unknown")["sources"]
    assert unknown == {"printed": "某某日报", "articles": 2, "name": None, "rule": "unknown"}
    line = "某某日报,某某日报,newspaper,广东,its own name"
    assert listed("--add", line)["changes"] == [
        {"printed": "某某日报", "articles": 2, "before": None, "after": "某某日报"}
    ]
    assert listed("--unknown")["sources"] == [unknown]
    shown = run("sources", "--add", line, "--output", str(output)).stdout
    assert "2  某某日报: no name -> 某某日报" in shown
    assert "printed sources that would change: 1, in articles: 2; nothing was edited" in shown
    other = "人民日报,人民日报社,newspaper,全国,its publisher"
    replaced = listed("--add", other)
    assert [row["name"] for row in replaced["replaces"]] == ["人民日报"]
    assert {(each["before"], each["after"]) for each in replaced["changes"]} == {("人民日报", "人民日报社")}
    assert "in place of 人民日报,人民日报,newspaper" in run("sources", "--add", other, "--output", str(output)).stdout
    assert run("sources", "--add", "某某日报", "--output", str(output)).returncode == 2


def test_status_names_sources_without_a_name(output: Path) -> None:
    found = json.loads(run("status", "--json", "--output", str(output)).stdout)["sources"]
    assert (found["variants"], found["unnamed"], found["articles"]) == (5, 1, 2)
    assert [each["printed"] for each in found["examples"]] == ["某某日报"]
    assert "某某日报 2" in run("status", "--output", str(output)).stdout


def test_a_search_counts_names_beside_printed_sources(output: Path) -> None:
    counts = json.loads(run("search", "件事", "--facets", "--json", "--output", str(output)).stdout)["counts"]
    assert counts["source_name"] == {"人民日报": 3, "": 3}
    assert len(counts["source"]) == 5


def test_a_search_by_a_canonical_name_finds_all_its_variants_and_by_a_variant_only_this(output: Path) -> None:
    def found(source: str) -> int:
        done = run("search", "件事", "--source", source, "--json", "--output", str(output))
        return int(json.loads(done.stdout)["total"])

    assert (found("人民日报"), found("人民网-人民日报"), found("某某日报")) == (3, 1, 2)


def test_a_release_has_the_names_and_the_digests_stay(output: Path) -> None:
    folder = released(output)
    made = {record["source"]: record["source_name"] for record in records(folder)}
    assert made == {
        "南方日报": "南方日报", "人民网-人民日报": "人民日报", "人民日报": "人民日报", "《人民日报》2016年10月17日01版": "人民日报",
        "某某日报": None, None: None,
    }  # fmt: skip
    assert "source_name" not in records(folder, "versions.jsonl.gz")[0]
    with closing(sqlite3.connect(folder / "articles.sqlite")) as db:
        counts = db.execute("SELECT source_name, articles, variants FROM by_source_name").fetchall()
        kinds = db.execute(
            "SELECT DISTINCT articles.id, kind, region FROM articles JOIN sources USING (source) WHERE sources.source_name = '人民日报'"
        ).fetchall()
    assert counts == [("南方日报", 4, 1), (None, 3, 1), ("人民日报", 3, 3)]
    assert [row[1:] for row in kinds] == [("newspaper", "全国")] * 3
    with gzip.open(folder / "sources.csv.gz", "rt", newline="") as file:
        first, *_, last = csv.DictReader(file)
    assert first == {
        "source": "南方日报", "source_name": "南方日报", "kind": "newspaper", "region": "广东", "rule": "table", "articles": "4",
    }  # fmt: skip
    assert last["source"] in ("人民日报", "人民网-人民日报", "《人民日报》2016年10月17日01版")
    [lines] = output.glob("crawls/*/articles.jsonl")
    as_crawled = {line["id"]: line["content_sha256"] for line in map(json.loads, lines.read_text().splitlines())}
    assert {record["id"]: record["content_sha256"] for record in records(folder)} == as_crawled


def test_a_release_with_another_table_is_another_release(output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = released(output)
    assert publish.make(output, PROFILE).new is False
    monkeypatch.setattr(manifest, "lookup_tables", lambda: {"sources.csv": "another"})
    assert released(output).name == f"{first.name}.2"


def test_two_names_of_one_variant_are_an_error_when_the_table_is_read() -> None:
    row, *_ = rows_of("某报,某报,newspaper,广东,its own name")
    with pytest.raises(WrongArgument):
        SourceNames((row, *rows_of("某 报,另一报,newspaper,广东,the same but for a space")))
