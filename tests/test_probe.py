"""`gdfupin probe`: what it shows of a page, of a WARC record, of a crawl; and that hostile text stays text."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import lxml.html
import pytest

from gdfupin_spider import pages, probe, warc
from gdfupin_spider.errors import CannotWrite
from gdfupin_spider.items import Capture, Proof
from gdfupin_spider.pages import kinds
from gdfupin_spider.probe import confidence, suggestions
from gdfupin_spider.probe.confidence import Doubt, common_doubts, total_doubt
from gdfupin_spider.profiles import Profile, load
from gdfupin_spider.storage.lock import OutputLock
from gdfupin_spider.terminal import console
from tests.pages.corpus import captures
from tests.sites import Crawl, run

URL = "http://www.gdfupin.org.cn/show.asp?id=7"
FOOT = "<div>欢迎访问广东扶贫网</div><div>版权所有:广东省扶贫开发协会</div>"
PROSE = "社会保险扶贫是精准扶贫的重要组成部分，也是有力举措。各级部门坚持以人民为中心的发展理念，积极推进这项工作。" * 4


def capture(html: str, url: str = URL, status: int = 200) -> Capture:
    head = (("Content-Type", "text/html; charset=utf-8"), ("Set-Cookie", "ASPSESSIONIDQQ=secret"))
    return Capture(url, "2026-01-01T00:00:00Z", status, head, html.encode(), Proof("", 0, ""))


def inspection_of(html: str, url: str = URL, profile: Profile | None = None) -> probe.Inspection:
    return probe.inspect_capture(capture(html, url), profile or load("gdfupin"))


def article(
    *,
    crumb: str = "当前位置:首页->>扶贫前沿->>扶贫要闻",
    title: str = "社保扶贫:兜底保障",
    byline: str = "加入时间:2021-1-13 来源:中国组织人事报",
    body: str = PROSE,
) -> str:
    return (
        "<title>广东扶贫网</title><p><a href=l?1>扶贫要闻</a> <a href=l?2>部门动态</a> <a href=l?3>协会新闻</a></p>"
        f"<p>{crumb}</p><table><tr><td>{title}</td></tr><tr><td>{byline}</td></tr><tr><td><p>{body}</p></td></tr></table>"
        + FOOT
    )


def names(inspection: probe.Inspection) -> list[str]:
    return [one.name for one in inspection.doubts]


# --- one page --------------------------------------------------------------------------------------------------------


def test_each_landmark_says_what_it_matched_and_where() -> None:
    found = {one.name: one for one in inspection_of(article()).landmarks}
    assert found["breadcrumb"].matched == "当前位置:首页->>扶贫前沿->>扶贫要闻"
    assert "扶贫前沿 | 扶贫要闻" in found["breadcrumb"].how
    assert (found["title"].matched, found["title"].line) == ("社保扶贫:兜底保障", 2)
    assert found["date"].matched == "加入时间: 2021-1-13"
    assert found["source"].matched == "来源: 中国组织人事报"
    assert found["body"].line == 4
    assert found["end"].matched == "欢迎访问广东扶贫网"
    assert found["identity"].line is not None


def test_every_line_has_its_role_and_the_first_behind_the_body_is_the_end() -> None:
    inspection = inspection_of(article())
    data = {line.text[:8]: role for line, role in zip(inspection.page.lines, inspection.roles, strict=True)}
    assert data["当前位置:首页-"] == "breadcrumb"
    assert data["社保扶贫:兜底保"] == "title"
    assert data["加入时间:202"] == "info"
    assert data["社会保险扶贫是精"] == "body"
    assert data["欢迎访问广东扶贫"] == "end"


def test_rows_and_pagers_of_a_listing_have_roles() -> None:
    rows = "".join(f"<tr><td><a href=show.asp?id={n}>题目第{n}号</a></td><td>2013-5-{n}</td></tr>" for n in range(1, 6))
    pager = '<p>页次:1/9页 共45条 <a href="list.asp?page=2">下一页</a></p>'
    inspection = inspection_of(
        f"<p>当前位置:首页->>扶贫要闻</p><table>{rows}</table>{pager}{FOOT}", "http://www.gdfupin.org.cn/list.asp"
    )
    assert inspection.page.kind == "listing"
    assert inspection.roles.count("row") == 5
    assert inspection.roles[next(line.index for line in inspection.page.lines if "下一页" in line.text)] == "next"
    data = probe.as_json(inspection)
    assert next(one["url"] for one in data["next"]) == "http://www.gdfupin.org.cn/list.asp?page=2"
    assert (data["printed_pages"], data["printed_total"]) == (9, 45)


def test_the_rules_of_a_kind_are_shown_in_their_order_up_to_the_one_that_decided() -> None:
    inspection = inspection_of("<p>该文章不存在或已被删除</p>")
    ladder: Any = probe.as_json(inspection)["ladder"]
    rungs = {rung["rule"]: rung["matched"] for rung in ladder}
    assert list(rungs) == [rule.name for rule in kinds.KINDS]
    deciding = list(rungs).index("kind-gone-message")
    assert list(rungs.values()) == [False] * deciding + [True] + [None] * (len(rungs) - deciding - 1)
    with (terminal := console()).capture() as printed:
        terminal.print(probe.rendered(inspection))
    assert re.search(r"matches +kind-gone-message +gone +prints '该文章不存在或已被删除'", printed.get())
    assert re.search(r"\d more rules? not asked", printed.get())
    assert "How the kind was decided" in probe.page_sheet(inspection)


def test_an_odd_page_shows_what_its_lines_would_be_and_never_raises() -> None:
    for html in ("", "\x00", "<frameset><frame src=a>", "<p>x", "<table>" * 300, "\ufeff", "<p>参数错误</p>"):
        inspection = inspection_of(html)
        json.dumps(probe.as_json(inspection))
        probe.page_sheet(inspection)
        console().print(probe.rendered(inspection))


@pytest.mark.parametrize(
    ("line", "pairs"),
    [
        ("登载日：2014-5-6　供稿单位：石岭林场", [("登载日", "2014-5-6"), ("供稿单位", "石岭林场")]),
        ("Issued: 2014/5/6 | From: 局办公室 | Seen: 7", [("Issued", "2014/5/6"), ("From", "局办公室"), ("Seen", "7")]),
        ("[登载日:2014年5月6日] [撰文:李木生]", [("登载日", "2014年5月6日"), ("撰文", "李木生")]),
        ("加入时间:2014-5-6 来源:县报 点击:7 责任编辑:甲", []),
        ("今天是:2014年5月6日 星期二", []),
    ],
)
def test_labels_that_nobody_knows_are_shown_with_their_values(line: str, pairs: list[tuple[str, str]]) -> None:
    inspection = inspection_of(article(byline=line))
    assert [(one.label, one.value) for one in inspection.unclaimed_pairs] == pairs


def test_labels_inside_prose_are_nobodys_business() -> None:
    body = PROSE + "</p><p>联系人：张三　电话：020-1234567　报名时间：2014年5月6日前"
    assert inspection_of(article(body=body)).unclaimed_pairs == ()


def suggested(inspection: probe.Inspection) -> set[tuple[str, str]]:
    return {(one.key, one.value) for one in inspection.suggestions}


def test_a_breadcrumb_word_that_the_profile_lacks_is_suggested() -> None:
    found = suggested(inspection_of(article(crumb="您所在之处：<a href=/>首页</a> &gt; <a href=l?1>扶贫要闻</a>")))
    assert ("breadcrumb", "您所在之处") in found
    assert not {value for key, value in suggested(inspection_of(article())) if key == "breadcrumb"}


def test_labels_are_suggested_by_what_their_values_look_like() -> None:
    found = suggested(inspection_of(article(byline="登载日：2014-5-6　供稿单位：县防火办　撰文：李木生　Seen：37")))
    assert found >= {
        ("labels.date", "登载日"),
        ("labels.source", "供稿单位"),
        ("labels.author", "撰文"),
        ("labels.other", "Seen"),
    }


def test_sections_that_the_menu_or_the_breadcrumb_has_are_suggested() -> None:
    found = suggested(
        inspection_of(
            article(crumb="当前位置:首页->>扶贫前沿->>扶贫影像").replace(
                "</a></p>", "</a> <a href=l?4>扶贫词典</a></p>"
            )
        )
    )
    assert found >= {("sections", "扶贫影像"), ("sections", "扶贫词典")}
    assert ("sections", "扶贫要闻") not in found


def test_identity_words_are_suggested_where_a_page_seems_foreign() -> None:
    html = f"<p>某县林业局网站</p><p>{PROSE}</p><p>版权所有：某县林业局 皖ICP备05001234号</p>"
    inspection = inspection_of(html)
    assert inspection.page.kind == "foreign"
    assert suggested(inspection) == {("identity", "某县林业局"), ("identity", "皖ICP备05001234号")}


def test_a_gambling_page_suggests_nothing() -> None:
    inspection = inspection_of("<p>澳门新葡京娱乐城官网</p><p>百家乐 时时彩 六合彩</p><p>版权所有：皇冠体育投注网</p>")
    assert (inspection.page.kind, inspection.suggestions) == ("foreign", ())


def test_hosts_of_the_same_house_and_of_pictures_are_suggested() -> None:
    html = article(body=PROSE + '</p><p><img src="http://img.other.cn/a.jpg" width=300>').replace(
        "<p>当前",
        '<p><a href="http://news.gdfupin.org.cn/">新闻频道</a><a href="http://www.gov.cn/">中国政府网</a></p><p>当前',
    )
    found = suggested(inspection_of(html))
    assert ("hosts", "news.gdfupin.org.cn") in found
    assert ("media_hosts", "img.other.cn") in found
    assert not {value for key, value in found if "gov.cn" in value and key == "hosts"}


def test_a_page_that_is_only_a_message_is_suggested_as_gone() -> None:
    assert ("gone", "哎呀，这篇文稿跑丢啦") in suggested(inspection_of(f"<p>哎呀，这篇文稿跑丢啦</p>{FOOT}"))


def test_suggestions_are_toml_that_a_profile_takes(tmp_path: Path) -> None:
    inspection = inspection_of(
        article(byline='登载日：2014-5-6　供稿单位：县"防火"办', crumb="您所在之处：首页 &gt; 扶贫影像")
    )
    lines = suggestions.toml(inspection.suggestions).values()
    file = tmp_path / "more.toml"
    file.write_text("\n".join(('name = "more"', 'title = "某网"', *lines)), "utf-8")
    profile = load(file)
    assert profile.labels_date[0] == "登载日"
    assert "您所在之处" in profile.breadcrumb


# --- doubt -----------------------------------------------------------------------------------------------------------


def test_the_table_of_weights_is_the_one_that_counts() -> None:
    rows = re.findall(r"^    ([a-z-]+) +(\d+)  ", confidence.__doc__ or "", re.M)
    assert {name: int(weight) for name, weight in rows} == confidence.WEIGHTS


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (article(), []),
        (article(byline="来源:中国组织人事报"), ["no-date"]),
        (article(byline="加入时间:2021-2-30 来源:县报"), ["no-date"]),
        (article(byline="加入时间:2021-1-13"), ["no-source"]),
        (article(crumb=""), ["no-breadcrumb"]),
        (article(body="特此通知，请各单位遵照执行。"), ["short"]),
        (article(byline="加入时间:2021-1-13 来源:县报 登载者:张三"), ["unclaimed"]),
        (article(body=PROSE + "中\ufffd国"), ["replaced"]),
    ],
)
def test_a_doubt_has_a_name(html: str, expected: list[str]) -> None:
    inspection = inspection_of(html)
    assert inspection.page.kind == "article", inspection.page.why
    assert [name for name in names(inspection) if name != "unsure"] == expected


def test_a_refusal_outweighs_everything_else() -> None:
    inspection = inspection_of(article(body=""))
    assert inspection.article is None
    assert names(inspection) == ["refused"]
    others = [Doubt(name, "") for name in confidence.WEIGHTS if name not in ("refused", "promised")]
    assert total_doubt(inspection.doubts) > total_doubt(others[:6])


def test_what_most_articles_share_counts_a_tenth() -> None:
    them = [frozenset(("no-source",))] * 6 + [frozenset(("no-date", "no-source"))] * 2
    assert common_doubts(them) == {"no-source"}
    assert common_doubts(them[:3]) == frozenset()
    assert common_doubts([frozenset(("refused",))] * 9) == frozenset()


# --- hostile text ----------------------------------------------------------------------------------------------------

HOSTILE = '题\x1b]0;x\x07\x9b31m\u202e[bold red]<script>alert(1)</script>" onmouseover="x&lt;img src=x onerror=y&gt;&#xD800;\u2066'


def test_hostile_text_never_reaches_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    inspection = inspection_of(
        article(title=HOSTILE, byline=f"加入时间:2021-1-13 来源:{HOSTILE}", body=PROSE + HOSTILE)
    )
    console().print(probe.rendered(inspection))
    data = capsys.readouterr().out
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", data)
    assert "[bold red]" in data


def test_hostile_text_stays_text_in_the_sheet() -> None:
    inspection = inspection_of(
        article(title=HOSTILE, byline=f"加入时间:2021-1-13 来源:{HOSTILE}", body=PROSE + HOSTILE)
    )
    sheet = probe.page_sheet(inspection)
    tree = lxml.html.fromstring(sheet)
    assert not tree.xpath("//script | //img | //iframe | //link | //object | //form | //base")
    assert not [name for element in tree.iter() for name in element.attrib if str(name).startswith("on")]
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", sheet)
    sheet.encode("utf-8")
    assert "default-src 'none'" in sheet


def test_only_addresses_of_the_web_are_links_in_the_sheet() -> None:
    html = article(body=PROSE + '</p><p><a href="javascript:alert(1)">x</a><a href="data:text/html,x">y</a>')
    tree = lxml.html.fromstring(probe.page_sheet(inspection_of(html)))
    targets = [str(target) for target in tree.xpath("//a/@href")]
    assert targets
    assert all(target.startswith(("http://", "https://", "#")) for target in targets)


def test_the_sheet_is_one_page_for_bright_and_dark() -> None:
    sheet = probe.page_sheet(inspection_of(article()))
    assert "prefers-color-scheme: dark" in sheet
    assert not re.search(r"(?:src=|@import|url\()", sheet)
    assert "社保扶贫:兜底保障" in sheet


def test_json_holds_nothing_that_a_terminal_acts_upon(tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_bytes(article(title=HOSTILE).encode("utf-8"))
    done = run("probe", str(file), "--url", URL, "--json")
    assert done.returncode == 0, done.stderr
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", done.stdout)
    assert json.loads(done.stdout)["article"]["title"].startswith("题")


# --- a page of the corpus -------------------------------------------------------------------------------------------


def test_a_page_is_saved_as_the_corpus_wants_it(tmp_path: Path) -> None:
    folder = tmp_path / "gdfupin" / "a-page"
    seen = capture(article())
    probe.save(seen, folder)
    [back] = captures(folder)
    assert (back.url, back.status, back.payload, back.captured_at) == (seen.url, 200, seen.payload, seen.captured_at)
    assert back.headers == (("Content-Type", "text/html; charset=utf-8"),), "cookies have no place in a corpus"
    with pytest.raises(CannotWrite, match="another folder"):
        probe.save(seen, folder)


# --- a whole crawl ---------------------------------------------------------------------------------------------------


def surveyed(crawl: Crawl, *arguments: str) -> dict[str, Any]:
    assert crawl.folder is not None
    done = run("probe", "--crawl", str(crawl.folder), "--json", *arguments)
    assert done.returncode == 0, done.stderr
    data: dict[str, Any] = json.loads(done.stdout)
    return data


def test_a_crawl_shows_its_worst_pages_first_and_leaves_no_trace(
    crawled_extract: Callable[[str], Crawl], tmp_path: Path
) -> None:
    crawl = crawled_extract("asp-tables")
    assert crawl.folder is not None
    before = {path: path.stat().st_mtime_ns for path in crawl.folder.rglob("*")}
    output = crawl.folder.parents[1]
    with OutputLock(output, "somebody else"):
        data = surveyed(crawl, "--worst", "7", "--html", str(tmp_path / "worst.html"))
    assert {path: path.stat().st_mtime_ns for path in crawl.folder.rglob("*")} == before
    assert not (output / "readings").exists()
    worst = [one["doubt"] for one in data["worst"]]
    assert len(worst) == 7
    assert worst == sorted(worst, reverse=True)
    assert all(one["doubts"] and one["capture"] for one in data["worst"])
    assert data["report"]["articles"] == crawl.answer["articles"]
    tree = lxml.html.parse(str(tmp_path / "worst.html"))
    assert len(tree.xpath("//section")) == 7


def test_the_counts_of_a_survey_are_those_of_the_crawl(crawled_extract: Callable[[str], Crawl]) -> None:
    crawl = crawled_extract("asp-tables")
    report = surveyed(crawl, "--worst", "1")["report"]
    for name in ("articles", "sightings", "pages", "coverage", "leaks"):
        assert report[name] == crawl.answer[name], name


def test_an_article_of_several_pages_is_looked_at_whole(crawled_extract: Callable[[str], Crawl]) -> None:
    crawl = crawled_extract("asp-tables")
    assert crawl.folder is not None
    several = next(line for line in crawl.lines("articles") if len(line["captures"]) > 1)
    [file] = warc.files(crawl.folder)
    parts = [pages.read(warc.read_at(file, proof["offset"]), load("gdfupin")) for proof in several["captures"]]
    inspection = probe.inspect(parts)
    assert inspection.article is not None
    assert inspection.article.body == several["body"]
    assert f"An article of {len(parts)} pages; the lines shown are those of the first" in inspection.remarks


def test_another_profile_than_the_crawls_is_said(crawled_extract: Callable[[str], Crawl]) -> None:
    crawl = crawled_extract("asp-tables")
    assert surveyed(crawl, "--worst", "1")["crawled_with"] == "gdfupin"
    done = run("probe", "--crawl", str(crawl.folder), "--worst", "1", "--profile", "general")
    assert "is --profile correct?" in done.stdout
