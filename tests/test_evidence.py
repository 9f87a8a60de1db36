"""`gdfupin evidence`: what is packed, and that others can check it."""

import contextlib
import gzip
import hashlib
import json
import re
import runpy
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from fastwarc.warc import ArchiveIterator, WarcRecordType

from gdfupin_spider.archive import open_archive
from gdfupin_spider.dossier import dossier_of
from gdfupin_spider.dossier.packed_captures import MOST_ABSENT, packed_captures
from gdfupin_spider.pages import article_id
from gdfupin_spider.storage.archive_info import profile_of
from tests.dossiers import archive, history
from tests.replaywebpage import shown as replayed
from tests.sites import Crawl, run

__all__ = ["archive"]


def checked(file: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """As somebody without this program checks it."""
    with zipfile.ZipFile(file) as packed:
        packed.extract("evidence/verify.py", folder)
    command = [sys.executable, "-I", str(folder / "evidence" / "verify.py"), str(file)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("number", "statuses", "left_out"), [(1, ["200", "200", "200"], 1), (2, ["200", "200", "404", "404"], 0)]
)
def test_evidence_is_checked_without_this_program(
    archive: tuple[Path, str], tmp_path: Path, number: int, statuses: list[str], left_out: int
) -> None:
    output, url = archive
    file = tmp_path / "evidence.wacz"
    done = run("evidence", f"{url}show.asp?id={number}", "--to", str(file), "--output", str(output), "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert {name: found[name] for name in ("captures", "left_out", "release")} == {
        "captures": len(statuses),
        "left_out": left_out,
        "release": None,
    }
    result = checked(file, tmp_path)
    assert result.returncode == 0, result.stderr + result.stdout
    assert [line.split()[2] for line in result.stdout.splitlines()] == statuses
    with zipfile.ZipFile(file) as packed:
        papers = {name: packed.read(name) for name in packed.namelist()}
    (tmp_path / "evidence.warc.gz").write_bytes(papers["archive/evidence.warc.gz"])
    records = [json.loads(line) for line in papers["evidence/records.jsonl"].decode().splitlines()]
    page = papers["evidence/README.html"].decode()
    with (tmp_path / "evidence.warc.gz").open("rb") as content:
        theirs = [record.verify_payload_digest() for record in ArchiveIterator(content, WarcRecordType.response)]
    assert theirs == [True] * len(statuses)
    assert {record["version"] for record in records} == ({1, 2} if number == 1 else {1})
    assert "如何核验" in page
    assert "How to check" in page
    cited_capture = re.search(r"captured (\S+);", papers["evidence/citation.txt"].decode())
    assert cited_capture is not None
    assert cited_capture[1] in [one["captured_at"] for one in json.loads(papers["evidence/captures.json"])]
    named = [json.loads(line) for line in papers["evidence/not-packed.jsonl"].decode().splitlines()]
    assert [(one["captured_at"][:10], one["why"]) for one in named] == (
        [("2030-01-04", "it is between the first and the last capture of version 2")] if left_out else []
    )
    again = run("evidence", f"{url}show.asp?id={number}", "--to", str(file), "--output", str(output))
    assert (again.returncode, "is not overwritten" in again.stderr) == (2, True)


def evidence_of(archive: tuple[Path, str], file: Path, number: int = 1) -> Path:
    output, url = archive
    done = run("evidence", f"{url}show.asp?id={number}", "--to", str(file), "--output", str(output))
    assert done.returncode == 0, done.stderr
    return file


def test_evidence_is_checked_by_a_script_of_ten_lines_of_standard_tools(
    archive: tuple[Path, str], tmp_path: Path
) -> None:
    evidence_of(archive, tmp_path / "e.wacz", 2)
    with zipfile.ZipFile(tmp_path / "e.wacz") as packed:
        packed.extractall(tmp_path / "whole")
    script = (tmp_path / "whole" / "evidence" / "verify.sh").read_text()
    assert len(script.splitlines()) <= 10
    assert "python" not in script
    page = (tmp_path / "whole" / "evidence" / "README.html").read_text()
    printed = re.search(r"<pre id=shell>(.*?)</pre>", page, re.S)
    assert printed is not None
    assert unescape(printed[1]) == script

    def checked_in(folder: Path) -> tuple[int, list[str]]:
        command = ["sh", str(folder / "evidence" / "verify.sh")]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        lines = [line.split(" http")[0] for line in done.stdout.splitlines()]
        return done.returncode, [line for line in lines if not line.endswith(": OK")]

    times = [one["captured_at"] for one in json.loads((tmp_path / "whole" / "evidence" / "captures.json").read_text())]
    assert checked_in(tmp_path / "whole") == (0, [*(f"ok  {time}" for time in times), "the evidence is whole"])
    second = int((tmp_path / "whole" / "evidence" / "captures.txt").read_text().splitlines()[1].split()[0])
    for changed, at, bad in (
        ("archive/evidence.warc.gz", second - 40, [True, False, False, False]),  # in the body of the first one
        ("evidence/records.jsonl", 0, [False] * 4),
    ):
        copy = tmp_path / changed.replace("/", "-")
        shutil.copytree(tmp_path / "whole", copy)
        content = bytearray((copy / changed).read_bytes())
        content[at] ^= 1
        (copy / changed).write_bytes(content)
        shown = [f"{'BAD' if wrong else 'ok '} {time}" for wrong, time in zip(bad, times, strict=True)]
        assert checked_in(copy) == (1, [f"{changed}: FAILED", *shown, "the evidence was changed"])
    places = tmp_path / "whole" / "evidence" / "captures.txt"  # the address of a site may have what `echo` acts upon
    places.write_text("".join(f"{line}\\033[8m\\c\n" for line in places.read_text().splitlines()))
    command = ["sh", str(tmp_path / "whole" / "evidence" / "verify.sh")]
    lines = subprocess.run(command, capture_output=True, text=True, check=False).stdout.splitlines()
    assert [line.endswith("\\033[8m\\c") for line in lines if line.startswith("ok ")] == [True] * len(times)


def test_evidence_has_the_line_of_the_newest_release(archive: tuple[Path, str], tmp_path: Path) -> None:
    output, url = archive
    own = tmp_path / "output"
    shutil.copytree(output, own, symlinks=True)
    released = run("release", "--output", str(own), "--allow", "leaks", clock="2030-01-07T03:00:00Z")
    assert released.returncode == 0, released.stderr
    evidence_of((own, url), tmp_path / "e.wacz")
    with zipfile.ZipFile(tmp_path / "e.wacz") as packed:
        line, about = packed.read("evidence/release-line.jsonl"), json.loads(packed.read("evidence/release.json"))
    release = own / "releases" / about["release"]
    content = (release / "articles.jsonl.gz").read_bytes()
    lines = gzip.decompress(content).splitlines(keepends=True)
    assert line == lines[about["line"] - 1]
    assert json.loads(line)["id"] == article_id("gdfupin", f"{url}show.asp?id=1")
    assert about["file_sha256"] == hashlib.sha256(content).hexdigest()
    assert about["records_sha256"] == json.loads((release / "manifest.json").read_text())["records_sha256"]
    assert about["line_sha256"] == hashlib.sha256(line.rstrip(b"\n")).hexdigest()
    assert checked(tmp_path / "e.wacz", tmp_path).returncode == 0


def test_of_many_captures_without_the_article_the_first_and_last_are_packed(archive: tuple[Path, str]) -> None:
    output, url = archive
    with open_archive(output) as opened:
        dossier = dossier_of(opened, profile_of(output, None), f"{url}show.asp?id=2")
    times = [f"2031-01-01T{n // 60:02}:{n % 60:02}:00Z" for n in range(MOST_ABSENT + 20)]
    absent = tuple(replace(dossier.absent[0], captured_at=time) for time in times)
    unreadable = replace(absent[0], captured_at="2032-01-01T00:00:00Z", payload_sha256=None, problem="it is torn")
    found = packed_captures(replace(dossier, versions=(), absent=(*absent, unreadable)))
    assert [one.captured_at for one in found.packed] == times[:50] + times[-50:]
    assert [each.capture.captured_at for each in found.left_out] == [*times[50:70], unreadable.captured_at]
    assert {each.why for each in found.left_out} == {
        "it is none of the 50 first and 50 last ones",
        "it cannot be read: it is torn",
    }


def test_any_damage_of_the_evidence_is_one_sentence(
    archive: tuple[Path, str], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = evidence_of(archive, tmp_path / "whole.wacz", 2).read_bytes()
    with zipfile.ZipFile(tmp_path / "whole.wacz") as packed:
        original = {name: packed.read(name) for name in packed.namelist()}
        packed.extract("evidence/verify.py", tmp_path)
    damaged = tmp_path / "damaged.wacz"

    def verified(content: bytes) -> tuple[object, str]:
        damaged.write_bytes(content)
        monkeypatch.setattr(sys, "argv", ["verify.py", str(damaged)])
        with pytest.raises(SystemExit) as ended:
            runpy.run_path(str(tmp_path / "evidence" / "verify.py"), run_name="__main__")
        return ended.value.code, capsys.readouterr().err

    assert verified(whole)[0] == 0
    for at in range(0, len(whole), len(whole) // 150):
        content = bytearray(whole)
        content[at] ^= 0x41
        answer, traceback = verified(bytes(content))
        assert traceback == ""
        if answer == 0:  # a date or another field of the ZIP, not content
            with zipfile.ZipFile(damaged) as packed:
                assert {name: packed.read(name) for name in packed.namelist()} == original
        else:
            assert isinstance(answer, str)  # which Python prints to stderr, and ends with 1
            assert answer.startswith("the evidence was changed")
            assert "\n" not in answer
    for content in (b"", whole[:-100], whole[: len(whole) // 2]):
        assert str(verified(content)[0]).startswith("the evidence was changed")


def test_evidence_opens_in_replayweb_page(
    archive: tuple[Path, str], replaywebpage: Path, browser: Any, tmp_path: Path
) -> None:
    from playwright.sync_api import Error

    file = evidence_of(archive, tmp_path / "e.wacz", 2)
    with zipfile.ZipFile(file) as packed:
        [first, *_] = json.loads(packed.read("evidence/captures.json"))
    (tmp_path / "site").mkdir()
    with replayed(replaywebpage, tmp_path / "site", file, first["url"], first["captured_at"]) as address:
        page = browser.new_page()
        page.goto(address)
        began, texts, tries = time.monotonic(), list[str](), 1  # 2 seconds where nothing else runs
        while tries < 6 and not any("修路的消息第2号" in text for text in texts):
            page.wait_for_timeout(100)
            if (
                time.monotonic() > began + 15 * tries
            ):  # a service worker that took control too late: the page must be asked again
                tries += 1
                page.reload()
            texts = []
            for frame in page.frames:
                with contextlib.suppress(Error):  # it is being loaded
                    texts += [frame.evaluate("document.body.innerText")] if "mp_/" in frame.url else []
    assert any("修路的消息第2号" in text for text in texts), texts


def test_an_article_of_several_pages_is_proven_by_all_of_them(
    crawled_extract: Callable[[str], Crawl], tmp_path: Path
) -> None:
    folder = crawled_extract("asp-tables").folder
    assert folder is not None
    lines = [json.loads(line) for line in (folder / "articles.jsonl").read_text("utf-8").splitlines()]
    line = max(lines, key=lambda each: len(each["captures"]))
    assert len(line["captures"]) == 4
    output, file = folder.parent.parent, tmp_path / "evidence.wacz"
    [version] = history(output, line["id"])["versions"]
    kept = [{name: one[name] for name in ("warc", "offset", "payload_sha256")} for one in version["captures"]]
    assert kept == line["captures"]
    done = run("evidence", line["id"], "--to", str(file), "--output", str(output))
    assert done.stdout == f"{file}: 4 captures of 1 version\nno release has the article\n"
    assert [each.split()[0] for each in checked(file, tmp_path).stdout.splitlines()] == ["ok"] * 4


def test_one_changed_byte_of_the_evidence_is_found(archive: tuple[Path, str], tmp_path: Path) -> None:
    output, url = archive
    run("evidence", f"{url}show.asp?id=1", "--to", str(tmp_path / "a.wacz"), "--output", str(output))
    with zipfile.ZipFile(tmp_path / "a.wacz") as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    for changed in ("evidence/captures.json", "archive/evidence.warc.gz"):
        content = bytearray(files[changed])
        place = content.index(b'"payload_sha256": "') + 25 if changed.endswith("json") else len(content) // 3
        content[place] = content[place] ^ 1
        with zipfile.ZipFile(tmp_path / "b.wacz", "w") as packed:
            for name, data in (files | {changed: bytes(content)}).items():
                packed.writestr(name, data)
        assert checked(tmp_path / "b.wacz", tmp_path).returncode != 0, changed
