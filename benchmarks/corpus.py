"""What a change of the rules does to real pages: python -m benchmarks.corpus --base REV [--folder FOLDER]...

Reads every page of tests/corpus, and of the folders given, with this working tree and with the revision REV, and prints record
by record which fields became right (gain) or wrong (loss), and which changed where nobody wrote down what is right. Ends with 0
where nothing is lost, else with 1.

A FOLDER is one of three things: pages with a `manifest.jsonl` (see samples.real); pages in the form of tests/corpus
(`PROFILE/NAME/capture.json`); or a crawl, or the output folder of an archive, whose WARC files are read.
"""

import argparse
import base64
import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from gdfupin_spider import warc
from gdfupin_spider.items import Capture

from .score import score

ROOT = Path(__file__).parent.parent
CORPUS = ROOT / "tests" / "corpus"
READER = ROOT / "benchmarks" / "outcome.py"
SAME_TEXT = 0.001
"""A difference of F1 below which two bodies are equally right."""

Fields = Mapping[str, Any]


@dataclass(frozen=True)
class Unit:
    """A page, or the pages of one article, to be read by both versions."""

    id: str
    profile: str
    """Name of a bundled profile, or path of a TOML file."""
    captures: tuple[Mapping[str, Any], ...]
    """`url`, `status`, `headers`, `captured_at` and `payload` (Base64) of each page."""
    alone: bool = False
    """Bytes alone are read as an article, without headers, as in benchmarks.reading."""
    layouts: bool = False
    """With the layouts that each version learns from all such units of the profile."""
    expected: Fields | None = None
    """The fields of `expected.json`; None where there is none."""
    truth: Fields | None = None
    """`title`, `date`, `source` and `body` of a real page, and its `kind`; None where nobody wrote them down."""


@dataclass(frozen=True)
class Difference:
    """One field of one page that the two versions read differently."""

    page: str
    field: str
    verdict: Literal["gain", "loss", "change"]
    before: Any
    after: Any


# --- pages ------------------------------------------------------------------------------------------------------------


def units(folders: Iterable[Path] = (), layouts: bool = False) -> Iterator[Unit]:
    """The pages of tests/corpus and of these folders."""
    yield from _corpus(CORPUS)
    for folder in folders:
        if (folder / "manifest.jsonl").is_file():
            yield from _real(folder)
        elif next(folder.glob("*/*/capture.json"), None) is not None:
            yield from _corpus(folder)
        elif files := sorted({*folder.rglob("*.warc.gz"), *folder.rglob("*.warc")}):
            yield from _crawled(folder, files, layouts)
        else:
            raise SystemExit(f"{folder} has no manifest.jsonl, no PROFILE/NAME/capture.json and no WARC file")


def _corpus(folder: Path) -> Iterator[Unit]:
    for file in sorted(folder.glob("*/*/capture.json")):
        about = json.loads(file.read_text("utf-8"))
        parts = [about, *about.get("parts", ())]
        captures = tuple(_part(part, (file.parent / part.get("file", "page.html")).read_bytes()) for part in parts)
        known = file.with_name("expected.json")
        expected = flat(json.loads(known.read_text("utf-8"))) if known.is_file() else None
        profile = file.parent.parent.name
        yield Unit(f"{profile}/{file.parent.name}", profile, captures, expected=expected)


def _real(folder: Path) -> Iterator[Unit]:
    for line in (folder / "manifest.jsonl").read_text("utf-8").splitlines():
        about = json.loads(line)
        address = f"http://{about.get('source', 'localhost')}.example/{about.get('path', about['file'])}"
        part = {"url": address, "status": 200, "headers": [["Content-Type", "text/html"]]}
        truth = {**(about.get("truth") or {}), "kind": about.get("kind")}
        payload = (folder / about["file"]).read_bytes()
        yield Unit(about["file"], "general", (_part(part, payload),), alone=True, truth=truth)


