"""How well reprints are found, and at what cost: python -m benchmarks.reprints [articles]

On generated articles with known reprints, which have another headline, another byline, other punctuation, a word changed here and
there, and up to a third of their paragraphs cut. The others make it hard: they quote the same speeches, share headings, and come in
series with the same beginning and end, so that up to six tenths of a text is in others, too. Wanted, for 20,000 articles: precision and
recall of pairs of 0.99, 60 s, 500 MB.
"""

import random
import resource
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from gdfupin_spider.search.reprints import ReprintFinder

from .fold import vocabulary

WORDS = vocabulary()
SHARE = 0.25
"""Of articles that are reprinted."""
HEADINGS = ("一、基本情况", "二、主要做法", "三、取得成效", "四、下一步工作", "打好“组合拳”", "各会员单位：")


@dataclass(frozen=True, slots=True)
class GeneratedArticle:
    """An article whose story is known."""

    story: int
    """Two articles with the same number are reprints of one text."""
    body: str


def articles(count: int, seed: int = 0) -> list[GeneratedArticle]:
    """As many articles in mixed order, the same ones each time."""
    chance = random.Random(seed)
    speeches = [_paragraph(chance, 300) for _ in range(20)]
    frames = [(_paragraph(chance, 120), _paragraph(chance, 80)) for _ in range(50)]
    made: list[GeneratedArticle] = []
    story = 0
    while len(made) < count:
        story += 1
        paragraphs = _story(chance, speeches, frames)
        made.append(GeneratedArticle(story, "\n".join(paragraphs)))
        if chance.random() < SHARE:
            times = chance.choice((1, 1, 1, 2, 3, 6))
            made += [GeneratedArticle(story, _reprinted(chance, paragraphs)) for _ in range(times)]
    del made[count:]
    chance.shuffle(made)
    return made


def _story(chance: random.Random, speeches: Sequence[str], frames: Sequence[tuple[str, str]]) -> list[str]:
    length = chance.choice((3, 4, 6, 10, 14, 25))
    paragraphs = [_paragraph(chance, chance.randint(60, 160)) for _ in range(length)]
    if chance.random() < 0.3:
        paragraphs.insert(1, f"他强调，“{chance.choice(speeches)}”")
    if chance.random() < 0.3:
        begin, end = chance.choice(frames)
        paragraphs = [begin, *paragraphs, end]
    if chance.random() < 0.4:
        for at, heading in zip(range(0, len(paragraphs), 3), HEADINGS, strict=False):
            paragraphs.insert(at, heading)
    return paragraphs


def _paragraph(chance: random.Random, characters: int) -> str:
    words: list[str] = []
    while sum(map(len, words)) < characters:
        words += [*chance.choices(WORDS, k=12), "，"]
    return "".join(words[:-1]) + "。"


def _reprinted(chance: random.Random, paragraphs: Sequence[str]) -> str:
    long = [n for n, paragraph in enumerate(paragraphs) if len(paragraph) > 40]
    size, lost = sum(len(paragraph) for paragraph in paragraphs), 0
    cut: set[int] = set()
    for n in chance.sample(long, chance.randint(0, len(long) // 3)):
        if lost + len(paragraphs[n]) <= 0.3 * size:
            lost += len(paragraphs[n])
            cut.add(n)
    kept = [_edited(chance, paragraph) for n, paragraph in enumerate(paragraphs) if n not in cut]
    if chance.random() < 0.7:
        kept[0] = f"本报讯 记者{''.join(chance.choices(WORDS, k=2))}报道：{kept[0]}"
    if chance.random() < 0.5:
        kept.append(f"（责任编辑：{''.join(chance.choices(WORDS, k=2))}）")
    return "\n".join(kept)


def _edited(chance: random.Random, paragraph: str) -> str:
    if chance.random() < 0.2:
        paragraph = paragraph.replace("，", ",").replace("。", ".")
    if chance.random() < 0.2:
        at = chance.randrange(len(paragraph))
        paragraph = paragraph[:at] + chance.choice(WORDS) + paragraph[at + 1 :]
    return paragraph


@dataclass(frozen=True, slots=True)
class Score:
    """Of pairs of articles."""

    pairs: int
    """True ones."""
    precision: float
    recall: float


def score(made: Sequence[GeneratedArticle]) -> Score:
    """What is found among these articles, held against what is true."""
    finder = ReprintFinder()
    for article in made:
        finder.add(article.body)
    found = _pairs(finder.groups(lambda number: made[number].body))
    stories: defaultdict[int, list[int]] = defaultdict(list)
    for number, article in enumerate(made):
        stories[article.story].append(number)
    true = _pairs(stories.values())
    return Score(len(true), len(found & true) / len(found), len(found & true) / len(true))


def _pairs(groups: Iterable[Sequence[int]]) -> set[tuple[int, int]]:
    return {pair for group in groups for pair in combinations(sorted(group), 2)}


def main(count: int) -> int:
    made = articles(count)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    began, spent = time.perf_counter(), time.process_time()
    found = score(made)
    seconds, cpu = time.perf_counter() - began, time.process_time() - spent
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{count:,} articles, {found.pairs:,} pairs of reprints: precision {found.precision:.4f}, recall {found.recall:.4f}"
    )
    print(
        f"{seconds:.0f} s ({cpu:.0f} s of CPU), peak memory {peak:.0f} MB, of which {before:.0f} MB are the articles and Python"
    )
    return 0 if min(found.precision, found.recall) >= 0.99 and cpu < 60 and peak < 500 else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000))
