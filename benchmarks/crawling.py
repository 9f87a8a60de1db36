"""A whole crawl beside bare Scrapy, and its memory: python -m benchmarks.crawling [--pages 5000] [--memory 2000 20000]

Both crawl the same generated site (benchmarks.site) on loopback with delay 0 and eight requests at once, each in a
process of its own, taking turns. Ours is the command as anyone types it: it reads robots.txt, keeps every exchange in a
WARC file, reads every page and writes its lines. What counts is the processor time of the whole process, from the
interpreter's start to its end; time on the clock would measure the server as well.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from .site import Site

AT_ONCE = 8
"""Scrapy's default for one host."""
PAGES = 5000
ROUNDS = 3
MEMORY = (2000, 20_000)


@dataclass(frozen=True)
class Run:
    """One crawl that has ended."""

    pages: int
    seconds: float
    """Processor time, user and system."""
    megabytes: float
    """The most memory it had (resident)."""
    articles: int = 0

    @property
    def speed(self) -> float:
        """Pages per processor second."""
        return self.pages / self.seconds


@contextmanager
def serving(pages: int) -> Iterator[str]:
    """The generated site in a process of its own; gives the address of its home page."""
    command = [sys.executable, "-m", "benchmarks.site", str(pages)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield server.stdout.readline().strip()
        finally:
            server.terminate()


def bare(url: str) -> Run:
    """Scrapy as it comes, following every link."""
    answer, seconds, megabytes = _spent([sys.executable, "-m", "benchmarks.bare", url])
    return Run(int(answer), seconds, megabytes)


def ours(url: str, learning: bool = True) -> Run:
    """`gdfupin crawl` into a folder that is thrown away. `learning`: it learns layouts at its end, as a first crawl does."""
    environment = os.environ | {"GDFUPIN_LAYOUT_PAGES": "10" if learning else "0"}
    with tempfile.TemporaryDirectory() as output:
        command = [sys.executable, "-m", "gdfupin_spider", "crawl", "--json", "--output", output]
        command += ["--start-url", url, "--delay", "0", "--concurrency", str(AT_ONCE)]
        answer, seconds, megabytes = _spent(command, environment)
    report = json.loads(answer)
    return Run(report["requests_total"], seconds, megabytes, report["articles"])


def _spent(command: list[str], environment: Mapping[str, str] = os.environ) -> tuple[str, float, float]:
    """What a command prints, its processor seconds, and its peak memory in megabytes."""
    with tempfile.TemporaryFile("w+") as log:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True, env=environment)
        assert process.stdout is not None
        with process.stdout as stream:
            answer = stream.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            log.seek(0)
            raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}:\n{log.read()[-3000:]}")
    return answer, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


@dataclass(frozen=True)
class Speeds:
    """Both crawls of one site, in turns."""

    pages: int
    bare: tuple[Run, ...]
    ours: tuple[Run, ...]
    """Crawls that learn nothing, as all but the first of a site."""
    first: tuple[Run, ...]
    """First crawls, which learn layouts and read all pages again."""

    @property
    def ratio(self) -> float:
        """Ours as a multiple of bare Scrapy's pages per processor second: the median of the rounds."""
        return self._beside_bare(self.ours)

    @property
    def ratio_of_first(self) -> float:
        """The same of first crawls."""
        return self._beside_bare(self.first)

    def _beside_bare(self, runs: tuple[Run, ...]) -> float:
        return statistics.median(mine.speed / theirs.speed for mine, theirs in zip(runs, self.bare, strict=True))


def speeds(pages: int = PAGES, rounds: int = ROUNDS) -> Speeds:
    """Crawls the site with both, in turns."""
    site = Site(pages)
    theirs, mine, first = [], [], []
    with serving(pages) as url:
        for _ in range(rounds):
            theirs.append(bare(url))
            mine.append(ours(url, learning=False))
            first.append(ours(url))
    for run in (*theirs, *mine, *first):
        if run.pages not in (site.pages, site.pages + 1):  # and robots.txt
            raise RuntimeError(f"{run.pages} answers from a site of {site.pages} pages")
    if any(run.articles != site.articles for run in (*mine, *first)):
        raise RuntimeError(f"{mine[0].articles} articles from a site of {site.articles}")
    return Speeds(site.pages, tuple(theirs), tuple(mine), tuple(first))


def memory(sizes: tuple[int, ...] = MEMORY) -> list[Run]:
    """Our crawl of sites of these sizes."""
    runs = []
    for pages in sizes:
        with serving(pages) as url:
            runs.append(ours(url))
    return runs


def compared(measured: Speeds) -> Iterator[str]:
    """Speed, as Markdown."""
    yield "| crawl | pages | pages per processor second | peak memory |"
    yield "|---|---|---|---|"
    for name, runs in (
        ("bare Scrapy", measured.bare),
        ("gdfupin crawl", measured.ours),
        ("gdfupin crawl, the first of a site", measured.first),
    ):
        each = ", ".join(f"{run.speed:.0f}" for run in runs)
        yield f"| {name} | {measured.pages:,} | {each} | {max(run.megabytes for run in runs):.0f} MB |"
    yield ""
    yield f"**Ratio {measured.ratio:.2f}** (wanted: 1.0 or more), the median of {len(measured.ours)} rounds; {measured.ratio_of_first:.2f} for a first crawl."


def sized(runs: list[Run]) -> Iterator[str]:
    """Memory, as Markdown."""
    yield "| pages | articles | peak memory (wanted: below 200 MB, and flat) |"
    yield "|---|---|---|"
    for run in runs:
        yield f"| {run.pages:,} | {run.articles:,} | {run.megabytes:.0f} MB |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--pages", type=int, default=PAGES, help="0: no comparison")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--memory", type=int, nargs="*", default=[], metavar="PAGES")
    asked = parser.parse_args()
    if asked.pages:
        print("\n".join(compared(speeds(asked.pages, asked.rounds))))
    if asked.memory:
        print("\n".join(sized(memory(tuple(asked.memory)))))


if __name__ == "__main__":
    main()
