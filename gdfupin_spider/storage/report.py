"""Reports of crawls and readings, written last and sealed."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from .durable import write_whole
from .line_file import LineFile


def write_report(
    path: Path, report: Mapping[str, Any], files: Iterable[LineFile], older: Mapping[str, Any] | None = None
) -> None:
    """Writes a report with the seals of the files beside it, and one of its own. `older`: seals that still stand.

    Raises CannotWrite.
    """
    said = {**report, "files": {**(older or {}), **{file.path.name: file.seal() for file in files}}}
    write_whole(path, json.dumps({**said, "seal": seal_of(said)}, ensure_ascii=False, indent=2) + "\n")


def seal_of(report: Mapping[str, Any]) -> str:
    """The SHA-256 of what a report says, its seal left out."""
    said = {key: value for key, value in report.items() if key != "seal"}
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()
