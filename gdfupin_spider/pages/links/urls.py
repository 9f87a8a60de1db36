"""URLs: as written, as sent, and the key that makes two of them equal."""

import functools
import hashlib
import re
from urllib.parse import quote, unquote_to_bytes

import ada_url

from ..rule import PatternRule, cleared_by_rules

_UNSAFE = re.compile(r"[^\x21-\x7e]|[\"<>\\^`{|}]")
"""Characters that a request line may not contain, and those that clients encode in different ways."""
_HIGH = re.compile(r"[^\x00-\x7f]+")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_OUTER = "".join(map(chr, range(33))) + "\u3000\xa0'\""
"""Characters around an address that are not part of it."""
_HOST = re.compile(r"(?:[a-z\d_-]{1,63}\.)*[a-z\d_-]{1,63}|\[[\da-f:.]+\]")
"""A host that name servers and clients take, after the URL parser."""
_TYPO = PatternRule(
    "misspelt-scheme",
    "Links are typed by hand: `ttp://www.a.cn`, `http:/www.a.cn`.",
    r"^(?:h?ttp|hhttp|htp|htttp)(s?)\s*[:：;]?\s*(?://|/|\\\\)(?=[\w.-]+\.[a-z]{2})",
    re.I,
    pages="gdfupin/rows-addresses-mended gdfupin/home-with-odd-addresses-and-traps",
)
_DOUBLED = PatternRule(
    "doubled-scheme",
    "Links are pasted behind a scheme that is there already, so that it is there twice.",
    r"^(?:https?:/*)+(?=https?:/)",
    re.I,
    pages="gdfupin/home-with-odd-addresses-and-traps",
)
_SESSION = PatternRule(
    "session-in-query",
    "A query field with a session id does not make another page: `PHPSESSID`.",
    r"^(?:jsessionid|phpsessid|aspsessionid\w*|sid|sessionid|session_id|asp\.net_sessionid|cfid|cftoken|zenid|osCsid)$",
    re.I,
    pages="gdfupin/address-with-session-in-the-query",
)
_PATH_SESSION = PatternRule(
    "session-in-path",
    "A session id in a path does not make another page: `/a.jsp;jsessionid=9f3a`.",
    r";(?:jsessionid|phpsessid|sid)=[^/?#;]*",
    re.I,
    pages="gdfupin/address-with-session-in-the-path",
)
_COOKIELESS = PatternRule(
    "session-of-aspnet",
    "ASP.NET puts a session id into the path: `/(S(abc123))/a.aspx`.",
    r"/\(s\([a-z0-9]+\)\)(?=/|$)",
    re.I,
    pages="gdfupin/address-with-session-of-aspnet",
)
_ASP = PatternRule(
    "asp-ignores-case",
    "ASP ignores the case of paths.",
    r"\.aspx?(?:/|$)",
    re.I,
    pages="gdfupin/above-the-body-print-and-close gdfupin/body-a-notice-of-one-short-sentence",
)
_ORIGIN = re.compile(r"(https?://[^/?#@\\\x00-\x20\ud800-\udfff]+)(?:[/?#][^\\\x00-\x20\ud800-\udfff]*)?$")
"""Scheme, host and port of a URL whose host every client understands in one way."""
_HIGH_BYTES = re.compile(r"(?:%[89a-f][\da-f])+", re.I)
"""Escaped bytes of characters in UTF-8."""
_DEFAULT_PORTS = {"http": "80", "https": "443"}
_SIMPLE = re.compile(
    # the beginning: a host, the root, some levels up, or a relative path
    r"((?:(?:https?:)?//[a-zA-Z\d.-]+(?::\d{1,5})?)?/(?![/.])|(?:\.\.?/)*(?=[\w%]))"
    # path and query that need neither repair nor encoding
    r"((?:[\w\-~!$*(),=&+@]|%(?!2[eE])|\.(?!/)|/(?![/.]))*(?:\?[\w\-.%~!$*(),=&+@/:?]+)?)\??(?:#[\w\-]*)?",
    re.A,
)
"""The usual form of an address, which needs no parsing."""


def absolute(href: str, base: str, encoding: str = "utf-8") -> str | None:
    """The absolute URL of a link as browsers send it; None if it is no HTTP URL.

    Parsed as the URL standard of WHATWG says: raw Chinese is UTF-8 in a path, and in the page's encoding in a query.
    Percent-encoded bytes are kept. Unlike there, misspelt schemes and quotes around an address are repaired, a name and
    password are left out, and characters that clients encode in different ways are encoded.

    >>> absolute("ttp://www.a.cn\\\\扶贫.asp?c=扶贫 ", "http://b.cn/", "gb18030")
    'http://www.a.cn/%E6%89%B6%E8%B4%AB.asp?c=%B7%F6%C6%B6'
    >>> absolute("javascript:void(0)", "http://b.cn/") is None
    True
    """
    simple = _SIMPLE.fullmatch(href)
    if simple is None or (not simple[1] and href[0] in "hHtT" and _TYPO.match(href)):
        return _absolute(href, base, encoding)
    folder = _folder(simple[1], base, encoding)
    return folder + simple[2] if folder is not None else None


