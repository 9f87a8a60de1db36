"""Layouts: what no page shows alone is learned from many, and nothing wrong is learned from labels that are wrong."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdfupin_spider import pages
from gdfupin_spider.items import Capture, Proof
from gdfupin_spider.pages.learning.lessons import Lessons
from gdfupin_spider.pages.learning.titles import cleaned
from gdfupin_spider.profiles import Profile, load, with_layouts
from gdfupin_spider.profiles.layouts import NONE, Layouts, files

HOST = "http://county.example"
PLACES = (
    "青溪",
    "白石",
    "龙门",
    "大埔",
    "连山",
    "阳春",
    "信宜",
    "高要",
    "陆河",
    "乳源",
    "南雄",
    "新丰",
    "始兴",
    "仁化",
)
WORKS = (
    "修通村道",
    "种下茶苗",
    "办起夜校",
    "引来清泉",
    "改造危房",
    "建成鱼塘",
    "分红到户",
    "装上路灯",
    "卖出柑橘",
    "请来医生",
)
WORDS = ("茶苗", "鱼塘", "柑橘", "水渠", "夜校", "路灯", "桥梁", "农机", "竹笋", "蜂蜜", "药材", "稻田")
TEMPLATE_LINES = ("双击自动滚屏", "本页仅供内部浏览", "青溪县农村信息站", "电话 0751-8812345 传真 0751-8812346")


@dataclass(frozen=True)
class Story:
    """An article that a made-up site prints."""

    number: int
    title: str
    day: str
    body: tuple[str, ...]

    @property
    def url(self) -> str:
        return f"{HOST}/show.asp?id={self.number}"


def stories(count: int) -> list[Story]:
    draw = random.Random(count)
    made = []
    for number in range(1, count + 1):
        place, work = draw.choice(PLACES), draw.choice(WORKS)
        day = f"201{draw.randint(0, 9)}-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}"
        text = [
            f"{place}镇第{number}村{draw.choice(WORKS)}，共有{draw.randint(20, 900)}户受益，村民说日子比往年好过。"
            for _ in range(draw.randint(1, 6))
        ]
        if draw.random() < 0.4:
            text.insert(0, f"{draw.randint(2, 60)}天时间")  # short, like a caption or a line of template
        made.append(Story(number, f"{place}镇第{number}村{work}", day, tuple(text)))
    return made


def plain_tables(story: Story) -> str:
    """Nested tables without a class; a hint line above the info line, the text in the cell of the title."""
    text = "<br>".join(f"　　{line}" for line in story.body)
    return (
        "<html><head><title>信息站</title></head><body><table><tr><td>首页</td><td><a href='list.asp?c=1'>动态</a></td></tr>"
        "</table><table><tr><td><table><tr><td><a href='list.asp?c=1'>动态</a><br><a href='list.asp?c=2'>公告</a></td></tr></table>"
        f"</td><td><table><tr><td align=center><b>{story.title}</b></td></tr><tr><td>双击自动滚屏</td></tr>"
        f"<tr><td>{text}</td></tr></table></td></tr></table>"
        "<table><tr><td>青溪县农村信息站<br>电话 0751-8812345 传真 0751-8812346</td></tr></table></body></html>"
    )


def dated_blocks(story: Story) -> str:
    """Blocks with classes; the date without label or words, far from the title, and a related list with dates."""
    text = "".join(f"<p>{line}</p>" for line in story.body)
    rows = "".join(f"<li><a href='show.asp?id={n}'>旧闻{n}则</a> 2001-1-{n}</li>" for n in (2, 3, 5, 7))
    year, month, day = story.day.split("-")
    return (
        "<html><head><title>信息站</title></head><body><div class=top>本页仅供内部浏览</div>"
        f"<div class=main><div class=name>{story.title}</div><div class=share>双击自动滚屏</div>{text}"
        f"<div class=when>{year}年{int(month)}月{int(day)}日</div></div><div class=side><ul>{rows}</ul></div>"
        "<div class=foot>青溪县农村信息站 电话 0751-8812345 传真 0751-8812346</div></body></html>"
    )


def listing(shown: Sequence[Story], number: int, labels: dict[int, str] | None = None) -> str:
    rows = "".join(
        f"<tr><td>·<a href='show.asp?id={story.number}'>{(labels or {}).get(story.number, story.title)}</a></td><td>{story.day}</td></tr>"
        for story in shown
    )
    return f"<html><body><table>{rows}</table><a href='list.asp?c=1&page={number + 1}'>下一页</a></body></html>"


def capture(url: str, html: str) -> Capture:
    return Capture(
        url,
        "2026-11-20T03:04:05Z",
        200,
        (("Content-Type", "text/html; charset=utf-8"),),
        html.encode(),
        Proof("x", 0, url),
    )


DRESSES = {"plain tables": plain_tables, "dated blocks": dated_blocks}


def site(dress: str, count: int, labels: dict[int, str] | None = None) -> tuple[list[Story], list[Capture]]:
    """The articles of a site, and its captures: listings of twenty rows, and all articles."""
    made = stories(count)
    listings = [
        capture(f"{HOST}/list.asp?c=1&page={at // 20 + 1}", listing(made[at : at + 20], at // 20 + 1, labels))
        for at in range(0, count, 20)
    ]
    return made, [*listings, *(capture(story.url, DRESSES[dress](story)) for story in made)]


@pytest.fixture(scope="module")
def county() -> Profile:
    return replace(load("general"), hosts=("county.example",))


def learned(profile: Profile, captures: Sequence[Capture]) -> Layouts:
    lessons = Lessons(profile)
    for each in captures:
        lessons.add(each)
    return lessons.layouts()


def read(profile: Profile, story: Story, dress: str) -> tuple[str | None, str | None, str | None]:
    """Title, date and body of an article."""
    reading = pages.article((pages.read(capture(story.url, DRESSES[dress](story)), profile),))
    article = reading.article
    return (article.title, article.date, article.body) if article is not None else (None, None, None)


def truth(story: Story, dress: str) -> tuple[str, str | None, str]:
    return story.title, story.day if dress == "dated blocks" else None, "\n".join(story.body)


@pytest.mark.parametrize("dress", DRESSES)
def test_what_no_page_shows_alone_is_learned_from_many(county: Profile, dress: str) -> None:
    made, captures = site(dress, 60)
    profile = with_layouts(county, learned(county, captures))
    assert [read(profile, story, dress) for story in made] == [truth(story, dress) for story in made]


@pytest.mark.parametrize("dress", DRESSES)
def test_new_pages_are_read_by_the_layout_of_old_ones(county: Profile, dress: str) -> None:
    profile = with_layouts(county, learned(county, site(dress, 40)[1]))
    new = stories(90)[60:]
    assert [read(profile, story, dress) for story in new] == [truth(story, dress) for story in new]


def test_fewer_than_ten_pages_teach_no_layout(county: Profile) -> None:
    assert learned(county, site("plain tables", 9)[1]).all == ()
    assert not NONE.digest


CRUMB = "<div>当前位置：<a href='/'>首页</a> &gt; <a href='list.asp?c=1'>动态</a></div>"


def below_the_breadcrumb(address: str, title: str, text: str) -> Capture:
    """A page without info line: breadcrumb, title, text."""
    return capture(f"{HOST}/{address}", f"<html><body>{CRUMB}<h2>{title}</h2><p>{text}</p></body></html>")


def test_a_short_page_without_info_line_is_an_article_where_rows_print_the_titles(county: Profile) -> None:
    made = stories(4)
    short = [
        below_the_breadcrumb(f"show.asp?id={story.number}", story.title, "因管道维修，青溪镇今日停水，请各户提前备水。")
        for story in made
    ]
    rows = {story.number: f"{story.title}[查看全文]" for story in made}
    site = [capture(f"{HOST}/list.asp?c=1&page=1", listing(made, 1, rows)), *short]
    assert [pages.read(page, county).kind for page in short] == ["unknown"] * 4
    profile = with_layouts(county, learned(county, site))
    found = [pages.article((pages.read(page, profile),)).article for page in short]
    assert [article and (article.title, article.body) for article in found] == [
        (s.title, "因管道维修，青溪镇今日停水，请各户提前备水。") for s in made
    ]
    elsewhere = below_the_breadcrumb(
        "about.asp?id=1", "青溪县农村信息站的由来", "因管道维修，青溪镇今日停水，请各户提前备水。"
    )
    assert pages.read(elsewhere, profile).kind == "unknown"


def test_a_page_without_info_line_that_no_listing_has_is_noted_and_left_out(county: Profile) -> None:
    about = below_the_breadcrumb("about.asp", "青溪县农村信息站的由来", stories(1)[0].body[0] * 4)
    assert pages.read(about, county).kind == "article"
    profile = with_layouts(county, learned(county, [*site("plain tables", 5)[1], about]))
    page = pages.read(about, profile)
    assert (page.kind, [issue.what for issue in page.issues]) == ("unknown", ["unsupported-article"])


def test_neighbours_at_the_end_are_no_text_even_without_a_link(county: Profile) -> None:
    """The first article has no article before it, so that its line for it is not a link; a button is below."""

    def with_neighbours(story: Story) -> Capture:
        before = f"<a href='show.asp?id={story.number - 1}'>{2 * story.title}</a>" if story.number > 1 else "nothing"
        after = f"<a href='show.asp?id={story.number + 1}'>{story.title[::-1]}</a>"
        lines = (f"Older: {before}", f"Newer: {after}", "<a href='list.asp?c=1'>To the list</a>")
        end = "<ul>" + "".join(f"<li>{line}</li>" for line in lines) + "</ul></td></tr></table></td></tr></table>"
        return capture(story.url, plain_tables(story).replace("</td></tr></table></td></tr></table>", end))

    made, captures = site("plain tables", 30)
    captures = [*captures[:2], *map(with_neighbours, made)]
    profile = with_layouts(county, learned(county, captures))
    for story in made:
        article = pages.article((pages.read(with_neighbours(story), profile),)).article
        assert article is not None
        assert article.body == "\n".join(story.body)


@pytest.mark.parametrize("seed", range(6))
def test_text_in_the_same_kind_of_cell_as_the_neighbours_is_no_tail(county: Profile, seed: int) -> None:
    """Most articles are paragraphs; some are lines in a cell like those of the neighbours and the button below."""
    draw = random.Random(seed)
    made = [
        replace(story, body=tuple(f"{''.join(draw.sample(WORDS, 4))}：{line}" for line in story.body))
        for story in stories(25 + seed)  # no two pages share a line
    ]
    in_lines = {story.number for story in made if draw.random() < 0.25}

    def page(story: Story) -> Capture:
        text = "".join(f"<p>{line}</p>" for line in story.body)
        if story.number in in_lines:
            text = "<br>".join(story.body)
        cells = (
            f"<h2>{story.title}</h2>",
            f"Seen: {story.day}",
            text,
            f"Older: <a href='show.asp?id={story.number - 1}'>{story.title[::-1]}</a>"
            if story.number > 1
            else "Older: no",
            f"Newer: <a href='show.asp?id={story.number + 1}'>{2 * story.title}</a>",
            "<a href='list.asp?c=1'>To the list</a>",
        )
        rows = "".join(f"<tr><td>{cell}</td></tr>" for cell in cells)
        return capture(story.url, f"<html><body><table>{rows}</table><p>青溪县农村信息站</p></body></html>")

    captures = [capture(f"{HOST}/list.asp?c=1&page=1", listing(made, 1)), *map(page, made)]
    profile = with_layouts(county, learned(county, captures))
    articles = [pages.article((pages.read(page(story), profile),)).article for story in made]
    assert [article and article.body for article in articles] == ["\n".join(story.body) for story in made]


@settings(max_examples=8, deadline=None)
@given(order=st.randoms(use_true_random=False), dress=st.sampled_from(sorted(DRESSES)))
def test_the_order_of_the_captures_makes_no_difference(order: random.Random, dress: str) -> None:
    county = load("general")
    captures = site(dress, 30)[1]
    known = files(learned(county, captures))
    order.shuffle(captures)
    assert files(learned(county, captures)) == known


@pytest.mark.parametrize("dress", DRESSES)
@pytest.mark.parametrize("share", [0.05, 0.1, 0.2, 0.4])
def test_wrong_labels_teach_nothing_wrong(county: Profile, dress: str, share: float) -> None:
    """Less may be published; what is published is right."""
    made = stories(60)
    draw = random.Random(share)
    labels = {story.number: draw.choice(made).title for story in made if draw.random() < share}
    _, captures = site(dress, 60, labels)
    layouts = learned(county, captures)
    profile = with_layouts(county, layouts)
    if share <= 0.2:
        assert layouts
    for story in made if layouts else ():
        assert read(profile, story, dress) in (truth(story, dress), (None, None, None))


def test_rows_that_say_nothing_are_no_labels(county: Profile) -> None:
    made = stories(40)
    _, captures = site("plain tables", 40, {story.number: "查看详情" for story in made})
    for layout in learned(county, captures).all:
        assert "查看详情" not in str(layout)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("·[图文] 白石镇修通村道…  [2019-3-5]", ("白石镇修通村道", True)),
        ("■ 2019-3-5 龙门镇种下茶苗", ("龙门镇种下茶苗", False)),
        ("2020年12月全县油茶报价", ("2020年12月全县油茶报价", False)),
        ("详情", None),
    ],
)
def test_a_rows_text_is_cleaned(text: str, label: tuple[str, bool] | None) -> None:
    assert cleaned(text) == label


@pytest.mark.parametrize("dress", DRESSES)
@pytest.mark.parametrize(
    "line", ["青溪县农村信息站", "电话 0751-8812345 传真 0751-8812346", "版权所有：青溪县农村信息站"]
)
def test_an_article_may_repeat_the_lines_of_the_footer(county: Profile, dress: str, line: str) -> None:
    made, captures = site(dress, 40)
    with_line = [replace(story, body=(*story.body, line, "以上联系方式有效期至年底。")) for story in made[:6]]
    with_line += [replace(story, body=(*story.body, line)) for story in made[6:12]]
    captures = [*captures[:2], *(capture(story.url, DRESSES[dress](story)) for story in (*with_line, *made[12:]))]
    profile = with_layouts(county, learned(county, captures))
    for story in with_line:
        assert read(profile, story, dress) == truth(story, dress)


def test_two_templates_under_one_address_are_two_layouts(county: Profile) -> None:
    made = stories(60)
    captures = site("plain tables", 60)[1][:3]
    dress = {story.number: ("plain tables", "dated blocks")[story.number > 30] for story in made}
    captures += [capture(story.url, DRESSES[dress[story.number]](story)) for story in made]
    layouts = learned(county, captures)
    assert len(layouts.all) == 2
    profile = with_layouts(county, layouts)
    assert [read(profile, s, dress[s.number]) for s in made] == [truth(s, dress[s.number]) for s in made]


def test_a_title_that_several_pages_share_is_noted(county: Profile) -> None:
    def other(number: int) -> Capture:
        text = f"<p>第{number}村的路修到了家门口，运出去的柑橘卖了好价钱，乡亲们都说明年还要多种几亩。</p>"
        info = "<p>发布时间：2016-03-05 来源：青溪日报</p>"
        return capture(f"{HOST}/notice-{number}.htm", f"<html><body><h2>双击自动滚屏</h2>{info}{text}</body></html>")

    others = [other(number) for number in range(4)]
    _, captures = site("plain tables", 30)
    profile = with_layouts(county, learned(county, [*captures, *others]))
    for page in (pages.read(each, profile) for each in others):
        assert (page.kind, [issue.what for issue in page.issues]) == ("article", ["shared-title"])


def test_the_digest_of_a_profile_covers_its_layouts(county: Profile) -> None:
    layouts = learned(county, site("plain tables", 20)[1])
    with_them = with_layouts(county, layouts)
    assert with_them.digest != county.digest
    assert with_layouts(with_them, NONE).digest == county.digest
    assert pages.reader(with_them) != pages.reader(county)
