"""`gdfupin retire`."""

from pathlib import Path

import click

from ..messages.text import T_
from ..terminal import plain_json, pluralized
from .options import JSON, OUTPUT
from .output import say


@click.command("retire")
@click.argument("crawl", nargs=-1, required=True)
@OUTPUT
@click.option(
    "--to",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    metavar="DIR",
    help="Folder outside OUTPUT.",
)
@JSON
def retire_command(crawl: tuple[str, ...], output: Path, to: Path, as_json: bool) -> None:
    """Move the captures (WARC files) of old crawls out of the archive, which stays whole without them.

    \b
    gdfupin retire 20261123T030000Z-live --to /srv/cold/gdfupin

    Moved: the WARC files, to DIR/CRAWL/, with a copy of everything else of the crawl. A file is removed only when its copy
    has the same SHA-256. What stays: lines, report, readings, and a link to each WARC file. Catalog, diffs and releases are
    the same without DIR; `gdfupin verify` then checks the lines by their digests only. Reading the crawl again, and a new
    reader, need DIR. A crawl that did not finish, or of which pages were reviewed, cannot be retired.
    """
    from ..items import as_dict
    from ..storage.lookup import resolve
    from ..verify.retire import retire

    done = retire(output, [resolve(output, name) for name in dict.fromkeys(crawl)], to, say)
    if as_json:
        click.echo(plain_json({"retired": [as_dict(each) for each in done]}))
        return
    for each in done:
        click.echo(
            T_(
                "{crawl}: {files}, {bytes:,.1f} MB, moved to {to}",
                crawl=each.crawl,
                files=pluralized(each.files, "file"),
                bytes=each.bytes / 1e6,
                to=each.to,
            )
        )
