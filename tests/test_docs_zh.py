"""The papers in Chinese have what the English ones have: headings, code, links, figures, options, names."""

import re
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.__main__ import PAPERS, PARTS
from benchmarks.in_chinese import in_chinese
from tests.papers import DOCS, IN_CHINESE, READMES, ROOT, headings, links, name, parts, places, text, twin

IN_BOTH = {"glossary.md": "one page has both languages"}
PAIRS = [(DOCS / paper.name, paper) for paper in sorted(IN_CHINESE.glob("*.md"))]
each_pair = pytest.mark.parametrize(("english", "chinese"), PAIRS, ids=[chinese.stem for _, chinese in PAIRS])

_EXPLAINED = re.compile(r"(?:gdfupin|python|pytest|export|git)\b|[\w/]+/|[\w/]+ +-> ")
_SPAN = re.compile(r"(?<!`)(`{1,2})(?!`)(.+?)(?<!`)\1(?!`)", re.S)
_FIGURE = re.compile(r"\d+(?:[.,:]\d+)*")
_MEASURED = re.compile(r"<!-- (\w+) -->\n(.*?)\n<!-- /\1 -->", re.S)
_DRAWN = ("→", "×")
_PRINTED = {
    "changes.md": ("seen ", "in old.jsonl.gz"),
    "first-contact.md": ("unknown  neither", "note  ", "the same line"),
    "operating.md": ("30 days, ", "109 runs "),
}
"""Beginnings of blocks of a paper that show what is printed, which a reader of Chinese sees in Chinese."""
_OF_TESTS = {"operating.md"}
"""Papers whose blocks of this kind are printed by scripts of the tests, which speak English."""
_NAME = re.compile(r"[A-Za-z0-9]+(?:[-.,:/%?=&_]+[A-Za-z0-9]+)+|\d+")
_HAN = re.compile(r"[\u4e00-\u9fff]+")


def code(block: str) -> str:
    """A block of code without its comments, and without what stands beside a command or a path; of a line that is drawn, its signs."""
    if "\n" not in block and any(sign in block for sign in _DRAWN):
        return re.sub(r"[^→×+]", "", block)
    return "\n".join(
        re.split(r" {2,}(?!->)|；|; ", line)[0] if _EXPLAINED.match(line) else line
        for line in (re.sub(r"(?:^|\s+)# .*$", "", line.strip()) for line in block.splitlines())
    )


def is_printed(paper: Path, block: str) -> bool:
    """Whether a block of an English paper shows what is printed."""
    return block.strip().startswith(_PRINTED.get(paper.name, ()))


def spans(paper: Path) -> set[str]:
    """What a paper has as code within its sentences and tables."""
    prose, _ = parts(paper)
    return {" ".join(span.split()) for _, span in _SPAN.findall(prose)}


def figures(paper: Path) -> list[Counter[str]]:
    """Of the text below each heading: its figures, with how often they occur."""
    prose, _ = parts(paper)
    text = re.sub(r"\]\([^)]*\)", "", _SPAN.sub("", prose))
    return [Counter(_FIGURE.findall(section)) for section in re.split(r"^#+ .*$", text, flags=re.M)]


def tables(paper: Path) -> list[tuple[int, list[str]]]:
    """Of each row of a table: the number of its cells, and the figures in them."""
    prose, _ = parts(paper)
    rows = re.findall(r"^\|(.+)\|$", prose, re.M)
    return [(len(re.split(r"(?<!\\)\|", row)), sorted(_FIGURE.findall(_SPAN.sub("", row)))) for row in rows]


def test_every_paper_is_in_chinese() -> None:
    translated = {english.name for english, _ in PAIRS}
    assert translated | {*IN_BOTH} == {paper.name for paper in DOCS.glob("*.md")}
    assert translated & {*IN_BOTH} == set()


@each_pair
def test_both_have_the_same_headings(english: Path, chinese: Path) -> None:
    assert [level for level, _ in headings(english)] == [level for level, _ in headings(chinese)]


