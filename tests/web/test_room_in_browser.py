"""The reading room in a real browser: by mouse and by keyboard, light and dark, wide and on a phone."""

import urllib.parse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gdfupin_spider.web.language import COOKIE
from tests.catalog.lines import at, id_of
from tests.releases.archives import released, url
from tests.web.rooms import Room, archive, room_of, watched

PAGES = (f"/?since={at(1)[:10]}", "/search?q=修路", "/trends?q=修路", "/gone", "/gone?what=gone", "/reprints", "/sections", "/sections/部门动态", "/data", "/lookup?q=修路",
         f"/articles/{id_of(url(3))}", f"/articles/{id_of(url(3))}/compare", f"/articles/{id_of(url(3))}/compare?view=side", f"/articles/{id_of(url(3))}/cite", f"/articles/{id_of(url(51))}", "/status", "/api", "/nothing")  # fmt: skip


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    folder: Path = tmp_path_factory.mktemp("seen")
    output = archive(folder / "output")
    released(output)
    with room_of(output, folder / "cache", with_status=True) as room:
        yield room


def opened(browser: Any, room: Room, path: str, **options: Any) -> Any:
    """The page in a window of its own; it knows its problems, see `watched`."""
    found = browser.new_context(**{"locale": "zh-CN", "viewport": {"width": 1100, "height": 800}, **options}).new_page()
    watched(found, room).goto(room.url + path)
    return found


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_and_no_page_is_wider_than_a_phone(window: Any, room: Room, path: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs the extra `test`").Axe()
    for scheme, width, language in (("light", 1100, "zh-CN"), ("dark", 390, "en")):
        window.emulate_media(color_scheme=scheme)
        window.set_viewport_size({"width": width, "height": 800})
        window.context.add_cookies([{"name": COOKIE, "value": language[:2], "url": room.url}])
        window.goto(room.url + path)
        window.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
        assert window.evaluate("document.documentElement.lang") == language
        assert [(each["id"], each["nodes"][0]["html"]) for each in axe.run(window).response["violations"]] == [], scheme
        assert window.evaluate("document.documentElement.scrollWidth") == width
        assert window.locator("header").bounding_box()["height"] < 200, "the menu has lines, not a column"
        assert window.problems == []


def test_an_edited_article_is_found_and_what_changed_is_seen_by_keyboard_alone(browser: Any, room: Room) -> None:
    found = opened(browser, room, "/")
    found.keyboard.press("Tab")
    assert found.evaluate("document.activeElement.className") == "skip"
    found.get_by_role("link", name="消失与修改").focus()
    found.keyboard.press("Enter")
    found.get_by_role("link", name="第3村修路记（更正）").focus()
    found.keyboard.press("Enter")
    found.wait_for_url("**/compare?*")
    assert "更正：31万元" in found.inner_text(".body ins")
    assert found.problems == []


def test_words_are_searched_and_a_facet_narrows_what_is_found(browser: Any, room: Room) -> None:
    found = opened(browser, room, "/")
    found.get_by_role("searchbox").fill("修路记")
    found.keyboard.press("Enter")
    found.wait_for_url("**/search?*")
    assert "找到 30 篇" in found.inner_text("[role=status]")
    found.locator("aside").get_by_role("link", name="部门动态").click()
    found.wait_for_url("**section=**")
    assert "找到 10 篇" in found.inner_text("[role=status]")
    found.get_by_role("link", name="English").click()
    assert "10 articles found" in found.inner_text("[role=status]")
    assert found.problems == []


def test_a_search_goes_on_as_people_type_and_the_keyboard_walks_its_hits(browser: Any, room: Room) -> None:
    found = opened(browser, room, "/search")
    found.keyboard.press("/")
    found.keyboard.type("第7村", delay=20)
    found.wait_for_url(f"**/search?q={urllib.parse.quote('第7村')}")
    found.locator("#count", has_text="找到 1 篇").wait_for()
    found.keyboard.type("修路记", delay=20)
    found.wait_for_url("**%E8%AE%B0")
    assert found.title().startswith("第7村修路记")
    found.keyboard.press("ArrowDown")
    assert found.evaluate("document.activeElement.textContent") == "第7村修路记"
    found.keyboard.press("Escape")
    assert found.evaluate("document.activeElement.id") == "q"
    found.keyboard.press("ArrowDown")
    found.keyboard.press("Enter")
    found.wait_for_url("**/articles/*")
    found.go_back()
    assert found.get_by_role("searchbox").input_value() == "第7村修路记"
    found.get_by_text("更多条件").click()
    found.get_by_label("曾有、现已不见").check()
    found.get_by_role("searchbox").fill("第3村修路记 -更正")
    found.locator(".chosen", has_text="曾有、现已不见").wait_for()
    found.locator("#count", has_text="找到 1 个版本").wait_for()
    found.get_by_role("link", name="与最新版本比较").click()
    assert "（更正）" in found.inner_text("dl ins")
    assert found.problems == []


def test_what_was_read_is_remembered_by_this_browser(browser: Any, room: Room) -> None:
    found = opened(browser, room, f"/?since={at(1)[:10]}")
    unread = found.inner_text(".unread")
    assert "条未读" in unread
    found.get_by_role("button", name="标为已读").click()
    assert "没有未读的变化" in found.inner_text(".unread")
    found.reload()
    assert "没有未读的变化" in found.inner_text(".unread")
    found.evaluate(f"localStorage.setItem('gdfupin-read-until', '{at(0.5)}')")
    found.reload()
    assert found.locator("li.new a", has_text="第3村修路记").count() == 1
    assert found.problems == []


def test_a_citation_is_copied_by_a_button(browser: Any, room: Room) -> None:
    found = opened(browser, room, f"/articles/{id_of(url(3))}", permissions=["clipboard-read", "clipboard-write"])
    found.get_by_role("link", name="引用本文").click()
    found.get_by_role("button", name="复制").first.click()
    found.get_by_role("button", name="已复制").wait_for()
    assert "[EB/OL]" in found.evaluate("navigator.clipboard.readText()")
    found.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    found.get_by_role("button", name="复制").nth(2).click()
    found.get_by_role("button", name="已复制").first.wait_for()
    assert found.problems == []


def test_without_scripts_the_form_does_the_same(browser: Any, room: Room) -> None:
    found = opened(browser, room, "/search", java_script_enabled=False)
    found.get_by_role("searchbox").fill("第7村")
    found.get_by_role("button", name="检索").click()
    assert "找到 1 篇" in found.inner_text("#count")


def test_a_person_learns_that_an_article_is_gone_and_that_an_address_is_held(browser: Any, room: Room) -> None:
    found = opened(browser, room, "/lookup")
    found.get_by_role("textbox").fill(url(0))
    found.get_by_role("button", name="是否收藏").click()
    found.get_by_role("link", name="第0村修路记").click()
    assert "已消失" in found.inner_text("main")
    assert found.problems == []
