"""Archives that an older program left: they are whole, fold to what they folded to, and are released as they were.

tests/archives/README.md says how they were made. What another reader must change is left out by `without_reader`, in one place.
"""

import gzip
import hashlib
import json
import re
import shutil
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

import gdfupin_spider
from gdfupin_spider.terminal import plain_json
from tests.sites import run

OLD = Path(__file__).parent / "archives" / "v0_1"
NAMES = sorted(path.name for path in OLD.iterdir())
PROFILE = Path(gdfupin_spider.__file__).parent / "profiles" / "gdfupin.toml"
BESIDE = ("catalog.dump.jsonl.gz", "expected.json")
"""Of an archive here what its user would not have."""
ADDED = ("sections", "reviewed", "source_name", "reprint_group", "reprint_first", "places")
"""Fields of a record of a release that it did not have then."""
NEW_SINCE = ("reader_before", "reader_after", "values", "date", "source", "proof_before", "proof_after")
"""Fields of a change that it did not have then."""
Row = list[Any]
Usual = tuple[str, ...]
"""Options that go with every verb."""


def expected(name: str) -> dict[str, Any]:
    """What the program that left the archive said of it."""
    answer: dict[str, Any] = json.loads((OLD / name / "expected.json").read_text("utf-8"))
    return answer


