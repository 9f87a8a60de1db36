"""Which addresses are one article: a function of all that was seen at them, in whatever order it was found.

Two rules, and nothing else:

- same: two addresses whose pages agreed, at whatever times, in every field of the content digest but the section;
- carried on: the newer address began with the title and the date with which the older one ended, and with a body alike,
  and the last word of the older one is that it is missing or moved, while the newer one outlived it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from .observation import Observation

Alike = Callable[[int, int], bool]
"""Whether the body of the second content carries that of the first on."""
Head = tuple[str, str | None]


@dataclass(frozen=True, slots=True)
class Life:
    """What an address comes to."""

    address: int
    first: Observation
    """The first look that read an article here."""
    last: Observation
    contents: frozenset[int]
    ended: Observation | None
    """The first of the looks since it was last seen alive that found it missing or moved; None: it was not."""


def life(looks: Sequence[Observation]) -> Life | None:
    """The life of one address by its looks in capture order; None where no article was ever read at it."""
    reads = [look for look in looks if look.content is not None]
    if not reads:
        return None
    ended: Observation | None = None
    for look in looks:
        if look.word == "alive":
            ended = None
        elif look.word is not None and not look.astray:
            ended = ended or look
    contents = frozenset(look.content for look in reads if look.content is not None)
    return Life(reads[0].address, reads[0], reads[-1], contents, ended)


def groups(lives: Iterable[Life], heads: Mapping[int, Head], alike: Alike) -> list[list[Life]]:
    """The lives article by article. `heads`: title and date of each content."""
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
    """The address whose id the article goes by: the one captured first; of several in one second, the smaller key."""
    first_at = min(each.first.captured_at for each in lives)
    first = [each for each in lives if each.first.captured_at == first_at]
    return first[0] if len(first) == 1 else min(first, key=lambda each: key(each.first.url))


def _outlived(older: Life, newer: Life) -> bool:
    """Whether `newer` came later and was still there when `older` ended: what vanishes together is no succession."""
    if older.ended is None or newer.first <= older.first:
        return False
    return newer.ended is None or (newer.ended > older.ended and newer.ended.crawl != older.ended.crawl)


def _content(look: Observation) -> int:
    assert look.content is not None
    return look.content
