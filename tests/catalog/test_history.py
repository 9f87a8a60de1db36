"""Versions, edits, moves, disappearances: what is made of the looks at one article."""

from pathlib import Path

from gdfupin_spider.catalog import BEGIN, Rules, as_of, changes, changes_of, write_history
from gdfupin_spider.catalog.history import History
from gdfupin_spider.catalog.observations_sql import observations_of
from tests.catalog.lines import BODY, HOME, OTHER, Crawl, X, Y, Z, at, folded, happened, id_of, only, story

EDITED = BODY.replace("今年", "明年")


def test_what_stays_as_it_was_is_one_version_however_often_it_is_seen(tmp_path: Path) -> None:
    with folded(tmp_path, *(Crawl(day).read(X) for day in range(5))) as catalog:
        (version,) = catalog.versions()
        assert (version.first_seen, version.last_seen, version.sightings) == (at(0, 1), at(4, 1), 5)
        assert happened(catalog) == [("added", X)]


def test_an_edit_names_its_fields_and_between_which_looks_it_happened(tmp_path: Path) -> None:
    crawls = Crawl(0).read(X), Crawl(1).read(X), Crawl(3).read(X, EDITED, source="南方杂志")
    with folded(tmp_path, *crawls) as catalog:
        change = only(catalog, "edited")
        assert change.fields == ("source", "body")
        assert (change.seen_before, change.seen_after) == (at(1, 1), at(3, 1))
        first, second = catalog.versions(id_of(X))
        assert (change.before, change.after) == (first.content_sha256, second.content_sha256)


def test_text_that_comes_back_is_a_third_version(tmp_path: Path) -> None:
    with folded(tmp_path, Crawl(0).read(X), Crawl(1).read(X, EDITED), Crawl(2).read(X)) as catalog:
        assert [version.number for version in catalog.versions(id_of(X))] == [1, 2, 3]
        assert happened(catalog, as_of(at(0.5))) == []
        assert happened(catalog, as_of(at(1.5))) == [("edited", X, "body")]


def test_an_older_capture_found_later_takes_its_place_in_time(tmp_path: Path) -> None:
    folded(tmp_path, live := Crawl(0).read(X, EDITED)).close()
    old = Crawl(-1, "wayback").read(X, when="2013-05-01T00:00:00Z")
    with folded(tmp_path, live, old) as catalog:
        assert [version.first_seen for version in catalog.versions()] == ["2013-05-01T00:00:00Z", at(0, 1)]
        assert only(catalog, "added").seen_after == "2013-05-01T00:00:00Z"
        assert only(catalog, "edited").seen_before == "2013-05-01T00:00:00Z"


def test_what_is_not_modified_is_what_it_was(tmp_path: Path) -> None:
    crawls = Crawl(0).read(X, etag='"1"'), Crawl(1).look(X, "not_modified", etag='"1"')
    with folded(tmp_path, *crawls) as catalog:
        (version,) = catalog.versions()
        assert (version.last_seen, version.sightings) == (at(1, 1), 2)
        assert happened(catalog) == [("added", X)]


def test_not_modified_speaks_of_the_etag_that_was_asked_with_not_of_a_capture_found_later(tmp_path: Path) -> None:
    live = Crawl(0).read(X, etag='"1"'), Crawl(2).look(X, "not_modified", etag='"1"')
    between = Crawl(5, "wayback").read(X, EDITED, when=at(1))
    with folded(tmp_path, *live, between) as catalog:
        assert [version.first_seen for version in catalog.versions()] == [at(0, 1), at(1), at(2, 1)]


def test_another_section_at_the_same_address_is_moved_and_no_edit(tmp_path: Path) -> None:
    with folded(tmp_path, Crawl(0).read(X), Crawl(1).read(X, section="部门动态")) as catalog:
        change = only(catalog, "moved")
        assert (change.section_before, change.section) == ("扶贫要闻", "部门动态")
        assert change.before != change.after
        assert happened(catalog, as_of(at(0.5))) == [("moved", X)]


def test_a_section_that_is_not_printed_is_no_other_section(tmp_path: Path) -> None:
    crawls = Crawl(0).read(X, section=None), Crawl(1).read(X), Crawl(2).read(X, section=None), Crawl(3).read(X)
    with folded(tmp_path, *crawls) as catalog:
        assert story(catalog) == [("added", X)]


