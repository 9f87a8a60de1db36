"""`gdfupin layouts`."""

import json
from pathlib import Path

import click

from ..items import as_dict
from ..profiles.layouts import Layout
from ..storage.archive_info import profile_of
from ..terminal import shown
from .options import JSON, OUTPUT, PROFILE
from .output import at, say


@click.command("layouts")
@OUTPUT
@PROFILE
@click.option("--learn", is_flag=True, help="Learn anew from all crawls of the archive.")
@JSON
def layouts_command(output: Path, profile: str | None, learn: bool, as_json: bool) -> None:
    """Show the layouts of the site: where its pages have title, date and body, and how many pages say so.

    \b
    gdfupin layouts                   what is known, with example pages
    gdfupin layouts --learn           learn anew, for example after a redesign

    New layouts are another reader: the next crawl, or `gdfupin catalog`, reads all crawls again.
    """
    known = profile_of(output, profile)
    layouts = known.layouts
    if learn:
        from ..replay.learning import keep, learned
        from ..storage.lock import OutputLock
        from ..storage.lookup import every

        crawls = every(output)
        with OutputLock(output, "gdfupin layouts"):
            layouts = learned(known, crawls, say=say)
            keep(output, layouts)
    if as_json:
        click.echo(
            json.dumps(
                {"layouts": [as_dict(each) | {"digest": each.digest} for each in layouts.all]}, ensure_ascii=False
            )
        )
        return
    if not layouts:
        click.echo(
            f"no layouts; `gdfupin layouts --learn{at(output)}` learns from the archive, ten pages of a kind are needed"
        )
        return
    click.echo("\n\n".join(shown(text) for layout in layouts.all for text in [_text(layout)]))
    if learn and layouts.digest != known.layouts.digest:
        say(f"the archive has another reader now: `gdfupin catalog{at(output)}` reads its crawls again")


def _text(layout: Layout) -> str:
    support = layout.support
    date = (
        f"{support.date_right} of {support.date_right + support.date_wrong} dates agree" if layout.dates else "no date"
    )
    lines = [
        f"{layout.digest}  {', '.join(layout.shapes[:3])}{' ...' if len(layout.shapes) > 3 else ''}",
        f"  {support.pages} pages; {support.title_right} of {support.labelled} titles agree with links; {date}",
        f"  title  {layout.title.path} [{layout.title.k}]",
        f"  body   {layout.body.path} [{layout.body.k}]" if layout.body else "  body   nowhere",
        *(f"  date   {place.path} [{place.k}]" for place in layout.dates),
        f"  {len(layout.template)} template lines",
        *(f"  agrees     {url}" for url in support.examples),
        *(f"  disagrees  {url}" for url in support.counterexamples),
    ]
    return "\n".join(lines)
