"""The kind of a page: an ordered table of rules. The first one that matches decides.

Rules of the response come first, before the payload is decoded; then messages on a page of little text; then content.
`gdfupin probe` prints the table with what each rule made of a page.
"""

import re
from collections.abc import Callable
from typing import Literal, NamedTuple

from ..items import Kind
from ..messages.text import N_
from . import notices
from .article import overrides
from .evidence import Evidence
from .links.urls import identity_key, redirect_target
from .rule import PatternRule, Rule

Considered = Literal["response", "message", "content"]
"""What a rule looks at: status and headers; a message in place of content; or links, rows and the parts of an article."""

_LOGIN = PatternRule(
    "login-box",
    "A login form may be a box beside the content of any page: with a list of pages or many links beside it, it refuses nobody.",
    "登[录陆]|password|log in|sign in",
    re.I,
    pages="gdfupin/unknown-menu-beside-a-login-box gdfupin/rows-beside-a-login-box",
)


class KindRule(Rule):
    """A rule that decides the kind of a page."""

    __slots__ = ("decide", "kind", "looks_at")

    def __init__(
        self,
        name: str,
        kind: Kind,
        looks_at: Considered,
        sentence: str,
        decide: Callable[[Evidence], str | None],
        pages: str = "",
    ) -> None:
        super().__init__(f"kind-{name}", sentence, pages)
        self.kind, self.looks_at = kind, looks_at
        self.decide = decide
        """The reason why a page is of this kind, or None."""


class Decision(NamedTuple):
    """The kind of a page."""

    kind: Kind
    why: str
    """One sentence: the reason."""
    rule: KindRule | None
    """The rule that decided; None: no rule matches, and the kind is `unknown`."""


class Rung(NamedTuple):
    """One rule of the table as it was applied to a page."""

    rule: KindRule
    matched: bool | None
    """None: an earlier rule had decided."""


def _redirect(page: Evidence) -> str | None:
    return _with_status(page) if target_of(page) is not None else None


def _bad_redirect(page: Evidence) -> str | None:
    location = _location(page)
    if not location:
        return None
    status = page.capture.status
    return N_("status {status:d} leads to {place!r}, which is no web address", status=status, place=location[:80])


def _with_status(page: Evidence) -> str:
    return N_("status {status:d}", status=page.capture.status)


def _status(*statuses: int) -> Callable[[Evidence], str | None]:
    return lambda page: _with_status(page) if page.capture.status in statuses else None


def _empty(page: Evidence) -> str | None:
    payload = page.capture.payload
    if payload and not payload.isspace():
        return None
    return N_("status {status:d} and nothing else", status=page.capture.status)


def _file(page: Evidence) -> str | None:
    kind = page.capture.header("content-type")
    is_file = notices.is_file_type(kind, page.capture.payload) and page.capture.header("content-encoding") is None
    return N_("served as {type}", type=kind) if is_file else None


def _refusing_error(page: Evidence) -> str | None:
    status = page.capture.status
    at_door = 400 <= status < 500 or status in (503, 521, 566, 567)
    if not at_door or not page.refused or not page.prints_little_else:
        return None
    return N_("status {status:d}: {message}", status=status, message=page.refused)


def _error(page: Evidence) -> str | None:
    return _with_status(page) if page.capture.status >= 400 else None


def _gone(page: Evidence) -> str | None:
    if page.is_article or page.forwards or not page.missing or not page.prints_little_else:
        return None
    return N_("prints {message!r} and no article", message=page.missing)


def _failed(page: Evidence) -> str | None:
    if page.is_article or page.forwards:
        return None
    failed = notices.server_error_message(page.doc)
    if not failed or not page.prints_little_else:
        return None
    return N_("a server that failed: prints {message!r}", message=failed)


def _refused(page: Evidence) -> str | None:
    if page.is_article or page.forwards or not page.refused or not page.prints_little_else:
        return None
    beside = len(page.doc.anchors) > 25 or (page.size.pages is not None and page.listed)
    if beside and _LOGIN.search(page.refused):
        return None
    return N_("prints {message!r} and no article", message=page.refused)


def _foreign(page: Evidence) -> str | None:
    return None if page.forwards or (page.is_article and page.profile.identity == ()) else page.foreign


def _home(page: Evidence) -> str | None:
    key = identity_key(page.capture.url)
    own = key in {identity_key(url) for url in page.profile.start_urls}
    if not own and not re.fullmatch(r"[^/]+/(?:(?:index|default|main)\.\w+)?", key):
        return None
    return None if page.is_article and page.structure.score >= 8 else N_("the address of the home page")


def _article(page: Evidence) -> str | None:
    if not page.is_article:
        return None
    placed = page.structure.overridden >= overrides.ARTICLE or page.structure.layout is not None
    return page.why_article if placed or not page.is_listing else None


def _listing(page: Evidence) -> str | None:
    rows = page.rows.links
    dated = sum(1 for row in rows if row.date)
    if not rows or not (dated >= 3 or page.structure.breadcrumb or page.size.pages or page.pager.links):
        return None
    return N_("{rows:d} rows that lead to articles", rows=len(rows))


