"""The door by which others measure our reader: `--ours benchmarks.adapter:read`."""

from gdfupin_spider import pages


def read(payload: bytes, content_type: str | None) -> dict[str, object]:
    """Title, date, source, body and more of an article page of which nothing but the bytes is known."""
    return pages.read_article(payload, content_type, profile="general")
