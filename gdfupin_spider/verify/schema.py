"""Decodes lines into records, strictly: every field without a default must be there, with its type."""

from ..items import Article, Issue, Media, PageSeen, Proof, Sighting, WrongShape, decode
from ..messages.text import N_

Record = Article | Sighting | PageSeen | Media | Issue
RECORDS: dict[str, type[Record]] = {
    "articles": Article,
    "sightings": Sighting,
    "pages": PageSeen,
    "media": Media,
    "issues": Issue,
}


def record_of(value: object, kind: str) -> Record:
    """The record of a line. Raises WrongShape, also where the digest of an article is not that of its content.

    >>> record_of({"level": "note", "what": 7, "url": "http://g.cn/", "evidence": ""}, "issues")
    Traceback (most recent call last):
    gdfupin_spider.items.WrongShape: Expected `str`, got `int` - at `$.what`
    >>> record_of({"level": "note", "what": "odd", "url": "http://g.cn/"}, "issues")
    Traceback (most recent call last):
    gdfupin_spider.items.WrongShape: Object missing required field `evidence`
    """
    record = decode(RECORDS[kind], value)
    if isinstance(record, Article) and record.content_sha256 != _digest_of(record):
        raise WrongShape(N_("content_sha256 is not the digest of the content"))
    return record


def proofs(record: Record) -> tuple[Proof, ...]:
    """The captures that a line refers to."""
    if isinstance(record, Article):
        return record.captures
    return (record.capture,) if record.capture is not None else ()


def _digest_of(article: Article) -> str:
    try:
        return article.digest()
    except UnicodeEncodeError:  # a lone surrogate has no UTF-8, so the digest cannot be computed again
        return article.content_sha256
