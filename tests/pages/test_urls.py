"""Addresses: what makes two of them one, and what is sent, for any that a page may write."""

import json
import re
from pathlib import Path
from urllib.parse import quote, unquote_to_bytes

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from gdfupin_spider.pages import absolute, article_id, host_of, identity_key, is_trap, other_spelling

_words = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=8)
_hosts = st.builds("{}.{}.cn".format, _words.filter(lambda word: not word.startswith("www")), _words)
_names = st.text("abcXYZ019_-", min_size=1, max_size=8)
_values = st.text("abcXYZ019_-.", max_size=8) | st.binary(min_size=1, max_size=4).map(lambda data: quote(data, safe=""))
_plain = _names.filter(lambda name: name.lower() not in ("sid", "sessionid"))
_queries = st.lists(st.tuples(_plain, _values), max_size=4).map(lambda pairs: "&".join(f"{k}={v}" for k, v in pairs))
_folders = st.lists(_names, max_size=3).map(lambda names: "".join(f"/{name}" for name in names))
_files = st.builds("{}.{}".format, _names, st.sampled_from(["asp", "aspx", "php", "html", "shtml", "jsp"]))


@st.composite
def addresses(draw: st.DrawFn) -> tuple[str, str, str]:
    """Host, path and query (with its mark) of an ordinary address."""
    query = draw(_queries)
    return draw(_hosts), f"{draw(_folders)}/{draw(_files)}", f"?{query}" if query else ""


@given(addresses())
def test_an_identity_key_is_its_own_key(parts: tuple[str, str, str]) -> None:
    key = identity_key("http://" + "".join(parts))
    assert identity_key("http://" + key) == key


@given(addresses(), st.data())
def test_scheme_www_port_case_of_the_host_session_and_fragment_do_not_count(
    parts: tuple[str, str, str], data: st.DataObject
) -> None:
    host, path, query = parts
    scheme = data.draw(st.sampled_from(["http", "https", "HTTP"]))
    port = ":443" if scheme == "https" else ":80"
    name = data.draw(st.sampled_from([host, f"www.{host}", host.upper(), f"WWW.{host}", f"{host}."]))
    session = data.draw(
        st.sampled_from(["sid=9f2", "PHPSESSID=ab01", "ASPSESSIONIDQQACD=KJ", "jsessionid=1", "sessionid=x"])
    )
    path_session = data.draw(st.sampled_from(["", ";jsessionid=0A9F", ";JSESSIONID=77!-1"]))
    pieces = [piece for piece in query[1:].split("&") if piece]
    at = data.draw(st.integers(0, len(pieces)))
    pieces = data.draw(st.sampled_from([pieces, [*pieces[:at], session, *pieces[at:]]]))
    mark = "?" if pieces else ""
    fragment = data.draw(st.sampled_from(["", "#", "#top", "#a?b=1"]))
    port = data.draw(st.sampled_from(["", port]))
    other = f"{scheme}://{name}{port}{path}{path_session}{mark}{'&'.join(pieces)}{fragment}"
    assert identity_key(other) == identity_key(f"http://{host}{path}{query}")
    assert article_id("gdfupin", other) == article_id("gdfupin", f"http://{host}{path}{query}")


@given(_hosts, st.binary(min_size=1, max_size=6))
def test_the_case_of_percent_signs_does_not_count(host: str, data: bytes) -> None:
    lower = "".join(f"%{byte:02x}" for byte in data)
    assert identity_key(f"http://{host}/a.php?c={lower}") == identity_key(f"http://{host}/a.php?c={lower.upper()}")


@given(_hosts, _folders, _names, _plain, _values)
def test_asp_ignores_case_in_path_and_key_but_not_in_a_value(
    host: str, folder: str, name: str, key: str, value: str
) -> None:
    assume("%" not in value)
    one = f"http://{host}{folder}/{name}.asp?{key}={value}"
    assert identity_key(one) == identity_key(
        f"http://{host}{folder.upper()}/{name.swapcase()}.ASP?{key.swapcase()}={value}"
    )
    if value.swapcase() != value:
        assert identity_key(one) != identity_key(f"http://{host}{folder}/{name}.asp?{key}={value.swapcase()}")


@given(_hosts, _files, _queries, _queries)
def test_different_queries_are_different_pages(host: str, file: str, one: str, two: str) -> None:
    assume(one.lower() != two.lower())
    assert identity_key(f"http://{host}/{file}?{one}") != identity_key(f"http://{host}/{file}?{two}")


