"""`gdfupin probe` shows the layout that a page fits, and which evidence decided each field."""

from dataclasses import replace
from typing import Any

import pytest

from gdfupin_spider import probe
from gdfupin_spider.profiles import Profile, load, with_layouts
from gdfupin_spider.terminal import console
from tests.pages.test_layouts import Story, capture, learned, plain_tables, site
from tests.test_probe import article as labelled_article
from tests.test_probe import inspection_of


@pytest.fixture(scope="module")
def known() -> Profile:
    """A profile with the layout of a site whose pages have a hint line above each title and no info line."""
    written = load("general")
    _, captures = site("plain tables", 40)
    return with_layouts(written, learned(written, captures))


def inspected(profile: Profile, html: str, url: str) -> tuple[dict[str, Any], str]:
    """The inspection as JSON and as text."""
    inspection = probe.inspect_capture(capture(url, html), profile)
    with (terminal := console()).capture() as printed:
        terminal.print(probe.rendered(inspection))
    sheet = probe.page_sheet(inspection)
    assert "Evidence for each field" in sheet
    return probe.as_json(inspection), " ".join(printed.get().split())


def test_a_page_shows_its_layout_and_what_it_gives_where_the_page_alone_differs(known: Profile) -> None:
    story = site("plain tables", 41)[0][-1]
    data, text = inspected(known, plain_tables(story), story.url)
    [layout] = known.layouts.all
    assert data["shape"] == "show.asp?id=0"
    assert data["layout"]["digest"] == layout.digest
    assert data["layout"]["pages"] == layout.support.pages
    assert f"{layout.digest} of show.asp?id=0: learned from {layout.support.pages} pages" in text
    title = data["evidence"]["title"]
    assert (title["value"], title["decided_by"]) == (story.title, "layout")
    assert title["others"] == [{"by": "page", "value": None}]
    assert "by the layout; the page alone gives nothing" in text
    assert data["evidence"]["source"] == {"value": None, "decided_by": "none", "others": []}


def test_a_page_without_layout_shows_labels_and_what_the_page_alone_gives() -> None:
    inspection = inspection_of(labelled_article())
    data: Any = probe.as_json(inspection)
    assert data["layout"] is None
    decided = {name: one["decided_by"] for name, one in data["evidence"].items()}
    assert decided == {"title": "page", "date": "label", "source": "label", "body": "page"}
    assert inspection.layout.sentence == "none was learned for addresses like show.asp?id=0"


def labelled(story: Story) -> str:
    return labelled_article(
        title=story.title, byline=f"加入时间:{story.day} 来源:县农村信息站", body="</p><p>".join(story.body)
    )


def test_layout_and_page_that_agree_are_both_named() -> None:
    written = load("general")
    made, captures = site("plain tables", 40)
    listings = [each for each in captures if "list.asp" in each.url]
    pages = [capture(story.url, labelled(story)) for story in made]
    profile = with_layouts(written, learned(written, [*listings, *pages]))
    data, text = inspected(profile, labelled(made[7]), made[7].url)
    decided = {name: one["decided_by"] for name, one in data["evidence"].items()}
    assert decided == {"title": "both", "date": "both", "source": "label", "body": "both"}
    assert f"date {made[7].day} by layout and page" in text


def test_an_override_wins_and_the_layout_is_named_beside_it(known: Profile) -> None:
    story = site("plain tables", 41)[0][-1]
    html = plain_tables(story).replace("</body>", "<p id=mine>钦定的标题</p></body>")
    profile = replace(known, overrides={"title": "#mine"})
    data, _ = inspected(profile, html, story.url)
    title = data["evidence"]["title"]
    assert (title["value"], title["decided_by"]) == ("钦定的标题", "override")
    assert {"by": "layout", "value": story.title} in title["others"]


def test_a_page_that_is_no_article_has_no_evidence_for_fields() -> None:
    inspection = inspection_of("<p>该文章不存在或已被删除</p>")
    assert probe.as_json(inspection)["evidence"] == {}
