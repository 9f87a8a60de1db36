"""`gdfupin config`: which settings are in force, where each comes from, and an example that changes nothing."""

import json
import re
from dataclasses import fields
from pathlib import Path

import pytest
from click.testing import CliRunner

from gdfupin_spider import config
from gdfupin_spider.commands import main
from gdfupin_spider.config.effective import effective, key_lines
from gdfupin_spider.config.example import example
from gdfupin_spider.errors import WrongSetting
from gdfupin_spider.monitoring.alerts import Alert
from tests.papers import ROOT, fenced

SECRET = "s3cretT0ken"
FILE = f"""# mine
[daily]
keep = 3
allow = [
  "leaks:keep = 4",
]
readers = ["json://{SECRET}/a", "json://{SECRET}/b"]

[notify]
urls = ["mailto://{SECRET}@a.example"]

[[alerts]]
name = "one"
[[alerts]]
name = "two"
kinds = ["gone"]
"""


def written(folder: Path, text: str) -> Path:
    (folder / "operator.toml").write_text(text, "utf-8")
    (folder / "operator.toml").chmod(0o600)
    return folder


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GDFUPIN_NOTIFY", "GDFUPIN_PING"):
        monkeypatch.delenv(name, raising=False)


def test_the_example_is_all_comments_and_loads_as_the_defaults(tmp_path: Path) -> None:
    assert config.load(written(tmp_path, example())) == config.OperatorSettings()
    assert {line[:1] for line in example().splitlines() if line} == {"#"}


def test_the_example_without_its_comment_signs_has_every_key_with_its_default(tmp_path: Path) -> None:
    text = re.sub(r"^#(?=\[|\w+ = )", "", example(), flags=re.M)
    loaded = config.load(written(tmp_path, text))
    [alert] = loaded.alerts
    assert (alert.name, alert.where, alert.kinds) == ("连樟村", "changed", ("edited", "gone"))
    assert config.OperatorSettings(alerts=loaded.alerts) == loaded
    keys = {f"{table.name}.{key.name}" for table in fields(loaded) if table.name != "alerts"
            for key in fields(getattr(loaded, table.name))}  # fmt: skip
    keys |= {f"alerts[1].{key.name}" for key in fields(Alert)}
    assert set(key_lines(text)) == keys


def test_the_page_of_the_operator_has_every_key_of_daily_with_its_default(tmp_path: Path) -> None:
    page = next(block for block in fenced(ROOT / "docs" / "operating.md", "toml") if "[daily]" in block)
    assert config.load(written(tmp_path, page)).daily == config.OperatorSettings().daily
    assert {f"daily.{key.name}" for key in fields(config.OperatorSettings().daily)} <= set(key_lines(page))


def test_each_setting_names_the_place_that_it_comes_from(tmp_path: Path) -> None:
    found = {
        each.key: each
        for each in effective(written(tmp_path, FILE), {"GDFUPIN_PING": SECRET, "GDFUPIN_CRAWL_DELAY": "3"})
    }
    sources = {key: each.source for key, each in found.items() if each.source != "default"}
    assert sources == {
        "daily.keep": "operator.toml line 3",
        "daily.allow": "operator.toml line 4",
        "daily.readers": "operator.toml line 7",
        "notify.urls": "operator.toml line 10",
        "notify.ping": "environment GDFUPIN_PING",
        "alerts[1].name": "operator.toml line 13",
        "alerts[2].name": "operator.toml line 15",
        "alerts[2].kinds": "operator.toml line 16",
        "GDFUPIN_CRAWL_DELAY": "environment",
    }
    assert (found["daily.keep"].value, found["daily.keep"].shown()) == (3, "3")
    assert found["daily.readers"].shown() == "(2 set, not shown)"
    assert (found["daily.verify"].source, found["daily.verify"].shown()) == ("default", "true")


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_no_address_is_shown(tmp_path: Path, options: tuple[str, ...]) -> None:
    done = CliRunner().invoke(main, ["config", "--output", str(written(tmp_path, FILE)), *options])
    assert done.exit_code == 0, done.output
    assert SECRET not in done.output
    assert "daily.keep" in done.output
    if options:
        value = next(each for each in json.loads(done.stdout)["settings"] if each["key"] == "notify.urls")
        assert value == {"key": "notify.urls", "value": 1, "source": "operator.toml line 10", "is_secret": True}


def test_addresses_that_others_can_read_are_shown_as_ignored(tmp_path: Path) -> None:
    (written(tmp_path, FILE) / "operator.toml").chmod(0o640)
    found = {each.key: (each.value, each.source) for each in effective(tmp_path, {})}
    ignored = ", ignored: other users can read it, chmod 600 operator.toml"
    assert found["notify.urls"] == (None, f"operator.toml line 10{ignored}")
    assert found["daily.readers"] == (None, f"operator.toml line 7{ignored}")
    assert found["notify.ping"] == (None, "default")
    assert found["daily.keep"] == (3, "operator.toml line 3")


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ('archives = "wayback machine"', "archives"),
        ("digest_hour = 24", "digest_hour"),
        ('language = "de"', "language"),
        ('weekly = "Montag"', "weekly"),
        ('base_url = "www.example.org"', "base_url"),
        ("feed_days = 0", "feed_days"),
        ("silent_days = 10000000000", "silent_days"),
        ('feeds = "."', "feeds"),
        ('feeds = "crawls/feeds"', "feeds"),
        ('site = "./layouts"', "site"),
        ('site = "../../srv"', "site"),
        ('site = "feeds/"', "site"),
        ("kep = 3", "kep"),
    ],
)
def test_a_wrong_value_is_refused_by_its_name(tmp_path: Path, line: str, key: str) -> None:
    with pytest.raises(WrongSetting) as error:
        config.load(written(tmp_path, f"[daily]\n{line}\n"))
    assert error.value.key == f"daily.{key}"
