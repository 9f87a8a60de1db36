"""Profiles: what a site prints, in one TOML file each. Another site of this kind is another profile, not another program.

`load("gdfupin")` takes a bundled profile by name, `load("my-site.toml")` a file. The keys are described in
docs/profiles.md and checked here; an error names file, key and reason. The word lists of `general.toml` stand behind
those of every profile, so that a profile says only what is special about its site.
"""

import difflib
import functools
import hashlib
import tomllib
import zoneinfo
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any

from ..errors import ProfileError

GENERAL = "general"
OVERRIDABLE = ("title", "date", "source", "author", "info_line", "breadcrumb", "body")


@dataclass(frozen=True, eq=False)  # by identity: `load` gives the same profile for the same file
class Profile:
    """What one site prints. Word lists are literal strings as printed, never patterns."""

    name: str
    """Short name; the first part of every article id."""
    title: str
    """The site's name for people."""
    digest: str
    """First 8 hex digits of the SHA-256 of the profile file."""
    hosts: tuple[str, ...] = ()
    """Host names of the site, without scheme and port; a host stands for its `www.` twin too. Empty: any host."""
    media_hosts: tuple[str, ...] = ()
    """Further hosts that pictures and attachments may come from."""
    start_urls: tuple[str, ...] = ()
    timezone: str = "Asia/Shanghai"
    """Time zone of printed dates."""
    identity: tuple[str, ...] = ()
    """Words of which at least one is printed on every page of the site; empty: no page is foreign for lack of one."""
    sections: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Channel name to its section names, as printed in menus."""
    breadcrumb: tuple[str, ...] = ()
    """Words a breadcrumb begins with."""
    labels_date: tuple[str, ...] = ()
    labels_source: tuple[str, ...] = ()
    labels_author: tuple[str, ...] = ()
    labels_other: tuple[str, ...] = ()
    """Labels that stand on info lines and are no field: a value ends before them, and nobody wonders about them."""
    body_end: tuple[str, ...] = ()
    """Words that a line behind the body begins with. The profile's own words: `own_body_end`."""
    own_body_end: tuple[str, ...] = ()
    """The part of `body_end` that this profile itself names, not `general.toml`."""
    gone: tuple[str, ...] = ()
    """What a page prints in place of an article that no longer exists."""
    blocked: tuple[str, ...] = ()
    """What a page prints that refuses us."""
    overrides: Mapping[str, str] = field(default_factory=dict)
    """Field name to a CSS or XPath expression; what it finds takes the place of what the lines say."""

    @property
    def section_names(self) -> frozenset[str]:
        """All section names of all channels, without the channels."""
        return frozenset(name for names in self.sections.values() for name in names)


def load(profile: str | Path) -> Profile:
    """The profile of that name, or in that file. Raises ProfileError, also where there is no such profile."""
    text = str(profile)
    if text.endswith(".toml") or "/" in text or "\\" in text:
        path = Path(text)
        try:
            return _parse(text, path.read_bytes(), tuple(path.stat()[6:9]))
        except OSError as error:
            raise ProfileError(
                text, "", f"cannot be read ({error.strerror}); give a name ({_names()}) or a TOML file"
            ) from None
    return _bundled(text)


@functools.cache
def _bundled(name: str) -> Profile:
    file = resources.files(__package__).joinpath(f"{name}.toml")
    if not file.is_file():
        raise ProfileError(name, "", f"no such profile; bundled are {_names()}, or give the path of a TOML file")
    return _parse(f"{name}.toml", file.read_bytes(), ())


def _names() -> str:
    return ", ".join(
        sorted(f.name.removesuffix(".toml") for f in resources.files(__package__).iterdir() if f.name.endswith(".toml"))
    )


@functools.lru_cache(maxsize=64)
def _parse(file: str, data: bytes, _stamp: tuple[float, ...]) -> Profile:
    try:
        table = tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ProfileError(file, "", f"is not UTF-8 at byte {error.start}") from None
    except tomllib.TOMLDecodeError as error:
        raise ProfileError(file, "", f"is not TOML: {error}") from None
    flat = {**{k: v for k, v in table.items() if k != "labels"}, **_labels(file, table.get("labels", {}))}
    values: dict[str, Any] = {}
    for key, value in flat.items():
        check = _KEYS.get(key)
        if check is None:
            near = difflib.get_close_matches(key, _KEYS, 1)
            raise ProfileError(
                file,
                key,
                "no such key" + (f"; did you mean {near[0]}?" if near else f"; the keys are {', '.join(_KEYS)}"),
            )
        try:
            values[key.replace(".", "_")] = check(value)
        except ValueError as error:
            raise ProfileError(file, key, str(error)) from None
    for key in ("name", "title"):
        if key not in values:
            raise ProfileError(file, key, "is missing")
    values["own_body_end"] = values.get("body_end", ())
    if values["name"] != GENERAL:
        general = load(GENERAL)
        for key in ("breadcrumb", "labels_date", "labels_source", "labels_author", "body_end", "gone", "blocked"):
            values[key] = tuple(dict.fromkeys((*values.get(key, ()), *getattr(general, key))))
    return Profile(digest=hashlib.sha256(data).hexdigest()[:8], **values)


def _labels(file: str, labels: object) -> dict[str, object]:
    if not isinstance(labels, dict):
        raise ProfileError(file, "labels", "must be a table: [labels] with date, source, author")
    return {f"labels.{key}": value for key, value in labels.items()}


def _string(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("must be a string that is not empty")
    return value.strip()


def _name(value: object) -> str:
    text = _string(value)
    if not (text.isascii() and text.replace("-", "").replace("_", "").isalnum()):
        raise ValueError("must be letters, digits, - and _ only: it begins every article id")
    return text


def _strings(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ValueError('must be a list of strings, as ["…", "…"]')
    return tuple(_string(item) for item in value)


def _hosts(value: object) -> tuple[str, ...]:
    for host in _strings(value):
        if "/" in host or "*" in host or " " in host:
            raise ValueError(f"{host!r} is no host name: leave out scheme, path and wildcards")
    return tuple(host.lower().rstrip(".") for host in _strings(value))


def _urls(value: object) -> tuple[str, ...]:
    for url in _strings(value):
        if not url.startswith(("http://", "https://")):
            raise ValueError(f"{url!r} must begin with http:// or https://")
    return _strings(value)


def _is_zone(name: str) -> bool:
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _timezone(value: object) -> str:
    text = _string(value)
    if not _is_zone(text) and zoneinfo.available_timezones():  # where there are none at all, nothing can be said
        raise ValueError(f"{text!r} is no time zone such as Asia/Shanghai")
    return text


def _sections(value: object) -> dict[str, tuple[str, ...]]:
    if not isinstance(value, dict):
        raise ValueError('must be a table of channel = ["section", …]')
    return {_string(channel): _strings(names) for channel, names in value.items()}


def _overrides(value: object) -> dict[str, str]:
    if not isinstance(value, dict):
        raise ValueError('must be a table of field = "CSS or XPath"')
    for name in value:
        if name not in OVERRIDABLE:
            raise ValueError(f"{name!r} cannot be overridden; what can: {', '.join(OVERRIDABLE)}")
    return {name: _expression(expression) for name, expression in value.items()}


def is_xpath(expression: str) -> bool:
    """Whether an override is XPath; else it is CSS."""
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
            raise ValueError(f"{text!r} is no XPath: {error}") from None
    else:
        try:
            HTMLTranslator().css_to_xpath(text)
        except SelectorError as error:
            raise ValueError(f"{text!r} is no CSS selector: {error}") from None
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
    "overrides": _overrides,
}
