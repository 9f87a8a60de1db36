"""What an archive's answer to a request for one capture is: the capture as an exchange, or why it is not available.

Only bytes that have the digest of the index are taken. Status, headers and time are those of the original; that the archive
delivered it is in `source_uri` and `source_note`.
"""

import re
import zlib
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Literal
from urllib.parse import unquote

from ... import pages
from ...items import Origin
from ...messages.text import N_
from ...warc import Exchange
from ...warc.exchange import Headers, Purpose
from ..held import sha1_of
from .cdx_rows import IndexRow, repaired, without_port
from .client import MEMENTO, Answer

Reason = Literal["withheld", "missing", "nearest", "mismatch", "no-content", "failed"]
"""withheld: the archive has it and may not show it. missing: the index has it and playback does not. nearest: it showed
another capture. mismatch: the bytes or the address are not those of the index. no-content: the site refused the archive
(403, 429, 5xx). failed: no usable answer, also after several tries."""
NO_CONTENT = frozenset({401, 403, 405, 407, 408, 418, 421, 423, 425, 429, 451, *range(500, 1000)})
"""Archived statuses by which the site said nothing about a page."""
_ORIGINAL = "x-archive-orig-"
_OWN = frozenset({
    MEMENTO, "link", "content-location", "content-length", "date", "connection", "transfer-encoding", "preference-applied",
})  # fmt: skip
"""Headers that pywb adds."""
_EXCLUDED = {
    "AdministrativeAccessControlException": N_("excluded on request of the owner"),
    "RobotAccessControlException": N_("excluded by robots.txt"),
}
_LINK = re.compile(r"<([^>]*)>\s*((?:;[^,<]*)*)")
_REPLAY = re.compile(r"(?:https?://[^/]+)?/(?:[^?#]*?/)??(\d{4,14})(?:[a-z]{2}_)?/(https?(?::|%3a).+)", re.I)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a capture was not taken."""

    reason: Reason
    detail: str
    nearest: str | None = None
    """Timestamp of the capture that the archive offered instead."""


def exchange_of(
    row: IndexRow, answer: Answer, origin: Origin, replay_url: str, *, as_pywb: bool = False
) -> Exchange | Refusal:
    """The capture of an index row from the answer to `replay_url`.

    `as_pywb`: of the headers of the original only those that mean something else here are renamed to `X-Archive-Orig-*`.
    """
    if not answer.is_memento:
        return _refusal(answer)
    captured_at = _time(answer)
    if captured_at is None:
        return Refusal("failed", N_("Memento-Datetime is {memento!r}", memento=answer.header(MEMENTO)))
    if captured_at != row.captured_at:
        return Refusal(
            "nearest",
            N_("the capture of {captured_at} was shown", captured_at=captured_at),
            re.sub(r"\D", "", captured_at),
        )
    url = without_port(_original(answer) or row.url)
    if folded(url) != folded(row.url):
        return Refusal("mismatch", N_("it is of {url}", url=url))
    if answer.status in NO_CONTENT or not 100 <= answer.status <= 999:
        return Refusal("no-content", N_("archived status {status}", status=answer.status))
    body = answer.body
    if row.digest and not row.is_of(body):
        body = _unpacked(answer)
        if not row.is_of(body):
            return Refusal(
                "mismatch", N_("SHA-1 is {body}, the index has {digest}", body=sha1_of(answer.body), digest=row.digest)
            )
    notes = [answer.header("x-archive-src") or "", "" if row.digest else N_("the index has no digest")]
    return Exchange(
        url=url,
        captured_at=captured_at,
        status=answer.status,
        headers=_headers(answer, as_pywb),
        payload=body,
        origin=origin,
        purpose=purpose_of(row),
        source_uri=replay_url,
        source_note="; ".join(note for note in notes if note) or None,
    )


def folded(url: str) -> str:
    """An address as the archives fold it: their keys are without scheme, `www.` and case.

    >>> folded("HTTPS://www.a.cn/Show.asp?ID=1") == folded("http://a.cn/show.asp?id=1")
    True
    """
    return re.sub(r"^https?://(?:www\d*\.)?", "", unquote(pages.identity_key(url), "latin-1").lower()).rstrip("/?")


def purpose_of(row: IndexRow) -> Purpose:
    """What a crawl would have fetched it as."""
    if is_robots(row.url):
        return "robots"
    return "media" if is_media(row) else "page"


def is_robots(url: str) -> bool:
    """Whether this is the address of a robots.txt.

    >>> is_robots("http://a.cn/robots.txt?"), is_robots("http://a.cn/help/robots.txt")
    (True, False)
    """
    return url.lower().rstrip("?").partition("://")[2].partition("/")[2] == "robots.txt"


def is_media(row: IndexRow) -> bool:
    """Whether a row is of a picture, attachment or part of the design, by its type or, for revisits, by its address."""
    kind = row.mime.partition(";")[0].strip()
    if kind in ("", "-", "unk", "warc/revisit", "application/octet-stream"):
        return _MEDIA.search(row.url.partition("?")[0]) is not None
    return not (kind.startswith("text/") or kind.endswith(("html", "xml"))) or kind in ("text/css", "text/javascript")


_MEDIA = re.compile(
    r"\.(?:jpe?g|gif|png|bmp|webp|ico|svg|css|js|swf|flv|mp[34]|avi|wmv|docx?|xlsx?|pptx?|pdf|wps|et|rar|zip|7z|exe|apk|tiff?)$",
    re.I,
)


def _refusal(answer: Answer) -> Refusal:
    """The archive itself speaks."""
    error = answer.header("x-archive-wayback-runtime-error") or ""
    for name, meaning in _EXCLUDED.items():
        if name in error or name.encode() in answer.body[:2000]:
            return Refusal("withheld", meaning)
    if 300 <= answer.status < 400:
        target = _REPLAY.match(answer.header("location") or "")
        if target is None:
            return Refusal(
                "failed", N_("status {status} to {location}", status=answer.status, location=answer.header("location"))
            )
        return Refusal(
            "nearest", N_("the archive offers the capture of {target}", target=target[1]), repaired(target[1])
        )
    if answer.status == 404:
        return Refusal("missing", error or N_("the archive cannot play it back"))
    return Refusal(
        "failed",
        N_("status {status} of the archive itself: {error}", status=answer.status, error=error)
        if error
        else N_("status {status} of the archive itself", status=answer.status),
    )


def _time(answer: Answer) -> str | None:
    try:
        time = parsedate_to_datetime(answer.header(MEMENTO) or "")
    except ValueError:
        return None
    return time.replace(tzinfo=time.tzinfo or UTC).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _original(answer: Answer) -> str | None:
    """The address that was captured, of `Link: <...>; rel="original"`."""
    for url, parameters in _LINK.findall(answer.header("link") or ""):
        if re.search(r"rel\s*=\s*\"?[^\";]*\boriginal\b", parameters, re.I):
            return str(url)
    return None


def _headers(answer: Answer, as_pywb: bool) -> Headers:
    """The headers of the original. The Wayback Machine has those that it did not rename only in its own."""
    kept = [(name[len(_ORIGINAL) :], value) for name, value in answer.headers if name.lower().startswith(_ORIGINAL)]
    named = {name.lower() for name, _ in kept}
    for name, value in answer.headers:
        lower = name.lower()
        is_own = (
            lower in _OWN or lower.startswith("x-archive-") if as_pywb else lower not in ("content-type", "location")
        )
        if not is_own and lower not in named and value:
            kept.append((name, value))
    kept = [(name, unarchived(value) if name.lower() == "location" else value) for name, value in kept if name]
    return tuple((name.encode("latin-1", "replace"), value.encode("latin-1", "replace")) for name, value in kept)


def unarchived(url: str) -> str:
    """The address in a replay address; any other address as it is.

    >>> unarchived("/web/20130305000000id_/http://a.cn/x"), unarchived("http://a.cn/2013/http://b.cn/")
    ('http://a.cn/x', 'http://a.cn/2013/http://b.cn/')
    """
    found = re.match(r"(?:https?://[^/]+)?/(?:[\w.-]+/)*?\d{14}(?:[a-z]{2}_)?/(https?:/{1,2}.+)", url)
    return found[1] if found else url


def _unpacked(answer: Answer) -> bytes:
    """The body without the compression that the archive added; as it is where there is none."""
    if (answer.header("content-encoding") or "").lower() in ("gzip", "x-gzip") or answer.body[:2] == b"\x1f\x8b":
        try:
            return zlib.decompressobj(47).decompress(answer.body, 100_000_000)
        except zlib.error:
            pass
    return answer.body
