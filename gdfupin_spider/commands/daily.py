"""`gdfupin daily`."""

import signal
import sys
from pathlib import Path
from types import FrameType

import click

from ..terminal import plain_json, shown, without_credentials
from .options import JSON, OUTPUT, PROFILE, cache_folder
from .output import localized_message, say


@click.command("daily")
@OUTPUT
@PROFILE
@click.option("--existing", is_flag=True, help="Refuse to start a new archive: is the disk mounted?")
@click.option("-q", "--quiet", is_flag=True, help="Print no progress, only the line at the end, and errors.")
@JSON
def daily_command(output: Path, profile: str | None, existing: bool, quiet: bool, as_json: bool) -> None:
    """Do everything that an archive needs once a day: crawl, check, release, feeds, site, messages.

    \b
    gdfupin daily                 once a day, by hand
    gdfupin daily --existing      from a timer, into an archive that exists
    gdfupin daily --json          with what came of each step
    gdfupin config                what it will do, and which setting comes from where

    [daily] in OUTPUT/operator.toml switches steps off and sets the digest, its language and the folders: docs/operating.md. A run that was
    killed is resumed at the step that it did not finish; no message is sent twice. Options of the crawl come from the environment, such as
    GDFUPIN_CRAWL_DELAY=3. Prints one line; OUTPUT/daily.log has the log. Exits with the worst code of its steps.
    """
    from .. import daily  # imports reading, releases and what they need

    signal.signal(signal.SIGTERM, _interrupt)
    options = daily.Options(
        output,
        profile,
        existing,
        quiet or not sys.stderr.isatty(),
        cache_folder(None),
        lambda text: localized_message(text, output),
    )
    try:
        report = daily.run(options, say)
    except Exception as error:
        for failure in daily.tell_failure(options, error):
            say(failure)
        raise
    click.echo(plain_json(report.encode()) if as_json else shown(_line(report.line(), output)))
    sys.exit(report.exit_code)


def _line(text: str, output: Path) -> str:
    """On one line, as a log or a mail of cron has it."""
    return " ".join(without_credentials(localized_message(text, output)).split())


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    """SIGTERM, as of a timer that is stopped, ends a run as Ctrl-C does: the next one goes on at the open step."""
    raise KeyboardInterrupt
