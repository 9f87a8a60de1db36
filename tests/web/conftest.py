"""A reading room of an archive made by hand, for the tests of a module."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.releases.archives import released
from tests.web.rooms import Room, archive, room_of, watched


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = archive(tmp_path_factory.mktemp("room") / "output")
    released(output)
    return output


@pytest.fixture(scope="module")
def room(output: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    with room_of(output, tmp_path_factory.mktemp("cache")) as room:
        yield room


@pytest.fixture(scope="module")
def only_window(chromium: Any, room: Room) -> Any:
    """A new window takes longer than most pages in it."""
    context = chromium.new_context(locale="zh-CN", viewport={"width": 1100, "height": 800}, reduced_motion="reduce")
    return watched(context.new_page(), room)


@pytest.fixture
def window(only_window: Any, room: Room) -> Iterator[Any]:
    """A window that remembers nothing of the test before."""
    only_window.problems.clear()
    yield only_window
    only_window.context.clear_cookies()
    only_window.goto(f"{room.url}/data")
    only_window.evaluate("localStorage.clear()")
