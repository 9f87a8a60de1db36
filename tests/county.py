"""A site of another kind: the forestry bureau of a county that does not exist, 2008 to 2016, sixty articles.

Written to be strange to the project, and used by docs/first-contact.md and tests/test_first_contact.py: its own labels
(登载日, 供稿单位, English ones in between), its own words for breadcrumb, footer, gone and slow down; three makes of
page, GBK, upper-case tags, pictures on another host. It answers as an HTTP proxy, so that it is at http://www.qxly.gov.cn/.

    python -m tests.county --port 8090
"""

import argparse
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, quote, urlsplit

HOST = "www.qxly.gov.cn"
PICTURES = "img.qxly.gov.cn"
SECTIONS = ("林业动态", "公示公告", "森林防火", "造林绿化", "林政执法", "机关党建")
ARTICLES, PER_PAGE = 60, 8
GONE, SLOW = 31, 22
"""The article that is listed and gone; the one that is only given to those who come back."""

_PLACES = ("石岭林场", "大坞村", "青竹岭", "河口镇", "东冲水库", "白云寺", "枫树坪", "南山苗圃", "双坑乡", "黄泥铺")
_DEEDS = (
    "开展松材线虫病普查", "组织扑火队员冬训", "补植补造杉木容器苗", "清理林下可燃物", "发放退耕还林补助",
    "查处一起盗伐林木案", "举办古树名木挂牌仪式", "检查木材经营加工企业", "建设生物防火林带", "召开义务植树动员会",
)  # fmt: skip
_OFFICES = ("县防火办", "局办公室", "林政股", "营林股", "石岭林场", "县林业派出所", "清溪报", "森防站")
_NAMES = ("王小林", "李木生", "陈杉", "赵柏青", "吴桂枝")
_DETAILS = (
    "{place}的{count}名护林员清早出发，带着砍刀和干粮，沿着防火线走了{n}公里。",
    "据统计，{place}今年共投入劳力{count}人次，完成面积{n}亩，比去年多出一成。",
    "“山上的树就是我们的存折。”{place}护林员老{name}一边擦汗一边说，他守山已经{n}年。",
    "局领导先后到{place}等{n}处现场，看苗木，问成活，当场答复了群众提出的{count}个问题。",
    "活动中发放宣传单{count}份，悬挂横幅{n}条，{place}的小学生也写了倡议书。",
    "针对{place}坡陡路窄的情况，技术人员把样方缩小到{n}米见方，一共调查了{count}株。",
    "截至目前，{place}一带没有发生森林火情，群众反映的{n}件事已经办结。",
)


@dataclass(frozen=True)
class Truth:
    """What an article says, whatever dress it wears."""

    number: int
    title: str
    date: str
    source: str
    author: str | None
    section: str
    paragraphs: tuple[str, ...]
    picture: bool
    file: bool

    @property
    def url(self) -> str:
        return f"http://{HOST}/View.asp?ID={self.number}"

    def expected(self) -> dict[str, object]:
        """The fields of its article line."""
        body = [*self.paragraphs, *(["附件：名单.xls"] if self.file else [])]
        image = [{"url": f"http://{PICTURES}/up/{self.number}.jpg", "caption": None}] if self.picture else []
        return {
            "url": self.url,
            "title": self.title,
            "date": self.date,
            "source": self.source,
            "author": self.author,
            "section": self.section,
            "body": "\n".join(body),
            "images": image,
            "attachments": [{"url": f"http://{HOST}/up/{self.number}.xls", "name": "附件：名单.xls"}]
            if self.file
            else [],
        }


def truth() -> list[Truth]:
    """All articles but the one that is gone, oldest first."""
    return [_article(number) for number in range(1, ARTICLES + 1) if number != GONE]