KINDS = (
    KindRule(
        "redirect",
        "moved",
        "response",
        N_("A status of 3xx with a Location leads to another address."),
        _redirect,
        pages="gdfupin/moved-301-to-another-spelling gdfupin/moved-302-relative-with-backslash",
    ),
    KindRule(
        "bad-redirect",
        "unknown",
        "response",
        N_("A Location header without a web address is not followed."),
        _bad_redirect,
        pages="gdfupin/moved-to-no-address-with-a-whole-page",
    ),
    KindRule(
        "gone-status",
        "gone",
        "response",
        N_("Status 404 or 410: there is no such page."),
        _status(404, 410),
        pages="gdfupin/gone-404-in-the-dress-of-the-site gdfupin/gone-404-of-iis",
    ),
    KindRule(
        "blocked-status",
        "blocked",
        "response",
        N_(
            "These statuses refuse a request; old firewalls answer with 405, 406 and 418, too, new ones with 412 and a script."
        ),
        _status(401, 403, 405, 406, 412, 418, 421, 429, 451),
        pages="gdfupin/blocked-429-empty gdfupin/blocked-451 gdfupin/blocked-412-with-a-script",
    ),
    KindRule(
        "empty",
        "unknown",
        "response",
        N_("An empty payload shows nothing."),
        _empty,
        pages="gdfupin/unknown-empty-200-of-a-document",
    ),
    KindRule(
        "file",
        "file",
        "response",
        N_("The first bytes or the Content-Type are those of a file, not of a page."),
        _file,
        pages="gdfupin/file-doc-served-as-html gdfupin/file-pdf",
    ),
    KindRule(
        "refusing-error",
        "blocked",
        "message",
        N_("An error status with a message of refusal on a page of little text is a firewall, not a broken page."),
        _refusing_error,
        pages="gdfupin/blocked-503-of-an-american-cloud gdfupin/blocked-503-too-fast",
    ),
    KindRule(
        "error",
        "unknown",
        "message",
        N_("Any other error status says nothing about the article."),
        _error,
        pages="gdfupin/unknown-500-of-asp",
    ),
    KindRule(
        "gone-message",
        "gone",
        "message",
        N_("Old sites answer with status 200 and a message that the article does not exist."),
        _gone,
        pages="gdfupin/gone-soft-illegal-id gdfupin/gone-soft-in-the-dress-of-the-site",
    ),
    KindRule(
        "failed-server",
        "unknown",
        "message",
        N_("Scripts of old sites print the error of their database with status 200; the page may be there tomorrow."),
        _failed,
        pages="gdfupin/unknown-200-of-a-server-that-cannot-reach-its-database gdfupin/unknown-200-of-asp-that-failed",
    ),
    KindRule(
        "refusal",
        "blocked",
        "message",
        N_("A page of little text that refuses us, with status 200."),
        _refused,
        pages="gdfupin/blocked-200-please-enable-javascript gdfupin/blocked-200-safety-dog",
    ),
    KindRule(
        "foreign",
        "foreign",
        "message",
        N_("An expired domain shows another site: none of the site's names, or words of gambling and parking."),
        _foreign,
        pages="gdfupin/foreign-article-of-another-site gdfupin/foreign-domain-expired-at-the-registrar",
    ),
    KindRule(
        "home",
        "home",
        "content",
        N_("The address of the home page, unless an article is clearly there."),
        _home,
        pages="gdfupin/home-a-frameset gdfupin/home-an-intro-of-flash",
    ),
    KindRule(
        "article",
        "article",
        "content",
        N_("A title with a byline or prose below a breadcrumb, where no rows of a list fill the place of the body."),
        _article,
        pages="gdfupin/empty-article-beside-a-short-note gdfupin/undated-article-below-a-breadcrumb",
    ),
    KindRule(
        "listing",
        "listing",
        "content",
        N_("Links to articles, with dates, below a breadcrumb, or with a pager."),
        _listing,
        pages="gdfupin/rows-addresses-percent-encoded-stay-as-written gdfupin/rows-linked-twice-in-two-spellings",
    ),
)
"""The rules in the order in which they are applied. A page that none of them matches is `unknown`."""


def decide(page: Evidence) -> Decision:
    """The kind by the first rule that matches."""
    for rule in KINDS:
        if rule.on and (why := rule.decide(page)) is not None:
            return Decision(rule.kind, why, rule)
    return Decision("unknown", page.contrary or N_("neither an article nor a list of articles"), None)


def ladder(name: str | None) -> tuple[Rung, ...]:
    """The table with what each rule made of a page that the rule of that name (`Page.rule`) decided."""
    names = [rule.name for rule in KINDS]
    deciding = len(names) if name is None else names.index(name)
    return tuple(Rung(rule, at == deciding if at <= deciding else None) for at, rule in enumerate(KINDS))


def target_of(page: Evidence) -> str | None:
    """Absolute URL of a redirect; None if the response is none, or leads to no web address."""
    location = _location(page)
    return redirect_target(location, page.capture.url) if location else None


def _location(page: Evidence) -> str | None:
    """The Location of a redirect."""
    return page.capture.header("location") if 300 <= page.capture.status < 400 else None
