"""From one page of a listing to the next, in every form such sites use."""

import pytest

from gdfupin_spider import pages
from gdfupin_spider.items import Capture, Proof
from gdfupin_spider.profiles import load

SITE = "http://www.gdfupin.org.cn/"
LIST = SITE + "list.asp?id=3"
_ROWS = "".join(f"<li><a href=view.asp?id={n}>关于第{n}批扶贫项目的通知</a> 2013-05-{n:02d}</li>" for n in range(1, 9))


def paged(pager: str, url: str = LIST) -> pages.Page:
    markup = (
        f"<html><body><div>当前位置:<a href=/>首页</a>->>扶贫前沿->>扶贫要闻</div><ul>{_ROWS}</ul><div>{pager}</div>"
        "<p>版权所有:广东省扶贫开发协会</p></body></html>"
    )
    capture = Capture(url, "2026-01-01T00:00:00Z", 200, (), markup.encode(), Proof("w", 0, ""))
    return pages.read(capture, load("gdfupin"))


def numbered(first: int, last: int) -> list[str]:
    return [f"list.asp?id=3&page={number}" for number in range(first, last + 1)]


def options(form: str, count: int = 5) -> str:
    return "".join("<option value='{}'>{}</option>".format(*form.format(n).split("|")) for n in range(1, count + 1))


