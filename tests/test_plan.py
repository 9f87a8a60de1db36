"""What is asked for and what is not: pure, without a crawl."""

import pytest

from gdfupin_spider.catalog import Listing
from gdfupin_spider.frontier.plan import Plan, Walk

NUMBERS = {f"http://a.cn/{name}": n for n, name in enumerate(("article", "about", "list", "list2", "unwalked"))}


def plan(*, full: bool = False) -> Plan:
    heads = {2: Listing("http://a.cn/list", True, 52), 4: Listing("http://a.cn/unwalked", False, None)}
    known = frozenset({0}), frozenset({1}), frozenset({2, 3, 4})
    return Plan(lambda url: NUMBERS.get(url, 99), full, full, *known, heads)


@pytest.mark.parametrize(
    ("name", "wanted", "when_full"),
    [
        ("article", False, False),
        ("about", False, True),
        ("list", True, True),
        ("list2", False, True),
        ("never-seen", True, True),
    ],
)
def test_what_is_known_is_asked_for_only_as_the_plan_says(name: str, wanted: bool, when_full: bool) -> None:
    assert plan().wants(f"http://a.cn/{name}") == wanted
    assert plan(full=True).wants(f"http://a.cn/{name}") == when_full


def test_whoever_knows_nothing_asks_for_everything() -> None:
    assert Plan(lambda url: NUMBERS.get(url, 99)).wants("http://a.cn/about")


@pytest.mark.parametrize(
    ("pages", "asked"),
    [
        ([("", "", 52)], 1),
        ([("abc", "", 55), ("", "", 55)], 2),
        ([("abc", "", 58), ("def", "", 58), ("", "", 58)], 3),
        ([("a", "", 53), ("", "", 53)], 2),  # beside pinned rows
        ([("", "abc", 55), ("", "", 55)], 2),  # rows that were not seen as rows
        ([("a", "x", 53), ("a", "x", 53)], 2),  # a box with the same on every page
        ([("", "", None)], 1),
    ],
)
def test_a_listing_is_walked_until_a_page_brings_nothing_new(
    pages: list[tuple[str, str, int | None]], asked: int
) -> None:
    walk = plan().walk("http://a.cn/list")
    assert [walk.goes_on(*page) for page in pages] == [True] * (asked - 1) + [False]


@pytest.mark.parametrize("total", [53, 60])
def test_a_total_that_the_new_rows_do_not_explain_walks_on_to_the_end(total: int) -> None:
    walk = plan().walk("http://a.cn/list")
    assert [walk.goes_on("", "", total) for _ in range(4)] == [True] * 4


@pytest.mark.parametrize(("rows", "total"), [("", 51), ("", 40), ("a", 52), ("ab", 51)])
def test_removed_articles_do_not_make_a_crawl_walk_along_the_whole_listing(rows: str, total: int) -> None:
    walk = plan().walk("http://a.cn/list")
    assert walk.goes_on(rows, "", total) == bool(rows)
    assert not walk.goes_on("", "", total)


def test_a_total_that_new_rows_explain_in_part_walks_on() -> None:
    walk = plan().walk("http://a.cn/list")
    assert [walk.goes_on("ab", "", 55), walk.goes_on("", "", 55), walk.goes_on("", "", 55)] == [True, True, True]


def test_a_listing_that_was_never_walked_to_its_end_is_walked_whole() -> None:
    assert plan().walk("http://a.cn/unwalked") == Walk(whole=True)
    assert plan().walk("http://a.cn/never-seen") == Walk(whole=True)
    assert plan(full=True).walk("http://a.cn/list") == Walk(whole=True)
