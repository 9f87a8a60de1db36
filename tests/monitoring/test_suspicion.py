"""What holds a crawl back, and what does not."""

from typing import Any

import pytest

from gdfupin_spider.monitoring.monitors import alarms, held_by
from gdfupin_spider.storage.report import CrawlReport
from tests.monitoring.reports import report

LOOKED = {
    "listings_known": 10, "listings_read": 10, "articles_known": 300, "articles_requested": 4, "articles_seen": 4,
    "articles_missing": 0, "sections_known": 10, "sections_found": 10, "sections_new": 0,
}  # fmt: skip
NAMES = ["广东扶贫网", "广东省扶贫开发协会", "粤ICP备10213720号"]


def at(day: int, **more: Any) -> CrawlReport:
    return report(day, **{"looked": LOOKED, "identity": NAMES, "new_articles": 3, **more})


BEFORE = [at(day) for day in range(5)]


@pytest.mark.parametrize(
    ("name", "changed", "harmless"),
    [
        ("articles-flood", {"new_articles": 80}, {"new_articles": 70}),  # five days, at most three a day
        ("sections-renamed", {"looked": {**LOOKED, "sections_found": 0, "sections_new": 8}}, {"looked": {**LOOKED, "sections_found": 1, "sections_new": 8}}),
        ("spam-words", {"spam": {"articles": 20, "examples": [{"url": "http://a.cn/", "evidence": "彩金"}]}}, {"spam": {"articles": 0, "examples": []}}),
        ("identity-changed", {"identity": NAMES[:1]}, {"identity": NAMES[:2]}),
    ],
)  # fmt: skip
def test_each_suspicion_holds_a_crawl_back_alone(name: str, changed: dict[str, Any], harmless: dict[str, Any]) -> None:
    assert held_by(BEFORE, at(9, **changed)) == (name,)
    assert held_by(BEFORE, at(9, **harmless)) == ()


def test_the_news_of_many_days_without_a_crawl_are_no_flood() -> None:
    assert held_by(BEFORE, at(24, new_articles=280)) == ()
    assert held_by(BEFORE, at(24, new_articles=320)) == ("articles-flood",)


def test_with_few_crawls_a_quarter_of_the_archive_is_a_flood() -> None:
    assert held_by(BEFORE[:1], at(1, new_articles=76)) == ("articles-flood",)
    assert held_by(BEFORE[:1], at(1, new_articles=75)) == ()
    assert held_by([], at(1, new_articles=300)) == ()


def test_one_spoilt_article_of_many_is_an_alarm_but_holds_nothing_back() -> None:
    spam = {"articles": 1, "examples": [{"url": "http://a.cn/", "evidence": "彩金, 首存"}]}
    assert held_by(BEFORE, at(9, spam=spam)) == ()
    assert [alarm.name for alarm in alarms(BEFORE, at(9, spam=spam))] == ["spam-words"]


@pytest.mark.parametrize(
    ("name", "looked"),
    [
        ("listings-unread", {"listings_read": 0}),
        ("listings-unread", {"listings_read": 4}),
        ("articles-unread", {"articles_seen": 0}),
    ],
)
def test_what_could_not_be_looked_at_is_an_alarm(name: str, looked: dict[str, int]) -> None:
    assert [alarm.name for alarm in alarms(BEFORE, at(9, looked={**LOOKED, **looked}))] == [name]


def test_most_listings_are_enough() -> None:
    assert alarms(BEFORE, at(9, looked={**LOOKED, "listings_read": 5})) == []
