"""A parsed robots.txt (RFC 9309): which URLs it allows, and its Crawl-delay. The caller fetches the file."""

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
        """`payload`: the file as served; bytes that are not UTF-8 are ignored. Empty: everything is allowed."""
        self._rules = Protego.parse(payload.decode("utf-8-sig", "ignore"))

    def allowed(self, url: str, user_agent: str) -> bool:
        """Whether this user agent may fetch the URL."""
        return bool(self._rules.can_fetch(url, user_agent))

    def crawl_delay(self, user_agent: str) -> float | None:
        """Seconds between two requests; None if the file has no Crawl-delay for this agent."""
        delay = self._rules.crawl_delay(user_agent)
        return None if delay is None else float(delay)


ALLOW_ALL = RobotsRules(b"")
FORBID_ALL = RobotsRules(b"User-agent: *\nDisallow: /\n")
