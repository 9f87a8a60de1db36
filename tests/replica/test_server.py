"""The replica as a server and as a proxy."""

import http.client
import socket
import urllib.error
import urllib.request
from urllib.parse import urlsplit

import pytest

from gdfupin_spider.replica import MARKUPS, Replica, serve, truth

from .walker import Wire


def _through(replica: Replica, url: str) -> bytes:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({"http": replica.proxy}))
    return bytes(opener.open(url, timeout=5).read())


@pytest.mark.parametrize("markup", list(MARKUPS))
def test_as_a_proxy_it_is_the_site_under_its_own_name(markup: str) -> None:
    record = truth(markup)[0]
    with serve(markup) as replica:
        assert record.title in _through(replica, record.url).decode(record.encoding)
        assert replica.requests[-1].host == "www.gdfupin.org.cn"
        assert not replica.requests[-1].path.startswith("http")


def test_as_a_proxy_it_refuses_every_other_host() -> None:
    with serve("frames") as replica, pytest.raises(urllib.error.HTTPError, match="502"):
        _through(replica, "http://www.example.org/")


def test_absolute_links_name_the_host_that_was_asked() -> None:
    with serve("static-cms") as replica:
        own = Wire(replica).get("/")[2].decode()
        named = _through(replica, "http://www.gdfupin.org.cn/").decode()
    assert f'href="http://{urlsplit(replica.url).netloc}/"' in own
    assert 'href="http://www.gdfupin.org.cn/"' in named


@pytest.mark.parametrize("markup", list(MARKUPS))
def test_what_did_not_change_is_not_sent_again(markup: str) -> None:
    target = urlsplit(truth(markup)[5].url)._replace(scheme="", netloc="").geturl()
    with serve(markup) as replica:
        wire = Wire(replica)
        status, headers, _ = wire.get(target)
        assert status == 200
        for name, value in (("If-None-Match", headers["ETag"]), ("If-Modified-Since", headers["Last-Modified"])):
            status, again, body = wire.get(target, {name: value})
            assert (status, body) == (304, b"")
            assert again["ETag"] == headers["ETag"]
        assert wire.get(target, {"If-None-Match": '"other"'})[0] == 200
        assert wire.get(target, {"If-Modified-Since": "Thu, 01 Jan 2009 00:00:00 GMT"})[0] == 200
        assert wire.get(target, {"If-Modified-Since": "yesterday"})[0] == 200


def test_the_counter_counts_but_is_no_change() -> None:
    with serve("asp-tables") as replica:
        wire = Wire(replica)
        (_, before, first), (_, after, second) = wire.get("/"), wire.get("/")
    assert first != second
    assert before["ETag"] == after["ETag"]


def test_connections_are_kept_alive() -> None:
    with serve("asp-tables") as replica:
        connection = http.client.HTTPConnection(urlsplit(replica.url).netloc, timeout=5)
        connection.request("GET", "/")
        connection.getresponse().read()
        first: socket.socket = connection.sock
        connection.request("HEAD", "/list.asp?ClassID=1")
        response = connection.getresponse()
        assert response.read() == b""
        assert int(response.headers["Content-Length"]) > 1000
        assert connection.sock is first
        connection.close()
        assert [request.method for request in replica.requests] == ["GET", "HEAD"]


def test_requests_are_logged_with_their_user_agent() -> None:
    with serve("shtml") as replica:
        Wire(replica).get("/robots.txt", {"User-Agent": "tester/1"})
        (request,) = replica.requests
    assert (request.method, request.path, request.user_agent) == ("GET", "/robots.txt", "tester/1")


def test_other_spellings_of_an_asp_address_are_the_same_page() -> None:
    record = truth("asp-tables")[0]
    with serve("asp-tables") as replica:
        wire = Wire(replica)
        for target in (
            f"/SHOWARTICLE.asp?articleid={record.number}",
            f"/ShowArticle.asp?sid=1f&ArticleID={record.number}",
        ):
            assert record.title in wire.get(target)[2].decode(record.encoding)


@pytest.mark.parametrize(
    ("markup", "status"), [("asp-tables", 200), ("aspnet", 200), ("static-cms", 404), ("frames", 404)]
)
def test_an_article_that_never_was_is_missing_in_the_way_of_the_markup(markup: str, status: int) -> None:
    target = urlsplit(truth(markup)[0].url.replace("42", "41"))._replace(scheme="", netloc="").geturl()
    with serve(markup) as replica:
        assert Wire(replica).get(target)[0] == status


def test_a_markup_that_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError, match="asp-tables"):
        Replica("modern")
