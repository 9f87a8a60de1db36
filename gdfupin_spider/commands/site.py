"""`gdfupin site`."""

import re
from pathlib import Path

import click

from ..errors import NotInstalled
from ..messages.text import N_, T_
from ..terminal import pluralized
from .options import CACHE, OUTPUT, cache_folder
from .output import say


@click.command("site")
@click.argument("release", default="latest", metavar="[RELEASE]")
@OUTPUT
@click.option(
    "--to",
    "folder",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Where it is written.",
)
@click.option(
    "--base-url",
    default="",
    metavar="URL",
    help="Address that it will have: for the sitemap and links between the languages.",
)
@CACHE
def site_command(release: str, output: Path, folder: Path, base_url: str, cache: Path | None) -> None:
    """Write the reading room as static files, for any web host.

    \b
    gdfupin site --to site
    gdfupin site downloads/2026.11.23 --to site --base-url https://example.org/archive/

    RELEASE is a name, `latest`, or the folder of a copy. Search and trends work in the browser. Links are relative: the folder works under any
    path. The old site in FOLDER stays whole until the new one is; files that did not change are kept. Captured pages are not part of it.
    """
    try:
        from ..web.site import write_site
    except ImportError as error:
        raise NotInstalled(error.name or "starlette", "gdfupin site", "web") from None
    if base_url and not re.match(r"https?://[^/\s]+", base_url):
        raise click.BadParameter(
            N_("{base_url}: an address begins with http:// or https://", base_url=base_url), param_hint="--base-url"
        )
    made = write_site(output, release, folder, cache_folder(cache), base_url, say)
    click.echo(
        T_(
            "release {release}: {pages}, {files}, {bytes:,.0f} MB; {written:,} new or changed",
            release=made.release,
            pages=pluralized(made.pages, "page"),
            files=pluralized(made.files, "file"),
            bytes=made.bytes / 1e6,
            written=made.written,
        )
    )
    click.echo(str(folder))