@functools.lru_cache(maxsize=1024)
def _folder(begin: str, base: str, encoding: str) -> str | None:
    """The absolute URL that replaces the beginning of an address, up to its last slash."""
    found = _absolute(f"{begin}x", base, encoding)
    return found[:-1] if found is not None else None


@functools.lru_cache(maxsize=1024)  # links, rows, pagers and article pages ask for the same URLs
def _absolute(href: str, base: str, encoding: str) -> str | None:
    """`absolute` for an address of any form."""
    href = re.sub(r"[\t\r\n]", "", href).strip(_OUTER)
    if not href or href.startswith("#") or href.lower().rstrip("/\\") in ("http:", "https:"):
        return None
    href = _DOUBLED.sub("", href)
    if not href.lower().startswith(("http://", "https://")):  # http:/a.cn too
        href = _TYPO.sub(lambda match: f"http{match[1].lower()}://", href, count=1)
    path, mark, query = href.partition("#")[0].partition("?")
    try:
        url = ada_url.URL(_SURROGATE.sub("\ufffd", f"{path}{mark}{_encoded(query, encoding)}"), base)
    except ValueError:
        return None
    host = url.hostname.removesuffix(".")
    if url.protocol not in ("http:", "https:") or not _HOST.fullmatch(host):
        return None
    port = f":{url.port}" if url.port else ""
    return f"{url.protocol}//{host}{port}{_encoded(url.pathname)}{_encoded(url.search)}"


def _encoded(text: str, encoding: str = "utf-8") -> str:
    """Percent-encodes characters that a request line may not contain, as browsers do; keeps what is encoded already.

    `encoding`: of the page. Characters that it does not have become references, such as `&#25206;`.
    """
    if not _HIGH.search(text):
        return _UNSAFE.sub(lambda match: f"%{ord(match[0]):02X}", text)

    def quoted(match: re.Match[str]) -> str:
        try:
            data = match[0].encode(
                "utf-8" if encoding.startswith(("utf-16", "utf-32")) else encoding, "xmlcharrefreplace"
            )
        except LookupError:
            data = match[0].encode("utf-8", "replace")
        return quote(data, safe="")

    return _UNSAFE.sub(lambda match: f"%{ord(match[0]):02X}", _HIGH.sub(quoted, text))


def redirect_target(location: str, base: str) -> str | None:
    """The absolute URL of a Location header, decoded as Latin-1; None if it leads to no web address.

    Its raw Chinese is UTF-8 or GBK, and is percent-encoded byte by byte.
    """
    sent = "".join(char if char.isascii() else f"%{ord(char):02X}" for char in location)
    return absolute(sent, base)


def other_spelling(url: str) -> str | None:
    """The URL with the Chinese of its path in GB18030 in place of UTF-8, for servers that store names so; None for others.

    Both have the same identity key.

    >>> other_spelling("http://a.cn/%E6%89%B6%E8%B4%AB.doc?c=1")
    'http://a.cn/%B7%F6%C6%B6.doc?c=1'
    >>> other_spelling("http://a.cn/%B7%F6%C6%B6.doc") is None
    True
    """
    begin, mark, query = url.partition("?")
    other = _in_gb18030(begin)
    if other == begin or identity_key(other) != identity_key(begin):
        return None  # few bytes in GB18030 may be UTF-8 by accident
    return f"{other}{mark}{query}"


def _in_gb18030(path: str) -> str:
    """A path with its escaped UTF-8 in GB18030; the same path where it has other escapes."""

    def respelt(match: re.Match[str]) -> str:
        return "".join(f"%{byte:02X}" for byte in unquote_to_bytes(match[0]).decode("utf-8").encode("gb18030"))

    try:
        return _HIGH_BYTES.sub(respelt, path)
    except UnicodeError:
        return path


