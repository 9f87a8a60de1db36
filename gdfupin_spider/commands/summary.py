"""The summary that is printed when a crawl has ended."""

from collections.abc import Collection, Iterable
from itertools import islice
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from ..errors import ExitCode
from ..items import Article, decode
from ..messages.record_words import counted, named, word
from ..messages.recorded import recorded
from ..messages.text import N_, T_, joined, translated
from ..monitoring.alarms_text import alarms_text
from ..probe.boilerplate_table import boilerplate_table
from ..storage.aftermath import Alarm
from ..storage.counts import IssueCount
from ..storage.line_file import lines
from ..storage.report import CrawlReport, Looked
from ..storage.withdrawals import withdrawn_ids
from ..terminal import pluralized, shown

READABLE = range(200, 900)
"""Characters of an article that fits a terminal."""
OK, GAPS = "bold green", "bold yellow"


def summary(report: CrawlReport, folder: Path, verbs: list[tuple[str, str]]) -> RenderableType:
    """Figures, alarms, sections by year, issues, one article, files, next steps. `verbs`: commands and their purpose."""
    parts: list[RenderableType] = [_head(report), _archive(report)]
    if alarms := _alarms(report):
        parts.append(alarms_text(alarms))
    parts.append(_sections(report))
    if report.counts.issues:
        parts.append(_issues(report.counts.issues))
    if (table := boilerplate_table(report.counts.leaks, folder)) is not None:
        parts.append(table)
    best = folder.parents[1] / report.after.read_again if report.after.read_again else folder
    if (article := an_article(best, withdrawn_ids(folder.parents[1]))) is not None:
        parts.append(_article(article))
    if best != folder:
        parts.append(
            Text(
                T_("The layouts of the site were learned. Articles as read with them: {best}/articles.jsonl", best=best)
            )
        )
    parts += [_files(folder), _next(verbs)]
    return Group(*parts)


def _head(report: CrawlReport) -> Text:
    run, counts = report.run, report.counts
    text = Text("\n")
    read = (
        T_("{articles} invented articles (demo data) read", articles=counts.articles)
        if run.origin == "demo"
        else T_("{articles} articles read", articles=counts.articles)
    )
    text.append(read, style=GAPS if run.exit_code else OK)
    text.append(
        T_(
            " in {seconds:g} s, {requests}, {payload_bytes:.1f} MB",
            seconds=run.seconds,
            requests=pluralized(run.requests_total, "request"),
            payload_bytes=run.payload_bytes / 1e6,
        )
    )
    if counts.gaps:
        text.append(T_(", {gaps}", gaps=pluralized(counts.gaps, "gap")), style=GAPS)
        if (gaps := report.after.open_gaps) is not None:
            text.append(T_(" ({new} new)", new=gaps.new))
    if fit := counts.layouts.misfits:
        text.append(T_(", {fit} of {pages} pages fit no layout", fit=fit, pages=counts.layouts.pages), style=GAPS)
    if run.reason != "finished":
        text.append(T_(" (ended: {reason})", reason=word(run.reason)))
    if looked := _looked(run.looked):
        text.append(f"\n{looked}", style=GAPS if run.looked.listings_read < run.looked.listings_known else "")
    return text


def _looked(looked: Looked) -> str:
    """What was looked at, of what earlier crawls know; empty in a first crawl."""
    if not looked.listings_known and not looked.articles_known:
        return ""
    listings = T_(
        "{listings_read:,} of {listings_known:,} known listings read",
        listings_read=looked.listings_read,
        listings_known=looked.listings_known,
    )
    seen = T_(
        "{articles_seen:,} of {articles_requested:,} articles seen again",
        articles_seen=looked.articles_seen,
        articles_requested=looked.articles_requested,
    )
    return T_(
        "{listings}; {seen}, of {articles_known:,} known ones",
        listings=listings,
        seen=seen,
        articles_known=looked.articles_known,
    )


def _archive(report: CrawlReport) -> Text:
    """Changes by this crawl, articles in the archive after it, and the reasons of its exit code."""
    text = Text()
    if (catalog := report.after.catalog) is not None:
        changes = joined(counted(str(count), kind) for kind, count in (report.after.changes or {}).items())
        articles = joined(
            counted(str(count), status) for status, count in sorted(catalog.articles.items(), key=lambda x: -x[1])
        )
        looked = report.run.looked
        nothing = T_("nothing changed")
        if report.run.held:
            nothing = T_("nothing is published, the crawl is held back")
        elif looked.listings_known and not looked.listings_read:
            nothing = T_("nothing could be looked at")
        text.append(
            T_(
                "{changes}; the archive: {articles}\n",
                changes=changes or nothing,
                articles=articles or N_("no article"),
            )
        )
    if report.run.exit_code in (ExitCode.GAPS, ExitCode.ALARM, ExitCode.NEEDS_REPAIR, ExitCode.INTERNAL):
        alarms = sum(alarm.acknowledged is None for alarm in _alarms(report))
        gaps = report.after.open_gaps.new if report.after.open_gaps is not None else report.counts.gaps
        why = [word(report.run.reason)] if report.run.reason != "finished" else [shown(report.run.message or "")]
        why += [pluralized(count, name) for count, name in ((gaps, "new gap"), (alarms, "alarm")) if count]
        why = [each for each in why if each]
        text.append(
            T_("exit code {exit_code}: {why}\n", exit_code=report.run.exit_code, why=joined(why)) if why else "",
            style=GAPS,
        )
    text.rstrip()
    return text


