"""Folders that are missing, renamed, copied or unknown; digests of closed files; losses that are acknowledged; crawls that are retired."""

import json
import shutil
import sqlite3
from pathlib import Path

import pytest

from gdfupin_spider import catalog
from gdfupin_spider.catalog.sources import CATALOG, fold
from gdfupin_spider.errors import CannotWrite
from gdfupin_spider.storage import acknowledgements
from gdfupin_spider.storage.acknowledgements import Acknowledgement
from gdfupin_spider.storage.crawls import Crawl
from gdfupin_spider.verify import Finding, repair, verify
from gdfupin_spider.verify import catalog as prove
from tests.sites import run
from tests.verify.conftest import PROFILE

WARC = "capture-00000.warc.gz"


def damage(output: Path) -> list[tuple[str, str]]:
    """Part and reason of each damage."""
    return [(finding.part, finding.reason) for finding in verify(output, PROFILE).damage]


def notes(output: Path) -> list[Finding]:
    return verify(output, PROFILE).notes


def reseal(crawl: Crawl, **fields: object) -> None:
    """Changes the report and gives it its seal again."""
    from gdfupin_spider.storage.report import seal_of

    value = {**json.loads((crawl.path / "report.json").read_bytes()), **fields}
    value["seal"] = seal_of(value)
    (crawl.path / "report.json").write_text(json.dumps(value), "utf-8")


def test_a_crawl_that_the_archive_had_and_the_disk_lacks_is_damage_also_without_a_catalog(
    output: Path, crawl: Crawl, tmp_path: Path
) -> None:
    shutil.move(crawl.path, tmp_path / "elsewhere")
    shutil.rmtree(output / "readings")
    reason = (
        "the archive had this crawl, and its folder is missing: put it back, as what it read is new to the next crawl"
    )
    missing = [("folder", reason)]
    assert damage(output) == missing
    (output / CATALOG).unlink()
    assert damage(output) == missing
    shutil.move(tmp_path / "elsewhere", crawl.path)
    assert damage(output) == []


def test_a_repair_does_not_forget_a_missing_crawl_that_only_the_catalog_knew(output: Path, crawl: Crawl) -> None:
    (output / "crawls.jsonl").unlink()
    shutil.rmtree(crawl.path)
    assert [part for part, _ in damage(output)] == ["folder"]
    repair(output, PROFILE)
    assert [part for part, _ in damage(output)] == ["folder"]


def test_a_renamed_and_a_copied_folder_are_named_as_such_and_nothing_else_is(output: Path, crawl: Crawl) -> None:
    shutil.copytree(crawl.path, crawl.path.with_name("20300101T000000Z-live"))
    [(part, reason)] = damage(output)
    assert (part, reason.partition(",")[0]) == ("folder", f"it is a copy of {crawl.name}")
    shutil.rmtree(crawl.path)
    [(part, reason)] = [each for each in damage(output) if each[0] == "folder"]
    assert reason.startswith(f"it was renamed: it is the crawl {crawl.name}")


def test_an_unknown_folder_is_a_note(output: Path) -> None:
    (output / "crawls" / "old stuff").mkdir()
    assert damage(output) == []
    assert any("it is not the folder of a crawl" in note.reason for note in notes(output))


def test_a_warc_file_that_is_rewritten_record_by_record_does_not_match_its_digest(output: Path, crawl: Crawl) -> None:
    path = crawl.path / WARC
    content = bytearray(path.read_bytes())
    content[4:8] = b"\1\2\3\4"  # the time in the first gzip header: no record changes
    path.write_bytes(content)
    assert damage(output) == [("digest", "the file does not match its digest in report.json")]
    assert [part for part, _ in [(finding.part, 0) for finding in repair(output, PROFILE).damage]] == ["digest"]
    assert path.read_bytes() == content


def test_a_report_without_digests_is_whole(output: Path, crawl: Crawl) -> None:
    value = json.loads((crawl.path / "report.json").read_bytes())
    assert value["warcs"][WARC]["bytes"] == (crawl.path / WARC).stat().st_size
    del value["warcs"], value["seal"]
    (crawl.path / "report.json").write_text(json.dumps(value), "utf-8")
    assert damage(output) == []


def test_a_lost_warc_file_is_acknowledged_once_and_stays_recorded(output: Path, crawl: Crawl) -> None:
    (crawl.path / WARC).unlink()
    left = repair(output, PROFILE)
    assert {finding.path for finding in left.damage} == {crawl.path / WARC}
    lost = f"crawls/{crawl.name}/{WARC}"
    acknowledgements.append(output, [Acknowledgement(lost, "the disk failed", "2026-11-29T00:00:00Z")])
    found = verify(output, PROFILE)
    assert found.damage == []
    assert {finding.acknowledged for finding in found.acknowledged} == {"the disk failed"}
    done = run("verify", "--output", str(output))
    assert done.returncode == 0, done.stdout
    assert "Acknowledged:" in done.stdout
    acknowledgements.append(output, [Acknowledgement(lost, "", "2026-11-29T00:00:01Z", undone=True)])
    assert verify(output, PROFILE).damage != []


