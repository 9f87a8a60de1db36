"""Articles as their lines say them, made by hand."""

from typing import Any

from gdfupin_spider import pages
from gdfupin_spider.items import content_digest
from tests.catalog.lines import BODY, OTHER, X, Y, Z, at

__all__ = ["BODY", "OTHER", "X", "Y", "Z", "article", "at"]


def article(url: str = X, body: str = BODY, **more: Any) -> dict[str, Any]:
    """A line of `articles.jsonl`; `captions` and `names` make its lists."""
    captions, names = more.pop("captions", ()), more.pop("names", ())
    record = {
        "id": pages.article_id("gdfupin", url), "url": url, "title": "扶贫要闻一则", "date": "2021-01-13",
        "source": "南方日报", "author": None, "section": "扶贫要闻", "body": body,
        "images": [{"url": f"{url}.jpg", "caption": caption} for caption in captions],
        "attachments": [{"url": f"{url}.doc", "name": name} for name in names],
        "captured_at": at(0), **more,
    }  # fmt: skip
    parts = (record[name] for name in ("title", "date", "source", "author", "section", "body"))
    return {"content_sha256": content_digest(*parts, tuple(captions), tuple(names)), **record}  # type: ignore[arg-type]
