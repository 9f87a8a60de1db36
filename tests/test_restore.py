"""A backup that is restored elsewhere is the same archive."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

from tests.extract import serve
from tests.sites import Crawl, crawl, run

MARKUP = "asp-tables"
KEPT = (
    "operator.toml", "archive.json", "profile.toml", "crawls", "crawls.jsonl", "reviews.jsonl", "withdrawals.jsonl",
    "decisions.jsonl", "acknowledged.jsonl", "stamps", "releases", "layouts", "daily.json", "notified.json",
)  # fmt: skip
"""What docs/operations.md says is the least to keep."""


def test_the_least_of_a_backup_is_whole_on_another_path(
    crawled_extract: Callable[[str], Crawl], tmp_path: Path
) -> None:
    folder = crawled_extract(MARKUP).folder
    assert folder is not None
    first, backup, restored = tmp_path / "first", tmp_path / "backup", tmp_path / "another disk" / "restored"
    shutil.copytree(folder.parents[1], first, symlinks=True)
    assert run("release", "--output", str(first)).returncode == 0
    backup.mkdir()
    for name in KEPT:
        if (first / name).is_dir():
            shutil.copytree(first / name, backup / name, symlinks=True)
        elif (first / name).exists():
            shutil.copy2(first / name, backup / name)
    dump = run("catalog", "--dump", "--output", str(first)).stdout
    shutil.rmtree(first)
    shutil.copytree(backup, restored, symlinks=True)
    verified = run("verify", "--json", "--output", str(restored))
    assert (verified.returncode, json.loads(verified.stdout)["whole"]) == (0, True), verified.stdout
    assert run("catalog", "--dump", "--output", str(restored)).stdout == dump
    assert run("release", "--verify", "latest", "--output", str(restored)).returncode == 0
    assert "no article changed" in run("release", "--output", str(restored)).stdout
    with serve(MARKUP) as replica:
        again = crawl(restored, proxy=replica.proxy, clock="2031-01-01T03:00:00Z")
    assert (again.exit_code, again.said["changes"]) == (0, {}), again.log
