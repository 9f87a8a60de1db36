"""Profiles: the words that a site prints, one TOML file per site. Another site of this kind needs another profile,
not another program.

`load("gdfupin")` takes a bundled profile by name, `load("my-site.toml")` a file. The keys are described in
docs/profiles.md and checked here; an error names the file and every problem in it. The word lists of `general.toml`
are added to those of every profile, so that a profile has only the words of its own site.
"""

import difflib
import functools
import hashlib
import json
import zoneinfo
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import tzinfo
from importlib import resources
from pathlib import Path
from typing import Any

from .. import data_files
from ..errors import ProfileError
from ..messages.text import N_, SEMICOLON, enumeration, joined, reason_of
from .layouts import NONE, Layouts

GENERAL = "general"
OVERRIDABLE = ("title", "date", "source", "author", "info_line", "breadcrumb", "body")
MOST_ENTRIES = 1_000
"""Maximum number of words, hosts or patterns under one key: each page is compared with all of them."""


@dataclass(frozen=True, eq=False)  # compared by identity: `load` returns the same object for the same file
class Profile:
    """The words of one site. Word lists are literal strings as printed, never patterns."""

    name: str
    """Short name; the first part of every article id."""
    title: str
    """Name of the site for people."""
    digest: str
    """First 8 hex digits of a SHA-256 over all values of the profile, of the general words, and of the layouts."""
    hosts: tuple[str, ...] = ()
    """Host names of the site, without scheme and port, each including its `www.` twin. Empty: any host."""
    media_hosts: tuple[str, ...] = ()
    """Further hosts of pictures and attachments."""
    start_urls: tuple[str, ...] = ()
    timezone: str = "Asia/Shanghai"
    """IANA time zone of the printed dates, and of the days that are asked for."""
    identity: tuple[str, ...] = ()
    """Words of which every page of the site prints at least one. Empty: no page is foreign for lack of them."""
    sections: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Channel name to names of its sections, as printed in menus."""
    breadcrumb: tuple[str, ...] = ()
    """Words that a breadcrumb begins with."""
    labels_date: tuple[str, ...] = ()
    labels_source: tuple[str, ...] = ()
    labels_author: tuple[str, ...] = ()
    labels_other: tuple[str, ...] = ()
    """Labels on bylines without a field in the record. A value ends before them, and they are not reported as
    unknown."""
    body_end: tuple[str, ...] = ()
    """Words that a line after the body begins with, including those of `general.toml`."""
    own_body_end: tuple[str, ...] = ()
    """The part of `body_end` that this profile itself has."""
    gone: tuple[str, ...] = ()
    """Messages in place of an article that no longer exists."""
    blocked: tuple[str, ...] = ()
    """Messages of pages that refuse access."""
    article_urls: tuple[str, ...] = ()
    """Address patterns (see `pages.layouts.shape`) whose pages are articles, even where one page alone is unclear."""
    other_urls: tuple[str, ...] = ()
    """Address patterns whose pages are neither articles nor listings and are not reported as unknown."""
    overrides: Mapping[str, str] = field(default_factory=dict)
    """Field name to a CSS or XPath expression, whose result replaces what the lines give."""
    file: Path | None = None
    """The TOML file it was loaded from; None: it comes with the program."""
    layouts: Layouts = NONE
    """What was learned from the pages of the site."""
    written_digest: str = ""
    """The digest without the layouts; empty where there are none."""

    @functools.cached_property
    def section_names(self) -> frozenset[str]:
        """Section names of all channels, without the channels."""
        return frozenset(name for names in self.sections.values() for name in names)

    @functools.cached_property
    def all_sections(self) -> frozenset[str]:
        """Names of channels and of their sections."""
        return self.section_names | frozenset(self.sections)

    @property
    def zone(self) -> tzinfo:
        """Its time zone. Raises ProfileError where this machine has no time zone database."""
        try:
            return zoneinfo.ZoneInfo(self.timezone)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
            reason = N_(
                "this machine does not know the time zone {timezone}: pip install tzdata", timezone=self.timezone
            )
            raise ProfileError(str(self.file or self.name), "timezone", reason) from None


def load(profile: str | Path) -> Profile:
    """The profile of that name, or in that file. Raises ProfileError, also if there is no such profile."""
    text = str(profile)
    if text.endswith(".toml") or "/" in text or "\\" in text:
        path = Path(text)
        try:
            return _parse(text, data_files.content(path, data_files.SETTINGS), tuple(path.stat()[6:9]), path)
        except OSError as error:
            raise ProfileError(
                text,
                "",
                N_(
                    "cannot be read ({reason}); give the name of a profile ({names}) or a TOML file",
                    reason=error.strerror,
                    names=_names(),
                ),
            ) from None
    return _bundled(text)


def with_layouts(profile: Profile, layouts: Layouts) -> Profile:
    """The profile with these layouts in place of those it has; the same object where nothing changes."""
    if layouts.digest == profile.layouts.digest and layouts.site.pages == profile.layouts.site.pages:
        return profile
    written = profile.written_digest or profile.digest
    if not layouts:
        return replace(profile, digest=written, layouts=NONE, written_digest="")
    return replace(profile, digest=_digest([written, layouts.digest]), layouts=layouts, written_digest=written)


@functools.cache
def _bundled(name: str) -> Profile:
    file = resources.files(__package__).joinpath(f"{name}.toml")
    if not file.is_file():
        raise ProfileError(
            name, "", N_("no such profile; bundled are {names}; or give the path of a TOML file", names=_names())
        )
    return _parse(f"{name}.toml", file.read_bytes(), ())


def bundled() -> list[str]:
    """Names of the profiles that come with the program."""
    files = resources.files(__package__).iterdir()
    return sorted(file.name.removesuffix(".toml") for file in files if file.name.endswith(".toml"))


def _names() -> str:
    return enumeration(bundled())


@functools.lru_cache(maxsize=64)
def _parse(file: str, data: bytes, _stamp: tuple[float, ...], path: Path | None = None) -> Profile:
    try:
        table = data_files.toml(data)
    except ValueError as error:
        raise ProfileError(file, "", reason_of(error)) from None
    labels = table.pop("labels", {})
    problems: list[tuple[str, str]] = []  # key and reason
    if not isinstance(labels, dict):
        problems.append(("labels", N_("must be a table: [labels] with date, source, author")))
        labels = {}
    flat = table | {f"labels.{key}": value for key, value in labels.items()}
    values: dict[str, Any] = {}
    for key, value in flat.items():
        check = _KEYS.get(key)
        if check is None:
            near = difflib.get_close_matches(key, _KEYS, 1)
            hint = (
                N_("did you mean {near}?", near=near[0]) if near else N_("the keys are {keys}", keys=enumeration(_KEYS))
            )
            problems.append((key, N_("{problem}; {hint}", problem=N_("no such key"), hint=hint)))
            continue
        if isinstance(value, list | dict) and len(value) > MOST_ENTRIES:
            problems.append(
                (
                    key,
                    N_(
                        "has {value:,} entries; at most {most_entries:,} are allowed",
                        value=len(value),
                        most_entries=MOST_ENTRIES,
                    ),
                )
            )
            continue
        try:
            values[key.replace(".", "_")] = check(value)
        except ValueError as error:
            problems.append((key, reason_of(error)))
    problems += [(key, N_("is missing")) for key in ("name", "title") if key not in flat]
    if problems:
        (first, reason), *others = problems
        raise ProfileError(
            file,
            first,
            joined([reason, *(N_("{name}: {reason}", name=key, reason=why) for key, why in others)], SEMICOLON),
        )
    values["own_body_end"] = values.get("body_end", ())
    shaping: list[object] = [dict(values)]
    if values["name"] != GENERAL:
        general = load(GENERAL)
        shaping.append(general.digest)
        for key in ("breadcrumb", "labels_date", "labels_source", "labels_author", "body_end", "gone", "blocked"):
            values[key] = tuple(dict.fromkeys((*values.get(key, ()), *getattr(general, key))))
    return Profile(digest=_digest(shaping), file=path, **values)


def _digest(value: object) -> str:
    """The first 8 hex digits of the SHA-256 of the values of a profile, whatever their order and layout in the file."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=list).encode()).hexdigest()[:8]


