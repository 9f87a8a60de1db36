"""How long a release takes and how much memory: python -m benchmarks.release [articles ...]

For each number of articles: all formats written, read back and compared, in a process of its own; folding is not counted.
Memory is to be flat in the number of articles.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from gdfupin_spider import profiles
from gdfupin_spider.catalog.sources import fold
from gdfupin_spider.releases.build import release
from gdfupin_spider.releases.publish import known_gaps

from .fold import write_crawl

PROFILE = profiles.load("gdfupin")
LARGEST = ("articles.jsonl.gz", "articles.parquet", "articles.sqlite", "articles.csv")


def releasing(output: Path) -> None:
    """In a process of its own, for its memory: prints seconds, CPU seconds, peak megabytes, sizes."""
    began, spent = time.perf_counter(), time.process_time()
    made = release(output, PROFILE, gaps=known_gaps)
    figures = {
        "seconds": time.perf_counter() - began,
        "cpu": time.process_time() - spent,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "articles": made.manifest.counts["articles"],
        "bytes": {file.name: file.bytes for file in made.manifest.files},
    }
    print(json.dumps(figures))


def made(folder: Path, count: int) -> str:
    """Makes a release of this number of articles; gives the figures of `releasing` as JSON."""
    write_crawl(folder, range(count), datetime(2026, 1, 1, 3, tzinfo=UTC), words=True)
    # A child's peak is never told as less than what its parent had when it was made: so each step has its own.
    for step in ("--fold", "--release"):
        command = [sys.executable, "-m", "benchmarks.release", step, str(folder)]
        answer = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return answer


def measured(count: int) -> dict[str, Any]:
    """The figures of a release of this number of articles."""
    with tempfile.TemporaryDirectory() as folder:
        return json.loads(made(Path(folder), count))  # type: ignore[no-any-return]


def main(counts: list[int]) -> None:
    print("| articles | seconds | seconds of CPU | peak memory | " + " | ".join(f"`{name}`" for name in LARGEST) + " |")
    print("|---|---|---|---|" + "---|" * len(LARGEST))
    for count in counts:
        found = measured(count)
        sizes = " | ".join(f"{found['bytes'][name] / 1e6:,.0f} MB" for name in LARGEST)
        times = f"{found['seconds']:.0f} | {found['cpu']:.0f}"
        print(f"| {found['articles']:,} | {times} | {found['peak']:.0f} MB | {sizes} |", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--fold"]:
        fold(Path(sys.argv[2]), PROFILE)
    elif sys.argv[1:2] == ["--release"]:
        releasing(Path(sys.argv[2]))
    else:
        main([int(count) for count in sys.argv[1:]] or [20_000, 100_000])
