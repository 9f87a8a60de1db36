"""Scrapy settings that a crawl cannot honour: each is refused by name before the first request."""

from scrapy.settings import BaseSettings

from ..errors import WrongArgument
from ..messages.text import N_

UNSUPPORTED = {
    "HTTPCACHE_ENABLED": "a response from a cache is no capture; `gdfupin replay` parses a crawl again without the network",
    "REDIRECT_ENABLED": "a redirect is a capture of its own, and the crawl follows it",
    "METAREFRESH_ENABLED": "a page that refreshes is a capture of its own, and the crawl follows it",
    "COMPRESSION_ENABLED": "payloads are stored as the server sent them, and are unpacked when they are read",
    "RETRY_ENABLED": "failed requests are tried again by GDFUPIN_RETRY_WAITS, after the exchange is stored",
    "COOKIES_ENABLED": "cookies are sent only where a wall of redirects asks for them",
    "JOBDIR": "a crawl that ended early is continued by the next one",
}
"""Why each must stay unset."""
REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"


def refuse_unsupported(settings: BaseSettings) -> None:
    """Raises WrongArgument for the first setting that is on."""
    for name, reason in UNSUPPORTED.items():
        value = settings.get(name)
        if value if name == "JOBDIR" else settings.getbool(name):
            raise WrongArgument(name, N_("is not supported: {reason}", reason=reason))
    if (reactor := settings.get("TWISTED_REACTOR")) != REACTOR:
        raise WrongArgument(
            "TWISTED_REACTOR",
            N_("{reactor!r} is not supported: the crawl needs {needed}", reactor=reactor, needed=REACTOR),
        )
