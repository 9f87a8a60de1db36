"""`gdfupin release`."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from ..storage.archive_info import profile_of
from ..terminal import plain_json, shown
from .options import JSON, OUTPUT, PROFILE
from .output import say


@click.command("release")
@OUTPUT
@PROFILE
@click.option(
    "--name", metavar="NAME", help="Name of the release. Default: date of the newest crawl, such as 2026.11.23."
)
@click.option("--allow", multiple=True, metavar="ASSERTION", help="Publish although this check fails. Repeatable.")
@click.option("--list", "listed", is_flag=True, help="List all releases.")
@click.option("--verify", metavar="FOLDER", help="Check a copy of a release, or a release of OUTPUT by name.")
@JSON
def release_command(
    output: Path,
    profile: str | None,
    name: str | None,
    allow: tuple[str, ...],
    listed: bool,
    verify: str | None,
    as_json: bool,
) -> None:
    """Publish all articles as a dataset in OUTPUT/releases/: JSON Lines, Parquet, SQLite, CSV and metadata.

    \b
    gdfupin release                          make a release, unless no crawl is new
    gdfupin release --allow leaks            although a check failed; recorded in the manifest
    gdfupin release --list
    gdfupin release --verify 2026.11.23/     check this copy; no archive is needed

    A release is never changed. A release worse than the previous one is refused; OUTPUT/releases/latest refers to
    the newest one. The same crawls give the same bytes. Contents: docs/releases.md. Needs the extra `datasets`.
    """
    from ..releases import publish

    if listed:
        report = publish.list_releases(output)
        text = list_lines(report)
    elif verify is not None:
        report = publish.check_copy(output, verify, say)
        text = check_lines(report)
    else:
        report = publish.make(output, profile_of(output, profile), name, allow, say)
        text = release_lines(report)
    click.echo(plain_json(report) if as_json else "\n".join(map(shown, text)))
    if verify is not None and not report["good"]:
        sys.exit(1)


def release_lines(report: Mapping[str, Any]) -> list[str]:
    """A release that was made or existed already, for people."""
    if not report["new"]:
        return [f"nothing new: {report['release']} was made from the same crawls", report["folder"]]
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


def list_lines(report: Mapping[str, Any]) -> list[str]:
    """All releases, for people."""
    if not report["releases"]:
        return ["No releases yet: run `gdfupin release`."]
    return [
        f"{each['release']:<14} {each['articles']:>9,} articles {each['versions']:>9,} versions "
        f"{each['crawls']:>4} crawls {each['bytes'] / 1e6:>9,.1f} MB"
        + (" latest" if each["release"] == report["latest"] else "")
        for each in report["releases"]
    ]


def check_lines(report: Mapping[str, Any]) -> list[str]:
    """The checks of a copy, for people."""
    text = [
        f"{each['result']:<8}{each['what']}" + (f": {each['why']}" if each["why"] else "") for each in report["checks"]
    ]
    verdict = "The copy equals the published release" if report["good"] else f"{report['bad']} checks failed"
    skipped = f"; {report['skipped']} could not be checked" if report["skipped"] else ""
    return [*text, f"{verdict}{skipped}."]