def test_two_addresses_seen_by_turns_in_their_sections_bring_nothing(tmp_path: Path) -> None:
    crawls = [
        Crawl(0).read(X).again(Y, same_as=X),
        Crawl(1).read(Y, section="部门动态").again(X, same_as=Y),
        Crawl(2).read(X),
        Crawl(3).read(Y, section="部门动态"),
    ]
    with folded(tmp_path, *crawls) as catalog:
        assert story(catalog) == [("added", X)]
        assert [version.sightings for version in catalog.versions()] == [6]


def test_a_second_address_that_lags_behind_brings_no_edit_back(tmp_path: Path) -> None:
    crawls = [
        Crawl(0).read(X).read(Y),
        Crawl(1).read(X, EDITED).read(Y),
        Crawl(2).read(X, EDITED).read(Y),
        Crawl(3).read(X, EDITED).read(Y, EDITED),
    ]
    with folded(tmp_path, *crawls) as catalog:
        assert [kind for kind, _ in story(catalog)] == ["added", "edited"]


def test_missing_once_is_suspected_and_twice_twelve_hours_apart_is_gone(tmp_path: Path) -> None:
    crawls = [Crawl(0).read(X).read(Z, OTHER), Crawl(1).missing(X), Crawl(1.4).missing(X), Crawl(1.6).missing(X)]
    standing = []
    for count in range(1, 5):
        with folded(tmp_path, *crawls[:count]) as catalog:
            article = catalog.article(id_of(X))
            assert article is not None
            standing.append(article.status)
    assert standing == ["live", "suspected", "suspected", "gone"]
    with folded(tmp_path, *crawls) as catalog:
        change = only(catalog, "gone")
        assert (change.seen_before, change.missing_since, change.seen_after) == (at(0, 1), at(1, 1), at(1.6, 1))
        assert change.after is None


def test_missing_twice_in_one_crawl_is_missing_once(tmp_path: Path) -> None:
    crawl = Crawl(1).look(X, "missing", when=at(1)).look(X, "missing", when=at(2))
    with folded(tmp_path, Crawl(0).read(X), crawl) as catalog:
        assert catalog.counts().articles == {"suspected": 1}


def test_neither_blocked_nor_unreadable_nor_unseen_is_missing(tmp_path: Path) -> None:
    crawls = Crawl(0).read(X), Crawl(1).look(X, "blocked"), Crawl(2).look(X, "unreadable"), Crawl(3).read(Z, OTHER)
    with folded(tmp_path, *crawls) as catalog:
        assert catalog.counts().articles == {"live": 2}


def test_a_look_that_finds_it_takes_the_suspicion_away(tmp_path: Path) -> None:
    crawls = Crawl(0).read(X), Crawl(1).missing(X), Crawl(2).look(X, "not_modified"), Crawl(3).missing(X)
    with folded(tmp_path, *crawls) as catalog:
        assert catalog.counts().articles == {"suspected": 1}
        assert story(catalog) == [("added", X)]


def test_what_comes_back_has_reappeared_under_its_id(tmp_path: Path) -> None:
    crawls = [Crawl(0).read(X), Crawl(1).missing(X), Crawl(2).missing(X), Crawl(9).read(X, EDITED)]
    with folded(tmp_path, *crawls) as catalog:
        assert [kind for kind, _ in story(catalog)] == ["added", "gone", "edited", "reappeared"]
        assert {change.id for change in changes(catalog, BEGIN)} == {id_of(X)}
        assert happened(catalog, as_of(at(0.5))) == [("edited", X, "body")]  # gone and back again between


def test_a_new_address_in_the_place_of_the_old_one_is_moved_at_once(tmp_path: Path) -> None:
    with folded(tmp_path, Crawl(0).read(X), Crawl(1).read(Y, section="部门动态").missing(X)) as catalog:
        change = only(catalog, "moved")
        assert (change.url_before, change.url, change.section) == (X, Y, "部门动态")
        assert change.id == id_of(X) == catalog.resolve(id_of(Y))
        assert catalog.aliases(id_of(X)) == [X, Y]
        assert catalog.counts().articles == {"live": 1}


