"""Atom (RFC 4287) and JSON Feed 1.1: documents made of entries, whatever these announce."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lxml import etree

from ..pages import host_of
from ..terminal import shown, xml_text

LANGUAGE = "zh-CN"
_ATOM = "http://www.w3.org/2005/Atom"


@dataclass(frozen=True, slots=True)
class FeedHead:
    """A feed without its entries."""

    id: str
    name: str
    description: str
    home: str
    """Page that it is about."""
    updated: str
    """Time of the feed if it has no entries: `YYYY-MM-DDTHH:MM:SSZ`."""
    url: str | None
    """Where it is published; None if unknown."""


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One entry."""

    id: str
    """The same whenever and wherever the feed is made."""
    title: str
    updated: str | None
    """UTC; None: that of the feed."""
    url: str
    tags: Sequence[str]
    author: str | None
    content: str
    """HTML."""


def atom(head: FeedHead, entries: Iterable[FeedEntry]) -> str:
    """An Atom feed, the newest entry first."""
    found = _newest_first(entries)
    root = etree.Element(f"{{{_ATOM}}}feed", nsmap={None: _ATOM})  # type: ignore[dict-item]  # the stubs know no default namespace
    root.set("{http://www.w3.org/XML/1998/namespace}lang", LANGUAGE)
    _add(root, "id", head.id)
    _add(root, "title", head.name)
    _add(root, "updated", max((each.updated for each in found if each.updated), default=head.updated))
    _add(_add(root, "author"), "name", "gdfupin_spider")
    if home := link_of(head.home):
        _add(root, "link", rel="alternate", type="text/html", href=home)
    if head.url:
        _add(root, "link", rel="self", type="application/atom+xml", href=head.url)
    for each in found:
        _entry(root, each, head.updated)
    return written(root)


def jsonfeed(head: FeedHead, entries: Iterable[FeedEntry]) -> str:
    """A JSON Feed 1.1, the newest item first."""
    feed_json: dict[str, object] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": shown(head.name),
        "home_page_url": head.home,
        "feed_url": head.url,
        "description": head.description,
        "language": LANGUAGE,
        "authors": [{"name": "gdfupin_spider"}],
        "items": [_item(each, head.updated) for each in _newest_first(entries)],
    }
    if not link_of(head.home):
        del feed_json["home_page_url"]
    if not head.url:
        del feed_json["feed_url"]
    return json.dumps(feed_json, ensure_ascii=False, indent=1) + "\n"


def link_of(url: str) -> str | None:
    """A URL that a feed may link to; None for anything else."""
    fit = url.startswith(("http://", "https://")) and url.isascii() and url.isprintable() and " " not in url
    return url if fit else None


def tag_of(url: str) -> str:
    """A tag URI (RFC 4151) of the site."""
    return f"tag:{host_of(url) or 'example.org'},2009:"


def written(root: etree._Element) -> str:
    """The document as text."""
    etree.indent(root)
    return etree.tostring(root, xml_declaration=True, encoding="utf-8").decode() + "\n"


def _newest_first(entries: Iterable[FeedEntry]) -> list[FeedEntry]:
    return sorted(entries, key=lambda each: each.updated or "", reverse=True)


def _entry(root: etree._Element, each: FeedEntry, otherwise: str) -> None:
    entry = _add(root, "entry")
    _add(entry, "id", each.id)
    _add(entry, "title", _title(each))
    _add(entry, "updated", each.updated or otherwise)
    if url := link_of(each.url):
        _add(entry, "link", rel="alternate", type="text/html", href=url)
    for tag in each.tags:
        _add(entry, "category", term=shown(tag))
    if each.author:
        _add(_add(entry, "author"), "name", each.author)
    _add(entry, "content", each.content, type="html")


def _item(each: FeedEntry, otherwise: str) -> dict[str, object]:
    item: dict[str, object] = {
        "id": each.id,
        "title": _title(each),
        "content_html": each.content,
        "date_published": each.updated or otherwise,
        "tags": [shown(tag) for tag in each.tags],
    }
    if each.author:
        item["authors"] = [{"name": shown(each.author)}]
    return item | ({"url": url} if (url := link_of(each.url)) else {})


def _title(each: FeedEntry) -> str:
    return shown(each.title).replace("\n", " ")


def _add(parent: etree._Element, name: str, text: str | None = None, **attributes: str) -> etree._Element:
    element = etree.SubElement(
        parent, f"{{{_ATOM}}}{name}", {key: xml_text(value) for key, value in attributes.items()}
    )
    element.text = None if text is None else xml_text(text)
    return element
