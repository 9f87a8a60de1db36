"""Crawls that are killed, again and again, at moments that are drawn; and what the archive has in the end.

    python -m tests.kills 1000 --seed 7

A child crawls and counts what it writes into files: bytes, lines, and steps (writes, fsyncs, renames, new files and folders). At a
drawn count it kills itself; a write that would go beyond a drawn count of bytes is torn there. Nothing of this is in the program.
"""

import argparse
import builtins
import io
import json
import os
import random
import shutil
import signal
import stat
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gdfupin_spider.catalog import Catalog
from gdfupin_spider.storage.archive_info import profile_of
from gdfupin_spider.verify import verify
from tests import county, forked
from tests.papers import ROOT
from tests.sites import environment

PROFILE = ROOT / "docs" / "examples" / "qingxi.toml"
UNITS = ("bytes", "lines", "steps")
NOT_CONTENT = ("captured_at", "captures", "reader")
"""Fields of an article line that say when and where it was seen, not what it says."""


# --- the child -------------------------------------------------------------------------------------------------------


@dataclass
class Counter:
    """What this process has written into files so far, and when it is enough."""

    unit: str
    limit: int
    end: Callable[[], None]
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(UNITS, 0))
    true_write: Callable[[int, Any], int] = os.write

    def write(self, file: int, data: Any) -> int:
        if not stat.S_ISREG(os.fstat(file).st_mode):
            return self.true_write(file, data)
        size = len(data)
        at = self.counts["bytes"]
        if self.unit == "bytes" and at <= self.limit < at + size:
            room = self.limit - at
            self.true_write(file, memoryview(data)[:room])
            self.end()
            self.counts["bytes"] += size
            return room + self.true_write(file, memoryview(data)[room:])
        written = self.true_write(file, data)
        self.counts["bytes"] += written
        self.step("lines" if bytes(data[-2:]) == b"}\n" else None)
        return written

    def step(self, also: str | None = None) -> None:
        for unit in ("steps", also):
            if unit:
                self.counts[unit] += 1
                if unit == self.unit and self.counts[unit] == self.limit:
                    self.end()

    def watch(self) -> None:
        os.write = self.write
        for name in ("fsync", "rename", "replace", "mkdir", "ftruncate"):
            setattr(os, name, self._stepping(getattr(os, name)))
        builtins.open = io.open = self._opening(io.open)  # reports and catalogs, which are written at once

    def _stepping(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def stepped(*arguments: Any, **named: Any) -> Any:
            self.step()
            return call(*arguments, **named)

        return stepped

    def _opening(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def opened(file: Any, mode: str = "r", *arguments: Any, **named: Any) -> Any:
            if "r" not in mode:
                self.step()
            return call(file, mode, *arguments, **named)

        return opened


def child() -> None:
    """`gdfupin …`, ended by a signal at a count; `none` only counts, and prints to stderr how far it came.

    Arguments of the process: the unit of the count, the count, the signal, and those of gdfupin.
    """
    unit, limit, how, *command = sys.argv[1:]

    def end() -> None:
        if how != "none":
            os.kill(os.getpid(), getattr(signal, how))

    counter = Counter(unit, int(limit), end)
    counter.watch()
    from gdfupin_spider.commands import main

    try:
        main(command)
    finally:
        print(json.dumps(counter.counts), file=sys.stderr)


# --- those who start it ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Ended:
    """How a crawl ended."""

    code: int
    answer: Mapping[str, Any]
    log: str

    @property
    def counts(self) -> dict[str, int]:
        """What it wrote, where it came to its end."""
        counts: dict[str, int] = json.loads(self.log.splitlines()[-1])
        return counts


def crawl(output: Path, proxy: str, unit: str = "steps", limit: int = 0, how: str = "none") -> Ended:
    """Crawls the county in a process of its own, which ends itself at a count."""
    command = [unit, str(limit), how, "crawl", "--output", str(output), "--profile", str(PROFILE), "--json"]
    command += ["--delay", "0", "--concurrency", "4"]
    done = forked.run("tests.kills:child", command, environment=environment(proxy, demo=False), timeout=120)
    answer = json.loads(done.stdout) if done.stdout.startswith("{") else {}
    return Ended(done.returncode, answer, done.stderr)


def articles(output: Path) -> dict[str, dict[str, Any]]:
    """What the archive says of each article: the line of its newest version, by way of the catalog."""
    found: dict[str, dict[str, Any]] = {}
    with Catalog(output / "catalog.sqlite") as catalog:
        for version in catalog.versions():
            assert version.line is not None
            assert version.number == 1, f"{version.id} was taken for edited"
            with (output / version.line.folder / "articles.jsonl").open("rb") as file:
                file.seek(version.line.offset)
                line = json.loads(file.readline())
            assert version.id not in found
            found[version.id] = {name: value for name, value in line.items() if name not in NOT_CONTENT}
    return found


def assert_equal(output: Path, undisturbed: Mapping[str, Any]) -> None:
    """Whatever happened before: all articles, each once, nothing torn, every line proven."""
    found = articles(output)
    assert found.keys() == undisturbed.keys()
    assert found == undisturbed
    proven = verify(output, profile_of(output))
    assert proven.damage == [], proven.damage
    assert proven.catalog


@dataclass(frozen=True)
class Kill:
    """One kill, as it was drawn."""

    unit: str
    limit: int
    crawl: int
    """The how manieth crawl of its archive it ended."""


def kill(times: int, seed: int, folder: Path, proxy: str) -> Iterator[Kill]:
    """Kills crawls so many times, each within a crawl; whenever one lives to its end the archive must be right.

    A crawl that knows most already may end before the drawn count: then a new archive is begun.
    """
    first = crawl(folder / "undisturbed", proxy)
    assert first.code == 0, first.log
    undisturbed, counts = articles(folder / "undisturbed"), first.counts
    draw = random.Random(seed)
    done = archives = 0
    while done < times:
        archives += 1
        output, crawls, ended = folder / f"archive-{archives}", 0, False
        while not ended:
            unit = UNITS[done % len(UNITS)]
            limit, crawls = draw.randint(1, counts[unit]), crawls + 1
            result = crawl(output, proxy, unit, limit, "SIGKILL" if done < times else "none")
            ended = result.code == 0
            if not ended:
                drawn = f"{limit} {unit} in crawl {crawls}, seed {seed}"
                assert result.code == -signal.SIGKILL, f"exit code {result.code} after {drawn}:\n{result.log[-4000:]}"
                done += 1
                yield Kill(unit, limit, crawls)
        assert_equal(output, undisturbed)
        shutil.rmtree(output)


def main() -> None:
    """Kills crawls and says how that went; an assertion names what was lost."""
    parser = argparse.ArgumentParser(
        description="Kills crawls of a small site at drawn moments, and looks what is left."
    )
    parser.add_argument("times", type=int, nargs="?", default=1000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, county.serve() as site:
        for number, one in enumerate(kill(asked.times, asked.seed, Path(folder), site.proxy), 1):
            if number % 20 == 0:
                print(f"{number} kills in {time.monotonic() - began:.0f} s; the last: {one}", flush=True)
    print(f"{asked.times} kills, nothing lost, nothing doubled ({time.monotonic() - began:.0f} s, seed {asked.seed})")


if __name__ == "__main__":
    main()
