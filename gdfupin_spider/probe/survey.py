"""The survey of a whole crawl: its address patterns, suggestions for the profile, and its least certain pages.

The crawl is read again from its WARC by the rules of the replay, without lock, folder or lines. Only the doubts and
the position of each page are kept; suggestions are then checked on the pages that they affect, and the worst pages are
read once more to be shown.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from .. import deadline, pages, warc
from ..items import Article, Capture, Issue, PageSeen, Proof, Reading, Sighting, as_dict
from ..ledger.boilerplate import body_keys, key
from ..ledger.judge import Judge, Verdict
from ..ledger.ledger import Ledger
from ..messages.record_words import word
from ..messages.text import N_
from ..pages import Page
from ..profiles import Profile
from ..replay.replayer import Replaying
from ..storage.counts import Counts
from ..storage.crawl_settings import settings_of
from ..storage.crawls import Crawl
from .confidence import Doubt, common_doubts, of_article, of_refused, total_doubt
from .inspection import Inspection, as_json, inspect
from .site_shapes import SiteShape, SiteShapes, shapes_as_json
from .suggestion_check import KINDS, TOGETHER, CheckedSuggestion, CheckResult, JudgedPage, checked
from .suggestions import CountedSuggestion, Suggestion, suggestions

LONGEST_END = 16
"""Maximum length of a suggested `body_end`."""
CHECKED = 30
"""Maximum number of suggestions of one word that are checked, those of most pages first."""
COMMON = 0.5
"""Share of pages that must print a suggested word of `identity`."""
TWICE = 2
"""Pages that must print a suggested label."""
FEWEST = 3
"""Unknown pages of an address pattern from which on it may be suggested for `article_urls`."""
PROGRESS = 500
"""Pages between two lines of progress."""


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

    def __init__(self, profile: Profile, say: Callable[[str], None]) -> None:
        super().__init__(_NoLines(), profile)
        self._say = say
        self.shapes = SiteShapes(profile)
        self.pages: list[JudgedPage] = []
        self.section_names: set[str] = set()
        """Names that listings and articles print as their section."""
        self.doubted: list[PageDoubts] = []
        self._odd: list[PageDoubts] = []
        self.suggested_values = SuggestionCounter()

    def write(self, verdict: Verdict) -> None:
        super().write(verdict)
        page = verdict.page
        if page is None or verdict.counted_as in (None, "part"):
            return
        self.suggested_values.page(page)
        self.shapes.add(page)
        proofs = (page.capture.proof,)
        if page.kind in KINDS:
            parts = verdict.article.captures if verdict.article is not None else proofs
            self.pages.append(JudgedPage(page.capture.url, page.kind, parts))
            if len(self.pages) % PROGRESS == 0:
                self._say(N_("reading: {pages:,} pages", pages=len(self.pages)))
        if page.section is not None and page.kind in ("article", "listing"):
            self.section_names.add(page.section)
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
            doubt = Doubt("promised", N_("it reads as {kind}: {why}", kind=word(page.kind), why=page.why))
            self._odd.append(PageDoubts(page.capture.url, page.kind, page.doc.title, proofs, (doubt,)))

    def judged(self, judge: Judge) -> list[PageDoubts]:
        """All pages with the doubts that only the whole crawl shows."""
        recurring = {number: one.line for one in self.leaks.recurring() if (number := key(one.line)) is not None}
        named = {one.url: one.listed for one in self.leaks.disagreements}
        found = [odd for odd in self._odd if judge.is_promised(odd.url)]
        for one in self.doubted:
            more = [Doubt("recurring", recurring[number]) for number in sorted(one.lines & recurring.keys())][:3]
            if self.leaks.disagrees(one.url):
                more.append(
                    Doubt(
                        "titles",
                        N_(
                            "{title!r} is listed as {listed!r}",
                            title=one.title,
                            listed=named.get(one.url, N_("something else")),
                        ),
                    )
                )
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
    shapes: list[SiteShape]
    """Its address patterns, those of most pages first."""
    suggestions: CheckResult
    worst: list[tuple[float, Inspection]] = field(default_factory=list)
    """The pages with the greatest doubt, worst first."""
    doubted: int = 0
    """Number of pages with a doubt that is not common."""
    damage: int = 0
    start_urls: tuple[str, ...] = ()
    """Of the crawl."""
    crawled_with: str | None = None
    """Profile of the crawl, if it is another one than that of the survey."""


def survey(crawl: Crawl, profile: Profile, worst: int = 20, say: Callable[[str], None] = lambda text: None) -> Survey:
    """Survey a crawl. `say` gets lines of progress. Raises ArchiveError if its WARC cannot be opened.

    Ctrl-C during the check of suggestions leaves out what was not checked.
    """
    damages: list[warc.Damage] = []
    settings, ledger = settings_of(crawl.path), _SurveyLedger(profile, say)
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
        why = N_(
            "{articles} bodies ({share:.0%}) have the line {line!r}",
            articles=one.articles,
            share=one.share,
            line=one.line[:40],
        )
        ledger.suggested_values.add(Suggestion("body_end", _beginning(one.line), why), one.url, one.articles)
    shapes = ledger.shapes.found(judge.is_promised)
    result = checked(crawl, profile, ledger.pages, _candidates(ledger, shapes, profile), say)
    result = replace(result, offered=(*result.offered, *_of_other_pages(ledger, result.offered)))
    shown = [(doubt, _inspect_again(crawl, one, profile)) for doubt, one in ranked[:worst] if doubt]
    return Survey(
        crawl,
        profile,
        ledger.counts(),
        shared,
        shapes,
        result,
        shown,
        own,
        len(damages),
        tuple(settings.start_urls),
        name if name != profile.name else None,
    )


def _candidates(ledger: _SurveyLedger, shapes: Sequence[SiteShape], profile: Profile) -> list[CountedSuggestion]:
    """The suggestions that are worth a check: patterns of unknown pages, then words, those of most pages first."""
    patterns = [
        CountedSuggestion(
            Suggestion(
                "article_urls",
                one.shape,
                N_(
                    "{unknown} of {pages} pages with such an address are unknown; if they are articles: look at {url}",
                    unknown=one.unknown,
                    pages=one.pages,
                    url=one.url,
                ),
            ),
            one.unknown,
            one.url,
        )
        for one in shapes
        if one.unknown >= FEWEST
        and one.belief.startswith(("unknown", "articles"))
        and one.shape not in (*profile.article_urls, *profile.other_urls)
    ]
    words = _of_one_field([one for one in ledger.suggested_values.sorted() if _is_common(one, ledger)])
    together = [one for one in words if one.suggestion.key in TOGETHER]
    return [*patterns[:CHECKED], *together, *[one for one in words if one not in together][:CHECKED]]


def _of_one_field(found: Sequence[CountedSuggestion]) -> list[CountedSuggestion]:
    """The suggestions, each label for the field that most pages support. `found`: those of most pages first."""
    labels: dict[str, str] = {}
    for one in found:
        if one.suggestion.key.startswith("labels."):
            labels.setdefault(one.suggestion.value, one.suggestion.key)
    return [one for one in found if labels.get(one.suggestion.value, one.suggestion.key) == one.suggestion.key]


def _is_common(one: CountedSuggestion, ledger: _SurveyLedger) -> bool:
    """Whether the crawl as a whole supports a word: a name of the site, or of a section, is not taken from one page."""
    match one.suggestion.key:
        case "identity":
            return one.pages >= COMMON * len(ledger.pages)
        case "sections":
            return one.suggestion.value in ledger.section_names
        case "breadcrumb" | "labels.date" | "labels.source" | "labels.author" | "labels.other":
            return one.pages >= min(TWICE, len(ledger.pages))
    return True


def _of_other_pages(ledger: _SurveyLedger, offered: Sequence[CheckedSuggestion]) -> list[CheckedSuggestion]:
    """Patterns that are a gap, and that no checked suggestion mends."""
    mended = {value for one in offered if one.key == "article_urls" for value in one.values}
    why = N_("only if a look at some of them shows that they are neither articles nor listings")
    return [
        CheckedSuggestion(
            "other_urls", (CountedSuggestion(Suggestion("other_urls", one.shape, why), one.unknown, one.url),), None
        )
        for one in ledger.unknown_shapes.found()
        if one.shape not in mended
    ]


def _beginning(line: str) -> str:
    """The beginning of a line without its counters: up to its first digit, or a few characters."""
    head = next((line[:at] for at, char in enumerate(line) if char.isdigit() and at >= 4), line)
    return head[:LONGEST_END].strip()


def _inspect_again(crawl: Crawl, one: PageDoubts, profile: Profile) -> Inspection:
    captures: list[Capture] = [
        warc.read_at(crawl.path / proof.warc.rpartition("/")[2], proof.offset) for proof in one.parts
    ]
    parts = [deadline.read(capture, profile) for capture in captures]
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
        "shapes": shapes_as_json(found.shapes),
        "suggestions": [row for one in found.suggestions.offered for row in _as_json(one)],
        "withheld": [row for one in found.suggestions.withheld for row in _as_json(one)],
        "unchecked": found.suggestions.unchecked,
        "worst": [{**as_json(inspection), "doubt": doubt} for doubt, inspection in found.worst],
    }


def _as_json(checked: CheckedSuggestion) -> list[dict[str, object]]:
    """One object for each value; values of a key that act together have the same effect."""
    effect = checked.effect
    effect_json = (
        {
            "changes": effect.changes,
            "gains": effect.gains,
            "loses": effect.loses,
            "fills": dict(effect.fills),
            "empties": dict(effect.empties),
            "kinds": dict(effect.kinds),
            "settles": effect.settled,
        }
        if effect is not None
        else None
    )
    return [
        {
            "key": one.suggestion.key,
            "value": one.suggestion.value,
            "why": one.suggestion.why,
            "pages": one.pages,
            "url": one.url,
            "effect": effect_json,
            **({"harm": effect.harm} if effect is not None and effect.harm else {}),
        }
        for one in checked.found
    ]
