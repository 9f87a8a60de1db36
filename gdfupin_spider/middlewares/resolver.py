"""Refuses private addresses when a name is resolved: the address that is checked is the one that is used."""

from collections.abc import Sequence
from typing import Any, ClassVar
from urllib.parse import urlsplit
from urllib.request import getproxies

from scrapy.resolver import CachingThreadedResolver
from twisted.internet.defer import Deferred
from twisted.internet.error import DNSLookupError

from ..frontier.scope import bare, is_private_address
from ..messages.text import N_, MessageText, reason_of
from ..pages import host_of


class ScopedResolver(CachingThreadedResolver):
    """Refuses names that lead to private addresses while a crawl has set `named`, the hosts that may.

    The proxy's own name is exempt. One reactor has one resolver, hence the class variable.
    """

    named: ClassVar[frozenset[str] | None] = None
    refused: ClassVar[dict[str, str]] = {}
    """Reason of the refusal by name; Twisted's error has only that the name was not found."""

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> "Deferred[str]":  # noqa: N802
        answer = super().getHostByName(name, timeout)
        named = ScopedResolver.named
        if named is not None and bare(name) not in named and name not in proxy_hosts():
            answer.addCallback(_public, name)
        return answer


def _public(address: Any, name: str) -> Any:
    if is_private_address(str(address)):
        reason = N_(
            "{name} lies at the private address {address}, which only --start-url or --private-hosts opens",
            name=name,
            address=address,
        )
        ScopedResolver.refused[bare(name)] = reason
        raise DNSLookupError(reason)
    return address


def why_not(error: BaseException, url: str) -> str:
    """The reason why a URL could not be fetched, for messages."""
    reason = ScopedResolver.refused.get(host_of(url)) or reason_of(error)
    return reason if isinstance(reason, MessageText) else reason[:300].rstrip(".")


def proxy_hosts() -> frozenset[str]:
    """Hosts of the proxies that the environment names."""
    urls = (url if "://" in url else f"http://{url}" for url in getproxies().values())
    return frozenset(host for host in (urlsplit(url).hostname for url in urls) if host)
