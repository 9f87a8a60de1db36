"""Joins the pages of an article of which one archive has the first page and another the rest.

A crawl folder is read by itself, so such an article was refused (`missing-part`). Where other folders hold what it lacks, all its
pages are copied into one new folder, each at its own date, and read there. What leads from page to page is printed on the pages.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from .. import deadline, pages, warc
from ..catalog import Catalog
from ..catalog.sources import CATALOG, choose
from ..errors import ArchiveError
from ..items import Capture, Issue, Proof, WrongShape, decode
from ..ledger.response_faults import response_fault
from ..messages.text import N_
from ..pages import Page
from ..profiles import Profile
from ..storage.crawls import crawls
from ..warc import copy_of
from .held import held_in
from .intake import Source, Taken, take


def join_pages(output: Path, profile: Profile, say: Callable[[str], None] = lambda text: None) -> Taken | None:
    """Joins what can be joined. None: nothing.

    Captures of live crawls are left alone: the next one fetches what is missing. Raises what `intake.take` raises.
    """
    if not (output / CATALOG).exists():
        return None
    held = _HeldPages(output, profile, say)
    joined = [whole for first in _first_pages(output, profile) if (whole := held.with_further_pages(first)) is not None]
    if not joined:
        return None
    captures = {capture.proof: capture for whole in joined for capture in whole}
    copies = [copy_of(capture, f"{proof.warc} {proof.offset}") for proof, capture in captures.items()]
    what = N_("pages of {joined:,} articles, of which each archive has only some", joined=len(joined))
    say(N_("joining the {what}", what=what))
    source = Source(joined[0][0].origin, copies, lambda: N_("joined {what}", what=what), is_again=lambda exchange: True)
    return take(output, profile, source, layout_pages=0, say=say)


def _first_pages(output: Path, profile: Profile) -> Iterator[Capture]:
    """Captures of first pages whose article was refused for want of a further page, and that no copy made readable since."""
    with Catalog(output / CATALOG) as catalog:
        for source in choose(output, profile).sources:
            if source.size("issues") == 0:
                continue
            for _, line in source.lines("issues", 0):
                if b'"missing-part"' not in line:
                    continue
                try:
                    proof = decode(Issue, json.loads(line)).capture
                    if proof is None:
                        continue
                    capture = warc.read_at(output / "crawls" / proof.warc, proof.offset)
                except (ArchiveError, ValueError, WrongShape):
                    continue  # its file was moved out, or is damaged: `gdfupin verify` reports that
                id_ = pages.article_id(profile.name, capture.url)
                if capture.is_archived and not catalog.is_read(id_, capture.captured_at):
                    yield capture


class _HeldPages:
    """The captures of all crawls, found by address. A folder is read when it is known to hold a wanted address."""

    def __init__(self, output: Path, profile: Profile, say: Callable[[str], None]) -> None:
        self._output, self._profile, self._say = output, profile, say
        self._keys: dict[Path, frozenset[str]] = {}
        self._places: dict[Path, dict[str, list[tuple[str, Proof]]]] = {}

    def with_further_pages(self, first: Capture) -> list[Capture] | None:
        """All pages of the article of a first page, in order; None where one of them is held nowhere."""
        read = [deadline.read(first, self._profile)]
        captures = [first]
        while (url := pages.next_part(read)) is not None:
            found = self._nearest(url, first.captured_at)
            if found is None:
                return None
            captures.append(found[0])
            read.append(found[1])
        return captures if len(captures) > 1 else None

    def _nearest(self, url: str, captured_at: str) -> tuple[Capture, Page] | None:
        """The capture with content of an address that is nearest in time, and its page."""
        key, begun = pages.identity_key(url), datetime.fromisoformat(captured_at)
        places = [place for folder in self._folders(key) for place in self._located(folder).get(key, ())]
        for _, proof in sorted(places, key=lambda place: (abs(datetime.fromisoformat(place[0]) - begun), place[0])):
            capture = warc.read_at(self._output / "crawls" / proof.warc, proof.offset)
            page = deadline.read(capture, self._profile)
            if response_fault(capture, page) is None and page.kind not in ("gone", "moved"):
                return capture, page
        return None

    def _folders(self, key: str) -> Iterator[Path]:
        for crawl in crawls(self._output):
            if crawl.path not in self._keys:
                held = held_in(self._output, crawl.path, self._say)
                self._keys[crawl.path] = frozenset(each.key for each in held)
            if key in self._keys[crawl.path]:
                yield crawl.path

    def _located(self, folder: Path) -> dict[str, list[tuple[str, Proof]]]:
        """Time and place of the captures of a folder, by identity key."""
        if folder not in self._places:
            found: defaultdict[str, list[tuple[str, Proof]]] = defaultdict(list)
            for capture in warc.read(folder, lambda damage: None, without="media"):
                found[pages.identity_key(capture.url)].append((capture.captured_at, capture.proof))
            self._places[folder] = found
        return self._places[folder]
