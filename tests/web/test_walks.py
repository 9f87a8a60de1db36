"""The walks of docs/walks.md lead where the paper says, by mouse and by keyboard."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.papers import ROOT, links, text
from tests.web import walks
from tests.web.rooms import Room, room_of
from tests.web.test_room_in_browser import opened
from tests.web.walks import EDITED, GONE, NEWS, WALKS, WORD, Step, Walk, walked


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    folder: Path = tmp_path_factory.mktemp("walked")
    with room_of(walked(folder / "output"), folder / "cache", with_status=True) as room:
        yield room


@pytest.mark.parametrize("by_keyboard", [False, True], ids=["mouse", "keyboard"])
@pytest.mark.parametrize("walk", WALKS, ids=lambda walk: walk.name)
def test_a_walk_leads_to_its_answer(window: Any, room: Room, walk: Walk, by_keyboard: bool) -> None:
    for step in walk.steps:
        walks.taken(window, step, room.url, by_keyboard=by_keyboard)
    assert window.problems == []


QUESTIONS = (
    Walk("reprints", "Who is copied most, and who was first?", (
        Step("open", "/", ""), Step("click", "转载与来源", "**最早发表** **南方日报**"), Step("click", "南方日报", "**找到 33 篇**"),
    )),
    Walk("complete", "How much of the site is here?", (
        Step("open", "/", ""), Step("click", "栏目与完整性", "**列表所列** **无缺** **各栏目各年收藏篇数**"), Step("click", "扶贫要闻", "**共 9 篇**"),
    )),
    Walk("data", "How is it loaded and cited?", (
        Step("open", "/", ""), Step("click", "数据", "**articles.parquet** **怎样引用** **sha256:**"), Step("click", "API", "**GET /api/v1/search** **Words as in**"),
    )),
    Walk("held", "Do you hold this?", (
        Step("open", "/", ""), Step("click", "是否收藏", ""), Step("type", "http://www.gdfupin.org.cn/show.asp?id=31", f"**已收藏** **{GONE}** **已消失**"),
        Step("click", "是否收藏", ""), Step("type", "http://www.gdfupin.org.cn/show.asp?id=999", "**没有收藏**"),
    )),
    Walk("feed", "How is a search subscribed to?", (
        Step("open", "/", ""), Step("type", WORD, "**JSON Feed**"), Step("click", "English", "**9 articles found**"),
    )),
    Walk("status", "What does the operator owe?", (
        Step("open", "/", ""), Step("click", "运行状况", "**待复查** **版式**"),
    )),
)  # fmt: skip
"""The questions of the other pages, and something that answers each."""


@pytest.mark.parametrize("by_keyboard", [False, True], ids=["mouse", "keyboard"])
@pytest.mark.parametrize("walk", QUESTIONS, ids=lambda walk: walk.name)
def test_a_question_is_answered(window: Any, room: Room, walk: Walk, by_keyboard: bool) -> None:
    for step in walk.steps:
        walks.taken(window, step, room.url, by_keyboard=by_keyboard)
    assert window.problems == []


def test_the_page_as_captured_is_in_a_frame_in_which_nothing_runs(browser: Any, room: Room) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs the extra `test`").Axe()
    page = opened(browser, room, "/")
    page.get_by_role("link", name=EDITED).first.click()
    page.locator(".captured summary").click()
    frame = page.frame_locator("iframe")
    frame.get_by_text("销售额538万元").wait_for()
    assert page.locator("iframe").get_attribute("sandbox") == ""
    assert page.problems == []  # before axe, which writes to frames that cannot read it
    assert [each["id"] for each in axe.run(page).response["violations"]] == []
    page.context.close()


def test_a_printed_article_is_its_text_and_proof_without_menus_and_forms(browser: Any, room: Room) -> None:
    page = opened(browser, room, "/gone?what=gone")
    page.get_by_role("link", name=GONE).click()
    page.emulate_media(media="print")
    for shown in ("h1", ".byline", ".body", ".notice", "#proof"):
        assert page.locator(shown).first.is_visible(), shown
    for hidden in ("header nav", "form", ".tools", ".neighbours", ".code", ".captured", "button"):
        assert not any(each.is_visible() for each in page.locator(hidden).all()), hidden
    paper, body = (page.locator(name).bounding_box() for name in ("main", ".body"))
    assert body["width"] == paper["width"]
    page.context.close()


def test_a_file_is_looked_up_by_its_digest_and_not_sent(browser: Any, room: Room, tmp_path: Path) -> None:
    page = opened(browser, room, "/gone?what=gone")
    page.get_by_role("link", name=GONE).click()
    captured = page.locator("#proof ~ .scroll a").first.get_attribute("href")
    (tmp_path / "saved.html").write_bytes(room.get(captured).body)
    page.goto(f"{room.url}/lookup")
    page.get_by_label("选择一个文件").set_input_files(tmp_path / "saved.html")
    page.get_by_text("已收藏").wait_for()
    page.get_by_role("link", name=GONE).wait_for()
    assert page.problems == []
    page.context.close()


def test_the_numbers_of_the_paper_are_those_of_the_site() -> None:
    counted = next(walk for walk in WALKS if walk.name == "counted")
    answer = " ".join(step.says for step in counted.steps)
    having = [day for day, _, title, body in NEWS if WORD in title + body]
    assert f"**找到 {len(having)} 篇**" in answer
    assert f"**找到 {sum(day.startswith('2020') for day in having)} 篇**" in answer


def test_the_paper_is_that_of_the_steps_and_has_each_picture() -> None:
    assert (ROOT / "docs" / "walks.md").read_text("utf-8") == walks.paper(), "python docs/room_pictures.py"
    for walk in WALKS:
        for number in range(1, len(walk.steps) + 1):
            assert (ROOT / "docs" / "room" / walks.picture(walk, number)).is_file()


def test_the_paper_in_chinese_names_the_same_words_of_the_pages() -> None:
    english, chinese = (text(ROOT / "docs" / paper) for paper in ("walks.md", "zh/walks.md"))
    steps = [re.findall(r"^\d+\. (.+)$", paper, re.M) for paper in (english, chinese)]
    words = [[sorted(re.findall(r"\*\*(.+?)\*\*", step)) for step in each] for each in steps]
    assert words[0] == words[1]


def test_each_picture_is_in_a_paper_and_all_are_small() -> None:
    drawn = set((ROOT / "docs" / "room").iterdir())
    papers = [*(ROOT / "docs").glob("*.md"), ROOT / "README.md"]
    assert drawn <= {(paper.parent / link).resolve() for paper in papers for link in links(paper)}
    assert sum(each.stat().st_size for each in drawn) < 2_000_000
