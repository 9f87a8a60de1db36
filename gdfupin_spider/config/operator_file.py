"""`operator.toml`, read and checked. If the file is missing, defaults apply.

Each table is a frozen dataclass whose fields are the keys, with types and meaning; docs/operating.md lists them.
"""

import contextlib
import difflib
import re
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, get_type_hints

from .. import data_files
from ..catalog import Catalog, Rules
from ..catalog.sources import CATALOG
from ..errors import CatalogUnusable, GdfupinError, WrongSetting
from ..frontier.limits import Limits
from ..frontier.recheck import Schedule
from ..frontier.web_archives import WebArchives
from ..messages.text import N_, enumeration, joined, reason_of
from ..monitoring.alerts import CONDITIONS, Alert, problems
from ..monitoring.channels import Channels
from ..monitoring.daily_settings import DailySettings
from ..monitoring.release_floors import ReleaseFloors
from ..monitoring.thresholds import Thresholds
from ..profiles import source_names
from ..storage.archive_info import info_of, profile_of
from ..storage.publication import Publication
from ..storage.time_stamps import StampSettings

FILE = "operator.toml"
RENAMED = {
    "schedule.at_least": "recheck_min_budget",
    "schedule.share": N_("recheck_fraction, the reciprocal: 0.01 instead of 100"),
    "monitors.at_least": "min_history",
    "monitors.enough": "min_sample",
    "monitors.points": "share_change",
    "monitors.floor": "min_change",
    "monitors.fewer": "count_drop",
    "monitors.more": "count_rise",
    "monitors.quiet": "silence_factor",
    "monitors.quiet_days": "silence_min_days",
    "monitors.quiet_doublings": "silence_repeats",
}
"""Keys of 0.1.0 and their present names."""


@dataclass(frozen=True)
class OperatorSettings:
    """All tables of the file, a field each."""

    rules: Rules = field(default_factory=Rules)
    """[rules]: when missing articles are gone, when two bodies are one article."""
    monitors: Thresholds = field(default_factory=Thresholds)
    """[monitors]: when a difference between crawls is an alarm."""
    schedule: Schedule = field(default_factory=Schedule)
    """[schedule]: when known articles are requested again."""
    limits: Limits = field(default_factory=Limits)
    """[limits]: what a crawl may request at most."""
    archives: WebArchives = field(default_factory=WebArchives)
    """[archives]: web archives, and how fast they are asked."""
    release: ReleaseFloors = field(default_factory=ReleaseFloors)
    """[release]: what a release must have."""
    publication: Publication = field(default_factory=Publication)
    """[publication]: who publishes the releases, and where."""
    stamps: StampSettings = field(default_factory=StampSettings)
    """[stamps]: who stamps reports with the time."""
    daily: DailySettings = field(default_factory=DailySettings)
    """[daily]: what `gdfupin daily` does."""
    notify: Channels = field(default_factory=Channels)
    """[notify]: recipients of messages. With this table the file must not be readable by other users."""
    alerts: tuple[Alert, ...] = ()
    """[[alerts]]: changes that somebody wants to know of after each crawl."""


def load(output: Path) -> OperatorSettings:
    """The settings of an output. Raises WrongSetting, which names file, key and reason."""
    path = output / FILE
    try:
        data = data_files.content(path, data_files.SETTINGS)
        tables = data_files.toml(data)
    except FileNotFoundError:
        return OperatorSettings()
    except OSError as error:
        raise WrongSetting(str(path), "", N_("cannot be read: {reason}", reason=error.strerror)) from None
    except ValueError as error:
        raise WrongSetting(str(path), "", reason_of(error)) from None
    kinds = get_type_hints(OperatorSettings)
    _check_names(path, "", tables, kinds, "table")
    alerts = _alerts(output, path, tables.pop("alerts", []), data)
    known = {name: _table(path, name, value, kinds[name]) for name, value in tables.items()}
    settings = OperatorSettings(**known, alerts=alerts)
    for name, table in (("publication", settings.publication), ("daily", settings.daily)):
        for key, reason in table.problems():
            raise WrongSetting(str(path), f"{name}.{key}", reason)
    return settings


_ALERT = re.compile(rb"^[ \t]*\[\[[ \t]*alerts[ \t]*\]\]", re.M)


