"""What is said of a crawl to whom it concerns: a title and some lines, figures first. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from ..terminal import shown

TITLES, ALARMS, LONG = 5, 5, 160
ENDED_WELL = ("finished", "limit", "max-minutes")
"""Reasons of crawls that went as they were told to."""


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent."""

    title: str
    body: str
    kind: Literal["info", "warning", "failure"]


def is_good(exit_code: int, report: Mapping[str, Any]) -> bool:
    """Whether a crawl went its way to the end, with gaps and alarms or without."""
    return exit_code in (0, 1) and report.get("reason") in ENDED_WELL


def message(
    exit_code: int,
    report: Mapping[str, Any],
    said: str | None = None,
    new: Sequence[Mapping[str, Any]] = (),
    *,
    changes: bool = False,
) -> Message | None:
    """What there is to say of a crawl, None where all is well (and nothing changed, or `changes` are not asked for).

    `said`: by which error it ended. `new`: some of the articles it found that are new.
    """
    alarms = (report.get("monitors") or {}).get("alarms", ())
    changed = {kind: count for kind, count in (report.get("changes") or {}).items() if count}
    if not (exit_code or alarms or (changes and changed)):
        return None
    counts = ", ".join(f"{count:,} {kind}" for kind, count in changed.items())
    if exit_code > 1 or not report:
        title = f"the crawl ended with {exit_code}"
    elif alarms:
        title = f"{len(alarms)} alarm{'s' if len(alarms) > 1 else ''}"
    elif exit_code:
        title = f"{report.get('gaps', 0):,} gaps" if is_good(exit_code, report) else str(report.get("reason"))
    else:
        title = counts
    lines = [_line(said)] if said else []
    lines += [f"{_line(alarm['name'])}: {_line(alarm['message'])}" for alarm in alarms[:ALARMS]]
    if report:
        live = ((report.get("catalog") or {}).get("articles") or {}).get("live")
        standing = f"; {live:,} articles are live" if live is not None else ""
        lines.append(f"{counts or 'nothing changed'}{standing}")
        lines.append(f"{report['requests_total']:,} requests in {report['seconds']:,.0f} s, {report['gaps']:,} gaps")
        lines += [
            f"{issue['count']:,} {_line(issue['what'])}" for issue in report["issues"] if issue["level"] != "note"
        ]
    lines += [f"· {article.get('date') or ''} {_line(article['title'])}".replace("  ", " ") for article in new[:TITLES]]
    crawl = f" ({report['crawl']})" if report else ""
    kind: Literal["info", "warning", "failure"] = "info" if not exit_code else "warning"
    return Message(f"gdfupin: {_line(title)}{crawl}", "\n".join(lines), "failure" if exit_code > 1 else kind)


def _line(text: str) -> str:
    """On one line, and not too long; what a terminal or a chat may act upon is a symbol."""
    line = " ".join(shown(text).split())
    return line if len(line) <= LONG else f"{line[: LONG - 1]}…"