@functools.lru_cache(maxsize=4096)  # menus are on every page, and the page's own URL is asked for often
def identity_key(url: str) -> str:
    """The identity key of a URL: without scheme, `www.`, default port, session ids and fragment.

    Host in lower case, `%HH` in upper case. Chinese in a path is GB18030, however it is sent. ASP paths and their query keys in lower case, because ASP ignores case
    there.

    >>> identity_key("HTTP://WWW.A.cn:80/News.asp;jsessionid=1?ID=3&sid=9f3ab27c#top")
    'a.cn/news.asp?id=3'
    """
    url = url.partition("#")[0]
    scheme, _, rest = url.partition("://")
    host, slash, path = (
        rest.partition("/")
        if "/" in rest.partition("?")[0]
        else (rest.partition("?")[0], "/", rest[len(rest.partition("?")[0]) :])
    )
    host = host.rpartition("@")[2].lower()
    name, colon, port = host.rpartition(":")
    if colon and port in ("", _DEFAULT_PORTS.get(scheme.lower(), "80")) and not name.endswith("]:"):
        host = name
    host = host.rstrip(".").removeprefix("www.")
    path, _, query = path.partition("?")
    path = slash + path
    if "%" in path:
        path = _in_gb18030(path)
    if ";" in path:
        path = _PATH_SESSION.sub("", path)
    if "(" in path:
        path = _COOKIELESS.sub("", path)
    asp = bool(_ASP.search(path))
    if asp:
        path = path.lower()
    if query:
        pieces = [piece for piece in query.split("&") if piece and not _is_session(*piece.partition("=")[::2])]
        if asp:
            pieces = [key.lower() + mark + value for key, mark, value in (piece.partition("=") for piece in pieces)]
        query = "&".join(pieces)
    key = f"{host}{path}" + (f"?{query}" if query else "")
    return _upper_hex(key)


def _is_session(name: str, value: str) -> bool:
    """True if a query field is a session id. A `sid` of few digits is an ordinary number."""
    return _SESSION.match(name) is not None and not (name.lower() == "sid" and value.isdigit() and len(value) < 7)


def _upper_hex(text: str) -> str:
    return re.sub(r"%[0-9a-fA-F]{2}", lambda match: match[0].upper(), text) if "%" in text else text


def article_id(profile_name: str, url: str) -> str:
    """The id of the article at a URL: profile name and 12 hex digits of the SHA-256 of its identity key.

    >>> article_id("gdfupin", "http://www.gdfupin.org.cn/") == article_id("gdfupin", "https://gdfupin.org.cn:443/#a")
    True
    """
    return f"{profile_name}-{hashlib.sha256(identity_key(url).encode('utf-8', 'surrogatepass')).hexdigest()[:12]}"


def host_of(url: str) -> str:
    """The host of an http(s) URL in lower case, without `www.` and port: the one that a client connects to.

    Empty for other URLs, and for those whose host clients understand in different ways. Called for every link, so hosts
    are remembered.

    >>> host_of("http://WWW.gdfupin.org.cn:8080/a"), host_of("http://0x7f.1/"), host_of("http://[::1]:8080/a")
    ('gdfupin.org.cn', '127.0.0.1', '[::1]')
    >>> host_of("http://a.cn\\\\@b.cn/"), host_of("http://a.cn@b.cn/"), host_of("javascript:void(0)")
    ('', '', '')
    """
    found = _ORIGIN.match(url) or _ORIGIN.match(url.lower())
    return _host_of_origin(found[1]) if found else ""


@functools.lru_cache(maxsize=1024)
def _host_of_origin(origin: str) -> str:
    try:
        return ada_url.URL(origin).hostname.removesuffix(".").removeprefix("www.")
    except ValueError:
        return ""


_TRAP_PATH = PatternRule(
    "trap-address",
    "Links that perform an action or a search are never followed: `user/logout.asp`, `show.asp?action=del`.",
    r"[/_\-.?&=](?:log[_-]?(?:out|off)|sign[_-]?out|quit|delete?|del|remove|vote|toupiao|search|register|login|add(?:fav|cart)|print|sendmail|mailto|digg|post_?comment|comment_?add|reply|admin)(?:$|[/_\-.?&=])",
    pages="gdfupin/home-with-odd-addresses-and-traps",
)
_TRAP_TEXT = PatternRule(
    "trap-text",
    "Links with the name of an action are never followed: `[退出]`, `投票`.",
    r"^[\s\[【(]*(?:退出|注销|安全退出|退出登录|删除|删除本?(?:文|信息|新闻)|投票|我要投票|投他一票|顶一下|踩一下|搜索|站内搜索|高级搜索|检索|登录|会员登录|用户登录|注册|会员注册|打印本?页?|打印|收藏|加入收藏|设为首页|发表评论|提交|支持|反对|赞|点赞)[\s\]】)]*$",
    pages="gdfupin/home-with-odd-addresses-and-traps",
)


def is_trap(url: str, text: str) -> bool:
    """True if a link performs an action, or leads into an endless space, instead of showing a page.

    >>> is_trap("http://a.cn/user/logout.asp", ""), is_trap("http://a.cn/show.asp?id=3&action=del", "")
    (True, True)
    >>> is_trap("http://a.cn/research/3.html", "调研")
    False
    """
    rest = url.partition("://")[2].lower()  # `_TRAP_PATH` is in lower case; ignoring case takes twice the time
    path = rest.find("/")
    return (path >= 0 and _TRAP_PATH.search(rest, path) is not None) or _TRAP_TEXT.match(text) is not None


for _cache in (_folder, _absolute, identity_key):
    cleared_by_rules(_cache.cache_clear)
