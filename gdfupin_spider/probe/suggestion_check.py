"""Checks suggestions for the profile on a whole crawl before they are offered: each page is read with and without them.

A suggestion that would lose an article, or empty a field of one, is withheld. Pages that do not print a word read the same
with it, so a word is checked on the pages that print it, an address pattern on the pages that have it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from .. import deadline, pages, warc
from ..items import Article, Proof
from ..ledger.articles import validate
from ..messages.record_words import word
from ..messages.text import N_
from ..pages import Page
from ..pages.evidence import Evidence
from ..pages.layouts.shape import shape
from ..pages.text.compared import plain
from ..profiles import Profile
from ..storage.crawls import Crawl
from .effect import Effect
from .suggestions import CountedSuggestion

FIELDS = ("title", "date", "source", "author", "section", "body")
UNCHECKED = frozenset(("hosts", "media_hosts", "other_urls"))
"""Keys about what a crawl fetches or reports; they do not change how a page is read."""
KINDS = frozenset(("article", "listing", "home", "unknown", "foreign", "gone", "blocked"))
"""Kinds of pages that a word may change."""
TOGETHER = frozenset(("identity", "sections"))
"""Keys whose values act together: a page needs one of the words, and menus are known by several names."""
SHORTER = 0.5
"""A body that keeps less than this share of its characters has lost its text."""
GAINED = 0.5
"""Share of the pages with a label or address pattern that must become articles, if it changes nothing else."""
PROGRESS = 250
"""Pages between two lines of progress."""


@dataclass(frozen=True, slots=True)
class JudgedPage:
    """A page of a crawl and its place in the WARC; an article with all its pages."""

    url: str
    kind: str
    parts: tuple[Proof, ...]


@dataclass(frozen=True)
class CheckedSuggestion:
    """Values for one key of the profile, with their effect on the crawl."""

    key: str
    found: tuple[CountedSuggestion, ...]
    """One value, or all of a key whose values act together."""
    effect: Effect | None
    """None: the key has no effect on reading."""
    beside: bool = False
    """Whether it acts only beside the other suggestions: a label that ends the value of another one."""

    @property
    def values(self) -> tuple[str, ...]:
        return tuple(one.suggestion.value for one in self.found)


@dataclass(frozen=True)
class CheckResult:
    """The suggestions of a crawl after their check."""

    offered: tuple[CheckedSuggestion, ...]
    withheld: tuple[CheckedSuggestion, ...]
    """They would do harm."""
    unchecked: int = 0
    """Suggestions that an interruption left unchecked; they are not offered."""
    together: Effect | None = None
    """The effect of all offered ones at once; None where at most one has an effect."""


def grouped(found: Sequence[CountedSuggestion]) -> list[tuple[CountedSuggestion, ...]]:
    """The suggestions in the groups in which they are checked."""
    together = [tuple(one for one in found if one.suggestion.key == key) for key in sorted(TOGETHER)]
    return [*filter(None, together), *((one,) for one in found if one.suggestion.key not in TOGETHER)]


def with_values(profile: Profile, values: Mapping[str, Sequence[str]]) -> Profile:
    """The profile with values added to keys, as if they were in its file."""
    changes: dict[str, object] = {}
    for key, added in values.items():
        if key == "sections":
            changes["sections"] = {**profile.sections, "?": (*profile.sections.get("?", ()), *added)}
            continue
        names = [key.replace(".", "_"), *(["own_body_end"] if key == "body_end" else [])]
        for name in names:
            changes[name] = (*getattr(profile, name), *added)
    return replace(profile, **changes)  # type: ignore[arg-type]  # names of fields by their keys


class _ChangedProfile:
    """A group of suggestions, its profile, and its effect so far."""

    def __init__(self, base: Profile, groups: Sequence[tuple[CountedSuggestion, ...]]) -> None:
        self.groups = groups
        values: dict[str, list[str]] = {}
        for group in groups:
            for one in group:
                values.setdefault(one.suggestion.key, []).append(one.suggestion.value)
        self.base, self._values = base, values
        self._words = {plain(word) for key in values if key not in TOGETHER | {"article_urls"} for word in values[key]}
        self.profile = with_values(base, values)
        self.effect = Effect()

    def affects(self, page: JudgedPage, texts: Sequence["_PageText"]) -> bool:
        """Whether the page may read differently."""
        text = "".join(each.everything for each in texts)
        if "sections" in self._values or any(word in text for word in self._words):
            return True
        if shape(page.url) in self._values.get("article_urls", ()):
            return True
        if "identity" not in self._values:
            return False
        names = [plain(word) for word in self.profile.identity]
        named = all(any(name in line for name in names for line in each.lines) for each in texts)
        return page.kind == "foreign" or not named

    def compare(self, old_page: "_ReadPage", new_page: "_ReadPage") -> None:
        """Counts the difference between two readings of a page."""
        effect, before, after = self.effect, old_page.article, new_page.article
        effect.checked += 1
        if old_page.kind != new_page.kind:
            effect.kinds[N_("{before} to {after}", before=word(old_page.kind), after=word(new_page.kind))] += 1
        effect.settled += new_page.issues < old_page.issues
        if before is None and after is not None:
            effect.gains += 1
            effect.titles[after.title] += 1
        elif before is not None and after is None:
            effect.loses += 1
        elif before is not None and after is not None:
            different = [name for name in FIELDS if getattr(before, name) != getattr(after, name)]
            effect.changes += bool(different)
            for name in different:
                old, new = getattr(before, name), getattr(after, name)
                if not old:
                    effect.fills[name] += 1
                elif not new or (name == "body" and len(new) < SHORTER * len(old)):
                    effect.empties[name] += 1


def checked(
    crawl: Crawl,
    profile: Profile,
    judged: Sequence[JudgedPage],
    found: Sequence[CountedSuggestion],
    say: Callable[[str], None] = lambda text: None,
) -> CheckResult:
    """The suggestions with their effects. Ctrl-C ends the check: what was not checked to its end is not offered."""
    groups = grouped(found)
    free = [CheckedSuggestion(group[0].suggestion.key, group, None) for group in groups if _key(group) in UNCHECKED]
    candidates = [_ChangedProfile(profile, [group]) for group in groups if _key(group) not in UNCHECKED]
    try:
        _read(
            crawl, profile, judged, candidates, say, N_("checking {candidates} suggestions", candidates=len(candidates))
        )
        results = [CheckedSuggestion(_key(one.groups[0]), one.groups[0], one.effect) for one in candidates]
        offered = [one for one in results if one.effect is not None and one.effect.harm is None and _is_useful(one)]
        withheld = [one for one in results if one.effect is not None and one.effect.harm is not None]
        offered += _beside(
            crawl, profile, judged, offered, [one for one in results if one not in offered + withheld], say
        )
        together = None
        if len(acting := [one.found for one in offered if one.effect and one.effect.changes + one.effect.gains]) > 1:
            combined = _ChangedProfile(profile, acting)
            _read(crawl, profile, judged, [combined], say, N_("checking all of them together"))
            together = combined.effect
    except KeyboardInterrupt:
        say(N_("interrupted: suggestions that were not checked on all pages are not offered"))
        return CheckResult(tuple(free), (), len(candidates))
    offered.sort(key=_weight, reverse=True)
    return CheckResult((*offered, *free), tuple(withheld), 0, together)


def _beside(
    crawl: Crawl,
    profile: Profile,
    judged: Sequence[JudgedPage],
    offered: Sequence[CheckedSuggestion],
    idle: Sequence[CheckedSuggestion],
    say: Callable[[str], None],
) -> list[CheckedSuggestion]:
    """The labels that do nothing alone, and something beside all the others: they end the value of another label."""
    labels = [one.found for one in idle if one.key.startswith("labels.")]
    acting = [one.found for one in offered]
    if not labels or not acting:
        return []
    candidates = []
    for own in labels:
        others = [*acting, *(other for other in labels if other is not own)]
        candidates.append(_ChangedProfile(_ChangedProfile(profile, others).profile, [own]))
    _read(
        crawl,
        profile,
        judged,
        candidates,
        say,
        N_("checking {candidates} labels beside the others", candidates=len(candidates)),
    )
    return [
        CheckedSuggestion(_key(one.groups[0]), one.groups[0], one.effect, beside=True)
        for one in candidates
        if one.effect.harm is None and one.effect.is_any
    ]


def _weight(one: CheckedSuggestion) -> tuple[int, int, int]:
    """The order in which suggestions are offered: gained articles, changed ones, pages."""
    effect = one.effect or Effect()
    return effect.gains, effect.changes, one.found[0].pages


def _key(group: Sequence[CountedSuggestion]) -> str:
    return group[0].suggestion.key


def _is_useful(one: CheckedSuggestion) -> bool:
    """Whether it is worth to be offered. Names of the site and of sections are part of every profile."""
    effect, pages_with = one.effect, one.found[0].pages
    if effect is None or one.key in TOGETHER:
        return True
    if one.key == "article_urls":
        return effect.gains >= GAINED * pages_with
    if one.key.startswith("labels.") and effect.gains and not effect.changes:
        return effect.gains >= GAINED * pages_with  # else it is a label of the template
    return effect.is_any


def _read(
    crawl: Crawl,
    profile: Profile,
    judged: Sequence[JudgedPage],
    candidates: Sequence[_ChangedProfile],
    say: Callable[[str], None],
    task: str,
) -> None:
    """Reads each page that a candidate affects with it and without it."""
    if not candidates:
        return
    for number, page in enumerate(judged, 1):
        if number % PROGRESS == 0:
            say(N_("{task}: {number:,} of {judged:,} pages", task=task, number=number, judged=len(judged)))
        captures = [warc.read_at(crawl.path / proof.warc.rpartition("/")[2], proof.offset) for proof in page.parts]
        texts = [_text(Evidence(capture, profile)) for capture in captures]
        affected = [one for one in candidates if one.affects(page, texts)]
        if not affected:
            continue
        before = {
            id(base): _read_page([deadline.read(capture, base) for capture in captures])
            for base in {id(one.base): one.base for one in affected}.values()
        }
        for candidate in affected:
            after = _read_page([deadline.read(capture, candidate.profile) for capture in captures])
            candidate.compare(before[id(candidate.base)], after)


class _ReadPage(NamedTuple):
    """What is compared of a page, or of an article of several pages."""

    kind: str
    article: Article | None
    """None if it is none, or refused."""
    issues: int


def _read_page(parts: Sequence[Page]) -> _ReadPage:
    first = parts[0]
    if first.kind != "article" or first.first_part is not None:
        return _ReadPage(first.kind, None, len(first.issues))
    reading = pages.article(parts)
    article = reading.article if reading.article is not None and validate(reading.article) is None else None
    return _ReadPage(first.kind, article, len(reading.issues))


class _PageText(NamedTuple):
    """The words of a page, as they are compared."""

    everything: str
    """With what it does not print: `<title>` and scripts."""
    lines: tuple[str, ...]


def _text(evidence: Evidence) -> _PageText:
    doc = evidence.doc
    lines = tuple(plain(line.text) for line in doc.lines)
    scripts = (text for _, text in doc.scripts)
    return _PageText("".join((plain("".join((doc.title, doc.noscript, *scripts))), *lines)), lines)
