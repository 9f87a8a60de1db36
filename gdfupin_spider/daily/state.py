"""`daily.json` of the archive: how far the newest run is, which messages wait, and what has been told until now.

It is written whole and forced to the disk before and after whatever must not happen twice.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Literal, Self

from .. import data_files
from ..clock import stamp
from ..diff.arguments import Bookmark
from ..errors import WrongSetting
from ..items import WrongShape, as_dict, decode
from ..messages.text import N_
from ..monitoring.message import Message
from ..storage.durable import write_whole

FILE = "daily.json"
StepState = Literal["done", "failed", "skipped", "off"]


@dataclass(frozen=True, slots=True)
class StepResult:
    """How a step ended."""

    step: str
    state: StepState
    """`failed`: the run went on; `skipped`: it could not be done, which is no failure; `off`: by `[daily]`."""
    summary: str = ""
    """A few words: what came of it, or why not."""
    exit_code: int = 0
    """What the step asks of the operator; 0 also where a failure changes nothing."""
    seconds: float = 0
    crawl: str | None = None
    """Name of the crawl, of the step `crawl`; None where there was none."""


@dataclass(frozen=True, slots=True)
class DailyRun:
    """One run."""

    name: str
    """Its start, UTC, as crawls have it: `20261123T030000Z`; of a second one in that second `20261123T030000Z-2`."""
    started: str
    results: tuple[StepResult, ...] = ()
    """Of the steps that are finished, in order."""
    finished: str = ""
    """When the last step was; UTC. Empty: the run is not complete."""

    @property
    def stamp(self) -> str:
        """Its start, as names of crawls begin."""
        return self.name.partition("-")[0]

    def result(self, step: str) -> StepResult | None:
        """Of a step that is finished."""
        return next((each for each in self.results if each.step == step), None)


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message, or a ping, that is to be sent once."""

    key: str
    """What it is and of which run: no other has it."""
    to: str
    """`operator`, `readers`, `alert NAME`, `ping`. Addresses are secrets and are not kept here."""
    message: Message | None
    """None: a ping."""
    at: str
    """Since when it waits; UTC."""
    state: Literal["waiting", "sending"] = "waiting"
    """`sending`: it may have been sent. If that is found by a later run, nobody knows, and it is not sent again."""
    is_good: bool = True
    """Of a ping: whether the run was good."""

    @property
    def title(self) -> str:
        """For people."""
        return self.message.title if self.message is not None else N_("the ping")


@dataclass(frozen=True, slots=True)
class UncertainMessage:
    """A message that may have been sent: the machine stopped in between. The next message names it."""

    title: str
    at: str
    """UTC."""


@dataclass(frozen=True, slots=True)
class ReportedDays:
    """What was told last. Days are those when digests were made, `YYYY-MM-DD` in the time zone of the site; empty: never."""

    digest: str = ""
    """The last one."""
    week: str = ""
    """The day of the week of the last summary of a week."""
    readers: str = ""
    """The last message to the readers."""
    ping: str = ""
    """Name of the last run whose ping was put into the queue."""


@dataclass(frozen=True)
class DailyState:
    """`daily.json`."""

    run: DailyRun | None = None
    """The newest one."""
    queue: tuple[Parcel, ...] = ()
    doubts: tuple[UncertainMessage, ...] = ()
    bookmarks: Mapping[str, Bookmark] = field(default_factory=dict)
    """How far messages of the queue have seen the changes, until `changes-seen.json` has it."""
    verified: tuple[str, ...] = ()
    """Crawls that runs have checked."""
    site: str = ""
    """The release that the static site shows, its folder and address."""
    reported: ReportedDays = ReportedDays()

    def new_run(self, began: datetime) -> Self:
        """With a run that begins, and no result of it."""
        name, last = f"{began:%Y%m%dT%H%M%SZ}", self.run.name if self.run is not None else ""
        stem, _, number = last.partition("-")
        unique = f"{name}-{int(number or 1) + 1}" if stem == name else name
        return replace(self, run=DailyRun(unique, stamp(began)))

    @classmethod
    def load(cls, output: Path) -> Self:
        """Of an archive. Raises WrongSetting where the file is damaged."""
        path = output / FILE
        try:
            return decode(cls, data_files.json_value(data_files.content(path, data_files.METADATA)))
        except FileNotFoundError:
            return cls()
        except (OSError, ValueError, WrongShape) as error:
            reason = N_("cannot be read ({error}); delete it, and the next run begins anew", error=error)
            raise WrongSetting(str(path), "", reason) from None

    def save(self, output: Path) -> Self:
        """Writes the file. Raises CannotWrite."""
        value = as_dict(replace(self, bookmarks={}))
        value["bookmarks"] = {name: each.encode() for name, each in self.bookmarks.items()}
        write_whole(output / FILE, json.dumps(value, ensure_ascii=False, indent=1) + "\n")
        return self
