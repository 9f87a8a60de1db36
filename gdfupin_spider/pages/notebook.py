"""A page as HTML for notebooks. Page text is hostile: every piece is escaped, nothing is loaded, no link can be clicked."""

import html
from collections.abc import Iterable, Sequence

from ..items import Article, Issue
from .links.extract import Link

SHOWN = 10
"""Rows and issues shown."""
TEXT = 600
"""Characters of a body shown."""


def page_html(
    kind: str, why: str, url: str, article: Article | None, rows: Sequence[Link], issues: Sequence[Issue]
) -> str:
    """A table of what was read."""
    cells = [("url", url), ("kind", f"{kind}: {why}")]
    if article is not None:
        names = ("title", "date", "source", "author", "section", "body")
        cells += [(name, str(value)[:TEXT]) for name in names if (value := getattr(article, name)) is not None]
        cells += [("images", str(len(article.images))), ("attachments", str(len(article.attachments)))]
    if rows:
        cells.append((f"{len(rows)} rows", "\n".join(f"{row.text} {row.url}" for row in rows[:SHOWN])))
    if issues:
        cells.append(("issues", "\n".join(f"{issue.what}: {issue.evidence}" for issue in issues[:SHOWN])))
    return table_html(cells)


def table_html(cells: Iterable[tuple[str, str]]) -> str:
    """Names and texts as a table of two columns.

    >>> table_html([("title", "<b>\u202e")])
    '<table><tr><th style="text-align:left">title</th><td style="text-align:left;white-space:pre-wrap">&lt;b&gt;�</td></tr></table>'
    """
    rows = (
        f'<tr><th style="text-align:left">{_text(name)}</th>'
        f'<td style="text-align:left;white-space:pre-wrap">{_text(text)}</td></tr>'
        for name, text in cells
    )
    return f"<table>{''.join(rows)}</table>"


def _text(text: str) -> str:
    """Escaped; control characters and those that turn the direction of text are replaced."""
    visible = "".join(char if char == "\n" or char.isprintable() or char == "\u3000" else "\ufffd" for char in text)
    return html.escape(visible)
