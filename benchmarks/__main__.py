"""Runs all benchmarks and writes docs/benchmarks.md, in both languages: python -m benchmarks [--real FOLDER] [--pages 5000] ...

Each has a process of its own: the peak memory that the kernel tells of a child is never less than its parent's. Each part
is written as soon as it is measured, so a run that is broken off leaves the parts behind it as they were.
"""

import argparse
import re
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from .in_chinese import in_chinese
from .machine import described

ROOT = Path(__file__).parent.parent
PAPERS: dict[Path, Callable[[str], str]] = {
    ROOT / "docs" / "benchmarks.md": str,
    ROOT / "docs" / "zh" / "benchmarks.md": in_chinese,
}
"""Each with what makes a line of it from one that was printed."""
PARTS = (
    "reading",
    "layouts",
    "learning",
    "crawling",
    "memory",
    "importing",
    "replaying",
    "fold",
    "simulation",
    "diff",
    "release",
    "searching",
    "reprints",
    "serving",
    "static_site",
)
LISTED = ("fold", "simulation", "diff", "reprints")
"""Parts whose lines become a list."""


def put(part: str, lines: Iterable[str]) -> None:
    """Replaces what stands between a part's two marks."""
    printed = list(lines)
    print(f"\n## {part}\n", *printed, sep="\n", flush=True)
    marks = rf"(<!-- {part} -->\n).*?(<!-- /{part} -->)"
    for paper, written in PAPERS.items():
        text = "\n".join(map(written, printed))
        before = paper.read_text("utf-8")
        if not re.search(marks, before, re.S):
            raise ValueError(f"{paper} has no marks of {part}")
        head, opening, closing, tail = re.split(marks, before, maxsplit=1, flags=re.S)
        paper.write_text(f"{head}{opening}{text}\n{closing}{tail}", "utf-8")


def measured(*command: str) -> list[str]:
    """What a benchmark prints."""
    done = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    if not done.stdout:
        raise RuntimeError(f"python -m {' '.join(command)} ended with {done.returncode} and said nothing")
    return done.stdout.splitlines()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=(__doc__ or "").partition(":")[0])
    parser.add_argument("--real", default=str(ROOT.parent / "shared" / "realpages"), metavar="FOLDER")
    parser.add_argument("--sites", default=str(ROOT.parent / "shared" / "sites"), metavar="FOLDER")
    parser.add_argument("--pages", default="5000")
    parser.add_argument("--rounds", default="3")
    parser.add_argument("--memory", nargs="*", default=["2000", "20000"], metavar="PAGES")
    parser.add_argument("--articles", default="100000", help="lines to be folded, compared and released")
    parser.add_argument("--only", choices=PARTS, nargs="*", default=PARTS)
    asked = parser.parse_args()
    commands = {
        "reading": ("benchmarks.reading", asked.real),
        "layouts": ("benchmarks.layouts", asked.sites),
        "learning": ("benchmarks.learning", str(int(asked.articles) // 5)),
        "crawling": ("benchmarks.crawling", "--pages", asked.pages, "--rounds", asked.rounds),
        "memory": ("benchmarks.crawling", "--pages", "0", "--memory", *asked.memory),
        "importing": ("benchmarks.importing", "2"),
        "replaying": ("benchmarks.replaying", "2000", asked.rounds),
        "fold": ("benchmarks.fold", asked.articles),
        "searching": ("benchmarks.searching", asked.articles),
        "reprints": ("benchmarks.reprints", str(int(asked.articles) // 5)),
        "release": ("benchmarks.release", str(int(asked.articles) // 5), asked.articles),
        "serving": ("benchmarks.serving", asked.articles),
        "static_site": ("benchmarks.static_site", str(int(asked.articles) // 5)),
        "simulation": ("benchmarks.simulation",),
        "diff": ("benchmarks.diff", asked.articles, "--rounds", asked.rounds),
    }
    put("machine", [described()])
    for part in PARTS:
        if part == "layouts" and not Path(asked.sites).is_dir():
            continue  # whole sites of others, which are not part of the repository
        if part in asked.only and (part != "memory" or asked.memory):
            lines = measured(*commands[part])
            put(part, [f"- {line}" for line in lines] if part in LISTED else lines)


if __name__ == "__main__":
    main()
