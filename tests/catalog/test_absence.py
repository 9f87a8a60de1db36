"""404s that web archives kept: when they make an article gone, and when they prove nothing."""

from collections.abc import Callable
from pathlib import Path

import pytest

from gdfupin_spider.catalog import Catalog, Rules
from tests.catalog.lines import HOME, OTHER, Crawl, X, Y, Z, at, folded, id_of, only, story

URLS = [f"{HOME}{number}.asp" for number in range(60)]
SEEN, MISSED, AGAIN, LATER = (f"{year}-05-01T00:00:00Z" for year in (2013, 2015, 2016, 2019))


def archived(name: str = "a", origin: str = "wayback") -> Crawl:
    """An archive that saw X and Z in 2013, and Z also in 2019: the site stood until then."""
    crawl = Crawl(9, origin, name=name)  # type: ignore[arg-type]
    crawl.read(X, when=SEEN).read(Z, OTHER, title="旧闻", when=SEEN)
    return crawl.read(Z, OTHER, title="旧闻", when=LATER)


def status_of(catalog: Catalog, url: str = X) -> tuple[str, str | None]:
    article = catalog.article(id_of(url))
    assert article is not None
    return article.status, article.missing_since


def test_two_archived_404s_make_what_only_archives_saw_gone(tmp_path: Path) -> None:
    crawls = archived().gone(X, MISSED), Crawl(10, "commoncrawl").gone(X, AGAIN, 410)
    with folded(tmp_path, *crawls) as catalog:
        assert status_of(catalog) == ("gone", MISSED)
        change = only(catalog, "gone")
        assert (change.seen_before, change.missing_since, change.seen_after) == (SEEN, MISSED, AGAIN)
        answers = list(catalog.sightings(id_of(X), MISSED, AGAIN))
        assert [(answered.origin, answered.crawl) for answered in answers] == [
            ("wayback", "a"),
            ("commoncrawl", crawls[1].name),
        ]
        assert status_of(catalog, Z) == ("archived", None)


def test_one_archived_404_makes_it_suspected_and_two_of_one_import_count_if_they_are_far_apart(tmp_path: Path) -> None:
    with folded(tmp_path / "once", archived().gone(X, MISSED)) as catalog:
        assert status_of(catalog) == ("suspected", MISSED)
    with folded(tmp_path / "near", archived().gone(X, MISSED).gone(X, "2015-05-01T11:00:00Z")) as catalog:
        assert status_of(catalog) == ("suspected", MISSED)
    with folded(tmp_path / "far", archived().gone(X, MISSED).gone(X, "2015-05-01T12:00:00Z")) as catalog:
        assert status_of(catalog) == ("gone", MISSED)


def test_what_was_seen_later_by_whomever_is_not_gone(tmp_path: Path) -> None:
    old = archived().gone(X, MISSED).gone(X, AGAIN)
    for number, later in enumerate((Crawl(0).read(X), Crawl(10, "cdx").read(X, when="2017-05-01T00:00:00Z"))):
        with folded(tmp_path / str(number), old, later) as catalog:
            assert status_of(catalog) == ("live" if number == 0 else "archived", None)
            assert [kind for kind, _ in story(catalog)][-2:] == ["gone", "reappeared"]


def test_an_article_that_was_seen_live_before_is_gone_by_archives_alone(tmp_path: Path) -> None:
    old = Crawl(9, "wayback").gone(X, at(100)).read(Z, OTHER, title="旧闻", when=at(300))
    live = Crawl(0).read(X).read(Z, OTHER, title="旧闻")
    with folded(tmp_path, live, old) as catalog:
        assert status_of(catalog) == ("suspected", at(100))
    with folded(
        tmp_path, live, old, Crawl(200).missing(X)
    ) as catalog:  # an archive and a live crawl confirm each other
        assert status_of(catalog) == ("gone", at(100))


@pytest.mark.parametrize(
    "answered",
    [
        lambda crawl, when: crawl.gone(X, when, 200),
        lambda crawl, when: crawl.look(X, "missing", when),
        lambda crawl, when: crawl.look(X, "blocked", when),
        lambda crawl, when: crawl.look(X, "unreadable", when),
        lambda crawl, when: crawl.look(X, "moved", when, to="http://www.gdfupin.org.cn/index.asp"),
    ],
    ids=["soft error", "status unknown", "blocked", "unreadable", "moved"],
)
def test_other_answers_of_archives_prove_nothing(tmp_path: Path, answered: Callable[[Crawl, str], Crawl]) -> None:
    with folded(tmp_path, answered(answered(archived(), MISSED), AGAIN)) as catalog:
        assert status_of(catalog) == ("archived", None)
        assert [sighting.word for sighting in catalog.sightings(id_of(X), MISSED, AGAIN)] == [None, None]


