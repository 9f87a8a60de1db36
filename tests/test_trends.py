"""`gdfupin trend`: what each query has in a period, of how many articles, and where too little is held."""

import csv
import io
import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from gdfupin_spider import profiles
from gdfupin_spider.catalog.sources import fold as fold_catalog
from gdfupin_spider.releases.search_index import index_of
from gdfupin_spider.search import ArticleSelection, SearchIndex, trends
from tests.releases.archives import body, crawl, released, url, write
from tests.sites import run
from tests.test_search import output

__all__ = ["output"]


def test_a_trend_counts_each_query_and_the_articles_that_its_share_is_of(output: Path, tmp_path: Path) -> None:
    chart = tmp_path / "trend.svg"
    done = run(
        "trend", "修路", "脱贫 -攻坚", "--by", "year", "--share", "--svg", str(chart), "--json", "--output", str(output)
    )
    trend = json.loads(done.stdout)
    points = {point["period"]: point for point in trend["points"]}
    assert list(points) == ["2010", "2011", "2012", "2013", "2014", "2015", "2016", "2017", "2018", "2019"]
    assert (points["2010"]["articles"], points["2010"]["counts"], points["2010"]["shares"]) == (4, [4, 0], [1, 0])
    assert (points["2016"]["articles"], points["2016"]["counts"], points["2016"]["shares"]) == (0, [0, 0], [None, None])
    assert (points["2019"]["articles"], points["2019"]["counts"], points["2019"]["shares"]) == (10, [0, 1], [0, 0.1])
    drawn = chart.read_text("utf-8")
    assert "脱贫 -攻坚" in drawn
    assert "2010" in drawn
    assert "<script" not in drawn
    assert ">100%<" in drawn
    printed = run("trend", "脱贫 -攻坚", "--by", "year", "--share", "--svg", str(chart), "--output", str(output)).stdout
    assert printed.splitlines()[-1].split() == ["2019", "10", "1", "10.0%"]
    run("trend", "脱贫 -攻坚", "--by", "year", "--svg", str(chart), "--output", str(output))
    assert re.findall(r'<text x="-5" [^>]*>([^<]*)<', chart.read_text("utf-8")) == ["0", "1"]  # beside the axis


def test_a_period_of_which_too_little_is_held_is_a_gap_also_in_a_release(tmp_path: Path) -> None:
    output, made = tmp_path / "output", crawl(0, [])
    days = ["2012-03-01"] * 10 + ["2013-05-01"] * 9  # nine of the first and eight of the second are held
    for n, day in enumerate(days):
        if n not in (9, 18):
            made.read(url(n), body(n), title=f"第{n}村修路记", date=day, section="部门动态")
    made.read(url(90), body(90), title="第90村", date="2014-05-01", section="扶贫要闻")
    made.page(
        f"{url(0)}&list=1", "listing", section="部门动态", article_links=tuple(url(n) for n in range(19)),
        row_dates=tuple(days),
    )  # fmt: skip
    fold_catalog(write(output, made), profiles.load("gdfupin"))
    trend = json.loads(run("trend", "修路", "--by", "year", "--json", "--output", str(output)).stdout)
    found = [(each["period"], each["articles"], each["not_held"], each["is_gap"]) for each in trend["points"]]
    assert found == [("2012", 9, 1, False), ("2013", 8, 1, True), ("2014", 1, 0, False)]
    other = run("trend", "修路", "--by", "year", "--section", "扶贫要闻", "--json", "--output", str(output))
    assert [each["is_gap"] for each in json.loads(other.stdout)["points"]] == [False], (
        "nothing of this section is missing"
    )
    with SearchIndex(index_of(released(output), tmp_path / "cache")) as index:
        of_release = trends.trend_of(index, ("修路",), "year", ArticleSelection())
    assert json.loads(json.dumps(trends.encode(of_release, "year", "all"))) == trend


@pytest.fixture(scope="module")
def reprinted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six texts, three of them printed by several sections in several years; the youngest reprint of the first one has a further word."""
    output, made = tmp_path_factory.mktemp("reprinted"), crawl(0, range(1))
    long = {n: "".join(Random(n).choices([chr(0x4E00 + each) for each in range(3000)], k=300)) for n in range(3)}
    for n, (text, year, section, more) in enumerate(
        [
            (0, 2016, "地市联播", ""), (0, 2015, "扶贫要闻", ""), (0, 2017, "地市联播", "修桥记"), (1, 2016, "扶贫要闻", "修桥记"),
            (1, 2016, "扶贫要闻", "修桥记"), (2, 2017, "部门动态", "修桥记"),
        ]
    ):  # fmt: skip
        made.read(url(100 + n), long[text] + more, title=f"标题{n}", date=f"{year}-0{n + 1}-13", section=section)
    fold_catalog(write(output, made), profiles.load("gdfupin"))
    return output


def test_a_trend_counts_reprints_once_or_all_above_and_below_the_line(reprinted: Path) -> None:
    def points(*options: str) -> dict[str, tuple[int, int]]:
        done = run("trend", "修桥记", "--by", "year", *options, "--json", "--output", str(reprinted))
        assert done.returncode == 0, done.stderr
        trend = json.loads(done.stdout)
        assert trend["reprints"] == ("once" if "once" in options else "all")
        return {
            point["period"]: (point["articles"], *point["counts"]) for point in trend["points"] if point["articles"]
        }

    assert points() == {"2010": (1, 0), "2016": (3, 2), "2017": (2, 2), "2015": (1, 0)}
    once = points("--reprints", "once")
    assert once == {"2010": (1, 0), "2015": (1, 0), "2016": (1, 1), "2017": (1, 1)}
    # Selected articles alone decide which one is the oldest.
    assert points("--reprints", "once", "--section", "地市联播") == {"2016": (1, 0)}
    assert points("--reprints", "once", "--year", "2017") == {"2017": (2, 2)}
    assert points("--section", "地市联播") == {"2016": (1, 0), "2017": (1, 1)}
    with closing(sqlite3.connect(released(reprinted) / "articles.sqlite")) as db:
        of_release = db.execute(
            "SELECT substr(date, 1, 4), count(*), sum(body LIKE '%修桥记%') FROM articles WHERE reprint_first GROUP BY 1"
        ).fetchall()
    assert {year: counts for year, *counts in of_release} == {year: list(counts) for year, counts in once.items()}


def test_a_trend_by_month_has_every_month_as_a_row(output: Path) -> None:
    done = run("trend", "修路", "--share", "--format", "csv", "--year", "2010..2011", "--output", str(output))
    head, *rows = csv.reader(io.StringIO(done.stdout))
    assert head == ["period", "articles", "修路", "修路 share"]
    assert [row[0] for row in rows][:3] == ["2010-01", "2010-02", "2010-03"]
    assert sum(int(row[1]) for row in rows) == 8
