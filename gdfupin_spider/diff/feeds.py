"""Changes as feeds: Atom (RFC 4287) and JSON Feed 1.1. The id of an entry does not change between runs."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from lxml import etree

from ..errors import CannotWrite
from ..messages.record_words import word
from ..messages.text import COLON, T_, joined, translated
from ..storage.durable import write_whole
from ..terminal import xml_text
from . import feed_documents
from .change_filter import EVERYTHING, ChangeFilter
from .difference import Difference
from .feed_documents import FeedEntry, FeedHead, link_of, tag_of, written
from .file_facts import TIME
from .html_change import body_of, texts_of

FORMATS: dict[Literal["atom", "jsonfeed"], str] = {"atom": "atom", "jsonfeed": "json"}
"""Feed formats with their file suffixes."""


@dataclass(frozen=True)
class Feed:
    """A feed without its entries."""

    title: str
    home: str
    """Home page of the site; empty where files of a site that is not known are compared."""
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
        return f"{tag_of(self.home)}changes{''.join(parts)}"

    @property
    def name(self) -> str:
        query = self.query
        kinds = [translated(word(kind)) for kind in query.kinds]
        asked = [" / ".join(values) for values in (query.words, query.sections, query.sources, kinds) if values]
        return " · ".join([translated(self.title), *asked, *([self.section] if self.section else [])])

    @property
    def head(self) -> FeedHead:
        what = T_("Articles that were added, edited, moved, are gone or reappeared.")
        return FeedHead(self.id, self.name, what, self.home, self.updated, self.url)

    @property
    def url(self) -> str | None:
        """Where it is published; None if unknown. A relative address would not tell a reader what to subscribe to."""
        return f"{self.base}{quote(self.file)}" if self.base and self.file else None


def for_readers(changes: Iterable[Difference]) -> Iterator[Difference]:
    """The changes that a feed announces: those of the site. A better reading of the same bytes is no news to its readers."""
    return (change for change in changes if change.kind != "reread")


def atom(feed: Feed, changes: Iterable[Difference]) -> str:
    """An Atom feed, the newest entry first."""
    return feed_documents.atom(feed.head, map(_entry, changes))


def jsonfeed(feed: Feed, changes: Iterable[Difference]) -> str:
    """A JSON Feed 1.1, the newest item first."""
    return feed_documents.jsonfeed(feed.head, map(_entry, changes))


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
    etree.SubElement(etree.SubElement(root, "head"), "title").text = xml_text(title)
    listed = etree.SubElement(root, "body")
    for feed in feeds:
        values = {
            "type": "rss",
            "text": feed.name,
            "title": feed.name,
            "xmlUrl": feed.url,
            "htmlUrl": link_of(feed.home),
        }
        etree.SubElement(listed, "outline", {key: xml_text(value) for key, value in values.items() if value})
    return written(root)


def newest_first(changes: Iterable[Difference]) -> list[Difference]:
    """By the time when they were observed."""
    return sorted(changes, key=lambda change: _time(change) or "", reverse=True)


def entry_id(change: Difference) -> str:
    """The id of a change; it does not depend on when or for which period the feed is made."""
    parts = [change.kind, change.before, change.after, change.url, change.section, change.seen_after]
    return f"{tag_of(change.url)}{change.id}/{change.kind}/{_short(json.dumps(parts))}"


def _entry(change: Difference) -> FeedEntry:
    now = change.newest
    return FeedEntry(
        entry_id(change),
        joined((word(change.kind), change.title), COLON),
        _time(change),
        change.url,
        _tags(change),
        now["author"] if now else None,
        _content(change),
    )


def _content(change: Difference) -> str:
    """The change as HTML; of an article that came or went with its whole text."""
    return body_of(change) + (texts_of(change) if change.kind in ("added", "gone", "reappeared") else "")


def _tags(change: Difference) -> list[str]:
    source = now["source"] if (now := change.newest) else None
    return [tag for tag in (change.kind, change.weight, change.section, source) if tag]


def _time(change: Difference) -> str | None:
    """When the change was observed. Files have no sightings: for them the time of the newer capture, or None if it is not a valid time."""
    captured = now["captured_at"] if (now := change.newest) else ""
    return change.seen_after or change.seen_before or (captured if TIME.fullmatch(captured) else None)


def _short(text: Sequence[str] | str | None) -> str:
    return hashlib.sha256(str(text or "").encode("utf-8", "backslashreplace")).hexdigest()[:12]
