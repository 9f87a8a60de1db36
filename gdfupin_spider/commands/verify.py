"""`gdfupin verify`."""

import json
import sys
from pathlib import Path

import click

from .. import profiles
from ..storage.lookup import resolve
from ..terminal import shown
from .options import JSON, OUTPUT, PROFILE
from .output import say


@click.command("verify")
@click.argument("crawl", nargs=-1)
@OUTPUT
@PROFILE
@click.option("--repair", is_flag=True, help="Set damaged files aside and make again what can be made again.")
@JSON
def verify_command(crawl: tuple[str, ...], output: Path, profile: str, repair: bool, as_json: bool) -> None:
    """Prove that the archive is whole: WARC records and digests, lines and their captures, readings, the catalog.

    \b
    gdfupin verify                    everything in OUTPUT
    gdfupin verify latest             one crawl with its readings
    gdfupin verify --repair           nothing is deleted: damaged files are kept as name.aside-1

    Every line of today's reader is read again from its capture. Each damage is named with file and byte.
    Ends with 0 where all is whole, 1 where damage is found (or left), 5 while a crawl runs.
    """
    from .. import verify

    found = (verify.repair if repair else verify.verify)(
        output, profiles.load(profile), [resolve(output, one) for one in crawl], say
    )
    if as_json:
        click.echo(json.dumps(verify.as_dict(found), ensure_ascii=False))
    else:
        click.echo("\n".join(map(shown, verify.told(found))))
    sys.exit(1 if found.damage else 0)
