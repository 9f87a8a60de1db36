"""The leak check: template that was taken for text, and listings that name an article differently."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from gdfupin_spider import pages
from gdfupin_spider.items import Article, Attachment, Capture, Kind, Proof
from gdfupin_spider.ledger import boilerplate
from gdfupin_spider.ledger.boilerplate import BoilerplateChecker
from gdfupin_spider.ledger.page_facts import RowFacts, facts_of
from gdfupin_spider.pages.listing.title_match import agrees
from gdfupin_spider.probe.boilerplate_table import boilerplate_table
from gdfupin_spider.profiles import load
from gdfupin_spider.storage.counts import RecurringLine, TitleCheck, TitleDifference
from gdfupin_spider.terminal import console
from tests.sites import Crawl

PROFILE = load("gdfupin")
ARTICLE = Article(
    id="gdfupin-000000000000", url="", title="", date=None, source=None, author=None, section=None, breadcrumb=(),
    info_line=None, body="", images=(), attachments=(), content_sha256="", captured_at="", origin="live", captures=(),
    encoding="utf-8", reader="",
)  # fmt: skip


def article(number: int, *lines: str, title: str = "") -> Article:
    """An article of some paragraphs of its own, with these lines behind them."""
    own = [f"{hashlib.sha256(f'{number} {line}'.encode()).hexdigest()}。" for line in range(8)]
    url = f"http://www.gdfupin.org.cn/show.asp?id={number}"
    return replace(ARTICLE, url=url, title=title or f"题{number}", body="\n".join((*own, *lines)))


def listing(*rows: str) -> tuple[Kind, frozenset[int], tuple[RowFacts, ...]]:
    """A page whose rows lead to the articles 0, 1, 2 …; each row as it stands in the link, perhaps with attributes."""
    links = "".join(
        f'<tr><td><a href="show.asp?id={number}"{row}</a></td><td>2013-5-{number + 1}</td></tr>'
        for number, row in enumerate(rows)
    )
    html = f"<p>欢迎访问广东扶贫网</p><p>当前位置:首页->>扶贫要闻</p><table>{links}</table><p>关注我们的公众号</p>"
    head = (("Content-Type", "text/html; charset=utf-8"),)
    url = "http://www.gdfupin.org.cn/list.asp?ClassID=3"
    capture = Capture(url, "2026-01-01T00:00:00Z", 200, head, html.encode(), Proof("", 0, ""))
    page = pages.read(capture, PROFILE)
    assert page.kind == "listing"
    facts = facts_of(page)
    return facts.kind, facts.printed, facts.rows


def looked_at(*articles: Article) -> BoilerplateChecker:
    found = BoilerplateChecker(PROFILE)
    for one in articles:
        found.article(one)
    return found


def test_a_line_at_the_end_of_many_bodies_is_reported_with_an_example() -> None:
    report = looked_at(*(article(n, *(["关注我们的公众号"] if n % 4 == 0 else [])) for n in range(100))).result()
    [example] = report.recurring_lines.examples
    url = "http://www.gdfupin.org.cn/show.asp?id=8"
    assert example == RecurringLine("关注我们的公众号", articles=25, share=0.25, other_pages=0, url=url)


def test_a_counter_is_one_line_whatever_it_counts() -> None:
    found = looked_at(*(article(n, f"您是第 {n * 37} 位读者朋友") for n in range(20)))
    assert [one.articles for one in found.recurring()] == [20]


def test_sentences_that_differ_in_their_figures_are_different() -> None:
    assert looked_at(*(article(n, f"全省共有{n}个村参加了活动。") for n in range(20))).recurring() == []


@pytest.mark.parametrize("line", ["特此通知", "2013年3月5日", "附件1", "广东省扶贫开发协会", "***"])
def test_short_lines_that_honest_texts_share_are_no_leak(line: str) -> None:
    assert looked_at(*(article(n, *([line] if n % 8 == 0 else [])) for n in range(80))).recurring() == []


def test_even_a_short_line_on_most_articles_is_a_leak() -> None:
    assert [one.line for one in looked_at(*(article(n, "【打印本页】") for n in range(10))).recurring()] == [
        "【打印本页】"
    ]


def test_a_line_of_few_articles_is_a_leak_where_listings_print_it_too() -> None:
    found = looked_at(*(article(n, *(["关注我们的公众号"] if n < 3 else [])) for n in range(300)))
    assert found.recurring() == []
    for _ in range(3):
        found.page(*listing(">甲", ">乙", ">丙"))
    [line] = found.recurring()
    assert (line.line, line.articles, line.other_pages) == ("关注我们的公众号", 3, 3)


def test_memory_is_bounded_and_a_leak_is_not_lost_in_a_large_crawl() -> None:
    found = looked_at(*(article(n, *(["关注我们的公众号"] if n % 15 == 0 else [])) for n in range(5000)))
    assert len(list(found._bodies.items())) <= boilerplate.KEPT
    [line] = found.recurring()
    assert line.articles == 334


def test_the_name_of_an_attachment_is_no_leak() -> None:
    file = Attachment("http://www.gdfupin.org.cn/a.xls", "附件：捐赠名单.xls")
    them = (replace(article(n, file.name), attachments=(file,)) for n in range(20))
    assert looked_at(*them).recurring() == []


TITLE = "关于举办“丰收•喜悦”2016年广东省扶贫摄影展的通知"


@pytest.mark.parametrize(
    "row",
    [
        f">{TITLE}",
        ">关于举办“丰收•喜悦”2016年…",
        ">关于举办“丰收•喜悦”2016年...",
        ">关于举办“丰收•喜悦”2016年广东",
        ">· 关于举办“丰收",
        ">[扶贫要闻]关于举办“丰收•喜悦”2016年",
        ">关于举办…摄影展的通知",
        f">{TITLE}(2016-03-11)",
        ">2016-03-11 关于举办“丰收•喜悦”",
        ">关于举办\"丰收·喜悦\"2016年广东省扶贫摄影展的通知",
        ' title="关于举办"丰收•喜悦"2016年广东省扶贫摄影展的通知">关于举办“丰收•喜悦',
        f' title="{TITLE}2016-03-11">关于举办',
        ">[详细]",
        ">关于举办“丰收•喜悦”2016年广东省扶贫摄影展的通知(图)",
        ">关于举办“丰收•喜悦”2016年广东省扶贫摄影展的通知 new!",
    ],
)  # fmt: skip
def test_a_title_that_a_listing_cut_or_broke_agrees(row: str) -> None:
    found = looked_at(article(0, title=TITLE))
    found.page(*listing(row, ">别的文章甲", ">别的文章乙"))
    assert (found.compared, found.result().titles.disagree) == (1, 0)


@pytest.mark.parametrize("row", [">全省扶贫开发工作会议召开", ">关于举办摄影展的通告", ">关于举办“丰收•喜悦”2015年…"])
def test_another_title_disagrees_and_is_an_example(row: str) -> None:
    found = BoilerplateChecker(PROFILE)
    found.page(*listing(row, ">别的文章甲", ">别的文章乙"))  # the listing comes first, as in a crawl
    one = article(0, title=TITLE)
    found.article(one)
    assert found.result().titles == TitleCheck(1, 1, (TitleDifference(one.url, row[1:], TITLE),))
    assert found.disagrees(one.url)


def test_a_title_with_its_subtitle_agrees_with_either() -> None:
    title = "把群众当亲人 ——驻村干部风采录"
    assert agrees("把群众当亲人", title)
    assert agrees("驻村干部风采录:把群众当亲人", title) is False


def test_a_crawl_reports_what_it_compared_and_finds_no_leak_in_the_replica(
    crawled_extract: Callable[[str], Crawl],
) -> None:
    report = crawled_extract("asp-tables").answer["leaks"]
    assert report["articles"] == crawled_extract("asp-tables").answer["articles"]
    assert report["titles"]["compared"] > 100
    assert report["titles"]["examples"] == []
    assert report["recurring_lines"]["examples"] == []


def test_the_summary_shows_leaks_and_nothing_where_there_are_none(capsys: pytest.CaptureFixture[str]) -> None:
    found = looked_at(*(article(n, "关注我们的\x1b[31m公众号") for n in range(10)))
    found.page(*listing(">全省扶贫开发工作会议召开", ">别的文章甲", ">别的文章乙"))
    table = boilerplate_table(found.result(), Path("output/crawls/a-crawl"))
    assert table is not None
    console().print(table)
    answer = capsys.readouterr().out
    assert "关注我们的␛[31m公众号" in answer
    assert "10 articles" in answer
    assert "全省扶贫开发工作会议召开" in answer
    assert boilerplate_table(looked_at(article(1)).result(), Path("output")) is None


def test_what_is_suggested_as_an_end_ends_a_body_though_a_counter_follows_at_once(tmp_path: Path) -> None:
    profile = tmp_path / "x.toml"
    profile.write_text('name = "x"\ntitle = "某网"\nbody_end = ["此文已传阅"]\n', "utf-8")
    prose = "社会保险扶贫是精准扶贫的重要组成部分，也是有力举措。" * 4
    html = f"<p>题目某某</p><p>加入时间:2013-4-5 来源:县报</p><div><p>{prose}</p><p>此文已传阅1234人</p></div>"
    assert pages.read_article(html.encode(), profile=str(profile))["body"] == prose
    kept = html.replace("此文已传阅1234人", "此文已传阅到村里")
    assert pages.read_article(kept.encode(), profile=str(profile))["body"].endswith("此文已传阅到村里")
