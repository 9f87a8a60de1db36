"""The replica as time goes by."""

from collections import Counter

import pytest

from gdfupin_spider.replica import LAST, MARKUPS, NONE, changes, truth
from gdfupin_spider.replica.epochs import site
from gdfupin_spider.replica.events import REDESIGN, happened
from gdfupin_spider.replica.responses import Responses

EACH = pytest.mark.parametrize("markup", list(MARKUPS))


@EACH
def test_nothing_changes_between_an_epoch_and_itself(markup: str) -> None:
    assert all(changes(markup, epoch, epoch) == [] for epoch in range(LAST + 1))


@EACH
def test_all_kinds_of_change_happen(markup: str) -> None:
    kinds = Counter(change.kind for epoch in range(LAST) for change in changes(markup, epoch, epoch + 1))
    assert set(kinds) == {"added", "edited", "moved", "gone", "reappeared"}
    fields = {name for epoch in range(LAST) for change in changes(markup, epoch, epoch + 1) for name in change.fields}
    assert fields == {"title", "date", "source", "author", "body", "captions", "attachment names"}


@EACH
def test_the_redesign_moves_every_article_and_edits_none(markup: str) -> None:
    before = {record.url for record in truth(markup, epoch=REDESIGN - 1)}
    after = {record.url for record in truth(markup, epoch=REDESIGN)}
    assert before.isdisjoint(after)
    kinds = Counter(change.kind for change in changes(markup, REDESIGN - 1, REDESIGN))
    assert kinds["edited"] == 0
    assert kinds["moved"] == len(before)


def test_fewer_articles_vanish_at_once_than_a_cautious_observer_would_doubt() -> None:
    gone = [sum(change.kind == "gone" for change in changes("frames", epoch, epoch + 1)) for epoch in range(LAST)]
    assert 0 < max(gone) < 10


@EACH
def test_what_is_gone_is_served_no_more(markup: str) -> None:
    gone = [change for epoch in range(LAST) for change in changes(markup, epoch, epoch + 1) if change.kind == "gone"]
    later = {record.number for record in truth(markup, epoch=LAST)}
    renderer = site(markup, LAST)
    assert gone
    for change in gone:
        if change.number not in later:
            assert renderer.key(change.url.removeprefix("http://www.gdfupin.org.cn")) not in renderer.pages_by_key()


@EACH
def test_an_edited_page_has_a_new_tag_and_a_new_date(markup: str) -> None:
    for change in changes(markup, 0, 1):
        if change.kind == "edited":
            target = change.url.removeprefix("http://www.gdfupin.org.cn")
            old, new = (dict(Responses(markup, epoch, NONE).response("GET", target, {}).headers) for epoch in (0, 1))
            assert old[b"ETag"] != new[b"ETag"]
            assert old[b"Last-Modified"] != new[b"Last-Modified"]


def test_backdated_articles_appear_deep_in_the_listings() -> None:
    new = {story.number for story in happened(2)} - {story.number for story in happened(1)}
    listed = [story.number for story in site("frames", 2).section_lists.newest]
    assert min(listed.index(number) for number in new) > 20


def test_titles_stay_apart_through_all_epochs() -> None:
    titles = Counter(record.title for record in truth("shtml", epoch=LAST))
    assert {title for title, count in titles.items() if count > 1} == {"协会简讯"}


def test_there_is_no_epoch_behind_the_last() -> None:
    with pytest.raises(ValueError, match="0 to 6"):
        truth("frames", epoch=LAST + 1)
