"""Verifies a copy of a release. No archive is needed; only the copy is read."""

import csv
import hashlib
import re
import sys
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from io import TextIOWrapper
from pathlib import Path
from typing import Literal

from .. import data_files
from ..errors import ArchiveError, NoSuchRelease
from ..messages.text import N_, SEMICOLON, enumeration, joined
from . import contents, manifest
from .cross_format import compared
from .formats import read_lines
from .manifest import SUMS, ListedFile, Manifest
from .released_tables import TABLES, ReleasedTable

Result = Literal["ok", "bad", "missing", "skipped"]
"""`bad`: something is there and is not what was published; `missing`: a file is not there; `skipped`: nothing to check it with."""
_SUM = re.compile(r"([0-9a-f]{64}) [ *]([^/\x00]+)")


@dataclass(frozen=True, slots=True)
class Check:
    """The result of one check."""

    what: str
    """A file, or a statement about several."""
    result: Result
    why: str = ""
    """Reason, of all but ok."""


def verify(path: Path, say: Callable[[str], None] = lambda text: None) -> Iterator[Check]:
    """All checks of the folder, one after another. Raises NoSuchRelease if it is not a release."""
    if not (path / SUMS).is_file() and not (path / manifest.NAME).is_file():
        raise NoSuchRelease(
            N_("{path} is not a release: it has neither {sums} nor {name} ", path=path, sums=SUMS, name=manifest.NAME)
        )
    yield from file_checks(path)
    try:
        made = manifest.load(path)
    except ArchiveError:
        return
    for file in made.files:
        if (path / file.name).is_file() and file.rows is not None and not file.name.endswith((".parquet", ".sqlite")):
            say(N_("reading {name}", name=file.name))
            yield _rows(path, file)
    lines = next((file for file in made.files if file.name == contents.LINES), None)
    held = lines is not None and lines.lines_sha256 == made.records_sha256
    yield _check(
        "records_sha256",
        "" if held else N_("it is not that of {lines} in {name}", lines=contents.LINES, name=manifest.NAME),
    )
    yield _counts(made)
    names = {file.name for file in made.files}
    for table in TABLES.values():
        if table.parquet in names:  # releases of format 1 have one table
            say(N_("reading the table {name} back", name=table.name))
            yield from _agrees(path, table, made.format)


def file_checks(path: Path) -> Iterator[Check]:
    """Compares the files of a release with SHA256SUMS, and that with the manifest; reads no records."""
    yield from _sums(path)
    if not (path / manifest.NAME).exists():
        if manifest.NAME not in _read_sums(path):  # else it was named above
            yield Check(manifest.NAME, "missing")
        return
    try:
        made = manifest.load(path)
    except ArchiveError as error:
        yield Check(manifest.NAME, "bad", error.reason)
        return
    if (path / SUMS).exists():
        yield from _agree_with_manifest(path, made)


def _sums(path: Path) -> Iterator[Check]:
    """Compares every file with SHA256SUMS, or where that is missing with the manifest; other files are bad."""
    if not (path / SUMS).exists():
        yield Check(SUMS, "missing", N_("the files are compared with {name} alone", name=manifest.NAME))
        yield from _files(path, _manifest_sums(path))
        return
    try:
        lines = _sums_text(path).splitlines()
    except (OSError, UnicodeDecodeError) as error:
        yield Check(SUMS, "bad", N_("cannot be read: {error}", error=error))
        return
    if wrong := [line for line in lines if not _SUM.fullmatch(line)]:
        yield Check(SUMS, "bad", N_("no digest and name: {wrong!r}", wrong=wrong[0][:80]))
    yield from _files(path, _read_sums(path))


def _files(path: Path, sums: Mapping[str, str | None]) -> Iterator[Check]:
    """Every file against its digest, None: it has none here. Each is named once."""
    for name, digest in sums.items():
        if not (path / name).exists():
            yield Check(name, "missing")
        elif digest is not None:
            yield _check(name, _digest_differs(path / name, digest))
    for other in sorted(each.name for each in path.iterdir() if each.name not in {*sums, SUMS}):
        yield Check(other, "bad", N_("not listed: not part of the release"))


def _manifest_sums(path: Path) -> dict[str, str | None]:
    """Digest by name, from the manifest, which has none of itself; empty if it cannot be read."""
    try:
        made = manifest.load(path)
    except ArchiveError:
        return {each.name: None for each in path.iterdir()}
    return {manifest.NAME: None} | {file.name: file.sha256 for file in made.files}


