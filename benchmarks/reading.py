"""How well and how fast one page is read: python -m benchmarks.reading [FOLDER]

FOLDER holds real pages of other sites with `manifest.jsonl` (see samples.real). Without it our own pages are all there
is: the corpus and the replica. They were made by those who wrote the reader, so they show that nothing got worse, and
little more. Bytes alone are given to the reader: no header, no address, no profile but `general`.
"""

import functools
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import html

from . import samples
from .adapter import read
from .samples import Sample
from .score import FIELDS, score

FEW = 4
"""A site with fewer pages has no mean of its own."""
SIZES = range(20_000, 40_001)
"""Bytes of the pages on which speed is measured."""
ROUNDS = 9
WANTED = {"F1": 0.95, "both40": 0.95, "title": 0.97, "date": 0.97, "source": 0.90, "invented": 0.05}
SLOWEST, FASTER = 4.0, 10.0
"""Wanted: at most so many times decoding and parsing; so many times as fast as trafilatura."""

Means = dict[str, float]


@dataclass(frozen=True)
class Quality:
    """How well one reader read."""

    reader: str
    pages: int
    mean: Means
    by_site: dict[str, Means]
    """Of sites with FEW pages or more."""

    @property
    def over_sites(self) -> Means:
        """The mean of the means of sites, so that a large one does not decide."""
        return _means(self.by_site.values())

    @property
    def without_one(self) -> Means:
        """The worst that the mean over sites becomes when any one of them is left out."""
        names = list(self.by_site)
        left = [_means(self.by_site[other] for other in names if other != name) for name in names]
        worst = {field: max if field == "invented" else min for field in FIELDS}
        return {field: worst[field](means[field] for means in left if field in means) for field in self.over_sites}


def _means(scores: Iterable[Mapping[str, float]]) -> Means:
    values: defaultdict[str, list[float]] = defaultdict(list)
    for one in scores:
        for field, value in one.items():
            values[field].append(value)
    return {field: statistics.fmean(values[field]) for field in FIELDS if values[field]}


def quality(pages: Sequence[Sample], name: str, reader: Callable[[Sample], Mapping[str, Any]]) -> Quality:
    """Scores a reader on all pages whose truth is known."""
    scores: defaultdict[str, list[dict[str, float]]] = defaultdict(list)
    for page in pages:
        if page.truth is not None:
            scores[page.site].append(score(reader(page), page.truth))
    every = [one for site in scores.values() for one in site]
    by_site = {site: _means(ones) for site, ones in sorted(scores.items()) if len(ones) >= FEW}
    return Quality(name, len(every), _means(every), by_site)


def ours(page: Sample) -> Mapping[str, Any]:
    """Our reader, by bytes alone."""
    return read(page.payload, None)


def peer() -> Callable[[Sample], Mapping[str, Any]] | None:
    """trafilatura, given the decoded text; None where it is not installed (`pip install -e '.[bench]'`)."""
    try:
        import trafilatura  # type: ignore[import-not-found,unused-ignore]
    except ImportError:
        return None

    def reading(page: Sample) -> Mapping[str, Any]:
        found = trafilatura.bare_extraction(page.text, with_metadata=True, include_comments=False)
        answer = found.as_dict() if found is not None else {}
        return {**answer, "source": answer.get("sitename"), "body": answer.get("text")}

    return reading


@dataclass(frozen=True)
class Speed:
    """Of each page the best of ROUNDS, the readers taking turns."""

    pages: int
    to_parsing: tuple[float, ...]
    """Our time as a multiple of decoding and parsing alone, page by page."""
    to_peer: tuple[float, ...]
    """trafilatura's time as a multiple of ours; empty where it is not installed."""


def speed(pages: Sequence[Sample]) -> Speed:
    """Measures on these pages."""
    other = peer()
    parsing, peers = [], []
    for page in pages:
        calls: list[Callable[[], object]] = [functools.partial(_parse, page), functools.partial(ours, page)]
        if other is not None:
            calls.append(functools.partial(other, page))
        best = [float("inf")] * len(calls)
        for turn in range(ROUNDS):
            for at, call in enumerate(calls):
                if at < 2 or turn < 3:  # the peer is slow, and a lucky run changes little of it
                    began = time.perf_counter()
                    call()
                    best[at] = min(best[at], time.perf_counter() - began)
        parsing.append(best[1] / best[0])
        peers += [best[2] / best[1]] if other is not None else []
    return Speed(len(pages), tuple(parsing), tuple(peers))


def _parse(page: Sample) -> object:
    text = page.text
    if text.lstrip()[:5] == "<?xml":  # lxml takes no text that names an encoding
        text = text.partition("?>")[2]
    return html.document_fromstring(text)


def as_lines(pages: Sequence[Sample], timed: Sequence[Sample]) -> Iterator[str]:
    """What was measured, as Markdown."""
    measured = [quality(pages, "ours", ours)]
    if (other := peer()) is not None:
        measured.append(quality(pages, "trafilatura", other))
    yield f"{measured[0].pages} article pages; {len(measured[0].by_site)} sites have {FEW} or more of them."
    yield ""
    yield f"| reader | mean over | {' | '.join(FIELDS)} |"
    yield "|" + "---|" * (2 + len(FIELDS))
    signs = {field: "≤" if field == "invented" else "≥" for field in FIELDS}
    yield f"| *wanted* | pages | {' | '.join(f'{signs[field]} {WANTED[field]:.2f}' for field in FIELDS)} |"
    for one in measured:
        yield _row(one.reader, "pages", one.mean)
        yield _row(one.reader, "sites", one.over_sites)
        if len(one.by_site) > 2:
            yield _row(one.reader, "sites but the best", one.without_one)
    yield ""
    yield f"| site | {' | '.join(FIELDS)} |"
    yield "|" + "---|" * (1 + len(FIELDS))
    for site, means in measured[0].by_site.items():
        yield f"| {site} | {' | '.join(_figure(means, field) for field in FIELDS)} |"
    yield ""
    took = speed(timed)
    middle, slow = statistics.median(took.to_parsing), statistics.quantiles(took.to_parsing, n=10)[-1]
    yield f"Speed on {took.pages} pages of {SIZES.start // 1000} to {SIZES.stop // 1000} KB:"
    yield ""
    yield (
        f"- **{middle:.1f} times** decoding and lxml parsing alone (median; nine of ten below {slow:.1f}; wanted: "
        f"{SLOWEST:.0f} or less)"
    )
    if took.to_peer:
        yield (
            f"- **{statistics.median(took.to_peer):.0f} times** as fast as trafilatura with metadata (median; wanted: "
            f"{FASTER:.0f} or more)"
        )
    else:
        yield "- trafilatura is not installed: `pip install -e '.[bench]'`"


def _row(reader: str, over: str, means: Means) -> str:
    return f"| {reader} | {over} | {' | '.join(_figure(means, field) for field in FIELDS)} |"


def _figure(means: Means, field: str) -> str:
    return f"{means[field]:.3f}" if field in means else "-"


def report(folder: Path | None) -> Iterator[str]:
    """All of it, on the real pages of a folder, else on our own."""
    if folder is not None and (folder / "manifest.jsonl").is_file():
        pages = list(samples.real(folder))
        timed = [page for page in pages if len(page.payload) in SIZES]
    else:
        yield "There are no real pages here, so these are our own: the corpus and the replica. Read them as a check only."
        yield ""
        pages = [*samples.corpus(), *samples.copies()]
        timed = list(samples.generated())
    yield from as_lines(pages, timed)


if __name__ == "__main__":
    print("\n".join(report(Path(sys.argv[1]) if len(sys.argv) > 1 else None)))
