"""What one page can decide alone: where its info line is, where its article ends, and what of it a reader sees."""

import pytest

from gdfupin_spider import read_article, read_page
from gdfupin_spider.pages.article import labels
from gdfupin_spider.pages.text import dates
from gdfupin_spider.pages.words import words_of
from gdfupin_spider.profiles import load

URL = "http://www.lin.example/show.asp?id=7"
TEXT = "村里的老茶园今年重新开了园，三十多户人家一起修枝、除草，等着清明前后采第一批新芽。"
MORE = "茶农说，去年的新茶卖了好价钱，今年大家都有信心把茶园管好，让游客也来住一住。"
PARAGRAPHS = f"<p>{TEXT}</p><p>{MORE}</p>"
CRUMB = "<div>当前位置：<a href=/>首页</a> &gt; <a href=/l.asp?c=2>乡村动态</a></div>"
INFO = "<p>发布时间：2016-03-05 来源：林县日报</p>"
FOOT = "<div><p>版权所有：林县茶业网</p><p>电话：0100-7654321</p></div>"


def page(middle: str, info: str = INFO, crumb: str = CRUMB, title: str = "老茶园开园", head: str = "") -> bytes:
    return (
        f"<html><head><meta charset=utf-8><title>林县茶业网</title>{head}</head><body>{crumb}"
        f"<h2>{title}</h2>{info}<div id=c>{middle}</div>{FOOT}</body></html>"
    ).encode()


def fields(payload: bytes) -> dict[str, object]:
    return read_article(payload, None, URL, "general")


def test_a_page_without_info_line_is_an_article_without_date() -> None:
    payload = f"<title>林县茶业网</title>{CRUMB}<div><div>老茶园开园</div>{PARAGRAPHS}<p>林县茶业局</p><p>2016年3月4日</p></div>{FOOT}"
    reading = read_page(payload.encode(), URL, profile="general")
    assert reading.kind == "article"
    assert reading.article is not None
    assert (reading.article.title, reading.article.date) == ("老茶园开园", None)


def test_dates_in_a_table_are_no_info_line() -> None:
    rows = "".join(f"<tr><td>茶叶{n}号</td><td>2016年3月{n}日</td><td>{n}百斤</td></tr>" for n in range(1, 5))
    got = fields(page(f"<table>{rows}</table>", info=""))
    assert (got["title"], got["date"]) == ("老茶园开园", None)
    assert "茶叶1号" in str(got["body"])


def test_a_date_in_brackets_above_an_info_line_belongs_to_the_title() -> None:
    got = fields(page(PARAGRAPHS, title="老茶园开园<br>（2016年2月1日）", info="<p>2016-03-05 10:20</p>"))
    assert (got["title"], got["date"]) == ("老茶园开园 （2016年2月1日）", "2016-03-05")


@pytest.mark.parametrize(
    "middle",
    [
        "<div>相关新闻</div><p>新茶上市 2015-01-02 旧茶降价 2015-01-03 茶园修路 2015-01-04</p>",
        "<p>上一篇：<a href=a.asp>新茶上市</a></p><p>茶园里的路今年修好了</p><p>明年还要再修三里</p>",
        "",
    ],
)
def test_what_is_below_an_empty_article_is_not_its_body(middle: str) -> None:
    assert fields(page("").replace(b"</div><div><p>", f"</div>{middle}<div><p>".encode()))["body"] == ""


def test_an_article_of_links_has_its_links_and_not_the_footer() -> None:
    got = fields(page("<p><a href=open.asp?f=1>二〇一六年茶园登记表</a></p>"))
    assert got["body"] == "二〇一六年茶园登记表"


def test_a_picture_in_a_dead_link_is_the_body() -> None:
    got = fields(page("<a href='javascript:;'><img src=/up/5.jpg width=600></a>"))
    assert got["images"] == [{"url": "http://www.lin.example/up/5.jpg", "caption": None}]


def test_short_lines_above_the_first_sentence_belong_to_the_body() -> None:
    got = fields(page(f"<div><p>地点：东坡茶园</p><p>人数：三十</p></div><div>{PARAGRAPHS}</div>"))
    assert str(got["body"]).split("\n")[:2] == ["地点：东坡茶园", "人数：三十"]


def test_files_that_a_script_writes_are_attachments() -> None:
    script = """<script>document.write('<p>附件：<a href="t1.doc">登记表.doc</a> <a href=t2.xls>名单.xls</a></p>')</script>"""
    assert len(fields(page(PARAGRAPHS + script))["attachments"]) == 2  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("crumb", "section"),
    [
        ("<div>当前位置：<a href=/>首页</a> / 茶事 / <a href=l.asp>茶园新闻</a></div>", "茶园新闻"),
        ("<div>当前位置：<a href=/>首页</a> - 茶事 - 茶园新闻</div>", "茶园新闻"),
        ("<div>首页 - 茶园新闻</div>", "茶园新闻"),
    ],
)
def test_steps_without_links_are_steps(crumb: str, section: str) -> None:
    assert fields(page(PARAGRAPHS, crumb=crumb))["section"] == section


