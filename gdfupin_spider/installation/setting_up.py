"""Writes the files of a plan and tries them. Settings that exist are never overwritten, units only where they may be."""

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..config import FILE
from ..config.effective import toml_value
from ..errors import WrongArgument
from ..messages.comments import comment
from ..messages.message_language import speaking
from ..messages.text import N_, T_
from ..storage.durable import refusals, write_whole
from . import units
from .timer_plan import Kind, TimerPlan

SECONDS = 30
"""Until a command of the system must have ended."""
OURS = "bin/gdfupin"
"""Lines of a crontab that have it and `--output .` were written by this program."""


@dataclass(frozen=True, slots=True)
class PlannedFile:
    """A file that `gdfupin init` writes."""

    path: Path
    text: str
    mode: int = 0o644
    owner: str | None = None
    """Name of the user that it is for; None: who calls."""
    is_kept: bool = False
    """Whether one that exists stays as it is."""


def default_kind() -> Kind:
    """What can start a run here: systemd of the machine for root, of the user for others, else cron, else nothing."""
    if Path("/run/systemd/system").is_dir():
        if os.geteuid() == 0:
            return "systemd"
        if _run(["systemctl", "--user", "show-environment"]) is None:
            return "systemd-user"
    return "cron" if shutil.which("crontab") else "none"


def unit_folder(kind: Kind) -> Path:
    """Where units of that kind are."""
    if kind == "systemd":
        return Path("/etc/systemd/system")
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "systemd" / "user"


def planned(plan: TimerPlan, recipients: tuple[str, ...]) -> Iterator[PlannedFile]:
    """The files of a plan. Recipients are secrets, so their file is readable for its owner only, which is who runs the service."""
    owner = plan.user if plan.kind == "systemd" else None
    yield PlannedFile(plan.archive / FILE, settings(plan, recipients), 0o600, owner, is_kept=True)
    if plan.kind in ("systemd", "systemd-user"):
        yield PlannedFile(plan.environment, units.variables(plan), 0o600)
        for name, text in units.units(plan).items():
            yield PlannedFile(unit_folder(plan.kind) / name, text)


def settings(plan: TimerPlan, recipients: tuple[str, ...]) -> str:
    """A first operator.toml: the recipients, and where the rest is described."""
    with speaking(plan.language):
        head = T_(
            "Settings of the archive of {title}. `gdfupin config --example` prints all keys with their meaning, `gdfupin config` what "
            "is in force.",
            title=plan.title,
        )
    lines = comment(head)
    if recipients:
        lines += ["", "[notify]", f"urls = [{', '.join(toml_value(url) for url in recipients)}]"]
    return "\n".join([*lines, ""])


def in_the_way(files: Sequence[PlannedFile]) -> list[PlannedFile]:
    """Those of the files that exist with another content, and would be replaced."""
    return [each for each in files if is_other(each) and not each.is_kept]


def is_other(file: PlannedFile) -> bool:
    """Whether it exists with another content."""
    return file.path.exists() and file.path.read_text("utf-8", "replace") != file.text


def write(files: Sequence[PlannedFile]) -> Iterator[PlannedFile]:
    """Yields each file that it has written. Raises CannotWrite."""
    for each in files:
        if each.is_kept and each.path.exists():
            continue
        with refusals(each.path):
            is_new = not each.path.parent.exists()
            each.path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(each.path, each.text, each.mode)
            if each.owner is not None and os.geteuid() == 0:
                for path in (each.path, *([each.path.parent] if is_new else [])):
                    shutil.chown(path, each.owner)
        yield each


def add_to_crontab(plan: TimerPlan) -> None:
    """Adds the line to the crontab of this user, in place of an earlier one for the same archive. Raises WrongArgument."""
    there = subprocess.run(["crontab", "-l"], capture_output=True, text=True, check=False)
    folder = f"cd {units.cron_path(plan.archive)} &&"
    kept = [line for line in there.stdout.splitlines() if not (OURS in line and folder in line)]
    ours = [line for line in units.cron(plan).splitlines() if line not in kept]
    new = "\n".join([*kept, *ours, ""])
    done = subprocess.run(["crontab", "-"], input=new, capture_output=True, text=True, check=False)
    if done.returncode:
        raise WrongArgument(
            "--timer",
            N_("crontab refuses the line: {reason}. Use --timer none and add it by hand", reason=done.stderr.strip()),
        )


def tried(plan: TimerPlan) -> Iterator[tuple[str, str | None]]:
    """What was tried, and why it failed or None."""
    if plan.kind not in ("systemd", "systemd-user"):
        return
    manager = [] if plan.kind == "systemd" else ["--user"]
    files = [str(unit_folder(plan.kind) / name) for name in ("gdfupin.service", "gdfupin.timer")]
    if _run(["systemctl", *manager, "daemon-reload"]) is not None:
        yield N_("the timer is started"), N_("no systemd answers here; where one does, run the commands below")
        return
    yield N_("systemd reads the units"), _run(["systemd-analyze", *manager, "verify", *files])
    yield N_("the timer is started"), _run(["systemctl", *manager, "enable", "--now", "gdfupin.timer"])


def enabling(kind: Kind) -> list[str]:
    """Commands that start the timer, for a person to type."""
    manager = {"systemd": "sudo systemctl", "systemd-user": "systemctl --user"}.get(kind)
    if manager is None:
        return []
    linger = (
        ["loginctl enable-linger       # so that it also runs while you are logged out"] if "--user" in manager else []
    )
    return [f"{manager} daemon-reload", f"{manager} enable --now gdfupin.timer", *linger]


def _run(command: Sequence[str]) -> str | None:
    """Why a command failed; None where it did not."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
    except FileNotFoundError:
        return N_("{command} is not installed here", command=command[0])
    except subprocess.TimeoutExpired:
        return N_("{command} did not answer for {seconds} seconds", command=command[0], seconds=SECONDS)
    if done.returncode == 0:
        return None
    return (
        (done.stderr or done.stdout).strip().splitlines()[-1]
        if (done.stderr or done.stdout).strip()
        else N_("it failed")
    )
