"""How many articles there were: figures with bounds, each with its method. None of them is a count."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import combinations
from math import ceil, sqrt

FEWEST_COMMON = 7
"""Below this number of articles in both samples the estimator is biased (Robson and Regier 1964), and none is given."""


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
                "capture-recapture (Chapman), 95 %",
                f"{name} ({n1:,}), {other} ({n2:,}), in both {common:,}",
                max(seen, round(estimate - spread)),
                max(seen, round(estimate)),
                max(seen, ceil(estimate + spread)),
            )
        )
    return found


def printed(totals: Sequence[tuple[str, int]]) -> list[ArticleEstimate]:
    """The totals that listings print. Sections share articles, so their sum is an upper bound; the largest is a lower one."""
    known = [total for _, total in totals if total > 0]
    if not known:
        return []
    of = f"{len(known)} listings that print their number of articles"
    return [ArticleEstimate("totals printed by listings", of, max(known), sum(known), sum(known))]


def numbered(pattern: str, first: int, last: int, articles: int, others: int) -> ArticleEstimate:
    """Consecutive numbers in addresses: each number in the range that is known as no other page may have been an article."""
    span = last - first + 1
    return ArticleEstimate(
        "running numbers in addresses", f"{pattern}, {first:,} to {last:,}", articles, span - others, span - others
    )
