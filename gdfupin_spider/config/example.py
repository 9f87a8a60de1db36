"""An operator.toml with every table and key, their meaning and default: all of it comments, so that it changes nothing."""

import textwrap
from collections.abc import Iterator
from dataclasses import MISSING, Field, fields
from typing import Any

from ..items import field_docs
from ..monitoring.alerts import Alert
from .effective import toml_value
from .operator_file import OperatorSettings

WIDTH = 100
ALERT = {
    "name": "连樟村",
    "words": "连樟村 OR 英德 -招聘",
    "where": "changed",
    "sections": ("扶贫要闻",),
    "sources": ("南方日报",),
    "kinds": ("edited", "gone"),
    "recipients": ("mailto://...",),
}
"""Values of an alert for people to change."""


def example() -> str:
    """The file. Without the `#` in front of keys and tables it has the same meaning, but for the alert."""
    lines = [
        "# operator.toml: settings of one archive, in its folder. Each key has its default here; remove the # in front of a table",
        "# and a key, and change the value. `gdfupin config` shows what is in force. With addresses in it: chmod 600 operator.toml",
    ]
    for table in fields(OperatorSettings):
        default = table.default_factory() if table.default_factory is not MISSING else None
        lines += ["", *_table(f"[{table.name}]", type(default), default)] if default is not None else []
    return "\n".join([*lines, "", *_alert(), ""])


def _table(head: str, kind: type, default: object) -> Iterator[str]:
    docs = field_docs(kind)
    tables = field_docs(OperatorSettings)
    yield from _comment(tables[head.strip("[]")].partition(": ")[2])
    yield f"#{head}"
    for each in fields(kind):
        yield from _comment(docs[each.name])
        yield f"#{each.name} = {toml_value(getattr(default, each.name))}"


def _alert() -> Iterator[str]:
    docs = field_docs(Alert)
    yield from _comment("An alert, one table for each: this one is an example, and no default.")
    yield "#[[alerts]]"
    for each in fields(Alert):
        yield from _comment(docs[each.name])
        yield f"#{each.name} = {toml_value(ALERT.get(each.name, _default(each)))}"


def _default(each: Field[Any]) -> object:
    return each.default if each.default is not MISSING else ()


def _comment(text: str) -> list[str]:
    return textwrap.wrap(" ".join(text.split()), WIDTH, initial_indent="# ", subsequent_indent="# ")
