"""`gdfupin replica`."""

import contextlib
import time

import click

from .. import replica
from ..messages.text import N_, T_


@click.command("replica")
@click.option(
    "--markup",
    type=click.Choice(sorted(replica.MARKUPS)),
    default=sorted(replica.MARKUPS)[0],
    show_default=True,
    help="How it is marked up.",
)
@click.option("--port", type=click.IntRange(0, 65535), default=8080, show_default=True, help="0: any free one.")
def replica_command(markup: str, port: int) -> None:
    """Serve the small copy of the site on this machine, until Ctrl-C.

    \b
    gdfupin replica --port 8080
    gdfupin crawl --demo --start-url http://127.0.0.1:8080/ --delay 0 --output output/demo
    """
    site = replica.Replica(markup, port=port, marked=True)
    try:
        site.start()
    except OSError as error:
        raise click.BadParameter(
            N_(
                "cannot listen on port {port} ({reason}); choose another --port, or 0 for any free one",
                port=port,
                reason=error.strerror,
            )
        ) from None
    with contextlib.closing(site):
        click.echo(
            T_(
                "{markup} at {url}, or as http_proxy={proxy} under the site's own name; Ctrl-C ends",
                markup=markup,
                url=site.url,
                proxy=site.proxy,
            )
        )
        try:
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            click.echo()
