"""Cookies for sites that let in only visitors who send back the cookie of a redirect.

A crawl sends no cookies. But where redirects lead back to an address and set cookies, these are sent to that host from then
on, as a browser would do. They are kept in memory and end with the crawl.
"""

import re
from collections.abc import Iterable

MOST = 50
"""Cookies of one host."""
_PAIR = re.compile(r"\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*=\s*([\x21-\x3a\x3c-\x7e\x80-\xff]*)\s*(;.*)?", re.DOTALL)
_EXPIRED = re.compile(r";\s*max-age\s*=\s*(?:0|-\d+)\s*(?:;|$)", re.IGNORECASE)


class CookieWalls:
    """The cookies that redirects of each host set, and the hosts to which they are sent."""

    def __init__(self) -> None:
        self._cookies: dict[str, dict[str, str]] = {}
        self._walls: set[str] = set()

    def set_by_redirect(self, host: str, values: Iterable[str]) -> None:
        """Keeps the cookies of a redirect. `values`: its Set-Cookie headers."""
        for value in values:
            pair = _PAIR.fullmatch(value)
            if pair is None:
                continue
            name, content, attributes = pair[1], pair[2], pair[3] or ""
            cookies = self._cookies.setdefault(host, {})
            if _EXPIRED.search(attributes):
                cookies.pop(name, None)
            elif name in cookies or len(cookies) < MOST:
                cookies[name] = content

    def header(self, host: str) -> str | None:
        """The Cookie header for a request; None where the host has no wall."""
        return self._header(host) if host in self._walls else None

    def pass_wall(self, host: str, sent: str | None) -> bool:
        """Whether a request whose redirects lead back is worth making again: with cookies that it has not sent yet.

        `sent`: its Cookie header.
        """
        header = self._header(host)
        if header is None or header == sent:
            return False
        self._walls.add(host)
        return True

    def names(self, host: str) -> list[str]:
        """Names of the cookies of a host; values are left out of messages."""
        return list(self._cookies.get(host, ()))

    def _header(self, host: str) -> str | None:
        return "; ".join(f"{name}={value}" for name, value in self._cookies.get(host, {}).items()) or None
