"""Where the pages of `gdfupin probe` come from: one request, a saved file, a WARC record."""

import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from gdfupin_spider import probe, warc
from gdfupin_spider.errors import NoSuchPage, SiteUnreachable
from gdfupin_spider.probe import page_source
from gdfupin_spider.profiles import load
from tests.sites import Crawl, run
from tests.test_probe import article


class _Odd(BaseHTTPRequestHandler):
    """Answers by path: a page without end, one that drips, one that breaks off, a redirect."""

    def do_GET(self) -> None:
        match self.path.partition("?")[0]:
            case "/robots.txt":
                self._say(200, b"User-agent: *\nDisallow: /secret\nCrawl-delay: 7\n")
            case "/moved":
                self.send_response(302)
                self.send_header("Location", "/elsewhere")
                self.end_headers()
            case "/endless" | "/drip":
                self.send_response(200)
                self.end_headers()
                pause = 0.05 if self.path == "/drip" else 0
                try:
                    for _ in range(4000):
                        self.wfile.write(b"<p>x</p>" * (1 if pause else 1000))
                        time.sleep(pause)
                except OSError:
                    return
            case "/chunks":
                self.send_response(200)
                self.send_header("Transfer-Encoding", "chunked")
                self.end_headers()
                self.wfile.write(b"7\r\n<p>half\r\nZZ\r\n")
            case "/babble":
                self.wfile.write(b"what?\r\n\r\n")
            case "/broken":
                self.send_response(200)
                self.send_header("Content-Length", "9999")
                self.end_headers()
                self.wfile.write(b"<p>half")
            case _:
                self._say(200, article().encode())

    def _say(self, status: int, payload: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@contextmanager
def odd_server() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Odd) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with odd_server() as url:
        yield url


def test_a_redirect_is_shown_and_not_followed(server: str) -> None:
    obtained = page_source.from_url(f"{server}/moved")
    inspection = probe.inspect_capture(obtained.capture, load("gdfupin"))
    assert (inspection.page.kind, inspection.page.to) == ("moved", f"{server}/elsewhere")
    assert f"Redirects to {server}/elsewhere" in inspection.remarks


def test_a_page_without_end_is_cut_off_by_size_and_by_time(server: str) -> None:
    obtained = page_source.from_url(f"{server}/endless", limit=50_000)
    assert (len(obtained.capture.payload), obtained.capture.truncated) == (50_000, "length")
    began = time.monotonic()
    obtained = page_source.from_url(f"{server}/drip", timeout=0.5)
    assert time.monotonic() - began < 5
    assert obtained.capture.truncated == "time"
    assert "cut off" in obtained.remarks[0]


@pytest.mark.parametrize("path", ["broken", "chunks"])
def test_a_body_that_breaks_off_is_said_to_be_half(path: str, server: str) -> None:
    obtained = page_source.from_url(f"{server}/{path}")
    assert (obtained.capture.payload, obtained.capture.truncated) == (b"<p>half", "disconnect")


def test_what_is_no_http_is_unreachable(server: str) -> None:
    with pytest.raises(SiteUnreachable):
        page_source.from_url(f"{server}/babble")


def test_robots_is_a_remark_and_no_bar(server: str) -> None:
    assert "forbids" in " ".join(page_source.from_url(f"{server}/secret/1").remarks)
    assert "7 s" in " ".join(page_source.from_url(f"{server}/open").remarks)


def test_an_address_in_chinese_is_asked_for_as_a_browser_would(server: str) -> None:
    assert page_source.from_url(f"{server}/扶贫?c=要闻").capture.url.isascii()


def test_an_expired_certificate_is_no_reason_to_see_nothing(server: str, tmp_path: Path) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Odd) as secure:
        secure.socket = _expired(tmp_path).wrap_socket(secure.socket, server_side=True)
        threading.Thread(target=secure.serve_forever, args=(0.02,), daemon=True).start()
        obtained = page_source.from_url(f"https://127.0.0.1:{secure.server_address[1]}/show.asp?id=7")
        secure.shutdown()
    assert (obtained.capture.status, obtained.capture.truncated) == (200, None)


def _expired(folder: Path) -> ssl.SSLContext:
    """A server whose certificate is its own and of a year long ago."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "www.gdfupin.org.cn")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2019, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2020, 1, 1, tzinfo=UTC))
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "site.pem").write_bytes(secret + made.public_bytes(pem))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "site.pem")
    return context


def test_an_unreachable_host_is_an_error_with_its_exit_code() -> None:
    with pytest.raises(SiteUnreachable, match="cannot be fetched"):
        page_source.from_url("http://127.0.0.1:9/")
    assert run("probe", "http://127.0.0.1:9/").returncode == 3


def test_a_record_of_a_warc_file_by_offset_and_by_address(crawled_extract: Callable[[str], Crawl]) -> None:
    crawl = crawled_extract("asp-tables")
    assert crawl.folder is not None
    line = crawl.lines("articles")[5]
    [file] = warc.files(crawl.folder)
    by_offset = page_source.obtain(str(file), offset=line["captures"][0]["offset"])
    assert by_offset.capture.url == line["url"]
    assert page_source.obtain(str(file), line["url"]).capture == by_offset.capture
    assert page_source.obtain(line["url"], crawl=crawl.folder).capture == by_offset.capture
    assert page_source.obtain(file.name, offset=by_offset.capture.proof.offset, crawl=crawl.folder) == by_offset
    with pytest.raises(NoSuchPage, match="--offset"):
        page_source.obtain(str(file))
    with pytest.raises(NoSuchPage, match="no capture"):
        page_source.obtain(str(file), "http://www.gdfupin.org.cn/nowhere")


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["absent.html"],
        ["absent.warc.gz", "--offset", "0"],
        ["--crawl", "latest"],
        ["--crawl", "latest", "--offset", "3"],
    ],
    ids=" ".join,
)
def test_what_is_not_there_ends_with_a_line_that_helps(arguments: list[str], tmp_path: Path) -> None:
    done = run("probe", *arguments, "--output", str(tmp_path))
    assert done.returncode in (1, 2), done.stderr
    assert done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []
