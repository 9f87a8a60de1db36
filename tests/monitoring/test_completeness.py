"""How much of the site there is in the archive, and what is missing, and why."""

from datetime import date
from pathlib import Path

import pytest

from gdfupin_spider.monitoring.completeness import completeness
from gdfupin_spider.monitoring.id_gaps import runs
from gdfupin_spider.storage.aftermath import Completeness, Freshness, IdRun
from tests.catalog.lines import HOME, OTHER, Crawl, folded

TODAY = date(2026, 2, 1)


def article(number: int) -> str:
    return f"{HOME}shownews.asp?id={number}"


def found(path: Path, *crawls: Crawl) -> Completeness:
    with folded(path, *crawls) as catalog:
        return completeness(catalog, TODAY)


def listing(crawl: Crawl, *numbers: int, total: int | None = None, section: str = "扶贫要闻") -> Crawl:
    links = tuple(article(number) for number in numbers)
    more = {"printed_total": total, "printed_pages": 1, "page_number": 1, "end": True}
    return crawl.page(f"{HOME}list.asp", "listing", section=section, article_links=links, **more)


def test_a_section_says_what_its_listing_says_what_we_have_and_what_is_missing_and_why(tmp_path: Path) -> None:
    crawl = listing(Crawl(1), *range(1, 11), total=14)
    crawl.read(article(1)).read(article(2), OTHER)
    crawl.missing(article(3)).look(article(4), "blocked").look(article(5), "unreadable")
    crawl.failure(article(6)).failure(article(7), "oversize").look(article(7), "unreadable")
    crawl.page(article(8), "file").failure(article(9), "no-access")
    (section,) = found(tmp_path, crawl).sections.values()
    assert (section.printed_total, section.listed, section.articles) == (14, 10, 2)
    assert section.missing == {
        "never-linked": 4,
        "missing": 1,
        "blocked": 2,
        "unreadable": 1,
        "failed": 1,
        "oversize": 1,
        "no-article": 1,
        "not-asked": 1,
    }
    assert section.examples["not-asked"] == (article(10),)


def test_what_was_had_later_is_not_missing_and_what_failed_later_is_still_there(tmp_path: Path) -> None:
    first = listing(Crawl(1), 1, 2, 3, total=3).failure(article(1)).missing(article(3))
    first.read(article(2), OTHER)
    second = Crawl(2).read(article(1)).failure(article(2)).look(article(3), "blocked")
    (section,) = found(tmp_path, first, second).sections.values()
    assert (section.articles, section.missing) == (2, {"blocked": 1})


def test_what_is_gone_need_not_be_listed(tmp_path: Path) -> None:
    first = listing(Crawl(1), 1, 2, total=2).read(article(1)).read(article(2), OTHER)
    later = [listing(Crawl(day), 1, total=1).read(article(1)).missing(article(2)) for day in (2, 3)]
    answer = found(tmp_path, first, *later)
    assert answer.sections["扶贫要闻"].missing == {}
    assert answer.events == {"added": 2, "gone": 1}


def test_listings_that_a_site_map_names_are_not_missing(tmp_path: Path) -> None:
    crawl = listing(Crawl(1), 1, total=1).read(article(1))
    crawl.page(f"{HOME}map.asp", "listing", section="站点地图", article_links=(f"{HOME}list.asp", article(2)))
    assert found(tmp_path, crawl).sections[""].missing == {"not-asked": 1}


def test_an_article_that_a_redesign_lists_under_another_address_counts_once(tmp_path: Path) -> None:
    first = listing(Crawl(1), 1, 2, total=2).read(article(1)).read(article(2), OTHER)
    later = listing(Crawl(2), 11, 12, 13, total=3).read(article(11)).read(article(12), OTHER)
    later.moved(article(1), article(11)).moved(article(2), article(12))
    (section,) = found(tmp_path, first, later).sections.values()
    assert (section.listed, section.articles, section.missing) == (3, 2, {"not-asked": 1})


def test_articles_that_no_listing_names_are_counted_and_so_are_fields_and_encodings(tmp_path: Path) -> None:
    crawl = listing(Crawl(1), 1, total=1).read(article(1)).read(article(2), OTHER, date=None, source=None)
    answer = found(tmp_path, crawl)
    assert answer.unlisted == 1
    assert answer.fields == {"articles": 2, "date": 1, "source": 1, "author": 0, "section": 2}
    assert answer.encodings == {"gb18030": 2}
    assert (answer.fresh.newest, answer.fresh.silent_days) == ("2021-01-13", 1845)


def test_a_date_to_come_is_a_slip_and_the_day_is_that_on_which_it_was_seen(tmp_path: Path) -> None:
    assert found(tmp_path, Crawl(1).read(article(1), date="2062-01-13")).fresh.newest == "2026-01-02"


def test_an_empty_catalog_has_an_empty_ledger(tmp_path: Path) -> None:
    answer = found(tmp_path)
    assert (answer.events, answer.sections, answer.runs) == ({}, {}, ())
    assert answer.fresh == Freshness()


# --- running numbers -------------------------------------------------------------------------------------------------


def met(pattern: str, *numbers: int) -> list[tuple[str, bool]]:
    return [(pattern.format(number), True) for number in numbers]


@pytest.mark.parametrize(
    ("pattern", "answer"),
    [
        ("http://a.cn/show.asp?id={}", "a.cn/show.asp?id={n}"),
        ("http://a.cn/ShowArticle.asp?ArticleID={}&classid=7", "a.cn/showarticle.asp?articleid={n}&classid=#"),
        ("http://a.cn/news/{}.html", "a.cn/news/{n}.html"),
        ("http://a.cn:8080/art/2013/5/12/art_17_{}.html", "a.cn:8080/art/#/#/#/art_#_{n}.html"),
    ],
)
def test_the_running_number_of_an_address_is_found_wherever_it_stands(pattern: str, answer: str) -> None:
    (run,) = runs(met(pattern, *range(100, 130), *range(140, 150)))
    assert run == IdRun(answer, 100, 149, articles=40, others=0, unknown=10, longest=((130, 139),))


def test_numbers_that_are_known_are_no_gap_whatever_became_of_them() -> None:
    others = [("http://a.cn/show.asp?id=130", False), ("http://a.cn/show.asp?id=131", False)]
    (run,) = runs([*met("http://a.cn/show.asp?id={}", *range(100, 130), *range(134, 140)), *others])
    assert (run.others, run.unknown, run.longest) == (2, 2, ((132, 133),))


def test_days_and_times_are_no_running_numbers() -> None:
    daily = [(f"http://a.cn/2013/{month}/{day}/{n}.html", True) for month in (1, 2) for day in range(9) for n in (1, 2)]
    times = met("http://a.cn/{}.html", *(20130101000000 + 7_777_777 * n for n in range(50)))
    assert runs([*daily, *times]) == []


def test_a_new_system_with_other_numbers_is_a_run_of_its_own() -> None:
    many = runs(met("http://a.cn/{}.html", *range(1, 41), *range(900_000, 900_030)))
    assert [(run.first, run.last, run.unknown) for run in many] == [(1, 40, 0), (900_000, 900_029, 0)]


def test_few_articles_are_no_run_and_hostile_numbers_do_no_harm() -> None:
    assert runs(met("http://a.cn/{}.html", *range(1, 10))) == []
    assert runs(met("http://a.cn/{}.html", *(10**40 + n for n in range(30)), *range(30)))[0].articles == 30
    assert runs((f"http://a.cn/{'x' * n}{n}.html", True) for n in range(5000)) == []
