"""Who gets which message about a crawl, and that no address of a recipient gets out."""

import json
import re
import socket
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
from gdfupin_spider.monitoring.alerts import Alert
from gdfupin_spider.monitoring.channels import Channels, channels
from gdfupin_spider.monitoring.delivery import failing, send
from gdfupin_spider.monitoring.message import CrawlEnd, Message, NewArticle, message
from gdfupin_spider.monitoring.notify import after
from gdfupin_spider.monitoring.problems import ReportedProblems
from gdfupin_spider.replica import serve
from gdfupin_spider.storage.report import CrawlReport, decode_crawl_report
from gdfupin_spider.storage.withdrawals import Withdrawal, append
from tests import forked
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


# --- the message -----------------------------------------------------------------------------------------------------

NOW, NEXT_DAY, NEXT_WEEK = "2026-11-23T04:00:00Z", "2026-11-24T04:00:00Z", "2026-11-30T04:00:00Z"
URL = "http://www.example.org/" + "long/" * 60 + "a.htm"
GAP = {"url": URL, "what": "status-500", "since": "2026-11-23T03:00:00Z"}


def gaps(**figures: Any) -> dict[str, Any]:
    return {"open": 0, "acknowledged": 0, "new": 0, "healed": 0, "since": None, **figures}


def end(code: int, of: CrawlReport | None = None, at: str = NOW, error: str | None = None) -> CrawlEnd:
    return CrawlEnd(code, at, of, error)


def test_where_all_is_well_there_is_no_message_unless_changes_are_wanted() -> None:
    assert message(end(0, report()))[0] is None
    assert message(end(0, report(changes={})), changes=True)[0] is None
    sent, _ = message(end(0, report()), changes=True)
    assert sent is not None
    assert (sent.title, sent.kind) == ("gdfupin: 12 added, 1 edited (20261123T030000Z-live)", "info")


def test_a_message_has_addresses_figures_the_day_and_the_next_command() -> None:
    new = tuple(NewArticle(f"扶贫要闻{n}\x1b[31m\n第二行", "2026-11-22") for n in range(9))
    of = report(
        monitors={"alarms": [ALARM]},
        open_gaps=gaps(open=4, new=2, since="2026-11-20T03:00:00Z", new_examples=[GAP]),
        settings={"profile": "gdfupin", "start_urls": ["http://www.example.org/"]},
    )
    sent, _ = message(
        CrawlEnd(8, NOW, of, None, new), command=lambda text: text.replace("--list`", "--list --output x`")
    )
    assert sent is not None
    assert sent.title == "gdfupin: alarm blocked (20261123T030000Z-live)"
    assert sent.body.splitlines() == [
        "blocked: looks that were blocked: 13%. If this is known: `gdfupin ack 'blocked' --reason TEXT`",
        "2 new gaps:",
        f"  {URL}: status-500, since 2026-11-23",
        "  and 1 more",
        "2 known gaps, since 2026-11-20, 3 days",
        "All gaps: `gdfupin ack --list --output x`. If one is known: `gdfupin ack ADDRESS --reason TEXT`",
        "12 added, 1 edited; 311 articles are live",
        "http://www.example.org/: 492 requests in 61 s",
        *(f"· 2026-11-22 扶贫要闻{n}␛[31m 第二行" for n in range(5)),
    ]


@pytest.mark.parametrize(
    ("code", "of", "title", "kind"),
    [
        (1, report(open_gaps=gaps(open=3, new=3)), "3 new gaps", "warning"),
        (1, report(reason="interrupted"), "interrupted", "warning"),
        (4, report(reason="SiteForeign"), "site foreign or blocked (exit code 4)", "failure"),
        (2, None, "wrong usage (exit code 2)", "failure"),
        (6, None, "cannot write (exit code 6)", "failure"),
        (0, report(open_gaps=gaps(healed=1)), "1 gap is closed", "info"),
    ],
)
def test_a_title_names_the_problem(code: int, of: CrawlReport | None, title: str, kind: str) -> None:
    sent, _ = message(end(code, of, error="the reason"))
    assert sent is not None
    assert sent.title.removeprefix("gdfupin: ").removesuffix(" (20261123T030000Z-live)") == title
    assert sent.kind == kind


def test_another_crawl_that_runs_is_no_message() -> None:
    assert message(end(5, None, error="in use"))[0] is None


