"""Whether a crawl followed a listing to its end: one answer for the planner and for release cards."""

from collections.abc import Callable
from pathlib import Path

import pytest

from gdfupin_spider.catalog.frontier_state import known
from tests.catalog.lines import HOME, OTHER, Crawl, X, Y, Z, at, folded

LIST = f"{HOME}list.asp?id=1"


def pages(crawl: Crawl, *numbers: int, last: int = 3, numbered: bool = True, linked: bool = True) -> Crawl:
    """Some pages of a listing of `last` pages. `numbered`: pages print their numbers. `linked`: they have next links."""
    for number in numbers:
        crawl.page(
            url(number), "listing", section="扶贫要闻", page_number=number if numbered else None, article_links=(X, Y),
            end=number == last, next_page=url(number + 1) if linked and number < last else None,
        )  # fmt: skip
    return crawl


def url(number: int) -> str:
    return LIST if number == 1 else f"{LIST}&page={number}"


def form(crawl: Crawl, *numbers: int, last: int = 3, numbered: bool = True) -> Crawl:
    """Pages of a listing that a form sends for: all have one address."""
    for number in numbers:
        crawl.page(
            LIST, "listing", section="扶贫要闻", page_number=number if numbered else None, article_links=(X,),
            end=number == last, next_page=LIST if number < last else None,
        )  # fmt: skip
    return crawl


def by_size(crawl: Crawl, *numbers: int, size: int = 3) -> Crawl:
    """Pages without next links, none marked as the end, that print `2/3`."""
    for number in numbers:
        crawl.page(
            url(number), "listing", section="扶贫要闻", page_number=number, printed_pages=size, article_links=(X,)
        )
    return crawl


WHOLE: dict[str, Callable[[], list[Crawl]]] = {
    "all pages by next links": lambda: [pages(Crawl(0), 1, 2, 3)],
    "all pages by next links, without numbers": lambda: [pages(Crawl(0), 1, 2, 3, numbered=False)],
    "all pages by numbers, without next links": lambda: [pages(Crawl(0), 1, 2, 3, linked=False)],
    "all pages by numbers, captured in another order": lambda: [pages(Crawl(0), 3, 1, 2, linked=False)],
    "one page": lambda: [pages(Crawl(0), 1, last=1)],
    "one page without a number": lambda: [pages(Crawl(0), 1, last=1, numbered=False)],
    "the last page captured twice": lambda: [pages(Crawl(0), 1, 2, 3, 3)],
    "no page marked as the end, the last number equals the number of pages": lambda: [by_size(Crawl(0), 1, 2, 3)],
    "a form, all pages": lambda: [form(Crawl(0), 1, 2, 3)],
    "a form, all pages, without numbers": lambda: [form(Crawl(0), 1, 2, 3, numbered=False)],
    "two crawls, the first one whole": lambda: [pages(Crawl(0), 1, 2, 3), pages(Crawl(1), 1)],
    "two crawls, the second one whole": lambda: [pages(Crawl(0), 1), pages(Crawl(1), 1, 2, 3)],
    "the first page is not modified since a crawl that broke off": lambda: [
        pages(Crawl(0), 1),
        pages(Crawl(1).look(LIST, "not_modified"), 2, 3),
    ],
    "a form whose first page is not modified": lambda: [
        form(Crawl(0), 1, 2),
        form(Crawl(1).look(LIST, "not_modified"), 2, 3),
    ],
}
BROKEN_OFF: dict[str, Callable[[], list[Crawl]]] = {
    "the first page only": lambda: [pages(Crawl(0), 1)],
    "two of three pages": lambda: [pages(Crawl(0), 1, 2)],
    "page 2 of 3 never fetched": lambda: [pages(Crawl(0), 1, 3)],
    "page 2 of 3 never fetched, without numbers": lambda: [pages(Crawl(0), 1, 3, numbered=False)],
    "page 2 of 3 never fetched, without next links": lambda: [pages(Crawl(0), 1, 3, linked=False)],
    "page 2 of 3 never fetched, the last one known by its number": lambda: [by_size(Crawl(0), 1, 3)],
    "the last page only": lambda: [pages(Crawl(0), 3)],
    "an end page without a number and without what leads to it": lambda: [
        pages(Crawl(0), 1, 3, numbered=False, linked=False)
    ],
    "a form, page 2 of 3 never fetched": lambda: [form(Crawl(0), 1, 3)],
    "a form, the first page never fetched": lambda: [form(Crawl(0), 2, 3)],
    "a form without numbers, and a request that failed": lambda: [form(Crawl(0), 1, 3, numbered=False).failure(LIST)],
    "the first page is not modified, page 2 of 3 never fetched again": lambda: [
        pages(Crawl(0), 1, 2),
        pages(Crawl(1).look(LIST, "not_modified"), 3),
    ],
    "two halves in two crawls": lambda: [pages(Crawl(0), 1, 2), pages(Crawl(1), 3)],
}


