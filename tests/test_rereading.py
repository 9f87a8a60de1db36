"""`gdfupin replay --all`: every crawl read again by today's reader, or only what that would change."""

import json
import shutil
from pathlib import Path

import pytest

from gdfupin_spider import pages, profiles
from gdfupin_spider.catalog.sources import choose, fold
from gdfupin_spider.diff.reader_changes import report_lines, would_change
from gdfupin_spider.replay.readings import read_again
from gdfupin_spider.storage.crawls import crawls
from gdfupin_spider.storage.lock import OutputLock
from tests.papers import ROOT
from tests.shared import once
from tests.sites import crawl_replica, run

PROFILE = profiles.load("gdfupin")
READER = pages.reader(PROFILE)


ARTICLES = 40


@pytest.fixture
def output(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Path:
    """An output with two crawls of some articles."""

    def few(folder: Path) -> Path | None:
        return crawl_replica(folder, "asp-tables", "--limit", str(ARTICLES), "--no-media")[0].folder

    folder = once(tmp_path_factory, "crawl-of-some-articles", few)
    assert folder is not None
    for name in (folder.name, f"{folder.name}-2"):
        shutil.copytree(folder, tmp_path / "output" / "crawls" / name)
    return tmp_path / "output"


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """A profile that takes the title of the window for the author of every article."""
    text = (ROOT / "gdfupin_spider" / "profiles" / "gdfupin.toml").read_text("utf-8")
    assert "[overrides]" not in text
    path = tmp_path / "other.toml"
    path.write_text(text + '\n[overrides]\nauthor = "//title/text()"\n', "utf-8")
    return path


def files(output: Path) -> dict[Path, tuple[int, int]]:
    return {path: (path.stat().st_size, path.stat().st_mtime_ns) for path in output.rglob("*") if path.is_file()}


def test_what_is_read_already_is_passed_over_unless_asked(output: Path) -> None:
    there = crawls(output)
    names = [crawl.name for crawl in there]
    first = read_again(output, PROFILE, there[:1])
    assert [each.crawl for each in first.read] == names[:1]
    report = json.loads(run("replay", "--all", "--output", str(output), "--json").stdout)
    assert [each["crawl"] for each in report["read"]] == names[1:]
    assert report["there_already"] == names[:1]
    before = files(output / "readings")
    assert read_again(output, PROFILE, there).read == ()
    assert files(output / "readings") == before
    assert len(read_again(output, PROFILE, there[:1], again=True).read) == 1
    assert (output / "readings" / READER / names[0] / "reading.json").stat().st_mtime_ns != 0
    assert files(output / "readings") != before


def test_nothing_would_change_and_nothing_is_written(output: Path) -> None:
    before = files(output)
    with OutputLock(output, "a crawl"):
        shutil.rmtree(output / "crawls" / crawls(output)[1].name)
        report = json.loads(run("replay", "--all", "--dry-run", "--output", str(output), "--json").stdout)
    assert (report["changed"], report["fields"], report["articles"]) == (0, {}, ARTICLES)
    after = files(output)
    assert {path: when for path, when in before.items() if path in after} == {
        path: when for path, when in after.items() if path.name != ".lock"
    }


def test_what_another_profile_would_change_is_counted_and_shown(output: Path, other: Path) -> None:
    crawl = crawls(output)[0]
    done = run("replay", crawl.name, "--dry-run", "--profile", str(other), "--output", str(output), "--json")
    report = json.loads(done.stdout)
    assert report["fields"]["author"]["count"] == ARTICLES
    assert report["fields"]["content_sha256"]["count"] == ARTICLES
    assert len(report["fields"]["author"]["examples"]) == 5
    assert {"crawl", "id", "url", "fields"} == report["which"][0].keys()
    example = report["fields"]["author"]["examples"][0]
    assert example["before"] != example["after"]
    text = "\n".join(report_lines(would_change(output, profiles.load(str(other)), [crawl])))
    assert f"author: {ARTICLES} of {ARTICLES} articles" in text
    assert example["url"] in text
    assert not (output / "readings").exists()


def test_articles_that_come_and_go_are_named(output: Path) -> None:
    crawl = crawls(output)[0]
    path = crawl.path / "articles.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    gone = json.loads(lines[3])
    gone["captures"][0]["offset"] = 1
    path.write_bytes(b"".join([*lines[:3], json.dumps(gone).encode() + b"\n", *lines[4:]]))
    report = would_change(output, PROFILE, [crawl])
    assert {name: field.count for name, field in report.fields.items()} == {
        "(read now)": 1,
        "(no longer read)": 1,
    }
    assert report.fields["(no longer read)"].examples[0].after == "its capture cannot be read"


def test_what_stands_is_what_the_catalog_was_folded_from(output: Path, other: Path) -> None:
    """After folding by a new profile, reading by it again changes nothing."""
    crawl, known = crawls(output)[0], profiles.load(str(other))
    assert would_change(output, known, [crawl]).changed > 0
    read_again(output, known, crawls(output))
    fold(output, known)
    assert would_change(output, known, [crawl]).changed == 0
    assert {source.folder.partition("/")[0] for source in choose(output, known).sources} == {"readings"}


def test_ctrl_c_leaves_whole_readings_or_none(output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    there = crawls(output)
    read_again(output, PROFILE, there[:1])
    before = files(output / "readings")
    calls = iter(range(40))

    def read(*arguments: object) -> pages.Page:
        if next(calls, None) is None:
            raise KeyboardInterrupt
        return true_read(*arguments)  # type: ignore[arg-type]

    true_read = pages.read
    monkeypatch.setattr(pages, "read", read)
    with pytest.raises(KeyboardInterrupt):
        read_again(output, PROFILE, there, again=True)
    assert files(output / "readings") == before


def test_a_replay_waits_for_no_crawl_and_says_how_it_is_meant(output: Path) -> None:
    with OutputLock(output, "20261123T030000Z-live"):
        done = run("replay", "--all", "--output", str(output))
    assert done.returncode == 5
    assert "20261123T030000Z-live" in done.stderr
    for wrong in ((), ("latest", "--all"), ("latest", "--again"), ("--all", "--again", "--dry-run")):
        assert run("replay", *wrong, "--output", str(output)).returncode == 2
