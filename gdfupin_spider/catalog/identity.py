"""Which addresses are one article: a function of all their observations, regardless of the order of folding.

Two rules:

- same content: pages of both addresses agreed, at whatever times, in every field of the content digest but the section;
- continued: the newer address began with the title and the date of the last content of the older one and a similar body;
  the last definite observation of the older one is missing or moved, and the newer one was still there then.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from .observation import Observation

Alike = Callable[[int, int], bool]
"""Whether the body of the second content is a version of that of the first."""
Head = tuple[str, str | None]


@dataclass(frozen=True, slots=True)
class Life:
    """The observations of one address in short."""

    address: int
    first: Observation
    """The first observation with content."""
    last: Observation
    contents: frozenset[int]
    ended: Observation | None
    """The first missing or moved observation since it was last seen alive; None: there is none."""


def life(observations: Sequence[Observation]) -> Life | None:
    """From all observations of one address in capture order; None if no article was ever read there."""
    reads = [observation for observation in observations if observation.content is not None]
    if not reads:
        return None
    ended: Observation | None = None
    for observation in observations:
        if observation.word == "alive":
            ended = None
        elif observation.word is not None and not observation.astray:
            ended = ended or observation
    contents = frozenset(observation.content for observation in reads if observation.content is not None)
    return Life(reads[0].address, reads[0], reads[-1], contents, ended)


def groups(lives: Iterable[Life], heads: Mapping[int, Head], alike: Alike) -> list[list[Life]]:
    """The lives grouped by article. `heads`: title and date of each content."""
    lives = sorted(lives, key=lambda each: each.first)
    parent = {each.address: each.address for each in lives}

    def root(address: int) -> int:
        while parent[address] != address:
            parent[address] = address = parent[parent[address]]
        return address

    by_content: dict[int, int] = {}
    for each in lives:
        for content in each.contents:
            parent[root(each.address)] = root(by_content.setdefault(content, each.address))

    beginning: dict[Head, list[Life]] = {}
    for each in lives:
        beginning.setdefault(heads[_content(each.first)], []).append(each)
    for older in lives:
        for newer in beginning.get(heads[_content(older.last)], ()) if older.ended else ():
            apart = root(older.address) != root(newer.address)
            if apart and _outlived(older, newer) and alike(_content(older.last), _content(newer.first)):
                parent[root(newer.address)] = root(older.address)

    found: dict[int, list[Life]] = {}
    for each in lives:
        found.setdefault(root(each.address), []).append(each)
    return list(found.values())


def earliest(lives: Sequence[Life], key: Callable[[str], str]) -> Life:
    """The address whose id the article has: the one captured first; of several in one second, the smallest identity key."""
    first_at = min(each.first.captured_at for each in lives)
    first = [each for each in lives if each.first.captured_at == first_at]
    return first[0] if len(first) == 1 else min(first, key=lambda each: key(each.first.url))


def _outlived(older: Life, newer: Life) -> bool:
    """Whether `newer` began later and was still there when `older` ended: addresses that vanish together are not one article."""
    if older.ended is None or newer.first <= older.first:
        return False
    return newer.ended is None or (newer.ended > older.ended and newer.ended.crawl != older.ended.crawl)


def _content(observation: Observation) -> int:
    assert observation.content is not None
    return observation.content
