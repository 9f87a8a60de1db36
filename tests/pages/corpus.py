"""The corpus: pages as raw bytes, and what they say, written by hand.

corpus/<profile>/<what-it-shows>/
    page.html        the payload as the server sent it
    capture.json     url, status, headers, captured_at; `parts` where an article goes on in further files
    expected.json    everything that reading must give (see `reading`)
"""

import hashlib
import json
from pathlib import Path
from typing import Any

from benchmarks.outcome import WARC, outcome
from gdfupin_spider.items import Capture, Proof
from gdfupin_spider.profiles import load

CORPUS = Path(__file__).parent.parent / "corpus"


def folders(corpus: Path = CORPUS) -> list[Path]:
    """All folders of the corpus, by profile and name."""
    return sorted(path.parent for path in corpus.glob("*/*/capture.json"))


def captures(folder: Path) -> list[Capture]:
    """The captures of a folder, in page order; the offset of each stands for its number."""
    result = json.loads((folder / "capture.json").read_text("utf-8"))
    found = []
    for number, one in enumerate([result, *result.get("parts", ())]):
        payload = (folder / one.get("file", "page.html")).read_bytes()
        headers = tuple((name, value) for name, value in one["headers"])
        proof = Proof(WARC, number, hashlib.sha256(payload).hexdigest())
        found.append(Capture(one["url"], one["captured_at"], one["status"], headers, payload, proof))
    return found


def reading(folder: Path) -> dict[str, Any]:
    """Everything that reading a folder gives, in the form of `expected.json`."""
    return outcome(captures(folder), load(folder.parent.name))
