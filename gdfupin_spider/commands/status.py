"""`gdfupin status`."""

from pathlib import Path

import click

from .. import clock
from ..storage.archive_info import profile_of
from ..terminal import at
from .options import JSON, OUTPUT, PROFILE
from .output import show


@click.command("status")
@OUTPUT
@PROFILE
@JSON
def status_command(output: Path, profile: str | None, as_json: bool) -> None:
    """Show how much of the site is in OUTPUT, what is missing and why, and the last crawls.

    \b
    gdfupin status
    gdfupin status --json

    Read-only; works while a crawl runs.
    """
    from .. import config
    from ..monitoring.status import status
    from ..monitoring.status_view import screen

    found = status(output, profile_of(output, profile), clock.now(), config.load(output).schedule)
    show(screen(found, at(output)), found.encode() if as_json else None)
