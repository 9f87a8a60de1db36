"""The steps that check and publish: what is new is verified, then released, and written as feeds and as a site."""

from dataclasses import replace

from .. import clock
from .. import verify as verification
from ..diff import DiffQuery, Feed, for_readers, write_feeds
from ..errors import ExitCode, NobodyLooked, NotInstalled
from ..messages.message_language import speaking
from ..messages.text import N_, joined
from ..releases import publish
from ..releases.folder import ReleasesFolder
from ..storage.crawls import crawls
from ..terminal import pluralized
from .day import Day, Outcome
from .digest_text import language_of

NO_ARTICLE = N_("the archive has no article yet")


def verify(day: Day) -> Outcome:
    """Checks the crawls that no run has checked. One with damage is checked again by each run until it is mended."""
    there = crawls(day.output)
    known = set(day.outbox.state.verified)
    new = [each for each in there if each.name not in known]
    found = verification.verify(day.output, day.profile, new, day.say) if new else verification.Verified()
    damaged = {each.crawl for each in found.damage}
    sound = known & {each.name for each in there} | {each.name for each in new} - damaged
    if sound != known:
        day.outbox.save(replace(day.outbox.state, verified=tuple(sorted(sound))))
    if damage := found.damage:
        count = pluralized(len(damage), "damaged place")
        words = N_("{places}: {first}. {next}", places=count, first=damage[0].sentence(), next=damage[0].next)
        return Outcome(words, "failed", ExitCode.NEEDS_REPAIR)
    return Outcome(
        joined((pluralized(found.crawls, "crawl"), pluralized(found.captures, "capture"))) if new else N_("nothing new")
    )


def release(day: Day) -> Outcome:
    """Makes a release if an article changed, and deletes old ones."""
    if not day.has_articles():
        return Outcome(NO_ARTICLE, "skipped")
    made = publish.make(day.output, day.profile, None, day.daily.allow, day.say)
    deleted = publish.retain(day.output, day.daily.keep, dated=True) if day.daily.keep else []
    words = made.manifest.release if made.new else N_("nothing new")
    return Outcome(
        N_("{words}, {ones} deleted", words=words, ones=pluralized(len(deleted), "old one")) if deleted else words
    )


def feeds(day: Day) -> Outcome:
    """Writes the feeds of the last days."""
    if not day.has_articles():
        return Outcome(NO_ARTICLE, "skipped")
    base = f"{day.daily.feeds_url.rstrip('/')}/" if day.daily.feeds_url else None
    try:
        since = f"{day.daily.feed_days}d"
        with (
            speaking(language_of(day.daily.language)),
            DiffQuery(day.output, (), since, clock.now(), day.profile.zone) as query,
        ):
            feed = Feed(day.site, next(iter(day.profile.start_urls), ""), query.newest_capture, base=base)
            paths = write_feeds(day.folder(day.daily.feeds), feed, for_readers(query.changes()))
    except NobodyLooked:
        return Outcome(N_("no crawl looked in these days"), "skipped")
    return Outcome(pluralized(len(paths), "file"))


def site(day: Day) -> Outcome:
    """Writes the reading room as static files, if there is a release that it does not show yet."""
    try:
        from ..web.site import write_site
    except ImportError as error:
        raise NotInstalled(error.name or "starlette", N_("the site"), "web") from None
    latest = ReleasesFolder(day.output).latest()
    if latest is None:
        return Outcome(N_("there is no release yet"), "skipped")
    folder = day.folder(day.daily.site)
    shown = f"{latest} {folder} {day.daily.base_url}"
    if day.outbox.state.site == shown and folder.is_dir():
        return Outcome(N_("nothing new"))
    made = write_site(day.output, "latest", folder, day.options.cache, day.daily.base_url, day.say)
    day.outbox.save(replace(day.outbox.state, site=shown))
    return Outcome(N_("{pages} of {release}", pages=pluralized(made.pages, "page"), release=made.release))
