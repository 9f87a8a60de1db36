"""Months with bad days of every kind, of crawls and of whole runs; `python -m tests.months` and `tests.daily_months` live through more."""

from pathlib import Path

import pytest

from tests import daily_months
from tests.months import KINDS, SHORT_WAITS, months


def test_a_month_with_every_kind_of_bad_day_loses_nothing_and_invents_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in SHORT_WAITS.items():
        monkeypatch.setenv(name, value)
    life = months(30, 1, tmp_path)
    assert life.wrong == [], "\n".join(day.line() for day in life.days)
    assert {day.kind for day in life.days if day.kind} == set(KINDS)
    requests, promised = life.cost()
    assert requests <= promised


def test_twenty_days_of_runs_report_each_change_once_and_keep_a_good_release(tmp_path: Path) -> None:
    life = daily_months.months(20, 1, tmp_path, readers=False)
    assert life.wrong == [], "\n".join(day.line() for day in life.days)
    assert len(life.service.digests) >= 10
    assert (len(life.service.pings), life.service.pings[-1]) == (life.runs, "good")
