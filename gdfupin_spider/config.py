"""What the operator has set for one archive: `operator.toml` in its output. Absent: everything is as it comes.

Each table is a frozen dataclass, which names its keys, their types and what they mean; docs/operating.md lists them.
"""

import difflib
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, get_type_hints

from .catalog import Rules
from .errors import WrongSetting
from .frontier.recheck import Schedule
from .monitoring.channels import Channels
from .monitoring.thresholds import Limits

FILE = "operator.toml"


@dataclass(frozen=True)
class Orders:
    """All tables of the file. A field here is a table there."""

    rules: Rules = field(default_factory=Rules)
    """[rules]: when what is missing is believed to be gone."""
    monitors: Limits = field(default_factory=Limits)
    """[monitors]: when a crawl is so unlike those before it that somebody should look."""
    schedule: Schedule = field(default_factory=Schedule)
    """[schedule]: when what is in the archive is looked at again."""
    notify: Channels = field(default_factory=Channels)
    """[notify]: who is told. The file must not be readable by others then."""


def load(output: Path) -> Orders:
    """The operator's settings for this output. Raises WrongSetting, which names file, key and reason."""
    path = output / FILE
    try:
        said = tomllib.loads(path.read_text("utf-8-sig"))
    except FileNotFoundError:
        return Orders()
    except OSError as error:
        raise WrongSetting(str(path), "", f"cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise WrongSetting(str(path), "", f"is not UTF-8 at byte {error.start}") from None
    except tomllib.TOMLDecodeError as error:
        raise WrongSetting(str(path), "", f"is not TOML: {error}") from None
    tables = get_type_hints(Orders)
    _known(path, "", said, tables, "table")
    return Orders(**{name: _table(path, name, value, tables[name]) for name, value in said.items()})


def _table(path: Path, name: str, value: object, kind: type) -> Any:
    if not isinstance(value, dict):
        raise WrongSetting(str(path), name, f"must be a table: [{name}]")
    hints = get_type_hints(kind)
    _known(path, f"{name}.", value, {field.name: None for field in fields(kind)}, "key")
    secret = {field.name for field in fields(kind) if field.metadata.get("secret")}
    return kind(**{key: _value(path, f"{name}.{key}", said, hints[key], key in secret) for key, said in value.items()})


def _value(path: Path, key: str, said: object, kind: Any, secret: bool) -> Any:
    check, wanted = _CHECKS[kind]
    if not check(said):
        raise WrongSetting(str(path), key, f"must be {wanted}" + ("" if secret else f", not {said!r}"))
    return tuple(said) if isinstance(said, list) else said


def _known(path: Path, where: str, said: Mapping[str, object], known: Mapping[str, object], what: str) -> None:
    for name in said:
        if name not in known:
            near = difflib.get_close_matches(name, known, 1)
            hint = f"; did you mean {near[0]}?" if near else f"; there are {', '.join(known)}"
            raise WrongSetting(str(path), f"{where}{name}", f"no such {what}{hint}")


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < float("inf")


_CHECKS: dict[Any, tuple[Callable[[object], bool], str]] = {
    int: (lambda value: _number(value) and isinstance(value, int), "a whole number, 0 or more"),
    float: (_number, "a number, 0 or more"),
    bool: (lambda value: isinstance(value, bool), "true or false"),
    str: (lambda value: isinstance(value, str), "a string"),
    tuple[str, ...]: (
        lambda value: isinstance(value, list) and all(isinstance(item, str) for item in value),
        'a list of strings, as ["…", "…"]',
    ),
}
