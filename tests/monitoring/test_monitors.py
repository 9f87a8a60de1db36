"""What is unlike earlier crawls is said, and nothing else is."""

import random
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdfupin_spider.monitoring.monitors import alarms, monitored
from gdfupin_spider.monitoring.staleness import rhythm
from gdfupin_spider.monitoring.thresholds import Thresholds
from gdfupin_spider.storage.aftermath import Freshness
from gdfupin_spider.storage.report import CrawlReport, Run, decode_crawl_report
from tests.monitoring.reports import FIRST, compared, report, report_json, silent

BEFORE = [report(day) for day in range(5)]
FALLEN = {"listing_pages": 10, "printed_total": 150, "listed": 200}
NEW = {"listing_pages": 1, "printed_total": 3, "listed": 3}


def names(earlier: list[CrawlReport], now: CrawlReport, thresholds: Thresholds | None = None) -> list[str]:
    return [alarm.name for alarm in alarms(earlier, now, thresholds)]


@pytest.mark.parametrize(
    ("name", "changed", "harmless"),
    [
        ("date-missing", {"fields__date": 200}, {"fields__date": 280}),
        ("source-missing", {"fields__source": 0}, {"fields__source": 300}),
        ("section-missing", {"fields__section": 250}, {"fields__section": 275}),
        ("broken-text", {"broken": 60}, {"broken": 20}),
        ("encoding: gb18030", {"encodings": {"utf-8": 300}}, {"encodings": {"gb18030": 270, "utf-8": 30}}),
        (
            "unreadable",
            {"sightings": {"read": 275, "unreadable": 45}},
            {"sightings": {"read": 290, "unreadable": 10}},
        ),
        ("blocked", {"sightings": {"read": 275, "blocked": 45}}, {"sightings": {"read": 298, "blocked": 8}}),
        ("titles-disagree", {"leaks__titles": {"compared": 300, "disagree": 90}}, {"leaks__titles__disagree": 12}),
        ("crawl-smaller", {"requests_total": 100}, {"requests_total": 300}),
        ("layouts-misfit", {"layouts__misfits": 90}, {"layouts__misfits": 40}),
        ("layouts-unknown", {"layouts__other_shapes": 90}, {"layouts__other_shapes": 30}),
        ("leaks-more", {"leaks__recurring_lines__count": 9}, {"leaks__recurring_lines__count": 5}),
        ("live-fewer", {"catalog__articles__live": 250}, {"catalog__articles__live": 280}),
        ("articles-fewer", {"coverage__扶贫要闻__listed": 150}, {"coverage__扶贫要闻__listed": 180}),
        ("requests-more", {"requests__page__200": 550}, {"requests__page__200": 500, "requests__media__200": 900}),
        ("listing-fewer: 扶贫要闻", {"coverage__扶贫要闻": FALLEN}, {"coverage__扶贫要闻__printed_total": 185}),
        (
            "section-lost: 部门动态",
            {"coverage": {"扶贫要闻": FALLEN | {"printed_total": 200, "listed": 300}}},
            {"coverage__新栏目": NEW},
        ),
    ],
)
def test_each_monitor_says_what_is_unlike_before_and_nothing_else(
    name: str, changed: dict[str, Any], harmless: dict[str, Any]
) -> None:
    assert names(BEFORE, report(9, **changed)) == [name]
    assert names(BEFORE, report(9, **harmless)) == []


def test_pages_that_fit_no_layout_need_no_earlier_crawl_and_name_the_command() -> None:
    [alarm] = alarms([], report(layouts__misfits=90))
    assert alarm.message.startswith("90 of 280 pages fit no layout of their address pattern")
    assert "`gdfupin layouts --learn`" in alarm.message
    assert alarms([], report(layouts__misfits=90), Thresholds(misfit_share=0.5)) == []
    assert alarms([], report(layouts={"pages": 4, "misfits": 4})) == []


def test_a_message_has_the_figures() -> None:
    (alarm,) = alarms(BEFORE, report(9, fields__date=200))
    assert alarm.message == "articles with a date: 67% (200 of 300), usually 99%"


BAD = {"fields__date": 0, "requests__page__200": 900, "coverage": {}}


