"""`gdfupin release`."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..storage.archive_info import profile_of
from ..terminal import plain_json, pluralized, shown
from .options import JSON, OUTPUT, PROFILE
from .output import say

if TYPE_CHECKING:
    from ..releases.build import ReleaseResult
    from ..releases.publish import CopyReport, ReleaseList


@click.command("release")
@OUTPUT
@PROFILE
@click.option(
    "--name", metavar="NAME", help="Name of the release. Default: date of the newest crawl, such as 2026.11.23."
)
@click.option(
    "--allow",
    multiple=True,
    metavar="ASSERTION",
    help="Publish although this check fails, or NAME:TEXT: these problems of it. Repeatable.",
)
@click.option(
    "--keep",
    type=click.IntRange(1),
    metavar="N",
    help="Delete older releases than the newest N. Default: none is deleted.",
)
@click.option("--list", "listed", is_flag=True, help="List all releases.")
@click.option("--verify", metavar="FOLDER", help="Check a copy of a release, or a release of OUTPUT by name.")
@JSON
def release_command(
    output: Path,
    profile: str | None,
    name: str | None,
    allow: tuple[str, ...],
    keep: int | None,
    listed: bool,
    verify: str | None,
    as_json: bool,
) -> None:
    """Publish all articles as a dataset in OUTPUT/releases/: JSON Lines, Parquet, SQLite, CSV and metadata.

    \b
    gdfupin release                          make a release, unless no article changed
    gdfupin release --name 2026-report       make one in any case
    gdfupin release --allow leaks            although a check failed; recorded in the manifest
    gdfupin release --allow leaks:本报讯     although this line recurs; other lines stop the release
    gdfupin release --keep 12                and delete older ones than the newest twelve
    gdfupin release --list
    gdfupin release --verify 2026.11.23/     check this copy; no archive is needed

    A release is never changed. A release worse than the previous one is refused; OUTPUT/releases/latest refers to
    the newest one. The same crawls give the same bytes. Contents: docs/releases.md. Needs the extra `datasets`.
    """
    from ..releases import publish

    if listed:
        releases = publish.list_releases(output)
        _print(releases.encode(), list_lines(releases), as_json)
    elif verify is not None:
        report = publish.check_copy(output, verify, say)
        _print(report.encode(), check_lines(report), as_json)
        if not report.is_good:
            sys.exit(1)
    else:
        made = publish.make(output, profile_of(output, profile), name, allow, say)
        deleted = publish.retain(output, keep) if keep is not None else []
        lines = [*release_lines(made), *(f"deleted: {each}" for each in deleted)]
        _print({**made.encode(), "deleted": deleted}, lines, as_json)


def _print(data: dict[str, object], lines: list[str], as_json: bool) -> None:
    click.echo(plain_json(data) if as_json else "\n".join(map(shown, lines)))


def release_lines(made: "ReleaseResult") -> list[str]:
    """A release that was made or existed already, for people."""
    manifest, counts = made.manifest, made.manifest.counts
    if not made.new:
        return [f"nothing new: no article changed since {manifest.release}", str(made.folder)]
    since = f" since {manifest.previous.name}" if manifest.previous else ", the first release"
    lines = [
        f"{manifest.release}: {pluralized(counts['articles'], 'article')}, {pluralized(counts['versions'], 'version')}; "
        f"{pluralized(counts['changes'], 'change')}{since}"
    ]
    decided = {name: counts.get(name, 0) for name in ("corrections", "tombstones")}
    if any(decided.values()):
        listed = ", ".join(pluralized(count, name[:-1]) for name, count in decided.items() if count)
        lines.append(f"of persons: {listed}; CHANGES.md has those since the previous release")
    lines += [
        f"allowed: {each.assertion}" + "".join(f"\n  {what}" for what in each.let_pass) for each in manifest.allowed
    ]
    if unread := counts.get("unread_captures"):
        lines.append(
            f"without status and digest: {pluralized(unread, 'capture')} whose WARC file cannot be read; is a disk missing?"
        )
    lines += [f"  {file.bytes:>13,}  {file.name}" for file in manifest.files]
    return [*lines, str(made.folder)]


def list_lines(found: "ReleaseList") -> list[str]:
    """All releases, for people."""
    if not found.releases:
        return ["No releases yet: run `gdfupin release`."]
    return [
        f"{each.release:<14} {each.articles:>9,} articles {each.versions:>9,} versions "
        f"{pluralized(each.crawls, 'crawl'):>11} {each.bytes / 1e6:>9,.1f} MB"
        + (" latest" if each.release == found.latest else "")
        for each in found.releases
    ]


def check_lines(report: "CopyReport") -> list[str]:
    """The checks of a copy, for people."""
    lines = [f"{check.result:<8}{check.what}" + (f": {check.why}" if check.why else "") for check in report.checks]
    bad, missing, skipped = (report.count(result) for result in ("bad", "missing", "skipped"))
    wrong = [f"{pluralized(missing, 'file')} missing"] if missing else []
    wrong += [f"{pluralized(bad, 'check')} failed"] if bad else []
    verdict = ", ".join(wrong) or "The copy equals the published release"
    return [*lines, f"{verdict}{f'; {skipped} could not be checked' if skipped else ''}."]
