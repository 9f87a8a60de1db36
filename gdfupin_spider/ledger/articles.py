"""The record of an article from its pages, and the checks of every record. Called by the judge."""

import datetime
import re
from collections.abc import Sequence

from .. import pages
from ..items import Article, Issue, Reading
from ..messages.text import N_, shortened
from ..pages import Page

_ID = re.compile(r"[A-Za-z0-9_-]+-[0-9a-f]{12}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_READER = re.compile(r"\d+\+[A-Za-z0-9_-]+\.[0-9a-f]{8}")


def extract(parts: Sequence[Page], missing: str | None = None) -> Reading:
    """The article of these pages, or the reason for its refusal. `missing`: URL of a page that could not be fetched."""
    if missing is None:
        return pages.article(parts)
    first = parts[0].capture
    evidence = N_("page {number:d} of this article could not be had: {url}", number=len(parts) + 1, url=missing)
    return Reading(None, (Issue("refusal", "missing-part", first.url, shortened(evidence, 300), first.proof),))


def broken(article: Article) -> list[str]:
    """Names of fields with values that an article record never has; if there are any, the reader has a bug."""
    checks = {
        "id": _ID.fullmatch(article.id),
        "url": article.url.startswith(("http://", "https://")),
        "title": article.title.strip() and "\n" not in article.title,
        "date": article.date is None or _is_date(article.date),
        "body": article.body or article.images or article.attachments,
        "content_sha256": _SHA256.fullmatch(article.content_sha256),
        "captured_at": article.captured_at.endswith("Z"),
        "captures": article.captures,
        "encoding": article.encoding,
        "reader": _READER.fullmatch(article.reader),
    }
    for name in ("source", "author", "section", "info_line"):
        checks[name] = getattr(article, name) != ""
    return [name for name, kept in checks.items() if not kept]


def _is_date(text: str) -> bool:
    try:
        return len(text) == 10 and bool(datetime.date.fromisoformat(text))
    except ValueError:
        return False


def validate(article: Article) -> Issue | None:
    """A refusal that lists invalid fields; None if all are valid."""
    if names := broken(article):
        shown = "; ".join(f"{name} = {getattr(article, name)!r}"[:120] for name in names)
        proof = article.captures[0] if article.captures else None
        return Issue("refusal", "broken-record", article.url, shown[:300], proof)
    return None
