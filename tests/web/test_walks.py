"""The walks of docs/walks.md lead where the paper says, by mouse and by keyboard."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.papers import ROOT, links
from tests.test_review import browser
from tests.web import walks
from tests.web.rooms import Room, room_of
from tests.web.test_room_in_browser import opened
from tests.web.walks import NEWS, WALKS, WORD, Walk, walked

__all__ = ["browser"]


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    folder: Path = tmp_path_factory.mktemp("walked")
    with room_of(walked(folder / "output"), folder / "cache") as room:
        yield room


@pytest.mark.parametrize("by_keyboard", [False, True], ids=["mouse", "keyboard"])
@pytest.mark.parametrize("walk", WALKS, ids=lambda walk: walk.name)
def test_a_walk_leads_to_its_answer(browser: Any, room: Room, walk: Walk, by_keyboard: bool) -> None:
    page = opened(browser, room, "/", reduced_motion="reduce")
    for step in walk.steps:
        walks.taken(page, step, room.url, by_keyboard=by_keyboard)
    assert page.problems == []
    page.context.close()


def test_the_numbers_of_the_paper_are_those_of_the_site() -> None:
    counted = next(walk for walk in WALKS if walk.name == "counted")
    said = " ".join(step.says for step in counted.steps)
    having = [day for day, _, title, body in NEWS if WORD in title + body]
    assert f"**找到 {len(having)} 篇**" in said
    assert f"**找到 {sum(day.startswith('2020') for day in having)} 篇**" in said


def test_the_paper_is_that_of_the_steps_and_has_each_picture() -> None:
    assert (ROOT / "docs" / "walks.md").read_text("utf-8") == walks.paper(), "python docs/room_pictures.py"
    for walk in WALKS:
        for number in range(1, len(walk.steps) + 1):
            assert (ROOT / "docs" / "room" / walks.picture(walk, number)).is_file()


def test_each_picture_is_in_a_paper_and_all_are_small() -> None:
    drawn = set((ROOT / "docs" / "room").iterdir())
    papers = [*(ROOT / "docs").glob("*.md"), ROOT / "README.md"]
    assert drawn <= {(paper.parent / link).resolve() for paper in papers for link in links(paper)}
    assert sum(each.stat().st_size for each in drawn) < 2_000_000