def _read_sums(path: Path) -> dict[str, str]:
    """Digest by name, from SHA256SUMS; empty if it cannot be read."""
    try:
        text = _sums_text(path)
    except (OSError, UnicodeDecodeError):
        return {}
    return {found[2]: found[1] for line in text.splitlines() if (found := _SUM.fullmatch(line))}


def _sums_text(path: Path) -> str:
    return data_files.content(path / SUMS, data_files.METADATA, follow_links=False).decode()


def _digest_differs(file: Path, wanted: str) -> str:
    try:
        with data_files.opened(file, follow_links=False) as opened:
            digest = hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError as error:
        return N_("it cannot be read: {reason}", reason=error.strerror)
    return "" if digest == wanted else N_("its SHA-256 is {digest}, not {wanted}", digest=digest, wanted=wanted)


def _agree_with_manifest(path: Path, made: Manifest) -> Iterator[Check]:
    sums = _read_sums(path)
    wrong = [file.name for file in made.files if sums.get(file.name) != file.sha256]
    missing = sums.keys() - {file.name for file in made.files} - {manifest.NAME}
    problems = [N_("{name} has another digest than in {sums}", name=name, sums=SUMS) for name in wrong]
    problems += [N_("{name} is only in {sums}", name=name, sums=SUMS) for name in sorted(missing)]
    yield _check(N_("{name} and {sums} name the same", name=manifest.NAME, sums=SUMS), joined(problems, SEMICOLON))


def _rows(path: Path, file: ListedFile) -> Check:
    """Compares number and digest of the lines or rows of a file with the manifest."""
    what, digest, rows = N_("records of {name}", name=file.name), hashlib.sha256(), 0
    try:
        if file.name.endswith((".jsonl", ".jsonl.gz")):
            for line in read_lines(path / file.name):
                digest.update(line.encode() + b"\n")
                rows += 1
            if file.lines_sha256 != digest.hexdigest():
                return Check(what, "bad", N_("the digest of its lines is not that in the manifest"))
        else:
            rows = _rows_of_sheet(path / file.name)
    except (ArchiveError, OSError, EOFError, zlib.error, UnicodeDecodeError, csv.Error) as error:
        return Check(what, "bad", str(error))
    return _check(
        what,
        ""
        if rows == file.rows
        else N_("there are {rows:,}, the manifest has {listed:,}", rows=rows, listed=file.rows or 0),
    )


def _rows_of_sheet(path: Path) -> int:
    csv.field_size_limit(sys.maxsize)
    with data_files.unpacked(path) as file, TextIOWrapper(file, encoding="utf-8-sig", newline="") as text:
        return sum(1 for _ in csv.reader(text)) - 1


def _counts(made: Manifest) -> Check:
    """Compares the counts of the manifest with those of its files."""
    files = {
        "articles": contents.LINES,
        "versions": contents.OLDER,
        "captures": contents.PROOF,
        "changes": contents.CHANGED,
        "sample": contents.SAMPLE,
        **({"corrections": contents.REVIEWED, "tombstones": contents.TOMBSTONES} if made.format > 1 else {}),
    }
    rows = {file.name: file.rows for file in made.files}
    wrong = [name for name, file in files.items() if made.counts.get(name) != rows.get(file)]
    by_status = sum(count for key, count in made.counts.items() if key.startswith("status:"))
    if by_status != made.counts.get("articles"):
        wrong.append("status")
    return _check(
        "counts", N_("they differ from the rows of files: {wrong}", wrong=enumeration(wrong)) if wrong else ""
    )


def _agrees(path: Path, table: ReleasedTable, format_: int) -> Iterator[Check]:
    """Compares Parquet and SQLite with the text of a table."""
    if table.name == "articles":
        table = replace(table, fields=contents.articles_of(format_))
    files = (table.parquet, contents.SQLITE)
    there = [file for file in files if (path / file).is_file()] if (path / table.text).is_file() else []
    copies = {copy.file: copy for copy in compared(path, table, there)} if there else {}
    for file in files:
        of = "" if file == table.parquet or table.name == "articles" else N_(" (table {name})", name=table.name)
        what = N_("{file}{of} reads back to the records of {text}", file=file, of=of, text=table.text)
        copy = copies.get(file)
        if copy is None:
            missing = [each for each in (file, table.text) if not (path / each).is_file()]
            yield Check(what, "skipped", N_("missing: {missing}", missing=enumeration(missing)))
        elif copy.missing is not None:
            yield Check(what, "skipped", copy.missing)
        else:
            yield _check(what, copy.difference or "")


def _check(what: str, why: str) -> Check:
    return Check(what, "bad" if why else "ok", why)
