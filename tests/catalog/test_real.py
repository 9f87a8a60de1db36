"""Folders of real crawls: rebuilt, folded bit by bit, their lines shuffled, the catalog is the same."""

import random
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdfupin_spider import catalog, pages, profiles
from gdfupin_spider.catalog.sources import LineFolder, choose, naming
from gdfupin_spider.verify.catalog import FoldedSource
from tests.catalog.lines import dumped
from tests.extract import serve
from tests.sites import crawl

PROFILE = profiles.load("gdfupin")
KINDS = ("articles", "sightings", "pages", "issues")


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three crawls: the site as it is, a redesign later with all that happened until then, and once more."""
    output = tmp_path_factory.mktemp("real") / "output"
    for epoch in (0, 6, 6):
        with serve("static-cms", epoch=epoch) as replica:
            assert crawl(output, "--full", "--no-media", proxy=replica.proxy).exit_code in (
                0,
                1,
                8,
            )  # no old listing answers
    assert len(choose(output, PROFILE).sources) == 3
    return output


def fold(folder: Path, sources: list[LineFolder] | list[FoldedSource], *, rebuild: bool = False) -> None:
    done = catalog.fold(
        folder / "catalog.sqlite", sources, pages.reader(PROFILE), naming(PROFILE), rebuild=rebuild
    )  # fmt: skip
    assert done.problems == ()


@settings(max_examples=5, deadline=None, derandomize=True)
@given(st.lists(st.lists(st.floats(0, 1), min_size=3, max_size=3), min_size=1, max_size=4), st.integers(0))
def test_real_crawls_give_one_catalog_however_their_lines_arrive(
    output: Path, steps: list[list[float]], seed: int
) -> None:
    whole = list(choose(output, PROFILE).sources)
    with tempfile.TemporaryDirectory() as folder:
        at_once, by_steps, shuffled = (Path(folder) / name for name in ("at-once", "by-steps", "shuffled"))
        for path in (at_once, by_steps):
            path.mkdir()
        fold(at_once, whole)

        shares = [0.0, 0.0, 0.0]
        for step in steps:
            shares = [max(pair) for pair in zip(shares, step, strict=True)]
            fold(by_steps, [_cut(source, share) for source, share in zip(whole, shares, strict=True) if share])
        fold(by_steps, whole)
        fold(by_steps, whole)
        assert dumped(by_steps) == dumped(at_once)

        shutil.copytree(output, shuffled, ignore=shutil.ignore_patterns("*.gz", "catalog.sqlite*"))
        chance = random.Random(seed)
        for path in shuffled.glob("crawls/*/*.jsonl"):
            lines = path.read_bytes().splitlines(keepends=True)
            chance.shuffle(lines)
            path.write_bytes(b"".join(lines))
        fold(shuffled, list(choose(shuffled, PROFILE).sources))
        assert dumped(shuffled, lines=False) == dumped(at_once, lines=False)

        fold(by_steps, whole, rebuild=True)
        assert dumped(by_steps) == dumped(at_once)


def _cut(source: LineFolder, share: float) -> FoldedSource:
    """As much of a crawl as a share of each file; a line that is cut through is not there yet."""
    return FoldedSource(source, {kind: int(source.size(kind) * share) for kind in KINDS})
