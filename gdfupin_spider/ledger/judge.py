"""Decides about pages: which records are written, whether links are followed, and what counts as a gap.

Only this module decides. The crawl, its replay and `scrapy parse` call `Judge.judge` for every page and pass the verdict
to the ledger, which writes and counts.

- An article that was read: an article line and a sighting `read`. Where the crawl has an article with the same content
  digest (section aside) already: a sighting `read` with `same_as`, and no line.
- An article that was refused: a sighting `unreadable` and the refusals.
- An article after the limit of the crawl: nothing.
- A further page of an article: its notes; the first page has the line.
- A page that has not changed (304): a sighting `not_modified`.
- A page that is gone: a sighting `missing`; where a listing row promised an article there, a note. From a web archive also
  a page line: its status decides whether the capture proves a disappearance. A page that is blocked: a sighting `blocked`.
- A page that only leads on, by a refresh or a script: as a redirect; where a row promised an article there, its target is
  promised instead.
- A redirect: a page line, and a sighting: `missing` where it leads to the home page, else `moved`.
- Any other page: a page line; where a listing row promised an article at that address, also a sighting `unreadable` and a
  refusal.
- A response with a fault, after the last try: a failure; for a block page a sighting `blocked`, else where a row promised
  an article a sighting `unreadable`. A login page, and a response above the size limit, is a note instead.
- A response with a fault, or of another site, that a web archive or the WARC of another program holds: a note. It proves
  nothing about the page, and nobody can fetch it again.

Sightings of addresses that never had an article carry no information; the catalog ignores them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from .. import pages
from ..items import Article, Capture, Issue, Level, Outcome, PageSeen, Sighting
from ..messages.record_words import word
from ..messages.text import N_, shortened
from ..pages import Page
from ..profiles import Profile
from ..storage.open_gaps import NOTED
from .articles import validate
from .page_facts import PageFacts, facts_of
from .response_faults import LOGIN, every_try

EVIDENCE = 300
"""Characters of evidence that an issue keeps."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The decision about one page. By default nothing is written."""

    counted_as: str | None = None
    """Its kind in the counts of the report; None: it is not counted."""
    page: Page | None = None
    """The page as it was judged; None where it was not read, the response has a fault, or another process has the page."""
    facts: PageFacts | None = None
    """Its facts; None where it was not read, or the response has a fault."""
    article: Article | None = None
    """The line of `articles.jsonl`."""
    sighting: Sighting | None = None
    """The line of `sightings.jsonl`."""
    seen: PageSeen | None = None
    """The line of `pages.jsonl`."""
    issues: tuple[Issue, ...] = ()
    """The lines of `issues.jsonl`; refusals and failures are gaps."""
    new_rows: tuple[str, ...] = ()
    """URLs of listing rows that no earlier listing of the crawl had."""
    follow: bool = False
    """Whether the links of the page are followed."""