def test_a_first_crawl_and_one_after_too_few_others_never_alarm() -> None:
    for earlier in ([], BEFORE[:1], BEFORE[:2]):
        assert names(earlier, report(9, **BAD)) == []
    assert names(BEFORE[:3], report(9, **BAD)) != []


@pytest.mark.parametrize(
    "partial",
    [
        {"reason": "limit", "settings__limit": 20},
        {"reason": "interrupted"},
        {"reason": "max-minutes"},
        {"reason": "gave-up"},
        {"settings__limit": 20},
        {"settings__media": False},
        {"settings__profile": "other"},
    ],
)
def test_a_crawl_that_was_another_kind_of_crawl_is_not_held_against_whole_ones(partial: dict[str, Any]) -> None:
    assert names(BEFORE, report(9, **BAD, **partial)) == []
    assert names([report(day, **BAD, **partial) for day in range(5)], report(9)) == []


def test_a_crawl_that_walked_only_what_is_new_is_not_held_against_full_ones() -> None:
    few = {
        "requests__page": {"200": 40},
        "articles": 5,
        "sightings": {"read": 5, "not_modified": 20},
        "fields": {"date": 5, "source": 5, "section": 5},
        "coverage": {"扶贫要闻": {"printed_total": 201, "listing_pages": 1, "listed": 20}},
        "settings__full": False,
    }
    assert names(BEFORE, report(9, **few)) == []
    mixed = [*BEFORE, *(report(day, **few) for day in range(5, 30))]
    assert names(mixed, report(31)) == []
    assert names(mixed, report(31, requests__page__200=900)) == ["requests-more"]
    assert names(mixed, report(31, **few, catalog__articles__live=100)) == ["live-fewer"]


def test_few_articles_say_nothing_about_shares() -> None:
    few = {"articles": 10, "fields": {"date": 0, "source": 0, "section": 0}, "encodings": {"utf-8": 10}, "broken": 10}
    assert names(BEFORE, report(9, **few)) == []


def test_what_stays_is_said_until_it_is_usual_and_since_when() -> None:
    history = list(BEFORE)
    answer = []
    for day in range(9, 19):
        now = report(day, fields__source=100)
        found = monitored(history, now)
        history.append(compared(now, found))
        answer.append([alarm.since for alarm in found.alarms])
    assert answer[:5] == [["2026-01-10T03:00:00Z"]] * 5
    assert answer[6:] == [[]] * 4


def test_a_crawl_that_was_limited_in_between_does_not_end_a_row() -> None:
    first = report(9, fields__date=100)
    first = compared(first, monitored(BEFORE, first))
    limited = report(10, reason="limit")
    limited = compared(limited, monitored([*BEFORE, first], limited))
    (alarm,) = alarms([*BEFORE, first, limited], report(11, fields__date=100))
    assert alarm.since == first.run.started


def test_a_mass_disappearance_that_the_catalog_doubts_is_said_at_once() -> None:
    doubted = {"crawl": "x", "why": "mass", "known": 300, "missing": 120}
    (alarm,) = alarms([], report(0, reason="interrupted", catalog__doubt=doubted))
    assert (alarm.name, "120 of 300" in alarm.message) == ("mass-disappearance", True)


def test_reports_of_an_older_program_and_broken_ones_are_left_out() -> None:
    of_0_0 = report_json(1)
    del of_0_0["fields"]
    old, empty = decode_crawl_report(of_0_0), CrawlReport(Run("20250101T000000Z-live"))
    assert not old.comparable
    assert monitored([*BEFORE, old, empty], report(9)).compared_with == 5
    assert names([*BEFORE, old, empty], report(9)) == []


def test_thresholds_can_be_set() -> None:
    assert names(BEFORE, report(9, fields__date=290), Thresholds(share_change=0.01)) == ["date-missing"]
    assert names(BEFORE, report(9, fields__date=100), Thresholds(min_history=6)) == []


# --- silence ---------------------------------------------------------------------------------------------------------


