"""`gdfupin demo`."""

import os
from pathlib import Path

import click

from .. import replica
from ..messages.text import T_, enumeration
from ..terminal import at
from .options import JSON, folder_option
from .output import end


@click.command("demo")
@click.option(
    "--output",
    type=click.Path(file_okay=False),
    callback=folder_option,
    default="output/demo",
    show_default=True,
    help="Folder of the demo archive.",
)
@click.option(
    "--markup",
    type=click.Choice(sorted(replica.MARKUPS)),
    default=sorted(replica.MARKUPS)[0],
    show_default=True,
    help="Markup of the copy.",
)
@JSON
def demo_command(output: Path, markup: str, as_json: bool) -> None:
    """Crawl a small copy of the site that is served on this machine, without other network access.

    \b
    gdfupin demo
    gdfupin demo --markup MARKUP     the same site in other markup
    """
    with replica.serve(markup) as site:
        # A proxy serves it under the host name of the site, so that URLs and ids are those of the site.
        os.environ.update(http_proxy=site.proxy, no_proxy="")
        os.environ.pop("NO_PROXY", None)
        from . import process

        crawled = process.run(output, process.SpiderArguments(clock_ok="yes"), demo=True, delay=0, concurrency=4)
    verbs = [
        (
            f"gdfupin status{at(output)}",
            T_("how much of the site is archived, what is missing and why"),
        ),
        (f"gdfupin replay latest{at(output)}", T_("parse the same bytes again, without network")),
        ("gdfupin demo --markup MARKUP", T_("other markup: {markups}", markups=enumeration(sorted(replica.MARKUPS)))),
        ("gdfupin crawl --limit 20", T_("twenty articles of the live site")),
    ]
    end(crawled, output, as_json, verbs)
