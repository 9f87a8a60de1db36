"""The survey of a whole crawl: its least certain pages, and suggestions for the profile.

The crawl is read again from its WARC by the rules of the replay, without lock, folder or lines. Only the doubts and
the position of each page are kept; the worst pages are then read once more to be shown.
"""

from dataclasses import dataclass, field, replace

from .. import pages, warc
from ..items import Article, Capture, Issue, PageSeen, Proof, Reading, Sighting, as_dict
from ..ledger.boilerplate import body_keys, key
from ..ledger.judge import Judge, Verdict
from ..ledger.ledger import Ledger
from ..pages import Page
from ..profiles import Profile
from ..replay.replayer import Replaying
from ..storage.crawl_settings import settings_of
from ..storage.crawls import Crawl
from ..storage.report import Counts
from .confidence import Doubt, common_doubts, of_article, of_refused, total_doubt
from .inspection import Inspection, as_json, inspect
from .suggestions import CountedSuggestion, Suggestion, suggestions

LONGEST_END = 16
"""Maximum length of a suggested `body_end`."""


@dataclass(frozen=True, slots=True)
class PageDoubts:
    """The position of a page in the WARC, and the doubts about its reading."""

    url: str
    kind: str
    title: str
    parts: tuple[Proof, ...]
    doubts: tuple[Doubt, ...]
    refusals: tuple[Issue, ...] = ()
    lines: frozenset[int] = frozenset()
    """Keys of the lines of its body; see ledger/boilerplate.py."""


class _NoLines:
    """A sink for lines that writes nothing."""

    def article(self, record: Article) -> None: ...
    def sighting(self, record: Sighting) -> None: ...
    def page(self, record: PageSeen) -> None: ...
    def issue(self, record: Issue) -> None: ...


class _SurveyLedger(Ledger):
    """Counts like a crawl, and keeps the doubts about each page."""

    def __init__(self, profile: Profile) -> None:
        super().__init__(_NoLines(), profile)
        self.doubted: list[PageDoubts] = []
        self._odd: list[PageDoubts] = []
        self.suggested_values = SuggestionCounter()

    def write(self, verdict: Verdict) -> None:
        super().write(verdict)
        page = verdict.page
        if page is None or verdict.counted_as in (None, "part"):
            return
        self.suggested_values.page(page)
        proofs = (page.capture.proof,)
        if (article := verdict.article) is not None:
            found = of_article(page, article, verdict.issues)
            lines = frozenset(body_keys(article))
            self.doubted.append(PageDoubts(article.url, "article", article.title, article.captures, found, lines=lines))
        elif (
            verdict.sighting is not None
            and verdict.counted_as == "article"
            and verdict.sighting.outcome == "unreadable"
        ):
            title = page.structure.title if page.structure is not None and page.structure.title else ""
            refusals = verdict.issues
            self.doubted.append(PageDoubts(page.capture.url, "refused", title, proofs, of_refused(refusals), refusals))
        elif page.kind in ("unknown", "foreign"):
            doubt = Doubt("promised", f"it reads as {page.kind}: {page.why}")
            self._odd.append(PageDoubts(page.capture.url, page.kind, page.doc.title, proofs, (doubt,)))

    def judged(self, judge: Judge) -> list[PageDoubts]:
        """All pages with the doubts that only the whole crawl shows."""
        recurring = {number: one.line for one in self.leaks.recurring() if (number := key(one.line)) is not None}
        named = {one.url: one.listed for one in self.leaks.disagreements}
        found = [odd for odd in self._odd if judge.is_promised(odd.url)]
        for one in self.doubted:
            more = [Doubt("recurring", recurring[number]) for number in sorted(one.lines & recurring.keys())][:3]
            if self.leaks.disagrees(one.url):
                more.append(Doubt("titles", f"{one.title!r} is listed as {named.get(one.url, 'something else')!r}"))
            found.append(replace(one, doubts=(*one.doubts, *more)) if more else one)
        return found