def _crawled(folder: Path, files: Sequence[Path], layouts: bool) -> Iterator[Unit]:
    """The distinct pages of a crawl or archive, each read alone, and with `layouts` as a crawl reads them, too."""
    homes = (parent / "profile.toml" for parent in (folder, *folder.parents[:2], *files[0].parents[:3]))
    own = next((home for home in homes if home.is_file()), None)
    seen: set[tuple[str, str]] = set()
    for file in files:
        for capture in warc.read(file, lambda damage: None):
            key = capture.url, capture.proof.payload_sha256
            if capture.purpose in ("page", "part") and key not in seen:
                seen.add(key)
                part = _part(_about(capture), capture.payload)
                name = f"{folder.resolve().name}: {capture.url}"
                yield Unit(name, str(own or "general"), (part,))
                if layouts:
                    yield Unit(f"{name} (layouts)", str(own or "general"), (part,), layouts=True)


def _about(capture: Capture) -> dict[str, Any]:
    headers = [list(header) for header in capture.headers]
    return {"url": capture.url, "status": capture.status, "headers": headers, "captured_at": capture.captured_at}


def _part(about: Mapping[str, Any], payload: bytes) -> dict[str, Any]:
    names = ("url", "status", "headers")
    captured_at = about.get("captured_at", "2026-11-20T03:04:05Z")
    return {name: about[name] for name in names} | {
        "captured_at": captured_at,
        "payload": base64.b64encode(payload).decode(),
    }


def flat(result: Fields) -> dict[str, Any]:
    """The fields of `expected.json`, those of the article beside kind, rows and the like."""
    return {name: value for name, value in result.items() if name != "article"} | dict(result.get("article") or {})


# --- two versions -----------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def checked_out(revision: str) -> Iterator[Path]:
    """A temporary folder with the package as it was at a revision. Raises SystemExit if git does not know it."""
    with tempfile.TemporaryDirectory(prefix="gdfupin-base-") as name:
        archive = subprocess.run(
            ["git", "archive", "--format=tar", revision, "gdfupin_spider"], cwd=ROOT, capture_output=True, check=False
        )
        if archive.returncode:
            raise SystemExit(f"git has no revision {revision!r}: {archive.stderr.decode().strip()}")
        subprocess.run(["tar", "-x", "-C", name], input=archive.stdout, check=True)
        yield Path(name)


def read_by(trees: Sequence[Path], pages: Sequence[Unit]) -> list[dict[str, Fields]]:
    """The fields of each page as the package in each of these folders reads it, by id. The versions run side by side."""
    with tempfile.TemporaryDirectory(prefix="gdfupin-units-") as name:
        file = Path(name) / "units.jsonl"
        with file.open("w", encoding="utf-8") as lines:
            for unit in pages:
                sent = {key: getattr(unit, key) for key in ("id", "profile", "captures", "alone", "layouts")}
                lines.write(json.dumps(sent) + "\n")
        running = []
        for number, tree in enumerate(trees):
            printed = (Path(name) / f"{number}.jsonl").open("w+", encoding="utf-8")
            environment = os.environ | {"PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1"}
            command = [sys.executable, "-P", str(READER), str(file)]
            running.append((subprocess.Popen(command, env=environment, stdout=printed), printed))
        found = []
        for process, printed in running:
            code = process.wait()
            with printed:
                if code:
                    raise SystemExit(f"reading with {process.args!r} ended with {code}")
                printed.seek(0)
                found.append({line["id"]: line["fields"] for line in map(json.loads, printed)})
        return found


# --- comparison -------------------------------------------------------------------------------------------------------


def differences(pages: Iterable[Unit], before: Mapping[str, Fields], after: Mapping[str, Fields]) -> list[Difference]:
    """Every field of every page that the two versions read differently, in page order."""
    return [found for unit in pages for found in _compared(unit, before[unit.id], after[unit.id])]


