"""Which URLs a crawl may fetch: decided by host. A host with and without `www.` is one host."""

import ipaddress
from collections.abc import Iterable
from urllib.parse import urlsplit

from ..pages import host_of
from ..profiles import Profile

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
LONGEST = 2000  # characters of a URL; longer ones come from a crawler trap or a mistake


def bare(host: str) -> str:
    """A host without its `www.`, port and case.

    >>> bare("WWW.gdfupin.org.cn:80")
    'gdfupin.org.cn'
    >>> bare("[::1]:8080")
    '[::1]'
    """
    host = host.lower().rstrip(".")
    if not host.endswith("]"):
        name, colon, port = host.rpartition(":")
        if colon and port.isdigit():
            host = name
    return host.removeprefix("www.").rstrip(".")


class Scope:
    """The hosts that a crawl may fetch from: those of the profile, or if it has none, those of its start URLs."""

    def __init__(self, profile: Profile, given: Iterable[str] = (), *, private: bool = False) -> None:
        """`given`: start URLs that the operator gave; their hosts are added. `private`: the operator allows the private
        addresses that the profile names."""
        started = {host_of(url) for url in given}
        own = {bare(host) for host in profile.hosts} or {host_of(url) for url in profile.start_urls}
        self._pages = frozenset(own | started)
        self._media = self._pages | {bare(host) for host in profile.media_hosts}
        self.named = frozenset(host for host in self._media if private and is_private_name(host)) | started
        """Hosts that may have a private address: those of --start-url; those of the profile, which may come from a
        stranger, only if the operator says so. A profile whose start pages are all on this machine may fetch them: it is
        for a copy of a site, and opens no other private address."""
        if (
            not started
            and (starts := {host_of(url) for url in profile.start_urls})
            and all(map(is_this_machine, starts))
        ):
            self.named |= starts

    def page(self, url: str) -> bool:
        """Whether a page may be fetched from this URL."""
        return host_of(url) in self._pages and len(url) <= LONGEST

    def media(self, url: str) -> bool:
        """Whether a picture or attachment may be fetched from this URL."""
        return host_of(url) in self._media and len(url) <= LONGEST


def is_this_machine(host: str) -> bool:
    """Whether a host is a name or address of this machine itself.

    >>> [is_this_machine(host) for host in ("localhost", "127.0.0.1", "[::1]", "10.1.2.3", "169.254.169.254", "a.cn")]
    [True, True, True, False, False, False]
    """
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def is_private_name(host: str) -> bool:
    """Whether a host is a private IP address or a name of this machine.

    >>> [is_private_name(host) for host in ("localhost", "127.0.0.1", "[::1]", "10.1.2.3", "8.8.8.8", "gdfupin.org.cn")]
    [True, True, True, True, False, False]
    """
    return host == "localhost" or host.endswith(".localhost") or is_private_address(host.strip("[]"))


def is_private_address(text: str) -> bool:
    """Whether this is an IP address that is not public. False for anything that is not an IP address."""
    address: ipaddress.IPv4Address | ipaddress.IPv6Address
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    inner = _embedded(address) if isinstance(address, ipaddress.IPv6Address) else None
    return any(not each.is_global or each.is_multicast for each in (address, inner) if each is not None)


def _embedded(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address to which an IPv6 address of a translator leads: mapped, 6to4, or NAT64 (RFC 6052)."""
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


def split_port(url: str) -> tuple[str, str]:
    """Scheme and authority of a URL: one robots.txt is valid for them."""
    parts = urlsplit(url)
    return parts.scheme, parts.netloc
