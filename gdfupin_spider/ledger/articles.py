"""From the pages of an article to its record, and the promises of every record. The judge calls it."""

import datetime
import re
from collections.abc import Sequence

from .. import pages
from ..items import Article, Issue, Reading
from ..pages import Page

_ID = re.compile(r"[A-Za-z0-9_-]+-[0-9a-f]{12}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_READER = re.compile(r"\d+\+[A-Za-z0-9_-]+\.[0-9a-f]{8}")


def extract(parts: Sequence[Page], missing: str | None = None) -> Reading:
    """The article of these pages, or why there is none. Half an article is none."""
    if missing is None:
        return pages.article(parts)
    first = parts[0].capture
    evidence = f"page {len(parts) + 1} of this article could not be had: {missing}"
    return Reading(None, (Issue("refusal", "missing-part", first.url, evidence[:300], first.proof),))


def broken(article: Article) -> list[str]:
    """The promises of the record that this article does not keep; none, or the reader has a fault."""
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
    """A refusal that names what is broken, None where all is well."""
    if names := broken(article):
        shown = "; ".join(f"{name} = {getattr(article, name)!r}"[:120] for name in names)
        proof = article.captures[0] if article.captures else None
        return Issue("refusal", "broken-record", article.url, shown[:300], proof)
    return None
