"""`gdfupin status` for people: one screen of eighty columns."""

from collections.abc import Iterator, Mapping

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from ..messages.record_words import counted, counts, word
from ..messages.text import T_, enumeration, joined, translated
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
        text.append(T_("Demo data: all articles are invented\n"), style=BAD)
    if status.running is not None:
        running = status.running
        text.append(
            T_(
                "Under way: {what}, since {since}\n", what=shown(running.what or "?"), since=shown(running.since or "?")
            ),
            style=GOOD,
        )
        if (progress := status.progress) is not None:
            text.append(f"{_progress(progress)}\n", style=GOOD)
        if status.crawls == 1 and status.newest_crawls[0].state == "running":
            text.append(T_("This is the first crawl: what it found is here when it has ended\n"), style=GOOD)
    for held in status.held:
        alarms = enumeration(map(shown, held.alarms))
        text.append(
            T_(
                "Held back: {crawl} ({alarms}); `gdfupin accept{option}` decides\n",
                crawl=shown(held.crawl),
                alarms=alarms,
                option=option,
            ),
            style=BAD,
        )
    if status.stale:
        more = T_(" and {stale} more", stale=len(status.stale) - 1) if len(status.stale) > 1 else ""
        text.append(
            T_(
                "The catalog is not up to date: {stale}{more}; run `gdfupin catalog{option}`\n",
                stale=shown(status.stale[0]),
                more=more,
                option=option,
            ),
            style=BAD,
        )
    by_status = sorted(status.catalog.articles.items(), key=lambda item: -item[1])
    articles = translated(counts(dict(by_status)))
    known = status.completeness
    text.append(articles or T_("no articles"), style=HEAD)
    events = counts({kind: count for kind, count in known.events.items() if kind != "added"})
    text.append(T_("; {versions}", versions=pluralized(status.catalog.versions, "version")))
    text.append(T_("; ever: {events}", events=events) if events else "")
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
    left = T_("? left") if progress.left is None else T_("{left} left", left=span(progress.left))
    return T_(
        "{pages}, {gaps}, {rate:.1f}/s, {left}, {queued:,} queued, {articles}",
        pages=pluralized(progress.pages, "page"),
        gaps=pluralized(progress.gaps, "gap"),
        rate=progress.rate,
        left=left,
        queued=progress.queued,
        articles=pluralized(progress.articles, "article"),
    )


def _fresh(fresh: Freshness) -> str:
    if fresh.newest is None:
        return ""
    usual = fresh.longest_silence
    rhythm = (
        T_("; longest silence in the two years before: {days}", days=pluralized(usual, "day"))
        if usual is not None
        else ""
    )
    found = T_("; last new article found {found_at}", found_at=fresh.found_at[:10]) if fresh.found_at else ""
    return T_(
        "newest article of {newest}, {days} ago{found}{rhythm}",
        newest=fresh.newest,
        days=pluralized(fresh.silent_days or 0, "day"),
        found=found,
        rhythm=rhythm,
    )


def _seen(seen: LastSeen) -> str:
    figures = T_(
        "{within_7_days:,} within 7 days, {within_30_days:,} within 30, {within_90_days:,} within 90",
        within_7_days=seen.within_7_days,
        within_30_days=seen.within_30_days,
        within_90_days=seen.within_90_days,
    )
    return T_("seen on the site: {figures}, of {articles:,}", figures=figures, articles=seen.articles)


def _rechecks(rechecks: Rechecks) -> str:
    soon = T_(
        "{within_a_day:,} within a day, {within_a_week:,} within a week",
        within_a_day=rechecks.within_a_day,
        within_a_week=rechecks.within_a_week,
    )
    return T_(
        "rechecks: {due:,} due now, {soon}; at most {most_in_a_crawl:,} a crawl",
        due=rechecks.due,
        soon=soon,
        most_in_a_crawl=rechecks.most_in_a_crawl,
    )


def _shares(fields: Mapping[str, int]) -> str:
    if not fields.get("articles"):
        return ""
    names = ("date", "source", "author", "section")
    return T_(
        "with {shares}", shares=joined(counted(f"{fields[name] / fields['articles']:.1%}", name) for name in names)
    )


def _encodings(encodings: Mapping[str, int]) -> str:
    if not encodings:
        return ""
    listed = enumeration(f"{shown(name)} {count:,}" for name, count in encodings.items())
    return T_("lines by encoding: {counts}", counts=listed)


def _sources(sources: UnnamedSources, option: str) -> str:
    if not sources.unnamed:
        return ""
    examples = enumeration(f"{shown(each.printed)} {each.articles:,}" for each in sources.examples)
    more = " …" if sources.unnamed > len(sources.examples) else ""
    return T_(
        "sources without a canonical name: {unnamed:,} of {variants:,}, in {articles} "
        "({examples}{more}); `gdfupin sources --unknown{option}`",
        unnamed=sources.unnamed,
        variants=sources.variants,
        articles=pluralized(sources.articles, "article"),
        examples=examples,
        more=more,
        option=option,
    )


def _table(title: str, *columns: str, left: tuple[str, ...] = ()) -> Table:
    table = Table(title=title, title_justify="left", title_style=HEAD, header_style="dim", box=None, padding=(0, 1))
    for name in columns:
        table.add_column(
            translated(word(name)),
            justify="left" if name in left else "right",
            overflow="fold",
            no_wrap=name == "crawl",
        )
    return table


