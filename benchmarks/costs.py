"""The cost of reading hostile pages: python -m benchmarks.costs [--search] [--base 25000] [--only NAME]

Reads each input at sizes n, 2n, 4n, 8n, each in a process of its own, and prints the seconds, the growth of the last steps
and the peak memory. Without --search: the inputs of which it is known that they were once superlinear. With --search: every
combination of places and seeds, at n and 4n; those that grow faster than a linear step are printed, the worst first.

Reading means all of it: the page, its judgement with the article and its checks, and what a layout is learned from.
Exit code 1 if an input grows more than LINEAR a step.
"""

import argparse
import gzip
import itertools
import multiprocessing
import os
import resource
import signal
import sys
import time
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import NamedTuple

from gdfupin_spider import pages
from gdfupin_spider.items import Capture, Proof
from gdfupin_spider.ledger.judge import Judge
from gdfupin_spider.ledger.ledger import Ledger
from gdfupin_spider.ledger.response_faults import response_fault
from gdfupin_spider.pages.learning.sketch import sketch
from gdfupin_spider.pages.learning.titles import LinkTitles
from gdfupin_spider.profiles import Profile, load

LINEAR = 2.5
"""Maximum growth of the time where the size is doubled."""
NOTICEABLE = 0.1
"""Seconds below which a growth is noise."""
LIMIT = 40
"""Seconds of CPU after which a reading is ended."""
URL = "http://www.gdfupin.org.cn/show.asp?id=7"
Text = Callable[[int], str]
Input = Callable[[int], "Response"]


class Response(NamedTuple):
    """A response to be read."""

    payload: bytes
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "text/html; charset=utf-8"),)


@dataclass(frozen=True)
class Cost:
    """The cost of reading one response."""

    seconds: float
    megabytes: int
    """Peak memory of the process beyond that of a process which reads nothing."""


class Nowhere:
    """Takes the lines of a ledger and writes none."""

    def article(self, record: object) -> None: ...
    def sighting(self, record: object) -> None: ...
    def page(self, record: object) -> None: ...
    def issue(self, record: object) -> None: ...


def read_all(response: Response, profile: Profile) -> pages.Page:
    """Reads, judges and writes (nowhere) a page as a crawl does, and sketches it as the learning of layouts does."""
    capture = Capture(URL, "2030-01-01T00:00:00Z", 200, response.headers, response.payload, Proof("", 0, ""))
    page = pages.read(capture, profile)
    ledger = Ledger(Nowhere(), profile)
    ledger.write(Judge(profile, ["http://www.gdfupin.org.cn/"]).judge(capture, page, response_fault(capture, page)))
    ledger.finish()
    pages.next_part([page])
    LinkTitles().add(page)
    sketch(page)
    return page


def _measure(make: Input, size: int, results: "multiprocessing.SimpleQueue[tuple[float, int]]") -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (LIMIT, LIMIT + 1))
    response, profile = make(size), load("gdfupin")
    before = _peak()
    began = time.process_time()
    read_all(response, profile)
    results.put((time.process_time() - began, (_peak() - before) // 1024))
    os._exit(0)  # a search forks in threads, which the usual end would wait for


def _peak() -> int:
    """Peak memory of this process in kB."""
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))


def cost(make: Input, size: int) -> Cost | None:
    """The cost of reading an input of about this number of bytes; None where it takes more than LIMIT."""
    context = multiprocessing.get_context("fork")
    results = context.SimpleQueue()
    process = context.Process(target=_measure, args=(make, size, results), daemon=True)
    process.start()
    process.join()
    if process.exitcode not in (0, -signal.SIGXCPU):
        raise RuntimeError(f"reading ended with {process.exitcode}")
    return Cost(*results.get()) if process.exitcode == 0 else None


# --- inputs -----------------------------------------------------------------------------------------------------------