class SuggestionCounter:
    """Counts the suggestions of all pages."""

    def __init__(self) -> None:
        self._by_value: dict[tuple[str, str], CountedSuggestion] = {}

    def page(self, page: Page) -> None:
        for one in suggestions(page):
            self.add(one, page.capture.url)

    def add(self, one: Suggestion, url: str, times: int = 1) -> None:
        name = (one.key, one.value)
        known = self._by_value.get(name)
        self._by_value[name] = (
            CountedSuggestion(one, times, url) if known is None else replace(known, pages=known.pages + times)
        )

    def sorted(self) -> list[CountedSuggestion]:
        """Most frequent first."""
        return sorted(self._by_value.values(), key=lambda one: (-one.pages, one.suggestion.key, one.suggestion.value))


@dataclass(frozen=True)
class Survey:
    """The result of a survey."""

    crawl: Crawl
    profile: Profile
    counts: Counts
    """Counts, coverage, issues and boilerplate, as in the report of a crawl."""
    common_doubts: frozenset[str]
    """Doubts that more than half of the articles share."""
    suggested_values: list[CountedSuggestion]
    worst: list[tuple[float, Inspection]] = field(default_factory=list)
    """The pages with the greatest doubt, worst first."""
    doubted: int = 0
    """Number of pages with a doubt that is not common."""
    damage: int = 0
    crawled_with: str | None = None
    """Profile of the crawl, if it is another one than that of the survey."""


def survey(crawl: Crawl, profile: Profile, worst: int = 20) -> Survey:
    """Survey a crawl. Raises ArchiveError if its WARC cannot be opened."""
    damages: list[warc.Damage] = []
    settings, ledger = settings_of(crawl.path), _SurveyLedger(profile)
    name = settings.profile
    judge = Judge(profile, settings.start_urls or profile.start_urls, settings.limit)
    Replaying(crawl.path, profile, judge, ledger).run(damages)
    judged = ledger.judged(judge)
    shared = common_doubts([frozenset(d.name for d in one.doubts) for one in judged if one.kind == "article"])
    ranked = sorted(
        ((total_doubt(one.doubts, shared), one) for one in judged), key=lambda pair: (-pair[0], pair[1].url)
    )
    own = sum(any(d.name not in shared for d in one.doubts) for _, one in ranked)
    for one in ledger.leaks.recurring():
        why = f"{one.articles} bodies ({one.share:.0%}) have the line {one.line[:40]!r}"
        ledger.suggested_values.add(Suggestion("body_end", _beginning(one.line), why), one.url, one.articles)
    shown = [(doubt, _inspect_again(crawl, one, profile)) for doubt, one in ranked[:worst] if doubt]
    return Survey(
        crawl,
        profile,
        ledger.counts(),
        shared,
        ledger.suggested_values.sorted(),
        shown,
        own,
        len(damages),
        name if name != profile.name else None,
    )


def _beginning(line: str) -> str:
    """The beginning of a line without its counters: up to its first digit, or a few characters."""
    head = next((line[:at] for at, char in enumerate(line) if char.isdigit() and at >= 4), line)
    return head[:LONGEST_END].strip()


def _inspect_again(crawl: Crawl, one: PageDoubts, profile: Profile) -> Inspection:
    captures: list[Capture] = [
        warc.read_at(crawl.path / proof.warc.rpartition("/")[2], proof.offset) for proof in one.parts
    ]
    parts = [pages.read(capture, profile) for capture in captures]
    reading = Reading(None, one.refusals) if one.refusals else None
    own = {"recurring", "titles", "promised"}
    return inspect(parts, further=[doubt for doubt in one.doubts if doubt.name in own], reading=reading)


def survey_as_json(found: Survey) -> dict[str, object]:
    """The survey as JSON."""
    return {
        "crawl": found.crawl.name,
        "profile": found.profile.name,
        "reader": pages.reader(found.profile),
        "report": as_dict(found.counts),
        "crawled_with": found.crawled_with or found.profile.name,
        "damage": found.damage,
        "common_doubts": sorted(found.common_doubts),
        "doubted": found.doubted,
        "suggestions": [
            {
                "key": one.suggestion.key,
                "value": one.suggestion.value,
                "why": one.suggestion.why,
                "pages": one.pages,
                "url": one.url,
            }
            for one in found.suggested_values
        ],
        "worst": [{**as_json(inspection), "doubt": doubt} for doubt, inspection in found.worst],
    }
