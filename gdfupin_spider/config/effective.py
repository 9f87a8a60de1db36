"""The settings that are in force, and where each comes from: the default, a line of operator.toml, or the environment."""

import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from .. import data_files
from ..messages.text import N_, joined
from ..monitoring.channels import NOTIFY, PING
from ..terminal import without_credentials
from .operator_file import FILE, OperatorSettings, load

FROM_ENVIRONMENT = {"notify.urls": NOTIFY, "notify.ping": PING}
"""Keys that a variable replaces."""
PREFIX = "GDFUPIN_"
SECRETS = (NOTIFY, PING)
_KEY = re.compile(r"^[ \t]*(?:\[|[\w\"'.-]+[ \t.\w\"'-]*=)")


@dataclass(frozen=True, slots=True)
class EffectiveSetting:
    """One setting."""

    key: str
    """`daily.keep`; of an alert `alerts[1].name`, of a variable its name."""
    value: object
    """As JSON has it. Secrets: how many there are, or None where there is none."""
    source: str
    """`default`, `operator.toml line 7`, `environment GDFUPIN_NOTIFY`; of a variable `environment`."""
    is_secret: bool = False

    def shown(self) -> str:
        """The value as TOML has it."""
        if self.is_secret:
            return N_("({number} set, not shown)", number=self.value) if self.value else N_("(none)")
        return toml_value(self.value)


def effective(output: Path, environ: Mapping[str, str] = os.environ) -> list[EffectiveSetting]:
    """All settings in the order of the tables, then the variables of the environment that are set. Raises WrongSetting."""
    settings = load(output)
    note = ""
    try:
        if (output / FILE).stat().st_mode & 0o077:
            note = N_(", ignored: other users can read it, chmod 600 {file}", file=FILE)
        lines = key_lines(data_files.content(output / FILE, data_files.SETTINGS).decode("utf-8"))
    except FileNotFoundError:
        lines = {}
    return [*_of_tables(settings, lines, environ, note), *_of_environment(environ)]


def toml_value(value: object) -> str:
    """A value as TOML.

    >>> toml_value(True), toml_value(0.8), toml_value("a\\"b"), toml_value(("x",))
    ('true', '0.8', '"a\\\\"b"', '["x"]')
    """
    match value:
        case bool():
            return "true" if value else "false"
        case list() | tuple():
            return f"[{', '.join(map(toml_value, value))}]"
        case str():
            escaped = value.replace("\\", "\\\\").replace('"', '\\"')
            return '"' + "".join(each if each.isprintable() else f"\\U{ord(each):08x}" for each in escaped) + '"'
        case _:
            return str(value)


def key_lines(text: str) -> dict[str, int]:
    """The line of each key of a valid file, from 1: `daily.keep`, `alerts[1].name`.

    A key begins at a line from which on the text in front of the next one has it: so that values of several lines, and keys in inline
    tables, have theirs.

    >>> key_lines('[daily]\\nkeep = 3\\n\\n[[alerts]]\\nkinds = [\\n "gone" ]\\n')
    {'daily.keep': 2, 'alerts[1].kinds': 5}
    """
    lines = text.splitlines(keepends=True)
    starts = [number for number, line in enumerate(lines) if _KEY.match(line)]
    found: dict[str, int] = {}
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        try:
            known = tomllib.loads("".join(lines[:end]))
        except tomllib.TOMLDecodeError:  # the line is inside of a value
            continue
        for key in _keys(known):
            found.setdefault(key, start + 1)
    return found


def _keys(tables: Mapping[str, object]) -> Iterator[str]:
    for name, table in tables.items():
        if isinstance(table, dict):
            yield from (f"{name}.{key}" for key in table)
        elif isinstance(table, list):
            for number, each in enumerate(table, 1):
                yield from (f"{name}[{number}].{key}" for key in (each if isinstance(each, dict) else ()))


def _of_tables(
    settings: OperatorSettings, lines: Mapping[str, int], environ: Mapping[str, str], note: str
) -> Iterator[EffectiveSetting]:
    for table in fields(settings):
        value = getattr(settings, table.name)
        parts = [(f"{table.name}[{n}]", each) for n, each in enumerate(value, 1)] if isinstance(value, tuple) else []
        for name, part in parts or ([(table.name, value)] if not isinstance(value, tuple) else []):
            for each in fields(part):
                known, is_secret = getattr(part, each.name), "secret" in each.metadata
                yield _setting(f"{name}.{each.name}", known, lines, environ, note if is_secret else None)


def _setting(
    key: str, value: object, lines: Mapping[str, int], environ: Mapping[str, str], note: str | None
) -> EffectiveSetting:
    """`note`: of secrets, why those of the file are ignored, or empty; None: it is no secret."""
    source = N_("{file} line {line}", file=FILE, line=lines[key]) if key in lines else "default"
    if note and key in lines:
        value, source = None, joined((source, note), "")
    variable = FROM_ENVIRONMENT.get(key, "")
    if set_there := environ.get(variable, "").split():
        value, source = tuple(set_there), N_("environment {variable}", variable=variable)
    if note is not None:
        value = (len(value) if isinstance(value, tuple) else 1) if value else None
    return EffectiveSetting(key, list(value) if isinstance(value, tuple) else value, source, note is not None)


def _of_environment(environ: Mapping[str, str]) -> Iterator[EffectiveSetting]:
    """Other variables of this program: defaults of options, and settings that have no key in the file."""
    for name in sorted(environ):
        if name.startswith(PREFIX) and name not in SECRETS:
            yield EffectiveSetting(name, without_credentials(environ[name]), "environment")
