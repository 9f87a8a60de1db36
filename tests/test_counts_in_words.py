"""Counts that people read: `1 crawl`, never `1 crawls`."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from gdfupin_spider import open_archive
from gdfupin_spider.catalog.sources import fold as fold_catalog
from gdfupin_spider.commands import main
from tests.releases.archives import PROFILE, crawl, write

SINGULAR_WITH_S = re.compile(r"(?<![\d.,:/-])1 (?:[a-z]+ )?(?!has|was|does)(?:[a-z]+[^s\W]s|addresses|histories)\b")
"""One of several things."""


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One crawl that read one article."""
    output = write(tmp_path_factory.mktemp("one") / "output", crawl(0, range(1)))
    fold_catalog(output, PROFILE)
    return output


@pytest.mark.parametrize(
    "command",
    [
        ("verify",), ("status",), ("catalog",), ("diff",), ("search", "修"), ("release", "--allow", "floors"), ("history", "{id}"),
        ("sources",), ("ack", "--list"), ("replay", "--all", "--dry-run"), ("sample", "--n", "1", "--to", "{to}"),
        ("diff", "--feeds", "{to}"), ("accept",),
    ],
)  # fmt: skip
def test_one_thing_is_one(output: Path, tmp_path: Path, command: tuple[str, ...]) -> None:
    if command[0] == "sample":
        CliRunner().invoke(main, ["release", "--allow", "floors", "--output", str(output)])
    with open_archive(output) as archive:
        id_ = str(next(iter(archive))["id"])
    arguments = [each.format(id=id_, to=tmp_path / "to") for each in command]
    printed = CliRunner().invoke(main, [*arguments, "--output", str(output)]).output
    assert printed
    assert SINGULAR_WITH_S.findall(printed) == []
