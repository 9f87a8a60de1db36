"""What a judged page becomes: lines and counts. The one place where it is decided, for the crawl and for its replay.

Lines of pages that are no article come at once, those of articles in the order of their captures (see turns).
What an address is becomes a line by these rules:

- an article that is read: an article line and a sighting `read`; where an article with the same content digest but the
  section stands in the crawl already: a sighting `read` with `same_as`, and no line;
- an article that is refused: a sighting `unreadable`, and its refusals;
- an address whose page is as it was (304): a sighting `not_modified`;
- a page that is gone: a sighting `missing`; that is blocked in spite of all tries: a sighting `blocked`;
- a redirect: a line in pages, and a sighting: `missing` where it leads to the home page, else `moved`;
- every other page: a line in pages; and where the row of a listing promised an article there: a sighting `unreadable`.

A sighting of an address that was never an article says nothing, and the catalog passes it over.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from .. import pages
from ..items import Article, Capture, Issue, Level, Outcome, PageSeen, Sighting, content_digest
from ..pages import Page
from ..profiles import Profile
from ..storage.report import Counts, Example, IssueCount, SectionCoverage
from .boilerplate import Leaks

FIELDS = ("date", "source", "author", "section")
"""What not every article has: the report counts those that do."""
EXAMPLES = 5
"""So many issues of each kind are shown in the report."""


class Lines(Protocol):
    """Where lines go: the folder of a crawl, or of a reading."""

    def article(self, record: Article) -> None: ...
    def sighting(self, record: Sighting) -> None: ...
    def page(self, record: PageSeen) -> None: ...
    def issue(self, record: Issue) -> None: ...


@dataclass
class Coverage:
    """One section: what its listings say there is, what they link to, what was read."""

    printed_total: int | None = None
    printed_pages: int | None = None
    listing_pages: int = 0
    listed: set[str] = field(default_factory=set)
    read: int = 0

    def counts(self) -> SectionCoverage:
        return SectionCoverage(self.printed_total, self.printed_pages, self.listing_pages, len(self.listed), self.read)


class Ledger:
    """Writes the lines of one crawl, or of one reading of it, and counts them."""

    def __init__(self, lines: Lines, profile: Profile, start_urls: Iterable[str]) -> None:
        self._lines, self._profile = lines, profile
        self._homes = {pages.identity_key(url) for url in start_urls}
        self._first_with: dict[str, str] = {}
        self._promised: dict[str, bool] = {}  # rows by identity key: whether a listing has them, or only other pages
        self._frames: set[str] = set()
        self._noted: set[tuple[str, str]] = set()
        self.kinds: Counter[str] = Counter()
        self.outcomes: Counter[str] = Counter()
        self.issues: Counter[tuple[Level, str]] = Counter()
        self.examples: defaultdict[tuple[Level, str], list[Example]] = defaultdict(list)
        self.coverage: defaultdict[str, Coverage] = defaultdict(Coverage)
        self.years: Counter[tuple[str, str]] = Counter()
        self.leaks = Leaks(profile)
        self.fields: Counter[str] = Counter()
        self.encodings: Counter[str] = Counter()
        self.broken = 0
        """Articles with U+FFFD in them."""
        self.articles = 0
        self.gaps = 0

    def article(self, article: Article, first: Page, notes: Sequence[Issue] = ()) -> bool:
        """Writes an article, or where its like is in the crawl already, a sighting that says so; whether it was new."""
        self.kinds["article"] += 1
        digest = digest_without_section(article)
        same_as = self._first_with.setdefault(digest, article.url)
        if same_as != article.url:
            self._sighting(first.capture, "read", same_as=same_as)
            return False
        self._lines.article(article)
        self._sighting(first.capture, "read")
        self.leaks.article(article)
        self.articles += 1
        self.fields.update(name for name in FIELDS if getattr(article, name) is not None)
        self.encodings[article.encoding] += 1
        self.broken += "\ufffd" in article.body or "\ufffd" in article.title
        self.coverage[article.section or ""].read += 1
        self.years[article.section or "", (article.date or "")[:4]] += 1
        for note in notes:
            self.issue(note)
        return True

    def refused(self, first: Page, issues: Sequence[Issue]) -> None:
        """An article page of which no article line can be made."""
        self.kinds["article"] += 1
        self._sighting(first.capture, "unreadable")
        for issue in issues:
            self.issue(issue)

    def page(self, page: Page) -> list[str]:
        """Any page that is no article; gives back the rows of a listing that no listing before it had."""
        capture = page.capture
        if capture.status == 304:
            self._sighting(capture, "not_modified")
            return []
        if page.kind == "foreign" and pages.identity_key(capture.url) in self._frames:
            page = replace(page, kind="unknown")  # its frameset, and the frames beside it, speak for it
        self.kinds[page.kind] += 1
        self.leaks.page(page)
        self._frames.update(pages.identity_key(link.url) for link in page.links if link.role == "frame")
        if page.kind == "listing":
            self._cover(page)
        new = self._promise(page)
        match page.kind:
            case "gone":
                self._sighting(capture, "missing")
            case "blocked":
                self._sighting(capture, "blocked")
            case "moved":
                home = page.to is not None and pages.identity_key(page.to) in self._homes
                self._sighting(capture, "missing" if home else "moved", to=page.to)
                self._lines.page(seen(page))
            case _:
                self._lines.page(seen(page))
                if page.kind in ("unknown", "foreign") and pages.identity_key(capture.url) in self._promised:
                    self._sighting(capture, "unreadable")
                    self.issue(_refusal(page))
        for note in page.issues:
            self.issue(note)
        return new

    def _promise(self, page: Page) -> list[str]:
        new, listing = [], page.kind == "listing"
        for row in page.rows:
            key = pages.identity_key(row.url)
            if not self._promised.get(key):
                self._promised[key] = listing
                if listing:
                    new.append(row.url)
        return new

    def part(self, page: Page) -> None:
        """A further page of an article, whose first page has the line."""
        self.kinds["part"] += 1
        for note in page.issues:
            self.issue(note)

    def failed(self, url: str, what: str, evidence: str, capture: Capture | None = None, *, page: bool = True) -> None:
        """An address that could not be had for good. `page`: it was asked for as a page, not as a picture or file."""
        self.issue(Issue("failure", what, url, evidence, capture.proof if capture else None))
        if capture is None or not page:
            return
        blocked = what in ("blocked", "no-access")
        self.kinds["blocked" if blocked else "failed"] += 1
        if blocked:
            self._sighting(capture, "blocked")
        elif pages.identity_key(url) in self._promised:
            self._sighting(capture, "unreadable")

    def note(self, what: str, url: str, evidence: str) -> None:
        """Something of the crawl itself that is worth a line and is no gap."""
        self.issue(Issue("note", what, url, evidence[:300]))

    def issue(self, issue: Issue) -> None:
        """Writes an issue; the same note on the same address only once."""
        if issue.level == "note":
            if (issue.what, issue.url) in self._noted:
                return
            self._noted.add((issue.what, issue.url))
        else:
            self.gaps += 1
        self._lines.issue(issue)
        kind = (issue.level, issue.what)
        self.issues[kind] += 1
        if len(self.examples[kind]) < EXAMPLES:
            self.examples[kind].append(Example(issue.url, issue.evidence))

    def counts(self) -> Counts:
        """What was counted until now."""
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
        )

    def _sighting(self, capture: Capture, outcome: Outcome, same_as: str | None = None, to: str | None = None) -> None:
        self.outcomes[outcome] += 1
        self._lines.sighting(
            Sighting(
                id=pages.article_id(self._profile.name, capture.url),
                url=capture.url,
                outcome=outcome,
                captured_at=capture.captured_at,
                origin=capture.origin,
                capture=capture.proof,
                etag=capture.header("etag"),
                last_modified=capture.header("last-modified"),
                same_as=same_as,
                to=to,
            )
        )

    def _cover(self, page: Page) -> None:
        covered = self.coverage[page.section or ""]
        covered.listing_pages += 1
        covered.printed_total = max(covered.printed_total or 0, page.printed_total or 0) or None
        covered.printed_pages = max(covered.printed_pages or 0, page.printed_pages or 0) or None
        covered.listed.update(pages.identity_key(row.url) for row in page.rows)


def digest_without_section(article: Article) -> str:
    """What two addresses of one article agree in: the content digest, were there no section."""
    return content_digest(
        article.title,
        article.date,
        article.source,
        article.author,
        None,
        article.body,
        tuple(image.caption for image in article.images),
        tuple(attachment.name for attachment in article.attachments),
    )


def seen(page: Page) -> PageSeen:
    """The line of a page that is no article."""
    capture = page.capture
    return PageSeen(
        url=capture.url,
        kind=page.kind,
        status=capture.status,
        section=page.section,
        page_number=page.page_number,
        printed_total=page.printed_total,
        printed_pages=page.printed_pages,
        article_links=tuple(row.url for row in page.rows),
        end=page.is_last,
        captured_at=capture.captured_at,
        capture=capture.proof,
        etag=capture.header("etag"),
        last_modified=capture.header("last-modified"),
        to=page.to,
        next_page=page.next_page.url if page.next_page else None,
    )


def _refusal(page: Page) -> Issue:
    what = "foreign-page" if page.kind == "foreign" else "not-an-article"
    evidence = f"a listing links here as to an article, but it reads as {page.kind}: {page.why}"
    return Issue("refusal", what, page.capture.url, evidence[:300], page.capture.proof)
