"""Changes as feeds: Atom (RFC 4287) and JSON Feed 1.1. The id of an entry does not change between runs."""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from lxml import etree

from ..errors import CannotWrite
from ..pages import host_of
from ..storage.durable import write_whole
from ..terminal import shown
from .difference import Difference
from .html_change import body_of, texts_of

_ATOM = "http://www.w3.org/2005/Atom"
_NO_XML = re.compile("[\ufffe\uffff]")
FORMATS: dict[Literal["atom", "jsonfeed"], str] = {"atom": "atom", "jsonfeed": "json"}
"""Feed formats with their file suffixes."""


@dataclass(frozen=True)
class Feed:
    """A feed without its entries."""

    title: str
    home: str
    """Home page of the site."""
    updated: str
    """Time of the feed if it has no entries: `YYYY-MM-DDTHH:MM:SSZ`."""
    section: str | None = None
    """None: all sections."""
    file: str | None = None
    """File name for its link to itself; None if unknown."""

    @property
    def id(self) -> str:
        return f"{_tag(self.home)}changes{f'/{_short(self.section)}' if self.section is not None else ''}"

    @property
    def name(self) -> str:
        return self.title if self.section is None else f"{self.title} · {self.section or '(none)'}"


def for_readers(changes: Iterable[Difference]) -> Iterator[Difference]:
    """The changes that a feed announces: those of the site. A better reading of the same bytes is no news to its readers."""
    return (change for change in changes if change.kind != "reread")


def atom(feed: Feed, changes: Iterable[Difference]) -> str:
    """An Atom feed."""
    entries = list(changes)
    updated = max((time for each in entries if (time := _time(each))), default=feed.updated)
    root = etree.Element(f"{{{_ATOM}}}feed", nsmap={None: _ATOM})  # type: ignore[dict-item]  # the stubs know no default namespace
    _add(root, "id", feed.id)
    _add(root, "title", feed.name)
    _add(root, "updated", updated)
    _add(_add(root, "author"), "name", "gdfupin_spider")
    if home := _url(feed.home):
        _add(root, "link", rel="alternate", type="text/html", href=home)
    if feed.file:
        _add(root, "link", rel="self", type="application/atom+xml", href=feed.file)
    for change in entries:
        _entry(root, change, feed.updated)
    return _written(root)


def jsonfeed(feed: Feed, changes: Iterable[Difference]) -> str:
    """A JSON Feed 1.1."""
    feed_json: dict[str, object] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": shown(feed.name),
        "home_page_url": feed.home,
        "description": "Articles that were added, edited, moved, are gone or reappeared.",
        "language": "zh-CN",
        "authors": [{"name": "gdfupin_spider"}],
        "items": [_item(each, feed.updated) for each in changes],
    }
    if not _url(feed.home):
        del feed_json["home_page_url"]
    return json.dumps(feed_json, ensure_ascii=False, indent=1) + "\n"


def write_feeds(folder: Path, feed: Feed, changes: Iterable[Difference]) -> list[Path]:
    """Writes feeds of all changes and of each section in both formats, and an OPML file; returns their paths.

    No name of a section becomes a path: files are named by hashes of them, which stay. Raises CannotWrite.
    """
    found = list(changes)
    sections = sorted(
        {section for each in found for section in (each.section or "", each.section_before or "") if section}
    )
    feeds: list[tuple[str, str | None, list[Difference]]] = [("all", None, found)]
    feeds += [
        (
            f"section-{_short(section)}",
            section,
            [each for each in found if section in (each.section, each.section_before)],
        )
        for section in sections
    ]
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotWrite(folder, error.strerror or str(error)) from error
    paths: list[Path] = []
    opml = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(opml, "head"), "title").text = _xml(feed.title)
    listed = etree.SubElement(opml, "body")
    for stem, section, some in feeds:
        for form, end in FORMATS.items():
            path = folder / f"{stem}.{end}"
            of_section = Feed(feed.title, feed.home, feed.updated, section, path.name)
            write_whole(path, (atom if form == "atom" else jsonfeed)(of_section, some))
            paths.append(path)
        outline = etree.SubElement(listed, "outline", type="rss", xmlUrl=f"{stem}.atom")
        outline.set("text", _xml(section or feed.title))
    write_whole(folder / "feeds.opml", _written(opml))
    return [*paths, folder / "feeds.opml"]


def entry_id(change: Difference) -> str:
    """The id of a change; it does not depend on when or for which period the feed is made."""
    parts = [change.kind, change.before, change.after, change.url, change.section, change.seen_after]
    return f"{_tag(change.url)}{change.id}/{change.kind}/{_short(json.dumps(parts))}"


def _entry(root: etree._Element, change: Difference, otherwise: str) -> None:
    entry = _add(root, "entry")
    _add(entry, "id", entry_id(change))
    _add(entry, "title", _title(change))
    _add(entry, "updated", _time(change) or otherwise)
    if url := _url(change.url):
        _add(entry, "link", rel="alternate", type="text/html", href=url)
    for tag in _tags(change):
        _add(entry, "category", term=tag)
    now = change.newest
    if now and now["source"]:
        _add(_add(entry, "author"), "name", now["source"])
    _add(entry, "content", _content(change), type="html")


def _add(parent: etree._Element, name: str, text: str | None = None, **attributes: str) -> etree._Element:
    element = etree.SubElement(parent, f"{{{_ATOM}}}{name}", {key: _xml(value) for key, value in attributes.items()})
    element.text = None if text is None else _xml(text)
    return element


def _xml(text: str) -> str:
    """Text that XML can hold."""
    return _NO_XML.sub("\ufffd", shown(text))


def _written(root: etree._Element) -> str:
    etree.indent(root)
    return etree.tostring(root, xml_declaration=True, encoding="utf-8").decode() + "\n"


def _item(change: Difference, otherwise: str) -> dict[str, object]:
    item: dict[str, object] = {
        "id": entry_id(change),
        "title": _title(change),
        "content_html": _content(change),
        "date_published": _time(change) or otherwise,
        "tags": _tags(change),
    }
    return item | ({"url": url} if (url := _url(change.url)) else {})


def _content(change: Difference) -> str:
    """The change as HTML; of an article that came or went with its whole text."""
    return body_of(change) + (texts_of(change) if change.kind in ("added", "gone", "reappeared") else "")


def _title(change: Difference) -> str:
    return shown(f"{change.kind}: {change.title}").replace("\n", " ")


def _tags(change: Difference) -> list[str]:
    return [shown(tag) for tag in (change.kind, change.weight, change.section) if tag]


def _time(change: Difference) -> str | None:
    return change.seen_after or change.seen_before


def _url(url: str) -> str | None:
    """A URL that a feed may link to; None for anything else."""
    fit = url.startswith(("http://", "https://")) and url.isascii() and url.isprintable() and " " not in url
    return url if fit else None


def _tag(url: str) -> str:
    """A tag URI (RFC 4151) of the site."""
    return f"tag:{host_of(url) or 'example.org'},2009:"


def _short(text: Sequence[str] | str | None) -> str:
    return hashlib.sha256(str(text or "").encode("utf-8", "backslashreplace")).hexdigest()[:12]
