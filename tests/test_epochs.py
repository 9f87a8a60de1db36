"""Every change of the replica over its epochs is found, and no other: by whole crawls, through every part there is.

Of the extract of the replica, which has every article that ever changes.
"""

from pathlib import Path

from gdfupin_spider.replica import LAST
from gdfupin_spider.replica.events import REDESIGN
from gdfupin_spider.storage.archive_info import profile_of
from tests import recorded
from tests.epochs import Epoch, observed

RECORDED = "static-cms"
FEW = (0, REDESIGN - 1, REDESIGN, LAST)
"""The site as it was, all that happened until the redesign, the redesign, and what came after."""


def test_all_that_happens_over_six_epochs_is_found_and_nothing_else(tmp_path: Path, layouts: None) -> None:
    """With layouts, which the first crawl learns; the changes are those of 58ece1b."""
    assert_found(observed(tmp_path, RECORDED, extract=True))
    assert recorded.of_changes(tmp_path) == recorded.known()["epochs"][RECORDED]
    assert profile_of(tmp_path).layouts


def test_the_same_without_layouts_in_another_markup(tmp_path: Path) -> None:
    assert_found(observed(tmp_path, "frames", FEW, extract=True))
    assert not profile_of(tmp_path).layouts


def assert_found(epochs: list[Epoch]) -> None:
    for epoch in epochs:
        assert (epoch.gaps, epoch.wrong) == (0, frozenset()), epoch.number
