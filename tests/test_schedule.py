"""When an article is looked at again: pure, without a crawl."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdfupin_spider.catalog import ArticleState, FailedLooks
from gdfupin_spider.clock import stamp
from gdfupin_spider.frontier.recheck import SLACK, Schedule, due, due_at

BEGIN = datetime(2026, 1, 1, 3, tzinfo=UTC)
DAY = timedelta(days=1)
USUAL = Schedule()


def article(number: int = 0, **more: object) -> ArticleState:
    at = stamp(BEGIN)
    plain = ArticleState(
        f"gdfupin-{number:012x}", "live", "http://a.cn/1", None, "题", None, None, 1, at, at, at, at, None
    )
    return replace(plain, **more)


def recheck_days(one: ArticleState, days: int) -> list[int]:
    """The days on which daily crawls look at an article."""
    found = []
    for day in range(1, days):
        now = BEGIN + day * DAY
        if due([one], now, USUAL):
            found.append(day)
            one = replace(one, looked_at=stamp(now + timedelta(hours=1)))
    return found


def test_a_new_article_is_looked_at_after_one_two_four_eight_days_and_so_on() -> None:
    assert recheck_days(article(date="2026-01-01"), 600) == [1, 2, 4, 8, 16, 32, 64, 128, 218, 308, 398, 488, 578]


def test_an_old_article_is_looked_at_every_ninety_days() -> None:
    assert recheck_days(article(date="2012-05-04"), 600) == [90, 180, 270, 360, 450, 540]


@pytest.mark.parametrize("count", [1, 12, 332])
def test_after_a_first_crawl_of_an_old_site_rechecks_are_spread_evenly_over_ninety_days(count: int) -> None:
    """Each article is looked at within 90 days, and no day has more than a ninetieth of them, rounded up."""
    articles = {one.id: one for one in (article(number, date="2012-05-04") for number in range(count))}
    seen: set[str] = set()
    for day in range(1, 91):
        found = due(articles.values(), BEGIN + day * DAY, USUAL)
        assert len(found) <= -(-count // 90)
        for one in found:
            articles[one.id] = replace(one, looked_at=stamp(BEGIN + day * DAY + timedelta(hours=1)))
            seen.add(one.id)
    assert len(seen) == count


def test_an_article_whose_rechecks_fail_does_not_keep_the_others_waiting() -> None:
    articles = {one.id: one for one in (article(number, date="2012-05-04") for number in range(30))}
    asked: Counter[str] = Counter()
    failed: dict[str, FailedLooks] = {}
    for day in range(1, 181):
        now = BEGIN + day * DAY
        for one in due(articles.values(), now, USUAL, failed):
            asked[one.id] += 1
            if one.id.endswith("0007"):
                failed[one.id] = FailedLooks(stamp(now), failed[one.id].count + 1 if one.id in failed else 1)
            else:
                articles[one.id] = replace(one, looked_at=stamp(now))
    assert 7 <= asked.pop("gdfupin-000000000007") <= 9
    assert min(asked.values()) == 2
    assert asked.total() <= 2 * 30


def test_after_an_edit_the_days_count_anew() -> None:
    edited = stamp(BEGIN + 100 * DAY)
    one = article(date="2012-05-04", changed_at=edited, looked_at=edited)
    assert [day - 100 for day in recheck_days(one, 140) if day > 100] == [1, 2, 4, 8, 16, 32]


@pytest.mark.parametrize(("hours", "is_due"), [(1, False), (11, False), (12, True), (24, True)])
def test_what_was_missing_once_is_looked_at_by_the_next_crawl_after_twelve_hours(hours: int, is_due: bool) -> None:
    one = article(date="2012-05-04", missing_since=stamp(BEGIN), status="suspected")
    assert bool(due([one], BEGIN + timedelta(hours=hours), USUAL)) == is_due


def test_what_is_gone_is_looked_at_ever_more_rarely() -> None:
    assert recheck_days(article(missing_since=stamp(BEGIN - DAY), status="gone"), 20) == [1, 2, 4, 8, 16]


def test_what_was_never_looked_at_live_is_due() -> None:
    assert due([article(looked_at=None)], BEGIN, USUAL)


def test_a_crawl_looks_at_a_hundred_at_most_the_missing_and_the_oldest_debt_first() -> None:
    many = [article(n, looked_at=stamp(BEGIN - n * DAY), date="2000-01-01") for n in range(200, 400)]
    lost = article(7, missing_since=stamp(BEGIN - DAY), status="suspected", looked_at=stamp(BEGIN - DAY))
    found = due([*many, lost], BEGIN, USUAL)
    assert len(found) == 100
    assert [one.id for one in found[:2]] == [lost.id, many[-1].id]


def test_of_very_many_a_ninetieth_is_looked_at() -> None:
    assert USUAL.budget(20_000) == 222
    assert len(due([article(n, looked_at=None) for n in range(20_000)], BEGIN, USUAL)) == 222


day = st.integers(0, 6000).map(lambda n: (BEGIN - n * DAY).date().isoformat())
moment = st.integers(-10_000, 0).map(lambda hours: stamp(BEGIN + timedelta(hours=hours)))


@settings(derandomize=True, max_examples=200)
@given(st.one_of(st.none(), day), moment, moment, moment, st.booleans())
def test_no_article_waits_longer_than_ninety_days_nor_is_asked_twice_at_once(
    date: str | None, first: str, changed: str, looked: str, missing: bool
) -> None:
    first, changed, looked = sorted((first, changed, looked))
    status = "suspected" if missing else "live"
    one = article(
        date=date, first_seen=first, changed_at=changed, looked_at=looked, status=status,
        missing_since=looked if missing else None,
    )  # fmt: skip
    wait = due_at(one, USUAL) - datetime.fromisoformat(looked)
    assert SLACK < wait <= timedelta(days=90)


@settings(derandomize=True, max_examples=50)
@given(st.lists(moment, max_size=300), st.integers(0, 400))
def test_never_more_are_due_than_a_crawl_may_look_at_and_later_ones_never_fewer(looked: list[str], days: int) -> None:
    articles = [article(n, looked_at=at, changed_at=at, first_seen=at) for n, at in enumerate(looked)]
    now, later = (due(articles, BEGIN + more * DAY, USUAL) for more in (days, days + 30))
    assert len(now) <= len(later) <= USUAL.budget(len(articles))
