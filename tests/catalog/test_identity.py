"""Which addresses are one article, whenever and in whatever order that is found."""

from pathlib import Path

import pytest

from gdfupin_spider.catalog.similarity import alike
from tests.catalog.lines import BODY, HOME, OTHER, Crawl, X, Y, Z, at, folded, id_of, story

ALMOST = BODY + "欢迎监督。"
HALF = BODY[: len(BODY) // 2] + OTHER[: len(BODY) // 2]


def ids(path: Path, *crawls: Crawl) -> list[str]:
    with folded(path, *crawls) as catalog:
        return [article.id for article in catalog.articles()]


def test_addresses_whose_pages_agree_in_all_but_the_section_are_one_article(tmp_path: Path) -> None:
    assert ids(tmp_path, Crawl(0).read(X), Crawl(5).read(Y, section="部门动态")) == [id_of(X)]


@pytest.mark.parametrize("other", [{"title": "另一则"}, {"date": "2021-01-14"}, {"source": "新华社"}])
def test_articles_with_the_same_body_but_another_field_stay_two(tmp_path: Path, other: dict[str, str]) -> None:
    crawls = Crawl(0).read(X), Crawl(1).read(Y, **other).missing(X), Crawl(2).missing(X)
    if "source" in other:
        crawls = Crawl(0).read(X), Crawl(1).read(Y, **other).read(X)
    assert len(ids(tmp_path, *crawls)) == 2


def test_addresses_that_agreed_at_different_times_are_one_article(tmp_path: Path) -> None:
    crawls = Crawl(0).read(X), Crawl(1).read(X, ALMOST).read(Y, OTHER), Crawl(2).read(X, HALF).read(Y)
    assert ids(tmp_path, *crawls) == [id_of(X)]


def test_a_new_address_with_a_body_almost_the_same_carries_on_what_vanished(tmp_path: Path) -> None:
    with folded(tmp_path, Crawl(0).read(X), Crawl(1).read(Y, ALMOST).missing(X)) as catalog:
        assert [article.id for article in catalog.articles()] == [id_of(X)]
        assert story(catalog) == [("added", X), ("edited", X), ("moved", Y)]


def test_two_that_stand_side_by_side_are_two_until_the_older_one_vanishes(tmp_path: Path) -> None:
    crawls = [Crawl(0).read(X), Crawl(1).read(X).read(Y, ALMOST), Crawl(2).missing(X).read(Y, ALMOST)]
    assert len(ids(tmp_path, *crawls[:2])) == 2
    assert ids(tmp_path, *crawls) == [id_of(X)]
    assert ids(tmp_path, *crawls, Crawl(3).read(X).read(Y, ALMOST)) == sorted([id_of(X), id_of(Y)])


def test_the_older_one_may_be_looked_at_long_after_the_newer_was_found(tmp_path: Path) -> None:
    crawls = Crawl(0).read(X), Crawl(1).read(Y, ALMOST), Crawl(30).missing(X)
    assert len(ids(tmp_path, *crawls[:2])) == 2
    assert ids(tmp_path, *crawls) == [id_of(X)]


def test_a_redirect_to_almost_the_same_is_carried_on(tmp_path: Path) -> None:
    with folded(tmp_path, Crawl(0).read(X), Crawl(1).moved(X, Y).read(Y, ALMOST)) as catalog:
        assert [article.id for article in catalog.articles()] == [id_of(X)]
        assert [kind for kind, _ in story(catalog)] == ["added", "edited", "moved"]


def test_what_is_half_the_same_is_another_article(tmp_path: Path) -> None:
    assert len(ids(tmp_path, Crawl(0).read(X), Crawl(1).read(Y, HALF).missing(X))) == 2


def test_what_vanishes_together_is_no_succession(tmp_path: Path) -> None:
    crawls = Crawl(0).read(X).read(Y, ALMOST), Crawl(1).missing(X, Y), Crawl(2).missing(X, Y)
    assert len(ids(tmp_path, *crawls)) == 2


def test_an_older_twin_does_not_carry_on_a_younger_one(tmp_path: Path) -> None:
    crawls = Crawl(0).read(Y, ALMOST), Crawl(1).read(X).read(Y, ALMOST), Crawl(2).missing(X).read(Y, ALMOST)
    assert len(ids(tmp_path, *crawls)) == 2


def test_missing_from_a_site_that_is_not_ours_is_no_evidence(tmp_path: Path) -> None:
    foreign = Crawl(2).page(HOME, "foreign").missing(X)
    assert len(ids(tmp_path, Crawl(0).read(X), Crawl(1).read(X).read(Y, ALMOST), foreign)) == 2


def test_the_id_is_that_of_the_address_captured_first_even_if_that_is_found_later(tmp_path: Path) -> None:
    live = Crawl(0).read(X)
    assert ids(tmp_path, live) == [id_of(X)]
    old = Crawl(9, "wayback").read(Y, when="2013-05-01T00:00:00Z")
    with folded(tmp_path, live, old) as catalog:
        assert [article.id for article in catalog.articles()] == [id_of(Y)]
        assert catalog.resolve(id_of(X)) == catalog.resolve(id_of(Y)) == id_of(Y)
        assert catalog.aliases(id_of(Y)) == [Y, X]


def test_of_addresses_captured_in_the_same_second_the_smaller_key_names_the_article(tmp_path: Path) -> None:
    assert ids(tmp_path, Crawl(0).read(Y, when=at(0)).read(X, when=at(0))) == [id_of(X)]


def test_an_address_that_only_ever_led_to_an_article_resolves_to_it(tmp_path: Path) -> None:
    with folded(tmp_path, Crawl(0).moved(Z, X).read(X)) as catalog:
        assert catalog.resolve(id_of(Z)) == id_of(X)
        assert catalog.resolve(id_of(Y)) is None


def test_a_redesign_at_new_addresses_brings_moves_and_nothing_else(tmp_path: Path) -> None:
    old, new = Crawl(0), Crawl(1)
    for number in range(30):
        body = BODY + "其" * number
        old.read(f"{HOME}{number}.asp", body, title=f"第{number}则")
        new.missing(f"{HOME}{number}.asp")
        new.read(f"{HOME}html/{number}.htm", body + ("（图）" if number % 3 == 0 else ""), title=f"第{number}则")
    with folded(tmp_path, old, new) as catalog:
        assert catalog.counts().articles == {"live": 30}
        kinds = [kind for kind, _ in story(catalog)]
        assert {kind: kinds.count(kind) for kind in kinds} == {"added": 30, "moved": 30, "edited": 10}
        assert catalog.doubted() == []


def test_bodies_are_compared_without_white_space() -> None:
    assert alike(BODY, "\n".join(BODY), 1.0)
    assert alike("", " ", 0.9)
    assert not alike(BODY, "", 0.9)


def test_a_tenth_that_differs_is_alike_and_more_is_not() -> None:
    text = "".join(chr(0x4E00 + n) for n in range(1000))
    for changed, expected in ((100, True), (101, False)):
        other = "".join("〇" if n % 9 == 0 and n // 9 < changed else char for n, char in enumerate(text))
        assert other.count("〇") == changed
        assert alike(text, other, 0.9) is expected
