"""A reading room of an archive made by hand, for the tests of a module."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.releases.archives import released
from tests.web.rooms import Room, archive, room_of


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = archive(tmp_path_factory.mktemp("room") / "output")
    released(output)
    return output


@pytest.fixture(scope="module")
def room(output: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    with room_of(output, tmp_path_factory.mktemp("cache")) as room:
        yield room
