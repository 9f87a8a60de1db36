"""The live site, looked at by its first pages: a request for each scheme and name of a host, and one for robots.txt."""

import socket
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urljoin, urlsplit

import urllib3

from ... import clock, deadline, warc
from ...frontier.scope import Scope, is_private_address
from ...pages import Page, redirect_target
from ...profiles import Profile
from ...settings import USER_AGENT
from ...warc import Exchange
from ..archives.site import domains_of

Verdict = Literal["alive", "moved", "walled", "foreign", "failing", "unreachable"]
"""alive: the site itself. moved: it is at a host that the profile does not have. walled: a block or login page. foreign: a page
of somebody else. failing: error pages only. unreachable: no answer."""
VERDICTS: tuple[Verdict, ...] = ("alive", "moved", "walled", "foreign", "failing", "unreachable")
"""The best first: the verdict about the site is that of its best look."""
MOST_STEPS = 5
LONGEST = 5_000_000
_TIMEOUT = urllib3.Timeout(connect=10, read=20)
_OWN = frozenset({"home", "listing", "article", "unknown"})


@dataclass(frozen=True, slots=True)
class LiveLook:
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
    """All looks at the live site."""

    verdict: Verdict
    looks: tuple[LiveLook, ...]
    robots: str
    """What robots.txt is, for people."""
    start_url: str | None
    """Where a crawl should begin, if not at the start URLs of the profile."""


def looked_at(profile: Profile) -> LiveSite:
    """The live site of a profile. Never raises for what the site or the network does."""
    manager = _Requests()
    scope = Scope(profile)
    looks: list[LiveLook] = []
    for url in _first_urls(profile):
        if not any(url in look.steps for look in looks):
            looks.append(_look(url, profile, scope, manager))
    best = min(looks, key=lambda look: VERDICTS.index(look.verdict))
    start = None
    if best.verdict in ("alive", "moved"):
        end = best.steps[-1] if best.steps else best.url
        names = {urlsplit(url).netloc for url in profile.start_urls}
        start = end if best.verdict == "moved" or (names and urlsplit(best.url).netloc not in names) else None
    robots = manager.robots(best.steps[-1] if best.steps else best.url) if best.status is not None else "not asked"
    return LiveSite(best.verdict, tuple(looks), robots, start)


def _first_urls(profile: Profile) -> Iterator[str]:
    """Start pages, then each domain with and without `www.`, over http and https."""
    yield from dict.fromkeys(
        [
            *profile.start_urls[:2],
            *(f"{scheme}://{www}{host}/" for host in domains_of(profile)[:2] for scheme in ("http", "https") for www in ("www.", "")),
        ]
    )  # fmt: skip


def _look(url: str, profile: Profile, scope: Scope, manager: "_Requests") -> LiveLook:
    steps: list[str] = []
    addresses: tuple[str, ...] = ()
    at = url
    while True:
        try:
            found = manager.addresses(at)  # of each step: a redirect may lead into a private network
            addresses = addresses or found
            exchange = manager.get(at)
        except (OSError, urllib3.exceptions.HTTPError, _Private) as error:
            return LiveLook(url, "unreachable", _reason(error), tuple(steps), None, addresses)
        page = deadline.read(warc.unkept(exchange), profile)
        target = page.to
        if target is None and page.kind == "unknown":  # an entry page that leads on by itself
            target = next((link.url for link in page.links if link.role == "refresh"), None)
        if target is None and 300 <= exchange.status < 400:
            location = next((value for name, value in exchange.headers if name.lower() == b"location"), b"")
            target = redirect_target(location.decode("latin-1"), at)
        if target is None or target == at or target in steps or len(steps) >= MOST_STEPS:
            verdict, detail = _verdict(page, exchange.status, scope)
            return LiveLook(url, verdict, detail, tuple(steps), exchange.status, addresses)
        steps.append(target)
        at = target


