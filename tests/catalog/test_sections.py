"""The sections whose listings link to an article, whatever the page itself prints."""

import itertools
import json
from pathlib import Path

from gdfupin_spider.archive import open_archive
from gdfupin_spider.catalog import Alias, Catalog
from gdfupin_spider.pages import identity_key
from gdfupin_spider.replica import truth
from gdfupin_spider.replica.content import CHANNEL
from tests.catalog.lines import BODY, HOME, OTHER, Crawl, X, Y, Z, folded, happened, id_of
from tests.sites import crawl_replica, run

NEWS, LOCAL = f"{HOME}news.asp", f"{HOME}local.asp"


def listed(crawl: Crawl, section: str | None, *urls: str, kind: str = "listing") -> Crawl:
    return crawl.page(NEWS, kind, section=section, article_links=urls)


def sections_of(catalog: Catalog, url: str) -> tuple[str, ...]:
    state = catalog.article(id_of(url))
    assert state is not None
    return state.sections


def test_an_article_has_the_sections_of_all_listings_that_link_to_it(tmp_path: Path) -> None:
    crawl = listed(listed(Crawl(0).read(X).read(Y, OTHER), "部门动态", X), "扶贫要闻", X, Y)
    with folded(tmp_path, crawl) as catalog:
        assert sections_of(catalog, X) == ("扶贫要闻", "部门动态")
        assert sections_of(catalog, Y) == ("扶贫要闻",)


def test_home_pages_and_listings_without_a_section_name_none(tmp_path: Path) -> None:
    crawl = listed(listed(Crawl(0).read(X), None, X), "首页", X, kind="home")
    with folded(tmp_path, crawl) as catalog:
        assert sections_of(catalog, X) == ()


def test_the_sections_of_a_second_address_count_and_each_address_has_its_own(tmp_path: Path) -> None:
    crawl = listed(listed(Crawl(0).read(X).again(Y, X), "扶贫要闻", X), "部门动态", Y)
    with folded(tmp_path, crawl) as catalog:
        assert sections_of(catalog, X) == ("扶贫要闻", "部门动态")
        assert catalog.addresses(id_of(X)) == [
            Alias(id_of(X), X, ("扶贫要闻",)),
            Alias(id_of(Y), Y, ("部门动态",)),
        ]


def test_a_listing_that_links_to_a_redirect_carries_the_article_behind_it(tmp_path: Path) -> None:
    crawl = listed(listed(Crawl(0).moved(Z, to=X).read(X), "扶贫要闻", X), "地市联播", Z)
    with folded(tmp_path, crawl) as catalog:
        assert sections_of(catalog, X) == ("地市联播", "扶贫要闻")


def test_another_section_alone_is_no_change(tmp_path: Path) -> None:
    first = listed(Crawl(0).read(X), "扶贫要闻", X)
    second = listed(Crawl(1).read(X), "部门动态", X)
    with folded(tmp_path, first, second) as catalog:
        assert sections_of(catalog, X) == ("扶贫要闻", "部门动态")
        assert happened(catalog) == [("added", X)]


def test_the_same_crawls_in_any_order_give_the_same_sections(tmp_path: Path) -> None:
    crawls = (
        listed(Crawl(0).read(X).again(Y, X), "扶贫要闻", X, Y),
        listed(Crawl(1).read(X), "部门动态", X),
        listed(Crawl(2).moved(Z, to=X).read(X, BODY), "地市联播", Z),
    )
    found = set()
    for number, order in enumerate(itertools.permutations(crawls)):
        folder = tmp_path / str(number)
        folder.mkdir()
        for until in range(1, len(order) + 1):
            folded(folder, *order[:until]).close()
        with folded(folder, *order) as catalog:
            found.add((sections_of(catalog, X), tuple(catalog.addresses(id_of(X)))))
    assert len(found) == 1
    assert next(iter(found))[0] == ("地市联播", "扶贫要闻", "部门动态")


def test_a_crawled_site_gives_each_article_the_sections_of_its_listings(tmp_path: Path) -> None:
    """The channel page above the sections is a listing, too: it links to the newest articles of each."""
    done, _ = crawl_replica(tmp_path, "static-cms", "--no-media")
    channel = {url for page in done.lines("pages") if page["section"] == CHANNEL for url in page["article_links"]}
    known = {
        identity_key(url): sorted(
            {*(address.section for address in each.addresses), *([CHANNEL] if url in channel else [])}
        )
        for each in truth("static-cms")
        for url in each.urls
    }
    with open_archive(tmp_path) as archive:
        articles = list(archive)
    assert [(each["url"], each["sections"]) for each in articles] == [
        (each["url"], known[identity_key(str(each["url"]))]) for each in articles
    ]
    assert any(len(each["sections"]) > 1 for each in articles)  # type: ignore[arg-type]
    printed = [json.loads(line) for line in run("articles", "--output", str(tmp_path)).stdout.splitlines()]
    assert printed == articles
    table = run("articles", "--format", "csv", "--output", str(tmp_path)).stdout
    assert table.splitlines()[0].endswith(",sections")
    assert "; " in next(row for row in table.splitlines() if row.endswith("部门动态") and "; " in row)