def _alarms(report: CrawlReport) -> tuple[Alarm, ...]:
    return report.after.monitors.alarms if report.after.monitors is not None else ()


def _sections(report: CrawlReport) -> RenderableType:
    years = sorted({year for counts in report.counts.years.values() for year in counts})
    if not years:
        known = report.after.catalog is not None and report.after.catalog.articles
        return Text("" if known else T_("No articles."))
    table = Table(
        title=T_("Articles by section and year"),
        title_justify="left",
        header_style="bold",
        row_styles=["", "dim"],
        box=SIMPLE_HEAD,
        padding=0,  # thirteen years fit into 80 columns
    )
    table.add_column(T_("section"), no_wrap=True)
    for year in years:
        table.add_column(f"’{year[2:]}" if year else "?", justify="right")
    table.add_column(T_("all"), justify="right", style="bold")
    for section, counts in sorted(report.counts.years.items(), key=lambda item: -sum(item[1].values())):
        cells = [str(counts.get(year) or "·") for year in years]
        table.add_row(shown(section) or T_("(no section)"), *cells, str(sum(counts.values())))
    return table


def _issues(issues: Iterable[IssueCount]) -> Table:
    table = Table(title=T_("Issues"), title_justify="left", header_style="bold")
    for name in ("level", "what", "count", "for example"):
        table.add_column(translated(word(name)), justify="right" if name == "count" else "left", overflow="fold")
    for issue in issues:
        example = issue.examples[0]
        style = "" if issue.level == "note" else "yellow"
        text = Text(f"{shown(example.url)}\n{shown(recorded(example.evidence))}")
        table.add_row(translated(word(issue.level)), named(issue.what), str(issue.count), text, style=style)
    return table


def _article(article: Article) -> Panel:
    text = Text()
    text.append(shown(article.title) + "\n", style="bold")
    facts = (article.date, article.source, article.author, article.section)
    text.append("  ".join(shown(fact) for fact in facts if fact) + "\n\n", style="cyan")
    text.append(shown(article.body))
    text.append(f"\n\n{shown(article.url)}\n", style="dim")
    proof = article.captures[0]
    text.append(
        T_(
            "proof: {warc}, byte {offset}, sha256 {payload_sha256}…",
            warc=proof.warc,
            offset=proof.offset,
            payload_sha256=proof.payload_sha256[:16],
        ),
        style="dim",
    )
    return Panel(text, title=T_("One article"), title_align="left")


def _files(folder: Path) -> Table:
    table = Table(title=T_("In {folder}", folder=folder), title_justify="left", show_header=False, box=None)
    about = {
        "articles.jsonl": T_("every article, one a line"),
        "capture-00000.warc.gz": T_("every exchange with the server"),
        "changes.jsonl": T_("new, edited, moved and gone articles"),
        "issues.jsonl": T_("pages and values that could not be handled"),
        "report.json": T_("counts, coverage, versions"),
    }
    for name, what in about.items():
        path = folder / name
        if path.exists():
            size = path.stat().st_size
            table.add_row(
                f"  {name}", f"{size / 1e6:.2f} MB" if size >= 10_000 else T_("{size:,} bytes", size=size), what
            )
    return table


def _next(verbs: list[tuple[str, str]]) -> Text:
    text = Text(T_("What next"), style="italic")
    for command, what in verbs:
        text.append(f"\n   {command}", style="bold not italic")
        text.append(f"\n       {what}", style="not italic")
    return text


def an_article(folder: Path, left_out: Collection[str] = ()) -> Article | None:
    """An article to show: of the first hundred one with many fields and a readable length; None where there is none.

    `left_out`: ids that are not shown.
    """
    best: tuple[tuple[bool, int, int], Article] | None = None
    for _, line in islice(lines(folder / "articles.jsonl"), 100):
        article = decode(Article, line)
        if article.id in left_out:
            continue
        length = len(article.body)
        known = sum(value is not None for value in (article.date, article.source, article.author, article.section))
        rank = (length in READABLE, known, length if length in READABLE else -length)
        if best is None or rank > best[0]:
            best = rank, article
    return best[1] if best else None
