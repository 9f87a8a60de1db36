"""Errors of the package."""

import pickle
from pathlib import Path

import pytest

from gdfupin_spider import errors


@pytest.mark.parametrize(
    "error",
    [
        errors.ArchiveError(Path("capture-00000.warc.gz"), "it ends within a record", 17),
        errors.NothingReadable("capture-00000.warc.gz", "no record"),
        errors.WrongSetting("operator.toml", "limits.pages", "it is negative"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_an_error_is_the_same_in_another_process(error: errors.GdfupinError) -> None:
    there = pickle.loads(pickle.dumps(error))
    assert (type(there), str(there), vars(there)) == (type(error), str(error), vars(error))
