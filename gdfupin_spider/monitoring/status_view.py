"""`gdfupin status` for people: one screen of eighty columns."""

from collections.abc import Iterator, Mapping

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from ..storage.aftermath import Completeness, Freshness, IdRun, MassLoss
from ..storage.live_progress import LiveProgress
from ..terminal import pluralized, shown
from .alarms_text import alarms_text
from .source_variants import UnnamedSources
from .status import CrawlStatus, LastSeen, Rechecks, Status

BAD, GOOD, HEAD = "bold yellow", "bold green", "bold"


def screen(status: Status, option: str = "") -> RenderableType:
    """The whole screen, the most important first. `option`: ` --output DIR` for commands, where the archive needs it."""
    parts: list[RenderableType] = [
        _head(status, option),
        _sections(status.completeness, sum(status.catalog.articles.values())),
    ]
    if status.completeness.runs:
        parts.append(_runs(status.completeness.runs))
    parts += [_crawls(status), _foot(status, option)]
    return Group(*(each for part in parts for each in (part, Text())))


def _head(status: Status, option: str) -> Text:
    text = Text()
    if status.data == "demo":
        text.append("Demo data: all articles are invented\n", style=BAD)
    if status.running is not None:
        running = status.running
        text.append(f"Under way: {shown(running.what or '?')}, since {shown(running.since or '?')}\n", style=GOOD)
        if (progress := status.progress) is not None:
            text.append(f"{_progress(progress)}\n", style=GOOD)
        if status.crawls == 1 and status.newest_crawls[0].state == "running":
            text.append("This is the first crawl: what it found is here when it has ended\n", style=GOOD)
    for held in status.held:
        alarms = ", ".join(map(shown, held.alarms))
        text.append(f"Held back: {shown(held.crawl)} ({alarms}); `gdfupin accept{option}` decides\n", style=BAD)
    if status.stale:
        more = f" and {len(status.stale) - 1} more" if len(status.stale) > 1 else ""
        text.append(
            f"The catalog is not up to date: {shown(status.stale[0])}{more}; run `gdfupin catalog{option}`\n", style=BAD
        )
    by_status = sorted(status.catalog.articles.items(), key=lambda item: -item[1])
    articles = ", ".join(f"{count:,} {name}" for name, count in by_status)
    known = status.completeness
    text.append(articles or "no articles", style=HEAD)
    events = ", ".join(f"{count:,} {kind}" for kind, count in known.events.items() if kind != "added")
    text.append(f"; {pluralized(status.catalog.versions, 'version')}" + (f"; ever: {events}" if events else ""))
    for line in (
        _fresh(known.fresh),
        _seen(status.seen),
        _rechecks(status.rechecks),
        _shares(known.fields),
        _encodings(known.encodings),
        _sources(status.sources, option),
    ):
        if line:
            text.append(f"\n{line}")
    return text


def _progress(progress: LiveProgress) -> str:
    left = "? left" if progress.left is None else f"{span(progress.left)} left"
    return (
        f"{pluralized(progress.pages, 'page')}, {pluralized(progress.gaps, 'gap')}, {progress.rate:.1f}/s, {left}, {progress.queued:,} queued, "
        f"{pluralized(progress.articles, 'article')}"
    )


def _fresh(fresh: Freshness) -> str:
    if fresh.newest is None:
        return ""
    usual = fresh.longest_silence
    rhythm = f"; longest silence in the two years before: {pluralized(usual, 'day')}" if usual is not None else ""
    found = f"; last new article found {fresh.found_at[:10]}" if fresh.found_at else ""
    return f"newest article of {fresh.newest}, {pluralized(fresh.silent_days or 0, 'day')} ago{found}{rhythm}"


def _seen(seen: LastSeen) -> str:
    figures = (
        f"{seen.within_7_days:,} within 7 days, {seen.within_30_days:,} within 30, {seen.within_90_days:,} within 90"
    )
    return f"seen on the site: {figures}, of {seen.articles:,}"


def _rechecks(rechecks: Rechecks) -> str:
    soon = f"{rechecks.within_a_day:,} within a day, {rechecks.within_a_week:,} within a week"
    return f"rechecks: {rechecks.due:,} due now, {soon}; at most {rechecks.most_in_a_crawl:,} a crawl"


def _shares(fields: Mapping[str, int]) -> str:
    if not fields.get("articles"):
        return ""
    shares = (f"{fields[name] / fields['articles']:.1%} {name}" for name in ("date", "source", "author", "section"))
    return "with " + ", ".join(shares)


def _encodings(encodings: Mapping[str, int]) -> str:
    if not encodings:
        return ""
    return "lines by encoding: " + ", ".join(f"{shown(name)} {count:,}" for name, count in encodings.items())


def _sources(sources: UnnamedSources, option: str) -> str:
    if not sources.unnamed:
        return ""
    examples = ", ".join(f"{shown(each.printed)} {each.articles:,}" for each in sources.examples)
    more = ", …" if sources.unnamed > len(sources.examples) else ""
    return (
        f"sources without a canonical name: {sources.unnamed:,} of {sources.variants:,}, in {pluralized(sources.articles, 'article')} "
        f"({examples}{more}); `gdfupin sources --unknown{option}`"
    )


def _table(title: str, *columns: str, left: tuple[str, ...] = ()) -> Table:
    table = Table(title=title, title_justify="left", title_style=HEAD, header_style="dim", box=None, padding=(0, 1))
    for name in columns:
        table.add_column(name, justify="left" if name in left else "right", overflow="fold", no_wrap=name == "crawl")
    return table


