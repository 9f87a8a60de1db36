"""The content of the replica: three hundred stories in ten sections and the years 2009 to 2021, the same on every
run."""

import functools
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from .awkward_articles import awkward
from .grammar import TOPICS, TextGenerator
from .story import Block, ListBlock, Paragraph, Picture, Story, Subhead, Table

SEED = "gdfupin"
ORDINARY = 270
FIRST_DAY, LAST_DAY = date(2009, 3, 2), date(2021, 6, 18)

SECTIONS = (
    "扶贫要闻", "部门动态", "协会新闻", "定点连线", "地市联播",
    "对口帮扶", "会员快讯", "高层连线", "省外要闻", "国际交流",
)  # fmt: skip
CHANNEL = "扶贫前沿"

_WEIGHTS = (6, 4, 4, 4, 5, 3, 3, 3, 2, 2)
_SIZES = ((60, 170, 12), (180, 480, 30), (500, 1150, 34), (1200, 2600, 18), (3900, 4700, 6))
"""Minimum and maximum length of a body in characters, and its weight in percent."""


@functools.cache
def stories() -> tuple[Story, ...]:
    """The stories of the first epoch, by running number, which is the order of publication."""
    drafts = sorted([*_ordinary(), *awkward()], key=lambda story: story.online)
    dice = random.Random(f"{SEED}:numbers")
    number, numbered = 40, []
    for draft in drafts:
        number += dice.choice((1, 1, 1, 2, 2, 3, 5, 9))  # gaps of deleted, test and unpublished articles
        numbered.append(replace(draft, number=number))
    return tuple(numbered)


def _ordinary() -> list[Story]:
    dice = random.Random(f"{SEED}:days")
    span = (LAST_DAY - FIRST_DAY).days
    days = sorted(FIRST_DAY + timedelta(days=dice.randrange(span)) for _ in range(ORDINARY))
    made: list[Story] = []
    titles: set[str] = set()
    for index, day in enumerate(days):
        section = dice.choices(SECTIONS, _WEIGHTS)[0]
        attempt = 0
        story = invent(f"{SEED}:{index}", section, day)
        while story.heading in titles:
            attempt += 1
            story = invent(f"{SEED}:{index}:{attempt}", section, day)
        titles.add(story.heading)
        made.append(story)
    return made


def invent(seed: str, section: str, day: date) -> Story:
    """One ordinary story of a section; the seed determines every word."""
    generator = TextGenerator(seed, day.year, day.month, day.day)
    dice = generator.dice
    least, greatest, _ = dice.choices(_SIZES, [weight for *_, weight in _SIZES])[0]
    notice = section == "协会新闻" and dice.random() < 0.35
    title = generator.phrase("about" if notice else f"title.{section}")
    blocks = _notice(generator, day) if notice else _news(generator, section, dice.randint(least, greatest))
    if not notice:
        blocks = _dressed(generator, blocks, seed)
    return Story(
        number=0,
        title=(title,),
        sections=(section,),
        online=day,
        day=(day.year, day.month, day.day),
        clock=(dice.randint(8, 17), dice.randint(0, 59), dice.randint(0, 59)),
        blocks=tuple(blocks),
        source="广东省扶贫开发协会" if notice else generator.phrase("source") if dice.random() < 0.95 else None,
        author=None if notice or dice.random() > 0.18 else generator.phrase("person"),
        editor=generator.phrase("person") if dice.random() < 0.1 else None,
        pinned=day.year >= 2019 and dice.random() < 0.06,
    )


def _news(generator: TextGenerator, section: str, size: int) -> list[Block]:
    """Opening, paragraphs by topic up to `size` characters, closing."""
    dice = generator.dice
    lead = generator.phrase(f"open.{section}")
    if dice.random() < 0.22:
        lead = generator.fill(dice.choice(_DATELINES)) + lead
    topics = list(TOPICS)
    dice.shuffle(topics)
    topics.sort(key=lambda topic: topic != _FIRST.get(section))
    headed = size > 1500
    blocks: list[Block] = []
    text_length = 0
    first = [lead]
    for topic in topics:
        sentences = _sentences(generator, topic)
        if headed and blocks:
            blocks.append(Subhead(generator.phrase(f"tip.{topic}")))
        while sentences and text_length < size:
            take = dice.randint(1, 2) if size < 200 else dice.randint(2, 5)
            text = "".join([*first, *sentences[:take]])
            first, sentences = [], sentences[take:]
            blocks.append(Paragraph(text))
            text_length += len(text)
            if not headed and dice.random() < 0.4:
                break
        if text_length >= size:
            break
    if dice.random() < 0.7:
        close = generator.phrase("close")
        signed = close.startswith("（")
        blocks.append(Paragraph(close, "right" if signed and dice.random() < 0.5 else "left"))
    return blocks