FORMS: dict[str, tuple[str, list[str]]] = {
    "words with spaces": ("<a href='list.asp?id=3&page=2'>下 一 页</a> <a href='list.asp?id=3&page=9'>尾 页</a>", ["list.asp?id=3&page=2", "list.asp?id=3&page=9"]),
    "short words": ("<a href='list.asp?id=3&page=2'>下页</a> <a href='list.asp?id=3&page=9'>末页</a>", ["list.asp?id=3&page=2", "list.asp?id=3&page=9"]),
    "signs": ("<a href='list.asp?id=3&page=2'>»</a> <a href='list.asp?id=3&page=9'>&gt;|</a>", ["list.asp?id=3&page=2", "list.asp?id=3&page=9"]),
    "an arrow behind the word": ("<a href='list.asp?id=3&page=2'>下一页↓</a>", numbered(2, 2)),
    "a picture named for it": ("<a href='list.asp?id=3&page=2'><img src=images/next.gif></a>", numbered(2, 2)),
    "a select of addresses": (f"<select onchange='location=this.options[this.selectedIndex].value'>{options('list.asp?id=3&page={0}|第{0}页')}</select>", numbered(2, 5)),
    "a select of addresses that counts": (f"<select onchange='window.location.href=this.value'>{options('list.asp?id=3&page={0}|{0}/5')}</select>", numbered(2, 5)),
    "a select beside a button": (f"<form><select name=sel>{options('list.asp?id=3&page={0}|第{0}页')}</select><input type=button value=GO onclick='location=sel.value'></form>", numbered(2, 5)),
    "a select of numbers": (f"<select onchange=\"self.location.href='list.asp?id=3&page='+this.options[this.selectedIndex].value+''\">{options('{0}|第{0}页')}</select>", numbered(2, 5)),
    "a select that calls a function": (f"<script>function go(p){{window.location='list.asp?id=3&page='+p;}}</script><select onchange='go(this.value)'>{options('{0}|{0}')}</select>", numbered(2, 5)),
    "a select in a form": (f"<form action=list.asp><input type=hidden name=id value=3><select name=page onchange='this.form.submit()'>{options('{0}|{0}')}</select></form>", numbered(2, 5)),
    "a click on a word": ("<span onclick=\"location.href='list.asp?id=3&page=2'\">下一页</span>", numbered(2, 2)),
    "a script with an address": ("<a href=\"javascript:location.href='list.asp?id=3&page=2'\">下一页</a>", numbered(2, 2)),
    "a new window": ("<a href=\"javascript:window.open('list.asp?id=3&page=2','_self')\">下一页</a>", numbered(2, 2)),
    "a function without a number": ("<script>function nextPage(){location.href='list.asp?id=3&page=2'}</script><a href='javascript:nextPage()'>下一页</a>", numbered(2, 2)),
    "a function of section and number": ("<script>function go(a,n){location.href='list.asp?id='+a+'&page='+n}</script><a href='javascript:go(3,2)'>下一页</a>", numbered(2, 2)),
    "a function that is given an address": ("<script>function to(url){document.location=url}</script><a href=\"javascript:to('list.asp?id=3&page=2')\">下一页</a>", numbered(2, 2)),
    "a function that posts a form": ("<script>function go(n){document.f.page.value=n;document.f.submit();}</script><form name=f action=list.asp method=post><input type=hidden name=id value=3><input type=hidden name=page value=1></form><a href='javascript:go(2)'>下一页</a>", ["list.asp id=3&page=2"]),
    "a function that gets a form": ("<script>function go(n){var f=document.forms[0];f.page.value=n;f.submit();}</script><form action=list.asp><input type=hidden name=id value=3><input type=hidden name=page value=1></form><a href=# onclick='go(2)'>下一页</a>", numbered(2, 2)),
    "a form that gets, and a count": ("页次:1/5页<form action=list.asp><input type=hidden name=id value=3>转到第<input name=page>页</form>", numbered(2, 5)),
    "a form that posts, and a count": ("页次:1/5页<form action='list.asp?id=3' method=post>转到第<input name=page>页</form>", [f"list.asp?id=3 page={n}" for n in range(2, 6)]),
    "a count and page 2": ("页次:<b>1</b>/27页 <a href='list.asp?id=3&page=2'>下一页</a>", numbered(2, 27)),
    "a session of its own": ("<a href='list.asp;jsessionid=AB12CD?id=3&page=2'>下一页</a>", ["list.asp;jsessionid=AB12CD?id=3&page=2"]),
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_a_listing_goes_on_by(form: str) -> None:
    pager, expected = FORMS[form]
    page = paged(pager)
    found = [link for link in page.links if link.role == "next" and not link.url.endswith("&page=1")]
    result = sorted(link.url if link.body is None else f"{link.url} {link.body.decode()}" for link in found)
    assert page.kind == "listing"
    assert result == sorted(SITE + address for address in expected)


@pytest.mark.parametrize(
    "script",
    [
        "createPageHTML(5, 2, 'index', 'html');",
        'var countPage = 5//共多少页\nvar currentPage = 2;\ndocument.write("<a href=\\"index"+"_" + prevPage + "."+"html\\">上一页</a>")',
        'var currentPage=2;var countPage=5;for(i=1;i<countPage;i++)document.write("<a href=\'index_"+i+".html\'>"+i+"</a>")',
    ],
)
def test_a_script_that_counts_says_all_pages(script: str) -> None:
    page = paged(f"<script>{script}</script>", SITE + "fpyw/index_2.html")
    names = ("index.html", "index_1.html", "index_3.html", "index_4.html")
    assert [link.url for link in page.links if link.role == "next"] == [f"{SITE}fpyw/{name}" for name in names]


def test_numbers_that_run_downwards_are_not_counted_up() -> None:
    page = paged("共24条 1/3 上页 <a href=fpyw/2.htm>下页</a> <a href=fpyw/1.htm>尾页</a>", SITE + "fpyw.htm")
    assert [link.url for link in page.links if link.role == "next"] == [SITE + "fpyw/2.htm", SITE + "fpyw/1.htm"]
    assert page.next_page is not None
    assert page.next_page.url == SITE + "fpyw/2.htm"


@pytest.mark.parametrize(
    "words", ["<a href='javascript:void(0)'>下一页</a> 页次:9/9页", "下一页 尾页 9/9页", "<a disabled>下一页</a> 9/9页"]
)
def test_the_last_page_leads_on_nowhere(words: str) -> None:
    page = paged(f"<a href='list.asp?id=3&page=8'>上一页</a> {words}", LIST + "&page=9")
    assert page.is_last
    assert page.next_page is None
