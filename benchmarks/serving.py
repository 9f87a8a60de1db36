"""How fast the reading room answers: python -m benchmarks.serving [articles]

`gdfupin serve` in a process of its own, over a release of generated articles; another process asks 50 times a second, whether answers
come or not: articles, first pages of searches, trends, in turn. The time of an answer counts from the moment at which it was to be asked,
so that a server that falls behind shows it. Wanted, for 100,000 articles: 95 of 100 articles within 20 ms, searches within 50 ms, trends
within 300 ms, below 300 MB of memory.
"""

import contextlib
import os
import random
import re
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import urllib3

from gdfupin_spider.releases.search_index import index_of

from .fold import vocabulary
from .release import made

A_SECOND = 50
SECONDS = 60
WANTED = {"article": 20, "search": 50, "trend": 300}
"""Milliseconds within which 95 of 100 are to be."""


@contextmanager
def served(release: Path, cache: Path) -> Iterator[tuple[str, int]]:
    """Address and process of a reading room that shows it."""
    command = [sys.executable, "-m", "gdfupin_spider", "serve", str(release), "--port", "0", "--cache", str(cache)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            answer = process.stdout.readline()
            found = re.search(r"http://[^/;\s]+", answer)
            if found is None:
                raise RuntimeError(f"gdfupin serve said {answer!r}")
            yield found[0], process.pid
        finally:
            process.terminate()


def addresses(ids: list[str]) -> Iterator[tuple[str, str]]:
    """(kind, address), without an end: of ten, six articles, three searches and a trend; words by how frequent they are."""
    chance, words = random.Random(1), [word for word in vocabulary() if len(word) > 1]
    while True:
        for kind in (
            "article",
            "search",
            "article",
            "article",
            "search",
            "article",
            "trend",
            "article",
            "search",
            "article",
        ):
            word = words[int(len(words) ** chance.random()) - 1]
            match kind:
                case "article":
                    yield kind, f"/articles/{chance.choice(ids)}"
                case "search":
                    yield kind, f"/search?{urlencode({'q': word})}"
                case _:
                    yield kind, f"/trends?{urlencode({'q': word, 'by': 'month'})}"


def measured(address: str, ids: list[str], seconds: int) -> dict[str, list[float]]:
    """Milliseconds of each answer, by kind."""
    pool = urllib3.PoolManager(maxsize=64, retries=False)
    times: dict[str, list[float]] = {kind: [] for kind in WANTED}
    begin = time.perf_counter() + 1

    def ask(number: int, kind: str, path: str) -> None:
        due = begin + number / A_SECOND
        time.sleep(max(0, due - time.perf_counter()))
        response = pool.request("GET", address + path)
        if response.status != 200:
            raise RuntimeError(f"{path} answered {response.status}")
        times[kind].append((time.perf_counter() - due) * 1000)

    with ThreadPoolExecutor(64) as readers:
        some = addresses(ids)
        for done in [readers.submit(ask, number, *next(some)) for number in range(seconds * A_SECOND)]:
            done.result()
    return times


def memory(process: int) -> tuple[float, float]:
    """Megabytes: of its own, and with the pages of the files that it maps, which the system takes back when it needs them."""
    status = Path(f"/proc/{process}/status").read_text("ascii")
    own, whole = (int(re.findall(rf"{name}:\s+(\d+) kB", status)[0]) / 1024 for name in ("RssAnon", "VmRSS"))
    return own, whole


def cpu_seconds(process: int) -> float:
    """Of a process, so far; on a machine that others use, too, this says what waiting hides."""
    fields = Path(f"/proc/{process}/stat").read_text("ascii").rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def report(release: Path, cache: Path, seconds: int = SECONDS) -> None:
    """Prints the figures."""
    index_of(release, cache)
    with contextlib.closing(
        sqlite3.connect(f"{(release / 'articles.sqlite').absolute().as_uri()}?mode=ro", uri=True)
    ) as db:
        ids = [id_ for (id_,) in db.execute("SELECT id FROM articles ORDER BY id")]
    with served(release, cache) as (address, process):
        measured(address, ids, 2)  # files into memory, threads started
        before = cpu_seconds(process)
        times = measured(address, ids, seconds)
        spent = cpu_seconds(process) - before
        own, whole = memory(process)
    print(f"{len(ids):,} articles, {A_SECOND} requests a second for {seconds} s\n")
    print("| answer | requests | median | 95 of 100 | wanted |\n|---|---|---|---|---|")
    for kind, found in times.items():
        slow = statistics.quantiles(found, n=20)[-1]
        print(f"| {kind} | {len(found):,} | {statistics.median(found):.1f} ms | {slow:.1f} ms | {WANTED[kind]} ms |")
    print(f"\nThe server used {spent / (seconds * A_SECOND) * 1000:.1f} ms of CPU for an answer.")
    print(f"Memory: {own:.0f} MB (wanted: below 300), {whole:.0f} MB with mapped files.")


def main(count: int) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        made(folder, count)
        report(folder / "releases" / "latest", folder / "cache")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--release"]:
        report(Path(sys.argv[2]), Path(sys.argv[3]))
    else:
        main(int(sys.argv[1]) if sys.argv[1:] else 100_000)
