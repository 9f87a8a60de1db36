"""`gdfupin search`: what is found is what a scan of all texts finds, whatever is typed."""

import csv
import io
import json
import sqlite3
import unicodedata
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdfupin_spider import profiles
from gdfupin_spider.catalog.sources import fold as fold_catalog
from gdfupin_spider.errors import TookTooLong
from gdfupin_spider.search import ArticleSelection, SearchIndex, SearchRequest, bring_up_to_date
from gdfupin_spider.search.folding import fold, token_forms
from gdfupin_spider.search.query_text import parse
from gdfupin_spider.search.time_limit import TimeLimit
from tests.catalog.lines import id_of
from tests.releases.archives import crawl, released, url, write
from tests.sites import run

TEXTS = (
    "2019年全村脱贫，人均收入增长3.5%。",
    "２０１９年，ＧＤＰ增长３．５％；GDP per capita: ¥3,500",
    "“精准扶贫”（第3批）—不落一户\n产业扶贫 消费扶贫\t贫扶",
    '"引号" 与 -连字符- OR AND NOT NEAR(a b) a*b ^x {title}: c:\\d',
    "𠮷野家 👩‍👧 🇨🇳 ❤️ e\u0301 é ſ ß İ ı Σς K Å ﬁ ㎏ ㍿ Ⅳ ① ａＡ",
    "扶",
    "",
    "脱贫脱贫脱贫攻坚",
    "\x00零\x1f单元\x7f\u00a0空\u3000格\u200b\ufeff\ufffd\U0010ff20\uf8ff",
    "http://www.gdfupin.org.cn/ShowArticle.asp?ArticleID=365&x='1'--",
)
LETTERS = "扶贫产业攻坚村2０19年月3.．5，,。 -“\"'()*:^{}+NORand𠮷👩é\u0301ſßK%_\\\x00\n"


