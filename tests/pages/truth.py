"""The content of a generated page, before it has any markup."""

from dataclasses import dataclass, field

from .dice import Dice
from .prose import CONTACT, NOTICES, OPENINGS, QUOTING, SENTENCES, SUBHEADS, TOPICS, TURNS

SECTIONS = (
    "扶贫要闻",
    "部门动态",
    "协会新闻",
    "定点连线",
    "地市联播",
    "对口帮扶",
    "会员快讯",
    "高层连线",
    "省外要闻",
    "国际交流",
)
SOURCES = (
    "南方日报",
    "中国组织人事报",
    "广东省扶贫开发协会",
    "省扶贫办",
    "《广东扶贫》2013年第1期",
    "新华网广东频道",
    "China Daily",
    "本站",
)
NAMES = ("陈小明", "欧阳晓琳", "李嘉", "王立")


@dataclass
class Truth:
    """What a reader must find; the dress adds what it prints of its own accord."""

    title: list[str]
    """Its lines."""
    name: str
    """The title as the site's database has it, without its subtitle: what a breadcrumb may end in."""
    day: tuple[int, int, int] | None
    source: str | None
    author: str | None
    section: str | None
    breadcrumb: list[str]
    info_line: str
    body: list[str]
    images: list[tuple[str, str | None]] = field(default_factory=list)
    attachments: list[tuple[str, str]] = field(default_factory=list)
    encoding: str = "utf-8"

    @property
    def date(self) -> str | None:
        return None if self.day is None else "{}-{:02}-{:02}".format(*self.day)

    @property
    def heading(self) -> str:
        """The title in one line."""
        return fold(" ".join(self.title))


def fold(text: str) -> str:
    return " ".join(text.split())


def content(dice: Dice) -> Truth:
    """An article, its fields drawn by dice."""
    section = dice.one(SECTIONS)
    title = dice.one(TOPICS) + dice.one(TURNS)
    half = len(title) // 2
    lines = (
        [title, "——来自基层的报告"] if dice.chance(8) else [title[:half], title[half:]] if dice.chance(5) else [title]
    )
    return Truth(
        title=lines,
        name=title,
        day=(dice.number(2009, 2021), dice.number(1, 12), dice.number(1, 28)) if dice.chance(96) else None,
        source=dice.one(SOURCES) if dice.chance(92) else None,
        author=dice.one(NAMES) if dice.chance(25) else None,
        section=section,
        breadcrumb=["扶贫前沿", section],
        info_line="",
        body=_body(dice),
    )


def _body(dice: Dice) -> list[str]:
    if dice.chance(5):
        return [dice.one(NOTICES), *(("广东省扶贫开发协会", "二○一三年四月十日") if dice.chance(50) else ())]
    body = [_paragraph(dice) for _ in range(dice.number(2, 7))]
    if dice.chance(15):
        body.insert(dice.number(0, len(body)), dice.one(QUOTING))
    if dice.chance(8):
        body.insert(dice.number(0, len(body) - 1), dice.one(SUBHEADS))
    if dice.chance(6):
        body += dice.some(CONTACT, 3, 5)
    return list(dict.fromkeys(body))


def _paragraph(dice: Dice) -> str:
    return "".join(dice.one(OPENINGS) + dice.one(SENTENCES) for _ in range(dice.number(1, 4)))
