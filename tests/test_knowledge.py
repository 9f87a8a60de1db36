"""What earlier crawls know outlives a bad answer: it is asked again, told as a gap, and never forgotten for one bad day."""

import json
import sqlite3
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from tests.living_site import SECTIONS, Answer, Fault, LivingSite, html, on
from tests.sites import Crawl, crawl, run

DAY = datetime(2026, 1, 1, 3, tzinfo=UTC)
OLE_DB = html("<p>Microsoft OLE DB Provider for ODBC Drivers 错误 '80004005'</p><p>/conn.asp，行 5</p>")
CLOSED = html("<p>广东扶贫网</p><p>广东省扶贫开发协会的网站已完成历史使命，感谢您的关注。</p>")
FRAME = html("<p>广东省扶贫开发协会欢迎您!</p><p>欢迎访问广东扶贫网</p><p>版权所有:广东省扶贫开发协会</p>")


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waits between tries are short, so that bad days take no longer than good ones."""
    monkeypatch.setenv("GDFUPIN_RETRY_WAITS", "1,1,1")
    monkeypatch.setenv("GDFUPIN_BLOCK_WAITS", "1,1,1")


@pytest.fixture
def site() -> Iterator[LivingSite]:
    with LivingSite().fill(24, date(2026, 1, 1)) as site:
        yield site


def on_day(output: Path, site: LivingSite, day: int, *arguments: str, fault: Fault | None = None) -> Crawl:
    """The crawl of a day."""
    site.now, site.fault = DAY + timedelta(days=day), fault
    site.asked.clear()
    clock = f"{site.now:%Y-%m-%dT%H:%M:%SZ}"
    return crawl(output, "--start-url", site.url, "--no-media", *arguments, clock=clock, check_clock=True)


def alarms(done: Crawl) -> list[str]:
    return [alarm["name"] for alarm in (done.answer["monitors"] or {}).get("alarms", ())]


def is_listing(path: str) -> bool:
    return "list.asp" in path


@pytest.mark.parametrize(
    "answer", [OLE_DB, FRAME, CLOSED, (200, {}, b"It works!")], ids=["ole", "frame", "closed", "apache"]
)
def test_listings_that_answer_badly_for_a_day_are_asked_again_and_told(
    answer: Answer, site: LivingSite, tmp_path: Path
) -> None:
    assert on_day(tmp_path, site, 0).exit_code == 0
    news = site.publish("部门动态", date(2026, 1, 2))
    bad = on_day(tmp_path, site, 1, fault=on(is_listing, answer))
    assert bad.exit_code != 0
    assert alarms(bad) == ["listings-unread"]
    assert "0 of 4 known listings read" in bad.answer["monitors"]["alarms"][0]["message"]
    assert bad.answer["looked"]["listings_read"] == 0
    assert {site.asked.count(path) for path in site.listing_paths} == {5}, "four tries and one at the end"
    assert bad.answer["gaps"] == 4
    later = site.publish("协会新闻", date(2026, 1, 3))
    good = on_day(tmp_path, site, 2)
    assert good.exit_code == 0, good.log
    assert good.answer["looked"]["listings_read"] == 4
    assert {line["title"] for found in (bad, good) for line in found.lines("articles")} >= {news.title, later.title}


def test_a_fault_that_passes_during_the_crawl_is_no_gap(site: LivingSite, tmp_path: Path) -> None:
    on_day(tmp_path, site, 0)
    item = site.publish("部门动态", date(2026, 1, 2))

    def fault(path: str, right: Answer) -> Answer:
        return OLE_DB if path == site.path_of(item) and site.asked.count(path) < 5 else right

    done = on_day(tmp_path, site, 1, fault=fault)
    assert (done.exit_code, done.answer["gaps"]) == (0, 0)
    assert [line["title"] for line in done.lines("articles")] == [item.title]


def test_a_listing_is_given_up_when_the_site_says_so_for_a_week(site: LivingSite, tmp_path: Path) -> None:
    on_day(tmp_path, site, 0)
    gone = on(lambda path: "ClassID=2" in path, html("404 Not Found", 404))
    known = [on_day(tmp_path, site, day, "--recheck", "none", fault=gone).answer["looked"] for day in (1, 5, 9, 10)]
    assert [looked["listings_known"] for looked in known] == [4, 4, 4, 3]


@pytest.mark.parametrize(
    "answer", [FRAME, html("<p>广东扶贫网</p><p>网站维护中，请稍后访问。</p>")], ids=["frame", "repair"]
)
def test_a_start_page_that_leads_nowhere_ends_the_crawl_and_nothing_is_lost(
    answer: Answer, site: LivingSite, tmp_path: Path
) -> None:
    on_day(tmp_path, site, 0)
    bad = on_day(tmp_path, site, 1, fault=on(lambda path: path == "/", answer))
    assert (bad.exit_code, site.asked.count("/")) == (3, 4)
    assert "no-sections" in bad.answer["message"] or "error-page" in bad.answer["message"]
    good = on_day(tmp_path, site, 2)
    assert (good.exit_code, good.answer["catalog"]["articles"]) == (0, {"live": 24})


@pytest.mark.parametrize("tries", [1, 3])
def test_redirects_round_a_loop_are_gone_again(tries: int, site: LivingSite, tmp_path: Path) -> None:
    item = site.items[0]

    def fault(path: str, right: Answer) -> Answer:
        if path == "/round.asp":
            return 302, {"Location": site.path_of(item)}, b""
        if path == site.path_of(item) and site.asked.count(path) <= tries:
            return 302, {"Location": "/round.asp"}, b""
        return right

    done = on_day(tmp_path, site, 0, fault=fault)
    assert (done.exit_code, len(done.lines("articles"))) == (0, 24), done.log


def test_a_loop_that_does_not_end_is_a_gap_and_is_asked_again_by_the_next_crawl(
    site: LivingSite, tmp_path: Path
) -> None:
    path = site.path_of(site.items[0])
    loops = {path: "/round.asp", "/round.asp": path}

    def fault(path: str, right: Answer) -> Answer:
        return (302, {"Location": loops[path]}, b"") if path in loops else right

    bad = on_day(tmp_path, site, 0, fault=fault)
    assert (bad.exit_code, bad.answer["gaps"]) == (1, 1)
    good = on_day(tmp_path, site, 1)
    assert (good.exit_code, len(good.lines("articles"))) == (0, 1)


@pytest.mark.parametrize("kind", ["closed", "all gone", "soft"])
def test_a_first_crawl_without_articles_is_never_a_success(kind: str, site: LivingSite, tmp_path: Path) -> None:
    soft = html("<p>广东扶贫网</p><p>该文章不存在或已被删除。</p>")
    fault = {
        "closed": on(lambda path: True, CLOSED),
        "all gone": on(lambda path: "show.asp" in path, html("Not Found", 404)),
        "soft": on(lambda path: "show.asp" in path, soft),
    }[kind]
    done = on_day(tmp_path, site, 0, fault=fault)
    assert done.exit_code != 0
    assert alarms(done) == ["nothing-found"]


def farm(site: LivingSite, sections: tuple[str, ...] = ()) -> None:
    """Somebody else fills the domain with articles of his own."""
    site.sections = sections or site.sections
    for item in site.items:
        item.gone = True
    for number in range(40):
        site.publish(SECTIONS[number % 4], date(2026, 1, 2), seed="farm")


RENAMED = ("娱乐新闻", "体育快讯", "财经要闻", "科技前沿")


@pytest.mark.parametrize("sections", [(), RENAMED], ids=["same sections", "other sections"])
def test_a_content_farm_under_the_old_name_is_held_back_until_somebody_decides(
    sections: tuple[str, ...], site: LivingSite, tmp_path: Path
) -> None:
    on_day(tmp_path, site, 0)
    farm(site, sections)
    bad = on_day(tmp_path, site, 1)
    assert bad.exit_code != 0
    assert bad.answer["held"] == ["articles-flood", *(["sections-renamed"] if sections else [])]
    assert set(alarms(bad)) >= set(bad.answer["held"])
    assert "gdfupin accept" in bad.answer["monitors"]["alarms"][0]["message"]
    assert len(bad.lines("articles")) == 40, "lines and captures are kept"
    assert (bad.answer["changes"], bad.answer["catalog"]["articles"]) == ({}, {"live": 24})

    assert bad.folder is not None
    name, output = bad.folder.name, ("--output", str(tmp_path))
    status = json.loads(run("status", "--json", *output).stdout)
    assert [held["crawl"] for held in status["held"]] == [name]
    assert not status["stale"]
    assert json.loads(run("catalog", "--json", *output).stdout)["articles"] == {"live": 24}
    assert run("diff", name, "latest", *output).returncode == 2
    assert run("verify", *output).returncode == 0

    rejected = run("accept", "--reject", name, "--reason", "hijacked", *output)
    assert (rejected.returncode, "rejected" in rejected.stdout) == (0, True), rejected.stderr
    assert json.loads(run("status", "--json", *output).stdout)["held"] == []
    accepted = json.loads(run("accept", name, "--json", *output).stdout)
    assert accepted["changes"] == {name: {"added": 40}}
    assert json.loads(run("catalog", "--json", *output).stdout)["articles"]["live"] == 64
    assert run("accept", "no-such-crawl", *output).returncode == 2


def test_a_crawl_after_a_held_one_is_compared_with_what_was_published(site: LivingSite, tmp_path: Path) -> None:
    on_day(tmp_path, site, 0)
    farm(site)
    assert on_day(tmp_path, site, 1).answer["held"]
    site.items, farmed = site.items[:24], site.items[24:]
    for item in site.items:
        item.gone = False
    assert len(farmed) == 40
    news = site.publish("部门动态", date(2026, 1, 3))
    good = on_day(tmp_path, site, 2)
    assert (good.exit_code, good.answer["changes"]) == (0, {"added": 1}), good.log
    assert [line["title"] for line in good.lines("articles")] == [news.title]


def test_words_of_advertisements_inside_articles_hold_a_crawl(site: LivingSite, tmp_path: Path) -> None:
    on_day(tmp_path, site, 0)
    item = site.publish("部门动态", date(2026, 1, 2))
    item.body += "\n百家乐注册送彩金，体育投注天天返利，欢迎加入。"
    bad = on_day(tmp_path, site, 1)
    assert bad.answer["held"] == ["spam-words"]
    assert "百家乐" in bad.answer["monitors"]["alarms"][0]["message"]


def test_news_about_gambling_is_no_advertisement(site: LivingSite, tmp_path: Path) -> None:
    on_day(tmp_path, site, 0)
    site.publish(
        "部门动态", date(2026, 1, 2)
    ).body += "\n县里开展打击赌博专项行动，收缴老虎机三台，查处六合彩案件两宗。"
    assert on_day(tmp_path, site, 1).exit_code == 0


# --- mass disappearance ------------------------------------------------------------------------------------------------

SOFT = html("<p>广东扶贫网</p><p>该文章不存在或已被删除。</p>")
ALL_DUE = "[schedule]\nlongest_days = 8\n"


def test_where_all_articles_looked_at_are_missing_ten_more_are_looked_at(site: LivingSite, tmp_path: Path) -> None:
    (tmp_path / "operator.toml").write_text(ALL_DUE)  # three of the 24 a day
    on_day(tmp_path, site, 0)
    bad = on_day(tmp_path, site, 1, fault=on(lambda path: "show.asp" in path, SOFT))
    assert bad.answer["looked"]["articles_seen"] == bad.answer["looked"]["articles_missing"] == 13
    assert "mass-disappearance" in alarms(bad)
    assert bad.answer["catalog"]["articles"] == {"live": 24}
    again = on_day(tmp_path, site, 2, fault=on(lambda path: "show.asp" in path, SOFT))
    assert (again.answer["changes"], "mass-disappearance" in alarms(again)) == ({}, True)
    good = on_day(tmp_path, site, 3)
    assert (good.exit_code, good.answer["catalog"]["articles"]) == (0, {"live": 24})


# --- the clock ---------------------------------------------------------------------------------------------------------


def at(output: Path, site: LivingSite, server: datetime, machine: datetime, *arguments: str) -> Crawl:
    """A crawl at a time of the server's clock and of this machine's."""
    site.now, site.fault = server, None
    site.asked.clear()
    options = ("--start-url", site.url, "--no-media", *arguments)
    return crawl(output, *options, clock=f"{machine:%Y-%m-%dT%H:%M:%SZ}", check_clock=True)


@pytest.mark.parametrize("days", [1800, -400])
def test_a_clock_that_is_wrong_ends_the_crawl_before_it_fetches_articles(
    days: int, site: LivingSite, tmp_path: Path
) -> None:
    on_day(tmp_path, site, 0)
    site.publish("部门动态", date(2026, 1, 2))
    server = DAY + timedelta(days=1)
    wrong = at(tmp_path, site, server, server + timedelta(days=days))
    assert wrong.exit_code == 2
    assert not [path for path in site.asked if "asp" in path]
    for text in ("--clock-ok", "this machine has", "the server has 2026-01-02T03:00:0", "2026-01-01T03:00:00Z"):
        assert text in wrong.answer["message"]
    good = at(tmp_path, site, server, server)
    assert (good.exit_code, good.answer["changes"]) == (0, {"added": 1})
    status = json.loads(run("status", "--json", "--output", str(tmp_path), clock=f"{server:%Y-%m-%dT%H:%M:%SZ}").stdout)
    assert status["newest_crawls"][0]["crawl"] == good.answer["crawl"]


def test_a_server_whose_clock_is_wrong_is_believed_to_be_so_once_the_operator_says_so(
    site: LivingSite, tmp_path: Path
) -> None:
    assert at(tmp_path, site, DAY - timedelta(days=3000), DAY).exit_code == 2
    assert at(tmp_path, site, DAY - timedelta(days=3000), DAY, "--clock-ok").exit_code == 0
    later = DAY + timedelta(days=1)
    assert at(tmp_path, site, later - timedelta(days=3000), later).exit_code == 0


def test_captures_of_a_clock_that_was_ahead_do_not_stop_the_schedule(site: LivingSite, tmp_path: Path) -> None:
    (tmp_path / "operator.toml").write_text(ALL_DUE)
    on_day(tmp_path, site, 0)
    on_day(tmp_path, site, 2000, "--clock-ok", "--recheck", "all")
    after = on_day(tmp_path, site, 1)
    assert (after.exit_code, after.answer["looked"]["articles_seen"]) == (0, 3), after.log
    assert not after.answer["settings"]["full"]


# --- the catalog and the output ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["damaged", "foreign", "newer", "damaged inside"])
def test_a_catalog_that_cannot_be_used_is_set_aside_once_and_the_crawl_goes_on(
    kind: str, site: LivingSite, tmp_path: Path
) -> None:
    on_day(tmp_path, site, 0)
    path = tmp_path / "catalog.sqlite"
    if kind == "damaged":
        path.write_bytes(b"\0" * 50_000)
    elif kind == "damaged inside":
        path.write_bytes(path.read_bytes()[:8192] + b"\xff" * (path.stat().st_size - 8192))
    elif kind == "foreign":
        path.unlink()
        with sqlite3.connect(path) as db:
            db.execute("CREATE TABLE other (n)")
    else:
        with sqlite3.connect(path) as db:
            db.execute("PRAGMA user_version = 99")
    site.publish("部门动态", date(2026, 1, 2))
    done = on_day(tmp_path, site, 1)
    assert (done.exit_code, done.answer["changes"], done.answer["articles"]) == (0, {"added": 1}, 1), done.log
    assert [path.name for path in tmp_path.glob("catalog.sqlite.aside-?")] == ["catalog.sqlite.aside-1"]
    if kind != "newer":
        assert ("catalog-rebuilt", str(path)) in done.issues("note")
    assert on_day(tmp_path, site, 2).exit_code == 0
    assert len(list(tmp_path.glob("catalog.sqlite.aside-?"))) == 1


def test_with_existing_no_archive_is_started(site: LivingSite, tmp_path: Path) -> None:
    output = tmp_path / "mount"
    output.mkdir()
    done = on_day(output, site, 0, "--existing")
    assert (done.exit_code, list(output.iterdir()), site.asked) == (2, [], [])
    assert "Is the disk mounted?" in done.log
    on_day(output, site, 0)
    assert on_day(output, site, 1, "--existing").exit_code == 0


def test_only_a_crawl_that_is_held_back_can_be_accepted(tmp_path: Path) -> None:
    (tmp_path / "crawls" / "20261128T030000Z-live").mkdir(parents=True)
    done = run("accept", "20261129T030000Z-live", "--output", str(tmp_path), "--reason", "a typo")
    assert done.returncode == 2
    assert f"20261129T030000Z-live: is not held back; no crawl in {tmp_path} is" in done.stderr
