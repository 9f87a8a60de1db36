"""How many articles there were: figures with bounds, each with its method. None of them is a count."""

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import combinations
from math import ceil, exp, log, sqrt

from ...messages.record_words import word
from ...messages.text import N_, joined

FEWEST_COMMON = 7
"""Below this number of articles in both samples the estimator is biased (Robson and Regier 1964), and none is given."""

STUDENT = 2.31
"""Standard errors of 95 % for a sample of nine, which is the usual number; for a larger one the bounds are a little too wide."""


@dataclass(frozen=True, slots=True)
class ArticleEstimate:
    """An estimate of the number of articles that the site had."""

    method: str
    of: str
    """What it is made from."""
    low: int
    estimate: int
    high: int | None
    """None: no upper bound follows."""


def captured_twice(samples: Mapping[str, Set[str]]) -> list[ArticleEstimate]:
    """Chapman's estimator for each pair of samples: (n1 + 1)(n2 + 1) / (m + 1) - 1, with bounds of 95 %.

    It assumes that two sources chose independently. Both prefer pages that are linked often, so the truth is rather higher.
    """
    found = []
    for (name, one), (other, two) in combinations(sorted(samples.items()), 2):
        n1, n2, common = len(one), len(two), len(one & two)
        if common < FEWEST_COMMON:
            continue
        estimate = (n1 + 1) * (n2 + 1) / (common + 1) - 1
        variance = (n1 + 1) * (n2 + 1) * (n1 - common) * (n2 - common) / ((common + 1) ** 2 * (common + 2))
        spread = 1.96 * sqrt(variance)
        seen = len(one | two)
        found.append(
            ArticleEstimate(
                N_("capture-recapture (Chapman), 95 %"),
                N_(
                    "{name} ({n1:,}), {other} ({n2:,}), in both {common:,}",
                    name=name,
                    n1=n1,
                    other=other,
                    n2=n2,
                    common=common,
                ),
                max(seen, round(estimate - spread)),
                max(seen, round(estimate)),
                max(seen, ceil(estimate + spread)),
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class Bounds:
    """A figure of the whole of which a sample was seen, with bounds of 95 %."""

    low: int
    estimate: int
    high: int


@dataclass(frozen=True, slots=True)
class IndexSample:
    """What the monthly indexes that were asked let expect of all of them."""

    asked: int
    of: int
    captures: Bounds
    article_addresses: Bounds

    @property
    def note(self) -> str:
        """For people."""
        figures = (
            N_(
                "{estimate:,} ({low:,} to {high:,}) {what}",
                estimate=each.estimate,
                low=each.low,
                high=each.high,
                what=word(what),
            )
            for each, what in ((self.captures, "captures"), (self.article_addresses, "articles"))
        )
        return N_(
            "a sample: {asked} of {of} monthly indexes were asked; in all of them some {figures}, 95 %",
            asked=self.asked,
            of=self.of,
            figures=joined(figures, N_(" and ")),
        )


def total_of_all(counts: Sequence[int], of: int) -> Bounds:
    """The total over `of` indexes from the counts of at least two that were asked: simple random sampling without replacement.

    >>> total_of_all([10, 10, 10], 30), total_of_all([0, 10, 20], 3)
    (Bounds(low=300, estimate=300, high=300), Bounds(low=30, estimate=30, high=30))
    """
    number, seen = len(counts), sum(counts)
    mean = seen / number
    variance = sum((count - mean) ** 2 for count in counts) / (number - 1)
    spread = STUDENT * of * sqrt(max(1 - number / of, 0) * variance / number)
    return Bounds(max(seen, round(of * mean - spread)), round(of * mean), ceil(of * mean + spread))


def distinct_of_all(samples: Sequence[Set[str]], of: int) -> Bounds:
    """The number of distinct addresses in `of` indexes from those in some: extrapolation by Chao2 (Colwell et al. 2012).

    What is seen in one index only tells how much none of them showed. The upper bound is that of Chao (1987), for any number of
    indexes. An archive finds what it found before, so the truth is rather higher.

    >>> distinct_of_all([{"a", "b"}, {"a", "b"}], 120), distinct_of_all([{"a"}, {"b"}], 2)
    (Bounds(low=2, estimate=2, high=2), Bounds(low=2, estimate=2, high=2))
    """
    number, seen = len(samples), Counter(each for sample in samples for each in sample)
    times = Counter(seen.values())
    once, twice, share = times[1], times[2], (number - 1) / number
    unseen = share * (once**2 / (2 * twice) if twice else once * (once - 1) / 2)
    if unseen <= 0 or of <= number:
        return Bounds(len(seen), len(seen), len(seen))
    more = unseen * (1 - (1 - once / (number * unseen + once)) ** (of - number))
    if twice:
        ratio = once / twice
        variance = twice * (share / 2 * ratio**2 + share**2 * ratio**3 + share**2 / 4 * ratio**4)
    else:
        variance = share * once * (once - 1) / 2 + share**2 * once * (2 * once - 1) ** 2 / 4
        variance = max(variance - share**2 * once**4 / (4 * (len(seen) + unseen)), 0)
    factor = exp(1.96 * sqrt(log(1 + variance / unseen**2)))
    return Bounds(len(seen), round(len(seen) + more), ceil(len(seen) + unseen * factor))


def printed(totals: Sequence[tuple[str, int]]) -> list[ArticleEstimate]:
    """The totals that listings print. Sections share articles, so their sum is an upper bound; the largest is a lower one."""
    known = [total for _, total in totals if total > 0]
    if not known:
        return []
    of = N_("{known} listings that print their number of articles", known=len(known))
    return [ArticleEstimate(N_("totals printed by listings"), of, max(known), sum(known), sum(known))]


def numbered(pattern: str, first: int, last: int, articles: int, others: int) -> ArticleEstimate:
    """Consecutive numbers in addresses: each number in the range that is known as no other page may have been an article."""
    span = last - first + 1
    return ArticleEstimate(
        N_("running numbers in addresses"),
        N_("{pattern}, {first:,} to {last:,}", pattern=pattern, first=first, last=last),
        articles,
        span - others,
        span - others,
    )
