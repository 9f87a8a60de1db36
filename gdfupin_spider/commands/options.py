"""Options that several verbs share."""

from pathlib import Path

import click


def folder_option(_context: click.Context, _option: click.Parameter, value: Path | str) -> Path:
    if not str(value):
        raise click.BadParameter("is empty; name a folder")
    return Path(value)


OUTPUT = click.option(
    "--output",
    type=click.Path(file_okay=False),
    callback=folder_option,
    default="output",
    show_default=True,
    help="The archive's folder; made if absent.",
)


PROFILE = click.option(
    "--profile", default="gdfupin", show_default=True, metavar="NAME|FILE", help="What the site prints."
)


JSON = click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout and nothing else there.")