def test_404s_after_the_site_had_closed_or_been_sold_prove_nothing(tmp_path: Path) -> None:
    late = archived().gone(X, "2021-05-01T00:00:00Z").gone(X, "2022-05-01T00:00:00Z")
    with folded(tmp_path / "closed", late) as catalog:
        assert status_of(catalog) == ("archived", None)
    hijacked = archived().gone(X, MISSED).gone(X, AGAIN)
    for when in (MISSED, AGAIN):
        hijacked.page(HOME, "foreign", when)
    with folded(tmp_path / "hijacked", hijacked) as catalog:
        assert status_of(catalog) == ("archived", None)


def test_404s_at_the_old_addresses_of_a_redesigned_site_prove_nothing(tmp_path: Path) -> None:
    """A stray page of the old design stays; new addresses are alive, but were not there when the articles were seen."""
    crawl = Crawl(9, "wayback")
    for number, url in enumerate(URLS[:8]):
        crawl.read(url, title=f"第{number}则", when=f"2013-05-01T00:00:{number:02}Z")
    for number, url in enumerate(URLS[1:8], 1):  # one a year, so no month is one of mass
        crawl.gone(url, f"{2014 + number}-02-01T00:00:00Z").gone(url, f"{2014 + number}-03-01T00:00:00Z")
    for number in range(40):
        crawl.read(f"{HOME}new/{number}.htm", title=f"新{number}则", when=f"2014-05-01T00:00:{number:02}Z")
        crawl.read(f"{HOME}new/{number}.htm", title=f"新{number}则", when=f"2023-05-01T00:00:{number:02}Z")
    crawl.read(URLS[0], title="第0则", when="2023-05-01T00:00:00Z")
    with folded(tmp_path, crawl) as catalog:
        assert catalog.counts().articles["archived"] == 47  # the last of them is missing no more often than one stands
        assert status_of(catalog, URLS[7]) == ("gone", "2021-02-01T00:00:00Z")


def test_a_redesign_takes_nothing_from_what_404s_proved_before(tmp_path: Path) -> None:
    """Since 2016 all articles are at new addresses, and all old addresses answer 404."""
    crawl = Crawl(9, "wayback")
    for number, url in enumerate(URLS[:8]):
        title = f"第{number}则"
        crawl.read(url, title=title, when=f"2013-05-01T00:00:{number:02}Z")
        if number:
            crawl.read(url, title=title, when=f"2015-07-01T00:00:{number:02}Z")
            crawl.read(f"{HOME}new/{number}.htm", title=title, when=f"2016-05-01T00:00:{number:02}Z")
        for year in (2014, 2015) if number == 0 else (2016, 2017):
            crawl.gone(url, f"{year}-06-01T00:00:{number:02}Z")
    with folded(tmp_path, crawl) as catalog:
        assert status_of(catalog, URLS[0]) == ("gone", "2014-06-01T00:00:00Z")
        assert catalog.counts().articles == {"gone": 1, "archived": 7}


def month_of(missing: int) -> Crawl:
    """Sixty articles of 2013 of which the first ones are missing in two months of 2015 in which the others are found."""
    crawl = Crawl(9, "wayback")
    for number, url in enumerate(URLS):
        title = f"第{number}则"
        crawl.read(url, title=title, when=f"2013-05-01T00:00:{number:02}Z")
        for month in ("02", "03"):
            when = f"2015-{month}-01T00:00:{number:02}Z"
            if number < missing:
                crawl.gone(url, when)
            else:
                crawl.read(url, title=title, when=when)
    return crawl


def test_mass_disappearance_in_a_month_is_doubted_and_stays_so(tmp_path: Path) -> None:
    with folded(tmp_path / "few", month_of(9)) as catalog:
        assert catalog.counts().articles == {"archived": 51, "gone": 9}
    with folded(tmp_path / "many", month_of(10)) as catalog:
        assert catalog.counts().articles == {"archived": 60}
    with folded(tmp_path / "many", month_of(10), rules=Rules(mass_share=0.2)) as catalog:  # they apply to all that was
        assert catalog.counts().articles == {"archived": 50, "gone": 10}


def test_those_that_were_missing_before_are_no_mass(tmp_path: Path) -> None:
    crawl = month_of(9)
    for number, url in enumerate(URLS[:18]):
        for month in ("07", "08"):
            crawl.gone(url, f"2016-{month}-01T00:00:{number:02}Z")
    for number, url in enumerate(URLS[18:], 18):
        crawl.read(url, title=f"第{number}则", when=f"2016-08-01T00:00:{number:02}Z")
    with folded(tmp_path, crawl) as catalog:
        assert catalog.counts().articles == {"archived": 42, "gone": 18}


def test_all_addresses_of_an_article_that_only_archives_saw_must_be_gone(tmp_path: Path) -> None:
    crawl = archived().read(Y, when=SEEN).gone(X, MISSED).gone(X, AGAIN)
    with folded(tmp_path / "one", crawl) as catalog:
        assert status_of(catalog)[0] == "archived"
    crawl.read(f"{HOME}w.asp", OTHER, title="又一则", when=SEEN).read(f"{HOME}w.asp", OTHER, title="又一则", when=LATER)
    crawl.gone(Y, MISSED).gone(Y, AGAIN)
    with folded(tmp_path / "both", crawl) as catalog:
        assert status_of(catalog)[0] == "gone"
