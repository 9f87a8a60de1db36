"""`gdfupin release`."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from .. import profiles
from ..terminal import plain_json, shown
from .options import JSON, OUTPUT, PROFILE
from .output import say


@click.command("release")
@OUTPUT
@PROFILE
@click.option("--name", metavar="NAME", help="Instead of the date of the newest crawl, such as 2026.11.23.")
@click.option("--allow", multiple=True, metavar="ASSERTION", help="Lift what would stop the release. Repeatable.")
@click.option("--list", "listed", is_flag=True, help="The releases there are.")
@click.option("--verify", metavar="FOLDER", help="Check a copy of a release, or one of OUTPUT by its name.")
@JSON
def release_command(
    output: Path,
    profile: str,
    name: str | None,
    allow: tuple[str, ...],
    listed: bool,
    verify: str | None,
    as_json: bool,
) -> None:
    """Freeze all articles into a numbered dataset in OUTPUT/releases/: JSON Lines, Parquet, SQLite, CSV, and what
    describes them.

    \b
    gdfupin release                          the next one; nothing where no crawl is new
    gdfupin release --allow leaks            though a check said no; it stands in the manifest
    gdfupin release --list
    gdfupin release --verify 2026.11.23/     is this copy whole and true? Needs no archive

    A release is never changed. One that would be worse than the last is not made; OUTPUT/releases/latest leads to the
    last good one. The same crawls give the same bytes. docs/releases.md says what is in it. Takes the extra `datasets`.
    """
    from ..releases import publish

    if listed:
        report = publish.list_releases(output)
        text = list_lines(report)
    elif verify is not None:
        report = publish.check_copy(output, verify, say)
        text = check_lines(report)
    else:
        report = publish.make(output, profiles.load(profile), name, allow, say)
        text = release_lines(report)
    click.echo(plain_json(report) if as_json else "\n".join(map(shown, text)))
    if verify is not None and not report["good"]:
        sys.exit(1)


def release_lines(report: Mapping[str, Any]) -> list[str]:
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


def list_lines(report: Mapping[str, Any]) -> list[str]:
    """What a person reads of the releases there are."""
    if not report["releases"]:
        return ["There is no release yet: run `gdfupin release`."]
    return [
        f"{each['release']:<14} {each['articles']:>9,} articles {each['versions']:>9,} versions "
        f"{each['crawls']:>4} crawls {each['bytes'] / 1e6:>9,.1f} MB"
        + (" latest" if each["release"] == report["latest"] else "")
        for each in report["releases"]
    ]


def check_lines(report: Mapping[str, Any]) -> list[str]:
    """What a person reads of a copy that was verified."""
    text = [
        f"{each['result']:<8}{each['what']}" + (f": {each['why']}" if each["why"] else "") for each in report["checks"]
    ]
    verdict = "This is the release as it was published" if report["good"] else f"{report['bad']} things are wrong"
    skipped = f"; {report['skipped']} could not be checked" if report["skipped"] else ""
    return [*text, f"{verdict}{skipped}."]
