"""Every change of the replica over its epochs is found, and no other: by whole crawls, through every part there is."""

from pathlib import Path

import pytest

from tests import recorded
from tests.epochs import observed

MARKUPS = ("frames", "static-cms")


@pytest.mark.parametrize("markup", MARKUPS)
def test_all_that_happens_over_six_epochs_is_found_and_nothing_else(tmp_path: Path, markup: str) -> None:
    for epoch in observed(tmp_path, markup):
        assert (epoch.gaps, epoch.wrong) == (0, frozenset()), epoch.number
    assert recorded.of_changes(tmp_path) == recorded.known()["epochs"][markup]
