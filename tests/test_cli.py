"""The command line: how it ends, what it says, what it leaves alone."""

import json
import resource
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from gdfupin_spider.catalog import Catalog
from gdfupin_spider.replica import Faults, serve
from gdfupin_spider.storage.lock import OutputLock
from tests import forked
from tests.sites import crawl, crawl_replica, environment, run, scrapy

VERBS = ("crawl", "demo", "probe", "replay", "replica")


def test_help_names_every_verb_and_each_has_examples() -> None:
    answer = run("--help").stdout
    for verb in VERBS:
        assert verb in answer
        assert f"gdfupin {verb}" in run(verb, "--help").stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ["crawl", "--delay", "-1"],
        ["crawl", "--limit", "0"],
        ["crawl", "--profile", "nowhere"],
        ["crawl", "--start-url", "ftp://x/"],
        ["fly"],
    ],
    ids=" ".join,
)
def test_wrong_usage_ends_with_2_and_a_line_that_helps(arguments: list[str], tmp_path: Path) -> None:
    output = ["--output", str(tmp_path)] if arguments[0] == "crawl" else []
    done = run(*arguments, *output)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("site", ["gambling", "parked", "login", "waf"])
def test_a_foreign_or_blocked_start_page_ends_the_crawl_at_once(site: str, tmp_path: Path) -> None:
    done, replica = crawl_replica(tmp_path, "asp-tables", faults=Faults(site=site))
    assert done.exit_code == 4, done.log
    assert done.lines("articles") == []
    assert {request.path for request in replica.requests} <= {"/", "/robots.txt"}
    assert done.folder is not None
    assert (done.folder / "report.json").is_file()
    assert done.answer["message"]


def test_a_site_that_is_down_is_unreachable(tmp_path: Path) -> None:
    done, _ = crawl_replica(tmp_path, "asp-tables", faults=Faults(site="down"))
    assert (done.exit_code, done.lines("articles")) == (3, []), done.log


def test_a_site_that_is_not_there_is_unreachable(tmp_path: Path) -> None:
    done = crawl(tmp_path, "--start-url", "http://127.0.0.1:9/")
    assert done.exit_code == 3, done.log
    assert "127.0.0.1:9" in done.answer["message"]


def test_a_site_that_is_not_there_is_said_once_with_the_next_step(tmp_path: Path) -> None:
    done = run("crawl", "--output", str(tmp_path), "--delay", "0", "--start-url", "http://127.0.0.1:9/")
    assert done.returncode == 3
    assert done.stdout == ""
    [answer] = [line for line in done.stderr.splitlines() if "no start page" in line]
    assert answer.startswith("gdfupin: no start page can be fetched")
    assert "Nothing in the archive was changed. Try again later" in answer
    assert ".." not in answer


@pytest.mark.parametrize(("site", "code"), [("gambling", 4), ("down", 3)])
def test_a_crawl_that_ends_at_the_threshold_touches_nothing_old(site: str, code: int, tmp_path: Path) -> None:
    def files() -> dict[Path, bytes]:
        return {path: path.read_bytes() for path in (tmp_path / "crawls").rglob("*") if path.is_file()}

    def articles() -> list[str]:
        with Catalog(tmp_path / "catalog.sqlite") as catalog:
            return [str(article) for article in catalog.articles()]

    good, _ = crawl_replica(tmp_path, "asp-tables", "--no-media", "--limit", "3")
    before, known = files(), articles()
    with serve("asp-tables", faults=Faults(site=site)) as replica:
        done = run("crawl", "--output", str(tmp_path), "--delay", "0", proxy=replica.proxy)
    assert done.returncode == code, done.stderr
    assert done.stdout == ""
    assert done.stderr.count("othing in the archive was changed") == 1
    assert {path: data for path, data in files().items() if path in before} == before
    assert (good.exit_code, len(known)) == (0, 3)
    assert articles() == known


def test_a_second_crawl_on_one_output_ends_at_once_and_names_the_first(tmp_path: Path) -> None:
    with OutputLock(tmp_path, "20210113T000000Z-live"):
        done = run("crawl", "--output", str(tmp_path))
    assert done.returncode == 5
    assert "20210113T000000Z-live" in done.stderr
    assert not (tmp_path / "crawls").exists()


def test_a_full_disk_ends_the_crawl_with_6_and_leaves_whole_lines(tmp_path: Path) -> None:
    with serve("asp-tables") as replica:
        done = subprocess.run(
            [sys.executable, "-m", "gdfupin_spider", "crawl", "--output", str(tmp_path), "--delay", "0"],
            env=environment(replica.proxy),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000)),
        )
    assert done.returncode == 6, done.stderr
    assert "Traceback" not in done.stderr
    [folder] = (tmp_path / "crawls").iterdir()
    for file in folder.glob("*.jsonl"):
        assert all(json.loads(line) for line in file.read_text("utf-8").splitlines())