def _string(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(N_("must be a string, not empty"))
    return value.strip()


def _name(value: object) -> str:
    text = _string(value)
    if not (text.isascii() and text.replace("-", "").replace("_", "").isalnum()):
        raise ValueError(N_("must have only letters, digits, - and _, because every article id begins with it"))
    return text


def _strings(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ValueError(N_('must be a list of strings such as ["…", "…"]'))
    return tuple(_string(item) for item in value)


def _hosts(value: object) -> tuple[str, ...]:
    for host in _strings(value):
        if "/" in host or "*" in host or " " in host:
            raise ValueError(N_("{host!r} is not a host name: omit scheme, path and wildcards", host=host))
    return tuple(host.lower().rstrip(".") for host in _strings(value))


def _urls(value: object) -> tuple[str, ...]:
    for url in _strings(value):
        if not url.startswith(("http://", "https://")):
            raise ValueError(N_("{url!r} must begin with http:// or https://", url=url))
        if "@" in url.split("/")[2]:
            raise ValueError(N_("a URL has a user or password, which are never sent; leave them out"))
    return _strings(value)


def _patterns(value: object) -> tuple[str, ...]:
    for pattern in _strings(value):
        if "://" in pattern or any(char.isspace() for char in pattern) or pattern.startswith("/"):
            raise ValueError(
                N_(
                    "{pattern!r} is not an address pattern such as show.asp?id=0: the last part of an address with "
                    "each number as 0, as `gdfupin probe --crawl latest` prints it",
                    pattern=pattern,
                )
            )
    return _strings(value)


def _is_zone(name: str) -> bool:
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _timezone(value: object) -> str:
    text = _string(value)
    if not _is_zone(text) and zoneinfo.available_timezones():  # without a time zone database no name can be checked
        raise ValueError(N_("{text!r} is not a time zone such as Asia/Shanghai", text=text))
    return text


def _sections(value: object) -> dict[str, tuple[str, ...]]:
    if not isinstance(value, dict):
        raise ValueError(N_('must be a table of channel = ["section", …]'))
    return {_string(channel): _strings(names) for channel, names in value.items()}


def _overrides(value: object) -> dict[str, str]:
    if not isinstance(value, dict):
        raise ValueError(N_('must be a table of field = "CSS or XPath"'))
    for name in value:
        if name not in OVERRIDABLE:
            raise ValueError(
                N_(
                    "{name!r} cannot be overridden; fields that can: {overridable}",
                    name=name,
                    overridable=enumeration(OVERRIDABLE),
                )
            )
    return {name: _expression(expression) for name, expression in value.items()}


def is_xpath(expression: str) -> bool:
    """True if an override is XPath; otherwise it is CSS."""
    return expression.startswith(("/", "./", "(", "string("))


def _expression(value: object) -> str:
    from cssselect import SelectorError
    from parsel.csstranslator import HTMLTranslator

    text = _string(value)
    if is_xpath(text):
        from lxml.etree import XPath, XPathSyntaxError

        try:
            XPath(text)
        except XPathSyntaxError as error:
            raise ValueError(N_("{text!r} is not an XPath: {error}", text=text, error=error)) from None
    else:
        try:
            HTMLTranslator().css_to_xpath(text)
        except SelectorError as error:
            raise ValueError(N_("{text!r} is not a CSS selector: {error}", text=text, error=error)) from None
    return text


_KEYS: dict[str, Callable[[object], Any]] = {
    "name": _name,
    "title": _string,
    "hosts": _hosts,
    "media_hosts": _hosts,
    "start_urls": _urls,
    "timezone": _timezone,
    "identity": _strings,
    "sections": _sections,
    "breadcrumb": _strings,
    "labels.date": _strings,
    "labels.source": _strings,
    "labels.author": _strings,
    "labels.other": _strings,
    "body_end": _strings,
    "gone": _strings,
    "blocked": _strings,
    "article_urls": _patterns,
    "other_urls": _patterns,
    "overrides": _overrides,
}