def _alerts(output: Path, path: Path, value: object, data: bytes) -> tuple[Alert, ...]:
    """The alerts; each can fire. Raises WrongSetting, which names the line where the alert begins."""
    if not isinstance(value, list):
        raise WrongSetting(str(path), "alerts", N_("must be tables: [[alerts]]"))
    lines = [data.count(b"\n", 0, found.start()) + 1 for found in _ALERT.finditer(data)]
    is_asked = any(isinstance(each, dict) and (each.get("sections") or each.get("sources")) for each in value)
    sections, sources = _known_names(output) if is_asked else (frozenset[str](), frozenset[str]())
    found: list[Alert] = []
    for number, table in enumerate(value):
        at = f"alerts[{number + 1}]"
        if len(lines) == len(value):
            at = N_("line {number}, {table}", number=lines[number], table=at)
        alert: Alert = _table(path, at, table, Alert)
        for key in CONDITIONS:
            if table.get(key) == []:
                raise WrongSetting(str(path), _inside(at, key), N_("is empty; leave it out for all {key}", key=key))
        for key, reason in problems(alert, sections, sources):
            raise WrongSetting(str(path), _inside(at, key), reason)
        if alert.name in (each.name for each in found):
            raise WrongSetting(str(path), _inside(at, "name"), N_("there are two alerts {name!r}", name=alert.name))
        found.append(alert)
    return tuple(found)


def _inside(at: str, key: str) -> str:
    """The key of a table that is named by its place."""
    return joined((at, key), ".")


def _known_names(output: Path) -> tuple[frozenset[str], frozenset[str]]:
    """Sections of the profile and of the articles; sources of the articles and of the table of names.

    Empty where there is no archive yet, or where its profile is broken; sources also before there is an article with one.
    """
    try:
        if info_of(output) is None:
            return frozenset(), frozenset()
        sections, sources = profile_of(output).all_sections, frozenset[str]()
    except GdfupinError:  # the command itself reports that
        return frozenset(), frozenset()
    with contextlib.suppress(CatalogUnusable, sqlite3.DatabaseError), Catalog(output / CATALOG) as catalog:
        sections |= catalog.sections()
        sources = catalog.sources()
    # An article of a source that the table knows can come any day.
    table = frozenset(name for row in source_names.bundled().rows for name in (row.name, row.variant))
    return sections, sources | table if sources else sources


def _table(path: Path, name: str, value: object, kind: type) -> Any:
    if not isinstance(value, dict):
        raise WrongSetting(str(path), name, N_("must be a table: [{name}]", name=name))
    hints = get_type_hints(kind)
    _check_names(path, name, value, {field.name: None for field in fields(kind)}, "key")
    secret = {field.name for field in fields(kind) if field.metadata.get("secret")}
    return kind(
        **{key: _value(path, _inside(name, key), each, hints[key], key in secret) for key, each in value.items()}
    )


def _value(path: Path, key: str, value: object, kind: Any, secret: bool) -> Any:
    check, wanted = _CHECKS[kind]
    if not check(value):
        raise WrongSetting(
            str(path),
            key,
            N_("must be {wanted}", wanted=wanted)
            if secret
            else N_("must be {wanted}, not {value!r}", wanted=wanted, value=value),
        )
    return tuple(value) if isinstance(value, list) else value


def _check_names(path: Path, where: str, names: Iterable[str], known: Mapping[str, object], what: str) -> None:
    """`where`: name of the table, or empty. Raises WrongSetting."""
    for name in names:
        place = _inside(where, name) if where else name
        if (new := RENAMED.get(place)) is not None:
            raise WrongSetting(str(path), place, N_("is now called {new}", new=new))
        if name not in known:
            near = difflib.get_close_matches(name, known, 1)
            hint = (
                N_("did you mean {near}?", near=near[0]) if near else N_("there are {known}", known=enumeration(known))
            )
            unknown = N_("no such table") if what == "table" else N_("no such key")
            raise WrongSetting(str(path), place, N_("{problem}; {hint}", problem=unknown, hint=hint))


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < float("inf")


_CHECKS: dict[Any, tuple[Callable[[object], bool], str]] = {
    int: (lambda value: _number(value) and isinstance(value, int), N_("a whole number, 0 or more")),
    float: (_number, N_("a number, 0 or more")),
    bool: (lambda value: isinstance(value, bool), N_("true or false")),
    str: (lambda value: isinstance(value, str), N_("a string")),
    str | None: (lambda value: isinstance(value, str), N_("a string")),
    tuple[str, ...]: (
        lambda value: isinstance(value, list) and all(isinstance(item, str) for item in value),
        N_('a list of strings, as ["…", "…"]'),
    ),
}
