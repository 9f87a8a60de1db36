"""Three walks through the reading room, as a first visitor takes them: for a test, and for docs/walks.md."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from tests.living_site import LivingSite
from tests.sites import crawl, run

BEGIN = datetime(2021, 3, 1, 3, tzinfo=UTC)
WORD = "消费扶贫"
MOST_TABS = 150
HEAD = """# Three walks through the reading room

[中文](zh/walks.md)

What a first visitor sees, step by step. The archive is that of a small invented site, crawled three times: between the first
crawl and the second a number was rewritten, and an article was removed. Pages are in Chinese; **English**, in the menu, shows them in English.

`python docs/room_pictures.py` writes this page and draws its pictures; the tests take the same steps, by mouse and by keyboard.
"""
NEWS = (  # day, section, title, body
    ("2018-12-28", "扶贫要闻", "全省消费扶贫工作现场会在清远召开", "会议要求把贫困村的农产品送进机关食堂、学校和工会，让消费扶贫成为常态。"),
    ("2019-09-20", "部门动态", "省直机关食堂带头采购扶贫产品", "截至8月底，省直机关食堂采购扶贫产品1260万元，消费扶贫带动贫困户2100户。"),
    ("2019-10-17", "协会新闻", "协会会员签下消费扶贫认购书", "42家会员企业当场签约，认购农产品860万元。"),
    ("2020-01-08", "扶贫要闻", "消费扶贫年货节开市三天", "年货节为期三天，21个县的农产品进城，销售额358万元。\n消费扶贫让山货有了稳定的买家。"),
    ("2020-04-15", "部门动态", "直播带货助力消费扶贫", "12位县长走进直播间，两小时卖出春甜桔4.6万斤。"),
    ("2020-06-30", "定点连线", "连山大米搭上消费扶贫的快车", "合作社今年签下订单320吨，比去年多了一倍。"),
    ("2020-09-08", "协会新闻", "消费扶贫月活动启动", "9月1日至30日，全省设专区、专柜、专馆三百多处。"),
    ("2020-11-20", "扶贫要闻", "东西部扶贫协作产品交易市场人气旺", "市场开业以来，消费扶贫交易额累计6.2亿元。"),
    ("2021-01-13", "部门动态", "消费扶贫巩固脱贫成果", "过渡期内，帮扶政策总体稳定。"),
)  # fmt: skip
EDITED, GONE = (NEWS[number][2] for number in (3, 6))


def walked(output: Path) -> Path:
    """An archive of a small site, crawled three times: a number was rewritten, and an article removed. With a release."""
    with LivingSite(now=BEGIN).fill(24, date(2020, 6, 1)) as site:
        for item in site.items:
            item.title = item.title.rpartition("（")[0]
        for day, section, title, body in NEWS:
            item = site.publish(section, date.fromisoformat(day))
            item.title, item.body = title, body
        site.items[9].body = site.items[2].body  # a reprint of the older one
        by_title = {item.title: item for item in site.items}
        for days in (0, 7, 8):
            site.now = BEGIN + timedelta(days=days)
            if days:
                by_title[EDITED].body = by_title[EDITED].body.replace("358万元", "538万元")
                by_title[GONE].gone = True
            done = crawl(output, "--full", "--recheck", "all", "--no-media", proxy=site.url, clock=clock(days))
            assert done.exit_code == 0, done.log
    run("release", "--output", str(output), clock=clock(9))
    return output


def clock(days: float) -> str:
    """The time that many days after the first crawl."""
    return f"{BEGIN + timedelta(days=days):%Y-%m-%dT%H:%M:%SZ}"


@dataclass(frozen=True, slots=True)
class Step:
    """What a person does on a page, and what is seen then."""

    does: Literal["open", "click", "type"]
    what: str
    """The address, the text of a link, or the words for the search box."""
    says: str
    """A sentence of the paper. What it has in bold is on the page: `what` before the step, the rest behind it."""

    @property
    def shown(self) -> tuple[str, ...]:
        """What is on the page behind the step."""
        return tuple(each for each in re.findall(r"\*\*(.+?)\*\*", self.says) if each != self.what)


@dataclass(frozen=True, slots=True)
class Walk:
    """From the first page to an answer."""

    name: str
    """Of its pictures."""
    question: str
    steps: tuple[Step, ...]


WALKS = (
    Walk("edited", "Was an article edited, and what changed?", (
        Step("open", "/", "Open the reading room. It begins with what changed: **有修改** 1."),
        Step("click", "消失与修改", "Click **消失与修改** (gone and edited). Edits of numbers come first: **数字有变**."),
        Step("click", EDITED, f"Click **{EDITED}**. **版本 1 与版本 2 的差异** has the whole text: **358** was deleted, **538** inserted."),
        Step("click", "左右并排", "Click **左右并排** (side by side) to read **版本 1** beside **版本 2**."),
    )),
    Walk("removed", "Was an article removed, and what proves it?", (
        Step("open", "/", "Open the reading room. It begins with what changed: **已消失** 1."),
        Step("click", "消失与修改", "Click **消失与修改** (gone and edited). There are two lists; the other one is **网站上已找不到的文章** 1."),
        Step("click", "网站上已找不到的文章", "Click **网站上已找不到的文章** (articles that the site does not show any more). It was last seen on **2021-03-01**."),
        Step("click", GONE, f"Click **{GONE}**. The text is kept; the notice above it has **自 2021-03-08 起查看过 2 次，都没有找到**."),
        Step("click", "出处证明", "Click **出处证明** (proof). The table has each capture with its digest: **已读取** once, then **没有找到 404** twice. **下载证明包**, below the text, packs them for others."),
        Step("click", "2021-03-08T03:00", "Click **2021-03-08T03:00**, the time of a capture. This is what the site answered then: **404 Not Found**."),
    )),
    Walk("counted", f"How many articles of 2020 have {WORD}?", (
        Step("open", "/", "Open the reading room. The search box is at its top."),
        Step("type", WORD, f"Type **{WORD}** and press Enter: **找到 9 篇**, with counts by section and year."),
        Step("click", "2020", "Click **2020** below **年份** (year): **找到 5 篇**. That is the answer; the address of this page can be cited."),
        Step("click", "趋势", "Click **趋势** (trends) for more than one year."),
        Step("type", WORD, f"Type **{WORD}** and click the button. **点击图上的点或表中的数字** (click a point of the chart or a number of the table)."),
        Step("click", f"{WORD} 2020: 5", f"Click the point of 2020, **{WORD} 2020: 5**. It leads to the same articles: **找到 5 篇**."),
    )),
)  # fmt: skip


def taken(page: Any, step: Step, room: str, *, by_keyboard: bool = False) -> None:
    """Takes a step in a page of a browser. `room`: the address of the reading room."""
    match step.does:
        case "open":
            page.goto(room + step.what)
        case "click":
            named = page.get_by_role("link", name=step.what, exact=True)
            link = (named if named.count() else page.get_by_role("link", name=step.what)).first
            if by_keyboard:
                _tab_to(page, link)
                page.keyboard.press("Enter")
            else:
                link.click()
        case "type":
            box = page.locator("main form").first.locator("input[type=search], textarea")
            button = page.locator("main form button").first
            if by_keyboard:
                _tab_to(page, box)
                page.keyboard.type(step.what)
                _tab_to(page, button)
                page.keyboard.press("Enter")
            else:
                box.fill(step.what)
                button.click()
    for each in step.shown:
        page.get_by_text(each).first.wait_for(timeout=10_000)


def _tab_to(page: Any, element: Any) -> None:
    found = element.element_handle()  # looked for once, not after each key
    for _ in range(MOST_TABS):
        if found.evaluate("each => each === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{MOST_TABS} tabs do not lead to {element}")


def picture(walk: Walk, number: int) -> str:
    """The name of the picture behind a step, from 1."""
    return f"walk-{walk.name}-{number}.png"


def paper() -> str:
    """docs/walks.md."""
    parts = [HEAD]
    for walk in WALKS:
        parts.append(f"## {walk.question}\n")
        for number, step in enumerate(walk.steps, 1):
            parts.append(f"{number}. {step.says}\n\n   ![Behind step {number}](room/{picture(walk, number)})\n")
    return "\n".join(parts)
