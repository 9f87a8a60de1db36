"""Releases of an output: update the catalog, build, list, check a copy."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from .. import config
from ..catalog import Catalog, coverage
from ..catalog.update import catch_up
from ..errors import NoSuchRelease
from ..monitoring.completeness import sections
from ..monitoring.id_gaps import runs
from ..profiles import Profile
from ..storage.lock import OutputLock
from ..storage.lookup import every
from .build import ReleaseResult, release
from .folder import ReleasesFolder
from .metadata import Gap
from .verification import verify

Say = Callable[[str], None]

WHY: Mapping[str, str] = {
    "missing": "Named by a listing; the page is gone.",
    "moved": "Named by a listing; it redirects to a page that is not an article.",
    "blocked": "Named by a listing; the server refuses access.",
    "unreadable": "Named by a listing; the page could not be read as an article. Its bytes are in the archive.",
    "failed": "Named by a listing; no response came.",
    "oversize": "Named by a listing; the response is too long.",
    "no-article": "Named by a listing; it is a file or another page, not an article.",
    "not-asked": "Named by a listing; no crawl has requested it yet.",
    "never-linked": "Difference between the total that a listing prints and the number of articles it links to.",
}
"""Meaning of each reason of the completeness report, for readers of the dataset."""
UNMET = "unmet-number"


def make(
    output: Path,
    profile: Profile,
    name: str | None = None,
    allow: Sequence[str] = (),
    say: Say = lambda text: None,
) -> dict[str, Any]:
    """Takes the lock, updates the catalog, makes a release; returns the result for JSON.

    Raises NoSuchCrawl, CrawlRunning, ReleaseWorse, ReleaseExists, NoSuchRelease, NotInstalled, WrongSetting, CannotWrite, ArchiveError.
    """
    every(output)  # so that a mistyped output is not created
    with OutputLock(output, "gdfupin release"):
        catch_up(output, profile, config.load(output).rules, say=say)
        return _as_dict(release(output, profile, name, allow, known_gaps, say))


def list_releases(output: Path) -> dict[str, Any]:
    """All releases for JSON, oldest first. Raises ArchiveError, NoSuchRelease."""
    folder = ReleasesFolder(output)
    manifests = [folder.manifest(name) for name in folder.names()]
    return {
        "latest": folder.latest(),
        "releases": [
            {
                "release": each.release,
                "folder": str(folder.path(each.release)),
                "date": each.date,
                "reader": each.reader,
                "articles": each.counts["articles"],
                "versions": each.counts["versions"],
                "crawls": len(each.crawls),
                "bytes": sum(file.bytes for file in each.files),
                "previous": each.previous.name if each.previous else None,
            }
            for each in manifests
        ],
    }


def check_copy(output: Path, asked: str, say: Say = lambda text: None) -> dict[str, Any]:
    """Verifies a folder, or a release of the output by name; the result for JSON. Raises NoSuchRelease."""
    path = Path(asked)
    if not path.is_dir():
        folder = ReleasesFolder(output)
        path = folder.path(asked)
        if not path.is_dir():
            names = f"there are {', '.join(folder.names()[-5:])}" if folder.names() else "there is none yet"
            raise NoSuchRelease(f"{asked}: neither a folder nor a release of {output}: {names}")
    checks = list(verify(path, say))
    results = [check.result for check in checks]
    return {
        "folder": str(path),
        "good": "bad" not in results,
        **{result: results.count(result) for result in ("ok", "bad", "skipped")},
        "checks": [{"what": check.what, "result": check.result, "why": check.why} for check in checks],
    }


def known_gaps(catalog: Catalog) -> Iterator[Gap]:
    """Known gaps, by section and reason."""
    for section, figures in sections(catalog).items():
        for why, count in figures.missing.items():
            yield Gap(why, section, count, WHY[why])
    for run in runs(coverage.addresses(catalog)):
        if run.unknown:
            meaning = f"Numbers of {run.pattern} from {run.first} to {run.last} that no known address has."
            yield Gap(UNMET, None, run.unknown, meaning)


def _as_dict(made: ReleaseResult) -> dict[str, Any]:
    figures = made.manifest
    return {
        "release": figures.release,
        "folder": str(made.folder),
        "data": "demo" if any("demo" in each.crawl.origins for each in figures.crawls) else "live",
        "new": made.new,
        "previous": figures.previous.name if figures.previous else None,
        "articles": figures.counts["articles"],
        "versions": figures.counts["versions"],
        "changes": figures.counts["changes"],
        "records_sha256": figures.records_sha256,
        "allowed": [{"assertion": each.assertion, "let_pass": list(each.let_pass)} for each in figures.allowed],
        "files": [{"name": file.name, "bytes": file.bytes, "sha256": file.sha256} for file in figures.files],
    }
