"""What the steps of a run have in common, and how a step tells what came of it."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path

from .. import clock
from ..catalog import Catalog
from ..catalog.sources import CATALOG
from ..config import FILE as SETTINGS
from ..config import OperatorSettings
from ..messages.text import N_, joined
from ..monitoring.channels import channels
from ..monitoring.daily_settings import DailySettings
from ..profiles import Profile
from ..storage.archive_info import is_demo, profile_of
from .outbox import Outbox
from .state import DailyRun, StepState

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a step."""

    summary: str
    """A few words."""
    state: StepState = "done"
    exit_code: int = 0
    crawl: str | None = None
    """Of the step `crawl`: the name of the crawl."""


@dataclass(frozen=True)
class Options:
    """Of the command line."""

    output: Path
    profile: str | None
    """What --profile names."""
    existing: bool
    """No archive is started."""
    quiet: bool
    """Nothing but errors is printed while the run goes on."""
    cache: Path
    """Folder for the index of searches."""
    complete: Callable[[str], str]
    """Completes the commands in a text, so that they run as printed."""


@dataclass(frozen=True)
class Day:
    """One run, as its steps see it."""

    options: Options
    settings: OperatorSettings
    outbox: Outbox
    say: Callable[[str], None]
    """Progress."""
    is_resumed: bool = False
    """Whether another process began the run, and was ended."""

    @property
    def output(self) -> Path:
        return self.options.output

    @property
    def daily(self) -> DailySettings:
        return self.settings.daily

    @property
    def run(self) -> DailyRun:
        """As far as it is."""
        run = self.outbox.state.run
        assert run is not None
        return run

    @property
    def file(self) -> Path:
        """operator.toml"""
        return self.output / SETTINGS

    @cached_property
    def profile(self) -> Profile:
        """Of the archive, once there is one."""
        return profile_of(self.output, self.options.profile)

    @property
    def site(self) -> str:
        """Name of the site for people."""
        title = self.profile.title
        return joined((title, N_(" (demo data)")), "") if is_demo(self.output) else title

    @property
    def now(self) -> datetime:
        """In the time zone of the site."""
        return clock.now().astimezone(self.profile.zone)

    @property
    def today(self) -> str:
        """`YYYY-MM-DD` in the time zone of the site."""
        return self.now.date().isoformat()

    @property
    def ignored(self) -> str | None:
        """Why no address in operator.toml is used: other users can read them. None where they are used, or there is none."""
        alerts = (url for alert in self.settings.alerts for url in alert.recipients)
        notify = self.settings.notify
        return channels(replace(notify, urls=(*notify.urls, *self.daily.readers, *alerts)), self.file, {})[1]

    def folder(self, name: str) -> Path:
        """A folder of the settings."""
        return self.output / (Path(name).expanduser() if name.startswith("~/") else name)

    def has_articles(self) -> bool:
        """Whether the catalog has any."""
        if not (self.output / CATALOG).exists():
            return False
        with Catalog(self.output / CATALOG) as catalog:
            return bool(catalog.counts().articles)
