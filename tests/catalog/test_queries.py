"""What the catalog answers to the crawl that comes next, and to people."""

from pathlib import Path

from tests.catalog.lines import BODY, HOME, OTHER, Crawl, X, Y, Z, at, folded, id_of


def test_an_address_tells_its_article_its_outcome_and_the_last_live_validators(tmp_path: Path) -> None:
    crawls = [
        Crawl(0).read(X, etag='"1"').read(Y, BODY, section="部门动态"),
        Crawl(1).look(X, "not_modified", etag='"2"'),
        Crawl(2).look(X, "blocked", etag='"firewall"'),
        Crawl(9, "wayback").read(X, when=at(3), etag='"archive"'),
    ]
    with folded(tmp_path, *crawls) as catalog:
        state = catalog.address(id_of(X))
        assert state is not None
        assert (state.article, state.state, state.outcome) == (id_of(X), "live", "read")
        assert (state.etag, state.looked_at) == ('"2"', at(2, 1))
        second = catalog.address(id_of(Y))
        assert second is not None
        assert (second.article, second.state, second.etag) == (id_of(X), "live", None)
        assert catalog.address(id_of(Z)) is None


def test_a_page_that_is_no_article_is_known_with_its_validators(tmp_path: Path) -> None:
    about = f"{HOME}about.asp"
    with folded(
        tmp_path, Crawl(0).page(about, "unknown", etag='"a"', last_modified="Mon, 05 Jul 2021 01:30:00 GMT")
    ) as catalog:
        state = catalog.address(id_of(about))
        assert state is not None
        assert (state.article, state.state, state.outcome, state.etag) == (None, None, "unknown", '"a"')


def test_addresses_stand_for_themselves_beside_their_article(tmp_path: Path) -> None:
    crawls = Crawl(0).read(X).read(Y), Crawl(1).missing(X), Crawl(2).missing(X).read(Y)
    with folded(tmp_path, *crawls) as catalog:
        states = [catalog.address(id_of(url)) for url in (X, Y)]
        assert [state and state.state for state in states] == ["gone", "live"]
        assert [article.status for article in catalog.articles()] == ["live"]
        assert [article.url for article in catalog.articles("live")] == [Y]
        assert list(catalog.articles("gone")) == []


def test_an_address_that_only_failed_is_known_to_have(tmp_path: Path) -> None:
    with folded(tmp_path, Crawl(0).failure(X)) as catalog:
        state = catalog.address(id_of(X))
        assert state is not None
        assert (state.outcome, state.looked_at) == ("failed", None)


def test_an_article_is_found_by_any_of_its_ids(tmp_path: Path) -> None:
    with folded(tmp_path, Crawl(0).read(X), Crawl(1).read(Y).missing(X)) as catalog:
        article = catalog.article(id_of(Y))
        assert article is not None
        assert (article.id, article.url, article.title, article.first_seen) == (id_of(X), Y, "扶贫要闻一则", at(0, 1))
        assert (article.looked_at, article.last_seen) == (at(1, 2), at(1, 1))
        assert article.changed_at == at(0, 1), (
            "a move is no change of the text, after which it would be looked at often"
        )
        assert catalog.article(id_of(Z)) is None


def test_versions_point_to_their_lines(tmp_path: Path) -> None:
    first, second = Crawl(0).read(Z, OTHER).read(X), Crawl(1).read(X, f"{BODY}又记。")
    with folded(tmp_path, first, second) as catalog:
        places = [version.line for version in catalog.versions(id_of(X))]
        found = [(place.folder, place.offset) for place in places if place]
        assert found == [(first.folder, len(first.files["articles"][0])), (second.folder, 0)]
        assert [first.body(found[0][1]), second.body(0)] == [BODY, f"{BODY}又记。"]
        assert len(list(catalog.versions())) == 3
