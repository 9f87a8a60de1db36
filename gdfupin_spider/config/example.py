"""An operator.toml with every table and key, their meaning and default: all of it comments, so that it changes nothing."""

from collections.abc import Iterator
from dataclasses import MISSING, Field, fields, is_dataclass
from typing import Any, get_type_hints

from ..items import field_docs
from ..messages.comments import comment
from ..monitoring.alerts import Alert
from .effective import toml_value
from .operator_file import OperatorSettings

HEAD = (
    "operator.toml: settings of one archive, in its folder. Each key has its default here; remove the # in front of a table and a key, and "
    "change the value. `gdfupin config` shows what is in force. With addresses in it: chmod 600 operator.toml"
)
ALERT_HEAD = "An alert, one table for each: this one is an example, and no default."
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
    lines = comment(HEAD)
    for table in fields(OperatorSettings):
        default = table.default_factory() if table.default_factory is not MISSING else None
        lines += ["", *_table(f"[{table.name}]", type(default), default)] if default is not None else []
    return "\n".join([*lines, "", *_alert(), ""])


def texts() -> Iterator[str]:
    """What the comments say, in English."""
    yield HEAD
    for table, kind in get_type_hints(OperatorSettings).items():
        if isinstance(kind, type) and is_dataclass(kind):
            yield _meaning(table)
            yield from (" ".join(each.split()) for each in field_docs(kind).values())
    yield ALERT_HEAD
    yield from (" ".join(each.split()) for each in field_docs(Alert).values())


def _table(head: str, kind: type, default: object) -> Iterator[str]:
    docs = field_docs(kind)
    yield from comment(_meaning(head.strip("[]")))
    yield f"#{head}"
    for each in fields(kind):
        yield from comment(docs[each.name])
        yield f"#{each.name} = {toml_value(getattr(default, each.name))}"


def _meaning(table: str) -> str:
    return field_docs(OperatorSettings)[table].partition(": ")[2]


def _alert() -> Iterator[str]:
    docs = field_docs(Alert)
    yield from comment(ALERT_HEAD)
    yield "#[[alerts]]"
    for each in fields(Alert):
        yield from comment(docs[each.name])
        yield f"#{each.name} = {toml_value(ALERT.get(each.name, _default(each)))}"


def _default(each: Field[Any]) -> object:
    return each.default if each.default is not MISSING else ()
