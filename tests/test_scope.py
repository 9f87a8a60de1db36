"""The address that is checked is the address that is used."""

import json
import socket
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest
from twisted.internet.error import DNSLookupError

from gdfupin_spider.frontier.scope import Scope
from gdfupin_spider.middlewares.resolver import _public, proxy_hosts
from gdfupin_spider.profiles import load
from tests.handmade import Handmade, article, links, page
from tests.sites import crawl, run


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "224.0.0.1",
        "::1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
    ],
)
def test_an_answer_at_a_private_address_is_refused(address: str) -> None:
    with pytest.raises(DNSLookupError, match="private address"):
        _public(address, "www.gdfupin.org.cn")


def test_an_answer_at_a_public_address_is_used() -> None:
    assert _public("93.184.216.34", "www.gdfupin.org.cn") == "93.184.216.34"


def test_the_proxys_own_address_is_exempt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://user:secret@proxy.lan:3128")
    monkeypatch.setenv("https_proxy", "proxy.lan:3128")
    assert "proxy.lan" in proxy_hosts()


def profile(folder: Path, host: str, port: str) -> Path:
    """A profile whose start page is on that host."""
    file = folder / "site.toml"
    file.write_text(
        f'name = "site"\ntitle = "a site"\nhosts = ["{host}"]\nstart_urls = ["http://{host}:{port}/"]\n'
        'identity = ["广东扶贫网"]\n[sections]\n"扶贫前沿" = ["扶贫要闻"]\n',
        "utf-8",
    )
    return file


def test_a_host_of_the_profile_that_lies_at_a_private_address_is_refused(tmp_path: Path) -> None:
    name = socket.gethostname()
    try:
        address = socket.gethostbyname(name)
    except OSError:
        pytest.skip("this machine does not know its own name")
    if not address.startswith(("127.", "10.", "172.", "192.168.")):
        pytest.skip("this machine lies at a public address")
    done = crawl(tmp_path, "--profile", str(profile(tmp_path, name, "1")))
    assert done.exit_code == 3
    assert "private address" in done.answer["message"]


@pytest.mark.parametrize("host", ["10.255.255.1", "169.254.169.254", "192.168.0.1"])
def test_only_the_operator_opens_a_private_address_that_a_profile_names(host: str, tmp_path: Path) -> None:
    refused = crawl(tmp_path, "--profile", str(profile(tmp_path, host, "1")))
    assert refused.exit_code == 3
    assert "private address" in refused.answer["message"]


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_a_profile_of_a_site_on_this_machine_needs_no_option(host: str, tmp_path: Path) -> None:
    with Handmade({"/": page(links("/a.htm")), "/a.htm": article("修路")}) as site:
        port = site.url.rpartition(":")[2].strip("/")
        done = crawl(tmp_path, "--profile", str(profile(tmp_path, host, port)))
    assert (done.exit_code, [line["title"] for line in done.lines("articles")]) == (0, ["修路"]), done.log


def test_a_profile_of_a_public_site_opens_no_host_of_this_machine() -> None:
    known = load("gdfupin")
    starts = known.start_urls
    for hosts, media in (((*known.hosts, "127.0.0.1"), ()), (known.hosts, ("localhost", "10.0.0.1"))):
        strangers = replace(known, hosts=hosts, media_hosts=media)
        assert Scope(strangers).named == frozenset()
        assert "127.0.0.1" not in Scope(replace(strangers, start_urls=(*starts, "http://127.0.0.1/"))).named
        assert Scope(strangers, private=True).named
    here = replace(known, start_urls=("http://127.0.0.1:80/",), hosts=("127.0.0.1", "10.0.0.1"))
    assert Scope(here).named == {"127.0.0.1"}


CHINESE = "关于报名的通知"
IN_GBK, IN_UTF8 = (f"/{quote(CHINESE.encode(encoding))}.htm" for encoding in ("gbk", "utf-8"))


@pytest.mark.parametrize(("stored", "tries"), [(IN_UTF8, [IN_UTF8]), (IN_GBK, [IN_UTF8, IN_GBK])])
def test_a_chinese_path_is_asked_for_as_browsers_do_then_in_gbk(stored: str, tries: list[str], tmp_path: Path) -> None:
    """A page in GBK links to a file with a Chinese name; servers store such names in UTF-8 or in GBK."""
    home = page(links("/list.htm")).replace(b"utf-8", b"gb18030").decode().encode("gb18030")
    listing = page(f"<ul><li><a href='{CHINESE}.htm'>{CHINESE}</a> 2021-1-13</li></ul>" * 1)
    listing = listing.replace(b"utf-8", b"gb18030").decode().encode("gb18030")
    with Handmade({"/": home, "/list.htm": listing, stored: article(CHINESE)}) as site:
        done = crawl(tmp_path, "--start-url", site.url)
        assert [path for _, path, _ in site.asked if path in (IN_UTF8, IN_GBK)] == tries
    assert [line["title"] for line in done.lines("articles")] == [CHINESE]
    assert [line["what"] for line in done.lines("issues")] == []
    run("replay", "latest", "--output", str(tmp_path))
    reread = next(tmp_path.glob("readings/*/*/articles.jsonl")).read_text("utf-8")
    assert [json.loads(line)["title"] for line in reread.splitlines()] == [CHINESE]


def test_articles_and_files_that_the_server_does_not_have_are_noted(tmp_path: Path) -> None:
    rows = "".join(f"<li><a href='/{n}.htm'>第{n}村修通村道</a> 2021-1-{n}</li>" for n in range(1, 6))
    articles = {
        f"/{n}.htm": article(f"第{n}村修通村道", body=f"第{n}村的路通了。<img src='/{n}.jpg'>") for n in range(1, 5)
    }
    pictures = {f"/{n}.jpg": (200, {"Content-Type": "image/jpeg"}, b"\xff\xd8") for n in range(1, 4)}
    with Handmade(
        {"/": page(links("/list.htm")), "/list.htm": page(f"<ul>{rows}</ul>"), **articles, **pictures}
    ) as site:
        done = crawl(tmp_path, "--start-url", site.url)
    noted = {(line["what"], line["url"].rpartition("/")[2]) for line in done.lines("issues")}
    assert noted == {("linked-missing", "5.htm"), ("media-missing", "4.jpg")}
    assert done.exit_code == 0


def test_a_redirect_does_not_lead_out_of_the_site_by_a_backslash(tmp_path: Path) -> None:
    """`http://a.cn\\@127.0.0.2/`: some clients take the first host, some the second."""
    home = "http://www.gdfupin.org.cn"
    served = {
        f"{home}/": page(links("/a.htm")),
        f"{home}/a.htm": article("修路", body="村里的路修通了。<img src='/p.jpg'>"),
        f"{home}/p.jpg": (302, {"Location": f"{home}\\@127.0.0.2:8102/x"}, b""),
    }
    with Handmade(served) as proxy:
        done = crawl(tmp_path, proxy=proxy.url, demo=False)
    assert done.exit_code == 0, done.log
    assert [path for _, path, _ in proxy.asked if not path.startswith(f"{home}/")] == []
    assert f"{home}/@127.0.0.2:8102/x" in {path for _, path, _ in proxy.asked}
