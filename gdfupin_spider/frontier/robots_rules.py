"""robots.txt (RFC 9309), parsed: which URLs it allows, and its Crawl-delay. Pure; fetching it is the caller's part."""

from protego import Protego


class RobotsRules:
    """The rules of one host.

    >>> rules = RobotsRules(b"User-agent: *\\nDisallow: /admin/\\nCrawl-delay: 3")
    >>> rules.allowed("http://a.cn/admin/1.asp", "gdfupin_spider"), rules.allowed("http://a.cn/", "gdfupin_spider")
    (False, True)
    >>> rules.crawl_delay("gdfupin_spider")
    3.0
    """

    def __init__(self, payload: bytes) -> None:
        """`payload`: the file as served; what is not UTF-8 is passed over. Empty: everything is allowed."""
        self._rules = Protego.parse(payload.decode("utf-8-sig", "ignore"))

    def allowed(self, url: str, user_agent: str) -> bool:
        """Whether this user agent may fetch the URL."""
        return bool(self._rules.can_fetch(url, user_agent))

    def crawl_delay(self, user_agent: str) -> float | None:
        """Seconds between two requests that the host asks for; None where it asks for none."""
        delay = self._rules.crawl_delay(user_agent)
        return None if delay is None else float(delay)


ALLOW_ALL = RobotsRules(b"")
FORBID_ALL = RobotsRules(b"User-agent: *\nDisallow: /\n")
