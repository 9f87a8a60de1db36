"""The message about a crawl: a title and some lines, the problem first. Pure.

A crawl without new problems, ended problems or new gaps sends none (but for changes, where they are wanted): a timer runs every
night, and an operator reads one message for each problem and one when it is over.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from ..errors import ExitCode
from ..messages.record_words import counts as counts_of
from ..messages.record_words import word
from ..messages.recorded import recorded
from ..messages.text import N_, SEMICOLON, T_, N_n, enumeration, joined
from ..storage.aftermath import GapExample, OpenGaps
from ..storage.report import CrawlReport
from ..terminal import pluralized, shown, without_credentials
from .problems import Problem, ProblemChanges, ReportedProblems, compare, days, is_due, titles

TITLES, LONGEST_LINE, LONGEST_BODY = 5, 1500, 3500
"""New titles; characters of a line and of a body. Some services refuse longer messages."""
ENDED_WELL = ("finished", "limit", "max-minutes", "max-pages")
"""Reasons of crawls that ended as requested."""
WELL = (ExitCode.COMPLETE, ExitCode.GAPS, ExitCode.ALARM)
"""Codes of crawls that reached the site."""
SILENCE = "alarm nothing-new"
"""It is raised when the silence began to be unusual, and when it has doubled; it is over when something new comes."""


@dataclass(frozen=True, slots=True)
class Message:
    """A notification."""

    title: str
    body: str
    """Plain text."""
    kind: Literal["info", "warning", "failure"]
    html: str = ""
    """The same for services that show HTML, such as mail; empty: they get the text."""


@dataclass(frozen=True, slots=True)
class NewArticle:
    """An article that a crawl was the first to find, from `changes.jsonl`."""

    title: str
    date: str | None = None


@dataclass(frozen=True, slots=True)
class CrawlEnd:
    """How a crawl ended."""

    exit_code: int
    at: str
    """When; UTC."""
    report: CrawlReport | None = None
    """None where the crawl wrote none."""
    error: str | None = None
    """Why it ended."""
    new: tuple[NewArticle, ...] = ()
    """Some of its new articles."""
    others: tuple[Problem, ...] = ()
    """Problems of what was done after the crawl."""


def is_good(exit_code: int, report: CrawlReport | None) -> bool:
    """Whether a crawl reached its end, with or without gaps and alarms."""
    return exit_code in WELL and report is not None and report.run.reason in ENDED_WELL


def message(
    end: CrawlEnd,
    reported: ReportedProblems | None = None,
    *,
    changes: bool = False,
    command: Callable[[str], str] = lambda text: text,
) -> tuple[Message | None, ReportedProblems]:
    """The message about a crawl, None if it needs none, and the problems that messages have named until now.

    `reported`: those that earlier messages named. `changes`: a crawl without problems sends a message, too, if it found changes.
    `command`: completes the commands in a text, so that they run as printed.
    """
    reported = reported or ReportedProblems()
    if end.exit_code == ExitCode.RUNNING:
        return None, reported
    report = end.report
    changed = {kind: count for kind, count in (report.after.changes or {}).items() if count} if report else {}
    current = list(problems(end))
    silence = [problem for problem in reported.problems if problem.name == SILENCE and not changed.get("added")]
    before = [problem for problem in reported.problems if problem not in silence]
    found = compare(before, current, end.at, well=is_good(end.exit_code, report))
    known = [problem for problem in found.known if problem.name != "interrupted"]  # an event: it is never over
    if SILENCE not in {problem.name for problem in current}:
        known += silence
    found = replace(found, known=tuple(known))
    gaps = report.after.open_gaps if report is not None else None
    remind = gaps is not None and gaps.open > gaps.new and is_due(reported.gaps_reported, end.at)
    counts = counts_of(changed)
    has_gaps = gaps is not None and bool(gaps.new or gaps.healed)
    if not (found.new or found.over or found.lasting or has_gaps or remind or (changes and changed)):
        return None, ReportedProblems(found.known, reported.gaps_reported)
    lines = [*_problem_lines(found, end.at)]
    if gaps is not None and (has_gaps or remind):
        lines += _gap_lines(gaps, end.at)
    if report is not None:
        lines += _figures(report, counts)
    lines += [f"· {article.date or ''} {article.title}".replace("  ", " ") for article in end.new[:TITLES]]
    title = line(_title(found, gaps, counts, remind=remind))
    whole = (
        T_("gdfupin: {title} ({crawl})", title=title, crawl=report.run.crawl)
        if report is not None
        else T_("gdfupin: {title}", title=title)
    )
    body = _body([line(command(each)) for each in lines])
    is_reported = has_gaps or remind
    return (
        Message(whole, body, _kind(found, gaps)),
        ReportedProblems(found.known, end.at if is_reported else reported.gaps_reported),
    )


def problems(end: CrawlEnd) -> Iterator[Problem]:
    """The problems that a crawl met. Gaps are none: they have a file of their own, `gaps.jsonl`."""
    report = end.report
    yield from end.others
    since = report.run.started if report is not None and report.run.started else end.at
    if end.exit_code not in WELL:
        code = next((code for code in ExitCode if code == end.exit_code), None)
        meaning = (
            N_("{meaning} (exit code {value})", meaning=N_(code.meaning), value=code.value)
            if code is not None
            else N_("exit code {exit_code}", exit_code=end.exit_code)
        )
        yield Problem(f"exit {end.exit_code}", meaning, end.error or N_("the crawl gave no reason"), since)
    elif report is not None and report.run.reason not in ENDED_WELL:
        what = (
            N_("it ended after many failures in a row") if report.run.reason == "gave-up" else N_("it was asked to end")
        )
        text = end.error or N_("{what}; the next crawl goes on where it ended", what=what)
        yield Problem(report.run.reason, word(report.run.reason), text, since)
    elif report is None:
        yield Problem("no report", N_("the crawl wrote no report"), end.error or N_("the crawl gave no reason"), since)
    if report is not None and report.after.monitors is not None:
        for alarm in report.after.monitors.alarms:
            if alarm.acknowledged is None:
                text = N_(
                    "{name}: {message}. If this is known: `gdfupin ack '{name}' --reason TEXT`",
                    name=alarm.name,
                    message=alarm.message,
                )
                yield Problem(f"alarm {alarm.name}", N_("alarm {name}", name=alarm.name), text, alarm.since)


def _problem_lines(found: ProblemChanges, now: str) -> Iterator[str]:
    for problem in found.new:
        yield problem.text
    for problem in found.over:
        yield N_("Over: {title}, {since}", title=recorded(problem.title), since=days(problem.since, now))
    for problem in found.lasting:
        yield N_("Still: {title}, {since}", title=recorded(problem.title), since=days(problem.since, now))


def _gap_lines(gaps: OpenGaps, now: str) -> Iterator[str]:
    yield from _examples(
        gaps.new_examples, gaps.new, N_n("{count:,} new gap:", "{count:,} new gaps:", gaps.new, count=gaps.new)
    )
    yield from _examples(
        gaps.healed_examples,
        gaps.healed,
        N_n("{count:,} gap is closed:", "{count:,} gaps are closed:", gaps.healed, count=gaps.healed),
    )
    known = gaps.open - gaps.new
    if known:
        yield joined([pluralized(known, "known gap"), *([days(gaps.since, now)] if gaps.since is not None else [])])
    if gaps.open:
        yield N_("All gaps: `gdfupin ack --list`. If one is known: `gdfupin ack ADDRESS --reason TEXT`")


def _examples(examples: Sequence[GapExample], count: int, head: str) -> Iterator[str]:
    if count:
        yield head
        yield from (
            N_("  {url}: {what}, since {since}", url=gap.url, what=word(gap.what), since=gap.since[:10])
            for gap in examples
        )
        if count > len(examples):
            yield N_("  and {count:,} more", count=count - len(examples))


def _figures(report: CrawlReport, counts: str) -> Iterator[str]:
    live = report.after.catalog.articles.get("live") if report.after.catalog is not None else None
    changes = counts or N_("nothing changed")
    if live is None:
        yield changes
    else:
        standing = N_n("{live:,} article is live", "{live:,} articles are live", live, live=live)
        yield joined((changes, standing), SEMICOLON)
    run, sites = report.run, enumeration(report.settings.start_urls[:3])
    cost = N_("{requests} in {seconds:,.0f} s", requests=pluralized(run.requests_total, "request"), seconds=run.seconds)
    yield joined((sites, cost), ": ") if sites else cost


def _title(found: ProblemChanges, gaps: OpenGaps | None, counts: str, *, remind: bool) -> str:
    if found.new:
        return titles(found.new)
    if gaps is not None and gaps.new:
        return pluralized(gaps.new, "new gap")
    if found.over:
        return N_("over: {over}", over=titles(found.over))
    if gaps is not None and gaps.healed:
        return N_n("{count:,} gap is closed", "{count:,} gaps are closed", gaps.healed, count=gaps.healed)
    if found.lasting:
        return N_("still: {lasting}", lasting=titles(found.lasting))
    if remind and gaps is not None:
        return N_("still {gaps}", gaps=pluralized(gaps.open, "gap"))
    return counts


def _kind(found: ProblemChanges, gaps: OpenGaps | None) -> Literal["info", "warning", "failure"]:
    if any(problem.name.startswith("exit ") for problem in found.new):
        return "failure"
    return "warning" if found.new or found.lasting or (gaps is not None and gaps.new) else "info"


def _body(lines: Sequence[str]) -> str:
    """The lines, without the last ones where they are too many for a message."""
    kept: list[str] = []
    size = 0
    for line in lines:
        size += len(line) + 1
        if kept and size > LONGEST_BODY:
            return "\n".join(
                [*kept, T_("{lines} more lines are left out; `gdfupin status` shows all", lines=len(lines) - len(kept))]
            )
        kept.append(line)
    return "\n".join(kept)


def line(text: str) -> str:
    """Text on one line, without passwords, with control characters as symbols. It is cut only beyond LONGEST_LINE, between words."""
    indent = "  " if text.startswith("  ") else ""
    line = indent + " ".join(without_credentials(shown(text)).split())
    return line if len(line) <= LONGEST_LINE else f"{line[:LONGEST_LINE].rsplit(' ', 1)[0]} …"
