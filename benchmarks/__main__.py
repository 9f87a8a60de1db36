"""Runs all benchmarks and writes docs/benchmarks.md: python -m benchmarks [--real FOLDER] [--pages 5000] ...

Each part is written as soon as it is measured, so a run that is broken off leaves the parts behind it as they were.
"""

import argparse
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from . import crawling, reading
from .machine import described

ROOT = Path(__file__).parent.parent
PAPER = ROOT / "docs" / "benchmarks.md"
PARTS = ("machine", "reading", "crawling", "memory", "fold")


def put(part: str, lines: Iterable[str]) -> None:
    """Replaces what stands between a part's two marks."""
    text = "\n".join(lines)
    print(f"\n## {part}\n\n{text}", flush=True)
    marks = rf"(<!-- {part} -->\n).*?(<!-- /{part} -->)"
    paper = PAPER.read_text("utf-8")
    if not re.search(marks, paper, re.S):
        raise ValueError(f"{PAPER} has no marks of {part}")
    PAPER.write_text(re.sub(marks, lambda found: f"{found[1]}{text}\n{found[2]}", paper, count=1, flags=re.S), "utf-8")


def folding(articles: int) -> list[str]:
    """The benchmark of the fold, in a process of its own, for its memory."""
    command = [sys.executable, "-m", "benchmarks.fold", str(articles)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return [f"- {line}" for line in done.stdout.splitlines()] or [f"It failed: {done.stderr[-500:]}"]


def main() -> None:
    parser = argparse.ArgumentParser(description="Runs all benchmarks and writes docs/benchmarks.md.")
    parser.add_argument("--real", type=Path, default=ROOT.parent / "shared" / "realpages", metavar="FOLDER")
    parser.add_argument("--pages", type=int, default=crawling.PAGES)
    parser.add_argument("--rounds", type=int, default=crawling.ROUNDS)
    parser.add_argument("--memory", type=int, nargs="*", default=list(crawling.MEMORY), metavar="PAGES")
    parser.add_argument("--articles", type=int, default=100_000, help="lines to be folded")
    parser.add_argument("--only", choices=PARTS[1:], nargs="*", default=PARTS[1:])
    asked = parser.parse_args()
    put("machine", [described()])
    if "reading" in asked.only:
        put("reading", reading.report(asked.real))
    if "crawling" in asked.only:
        put("crawling", crawling.compared(crawling.speeds(asked.pages, asked.rounds)))
    if "memory" in asked.only:
        put("memory", crawling.sized(crawling.memory(tuple(asked.memory))))
    if "fold" in asked.only:
        put("fold", folding(asked.articles))


if __name__ == "__main__":
    main()
