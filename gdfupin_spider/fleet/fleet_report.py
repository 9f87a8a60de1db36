"""`fleet.json`: the last visit of each site, so that one file tells how all of them are."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from .. import data_files
from ..errors import ExitCode
from ..items import as_dict, decode
from ..messages.text import N_, SEMICOLON, joined
from ..storage.durable import write_whole
from ..terminal import pluralized

FILE = "fleet.json"
FIRST_LOOKED_AT = (
    ExitCode.INTERNAL,
    ExitCode.NEEDS_REPAIR,
    ExitCode.CANNOT_WRITE,
    ExitCode.USAGE,
    ExitCode.FOREIGN,
    ExitCode.ALARM,
    ExitCode.UNREACHABLE,
    ExitCode.ARCHIVE_REFUSES,
    ExitCode.RUNNING,
    ExitCode.GAPS,
    ExitCode.COMPLETE,
)
"""The most urgent first. A code that is not here comes before all of them."""


@dataclass(frozen=True, slots=True)
class Counted:
    """An archive behind its newest crawl. A figure is None where its report has none."""

    crawl: str
    """Name of that crawl."""
    looked: str
    """When it began; UTC."""
    articles: int | None = None
    """Articles that are not gone."""
    gone: int | None = None
    changes: Mapping[str, int] = field(default_factory=dict)
    """That this crawl was the first to see, by kind."""
    open_gaps: int | None = None
    alarms: tuple[str, ...] = ()
    """Sentences of those that nobody acknowledged."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One site, as its last visit left it."""

    site: str
    title: str
    exit_code: int
    """Of its command; see `ExitCode`."""
    started: str
    """UTC."""
    seconds: float = 0.0
    message: str | None = None
    """Why it ended so, and the next step; None where all is well."""
    counted: Counted | None = None
    """None where there is no crawl with a report yet."""

    @property
    def rank(self) -> int:
        """The less, the more it needs a look."""
        return next((number for number, code in enumerate(FIRST_LOOKED_AT) if code == self.exit_code), -1)

    @property
    def meaning(self) -> str:
        """The exit code in words."""
        known = next((code.meaning for code in FIRST_LOOKED_AT if code == self.exit_code), None)
        return N_(known) if known is not None else N_("exit code {exit_code}", exit_code=self.exit_code)


@dataclass(frozen=True)
class FleetReport:
    """The file."""

    started: str = ""
    """Of the run that wrote it; UTC."""
    ended: str | None = None
    """None while it runs, and where it was killed."""
    visits: Mapping[str, Visit] = field(default_factory=dict)
    """By site, those of earlier runs included."""
    waiting: tuple[str, ...] = ()
    """Sites that this run has not visited, or not to the end."""

    def latest(self, names: Iterable[str]) -> list[Visit]:
        """The visits of these sites, those that need a look first."""
        return sorted(
            (self.visits[name] for name in names if name in self.visits), key=lambda each: (each.rank, each.site)
        )


def exit_code(visits: Iterable[Visit]) -> int:
    """That of the most urgent visit.

    >>> exit_code([Visit("a", "A", 1, ""), Visit("b", "B", 3, ""), Visit("c", "C", 0, "")])
    3
    """
    return min(visits, key=lambda each: each.rank, default=Visit("", "", 0, "")).exit_code


def summary(visits: Iterable[Visit]) -> str:
    """One line about many visits.

    >>> summary([Visit("a", "A", 0, ""), Visit("b", "B", 3, ""), Visit("c", "C", 0, "")])
    '3 sites; site unreachable: 1 (b); complete: 2'
    """
    ordered = sorted(visits, key=lambda each: (each.rank, each.site))
    counts = Counter(each.meaning for each in ordered)
    parts: list[str] = []
    for meaning, count in counts.items():
        names = [each.site for each in ordered if each.meaning == meaning]
        is_well = meaning == ExitCode.COMPLETE.meaning
        some = N_(" ({note})", note=f"{', '.join(names[:5])}{' …' if count > 5 else ''}")
        parts.append(N_("{meaning}: {count}{names}", meaning=meaning, count=count, names="" if is_well else some))
    return joined([pluralized(len(ordered), "site"), *parts], SEMICOLON)


def read(folder: Path) -> FleetReport:
    """The report of a folder; an empty one where there is none, or where it is damaged: the next run replaces it."""
    try:
        return decode(FleetReport, data_files.json_value(data_files.content(folder / FILE, data_files.METADATA)))
    except (OSError, ValueError):
        return FleetReport()


def write(folder: Path, report: FleetReport) -> None:
    """Raises CannotWrite."""
    write_whole(folder / FILE, json.dumps(as_dict(report), ensure_ascii=False, indent=1) + "\n")
