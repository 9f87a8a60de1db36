"""`gdfupin crawl URL`: the profile of a site that is named by its home page alone."""

from pathlib import Path

from .. import clock, profiles
from ..errors import WrongArchive
from ..frontier.scope import Scope
from ..messages.record_words import word
from ..messages.text import N_, enumeration
from ..pages import host_of, identity_key
from ..probe.first_profile import home_draft
from ..profiles import Profile
from ..profiles.draft import as_toml
from ..storage.archive_info import PROFILE_FILE, info_of, profile_of
from ..storage.crawl_settings import settings_of
from ..storage.crawls import crawls_of_site
from ..storage.durable import write_whole
from .output import say


def prepare(output: Path, url: str) -> tuple[str | None, tuple[str, ...]]:
    """The arguments --profile and --start-url for a crawl of this site; a new profile is written to `profile.toml`.

    An archive goes on with its own profile, a site that a bundled profile describes gets that one. Raises WrongArchive
    where the archive is of another site, SiteUnreachable.
    """
    copy = output / PROFILE_FILE
    if info_of(output) is not None:
        return None, _start(output, profile_of(output), url)
    if copy.exists():  # its first crawl did not begin
        return str(copy), _start(output, profiles.load(copy), url)
    for name in profiles.bundled():
        bundled = profiles.load(name)
        if bundled.hosts and Scope(bundled).page(url):
            return name, _start(output, bundled, url)
    draft, page = home_draft(url)
    output.mkdir(parents=True, exist_ok=True)
    made_from = N_(
        "Made by `gdfupin crawl {url}` from its home page, which reads as {kind}.", url=url, kind=word(page.kind)
    )
    write_whole(copy, as_toml(draft, made_from))
    say(N_("a profile of {title} was made: {copy}", title=draft.title, copy=copy))
    return str(copy), ()


def _start(output: Path, profile: Profile, url: str) -> tuple[str, ...]:
    """The start URL to give: none where the profile has it. Raises WrongArchive where the URL is of another site."""
    earlier = [
        start for crawl in crawls_of_site(output, clock.now())[-1:] for start in settings_of(crawl.path).start_urls
    ]
    if not Scope(profile, earlier).page(url):
        hosts = enumeration(dict.fromkeys([*profile.hosts, *map(host_of, earlier)])) or N_("no host")
        raise WrongArchive(
            output,
            N_(
                "it is the archive of {title} ({hosts}), not of {url}; name another folder with --output",
                title=profile.title,
                hosts=hosts,
                url=host_of(url),
            ),
        )
    known = {identity_key(start) for start in (*profile.start_urls, *earlier)}
    return () if profile.start_urls and identity_key(url) in known else (url,)
