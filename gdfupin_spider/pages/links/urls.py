"""URLs: as written, as sent, and the key that makes two of them equal."""

import functools
import hashlib
import posixpath
import re
from urllib.parse import urljoin, urlsplit

from ..rule import PatternRule, cleared_by_rules

_UNRESERVED = re.compile(r"[^\x21-\x7e]|[\"<>\\^`{|} ]")
"""Characters that a request line may not contain."""
_TYPO = PatternRule(
    "misspelt-scheme",
    "Links are typed by hand: `ttp://www.a.cn`, `http:/www.a.cn`.",
    r"^(?:h?ttps?|hhttp|htp|htttp|ttp)(s?)\s*[:：;]?\s*(?://|/|\\\\)(?=[\w.-]+\.[a-z]{2})",
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
_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*:", re.I)
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
_DEFAULT_PORTS = {"http": "80", "https": "443"}
_SIMPLE = re.compile(
    # the beginning: a host, the root, some levels up, or a relative path
    r"((?:(?:https?:)?//[a-zA-Z\d.-]+(?::\d{1,5})?)?/(?![/.])|(?:\.\.?/)*(?=[\w%]))"
    # path and query that need neither repair nor encoding
    r"((?:[\w\-%~!$*(),=&+@]|\.(?!/)|/(?![/.]))*(?:\?[\w\-.%~!$*(),=&+@/:?]+)?)\??(?:#[\w\-]*)?",
    re.A,
)
"""The usual form of an address, which needs no parsing."""


def absolute(href: str, base: str, encoding: str = "utf-8") -> str | None:
    """The absolute URL of a link as it must be sent; None if it is no HTTP URL.

    Percent-encoded bytes are kept. Raw Chinese is encoded in the page's encoding, in path and query. Outer spaces,
    line ends, backslashes and misspelt schemes are repaired, as browsers or their users would.

    >>> absolute("ttp://www.a.cn\\\\list.asp?c=扶贫 ", "http://b.cn/", "gb18030")
    'http://www.a.cn/list.asp?c=%B7%F6%C6%B6'
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
    href = re.sub(r"[\t\r\n\x00]", "", href).strip(" \u3000\xa0\x0b\x0c'\"")
    if not href or href.startswith("#") or href.lower().rstrip("/\\") in ("http:", "https:"):
        return None
    path, mark, query = href.partition("?")
    href = path.replace("\\", "/") + mark + query
    href = _DOUBLED.sub("", href)
    if _TYPO.match(href) and not href.lower().startswith(("http://", "https://")):  # http:/a.cn too
        href = _TYPO.sub(lambda match: f"http{match[1].lower()}://", href, count=1)
    scheme = _SCHEME.match(href)
    if scheme and scheme[0].lower() not in ("http:", "https:"):
        return None
    try:
        url = urljoin(base, href)
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host or not re.fullmatch(r"[\w.:-]+", host):
        return None
    try:
        host = host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError:
        return None
    host = f"[{host}]" if ":" in host else host
    netloc = host.rstrip(".") + (f":{port}" if port and str(port) != _DEFAULT_PORTS[parts.scheme] else "")
    path = _normal_path(parts.path)
    query = f"?{_encode(parts.query, encoding)}" if "?" in url.partition("#")[0] and parts.query else ""
    return f"{parts.scheme}://{netloc}{_encode(path, encoding)}{query}"


def _normal_path(path: str) -> str:
    if not path:
        return "/"
    if "/." in path:
        # `..` above the root stays at the root, as in browsers.
        normal = posixpath.normpath("/" + path.lstrip("/"))
        return normal + ("/" if path.endswith(("/", "/.", "/..")) and normal != "/" else "")
    return path


def _encode(text: str, encoding: str) -> str:
    """Percent-encode characters that a request line may not contain; keep what is encoded already."""

    def quote(match: re.Match[str]) -> str:
        try:
            data = match[0].encode(encoding)
        except (UnicodeEncodeError, LookupError):
            data = match[0].encode("utf-8", "surrogatepass")
        return "".join(f"%{byte:02X}" for byte in data)

    return _UNRESERVED.sub(quote, text)


@functools.lru_cache(maxsize=4096)  # menus are on every page, and the page's own URL is asked for often
def identity_key(url: str) -> str:
    """The identity key of a URL: without scheme, `www.`, default port, session ids and fragment.

    Host in lower case, `%HH` in upper case. ASP paths and their query keys in lower case, because ASP ignores case
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
    """The host name of a URL in lower case, without `www.` and port; empty without one.

    >>> host_of("http://WWW.gdfupin.org.cn:8080/a")
    'gdfupin.org.cn'
    """
    try:
        return (urlsplit(url).hostname or "").rstrip(".").removeprefix("www.")
    except ValueError:
        return ""


_TRAP_PATH = PatternRule(
    "trap-address",
    "Links that perform an action or a search are never followed: `user/logout.asp`, `show.asp?action=del`.",
    r"(?:^|[/_\-.?&=])(?:log[_-]?(?:out|off)|sign[_-]?out|quit|delete?|del|remove|vote|toupiao|search|register|login|add(?:fav|cart)|print|sendmail|mailto|digg|post_?comment|comment_?add|reply|admin)(?:$|[/_\-.?&=])",
    re.I,
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
    return bool(_TRAP_PATH.search(url.partition("://")[2].partition("/")[2])) or bool(_TRAP_TEXT.match(text))


for _cache in (_folder, _absolute, identity_key):
    cleared_by_rules(_cache.cache_clear)
