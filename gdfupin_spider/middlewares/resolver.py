"""The address that is checked is the address that is used."""

from collections.abc import Sequence
from typing import Any, ClassVar
from urllib.parse import urlsplit
from urllib.request import getproxies

from scrapy.resolver import CachingThreadedResolver
from twisted.internet.defer import Deferred
from twisted.internet.error import DNSLookupError

from ..hosts import bare, is_private_address


class ScopedResolver(CachingThreadedResolver):
    """Refuses names that lead to private addresses while a crawl has set `named`, the hosts that may.

    The proxy's own name is exempt. One reactor has one resolver, hence the class variable.
    """

    named: ClassVar[frozenset[str] | None] = None

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> "Deferred[str]":  # noqa: N802
        answer = super().getHostByName(name, timeout)
        named = ScopedResolver.named
        if named is not None and bare(name) not in named and name not in proxy_hosts():
            answer.addCallback(_public, name)
        return answer


def _public(address: Any, name: str) -> Any:
    if is_private_address(str(address)):
        raise DNSLookupError(
            f"{name} lies at the private address {address}, which neither --start-url nor the profile names"
        )
    return address


def proxy_hosts() -> frozenset[str]:
    """Hosts of the proxies that the environment names."""
    urls = (url if "://" in url else f"http://{url}" for url in getproxies().values())
    return frozenset(host for host in (urlsplit(url).hostname for url in urls) if host)
