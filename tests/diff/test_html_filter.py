"""The page of changes in a browser: its filter, its anchors, on a phone."""

from pathlib import Path
from typing import Any

import pytest

from gdfupin_spider.diff.html_page import page
from tests.diff.test_showing import FOUND


@pytest.fixture
def opened(tmp_path: Path, browser: Any) -> Any:
    (tmp_path / "changes.html").write_text(page(FOUND, "old", "new"), "utf-8")
    found = browser.new_page(viewport={"width": 375, "height": 800})
    found.problems = []
    found.on("console", lambda message: found.problems.append(message.text))
    found.on("pageerror", lambda error: found.problems.append(str(error)))
    found.on("request", lambda request: request.url.startswith("file:") or found.problems.append(request.url))
    found.goto((tmp_path / "changes.html").as_uri())
    return found


def test_the_filter_shows_what_is_asked_for(opened: Any) -> None:
    def reported() -> str:
        return str(opened.locator("#count").inner_text())

    assert reported() == "7 of 7 changes"
    assert opened.evaluate("document.documentElement.scrollWidth") == 375
    opened.fill("input[name=words]", "五百亩")
    assert reported() == "1 of 7 changes"
    opened.fill("input[name=words]", "连樟村 -五百亩")
    assert reported() == "2 of 7 changes"
    opened.fill("input[name=words]", "")
    opened.select_option("select[name=section]", "地市联播")
    assert reported() == "1 of 7 changes"
    assert opened.locator("article:visible").count() == 1  # although moved ones are folded
    opened.select_option("select[name=section]", "")
    opened.uncheck("input[value=edited]")
    assert reported() == "4 of 7 changes"
    assert opened.problems == []


def test_an_anchor_opens_what_is_folded(opened: Any) -> None:
    moved = next(change for change in FOUND if change.kind == "moved")
    card = opened.locator(f"#{moved.id}-moved")
    assert not card.is_visible()
    opened.evaluate(f"location.hash = '{moved.id}-moved'")
    card.wait_for(state="visible")
    assert opened.problems == []
