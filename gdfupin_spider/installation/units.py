"""The files of a plan as text: service, timer and failure message for systemd, variables, a line for cron.

`deploy/` has what `shipped` gives; a test compares both. `systemd-analyze security` rates the system service below 2.0.
"""

import shlex
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from string import Template
from zoneinfo import ZoneInfo

from .. import clock
from ..messages import comments
from ..messages.message_language import speaking
from ..messages.text import T_
from .timer_plan import TimerPlan

SHIPPED = TimerPlan(
    Path("/var/lib/gdfupin"), Path("/opt/gdfupin/.venv/bin/gdfupin"), "you@example.org", kind="systemd", at="03:00"
)
"""The plan of the files in `deploy/`."""
SERVICE = """\
# All that an archive needs once a day: crawl, check, release, feeds, messages. docs/operations.md says how to install it; gdfupin.timer
# starts it.

[Unit]
Description=Archive of $title: the run of a day
# A wrong clock is noticed by the crawl, which then refuses to run; waiting for the right one is better.
Wants=network-online.target time-sync.target
After=network-online.target time-sync.target
# Sends a message where the run could not: it was killed, or ran out of memory or time.
OnFailure=gdfupin-failed.service

[Service]
Type=oneshot
${who}WorkingDirectory=-$folder
# GDFUPIN_CONTACT=you@example.org; http_proxy, no_proxy where there is a proxy; GDFUPIN_NOTIFY and GDFUPIN_PING: who is told
# how a run ended; LANG=zh_CN.UTF-8: the language of digests (docs/operating.md). They are secrets: the file should be root's, mode 600. May be absent.
EnvironmentFile=-$environment
# --existing: a disk that is not mounted is no new archive. The first crawl is started by hand: docs/operations.md.
ExecStart=$program daily --existing --output $archive
# 1: complete, with gaps that later crawls fetch; 5: another run or crawl is going on. All others are a failed unit: somebody should look.
SuccessExitStatus=1 5
# SIGTERM to the run, which passes it on once: its crawl ends with a report (responses that are under way get three seconds), and the
# next run goes on at the open step. What is left after that time is killed.
KillMode=mixed
TimeoutStopSec=180

# A crawl needs some 200 MB, and the process that reads long pages up to 200 MB more. limits.hours of operator.toml (two weeks) ends a
# crawl in order before this does; of a oneshot unit TimeoutStartSec= is the time that it may run, and RuntimeMaxSec= has no effect.
MemoryMax=1G
TimeoutStartSec=15d
Nice=10
IOSchedulingClass=idle

$hardening"""
FAILED = """\
# Started by OnFailure= of gdfupin.service. A run that ended by itself has sent its own message; this one is for a run that
# was killed. Needs systemd 251 for MONITOR_EXIT_CODE, which ExecStart= alone is given; with older ones a message is sent after
# every failure.

[Unit]
Description=Archive of $title: message about a run that was killed

[Service]
Type=oneshot
${who}WorkingDirectory=-$folder
EnvironmentFile=-$environment
ExecStart=/bin/sh -c 'test "$$$$MONITOR_EXIT_CODE" = exited || exec "$$$$@"' sh $program notify --output $archive --text "$killed"
TimeoutStartSec=300

$hardening"""
TIMER = """\
# Every night, in the time of the site: `gdfupin daily`; a crawl fetches what is new. A run that was missed is made up for after a reboot.

[Unit]
Description=Archive of $title: a run every night

[Timer]
OnCalendar=$at $zone
RandomizedDelaySec=1h
Persistent=true

[Install]
WantedBy=timers.target
"""
CRON = """\
# For cron, one line of a user's crontab: every night at $local of the machine's own time.
# Mail comes only where somebody should look: not after 0 (complete), 1 (gaps that later crawls fetch) and 5 (another run goes on).
# GDFUPIN_NOTIFY and GDFUPIN_PING can stand here, too (docs/operating.md): then the run itself says how it ended.
# --existing: a disk that is not mounted is no new archive. The first crawl is started by hand, without it.
GDFUPIN_CONTACT=$contact
$language$minute $hour * * * cd $archive && { $program daily --existing --output . > summary.txt 2> log.txt; code=$$?; \
case $$code in 0|1|5) ;; *) echo "$needs_look"; tail -n 5 log.txt;; esac; }
"""
EVERYWHERE = """\
# It talks to the network, reads the system and writes its folder; nothing else. `systemd-analyze security gdfupin.service` rates it.
NoNewPrivileges=yes
LockPersonality=yes
MemoryDenyWriteExecute=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallErrorNumber=EPERM
UMask=0027
"""
"""Restrictions that the service manager of a user can set, too."""
OF_SYSTEM = """\
# The index of searches; a home folder may be hidden.
CacheDirectory=gdfupin
Environment=XDG_CACHE_HOME=%C
SystemCallFilter=~@privileged
CapabilityBoundingSet=
DevicePolicy=closed
KeyringMode=private
PrivateDevices=yes
PrivateTmp=yes
PrivateUsers=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHome=$homes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
ProtectSystem=strict
RemoveIPC=yes
"""


