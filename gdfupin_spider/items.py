"""The records that pass between the parts: what was fetched (Capture), what was read (Article), what was seen on the way.

Everything here is frozen and knows no file, no clock and no network. `line()` of each record that is stored gives its
one line of JSON, keys in the order of the fields.
"""

import ast
import hashlib
import inspect
import json
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Self, TypeVar

import msgspec

from .messages.text import as_string

T = TypeVar("T")

Origin = Literal["live", "demo", "wayback", "commoncrawl", "cdx", "warc", "saved"]
"""Where bytes came from: the site itself, the replica of `gdfupin demo` (all invented), a web archive (`cdx`: one with an
index in the form of pywb), any WARC file, a page that somebody saved (without HTTP)."""
REPLICA_HEADER = "X-Gdfupin-Replica"
"""A header of every response of the replica, so that its captures can never pass for those of the site."""
REPLICA_MARK = b"<!-- gdfupin replica: all invented -->"
"""At the end of every page that `gdfupin replica` serves: a page that a person saves has no headers."""
Kind = Literal["home", "listing", "article", "gone", "blocked", "foreign", "moved", "file", "unknown"]
_compact: Callable[[Any], str] = json.JSONEncoder(
    ensure_ascii=False, check_circular=False, separators=(",", ":")
).encode


_encoder = msgspec.json.Encoder(enc_hook=as_string)
"""Writes records without a float as `_compact` does, in a third of the time; but no lone surrogates."""
Level = Literal["note", "refusal", "failure"]
Outcome = Literal["read", "not_modified", "missing", "moved", "blocked", "unreadable"]


@dataclass(frozen=True, slots=True)
class Proof:
    """Where one capture lies, and what its bytes must hash to."""

    warc: str
    """`<crawl>/capture-00000.warc.gz`"""
    offset: int
    """Byte offset of the response record in that file."""
    payload_sha256: str
    """Hex SHA-256 of the body bytes as stored: de-chunked, content encoding untouched."""


@dataclass(frozen=True, slots=True)
class Capture:
    """One HTTP request with its response, as kept in WARC."""

    url: str
    """The address that was asked for, as sent."""
    captured_at: str
    """`YYYY-MM-DDTHH:MM:SSZ`, UTC: when the bytes left the server (Wayback: when the archive took them)."""
    status: int
    headers: tuple[tuple[str, str], ...]
    """Names and values in order, bytes read as Latin-1 so that none is lost."""
    payload: bytes
    """The body as stored: de-chunked, content encoding untouched."""
    proof: Proof
    origin: Origin = "live"
    truncated: str | None = None
    """`length`, `time` or `disconnect` where the body is not whole (WARC-Truncated), else None."""
    method: str = "GET"
    request_body: bytes = b""
    """What a POST sent; empty otherwise."""
    purpose: str = "page"
    """What the crawl fetched it as: `page`, `robots`, `media`, `part` or `probe`; replay reads it as the same."""
    length: int | None = None
    """Size of a body that is too long to be held in memory: it is in the WARC alone, and `payload` is empty."""
    source_uri: str | None = None
    """Where a web archive replayed it."""
    source_note: str | None = None
    """File and record that it was copied from."""

    @property
    def is_archived(self) -> bool:
        """Whether it comes from another archive: then each capture of an address is of its own time, not a further try."""
        return self.origin not in ("live", "demo")

    @property
    def size(self) -> int:
        """Size of the body in bytes."""
        return len(self.payload) if self.length is None else self.length

    def header(self, name: str) -> str | None:
        """The first value of a header, whatever its case; None where it is absent."""
        name = name.lower()
        return next((value for key, value in self.headers if key.lower() == name), None)


@dataclass(frozen=True, slots=True)
class Image:
    """A picture of the body."""

    url: str
    """Absolute."""
    caption: str | None
    """The line printed below the picture as its caption; null where there is none."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that the body links to."""

    url: str
    """Absolute."""
    name: str
    """The text of the link, or the file's name where the link has no text."""


