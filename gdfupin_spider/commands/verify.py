"""`gdfupin verify`."""

import sys
from pathlib import Path

import click

from ..errors import ExitCode
from ..messages.text import T_
from ..storage.archive_info import is_demo, profile_of
from ..storage.lookup import resolve
from ..terminal import plain_json
from .options import JSON, OUTPUT, PROFILE
from .output import localized_message, print_lines, say


@click.command("verify")
@click.argument("crawl", nargs=-1)
@OUTPUT
@PROFILE
@click.option("--repair", is_flag=True, help="Rename damaged files and rebuild what can be rebuilt.")
@JSON
def verify_command(crawl: tuple[str, ...], output: Path, profile: str | None, repair: bool, as_json: bool) -> None:
    """Check the archive: WARC records and digests, lines and their captures, readings, the catalog.

    \b
    gdfupin verify                    everything in OUTPUT
    gdfupin verify latest             one crawl with its readings
    gdfupin verify --repair           deletes nothing: damaged files are kept as name.aside-1

    Lines of the current reader are parsed again from their captures. Damage is reported with file and byte offset.
    Exit codes: 0 no damage, 9 damage found (or left after a repair), 5 a crawl is running.
    """
    from .. import verify

    found = (verify.repair if repair else verify.verify)(
        output, profile_of(output, profile), [resolve(output, one) for one in crawl], say
    )
    if as_json:
        data = "demo" if is_demo(output) else "live"
        click.echo(plain_json({**verify.encode(found), "data": data}))
    else:
        lines = [localized_message(line, output) for line in verify.report_lines(found)]
        print_lines([*lines, T_("This is demo data: all articles are invented.")] if is_demo(output) else lines)
    sys.exit(ExitCode.NEEDS_REPAIR if found.damage else ExitCode.COMPLETE)
