"""Checks of a release before publication, by name. A check that fails stops the release, unless it is waived by name.

Some checks apply to any release, some compare it with the previous one.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from ..errors import NoSuchRelease
from ..messages.record_words import word
from ..messages.text import N_, N_n, enumeration, joined
from ..monitoring.release_floors import ReleaseFloors
from ..pages import same_reader
from ..profiles import Profile
from ..terminal import pluralized
from .check_inputs import ArticleChecks
from .manifest import Allowed, Manifest
from .previous import ReleaseComparison

LOSSES = 0.005
"""Share of the articles of both releases that may have lost a field, because sites edit articles; at least one article may.
None may if the reader is a different one: then the reader lost the field."""

FALL = 0.01
"""Share of all articles by which the coverage of a field may fall because of new articles; at least one article."""


@dataclass(frozen=True, slots=True)
class AssertionInputs:
    """Inputs of all checks."""

    new: Manifest
    """As it would be published."""
    old: Manifest | None
    """Of the release before."""
    articles: ArticleChecks
    comparison: ReleaseComparison
    """Empty where there is none before."""
    profile: Profile
    floors: ReleaseFloors
    unequal: Mapping[str, str]
    """By file: how what was read back from it differs from the records."""


Check = Callable[[AssertionInputs], Iterable[str]]


def _empty(it: AssertionInputs) -> Iterable[str]:
    if not it.new.counts["articles"]:
        yield N_("there are no articles")
    yield from it.articles.empty.sentences(
        lambda n: N_n("{n:,} required field is empty", "{n:,} required fields are empty", n, n=n)
    )


def _lost(release: str, n: int) -> str:
    return N_n(
        "{n:,} article of {release} is missing", "{n:,} articles of {release} are missing", n, n=n, release=release
    )


def _articles(it: AssertionInputs) -> Iterable[str]:
    if it.old:
        yield from it.comparison.lost.sentences(partial(_lost, it.old.release))


def _versions(it: AssertionInputs) -> Iterable[str]:
    if it.old:
        before, now = it.old.counts["versions"], it.new.counts["versions"]
        if now + it.comparison.merged + it.comparison.versions_left_out < before:
            yield N_(
                "{versions}, {fewer:,} fewer than the {before:,} of {release}",
                versions=pluralized(now, "version"),
                fewer=before - now,
                before=before,
                release=it.old.release,
            )


def _fields(it: AssertionInputs) -> Iterable[str]:
    if it.old is None:
        return
    may = max(1, int(LOSSES * it.comparison.shared)) if same_reader(it.old.reader) == same_reader(it.new.reader) else 0
    for name, count in it.comparison.without.items():
        if count > may:
            was = it.old.coverage[name]
            yield N_n(
                "{number:,} article lost its {name}, which {was:,} had in {release}; {may} may",
                "{number:,} articles lost their {name}, which {was:,} had in {release}; {may} may",
                count,
                number=count,
                name=word(name),
                was=was,
                release=it.old.release,
                may=may,
            )


def _coverage(it: AssertionInputs) -> Iterable[str]:
    if it.old is None:
        return
    before, now = it.old.counts["articles"], it.new.counts["articles"]
    for name, had in it.old.coverage.items():
        has = it.new.coverage.get(name, 0)
        if had * now / before - has > max(1, FALL * now):
            yield N_(
                "{has:.1%} of the articles have a {name}, {had:.1%} had in {release}",
                has=has / now,
                name=word(name),
                had=had / before,
                release=it.old.release,
            )


def _floors(it: AssertionInputs) -> Iterable[str]:
    articles = it.new.counts["articles"]
    if articles < it.floors.min_sample:
        return
    for name, floor in it.floors.of(it.profile).items():
        has = it.new.coverage.get(name, 0)
        if has < floor * articles:
            setting = f"min_{name}s of [release] in operator.toml"
            yield N_(
                "{has:.1%} of the articles have a {name}; {floor:.0%} must ({setting})",
                has=has / articles,
                name=word(name),
                floor=floor,
                setting=setting,
            )


def _replaced(it: AssertionInputs) -> Iterable[str]:
    return it.articles.replaced.sentences(
        lambda n: N_n(
            "{n:,} field contains U+FFFD without a note of broken bytes",
            "{n:,} fields contain U+FFFD without a note of broken bytes",
            n,
            n=n,
        )
    )


def _leaks(it: AssertionInputs) -> Iterable[str]:
    known = it.old.recurring if it.old else ()
    for line, count in it.articles.recurring():
        if line not in known:
            yield N_n(
                "{number:,} body begins or ends with the line “{line}”",
                "{number:,} bodies begin or end with the line “{line}”",
                count,
                number=count,
                line=line,
            )


def _formats(it: AssertionInputs) -> Iterable[str]:
    return (
        N_("{file} does not read back to the same records: {how}", file=file, how=how)
        for file, how in it.unequal.items()
    )


def _order(it: AssertionInputs) -> Iterable[str]:
    return it.articles.disordered.sentences(
        lambda n: N_n("{n:,} id is not in order or occurs twice", "{n:,} ids are not in order or occur twice", n, n=n)
    )


def _proof(it: AssertionInputs) -> Iterable[str]:
    return it.articles.unproven.sentences(
        lambda n: N_n("{n:,} article has no capture", "{n:,} articles have no capture", n, n=n)
    )


def _digests(it: AssertionInputs) -> Iterable[str]:
    return it.articles.digests.sentences(
        lambda n: N_n(
            "{n:,} article does not match its content digest",
            "{n:,} articles do not match their content digest",
            n,
            n=n,
        )
    )


ASSERTIONS: Mapping[str, tuple[str, Check]] = {
    "empty": (N_("there are articles, and no required field is empty"), _empty),
    "articles": (N_("every article of the previous release is included, or is an alias of another one"), _articles),
    "versions": (N_("there are not fewer versions than in the previous release"), _versions),
    "fields": (
        N_("articles keep the fields they had; with the same reader {losses:.1%} may lose one", losses=LOSSES),
        _fields,
    ),
    "coverage": (N_("no field's share of the articles falls by more than {fall:.0%}", fall=FALL), _coverage),
    "floors": (N_("enough articles have a date, and a section where the profile names sections"), _floors),
    "replaced": (N_("U+FFFD occurs only where the crawl noted broken bytes"), _replaced),
    "leaks": (N_("no template line recurs at the ends of bodies, except those of the previous release"), _leaks),
    "formats": (N_("every format reads back to the same records"), _formats),
    "order": (N_("each id occurs once, in order"), _order),
    "proof": (N_("every article has the captures it was read from"), _proof),
    "digests": (N_("every article matches its content digest"), _digests),
}
"""By name: what holds, and a function that yields what does not."""


def known(names: Iterable[str]) -> tuple[str, ...]:
    """The names, sorted, each once: `leaks`, or `leaks:TEXT` for the problems that contain the text. Raises NoSuchRelease
    where there is no such assertion."""
    asked = set(names)
    if unknown := sorted({name.partition(":")[0] for name in asked} - ASSERTIONS.keys()):
        lines = joined(
            (N_("\n  {assertion}: {what}", assertion=name, what=what) for name, (what, _) in ASSERTIONS.items()), ""
        )
        raise NoSuchRelease(
            N_("no assertion is named {unknown}. There are:{listed}", unknown=enumeration(unknown), listed=lines)
        )
    return tuple(sorted(asked))


def judge(evidence: AssertionInputs, allow: Iterable[str]) -> tuple[dict[str, list[str]], tuple[Allowed, ...]]:
    """What broke, by assertion, and what was let pass of those that are allowed."""
    broken: dict[str, list[str]] = {
        name: problems for name, (_, check) in ASSERTIONS.items() if (problems := list(check(evidence)))
    }
    allowed = []
    for name in allow:
        assertion, _, text = name.partition(":")
        problems = broken.pop(assertion, [])
        passed = [problem for problem in problems if text in problem]
        if len(passed) < len(problems):
            broken[assertion] = [problem for problem in problems if problem not in passed]
        allowed.append(Allowed(name, tuple(passed)))
    return broken, tuple(allowed)
