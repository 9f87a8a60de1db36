"""`gdfupin cite --query`: a query, tied to a release, that anybody can ask again."""

import gzip
import hashlib
import json
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdfupin_spider.releases.cited_query import cite_query
from gdfupin_spider.releases.folder import ReleasesFolder
from gdfupin_spider.search import ArticleSelection, SearchIndex, SearchRequest, bring_up_to_date
from gdfupin_spider.search.query_text import Clause, normalised, parse
from tests.releases.archives import SECTIONS, body, crawl, records, released, url, write
from tests.sites import run

EVERYTHING = ArticleSelection()


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    early, late = crawl(0, range(40)), crawl(1, range(5), "　又通了ＧＤＰ。")
    early.read(url(90), "连南县的道路今年修通了。", title="连南", date="2013-05-12", section=SECTIONS[0])
    late.read(url(90), "清远市的公路今年修通了。", title="清远", date="2013-05-12", section=SECTIONS[0])
    folder = write(tmp_path_factory.mktemp("cited"), early, late.read(url(91), "连南县通路", title="连南", date=None))
    released(folder)
    return folder


def sets(clauses: tuple[Clause, ...]) -> set[frozenset[object]]:
    return {frozenset(clause) for clause in clauses}


@given(st.text(st.one_of(st.sampled_from('村镇路 　"-OR'), st.characters()), max_size=30))
def test_a_normalised_query_asks_the_same_and_is_normal(text: str) -> None:
    normal = normalised(parse(text))
    assert sets(parse(normal)) == sets(parse(text))
    assert normalised(parse(normal)) == normal


def test_the_order_and_width_of_words_do_not_matter() -> None:
    assert normalised(parse("道路 ＧＤＰ 村 OR 镇")) == normalised(parse("镇 OR 村　gdp 道路 道路"))


SELECTIONS = (
    EVERYTHING,
    ArticleSelection(sections=SECTIONS[:1]),
    ArticleSelection(since="2011", until="2012"),
    ArticleSelection(statuses=("live",), since="2013"),
    ArticleSelection(all_versions=True),
    ArticleSelection(statuses=("gone",)),
    ArticleSelection(is_edited=True, since="2010-03", until="2013-05-13"),
    ArticleSelection(no_longer=True),
    ArticleSelection(places=("连南瑶族自治县",)),
)


@pytest.mark.parametrize("selection", SELECTIONS)
@pytest.mark.parametrize("text", ["", "道路 通", "gdp", "-gdp 代表", "第1村 OR 第22村", "第7村修路记", "没有这个"])
def test_a_release_finds_what_the_archive_finds(output: Path, text: str, selection: ArticleSelection) -> None:
    with SearchIndex(bring_up_to_date(output, lambda text: None, with_places=True)) as index:
        for column in ("title", None):
            result = index.search(SearchRequest(text, selection, column, limit=1000))  # type: ignore[arg-type]
            cited = cite_query(ReleasesFolder(output).find("latest"), text, column, selection)  # type: ignore[arg-type]
            assert cited.articles == result.total


def test_the_digest_is_that_of_the_ids_and_digests_of_what_was_found(output: Path) -> None:
    release = ReleasesFolder(output).find("latest")
    found = sorted(f"{row['id']} {row['content_sha256']}" for row in records(release) if "gdp" in row["body"].lower()
                   or "ＧＤＰ" in row["body"])  # fmt: skip
    cited = cite_query(release, "gdp", None, EVERYTHING)
    assert cited.articles == len(found) == 5
    assert cited.result_sha256 == hashlib.sha256("".join(f"{line}\n" for line in found).encode()).hexdigest()


def test_an_older_version_is_found_by_the_source_that_it_prints(tmp_path: Path) -> None:
    """Its article has another source since; a canonical name is that of the printed source."""
    first = crawl(0, range(2)).read(url(50), body(50), title="第50村修路记", source="梅州日报讯")
    later = crawl(1, range(2)).read(url(50), body(50), title="第50村修路记", source="人民网讯")
    later.read(url(51), body(51), title="第51村修路记", source="梅州日报讯")
    release = released(write(tmp_path, first, later))

    def found(source: str) -> int:
        return cite_query(release, "第50村", None, ArticleSelection(sources=(source,), all_versions=True)).articles

    assert {row["source"] for row in records(release, "versions.jsonl.gz")} >= {"梅州日报讯", "人民网讯"}
    assert [found(source) for source in ("人民网", "人民网讯", "梅州日报", "梅州日报讯")] == [1, 1, 1, 1]


