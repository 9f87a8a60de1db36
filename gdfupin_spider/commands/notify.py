"""`gdfupin notify`."""

import sys
from pathlib import Path

import click

from .options import OUTPUT
from .output import say


@click.command("notify")
@OUTPUT
def notify_command(output: Path) -> None:
    """Send a test message to everybody who is told when a crawl needs a look, and ask for the ping address.

    \b
    GDFUPIN_NOTIFY='mailto://...' gdfupin notify

    Whom, stands in GDFUPIN_NOTIFY (addresses as Apprise writes them, divided by spaces) and GDFUPIN_PING, or in [notify] of
    OUTPUT/operator.toml. Ends with 0 where all worked, 1 where one did not, 2 where there is none.
    """
    from .. import config
    from ..monitoring import notify

    sent, wrong = notify.test(config.load(output).notify, output / config.FILE)
    if wrong:
        say(wrong)
    if not sent:
        raise click.UsageError("nobody is to be told: set GDFUPIN_NOTIFY or GDFUPIN_PING, or [notify] in operator.toml")
    for each in sent:
        click.echo(f"{each.channel}: {each.failed or 'it worked'}")
    sys.exit(1 if any(each.failed for each in sent) else 0)