_SPAM = "百家乐注册送，<a href=http://spam.example/>真人荷官</a>。"
_HIDDEN = (
    f"<div style='position:absolute;top:-9999px'>{_SPAM}</div>",
    f"<div style='text-indent: -9999px'>{_SPAM}</div>",
    f"<font style='font-size:0px'>{_SPAM}</font>",
    f"<div style='opacity:0'>{_SPAM}</div>",
    f"<div style='width:1px;height:1px;overflow:hidden'>{_SPAM}</div>",
    f"<style>#zz,.yy{{display:none}}</style><div class='k yy'>{_SPAM}</div>",
    f"<script>document.write('<div style=\"display:none\">')</script>{_SPAM}<script>document.write('</div>')</script>",
    f"<div id=q>{_SPAM}</div><script>document.getElementById('q').style.display='none'</script>",
)


@pytest.mark.parametrize("hidden", _HIDDEN)
def test_text_that_nobody_sees_is_not_in_the_body(hidden: str) -> None:
    assert fields(page(f"<p>{TEXT}</p>{hidden}<p>{MORE}</p>"))["body"] == f"{TEXT}\n{MORE}"


@pytest.mark.parametrize("hidden", _HIDDEN)
def test_a_hacked_page_is_noted(hidden: str) -> None:
    hacked = read_page(page(f"<p>{TEXT}</p>{hidden}<p>{MORE}</p>"), "http://a.cn/1.htm", profile="general")
    assert "hidden-spam" in [issue.what for issue in hacked.issues]
    clean = read_page(page(f"<p>{TEXT}</p><p>{MORE}</p>"), "http://a.cn/1.htm", profile="general")
    assert "hidden-spam" not in [issue.what for issue in clean.issues]


_SEEN = (
    f"<div style='font-size:0'><span style='font-size:14px'>{MORE}</span></div>",
    f"<style>.a{{display:none}} .a.on{{display:block}}</style><p class='a on'>{MORE}</p>",
    f"<style>@media print{{.b{{display:none}}}}</style><p class=b>{MORE}</p>",
    f"<p style='line-height:1;overflow:hidden'>{MORE}</p>",
)


@pytest.mark.parametrize("seen", _SEEN)
def test_text_that_a_browser_shows_stays_in_the_body(seen: str) -> None:
    assert MORE in str(fields(page(f"<p>{TEXT}</p>{seen}"))["body"])


@pytest.mark.parametrize("mark", ["&lrm;", "&rlm;", "&#8288;", "\u202a", "\u2069"])
def test_marks_without_width_are_taken_out(mark: str) -> None:
    assert fields(page(PARAGRAPHS.replace("茶园", f"茶{mark}园")))["body"] == f"{TEXT}\n{MORE}"


def test_the_joiner_inside_an_emoji_stays_and_a_stray_one_goes() -> None:
    got = fields(page(f"<p>一家人\U0001f468\u200d\U0001f469来采\u200d茶。{TEXT}</p>"))
    assert got["body"] == f"一家人\U0001f468\u200d\U0001f469来采茶。{TEXT}"


def test_the_bytes_a3_a0_are_a_blank() -> None:
    payload = page(f"<p>＠＠{TEXT}</p><p>{MORE}</p>").decode().replace("utf-8", "gbk").encode("gbk")
    assert fields(payload.replace("＠".encode("gbk"), b"\xa3\xa0"))["body"] == f"{TEXT}\n{MORE}"


@pytest.mark.parametrize(
    "text",
    [
        "二O一六年三月五日",
        "二０一六年三月五日",
        "二◯一六年三月五日",
        "2016年三月五日",
        "2016‐03‐05",
        "2016−3−5",
        "2016-03-0509:30",
    ],
)
def test_a_date_is_read_in_the_forms_that_people_type(text: str) -> None:
    printed = dates.find_date(text)
    assert printed is not None
    assert printed.day == "2016-03-05"


def test_a_year_of_two_digits_counts_in_the_place_of_an_info_line() -> None:
    got = fields(page(PARAGRAPHS, info="<div>| 16-03-05 | 【<a href='javascript:print()'>打印</a>】</div>"))
    assert got["date"] == "2016-03-05"