def test_since_when_it_is_gone_does_not_depend_on_the_order_within_a_crawl(tmp_path: Path) -> None:
    """A crawl that found the article at its new address proves nothing by not finding it at the old one."""
    moves = Crawl(1).read(Y).missing(X), Crawl(1).missing(X).read(Y)
    for number, move in enumerate(moves):
        crawls = [Crawl(0).read(X), move, Crawl(2).missing(Y).missing(X), Crawl(3).missing(Y).missing(X)]
        with folded(tmp_path / str(number), *crawls[:2]) as catalog:
            assert [(article.status, article.missing_since) for article in catalog.articles()] == [("live", None)]
        with folded(tmp_path / str(number), *crawls) as catalog:
            assert only(catalog, "gone").missing_since == at(2, 1)


def test_a_second_address_stays_second_until_the_first_is_surely_gone(tmp_path: Path) -> None:
    crawls = [Crawl(0).read(X).read(Y), Crawl(1).missing(X).read(Y), Crawl(2).missing(X).read(Y)]
    with folded(tmp_path, *crawls[:2]) as catalog:
        assert story(catalog) == [("added", X)]
    with folded(tmp_path, *crawls) as catalog:
        assert story(catalog) == [("added", X), ("moved", Y)]


def test_a_redirect_to_another_address_of_the_article_is_moved(tmp_path: Path) -> None:
    with folded(tmp_path, Crawl(0).read(X).read(Y), Crawl(1).moved(X, Y).read(Y)) as catalog:
        assert story(catalog) == [("added", X), ("moved", Y)]


def test_the_section_of_a_new_place_that_is_not_known_yet_is_the_old_one(tmp_path: Path) -> None:
    crawls = [Crawl(0).read(X).again(Y, same_as=X), Crawl(1).moved(X, Y).look(Y, "not_modified")]
    with folded(tmp_path, *crawls) as catalog:
        assert [(article.url, article.section) for article in catalog.articles()] == [(Y, "扶贫要闻")]
    with folded(tmp_path, *crawls, Crawl(2).read(Y, section="部门动态")) as catalog:
        assert [(article.url, article.section) for article in catalog.articles()] == [(Y, "部门动态")]
        assert story(catalog) == [("added", X), ("moved", Y)]


def test_a_redirect_within_the_article_is_taken_even_from_a_doubted_crawl(tmp_path: Path) -> None:
    doubted = Crawl(1).page(HOME, "foreign").moved(X, Y)
    with folded(tmp_path, Crawl(0).read(X).read(Y), doubted) as catalog:
        assert story(catalog) == [("added", X), ("moved", Y)]


def test_what_was_not_found_is_known_to_be_owed_a_look_whatever_is_believed(tmp_path: Path) -> None:
    doubted = Crawl(1).page(HOME, "foreign").missing(X)
    with folded(tmp_path, Crawl(0).read(X), doubted) as catalog:
        assert [(article.status, article.missing_since) for article in catalog.articles()] == [("live", at(1, 2))]
    with folded(tmp_path, Crawl(0).read(X), doubted, Crawl(2).look(X, "not_modified")) as catalog:
        assert [article.missing_since for article in catalog.articles()] == [None]


def test_a_redirect_to_another_spelling_of_the_same_address_is_nothing(tmp_path: Path) -> None:
    crawl = Crawl(1).moved(X, X.replace("http:", "https:")).read(X.replace("http:", "https:"))
    with folded(tmp_path, Crawl(0).read(X), crawl) as catalog:
        assert story(catalog) == [("added", X)]


def test_a_redirect_to_an_error_page_is_missing_whatever_stands_between(tmp_path: Path) -> None:
    error = "http://www.gdfupin.org.cn/404.htm"
    crawls = [Crawl(0).read(X), Crawl(1).moved(X, Y).moved(Y, error).missing(error), Crawl(2).missing(X)]
    with folded(tmp_path, *crawls) as catalog:
        assert [kind for kind, _ in story(catalog)] == ["added", "gone"]


def test_a_redirect_to_a_home_page_under_another_address_is_missing(tmp_path: Path) -> None:
    index = "http://www.gdfupin.org.cn/index.asp"
    crawls = [
        Crawl(0).read(X),
        Crawl(1).moved(X, index).page(index, "home"),
        Crawl(2).moved(X, index).page(index, "home"),
    ]
    with folded(tmp_path, *crawls) as catalog:
        assert [kind for kind, _ in story(catalog)] == ["added", "gone"]


