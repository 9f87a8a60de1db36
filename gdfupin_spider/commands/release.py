"""`gdfupin release`."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.cells import cell_len

from ..messages.record_words import word
from ..messages.recorded import recorded
from ..messages.text import COLON, T_, joined, translated
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
        lines = [*release_lines(made), *(T_("deleted: {each}", each=each) for each in deleted)]
        _print({**made.encode(), "deleted": deleted}, lines, as_json)


def _print(data: dict[str, object], lines: list[str], as_json: bool) -> None:
    click.echo(plain_json(data) if as_json else "\n".join(map(shown, lines)))


def release_lines(made: "ReleaseResult") -> list[str]:
    """A release that was made or existed already, for people."""
    manifest, counts = made.manifest, made.manifest.counts
    if not made.new:
        return [T_("nothing new: no article changed since {release}", release=manifest.release), str(made.folder)]
    figures = {
        "release": manifest.release,
        "articles": pluralized(counts["articles"], "article"),
        "versions": pluralized(counts["versions"], "version"),
        "changes": pluralized(counts["changes"], "change"),
    }
    lines = [
        T_("{release}: {articles}, {versions}; {changes} since {previous}", previous=manifest.previous.name, **figures)
        if manifest.previous
        else T_("{release}: {articles}, {versions}; {changes}, the first release", **figures)
    ]
    corrections, tombstones = counts.get("corrections", 0), counts.get("tombstones", 0)
    decided = [pluralized(corrections, "correction")] if corrections else []
    decided += [pluralized(tombstones, "tombstone")] if tombstones else []
    if decided:
        listed = joined(decided)
        lines.append(T_("of persons: {listed}; CHANGES.md has those since the previous release", listed=listed))
    lines += [
        T_("allowed: {assertion}", assertion=each.assertion)
        + "".join(f"\n  {recorded(what)}" for what in each.let_pass)
        for each in manifest.allowed
    ]
    if unread := counts.get("unread_captures"):
        lines.append(
            T_(
                "without status and digest: {captures} whose WARC file cannot be read; is a disk missing?",
                captures=pluralized(unread, "capture"),
            )
        )
    lines += [f"  {file.bytes:>13,}  {file.name}" for file in manifest.files]
    return [*lines, str(made.folder)]


def list_lines(found: "ReleaseList") -> list[str]:
    """All releases, for people."""
    if not found.releases:
        return [T_("No releases yet: run `gdfupin release`.")]
    return [
        T_(
            "{release:<14} {articles:>9,} articles {versions:>9,} versions {crawls:>11} {bytes:>9,.1f} MB",
            release=each.release,
            articles=each.articles,
            versions=each.versions,
            crawls=pluralized(each.crawls, "crawl"),
            bytes=each.bytes / 1e6,
        )
        + (T_(" latest") if each.release == found.latest else "")
        for each in found.releases
    ]


def check_lines(report: "CopyReport") -> list[str]:
    """The checks of a copy, for people."""
    lines = [
        f"{_column(check.result)}{shown(joined(filter(None, (check.what, check.why)), COLON))}"
        for check in report.checks
    ]
    bad, missing, skipped = (report.count(result) for result in ("bad", "missing", "skipped"))
    wrong = [T_("{files} missing", files=pluralized(missing, "file"))] if missing else []
    wrong += [T_("{checks} failed", checks=pluralized(bad, "check"))] if bad else []
    verdict = translated(joined(wrong)) or T_("The copy equals the published release")
    return [
        *lines,
        T_("{verdict}; {skipped} could not be checked.", verdict=verdict, skipped=skipped)
        if skipped
        else T_("{verdict}.", verdict=verdict),
    ]


def _column(result: str) -> str:
    """A result, as wide as the widest one."""
    text = translated(word(result))
    return text + " " * (8 - cell_len(text))
