"""Words of records and headings of tables as people read them: kinds of change, statuses, levels, reasons."""

from collections.abc import Mapping
from typing import Any

from .text import N_, T_, joined, translated

_WORDS = (
    # kinds and weights of changes
    N_("added"), N_("edited"), N_("moved"), N_("gone"), N_("reappeared"), N_("reread"), N_("cosmetic"), N_("substantive"),
    # statuses of articles
    N_("live"), N_("suspected"), N_("archived"),
    # fields
    N_("title"), N_("date"), N_("source"), N_("author"), N_("section"), N_("body"), N_("captions"), N_("url"), N_("attachments"),
    N_("attachment names"), N_("sections"),
    # levels of issues, kinds of pages
    N_("note"), N_("refusal"), N_("failure"), N_("home"), N_("listing"), N_("article"), N_("articles"), N_("listings"), N_("others"),
    N_("blocked"), N_("foreign"), N_("file"), N_("unknown"), N_("media"), N_("page"), N_("pages"),
    # states of crawls and steps, and why crawls end
    N_("whole"), N_("running"), N_("interrupted"), N_("killed"), N_("finished"), N_("limit"), N_("gave-up"), N_("shutdown"),
    N_("done"), N_("failed"), N_("skipped"), N_("off"), N_("ok"), N_("good"), N_("bad"), N_("missing"), N_("rejected"),
    # why something is missing
    N_("not found"), N_("not fetched"), N_("not an article"), N_("refused"), N_("unreachable"), N_("forbidden by robots"),
    N_("elsewhere"), N_("no date"), N_("not readable"), N_("left out"),
    # steps of the daily run
    N_("crawl"), N_("archives"), N_("verify"), N_("release"), N_("feeds"), N_("site"), N_("notify"), N_("alerts"), N_("digest"),
    N_("send"), N_("ping"),
    # headings of tables
    N_("all"), N_("level"), N_("what"), N_("count"), N_("for example"), N_("how often"), N_("printed"), N_("listed"), N_("have"),
    N_("missing, and why"), N_("took"), N_("asked"), N_("new"), N_("edit"), N_("ended"), N_("domain"), N_("rows"), N_("walks"),
    N_("added by the last"), N_("malformed"), N_("captures"), N_("number"), N_("archive"), N_("addresses"), N_("payloads"),
    N_("not held"), N_("years"), N_("year"), N_("month"), N_("low"), N_("estimate"), N_("high"), N_("method"), N_("of"), N_("address"),
    N_("status"), N_("why"), N_("held"), N_("setting"), N_("value"), N_("from"), N_("source as printed"), N_("canonical name"), N_("by"),
    N_("default"), N_("environment"), N_("field"), N_("id"), N_("period"), N_("none"), N_("open"), N_("title and address"), N_("pattern"), N_("as what"), N_("what they are"), N_("doubt"),
    N_("breadcrumb"), N_("info_line"), N_("reader"), N_("changed"), N_("put"), N_("cut"), N_("same"), N_("deleted"), N_("place"), N_("place named"), N_("part"), N_("alive"), N_("stale"), N_("read"), N_("not_modified"), N_("unreadable"), N_("accept"), N_("correct"), N_("reject"),
    # what led to the canonical name of a source
    N_("table"), N_("byline"), N_("dispatch"), N_("brackets"), N_("suffix"), N_("edition"),
    # issues
    N_("title-differs"), N_("date-differs"), N_("body-differs"), N_("no-date"), N_("hidden-spam"), N_("unread-data"),
    N_("unsupported-article"), N_("shared-title"), N_("impossible-date"), N_("landmark-in-text"), N_("unclaimed-info"),
    N_("broken-bytes"), N_("broken-content-encoding"), N_("override-finds-nothing"), N_("media-elsewhere"), N_("cookie-wall"),
    N_("crawl-delay"), N_("odd-http"), N_("media-missing"), N_("linked-missing"), N_("wrong-length"), N_("endless-space"),
    N_("no-end"), N_("no-title"), N_("no-body"), N_("no-structure"), N_("not-an-article"), N_("foreign-page"), N_("unknown-shape"),
    N_("missing-part"), N_("broken-record"), N_("timeout"), N_("no-address"), N_("connection-lost"), N_("empty"), N_("cut-off"),
    N_("stalled"), N_("error-page"), N_("no-rows"), N_("no-sections"), N_("damaged-record"), N_("catalog-rebuilt"),
    N_("no-access"), N_("archive-withheld"), N_("archive-missing"), N_("archive-nearest"), N_("archive-no-content"),
    N_("archive-mismatch"), N_("archive-failed"), N_("oversize"), N_("login-page"), N_("too-costly"), N_("host-given-up"),
    N_("redirect-loop"), N_("too-many-redirects"), N_("unread"), N_("source-changed"),
    # doubts about a page
    N_("promised"), N_("titles"), N_("no-info"), N_("unclaimed"), N_("recurring"), N_("replaced"), N_("unsure"), N_("short"),
    N_("no-breadcrumb"), N_("landmark"), N_("no-source"), N_("override"), N_("brief"),
    # roles of lines and links, landmarks, what ends a body
    N_("info"), N_("end"), N_("row"), N_("next"), N_("link"), N_("frame"), N_("refresh"), N_("identity"), N_("size"), N_("label"),
    N_("layout"), N_("encoding"), N_("end word"), N_("neighbours"), N_("related"), N_("template"),
    N_("SiteUnreachable"), N_("SiteForeign"), N_("CannotWrite"), N_("max-minutes"), N_("max-pages"), N_("canonical name of the source"), N_("version"),
)  # fmt: skip
_KNOWN = {str(each): each for each in _WORDS}
STATUS = "status-"
"""How the name of a fault begins that is a status of HTTP."""


def word(name: str) -> str:
    """The word for people; the name itself where there is none.

    >>> word("gone"), word("too-many-links")
    ('gone', 'too-many-links')
    """
    if name.startswith(STATUS):
        return N_("status-{number}", number=name.removeprefix(STATUS))
    return _KNOWN.get(name, name)


def named(name: str, between: str = "") -> str:
    """The word to be shown now, with the name that options take where that is another. `between`: what is between both.

    >>> named("impossible-date")
    'impossible-date'
    """
    shown = translated(word(name))
    if shown == name:
        return name
    return f"{shown}{between}{name}" if between else T_("{word} ({name})", word=shown, name=name)


def counts(by_name: Mapping[Any, int]) -> str:
    """How many there are of each, as `1,200 live, 3 gone`; an empty string where there are none."""
    return joined(counted(count, name) for name, count in by_name.items())


def counted(count: int | str, name: str) -> str:
    """A count before its word. `count`: a number gets separators of thousands.

    >>> counted(1200, "live")
    '1,200 live'
    """
    return N_("{count} {word}", count=count if isinstance(count, str) else f"{count:,}", word=word(name))
