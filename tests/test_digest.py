"""What a digest has and how it is written: two languages, text and HTML, and no page that can write into it."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import pytest

from gdfupin_spider.commands import main
from gdfupin_spider.commands.output import runnable
from gdfupin_spider.daily.digest import LISTED, Digest, Health, Week, digest_of
from gdfupin_spider.daily.digest_text import WORDS, digest_message, language_of
from gdfupin_spider.daily.state import UncertainMessage
from gdfupin_spider.diff import Difference, compare
from gdfupin_spider.diff.sets import ArticlesInMemory
from gdfupin_spider.monitoring.delivery import send
from gdfupin_spider.monitoring.message import Message
from tests.daily_runs import Service
from tests.diff.records import article

HOSTILE = "题名<script>alert(1)</script>\x1b[31m\u202e"


def made(number: int, title: str, body: str, **more: Any) -> Any:
    return article(f"http://www.gdfupin.org.cn/show.asp?id={number}", body, title=title, **more)


def changes() -> list[Difference]:
    """Something of each kind but moves and returns."""
    old = [made(number, f"第{number}村", "今年修路12公里。工程由张三负责。") for number in range(3)]
    new = [
        made(0, "第0村", "今年修路21公里。工程由张三负责。"),
        made(1, HOSTILE, "今年修路12公里。工程由张三负责。"),
        made(7, "第7村", "全村修了新路，村民出行更方便了。"),
    ]
    return list(compare(ArticlesInMemory(old), ArticlesInMemory(new)))


HEALTH = Health("2026-11-23T03:00:05Z", True, {"live": 40, "gone": 1}, ("blocked: 13%",), 2, ("20261122T030000Z-live",), 2_500_000_000, 9_000_000_000)  # fmt: skip


def digest() -> Digest:
    return Digest("广东扶贫网", "2026-11-23", digest_of(changes()), health=HEALTH)


def test_the_text_in_chinese() -> None:
    text = digest_message(digest(), "zh")
    assert text.title == "广东扶贫网存档日报 2026-11-23：新增1篇，修改2篇，消失1篇"
    assert text.body == Path(__file__).with_name("digest.zh.txt").read_text("utf-8").rstrip("\n")


def test_alarms_and_failures_are_in_the_language_of_the_digest() -> None:
    alarm = "live-fewer: 30 articles are live, usually 40"
    text = replace(
        digest(), health=replace(HEALTH, alarms=(alarm,)), failures=("verify: it cannot be read: Permission denied",)
    )
    body = digest_message(text, "zh").body
    assert "报警：live-fewer：在线文章30篇，通常为40篇" in body
    assert "无法读取：权限不足" in body
    assert f"Alarm: {alarm}" in digest_message(text, "en").body


def test_html_shows_edits_and_escapes_pages() -> None:
    html = digest_message(digest(), "en").html
    assert "今年修路<del>12</del><ins>21</ins>公里" in html
    assert "<script" not in html
    assert "\x1b" not in html
    assert "&lt;script&gt;" in html
    assert "javascript:" not in digest_message(
        replace(digest(), changes=replace(digest().changes, items=tuple(
            replace(item, url="javascript:alert(1)") for item in digest().changes.items))), "en",
    ).html  # fmt: skip


def test_commands_of_a_digest_run_as_printed() -> None:
    def complete(text: str) -> str:
        return runnable(text, Path("/srv/my archive"))

    for language in ("zh", "en"):
        text = digest_message(digest(), language, complete)
        assert "`gdfupin accept --output '/srv/my archive'`" in text.body


def test_every_command_with_an_archive_is_completed() -> None:
    context = click.Context(main)
    commands = {name: main.get_command(context, name) for name in main.list_commands(context)}
    for name, command in commands.items():
        assert command is not None
        takes = any("--output" in each.opts for each in command.params) and name != "demo"
        expected = f"`gdfupin {name} --output /srv/a`" if takes else f"`gdfupin {name}`"
        assert runnable(f"`gdfupin {name}`", Path("/srv/a")) == expected


def test_readers_get_nothing_of_the_machine() -> None:
    whole = replace(
        digest(), alerts=("gdfupin: alert x",), failures=("release: no",), doubts=(UncertainMessage("m", "2026-11-22"),)
    )
    text = digest_message(whole.for_readers(), "en").body
    assert text.endswith("The site was last seen on 2026-11-23 03:00 UTC")
    for word in ("Disk", "blocked", "alert x", "release", "arrived", "Open gaps"):
        assert word not in text


def test_a_first_crawl_is_counted_and_its_newest_are_listed() -> None:
    many = [made(number, f"第{number}村", "今年修路。", date=f"20{number // 10:02}-01-13") for number in range(100)]
    found = digest_of(list(compare(ArticlesInMemory([]), ArticlesInMemory(many))))
    assert (found.counts, len(found.items), found.left) == ({"added": 100}, LISTED, 40)
    assert found.items[0].date == "2009-01-13"
    assert "40 more changes are not listed" in digest_message(Digest("s", "2026-11-23", found), "en").body


def test_a_week_in_figures_is_sent_also_where_nothing_changed() -> None:
    quiet = Digest("广东扶贫网", "2026-11-23", digest_of([]), week=Week.of(changes()), health=HEALTH)
    text = digest_message(quiet, "en")
    assert text.title == "广东扶贫网, the week to 2026-11-23: nothing changed"
    assert "The last seven days\n· 1 new, 2 edited, 1 gone\n" in text.body


def test_both_languages_have_every_phrase_with_the_same_values() -> None:
    for name, (chinese, english) in WORDS.items():
        assert {part for part in ("{0}", "{1}") if part in chinese} == {
            part for part in ("{0}", "{1}") if part in english
        }, name
        assert chinese != english


@pytest.mark.parametrize(
    ("asked", "variables", "language"),
    [
        ("en", {"LANG": "zh_CN"}, "en"),
        ("", {"LC_ALL": "zh_TW.UTF-8", "LANG": "C"}, "zh"),
        ("", {"LANG": "C.UTF-8"}, "en"),
        ("", {"LANGUAGE": "zh", "LC_ALL": "en_US.UTF-8"}, "zh"),
    ],
)
def test_the_language_is_that_of_the_setting_or_of_the_environment(
    asked: str, variables: dict[str, str], language: str
) -> None:
    assert language_of(asked, variables) == language


@pytest.mark.slow  # needs Apprise, which `dev` has not
def test_services_that_show_html_get_it_and_others_the_text() -> None:
    with Service() as service:
        text = Message("t", "the text", "info", "<b>the HTML</b>")
        urls = (f"json://{service.host}/operator", f"json://{service.host}/operator?format=html")
        assert {each.failed for each in send(urls, "", text)} == {None}
    assert sorted(body for _, body in service.messages) == ["<b>the HTML</b>", "the text"]