def test_a_problem_is_one_message_one_line_a_week_and_one_when_it_is_over() -> None:
    foreign = report(reason="SiteForeign", changes={})
    reason = f"{URL} is not the site of this profile; look at it with `gdfupin probe {URL}`"
    reported = ReportedProblems()
    titles = []
    for day in range(1, 16):
        code, of = (4, foreign) if day < 12 else (0, report(changes={}))
        sent, reported = message(end(code, of, f"2026-11-{day:02}T04:00:00Z", reason if code else None), reported)
        if sent is not None:
            titles.append((day, sent.title.removeprefix("gdfupin: ").removesuffix(" (20261123T030000Z-live)")))
            if day == 1:
                assert sent.body.splitlines()[0] == reason
    what = "site foreign or blocked (exit code 4)"
    assert titles == [(1, what), (8, f"still: {what}"), (12, f"over: {what}")]


def test_known_gaps_are_one_line_a_week() -> None:
    reported = ReportedProblems()
    days = []
    for day in range(1, 20):
        new = 1 if day == 1 else 0
        of = report(changes={}, open_gaps=gaps(open=3, new=new, since="2026-11-01T03:00:00Z"))
        sent, reported = message(end(new, of, f"2026-11-{day:02}T04:00:00Z"), reported)
        if sent is not None:
            days.append((day, [line for line in sent.body.splitlines() if "known gaps" in line]))
    assert days == [
        (1, ["2 known gaps, since 2026-11-01"]),
        (8, ["3 known gaps, since 2026-11-01, 7 days"]),
        (15, ["3 known gaps, since 2026-11-01, 14 days"]),
    ]


def test_an_alarm_that_lasts_is_told_once_and_not_over_while_the_site_is_down() -> None:
    raised = report(changes={}, monitors={"alarms": [ALARM]})
    down = report(changes={}, reason="SiteUnreachable")
    sent, reported = message(end(8, raised))
    assert sent is not None
    assert message(end(8, raised, NEXT_DAY), reported)[0] is None
    sent, reported = message(end(3, down, NEXT_DAY, "no start page"), reported)
    assert sent is not None
    assert "Over" not in sent.body
    sent, reported = message(end(0, report(changes={}), NEXT_WEEK), reported)
    assert sent is not None
    assert sent.title.startswith("gdfupin: over: alarm blocked, site unreachable")
    assert reported.problems == ()


def test_a_silence_is_told_when_its_alarm_is_raised_and_is_over_when_something_new_comes() -> None:
    silent = report(changes={}, monitors={"alarms": [{**ALARM, "name": "nothing-new"}]})
    quiet, news = report(changes={}), report(changes={"added": 2})
    reported = ReportedProblems()
    titles = []
    for day, (code, of) in enumerate(
        [(8, silent), (0, quiet), *[(0, quiet)] * 8, (8, silent), (0, quiet), (0, news)], 1
    ):
        sent, reported = message(end(code, of, f"2026-11-{day:02}T04:00:00Z"), reported)
        if sent is not None:
            titles.append((day, sent.title.removeprefix("gdfupin: ").partition(" (")[0]))
    assert titles == [(1, "alarm nothing-new"), (11, "alarm nothing-new"), (13, "over: alarm nothing-new")]


def test_a_message_is_never_cut_within_a_word_or_line() -> None:
    alarms = [{**ALARM, "name": f"alarm-{n}", "message": "word " * 150} for n in range(9)]
    sent, _ = message(end(8, report(monitors={"alarms": alarms})))
    assert sent is not None
    *lines, last = sent.body.splitlines()
    assert re.fullmatch(r"\d+ more lines are left out; `gdfupin status` shows all", last)
    assert all(line.endswith("--reason TEXT`") for line in lines)
    assert len(sent.body) < 4000


def test_a_message_that_reaches_nobody_is_sent_again(post: Post, tmp_path: Path) -> None:
    settings, file = Channels(urls=(post.url,)), written(tmp_path, "")
    post.status = 500
    assert after(settings, file, 3, None, None, "down")
    post.status = 200
    for _ in range(2):
        assert after(settings, file, 3, None, None, "down") == []
    assert len(post.got) == 2
    assert json.loads((tmp_path / "notified.json").read_text())["problems"][0]["name"] == "exit 3"


