"""What is unlike earlier crawls, so that a person should look: a pure function of their reports.

A figure of this crawl is held against the median of the newest earlier crawls of the same kind: whole with whole,
walked fully with walked fully, with media or without. So a change that stays is said until it has become usual, and a
crawl that was limited or interrupted, or that has too few before it, is held against nothing.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from .staleness import said_of_silence
from .thresholds import Limits

Report = Mapping[str, Any]
KIND_OF_CRAWL = ("profile", "media", "max_minutes", "limit")
"""Settings that must be the same where two crawls are compared."""
NONE = "(no section)"
TOLD = {
    "started", "settings", "requests", "articles", "fields", "broken", "encodings", "sightings", "leaks", "coverage"
}  # fmt: skip
"""Keys of a report without which it cannot be compared; an older program's has not all of them."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something to look at."""

    name: str
    """Of the monitor; for a section, `name: section`."""
    message: str
    """One sentence with the figures."""
    since: str
    """Start of the first of the crawls in a row that said so; of this one, where it is the first."""


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    part: int
    whole: int

    @property
    def value(self) -> float:
        return self.part / self.whole


@dataclass(frozen=True, slots=True)
class Monitor:
    """One share that is watched."""

    name: str
    said: str
    """What it is a share of, in words."""
    figure: Callable[[Report], Share]
    falls: bool = False
    """Alarming where it falls; else where it rises."""


def _field(name: str) -> Callable[[Report], Share]:
    return lambda report: Share(report["fields"][name], report["articles"])


def _outcome(name: str) -> Callable[[Report], Share]:
    return lambda report: Share(report["sightings"].get(name, 0), sum(report["sightings"].values()))


def _disagreeing(report: Report) -> Share:
    titles = report["leaks"]["titles"]
    return Share(titles["disagree"], titles["compared"])


SHARES = (
    Monitor("date-missing", "articles with a date", _field("date"), falls=True),
    Monitor("source-missing", "articles with a source", _field("source"), falls=True),
    Monitor("section-missing", "articles with a section", _field("section"), falls=True),
    Monitor(
        "broken-text", "articles with broken characters", lambda report: Share(report["broken"], report["articles"])
    ),
    Monitor("unreadable", "looks at articles that could not be read", _outcome("unreadable")),
    Monitor("blocked", "looks at articles that were blocked", _outcome("blocked")),
    Monitor("titles-disagree", "titles in listings unlike those of their pages", _disagreeing),
)


def alarms(earlier: Sequence[Report], report: Report, limits: Limits | None = None) -> list[Alarm]:
    """What to look at after a crawl. `earlier`: reports of crawls before it, in any order; those of no use are left out."""
    limits = limits or Limits()
    before = sorted((one for one in earlier if _whole(one)), key=lambda one: str(one["started"]))
    found = list(_doubted(report))
    if _whole(report):
        alike = [one for one in before if _kind(one) == _kind(report)]
        found += said_of_silence(before, report, limits)
        full = [one for one in alike if _full(one)] if _full(report) else []
        for check in (_shares, _encodings, _leaks, _live, _sections):
            found += check(alike[-limits.history :], report, limits)
        found += _full_crawl(full[-limits.history :], report, limits)
    return [Alarm(name, message, _since(earlier, report, name)) for name, message in found]


def monitored(earlier: Sequence[Report], report: Report, limits: Limits | None = None) -> dict[str, Any]:
    """As it stands in report.json under `monitors`."""
    limits = limits or Limits()
    compared = sum(_whole(one) and _kind(one) == _kind(report) for one in earlier) if _whole(report) else 0
    found = [asdict(alarm) for alarm in alarms(earlier, report, limits)]
    return {"compared_with": min(compared, limits.history), "alarms": found}


def _whole(report: Report) -> bool:
    """Whether a crawl went its whole way, and told all that is compared here."""
    return report.get("reason") == "finished" and report.keys() >= TOLD


def _kind(report: Report) -> list[Any]:
    return [report["settings"].get(name) for name in KIND_OF_CRAWL]


def _full(report: Report) -> bool:
    """Whether all listings were walked to their ends."""
    return bool(report["settings"].get("full", True))


def _doubted(report: Report) -> Iterator[tuple[str, str]]:
    doubt = (report.get("catalog") or {}).get("doubt")
    if doubt is not None and doubt["why"] == "mass":
        figures = f"{doubt['missing']} of {doubt['known']} known articles were missing at once"
        yield "mass-disappearance", f"{figures}; no disappearance is taken from this crawl"


def _shares(before: Sequence[Report], report: Report, limits: Limits) -> Iterator[tuple[str, str]]:
    for monitor in SHARES:
        usual = _usual([monitor.figure(one) for one in before], limits)
        now = monitor.figure(report)
        if usual is None or now.whole < limits.enough:
            continue
        apart = usual - now.value if monitor.falls else now.value - usual
        if apart > limits.points and apart * now.whole >= limits.floor:
            figures = f"{now.value:.0%} ({now.part:,} of {now.whole:,}), usually {usual:.0%}"
            yield monitor.name, f"{monitor.said}: {figures}"


