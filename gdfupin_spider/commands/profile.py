"""`gdfupin profile`."""

from pathlib import Path

import click

from ..messages.text import N_
from ..storage.archive_info import profile_of
from ..terminal import at
from .options import OUTPUT, PROFILE, address
from .output import resolved, say, write


@click.command("profile")
@click.argument("action", type=click.Choice(["new"]), metavar="new")
@click.argument("url", metavar="[URL]", required=False, callback=address)
@click.option("--crawl", metavar="CRAWL", help="From a crawl instead of live pages: latest, its name, or a folder.")
@OUTPUT
@PROFILE
@click.option(
    "--delay", type=click.FloatRange(0, 3600), default=1.0, show_default=True, help="Seconds between requests."
)
@click.option("--to", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Write it to FILE.")
@click.option("--force", is_flag=True, help="Overwrite FILE.")
def profile_command(
    action: str,
    url: str | None,
    crawl: str | None,
    output: Path,
    profile: str | None,
    delay: float,
    to: Path | None,
    force: bool,
) -> None:
    """Write a commented profile of a site from what it prints, to be read and corrected.

    \b
    gdfupin profile new http://www.county.gov.cn/
    gdfupin profile new http://www.county.gov.cn/ --to county.toml
    gdfupin profile new --crawl latest --to county.toml

    From a URL, up to four pages are fetched: the home page, articles that it lists, a page of its menu. From a crawl, the
    profile of the archive is extended by the suggestions of `gdfupin probe --crawl`, which were checked on all its pages.
    What a person has to decide is a comment.
    """
    from .. import probe
    from ..probe import first_profile
    from ..profiles import draft

    if (url is None) == (crawl is None):
        raise click.UsageError(N_("name the URL of a site, or a crawl by --crawl"))
    if to is not None and to.exists() and not force:
        raise click.UsageError(N_("{to} exists; --force overwrites it", to=to))
    if url is not None:
        if not url.startswith(("http://", "https://")):
            raise click.BadParameter(N_("{url!r} must begin with http:// or https://", url=url), param_hint="URL")
        if profile is not None:
            raise click.UsageError(N_("--profile is for --crawl: from a URL the profile is made anew"))
        made = first_profile.draft_from_site(url, delay, say=say)
        text = draft.as_toml(
            made, N_("Made by `gdfupin profile new {url}` from a few pages: check each line.", url=url)
        )
    else:
        folder = resolved(output, crawl or "latest")
        made = first_profile.draft_from_crawl(probe.survey(folder, profile_of(output, profile), 0, say))
        text = draft.as_toml(
            made,
            N_("Made by `gdfupin profile new --crawl {crawl}` from its pages: check each line.", crawl=folder.name),
        )
    if to is None:
        click.echo(text, nl=False)
        return
    write(to, text)
    step = f"gdfupin replay latest --profile {to}{at(output)}" if crawl else f"gdfupin crawl --profile {to} --limit 20"
    say(N_("next: read it, then `{step}`", step=step))
