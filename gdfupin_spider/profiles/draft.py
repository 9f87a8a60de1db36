"""A profile as a commented TOML file, to be read and corrected by a person."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ..messages.text import N_, translated
from . import GENERAL, Profile, bundled, load

_SEPARATOR = re.compile(r"\s*[-_|—–·:：>]+\s*|\s{2,}")
_WELCOME = re.compile(r"^(?:欢迎(?:您)?(?:访问|光临|来到|浏览)?|您现在的位置)[:：!！]?\s*|[!！。]+$")
_HOME = re.compile(r"网站首页|首\s*页|主页|home(?:\s*page)?|index|welcome.*", re.I)
_MERGED = ("breadcrumb", "labels.date", "labels.source", "labels.author", "body_end", "gone", "blocked")
"""Keys whose values `load` extends by those of the general profile."""
COMMENTS: Mapping[str, str] = {
    "name": N_("The beginning of every article id: do not change it after the first crawl."),
    "title": N_("The name of the site for people."),
    "hosts": N_("Only these hosts are crawled; each includes its www. twin."),
    "media_hosts": N_("Further hosts of pictures and attachments."),
    "start_urls": N_("Where a crawl begins."),
    "identity": N_("Words of which every page prints at least one; a page without any belongs to another site."),
    "breadcrumb": N_("Words that a breadcrumb begins with."),
    "body_end": N_("Beginnings of lines after an article."),
    "gone": N_("Messages in place of an article that no longer exists."),
    "blocked": N_("Messages of pages that refuse access."),
    "article_urls": N_("Address patterns whose pages are articles."),
    "other_urls": N_("Address patterns whose pages are neither articles nor listings."),
    "sections": N_("Names of sections as menus and breadcrumbs print them."),
    "labels": N_("Labels on the line with date and source; the common ones are known."),
    "overrides": N_("CSS or XPath for one field, where words are not enough."),
}
KEYS = (
    "hosts", "media_hosts", "start_urls", "identity", "breadcrumb", "body_end", "gone", "blocked", "article_urls",
    "other_urls",
)  # fmt: skip
LABELS = ("date", "source", "author", "other")


@dataclass(frozen=True, slots=True)
class DraftValue:
    """A value of a key, and why it is there."""

    value: str
    why: str = ""


@dataclass
class ProfileDraft:
    """A profile in the making."""

    name: str
    title: str
    values: dict[str, list[DraftValue]] = field(default_factory=dict)
    """By key as in the file (`labels.date`); section names under `sections`."""
    proposals: dict[str, list[DraftValue]] = field(default_factory=dict)
    """The same; they are written as comments, because a person has to decide."""
    channels: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Sections by channel, from an earlier profile."""
    overrides: Mapping[str, str] = field(default_factory=dict)

    def add(self, key: str, value: str, why: str = "") -> None:
        """Adds a value once."""
        known = self.values.setdefault(key, [])
        if value not in [each.value for each in known]:
            known.append(DraftValue(value, why))

    def propose(self, key: str, value: str, why: str) -> None:
        """Adds a value as a comment."""
        self.proposals.setdefault(key, []).append(DraftValue(value, why))


def name_of(host: str) -> str:
    """A profile name for a host: letters, digits and `-`.

    >>> name_of("www.county.gov.cn"), name_of("127.0.0.1:8080"), name_of("gdfupin.example.cn"), name_of("新闻.cn")
    ('county', 'site-127-0-0-1', 'gdfupin-example-cn', 'xn--efvy88h')
    """
    bare = host.lower().rpartition("@")[2]
    if not bare.endswith("]"):
        bare = re.sub(r":\d+$", "", bare)
    bare = bare.removeprefix("www.").encode("idna").decode() if not bare.isascii() else bare.removeprefix("www.")
    whole = re.sub(r"[^a-z0-9-]+", "-", bare).strip("-")
    first = bare.partition(".")[0]
    if not first or first.isdigit() or not re.fullmatch(r"[a-z0-9-]+", first):
        return f"site-{whole}" if whole else "site"
    return whole if first in bundled() else first