def cite(output: Path, *arguments: str, code: int = 0) -> str:
    done = run("cite", *arguments, "--output", str(output))
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout if code in (0, 1) else done.stderr


def test_a_citation_is_checked_by_asking_again(output: Path, tmp_path: Path) -> None:
    asked = ("--query", "GDP  道路", "--section", SECTIONS[0], "--year", "2010..2012")
    text = cite(output, *asked)
    assert 'Query: "gdp" "道路"; section 扶贫要闻; dated 2010..2012' in text
    file = tmp_path / "query.json"
    file.write_text(cite(output, *asked, "--format", "json"), "utf-8")
    answer = json.loads(file.read_text("utf-8"))
    assert answer["articles"] == 1
    assert f"1 article, result sha256:{answer['result_sha256']}" in text
    assert cite(output, "--check", str(file)).startswith("the same: ")
    either = cite(output, "--query", "戶都走上", "--fold-script", "--format", "json")
    assert (json.loads(either)["query"], json.loads(either)["any_script"]) == ('"户都走上"', True)
    (tmp_path / "either.json").write_text(either, "utf-8")
    assert cite(output, "--check", str(tmp_path / "either.json")).startswith("the same: ")
    copy = tmp_path / "copy"
    shutil.copytree(ReleasesFolder(output).find("latest"), copy)
    assert cite(tmp_path / "no-archive", "--check", str(file), "--release", str(copy)).startswith("the same: ")
    file.write_text(json.dumps({**answer, "articles": 99, "result_sha256": "0" * 64}), "utf-8")
    assert cite(output, "--check", str(file), code=1).count("\n") == 2
    file.write_text(json.dumps({**answer, "records_sha256": "0" * 64}), "utf-8")
    assert "has other records" in cite(output, "--check", str(file), code=1)
    file.write_text("{}", "utf-8")
    assert "is no citation of a query" in cite(output, "--check", str(file), code=2)


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        (b'{"id": 7}\n', "line 43 is not a record of a release"),
        (b"wrong: sections", "Expected `array`, got `int` - at `$.sections`"),
        (b"wrong: source_name", "Expected `str | null`, got `int` - at `$.source_name`"),
        (b"wrong: reprint_first", "Expected `bool`, got `int` - at `$.reprint_first`"),
        (b"[1, 2\n", "line 43 is not JSON"),
        (b"", "its lines are not those that manifest.json lists"),
    ],
)
def test_a_copy_that_somebody_edited_is_not_cited(output: Path, tmp_path: Path, line: bytes, answer: str) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(ReleasesFolder(output).find("latest"), copy)
    path = copy / "articles.jsonl.gz"
    content = gzip.decompress(path.read_bytes())
    if line.startswith(b"wrong: "):
        first = {**json.loads(content.splitlines()[0]), line.removeprefix(b"wrong: ").decode(): 7}
        path.write_bytes(gzip.compress(json.dumps(first).encode() + b"\n"))
    else:
        path.write_bytes(gzip.compress(content + line if line else content.replace("村".encode(), "镇".encode(), 1)))
    for command in (("cite", "--query", "村"), ("sample", "--n", "5", "--to", str(tmp_path / "sample"))):
        done = run(*command, "--release", str(copy), "--output", str(tmp_path / "none"))
        assert done.returncode == 9, done.stderr
        assert answer in done.stderr
        assert "Traceback" not in done.stderr
    assert not (tmp_path / "sample").exists()


@pytest.mark.parametrize(
    ("arguments", "answer"),
    [
        ((), "name one thing to cite"),
        (("gdfupin-1a2b3c4d5e6f", "--query", "村"), "name one thing to cite"),
        (("gdfupin-1a2b3c4d5e6f", "--section", "扶贫要闻"), "belong to --query"),
        (("gdfupin-1a2b3c4d5e6f", "--format", "json"), "belongs to --query"),
        (("--query", "村", "--style", "apa"), "a query has the formats plain and json"),
        (("--query", "村", "--section", "没有"), "no article has this section; there are 地市联播"),
        (("--query", "村", "--release", "1999"), "neither the folder of a release"),
    ],
)
def test_what_cannot_be_cited_is_said(output: Path, arguments: tuple[str, ...], answer: str) -> None:
    assert answer in cite(output, *arguments, code=2).replace("\n", " ")
