"""How long a search takes and its index: python -m benchmarks.searching [articles]

On generated articles of 1,300 characters, of frequent and rare words: the time to build the index, its size, and how long the
first page of different queries takes, with and without counts by section, year and source. Wanted, for 100,000 articles:
95 of 100 first pages of a word that is nearly everywhere within 50 ms, counts within 300 ms, a rare word within 20 ms.
"""

import resource
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from gdfupin_spider.catalog.sources import fold
from gdfupin_spider.search import ArticleSelection, SearchIndex, SearchRequest, SearchResult, bring_up_to_date

from .fold import PROFILE, SECTIONS, vocabulary, write_crawl

ROUNDS = 40


def building(output: Path) -> None:
    """In a process of its own, for its memory."""
    began, spent = time.perf_counter(), time.process_time()
    path = bring_up_to_date(output)
    seconds, cpu = time.perf_counter() - began, time.process_time() - spent
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    size = path.stat().st_size / 1e6
    print(f"index: {seconds:.0f} s ({cpu:.0f} s of CPU), {size:,.0f} MB, peak memory {peak:.0f} MB")


def queries() -> dict[str, SearchRequest]:
    """By what they show."""
    words = vocabulary()
    twos, longer = ([word for word in words if test(len(word))] for test in (lambda n: n == 2, lambda n: n > 2))
    often, other = twos[0], twos[1]
    return {
        "nearly everywhere": SearchRequest(often),
        "nearly everywhere, page 50": SearchRequest(often, offset=1000),
        "nearly everywhere, with counts": SearchRequest(often, with_counts=True),
        "nearly everywhere, of one section and year": SearchRequest(
            often, ArticleSelection(sections=SECTIONS[:1], since="2015", until="2015")
        ),
        "nearly everywhere, three or four characters": SearchRequest(longer[0]),
        "one character": SearchRequest(often[0]),
        "two words without a third": SearchRequest(f"{often} {other} -{twos[2]}"),
        "either of two": SearchRequest(f"{twos[50]} OR {twos[51]}"),
        "rare": SearchRequest(twos[-1]),
        "rare, three or four characters": SearchRequest(longer[-1]),
        "nowhere": SearchRequest("abc"),
    }


def answers(folder: Path, count: int) -> dict[str, SearchResult]:
    """What each query finds in so many articles."""
    write_crawl(folder, range(count), datetime(2026, 1, 1, 3, tzinfo=UTC), words=True)
    fold(folder, PROFILE)
    with SearchIndex(bring_up_to_date(folder)) as index:
        return {name: index.search(request) for name, request in queries().items()}


def measured(folder: Path) -> None:
    """Prints a row for each query."""
    print("\n| query | hits | median | 95 of 100 |\n|---|---|---|---|")
    with SearchIndex(bring_up_to_date(folder)) as index:
        for name, request in queries().items():
            times = []
            for _ in range(ROUNDS):
                began = time.perf_counter()
                result = index.search(request)
                times.append((time.perf_counter() - began) * 1000)
            median, slow = statistics.median(times), statistics.quantiles(times, n=20)[-1]
            print(f"| {name} | {result.total:,} | {median:.1f} ms | {slow:.1f} ms |", flush=True)


def main(count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        write_crawl(Path(folder), range(count), datetime(2026, 1, 1, 3, tzinfo=UTC), words=True)
        subprocess.run([sys.executable, "-m", "benchmarks.release", "--fold", folder], check=True)
        print(f"{count:,} articles; ", end="", flush=True)
        subprocess.run([sys.executable, "-m", "benchmarks.searching", "--build", folder], check=True)
        measured(Path(folder))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--build"]:
        building(Path(sys.argv[2]))
    else:
        main(int(sys.argv[1]) if sys.argv[1:] else 100_000)
