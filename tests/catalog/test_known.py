"""What the next crawl must know: articles, what led nowhere, what is owed, and how listings hang together."""

from pathlib import Path

import pytest

from gdfupin_spider.catalog import Known, known
from tests.catalog.lines import NAMING, Crawl, folded

A, B, C = (f"http://a.cn/{name}.htm" for name in "abc")
LIST = "http://a.cn/list.asp?id=1"
PAGES = [LIST, *(f"{LIST}&page={number}" for number in (1, 2, 3))]


def of(path: Path, *crawls: Crawl) -> Known:
    with folded(path, *crawls) as catalog:
        return known(catalog, ("oversize",))


def n(url: str) -> int:
    return NAMING.number(url)


def walk(crawl: Crawl, last: int, *, end: int = 3) -> Crawl:
    """A listing of three pages, looked at down to one of them."""
    for number in range(1, last + 1):
        following = PAGES[number + 1] if number < end else None
        crawl.page(
            LIST if number == 1 else PAGES[number], "listing", section="要闻", page_number=number, printed_total=50,
            article_links=(A, B), end=number == end, next_page=following,
        )  # fmt: skip
    return crawl


def test_articles_other_pages_and_what_is_owed_are_told_apart(tmp_path: Path) -> None:
    crawl = walk(Crawl(0), 3).read(A).page(C, "unknown").missing("http://a.cn/404.htm")
    crawl.failure("http://a.cn/failed.htm").failure("http://a.cn/huge.htm", "oversize").look(
        "http://a.cn/no.htm", "blocked"
    )
    there = of(tmp_path, crawl)
    assert there.articles == {n(A)}
    assert there.passed == {n(C), n("http://a.cn/404.htm")}
    assert set(there.owed.values()) == {B, "http://a.cn/failed.htm", "http://a.cn/no.htm"}
    assert there.listings == {n(LIST), n(PAGES[2]), n(PAGES[3])}


def test_what_failed_and_was_answered_later_is_owed_no_more(tmp_path: Path) -> None:
    assert of(tmp_path, Crawl(0).failure(C), Crawl(1).page(C, "unknown")).owed == {}


@pytest.mark.parametrize(("last", "walked"), [(1, False), (2, False), (3, True)])
def test_a_listing_is_walked_where_a_crawl_reached_its_last_page(tmp_path: Path, last: int, walked: bool) -> None:
    [head] = of(tmp_path, walk(Crawl(0).read(A), last)).heads.values()
    assert (head.url, head.walked, head.printed_total) == (LIST, walked, 50)


def test_two_halves_of_a_walk_are_none(tmp_path: Path) -> None:
    second = Crawl(1)
    second.page(PAGES[3], "listing", section="要闻", page_number=3, end=True)
    [head] = of(tmp_path, walk(Crawl(0).read(A), 2), second).heads.values()
    assert not head.walked


def test_a_walk_that_was_whole_counts_when_later_ones_stop_early(tmp_path: Path) -> None:
    [head] = of(tmp_path, walk(Crawl(0).read(A), 3), walk(Crawl(1), 1)).heads.values()
    assert head.walked


def test_of_two_addresses_of_a_first_page_the_one_that_was_captured_first_counts(tmp_path: Path) -> None:
    crawl = walk(Crawl(0).read(A), 3)
    crawl.page(PAGES[1], "listing", section="要闻", page_number=1, next_page=PAGES[2], article_links=(A, B))
    there = of(tmp_path, crawl)
    assert [head.url for head in there.heads.values()] == [LIST]
    assert n(PAGES[1]) in there.listings


def test_pages_that_are_sent_for_by_a_form_are_one_listing(tmp_path: Path) -> None:
    crawl = Crawl(0).read(A)
    for number in (1, 2, 3):
        more = {"page_number": number, "end": number == 3, "next_page": LIST if number < 3 else None}
        crawl.page(LIST, "listing", section="要闻", article_links=(A,), **more)
    [head] = of(tmp_path, crawl).heads.values()
    assert head.walked


def test_a_site_map_is_no_listing_and_what_was_not_modified_still_is(tmp_path: Path) -> None:
    first = walk(Crawl(0).read(A), 3)
    first.page("http://a.cn/map.htm", "listing", section="站点地图", article_links=(LIST,))
    there = of(tmp_path, first, Crawl(1).look(LIST, "not_modified"))
    assert [head.url for head in there.heads.values()] == [LIST]