def _verdict(page: Page, status: int, scope: Scope) -> tuple[Verdict, str]:
    if page.kind == "blocked":
        return "walled", page.why
    if page.kind == "foreign":
        return "foreign", page.why
    if page.kind in _OWN and status < 400 and page.kind != "unknown":
        return ("alive", page.why) if scope.page(page.capture.url) else ("moved", f"the site, at {page.capture.url}")
    if page.kind == "unknown" and status < 400:
        return "alive", f"a page of the site, but not a home page: {page.why}"
    return "failing", f"status {status}: {page.why}"


class _Private(Exception):
    """Raised for a host with a private address: a profile may come from a stranger."""


class _Requests:
    """Plain GET requests, as a crawl sends them."""

    def __init__(self) -> None:
        self._managers: dict[str, urllib3.PoolManager] = {}

    def addresses(self, url: str) -> tuple[str, ...]:
        """The IP addresses of the host. Raises OSError, _Private."""
        parts = urlsplit(url)
        if self._proxy(parts.scheme, parts.hostname or "") is not None:
            return ()
        found = socket.getaddrinfo(parts.hostname, parts.port or 80, type=socket.SOCK_STREAM)
        addresses = tuple(sorted({str(each[4][0]) for each in found}))
        if any(is_private_address(address) for address in addresses):
            raise _Private(f"its address {addresses[0]} is private")
        return addresses

    def get(self, url: str) -> Exchange:
        manager = self._manager(url)
        headers = {"User-Agent": USER_AGENT, "Accept-Encoding": "identity", "Accept-Language": "zh-CN,zh;q=0.9"}
        response = manager.request(
            "GET", url, headers=headers, redirect=False, retries=False, timeout=_TIMEOUT, preload_content=False
        )
        body = response.read(LONGEST, decode_content=False)
        response.close()
        fields = tuple(
            (name.encode("latin-1", "replace"), value.encode("latin-1", "replace"))
            for name, value in response.headers.items()
        )
        return Exchange(url, clock.stamp(), response.status, fields, body)

    def robots(self, url: str) -> str:
        """What the robots.txt beside a page is."""
        try:
            exchange = self.get(urljoin(url, "/robots.txt"))
        except (OSError, urllib3.exceptions.HTTPError) as error:
            return f"no answer: {_reason(error)}"
        if exchange.status != 200:
            return (
                f"status {exchange.status}: everything is allowed"
                if 400 <= exchange.status < 500
                else f"status {exchange.status}"
            )
        lines = [line.strip() for line in exchange.payload.decode("utf-8", "replace").splitlines()]
        rules = [line for line in lines if line.lower().startswith("disallow:") and line.partition(":")[2].strip()]
        if any(line.partition(":")[2].strip() == "/" for line in rules):
            return "it forbids everything to some or all robots"
        return f"{len(rules)} addresses are forbidden" if rules else "it forbids nothing"

    def _manager(self, url: str) -> urllib3.PoolManager:
        parts = urlsplit(url)
        proxy = self._proxy(parts.scheme, parts.hostname or "")
        key = f"{parts.scheme} {proxy}"
        if key not in self._managers:
            self._managers[key] = urllib3.ProxyManager(proxy) if proxy else urllib3.PoolManager()
        return self._managers[key]

    def _proxy(self, scheme: str, host: str) -> str | None:
        return None if urllib.request.proxy_bypass(host) else urllib.request.getproxies().get(scheme)


def _reason(error: Exception) -> str:
    """Why there is no answer, without names of classes and objects."""
    below: BaseException = error
    while (cause := below.__cause__ or getattr(below, "original_error", None) or below.__context__) is not None:
        below = cause
    match below:
        case socket.gaierror():
            return "its name does not resolve"
        case ConnectionRefusedError():
            return "the connection is refused"
        case TimeoutError():
            return "no answer in time"
        case OSError() if below.strerror:
            return below.strerror
        case _:
            return str(below)[:200] or type(below).__name__