def expected_dump(name: str) -> list[Row]:
    with gzip.open(OLD / name / "catalog.dump.jsonl.gz", "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def without_reader(output: Any) -> Any:
    """What was told, without what is otherwise where another reader read the same.

    Of a row of a dump the reader, the folder of lines and when it was made, and the byte at which a line begins; of a record its
    reader, and the fields that are new since; of what came of an archive the digest of such records, and the readings that were made and proven anew.
    """
    match output:
        case {"verify": dict(verify), "release": dict(release)}:
            verify = {name: value for name, value in verify.items() if name not in ("lines", "readings")}
            release = {name: value for name, value in release.items() if name != "records_sha256"}
            return {**output, "verify": verify, "release": release}
        case {"reader": _}:
            return {name: value for name, value in output.items() if name not in ("reader", *ADDED)} | (
                {"aliases": [{"id": each["id"], "url": each["url"]} for each in output["aliases"]]}
                if "aliases" in output
                else {}
            )
        case ["meta", "reader", _]:
            return output[:2]
        case ["crawl", _, _folder, _stamp, *_]:
            return output[:2] + output[4:]
        case ["sighting", *_]:
            return output[:15] + output[16:]
        case ["version", *_]:
            return output[:6] + output[7:]
    return output


def read_by(dump: Iterable[Row]) -> str:
    """The reader, as a dump names it."""
    return next(str(row[2]) for row in dump if row[:2] == ["meta", "reader"])


def assert_same(dump: list[Row], known: list[Row]) -> None:
    """Equal row by row, or where another reader read it, in all that a reader must not change."""
    dump = [row[:5] if row[0] == "listed" else row for row in dump]  # dates of rows were not recorded then
    if read_by(dump) != read_by(known):
        dump, known = (sorted(map(without_reader, rows), key=json.dumps) for rows in (dump, known))
    assert dump == known


def digest(lines: Iterable[str]) -> str:
    """As `records_sha256`: of the lines, each with its end."""
    return hashlib.sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()


def compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def gdfupin(*arguments: str) -> str:
    """What a verb says that must end well."""
    done = run(*arguments)
    assert done.returncode == 0, f"{arguments}: {done.stderr}"
    return done.stdout


def copied(name: str, folder: Path) -> Usual:
    """A copy of an archive as its user had it; the catalog is not among it."""
    output = folder / "output"
    shutil.copytree(OLD / name, output, symlinks=True, ignore=shutil.ignore_patterns(*BESIDE))
    return ("--output", str(output))


def dumped(usual: Usual) -> list[Row]:
    """The catalog, folded anew."""
    return [json.loads(line) for line in gdfupin("catalog", "--rebuild", "--dump", *usual).splitlines()]


def proven(usual: Usual) -> dict[str, Any]:
    """What `verify` counts, and whether all is whole."""
    answer = json.loads(gdfupin("verify", "--json", *usual))
    return {
        name: answer[name]
        for name in ("whole", "crawls", "captures", "lines", "readings", "catalog_compared", "damage")
    }


def counted(dump: list[Row]) -> dict[str, dict[str, int]]:
    """Articles by status and events by kind."""
    return {
        "articles": dict(sorted(Counter(row[2] for row in dump if row[0] == "article").items())),
        "events": dict(sorted(Counter(row[3] for row in dump if row[0] == "event").items())),
    }


WORDS = (
    (r"seen before the edit on (\S+), after it on (\S+)", r"seen so \1, otherwise \2"),
    (r"seen at its old place on (\S+), at the new one on (\S+)", r"seen there \1, elsewhere \2"),
)
"""Sentences of evidence that are worded anew: now, then."""


def as_then(line: str) -> str:
    """A line of `diff` without the fields that are new since, and its evidence in the words of then."""
    change = json.loads(line)
    for now, then in WORDS:
        change["evidence"] = re.sub(now, then, change["evidence"])
    return plain_json({name: value for name, value in change.items() if name not in NEW_SINCE})


def compared(usual: Usual, crawls: Iterable[str]) -> dict[str, Any]:
    """What lies between the ends of two crawls."""
    lines = gdfupin("diff", *crawls, "--format", "jsonl", *usual).splitlines()
    kinds = Counter(json.loads(line)["kind"] for line in lines)
    return {"lines": len(lines), "kinds": dict(sorted(kinds.items())), "sha256": digest(map(as_then, lines))}


def released(usual: Usual) -> dict[str, Any]:
    """What a release made now is, and what its records are to whoever leaves the reader out."""
    answer = json.loads(gdfupin("release", "--json", *usual))
    with gzip.open(Path(answer["folder"]) / "articles.jsonl.gz", "rt", encoding="utf-8") as file:
        records = [compact(without_reader(json.loads(line))) for line in file]
    names = ("release", "previous", "articles", "versions", "changes", "records_sha256")
    return {name: answer[name] for name in names} | {"records_sha256_without_reader": digest(records)}


@pytest.mark.parametrize("name", NAMES)
def test_an_old_archive_is_folded_proven_compared_and_released_as_it_was(name: str, tmp_path: Path) -> None:
    usual, known = copied(name, tmp_path), expected(name)
    dump = dumped(usual)
    made = {
        "counts": counted(dump),
        "verify": proven(usual),
        "diff": compared(usual, known["between"]),
        "release": released(usual),
    }
    wanted = {part: known[part] for part in made}
    assert_same(dump, expected_dump(name))
    assert without_reader(made) == without_reader(wanted)  # reader 2 reads these pages as reader 1 did


def test_an_old_release_is_what_was_published(tmp_path: Path) -> None:
    usual, old = copied("asp-tables", tmp_path), expected("asp-tables")["old_release"]
    answer = json.loads(gdfupin("release", "--verify", old["release"], "--json", *usual))
    assert (answer["good"], answer["bad"]) == (True, 0)
    manifest = json.loads((Path(answer["folder"]) / "manifest.json").read_text("utf-8"))
    assert manifest["records_sha256"] == old["records_sha256"]


def test_another_reader_that_reads_the_same_folds_and_releases_the_same(tmp_path: Path) -> None:
    """A profile with one word changed is another reader; `without_reader` leaves out all that it changes."""
    profile = tmp_path / "gdfupin.toml"
    profile.write_text(PROFILE.read_text("utf-8").replace('title = "广东扶贫网"', 'title = "广东扶贫网站"'), "utf-8")
    usual, known = (*copied("asp-tables", tmp_path), "--profile", str(profile)), expected("asp-tables")
    dump = dumped(usual)
    assert read_by(dump) != known["reader"]
    assert_same(dump, expected_dump("asp-tables"))
    made = {"verify": proven(usual), "release": released(usual)}
    wanted = {part: known[part] for part in made}
    assert made["release"]["records_sha256"] != wanted["release"]["records_sha256"]
    assert without_reader(made) == without_reader(wanted)