def answers(path: Path, *crawls: Crawl) -> tuple[bool, bool]:
    """What the planner and the release card are told of the listing at LIST."""
    with folded(path, *crawls, Crawl(9).read(Z, OTHER)) as catalog:
        heads = [head for head in known(catalog).heads.values() if head.url == LIST]
        [state] = catalog.listings()
        return all(head.walked for head in heads) and bool(heads), state.walked_at is not None


@pytest.mark.parametrize("case", WHOLE)
def test_a_listing_was_followed_to_its_end(tmp_path: Path, case: str) -> None:
    assert answers(tmp_path, *WHOLE[case]()) == (True, True)


@pytest.mark.parametrize("case", BROKEN_OFF)
def test_a_listing_was_not_followed_to_its_end(tmp_path: Path, case: str) -> None:
    assert answers(tmp_path, *BROKEN_OFF[case]()) == (False, False)


def test_the_time_is_that_of_the_last_crawl_that_was_whole(tmp_path: Path) -> None:
    crawls = pages(Crawl(0), 1, 2, 3), pages(Crawl(2), 1, 2, 3), pages(Crawl(3), 1)
    with folded(tmp_path, *crawls) as catalog:
        assert [state.walked_at for state in catalog.listings()] == [at(2, 3)]


def test_a_section_with_two_listings_was_followed_where_both_were(tmp_path: Path) -> None:
    second = f"{HOME}list.asp?id=2"
    half = pages(Crawl(0), 1, 2, 3).page(second, "listing", section="扶贫要闻", next_page=f"{second}&page=2")
    with folded(tmp_path / "half", half) as catalog:
        assert [state.walked_at for state in catalog.listings()] == [None]
    both = pages(Crawl(0), 1, 2, 3).page(second, "listing", section="扶贫要闻", end=True)
    with folded(tmp_path / "both", both) as catalog:
        assert [state.walked_at for state in catalog.listings()] == [at(0, 4)]


def test_a_listing_that_was_not_modified_and_not_followed_is_not_passed_over(tmp_path: Path) -> None:
    """The crawl followed the other listing of the section to its end, and this one not."""
    second = f"{HOME}list.asp?id=2"
    first = pages(Crawl(0), 1, 2).page(second, "listing", section="扶贫要闻", end=True)
    later = Crawl(1).look(LIST, "not_modified").page(second, "listing", section="扶贫要闻", end=True)
    with folded(tmp_path, first, later) as catalog:
        [state] = catalog.listings()
        assert (state.walked_at, state.seen_at) == (None, at(1, 2))


def test_a_section_keeps_the_newest_totals_and_counts_its_rows(tmp_path: Path) -> None:
    first = Crawl(0).page(LIST, "listing", section="扶贫要闻", printed_total=3, printed_pages=1, article_links=(X, Y))
    second = Crawl(1).page(LIST, "listing", section="扶贫要闻", printed_total=4, article_links=(X, Z)).read(X)
    with folded(tmp_path, first, second) as catalog:
        [state] = catalog.listings()
        assert (state.printed_total, state.printed_pages, state.seen_at) == (4, 1, at(1, 1))
        assert (state.listed, state.articles) == (3, 1)
