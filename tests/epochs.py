"""The replica over its epochs, each crawled whole and once more 13 hours later: what was found, beside what happened.

`python -m tests.epochs [MARKUP ...]` prints precision and recall of every kind of change for each markup.
"""

import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from gdfupin_spider.clock import stamp
from gdfupin_spider.pages import identity_key
from gdfupin_spider.replica import LAST, MARKUPS, changes, serve, truth
from tests.sites import Crawl, crawl

BEGIN = datetime(2030, 1, 1, 3, tzinfo=UTC)
LATER = timedelta(hours=13)
Found = tuple[str, int, tuple[str, ...]]
"""Kind of a change, running number of the article, edited fields."""


@dataclass(frozen=True)
class Epoch:
    """What two crawls found of what happened in one epoch."""

    number: int
    found: frozenset[Found]
    meant: frozenset[Found]
    gaps: int

    @property
    def wrong(self) -> frozenset[Found]:
        return self.found ^ self.meant


def observed(
    output: Path, markup: str, epochs: Sequence[int] = range(LAST + 1), *, extract: bool = False
) -> list[Epoch]:
    """Crawls these epochs into one output, the first of which is 0. `extract`: with a third of the articles."""
    found: list[Epoch] = []
    numbers: dict[str, int] = {}
    for epoch in epochs:
        numbers |= {identity_key(url): t.number for t in truth(markup, epoch=epoch, extract=extract) for url in t.urls}
        twice = _looked(output, markup, epoch, extract)
        lines = [line for one in twice for line in one.lines("changes")]
        reported = frozenset(
            (line["kind"], numbers[identity_key(line["url"])], tuple(line["fields"])) for line in lines
        )
        if found:
            meant = frozenset(
                (c.kind, c.number, c.fields) for c in changes(markup, found[-1].number, epoch, extract=extract)
            )
        else:
            meant = frozenset(("added", t.number, ()) for t in truth(markup, extract=extract))
        found.append(Epoch(epoch, reported, meant, sum(one.answer["gaps"] for one in twice)))
    return found


def _looked(output: Path, markup: str, epoch: int, extract: bool) -> list[Crawl]:
    """The site as it is at an epoch, looked at twice."""
    begin = BEGIN + timedelta(days=30 * epoch)
    usual = ("--no-media", "--full", "--recheck", "all")
    with serve(markup, epoch=epoch, extract=extract) as replica:
        return [crawl(output, *usual, proxy=replica.proxy, clock=stamp(at)) for at in (begin, begin + LATER)]


def main(markups: list[str]) -> int:
    right = True
    for markup in markups:
        with tempfile.TemporaryDirectory() as folder:
            seen = observed(Path(folder), markup)
        found, meant, hits = Counter[str](), Counter[str](), Counter[str]()
        for epoch in seen:
            found.update(kind for kind, *_ in epoch.found)
            meant.update(kind for kind, *_ in epoch.meant)
            hits.update(kind for kind, *_ in epoch.found & epoch.meant)
            for wrong in sorted(epoch.wrong):
                print(f"  epoch {epoch.number}: {'found' if wrong in epoch.found else 'not found'} {wrong}")
                right = False
        answer = [
            f"{kind} {hits[kind] / found[kind] if found[kind] else 1:.3f}/{hits[kind] / meant[kind]:.3f} of {meant[kind]}"
            for kind in sorted(meant)
        ]
        print(f"{markup}: precision/recall {', '.join(answer)}", flush=True)
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or sorted(MARKUPS)))
