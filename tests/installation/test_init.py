"""`gdfupin init`: three questions, and an archive that looks after itself."""

import os
import pwd
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from gdfupin_spider.commands import main
from gdfupin_spider.installation import setting_up
from gdfupin_spider.installation.units import SHIPPED
from tests import forked
from tests.sites import environment

CRONTAB = """#!/bin/sh
case $1 in -l) cat "$HOME/crontab" 2> /dev/null || exit 1;; -) cat > "$HOME/crontab";; esac
"""
"""The interface of crontab; the real one would change that of whoever runs the tests."""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "home"
    (home / "bin").mkdir(parents=True)
    (home / "bin" / "crontab").write_text(CRONTAB)
    (home / "bin" / "crontab").chmod(0o755)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("PATH", f"{home / 'bin'}:/usr/bin:/bin")
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.setenv("TZ", "UTC")
    return home


def init(*arguments: str, answers: str = "") -> Result:
    return CliRunner().invoke(main, ["init", *arguments], input=answers)


def test_three_answers_are_an_archive_with_settings_and_a_line_of_cron(home: Path, tmp_path: Path) -> None:
    archive = tmp_path / "my archive"
    answers = "me@example.org\njson://127.0.0.1/a json://127.0.0.1/b\n04:30\n"
    done = init(str(archive), "--timer", "cron", answers=answers)
    assert done.exit_code == 0, done.output
    settings = archive / "operator.toml"
    assert 'urls = ["json://127.0.0.1/a", "json://127.0.0.1/b"]' in settings.read_text("utf-8")
    assert stat.S_IMODE(settings.stat().st_mode) == 0o600
    line = (home / "crontab").read_text("utf-8").splitlines()[-1]
    assert line.startswith("30 20 * * * cd ")
    assert f"cd '{archive}' &&" in line
    assert "gdfupin crawl --output" in done.output
    assert "gdfupin notify --output" in done.output
    shown = CliRunner().invoke(main, ["config", "--output", str(archive)])
    assert (shown.exit_code, "json://" in shown.output) == (0, False)
    before = settings.read_bytes()
    again = init(str(archive), "--timer", "cron", answers="me@example.org\n04:30\n")
    assert again.exit_code == 0, "settings that exist are not asked for"
    assert settings.read_bytes() == before
    again = init(str(archive), "--timer", "cron", "--notify", "json://127.0.0.1/a", answers="me@example.org\n04:30\n")
    assert (again.exit_code, "operator.toml exists and is kept: put the addresses into" in again.output) == (2, True)
    assert settings.read_bytes() == before
    assert len((home / "crontab").read_text("utf-8").splitlines()) == len(
        dict.fromkeys((home / "crontab").read_text("utf-8").splitlines())
    )


def test_another_time_replaces_the_line_and_leaves_those_of_others(home: Path, tmp_path: Path) -> None:
    (home / "crontab").write_text("# mine\n5 5 * * * backup\n")
    for at in ("03:00", "05:00"):
        done = init(str(tmp_path / "a"), "--timer", "cron", "--yes", "--contact", "me@example.org", "--at", at)
        assert done.exit_code == 0, done.output
    lines = (home / "crontab").read_text("utf-8").splitlines()
    assert lines[:2] == ["# mine", "5 5 * * * backup"]
    assert [line[:9] for line in lines if "gdfupin daily" in line] == ["0 21 * * "]


def test_settings_are_kept_and_units_are_not_overwritten_unless_asked_for(home: Path, tmp_path: Path) -> None:
    """As on another machine, with the archive of the old one."""
    settings, unit = tmp_path / "a" / "operator.toml", home / ".config" / "systemd" / "user" / "gdfupin.service"
    for path in (settings, unit):
        path.parent.mkdir(parents=True)
        path.write_text("# mine\n")
    asked = (str(tmp_path / "a"), "--timer", "systemd-user", "--yes", "--contact", "me@example.org")
    refused = init(*asked)
    assert (refused.exit_code, f"{unit} exists and is different" in refused.output) == (2, True), refused.output
    assert unit.read_text() == "# mine\n"
    init(*asked, "--force")
    assert f"--output {tmp_path / 'a'}" in unit.read_text("utf-8")
    assert settings.read_text() == "# mine\n"


def test_a_timer_speaks_the_language_of_who_sets_it_up(home: Path, tmp_path: Path) -> None:
    asked = ("--timer", "cron", "--yes", "--contact", "me@example.org")
    done = forked.run(
        forked.GDFUPIN,
        ["init", str(tmp_path / "a"), *asked],
        environment={**environment(None), "GDFUPIN_LANG": "zh"},
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert "GDFUPIN_LANG=zh" in (home / "crontab").read_text("utf-8").splitlines()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files to others")
def test_under_sudo_the_service_runs_as_who_called_and_the_settings_are_theirs(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SUDO_USER", "nobody")
    asked = (str(tmp_path / "a"), "--timer", "systemd", "--contact", "me@example.org")
    shown = init(*asked, "--print")
    assert "\nUser=nobody\n" in shown.output
    folder = tmp_path / "b"
    plan = replace(SHIPPED, archive=folder, user="nobody")
    [settings, *_] = setting_up.planned(plan, ())
    assert list(setting_up.write([settings])) == [settings]
    assert [each.stat().st_uid for each in (folder, folder / "operator.toml")] == [pwd.getpwnam("nobody").pw_uid] * 2


def test_units_are_written_where_the_manager_of_the_user_looks(home: Path, tmp_path: Path) -> None:
    done = init(str(tmp_path / "a"), "--timer", "systemd-user", "--yes", "--contact", "me@example.org")
    folder = home / ".config" / "systemd" / "user"
    assert {path.name for path in folder.iterdir()} == {
        "gdfupin.service", "gdfupin-failed.service", "gdfupin.timer"
    }  # fmt: skip
    variables = home / ".config" / "gdfupin.env"
    assert variables.read_text() == 'GDFUPIN_CONTACT="me@example.org"\n'
    assert stat.S_IMODE(variables.stat().st_mode) == 0o600
    assert f"EnvironmentFile=-{variables}" in (folder / "gdfupin.service").read_text("utf-8")
    if done.exit_code:
        assert "no systemd answers here" in done.output
        assert "systemctl --user enable --now gdfupin.timer" in done.output


def test_the_contact_of_the_environment_is_the_default(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GDFUPIN_CONTACT", "keeper@example.org")
    assert init(str(tmp_path / "a"), "--timer", "cron", "--yes").exit_code == 0
    assert "GDFUPIN_CONTACT=keeper@example.org" in (home / "crontab").read_text("utf-8")


def test_print_writes_nothing(home: Path, tmp_path: Path) -> None:
    done = init(str(tmp_path / "a"), "--timer", "systemd", "--print", "--contact", "me@example.org")
    assert done.exit_code == 0
    assert "ExecStart=" in done.output
    assert not (tmp_path / "a").exists()


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("--contact", "nobody"), "--contact"),
        (("--contact", "me@example.org", "--at", "24:00"), "--at"),
        (("--contact", "me@example.org", "--notify", "me@example.org"), "--notify"),
    ],
)
def test_a_wrong_answer_is_named_and_nothing_is_written(
    arguments: tuple[str, ...], named: str, home: Path, tmp_path: Path
) -> None:
    done = init(str(tmp_path / "a"), "--timer", "none", "--yes", *arguments)
    assert (done.exit_code, named in done.output) == (2, True), done.output
    assert not (tmp_path / "a").exists()
