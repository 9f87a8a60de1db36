"""Options of several commands."""

import os
import re
from pathlib import Path

import click

from ..messages.text import N_
from ..terminal import without_credentials

ARCHIVE = "gdfupin_spider.output"
"""Key of the context's `meta`: the archive's folder, so that errors can print commands for it."""
AS_JSON = "gdfupin_spider.json"
"""Another one: whether stdout gets JSON."""


def folder_option(context: click.Context, _option: click.Parameter, value: Path | str) -> Path:
    """The callback of --output."""
    if not str(value):
        raise click.BadParameter(N_("is empty: give a folder"))
    context.meta[ARCHIVE] = Path(value)
    return Path(value)


OUTPUT = click.option(
    "--output",
    type=click.Path(file_okay=False),
    callback=folder_option,
    default="output",
    envvar="GDFUPIN_OUTPUT",
    show_default=True,
    help="The archive's folder; created if missing.",
)


def address(
    _context: click.Context, _option: click.Parameter, value: str | tuple[str, ...] | None
) -> str | tuple[str, ...] | None:
    """The callback of URLs: without user and password, which are never sent, shown or stored."""
    if value is None:
        return None
    clean = without_credentials(value) if isinstance(value, str) else tuple(map(without_credentials, value))
    if clean != value:
        click.echo("gdfupin: user and password of the URL are left out: no page is requested with them", err=True)
    return clean


def moment(_context: click.Context, option: click.Parameter, value: str | None) -> str | None:
    """The callback of --since and --until: digits of a timestamp."""
    if value is None:
        return None
    found = re.fullmatch(r"(\d{4})(?:-?(\d\d)(?:-?(\d\d))?)?", value)
    if found is None:
        raise click.BadParameter(
            N_("{value!r} is not a year, month or day such as 2013, 2013-05, 2013-05-01", value=value)
        )
    return "".join(part for part in found.groups() if part)


PROFILE = click.option(
    "--profile",
    metavar="NAME|FILE",
    envvar="GDFUPIN_PROFILE",
    help="Description of the site: a bundled profile or a TOML file. Default: the archive's own, or gdfupin.",
)


def _json(context: click.Context, _option: click.Parameter, value: bool) -> bool:
    context.meta[AS_JSON] = value
    return value


JSON = click.option(
    "--json",
    "as_json",
    is_flag=True,
    is_eager=True,
    callback=_json,
    help="Print one JSON object to stdout, and nothing else there.",
)
FOLD_SCRIPT = click.option(
    "--fold-script", "any_script", is_flag=True, help="Simplified and traditional characters are the same (扶贫, 扶貧)."
)


CACHE = click.option(
    "--cache", type=click.Path(file_okay=False, path_type=Path), metavar="FOLDER",
    help="Where the index for searches is kept. Default: gdfupin in the cache folder of the user.",
)  # fmt: skip


def cache_folder(asked: Path | None) -> Path:
    """The folder of --cache; by default as XDG has it."""
    return asked or Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "gdfupin"