def title_of(printed: str, host: str) -> str:
    """The name of a site in the `<title>` of its home page; the host where there is none.

    >>> title_of("欢迎访问清溪县林业局-首页", "a.cn"), title_of("首页 - 清溪林业信息网", "a.cn"), title_of(" ", "a.cn")
    ('清溪县林业局', '清溪林业信息网', 'a.cn')
    """
    pieces = [_WELCOME.sub("", piece).strip() for piece in _SEPARATOR.split(printed.strip())]
    return next((piece for piece in pieces if piece and not _HOME.fullmatch(piece)), host)


def draft_of(profile: Profile) -> ProfileDraft:
    """A draft with all values of a profile, without the general words."""
    general = load(GENERAL)
    draft = ProfileDraft(profile.name, profile.title, channels=profile.sections, overrides=profile.overrides)
    for key in (*KEYS, *(f"labels.{label}" for label in LABELS)):
        name = "own_body_end" if key == "body_end" else key.replace(".", "_")
        known = getattr(general, name) if key in _MERGED else ()
        for value in getattr(profile, name):
            if value not in known:
                draft.add(key, value)
    return draft


def as_toml(draft: ProfileDraft, made_from: str) -> str:
    """The text of the file. `made_from`: what it was made from, for the first line."""
    known_words = N_("Every key: docs/profiles.md. The common words of such sites are known without it.")
    lines = [_comment(made_from), _comment(known_words), ""]
    lines += [_comment(COMMENTS["name"]), f"name = {_quoted(draft.name)}"]
    lines += [_comment(COMMENTS["title"]), f"title = {_quoted(draft.title)}"]
    for key in KEYS:
        lines += _key(draft, key, key)
    channels = {channel: list(names) for channel, names in draft.channels.items()}
    known = {name for names in channels.values() for name in names}
    if further := [each.value for each in draft.values.get("sections", ()) if each.value not in known]:
        channels.setdefault(draft.title, []).extend(further)
    if channels:
        lines += ["", _comment(COMMENTS["sections"]), "[sections]"]
        lines += [f"{_quoted(channel)} = {_list(names)}" for channel, names in channels.items()]
    labels = [line for label in LABELS for line in _key(draft, f"labels.{label}", label)]
    if labels:
        lines += ["", _comment(COMMENTS["labels"]), "[labels]", *labels]
    if draft.overrides:
        lines += ["", _comment(COMMENTS["overrides"]), "[overrides]"]
        lines += [f"{name} = {_quoted(expression)}" for name, expression in draft.overrides.items()]
    return "\n".join(lines) + "\n"


def _key(draft: ProfileDraft, key: str, written: str) -> list[str]:
    """The lines of a key with its comments; none where it has no values."""
    values, proposals = draft.values.get(key, []), draft.proposals.get(key, [])
    comment = [_comment(COMMENTS[key])] if key in COMMENTS and (values or proposals) else []
    whys = list(dict.fromkeys(each.why for each in values if each.why))
    lines = [_comment(why) for why in whys[:3]]
    if values:
        lines.append(f"{written} = {_list([each.value for each in values])}")
    for each in proposals:
        lines += [_comment(each.why), f"# {written} = {_list([each.value])}"]
    return comment + lines


def _comment(text: str) -> str:
    """One line, however long: the values below are as long as they are, too."""
    return f"# {' '.join(translated(text).split())}"


def _list(values: Sequence[str]) -> str:
    return f"[{', '.join(map(_quoted, values))}]"


def _quoted(value: str) -> str:
    """A TOML string: JSON escapes are TOML escapes, except that TOML has no lone surrogates."""
    return json.dumps(value.encode("utf-8", "replace").decode(), ensure_ascii=False).replace("\x7f", "\\u007f")
