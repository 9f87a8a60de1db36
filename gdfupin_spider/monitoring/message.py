"""The message about a crawl: a title and some lines, figures first. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ..errors import ExitCode
from ..storage.report import CrawlReport
from ..terminal import shown

TITLES, ALARMS, LONG = 5, 5, 160
ENDED_WELL = ("finished", "limit", "max-minutes")
"""Reasons of crawls that ended as requested."""


@dataclass(frozen=True, slots=True)
class Message:
    """A notification, plain text."""

    title: str
    body: str
    kind: Literal["info", "warning", "failure"]


def is_good(exit_code: int, report: CrawlReport | None) -> bool:
    """Whether a crawl reached its end, with or without gaps and alarms."""
    return (
        exit_code in (ExitCode.COMPLETE, ExitCode.GAPS, ExitCode.ALARM)
        and report is not None
        and report.run.reason in ENDED_WELL
    )


@dataclass(frozen=True, slots=True)
class NewArticle:
    """An article that a crawl was the first to find, from `changes.jsonl`."""

    title: str
    date: str | None = None


def message(
    exit_code: int,
    report: CrawlReport | None,
    error: str | None = None,
    new: Sequence[NewArticle] = (),
    *,
    changes: bool = False,
) -> Message | None:
    """The message about a crawl; None where all is well (and nothing changed, or `changes` are not wanted).

    `report`: None where the crawl wrote none. `error`: why it ended. `new`: some of its new articles.
    """
    monitors = report.after.monitors if report is not None else None
    alarms = monitors.alarms if monitors is not None else ()
    changed = {kind: count for kind, count in (report.after.changes or {}).items() if count} if report else {}
    if not (exit_code or alarms or (changes and changed)):
        return None
    counts = ", ".join(f"{count:,} {kind}" for kind, count in changed.items())
    if exit_code not in (ExitCode.COMPLETE, ExitCode.GAPS, ExitCode.ALARM) or report is None:
        title = f"the crawl ended with {exit_code}"
    elif alarms:
        title = f"{len(alarms)} alarm{'s' if len(alarms) > 1 else ''}"
    elif exit_code:
        title = f"{report.counts.gaps:,} gaps" if is_good(exit_code, report) else report.run.reason
    else:
        title = counts
    lines = [_line(error)] if error else []
    lines += [f"{_line(alarm.name)}: {_line(alarm.message)}" for alarm in alarms[:ALARMS]]
    if report is not None:
        live = report.after.catalog.articles.get("live") if report.after.catalog is not None else None
        standing = f"; {live:,} articles are live" if live is not None else ""
        lines.append(f"{counts or 'nothing changed'}{standing}")
        run, figures = report.run, report.counts
        lines.append(f"{run.requests_total:,} requests in {run.seconds:,.0f} s, {figures.gaps:,} gaps")
        lines += [f"{issue.count:,} {_line(issue.what)}" for issue in figures.issues if issue.level != "note"]
    lines += [f"· {article.date or ''} {_line(article.title)}".replace("  ", " ") for article in new[:TITLES]]
    crawl = f" ({report.run.crawl})" if report is not None else ""
    kind: Literal["info", "warning", "failure"] = "info" if not exit_code else "warning"
    return Message(f"gdfupin: {_line(title)}{crawl}", "\n".join(lines), "failure" if exit_code > 1 else kind)


def _line(text: str) -> str:
    """Text on one line of at most LONG characters, with control characters as symbols."""
    line = " ".join(shown(text).split())
    return line if len(line) <= LONG else f"{line[: LONG - 1]}…"
