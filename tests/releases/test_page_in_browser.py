"""The pages that people open in a browser, in light and dark, wide and on a phone: nothing that axe finds, and labels that can be read."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from gdfupin_spider.diff.html_page import page as page_of_changes
from gdfupin_spider.releases.cards import cards
from tests.diff.test_showing import FOUND
from tests.releases.sample_about import an_about

ENDED = "2026-11-23T00:10:00Z"


@pytest.fixture
def release_page(tmp_path: Path) -> Path:
    path = tmp_path / "index.html"
    path.write_text(cards(an_about())["index.html"], "utf-8")
    return path


@pytest.fixture
def changes_page(tmp_path: Path) -> Path:
    path = tmp_path / "changes.html"
    path.write_text(page_of_changes(FOUND, "old", "new"), "utf-8")
    return path


def opened(browser: Any, path: Path, width: int = 1100, **options: Any) -> Any:
    """The page; it fails where the page logs something or asks for another file."""
    found = browser.new_context(viewport={"width": width, "height": 800}, **options).new_page()
    found.problems = []
    found.on("console", lambda message: found.problems.append(message.text))
    found.on("pageerror", lambda error: found.problems.append(str(error)))
    found.on("request", lambda request: request.url == path.as_uri() or found.problems.append(request.url))
    found.clock.set_fixed_time(datetime.fromisoformat(ENDED) + timedelta(days=3, hours=1))
    found.goto(path.as_uri())
    return found


@pytest.mark.parametrize("kind", ["release_page", "changes_page"])
def test_axe_finds_nothing(browser: Any, kind: str, request: pytest.FixtureRequest) -> None:
    """The page of a release has both languages."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs the extra `test`").Axe()
    found = opened(browser, request.getfixturevalue(kind))
    found.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
    for scheme, width in (("light", 1100), ("dark", 390)):
        found.emulate_media(color_scheme=scheme)
        found.set_viewport_size({"width": width, "height": 800})
        assert [(each["id"], each["nodes"][0]["html"]) for each in axe.run(found).response["violations"]] == [], scheme
        assert found.evaluate("document.documentElement.scrollWidth") == width
        assert found.problems == []


def test_the_page_computes_its_age_when_it_is_read(browser: Any, release_page: Path) -> None:
    found = opened(browser, release_page)
    assert "最近一次采集截至 2026-11-23（3 天前）。" in found.inner_text("main")
    assert "Newest capture: 2026-11-23 (3 days ago)." in found.inner_text("main")
    without = opened(browser, release_page, java_script_enabled=False)
    assert "最近一次采集截至 2026-11-23。" in without.inner_text("main")
    assert "Newest capture: 2026-11-23." in without.inner_text("main")


def test_labels_of_charts_can_be_read_on_a_phone_and_do_not_overlap(browser: Any, release_page: Path) -> None:
    found = opened(browser, release_page, width=390)
    labels = """() => [...document.querySelectorAll('.chart svg')].map(svg => [...svg.querySelectorAll('.axis text, .legends text')]
        .filter(each => each.textContent).map(each => [each.textContent, ...(r => [r.left, r.top, r.right, r.bottom])(each.getBoundingClientRect())]))"""
    for chart in found.evaluate(labels):
        assert chart
        for number, (text, left, top, right, bottom) in enumerate(chart):
            assert bottom - top >= 10, text
            assert "…" not in text
            for other, left_, top_, right_, bottom_ in chart[:number]:
                assert right <= left_ or right_ <= left or bottom <= top_ or bottom_ <= top, (text, other)
    sideways = "parts => parts.map(each => each.scrollWidth > each.clientWidth)"
    assert found.eval_on_selector_all(".chart", sideways) == [
        True,
        False,
        True,
        True,
    ]  # bars that are cut off look alike


def test_each_bar_and_point_has_a_tooltip_with_its_name_and_the_numbers_are_in_a_table(
    browser: Any, release_page: Path
) -> None:
    found = opened(browser, release_page)
    texts = "nodes => nodes.map(each => each.textContent)"
    tooltips = found.eval_on_selector_all(".chart title", texts)
    assert "地市联播, 2021-02: 1" in tooltips
    assert "文章 articles, 人民日报: 4" in tooltips
    assert "来源 source, 2020: 80.0 %" in tooltips
    assert all(": " in each for each in tooltips)
    cells = "nodes => nodes.map(each => [...each.cells].map(cell => cell.textContent))"
    rows = found.eval_on_selector_all(".chart + details tr", cells)
    assert ["2021-02", "5", "1"] in rows
    assert ["人民日报", "4"] in rows
    assert ["2020", "80.0 %", "20.0 %", "100.0 %", "10.0 %", "0.0 %"] in rows