def test_a_nearly_full_disk_is_met_before_the_crawl_and_names_how_much_is_needed(tmp_path: Path) -> None:
    command = ("crawl", "--output", str(tmp_path))
    much = {**environment(None), "GDFUPIN_FREE_BYTES": "900000000000000"}
    done = forked.run(forked.GDFUPIN, command, environment=much, timeout=60)
    assert done.returncode == 6, done.stderr
    assert done.stderr.count("MB are free on this disk, 900,000,000 MB are needed") == 1
    assert not (tmp_path / "crawls").exists() or not list((tmp_path / "crawls").iterdir())


NEARLY_FULL = """
import shutil, sys, types
from gdfupin_spider.commands import main
from gdfupin_spider.crawl import session
looks = []
def disk_usage(path):
    looks.append(path)
    return types.SimpleNamespace(free=10**12 if len(looks) < 20 else 12_345_678)
shutil.disk_usage = disk_usage
session.ROOM_AFTER = 0
main(sys.argv[1:])
"""


def test_a_disk_that_fills_up_ends_the_crawl_in_order_with_6_and_a_report(tmp_path: Path) -> None:
    with serve("asp-tables") as replica:
        arguments = ["crawl", "--output", str(tmp_path), "--delay", "0", "--no-media"]
        done = subprocess.run(
            [sys.executable, "-c", NEARLY_FULL, *arguments],
            env=environment(replica.proxy), capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
    assert done.returncode == 6, done.stderr
    assert "only 12 MB are free on this disk, 200 MB are needed" in done.stderr
    [report] = (tmp_path / "crawls").glob("*/report.json")
    answer = json.loads(report.read_text("utf-8"))
    assert (answer["exit_code"], answer["reason"]) == (6, "CannotWrite")
    assert 0 < answer["articles"] < 100


def test_an_output_that_cannot_be_made_ends_with_6() -> None:
    done = run("crawl", "--output", "/proc/nowhere")
    assert done.returncode == 6
    assert "Traceback" not in done.stderr


def test_json_is_all_there_is_on_stdout(tmp_path: Path) -> None:
    with serve("asp-tables") as replica:
        done = run("crawl", "--json", "--delay", "0", "--limit", "1", "--output", str(tmp_path), proxy=replica.proxy)
    answer = json.loads(done.stdout)
    assert answer["articles"] == 1
    assert done.stdout.count("\n") == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_crawl_cleanly_with_a_report(number: signal.Signals, tmp_path: Path) -> None:
    with serve("asp-tables") as replica:
        command = ("crawl", "--output", str(tmp_path), "--delay", "0.1")
        with forked.start(forked.GDFUPIN, command, environment=environment(replica.proxy)) as process:
            while len(replica.requests) < 12:
                time.sleep(0.05)
            process.send_signal(number)
            _, answer = process.wait(30)
    assert process.returncode == 1
    assert "under way, then the report; again to stop at once" in answer
    [report] = (tmp_path / "crawls").glob("*/report.json")
    assert json.loads(report.read_text())["reason"] == "interrupted"


def test_the_demo_ends_with_a_summary_a_person_enjoys(tmp_path: Path) -> None:
    done = run("demo", "--output", str(tmp_path))
    assert done.returncode == 0, done.stderr
    for part in (
        "Articles by section and year",
        "扶贫要闻",
        "One article",
        "articles.jsonl",
        "What next",
    ):
        assert part in done.stdout
    assert not (tmp_path.parent / "output").exists()


def test_a_probe_shows_roles_fields_and_links_and_keeps_nothing(tmp_path: Path) -> None:
    with serve("asp-tables") as replica:
        url = "http://www.gdfupin.org.cn/ShowArticle.asp?ArticleID=900"
        done = run("probe", url, proxy=replica.proxy)
        data = json.loads(run("probe", url, "--json", proxy=replica.proxy).stdout)
    assert done.returncode == 0, done.stderr
    assert "中国组织人事报" in done.stdout
    assert data["kind"] == "article"
    assert data["article"]["date"] == "2021-01-13"
    assert {line["role"] for line in data["lines"]} >= {"title", "info", "body", "breadcrumb"}


def test_a_probe_of_a_file_needs_no_network(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<html><body>当前位置:首页->>扶贫前沿</body></html>", "utf-8")
    assert json.loads(run("probe", str(page), "--json").stdout)["lines"]


@pytest.mark.parametrize(
    "what", [["absent.html"], ["absent.warc.gz"], ["absent.warc.gz", "--offset", "3"]], ids=" ".join
)
def test_a_probe_of_a_file_that_is_not_there_ends_with_2(what: list[str]) -> None:
    done = run("probe", *what)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"gdfupin: {what[0]}: ")
    assert done.stderr.count("\n") == 1


def test_a_probe_of_a_file_without_its_address_says_what_was_assumed(tmp_path: Path) -> None:
    page = tmp_path / "saved page.html"
    page.write_text("<html><body>当前位置:首页->>扶贫前沿 <a href=more.html>更多</a></body></html>", "utf-8")
    data = json.loads(run("probe", str(page), "--json").stdout)
    assert data["url"] == "http://www.gdfupin.org.cn/saved%20page.html"
    assert any("Give --url" in remark for remark in data["remarks"])
    assert data["links"][0]["url"] == "http://www.gdfupin.org.cn/more.html"


def test_a_probe_of_a_crawl_ends_with_a_command_that_works(tmp_path: Path) -> None:
    crawl_replica(tmp_path, "asp-tables", "--no-media", "--limit", "30")
    answer = run("probe", "--crawl", "latest", "--output", str(tmp_path), "--worst", "2").stdout
    [hint] = [line for line in answer.splitlines() if line.startswith("the first of them: ")]
    assert run("probe", *shlex.split(hint.partition(" probe ")[2]), "--json").returncode == 0, hint


@pytest.mark.parametrize("verb", ["catalog", "replay --all", "replay --all --dry-run", "verify", "verify --repair"])
def test_an_output_without_crawls_is_neither_made_nor_called_whole(verb: str, tmp_path: Path) -> None:
    done = run(*verb.split(), "--output", str(tmp_path / "typo"))
    assert done.returncode == 2
    assert "There are none yet: run `gdfupin crawl --output" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_scrapy_crawl_gives_a_feed_of_articles_only(tmp_path: Path) -> None:
    with serve("frames", extract=True) as replica:
        done = scrapy(
            "crawl", "gdfupin", "-O", "feed.jsonl", "-s", "DOWNLOAD_DELAY=0", proxy=replica.proxy, folder=tmp_path
        )
    [folder] = (tmp_path / "output" / "crawls").iterdir()
    feed = [json.loads(line) for line in (tmp_path / "feed.jsonl").read_text("utf-8").splitlines()]
    kept = [json.loads(line) for line in (folder / "articles.jsonl").read_text("utf-8").splitlines()]
    assert done.returncode == 0, done.stderr
    assert feed == kept
    assert [list(line) for line in feed] == [list(line) for line in kept]


@pytest.mark.parametrize(
    "command",
    [
        ["list"],
        ["fetch", "http://www.gdfupin.org.cn/"],
        ["shell", "http://www.gdfupin.org.cn/", "-c", "response.status"],
        ["parse", "--spider", "gdfupin", "http://www.gdfupin.org.cn/"],
    ],
    ids=lambda command: command[0],
)
def test_looking_with_scrapy_leaves_nothing(command: list[str], tmp_path: Path) -> None:
    with serve("asp-tables") as replica:
        done = scrapy(*command, "-s", "DOWNLOAD_DELAY=0", proxy=replica.proxy, folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout
    assert list(tmp_path.iterdir()) == []


def test_a_second_signal_ends_it_at_once_and_says_what_is_left(tmp_path: Path) -> None:
    with serve("asp-tables", faults=Faults(always={"/": "slow"}, slow=60)) as replica:
        command = [sys.executable, "-m", "gdfupin_spider", "crawl", "--output", str(tmp_path), "--delay", "0.1"]
        process = subprocess.Popen(
            command, env=environment(replica.proxy), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        while len(replica.requests) < 2:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        assert process.stderr is not None
        while "Interrupted: finishing 1 request under way" not in process.stderr.readline():
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        _, answer = process.communicate(timeout=10)
    assert process.returncode == 1
    assert "Traceback" not in answer
    [crawl] = (tmp_path / "crawls").iterdir()
    assert not (crawl / "report.json").exists()
    assert f"gdfupin replay {crawl}" in answer


@pytest.mark.parametrize(
    ("argument", "answer"),
    [
        ("limit=many", "-a limit: 'many' is no number of 0 or more"),
        ("minutes=-1", "-a minutes: '-1' is no number of 0 or more"),
        ("media=perhaps", "-a media: 'perhaps' is neither yes nor no"),
        ("lmit=3", "-a lmit: there is no such argument; known are profile, start_url, limit, minutes, max_pages"),
    ],
)
def test_scrapy_crawl_names_an_argument_it_cannot_use(argument: str, answer: str, tmp_path: Path) -> None:
    done = scrapy("crawl", "gdfupin", "-a", argument, proxy="http://127.0.0.1:9", folder=tmp_path)
    assert done.returncode == 1
    assert answer in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_first_line_of_progress_comes_soon(tmp_path: Path) -> None:
    with serve("asp-tables", faults=Faults(latency=0.05)) as replica:
        done = run("crawl", "--output", str(tmp_path), "--delay", "0.3", "--limit", "12", proxy=replica.proxy)
    assert done.stderr.count(" queued, ") == 1, done.stderr
