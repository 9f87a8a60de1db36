"""`gdfupin config`."""

from pathlib import Path

import click
from rich.table import Table

from ..items import as_dict
from ..messages.record_words import word
from ..messages.text import translated
from ..terminal import console, plain_json, shown
from .options import JSON, OUTPUT


@click.command("config")
@OUTPUT
@click.option("--example", is_flag=True, help="Print an operator.toml with all tables, keys and defaults, as comments.")
@JSON
def config_command(output: Path, example: bool, as_json: bool) -> None:
    """Show the settings that are in force, and where each comes from: default, operator.toml, environment.

    \b
    gdfupin config
    gdfupin config --example > output/operator.toml
    gdfupin config --json

    Addresses of recipients are never shown. Exit code 2 where operator.toml is wrong, with key and reason.
    """
    from ..config.effective import effective
    from ..config.example import example as written

    if example:
        click.echo(written(), nl=False)
        return
    found = effective(output)
    if as_json:
        click.echo(plain_json({"settings": [as_dict(each) for each in found]}))
        return
    table = Table(box=None, pad_edge=False)
    for name in ("setting", "value", "from"):
        table.add_column(translated(word(name)), overflow="fold")
    for each in found:
        is_set = each.source != "default"
        table.add_row(each.key, shown(each.shown()), translated(word(each.source)), style="bold" if is_set else "dim")
    console().print(table)
