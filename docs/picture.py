"""Draws docs/demo.svg: what `gdfupin demo` prints, as a terminal shows it.

    python docs/picture.py

The demo is really run, in a folder of its own; nothing is drawn by hand. Run it again when the summary changes, with the
Python of the environment in which the project is installed.
"""

import html
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.cells import cell_len
from rich.console import Console
from rich.terminal_theme import DIMMED_MONOKAI
from rich.text import Text

PICTURE = Path(__file__).with_name("demo.svg")
COLUMNS = 100
CELL = 12.2  # rich's pixels
FONTS = "Menlo, Consolas, DejaVu Sans Mono, PingFang SC, Microsoft YaHei, Noto Sans Mono CJK SC, monospace"
_FONT_FACE = re.compile(r"@font-face \{.*?\}\s*", re.S)
_COMMENT = re.compile(r"<!--.*?-->\s*", re.S)
_TEXT = re.compile(
    r'<text class="(demo-r\d+)" x="([\d.]+)" y="([\d.]+)" textLength="[\d.]+" clip-path="[^"]+">([^<]*)</text>'
)


def demo() -> str:
    """What `gdfupin demo` prints on a terminal of COLUMNS columns, colours included."""
    commands = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            ["gdfupin", "demo"],
            cwd=folder,
            env=os.environ | {"PATH": commands, "FORCE_COLOR": "1", "COLUMNS": str(COLUMNS), "PYTHONUTF8": "1"},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    return done.stdout


def draw(printed: str) -> str:
    """The same as an SVG that fetches nothing: rich's own asks the network for a font."""
    with Path(os.devnull).open("w") as nowhere:
        terminal = Console(record=True, width=COLUMNS, file=nowhere, force_terminal=True, color_system="truecolor")
        terminal.print(Text("$ gdfupin demo", style="bold"))
        terminal.print(Text.from_ansi(printed.rstrip()))
        svg = terminal.export_svg(title="gdfupin demo", theme=DIMMED_MONOKAI, unique_id="demo")
    svg = _COMMENT.sub("", _FONT_FACE.sub("", svg)).replace("Fira Code, monospace", FONTS)
    svg = _TEXT.sub(_on_the_grid, svg)
    return "".join(f"{line.rstrip()}\n" for line in svg.splitlines() if line.strip())


def _on_the_grid(match: re.Match[str]) -> str:
    """The words of one text, each character in its cell: rich gives Chinese half the room it needs."""
    style, left, y, escaped = match.groups()
    text, words = html.unescape(escaped), []
    for word in re.finditer(r"[^\s\xa0]+", text):
        starts = [cell_len(text[:at]) for at in range(word.start(), word.end())]
        places = " ".join(f"{float(left) + start * CELL:g}" for start in starts)
        words.append(f'<text class="{style}" x="{places}" y="{y}">{html.escape(word[0], quote=False)}</text>')
    return "\n".join(words)


if __name__ == "__main__":
    PICTURE.write_text(draw(demo()), "utf-8")
    print(f"written: {PICTURE}")
