"""A whole crawl, looked at: the pages it is least sure of, and what the profile could add.

The crawl is read again from its WARC by the rules of the replay, into nothing: no lock, no folder, no lines. Each page
leaves its doubts and where it lies; the worst are then read once more to be shown.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from .. import pages, warc
from ..items import Article, Capture, Issue, PageSeen, Proof, Reading, Sighting, as_dict
from ..ledger.boilerplate import body_keys, key
from ..ledger.ledger import Ledger
from ..pages import Page
from ..profiles import Profile
from ..replay.replayer import Replaying, asked_for
from ..storage.crawls import Crawl
from ..storage.report import Counts
from .confidence import Doubt, common, of_article, of_refused, total
from .inspection import Looked, as_json, look
from .suggestions import Counted, Suggestion, suggestions

LONGEST_END = 16
"""Characters of a recurring line that are suggested as `body_end`."""


@dataclass(frozen=True, slots=True)
class Doubted:
    """A page, where it lies, and what speaks against its reading."""

    url: str
    kind: str
    title: str
    parts: tuple[Proof, ...]
    doubts: tuple[Doubt, ...]
    refusals: tuple[Issue, ...] = ()
    lines: frozenset[int] = frozenset()
    """Keys of its body's lines; see leaks.py."""


class _Nowhere:
    """Lines that are not written."""

    def article(self, record: Article) -> None: ...
    def sighting(self, record: Sighting) -> None: ...
    def page(self, record: PageSeen) -> None: ...
    def issue(self, record: Issue) -> None: ...


class _Watching(Ledger):
    """Counts as a crawl does, and remembers how sure each page is."""

    def __init__(self, profile: Profile, start_urls: Iterable[str]) -> None:
        super().__init__(_Nowhere(), profile, start_urls)
        self.doubted: list[Doubted] = []
        self._odd: list[tuple[str, Doubted]] = []
        self.wanted = Wanted()

    def article(self, article: Article, first: Page, notes: Sequence[Issue] = ()) -> bool:
        self.wanted.page(first)
        if not super().article(article, first, notes):
            return False
        found = of_article(first, article, notes)
        lines = frozenset(body_keys(article))
        self.doubted.append(Doubted(article.url, "article", article.title, article.captures, found, lines=lines))
        return True

    def refused(self, first: Page, issues: Sequence[Issue]) -> None:
        super().refused(first, issues)
        self.wanted.page(first)
        title = first.layout.title if first.layout is not None and first.layout.title else ""
        proofs, refusals = (first.capture.proof,), tuple(issues)
        self.doubted.append(Doubted(first.capture.url, "refused", title, proofs, of_refused(issues), refusals))

    def page(self, page: Page) -> list[str]:
        new = super().page(page)
        self.wanted.page(page)
        if page.kind in ("unknown", "foreign"):
            doubt = Doubt("promised", f"it reads as {page.kind}: {page.why}")
            odd = Doubted(page.capture.url, page.kind, page.doc.title, (page.capture.proof,), (doubt,))
            self._odd.append((pages.identity_key(page.capture.url), odd))
        return new

    def judged(self) -> list[Doubted]:
        """All that was seen, with the doubts that only the whole crawl tells."""
        recurring = {number: one.line for one in self.leaks.recurring() if (number := key(one.line)) is not None}
        named = {one.url: one.listed for one in self.leaks.disagreements}
        found = [odd for place, odd in self._odd if place in self._promised]
        for one in self.doubted:
            more = [Doubt("recurring", recurring[number]) for number in sorted(one.lines & recurring.keys())][:3]
            if self.leaks.disagrees(one.url):
                more.append(Doubt("titles", f"{one.title!r} is listed as {named.get(one.url, 'something else')!r}"))
            found.append(replace(one, doubts=(*one.doubts, *more)) if more else one)
        return found


