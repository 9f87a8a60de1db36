"""`gdfupin scout`."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from ..errors import ExitCode
from ..messages.record_words import word
from ..messages.text import COLON, T_, joined, translated
from ..storage.archive_info import profile_of
from ..storage.crawls import crawls
from ..terminal import console, plain_json, pluralized, shown
from .options import JSON, OUTPUT, PROFILE
from .output import profile_option, runnable, say, typed

if TYPE_CHECKING:
    from ..sources.scouting.scout_report import ScoutReport  # imports all of reading


@click.command("scout")
@OUTPUT
@PROFILE
@click.option("-q", "--quiet", is_flag=True, help="Print no progress.")
@JSON
def scout_command(output: Path, profile: str | None, quiet: bool, as_json: bool) -> None:
    """Show where the site can still be had: live, and in web archives. Fetches no article.

    \b
    gdfupin scout
    gdfupin scout --profile my-site.toml --output county
    gdfupin scout --json

    Looks at the first pages of the live site, and counts what the Wayback Machine and the archives of [archives] in
    operator.toml have, by year and kind of page. Estimates how many articles there were, and ends with the command to type
    next. A source that cannot be reached is named, and the others go on.
    """
    from .. import config
    from ..sources.scouting.scout_report import scouted  # imports all of reading

    known = profile_of(output, profile)
    settings = config.load(output).archives
    report = scouted(output, known, settings, len(crawls(output)), say=say if not quiet else lambda text: None)
    if as_json:
        click.echo(plain_json(report.encode()))
    else:
        console().print(Group(*_parts(report)))
        for line in _next(report, output, profile_option(output, profile)):
            click.echo(line)  # never broken: it is to be copied
    unreachable = report.live.verdict == "unreachable" and all(archive.error for archive in report.archives)
    sys.exit(ExitCode.UNREACHABLE if unreachable else ExitCode.COMPLETE)


def _parts(report: "ScoutReport") -> list[RenderableType]:
    """The report for people, without the commands."""
    parts: list[RenderableType] = [Text(), _live(report)]
    captures = _table(
        T_("Web archives: pages of the site"),
        ("archive", "captures", "addresses", "payloads", "articles", "not held", "years"),
    )
    for archive in report.archives:
        if archive.error is not None:
            captures.add_row(archive.name, *("–" * 5), T_("cannot be asked"))
            continue
        years = f"{min(archive.years)}–{max(archive.years)}" if archive.years else T_("none")
        counts = (
            archive.captures,
            archive.addresses,
            archive.payloads,
            archive.article_addresses,
            archive.new_articles,
        )
        captures.add_row(archive.name, *(f"{count:,}" for count in counts), years)
    captures.add_row(
        T_("held"),
        "",
        "",
        "",
        f"{report.held_articles:,}",
        "",
        translated(pluralized(report.held_crawls, "crawl")),
        style="bold",
    )
    parts += [Text(), captures]
    for archive in report.archives:
        notes = (archive.error or archive.note, archive.sample.note if archive.sample else None)
        parts += [Text(shown(joined((archive.name, note), COLON))) for note in notes if note]
    if report.held_articles:
        parts += [
            Text(
                T_(
                    "{name} has {addresses} of our articles, {known_listings:,} of our listings",
                    name=archive.name,
                    addresses=pluralized(archive.known_articles, "address", "addresses"),
                    known_listings=archive.known_listings,
                )
            )
            for archive in report.archives
            if archive.captures
        ]
    if (by_year := _years(report)) is not None:
        parts += [Text(), by_year]
    if report.estimates:
        table = _table(T_("How many articles there were"), ("low", "estimate", "high", "method", "of"))
        for each in report.estimates:
            high = f"{each.high:,}" if each.high is not None else "?"
            table.add_row(f"{each.low:,}", f"{each.estimate:,}", high, shown(each.method), shown(each.of))
        parts += [Text(), table]
    parts.append(Text())
    return parts


def _next(report: "ScoutReport", output: Path, profile: str) -> list[str]:
    """The commands to type next, and why. `profile`: the option for it, where commands need it."""
    lines = []
    for number, command in enumerate(report.next):
        of_profile = profile if command.command.startswith(("gdfupin crawl", "gdfupin scout", "gdfupin import")) else ""
        line = typed(runnable(f"`{command.command}{of_profile}`", output).strip("`"))
        sentence = T_("Next: {command}", command=line) if number == 0 else T_("Then: {command}", command=line)
        lines.append(f"{sentence}   {T_(' ({note})', note=command.why)}")
    return lines


def _live(report: "ScoutReport") -> Table:
    table = _table(
        T_(
            "Live site: {verdict}; robots.txt: {robots}",
            verdict=word(report.live.verdict),
            robots=word(report.live.robots),
        ),
        ("address", "", "status", "why"),
    )
    for fetch in report.live.fetches:
        led = f" → {fetch.steps[-1]}" if fetch.steps else ""
        status = str(fetch.status) if fetch.status is not None else "–"
        table.add_row(shown(f"{fetch.url}{led}"), translated(word(fetch.verdict)), status, shown(fetch.detail))
    return table


def _years(report: "ScoutReport") -> Table | None:
    """Captures of listings and articles by year, a column for each archive."""
    archives = [archive for archive in report.archives if archive.years]
    if not archives:
        return None
    table = _table(
        T_("Captures by year: listings / articles / other pages"), ("year", *(archive.name for archive in archives))
    )
    for year in sorted({year for archive in archives for year in archive.years}):
        cells = []
        for archive in archives:
            kinds = archive.years.get(year, {})
            others = sum(kinds.values()) - kinds.get("listing", 0) - kinds.get("article", 0)
            cells.append(f"{kinds.get('listing', 0):,} / {kinds.get('article', 0):,} / {others:,}" if kinds else "–")
        table.add_row(year, *cells)
    return table


def _table(title: str, columns: tuple[str, ...]) -> Table:
    table = Table(title=shown(title), title_justify="left", box=None, pad_edge=False)
    for name in columns:
        is_number = name in (
            "captures",
            "addresses",
            "payloads",
            "articles",
            "not held",
            "status",
            "low",
            "estimate",
            "high",
        )
        table.add_column(translated(word(name)), justify="right" if is_number else "left")
    return table
