"""The role of each line, also where reading gave it none: rows and pagers of listings, guesses on unclassified pages."""

from ..messages.record_words import word
from ..messages.text import translated
from ..pages import Page, absolute, identity_key
from ..pages.dom.document import Anchor
from ..pages.links.extract import written_address

ROLES = ("breadcrumb", "title", "info", "body", "end", "row", "next")
"""`end` is the first line after the body. A role with `?` is the role that a line of an unclassified page would have
on an article."""


def roles(page: Page) -> tuple[str, ...]:
    """One role per line, empty without one."""
    found = [line.role for line in page.lines]
    structure = page.structure
    if structure is not None:
        doubt = "" if page.kind in ("article", "listing") else "?"
        if structure.breadcrumb is not None:
            for index in range(structure.breadcrumb.first, structure.breadcrumb.last + 1):
                found[index] = found[index] or "breadcrumb"
        if page.kind != "listing":
            for index in structure.title_lines:
                found[index] = found[index] or f"title{doubt}"
            if structure.byline is not None:
                for index in range(structure.byline.first, structure.byline.last + 1):
                    found[index] = found[index] or f"info{doubt}"
            for line in structure.body.lines:
                found[line.index] = found[line.index] or f"body{doubt}"
            if structure.body.lines and structure.body.end < len(found):
                found[structure.body.end] = found[structure.body.end] or f"end{doubt}"
    rows = {identity_key(row.url) for row in page.rows}
    following = {link.key for link in page.links if link.role == "next"}
    for line in page.lines if rows or following else ():
        keys = {identity_key(target) for anchor in line.anchors if (target := _target(page, anchor)) is not None}
        if keys & rows:
            found[line.index] = found[line.index] or "row"
        elif keys & following:
            found[line.index] = found[line.index] or "next"
    return tuple(found)


def role_word(role: str) -> str:
    """The word for people, with the mark of doubt."""
    name = role.rstrip("?")
    return translated(word(name)) + role[len(name) :]


def _target(page: Page, anchor: Anchor) -> str | None:
    url, encoding = page.capture.url, page.encoding.name or "utf-8"
    base = absolute(page.doc.base, url, encoding) or url if page.doc.base else url
    return absolute(written_address(anchor) or "", base, encoding)