def test_the_acknowledgement_of_a_file_hides_no_damage_that_it_takes_later(output: Path, crawl: Crawl) -> None:
    path, name = crawl.path / WARC, f"crawls/{crawl.name}/{WARC}"

    def is_damaged(content: bytes) -> bool:
        path.write_bytes(content)
        return path in {finding.path for finding in verify(output, PROFILE).damage}

    whole = path.read_bytes()
    assert is_damaged(whole[:-40])
    assert run("ack", name, "--reason", "the disk failed", "--output", str(output)).returncode == 0
    assert not is_damaged(whole[:-40])
    assert is_damaged(whole[:-60])
    assert is_damaged(b"")


def test_the_acknowledgement_of_a_place_hides_no_other_damage_of_the_file(output: Path, crawl: Crawl) -> None:
    finding = Finding("warc", crawl.path / WARC, 17, "broken")
    assert finding.place(output) == f"crawls/{crawl.name}/{WARC}@17"


def test_layouts_that_were_changed_are_damage(output: Path) -> None:
    folder = output / "layouts"
    folder.mkdir()
    (folder / "0123456789ab.json").write_text("{}", "utf-8")
    [part] = {part for part, _ in damage(output)}
    assert part == "layouts"


def test_a_release_whose_files_changed_is_damage(output: Path) -> None:
    release = output / "releases" / "2026.11.23"
    release.mkdir(parents=True)
    (release / "manifest.json").write_text("{}", "utf-8")
    (release / "SHA256SUMS").write_text(f"{'0' * 64}  articles.jsonl.gz\n", "utf-8")
    found = verify(output, PROFILE)
    assert found.releases == 1
    assert {finding.path.name for finding in found.damage} >= {"articles.jsonl.gz", "manifest.json"}
    assert {finding.part for finding in found.damage} == {"release"}


def test_a_catalog_of_another_version_is_no_damage(output: Path) -> None:
    with sqlite3.connect(output / CATALOG) as db:
        db.execute("PRAGMA user_version = 999")
    db.close()
    assert damage(output) == []
    assert any("another version" in note.reason for note in notes(output))


def test_no_room_for_the_temporary_catalog_is_no_damage(output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*arguments: object, **more: object) -> None:
        raise CannotWrite("catalog.sqlite", "database or disk is full")

    monkeypatch.setattr(prove.catalog, "fold", full)
    with pytest.raises(CannotWrite):
        verify(output, PROFILE)


# --- retire ----------------------------------------------------------------------------------------------------------


def dumped(output: Path) -> list[str]:
    with catalog.Catalog(output / CATALOG) as opened:
        return list(catalog.dump(opened))


@pytest.fixture
def finished(crawl: Crawl) -> Crawl:
    """The crawl as one that was not limited: the next one does not go on from its captures."""
    reseal(crawl, reason="finished")
    return crawl


def test_a_retired_crawl_leaves_a_whole_archive_with_the_same_catalog(
    output: Path, finished: Crawl, tmp_path: Path
) -> None:
    before, cold = dumped(output), tmp_path / "cold"
    content = (finished.path / WARC).read_bytes()
    done = run("retire", finished.name, "--to", str(cold), "--output", str(output), "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["retired"][0]["files"] == 1
    assert (cold / finished.name / WARC).read_bytes() == content
    assert damage(output) == []
    cold.rename(tmp_path / "unmounted")
    assert damage(output) == []
    assert any("cannot be reached" in note.reason for note in notes(output))
    fold(output, PROFILE, rebuild=True)
    assert dumped(output) == before
    replayed = run("replay", finished.name, "--output", str(output))
    assert replayed.returncode == 9
    assert "mount it" in replayed.stderr
    with (finished.path / "articles.jsonl").open("a", encoding="utf-8") as file:
        file.write("{}\n")
    assert ("lines", "articles: the file does not match its seal") in damage(output)


def test_what_cannot_be_retired_is_named(output: Path, crawl: Crawl, tmp_path: Path) -> None:
    limited = run("retire", crawl.name, "--to", str(tmp_path / "cold"), "--output", str(output))
    assert (limited.returncode, "it did not finish" in limited.stderr) == (2, True)
    inside = run("retire", crawl.name, "--to", str(output / "cold"), "--output", str(output))
    assert (inside.returncode, "is in the archive itself" in inside.stderr) == (2, True)
    assert not (tmp_path / "cold").exists()
    reseal(crawl, reason="finished")
    (crawl.path / WARC).write_bytes((crawl.path / WARC).read_bytes() + b"\0")
    changed = run("retire", crawl.name, "--to", str(tmp_path / "cold"), "--output", str(output))
    assert (changed.returncode, "nothing was moved" in changed.stderr) == (9, True)
    assert not list((tmp_path / "cold").glob("*"))