@each_pair
def test_both_have_the_same_code_apart_from_comments(english: Path, chinese: Path) -> None:
    blocks = list(zip(parts(english)[1], parts(chinese)[1], strict=True))
    same = [pair for pair in blocks if not is_printed(english, pair[0])]
    assert [code(one) for one, _ in same] == [code(other) for _, other in same]


@each_pair
def test_what_is_printed_is_shown_as_the_program_prints_it_in_chinese(english: Path, chinese: Path) -> None:
    """The same names and figures line by line, what a page says unchanged, and no words that the catalogue does not have."""
    catalogue = (ROOT / "gdfupin_spider" / "locale" / "zh" / "LC_MESSAGES" / "gdfupin.po").read_text("utf-8")
    blocks = zip(parts(english)[1], parts(chinese)[1], strict=True)
    printed = [pair for pair in blocks if is_printed(english, pair[0])]
    assert len(printed) == len(_PRINTED.get(english.name, ()))
    for one, other in printed:
        for line, shown in zip(one.splitlines(), other.splitlines(), strict=True):
            assert sorted(_NAME.findall(shown)) == sorted(_NAME.findall(line))
            words = Counter(_HAN.findall(shown)) - Counter(_HAN.findall(line))
            assert Counter(_HAN.findall(line)) - Counter(_HAN.findall(shown)) == Counter()
            assert english.name in _OF_TESTS or [word for word in words if word not in catalogue] == []
            assert not re.search(r"[a-z]{3,} [a-z]{2,}", shown)


@each_pair
def test_both_have_the_same_links(english: Path, chinese: Path) -> None:
    assert Counter(places(english)) == Counter(places(chinese))


@each_pair
def test_both_have_the_same_tables_with_the_same_figures(english: Path, chinese: Path) -> None:
    assert tables(english) == tables(chinese)


@each_pair
def test_both_have_the_same_figures(english: Path, chinese: Path) -> None:
    missing = [one - other for one, other in zip(figures(english), figures(chinese), strict=True)]
    assert [each for each in missing if each] == []


@each_pair
def test_both_have_the_same_names_options_and_commands(english: Path, chinese: Path) -> None:
    assert spans(english) == spans(chinese)


def test_what_benchmarks_measured_is_the_same_in_chinese() -> None:
    """Where a benchmark prints a new sentence: benchmarks/in_chinese.py."""
    english, chinese = (dict(_MEASURED.findall(text(paper))) for paper in PAPERS)
    assert {*english} == {*chinese} == {"machine", *PARTS}
    shown = {part: [in_chinese(line) for line in lines.splitlines()] for part, lines in english.items()}
    assert {part: lines.splitlines() for part, lines in chinese.items()} == shown
    left = [line for lines in shown.values() for line in lines if re.search(r"[a-z]{3,} [a-z]{2,}", line)]
    assert [line for line in left if not line.startswith("| gdfupin crawl")] == []


@pytest.mark.parametrize("paper", [READMES[1], *(chinese for _, chinese in PAIRS)], ids=name)
def test_a_chinese_paper_links_to_chinese_ones(paper: Path) -> None:
    english = twin(paper)
    assert english is not None
    for link in links(paper):
        target = (paper.parent / link.partition("#")[0]).resolve()
        if target in (paper, english) or target.suffix != ".md" or not target.is_relative_to(ROOT):
            continue
        assert target == READMES[1] or target.parent == IN_CHINESE or twin(target) is None, link


@pytest.mark.parametrize("paper", [READMES[1], *(chinese for _, chinese in PAIRS)], ids=name)
def test_a_paper_links_to_itself_in_the_other_language(paper: Path) -> None:
    english = twin(paper)
    assert english is not None
    assert {(paper.parent / link).resolve() for link in links(paper)} >= {english}
    assert {(english.parent / link).resolve() for link in links(english)} >= {paper}
