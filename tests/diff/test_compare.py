"""What differs between two sets of articles, from what they say alone."""

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdfupin_spider.diff import ArticlesInMemory, Difference, compare
from tests.diff.records import BODY, OTHER, X, Y, Z, article, at

EDITED = f"{BODY}又记。"
Set = list[dict[str, Any]]


def compared(old: Set, new: Set) -> list[Difference]:
    return list(compare(ArticlesInMemory(old, "old.jsonl"), ArticlesInMemory(new, "new.jsonl")))


def kinds(old: Set, new: Set) -> list[tuple[str, ...]]:
    """Changes as (kind, url, *fields)."""
    return [(each.kind, each.url, *each.fields) for each in compared(old, new)]


def test_a_set_does_not_differ_from_itself() -> None:
    assert kinds([article(X), article(Y, OTHER)], [article(Y, OTHER), article(X)]) == []


def test_what_is_in_the_newer_set_alone_was_added_and_what_is_in_the_older_alone_is_gone() -> None:
    gone, added = sorted(compared([article(X)], [article(Y, OTHER, title="别的")]), key=lambda each: each.kind)[::-1]
    assert (gone.kind, gone.url, gone.seen_after, gone.new) == ("gone", X, None, None)
    assert (added.kind, added.url, added.seen_before, added.old) == ("added", Y, None, None)


def test_evidence_of_two_files_is_where_the_article_stands_and_no_more() -> None:
    (gone,) = compared([article(X)], [])
    assert gone.evidence == "in old.jsonl, not in new.jsonl"
    assert gone.missing_since is None
    (added,) = compared([], [article(X)])
    assert added.evidence == "in new.jsonl, not in old.jsonl"


@pytest.mark.parametrize(
    ("value", "field"),
    [
        ({"title": "另一题"}, "title"),
        ({"date": None}, "date"),
        ({"source": None}, "source"),
        ({"author": "李明"}, "author"),
        ({"body": OTHER}, "body"),
        ({"captions": ["图为现场"]}, "captions"),
        ({"names": ["附件.doc"]}, "attachment names"),
    ],
)
def test_each_field_is_named_that_was_edited(value: dict[str, Any], field: str) -> None:
    (change,) = compared([article(X)], [article(X, **value)])
    assert (change.kind, change.fields, change.weight) == ("edited", (field,), "substantive")
    assert change.old is not None
    assert change.new is not None


def test_another_section_is_moved_and_not_edited_and_none_is_no_other() -> None:
    (change,) = compared([article(X)], [article(X, section="部门动态")])
    assert (change.kind, change.section_before, change.section, change.weight) == (
        "moved",
        "扶贫要闻",
        "部门动态",
        None,
    )
    assert kinds([article(X)], [article(X, section=None)]) == []


def test_an_article_may_be_edited_and_moved_at_once() -> None:
    assert kinds([article(X)], [article(X, EDITED, section="部门动态")]) == [("edited", X, "body"), ("moved", X)]


def test_the_same_address_spelt_otherwise_is_no_other_place() -> None:
    other = article(X) | {"url": X.replace("http://www.", "https://")}
    assert kinds([article(X)], [other]) == []


def test_a_redesign_at_new_addresses_is_moved() -> None:
    old = [article(X), article(Y, OTHER)]
    new = [article(X.replace(".asp", ".html")), article(Y.replace(".asp", ".html"), OTHER, section="部门动态")]
    assert sorted(kinds(old, new)) == [("moved", each["url"]) for each in new]


def test_a_redesign_with_a_retouched_body_is_moved_and_edited() -> None:
    assert kinds([article(X)], [article(Y, EDITED)]) == [("edited", Y, "body"), ("moved", Y)]


def test_an_article_with_the_title_of_another_and_other_text_is_another() -> None:
    assert sorted(kinds([article(X)], [article(Y, OTHER)])) == [("added", Y), ("gone", X)]


def test_a_text_under_another_title_is_another_article() -> None:
    assert sorted(kinds([article(X)], [article(Y, title="另一题")])) == [("added", Y), ("gone", X)]


def test_two_articles_with_one_body_and_two_dates_find_their_own_partners() -> None:
    old = [article(X), article(Y, date="2020-01-01")]
    new = [article(f"{Y}x", date="2020-01-01"), article(f"{X}x")]
    found = {(each.url_before, each.url) for each in compared(old, new)}
    assert found == {(X, f"{X}x"), (Y, f"{Y}x")}


