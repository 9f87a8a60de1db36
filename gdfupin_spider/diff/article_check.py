"""Checks that the records of a file are articles."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from .. import data_files
from ..errors import NotArticles
from ..messages.text import N_, enumeration
from ..pages import identity_key
from ..storage.json_rows import ContentRow, digest_of
from .difference import ComparedArticle
from .sets import Head, names_of

WANTED = (
    "id", "url", "title", "date", "source", "author", "section", "body", "images", "attachments", "content_sha256",
    "captured_at",
)  # fmt: skip
"""Fields of an article that are compared or shown."""
MORE = ("version", "first_seen", "last_seen", "status", "origin", "reader", "captures", "reviewed")
"""Fields that are used where a record has them: those that a release adds, and where the bytes came from."""
SUMS = "SHA256SUMS"
"""The file of a release with the digests of the others."""
_TEXTS = ("id", "url", "title", "body", "content_sha256", "captured_at")
_PARTS = (("images", "caption"), ("attachments", "name"))


def is_as_released(path: Path) -> bool:
    """Whether the SHA256SUMS of its folder has the digest of this file, so that nobody has edited it."""
    try:
        sums = data_files.content(path.parent / SUMS, data_files.METADATA).decode().splitlines()
        listed = {name: sha256 for sha256, _, name in (line.partition("  ") for line in sums)}.get(path.name)
        if listed is None:
            return False
        with data_files.opened(path) as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == listed
    except (OSError, ValueError):
        return False


def head_of(value: Any, path: Path, place: str, *, is_trusted: bool = False) -> Head:
    """The head of a record. Raises NotArticles if it is not an article.

    `is_trusted`: the digest in the record is taken as it is.
    """
    if isinstance(value, dict):
        id_, sha256, url = value.get("id"), value.get("content_sha256"), value.get("url")
        if isinstance(id_, str) and isinstance(sha256, str) and isinstance(url, str):
            # The digest is computed: a file that was edited still has the old one.
            computed = sha256 if is_trusted or _wrong(value) else digest_of(cast(ContentRow, value))
            return Head(id_, computed, url, value.get("status"))
    raise NotArticles(path, N_("no article: {wrong}", wrong=_wrong(value)), place)


def aliases_of(value: Mapping[str, Any], path: Path, place: str) -> tuple[str, ...]:
    """Ids and identity keys of its aliases, except its own. Raises NotArticles."""
    if not (aliases := value.get("aliases")):
        return ()
    try:
        names = names_of(aliases)
    except (TypeError, AttributeError) as error:
        raise NotArticles(
            path, N_("aliases are {aliases!r:.100}, not `{{id, url}}`", aliases=aliases), place
        ) from error
    own = value["id"], identity_key(value["url"])
    return tuple(name for name in names if name not in own)


def record_of(value: Any, path: Path, place: str) -> ComparedArticle:
    """The fields of a record that are compared. Raises NotArticles if one is missing."""
    if wrong := _wrong(value):
        raise NotArticles(path, N_("no article: {wrong}", wrong=wrong), place)
    kept = {name: value[name] for name in (*WANTED, *MORE) if name in value}
    return cast(ComparedArticle, {**kept, "content_sha256": digest_of(cast(ContentRow, value))})


def _wrong(value: Any) -> str:
    if not isinstance(value, dict):
        return N_("no JSON object")
    missing = [name for name in WANTED if name not in value]
    if missing:
        return N_("it has no {missing}", missing=enumeration(missing))
    wrong = [name for name in _TEXTS if not isinstance(value[name], str)]
    wrong += [
        name
        for name, part in _PARTS
        if not (isinstance(value[name], list) and all(isinstance(each, dict) and part in each for each in value[name]))
    ]
    return N_("{wrong} not as expected", wrong=enumeration(wrong)) if wrong else ""
