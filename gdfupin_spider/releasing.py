"""The verb `gdfupin release`: folds, makes a release or says why not; lists releases; verifies a copy of one."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from . import orders
from .catalog import Catalog, holdings
from .cataloguing import catch_up
from .crawls import OutputLock
from .datasets.about import Gap
from .datasets.building import Made, release
from .datasets.shelf import Shelf
from .datasets.verifying import Check, verify
from .errors import NoSuchRelease
from .meant import every
from .operations.completeness import sections
from .operations.gaps import runs
from .profiles import Profile

Say = Callable[[str], None]

WHY: Mapping[str, str] = {
    "missing": "A listing names it, and its page is gone.",
    "moved": "A listing names it, and it leads to another page that is no article.",
    "blocked": "A listing names it, and the server refuses us.",
    "unreadable": "A listing names it, and its page could not be understood; the bytes are in the archive.",
    "failed": "A listing names it, and no answer came.",
    "oversize": "A listing names it, and it is too long to be fetched.",
    "no-article": "A listing names it, and it is a file or another page, not an article.",
    "not-asked": "A listing names it, and no crawl has asked for it yet.",
    "never-linked": "A listing says there are so many more articles than it links to.",
}
"""What a reason of the ledger means to the reader of a dataset."""
UNMET = "unmet-number"


def make(
    output: Path,
    profile: Profile,
    name: str | None = None,
    allow: Sequence[str] = (),
    say: Say = lambda text: None,
) -> dict[str, Any]:
    """Takes the lock, folds, releases; what came of it, for people and machines.

    Raises NoSuchCrawl, CrawlRunning, ReleaseWorse, ReleaseExists, NoSuchRelease, NotInstalled, WrongSetting, CannotWrite, ArchiveError.
    """
    every(output)  # a mistyped output is not made
    with OutputLock(output, "gdfupin release"):
        catch_up(output, profile, orders.load(output).rules, say=say)
        return _told_of(release(output, profile, name, allow, known_gaps, say))


def shelf(output: Path) -> dict[str, Any]:
    """The releases there are, oldest first. Raises ArchiveError, NoSuchRelease."""
    there = Shelf(output)
    manifests = [there.manifest(name) for name in there.names()]
    return {
        "latest": there.latest(),
        "releases": [
            {
                "release": each.release,
                "folder": str(there.path(each.release)),
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


def checked(output: Path, asked: str, say: Say = lambda text: None) -> dict[str, Any]:
    """Verifies a folder, or the release of that name (or `latest`) of the output. Raises NoSuchRelease."""
    path = Path(asked)
    if not path.is_dir():
        there = Shelf(output)
        path = there.path(asked)
        if not path.is_dir():
            names = f"there are {', '.join(there.names()[-5:])}" if there.names() else "there is none yet"
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
    """What the ledger of completeness knows to be missing, by section and reason."""
    for section, told in sections(catalog).items():
        for why, count in told["missing"].items():
            yield Gap(why, section, count, WHY[why])
    for run in runs(holdings.addresses(catalog)):
        if run["unknown"]:
            span = f"{run['first']} to {run['last']}"
            meaning = f"Running numbers of {run['pattern']} from {span} that nothing we met has."
            yield Gap(UNMET, None, run["unknown"], meaning)


def said(report: Mapping[str, Any]) -> list[str]:
    """What a person reads of a release that was made, or was there."""
    if not report["new"]:
        return [f"nothing new: {report['release']} is made of the same crawls", report["folder"]]
    since = f" since {report['previous']}" if report["previous"] else ", the first release"
    lines = [
        f"{report['release']}: {report['articles']:,} articles, {report['versions']:,} versions; "
        f"{report['changes']:,} changes{since}"
    ]
    lines += [
        f"allowed: {each['assertion']}" + "".join(f"\n  {what}" for what in each["let_pass"])
        for each in report["allowed"]
    ]
    lines += [f"  {each['bytes']:>13,}  {each['name']}" for each in report["files"]]
    return [*lines, report["folder"]]


def said_of_shelf(report: Mapping[str, Any]) -> list[str]:
    """What a person reads of the releases there are."""
    if not report["releases"]:
        return ["There is no release yet: run `gdfupin release`."]
    return [
        f"{each['release']:<14} {each['articles']:>9,} articles {each['versions']:>9,} versions "
        f"{each['crawls']:>4} crawls {each['bytes'] / 1e6:>9,.1f} MB"
        + (" latest" if each["release"] == report["latest"] else "")
        for each in report["releases"]
    ]


def said_of_checks(report: Mapping[str, Any]) -> list[str]:
    """What a person reads of a copy that was verified."""
    told = [
        f"{each['result']:<8}{each['what']}" + (f": {each['why']}" if each["why"] else "") for each in report["checks"]
    ]
    verdict = "This is the release as it was published" if report["good"] else f"{report['bad']} things are wrong"
    skipped = f"; {report['skipped']} could not be checked" if report["skipped"] else ""
    return [*told, f"{verdict}{skipped}."]


def _told_of(made: Made) -> dict[str, Any]:
    told = made.manifest
    return {
        "release": told.release,
        "folder": str(made.folder),
        "new": made.new,
        "previous": told.previous.name if told.previous else None,
        "articles": told.counts["articles"],
        "versions": told.counts["versions"],
        "changes": told.counts["changes"],
        "records_sha256": told.records_sha256,
        "allowed": [{"assertion": each.assertion, "let_pass": list(each.let_pass)} for each in told.allowed],
        "files": [{"name": file.name, "bytes": file.bytes, "sha256": file.sha256} for file in told.files],
    }


__all__ = ["Check", "checked", "known_gaps", "make", "said", "said_of_checks", "said_of_shelf", "shelf"]