def test_an_alias_tells_an_article_whatever_it_says() -> None:
    new = article(Y, OTHER, title="别的", aliases=[Y, X])
    assert kinds([article(X)], [new]) == [("edited", Y, "title", "body"), ("moved", Y)]
    assert kinds([new], [article(X)]) == [("edited", X, "title", "body"), ("moved", X)]
    as_released = article(Y, aliases=[{"id": article(X)["id"], "url": X}])
    assert kinds([article(X)], [as_released]) == [("moved", Y)]
    by_id = article(Y, aliases=[article(X)["id"]])
    assert kinds([article(X)], [by_id]) == [("moved", Y)]


def test_an_article_that_was_found_to_be_another_one_is_not_gone() -> None:
    both = article(X, aliases=[X, Y])
    assert kinds([article(X), article(Y, OTHER)], [both]) == []
    assert kinds([both], [article(X), article(Y, OTHER)]) == []


def test_what_an_export_says_of_an_article_is_believed() -> None:
    live, gone = article(X, status="live", last_seen=at(3)), article(X, status="gone", last_seen=at(3))
    (change,) = compared([live], [gone])
    assert (change.kind, change.seen_before, change.evidence) == (
        "gone", at(3), "marked as gone in new.jsonl, not in old.jsonl",
    )  # fmt: skip
    assert kinds([gone], [live]) == [("reappeared", X)]
    assert kinds([gone], []) == kinds([gone], [gone]) == kinds([live], [article(X, status="suspected")]) == []
    assert kinds([], [gone]) == [("added", X), ("gone", X)]


def test_of_an_article_that_stands_twice_the_newest_record_counts() -> None:
    twice = [article(X, EDITED, captured_at=at(2)), article(X, captured_at=at(1))]
    assert kinds([article(X)], twice) == kinds([article(X)], twice[::-1]) == [("edited", X, "body")]
    versions = [article(X, EDITED, version=10), article(X, version=9, captured_at=at(9))]
    assert kinds([article(X)], versions) == [("edited", X, "body")]


def test_what_does_not_fit_into_memory_waits_on_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    old = [article(f"{X}?{n}", f"{BODY}{n}", title=f"题{n}") for n in range(30)]
    new = [article(f"{Y}?{n}", f"{BODY}{n}再记", title=f"题{n}") for n in range(30)]
    known = compared(old, new)
    monkeypatch.setattr("gdfupin_spider.diff.spill.IN_MEMORY", 10_000)
    again = compared(old, new)
    assert again == known
    assert len(known) == 60
    assert [(each.old, each.new) for each in again] == [(each.old, each.new) for each in known]


def test_a_line_of_a_difference_is_the_change_and_not_the_article() -> None:
    (change,) = compared([article(X)], [article(X, EDITED)])
    assert list(change.as_dict())[:10] == [
        "kind", "id", "url", "title", "section", "fields", "before", "after", "seen_before", "seen_after",
    ]  # fmt: skip
    assert "会议" not in change.line()


articles = st.builds(
    article,
    url=st.sampled_from([X, Y, Z, f"{X}?page=1", f"{Y}?id=2"]),
    body=st.sampled_from([BODY, EDITED, OTHER]),
    title=st.sampled_from(["扶贫要闻一则", "别的"]),
    date=st.sampled_from(["2021-01-13", None]),
    section=st.sampled_from(["扶贫要闻", None]),
    status=st.sampled_from(["live", "gone", None]),
    aliases=st.sampled_from([None, [], [X], [Y, Z]]),
)
sets = st.lists(articles, max_size=6, unique_by=lambda each: each["id"])


@settings(derandomize=True, max_examples=150, deadline=None)
@given(sets, sets, st.randoms(use_true_random=False))
def test_the_order_of_articles_means_nothing(old: Set, new: Set, chance: random.Random) -> None:
    shuffled = chance.sample(old, len(old)), chance.sample(new, len(new))
    assert compared(*shuffled) == compared(old, new)


@settings(derandomize=True, max_examples=100, deadline=None)
@given(sets)
def test_no_set_differs_from_itself(old: Set) -> None:
    assert compared(old, old[::-1]) == []


@settings(derandomize=True, max_examples=150, deadline=None)
@given(sets, sets)
def test_each_article_is_told_once_a_kind(old: Set, new: Set) -> None:
    reported = [(each.kind, each.id) for each in compared(old, new)]
    assert len(reported) == len(set(reported))
