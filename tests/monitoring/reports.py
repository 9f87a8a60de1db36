"""Reports of crawls, made by hand."""

import copy
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from gdfupin_spider.storage.aftermath import Monitors
from gdfupin_spider.storage.report import CrawlReport, decode_crawl_report

FIRST = datetime(2026, 1, 1, 3, tzinfo=UTC)
REPORT: dict[str, Any] = {
    "crawl": "20260101T030000Z-live",
    "reason": "finished",
    "settings": {"profile": "gdfupin", "media": True, "max_minutes": 0, "limit": 0, "full": True},
    "requests": {"page": {"200": 450, "404": 2}, "media": {"200": 90}},
    "requests_total": 560,
    "articles": 300,
    "fields": {"date": 297, "source": 280, "author": 40, "section": 300},
    "encodings": {"gb18030": 290, "utf-8": 10},
    "broken": 1,
    "sightings": {"read": 300, "missing": 2, "blocked": 1, "unreadable": 3},
    "coverage": {
        "扶贫要闻": {"printed_total": 200, "listing_pages": 10, "listed": 200},
        "部门动态": {"printed_total": 100, "listing_pages": 5, "listed": 100},
    },
    "leaks": {"recurring_lines": {"count": 2}, "titles": {"compared": 300, "disagree": 3}},
    "layouts": {"pages": 280, "misfits": 3, "differing": 40, "other_shapes": 20},
    "catalog": {"articles": {"live": 300, "gone": 4}, "doubt": None},
    "completeness": {
        "fresh": {"newest": "2025-12-30", "silent_days": 2, "longest_silence": 10},
    },
}


def report(day: float = 0, **changed: Any) -> CrawlReport:
    """As `report_json`, decoded."""
    return decode_crawl_report(report_json(day, **changed))


def report_json(day: float = 0, **changed: Any) -> dict[str, Any]:
    """A crawl so many days after the first; `changed`: paths (`fields__date`) and what stands there instead."""
    answer = copy.deepcopy(REPORT)
    answer["started"] = (FIRST + timedelta(days=day)).strftime("%Y-%m-%dT%H:%M:%SZ")
    for path, value in changed.items():
        put(answer, path.split("__"), value)
    return answer


def put(answer: dict[str, Any], path: list[str], value: Any) -> None:
    for key in path[:-1]:
        answer = answer[key]
    answer[path[-1]] = value


def silent(day: int, days: int, longest: int | None = 10, **changed: Any) -> CrawlReport:
    """A crawl that finds the newest article so many days old."""
    newest = (FIRST + timedelta(days=day)).date() - timedelta(days=days)
    fresh = {"newest": newest.isoformat(), "silent_days": days, "longest_silence": longest}
    return report(day, completeness__fresh=fresh, **changed)


def compared(report: CrawlReport, monitors: Monitors) -> CrawlReport:
    """The report with the result of its comparison."""
    return replace(report, after=replace(report.after, monitors=monitors))
