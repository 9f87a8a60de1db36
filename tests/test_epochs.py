"""Every change of the replica over its epochs is found, and no other: by whole crawls, through every part there is."""

from pathlib import Path

import pytest

from gdfupin_spider.storage.archive_info import profile_of
from tests import recorded
from tests.epochs import observed

MARKUPS = {"frames": False, "static-cms": True}
"""Markups, and whether their first crawl learns layouts."""


@pytest.mark.parametrize(("markup", "learning"), MARKUPS.items())
def test_all_that_happens_over_six_epochs_is_found_and_nothing_else(
    tmp_path: Path, markup: str, learning: bool, request: pytest.FixtureRequest
) -> None:
    """With layouts and without; the sixth epoch is a redesign."""
    if learning:
        request.getfixturevalue("layouts")
    for epoch in observed(tmp_path, markup):
        assert (epoch.gaps, epoch.wrong) == (0, frozenset()), epoch.number
    assert recorded.of_changes(tmp_path) == recorded.known()["epochs"][markup]
    assert bool(profile_of(tmp_path).layouts) == learning