def daily(silences: list[int], longest: int | None = 10) -> list[int]:
    """The silences at which daily crawls say that nothing is new."""
    history: list[CrawlReport] = []
    answer = []
    for day, days in enumerate(silences):
        now = silent(day, days, longest)
        answer += [days for alarm in alarms(history, now) if alarm.name == "nothing-new"]
        history.append(now)
    return answer


def test_a_silence_is_said_when_it_is_unusually_long_and_each_time_it_has_doubled_but_not_for_ever() -> None:
    assert daily(list(range(1000))) == [20, 40, 80, 160]


def test_a_site_that_ended_before_the_archive_began_never_alarms() -> None:
    assert daily(list(range(1777, 3000))) == []


def test_a_site_whose_rhythm_is_not_known_never_alarms() -> None:
    assert daily(list(range(100)), longest=None) == []


def test_what_comes_after_a_silence_makes_the_next_one_new() -> None:
    assert daily([*range(25), *range(25)]) == [20, 20]


def test_a_weekly_crawl_says_it_once_although_it_passes_the_limit_by_days() -> None:
    history: list[CrawlReport] = []
    answer = []
    for week in range(12):
        now = silent(7 * week, 7 * week)
        answer += [alarm.name for alarm in alarms(history, now)]
        history.append(now)
    assert answer == ["nothing-new"] * 2


def found(day: int, silent_days: int, found_days: int) -> CrawlReport:
    """A crawl whose newest printed date, and whose last new article, are this number of days ago."""
    at = (FIRST + timedelta(days=day - found_days)).strftime("%Y-%m-%dT%H:%M:%SZ")
    fresh = {"newest": "2020-06-01", "silent_days": silent_days, "longest_silence": 10, "found_at": at}
    return report(day, completeness__fresh=fresh)


def test_articles_with_old_dates_end_a_silence() -> None:
    assert "nothing-new" not in names([found(1, 19, 19)], found(2, 20, 0))
    assert "nothing-new" not in names([found(1, 2040, 1)], found(2, 2041, 0))
    assert "nothing-new" in names([found(1, 19, 19)], found(2, 20, 20))


def test_the_rhythm_is_that_of_the_last_two_years_and_dates_to_come_do_not_count() -> None:
    old = [f"2010-{month:02}-01" for month in range(1, 13)]
    new = [(date(2020, 1, 1) + timedelta(days=3 * n)).isoformat() for n in range(50)]
    last = date(2020, 1, 1) + timedelta(days=147)
    answer = rhythm([*old, *new, *new, "2031-01-01"], last + timedelta(days=4))
    assert answer == Freshness(last.isoformat(), 4, 3)
    assert rhythm([], last) == Freshness()


# --- steady ----------------------------------------------------------------------------------------------------------


@settings(derandomize=True, max_examples=60, deadline=None)
@given(
    size=st.integers(1, 5000),
    growth=st.integers(0, 20),
    noise=st.floats(0, 0.04),
    seed=st.integers(0, 10**6),
    crawls=st.integers(1, 25),
)
def test_a_steady_history_never_alarms(size: int, growth: int, noise: float, seed: int, crawls: int) -> None:
    chance = random.Random(seed)
    history: list[CrawlReport] = []
    for day in range(crawls):
        articles = size + growth * day
        part = [round(articles * share * (1 - noise * chance.random())) for share in (1, 0.99, 0.9, 0.97, 0.5)]
        now = report(
            day,
            articles=part[0],
            requests={"page": {"200": round(1.2 * articles * (1 + noise * chance.random())) + 30}, "media": {}},
            fields={"date": min(part[0], part[1]), "source": min(part[0], part[2]), "section": min(part[0], part[3])},
            encodings={"gb18030": part[4], "utf-8": part[0] - part[4]},
            broken=round(noise * chance.random() * part[0]),
            sightings={"read": part[0], "unreadable": round(noise * chance.random() * part[0]), "blocked": 0},
            coverage={"扶贫要闻": {"printed_total": articles or None, "listing_pages": 1, "listed": articles}},
            catalog__articles={"live": articles},
            completeness__fresh={"newest": f"2026-01-{day + 1:02}", "silent_days": chance.randint(0, 3), "longest_silence": 9},
        )  # fmt: skip
        found = monitored(history, now)
        assert found.alarms == ()
        history.append(compared(now, found))