class Written(NamedTuple):
    """A term as the test means it, and as it is typed."""

    text: str
    excluded: bool
    typed: str


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Thirty articles, ten of them with odd texts and an older version; one is gone, three are listed but not held."""
    output = tmp_path_factory.mktemp("search")
    early, late = crawl(0, range(20)), crawl(1, range(1, 20))
    late.missing(url(0))
    for n, text in enumerate(TEXTS):
        early.read(url(100 + n), f"旧版{n}：修路", title="连线", date="2019-12-31", source="新华网", section="定点连线")
        late.read(url(100 + n), text, title=f"连线{n}", date="2019-12-31", source="新华网", section="定点连线")
    late.page(
        f"{url(0)}&list=1", "listing", section="定点连线", article_links=tuple(url(100 + n) for n in range(13)),
        row_dates=(*["2019-12-31"] * 11, "2016-03-01", None),
    )  # fmt: skip
    fold_catalog(write(output, early, late, crawl(2, range(1, 5)).missing(url(0))), profiles.load("gdfupin"))
    return output


@pytest.fixture(scope="module")
def index(output: Path) -> Iterator[SearchIndex]:
    with SearchIndex(bring_up_to_date(output)) as opened:
        yield opened


def simple(text: str) -> str:
    """The folding as docs/search.md has it, written without the module."""
    folded = []
    for character in text:
        for _ in range(3):
            compatible = unicodedata.normalize("NFKC", character)
            character = compatible if len(compatible) == 1 else character
            character = next((form for form in (character.casefold(), character.lower()) if len(form) == 1), character)
        folded.append("\ufffd" if "\U0010ff00" <= character <= "\U0010ff7f" else character)
    return "".join(folded)


def term(chance: Random) -> Written:
    text = chance.choice((*TEXTS, "修路记 村民代表"))
    if text and chance.random() < 0.5:
        begin = chance.randrange(len(text))
        text = text[begin : begin + chance.randint(1, 8)]
    else:
        text = "".join(chance.choices(LETTERS, k=chance.randint(1, 8)))
    excluded = chance.random() < 0.2
    is_word = not any(each.isspace() for each in text) and text[0] not in '"-' and text != "OR"
    if not is_word or ('"' not in text and chance.random() < 0.5):
        text = text.replace('"', "") or "扶"
        return Written(text, excluded, f'{"-" * excluded}"{text}"')
    return Written(text, excluded, f"{'-' * excluded}{text}")


def query(chance: Random) -> list[list[Written]]:
    return [[term(chance) for _ in range(chance.choice((1, 1, 2)))] for _ in range(chance.randint(1, 3))]


def typed(clauses: list[list[Written]]) -> str:
    return " ".join(" OR ".join(term.typed for term in clause) for clause in clauses)


def scanned(texts: list[tuple[Any, str, str]], clauses: list[list[Written]]) -> list[Any]:
    """What a scan of all folded texts finds."""
    wanted = [[(simple(term.text), term.excluded) for term in clause] for clause in clauses]
    return [
        key
        for key, title, body in texts
        if all(any((text in title or text in body) is not excluded for text, excluded in clause) for clause in wanted)
    ]


def found(index: SearchIndex, text: str, **options: Any) -> list[tuple[str, int]]:
    options = {"selection": ArticleSelection(all_versions=True), "limit": -1, "order": "date"} | options
    return [(hit.id, hit.version) for hit in index.hits(SearchRequest(text, **options))]


@pytest.fixture(scope="module")
def texts(index: SearchIndex) -> list[tuple[Any, str, str]]:
    everything = list(index.hits(SearchRequest("", ArticleSelection(all_versions=True), limit=-1, order="date")))
    assert len(everything) == 40
    return [((hit.id, hit.version), simple(hit.title), simple(hit.body)) for hit in everything]


@settings(max_examples=100, deadline=None)
@given(st.integers(min_value=0))
def test_a_search_finds_what_a_scan_of_all_versions_finds(
    index: SearchIndex, texts: list[tuple[Any, str, str]], seed: int
) -> None:
    chance = Random(seed)
    for _ in range(50):
        clauses = query(chance)
        assert found(index, typed(clauses)) == scanned(texts, clauses), typed(clauses)


@pytest.fixture(scope="module")
def release(output: Path) -> Iterator[sqlite3.Connection]:
    """The `articles.sqlite` of a release of the same archive."""
    with closing(sqlite3.connect(released(output, allow=("empty", "replaced")) / "articles.sqlite")) as db:
        yield db


@settings(max_examples=20, deadline=None)
@given(st.integers(min_value=0))
def test_the_query_that_a_release_documents_finds_what_a_scan_finds(
    release: sqlite3.Connection, index: SearchIndex, seed: int
) -> None:
    (query_,) = release.execute("SELECT value FROM about WHERE key = 'search'").fetchone()
    rows = release.execute("SELECT id, title, body FROM articles").fetchall()
    texts = [(id_, simple(title), simple(body)) for id_, title, body in rows]
    chance = Random(seed)
    for _ in range(25):
        clauses = query(chance)
        if "\0" not in (text := typed(clauses)):  # where a parameter of SQL ends
            assert sorted(row[-1] for row in release.execute(query_, {"q": text})) == sorted(scanned(texts, clauses)), (
                text
            )


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.text(st.one_of(st.sampled_from(LETTERS + '""--'), st.characters()), max_size=30), min_size=5, max_size=5
    )
)
def test_nothing_that_is_typed_is_an_error(index: SearchIndex, queries: list[str]) -> None:
    for text in queries:
        for column in ("title", "body", None):
            result = index.search(SearchRequest(text, column=column, with_counts=True))  # type: ignore[arg-type]
            assert len(result.hits) == min(result.total, 20)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("扶贫 -协会", [["扶贫"], ["-协会"]]),
        ('"两不愁 三保障', [["两不愁 三保障"]]),
        ('-"a b" c', [["-a b"], ["c"]]),
        ("- OR", [["-"], ["or"]]),
        ("OR a OR", [["or"], ["a"], ["or"]]),
        ("a OR OR OR b", [["a", "or", "b"]]),
        ("a OR b c OR -d", [["a", "b"], ["c", "-d"]]),
        ('5" x', [['5"'], ["x"]]),
        ('"" "', []),
        ("--x", [["--x"]]),
        ("＂a－b", [['"a-b']]),
        ("a or b", [["a"], ["or"], ["b"]]),
    ],
)
def test_operators_are_words_where_they_make_no_sense(text: str, terms: list[list[str]]) -> None:
    assert [[f"{'-' * term.excluded}{term.text}" for term in clause] for clause in parse(text)] == terms


def test_every_character_folds_to_one_and_all_that_do_are_listed() -> None:
    planes = (
        range(0x20000),
        range(0x2F000, 0x30000),
        range(0x10F000, 0x110000),
    )  # others have Chinese characters, or none
    everything = "".join(chr(n) for plane in planes for n in plane)
    assert len(fold(everything)) == len(everything)
    assert fold(fold(everything)) == fold(everything)
    listed = dict(token_forms())
    assert {
        each for each, folded in zip(everything, fold(everything), strict=True) if each != folded
    } - listed.keys() <= {chr(n) for n in range(0xD800, 0xE000)}
    assert simple(everything[:0x3400]) == fold(everything[:0x3400])


def test_the_newest_version_is_searched_unless_all_are_asked_for(index: SearchIndex) -> None:
    assert found(index, "旧版", selection=ArticleSelection()) == []
    assert len(found(index, "旧版")) == 10
    assert {version for _, version in found(index, "旧版")} == {1}


def test_what_was_said_then_and_is_no_longer_is_found_in_older_versions_alone(index: SearchIndex) -> None:
    gone = ArticleSelection(no_longer=True)
    older = [(id_of(url(100 + n)), 1) for n in range(len(TEXTS))]
    assert sorted(found(index, "旧版", selection=gone)) == sorted(older)
    assert found(index, "连线", selection=gone) == []  # the newest version has it, too
    # The newest version of one has the word elsewhere.
    assert sorted(found(index, "修路 OR 精准扶贫", selection=gone)) == sorted(
        each for each in older if each != older[2]
    )
    result = index.search(SearchRequest("旧版", gone, with_counts=True))
    assert (result.total, result.counts and result.counts.edited) == (10, 10)


def test_hits_are_selected_by_what_they_have(index: SearchIndex) -> None:
    def ids(text: str, column: Any = None, **selection: Any) -> list[str]:
        return [id_ for id_, _ in found(index, text, column=column, selection=ArticleSelection(**selection))]

    assert set(ids("", sections=("定点连线",))) == {id_of(url(100 + n)) for n in range(10)}
    assert set(ids("", sources=("新华网",), since="2019", until="2019")) == set(ids("", sections=("定点连线",)))
    assert ids("", sources=("新华网",), since="2020") == []
    assert ids("", statuses=("gone",)) == [id_of(url(0))]
    assert set(ids("", is_edited=True)) == {id_of(url(100 + n)) for n in range(10)}
    assert ids("", since="2019-12-31") == ids("", since="2019-12", until="2019") == ids("", since="2019")
    assert ids("", until="2019-12-30", since="2019-12-01") == []
    assert set(ids("修路记", "title", since="2011-02-13", until="2011-03")) == {id_of(url(n)) for n in (1, 11)}
    assert ids("2019年", "title") == []
    assert set(ids("2019年", "body")) == {id_of(url(100)), id_of(url(101))}
    assert set(ids("修路记", "title", until="2010")) == {id_of(url(n)) for n in (0, 5, 10, 15)}
    dates = [hit.date or "" for hit in index.hits(SearchRequest("", limit=-1, order="date"))]
    assert dates == sorted(dates, reverse=True)


def test_a_page_has_snippets_counts_and_what_is_not_held(output: Path) -> None:
    done = run("search", "脱贫", "OR", "２０１９年", "--facets", "--json", "--output", str(output))
    result = json.loads(done.stdout)
    assert (result["total"], result["sort"], result["not_held"]) == (3, "relevance", {"定点连线": 3})
    assert result["counts"] == {
        "section": {"定点连线": 3}, "year": {"2019": 3}, "source": {"新华网": 3}, "source_name": {"新华网": 3},
        "status": {"live": 3}, "edited": 3, "place": {},
    }  # fmt: skip
    marked = [hit["snippet"][begin:end] for hit in result["hits"] for begin, end in hit["marks"]]
    assert set(marked) == {"2019年", "２０１９年", "脱贫", "脱贫脱贫脱贫"}
    printed = run("search", "脱贫", "-攻坚", "--limit", "1", "--output", str(output)).stdout
    assert "2019年全村脱贫" in printed
    assert "1 article, by relevance" in printed
    assert "3 articles are listed but not held (3 of 定点连线)" in printed
    assert "is known, so not all" not in printed
    of_year = run("search", "脱贫", "--year", "2019", "--source", "新华网", "--output", str(output)).stdout
    assert (
        "1 article of 2019 is listed but not held (1 of 定点连线), and 1 whose listing prints no date; `gdfupin status` has "
        "reasons; of what is not held no source is known, so not all of them may belong to this search"
    ) in of_year
    of_years = json.loads(run("search", "--year", "..2018", "--json", "--output", str(output)).stdout)
    assert (of_years["not_held"], of_years["not_held_undated"]) == ({"定点连线": 1}, 1)
    of_year = run("search", "村", "--year", "2017", "--output", str(output)).stdout
    assert "0 articles of 2017 are listed but not held, and 1 whose listing prints no date; " in of_year
    sheet = run("search", "脱贫", "--facets", "--format", "csv", "--output", str(output))
    assert "by year: 2019" in sheet.stderr


def test_words_in_traditional_characters_name_what_was_not_searched(output: Path) -> None:
    hint = "not searched: 脱贫, in simplified characters; with --fold-script both are found"
    for words, is_there in (
        (["脫貧"], True),
        (["脫貧", "--fold-script"], False),
        (["脱贫"], False),
        (["脱贫", "-脫貧"], False),
    ):
        assert (hint in run("search", *words, "--output", str(output)).stdout) is is_there, words


def test_years_in_the_wrong_order_are_an_error_and_not_an_empty_answer(output: Path) -> None:
    for verb in ("search", "trend"):
        done = run(verb, "脱贫", "--year", "2021..2019", "--output", str(output))
        assert (done.returncode, "is 2019..2021 meant?" in done.stderr) == (2, True)
    assert "(any text)" in run("trend", "", "--output", str(output)).stdout


def test_all_that_is_found_is_written_as_lines_or_as_a_sheet(output: Path) -> None:
    lines = run("search", "修路", "--versions", "--format", "jsonl", "--sort", "date", "--output", str(output)).stdout
    records = [json.loads(line) for line in lines.splitlines()]
    assert len(records) == 30
    sheet = run("search", "修路", "--versions", "--format", "csv", "--sort", "date", "--output", str(output)).stdout
    rows = list(csv.DictReader(io.StringIO(sheet.removeprefix("\ufeff"))))
    assert [(row["id"], row["version"]) for row in rows] == [(each["id"], str(each["version"])) for each in records]
    assert "【修路】" in rows[0]["snippet"]


def test_a_section_that_nothing_has_is_an_error_and_not_an_empty_answer(output: Path) -> None:
    for words, reported in (
        (("--section", "扶贫要问"), "扶贫要闻"), (("--source", "南方"), "南方日报"), (("--sectoin", "x"), "--section"),
        (("--year", "19"), "2019..2021"), (("--place", "连南"), "no article has this place"), (("--date", "2019-13"), "2019-03-05"),
    ):  # fmt: skip
        done = run("search", "村", *words, "--output", str(output))
        assert (done.returncode, reported in done.stderr) == (2, True), done.stderr


@pytest.mark.parametrize(
    ("words", "query"),
    [
        (["扶贫", "-hello", "-ghx"], "扶贫 -hello -ghx"),
        (["-3.5", "--limit", "1", "-a=b"], "-3.5 -a=b"),
        (["--", "--limit"], "--limit"),
        (['"两不愁 三保障"', "-", "OR"], '"两不愁 三保障" - OR'),
    ],
)
def test_words_with_a_minus_are_no_options(output: Path, words: list[str], query: str) -> None:
    done = run("search", "--json", "--output", str(output), *words)
    assert json.loads(done.stdout)["query"] == query
    assert "--facets" in run("search", "-h").stdout


def test_many_hits_are_sorted_by_date_and_the_answer_names_it(
    output: Path, index: SearchIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gdfupin_spider.search.index.MOST_RANKED", 5)
    assert index.search(SearchRequest("修路")).order == "date"
    assert index.search(SearchRequest("脱贫")).order == "relevance"


def test_counts_of_large_results_are_kept_and_are_the_same(output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gdfupin_spider.search.index.MOST_RANKED", 5)
    kept: dict[Any, Any] = {}
    for _ in range(2):
        with SearchIndex(bring_up_to_date(output)) as plain, SearchIndex(plain.path, counted=kept) as keeping:
            for words in ("修路", "脱贫", "修路 -第3村"):
                request = SearchRequest(words, with_counts=True)
                assert keeping.search(request) == plain.search(request)
    assert len(kept) == 2


def test_the_index_is_built_again_when_the_archive_changed(output: Path, tmp_path: Path) -> None:
    made = write(tmp_path, crawl(0, range(3)))
    fold_catalog(made, profiles.load("gdfupin"))
    built: list[str] = []
    (made / ".search.sqlite.4194305.draft").write_bytes(b"of a killed process")  # a number above those of Linux
    assert bring_up_to_date(made, built.append) == bring_up_to_date(made, built.append)
    assert len(built) == 1
    fold_catalog(write(made, crawl(1, range(2, 6), "新修的桥")), profiles.load("gdfupin"))
    with SearchIndex(bring_up_to_date(made, built.append)) as index:
        assert len(list(index.hits(SearchRequest("新修的桥")))) == 4
    assert len(built) == 2
    assert [path.name for path in made.iterdir() if path.name.startswith(".search")] == []
    (made / "search.sqlite").write_bytes(b"no index")
    with SearchIndex(bring_up_to_date(made, built.append)) as index:
        assert index.search(SearchRequest("新修的桥")).total == 4


def test_a_damaged_index_names_what_to_do(tmp_path: Path) -> None:
    fold_catalog(write(tmp_path, crawl(0, range(40))), profiles.load("gdfupin"))
    run("search", "村", "--output", str(tmp_path))
    path = tmp_path / "search.sqlite"
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(8 * 4096)
        file.write(b"\xff" * (size - 8 * 4096))
    done = run("search", "村", "--output", str(tmp_path))
    assert (done.returncode, "delete the file" in done.stderr) == (9, True), done.stderr
    path.unlink()
    assert "40 articles" in run("search", "村", "--output", str(tmp_path)).stdout


def test_a_query_that_takes_too_long_is_cut_off_and_the_next_one_is_asked() -> None:
    with closing(sqlite3.connect(":memory:")) as db:
        limit = TimeLimit(db, 0.05)
        with pytest.raises(TookTooLong), limit.query():
            db.execute(
                "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT sum(i) FROM n"
            ).fetchall()
        with limit.query():
            assert db.execute("SELECT 1").fetchall() == [(1,)]
        with pytest.raises(sqlite3.OperationalError, match="no such table"), limit.query():
            db.execute("SELECT * FROM missing")


def test_an_archive_without_a_catalog_names_the_next_step(tmp_path: Path) -> None:
    done = run("search", "村", "--output", str(tmp_path))
    assert (done.returncode, "gdfupin crawl" in done.stderr) == (2, True)
