"""The units and the line for cron: what is shipped, what systemd says of it, and paths nobody thought of."""

import os
import re
import shlex
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdfupin_spider.installation import units
from gdfupin_spider.installation.timer_plan import TimerPlan
from tests.papers import ROOT

ANALYZE = shutil.which("systemd-analyze")
PATHS = st.text(
    st.characters(exclude_characters="/", exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1, max_size=20
).filter(lambda name: name not in (".", ".."))


def test_the_files_of_deploy_are_those_of_the_program() -> None:
    """Where this fails: write them again, as CONTRIBUTING.md has it."""
    for name, text in units.shipped().items():
        assert (ROOT / "deploy" / name).read_text("utf-8") == text, name


@pytest.mark.slow  # never skipped in CI
@pytest.mark.skipif(ANALYZE is None, reason="systemd-analyze is not installed")
@pytest.mark.parametrize("name", ["gdfupin.service", "gdfupin-failed.service"])
def test_the_service_is_exposed_to_little(name: str) -> None:
    command = ["systemd-analyze", "security", "--offline=true", "--threshold=20", str(ROOT / "deploy" / name)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-300:]


@pytest.mark.parametrize(
    ("ending", "sends"), [({"MONITOR_EXIT_CODE": "exited"}, False), ({"MONITOR_EXIT_CODE": "killed"}, True), ({}, True)]
)
def test_only_a_run_that_was_killed_has_a_message_of_the_service_manager(
    ending: dict[str, str], sends: bool, tmp_path: Path
) -> None:
    """systemd gives the variable to ExecStart= and ExecStartPre=, not to ExecCondition=; from 251 on."""
    program = tmp_path / "gdfupin"
    program.write_text('#!/bin/sh\nprintf "%s\\n" "$@" > "${0%/*}/asked"\n')
    program.chmod(0o755)
    text = units.units(replace(units.SHIPPED, program=program, archive=tmp_path / "an archive"))[
        "gdfupin-failed.service"
    ]
    assert [line for line in text.splitlines() if "MONITOR" in line and not line.startswith(("#", "ExecStart="))] == []
    [line] = re.findall(r"^ExecStart=(.*)$", text, re.MULTILINE)
    subprocess.run(shlex.split(line.replace("$$", "$")), env=ending, check=True)
    asked = (tmp_path / "asked").read_text("utf-8").splitlines() if sends else []
    assert (tmp_path / "asked").exists() is sends
    assert not sends or asked[:4] == ["notify", "--output", str(tmp_path / "an archive"), "--text"]


@pytest.mark.slow  # never skipped in CI
@pytest.mark.skipif(ANALYZE is None, reason="systemd-analyze is not installed")
def test_systemd_knows_every_directive_and_the_time(tmp_path: Path) -> None:
    program = tmp_path / "gdfupin"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    for kind, language in (("systemd", "en"), ("systemd-user", "en"), ("systemd", "zh"), ("systemd-user", "zh")):
        plan = replace(
            units.SHIPPED, program=program, archive=tmp_path / '50% of $HOME; "it"', kind=kind, language=language
        )
        plan.archive.mkdir(exist_ok=True)
        for file, text in units.units(plan).items():
            (tmp_path / file).write_text(text, "utf-8")
        command = ["systemd-analyze", "verify", str(tmp_path / "gdfupin.service"), str(tmp_path / "gdfupin.timer")]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert [line for line in done.stderr.splitlines() if "gdfupin" in line] == []
    command = ["systemd-analyze", "calendar", "03:00 Asia/Shanghai"]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0


@given(PATHS)
def test_any_folder_is_one_argument_for_the_shell_of_cron(name: str) -> None:
    plan = TimerPlan(Path("/srv") / name, Path("/opt/gdfupin"), "you@example.org")
    line = units.cron(plan, ZoneInfo("UTC")).splitlines()[-1]
    command = re.sub(r"\\%", "%", line.split(None, 5)[5])  # as cron does
    assert not re.search(r"(?<!\\)%", line)
    assert shlex.split(command)[1] == f"/srv/{name}"


@pytest.mark.slow  # never skipped in CI
@pytest.mark.skipif(ANALYZE is None, reason="systemd-analyze is not installed")
def test_what_pipx_installed_in_a_home_folder_can_be_started(tmp_path: Path) -> None:
    plan = replace(units.SHIPPED, program=Path("/home/me/.local/bin/gdfupin"), archive=Path("/srv/archive"))
    for file, text in units.units(plan).items():
        (tmp_path / file).write_text(text, "utf-8")
    service = (tmp_path / "gdfupin.service").read_text("utf-8").splitlines()
    assert "ProtectHome=read-only" in service
    assert "XDG_CACHE_HOME=%C" in next(line for line in service if line.startswith("Environment="))
    command = ["systemd-analyze", "security", "--offline=true", "--threshold=20", str(tmp_path / "gdfupin.service")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-300:]


def test_a_folder_with_a_dollar_can_be_written_and_may_be_absent() -> None:
    service = units.service(replace(units.SHIPPED, archive=Path("/srv/my $archive 50%")))
    assert 'ReadWritePaths="-/srv/my $archive 50%%"' in service.splitlines()
    assert "WorkingDirectory=-/srv/my $archive 50%%" in service.splitlines()


@given(PATHS)
def test_any_folder_is_one_argument_for_systemd(name: str) -> None:
    [start] = re.findall(r"^ExecStart=(.*)$", units.service(replace(units.SHIPPED, archive=Path("/srv") / name)), re.M)
    words = shlex.split(start.replace("%%", "%").replace("$$", "$"))  # quotes and backslashes are the same there
    assert words == [str(units.SHIPPED.program), "daily", "--existing", "--output", f"/srv/{name}"]


@pytest.mark.parametrize(
    ("at", "zone", "machine", "expected"),
    [
        ("03:00", "Asia/Shanghai", "UTC", "0 19"),
        ("03:17", "Asia/Shanghai", "Asia/Shanghai", "17 3"),
        ("23:30", "Asia/Shanghai", "Asia/Kolkata", "0 21"),
    ],
)
def test_cron_gets_the_time_of_the_machine(at: str, zone: str, machine: str, expected: str) -> None:
    plan = replace(units.SHIPPED, at=at, zone=zone)
    assert units.cron(plan, ZoneInfo(machine)).splitlines()[-1].startswith(f"{expected} * * *")


@pytest.mark.parametrize(
    ("change", "option"),
    [
        ({"at": "25:00"}, "--at"),
        ({"at": "3"}, "--at"),
        ({"contact": "nobody"}, "--contact"),
        ({"contact": 'a@b.cn" X="'}, "--contact"),
        ({"contact": ""}, "--contact"),
        ({"archive": Path("/srv/a\nb")}, "FOLDER"),
        ({"contact": "https://example.org/crawler"}, None),
    ],
)
def test_what_no_timer_can_use_is_named(change: dict[str, str], option: str | None) -> None:
    found = [each for each, _ in replace(units.SHIPPED, **change).problems()]
    assert found == ([option] if option else [])


def test_the_scripts_of_the_container_can_be_run() -> None:
    for script in (ROOT / "deploy" / "container").glob("*.sh"):
        assert subprocess.run(["sh", "-n", script], check=False).returncode == 0
        assert os.access(script, os.X_OK)
