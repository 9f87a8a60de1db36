"""What the fields of a release mean, in Chinese, for the cards; in English it is in the docstrings of the records.

The texts are in `field_meanings.zh.toml`, by table and field, so that somebody who writes Chinese edits them without Python.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib import resources

from .dictionary import Field

FILE = "field_meanings.zh.toml"
_AS_ARTICLES = "versions"
"""The table whose fields are those of `articles`, but for some."""


def with_chinese(table: str, fields: tuple[Field, ...]) -> tuple[Field, ...]:
    """The fields of a table with their Chinese meanings. Raises KeyError for a field without one."""
    known = dict(meanings()[table])
    if table == _AS_ARTICLES:
        known = {**meanings()["articles"], **known}
    return tuple(_field(field, "", known) for field in fields)


@cache
def meanings() -> Mapping[str, Mapping[str, str]]:
    """All of the file: by table, then by field; of a part of a list, `images.url`."""
    return tomllib.loads(resources.files(__package__).joinpath(FILE).read_text("utf-8"))


def _field(field: Field, inside: str, known: Mapping[str, str]) -> Field:
    name = inside + field.name
    parts = tuple(_field(part, f"{name}.", known) for part in field.parts)
    return replace(field, meaning_zh=known[name], parts=parts)