def _sections(known: Completeness, articles: int) -> RenderableType:
    if not known.sections:
        return Text(T_("No listing has been read yet."))
    origins = sorted({origin for one in known.sections.values() for origin in one.origins})
    columns = ("section", "printed", "listed", "have", *origins, "missing, and why")
    table = _table(T_("Sections"), *columns, left=("section", "missing, and why"))
    printed = listed = 0
    for section, one in known.sections.items():
        figures = (one.printed_total, one.listed, one.articles)
        printed, listed = printed + (one.printed_total or 0), listed + one.listed
        why = translated(counts({reason.replace("-", " "): count for reason, count in one.missing.items()}))
        cells = ["?" if figure is None else f"{figure:,}" for figure in figures]
        cells += [f"{one.origins.get(origin, 0):,}" for origin in origins]
        table.add_row(shown(section) or T_("(no section)"), *cells, Text(why or "·", style=BAD if why else "dim"))
    unlisted = T_("{articles} in no listing", articles=pluralized(known.unlisted, "article")) if known.unlisted else "·"
    have = articles - known.unlisted  # an article in two sections counts once here
    shown_by = ["" for _ in origins]  # articles in two sections would count twice
    table.add_row(T_("all"), f"{printed:,}", f"{listed:,}", f"{have:,}", *shown_by, unlisted, style=HEAD)
    return table


def _runs(runs: tuple[IdRun, ...]) -> RenderableType:
    text = Text(T_("Consecutive numbers in URLs\n"), style=HEAD)
    for run in runs[:3]:
        figures = T_(
            "{articles}, {others:,} others, {unknown:,} unknown",
            articles=pluralized(run.articles, "article"),
            others=run.others,
            unknown=run.unknown,
        )
        text.append(f"  {shown(run.pattern)}", style="none")
        text.append(f"\n    {run.first}–{run.last}: {figures}", style="none")
        if run.longest:
            gaps = enumeration(f"{first}–{last}" if first < last else f"{first}" for first, last in run.longest[:3])
            text.append(T_("; longest gaps {gaps}", gaps=gaps), style="none")
        text.append("\n")
    text.rstrip()
    return text


def _crawls(status: Status) -> RenderableType:
    title = T_("Crawls: the newest of {crawls:,}", crawls=status.crawls)
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
        return Text(translated(word(crawl.state)), style=GOOD if crawl.state == "running" else BAD)
    gaps = T_(", {gaps}", gaps=pluralized(crawl.gaps, "gap")) if crawl.gaps else ""
    alarms = T_(", {alarms}", alarms=pluralized(len(crawl.alarms), "alarm")) if crawl.alarms else ""
    looked = crawl.looked
    if looked is not None and looked.listings_read < looked.listings_known:
        alarms += T_(
            ", {listings_read} of {listings_known} listings read",
            listings_read=looked.listings_read,
            listings_known=looked.listings_known,
        )
    if crawl.exit_code is None:
        return Text(T_("its report cannot be read"), style=BAD)
    return Text(
        f"{crawl.exit_code} {shown(word(crawl.reason or ''))}{gaps}{alarms}", style=BAD if crawl.exit_code else ""
    )


def _foot(status: Status, option: str) -> Text:
    text = Text(T_("Disk: {used} used, {free} free", used=size(status.disk.used), free=size(status.disk.free)))
    if (gaps := status.open_gaps) is not None and (gaps.open or gaps.acknowledged):
        since = T_(" since {since}", since=gaps.since[:10]) if gaps.since is not None else ""
        known = T_(", {acknowledged:,} acknowledged", acknowledged=gaps.acknowledged) if gaps.acknowledged else ""
        text.append(
            T_(
                "\nOpen gaps: {open:,}{since}{known}; `gdfupin ack --list{option}`",
                open=gaps.open,
                since=since,
                known=known,
                option=option,
            ),
            BAD if gaps.open else "",
        )
    for loss in status.doubted[-2:]:
        text.append(
            T_(
                "\n{crawl}: {loss}; treated as a site problem, nothing marked gone",
                crawl=shown(loss.crawl),
                loss=_loss(loss),
            ),
            style=BAD,
        )
    if status.alarms:
        text.append_text(alarms_text(status.alarms))
    return text


def _loss(loss: MassLoss) -> str:
    if loss.why == "home":
        return T_("the home page was foreign or blocked")
    return T_("{missing} of {known} articles missing at once", missing=loss.missing, known=loss.known)


def span(seconds: float) -> str:
    """A duration for people.

    >>> [span(seconds) for seconds in (1.7, 95, 3700, 200_000)]
    ['2 s', '1 min 35 s', '1 h 1 min', '55 h 33 min']
    """
    minutes, rest = divmod(round(seconds), 60)
    if not minutes:
        return T_("{rest} s", rest=rest)
    return (
        T_("{minutes} min {rest} s", minutes=minutes, rest=rest)
        if minutes < 60
        else T_("{hours} h {rest} min", hours=minutes // 60, rest=minutes % 60)
    )


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
    yield T_("{count:.0f} bytes", count=count)
