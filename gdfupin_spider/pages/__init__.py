"""Reading pages: bytes, headers, URL and profile in, records out. No Scrapy, files, clock or network.

The way of one page, in the order of its modules:

    text/      `unpack`, `decode`: payload to text, with the evidence; `dates`: printed dates
    dom/       `lines`, `document`: text to printed lines, blocks, links and fields; `scripts`, `js_calls`: what scripts print and open;
               `tables`, `forms`, `file_links`, `file_types`
    rule       what a rule is: name, reason, pages that need it
    words      the words of a profile as expressions
    links/     `extract`, `urls`: links, identity keys, ids
    listing/   `rows`, `pager`, `title_match`: rows of a listing and its other pages
    article/   `structure`: breadcrumb, title, byline, body; with a module for each of them, and for overrides and media
    evidence, notices, kinds   the facts of a page, and the rules that decide its kind
    page       one capture as a `Page`
    reading    one record of the pages of an article, or the reason why it is refused

Live crawl, WARC files and `probe` all use `read` and `article`. `read_page` and `read_article` read a payload alone.
"""

from .links.extract import Link
from .links.urls import absolute, article_id, host_of, identity_key, is_trap, other_spelling, redirect_target
from .page import Page, read
from .reader_id import known_as, reader, same_reader
from .reading import article, next_part, read_article, read_page

__all__ = [
    "Link",
    "Page",
    "absolute",
    "article",
    "article_id",
    "host_of",
    "identity_key",
    "is_trap",
    "known_as",
    "next_part",
    "other_spelling",
    "read",
    "read_article",
    "read_page",
    "reader",
    "redirect_target",
    "same_reader",
]