def test_a_search_form_is_no_info_line() -> None:
    form = "<div>标题：<input type=text></div><div>发布时间：<input type=text> 到 <input type=text></div>"
    rows = "".join(
        f"<tr><td><a href=s.asp?id={n}>茶园改造工程第{n}标段</a></td><td>2016-03-0{n}</td></tr>" for n in range(1, 7)
    )
    reading = read_page(f"{CRUMB}{form}<table>{rows}</table>{FOOT}".encode(), URL, profile="general")
    assert (reading.kind, len(reading.rows)) == ("listing", 6)


def test_rows_linked_by_their_details_have_their_headings() -> None:
    rows = "".join(
        f"<li><h3>茶园第{n}次巡查</h3><p>{TEXT}[<a href=s{n}.html>详情</a>]</p><p>2016-03-0{n}</p></li>"
        for n in range(1, 6)
    )
    reading = read_page(f"{CRUMB}<ul>{rows}</ul>{FOOT}".encode(), URL, profile="general")
    assert (reading.kind, len(reading.rows), reading.rows[0].text) == ("listing", 5, "茶园第1次巡查")


def test_a_link_around_picture_heading_and_summary_is_one_row() -> None:
    rows = "".join(
        f"<a href=/c/{n}.html><img src={n}.jpg><h3>茶园第{n}次巡查(2016-03-0{n})</h3><p>巡查</p></a>"
        for n in range(1, 6)
    )
    reading = read_page(f"{CRUMB}<div>{rows}</div>{FOOT}".encode(), URL, profile="general")
    assert [row.date for row in reading.rows] == [f"2016-03-0{n}" for n in range(1, 6)]


@pytest.mark.parametrize("box", ["<a href=s.asp?id=9>机器人进茶园</a> [2016-03-01]", "手机收到验证码后告诉工作人员"])
def test_a_guard_word_beside_rows_is_no_refusal(box: str) -> None:
    rows = "".join(f"<li><a href=s.asp?id={n}>茶园第{n}次巡查报告</a> [2016-03-0{n}]</li>" for n in range(1, 6))
    reading = read_page(
        f"{CRUMB}<ul>{rows}</ul><div class=r><h3>最新</h3><div>{box}</div></div>{FOOT}".encode(), URL, profile="general"
    )
    assert reading.kind == "listing"


@pytest.mark.parametrize(
    "info",
    [
        "May 5, 2009",
        "Tuesday, 05 May 2009 10:11",
        "5th May 2009 | 10:11",
        "Posted on May 5, 2009 by admin",
        "Date: May 5, 2009  Source: Xinhua",
        "Source: Xinhua | May 5, 2009",
        "<table><tr><td>Source:</td><td>Xinhua</td><td>Date:</td><td>2009-05-05</td></tr></table>",
    ],
)
def test_a_date_may_name_its_month_in_english(info: str) -> None:
    got = fields(page(PARAGRAPHS, info=f"<div>{info}</div>"))
    assert (got["title"], got["date"]) == ("老茶园开园", "2009-05-05")
    assert got["source"] == ("Xinhua" if "Xinhua" in info else None)


@pytest.mark.parametrize(
    "text",
    [
        "Held on May 5, 2009.",
        "The book Published May 5, 2009 in Beijing was a success.",
        "Published May 5, 2009, the book was a success, and it was read by all of the tea growers.",
        "BEIJING, May 5, 2009 (Xinhua)",
        "Candidate: May 5, 2009",
    ],
)
def test_a_date_in_an_english_sentence_is_no_info_line(text: str) -> None:
    assert labels.read_labels(text, words_of(load("general"))) is None


def test_an_english_source_without_a_date_is_a_reference() -> None:
    got = fields(page(f"{PARAGRAPHS}<p>Source: Tea.example.org</p>"))
    assert (got["title"], got["source"]) == (fields(page(PARAGRAPHS))["title"], fields(page(PARAGRAPHS))["source"])


@pytest.mark.parametrize(
    "details", ["点击66次 办公室", "2016-03-05 林县农业局特产办公室宣传科", "16-03-05 林县农业局", "浏览：12 次"]
)
def test_a_line_with_a_date_or_a_counter_is_no_second_line_of_the_title(details: str) -> None:
    payload = (
        page(PARAGRAPHS, info=f"<div><b>老茶园春天开园</b><br>{details}</div>{INFO}")
        .replace(b"<h2>", b"<!--")
        .replace(b"</h2>", b"-->")
    )
    assert fields(payload)["title"] == "老茶园春天开园"


@pytest.mark.parametrize("second", ["三十户人家修枝除草", "2016年3月5日茶园开放日侧记与照片选登"])
def test_a_second_line_of_the_title_stays(second: str) -> None:
    payload = (
        page(PARAGRAPHS, info=f"<div><b>老茶园春天开园</b><br>{second}</div>{INFO}")
        .replace(b"<h2>", b"<!--")
        .replace(b"</h2>", b"-->")
    )
    assert fields(payload)["title"] == f"老茶园春天开园 {second}"
