"""`gdfupin verify`: every damage is named with file and byte, and what is no damage is not called so."""

import json
import random
import shutil
import sqlite3
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdfupin_spider import pages, warc
from gdfupin_spider.catalog.sources import fold
from gdfupin_spider.items import Article, decode
from gdfupin_spider.storage.crawls import Crawl
from gdfupin_spider.storage.line_file import lines
from gdfupin_spider.storage.lock import OutputLock
from gdfupin_spider.storage.report import seal_of
from gdfupin_spider.verify import Finding, Verified, verify
from tests.sites import run
from tests.verify.conftest import PROFILE

WARC = "capture-00000.warc.gz"


def proven(output: Path) -> Verified:
    return verify(output, PROFILE)


def damaged(output: Path, part: str, file: Path) -> list[Finding]:
    """The damages of a part that are named with this file; there are some."""
    found = [finding for finding in proven(output).damage if (finding.part, finding.path) == (part, file)]
    assert found
    return found


def first(path: Path) -> tuple[int, dict[str, Any]]:
    """The second line of a file, where it begins and what it says: the first has nothing before it."""
    return list(lines(path))[1]


def change(path: Path, offset: int, **fields: Any) -> None:
    """Writes other values into one line; the line may get another length."""
    content = path.read_bytes()
    end = content.index(b"\n", offset)
    record = json.loads(content[offset:end]) | fields
    line = json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode()
    path.write_bytes(content[:offset] + line + content[end:])


def unsealed(crawl: Crawl) -> None:
    """As older versions wrote it: without seals, so that lines stand for themselves."""
    report = json.loads((crawl.path / "report.json").read_bytes())
    del report["files"], report["seal"]
    (crawl.path / "report.json").write_text(json.dumps(report))


def test_a_whole_archive_is_whole(output: Path) -> None:
    found = proven(output)
    assert (found.findings, found.crawls, found.readings, found.catalog) == ([], 1, 1, True)
    done = run("verify", "--output", str(output), "--json")
    answer = json.loads(done.stdout)
    assert (done.returncode, answer["whole"], answer["damage"], answer["notes"]) == (0, True, [], [])
    assert answer["captures"] == found.captures > 20


def test_verifying_writes_nothing(output: Path) -> None:
    def there() -> dict[str, tuple[int, int]]:
        files = (path for path in output.rglob("*") if path.is_file() and path.name != ".lock")
        return {str(path): (path.stat().st_size, path.stat().st_mtime_ns) for path in files}

    (output / "catalog.sqlite").chmod(0o444)
    before = there()
    proven(output)
    after = there()
    assert {name: after[name] for name in before} == before
    assert {Path(name).name for name in after.keys() - before.keys()} <= {"catalog.sqlite-wal", "catalog.sqlite-shm"}


def test_a_flipped_byte_in_a_record_is_named_where_the_record_begins(output: Path, crawl: Crawl) -> None:
    offset, line = first(crawl.path / "articles.jsonl")
    proof = line["captures"][0]
    content = bytearray((crawl.path / WARC).read_bytes())
    content[proof["offset"] + 300] ^= 0x10
    (crawl.path / WARC).write_bytes(content)
    assert [finding.offset for finding in damaged(output, "warc", crawl.path / WARC)] == [proof["offset"]]
    [lost] = damaged(output, "lines", crawl.path / "articles.jsonl")
    assert lost.offset == offset
    assert f"byte {proof['offset']} of {proof['warc']}" in lost.reason


def test_a_truncated_warc_is_damage_where_lines_refer_behind_its_end(output: Path, crawl: Crawl) -> None:
    path = crawl.path / WARC
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert damaged(output, "warc", path)
    assert damaged(output, "lines", crawl.path / "sightings.jsonl")