class Judge:
    """Decides for the pages of one crawl or reading, in capture order. Remembers what later pages depend on."""

    def __init__(self, profile: Profile, start_urls: Sequence[str], limit: int = 0) -> None:
        """`limit`: articles that are read at most; 0: all."""
        self._profile, self._limit = profile, limit
        self._homes = {pages.identity_key(url) for url in start_urls}
        self._first_with: dict[str, str] = {}  # content digest without section: URL of the first article with it
        self._promised: dict[str, bool] = {}  # identity key of a row: whether a listing has it, or only other pages
        self._frames: set[str] = set()  # identity keys of frames
        self._articles = 0

    @property
    def at_limit(self) -> bool:
        """Whether all articles that were asked for are read."""
        return bool(self._limit) and self._articles >= self._limit

    def judge(
        self,
        capture: Capture,
        page: Page | None,
        fault: str | None = None,
        *,
        further: Sequence[Page] = (),
        missing: str | None = None,
        part: bool = False,
    ) -> Verdict:
        """The verdict on a capture and the page that was read from it.

        `page` may be None only where there is a `fault`, after the last try. Of the first page of an article, `further`
        are its other pages in order, and `missing` is the URL of one that could not be fetched. `part`: it was fetched as
        a further page of an article.
        """
        if fault is not None or page is None:
            return self.judge_fault(capture, fault or "unread")
        facts = facts_of(page, further, missing, read=not (part or self.at_limit))
        verdict = self.judge_facts(facts, part=part)
        kind = verdict.facts.kind if verdict.facts is not None else page.kind
        return replace(verdict, page=page if page.kind == kind else replace(page, kind=kind))

    def judge_facts(self, facts: PageFacts, *, part: bool = False) -> Verdict:
        """As `judge`, by the facts of a page that another process may have read."""
        key = pages.identity_key(facts.capture.url)
        if facts.kind == "foreign" and key in self._frames:
            # Its frameset, and the frames beside it, show whose page it is.
            facts = replace(facts, kind="unknown", seen=replace(facts.seen, kind="unknown"))
        self._frames.update(map(pages.identity_key, facts.frames))
        if part or facts.is_part:
            return Verdict("part", facts=facts, issues=facts.issues, follow=facts.kind != "foreign")
        if facts.kind == "article":
            return self._article(facts)
        return self._other(facts, key)

    def is_promised(self, url: str) -> bool:
        """Whether a row named this address as an article."""
        return pages.identity_key(url) in self._promised

    def is_listed(self, url: str) -> bool:
        """Whether a listing has a row with this address."""
        return self._promised.get(pages.identity_key(url), False)

    def unanswered(self, url: str, what: str, evidence: str, capture: Capture | None = None) -> Verdict:
        """The verdict on an address that has no response that could be judged as a page."""
        proof = capture.proof if capture else None
        level: Level = "note" if what in NOTED else "failure"
        return Verdict(issues=(Issue(level, what, url, shortened(evidence, EVIDENCE), proof),))

    def _article(self, facts: PageFacts) -> Verdict:
        if self.at_limit or facts.reading is None:
            return Verdict(facts=facts)
        capture, article, issues = facts.capture, facts.reading.article, facts.reading.issues
        if article is not None and (refusal := validate(article)) is not None:
            article, issues = None, (refusal,)
        if article is None:
            sighting = self._sighting(capture, "unreadable")
            return Verdict("article", facts=facts, sighting=sighting, issues=issues, follow=True)
        same_as = self._first_with.setdefault(article.digest_without_section(), article.url)
        if same_as != article.url:
            sighting = self._sighting(capture, "read", same_as=same_as)
            return Verdict("article", facts=facts, sighting=sighting, follow=True)
        self._articles += 1
        sighting = self._sighting(capture, "read")
        return Verdict("article", facts=facts, article=article, sighting=sighting, issues=issues, follow=True)

    def _other(self, page: PageFacts, key: str) -> Verdict:
        capture = page.capture
        if capture.status == 304:
            return Verdict(sighting=self._sighting(capture, "not_modified"))
        notes, rows = page.issues, self._new_rows(page)
        verdict = Verdict(page.kind, facts=page, issues=notes, new_rows=rows, follow=page.kind != "foreign")
        match page.kind:
            case "gone" if key in self._promised:
                evidence = N_("a listing links here as to an article, but {why}", why=page.why)
                issue = Issue("note", "linked-missing", capture.url, shortened(evidence, EVIDENCE), capture.proof)
                return replace(
                    verdict,
                    sighting=self._sighting(capture, "missing"),
                    seen=_if_archived(page),
                    issues=(issue, *notes),
                )
            case "gone":
                return replace(verdict, sighting=self._sighting(capture, "missing"), seen=_if_archived(page))
            case "blocked":
                return replace(verdict, sighting=self._sighting(capture, "blocked"))
            case "moved":
                home = page.to is not None and pages.identity_key(page.to) in self._homes
                sighting = self._sighting(capture, "missing" if home else "moved", to=page.to)
                return replace(verdict, sighting=sighting, seen=page.seen)
            case "unknown" if key in self._promised and (to := page.forward) is not None:
                self._promised.setdefault(pages.identity_key(to), self._promised[key])
                home = pages.identity_key(to) in self._homes
                sighting = self._sighting(capture, "missing" if home else "moved", to=to)
                return replace(verdict, sighting=sighting, seen=replace(page.seen, to=to))
            case "unknown" | "foreign" if key in self._promised:
                sighting = self._sighting(capture, "unreadable")
                return replace(verdict, sighting=sighting, seen=page.seen, issues=(_not_an_article(page), *notes))
        return replace(verdict, seen=page.seen)

    def judge_fault(self, capture: Capture, fault: str) -> Verdict:
        """The verdict on a response with a fault, after the last try."""
        if capture.is_archived:
            evidence = N_(
                "{fault}: status {status:d}, {size:d} bytes; archived like this, so it is no content",
                fault=word(fault),
                status=capture.status,
                size=capture.size,
            )
            issue = Issue("note", fault, capture.url, shortened(evidence, EVIDENCE), capture.proof)
            return Verdict("failed", issues=(issue,))
        level: Level = "note" if fault in NOTED else "failure"
        issue = Issue(level, fault, capture.url, shortened(every_try(fault, capture), EVIDENCE), capture.proof)
        if fault in ("blocked", "no-access", LOGIN):
            return Verdict("blocked", sighting=self._sighting(capture, "blocked"), issues=(issue,))
        promised = pages.identity_key(capture.url) in self._promised
        sighting = self._sighting(capture, "unreadable") if promised else None
        return Verdict("failed", sighting=sighting, issues=(issue,))

    def _new_rows(self, page: PageFacts) -> tuple[str, ...]:
        new, listing = [], page.kind == "listing"
        for row in page.rows:
            key = pages.identity_key(row.url)
            if not self._promised.get(key):
                self._promised[key] = listing
                if listing:
                    new.append(row.url)
        return tuple(new)

    def _sighting(
        self, capture: Capture, outcome: Outcome, same_as: str | None = None, to: str | None = None
    ) -> Sighting:
        return Sighting(
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


def _if_archived(page: PageFacts) -> PageSeen | None:
    return page.seen if page.capture.is_archived else None


def _not_an_article(page: PageFacts) -> Issue:
    what = "foreign-page" if page.kind == "foreign" else "not-an-article"
    evidence = N_(
        "a listing links here as to an article, but it reads as {kind}: {why}", kind=word(page.kind), why=page.why
    )
    level: Level = "note" if page.kind == "foreign" and page.capture.is_archived else "refusal"
    return Issue(level, what, page.capture.url, shortened(evidence, EVIDENCE), page.capture.proof)
