"""Articles with nearly the same text are found, and others are not joined."""

import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from benchmarks import reprints as benchmark
from gdfupin_spider.replica import truth
from gdfupin_spider.search import reprints
from gdfupin_spider.search.reprints import ReprintFinder
from tests.catalog.lines import id_of
from tests.releases.archives import crawl, records, released, url, write


def groups(texts: list[str]) -> list[tuple[int, ...]]:
    finder = ReprintFinder()
    for text in texts:
        finder.add(text)
    return finder.groups(lambda number: texts[number])


def text(seed: int, characters: int = 400) -> str:
    """A text that shares no run of characters with those of other seeds."""
    return "".join(random.Random(seed).choices([chr(0x4E00 + n) for n in range(3000)], k=characters))


def test_the_pairs_of_the_replica_are_found_and_no_others() -> None:
    articles = truth("asp-tables")
    found = [[articles[number] for number in group] for group in groups([article.body for article in articles])]
    assert [[article.case for article in group] for group in found] == [["one body, two titles"] * 2]


def test_reprints_are_found_among_articles_with_the_same_quotations_headings_and_frames() -> None:
    found = benchmark.score(benchmark.articles(600))
    assert found.pairs > 300
    assert found.precision >= 0.99
    assert found.recall >= 0.99


@pytest.mark.parametrize(
    ("other", "joined"),
    [
        (text(1) + "。（责任编辑：某某）", True),
        ("本报讯 记者某某报道：" + text(1), True),
        (text(1)[:280], True),  # seven tenths of it
        (text(1)[:220], False),
        (text(2, 200) + text(1)[:200], False),  # half of each is a quotation
        (text(2, 1000) + text(1), False),  # quoted as a whole in a long report
        ("，".join(text(1)[at : at + 7] for at in range(0, 400, 7)), True),  # punctuation does not count
    ],
)
def test_what_makes_two_texts_one(other: str, joined: bool) -> None:
    assert bool(groups([text(1), other])) is joined


def test_short_texts_are_joined_only_if_they_are_equal() -> None:
    notice = text(3, 90)
    assert groups([notice, notice[:40] + "六" + notice[41:]]) == []
    assert groups([notice, f"{notice}。"]) == [(0, 1)]
    assert groups([text(3, 110), text(3, 108)]) == [(0, 1)]
    assert groups(["（图）", "（图）", text(3, 30), text(3, 30)]) == []


def test_groups_do_not_depend_on_the_order_of_articles() -> None:
    made = benchmark.articles(150, seed=4)
    order = random.Random(1).sample(range(150), 150)
    mixed = groups([made[number].body for number in order])
    assert sorted(tuple(sorted(order[number] for number in group)) for group in mixed) == sorted(
        groups([article.body for article in made])
    )


def test_a_passage_in_all_texts_does_not_compare_all_with_all(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = []
    same = reprints.same_text
    monkeypatch.setattr(reprints, "same_text", lambda *two: compared.append(two) or same(*two))  # type: ignore[func-returns-value]
    monkeypatch.setattr(reprints, "MOST_COMPARED", 5)
    assert groups([text(0, 300) + text(n, 260) for n in range(1, 120)]) == []
    assert len(compared) < 120 * 119 / 2 / 2


def test_a_release_has_groups_named_by_their_first_article(tmp_path: Path) -> None:
    made = crawl(0, range(3))
    made.read(url(100), text(7), title="转载", date="2016-05-03", source="新华网")
    made.read(url(101), text(7) + "（完）", title="原文", date="2016-05-01", source="人民日报")
    made.read(url(102), text(7)[:300], title="摘要", date=None, source="新华网")
    folder = released(write(tmp_path, made))
    found = {record["id"]: (record["reprint_group"], record["reprint_first"]) for record in records(folder)}
    first = id_of(url(101))
    assert {id_: found.pop(id_) for id_ in map(id_of, (url(100), url(101), url(102)))} == {
        id_of(url(100)): (first, False), first: (first, True), id_of(url(102)): (first, False),
    }  # fmt: skip
    assert set(found.values()) == {(None, True)}
    with closing(sqlite3.connect(folder / "articles.sqlite")) as db:
        assert db.execute("SELECT * FROM reprints").fetchall() == [(first, 3, 2, "2016-05-01", "2016-05-03")]
        assert db.execute("SELECT count(*) FROM articles WHERE reprint_first").fetchone() == (4,)
    assert "reprint_first" in (folder / "README.md").read_text()