def test_records_that_are_gone_from_the_end_are_missed(output: Path, crawl: Crawl) -> None:
    """Cut between two records nothing is torn; where no line refers to them, the report still counts them."""
    captures = list(warc.read(crawl.path))
    path = crawl.path / WARC
    path.write_bytes(path.read_bytes()[: captures[-1].proof.offset])
    [finding] = damaged(output, "warc", crawl.path / "report.json")
    assert f"counts {len(captures)} exchanges" in finding.reason


def test_a_torn_tail_that_no_line_refers_to_is_named_and_no_damage(output: Path, killed: Crawl) -> None:
    path = killed.path / WARC
    whole = path.read_bytes()
    last = list(warc.read(path))[-1].proof.offset
    path.write_bytes(whole + whole[last:-7])
    found = proven(output)
    assert found.damage == []
    assert any(note.path == path and "torn tail" in note.reason for note in found.notes)


def test_half_a_last_line_is_no_damage_in_a_killed_crawl_and_is_in_a_whole_one(output: Path, crawl: Crawl) -> None:
    path = crawl.path / "articles.jsonl"
    size = path.stat().st_size
    with path.open("a") as file:
        file.write('{"id":"gdfupin-')
    assert (size, "half a last line") in [(one.offset, one.reason) for one in damaged(output, "lines", path)]
    (crawl.path / "report.json").unlink()
    found = proven(output)
    assert found.damage == []
    assert (size, "half a last line") in [(note.offset, note.reason) for note in found.notes]


@pytest.mark.parametrize("seals", [True, False])
@pytest.mark.parametrize("kind", ["articles", "sightings", "pages", "media"])
def test_a_wrong_digest_in_a_line_is_named(output: Path, crawl: Crawl, kind: str, seals: bool) -> None:
    if not seals:
        unsealed(crawl)
    path = crawl.path / f"{kind}.jsonl"
    offset, line = first(path)
    if kind == "articles":
        change(path, offset, captures=[{**line["captures"][0], "payload_sha256": "0" * 64}])
    else:
        change(path, offset, capture={**line["capture"], "payload_sha256": "0" * 64})
    found = damaged(output, "lines", path)
    assert offset in [finding.offset for finding in found]
    assert any("another digest" in finding.reason for finding in found)


@pytest.mark.parametrize("wrong", [{"offset": 7}, {"warc": "20200101T000000Z-live/capture-00000.warc.gz"}])
def test_a_capture_that_is_not_there_is_named(output: Path, crawl: Crawl, wrong: dict[str, Any]) -> None:
    path = crawl.path / "sightings.jsonl"
    offset, line = first(path)
    change(path, offset, capture=line["capture"] | wrong)
    assert any(
        one.offset == offset and "its capture does not exist" in one.reason for one in damaged(output, "lines", path)
    )


@pytest.mark.parametrize("seals", [True, False])
def test_an_edited_body_is_named_with_the_field(output: Path, crawl: Crawl, seals: bool) -> None:
    from gdfupin_spider.verify.schema import _digest_of

    if not seals:
        unsealed(crawl)
    path = crawl.path / "articles.jsonl"
    offset, line = first(path)
    change(path, offset, body="改过的正文")
    assert "content_sha256" in damaged(output, "lines", path)[0].reason
    change(path, offset, content_sha256=_digest_of(decode(Article, line | {"body": "改过的正文"})))
    [found] = [finding for finding in damaged(output, "lines", path) if finding.offset is not None]
    assert (found.offset, found.reason) == (
        offset,
        "parsing its capture again gives another body, content_sha256",
    )


def test_a_line_that_stands_twice_is_named(output: Path, killed: Crawl) -> None:
    path = killed.path / "articles.jsonl"
    content = path.read_bytes()
    path.write_bytes(content + content[: content.index(b"\n") + 1])
    [found] = damaged(output, "lines", path)
    assert (found.offset, found.reason) == (len(content), "the same line is in this file already")


