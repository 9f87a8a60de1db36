"""operator.toml, and the clock."""

import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from gdfupin_spider import config
from gdfupin_spider.catalog import Rules
from gdfupin_spider.errors import WrongSetting
from gdfupin_spider.frontier.recheck import Schedule
from gdfupin_spider.monitoring.thresholds import Thresholds
from tests.sites import environment, run


def written(folder: Path, text: str) -> Path:
    (folder / "operator.toml").write_text(text, "utf-8")
    return folder


def test_without_a_file_everything_is_as_it_comes(tmp_path: Path) -> None:
    assert config.load(tmp_path) == config.OperatorSettings() == config.load(written(tmp_path, ""))


def test_what_is_set_counts_and_the_rest_is_as_it_comes(tmp_path: Path) -> None:
    known = config.load(written(tmp_path, "[rules]\ngone_hours = 24\nmass_floor = 20\n"))
    assert known.rules == Rules(gone_hours=24, mass_floor=20)


@pytest.mark.parametrize(
    ("text", "key", "reason"),
    [
        ("rule = 1", "rule", "no such table; did you mean rules?"),
        ("rules = 1", "rules", "must be a table: [rules]"),
        ("[rules]\ngone_hour = 1", "rules.gone_hour", "no such key; did you mean gone_hours?"),
        ("[rules]\nx = 1", "rules.x", "no such key; there are gone_hours, "),
        ("[rules]\ngone_hours = '12'", "rules.gone_hours", "must be a number, 0 or more, not '12'"),
        ("[rules]\ngone_hours = -1", "rules.gone_hours", "must be a number, 0 or more, not -1"),
        ("[rules]\ngone_hours = nan", "rules.gone_hours", "must be a number, 0 or more, not nan"),
        ("[rules]\nmass_floor = 1.5", "rules.mass_floor", "must be a whole number, 0 or more, not 1.5"),
        ("[rules]\nmass_floor = true", "rules.mass_floor", "must be a whole number, 0 or more, not True"),
        ("[rules", "", "is not TOML: "),
        ("[schedule]\nat_least = 50", "schedule.at_least", "is now called recheck_min_budget"),
        ("[publication]\naddress = 'www.example.org'", "publication.address", "must be an address with http or https"),
        ("[publication]\ndoi = 'https://doi.org/10.5281/zenodo.1'", "publication.doi", "must be a DOI alone, such as"),
        ('[publication]\npublisher = "A\\nB"', "publication.publisher", "must be one line of printable text"),
        ("[monitors]\nquiet = 3", "monitors.quiet", "is now called silence_factor"),
    ],
)
def test_a_wrong_setting_is_named_by_file_key_and_reason(tmp_path: Path, text: str, key: str, reason: str) -> None:
    with pytest.raises(WrongSetting) as raised:
        config.load(written(tmp_path, text))
    error = raised.value
    assert (error.file, error.key, error.exit_code) == (str(tmp_path / "operator.toml"), key, 2)
    assert error.reason.startswith(reason)


def test_every_renamed_key_has_a_new_name_that_exists() -> None:
    tables = {"schedule": Schedule, "monitors": Thresholds}
    for old, new in config.RENAMED.items():
        table, _, key = old.partition(".")
        names = {field.name for field in fields(tables[table])}
        assert new.partition(",")[0] in names
        assert key not in names


def test_a_crawl_with_a_wrong_setting_ends_before_it_begins(tmp_path: Path) -> None:
    done = run("crawl", "--output", str(written(tmp_path, "[rules]\ngone = 1")))
    assert done.returncode == 2
    assert f"{tmp_path / 'operator.toml'}: rules.gone: no such key" in done.stderr
    assert not (tmp_path / "crawls").exists()


def run_at(clock: str) -> subprocess.CompletedProcess[str]:
    code = "from gdfupin_spider import clock; print(clock.stamp())"
    answer = {**environment(None), "GDFUPIN_CLOCK": clock}
    return subprocess.run([sys.executable, "-c", code], env=answer, capture_output=True, text=True, check=False)


def test_the_clock_of_a_process_can_be_set() -> None:
    assert run_at("2031-01-01T00:00:00Z").stdout[:17] == "2031-01-01T00:00:"
    assert run_at("2031-01-01T08:00:00+08:00").stdout[:17] == "2031-01-01T00:00:"


def test_a_clock_that_is_set_to_no_time_is_named() -> None:
    assert "the environment: GDFUPIN_CLOCK: 'yesterday' is not a time" in run_at("yesterday").stderr
