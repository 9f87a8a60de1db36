"""`gdfupin stamp`."""

from pathlib import Path

import click

from ..clock import stamp as written
from ..messages.text import N_, T_
from ..terminal import plain_json, pluralized, shown, without_credentials
from .options import JSON, OUTPUT, address


@click.command("stamp")
@OUTPUT
@click.option(
    "--authority", metavar="URL", callback=address, help="Time stamping authority, instead of that in operator.toml."
)
@JSON
def stamp_command(output: Path, authority: str | None, as_json: bool) -> None:
    """Get a time stamp (RFC 3161) for the newest report from an authority.

    \b
    gdfupin stamp --authority http://timestamp.digicert.com
    gdfupin stamp        # [stamps] authority in operator.toml

    Only the SHA-256 of the newest crawl's report is sent. Each report contains the digest of the one before it, so the stamp
    covers all captures up to then: if anyone, the operator included, changes one later, the stamp no longer matches. Stamps
    are kept in OUTPUT/stamps. `gdfupin verify` and `openssl ts -verify` check them without a network. The authority's root
    certificate must be one of this system's or of [stamps] certificates. Needs `pip install 'gdfupin_spider[stamp]'`.
    """
    from .. import config
    from ..errors import NothingThere, WrongArgument
    from ..storage.durable import write_whole
    from ..storage.lock import OutputLock
    from ..storage.report_chain import covered, newest, report_file, reports
    from ..storage.time_stamps import FOLDER, requested, roots_of

    settings = config.load(output).stamps
    url = authority or without_credentials(settings.authority)
    if not url.startswith(("http://", "https://")):
        reason = N_("{url!r} is not a URL of http or https", url=url) if url else N_("no authority is named")
        raise WrongArgument(
            "--authority",
            N_("{reason}: give its URL, here or as `authority` of [stamps] in operator.toml", reason=reason),
        )
    roots = roots_of(settings.certificates, output)
    if not (output / "crawls").is_dir():
        raise NothingThere(output, 0)
    with OutputLock(output, "gdfupin stamp"):
        head = newest(output)
        if head is None:
            raise NothingThere(output, 0)
        payload, stamp = requested(report_file(output, head.crawl), url, roots)
        file = _free(output / FOLDER, head.crawl)
        file.parent.mkdir(exist_ok=True)
        write_whole(file, [payload])
    crawls = len(list(covered(reports(output), head.crawl)))
    if as_json:
        found = {"crawl": head.crawl, "sha256": head.sha256, "crawls": crawls, "at": written(stamp.at)}
        click.echo(plain_json({**found, "authority": stamp.authority, "file": str(file)}))
        return
    click.echo(
        T_(
            "the report of {crawl}, with {crawls} in its chain, existed at {at}",
            crawl=head.crawl,
            crawls=pluralized(crawls, "crawl"),
            at=written(stamp.at),
        )
    )
    click.echo(T_("stamped by {authority}; kept in {file}", authority=shown(stamp.authority), file=file))


def _free(folder: Path, crawl: str) -> Path:
    """A file name of the crawl that is not taken: it may be stamped by several authorities."""
    file, number = folder / f"{crawl}.tsr", 1
    while file.exists():
        number += 1
        file = folder / f"{crawl}.{number}.tsr"
    return file
