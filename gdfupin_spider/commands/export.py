"""`gdfupin export`."""

from pathlib import Path

import click

from ..messages.text import T_
from ..storage.archive_info import profile_of
from ..storage.lookup import every, resolve
from ..terminal import plain_json, pluralized
from .options import JSON, OUTPUT, PROFILE
from .output import say


@click.command("export")
@click.argument("form", metavar="wacz", type=click.Choice(["wacz"]))
@click.argument("crawl", nargs=-1)
@OUTPUT
@PROFILE
@click.option(
    "--to", type=click.Path(dir_okay=False, path_type=Path), required=True, metavar="FILE", help="The file to write."
)
@JSON
def export_command(
    form: str, crawl: tuple[str, ...], output: Path, profile: str | None, to: Path, as_json: bool
) -> None:
    """Pack captures into a WACZ file, to look at the site as it was. CRAWL: latest, or names; without any, all crawls.

    \b
    gdfupin export wacz --to site.wacz
    gdfupin export wacz latest --to today.wacz

    Open the file with https://replayweb.page or the ReplayWeb.page app: it is read in the browser and sent nowhere. Needs
    `pip install 'gdfupin_spider[wacz]'`. Style sheets and pictures of the template are there if they were crawled with
    `gdfupin crawl --requisites`.
    """
    from ..playback import write_wacz

    known = profile_of(output, profile)
    crawls = [resolve(output, name) for name in dict.fromkeys(crawl)] if crawl else every(output)
    size = write_wacz(output, known, crawls, to, say)
    if as_json:
        click.echo(plain_json({"file": str(to), "bytes": size, "crawls": [each.name for each in crawls]}))
        return
    click.echo(T_("{to}: {size:,.1f} MB, {crawls}", to=to, size=size / 1e6, crawls=pluralized(len(crawls), "crawl")))
