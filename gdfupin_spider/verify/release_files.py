"""Checks the releases of an archive: every file against SHA256SUMS, and that against the manifest."""

from pathlib import Path

from ..messages.text import N_
from ..releases import manifest
from ..releases.folder import ReleasesFolder
from ..releases.verification import file_checks
from .findings import Finding, OnFinding


def prove_releases(output: Path, on_finding: OnFinding) -> int:
    """Returns the number of releases. Their contents are read by `gdfupin release --verify`."""
    releases = ReleasesFolder(output)
    names = releases.folder_names()
    for name in names:
        path = releases.path(name)
        for check in file_checks(path):
            if check.result in ("bad", "missing"):
                file = path / (check.what if " " not in check.what else manifest.NAME)
                on_finding(
                    Finding("release", file, None, N_("it is missing") if check.result == "missing" else check.why)
                )
    return len(names)
