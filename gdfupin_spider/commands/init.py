"""`gdfupin init`."""

import getpass
import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import click

from ..config import FILE
from ..errors import WrongArgument
from ..installation.timer_plan import KINDS, Kind, TimerPlan, is_recipient
from ..messages import message_language
from ..messages.text import COLON, N_, T_, enumeration, translated
from ..storage.archive_info import info_of, profile_of
from ..terminal import at, shown
from .options import PROFILE, folder_option
from .output import say


@click.command("init")
@click.argument(
    "folder", type=click.Path(file_okay=False), default="output", callback=folder_option, metavar="[FOLDER]"
)
@PROFILE
@click.option("--contact", metavar="ADDRESS", help="Your mail address or web page; sent to the site with each request.")
@click.option(
    "--notify", "recipients", multiple=True, metavar="URL", help="Apprise URL of who hears of problems. Repeatable."
)
@click.option("--at", "time", metavar="HH:MM", help="Time of the daily run, in the time zone of the site.")
@click.option(
    "--timer", "kind", type=click.Choice(KINDS), help="What starts it. Default: what this machine has, systemd first."
)
@click.option("--yes", is_flag=True, help="Ask nothing: take the defaults.")
@click.option("--force", is_flag=True, help="Overwrite files that exist.")
@click.option("--print", "only_print", is_flag=True, help="Print the files instead of writing them.")
def init_command(
    folder: Path,
    profile: str | None,
    contact: str | None,
    recipients: tuple[str, ...],
    time: str | None,
    kind: Kind | None,
    yes: bool,
    force: bool,
    only_print: bool,
) -> None:
    """Set up an archive in FOLDER (output) that looks after itself: three questions, then settings and a timer.

    \b
    gdfupin init                                        ask
    gdfupin init /srv/archive --timer cron
    gdfupin init --yes --contact you@example.org        for scripts
    gdfupin init --print --contact you@example.org      only show what it would write

    Writes FOLDER/operator.toml and, for systemd, a service, a timer and a file of variables; for cron a line of your crontab. Then it tries
    them. The first crawl is yours to start: it fetches everything, and takes hours.
    """
    from ..installation import setting_up  # imports the records of an archive

    ask = _asking(yes or only_print)
    contact = contact or ask(
        T_("Your mail address or web page, sent to the site with each request"), os.environ.get("GDFUPIN_CONTACT", "")
    )
    known = folder / FILE
    if not (recipients or known.exists()) and (
        answer := ask(T_("Who hears of problems and changes? Apprise URLs such as mailto://... (empty: nobody)"), "")
    ):
        recipients = tuple(answer.split())
    time = time or ask(T_("Time of the daily run, in the time of the site"), "03:00")
    found = profile_of(folder, profile)
    kind = kind or setting_up.default_kind()
    program = shutil.which("gdfupin") or str(Path(sys.executable).with_name("gdfupin"))
    caller = os.environ.get("SUDO_USER") or getpass.getuser()
    plan = TimerPlan(folder.absolute(), Path(program), contact, kind, time, found.timezone, caller, title=found.title)
    plan = replace(plan, language=message_language.current())
    if kind == "systemd-user":
        plan = replace(plan, environment=setting_up.unit_folder(kind).parents[1] / "gdfupin.env")
    for option, reason in plan.problems():
        raise WrongArgument(option, reason)
    for url in recipients:
        if not is_recipient(url):
            raise WrongArgument("--notify", N_("an Apprise URL begins with the name of a service, such as mailto://"))
    files = list(setting_up.planned(plan, recipients))
    if recipients and setting_up.is_other(files[0]):
        raise WrongArgument(
            "--notify", N_("{file} exists and is kept: put the addresses into urls of its [notify]", file=known)
        )
    if only_print:
        for each in files:
            click.echo(shown(f"# --- {each.path}\n{each.text}"))
        if kind == "cron":
            from ..installation.units import cron

            click.echo(shown(f"# --- crontab -e\n{cron(plan)}"))
        return
    if not force and (others := setting_up.in_the_way(files)):
        names = enumeration(str(each.path) for each in others)
        raise WrongArgument(
            "FOLDER", N_("{names} exists and is different: look at it, or overwrite it with --force", names=names)
        )
    for each in setting_up.write(files):
        say(N_("written: {path}", path=each.path))
    if kind == "cron":
        setting_up.add_to_crontab(plan)
        say(N_("added to your crontab: see `crontab -l`"))
    failed = False
    for what, why in setting_up.tried(plan):
        failed |= why is not None
        say(N_("{what}: {result}", what=what, result=N_("yes") if why is None else why))
    click.echo(shown("\n".join(_next_steps(plan, recipients, setting_up.enabling(kind) if failed else []))))
    sys.exit(int(failed))


def _asking(quiet: bool) -> Callable[[str, str], str]:
    def ask(question: str, default: str) -> str:
        if quiet:
            return default
        answer: str = click.prompt(
            question, default=default, show_default=bool(default), err=True, prompt_suffix=translated(COLON)
        )
        return answer.strip()

    return ask


def _next_steps(plan: TimerPlan, recipients: tuple[str, ...], enabling: list[str]) -> list[str]:
    place = at(plan.archive)
    steps = list(enabling)
    if info_of(plan.archive) is None:
        steps.append(
            T_(
                "GDFUPIN_CONTACT={contact} gdfupin crawl{place}    # the first crawl; Ctrl-C at any time",
                contact=plan.contact,
                place=place,
            )
        )
    if recipients:
        steps.append(T_("gdfupin notify{place}    # a test message", place=place))
    steps.append(T_("gdfupin config{place}    # what is in force", place=place))
    if plan.kind == "none":
        steps.append(
            T_(
                "GDFUPIN_CONTACT={contact} gdfupin daily --existing{place}    # once a day, by whatever starts it",
                contact=plan.contact,
                place=place,
            )
        )
    return [T_("Next:"), *(f"  {step}" for step in steps)]
