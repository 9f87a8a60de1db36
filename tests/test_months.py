"""A month of daily crawls with bad days of every kind; `python -m tests.months` lives through more of it."""

from pathlib import Path

import pytest

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
