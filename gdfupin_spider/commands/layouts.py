"""`gdfupin layouts`."""

from pathlib import Path

import click

from ..items import as_dict
from ..messages.text import N_, T_
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
            say(N_("no layout was learned: no ten pages of one kind have titles that listings print"))
        else:
            say(
                N_(
                    "there are no layouts yet; `gdfupin layouts --learn{output}` learns them from the archive",
                    output=at(output),
                )
            )
        return
    click.echo("\n\n".join(shown(_text(layout)) for layout in layouts.all))
    if learn and layouts.digest != known.layouts.digest:
        say(N_("the layouts changed; `gdfupin catalog{output}` parses the crawls again with them", output=at(output)))


def _text(layout: Layout) -> str:
    support = layout.support
    date = (
        T_(
            "{right} of {all} dates agree",
            right=support.date_right,
            all=support.date_right + support.date_wrong,
        )
        if layout.dates
        else T_("no date")
    )
    template = pluralized(len(layout.template), "template line")
    lines = [
        f"{layout.digest}  {', '.join(layout.shapes[:3])}{' ...' if len(layout.shapes) > 3 else ''}",
        T_(
            "  {pages}; {title_right} of {labelled} titles agree with links; {date}",
            pages=pluralized(support.pages, "page"),
            title_right=support.title_right,
            labelled=support.labelled,
            date=date,
        ),
        T_("  title  {path} [{k}]", path=layout.title.path, k=layout.title.k),
        T_("  body   {path} [{k}]", path=layout.body.path, k=layout.body.k),
        *(T_("  date   {path} [{k}]", path=place.path, k=place.k) for place in layout.dates),
        f"  {shown(template)}",
        *(T_("  agrees     {url}", url=url) for url in support.examples),
        *(T_("  disagrees  {url}", url=url) for url in support.counterexamples),
    ]
    return "\n".join(lines)
