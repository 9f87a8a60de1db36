"""What is known of a page when its kind is decided. Each fact is found when it is first asked for, and once."""

from collections.abc import Callable
from functools import cached_property

from ..items import Capture, Issue
from ..messages.text import N_, shortened
from ..profiles import Profile
from ..profiles.layouts import ShapeEvidence
from . import notices
from .article import line_class, overrides, undated
from .article.byline import COUNTER
from .article.structure import ArticleStructure, read_structure
from .dom.document import Document
from .dom.lines import parse
from .layouts import apply as layouts
from .layouts.shape import shape
from .links import extract
from .links.extract import Link
from .listing.pager import Pager, find_pager
from .listing.rows import ListingSize, Rows, find_rows, printed_size
from .rule import Rule
from .text.compared import plain
from .text.decode import Encoding, decode
from .words import Words, words_of


class Evidence:
    """The facts of one capture that its kind depends on."""

    def __init__(self, capture: Capture, profile: Profile) -> None:
        self.capture, self.profile = capture, profile

    @cached_property
    def words(self) -> Words:
        return words_of(self.profile)

    @cached_property
    def _decoded(self) -> tuple[str, Encoding]:
        capture = self.capture
        return decode(capture.payload, capture.header("content-type"), capture.header("content-encoding"))

    @property
    def encoding(self) -> Encoding:
        return self._decoded[1]

    @cached_property
    def doc(self) -> Document:
        return parse(self._decoded[0])

    @property
    def codec(self) -> str:
        """Python's name of the encoding that links of the page are in."""
        return self.encoding.name or "utf-8"

    @cached_property
    def links(self) -> tuple[Link, ...]:
        return extract.extract_links(self.doc, self.capture.url, self.codec, self.capture.header("refresh"))

    @cached_property
    def structure(self) -> ArticleStructure:
        """The parts of the page under the assumption that it is an article."""
        structure = read_structure(self.doc, self.words)
        known = self.profile.layouts
        if known and (found := layouts.find(self.doc, self.capture.url, known, self.words, structure)) is not None:
            structure = layouts.with_layout(structure, found, self.doc, self.words)
        return overrides.with_overrides(structure, self.doc, self.words, self.profile)

    @cached_property
    def size(self) -> ListingSize:
        return printed_size(self.doc)

    @cached_property
    def rows(self) -> Rows:
        """The rows of a list. They are expensive, and most articles need none."""
        crumb = self.structure.breadcrumb
        return find_rows(self.doc, self.capture.url, self.codec, self.words, crumb.last + 1 if crumb else 0)

    @cached_property
    def pager(self) -> Pager:
        return find_pager(self.doc, self.capture.url, self.codec, self.size)

    @cached_property
    def listed(self) -> range:
        """The lines of a list of articles, with the summary of its last row. Empty if fewer than two rows have a date,
        because then it may be a menu."""
        rows = self.rows
        if sum(1 for row in rows.links if row.date) < 2:
            return range(0)
        return range(rows.first, rows.last + max(1, (rows.last - rows.first) // (len(rows.links) - 1)))

    @cached_property
    def prints_little_else(self) -> bool:
        """True if the page has fewer than 400 characters of unlinked prose, so that a message on it is its content."""
        lines = self.doc.lines
        return sum(line.size - line.linked for line in lines if line.size > 60 and line.linked < 0.3 * line.size) < 400

    @cached_property
    def _others(self) -> ShapeEvidence | None:
        """What the other pages with such an address are; None on a site that nothing was learned from."""
        return self.profile.layouts.evidence.get(shape(self.capture.url))

    @cached_property
    def is_article_url(self) -> bool:
        """Whether the profile names the page's address pattern as one of articles."""
        return bool(self.profile.article_urls) and shape(self.capture.url) in self.profile.article_urls

    # --- articles -----------------------------------------------------------------------------------------------------

    @cached_property
    def _article(self) -> tuple[bool, str, str | None]:
        """Whether the page reads as an article, why, and what other pages have against it."""
        structure = self.structure
        is_article, why = _is_article(structure, self.profile)
        others = self._others
        supported = others is not None and others.supports_articles
        reason = _why_undated(structure, self.profile, supported, self.is_article_url) if not is_article else None
        if reason is not None:
            message = self.prints_little_else and (
                notices.block_message(self.doc, self.words) or notices.gone_message(self.doc, self.words)
            )
            is_article, why = (False, why) if message else (True, reason)
        contrary = None
        if is_article and structure.layout is None and not self.is_article_url:
            contrary = _contradiction(structure, self.profile, others)
        return is_article and contrary is None, why, contrary

    @property
    def is_article(self) -> bool:
        return self._article[0]

    @property
    def why_article(self) -> str:
        return self._article[1]

    @property
    def contrary(self) -> str | None:
        """Why other pages show that this one is not an article, although it reads as one; None if they do not."""
        return self._article[2]

    @cached_property
    def notes(self) -> tuple[Issue, ...]:
        """Notes about what other pages give, and about hidden text."""
        url, structure, found = self.capture.url, self.structure, []
        if self.doc.cut is not None:
            found.append(Issue("note", "too-costly", url, self.doc.cut, self.capture.proof))
        if self.doc.hidden and (spam := notices.hidden_spam(self.doc)) is not None:
            text = N_("text that a browser does not show has {words}", words=spam)
            found.append(Issue("note", "hidden-spam", url, shortened(text, 300), self.capture.proof))
        if self.doc.unread_data is not None:
            text = N_("links in the XML data of a script are not followed: {data}", data=self.doc.unread_data)
            found.append(Issue("note", "unread-data", url, shortened(text, 300), self.capture.proof))
        if self.contrary is not None:
            text = N_(
                "it reads as an article, {title!r}, but {contrary}", title=structure.title, contrary=self.contrary
            )
            found.append(Issue("note", "unsupported-article", url, shortened(text, 300), self.capture.proof))
        others = self._others
        shared = others.shared_titles if others is not None and self.is_article and structure.layout is None else ()
        if structure.title is not None and plain(structure.title) in shared:
            text = N_(
                "{title!r} is read as the title of several pages with such an address", title=structure.title[:80]
            )
            found.append(Issue("note", "shared-title", url, text, self.capture.proof))
        return tuple(found)

    @cached_property
    def is_listing(self) -> bool:
        """True if a page with the structure of an article is a listing: its rows fill the place of byline and body."""
        return _is_listing(self.doc, self.structure, lambda: self.rows)

    # --- messages -----------------------------------------------------------------------------------------------------

    @cached_property
    def refused(self) -> str | None:
        """The message of a page that refuses access; None on an article, or without such a message."""
        if self.is_article:
            return None
        refused = notices.block_message(self.doc, self.words)
        return notices.block_message(self.doc, self.words, self.listed) if refused and self.listed else refused

    @cached_property
    def missing(self) -> str | None:
        """The message that an article does not exist; None on an article, or without such a message."""
        if self.size.total == 0 or self.size.pages is not None:
            return None  # an empty section prints the same words
        message = notices.gone_message(self.doc, self.words)
        return notices.gone_message(self.doc, self.words, self.listed) if message and self.listed else message

    @cached_property
    def forwards(self) -> bool:
        """True if the page prints little and leads on by a refresh, a script or a frame."""
        return (
            any(link.role in ("refresh", "frame") for link in self.links)
            and notices.printed_characters(self.doc) < 80
            and not (self.refused and notices.is_challenge(self.doc))
            and not notices.gone_message(self.doc, self.words)
        )

    @cached_property
    def foreign(self) -> str | None:
        """Evidence that the page is of another site; None without any."""
        if strange := notices.missing_identity(self.doc, self.words):
            return strange
        if self.is_article or not notices.hijack_words(self.doc):
            return None
        return notices.hijack_words(self.doc, self._own_lines)

    @property
    def _own_lines(self) -> range:
        """Lines whose words do not describe the page itself: the dated rows of a list, or title and text below a
        breadcrumb."""
        structure = self.structure
        if structure.breadcrumb and structure.title_lines and structure.body.lines:
            return range(structure.title_lines[0], structure.body.end)
        return self.listed


_PROSE_IN_SECTION = Rule(
    "article-in-section",
    "Prose below the breadcrumb of a known section is an article, even without an info line.",
    pages="gdfupin/undated-short-text-in-a-known-section",
)
_SUMMARIES = Rule(
    "rows-with-summaries",
    "Dated rows with a summary each are a listing, whatever the length of the summaries.",
    pages="gdfupin/rows-headings-with-summaries-and-details",
)
_BARE_DATE = Rule(
    "bare-date-beside-rows",
    "A bare date above prose, or directly below a title, is the info line of an article; the rows beside it are not its place.",
    pages="gdfupin/info-bare-date-above-two-lines-and-a-list-below",
)


def _is_article(structure: ArticleStructure, profile: Profile) -> tuple[bool, str]:
    if structure.overridden >= overrides.ARTICLE:
        return True, N_("title and body are where the profile's overrides say")
    if structure.layout is not None and structure.body.lines:
        return True, N_("title and body are where layout {layout} says", layout=structure.layout)
    content = bool(structure.body.lines)
    byline = structure.byline
    if structure.title is None:
        labelled = byline is not None and byline.has_label("date") and byline.has_label("source")
        return labelled and structure.breadcrumb is not None and content, N_("an info line and a body, but no title")
    if byline is not None and (byline.has_label("date") or byline.has_label("source") or byline.bare_date):
        if not content and byline.bare_date is None and not any(pair.value for pair in byline.pairs):
            return False, N_("an info line without a single value, and no body")
        return True, N_("title above the info line {line!r}", line=byline.text[:60])
    if (
        _PROSE_IN_SECTION.on
        and structure.breadcrumb
        and any(step in profile.section_names for step in structure.breadcrumb.steps)
    ):
        prose = sum(line.size - line.linked for line in structure.body.lines if line_class.is_prose(line))
        if prose >= 40 and prose > 2 * sum(line.linked for line in structure.body.lines):
            return True, N_("prose below the breadcrumb of {section}", section=structure.breadcrumb.steps[-1])
    return False, N_("no info line")


def _why_undated(structure: ArticleStructure, profile: Profile, supported: bool, named: bool) -> str | None:
    """Why a page without info line is an article; None if it is none. `named`: by the profile's `article_urls`."""
    if undated.is_undated_article(structure, profile.section_names, supported):
        return N_("title and text directly below the breadcrumb")
    if named and structure.title is not None and structure.body.lines:
        return N_("title and text on a page whose address is one of the profile's article_urls")
    return None


def _contradiction(structure: ArticleStructure, profile: Profile, others: ShapeEvidence | None) -> str | None:
    """Evidence of other pages against an article without layout, unless its byline has labels for date and source.

    On a site without layouts, where listings may not be recognised either, it counts only against a page without byline.
    """
    byline = structure.byline
    if structure.overridden >= overrides.ARTICLE or (
        byline is not None and byline.has_label("date") and byline.has_label("source")
    ):
        return None
    if others is None or others.supports_articles or not (profile.layouts.all or byline is None):
        return None
    return others.contradicts_articles


def _is_listing(doc: Document, structure: ArticleStructure, rows_of_page: Callable[[], Rows]) -> bool:
    """True if a page with the structure of an article is a listing: its rows fill the place of byline and body."""
    byline = structure.byline
    labelled = byline is not None and any(not COUNTER.match(pair.label) for pair in byline.pairs)
    if labelled and structure.title_lines:
        title = doc.lines[structure.title_lines[-1]]
        if title.linked < 0.3 * title.size:
            return False  # a shortcut: rows are expensive, and the title of a row is mostly a link
    rows = rows_of_page()
    count, dated = len(rows.links), sum(1 for row in rows.links if row.date)
    if not count or (count < 3 and not dated):
        return False
    if byline is not None and labelled:
        return count >= 3 and rows.first <= byline.first <= rows.last
    paragraphs = [line for line in structure.body.lines if line_class.is_prose(line)]
    prose = sum(line.size - line.linked for line in paragraphs)
    around = [line.index for line in paragraphs if not rows.first < line.index <= rows.last]
    in_rows = byline is not None and not labelled and rows.first < byline.first <= rows.last + 2
    if (
        _SUMMARIES.on
        and (byline is None or in_rows)
        and 3 <= count <= dated + 1
        and all(rows.last < index <= rows.last + 2 for index in around)
    ):
        return True  # dated rows with a summary each, whatever the length of the summaries
    begin = byline.first if byline else structure.title_lines[-1] if structure.title_lines else 0
    beside = rows.first > max(structure.body.end, begin) or rows.last < begin
    titled = bool(structure.title_lines) and not any(doc.lines[index].linked for index in structure.title_lines)
    near = titled and byline is not None and 0 < byline.first - structure.title_lines[-1] <= 2
    sections = structure.breadcrumb.steps[-1:] if structure.breadcrumb else ()
    if (
        _BARE_DATE.on
        and byline is not None
        and beside
        and (
            structure.score >= 6.4 or prose >= 40 or (near and structure.body.lines and structure.title not in sections)
        )
    ):
        return False  # a bare date above prose, below a line that equals `<title>`, or directly below a title
    return prose < 40 * count and (not beside or prose < 200)
