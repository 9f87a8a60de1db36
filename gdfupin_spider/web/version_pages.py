"""The pages of one article: a version with its proof, how it is cited, and two versions side by side."""

import contextlib
from collections.abc import Mapping, Sequence
from typing import cast

from starlette.requests import Request

from ..diff.edits import field_runs
from ..diff.text_diff import TextBlock, TextRun, runs, text_diff
from ..dossier import citation
from ..errors import NotInstalled
from . import memento
from .edition import Edition
from .parameters import CompareQuery, VersionQuery, query_of
from .room_page import NoSuchThing, RoomPage, library_of, resolved, version_of

_SHORT_FIELDS = ("title", "date", "source", "author", "section")


def article(edition: Edition, request: Request) -> RoomPage:
    """One article, in its newest version or another one."""
    id_ = resolved(edition, request.path_params["id"])
    found = edition.article(id_)
    if found is None:
        raise NoSuchThing(id_)
    query = query_of(request.query_params, VersionQuery)
    versions = edition.versions(id_)
    shown = version_of(versions, query.version)
    newer, older = edition.neighbours(found)
    group = found["reprint_group"]
    archive = library_of(request).archive_of(edition)
    pictures = archive.pictures(shown) if archive is not None else {}
    values = {
        "has_archive": archive is not None,
        "figures": [(number, each, each["url"] in pictures) for number, each in enumerate(shown["images"], 1)],
        "article": found,
        "shown": shown,
        "has_section": edition.has_section(shown["section"]),
        "is_newest": shown["version"] == found["version"],
        "versions": versions,
        "newer": newer,
        "older": older,
        "reprints": [each for each in edition.reprints(group) if each["id"] != id_] if group else [],
        "captures": edition.captures(id_),
    }
    number = query.version
    return RoomPage(
        "article.html",
        values,
        f"gdfupin show {id_}" + (f" --version {number}" if number else ""),
        f"/api/v1/articles/{id_}" + ("/versions" if number else ""),
        f"SELECT * FROM versions WHERE id = '{id_}' AND version = {number}"
        if number
        else f"SELECT * FROM articles WHERE id = '{id_}'",
        original=found["url"] if memento.mementos(library_of(request), edition, found["url"]) else "",
    )


def cite(edition: Edition, request: Request) -> RoomPage:
    """Citations of a version, in the forms of `gdfupin cite`."""
    id_ = resolved(edition, request.path_params["id"])
    query = query_of(request.query_params, VersionQuery)
    versions = edition.versions(id_)
    shown = version_of(versions, query.version)
    cited = citation.citation_of_row(shown, len(versions), edition.manifest)
    forms: list[tuple[str, str]] = []
    with contextlib.suppress(NotInstalled):
        forms.append(("GB/T 7714—2015", citation.styled(cited, citation.STYLE)))
    forms += [(_FORMS[name], form(cited)) for name, form in citation.FORMATS.items()]
    command = f"gdfupin cite {id_}" + (f" --version {query.version}" if query.version else "")
    return RoomPage("cite.html", {"shown": shown, "forms": forms}, command)


_FORMS = {"plain": "", "bibtex": "BibLaTeX", "ris": "RIS", "csl-json": "CSL-JSON"}
"""What the forms are called; empty: by a phrase."""


def compared(edition: Edition, request: Request) -> RoomPage:
    """Two versions of an article, one against the other."""
    id_ = resolved(edition, request.path_params["id"])
    query = query_of(request.query_params, CompareQuery)
    versions = edition.versions(id_)
    new = version_of(versions, query.new)
    old = version_of(versions, query.old or max(1, new["version"] - 1))
    before, after = cast(Mapping[str, object], old), cast(Mapping[str, object], new)
    fields = [
        (name, field_runs(name, str(before[name] or ""), str(after[name] or "")))
        for name in _SHORT_FIELDS
        if before[name] != after[name]
    ]
    values = {
        "article": edition.article(id_),
        "old": old,
        "new": new,
        "fields": fields,
        "versions": versions,
        "view": query.view,
        "body": _paragraphs(runs(old["body"], new["body"])) if query.view == "inline" else (),
        "sides": _sides(old["body"], new["body"]) if query.view == "side" else (),
    }
    sql = f"SELECT * FROM versions WHERE id = '{id_}' AND version IN ({old['version']}, {new['version']})"
    return RoomPage("compare.html", values, f"gdfupin history {id_}", f"/api/v1/articles/{id_}/versions", sql)


Paragraphs = list[list[TextRun]]


def _sides(old: str, new: str) -> list[tuple[Paragraphs, Paragraphs]]:
    """Rows of both texts: paragraphs of the old one, and those of the new one."""
    blocks = text_diff(old, new) or [TextBlock("same", range(1), range(1), (TextRun("same", new),))]
    return [
        (
            _paragraphs([run for run in block.runs if run.kind != "put"]) if block.old else [],
            _paragraphs([run for run in block.runs if run.kind != "cut"]) if block.new else [],
        )
        for block in blocks
    ]


def _paragraphs(some: Sequence[TextRun]) -> Paragraphs:
    """Runs of characters, by paragraph of either text."""
    found: Paragraphs = [[]]
    for run in some:
        first, *rest = run.text.split("\n")
        found[-1] += [TextRun(run.kind, first)] if first else []
        found.extend([TextRun(run.kind, text)] if text else [] for text in rest)
    return [each for each in found if each]
