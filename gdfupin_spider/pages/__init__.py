"""Understanding, pure: bytes, headers, URL and profile in, records out. No Scrapy, no files, no clock, no network.

Down the way of one page:

    unpack, decode      payload to text, with the evidence
    document, lines     text to printed lines, the blocks they stand in, links and fields; `scripts`: what scripts print
    words               a profile's words as expressions
    layout              what stands where: `breadcrumb`, title, info line (`info`, `labels`, `dates`), `overrides`
    body                the article and nothing else: `scene`, `core`, `tables`, `files`
    listing, links      rows and where a page leads: `urls`, `paging`, `forms`, `parts`
    kinds, page         what kind of page it is; one capture understood
    reading, media      one record of one or several pages, or why it is refused

Live crawl, web archive, WARC on disk and `probe` all come through `read` and `article`; `read_bytes` is the door for
measuring.
"""

from .links.extract import Link
from .links.urls import absolute, article_id, host_of, identity_key, is_trap
from .page import Page, read, reader
from .reading import article, next_part, read_bytes

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
