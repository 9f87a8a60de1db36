"""Whether what a file holds are articles."""

from pathlib import Path
from typing import Any

from ..errors import NotArticles
from .difference import Record
from .sets import Head

WANTED = (
    "id", "url", "title", "date", "source", "author", "section", "body", "images", "attachments", "content_sha256",
    "captured_at",
)  # fmt: skip
"""Fields of an article that are compared, or told."""
MORE = ("aliases", "version", "first_seen", "last_seen", "status")
"""Fields that an export adds."""
_TEXTS = ("id", "url", "title", "body", "content_sha256", "captured_at")
_PARTS = (("images", "caption"), ("attachments", "name"))


def head_of(value: Any, path: Path, place: str) -> Head:
    """The head of what ought to be an article. Raises NotArticles."""
    if isinstance(value, dict):
        id_, sha256, url = value.get("id"), value.get("content_sha256"), value.get("url")
        aliases = value.get("aliases")
        if isinstance(id_, str) and isinstance(sha256, str) and isinstance(url, str):
            return Head(id_, sha256, url, value.get("status"), aliases if isinstance(aliases, list) else None)
    raise NotArticles(path, f"no article: {_wrong(value)}", place)


def record_of(value: dict[str, Any], path: Path, place: str) -> Record:
    """The same, if it has all that is compared. Raises NotArticles."""
    if wrong := _wrong(value):
        raise NotArticles(path, f"no article: {wrong}", place)
    return {name: value[name] for name in (*WANTED, *MORE) if name in value}


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
