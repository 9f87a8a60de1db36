"""Who is told how a crawl ended, of what, and that no address ever gets out."""

import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from gdfupin_spider import config
from gdfupin_spider.errors import WrongSetting
from gdfupin_spider.monitoring.channels import Channels, channels
from gdfupin_spider.monitoring.delivery import failing, send
from gdfupin_spider.monitoring.message import Message, NewArticle, message
from gdfupin_spider.monitoring.notify import after
from gdfupin_spider.replica import serve
from gdfupin_spider.storage.report import CrawlReport, decode_crawl_report
from tests.sites import environment

SECRET = "s3cretT0ken"
SAID = Message("gdfupin: a title", "一行\nanother", "info")
REPORT: dict[str, Any] = {
    "crawl": "20261123T030000Z-live",
    "reason": "finished",
    "requests_total": 492,
    "seconds": 61.2,
    "gaps": 0,
    "issues": [],
    "changes": {"added": 12, "edited": 1},
    "catalog": {"articles": {"live": 311}},
    "monitors": {"compared_with": 5, "alarms": []},
}
ALARM = {"name": "blocked", "message": "looks that were blocked: 13%", "since": "2026-11-23T03:00:00Z"}


def report(**changed: Any) -> CrawlReport:
    return decode_crawl_report({**REPORT, **changed})


class Post:
    """A service on this machine that takes messages and pings."""

    def __init__(self) -> None:
        self.got: list[tuple[str, dict[str, Any]]] = []
        self.status = 200
        post = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                post.got.append((self.path, json.loads(body or b"{}")))
                self.send_response(post.status)
                self.end_headers()

            do_GET = do_POST  # noqa: N815

            def log_message(self, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        host = f"127.0.0.1:{self.server.server_port}"
        self.url, self.ping = f"json://{host}/{SECRET}", f"http://{host}/{SECRET}"

    @property
    def paths(self) -> list[str]:
        return sorted(path.replace(SECRET, "…") for path, _ in self.got)


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch) -> Iterator[Post]:
    for name in ("GDFUPIN_NOTIFY", "GDFUPIN_PING", "http_proxy", "HTTP_PROXY"):
        monkeypatch.delenv(name, raising=False)
    service = Post()
    yield service
    service.server.shutdown()
    service.server.server_close()


# --- what is said ----------------------------------------------------------------------------------------------------


def test_where_all_is_well_nothing_is_said_unless_changes_are_asked_for() -> None:
    assert message(0, report()) is None
    assert message(0, report(changes={}), changes=True) is None
    said = message(0, report(), changes=True)
    assert said is not None
    assert (said.title, said.kind) == ("gdfupin: 12 added, 1 edited (20261123T030000Z-live)", "info")


def test_alarms_gaps_and_errors_are_said_with_figures_and_the_first_new_titles() -> None:
    new = [NewArticle(f"扶贫要闻{n}\x1b[31m\n第二行", "2026-11-22") for n in range(9)]
    issues = [{"level": "failure", "what": "timeout", "count": 3}, {"level": "note", "what": "x", "count": 9}]
    said = message(1, report(gaps=3, monitors={"alarms": [ALARM]}, issues=issues), None, new)
    assert said is not None
    assert said.title == "gdfupin: 1 alarm (20261123T030000Z-live)"
    assert said.body.splitlines() == [
        "blocked: looks that were blocked: 13%",
        "12 added, 1 edited; 311 articles are live",
        "492 requests in 61 s, 3 gaps",
        "3 timeout",
        *(f"· 2026-11-22 扶贫要闻{n}␛[31m 第二行" for n in range(5)),
    ]


@pytest.mark.parametrize(
    ("code", "of", "title", "kind"),
    [
        (1, report(gaps=3), "3 gaps", "warning"),
        (1, report(reason="interrupted"), "interrupted", "warning"),
        (4, report(reason="SiteForeign"), "the crawl ended with 4", "failure"),
        (5, None, "the crawl ended with 5", "failure"),
    ],
)
def test_a_title_says_what_is_wrong(code: int, of: CrawlReport | None, title: str, kind: str) -> None:
    said = message(code, of, "why it ended")
    assert said is not None
    assert said.title.removeprefix("gdfupin: ").partition(" (")[0] == title
    assert said.kind == kind
    assert said.body.startswith("why it ended")


# --- whom ------------------------------------------------------------------------------------------------------------


def written(folder: Path, text: str, mode: int = 0o600) -> Path:
    file = folder / "operator.toml"
    file.write_text(text, "utf-8")
    file.chmod(mode)
    return file


def test_addresses_come_from_a_file_that_only_its_owner_reads_or_from_the_environment(tmp_path: Path) -> None:
    file = written(tmp_path, f'[notify]\nurls = ["mailto://{SECRET}"]\nping = "http://{SECRET}"\nchanges = true\n')
    settings = config.load(tmp_path).notify
    assert channels(settings, file, {}) == (settings, None)
    known, wrong = channels(settings, file, {"GDFUPIN_NOTIFY": " json://a  json://b ", "GDFUPIN_PING": "http://c"})
    assert (known.urls, known.ping, wrong) == (("json://a", "json://b"), "http://c", None)
    file.chmod(0o640)
    known, wrong = channels(settings, file, {})
    assert (known.urls, known.ping, known.changes) == ((), "", True)
    assert wrong is not None
    assert "chmod 600" in wrong
    assert channels(Channels(changes=True), file, {})[1] is None


