"""Articles of several pages: all forms of their addresses, and of the links between them."""

import random
from collections.abc import Callable

import pytest

from gdfupin_spider import pages
from gdfupin_spider.items import Capture, Proof
from gdfupin_spider.profiles import load

HOST = "http://county.example"
Address = Callable[[int], str]
"""The address of page 1, 2, 3, … of an article."""

FORMS: dict[str, Address] = {
    "suffix": lambda n: "/news/201903/373.html" if n == 1 else f"/news/201903/373_{n}.html",
    "hyphen": lambda n: "/news/373.htm" if n == 1 else f"/news/373-{n}.htm",
    "brackets": lambda n: "/news/373.htm" if n == 1 else f"/news/373({n}).htm",
    "suffix from 0": lambda n: "/t2021_373.html" if n == 1 else f"/t2021_373_{n - 1}.html",
    "suffix from 0, short number": lambda n: "/t2021_37.html" if n == 1 else f"/t2021_37_{n - 1}.html",
    "suffix on all pages": lambda n: f"/news/373_{n}.html",
    "query field page": lambda n: "/show.asp?id=7" if n == 1 else f"/show.asp?id=7&page={n}",
    "query field pn": lambda n: "/show.php?nid=204" if n == 1 else f"/show.php?nid=204&pn={n}",
    "query field of the site's own": lambda n: "/show.php?nid=204" if n == 1 else f"/show.php?nid=204&ye={n}",
    "query field on all pages": lambda n: f"/show.php?nid=204&ye={n}",
    "query field first": lambda n: "/show.asp?id=7" if n == 1 else f"/show.asp?pages={n}&id=7",
    "query field from 0": lambda n: "/show.asp?id=7" if n == 1 else f"/show.asp?id=7&pn={n - 1}",
    "folder": lambda n: "/show/204/" if n == 1 else f"/show/204/{n}.html",
    "last step": lambda n: "/show/204" if n == 1 else f"/show/204/{n}",
}
ONLY_A_NUMBER = ("folder", "last step")
"""Forms in which a link from page 3 to page 2 looks as one between two articles of a folder; `next_part` leads there."""
SESSIONS: dict[str, Callable[[random.Random], str]] = {
    "none": lambda draw: "",
    "PHPSESSID": lambda draw: f"PHPSESSID={draw.randbytes(13).hex()}",
    "sid": lambda draw: f"sid={draw.randbytes(16).hex()}",
    "a name of the site's own": lambda draw: f"zs={draw.randbytes(16).hex()}",
}
PARTS = (
    "三月的青溪镇，第一村的村民开始修路，拖拉机从早到晚在山路上来回跑，石料一车一车运上山。",
    "到了五月，路基已经铺到半山腰，镇里又拨来一笔钱，各家各户都出了工，连学校的老师也来帮忙。",
    "十月一日，路通了。第一辆货车开进村里，装走了两千斤柑橘，村民说日子比往年好过得多。",
)


def numbers(draw: random.Random, link: Callable[[int, str], str], n: int) -> str:
    return " ".join(str(each) if each == n else link(each, str(each)) for each in (1, 2, 3))


def neighbours(draw: random.Random, link: Callable[[int, str], str], n: int) -> str:
    return (link(n - 1, "上一页") if n > 1 else "上一页") + " " + (link(n + 1, "下一页") if n < 3 else "下一页")


def both(draw: random.Random, link: Callable[[int, str], str], n: int) -> str:
    return f"{neighbours(draw, link, n)} {numbers(draw, link, n)}"


PAGERS = {"numbers": numbers, "neighbours": neighbours, "both": both}


@pytest.mark.parametrize("pager", PAGERS)
@pytest.mark.parametrize(
    ("form", "session"),
    [(form, session) for form in FORMS for session in SESSIONS if session == "none" or "?" in FORMS[form](2)],
)
def test_an_article_is_read_over_all_its_pages(form: str, session: str, pager: str) -> None:
    """Each link has a session id of its own."""
    draw, profile = random.Random(form), load("general")

    def with_session(address: str) -> str:
        field = SESSIONS[session](draw)
        return HOST + address + (f"{'&' if '?' in address else '?'}{field}" if field else "")

    def page(n: int, url: str) -> pages.Page:
        links = PAGERS[pager](draw, lambda to, text: f'<a href="{with_session(FORMS[form](to))}">{text}</a>', n)
        html = (
            "<html><body><div>当前位置：<a href='/'>首页</a> &gt; <a href='/list.asp?c=1'>动态</a></div><h1>青溪镇第一村修路记</h1>"
            f"<p>加入时间：2019-10-05 来源：青溪日报</p><div><p>{PARTS[n - 1]}</p></div><p>{links}</p>"
            "<div>版权所有：青溪县农村信息站</div></body></html>"
        )
        headers = (("Content-Type", "text/html; charset=utf-8"),)
        return pages.read(Capture(url, "2026-11-20T03:04:05Z", 200, headers, html.encode(), Proof("x", 0, "")), profile)

    key = {pages.identity_key(HOST + FORMS[form](n)): n for n in (1, 2, 3)}
    read = [page(1, with_session(FORMS[form](1)))]
    assert read[0].kind == "article"
    assert read[0].first_part is None
    while (following := pages.next_part(read)) is not None and len(read) < 4:
        bare = following.partition("&zs=")[0]
        read.append(page(key[pages.identity_key(bare)], following))
        if pager != "neighbours" or form not in ONLY_A_NUMBER or len(read) == 2:
            assert read[-1].first_part is not None
    article = pages.article(read).article
    assert article is not None
    assert article.body == "\n".join(PARTS)


def test_pages_of_comments_below_an_article_add_nothing_to_it() -> None:
    def page(number: int) -> pages.Page:
        html = (
            "<h1>青溪镇第一村修路记</h1><p>加入时间：2019-10-05 来源：青溪日报</p><div>" + PARTS[0] + "</div>"
            f"<p><a href='show.asp?id=7'>1</a> <a href='show.asp?id=7&cp=2'>2</a></p><p>网友{number}：说得好。</p>"
        )
        url = f"{HOST}/show.asp?id=7" + ("&cp=2" if number == 2 else "")
        headers = (("Content-Type", "text/html; charset=utf-8"),)
        return pages.read(Capture(url, "2026-11-20T03:04:05Z", 200, headers, html.encode(), Proof("x", 0, "")), general)

    general = load("general")
    article = pages.article([page(1), page(2)]).article
    assert article is not None
    assert article.body.count(PARTS[0]) == 1


@pytest.mark.parametrize("address", ["show.asp?id={}", "show.asp?art={}", "news/{}.html"])
def test_the_next_article_is_no_further_page(address: str) -> None:
    html = (
        "<h1>青溪镇第一村修路记</h1><p>加入时间：2019-10-05 来源：青溪日报</p><p>" + PARTS[0] + "</p>"
        f"<a href='/{address.format(6)}'>上一页</a> <a href='/{address.format(8)}'>下一页</a>"
    )
    page = pages.read_page(html.encode(), f"{HOST}/{address.format(7)}", profile="general")
    assert (page.next_part, page.first_part) == (None, None)
