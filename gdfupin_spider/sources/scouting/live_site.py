"""The live site, looked at by its first pages: a request for each scheme and name of a host, and one for robots.txt."""

import socket
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from ... import deadline
from ...frontier.scope import Scope, is_private_address
from ...messages.text import N_, reason_of
from ...pages import Page, redirect_target
from ...probe.live_page import NoResponse, response_to, robots_remark
from ...profiles import Profile
from ..archives.site import domains_of

Verdict = Literal["alive", "moved", "walled", "foreign", "failing", "unreachable"]
"""alive: the site itself. moved: it is at a host that the profile does not have. walled: a block or login page. foreign: a page
of somebody else. failing: error pages or empty pages only. unreachable: no answer."""
VERDICTS: tuple[Verdict, ...] = ("alive", "moved", "walled", "foreign", "failing", "unreachable")
"""The best first: the verdict about the site is that of its best answer."""
MOST_STEPS = 5
LONGEST = 5_000_000
"""Bytes of one response."""
PATIENCE = 30.0
"""Seconds for one response, all of it."""


@dataclass(frozen=True, slots=True)
class LiveFetch:
    """One request for a first page, redirects followed."""

    url: str
    verdict: Verdict
    detail: str
    """Why, for people."""
    steps: tuple[str, ...] = ()
    """Where it was led, in order."""
    status: int | None = None
    """Of the last answer."""
    addresses: tuple[str, ...] = ()
    """IP addresses of the host; empty where a proxy resolves it."""


@dataclass(frozen=True, slots=True)
class LiveSite:
    """What the live site answers to requests for its first pages."""

    verdict: Verdict
    fetches: tuple[LiveFetch, ...]
    robots: str
    """What robots.txt is, for people."""
    start_url: str | None
    """Where a crawl should begin, if not at the start URLs of the profile."""


def looked_at(profile: Profile) -> LiveSite:
    """The live site of a profile. Never raises for what the site or the network does."""
    scope = Scope(profile)
    fetches: list[LiveFetch] = []
    for url in _first_urls(profile):
        if not any(url in fetch.steps for fetch in fetches):
            fetches.append(_fetch(url, profile, scope))
    best = min(fetches, key=lambda fetch: VERDICTS.index(fetch.verdict))
    start = None
    if best.verdict in ("alive", "moved"):
        end = best.steps[-1] if best.steps else best.url
        names = {urlsplit(url).netloc for url in profile.start_urls}
        start = end if best.verdict == "moved" or (names and urlsplit(best.url).netloc not in names) else None
    robots = N_("not asked")
    if best.status is not None:
        robots = robots_remark(best.steps[-1] if best.steps else best.url) or N_("it allows the first page")
    return LiveSite(best.verdict, tuple(fetches), robots, start)


def _first_urls(profile: Profile) -> Iterator[str]:
    """Start pages, then each domain with and without `www.`, over http and https."""
    yield from dict.fromkeys(
        [
            *profile.start_urls[:2],
            *(f"{scheme}://{www}{host}/" for host in domains_of(profile)[:2] for scheme in ("http", "https") for www in ("www.", "")),
        ]
    )  # fmt: skip


def _fetch(url: str, profile: Profile, scope: Scope) -> LiveFetch:
    steps: list[str] = []
    addresses: tuple[str, ...] = ()
    at = url
    while True:
        try:
            found = _addresses(at)  # of each step: a redirect may lead into a private network
            addresses = addresses or found
            capture = response_to(at, PATIENCE, LONGEST)
        except NoResponse as error:
            return LiveFetch(url, "unreachable", reason_of(error), tuple(steps), None, addresses)
        page = deadline.read(capture, profile)
        target = page.to
        if target is None and page.kind == "unknown":  # an entry page that leads on by itself
            target = next((link.url for link in page.links if link.role == "refresh"), None)
        if target is None and 300 <= capture.status < 400:
            target = redirect_target(capture.header("location") or "", at)
        if target is None or target == at or target in steps or len(steps) >= MOST_STEPS:
            verdict, detail = _verdict(page, scope)
            return LiveFetch(url, verdict, detail, tuple(steps), capture.status, addresses)
        steps.append(target)
        at = target


def _verdict(page: Page, scope: Scope) -> tuple[Verdict, str]:
    url, status = page.capture.url, page.capture.status
    match page.kind:
        case "blocked":
            return "walled", page.why
        case "foreign":
            return "foreign", page.why
        case "home" | "listing" | "article" | "unknown" if status < 400 and (page.lines or page.links):
            if not scope.page(url):
                if page.printed_identity or not page.profile.identity:
                    return "moved", N_("the site, at {url}", url=url)
                return "foreign", N_("{url} has none of the site's names", url=url)
            return (
                "alive",
                page.why
                if page.kind != "unknown"
                else N_("a page of the site, but not a home page: {why}", why=page.why),
            )
        case _:
            return "failing", page.why if str(status) in page.why else N_(
                "status {status}: {why}", status=status, why=page.why
            )


def _addresses(url: str) -> tuple[str, ...]:
    """The IP addresses of the host; none where a proxy resolves it. Raises NoResponse, also where one of them is private."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if not urllib.request.proxy_bypass(host) and parts.scheme in urllib.request.getproxies():
        return ()
    try:
        found = socket.getaddrinfo(host, parts.port or 80, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NoResponse(N_("its name does not resolve")) from None
    addresses = tuple(sorted({str(each[4][0]) for each in found}))
    if private := [address for address in addresses if is_private_address(address)]:
        raise NoResponse(
            N_("its address {private} is private", private=private[0])
        )  # a profile may come from a stranger
    return addresses
