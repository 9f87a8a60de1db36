"""`gdfupin notify`."""

import sys
from pathlib import Path

import click

from ..messages.recorded import recorded
from ..messages.text import N_
from ..terminal import shown
from .options import OUTPUT
from .output import say


@click.command("notify")
@OUTPUT
@click.option(
    "--text", metavar="TEXT", help="Send this text about a failure instead; the ping URL gets /fail appended."
)
def notify_command(output: Path, text: str | None) -> None:
    """Send a test message to the recipients of notifications, and request the ping URL.

    \b
    GDFUPIN_NOTIFY='mailto://...' gdfupin notify
    gdfupin notify --text "The crawl was killed"     as deploy/gdfupin-failed.service does

    Recipients come from GDFUPIN_NOTIFY (space-separated Apprise URLs) and GDFUPIN_PING, or from [notify] in
    OUTPUT/operator.toml; the test message goes to the recipients of [[alerts]], too. Exit codes: 0 all sent, 1 at least one failed, 2 no recipients.
    """
    from .. import config
    from ..monitoring import notify

    known, file = config.load(output), output / config.FILE
    if text is None:
        sent, warning = notify.test(known.notify, known.alerts, file)
    else:
        sent, warning = notify.failure(known.notify, file, text)
    if warning:
        say(warning)
    if not sent:
        raise click.UsageError(
            N_("no recipients configured: set GDFUPIN_NOTIFY or GDFUPIN_PING, or [notify] in operator.toml")
        )
    for each in sent:
        click.echo(shown(recorded(N_("{channel}: {result}", channel=each.channel, result=each.failed or N_("sent")))))
    sys.exit(1 if any(each.failed for each in sent) else 0)
