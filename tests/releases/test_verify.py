"""A copy of a release that somebody downloaded is checked without the archive it came from."""

import gzip
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from gdfupin_spider.errors import NoSuchRelease
from gdfupin_spider.releases.manifest import LIBRARIES
from gdfupin_spider.releases.verification import verify
from tests.releases.archives import crawl, released, write
from tests.sites import environment, run


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return released(write(tmp_path_factory.mktemp("verify"), crawl(0), crawl(1, range(15))))


@pytest.fixture
def copy(published: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(published, tmp_path / "download"))


def bad(path: Path) -> dict[str, str]:
    return {check.what: check.why for check in verify(path) if check.result == "bad"}


def test_a_true_copy_is_good(copy: Path) -> None:
    assert {check.result for check in verify(copy)} == {"ok"}
    done = run("release", "--verify", str(copy), "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["good"] is True


def a_byte_differs(copy: Path) -> None:
    data = bytearray((copy / "index.html").read_bytes())
    data[100] ^= 1
    (copy / "index.html").write_bytes(data)


def a_file_is_cut(copy: Path) -> None:
    data = (copy / "versions.jsonl.gz").read_bytes()
    (copy / "versions.jsonl.gz").write_bytes(data[: len(data) // 2])


def a_title_was_changed_in_sqlite(copy: Path) -> None:
    db = sqlite3.connect(copy / "articles.sqlite")
    db.execute("UPDATE articles SET title = '假' WHERE n = 1")
    db.commit()
    db.close()


def a_line_is_missing(copy: Path) -> None:
    lines = gzip.decompress((copy / "articles.jsonl.gz").read_bytes()).splitlines(keepends=True)
    (copy / "articles.jsonl.gz").write_bytes(gzip.compress(b"".join(lines[:-1])))


def the_manifest_says_something_else(copy: Path) -> None:
    answer = json.loads((copy / "manifest.json").read_text())
    answer["counts"]["articles"] += 1
    (copy / "manifest.json").write_text(json.dumps(answer))


DAMAGES: dict[Callable[[Path], object], set[str]] = {
    a_byte_differs: {"index.html"},
    a_file_is_cut: {
        "versions.jsonl.gz",
        "records of versions.jsonl.gz",
        "versions.parquet reads back to the records of versions.jsonl.gz",
        "articles.sqlite (table versions) reads back to the records of versions.jsonl.gz",
    },
    a_title_was_changed_in_sqlite: {
        "articles.sqlite",
        "articles.sqlite reads back to the records of articles.jsonl.gz",
    },
    a_line_is_missing: {
        "articles.jsonl.gz",
        "records of articles.jsonl.gz",
        "articles.parquet reads back to the records of articles.jsonl.gz",
        "articles.sqlite reads back to the records of articles.jsonl.gz",
    },
    the_manifest_says_something_else: {"manifest.json", "counts"},
    lambda copy: (copy / "articles.exe").write_text(""): {"articles.exe"},
    lambda copy: (copy / "manifest.json").write_text("{"): {"manifest.json"},
}


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda it: it.__name__)
def test_what_is_wrong_with_a_copy_is_named(copy: Path, damage: Callable[[Path], object]) -> None:
    damage(copy)
    assert bad(copy).keys() == DAMAGES[damage]


@pytest.mark.parametrize(
    "names", [("articles.csv",), ("articles.sqlite", "versions.jsonl.gz"), ("manifest.json",), ("SHA256SUMS",)]
)
def test_what_is_missing_is_told_from_what_is_damaged_and_named_once(copy: Path, names: tuple[str, ...]) -> None:
    for name in names:
        (copy / name).unlink()
    done = run("release", "--verify", str(copy), "--json")
    found = json.loads(done.stdout)
    assert [check["what"] for check in found["checks"] if check["result"] == "missing"] == sorted(names)
    assert (done.returncode, found["good"], found["bad"], found["missing"]) == (1, False, 0, len(names))
    printed = run("release", "--verify", str(copy)).stdout
    assert f"{len(names)} file{'s' if len(names) > 1 else ''} missing" in printed.splitlines()[-1]
    assert "failed" not in printed.splitlines()[-1]


def test_damage_is_found_without_checksums(copy: Path) -> None:
    (copy / "SHA256SUMS").unlink()
    a_byte_differs(copy)
    assert bad(copy).keys() == {"index.html"}


def test_the_verb_ends_with_1_where_a_copy_is_damaged(copy: Path) -> None:
    a_byte_differs(copy)
    done = run("release", "--verify", str(copy))
    assert done.returncode == 1
    assert "bad     index.html: its SHA-256 is" in done.stdout
    assert "1 check failed" in done.stdout


def test_someone_who_forges_all_digests_is_found_by_the_formats(copy: Path) -> None:
    import hashlib

    a_title_was_changed_in_sqlite(copy)
    answer = json.loads((copy / "manifest.json").read_text())
    for file in answer["files"]:
        file["sha256"] = hashlib.sha256((copy / file["name"]).read_bytes()).hexdigest()
    (copy / "manifest.json").write_text(json.dumps(answer))
    sums = [(hashlib.sha256(path.read_bytes()).hexdigest(), path.name) for path in sorted(copy.iterdir()) if path.name != "SHA256SUMS"]  # fmt: skip
    (copy / "SHA256SUMS").write_text("".join(f"{digest}  {name}\n" for digest, name in sums))
    assert bad(copy).keys() == {"articles.sqlite reads back to the records of articles.jsonl.gz"}


def test_without_pyarrow_the_rest_is_checked(copy: Path, tmp_path: Path) -> None:
    (tmp_path / "without").mkdir()
    for name in LIBRARIES.values():
        (tmp_path / "without" / f"{name}.py").write_text(f"raise ModuleNotFoundError(name={name!r})")
    clean = environment(None)
    clean["PYTHONPATH"] = os.pathsep.join([str(tmp_path / "without"), clean["PYTHONPATH"]])
    command = [sys.executable, "-m", "gdfupin_spider", "release", "--verify", str(copy)]
    done = subprocess.run(command, env=clean, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0
    assert "skipped articles.parquet" in done.stdout
    assert "pip install 'gdfupin_spider[datasets]'" in done.stdout


def test_a_folder_that_is_no_release_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(NoSuchRelease):
        list(verify(tmp_path))
    assert run("release", "--verify", str(tmp_path)).returncode == 2


def test_a_release_of_the_output_can_be_named(published: Path) -> None:
    done = run("release", "--verify", "latest", "--output", str(published.parents[1]))
    assert done.returncode == 0
    assert "equals the published release" in done.stdout