@pytest.mark.parametrize("line", [f"urls = '{SECRET}'", f"ping = ['{SECRET}']", f"urls = ['{SECRET}', 1]"])
def test_a_wrong_setting_does_not_say_the_secret(line: str, tmp_path: Path) -> None:
    written(tmp_path, f"[notify]\n{line}\n")
    with pytest.raises(WrongSetting) as error:
        config.load(tmp_path)
    assert SECRET not in str(error.value)
    assert SECRET not in repr(Channels(urls=(SECRET,), ping=SECRET))


# --- sending ---------------------------------------------------------------------------------------------------------


def test_a_message_reaches_every_channel_and_a_ping_its_address(post: Post) -> None:
    sent = send((post.url, f"{post.url}/two"), post.ping, SAID)
    assert [(each.channel, each.failed) for each in sent] == [
        ("ping", None),
        ("channel 1 (json)", None),
        ("channel 2 (json)", None),
    ]
    assert post.paths == ["/…", "/…", "/…/two"]
    bodies = [body for _, body in post.got if body]
    assert all(body["title"] == SAID.title and body["message"] == SAID.body for body in bodies)


def test_what_fails_is_named_without_its_address(post: Post) -> None:
    post.status = 404
    with closing(socket.create_server(("127.0.0.1", 0))) as closed:
        port = closed.getsockname()[1]
    urls = (post.url, f"json://127.0.0.1:{port}/{SECRET}", f"nonsense://{SECRET}", SECRET, f"mailto://{SECRET}")
    sent = {each.channel: each.failed for each in send(urls, post.ping, SAID)}
    assert sent["ping"] == "HTTP 404"
    assert sent["channel 1 (json)"] == sent["channel 2 (json)"] == "was not accepted"
    assert sent["channel 3 (nonsense)"] == sent["channel 4"] == "is not an address that Apprise supports"
    assert SECRET not in str(sent)
    refused = send((), f"http://127.0.0.1:{port}/{SECRET}", None)
    assert [each.failed for each in refused] == ["Connection refused"]
    assert send((), f"file:///etc/{SECRET}", None)[0].failed == "must begin with http:// or https://"


def test_a_service_that_never_answers_keeps_nobody_waiting_and_the_others_are_told(post: Post) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        hanging = f"json://127.0.0.1:{silent.getsockname()[1]}/{SECRET}?rto=600&cto=600"
        began = time.monotonic()
        sent = send((hanging, post.url), post.ping, SAID, limit=6)
    assert time.monotonic() - began < 20
    assert [each.failed for each in sent] == [None, "no answer within 6 s", None]


def test_a_good_crawl_asks_for_the_ping_a_bad_one_for_its_failing_twin(post: Post, tmp_path: Path) -> None:
    settings, file = Channels(ping=post.ping), written(tmp_path, "")
    for code, of in (
        (0, report()),
        (1, report(gaps=2)),
        (1, report(reason="interrupted")),
        (3, None),
        (5, None),
    ):
        assert after(settings, file, code, of, None, None) == []
    assert post.paths == ["/…", "/…", "/…/fail", "/…/fail"]
    assert failing("http://a.example/x/?rid=1") == "http://a.example/x/fail?rid=1"


# --- a real crawl ----------------------------------------------------------------------------------------------------


def test_a_crawl_that_cannot_tell_anybody_is_the_same_crawl_and_no_address_gets_out(post: Post, tmp_path: Path) -> None:
    written(tmp_path, f'[notify]\nurls = ["{post.url}", "json://{SECRET}:{SECRET}@127.0.0.1:1/"]\nchanges = true\n')
    command = [sys.executable, "-m", "gdfupin_spider"]
    with serve("asp-tables") as site:
        told = {**environment(site.proxy), "no_proxy": "127.0.0.1", "GDFUPIN_PING": f"{post.ping}/p"}
        options = ["--output", str(tmp_path), "--delay", "0", "--limit", "3", "--no-media", "--json"]
        done = subprocess.run([*command, "crawl", *options], env=told, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert "channel 2 (json): was not accepted" in done.stderr
    assert post.paths == ["/…", "/…/p"]
    titles = [body["title"] for _, body in post.got if body]
    assert len(titles) == 1
    assert "added" in titles[0]
    assert SECRET not in done.stdout + done.stderr
    files = [path for path in tmp_path.rglob("*") if path.is_file() and path.name != "operator.toml"]
    assert all(SECRET.encode() not in path.read_bytes() for path in files)
    tried = subprocess.run(
        [*command, "notify", "--output", str(tmp_path)], env=told, capture_output=True, text=True, timeout=90
    )
    assert (tried.returncode, tried.stdout.splitlines()) == (
        1,
        ["ping: sent", "channel 1 (json): sent", "channel 2 (json): was not accepted"],
    )
    nobody = subprocess.run(
        [*command, "notify", "--output", str(tmp_path / "x")],
        env=environment(None),
        capture_output=True,
        text=True,
        timeout=90,
    )
    assert nobody.returncode == 2
    assert "no recipients configured" in nobody.stderr