@given(_hosts, _folders, _folders)
def test_different_paths_are_different_pages(host: str, one: str, two: str) -> None:
    assume(one != two)
    assert identity_key(f"http://{host}{one}/a.html") != identity_key(f"http://{host}{two}/a.html")


_ENCODINGS = st.sampled_from(["utf-8", "gb18030", "big5", "utf-16", "latin-1", "no-such-encoding", ""])
_BASES = st.sampled_from(
    ["http://www.gdfupin.org.cn/", "https://a.cn:8080/x/y.asp?b=1", "http://a.cn", "http://[::1]/x"]
)


@given(st.text() | st.text("htp:/.\\?#&=%[]@;,'\" \t\n扶贫a0", max_size=30), _BASES, _ENCODINGS)
@example("http://[", "http://a.cn/", "utf-8")
@example("http://a.cn:99999/", "http://a.cn/", "utf-8")
@example("//扶贫。cn/\ud800", "http://a.cn/", "gb18030")
@example("http://a..cn/", "http://a.cn/", "utf-8")
@example("http://" + "a" * 70 + "é.cn/", "http://a.cn/", "utf-8")
def test_any_href_gives_an_address_that_can_be_sent_or_none(href: str, base: str, encoding: str) -> None:
    found = absolute(href, base, encoding)
    if found is None:
        return
    assert found.isascii()
    assert found.startswith(("http://", "https://"))
    assert not set(found) & set(' \t\r\n#"<>\\')
    assert absolute(found, base, encoding) == found
    assert absolute(found, "http://other.cn/z/") == found
    assert host_of(found)
    identity_key(found)
    is_trap(found, href)


@given(_hosts, addresses())
def test_an_ordinary_address_is_sent_as_written(other: str, parts: tuple[str, str, str]) -> None:
    written = "http://" + "".join(parts)
    assert absolute(written, f"http://{other}/x.html", "gb18030") == written


@given(st.text("中文人民大小水火山田", min_size=1, max_size=6), st.sampled_from(["utf-8", "gb18030", "big5"]))
def test_raw_chinese_is_utf_8_in_a_path_and_as_the_page_in_a_query(name: str, encoding: str) -> None:
    sent = absolute(f"{name}/1.htm?c={name}", "http://a.cn/", encoding)
    assert sent is not None
    path, query = map(unquote_to_bytes, sent.split("?"))
    assert (path, query) == (f"http://a.cn/{name}/1.htm".encode(), f"c={name}".encode(encoding))


@given(st.text("中文人民大小水火山田abcXYZ019._- ", min_size=1, max_size=9).filter(lambda name: not name.isascii()))
def test_both_spellings_of_a_chinese_path_are_one_address(name: str) -> None:
    url = absolute(f"/{quote(name)}/show.asp?id=1", "http://a.cn/")
    assert url is not None
    other = other_spelling(url)
    if other is None:  # its bytes in GB18030 are UTF-8, too: nobody can know which it is
        name.encode("gb18030").decode("utf-8")
        return
    assert unquote_to_bytes(other) == f"http://a.cn/{name}/show.asp?id=1".encode("gb18030")
    assert identity_key(other) == identity_key(url)
    assert other_spelling(other) is None


@given(st.text("扶贫镇\U00020bb7", min_size=1, max_size=3))
def test_characters_the_encoding_does_not_have_go_out_as_references(name: str) -> None:
    sent = "".join(f"%26%23{ord(character)}%3B" for character in name)
    assert absolute(f"?c={name}", "http://a.cn/", "latin-1") == f"http://a.cn/?c={sent}"


TEST_DATA = json.loads(Path(__file__).with_name("urltestdata.json").read_text("utf-8"))


OTHERWISE: dict[str, str | None] = {
    "http:/example.com/": "http://example.com/",  # as its author meant it; browsers take it for a path
    "http://host/?'": "http://host/",  # quotes around an address
    'http://example.org/test?"': "http://example.org/test",
    "http://./": None,  # no name server takes these
    "http://../": None,
    "http://foo.09..": None,
    "http://!\"$&'()*+,-.;=_`{}~/": None,
}
"""Deliberate differences in single cases."""


def as_browsers_do(href: str | None, url: str) -> str | None:
    """What the URL standard gives, but for the deliberate differences."""
    if url in OTHERWISE:
        return OTHERWISE[url]
    if "xn--pokxncvks" in (href or url).lower():
        return url.lower() + "/"  # is no name, but does no harm
    if url.strip().startswith("#") or url.strip() in ("", "http:"):
        return None  # the page itself is no link
    if href is None or not href.startswith(("http://", "https://")):
        return None
    begin, slashes, rest = href.partition("#")[0].partition("//")
    authority, slash, rest = rest.partition("/")
    path, mark, query = rest.partition("?")
    query = re.sub(r"[`{|}^]", lambda match: quote(match[0]), query)  # clients differ in these
    path = path.replace("|", "%7C")
    return begin + slashes + authority.rpartition("@")[2] + slash + path + (mark if query else "") + query


