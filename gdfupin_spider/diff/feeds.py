"""Changes as feeds: Atom (RFC 4287) and JSON Feed 1.1. The id of an entry does not change between runs."""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from lxml import etree

from ..errors import CannotWrite
from ..pages import host_of
from ..storage.durable import write_whole
from ..terminal import shown
from .change_filter import EVERYTHING, ChangeFilter
from .difference import Difference
from .file_facts import TIME
from .html_change import body_of, texts_of

LANGUAGE = "zh-CN"
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
    base: str | None = None
    """URL of the folder where it is published, with a slash at its end; None if unknown."""
    query: ChangeFilter = EVERYTHING
    """What it is about: feeds of different queries are different feeds."""

    @property
    def id(self) -> str:
        """The same whenever the same is asked for."""
        parts = [f"/{_short(each)}" for each in (self.query.text, self.section) if each]
        return f"{_tag(self.home)}changes{''.join(parts)}"

    @property
    def name(self) -> str:
        query = self.query
        asked = [" / ".join(values) for values in (query.words, query.sections, query.sources, query.kinds) if values]
        return " · ".join([self.title, *asked, *([self.section] if self.section else [])])

    @property
    def url(self) -> str | None:
        """Where it is published; None if unknown. A relative address would not tell a reader what to subscribe to."""
        return f"{self.base}{quote(self.file)}" if self.base and self.file else None


def for_readers(changes: Iterable[Difference]) -> Iterator[Difference]:
    """The changes that a feed announces: those of the site. A better reading of the same bytes is no news to its readers."""
    return (change for change in changes if change.kind != "reread")


def atom(feed: Feed, changes: Iterable[Difference]) -> str:
    """An Atom feed, the newest entry first."""
    entries = newest_first(changes)
    updated = max((time for each in entries if (time := _time(each))), default=feed.updated)
    root = etree.Element(f"{{{_ATOM}}}feed", nsmap={None: _ATOM})  # type: ignore[dict-item]  # the stubs know no default namespace
    root.set("{http://www.w3.org/XML/1998/namespace}lang", LANGUAGE)
    _add(root, "id", feed.id)
    _add(root, "title", feed.name)
    _add(root, "updated", updated)
    _add(_add(root, "author"), "name", "gdfupin_spider")
    if home := _url(feed.home):
        _add(root, "link", rel="alternate", type="text/html", href=home)
    if feed.url:
        _add(root, "link", rel="self", type="application/atom+xml", href=feed.url)
    for change in entries:
        _entry(root, change, feed.updated)
    return _written(root)


def jsonfeed(feed: Feed, changes: Iterable[Difference]) -> str:
    """A JSON Feed 1.1, the newest item first."""
    feed_json: dict[str, object] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": shown(feed.name),
        "home_page_url": feed.home,
        "feed_url": feed.url,
        "description": "Articles that were added, edited, moved, are gone or reappeared.",
        "language": LANGUAGE,
        "authors": [{"name": "gdfupin_spider"}],
        "items": [_item(each, feed.updated) for each in newest_first(changes)],
    }
    if not _url(feed.home):
        del feed_json["home_page_url"]
    if not feed.url:
        del feed_json["feed_url"]
    return json.dumps(feed_json, ensure_ascii=False, indent=1) + "\n"


def write_feeds(folder: Path, feed: Feed, changes: Iterable[Difference]) -> list[Path]:
    """Writes feeds of all changes and of each section in both formats; where `base` is known, also an OPML file that subscribes.

    Returns their paths.

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
    subscribed: list[Feed] = []
    for stem, section, some in feeds:
        for form, end in FORMATS.items():
            path = folder / f"{stem}.{end}"
            of_section = replace(feed, section=section, file=path.name)
            write_whole(path, (atom if form == "atom" else jsonfeed)(of_section, some))
            paths.append(path)
            subscribed += [of_section] if form == "atom" else []
    if feed.base is not None:
        paths.append(folder / "feeds.opml")
        write_whole(paths[-1], opml(feed.name, subscribed))
    return paths


def opml(title: str, feeds: Iterable[Feed]) -> str:
    """An OPML 2.0 file by which a reader subscribes to all these feeds. Their URLs are known."""
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = _xml(title)
    listed = etree.SubElement(root, "body")
    for feed in feeds:
        values = {"type": "rss", "text": feed.name, "title": feed.name, "xmlUrl": feed.url, "htmlUrl": _url(feed.home)}
        etree.SubElement(listed, "outline", {key: _xml(value) for key, value in values.items() if value})
    return _written(root)


def newest_first(changes: Iterable[Difference]) -> list[Difference]:
    """By the time when they were observed."""
    return sorted(changes, key=lambda change: _time(change) or "", reverse=True)


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
    if now and now["author"]:
        _add(_add(entry, "author"), "name", now["author"])
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
    now = change.newest
    if now and now["author"]:
        item["authors"] = [{"name": shown(now["author"])}]
    return item | ({"url": url} if (url := _url(change.url)) else {})


def _content(change: Difference) -> str:
    """The change as HTML; of an article that came or went with its whole text."""
    return body_of(change) + (texts_of(change) if change.kind in ("added", "gone", "reappeared") else "")


def _title(change: Difference) -> str:
    return shown(f"{change.kind}: {change.title}").replace("\n", " ")


def _tags(change: Difference) -> list[str]:
    source = now["source"] if (now := change.newest) else None
    return [shown(tag) for tag in (change.kind, change.weight, change.section, source) if tag]


def _time(change: Difference) -> str | None:
    """When it was observed; of files, which record no sightings, the capture of the newer article. None where that is no time."""
    captured = now["captured_at"] if (now := change.newest) else ""
    return change.seen_after or change.seen_before or (captured if TIME.fullmatch(captured) else None)


def _url(url: str) -> str | None:
    """A URL that a feed may link to; None for anything else."""
    fit = url.startswith(("http://", "https://")) and url.isascii() and url.isprintable() and " " not in url
    return url if fit else None


def _tag(url: str) -> str:
    """A tag URI (RFC 4151) of the site."""
    return f"tag:{host_of(url) or 'example.org'},2009:"


def _short(text: Sequence[str] | str | None) -> str:
    return hashlib.sha256(str(text or "").encode("utf-8", "backslashreplace")).hexdigest()[:12]