def test_a_line_of_another_kind_is_named(output: Path, killed: Crawl) -> None:
    path = killed.path / "pages.jsonl"
    size = path.stat().st_size
    with path.open("a") as file:
        file.write('{"url":"http://www.gdfupin.org.cn/","kind":"no kind","status":200}\n[]\nnonsense\n')
    found = [(finding.offset, finding.reason.partition(":")[0]) for finding in damaged(output, "lines", path)]
    assert (size, "not a line of pages.jsonl") in found
    assert [reason for _, reason in found][-2:] == ["not a line of pages.jsonl", "not JSON"]


def test_a_file_that_is_gone_or_empty_is_named(output: Path, crawl: Crawl) -> None:
    (crawl.path / "pages.jsonl").write_bytes(b"")
    (crawl.path / "media.jsonl").unlink()
    assert "does not match its seal" in damaged(output, "lines", crawl.path / "pages.jsonl")[0].reason
    assert "does not exist" in damaged(output, "lines", crawl.path / "media.jsonl")[0].reason
    (crawl.path / WARC).write_bytes(b"")
    assert (0, "the file is empty") in [
        (finding.offset, finding.reason) for finding in damaged(output, "warc", crawl.path / WARC)
    ]


def test_a_report_that_is_gone_makes_a_killed_crawl(output: Path, crawl: Crawl) -> None:
    (crawl.path / "report.json").unlink()
    found = proven(output)
    assert found.damage == []
    assert any("no report.json" in note.reason for note in found.notes)


def test_a_report_that_says_something_else_is_named(output: Path, crawl: Crawl) -> None:
    path = crawl.path / "report.json"
    report = json.loads(path.read_bytes())
    path.write_text(json.dumps({**report, "articles": 11}))
    assert damaged(output, "report", path)[0].reason == "its seal does not match: it was changed after it was written"
    path.write_text("")
    assert damaged(output, "report", path)[0].reason == "it is not a JSON object"


def test_a_reading_must_be_whole_and_what_reading_again_gives(output: Path, crawl: Crawl) -> None:
    reading = output / "readings" / pages.reader(PROFILE) / crawl.name
    path = reading / "sightings.jsonl"
    content = path.read_bytes()
    path.write_bytes(content[: content.rindex(b"\n", 0, -1) + 1])
    report = json.loads((reading / "reading.json").read_bytes())
    del report["files"]
    (reading / "reading.json").write_text(json.dumps({**report, "seal": seal_of(report)}))
    assert "1 more line than the file has" in damaged(output, "reading", path)[0].reason
    (reading / "reading.json").unlink()
    assert "not complete" in damaged(output, "reading", reading / "reading.json")[0].reason


def test_lines_of_another_reader_are_held_against_their_captures_and_named_so(output: Path, killed: Crawl) -> None:
    path = killed.path / "articles.jsonl"
    path.write_bytes(path.read_bytes().replace(pages.reader(PROFILE).encode(), b"0+gdfupin.00000000"))
    found = proven(output)
    assert found.damage == []
    [note] = [note for note in found.notes if note.part == "lines"]
    assert "0+gdfupin.00000000" in note.reason
    offset, line = first(path)
    change(path, offset, captures=[{**line["captures"][0], "offset": 1}])
    assert damaged(output, "lines", path)[0].offset == offset


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE content SET title = '另一个' WHERE n = (SELECT min(n) FROM content)",
        "UPDATE article SET status = 'gone' WHERE n = (SELECT min(n) FROM article)",
        "DELETE FROM version WHERE article = (SELECT min(article) FROM version)",
        "UPDATE sighting SET etag = 'x' WHERE n = 1",
        "UPDATE folded SET bytes = bytes / 2 WHERE kind = 'articles'",
    ],
)
def test_a_changed_row_of_the_catalog_is_named(output: Path, sql: str) -> None:
    with sqlite3.connect(output / "catalog.sqlite") as db:
        assert db.execute(sql).rowcount == 1
    [found] = damaged(output, "catalog", output / "catalog.sqlite")
    assert "does not match its source lines" in found.reason
    assert "Table `" in found.reason


