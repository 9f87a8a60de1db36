"""When a crawl is not believed that articles are missing."""

from pathlib import Path

from gdfupin_spider.catalog import Rules
from gdfupin_spider.storage.aftermath import MassLoss
from tests.catalog.lines import HOME, Crawl, X, at, folded, id_of, story

URLS = [f"{HOME}{number}.asp" for number in range(100)]


def site(day: float, missing: int = 0, of: int = 100) -> Crawl:
    """A crawl that looks at all articles, the first so many of which are missing."""
    crawl = Crawl(day).page(HOME, "home")
    for number, url in enumerate(URLS[:of]):
        if number < missing:
            crawl.missing(url)
        else:
            crawl.read(url, title=f"第{number}则")
    return crawl


def standing(path: Path, *crawls: Crawl, rules: Rules | None = None) -> object:
    with folded(path, *crawls, rules=rules) as catalog:
        return catalog.counts().articles


def test_nine_missing_articles_are_taken_and_ten_of_a_hundred_are_not(tmp_path: Path) -> None:
    assert standing(tmp_path / "9", site(0), site(1, 9), site(2, 9)) == {"gone": 9, "live": 91}
    assert standing(tmp_path / "10", site(0), site(1, 10), site(2, 10)) == {"live": 100}


def test_ten_missing_articles_are_taken_where_that_is_not_more_than_the_share(tmp_path: Path) -> None:
    assert standing(tmp_path, site(0), site(1, 10), rules=Rules(mass_share=0.1)) == {"suspected": 10, "live": 90}


def test_a_small_archive_of_which_nothing_is_found_is_doubted_and_believed_after_a_week(tmp_path: Path) -> None:
    crawls = [site(0, of=4), site(1, 4, of=4), site(2, 4, of=4)]
    assert standing(tmp_path / "all", *crawls) == {"live": 4}
    assert standing(tmp_path / "most", site(0, of=4), site(1, 3, of=4), site(2, 3, of=4)) == {"gone": 3, "live": 1}
    assert standing(tmp_path / "week", *crawls, site(8, 4, of=4), site(9, 4, of=4)) == {"gone": 4}
    assert standing(tmp_path / "one", site(0, of=1), site(1, 1, of=1), site(2, 1, of=1)) == {"gone": 1}


def test_the_report_says_why_a_crawl_is_doubted(tmp_path: Path) -> None:
    with folded(tmp_path, site(0), doubted := site(1, 30)) as catalog:
        assert catalog.doubted() == [MassLoss(doubted.name, "mass", 100, 30)]


def test_those_already_suspected_are_no_mass(tmp_path: Path) -> None:
    crawls = [site(0), site(1, 9), site(2, 18), site(3, 18)]
    assert standing(tmp_path, *crawls) == {"gone": 18, "live": 82}


def test_the_third_such_crawl_in_a_row_is_believed_when_a_week_has_passed(tmp_path: Path) -> None:
    crawls = [site(0), site(1, 30), site(2, 30), site(3, 30), site(8, 30), site(9, 30)]
    seen = [standing(tmp_path, *crawls[: count + 1]) for count in range(len(crawls))]
    assert seen[:4] == [{"live": 100}] * 4
    assert seen[4] == {"suspected": 30, "live": 70}
    assert seen[5] == {"gone": 30, "live": 70}


def test_two_such_crawls_are_not_enough_however_far_apart(tmp_path: Path) -> None:
    assert standing(tmp_path, site(0), site(1, 30), site(30, 30)) == {"live": 100}


def test_a_crawl_that_finds_all_well_ends_the_row(tmp_path: Path) -> None:
    assert standing(tmp_path, site(0), site(1, 30), site(5, 30), site(6), site(9, 30)) == {"live": 100}


def test_a_crawl_that_looks_at_few_neither_ends_the_row_nor_counts(tmp_path: Path) -> None:
    few = Crawl(6).page(HOME, "home").read(URLS[99], title="第99则")
    crawls = [site(0), site(1, 30), site(5, 30), few, site(9, 30)]
    assert standing(tmp_path, *crawls) == {"suspected": 30, "live": 70}


def test_no_disappearance_is_taken_while_the_home_page_is_foreign_or_blocked(tmp_path: Path) -> None:
    foreign = [Crawl(day).page(HOME, "foreign").missing(*URLS[:30]) for day in (1, 5, 9)]
    blocked = [Crawl(day).look(HOME, "blocked").missing(URLS[50]) for day in (11, 12)]
    with folded(tmp_path, site(0), *foreign, *blocked) as catalog:
        assert catalog.counts().articles == {"live": 100}
        assert [doubted.why for doubted in catalog.doubted()] == ["home"] * 5


def test_a_crawl_with_a_foreign_home_page_does_not_end_the_row(tmp_path: Path) -> None:
    foreign = Crawl(5).page(HOME, "foreign").missing(*URLS[:30])
    crawls = [site(0), site(1, 30), site(2, 30), foreign, site(9, 30)]
    assert standing(tmp_path, *crawls) == {"suspected": 30, "live": 70}


def test_new_articles_do_not_water_the_share_down(tmp_path: Path) -> None:
    assert standing(tmp_path, site(0, of=40), site(1, 10)) == {"live": 100}


def test_articles_that_only_an_archive_saw_are_no_mass(tmp_path: Path) -> None:
    old = Crawl(9, "wayback")
    for number, url in enumerate(URLS[:30]):
        old.read(url, title=f"第{number}则", when="2013-05-01T00:00:00Z")
    first = Crawl(0).read(X)
    with folded(tmp_path, old, first, Crawl(1).missing(*URLS[:30], X), Crawl(2).missing(X)) as catalog:
        assert catalog.counts().articles == {"archived": 30, "gone": 1}


def test_the_hours_and_figures_can_be_set_and_apply_to_all_that_was(tmp_path: Path) -> None:
    crawls = [site(0, of=20), site(1, 12, of=20), site(1.25, 12, of=20)]
    assert standing(tmp_path, *crawls) == {"live": 20}
    assert standing(tmp_path, *crawls, rules=Rules(mass_floor=15)) == {"suspected": 12, "live": 8}
    assert standing(tmp_path, *crawls, rules=Rules(mass_floor=15, gone_hours=6)) == {"gone": 12, "live": 8}
    assert standing(tmp_path, *crawls) == {"live": 20}


def test_a_doubted_crawl_still_proves_what_it_found(tmp_path: Path) -> None:
    crawls = [site(0), site(1, 9), site(2, 20)]
    crawls[2].files["sightings"] = [
        line.replace(b'"missing"', b'"not_modified"') if id_of(URLS[0]).encode() in line else line
        for line in crawls[2].files["sightings"]
    ]
    with folded(tmp_path, *crawls) as catalog:
        article = catalog.article(id_of(URLS[0]))
        assert article is not None
        assert (article.status, article.last_seen) == ("live", at(2, 2))
        assert "gone" not in {kind for kind, _ in story(catalog)}
