"""Which URLs a crawl may fetch: decided by host. A host with and without `www.` is one host."""

import ipaddress
from collections.abc import Iterable
from urllib.parse import urlsplit

from ..profiles import Profile

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


def host_of(url: str) -> str:
    """The bare host of an http(s) URL; empty for other URLs. Called for every link, so it must be fast.

    >>> host_of("http://www.gdfupin.org.cn/a?b=http://x.cn/"), host_of("javascript:void(0)")
    ('gdfupin.org.cn', '')
    """
    scheme, found, rest = url.partition("://")
    if not found or scheme.lower() not in ("http", "https"):
        return ""
    for end in "/?#\\":
        rest = rest.partition(end)[0]
    return bare(rest.rpartition("@")[2])


class Scope:
    """The hosts that a crawl may fetch from: those of the profile, or if it has none, those of its start URLs."""

    def __init__(self, profile: Profile, given: Iterable[str] = ()) -> None:
        """`given`: start URLs that the operator gave; their hosts are added."""
        started = {host_of(url) for url in given}
        own = {bare(host) for host in profile.hosts} or {host_of(url) for url in profile.start_urls}
        self._pages = frozenset(own | started)
        self._media = self._pages | {bare(host) for host in profile.media_hosts}
        self.named = frozenset(host for host in self._media if is_private_name(host)) | frozenset(started)
        """Hosts that may have a private address: hosts that are named as such, and those of --start-url."""

    def page(self, url: str) -> bool:
        """Whether a page may be fetched from this URL."""
        return host_of(url) in self._pages and len(url) <= LONGEST

    def media(self, url: str) -> bool:
        """Whether a picture or attachment may be fetched from this URL."""
        return host_of(url) in self._media and len(url) <= LONGEST


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
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return not address.is_global


def split_port(url: str) -> tuple[str, str]:
    """Scheme and authority of a URL: one robots.txt is valid for them."""
    parts = urlsplit(url)
    return parts.scheme, parts.netloc
