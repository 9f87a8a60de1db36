"""The history of the site: the events of six epochs after the first, as data."""

import functools
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import TypedDict

from .content import invent, stories
from .story import AttachmentLink, Block, Paragraph, Picture, Story

LAST = 6
DAYS = (date(2021, 6, 20), *(date(2021, month, 5) for month in range(7, 7 + LAST)))
"""Date of each epoch, including the first."""
REDESIGN = 5
"""From this epoch on the site has another markup, and every article another URL."""


class StoryFields(TypedDict, total=False):
    """Fields of a story that an edit may change."""

    title: tuple[str, ...]
    sections: tuple[str, ...]
    blocks: tuple[Block, ...]
    day: tuple[int, int, int]
    source: str
    author: str


@dataclass(frozen=True)
class Added:
    """A new article; backdated if its day is long before the epoch's."""

    story: Story


@dataclass(frozen=True)
class Edited:
    """Fields of a story get new values: text, title, date, source, caption, section."""

    number: int
    fields: StoryFields


@dataclass(frozen=True)
class Removed:
    number: int


@dataclass(frozen=True)
class Restored:
    """A removed story is restored unchanged."""

    number: int


Event = Added | Edited | Removed | Restored


@functools.cache
def events() -> dict[int, tuple[Event, ...]]:
    """Epoch to the events since the epoch before."""
    return {
        1: (
            _new(1, 0, "扶贫要闻"), _new(1, 1, "协会新闻"), _new(1, 2, "国际交流"), _new(1, 3, "扶贫要闻"),
            _edit(20, lambda story: {"blocks": (*story.blocks, Paragraph("（本文有更正，户数以县里公布的为准。）"))}),
            _edit(77, lambda story: {"blocks": _first(story, lambda text: text.replace("。", "！", 1))}),
            _edit(120, lambda story: {"source": "南方杂志"}),
        ),
        2: (
            _new(2, 0, "定点连线", date(2012, 3, 14)), _new(2, 1, "地市联播", date(2015, 8, 8)),
            _new(2, 2, "省外要闻", date(2018, 11, 2)),
            _edit(33, lambda story: {"title": (story.title[0] + "（修订）",)}),
            _edit(150, lambda story: {"title": ("图文：" + story.title[0],)}),
            _edit(60, lambda story: {"day": (story.online.year, story.online.month, story.online.day % 28 + 1)}),
        ),
        3: (
            Removed(_plain(10).number), Removed(_plain(90).number),
            Removed(_plain(181).number), Removed(_plain(230).number),
            _new(3, 0, "会员快讯"), _new(3, 1, "对口帮扶"),
            _edit(20, lambda story: {"blocks": (*story.blocks[1:], Paragraph("（编者注：首段已删。）"))}),
        ),
        4: (
            _edit(45, lambda story: {"sections": (_other(story),)}),
            _edit(99, lambda story: {"sections": (_other(story),)}),
            _edit(202, lambda story: {"sections": (_other(story),)}),
            Restored(_plain(90).number),
            _edit(0, lambda story: {"blocks": _captioned(story)}, _pictured),
            _edit(0, lambda story: {"blocks": _renamed(story)}, _attached),
            _edit(140, lambda story: {"author": "莫晓岚"}),
        ),
        5: (_new(5, 0, "高层连线"), _new(5, 1, "部门动态")),
        6: (
            Removed(_plain(33).number), Removed(_plain(160).number),
            _new(6, 0, "扶贫要闻"), _new(6, 1, "地市联播"), _new(6, 2, "对口帮扶", date(2014, 4, 4)),
            _edit(110, lambda story: {"title": (story.title[0] + "（图）",)}),
            _edit(170, lambda story: {"blocks": story.blocks[:-1]}),
        ),
    }  # fmt: skip


def happened(epoch: int) -> tuple[Story, ...]:
    """All stories at an epoch, by number."""
    if not 0 <= epoch <= LAST:
        raise ValueError(f"no epoch {epoch}; there are 0 to {LAST}")
    now = {story.number: story for story in stories()}
    removed: dict[int, Story] = {}
    for past in range(1, epoch + 1):
        for event in events()[past]:
            match event:
                case Added(story):
                    now[story.number] = story
                case Edited(number, fields):
                    now[number] = replace(now[number], touched=DAYS[past], **fields)
                case Removed(number):
                    removed[number] = now.pop(number)
                case Restored(number):
                    now[number] = removed.pop(number)
    return tuple(now[number] for number in sorted(now))


@functools.cache
def _changing() -> frozenset[int]:
    """Numbers of the stories that an event is about."""
    known: set[int] = set()
    for event in (event for of_epoch in events().values() for event in of_epoch):
        known.add(event.story.number if isinstance(event, Added) else event.number)
    return frozenset(known)


def is_in_extract(story: Story) -> bool:
    """Whether a story is in the extract of the site: each awkward one, each that ever changes, and every sixth of the others."""
    return story.case is not None or story.number in _changing() or story.number % 6 == 0


def _plain(index: int) -> Story:
    """The `index`-th ordinary story of the first epoch."""
    return _candidates()[index]


@functools.cache
def _candidates() -> list[Story]:
    return [
        story
        for story in stories()
        if story.case is None and len(story.blocks) > 2 and isinstance(story.blocks[-1], Paragraph)
        and any(isinstance(block, Paragraph) and "。" in block.text for block in story.blocks[1:-1])
    ]  # fmt: skip


def _new(epoch: int, index: int, section: str, day: date | None = None) -> Added:
    story = invent(f"epoch:{epoch}:{index}", section, day or DAYS[epoch])
    return Added(replace(story, number=stories()[-1].number + 10 * epoch + index, touched=DAYS[epoch]))


def _edit(index: int, fields: Callable[[Story], StoryFields], pick: Callable[[int], Story] = _plain) -> Edited:
    story = pick(index)
    return Edited(story.number, fields(story))


def _pictured(index: int) -> Story:
    return [story for story in stories() if story.case == "captions under pictures"][index]


def _attached(index: int) -> Story:
    return [story for story in stories() if story.case == "several attachments"][index]


def _first(story: Story, change: Callable[[str], str]) -> tuple[Block, ...]:
    """The blocks with the first paragraph changed."""
    at = next(n for n, block in enumerate(story.blocks) if isinstance(block, Paragraph) and "。" in block.text)
    block = story.blocks[at]
    assert isinstance(block, Paragraph)
    return (*story.blocks[:at], replace(block, text=change(block.text)), *story.blocks[at + 1 :])


def _captioned(story: Story) -> tuple[Block, ...]:
    return tuple(
        replace(block, caption=f"{block.caption}（资料图）") if isinstance(block, Picture) and block.caption else block
        for block in story.blocks
    )


def _renamed(story: Story) -> tuple[Block, ...]:
    return tuple(
        replace(block, name=block.name.replace("汇总表", "汇总表（新）"))
        if isinstance(block, AttachmentLink)
        else block
        for block in story.blocks
    )


def _other(story: Story) -> str:
    return "扶贫要闻" if story.sections[0] != "扶贫要闻" else "部门动态"