def _article(number: int) -> Truth:
    place, deed = _PLACES[number * 7 % 10], _DEEDS[(number * 3 + number // 10) % 10]
    details = [
        _DETAILS[(number + k * 2) % 7].format(
            place=_PLACES[(number * 3 + k) % 10],
            count=(number * 37 + k * 11) % 180 + 12,
            n=(number * 13 + k * 5) % 46 + 3,
            name=_NAMES[(number + k) % 5][0],
        )
        for k in range(2 + number % 4)
    ]
    opening = f"{number % 12 + 1}月{number * 5 % 27 + 1}日，{place}{deed}，有关乡镇和单位{number % 7 + 3}人到场。"
    return Truth(
        number,
        f"{place}{deed}" if number % 6 else f"{deed}：{place}的{number % 9 + 2}天{number % 9 + 2}夜",
        f"{2008 + number // 7}-{number % 12 + 1:02}-{number * 5 % 27 + 2:02}",
        _OFFICES[number % 8],
        _NAMES[number % 5] if number > 20 else None,
        SECTIONS[number % 6],
        (opening, *details),
        picture=number % 5 == 0,
        file=number % 9 == 4,
    )


# --- how it is marked up ---------------------------------------------------------------------------------------------


def _frame(inside: str) -> str:
    menu = " | ".join(f"<A HREF='/Class.asp?Big={_gbk(name)}'>{name}</A>" for name in SECTIONS)
    return (
        "<HTML><HEAD><META http-equiv=Content-Type content='text/html; charset=gb2312'>"
        "<TITLE>清溪林业信息网 Qingxi Forestry</TITLE></HEAD><BODY BGCOLOR=#E8F5E0><CENTER>"
        "<TABLE WIDTH=778 BORDER=0><TR><TD><IMG SRC=/images/top.gif></TD></TR><TR><TD>"
        f"<A HREF=/>网站首页</A> | {menu} | <A HREF=/admin/login.asp>管理</A></TD></TR></TABLE>{inside}"
        "<TABLE WIDTH=778><TR><TD ALIGN=CENTER><FONT SIZE=2>清溪县林业局　地址：清溪县城关镇杉木路8号　"
        "皖ICP备05001234号<BR>Tel: 0550-1234567　您是第 <B>60214</B> 位来客</FONT>"
        "</TD></TR></TABLE></CENTER></BODY></HTML>"
    )


def _home() -> str:
    boxes = []
    for name in SECTIONS:
        rows = "".join(_row(one) for one in _of(name)[:4])
        boxes.append(f"<TD VALIGN=TOP><B>{name}</B><UL>{rows}</UL></TD>")
    return _frame(f"<TABLE WIDTH=778><TR>{''.join(boxes[:3])}</TR><TR>{''.join(boxes[3:])}</TR></TABLE>")


def _of(section: str) -> list[Truth]:
    return [_article(n) for n in range(ARTICLES, 0, -1) if SECTIONS[n % 6] == section]


def _row(one: Truth) -> str:
    return f"<LI><A HREF='View.asp?ID={one.number}' TARGET=_blank>{one.title[:12]}</A> [{one.date[5:]}]</LI>"


def _class(section: str, page: int) -> str:
    them = _of(section)
    pages = -(-len(them) // PER_PAGE)
    rows = "".join(
        f"<TR><TD>·<A HREF='View.asp?ID={one.number}'>{one.title[:16]}</A></TD><TD NOWRAP>{one.date}</TD></TR>"
        for one in them[(page - 1) * PER_PAGE : page * PER_PAGE]
    )
    here = f"/Class.asp?Big={_gbk(section)}&Page="
    further = (
        f"<A HREF='{here}{page + 1}'>下一页</A> <A HREF='{here}{pages}'>尾页</A>" if page < pages else "下一页 尾页"
    )
    return _frame(
        f"<TABLE WIDTH=778><TR><TD>您所在之处：<A HREF=/>网站首页</A> → {section}</TD></TR></TABLE>"
        f"<TABLE WIDTH=778 CELLPADDING=4>{rows}</TABLE><P>第{page}页 共{pages}页 共{len(them)}篇 {further}</P>"
    )


def _view(one: Truth) -> str:
    link = f"<A HREF='/Class.asp?Big={_gbk(one.section)}'>{one.section}</A>"
    return _frame([_first_make, _second_make, _third_make][(one.number > 20) + (one.number > 40)](one, link))


def _extras(one: Truth) -> str:
    picture = f"<IMG SRC='http://{PICTURES}/up/{one.number}.jpg' WIDTH=420>" if one.picture else ""
    return picture + (f"<BR><A HREF=/up/{one.number}.xls>附件：名单.xls</A>" if one.file else "")


def _first_make(one: Truth, link: str) -> str:
    year, month, day = one.date.split("-")
    text = "<BR>".join(f"　　{line}<BR>" for line in one.paragraphs)
    return (
        f"<TABLE WIDTH=778><TR><TD>您所在之处：<A HREF=/>网站首页</A> → {link} → 正文</TD></TR>"
        f"<TR><TD ALIGN=CENTER><FONT SIZE=5 COLOR=green>{one.title}</FONT></TD></TR>"
        f"<TR><TD ALIGN=CENTER>录入日期：{year}年{int(month)}月{int(day)}日　　稿源：{one.source}　　"
        f"人气：{one.number * 3}</TD></TR>"
        f"<TR><TD>{text}{_extras(one)}<BR><BR>林业信息员随时恭候您的来稿</TD></TR></TABLE>"
    )


def _second_make(one: Truth, link: str) -> str:
    year, month, day = one.date.split("-")
    text = "".join(f"<P>&nbsp;&nbsp;&nbsp;&nbsp;{line}" for line in one.paragraphs)
    return (
        f"<TABLE WIDTH=778><TR><TD><FONT SIZE=2>Location: <A HREF=/>Home</A> &raquo; {link}</FONT></TD></TR><TR><TD>"
        f"<CENTER><B>{one.title}</B></CENTER><CENTER><I>Issued:</I> {year}/{int(month)}/{int(day)} "
        f"<I>From:</I> {one.source} <I>Penned:</I> {one.author} <I>Seen:</I> {one.number * 3}</CENTER>"
        f"{text}<P>{_extras(one)}<P ALIGN=RIGHT>清溪林业，守护绿水青山</TD></TR></TABLE>"
    )


def _third_make(one: Truth, link: str) -> str:
    text = "".join(f"<DIV>　　{line}</DIV>" for line in one.paragraphs)
    return (
        f"<DIV ALIGN=LEFT>您所在之处：<A HREF=/>网站首页</A> → {link} → 正文</DIV>"
        f"<TABLE WIDTH=778><TR><TH>{one.title}</TH></TR><TR><TD ALIGN=CENTER>登载日：{one.date}　"
        f"供稿单位：{one.source}　撰文：{one.author}</TD></TR><TR><TD>{text}<DIV>{_extras(one)}</DIV>"
        f"<DIV>本信息已被阅读 {one.number * 3} 次　清溪林业，守护绿水青山</DIV></TD></TR></TABLE>"
    )


def _gbk(text: str) -> str:
    return quote(text.encode("gbk"))


# --- how it is served ------------------------------------------------------------------------------------------------


class County(ThreadingHTTPServer):
    """The site, on loopback; use it in a `with` block of `serve`."""

    daemon_threads = True

    def __init__(self, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.asked: list[str] = []
        """Every path that was asked for, in order."""

    def handle_error(self, request: object, client_address: object) -> None:
        """A crawler that is killed leaves its connections open, which is no news; all else is told."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]

    @property
    def proxy(self) -> str:
        """For `http_proxy`."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: County

    def do_GET(self) -> None:
        """Any path; absolute form too."""
        parts = urlsplit(self.path)
        self.server.asked.append(parts.path + (f"?{parts.query}" if parts.query else ""))
        status, kind, payload = self._answer(parts.path, parts.query)
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    def _answer(self, path: str, query: str) -> tuple[int, str, bytes]:
        if path == "/robots.txt":
            return 200, "text/plain", b"User-agent: *\nDisallow: /admin/\n"
        if path.startswith("/up/"):
            return 200, "image/jpeg" if path.endswith(".jpg") else "application/vnd.ms-excel", path.encode() * 40
        html = self._page(path, query)
        if html is None:
            return 404, "text/html", "<H1>没有</H1>".encode("gbk")
        return 200, "text/html", html.encode("gbk")

    def _page(self, path: str, query: str) -> str | None:
        answer = {key: values[0] for key, values in parse_qs(query, encoding="gbk").items()}
        match path.lower():
            case "/":
                return _home()
            case "/class.asp":
                return _class(answer["Big"], int(answer.get("Page", "1")))
            case "/view.asp":
                number = int(answer["ID"])
                again = sum(asked.endswith(f"?ID={number}") for asked in self.server.asked) > 1
                if number == GONE:
                    return _frame("<P>哎呀，这篇文稿跑丢啦</P>")
                if number == SLOW and not again:
                    return "<HTML><BODY>点得太急，请喝口茶再来　清溪县林业局</BODY></HTML>"
                return _view(_article(number))
        return None

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: a test's log is long enough."""


@contextmanager
def serve(port: int = 0) -> Iterator[County]:
    """The site while the block lasts."""
    with County(port) as site:
        thread = threading.Thread(target=site.serve_forever, name="county", daemon=True)
        thread.start()
        try:
            yield site
        finally:
            site.shutdown()


def main() -> None:
    """Serves the site until Ctrl-C."""
    parser = argparse.ArgumentParser(description="A county's forestry bureau, as an HTTP proxy under its own name.")
    parser.add_argument("--port", type=int, default=8090)
    with County(parser.parse_args().port) as site:
        print(f"http://{HOST}/ by http_proxy={site.proxy}; Ctrl-C ends")
        try:
            site.serve_forever()
        except KeyboardInterrupt:
            print()


if __name__ == "__main__":
    main()
