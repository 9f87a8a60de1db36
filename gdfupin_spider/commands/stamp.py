"""`gdfupin stamp`."""

from pathlib import Path

import click

from ..clock import stamp as written
from ..terminal import plain_json, shown
from .options import JSON, OUTPUT


@click.command("stamp")
@OUTPUT
@click.option("--authority", metavar="URL", help="Time stamping authority, instead of that in operator.toml.")
@JSON
def stamp_command(output: Path, authority: str | None, as_json: bool) -> None:
    """Have the newest report stamped with the time by an authority (RFC 3161).

    \b
    gdfupin stamp --authority http://timestamp.digicert.com
    gdfupin stamp        # [stamps] authority in operator.toml

    Sent is the SHA-256 of the report of the newest crawl, nothing else. Each report names the one before it, so the stamp
    stands for all captures of the archive until then: nobody, the operator included, can change them later and keep the
    stamp. It is kept in OUTPUT/stamps; `gdfupin verify` checks it without network, and so does
    `openssl ts -verify`. Needs `pip install 'gdfupin_spider[stamp]'`.
    """
    from .. import config
    from ..errors import AuthorityFails, NothingThere, WrongArgument
    from ..storage.durable import write_whole
    from ..storage.lock import OutputLock
    from ..storage.report_chain import covered, newest, report_file, reports
    from ..storage.time_stamps import FOLDER, WrongStamp, checked, requested, roots_of

    settings = config.load(output).stamps
    url = authority or settings.authority
    if not url.startswith(("http://", "https://")):
        said = f"{url!r} is not a URL" if url else "no authority is named"
        raise WrongArgument("--authority", f"{said}: give a URL, here or as `authority` of [stamps] in operator.toml")
    roots = roots_of(settings.certificates, output)
    head = newest(output)
    if head is None:
        raise NothingThere(output, 0)
    with OutputLock(output, "gdfupin stamp"):
        payload = requested(report_file(output, head.crawl), url)
        try:
            stamp = checked(payload, [head.sha256], roots)
        except WrongStamp as error:
            raise AuthorityFails(url, f"{error}; [stamps] certificates in operator.toml names who is trusted") from None
        file = _free(output / FOLDER, head.crawl)
        file.parent.mkdir(exist_ok=True)
        write_whole(file, [payload])
    crawls = len(list(covered(reports(output), head.crawl)))
    if as_json:
        found = {"crawl": head.crawl, "sha256": head.sha256, "crawls": crawls, "at": written(stamp.at)}
        click.echo(plain_json({**found, "authority": stamp.authority, "file": str(file)}))
        return
    click.echo(f"{head.crawl}: its report, and by it {crawls} crawls, existed at {written(stamp.at)}")
    click.echo(f"stamped by {shown(stamp.authority)}; kept in {file}")


def _free(folder: Path, crawl: str) -> Path:
    """A file name of the crawl that is not taken: it may be stamped by several authorities."""
    file, number = folder / f"{crawl}.tsr", 1
    while file.exists():
        number += 1
        file = folder / f"{crawl}.{number}.tsr"
    return file
