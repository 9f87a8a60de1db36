"""What docs/operations.md tells to type: a backup that is restored elsewhere, and a release that is packed and uploaded."""

import json
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.extract import serve
from tests.papers import ROOT, least_of_a_backup
from tests.sites import Crawl, crawl, run

MARKUP = "asp-tables"


def test_the_least_of_a_backup_is_whole_on_another_path(
    crawled_extract: Callable[[str], Crawl], tmp_path: Path
) -> None:
    folder = crawled_extract(MARKUP).folder
    assert folder is not None
    first, backup, restored = tmp_path / "first", tmp_path / "backup", tmp_path / "another disk" / "restored"
    shutil.copytree(folder.parents[1], first, symlinks=True)
    assert run("release", "--output", str(first)).returncode == 0
    backup.mkdir()
    for name in least_of_a_backup():
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
    assert (again.exit_code, again.answer["changes"]) == (0, {}), again.log


def typed(beginning: str) -> list[str]:
    """The words of the command in the paper that begins so."""
    lines = (ROOT / "docs" / "operations.md").read_text("utf-8").splitlines()
    [line] = [line.strip() for line in lines if line.startswith(f"    {beginning}")]
    return shlex.split(line)


def test_a_release_is_packed_as_the_paper_has_it(crawled_extract: Callable[[str], Crawl], tmp_path: Path) -> None:
    folder = crawled_extract(MARKUP).folder
    assert folder is not None
    archive = tmp_path / "archive"
    shutil.copytree(folder.parents[1], archive, symlinks=True)
    assert run("release", "--name", "2026.11.30", "--output", str(archive)).returncode == 0
    command = [word.replace("/srv/archive", str(archive)) for word in typed("tar --create")]
    subprocess.run(command, cwd=tmp_path, check=True)
    (tmp_path / "unpacked").mkdir()
    subprocess.run(["tar", "--extract", "--file", "../gdfupin-2026.11.30.tar"], cwd=tmp_path / "unpacked", check=True)
    copy = run("release", "--verify", f"{tmp_path / 'unpacked' / '2026.11.30'}/")
    assert copy.returncode == 0, copy.stdout


def test_the_program_of_the_hub_has_the_options_of_the_paper() -> None:
    program = Path(sys.executable).with_name("hf")
    command = typed("hf upload")
    shown = subprocess.run([program, *command[1:2], "--help"], capture_output=True, text=True, check=True).stdout
    assert {word for word in command if word.startswith("--")} <= set(re.findall(r"--[a-z-]+", shown))
