"""Checks that the records of a file are articles."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from ..errors import NotArticles
from ..pages import identity_key
from .difference import ComparedArticle
from .sets import Head, names_of

WANTED = (
    "id", "url", "title", "date", "source", "author", "section", "body", "images", "attachments", "content_sha256",
    "captured_at",
)  # fmt: skip
"""Fields of an article that are compared or shown."""
MORE = ("version", "first_seen", "last_seen", "status", "origin", "reader", "captures", "reviewed")
"""Fields that are used where a record has them: those that a release adds, and where the bytes came from."""
_TEXTS = ("id", "url", "title", "body", "content_sha256", "captured_at")
_PARTS = (("images", "caption"), ("attachments", "name"))


def head_of(value: Any, path: Path, place: str) -> Head:
    """The head of a record. Raises NotArticles if it is not an article."""
    if isinstance(value, dict):
        id_, sha256, url = value.get("id"), value.get("content_sha256"), value.get("url")
        if isinstance(id_, str) and isinstance(sha256, str) and isinstance(url, str):
            return Head(id_, sha256, url, value.get("status"))
    raise NotArticles(path, f"no article: {_wrong(value)}", place)


def aliases_of(value: Mapping[str, Any], path: Path, place: str) -> tuple[str, ...]:
    """Ids and identity keys of its aliases, except its own. Raises NotArticles."""
    if not (aliases := value.get("aliases")):
        return ()
    try:
        names = names_of(aliases)
    except (TypeError, AttributeError) as error:
        raise NotArticles(path, f"aliases are {aliases!r:.100}, not `{{id, url}}`", place) from error
    own = value["id"], identity_key(value["url"])
    return tuple(name for name in names if name not in own)


def record_of(value: Any, path: Path, place: str) -> ComparedArticle:
    """The fields of a record that are compared. Raises NotArticles if one is missing."""
    if wrong := _wrong(value):
        raise NotArticles(path, f"no article: {wrong}", place)
    return cast(ComparedArticle, {name: value[name] for name in (*WANTED, *MORE) if name in value})


def _wrong(value: Any) -> str:
    if not isinstance(value, dict):
        return "no JSON object"
    missing = [name for name in WANTED if name not in value]
    if missing:
        return f"it has no {', '.join(missing)}"
    wrong = [name for name in _TEXTS if not isinstance(value[name], str)]
    wrong += [
        name
        for name, part in _PARTS
        if not (isinstance(value[name], list) and all(isinstance(each, dict) and part in each for each in value[name]))
    ]
    return f"{', '.join(wrong)} not as expected" if wrong else ""