@dataclass(frozen=True, slots=True)
class Article:
    """One article as one capture (or one per page of it) shows it: the line of `articles.jsonl`.

    Null means that the page does not say. The empty string is never stored, except a `body` of pictures or
    attachments only.
    """

    id: str
    """`<profile name>-` and 12 hex digits of the SHA-256 of the identity key of `url`."""
    url: str
    """Address of the capture it was read from (first page; after redirects)."""
    title: str
    """As printed, spaces folded."""
    date: str | None
    """`YYYY-MM-DD`, the date printed on the page, in the profile's time zone (Asia/Shanghai)."""
    source: str | None
    """来源 as printed."""
    author: str | None
    """作者 or 记者 of the info line, as printed."""
    section: str | None
    """The last step of the breadcrumb that is neither the title nor 正文 nor empty."""
    breadcrumb: tuple[str, ...]
    """All steps as printed, the home page left out."""
    info_line: str | None
    """The line of date, source and the like, as printed."""
    body: str
    """Clean text, one paragraph a line, nothing of the template; table rows as lines, cells divided by tabs."""
    images: tuple[Image, ...]
    """Pictures of the body, in page order."""
    attachments: tuple[Attachment, ...]
    """Files the body links to, in page order."""
    content_sha256: str
    """Hex SHA-256 of what the article says; see `content_digest`."""
    captured_at: str
    """`YYYY-MM-DDTHH:MM:SSZ`, UTC, of the first page's capture."""
    origin: Origin
    """Where the bytes came from: `live` (the site), `demo` (the replica: all invented)."""
    captures: tuple[Proof, ...]
    """The proof, in page order."""
    encoding: str
    """Encoding the bytes were read with, as Python names it."""
    reader: str
    """`<number>+<profile>.<8 hex digits>`: the rules and the profile it was read with; the digits are the profile's digest."""

    def line(self) -> str:
        """One line of JSON without a line end; UTF-8, keys in the order of design, no spaces."""
        return as_line(self)

    def digest(self) -> str:
        """The content digest that the fields give: of title, date, source, author, section, body, captions and names."""
        return self._digest(self.section)

    def digest_without_section(self) -> str:
        """The same with null for the section: equal for two addresses of one article in two sections."""
        return self._digest(None)

    def _digest(self, section: str | None) -> str:
        captions = tuple(image.caption for image in self.images)
        names = tuple(attachment.name for attachment in self.attachments)
        return content_digest(self.title, self.date, self.source, self.author, section, self.body, captions, names)


DIGEST_FIELDS = ("title", "date", "source", "author", "section", "body", "captions", "attachment names")


def content_digest(
    title: str,
    date: str | None,
    source: str | None,
    author: str | None,
    section: str | None,
    body: str,
    captions: tuple[str | None, ...],
    attachment_names: tuple[str, ...],
) -> str:
    """Hex SHA-256 of the JSON list of the content of an article: no URL, clock, counter or template is in it.

    >>> content_digest("题", None, None, None, None, "文", (), ())[:12]
    '253ac81c9009'
    """
    fields = [title, date, source, author, section, body, list(captions), list(attachment_names)]
    try:
        text = _encoder.encode(fields)
    except TypeError:  # a string of the parser's own class
        text = _compact(fields).encode()
    return hashlib.sha256(text).hexdigest()


@dataclass(frozen=True, slots=True)
class Issue:
    """Something that could not be accounted for: the line of `issues.jsonl`."""

    level: Level
    """note: the article line is written; refusal: it is not; failure: an address could not be fetched."""
    what: str
    """A short fixed name, such as `impossible-date`, `no-title`, `timeout`."""
    url: str
    evidence: str
    """What was seen, in words a person can act on; at most some 300 characters."""
    capture: Proof | None = None


@dataclass(frozen=True, slots=True)
class Sighting:
    """One look at an article's address: the line of `sightings.jsonl`."""

    id: str
    """Id of the address looked at (made of its identity key)."""
    url: str
    outcome: Outcome
    captured_at: str
    origin: Origin
    capture: Proof
    etag: str | None = None
    last_modified: str | None = None
    same_as: str | None = None
    """The article's URL where this address is a second one of an article whose line stands elsewhere in the crawl."""
    to: str | None = None
    """Where a `moved` address leads."""


