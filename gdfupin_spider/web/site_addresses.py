"""Which file of a static site has which page of the reading room, and pages with their addresses rewritten so."""

import hashlib
import html
import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from .language import LANGUAGES, Language

_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
"""A name that may be a file name as it is, on every system; another one is named by its digest."""
_PARAMETERS = {
    **dict.fromkeys(("version", "old", "new", "offset"), r"[0-9]{1,9}"),
    "what": "edited|gone",
    "view": "inline|side",
}
"""What a page of its own is made for, with the values that there are pages of. A page that is narrowed otherwise needs a server."""
_FILTERS = ("section", "field", "weight")
"""What the list of edits and of gone articles is narrowed by, in pages of their own: one at a time, since all combinations would be too many."""
_IN_THE_BROWSER = ("search", "trends")
"""Pages that a script fills; they keep their query."""
_SHARED = ("static", "files")
"""Folders that both languages have in common."""
_LISTS = ("gone", "reprints", "sections", "data")
_TAG = re.compile(r"<(?P<name>a|area|form|img|link|script|source|iframe)\b(?P<rest>[^>]*)>")
_ADDRESS = re.compile(r'\s(?P<name>href|src|action)="(?P<value>/[^"]*)"')
_FORM = re.compile(r"<form\b(?P<rest>[^>]*)>.*?</form>\n?", re.S)
_DROPPED = re.compile(r"<(?:link|script|img|source|iframe)\b")
"""Tags that are nothing without their address."""


@dataclass(frozen=True, slots=True)
class SitePlace:
    """Where a page of a static site is."""

    file: str
    """Relative to the folder of the site, with `/`. ASCII, and never outside of the folder, whatever the address is."""
    address: str
    """Of the reading room, without language: what is rendered."""
    language: Language
    query: str = ""
    """Kept for a script."""

    @property
    def is_page(self) -> bool:
        """Rendered; other places are files that are copied."""
        return self.file.partition("/")[0] not in _SHARED


class SiteAddresses:
    """The rule. `newest`: the number of the newest version of each article, whose page has no number in its name."""

    def __init__(self, newest: Mapping[str, int]) -> None:
        self._newest = newest

    def place(self, address: str, language: Language) -> SitePlace | None:
        """Of an address as pages link to it; None: a static site does not have it.

        >>> rule = SiteAddresses({"site-1": 2})
        >>> [rule.place(each, "en").file for each in ("/", "/articles/site-1?version=2", "/articles/site-1?version=1", "/static/site.css")]
        ['en/index.html', 'en/articles/site-1.html', 'en/articles/site-1.version-1.html', 'static/site.css']
        >>> rule.place("/sections/..%2F..%2Fetc", "zh").file, rule.place("/captures/x/0", "zh")
        ('sections/x-74ccf3c5b4c1.html', None)
        """
        parts = urlsplit(address)
        names = [unquote(each) for each in parts.path.strip("/").split("/")]
        query = dict(parse_qsl(parts.query))
        asked = query.pop("lang", "")
        language = next((each for each in LANGUAGES if each == asked), language)
        folder = "en/" if language == "en" else ""
        head, rest = names[0], names[1:]
        if head in _SHARED:
            return SitePlace("/".join([head, *map(_file_name, rest)]), parts.path, language) if rest else None
        if head in _IN_THE_BROWSER and not rest:
            return SitePlace(f"{folder}{head}.html", f"/{head}", language, urlencode(query))
        chosen = {name: query.pop(name) for name in _FILTERS if names == ["gone"] and name in query}
        if len(chosen) > 1 or not all(
            name in _PARAMETERS and re.fullmatch(_PARAMETERS[name], each) for name, each in query.items()
        ):
            return None
        if head == "articles" and len(rest) == 1 and query.get("version") == str(self._newest.get(rest[0])):
            del query["version"]
        numbers = "".join(f".{name}-{query[name]}" for name in _PARAMETERS if name in query)
        numbers += "".join(f".{name}-{_file_name(value)}" for name, value in chosen.items())
        kept = {**query, **chosen}
        plain = parts.path + (f"?{urlencode(kept)}" if kept else "")
        match head, rest:
            case "", []:
                return SitePlace(f"{folder}index{numbers}.html", plain, language)
            case (("articles" | "sections"), [name]):
                return SitePlace(f"{folder}{head}/{_file_name(name)}{numbers}.html", plain, language)
            case "articles", [name, ("compare" | "cite") as part]:
                return SitePlace(f"{folder}{head}/{_file_name(name)}.{part}{numbers}.html", plain, language)
            case "sections", [_, *_]:  # a name with a slash
                return SitePlace(f"{folder}{head}/{_file_name('/'.join(rest))}{numbers}.html", plain, language)
            case _, [] if head in _LISTS:
                return SitePlace(f"{folder}{head}{numbers}.html", plain, language)
        return None

    def rewritten(self, text: str, at: SitePlace) -> tuple[str, list[SitePlace]]:
        """A page whose links lead to files of the site, relative to its own, and the places that it leads to.

        A link to what a static site does not have becomes plain text, and a form that only a server can answer is left out.
        """
        found: list[SitePlace] = []

        def tag(match: re.Match[str]) -> str:
            missing = False

            def attribute(each: re.Match[str]) -> str:
                nonlocal missing
                target = self.place(html.unescape(each["value"]), at.language)
                if target is None:
                    missing = True
                    return ""
                found.append(target)
                return f' {each["name"]}="{html.escape(relative(at.file, target))}"'

            changed = _ADDRESS.sub(attribute, match[0])
            return "" if missing and _DROPPED.match(changed) else changed

        def form(match: re.Match[str]) -> str:
            action = _ADDRESS.search(match["rest"])
            target = self.place(html.unescape(action["value"]), at.language) if action is not None else None
            return match[0] if target is not None and target.address.strip("/") in _IN_THE_BROWSER else ""

        return _TAG.sub(tag, _FORM.sub(form, text)), found


def relative(source: str, target: SitePlace) -> str:
    """The link from a file of the site to a place.

    >>> relative("en/articles/a.html", SitePlace("en/index.html", "/", "en")), relative("a.html", SitePlace("search.html", "/search", "zh", "q=x"))
    ('../index.html', 'search.html?q=x')
    """
    path = posixpath.relpath(target.file, posixpath.dirname(source) or ".")
    return path + (f"?{target.query}" if target.query else "")


def article_address(id_: str) -> str:
    return f"/articles/{quote(id_)}"


def _file_name(name: str) -> str:
    """A name from a page never becomes a path."""
    if _SAFE.fullmatch(name):
        return name
    return f"x-{hashlib.sha256(name.encode('utf-8', 'replace')).hexdigest()[:12]}"
