"""`gdfupin status` for people: one screen of eighty columns."""

from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from ..terminal import shown
from .alarms_text import alarms_text

Figures = Mapping[str, Any]
BAD, GOOD, HEAD = "bold yellow", "bold green", "bold"


def screen(status: Figures) -> RenderableType:
    """All of it, from what matters most."""
    parts: list[RenderableType] = [_head(status), _sections(status)]
    if status["runs"]:
        parts.append(_runs(status["runs"]))
    parts += [_crawls(status), _foot(status)]
    return Group(*(each for part in parts for each in (part, Text())))


def _head(status: Figures) -> Text:
    said = Text()
    if status["running"] is not None:
        running = status["running"]
        said.append(f"Under way: {shown(running.get('what', '?'))}, since {running.get('since', '?')}\n", style=GOOD)
    if status["stale"]:
        more = f" and {len(status['stale']) - 1} more" if len(status["stale"]) > 1 else ""
        said.append(
            f"The catalog is not up to date: {shown(status['stale'][0])}{more}; run `gdfupin catalog`\n", style=BAD
        )
    articles = ", ".join(f"{count:,} {name}" for name, count in sorted(status["articles"].items(), key=lambda x: -x[1]))
    said.append(articles or "no articles", style=HEAD)
    events = ", ".join(f"{count:,} {kind}" for kind, count in status["events"].items() if kind != "added")
    said.append(f"; {status['versions']:,} versions" + (f"; ever: {events}" if events else ""))
    for line in (
        _fresh(status["fresh"]),
        _rechecks(status["rechecks"]),
        _shares(status["fields"]),
        _encodings(status["encodings"]),
    ):
        if line:
            said.append(f"\n{line}")
    return said


def _fresh(fresh: Figures) -> str:
    if fresh["newest"] is None:
        return ""
    usual = fresh["longest_silence"]
    rhythm = f"; longest silence in two years before: {usual} days" if usual is not None else ""
    found = f"; last new one found {fresh['found_at'][:10]}" if fresh["found_at"] else ""
    return f"newest article of {fresh['newest']}, {fresh['silent_days']:,} days ago{found}{rhythm}"


def _rechecks(rechecks: Figures) -> str:
    soon = f"{rechecks['within_a_day']:,} within a day, {rechecks['within_a_week']:,} within a week"
    return f"rechecks: {rechecks['due']:,} due now, {soon}; at most {rechecks['most_in_a_crawl']:,} a crawl"


def _shares(fields: Figures) -> str:
    if not fields["articles"]:
        return ""
    shares = (f"{fields[name] / fields['articles']:.1%} {name}" for name in ("date", "source", "author", "section"))
    return "with " + ", ".join(shares)


def _encodings(encodings: Mapping[str, int]) -> str:
    if not encodings:
        return ""
    return "lines by encoding: " + ", ".join(f"{shown(name)} {count:,}" for name, count in encodings.items())


def _table(title: str, *columns: str, left: tuple[str, ...] = ()) -> Table:
    table = Table(title=title, title_justify="left", title_style=HEAD, header_style="dim", box=None, padding=(0, 1))
    for name in columns:
        table.add_column(name, justify="left" if name in left else "right", overflow="fold", no_wrap=name == "crawl")
    return table


def _sections(status: Figures) -> RenderableType:
    if not status["sections"]:
        return Text("No listing was seen yet.")
    table = _table(
        "Sections", "section", "printed", "listed", "have", "missing, and why", left=("section", "missing, and why")
    )
    printed = listed = 0
    for section, one in status["sections"].items():
        figures = (one["printed_total"], one["listed"], one["articles"])
        printed, listed = printed + (one["printed_total"] or 0), listed + one["listed"]
        why = ", ".join(f"{count:,} {reason.replace('-', ' ')}" for reason, count in one["missing"].items())
        cells = ["?" if figure is None else f"{figure:,}" for figure in figures]
        table.add_row(shown(section) or "(none)", *cells, Text(why or "·", style=BAD if why else "dim"))
    rest = f"{status['unlisted']:,} articles are in no listing" if status["unlisted"] else ""
    have = sum(status["articles"].values()) - status["unlisted"]  # an article may stand in two sections
    table.add_row("all", f"{printed:,}", f"{listed:,}", f"{have:,}", rest, style=HEAD)
    return table


def _runs(runs: list[Figures]) -> RenderableType:
    said = Text("Running numbers\n", style=HEAD)
    for run in runs[:3]:
        figures = f"{run['articles']:,} articles, {run['others']:,} others, {run['unknown']:,} unknown"
        said.append(f"  {shown(run['pattern'])}", style="none")
        said.append(f"\n    {run['first']}–{run['last']}: {figures}", style="none")
        if run["longest"]:
            gaps = ", ".join(f"{first}–{last}" if first < last else f"{first}" for first, last in run["longest"][:3])
            said.append(f"; longest gaps {gaps}", style="none")
        said.append("\n")
    said.rstrip()
    return said


def _crawls(status: Figures) -> RenderableType:
    title = f"Crawls: the newest of {status['crawls']:,}"
    table = _table(title, "crawl", "took", "asked", "new", "edit", "gone", "ended", left=("crawl", "ended"))
    for one in status["newest_crawls"]:
        changes = one["changes"]
        took = "" if one["seconds"] is None else span(one["seconds"])
        asked = "" if one["requests"] is None else f"{one['requests']:,}"
        counts = (f"{changes[kind]:,}" if changes[kind] else "·" for kind in ("added", "edited", "gone"))
        table.add_row(shown(one["crawl"]), took, asked, *counts, _ended(one))
    return table


def _ended(one: Figures) -> Text:
    if one["state"] != "whole":
        return Text(one["state"], style=GOOD if one["state"] == "running" else BAD)
    gaps = f", {one['gaps']:,} gap{'s' * (one['gaps'] != 1)}" if one["gaps"] else ""
    alarms = f", {len(one['alarms'])} alarm{'s' * (len(one['alarms']) != 1)}" if one["alarms"] else ""
    if one["exit_code"] is None:
        return Text("its report cannot be read", style=BAD)
    return Text(f"{one['exit_code']} {shown(str(one['reason']))}{gaps}{alarms}", style=BAD if one["exit_code"] else "")


def _foot(status: Figures) -> Text:
    disk = status["disk"]
    said = Text(f"Disk: {size(disk['used'])} used, {size(disk['free'])} free")
    for doubt in status["doubted"][-2:]:
        said.append(f"\nNo disappearance was taken from {shown(doubt['crawl'])}", style=BAD)
    if status["alarms"]:
        said.append_text(alarms_text(status["alarms"]))
    return said


def span(seconds: float) -> str:
    """How long something took.

    >>> [span(seconds) for seconds in (1.7, 95, 3700, 200_000)]
    ['2 s', '1 min 35 s', '1 h 1 min', '55 h 33 min']
    """
    minutes, rest = divmod(round(seconds), 60)
    if not minutes:
        return f"{rest} s"
    return f"{minutes} min {rest} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def size(count: float) -> str:
    """Bytes as people read them.

    >>> [size(count) for count in (900, 35_442_688, 12_300_000_000)]
    ['900 bytes', '35.4 MB', '12.3 GB']
    """
    return next(_sizes(count))


def _sizes(count: float) -> Iterator[str]:
    for unit, name in ((1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (1e3, "KB")):
        if count >= unit:
            yield f"{count / unit:.1f} {name}"
    yield f"{count:.0f} bytes"