def _sentences(generator: TextGenerator, topic: str) -> list[str]:
    found: list[str] = []
    while (sentence := generator.unused_phrase(f"say.{topic}")) is not None:
        plain = sentence[0] not in "“同去截如过目以今没会要" and generator.dice.random() < 0.1
        found.append(generator.phrase("link") + sentence if plain else sentence)
    return found


def _dressed(generator: TextGenerator, blocks: Sequence[Block], seed: str) -> list[Block]:
    """The blocks, for some stories with pictures, a table or a list added."""
    dice = generator.dice
    made = list(blocks)
    name = seed.replace(":", "")
    if dice.random() < 0.06:
        made.insert(dice.randint(1, len(made)), _table(generator))
    if dice.random() < 0.05:
        items = tuple(
            f"{generator.phrase('county').replace(' ', '')}：{generator.phrase('crop')}"
            for _ in range(dice.randint(3, 7))
        )
        made.insert(dice.randint(1, len(made)), ListBlock(items, ordered=dice.random() < 0.5))
    if dice.random() < 0.3:
        for count in range(dice.choice((1, 1, 1, 2, 3))):
            caption = generator.phrase("photo") if dice.random() < 0.6 else None
            spots = [spot for spot in range(len(made) + 1) if caption or _clear(made[spot : spot + 1])]
            made.insert(dice.choice(spots), Picture(f"{name}{'abc'[count]}.jpg", caption))
    return made


def _clear(after: Sequence[Block]) -> bool:
    """True if what follows a picture without caption cannot be taken for its caption."""
    return not after or (isinstance(after[0], Paragraph) and len(after[0].text) > 50)


def _table(generator: TextGenerator) -> Table:
    dice = generator.dice
    heads = (("市县", "项目"), ("县（市、区）", "项目名称"), ("实施地点", "内容"), ("单位", "帮扶项目"))
    year = generator.fill("{year}")
    rows = [
        (
            *dice.choice(heads),
            dice.choice(("投入（万元）", f"{year}年投入（万元）")),
            dice.choice(("受益户数", "带动户数")),
        )
    ]
    for _ in range(dice.randint(3, 9)):
        money = str(dice.randint(20, 900)) if dice.random() < 0.85 else ""
        rows.append(
            (
                generator.phrase("county").split()[1],
                f"{generator.phrase('crop')}基地",
                money,
                str(dice.randint(12, 480)),
            )
        )
    return Table(tuple(rows))


def _notice(generator: TextGenerator, day: date) -> list[Block]:
    dice = generator.dice
    blocks: list[Block] = [Paragraph("各会员单位："), Paragraph(generator.phrase("notice"))]
    if dice.random() < 0.5:
        blocks.append(
            Paragraph(f"联系人：{generator.phrase('person')}，联系电话：020-{dice.randint(37280000, 37299999)}。")
        )
    blocks.append(Paragraph(dice.choice(("广东省扶贫开发协会", "广东省扶贫开发协会秘书处", "协会办公室")), "right"))
    blocks.append(Paragraph(dice.choice((f"{day.year}年{day.month}月{day.day}日", numerals(day))), "right"))
    return blocks


def numerals(day: date) -> str:
    """The date as printed in official letters.

    >>> numerals(date(2013, 11, 20))
    '二○一三年十一月二十日'
    """
    digits = "○一二三四五六七八九"
    year = "".join(digits[int(digit)] for digit in str(day.year))
    return f"{year}年{_numeral(day.month)}月{_numeral(day.day)}日"


def _numeral(number: int) -> str:
    tens, ones = divmod(number, 10)
    digits = "一二三四五六七八九"
    return ("" if tens == 0 else "十" if tens == 1 else digits[tens - 1] + "十") + (digits[ones - 1] if ones else "")


_FIRST = {
    "扶贫要闻": "rule", "部门动态": "rule", "高层连线": "rule", "会员快讯": "gift", "协会新闻": "gift",
    "定点连线": "industry", "对口帮扶": "work", "地市联播": "road",
}  # fmt: skip
"""First topic of a section's stories, so that the second sentence follows from the first."""

_DATELINES = (
    "本报讯 （记者 {person} 通讯员 {person}）",
    "本报讯（记者{person}）",
    "新华网广州{month}月{day}日电 （记者 {person}）",
    "本网讯 ",
    "南方日报讯 （记者/{person}）",
    "据《{source}》报道，",
)
