"""Collects what is learned from: all captures of an archive, in any order, with a bounded number of pages of each shape."""

from collections import defaultdict
from collections.abc import Callable
from hashlib import sha256

from ...items import Capture
from ...profiles import Profile, with_layouts
from ...profiles.layouts import NONE, Layouts, SiteEvidence, layouts_of
from ..layouts.shape import shape
from ..links.urls import identity_key
from ..page import Page, read
from .learn import evidence, learn
from .sketch import Sketch, sketch
from .titles import LinkTitles

SAMPLE = 120
"""Addresses of a shape whose pages are compared; 50 to 200 give the same layouts."""
NOT_CONTENT = frozenset(("foreign", "moved", "file"))
"""Kinds of pages that are left out. Pages that read as `gone` or `blocked` because of a word are kept: they may be articles
whose titles agree with rows, and a message that many addresses show has no title of its own."""


class Lessons:
    """Collects what layouts are learned from. Each page is read alone, without layouts."""

    def __init__(self, profile: Profile, read: Callable[[Capture, Profile], Page] = read) -> None:
        """`read`: reads a page, such as with a deadline."""
        self._read = read
        self._profile = with_layouts(profile, NONE)
        self._titles = LinkTitles()
        self._samples: defaultdict[str, _Sample] = defaultdict(_Sample)

    def add(self, capture: Capture) -> None:
        """Adds a capture of a page; one without content is ignored."""
        if capture.status != 200 or capture.method != "GET":
            return
        page = self._read(capture, self._profile)
        if not page.doc.lines or page.kind in NOT_CONTENT:
            return
        self._titles.add(page)
        sample = self._samples[shape(capture.url)]
        key = identity_key(capture.url)
        if sample.wants(key):
            sample.add(key, (capture.captured_at, capture.proof.payload_sha256), sketch(page))

    def layouts(self, whole: bool = True) -> Layouts:
        """The layouts of the site. The order of the captures makes no difference.

        `whole`: the captures are those of the whole site, so that what no listing leads to is hardly an article.
        """
        sketches = [each for _, sample in sorted(self._samples.items()) for each in sample.sketches()]
        found = learn(sketches, self._titles.of)
        shapes = evidence(sketches, self._titles.of) if whole else ()
        return layouts_of(found, SiteEvidence(self._titles.pages, shapes))


Moment = tuple[str, str]
"""Time and payload digest of a capture."""


class _Sample:
    """The pages of one shape: of the addresses with the lowest digests the oldest and the newest capture."""

    def __init__(self) -> None:
        self._pages: dict[str, tuple[tuple[Moment, Sketch], tuple[Moment, Sketch]]] = {}
        self._digests: dict[str, str] = {}

    def wants(self, key: str) -> bool:
        return key in self._pages or len(self._pages) < SAMPLE or _digest(key) < max(self._digests.values())

    def add(self, key: str, moment: Moment, page: Sketch) -> None:
        oldest, newest = self._pages.get(key, ((moment, page), (moment, page)))
        seen = (moment, page)
        self._pages[key] = min(oldest, seen, key=_moment), max(newest, seen, key=_moment)
        self._digests[key] = _digest(key)
        if len(self._pages) > SAMPLE:
            last = max(self._digests, key=lambda key: self._digests[key])
            del self._pages[last], self._digests[last]

    def sketches(self) -> list[Sketch]:
        found = []
        for _, (oldest, newest) in sorted(self._pages.items()):
            found.append(oldest[1])
            if newest[0][1] != oldest[0][1] and newest[1].lines != oldest[1].lines:
                found.append(newest[1])
        return found


def _moment(seen: tuple[Moment, Sketch]) -> Moment:
    return seen[0]


def _digest(key: str) -> str:
    return sha256(key.encode()).hexdigest()
