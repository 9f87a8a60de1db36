"""What the program read of known bytes at 58ece1b, as digests: a change of the program that changes none has changed nothing.

`python -m tests.recorded` records them anew into lines.json. Left out is what differs from run to run (times, places in WARC
files, which of two addresses of one article came first) and what says who read and how a thing was worded.
"""

import hashlib
import json
import random
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from tests.pages import corpus
from tests.pages.dressed import DRESSES, Dress
from tests.pages.whole_pages import made

FILE = Path(__file__).with_name("lines.json")
KINDS = ("articles", "sightings", "pages", "media", "issues")
SEEDS = 200
GENERATED = "http://www.gdfupin.org.cn/news/show.asp?id=7"
Line = dict[str, Any]
Twins = Mapping[str, str]
"""Address of an article that was met at several to the smallest of them."""
OF_TWINS = ("id", "section", "breadcrumb", "content_sha256", "captures", "capture", "etag", "last_modified", "same_as",
            "section_before", "before", "after")  # fmt: skip
"""What depends on which of several addresses was captured first."""
NOT_SAID = ("captured_at", "origin", "reader", "evidence")
ADDED = ("row_dates",)
"""Fields that lines did not have then; test_search.py has them."""
URLS = ("url", "url_before")
LOOKS = ("seen_before", "seen_after", "missing_since")


def known() -> dict[str, Any]:
    """What was recorded."""
    answer: dict[str, Any] = json.loads(FILE.read_text("utf-8"))
    return answer


def of_crawl(folder: Path) -> dict[str, str]:
    """Of each kind of lines of a whole crawl without faults: how many, and their digest."""
    twins = _twins([folder])
    return {kind: _digest(_plain(kind, line, twins) for line in _lines(folder, kind)) for kind in KINDS}


def of_changes(output: Path) -> list[str]:
    """The same of what each crawl of an archive brought to light, crawl by crawl."""
    folders = sorted((output / "crawls").iterdir())
    twins = _twins(folders)
    return [_digest(_plain("changes", line, twins) for line in _lines(folder, "changes")) for folder in folders]


def of_corpus() -> dict[str, str]:
    """Of each page of the corpus a short digest of what is read from it."""
    return {f"{each.parent.name}/{each.name}": _short(corpus.reading(each)) for each in corpus.folders()}


def of_generated(dress: Dress) -> str:
    """The digest of pages of a dress, drawn by fixed dice."""
    with tempfile.TemporaryDirectory() as folder:
        return _digest(_drawn(Path(folder) / "gdfupin" / "page", seed, dress) for seed in range(SEEDS))


def names(dresses: Iterable[Dress] = DRESSES) -> dict[str, Dress]:
    return {dress.__name__.strip("_"): dress for dress in dresses}


def _drawn(folder: Path, seed: int, dress: Dress) -> Line:
    folder.mkdir(parents=True, exist_ok=True)
    payload, _ = made(random.Random(seed), dress)
    (folder / "page.html").write_bytes(payload)
    headers = [["Content-Type", "text/html"]]
    about = {"url": GENERATED, "status": 200, "headers": headers, "captured_at": "2026-11-20T03:04:05Z"}
    (folder / "capture.json").write_text(json.dumps(about), "utf-8")
    return {"seed": seed, **corpus.reading(folder)}


def _lines(folder: Path, kind: str) -> list[Line]:
    return [json.loads(line) for line in (folder / f"{kind}.jsonl").read_text("utf-8").splitlines()]


def _twins(folders: Iterable[Path]) -> Twins:
    groups: dict[str, set[str]] = {}
    for folder in folders:
        for line in _lines(folder, "sightings"):
            if line["same_as"]:
                group = groups.get(line["url"], {line["url"]}) | groups.get(line["same_as"], {line["same_as"]})
                groups |= dict.fromkeys(group, group)
    return {url: min(group) for url, group in groups.items()}


def _plain(kind: str, line: Line, twins: Twins) -> Line:
    """A line without what may differ although the same was read."""
    plain = {name: value for name, value in line.items() if name not in (*NOT_SAID, *ADDED)}
    if any(line.get(name) in twins for name in URLS):
        plain = {name: value for name, value in plain.items() if name not in OF_TWINS}
        plain["second"] = bool(line.get("same_as"))
    for name in URLS:
        if name in plain:
            plain[name] = twins.get(plain[name], plain[name])
    for name in LOOKS:
        if plain.get(name):
            plain[name] = plain[name][:13]  # to the hour: a slow machine is slow by minutes
    if plain.get("kind") == "home" or kind == "issues":  # the home page counts its visitors
        plain.pop("capture", None)
    if "capture" in plain:
        plain["capture"] = _payload(plain["capture"])
    if "captures" in plain:
        plain["captures"] = [_payload(each) for each in plain["captures"]]
    return plain


def _payload(capture: Mapping[str, Any] | None) -> str | None:
    return str(capture["payload_sha256"]) if capture else None


def _digest(lines: Iterable[Line]) -> str:
    """How many lines, and what they say, whatever their order."""
    reported = sorted(map(_text, lines))
    return f"{len(reported)} {hashlib.sha256(''.join(reported).encode()).hexdigest()}"


def _short(answer: Line) -> str:
    return hashlib.sha256(_text(answer).encode()).hexdigest()[:12]


def _text(answer: Line) -> str:
    return json.dumps(answer, ensure_ascii=False, sort_keys=True) + "\n"
