"""Writes and counts verdicts: the lines of a crawl or reading, and the counts of its report.

The judge (`judge.py`) decides; the ledger only writes. A note is written once for each address.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Protocol

from .. import pages
from ..items import Article, Issue, Level, PageSeen, Sighting
from ..messages.text import shortened
from ..profiles import Profile
from ..storage.counts import Counts, Example, IssueCount, SectionCounts
from .boilerplate import BoilerplateChecker
from .gap_tracker import GapTracker
from .judge import Verdict
from .layout_fit import LayoutFitCounter
from .spam import SpamCounter
from .unknown_shapes import UnknownShapes

FIELDS = ("date", "source", "author", "section")
"""Optional fields; the report has the number of articles with each."""
EXAMPLES = 5
"""Maximum number of examples of each kind of issue in the report."""


class LineSink(Protocol):
    """Takes records and writes their lines: the folder of a crawl or of a reading."""

    def article(self, record: Article) -> None: ...
    def sighting(self, record: Sighting) -> None: ...
    def page(self, record: PageSeen) -> None: ...
    def issue(self, record: Issue) -> None: ...


@dataclass
class Coverage:
    """Counts of one section: printed by its listings, linked, read."""

    printed_total: int | None = None
    printed_pages: int | None = None
    listing_pages: int = 0
    listed: set[str] = field(default_factory=set)
    read: int = 0

    def counts(self) -> SectionCounts:
        return SectionCounts(self.printed_total, self.printed_pages, self.listing_pages, len(self.listed), self.read)


class Ledger:
    """Writes the lines of one crawl, or of one reading of it, and counts them."""

    def __init__(self, lines: LineSink, profile: Profile, gaps: GapTracker | None = None) -> None:
        """`gaps`: given by a crawl, which compares its gaps with those of earlier crawls."""
        self._lines = lines
        self.open_gaps = gaps or GapTracker()
        self._noted: set[tuple[str, str]] = set()
        self.kinds: Counter[str] = Counter()
        self.outcomes: Counter[str] = Counter()
        self.issues: Counter[tuple[Level, str]] = Counter()
        self.examples: defaultdict[tuple[Level, str], list[Example]] = defaultdict(list)
        self.coverage: defaultdict[str, Coverage] = defaultdict(Coverage)
        self.years: Counter[tuple[str, str]] = Counter()
        self.leaks = BoilerplateChecker(profile)
        self.layouts = LayoutFitCounter(profile.layouts)
        self.unknown_shapes = UnknownShapes(profile)
        self.spam = SpamCounter()
        self.fields: Counter[str] = Counter()
        self.encodings: Counter[str] = Counter()
        self.broken = 0
        """Articles that contain U+FFFD."""
        self.articles = 0
        self.gaps = 0

    def write(self, verdict: Verdict) -> None:
        """Writes the records of a verdict, an article before its sighting, and counts them. Raises CannotWrite."""
        if verdict.counted_as is not None:
            self.kinds[verdict.counted_as] += 1
            if verdict.facts is not None and verdict.counted_as != "part":
                self.layouts.add(verdict.facts)
                self.unknown_shapes.add(verdict.facts)
        if verdict.article is not None:
            self._article(verdict.article)
        elif verdict.seen is not None and verdict.facts is not None:
            self.leaks.page(verdict.facts.kind, verdict.facts.printed, verdict.facts.rows)
            if verdict.seen.kind == "listing":
                self._cover(verdict.seen)
        if verdict.sighting is not None:
            self.outcomes[verdict.sighting.outcome] += 1
            self._lines.sighting(verdict.sighting)
        if verdict.seen is not None:
            self._lines.page(verdict.seen)
        if verdict.facts is not None:
            self.open_gaps.answered(verdict.facts.capture.url)
        if verdict.sighting is not None and verdict.sighting.outcome == "not_modified":
            self.open_gaps.answered(verdict.sighting.url)
        for issue in verdict.issues:
            self.issue(issue)

    def finish(self) -> None:
        """Writes the issues that only all pages show. Call it once, after the last verdict. Raises CannotWrite."""
        for issue in self.unknown_shapes.issues():
            self.issue(issue)

    def _article(self, article: Article) -> None:
        self._lines.article(article)
        self.leaks.article(article)
        self.spam.add(article)
        self.articles += 1
        self.fields.update(name for name in FIELDS if getattr(article, name) is not None)
        self.encodings[article.encoding] += 1
        self.broken += "\ufffd" in article.body or "\ufffd" in article.title
        self.coverage[article.section or ""].read += 1
        self.years[article.section or "", (article.date or "")[:4]] += 1

    def note(self, what: str, url: str, evidence: str) -> None:
        """Writes a note about the crawl itself, which is not a gap."""
        self.issue(Issue("note", what, url, shortened(evidence, 300)))

    def issue(self, issue: Issue) -> None:
        """Writes an issue. A note is written once for each URL."""
        if issue.level == "note":
            if (issue.what, issue.url) in self._noted:
                return
            self._noted.add((issue.what, issue.url))
        else:
            self.gaps += 1
        self.open_gaps.issue(issue)
        self._lines.issue(issue)
        kind = (issue.level, issue.what)
        self.issues[kind] += 1
        if len(self.examples[kind]) < EXAMPLES:
            self.examples[kind].append(Example(issue.url, issue.evidence))

    def counts(self) -> Counts:
        """The counts until now."""
        return Counts(
            articles=self.articles,
            pages=dict(sorted(self.kinds.items())),
            sightings=dict(sorted(self.outcomes.items())),
            issues=tuple(
                IssueCount(level, what, count, tuple(self.examples[level, what]))
                for (level, what), count in sorted(self.issues.items())
            ),
            coverage={name: covered.counts() for name, covered in sorted(self.coverage.items())},
            years={
                section: {year: n for (name, year), n in sorted(self.years.items()) if name == section}
                for section in sorted({name for name, _ in self.years})
            },
            fields={name: self.fields[name] for name in FIELDS},
            encodings=dict(sorted(self.encodings.items())),
            broken=self.broken,
            leaks=self.leaks.result(),
            gaps=self.gaps,
            layouts=self.layouts.result(),
            spam=self.spam.result(),
            unknown_shapes=tuple(self.unknown_shapes.found()),
        )

    def _cover(self, page: PageSeen) -> None:
        covered = self.coverage[page.section or ""]
        covered.listing_pages += 1
        covered.printed_total = max(covered.printed_total or 0, page.printed_total or 0) or None
        covered.printed_pages = max(covered.printed_pages or 0, page.printed_pages or 0) or None
        covered.listed.update(pages.identity_key(url) for url in page.article_links)