def _compared(unit: Unit, before: Fields, after: Fields) -> Iterator[Difference]:
    scored = _scored(unit, before), _scored(unit, after)
    for name in dict.fromkeys((*before, *after)):
        one, two = before.get(name), after.get(name)
        if one == two or (not one and not two):  # a listing has no pictures, and an article without has an empty list
            continue
        if name in scored[0]:
            change = scored[1][name] - scored[0][name]
            verdict = "gain" if change > SAME_TEXT else "loss" if change < -SAME_TEXT else "change"
        elif unit.expected is not None and name in unit.expected:
            right = unit.expected[name]
            verdict = "loss" if one == right else "gain" if two == right else "change"
        elif name == "error":
            verdict = "loss" if two else "gain"
        else:
            verdict = "change"
        yield Difference(unit.id, name, verdict, one, two)  # type: ignore[arg-type]


def _scored(unit: Unit, fields: Fields) -> dict[str, float]:
    """How right the fields are whose truth is known, from 0 to 1."""
    if unit.truth is None:
        return {}
    found: dict[str, float] = {}
    if unit.truth.get("kind") in ("article", "listing"):
        found["kind"] = float(fields.get("kind") == unit.truth["kind"])
    if "body" in unit.truth:
        scores = score(fields, unit.truth)
        found |= {"body": scores.get("F1", 0.0)} | {name: scores[name] for name in ("title",) if name in scores}
        found["date"] = scores["date"] if "date" in scores else float(not fields.get("date"))
        found["source"] = scores["source"] if "source" in scores else 1 - scores["invented"]
    return found


# --- report -----------------------------------------------------------------------------------------------------------


def report(pages: Sequence[Unit], found: Sequence[Difference]) -> Iterator[str]:
    """The differences as text, losses first."""
    for verdict in ("loss", "gain", "change"):
        for each in (each for each in found if each.verdict == verdict):
            one, two = _shown(each.before, each.after)
            yield f"{verdict:<6} {each.page}  {each.field}: {one} -> {two}"
    counts = {verdict: sum(each.verdict == verdict for each in found) for verdict in ("loss", "gain", "change")}
    touched = len({each.page for each in found})
    yield (
        f"{len(pages)} pages, {touched} read differently: {counts['gain']} fields gained, {counts['loss']} lost, "
        f"{counts['change']} changed"
    )


def _shown(one: Any, two: Any, width: int = 60) -> tuple[str, str]:
    """Two values, short, from shortly before the place where they begin to differ."""
    texts = [value if isinstance(value, str) else json.dumps(value, ensure_ascii=False) for value in (one, two)]
    start = next((at for at, pair in enumerate(zip(*texts, strict=False)) if pair[0] != pair[1]), min(map(len, texts)))
    start = max(0, start - 12) if max(map(len, texts)) > width else 0
    first, second = (
        ("…" if start else "") + text[start : start + width] + ("…" if len(text) > start + width else "")
        for text in texts
    )
    return " ".join(first.split()) or "''", " ".join(second.split()) or "''"


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare, print, and return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.corpus",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="example: python -m benchmarks.corpus --base main --folder output",
    )
    parser.add_argument("--base", required=True, metavar="REV", help="the revision of git to compare with")
    parser.add_argument("--folder", action="append", default=[], type=Path, metavar="FOLDER", help="more pages")
    parser.add_argument("--layouts", action="store_true", help="read crawls with the layouts learned from them, too")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    asked = parser.parse_args(arguments)
    pages = list(units(asked.folder, asked.layouts))
    with checked_out(asked.base) as base:
        before, after = read_by((base, ROOT), pages)
    found = differences(pages, before, after)
    if asked.json:
        lists = {
            plural: [asdict(each) for each in found if each.verdict == verdict]
            for verdict, plural in (("gain", "gains"), ("loss", "losses"), ("change", "changes"))
        }
        print(json.dumps({"base": asked.base, "pages": len(pages), **lists}, ensure_ascii=False, indent=1))
    else:
        print("\n".join(report(pages, found)))
    return int(any(each.verdict == "loss" for each in found))


if __name__ == "__main__":
    sys.exit(main())
