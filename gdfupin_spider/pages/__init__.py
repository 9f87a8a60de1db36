"""Understanding, pure: bytes, headers, URL and profile in, records out. No Scrapy, no files, no clock, no network.

    decode   bytes to text           lines     text to printed lines
    layout   breadcrumb, title, info, body     listing, paging, links   where a page leads
    kinds    what kind of page       page      one capture understood; one article from its pages

Live crawl, web archive, WARC on disk and `probe` all come through `read` and `article`; `read_bytes` is the door for
measuring.
"""

from .links import Link
from .page import Page, article, next_part, read, read_bytes, reader
from .urls import absolute, article_id, host_of, identity_key, is_trap

__all__ = [
    "Link",
    "Page",
    "absolute",
    "article",
    "article_id",
    "host_of",
    "identity_key",
    "is_trap",
    "next_part",
    "read",
    "read_bytes",
    "reader",
]
