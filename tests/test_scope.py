"""The address that is checked is the address that is used."""

import socket
from pathlib import Path

import pytest
from twisted.internet.error import DNSLookupError

from gdfupin_spider.middlewares.resolver import _public, proxy_hosts
from tests.handmade import Handmade, article, links, page
from tests.sites import crawl


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.0.0.1", "192.168.1.1", "169.254.169.254", "::1", "::ffff:10.0.0.1"]
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
    assert "private address" in done.said["message"]


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_a_profile_may_name_a_private_address(host: str, tmp_path: Path) -> None:
    with Handmade({"/": page(links("/a.htm")), "/a.htm": article("修路")}) as site:
        port = site.url.rpartition(":")[2].strip("/")
        done = crawl(tmp_path, "--profile", str(profile(tmp_path, host, port)))
    assert (done.exit_code, [line["title"] for line in done.lines("articles")]) == (0, ["修路"]), done.log
