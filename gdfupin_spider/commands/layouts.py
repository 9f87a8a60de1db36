"""`gdfupin layouts`."""

from pathlib import Path

import click

from ..items import as_dict
from ..profiles.layouts import Layout
from ..storage.archive_info import profile_of
from ..terminal import at, plain_json, pluralized, shown
from .options import JSON, OUTPUT, PROFILE
from .output import say


@click.command("layouts")
@OUTPUT
@PROFILE
@click.option("--learn", is_flag=True, help="Learn anew from all crawls of the archive.")
@JSON
def layouts_command(output: Path, profile: str | None, learn: bool, as_json: bool) -> None:
    """Show the layouts of the site: the places of title, date and body, and how many pages support them.

    \b
    gdfupin layouts                   what is known, with example pages
    gdfupin layouts --learn           learn anew, for example after a redesign

    With new layouts, the next crawl or `gdfupin catalog` parses all crawls again.
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
            if layouts:
                keep(output, layouts)
    if as_json:
        click.echo(plain_json({"layouts": [as_dict(each) | {"digest": each.digest} for each in layouts.all]}))
        return
    if not layouts.all:
        if learn:
            say("no layout was learned: no ten pages of one kind have titles that listings print")
        else:
            say(f"there are no layouts yet; `gdfupin layouts --learn{at(output)}` learns them from the archive")
        return
    click.echo("\n\n".join(shown(_text(layout)) for layout in layouts.all))
    if learn and layouts.digest != known.layouts.digest:
        say(f"the layouts changed; `gdfupin catalog{at(output)}` parses the crawls again with them")


def _text(layout: Layout) -> str:
    support = layout.support
    date = (
        f"{support.date_right} of {support.date_right + support.date_wrong} dates agree" if layout.dates else "no date"
    )
    lines = [
        f"{layout.digest}  {', '.join(layout.shapes[:3])}{' ...' if len(layout.shapes) > 3 else ''}",
        f"  {pluralized(support.pages, 'page')}; {support.title_right} of {support.labelled} titles agree with links; {date}",
        f"  title  {layout.title.path} [{layout.title.k}]",
        f"  body   {layout.body.path} [{layout.body.k}]",
        *(f"  date   {place.path} [{place.k}]" for place in layout.dates),
        f"  {pluralized(len(layout.template), 'template line')}",
        *(f"  agrees     {url}" for url in support.examples),
        *(f"  disagrees  {url}" for url in support.counterexamples),
    ]
    return "\n".join(lines)