def _encodings(before: Sequence[Report], report: Report, limits: Limits) -> Iterator[tuple[str, str]]:
    """The encodings that are usual have become rarer: pages are written, or read, otherwise."""
    for name in sorted({name for one in before for name in one["encodings"]}):
        usual = _usual([Share(one["encodings"].get(name, 0), one["articles"]) for one in before], limits)
        now = Share(report["encodings"].get(name, 0), report["articles"])
        if usual is None or now.whole < limits.enough:
            continue
        if usual - now.value > limits.points and (usual - now.value) * now.whole >= limits.floor:
            yield f"encoding: {name}", f"articles in {name}: {now.value:.0%} of {now.whole:,}, usually {usual:.0%}"


def _usual(shares: Sequence[Share], limits: Limits) -> float | None:
    """The median of those shares that say something, None where they are too few."""
    said = [share.value for share in shares if share.whole >= limits.enough]
    return median(said) if len(said) >= limits.at_least else None


def _full_crawl(before: Sequence[Report], report: Report, limits: Limits) -> Iterator[tuple[str, str]]:
    """What only crawls that walked everything can be asked."""
    if len(before) < limits.at_least:
        return
    usual, listed = median(map(_listed, before)), _listed(report)
    if usual - listed > max(limits.fewer * usual, limits.floor):
        yield "articles-fewer", f"listings name {listed:,} articles, usually {usual:,.0f}"
    if min(listed, *map(_listed, before)) >= limits.enough:
        cost, now = median(_other(one) / _listed(one) for one in before), _other(report) / listed
        if now > cost * (1 + limits.more) and (now - cost) * listed >= limits.enough:
            said = f"{now:.2f} requests that are not for articles or media for each article listed"
            yield "requests-more", f"{said}, usually {cost:.2f}"
    for section in sorted({section for one in before for section in one["coverage"]}):
        if not _pages(report, section) and all(_pages(one, section) for one in before):
            name = section or NONE
            yield f"section-lost: {name}", f"no listing of {name} was found, as in {len(before)} crawls before"


def _listed(report: Report) -> int:
    return sum(int(covered["listed"]) for covered in report["coverage"].values())


def _pages(report: Report, section: str) -> int:
    return int(report["coverage"].get(section, {}).get("listing_pages", 0))


def _other(report: Report) -> int:
    """Requests that are neither for media nor for what turned out to be an article."""
    asked: int = sum(sum(counts.values()) for purpose, counts in report["requests"].items() if purpose != "media")
    looks: int = sum(report["sightings"].values())
    return max(0, asked - looks)


def _leaks(before: Sequence[Report], report: Report, limits: Limits) -> Iterator[tuple[str, str]]:
    """Lines of the template that are taken for text."""
    counts = [one["leaks"]["recurring_lines"]["count"] for one in before if one["articles"] >= limits.enough]
    if len(counts) < limits.at_least or report["articles"] < limits.enough:
        return
    usual, now = median(counts), report["leaks"]["recurring_lines"]["count"]
    if now - usual >= limits.floor and now > usual * (1 + limits.more):
        yield "leaks-more", f"{now} lines recur in many bodies, usually {usual:.0f}: perhaps template"


def _live(before: Sequence[Report], report: Report, limits: Limits) -> Iterator[tuple[str, str]]:
    """Articles that stand, by the catalog, whichever of them a crawl looks at."""
    counts = [count for one in before if (count := _live_of(one)) is not None]
    now = _live_of(report)
    if len(counts) < limits.at_least or now is None:
        return
    usual = median(counts)
    if usual - now > max(limits.fewer * usual, limits.floor):
        yield "live-fewer", f"{now:,} articles are live, usually {usual:,.0f}"


def _live_of(report: Report) -> int | None:
    standing = report.get("catalog")
    return int(standing["articles"].get("live", 0)) if standing else None


def _sections(before: Sequence[Report], report: Report, limits: Limits) -> Iterator[tuple[str, str]]:
    """Every whole crawl looks at the first page of each listing, and that prints how many articles there are."""
    for section, covered in sorted(report["coverage"].items()):
        totals = [total for one in before if (total := one["coverage"].get(section, {}).get("printed_total"))]
        if len(totals) < limits.at_least or covered["printed_total"] is None:
            continue
        usual, total, name = median(totals), covered["printed_total"], section or NONE
        if usual - total > max(limits.fewer * usual, limits.floor):
            yield f"listing-fewer: {name}", f"the listing of {name} says {total:,} articles, usually {usual:,.0f}"


def _since(earlier: Sequence[Report], report: Report, name: str) -> str:
    """Where the row of crawls that say so, and end with this one, began."""
    since = str(report["started"])
    for one in sorted(earlier, key=lambda one: str(one["started"]), reverse=True):
        said = {alarm["name"]: alarm["since"] for alarm in one.get("monitors", {}).get("alarms", ())}
        if name in said:
            since = str(said[name])
        elif _whole(one):
            break
    return since