class Wanted:
    """The suggestions of all pages, merged as they come."""

    def __init__(self) -> None:
        self._counted: dict[tuple[str, str], Counted] = {}

    def page(self, page: Page) -> None:
        for one in suggestions(page):
            self.add(one, page.capture.url)

    def add(self, one: Suggestion, url: str, times: int = 1) -> None:
        name = (one.key, one.value)
        known = self._counted.get(name)
        self._counted[name] = Counted(one, times, url) if known is None else replace(known, pages=known.pages + times)

    def sorted(self) -> list[Counted]:
        """Most frequent first."""
        return sorted(self._counted.values(), key=lambda one: (-one.pages, one.suggestion.key, one.suggestion.value))


@dataclass(frozen=True)
class Survey:
    """What a look at a whole crawl found."""

    crawl: Crawl
    profile: Profile
    counts: Counts
    """What today's reader makes of its pages."""
    common: frozenset[str]
    """Doubts that more than half of the articles share."""
    wanted: list[Counted]
    worst: list[tuple[float, Looked]] = field(default_factory=list)
    """The pages of the greatest doubt with it, worst first."""
    doubted: int = 0
    """How many pages have any doubt that is their own."""
    damage: int = 0
    crawled_with: str | None = None
    """The profile of the crawl, where it was another one."""


def survey(crawl: Crawl, profile: Profile, worst: int = 20) -> Survey:
    """Looks at a crawl. Raises ArchiveError where its WARC cannot be opened."""
    damages: list[warc.Damage] = []
    start_urls, limit = asked_for(crawl.path)
    files = warc.files(crawl.path)
    name = warc.about(files[0]).get("wish-profile") if files else None
    ledger = _Watching(profile, start_urls or profile.start_urls)
    Replaying(crawl.path, profile, ledger, limit).run(damages)
    judged = ledger.judged()
    shared = common([frozenset(d.name for d in one.doubts) for one in judged if one.kind == "article"])
    ranked = sorted(((total(one.doubts, shared), one) for one in judged), key=lambda pair: (-pair[0], pair[1].url))
    own = sum(any(d.name not in shared for d in one.doubts) for _, one in ranked)
    for one in ledger.leaks.recurring():
        why = f"{one.articles} bodies ({one.share:.0%}) have the line {one.line[:40]!r}"
        ledger.wanted.add(Suggestion("body_end", _beginning(one.line), why), one.url, one.articles)
    shown = [(doubt, _look_again(crawl, one, profile)) for doubt, one in ranked[:worst] if doubt]
    return Survey(
        crawl,
        profile,
        ledger.counts(),
        shared,
        ledger.wanted.sorted(),
        shown,
        own,
        len(damages),
        name if name != profile.name else None,
    )


def _beginning(line: str) -> str:
    """What a line begins with whatever it counts: up to its first digit, or a few characters."""
    head = next((line[:at] for at, char in enumerate(line) if char.isdigit() and at >= 4), line)
    return head[:LONGEST_END].strip()


def _look_again(crawl: Crawl, one: Doubted, profile: Profile) -> Looked:
    captures: list[Capture] = [
        warc.read_at(crawl.path / proof.warc.rpartition("/")[2], proof.offset) for proof in one.parts
    ]
    parts = [pages.read(capture, profile) for capture in captures]
    reading = Reading(None, one.refusals) if one.refusals else None
    own = {"recurring", "titles", "promised"}
    return look(parts, further=[doubt for doubt in one.doubts if doubt.name in own], reading=reading)


def survey_as_json(found: Survey) -> dict[str, Any]:
    """For machines."""
    return {
        "crawl": found.crawl.name,
        "profile": found.profile.name,
        "reader": pages.reader(found.profile),
        "report": as_dict(found.counts),
        "crawled_with": found.crawled_with or found.profile.name,
        "damage": found.damage,
        "common_doubts": sorted(found.common),
        "doubted": found.doubted,
        "suggestions": [
            {
                "key": one.suggestion.key,
                "value": one.suggestion.value,
                "why": one.suggestion.why,
                "pages": one.pages,
                "url": one.url,
            }
            for one in found.wanted
        ],
        "worst": [{**as_json(looked), "doubt": doubt} for doubt, looked in found.worst],
    }