def test_a_catalog_that_is_behind_or_of_another_reader_is_no_damage(output: Path, killed: Crawl) -> None:
    path = killed.path / "articles.jsonl"
    whole = path.read_bytes()
    path.write_bytes(whole[: whole.rindex(b"\n", 0, -1) + 1])
    (output / "catalog.sqlite").unlink()
    fold(output, PROFILE)
    path.write_bytes(whole)
    found = proven(output)
    assert (found.damage, found.catalog) == ([], True)
    with sqlite3.connect(output / "catalog.sqlite") as db:
        db.execute("UPDATE meta SET value = '0+gdfupin.00000000' WHERE key = 'reader'")
    found = proven(output)
    assert (found.damage, found.catalog) == ([], False)


def test_lines_that_the_catalog_passes_over_are_named(output: Path, killed: Crawl) -> None:
    """A line of another reader among today's."""
    path = killed.path / "articles.jsonl"
    offset, _ = first(path)
    change(path, offset, reader="0+gdfupin.00000000")
    answer = [finding.reason for finding in damaged(output, "lines", path) if finding.offset == offset]
    assert any("the catalog skips this line: WrongReader" in reason for reason in answer)


def test_while_a_crawl_runs_nothing_is_proven(output: Path) -> None:
    with OutputLock(output, "20261123T030000Z-live"):
        done = run("verify", "--output", str(output))
    assert done.returncode == 5
    assert "20261123T030000Z-live" in done.stderr


def test_damage_ends_with_9_and_says_what_to_do(output: Path, crawl: Crawl) -> None:
    path = crawl.path / "articles.jsonl"
    path.write_bytes(path.read_bytes()[:-1])
    done = run("verify", crawl.name, "--output", str(output))
    assert done.returncode == 9
    assert f"{path} at byte " in done.stdout
    assert "`gdfupin verify --repair --output" in done.stdout
    assert run("verify", "--output", str(output / "nowhere")).returncode == 2


@settings(max_examples=28, deadline=None, derandomize=True)
@given(st.integers(0), st.integers(0, 7), st.integers(0, 6))
def test_a_flipped_bit_anywhere_is_found_or_harms_nothing(small: Path, at: int, bit: int, which: int) -> None:
    """Harms nothing: what the file says when it is read is what it said before."""
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "output"
        shutil.copytree(small, output)
        [crawl] = (output / "crawls").iterdir()
        names = (WARC, "articles.jsonl", "sightings.jsonl", "pages.jsonl", "report.json", "issues.jsonl")
        path = (*(crawl / name for name in names), output / "catalog.sqlite")[which]
        content = bytearray(path.read_bytes())
        if not content:
            return
        answer = _said(path)
        content[random.Random(at).randrange(len(content))] ^= 1 << bit
        path.write_bytes(content)
        assert proven(output).damage or _said(path) == answer


def _said(path: Path) -> Any:
    match path.suffix:
        case ".gz":
            return [(capture.proof, capture.headers, capture.payload) for capture in warc.read(path)]
        case ".sqlite":
            with sqlite3.connect(path) as db:
                return list(db.iterdump())
        case _:
            return (
                [json.loads(line) for line in path.read_text("utf-8").splitlines()]
                if path.suffix == ".jsonl"
                else json.loads(path.read_bytes())
            )


def test_an_archive_that_cannot_be_written_is_proven_and_nothing_is_left_in_it(
    output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {path for path in output.iterdir() if path.name != ".lock"}
    monkeypatch.setattr("os.access", lambda *_: False)
    found = verify(output, PROFILE)
    assert found.catalog
    assert [str(finding) for finding in found.damage] == []
    assert {path for path in output.iterdir() if path.name != ".lock"} == before