def test_urls_are_parsed_as_the_url_standard_says() -> None:
    """The test data of browsers. Names, passwords and fragments are left out."""
    wrong = {
        (case["input"], case["base"]): (found, expected)
        for case in TEST_DATA["cases"]
        if (found := absolute(case["input"], case["base"])) != (expected := as_browsers_do(case["href"], case["input"]))
    }
    assert wrong == {}
    assert len(TEST_DATA["cases"]) > 250


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("\\news\\show.asp?id=1", "http://a.cn/news/show.asp?id=1"),
        (" show.asp?id=2 \t", "http://a.cn/fp/show.asp?id=2"),
        ("ttp://www.b.cn/x", "http://www.b.cn/x"),
        ("htp://www.b.cn/x", "http://www.b.cn/x"),
        ("http:/www.b.cn/x", "http://www.b.cn/x"),
        ("https:/www.b.cn/x", "https://www.b.cn/x"),
        ("https//www.b.cn/x", "https://www.b.cn/x"),
        ("ttps://www.b.cn/x", "https://www.b.cn/x"),
        ("https：//www.b.cn/x", "https://www.b.cn/x"),
        ("http:///www.b.cn/x", "http://www.b.cn/x"),
        ("http://www。b。cn/x", "http://www.b.cn/x"),
        ("http://www.b.cn\\@127.0.0.1/x", "http://www.b.cn/@127.0.0.1/x"),
        ("http://name:word@www.b.cn/x", "http://www.b.cn/x"),
        ("/x//./y", "http://a.cn/x//y"),
        ("/x/%2e%2E/y", "http://a.cn/y"),
        ("HTTP://WWW.B.CN:80/x", "http://www.b.cn/x"),
        ("//b.cn/x", "http://b.cn/x"),
        ("../../../x", "http://a.cn/x"),
        ("./../y/./z.htm#top", "http://a.cn/y/z.htm"),
        ("?page=2", "http://a.cn/fp/list.asp?page=2"),
        ("show.asp?t=a b", "http://a.cn/fp/show.asp?t=a%20b"),
        ("show.asp?t=%b7%F6", "http://a.cn/fp/show.asp?t=%b7%F6"),
        ("show.asp?c=1&sid=77", "http://a.cn/fp/show.asp?c=1&sid=77"),
    ],
)
def test_addresses_are_mended_as_a_browser_or_its_user_would(written: str, sent: str) -> None:
    assert absolute(written, "http://a.cn/fp/list.asp?page=1", "gb18030") == sent


@pytest.mark.parametrize(
    "written",
    [
        "",
        "#",
        "#top",
        "javascript:void(0)",
        "mailto:a@b.cn",
        "tel:123",
        "ftp://a.cn/",
        "data:,x",
        "about:blank",
        "file:///etc/passwd",
        "JavaScript:history.go(-1)",
        "http://",
        "  ",
    ],
)
def test_what_leads_nowhere_is_no_address(written: str) -> None:
    assert absolute(written, "http://a.cn/") is None


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("http://a.cn/logout.asp", "退出"),
        ("http://a.cn/user/login_out.php?x=1", "安全退出"),
        ("http://a.cn/admin/del.asp?id=3", "删除"),
        ("http://a.cn/vote.asp?id=3", "投票"),
        ("http://a.cn/x.asp?action=delete&id=3", ""),
        ("http://a.cn/search.asp?key=", ""),
        ("http://a.cn/x.asp?a=1", "加入收藏"),
    ],
)
def test_what_does_something_is_a_trap(url: str, text: str) -> None:
    assert is_trap(url, text)


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("http://a.cn/ShowArticle.asp?ArticleID=3", "省领导为扶贫模范投票点赞"),
        ("http://a.cn/research/list.html", "调研报告"),
        ("http://a.cn/delivery/2.html", "送货下乡"),
        ("http://a.cn/printing-house.html", "印刷厂里的扶贫车间"),
        ("http://a.cn/news/logistics.htm", "农村物流"),
    ],
)
def test_what_shows_a_page_is_no_trap(url: str, text: str) -> None:
    assert not is_trap(url, text)
