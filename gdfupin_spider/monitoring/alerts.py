"""Alerts: changes that somebody wants to know of after each crawl, [[alerts]] of operator.toml; and which of them fire."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice

from ..diff import KINDS, ChangeFilter, Difference
from ..diff.change_batch import MOST, ChangeBatch
from ..diff.changed_text import Where
from ..messages.record_words import word
from ..messages.text import N_, enumeration
from ..search.chinese_scripts import folding
from ..search.known_names import there_are, unknown
from ..search.query_text import contradiction, parse
from ..search.snippets import MarkedWords
from .channels import SECRET

ALERT_KINDS = tuple(kind for kind in KINDS if kind != "reread")
"""A better reading of the same bytes is no news of the site."""
WHERE = ("anywhere", "changed")
TEXTLESS = "moved"
"""A change without changed text."""
LISTED = 20
"""Changes of one alert that its message has at most."""
CONDITIONS = ("sections", "sources", "kinds")
"""Lists of which one value must match. An empty list in the file matches nothing."""


@dataclass(frozen=True)
class Alert:
    """One table [[alerts]]. A change must meet all conditions that are given; without any, every change fires the alert."""

    name: str = ""
    """In the title of the message; each alert has another one."""
    words: str | None = None
    """A query as of `gdfupin search`: words, -word, "phrases", OR."""
    where: str = "anywhere"
    """Where the words must be: `anywhere` in title or body, before or after; or `changed`: in text that was added or deleted."""
    sections: tuple[str, ...] = ()
    """Before or after, as printed; any of them."""
    sources: tuple[str, ...] = ()
    """Before or after, as printed or by canonical name; any of them."""
    kinds: tuple[str, ...] = ()
    """added, edited, moved, gone, reappeared; any of them."""
    fold_script: bool = False
    """Whether simplified and traditional characters of the words are the same (扶贫, 扶貧)."""
    recipients: tuple[str, ...] = field(default=(), repr=False, metadata=SECRET)
    """Apprise URLs; empty: those of [notify]."""

    @cached_property
    def wanted(self) -> ChangeFilter:
        """Its conditions."""
        words = (self.words,) if self.words is not None else ()
        where: Where = "changed" if self.where == "changed" else "anywhere"
        return ChangeFilter(words, self.sections, self.sources, self.kinds, where, self.fold_script)

    @property
    def marked(self) -> MarkedWords:
        """The words that are marked in excerpts."""
        return self.wanted.marked


def problems(alert: Alert, sections: Collection[str] = (), sources: Collection[str] = ()) -> Iterator[tuple[str, str]]:
    """(key, reason) of each reason why an alert can never fire.

    `sections`, `sources`: all that are known; empty: none is known yet.
    """
    if not alert.name.strip():
        yield "name", N_("is missing")
    clauses = parse(alert.words or "", folding(any_script=alert.fold_script))
    if alert.words is not None and not clauses:
        yield "words", N_("is empty; leave it out for changes with any words")
    elif (never := contradiction(clauses)) is not None:
        yield "words", N_("{never!r} is wanted and excluded", never=never)
    if alert.where not in WHERE:
        yield "where", N_("no such place {where!r}; there are {known}", where=alert.where, known=enumeration(WHERE))
    for kind in alert.kinds:
        if kind not in ALERT_KINDS:
            yield "kinds", N_("no such kind {kind!r}; there are {known}", kind=kind, known=enumeration(ALERT_KINDS))
    if alert.where == "changed" and clauses and set(alert.kinds) == {TEXTLESS}:
        yield (
            "where",
            N_('an article that {kind} has no changed text; leave out where = "changed"', kind=word(TEXTLESS)),
        )
    for key, asked, known in (("sections", alert.sections, sections), ("sources", alert.sources, sources)):
        for name in asked:
            if not name.strip():
                yield key, N_("has an empty name")
            elif known and unknown([name], known):
                yield (
                    key,
                    (
                        N_("no such section {name!r}; {known}", name=name, known=there_are(name, known))
                        if key == "sections"
                        else N_("no such source {name!r}; {known}", name=name, known=there_are(name, known))
                    ),
                )


@dataclass
class FiredAlert:
    """An alert with the changes that it is about."""

    alert: Alert
    kinds: Counter[str] = field(default_factory=Counter)
    """Number of changes by kind."""
    listed: list[Difference] = field(default_factory=list)
    """Those with the newest printed dates, at most LISTED, newest last. Others are only counted: a first crawl has thousands."""

    _dates: list[str] = field(default_factory=list)
    """Of those that are listed."""

    def add(self, change: Difference, date: str) -> None:
        """`date`: that of its article; empty where that has none."""
        self.kinds[change.kind] += 1
        if len(self.listed) < LISTED or date > self._dates[0]:
            at = bisect_right(self._dates, date)
            self._dates.insert(at, date)
            self.listed.insert(at, change)
            del self._dates[:-LISTED], self.listed[:-LISTED]


def fired(alerts: Sequence[Alert], changes: Iterable[Difference]) -> list[FiredAlert]:
    """The alerts that these changes fire, in the order of the file."""
    found = [FiredAlert(alert) for alert in alerts]
    rest = iter(changes)
    while some := list(islice(rest, MOST)):
        batch, dates = ChangeBatch(some), [_date(change) for change in some]
        for each in found:
            for number in sorted(each.alert.wanted.among(batch)):
                each.add(some[number], dates[number])
    return [each for each in found if each.listed]


def _date(change: Difference) -> str:
    return (article["date"] or "") if (article := change.newest) else ""