def _sections(known: Completeness, articles: int) -> RenderableType:
    if not known.sections:
        return Text("No listing has been read yet.")
    origins = sorted({origin for one in known.sections.values() for origin in one.origins})
    columns = ("section", "printed", "listed", "have", *origins, "missing, and why")
    table = _table("Sections", *columns, left=("section", "missing, and why"))
    printed = listed = 0
    for section, one in known.sections.items():
        figures = (one.printed_total, one.listed, one.articles)
        printed, listed = printed + (one.printed_total or 0), listed + one.listed
        why = ", ".join(f"{count:,} {reason.replace('-', ' ')}" for reason, count in one.missing.items())
        cells = ["?" if figure is None else f"{figure:,}" for figure in figures]
        cells += [f"{one.origins.get(origin, 0):,}" for origin in origins]
        table.add_row(shown(section) or "(no section)", *cells, Text(why or "·", style=BAD if why else "dim"))
    unlisted = f"{pluralized(known.unlisted, 'article')} in no listing" if known.unlisted else "·"
    have = articles - known.unlisted  # an article in two sections counts once here
    shown_by = ["" for _ in origins]  # articles in two sections would count twice
    table.add_row("all", f"{printed:,}", f"{listed:,}", f"{have:,}", *shown_by, unlisted, style=HEAD)
    return table


def _runs(runs: tuple[IdRun, ...]) -> RenderableType:
    text = Text("Consecutive numbers in URLs\n", style=HEAD)
    for run in runs[:3]:
        figures = f"{pluralized(run.articles, 'article')}, {run.others:,} others, {run.unknown:,} unknown"
        text.append(f"  {shown(run.pattern)}", style="none")
        text.append(f"\n    {run.first}–{run.last}: {figures}", style="none")
        if run.longest:
            gaps = ", ".join(f"{first}–{last}" if first < last else f"{first}" for first, last in run.longest[:3])
            text.append(f"; longest gaps {gaps}", style="none")
        text.append("\n")
    text.rstrip()
    return text


def _crawls(status: Status) -> RenderableType:
    title = f"Crawls: the newest of {status.crawls:,}"
    table = _table(title, "crawl", "took", "asked", "new", "edit", "gone", "ended", left=("crawl", "ended"))
    for one in status.newest_crawls:
        changes = one.changes
        took = "" if one.seconds is None else span(one.seconds)
        asked = "" if one.requests is None else f"{one.requests:,}"
        nothing = "·" if one.could_look else "–"
        counts = (f"{changes[kind]:,}" if changes[kind] else nothing for kind in ("added", "edited", "gone"))
        table.add_row(shown(one.crawl), took, asked, *counts, _ended(one))
    return table


def _ended(crawl: CrawlStatus) -> Text:
    if crawl.state != "whole":
        return Text(crawl.state, style=GOOD if crawl.state == "running" else BAD)
    gaps = f", {pluralized(crawl.gaps, 'gap')}" if crawl.gaps else ""
    alarms = f", {pluralized(len(crawl.alarms), 'alarm')}" if crawl.alarms else ""
    looked = crawl.looked
    if looked is not None and looked.listings_read < looked.listings_known:
        alarms += f", {looked.listings_read} of {looked.listings_known} listings read"
    if crawl.exit_code is None:
        return Text("its report cannot be read", style=BAD)
    return Text(f"{crawl.exit_code} {shown(crawl.reason or '')}{gaps}{alarms}", style=BAD if crawl.exit_code else "")


def _foot(status: Status, option: str) -> Text:
    text = Text(f"Disk: {size(status.disk.used)} used, {size(status.disk.free)} free")
    if (gaps := status.open_gaps) is not None and (gaps.open or gaps.acknowledged):
        since = f" since {gaps.since[:10]}" if gaps.since is not None else ""
        known = f", {gaps.acknowledged:,} acknowledged" if gaps.acknowledged else ""
        text.append(f"\nOpen gaps: {gaps.open:,}{since}{known}; `gdfupin ack --list{option}`", BAD if gaps.open else "")
    for loss in status.doubted[-2:]:
        text.append(f"\n{shown(loss.crawl)}: {_loss(loss)}; treated as a site problem, nothing marked gone", style=BAD)
    if status.alarms:
        text.append_text(alarms_text(status.alarms))
    return text


def _loss(loss: MassLoss) -> str:
    if loss.why == "home":
        return "the home page was foreign or blocked"
    return f"{loss.missing} of {loss.known} articles missing at once"


def span(seconds: float) -> str:
    """A duration for people.

    >>> [span(seconds) for seconds in (1.7, 95, 3700, 200_000)]
    ['2 s', '1 min 35 s', '1 h 1 min', '55 h 33 min']
    """
    minutes, rest = divmod(round(seconds), 60)
    if not minutes:
        return f"{rest} s"
    return f"{minutes} min {rest} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def size(count: float) -> str:
    """Bytes for people.

    >>> [size(count) for count in (900, 35_442_688, 12_300_000_000)]
    ['900 bytes', '35.4 MB', '12.3 GB']
    """
    return next(_sizes(count))


def _sizes(count: float) -> Iterator[str]:
    for unit, name in ((1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (1e3, "KB")):
        if count >= unit:
            yield f"{count / unit:.1f} {name}"
    yield f"{count:.0f} bytes"
