"""The papers of the project, taken apart so that they can be held against the code."""

import re
import shlex
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[1]
READMES = (ROOT / "README.md", ROOT / "README.zh-CN.md")
DOCS = ROOT / "docs"
IN_CHINESE = DOCS / "zh"
PAPERS = (*sorted(ROOT.glob("*.md")), *sorted(DOCS.rglob("*.md")), ROOT / "tests" / "corpus" / "README.md")
DEPLOYED = tuple(path for path in sorted((ROOT / "deploy").rglob("*")) if path.is_file())

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.M | re.S)
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.M)
_ROW = re.compile(r"^\| ?(.+?) ?\|$", re.M)
_INDENT = " " * 4
_COMMENT = re.compile(r"\s+# .*$")
_SET = re.compile(r"[A-Za-z_]+=")


def text(paper: Path) -> str:
    return paper.read_text("utf-8")


def name(paper: Path) -> str:
    """A paper as people call it."""
    return paper.relative_to(ROOT).as_posix()


def fenced(paper: Path, language: str) -> list[str]:
    """The blocks of a language, in order."""
    return [body for answer, body in _FENCE.findall(text(paper)) if answer == language]


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
    answer = text(paper)
    if heading is not None:
        answer = re.split(r"^#+ ", answer.partition(f"# {heading}\n")[2], maxsplit=1, flags=re.M)[0]
    return [[cell.strip() for cell in row.split(" | ")] for row in _ROW.findall(answer)]


def headings(paper: Path) -> list[tuple[int, str]]:
    """Level and place of each heading, in order."""
    marked = re.findall(r"^(#+) (.+)$", _FENCE.sub("", text(paper)), re.M)
    return [(len(marks), _slug(heading)) for marks, heading in marked]


def parts(paper: Path) -> tuple[str, list[str]]:
    """A paper without its code, and its blocks of code: fenced ones, and lines indented by four after a blank line."""
    prose: list[str] = []
    blocks: list[list[str]] = []
    fenced = indented = False
    before = ""
    for line in text(paper).splitlines():
        opens = not before or before.startswith("<!--")
        if line.startswith("```"):
            fenced = not fenced
            blocks += [[line]] if fenced else []
        elif fenced:
            blocks[-1].append(line)
        elif line.startswith(_INDENT) and (indented or opens):
            blocks += [] if indented else [[]]
            blocks[-1].append(line)
            indented = True
        elif indented and not line:
            blocks[-1].append(line)
        else:
            indented = False
            prose.append(line)
        before = line
    return "\n".join(prose), ["\n".join(block).rstrip() for block in blocks]


def twin(paper: Path) -> Path | None:
    """The paper of the same contents in the other language."""
    if paper in READMES:
        return READMES[1 - READMES.index(paper)]
    other = DOCS / paper.name if paper.parent == IN_CHINESE else IN_CHINESE / paper.name
    return other if paper.parent in (DOCS, IN_CHINESE) and other.exists() else None


def places(paper: Path) -> Iterator[tuple[Path, int | None]]:
    """Where the links of a paper lead, but for the one to its twin: an English paper, and the number of the heading."""
    for link in links(paper):
        if urlsplit(link).scheme:
            yield Path(link), None
            continue
        file, _, place = link.partition("#")
        target = (paper.parent / file).resolve() if file else paper
        if target == twin(paper):
            continue
        number = [slug for _, slug in headings(target)].index(place) if place else None
        chinese = target == READMES[1] or target.parent == IN_CHINESE
        yield (twin(target) or target) if chinese else target, number


def least_of_a_backup() -> list[str]:
    """Names in an archive that docs/operations.md has as the least to keep."""
    lines = (ROOT / "docs" / "operations.md").read_text("utf-8").splitlines()
    [line] = [line for line in lines if line.startswith("    operator.toml archive.json ")]
    return [name.rstrip("/") for name in line.split()]
