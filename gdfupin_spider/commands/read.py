"""`gdfupin read`."""

import sys
from pathlib import Path
from urllib.parse import quote, urljoin

import click

from .. import data_files, deadline, pages, profiles
from ..items import Capture, Proof
from ..pages.reading import UNKNOWN_TIME
from ..terminal import plain_json


@click.command("read")
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(dir_okay=False, allow_dash=True))
@click.option("--profile", default="gdfupin", show_default=True, metavar="NAME|FILE", help="The site's profile.")
@click.option("--base-url", metavar="URL", help="The URL that the FILE names are relative to.")
@click.option("--content-type", metavar="TYPE", help="The Content-Type header that the pages were served with.")
def read_command(files: tuple[str, ...], profile: str, base_url: str | None, content_type: str | None) -> None:
    """Read saved article pages and print one line of JSON for each. No archive and no network are needed.

    \b
    gdfupin read *.html > articles.jsonl
    gdfupin read --base-url http://www.gdfupin.org.cn/news/ 101.html 102.html
    curl -s http://www.gdfupin.org.cn/news/101.html | gdfupin read -

    The keys are those of gdfupin_spider.read_article, after `file` and `kind` (article, listing, home, gone, blocked ...).
    Fields that a page does not print are null. A page that takes longer than 20 seconds to read, or too much memory, is `unknown` and
    has the issue `too-costly`.
    """
    known = profiles.load(profile)
    for file in files:
        try:
            if file == "-":
                payload = data_files.limited(sys.stdin.buffer, data_files.PAGE)
            else:
                payload = data_files.content(Path(file), data_files.PAGE)
        except OSError as error:
            raise click.BadParameter(f"{file}: {error.strerror}", param_hint="FILE") from None
        url = urljoin(base_url, quote(Path(file).as_posix())) if base_url else None
        headers = (("Content-Type", content_type),) if content_type else ()
        capture = Capture(url or "http://localhost/", UNKNOWN_TIME, 200, headers, payload, Proof("", 0, ""))
        page = deadline.read(capture, known)
        article = pages.read_article(payload if page.unread is None else b"", content_type, url, known)
        if page.unread is not None:
            article["issues"] = [{"level": "failure", "what": "too-costly", "evidence": page.unread}]
        click.echo(plain_json({"file": file, "kind": page.kind, **article}))
