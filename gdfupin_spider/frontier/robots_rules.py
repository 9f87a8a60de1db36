"""A parsed robots.txt (RFC 9309): which URLs it allows, and its Crawl-delay. The caller fetches the file."""

import re
from collections.abc import Iterator
from urllib.parse import quote

from protego import Protego

from ..pages.text.decode import decode

SIZE_LIMIT = 500 * 1024
"""Characters that are parsed at most; RFC 9309 asks for at least 500 KiB. A longer file ends with its last whole line."""
_GROUP = re.compile(r"\s*user[- ]?agent(?:\s*:|\s)\s*(?P<agent>[^#]*)", re.IGNORECASE)
_RULE = re.compile(r"\s*(?P<name>allow|disallow)\s*:\s*(?P<path>[^#]*)", re.IGNORECASE)
_TOKEN = re.compile(r"[A-Za-z_-]+")
_LINE = re.compile(r"\r\n|\r|\n")
_HIGH = re.compile(r"[^\x00-\x7f]+")
_ESCAPED = re.compile(r"%([89A-Fa-f][0-9A-Fa-f])")
_OTHERS = "0"
"""Name of the groups of other crawlers; a product token has no digits."""


class RobotsRules:
    """The rules of one host for one crawler.

    A group is for this crawler only if it names exactly its product token, in any case and with any version behind it; not if
    it names a part of the token, or a word of the comment in the User-Agent.

    >>> rules = RobotsRules(b"User-agent: archive\\nDisallow: /\\n\\nUser-agent: *\\nDisallow: /admin/\\nCrawl-delay: 3")
    >>> rules.allowed("http://a.cn/admin/1.asp"), rules.allowed("http://a.cn/"), rules.crawl_delay
    (False, True, 3.0)
    """

    def __init__(
        self,
        payload: bytes,
        user_agent: str = "gdfupin_spider",
        content_type: str | None = None,
        content_encoding: str | None = None,
    ) -> None:
        """`payload`: the file as served, in any encoding that a page may have. Empty: everything is allowed.

        `user_agent`: the product token of this crawler is what it begins with.
        """
        token = _TOKEN.match(user_agent)
        self._token = token[0].lower() if token else "*"
        text, encoding = decode(payload, content_type, content_encoding)
        text = text.removeprefix("\ufeff")
        if len(text) > SIZE_LIMIT:
            text = text[: max(text.rfind("\n", 0, SIZE_LIMIT), text.rfind("\r", 0, SIZE_LIMIT)) + 1]
        self._rules = Protego.parse("\n".join(self._lines(text, encoding.name)))

    def allowed(self, url: str) -> bool:
        """Whether the URL may be fetched."""
        return bool(self._rules.can_fetch(_comparable(url), self._token))

    @property
    def crawl_delay(self) -> float | None:
        """Seconds between two requests; None if the file has no Crawl-delay for this crawler."""
        delay = self._rules.crawl_delay(self._token)
        return None if delay is None else float(delay)

    def _lines(self, text: str, encoding: str) -> Iterator[str]:
        """The lines for the parser, which takes any word of a User-Agent for a token, and escapes for UTF-8.

        A path with raw Chinese is a rule for its bytes in the encoding of the file and for those in UTF-8.
        """
        for line in _LINE.split(text):
            if group := _GROUP.match(line):
                yield f"User-agent: {self._agent(group['agent'].strip())}"
            elif rule := _RULE.match(line):
                for path in {_percent(rule["path"], name): None for name in (encoding, "utf-8")}:
                    yield f"{rule['name']}: {_comparable(path)}"
            else:
                yield line

    def _agent(self, agent: str) -> str:
        if agent.startswith("*"):
            return "*"
        token = _TOKEN.match(agent)
        return self._token if token and token[0].lower() == self._token else _OTHERS


def _percent(path: str, encoding: str) -> str:
    return _HIGH.sub(lambda high: quote(high[0].encode(encoding, "replace")), path)


def _comparable(url: str) -> str:
    """Escapes of bytes beyond ASCII become text, as the parser would replace those that are not UTF-8 by one character."""
    return _ESCAPED.sub(lambda byte: f"%25{byte[1].upper()}", url)


ALLOW_ALL = RobotsRules(b"")
FORBID_ALL = RobotsRules(b"User-agent: *\nDisallow: /\n")