ARTICLE = (
    "<html><head><title>省扶贫办召开会议</title>{head}</head><body {attributes}>{top}<p>您当前的位置：<a href=/>首页</a> &gt; "
    "<a href=list.asp>扶贫要闻</a> &gt; 正文</p><h1>省扶贫办召开会议{title}</h1><p>加入时间：2021-1-13 来源：南方日报{info}</p>"
    "<div id=body><p>会议总结了全年的扶贫工作，部署了明年的任务。{body}</p></div>{below}<p>广东省扶贫开发协会 版权所有</p></body></html>"
)
LISTING = (
    "<html><head><title>扶贫要闻</title></head><body><p>您当前的位置：<a href=/>首页</a> &gt; <a href=list.asp>扶贫要闻</a></p>"
    "<ul>{above}<li><a href=show.asp?id=1>省扶贫办召开会议</a> 2021-01-13</li><li><a href=show.asp?id=2>全省扶贫工作</a> "
    "2021-01-12</li><li><a href=show.asp?id=3>修路</a> 2021-01-11</li>{rows}</ul><p>共{size}条 页次：1/27 {pager}</p>"
    "广东省扶贫开发协会 版权所有</body></html>"
)
_HOLES = ("head", "attributes", "top", "title", "info", "body", "below")
PLACES: dict[str, Callable[[str], str]] = {
    **{
        hole: (lambda text, hole=hole: ARTICLE.format(**{**dict.fromkeys(_HOLES, ""), hole: text}))
        for hole in _HOLES
    },
    **{
        hole: (lambda text, hole=hole: LISTING.format(**{**dict.fromkeys(("above", "rows", "size", "pager"), ""), hole: text}))
        for hole in ("above", "rows", "size", "pager")
    },
    "alone": lambda text: text,
    "cell": lambda text: PLACES["body"](f"<table><tr><td>{text}</td><td>b</td></tr></table>"),
    "link": lambda text: PLACES["body"](f"<a href=show.asp?id=9>{text}</a>"),
    "href": lambda text: PLACES["body"](f'<a href="{text}">省扶贫办召开会议</a>'),
    "src": lambda text: PLACES["body"](f'<img src="{text}">'),
    "onclick": lambda text: PLACES["rows"](f'<li onclick="{text}">省扶贫办召开会议</li>'),
    "style": lambda text: PLACES["body"](f'<div style="{text}">省扶贫办</div>'),
    "sheet": lambda text: PLACES["head"](f"<style>{text}</style>"),
    "script": lambda text: PLACES["body"](f"<script>{text}</script>"),
    "written": lambda text: PLACES["body"](f"<script>document.write('{text}')</script>"),
    "comment": lambda text: PLACES["body"](f"<!-- {text} -->"),
    "select": lambda text: PLACES["pager"](f"<form action=list.asp><select name=page>{text}</select></form>"),
    "form": lambda text: PLACES["pager"](f"<form action=list.asp method=post>{text}</form>"),
    "refresh": lambda text: PLACES["head"](f'<meta http-equiv=refresh content="0;url={text}">'),
    "noscript": lambda text: PLACES["body"](f"<noscript>{text}</noscript>"),
    "hidden": lambda text: PLACES["body"](f"<div style=display:none>{text}</div>"),
    "pre": lambda text: PLACES["body"](f"<pre>{text}</pre>"),
    "name": lambda text: PLACES["head"](f"</title><title>{text}"),
}  # fmt: skip
SEEDS = (
    "<br>", "字<br>", "<p>", "</p>", "字</p>", "<p>字", "<div>", "<div>字", "</div>", "<b>", "<b>字", "<font>", "</b>", "<span>字</span>",
    "<a>", "<a href=x>", "<a href=x{i}>", "<a href=x{i}>字<br>", "<a href=show.asp?id={i}>字</a>", "<a href=show.asp?id={i}>省扶贫办召开会议</a><br>",
    "<a href=show.asp?id={i}>省扶贫办召开会议</a> 2021-01-13<br>", "<li><a href=show.asp?id={i}>省扶贫办{i}</a> 2021-01-13</li>",
    "<tr><td><a href=show.asp?id={i}>省扶贫办{i}</a></td><td>2021-01-13</td></tr>", "<a href=show.asp?id={i}>省扶贫办{i}</a> | ",
    "<li><a href=show.asp?id={i}>扶贫{i}</a></li><li>2021-01-13</li><li>会议总结了全年的扶贫工作，部署了明年的任务，提出了要求。</li>",
    "<li onclick=\"location='show.asp?id={i}'\">扶贫{i} 2021-01-13</li>", "<a href=list.asp?page={i}>{i}</a> ", "<a href=list.asp?page={i}>下一页</a>",
    "<a href=a{i}.doc>附件</a> ", "<a href=a{i}.doc>附件{i}</a><br>", "<a name=x>", "<a onclick=\"location='x{i}'\">字</a>",
    "<img src=x{i}.jpg>", "<img src=x{i}.jpg>图{i}<br>", "<a href=x><img src=y.jpg></a>", "<table>", "<table><tr><td>", "<tr><td>字</td></tr>",
    "<td>字</td>", "<td>", "<table><tr><td>字</td></tr></table>", "<ul><li>", "<ul>", "<li>字", "<dl><dt>字<dd>字", "<option value={i}>{i}</option>",
    "<option>", "<select><option value=x{i}>", "<input name=a{i} value=b>", "<input>", "<form>", "<form action=x{i}>", "<iframe src=x{i}></iframe>", "<iframe>",
    "<frame src=x{i}>", "<script>", "<script></script>", "<script>a({i})</script>", "<script>document.write('x')</script>", "<style>", "<style></style>",
    "<style>.a{i}{{display:none}}</style>", "<div class=a{i} style=display:none>字</div>", "<div style=display:none>", "<div hidden>", "<noscript>", "<noscript>字</noscript>",
    "<textarea>", "<title>字</title>", "<meta http-equiv=refresh content='0;url=x{i}'>", "<base href=x>", "<object>", "<marquee>", "<center>", "<h1>字{i}</h1>",
    "<h1>", "<!--", "-->", "<!-- x -->", "<![CDATA[", "<?", "<!", "<", ">", "&", "&#", "&#160;", "&#147;", "&nbsp;", "&lt;", "&#55362;&#57271;", "&zwj;", '"', "'", "\\'", "\\",
    "=", " ", "\t", "\n", "　", "\r\n", "a", "字", "字 ", "1", "12", "2021-01-13 ", "2021-01-13<br>", "2021年1月13日", "二〇二一年一月十三日", "2021", "-", "—", ".", "。", "，", ",", ":",
    "：", ";", "来源：", "来源：南方日报 ", "来源：<br>", "作者：张三<br>", "加入时间：2021-1-13 来源：南方日报<br>", "加入时间：", "加入时间", "发布时间：2021-01-13 点击：12 <br>", "【", "】", "[", "]", "(", ")", "（", "）", "（记者",
    "（记者 张三）<br>", "记者 ", "{{", "}}", "首页", "首页 &gt; ", "首页 &gt; 要闻<br>", "您的位置：", "您当前的位置：首页 &gt; 要闻<br>", "&gt;", "&gt;&gt;", "»", "上一页 ", "下一页 ", "上一篇：<br>", "[1] ", "{i} ", "共{i}条 ", "共1页 ", "页次：1/2 ",
    "页次：1/2<br>", "第1页 ", "第", "页", "共", "条", "/", "//", "../", "x/", "http://", "http://a/", "http:", "?", "&amp;a={i}", "?a={i}", "#", "%", "%41", "%C4%E3", "@", "javascript:", "javascript:go({i});",
    "window.open('x{i}');", "location='x{i}';", "location=", "location.href", "function f{i}(a){{location='x'+a}}", "function f(a){{", "f({i});", "var a{i}='x';", "var a='x';", "a=b+", "a=a+a;", "'+'", "document.write('<a href=x{i}>字</a>');",
    "document.write(", "document.write('<div style=display:none>');", "document.write('</div>');", "setTimeout(", "/*", "*/", "url(", "display:none;", "display:none", ".a{{", ".a,", "#a{i}{{display:none}}", ".a{i}{{display:none}}",
    "position:absolute;left:-999px;", "<a href=\"javascript:__doPostBack('a{i}','')\">{i}</a>", "<input type=hidden name=a{i} value=b><a href=\"javascript:__doPostBack('a{i}','')\">{i}</a>",
    "<datastore><record><![CDATA[<a href=x{i}>字</a>]]></record>", "<datastore>", "<record>", "<nextgroup>", "</xml>", "<xml>", "<html>", "</html>", "</body>", "<body>", "</br>", "<head>", "<p align=right>2021年1月13日</p>",
    "<p>省扶贫办</p><p>2021年1月13日</p>", "<div><p>会议总结了全年的扶贫工作，部署了明年的任务。</p></div>", "会议总结了全年的扶贫工作，部署了明年的任务。<br>", "一、会议<br>", "附件：<br>", "附件1：{i}.doc<br>", "编辑：张三<br>", "责任编辑：", "版权所有<br>",
    "该文章不存在", "没有找到", "错误<br>", "请登录 ", "百家乐 ", "\ufffd", "\u200d", "\u200b", "\ue5e5", "\x00", "\x01", " a{i}=b", " a{i}", " a=b", "a{i}=b ", "<p a{i}=b>", "<x{i}>", "<x{i}>字</x{i}>", "<x{i}:y>", "</x{i}>", "<svg>", "<math>",
)  # fmt: skip