def service(plan: TimerPlan) -> str:
    """`gdfupin.service`."""
    return _written(SERVICE, plan)


def failed(plan: TimerPlan) -> str:
    """`gdfupin-failed.service`."""
    return _written(FAILED, plan)


def timer(plan: TimerPlan) -> str:
    """`gdfupin.timer`."""
    return _written(TIMER, plan)


def units(plan: TimerPlan) -> Mapping[str, str]:
    """The three by file name."""
    return {"gdfupin.service": service(plan), "gdfupin-failed.service": failed(plan), "gdfupin.timer": timer(plan)}


def variables(plan: TimerPlan) -> str:
    """The file of variables that the service reads."""
    return f'GDFUPIN_CONTACT="{plan.contact}"\n{_language(plan)}'


def _language(plan: TimerPlan) -> str:
    """A variable of this program alone: in a crontab others follow."""
    return f"GDFUPIN_LANG={plan.language}\n" if plan.language != "en" else ""


def cron(plan: TimerPlan, machine: tzinfo | None = None) -> str:
    """The lines for a crontab, in the time of the machine, as cron knows no zones. `machine`: its zone; None: as the system has it."""
    local = _local(plan, machine)
    archive, program = cron_path(plan.archive), cron_path(plan.program)
    hour, minute = local.hour, local.minute
    values = {"local": f"{hour:02}:{minute:02}", "hour": hour, "minute": minute, "contact": plan.contact}
    with speaking(plan.language):
        needs_look = T_("gdfupin needs a look: exit code {code}", code="$code")
        text = Template(comments.in_language(CRON))
    return text.substitute(values, archive=archive, program=program, language=_language(plan), needs_look=needs_look)


def cron_path(path: Path) -> str:
    """A path in a line for cron, where `%` would end it.

    >>> cron_path(Path("/srv/my archive/50%"))
    "'/srv/my archive/50\\\\%'"
    """
    return shlex.quote(str(path)).replace("%", r"\%")


def _local(plan: TimerPlan, machine: tzinfo | None) -> datetime:
    hour, minute = map(int, plan.at.split(":"))
    return clock.now().astimezone(ZoneInfo(plan.zone)).replace(hour=hour, minute=minute).astimezone(machine)


def texts() -> Iterator[str]:
    """What comments and descriptions say, in English."""
    for each in (SERVICE, FAILED, TIMER, CRON, EVERYWHERE, OF_SYSTEM):
        yield from comments.texts(each)


def _written(unit: str, plan: TimerPlan) -> str:
    with speaking(plan.language):
        return Template(comments.in_language(unit)).substitute(_values(plan))


def _values(plan: TimerPlan) -> dict[str, str]:
    is_system = plan.kind == "systemd"
    who = f"User={plan.user}\n" if is_system else ""
    if is_system and plan.archive == SHIPPED.archive:
        who += "StateDirectory=gdfupin\nStateDirectoryMode=0750\n"
    # -: with a disk that is not mounted the run starts, and its message names the missing archive
    writable = f"ReadWritePaths={_quoted_path(plan.archive)}\n" if is_system and plan.archive != SHIPPED.archive else ""
    journal = "journalctl -u gdfupin" if is_system else "journalctl --user -u gdfupin"
    of_system = Template(OF_SYSTEM).substitute(homes="read-only" if plan.needs_homes else "yes")
    return {
        "title": plan.title.replace("%", "%%"),
        "who": who,
        "folder": str(plan.archive).replace("%", "%%"),
        "environment": str(plan.environment).replace("%", "%%"),
        "program": _quoted(plan.program),
        "archive": _quoted(plan.archive),
        "killed": T_("The run was killed. See: {journal}. The next run goes on where it ended.", journal=journal),
        "hardening": comments.in_language(EVERYWHERE + (of_system if is_system else "")) + writable,
        "at": plan.at,
        "zone": plan.zone,
    }


def _quoted(path: Path) -> str:
    """A path as an argument in a unit, where `%` and `$` have meanings and blanks separate.

    >>> _quoted(Path("/srv/my archive/50%"))
    '"/srv/my archive/50%%"'
    """
    return _in_quotes(str(path).replace("%", "%%").replace("$", "$$"))


def _quoted_path(path: Path) -> str:
    """A path in a list of paths that may be absent, where `$` has no meaning.

    >>> _quoted_path(Path("/srv/my $archive/50%"))
    '"-/srv/my $archive/50%%"'
    """
    return _in_quotes("-" + str(path).replace("%", "%%"))


def _in_quotes(text: str) -> str:
    if any(character in " \t\\\"';" for character in text):
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return text


def shipped() -> Mapping[str, str]:
    """The files of `deploy/` by name."""
    return {**units(SHIPPED), "gdfupin.cron": cron(replace(SHIPPED, at="03:17", zone="UTC"), UTC)}