@dataclass(frozen=True, slots=True)
class PageSeen:
    """Every other page looked at (home, listing, unknown, file, moved; of archives also gone): the line of `pages.jsonl`."""

    url: str
    kind: Kind
    status: int
    section: str | None
    page_number: int | None
    printed_total: int | None
    """How many articles the listing says it has (共N条)."""
    printed_pages: int | None
    """How many pages the listing says it has (页次:1/27)."""
    article_links: tuple[str, ...]
    """Addresses of the listing's rows, absolute, in page order."""
    end: bool
    """Whether the listing ended here: this is its last page."""
    captured_at: str
    capture: Proof
    etag: str | None = None
    last_modified: str | None = None
    to: str | None = None
    """Where a `moved` page leads."""
    next_page: str | None = None
    """Address of the listing's next page (that of its form, where it is sent by POST)."""
    row_dates: tuple[str | None, ...] = ()
    """`YYYY-MM-DD` of each row, as `article_links`; None where it prints none. Empty where no row does."""


@dataclass(frozen=True, slots=True)
class Media:
    """A picture or attachment: the line of `media.jsonl`."""

    url: str
    status: int
    type: str | None
    """The Content-Type header."""
    bytes: int
    sha256: str
    captured_at: str
    capture: Proof

    @classmethod
    def of(cls, capture: Capture) -> Self:
        """The line of a captured picture or attachment, which is not parsed."""
        return cls(
            url=capture.url,
            status=capture.status,
            type=capture.header("content-type"),
            bytes=capture.size,
            sha256=capture.proof.payload_sha256,
            captured_at=capture.captured_at,
            capture=capture.proof,
        )


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of reading an article page: the article, or None where it was refused, with all that was noted."""

    article: Article | None
    issues: tuple[Issue, ...] = field(default=())


def as_dict(record: Any) -> dict[str, object]:
    """A record and its parts as dictionaries, keys in the order of the fields, tuples as lists."""
    return {name: _plain(getattr(record, name)) for name in record.__dataclass_fields__}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    return as_dict(value) if hasattr(value, "__dataclass_fields__") else value


def as_line(record: Any) -> str:
    """One line of JSON without a line end."""
    return _compact(as_dict(record))


Line = Article | Sighting | PageSeen | Media | Issue
"""What the line files of a crawl or reading hold."""


def as_bytes(record: Line) -> bytes:
    """The same line in UTF-8. A lone surrogate, which has none, is its JSON escape."""
    try:
        return _encoder.encode(record)
    except (UnicodeEncodeError, TypeError):
        return as_line(record).encode("utf-8", "backslashreplace")


def field_docs(record: type) -> Mapping[str, str]:
    """The docstring under each field, by name; empty where there is none. Parents come first."""
    docs: dict[str, str] = {}
    for each in reversed(record.__mro__[:-1]):
        [body] = ast.parse(textwrap.dedent(inspect.getsource(each))).body
        assert isinstance(body, ast.ClassDef)
        for line, below in zip(body.body, [*body.body[1:], None], strict=True):
            if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name):
                docs.setdefault(line.target.id, "")
                if isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant):
                    docs[line.target.id] = inspect.cleandoc(str(below.value.value))
    return docs


class WrongShape(ValueError):
    """Raised where JSON is not what a record needs: a field is missing or of another type. Names the field."""


def decode(record: type[T], value: object) -> T:
    """A record from what `json.loads` gives. Unknown fields are ignored, so that newer programs can add some.

    Raises WrongShape.

    >>> decode(Proof, {"warc": "c/capture-00000.warc.gz", "offset": "7", "payload_sha256": "ab"})
    Traceback (most recent call last):
    gdfupin_spider.items.WrongShape: Expected `int`, got `str` - at `$.offset`
    """
    try:
        return msgspec.convert(value, record)
    except msgspec.ValidationError as error:
        raise WrongShape(str(error)) from None
