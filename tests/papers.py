"""The papers of the project, taken apart so that they can be held against the code."""

import re
import shlex
import unicodedata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
READMES = (ROOT / "README.md", ROOT / "README.zh-CN.md")
PAPERS = (*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md")), ROOT / "tests" / "corpus" / "README.md")
DEPLOYED = tuple(path for path in sorted((ROOT / "deploy").rglob("*")) if path.is_file())

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.M | re.S)
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.M)
_ROW = re.compile(r"^\| ?(.+?) ?\|$", re.M)
_COMMENT = re.compile(r"\s+# .*$")
_SET = re.compile(r"[A-Za-z_]+=")


def text(paper: Path) -> str:
    return paper.read_text("utf-8")


def name(paper: Path) -> str:
    """A paper as people call it."""
    return paper.relative_to(ROOT).as_posix()


def fenced(paper: Path, language: str) -> list[str]:
    """The blocks of a language, in order."""
    return [body for said, body in _FENCE.findall(text(paper)) if said == language]


def commands(paper: Path) -> list[list[str]]:
    """What the shell blocks of a paper tell to type, word by word, without comments and settings before a command."""
    lines = (_COMMENT.sub("", line) for block in fenced(paper, "sh") for line in block.splitlines())
    typed = [shlex.split(line) for line in lines if line.strip()]
    for words in typed:
        while _SET.match(words[0]):
            words.pop(0)
    return typed


def links(paper: Path) -> list[str]:
    """Where a paper's links lead, pictures included."""
    return _LINK.findall(_FENCE.sub("", text(paper)))


def anchors(paper: Path) -> set[str]:
    """The places in a paper that a link may name, as code hosting sites make them of headings."""
    return {_slug(heading) for heading in _HEADING.findall(_FENCE.sub("", text(paper)))}


def _slug(heading: str) -> str:
    kept = (char for char in heading.lower() if char in " -_" or unicodedata.category(char)[0] in "LN")
    return "".join(kept).replace(" ", "-")


def rows(paper: Path, heading: str | None = None) -> list[list[str]]:
    """The cells of all table rows of a paper, or of those below one heading; heads and rules included."""
    said = text(paper)
    if heading is not None:
        said = re.split(r"^#+ ", said.partition(f"# {heading}\n")[2], maxsplit=1, flags=re.M)[0]
    return [[cell.strip() for cell in row.split(" | ")] for row in _ROW.findall(said)]


def least_of_a_backup() -> list[str]:
    """Names in an archive that docs/operations.md has as the least to keep."""
    lines = (ROOT / "docs" / "operations.md").read_text("utf-8").splitlines()
    [line] = [line for line in lines if line.startswith("    operator.toml archive.json ")]
    return [name.rstrip("/") for name in line.split()]