@pytest.mark.slow
def test_a_withdrawn_article_is_in_no_message(post: Post, tmp_path: Path) -> None:
    settings, file = Channels(urls=(post.url,), changes=True), written(tmp_path, "")
    folder = tmp_path / "crawls" / "20261123T030000Z-live"
    folder.mkdir(parents=True)
    rows = [{"kind": "added", "id": f"gdfupin-00000000000{n}", "title": f"题名{n}", "date": None} for n in range(2)]
    (folder / "changes.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    append(tmp_path, [Withdrawal(str(rows[0]["id"]), "2026-11-23", "x", "2026-11-23T04:00:00Z")])
    assert after(settings, file, 0, report(), folder, None) == []
    [(_, sent)] = post.got
    assert ("题名0" in sent["message"], "题名1" in sent["message"]) == (False, True)


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


def test_a_wrong_alert_does_not_say_its_recipients(tmp_path: Path) -> None:
    written(tmp_path, f"[[alerts]]\nname = 'a'\nrecipients = '{SECRET}'\n")
    with pytest.raises(WrongSetting, match=r"line 1, alerts\[1\]\.recipients: must be a list") as error:
        config.load(tmp_path)
    assert SECRET not in str(error.value)
    assert SECRET not in repr(Alert("a", recipients=(SECRET,)))


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
        hanging = f"json://127.0.0.1:{silent.getsockname()[1]}/{SECRET}"
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
    alerts = f'[[alerts]]\nname = "新"\nkinds = ["added"]\nrecipients = ["{post.url}/alert"]\n'
    written(
        tmp_path,
        f'[notify]\nurls = ["{post.url}", "json://{SECRET}:{SECRET}@127.0.0.1:1/"]\nchanges = true\n{alerts}',
    )
    with serve("asp-tables") as site:
        variables = {**environment(site.proxy), "no_proxy": "127.0.0.1", "GDFUPIN_PING": f"{post.ping}/p"}
        options = ["--output", str(tmp_path), "--delay", "0", "--limit", "3", "--no-media", "--json"]
        done = forked.run(forked.GDFUPIN, ("crawl", *options), environment=variables, timeout=120)
    assert done.returncode == 0, done.stderr
    assert "channel 2 (json): was not accepted" in done.stderr
    assert post.paths == ["/…", "/…/alert", "/…/p"]
    titles = [body["title"] for _, body in post.got if body]
    assert len(titles) == 2
    assert "added" in titles[0]
    assert titles[1].startswith("gdfupin: alert 新: 3 changes (")
    assert SECRET not in done.stdout + done.stderr
    files = [path for path in tmp_path.rglob("*") if path.is_file() and path.name != "operator.toml"]
    assert all(SECRET.encode() not in path.read_bytes() for path in files)
    tried = forked.run(forked.GDFUPIN, ("notify", "--output", str(tmp_path)), environment=variables, timeout=90)
    assert (tried.returncode, tried.stdout.splitlines()) == (
        1,
        [
            "ping: sent",
            "channel 1 (json): sent",
            "channel 2 (json): was not accepted",
            "alert 新, channel 1 (json): sent",
        ],
    )
    nothing = ("notify", "--output", str(tmp_path / "x"))
    nobody = forked.run(forked.GDFUPIN, nothing, environment=environment(None), timeout=90)
    assert nobody.returncode == 2
    assert "no recipients configured" in nobody.stderr


def test_a_broken_profile_and_an_unwritable_archive_are_told(post: Post, tmp_path: Path) -> None:
    profile = tmp_path / "site.toml"
    profile.write_text("name = 7\n", "utf-8")
    variables = {**environment(None), "GDFUPIN_NOTIFY": post.url}
    for output, code, arguments in ((tmp_path / "a", 2, ["--profile", str(profile)]), (Path("/proc/nowhere"), 6, [])):
        command = ["crawl", "--output", str(output), "--json", *arguments]
        done = forked.run(forked.GDFUPIN, command, environment=variables, timeout=60)
        answer = json.loads(done.stdout)
        assert (done.returncode, answer["exit_code"]) == (code, code), done.stderr
        _, sent = post.got[-1]
        assert sent["title"].endswith(f"(exit code {code})")
        assert sent["message"] == " ".join(answer["error"].split())