def test_a_redirect_to_somewhere_else_says_nothing(tmp_path: Path) -> None:
    crawls = [Crawl(0).read(X), *(Crawl(day).moved(X, Z) for day in (1, 2, 3))]
    with folded(tmp_path, *crawls) as catalog:
        assert catalog.counts().articles == {"live": 1}
        assert story(catalog) == [("added", X)]


def test_an_article_is_gone_when_all_its_addresses_are(tmp_path: Path) -> None:
    crawls = [Crawl(0).read(X).read(Y), Crawl(1).missing(X, Y), Crawl(2).missing(X), Crawl(3).missing(Y)]
    with folded(tmp_path, *crawls[:3]) as catalog:
        assert catalog.counts().articles == {"suspected": 1}
    with folded(tmp_path, *crawls) as catalog:
        assert [kind for kind, _ in story(catalog)] == ["added", "gone"]


def test_what_only_archives_saw_is_archived_where_nothing_proves_it_gone(tmp_path: Path) -> None:
    """Neither does what a live crawl misses: it may be at another address there."""
    old = Crawl(9, "wayback").read(X, when="2013-05-01T00:00:00Z").look(X, "missing", when="2016-01-01T00:00:00Z")
    with folded(tmp_path, old, Crawl(0).missing(X), Crawl(1).missing(X)) as catalog:
        assert catalog.counts().articles == {"archived": 1}
        assert story(catalog) == [("added", X)]


def test_an_archived_address_yields_to_the_live_one_without_a_word(tmp_path: Path) -> None:
    old = Crawl(9, "wayback").read(Y, when="2013-05-01T00:00:00Z", section="旧栏目")
    with folded(tmp_path, old, Crawl(0).read(X)) as catalog:
        (article,) = catalog.articles()
        assert (article.id, article.url, article.section, article.status) == (id_of(Y), X, "扶贫要闻", "live")
        assert story(catalog) == [("added", Y)]


def test_the_line_of_a_version_is_that_at_the_articles_place(tmp_path: Path) -> None:
    first = Crawl(0).read(X)
    with folded(tmp_path, first, Crawl(1).read(Y, section="部门动态")) as catalog:
        (version,) = catalog.versions()
        assert version.line is not None
        assert version.line.folder == first.folder


def test_a_read_without_its_line_still_proves_the_article_there(tmp_path: Path) -> None:
    crawls = Crawl(0).read(X), Crawl(1).missing(X), Crawl(2).read(X, EDITED, lost_line=True), Crawl(3).missing(X)
    with folded(tmp_path, *crawls) as catalog:
        assert catalog.counts().articles == {"suspected": 1}
        assert story(catalog) == [("added", X)]


def test_a_crawl_of_an_archive_tells_what_it_brought_to_light(tmp_path: Path) -> None:
    old = Crawl(9, "wayback").read(X, EDITED, when="2013-05-01T00:00:00Z").read(Z, OTHER, when="2014-05-01T00:00:00Z")
    with folded(tmp_path, Crawl(0).read(X), old) as catalog:
        assert {(change.kind, change.url) for change in changes_of(catalog, old.name)} == {("added", X), ("added", Z)}
        assert [change.kind for change in changes_of(catalog, Crawl(0).name)] == ["edited"]


def test_articles_seen_once_are_told_all_at_once_as_their_histories_would_be(tmp_path: Path) -> None:
    crawls = [
        Crawl(0).read(X).read(Z, OTHER, section=None),
        Crawl(9, "wayback").read(Y, OTHER, title="旧闻", when="2013-05-01T00:00:00Z"),
    ]
    with folded(tmp_path, *crawls) as catalog:
        histories = {
            n: History(observations_of(catalog._db, n), Rules())
            for (n,) in catalog._db.execute("SELECT n FROM article")
        }
        assert len(histories) == 3
        for n, history in histories.items():
            reported = [catalog._db.execute(f"SELECT * FROM {table}").fetchall() for table in ("article", "version")]
            assert write_history._article(n, history) in reported[0]
            assert set(write_history._versions(n, history)) <= set(reported[1])
            assert not list(write_history._events(n, history)) + write_history._states(history)