def repeated(seed: str, size: int) -> str:
    """The seed as often as it takes to be of this size in bytes; `{i}` is its number."""
    if "{" not in seed:
        return seed * (size // len(seed.encode()) + 1)
    pieces, length, number = [], 0, 0
    while length < size:
        pieces.append(piece := seed.format(i=number))
        length += len(piece.encode())
        number += 1
    return "".join(pieces)


def generated(place: str, seed: str) -> Input:
    """The input with this seed in this place."""
    return lambda size: Response(PLACES[place](repeated(seed, size)).encode("utf-8", "replace"))


def _in_body(seed: str) -> Input:
    return generated("body", seed)


def _refresh_with_blanks(size: int) -> Response:
    return Response(f'<meta http-equiv=refresh content="0;url=a{" " * size}b">'.encode())


def _postbacks(size: int) -> Response:
    names = range(size // 90)
    inputs = "".join(f"<input type=hidden name=i{n} value=v>" for n in names)
    links = "".join(f"<a href=\"javascript:__doPostBack('p{n}','')\">{n}</a> " for n in names)
    return Response(f"<form method=post action=list.aspx name=f id=f>{inputs}{links}</form>".encode())


def _functions(size: int) -> Response:
    names = range(size // 60)
    functions = "".join(f"function f{n}(a){{location='x'+a}}\n" for n in names)
    calls = "".join(f'<a href="javascript:f{n}({n})">字</a>' for n in names)
    return Response(f"<script>{functions}</script>{calls}".encode())


def _gzip_members(size: int) -> Response:
    member = zlib.compress(b"", 9, 31)
    return Response(member * (size // len(member)), (("Content-Type", "text/html"), ("Content-Encoding", "gzip")))


def _bomb(size: int) -> Response:
    return Response(gzip.compress(b"x<br>" * size, 9), (("Content-Type", "text/html"), ("Content-Encoding", "gzip")))


def _attributes(size: int) -> Response:
    return generated("attributes", " a{i}=b")(size)


def _one_attribute(size: int) -> Response:
    return Response(PLACES["body"](f'<img src="{"a" * size}">').encode())


def _headers(size: int) -> Response:
    return Response(PLACES["body"]("").encode(), tuple((f"X-{n}", "a" * 90) for n in range(size // 100)))


def _broken_gbk(size: int) -> Response:
    return Response(
        ("会议总结了全年".encode("gbk") + b"\xff") * (size // 15), (("Content-Type", "text/html; charset=gbk"),)
    )


KNOWN: dict[str, Input] = {
    "rows with dates": generated("rows", "<li><a href=show.asp?id={i}>省扶贫办{i}</a> 2021-01-13</li>"),
    "rows without dates": generated("rows", "<a href=show.asp?id={i}>省扶贫办召开会议</a><br>"),
    "rows in a table": generated(
        "cell", "<tr><td><a href=show.asp?id={i}>省扶贫办{i}</a></td><td>2021-01-13</td></tr>"
    ),
    "bylines behind prose": generated(
        "top",
        "<li><a href=show.asp?id={i}>扶贫{i}</a></li><li>2021-01-13</li><li>会议总结了全年的扶贫工作，部署了明年的任务。</li>",
    ),
    "pictures in one cell": generated("cell", "<img src=x{i}.jpg>图{i}<br>"),
    "refresh with blanks": _refresh_with_blanks,
    "empty gzip members": _gzip_members,
    "attributes of one element": _attributes,
    "one long attribute": _one_attribute,
    "__doPostBack and inputs": _postbacks,
    "functions and calls": _functions,
    "unclosed links over breaks": _in_body("<a href=x{i}>字<br>"),
    "breaks": _in_body("x<br>"),
    "unclosed tags": _in_body("<b>"),
    "unclosed blocks": _in_body("<div>"),
    "broken GBK": _broken_gbk,
    "gzip of breaks": _bomb,
    "headers": _headers,
}


# --- what is printed --------------------------------------------------------------------------------------------------


def growth(costs: list[Cost | None]) -> float:
    """The largest growth of a noticeable time between two sizes; infinite where a reading was ended."""
    worst = 0.0
    for before, after in itertools.pairwise(costs):
        if before is None or after is None:
            return float("inf")
        if after.seconds >= NOTICEABLE:
            worst = max(worst, after.seconds / max(before.seconds, 0.02))
    return worst


def table(inputs: dict[str, Input], base: int) -> Iterator[tuple[str, float]]:
    """A row for each input, and its growth."""
    for name, make in inputs.items():
        costs = [cost(make, base * times) for times in (1, 2, 4, 8)]
        grown = growth(costs)
        seconds = " | ".join(f"{each.seconds:.2f}" if each else f"> {LIMIT}" for each in costs)
        memory = max((each.megabytes for each in costs if each), default=0)
        yield f"| {name} | {seconds} | {grown:.1f} | {memory} |", grown


def search(base: int, only: str | None, workers: int) -> list[tuple[float, float, str]]:
    """Growth for a doubled size, seconds, and names of the generated inputs that grow faster than a linear step."""
    names = [(place, seed) for place in PLACES for seed in SEEDS if only is None or only in (place, seed)]

    def judged(name: tuple[str, str]) -> tuple[float, float, str] | None:
        make = generated(*name)
        try:
            large = cost(make, 4 * base)
        except RuntimeError as error:
            print(f"{name[0]}: {name[1]!r}: {error}", flush=True)
            return None
        if large is not None and large.seconds < 3 * NOTICEABLE:
            return None
        small = cost(make, base)
        if large is None or small is None:
            return float("inf"), LIMIT, f"{name[0]}: {name[1]!r}"
        grown = (large.seconds / max(small.seconds, 0.02)) ** 0.5
        print(f"{grown:5.1f} a step, {large.seconds:6.2f} s  {name[0]}: {name[1]!r}", file=sys.stderr, flush=True)
        return (grown, large.seconds, f"{name[0]}: {name[1]!r}")

    with ThreadPoolExecutor(workers) as pool:
        found = [each for each in pool.map(judged, names) if each is not None]
    return sorted(found, reverse=True)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.costs", description=(__doc__ or "").partition(":")[0])
    parser.add_argument("--search", action="store_true", help="look for new inputs")
    parser.add_argument("--base", type=int, default=25_000, metavar="BYTES", help="the smallest size")
    parser.add_argument("--only", metavar="NAME", help="one input, place or seed")
    parser.add_argument("--workers", type=int, default=2, metavar="N", help="processes of a search")
    parser.add_argument("--most", type=int, default=40, metavar="N", help="rows of a search that are printed")
    asked = parser.parse_args()
    worst = 0.0
    if asked.search:
        for grown, seconds, name in search(asked.base, asked.only, asked.workers)[: asked.most]:
            worst = max(worst, grown)
            print(f"{grown:5.1f} a step, {seconds:6.2f} s  {name}")
    else:
        known = {name: make for name, make in KNOWN.items() if asked.only in (None, name)}
        print("| input | n | 2n | 4n | 8n | growth | MB |\n|---|---|---|---|---|---|---|")
        for row, grown in table(known, asked.base):
            worst = max(worst, grown)
            print(row, flush=True)
    sys.exit(worst > LINEAR)


if __name__ == "__main__":
    main()
