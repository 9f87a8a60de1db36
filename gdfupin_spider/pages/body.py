"""Where the body begins and ends: structure first, words second.

The body stands behind the info line, in the nearest block around it that holds prose, a picture or a file. That block is
grown outwards only for a neighbour that clearly carries more of the article. Inside it, lines of buttons, links to the
next article, related links and editors' names are cut from the end inwards, never a line with prose behind it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from . import dates
from .lines import Anchor, Block, Document, Element, Line
from .words import Words

FILE = re.compile(
    r"\.(?:docx?|xlsx?|pptx?|pdf|rar|zip|7z|wps|et|dps|txt|rtf|csv|ofd|ceb|mp3|mp4|avi|wmv|flv|swf|tif|tiff)(?:[?#]|$)",
    re.I,
)
"""Addresses of files, as opposed to pages."""
_COMMA = re.compile(r"[，。！？；]|,(?!\d)")
_FULL_STOP = re.compile(r"[。！？]")
_DISCLAIMS = frozenset("[【(（*※本特郑免版声提凡以")
"""What disclaimers begin with."""
_RULE = re.compile(r"[-=_*~—―─━·.…\s]+")
_WIDGET = re.compile(
    r"^(?:阅读|浏览|点击|人气|访问|评论|热度)\S{0,3}\s*[:：]?\s*\d+\s*[次人条]?$|^评论\s*[:：]|^本文已?被?(?:浏览|阅读|点击|访问)|^您看完|^(?:网友|发表|用户|文章|最新|我要|我来)(?:评论|说两句)|\d+\s*(?:位|条|人|个)\S{0,6}(?:评论|参与|跟帖|回复|表态)|^\d*\s*(?:来顶一下|顶一下|踩一下|鲜花|握手|雷人|路过|鸡蛋|刚表态)|^(?:扫一扫|扫描|用手机|手机扫)|二维码"
)
_COLOPHON = re.compile(
    r"[\[(（【\s]*(?:本文)?(?:责任编辑|责编|编辑|网络编辑|点击|浏览|阅读|分享|扫一扫|关键|标签|tag|字[体号]|录入|发布时间|发布日期)",
    re.I,
)
_FIELD = re.compile(r"(?:信息|文章|新闻|公告|详细)?(?:内\s*容|正\s*文|标\s*题)\s*[:：]")
_NOWHERE = re.compile(r"\s*(?:#|javascript:)", re.I)
_IMAGE_FILE = re.compile(r"\.(?:jpe?g|gif|png|bmp|webp)(?:[?#]|$)", re.I)
_BUTTON = re.compile("打印|关闭|分享|收藏|顶部|返回")
_SIZE = re.compile(r"\s*(\d+)(?!\s*%|\d)")
_ICON = re.compile(
    r"(?:^|[/_\-.])(?:icon|ico|logo|banner|btn|button|bg|spacer|blank|dot|line|arrow|share|print|close|top|bottom|left|right|nav|menu|ewm|qrcode|space|pixel|loading|grey|counter)(?:[/_\-.\d]|$)",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Body:
    """The lines of the body."""

    lines: tuple[Line, ...]
    end: int
    """The first line that is template again."""
    why: str
    """What ended it."""


def find(doc: Document, after: int, block: Block, words: Words, before: int | None = None) -> Body:
    """The body behind line `after` - 1, which stands in `block` (an info line or a title); not beyond line `before`."""
    scene = _Scene(doc.lines, after, words)
    if before is not None:
        return Body(
            tuple(
                doc.lines[index] for index in range(after, before) if scene.kind(index) not in (_NOISE, _BLANK, _LINK)
            ),
            before,
            "the info line stands below",
        )
    core = _core(scene, block)
    if core is None:
        return Body((), after, "nothing behind the info line")
    return _bounds(scene, core)


# --- what each line is for -------------------------------------------------------------------------------------------

_PLAIN, _LINK, _NOISE, _PICTURE, _FILE, _BLANK = "plain", "link", "noise", "picture", "file", "blank"
_PARAGRAPHS = frozenset(
    (
        "p",
        "li",
        "ul",
        "ol",
        "dl",
        "dd",
        "dt",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "blockquote",
        "pre",
        "center",
        "address",
        "figure",
        "figcaption",
        "caption",
        "legend",
    )
)


class _Scene:
    """The lines behind the info line, each with its class and the container it stands in, found when asked for."""

    def __init__(self, lines: Sequence[Line], after: int, words: Words) -> None:
        self.lines, self.after, self.words = lines, after, words
        self.footer = footer_start(lines, after, words)
        self.classes: dict[int, str] = {}

    def kind(self, index: int) -> str:
        """What a line is: plain text, a link, a picture, a file, noise of the template, or blank."""
        known = self.classes.get(index)
        if known is None:
            known = _NOISE if index >= self.footer else _classify(self.lines[index], self.words, self.after)
            self.classes[index] = known
        return known

    def is_sentence(self, index: int) -> bool:
        """Whether a line is prose and nothing of the template."""
        return is_prose(self.lines[index]) and self.kind(index) in (_PLAIN, _FILE)

    def sentences(self, start: int, end: int) -> int:
        """Unlinked characters of the prose between two lines."""
        return sum(
            line.size - line.linked for line in self.lines[max(start, self.after) : end] if self.is_sentence(line.index)
        )

    def first_content(self, start: int, end: int) -> int:
        """The first line that is text, a picture or a file."""
        return next(
            index for index in range(max(start, self.after), end) if self.kind(index) in (_PLAIN, _PICTURE, _FILE)
        )

    def has_content(self, start: int, end: int) -> bool:
        """Whether pictures or files, or more than a few words, stand between two lines."""
        plain = 0
        for index in range(max(start, self.after), end):
            kind = self.kind(index)
            if kind in (_PICTURE, _FILE):
                return True
            plain += self.lines[index].size if kind == _PLAIN else 0
        return plain >= 16


def is_prose(line: Line) -> bool:
    """Whether a line reads as prose: long enough, punctuated, not made of links."""
    own = line.size - line.linked
    return (own >= 20 and _COMMA.search(line.text) is not None) or (own >= 8 and line.text[-1:] in "。！？”")


def footer_start(lines: Sequence[Line], after: int, words: Words) -> int:
    """The line where the profile's own end words begin the footer: behind it nothing reads as prose.

    An end word that is quoted in an article has prose, or the real one, behind it.
    """
    if words.own_end is None:
        return len(lines)
    for line in lines[after:]:
        if (
            line.size < 60
            and words.own_end.match(line.text)
            and not any(is_prose(other) and "。" in other.text for other in lines[line.index + 1 :])
        ):
            return line.index
    return len(lines)


def shows_something(line: Line) -> bool:
    """Whether a line has a picture of the article or a file."""
    return any(not is_ornament(image) for image in line.images) or any(is_file(anchor) for anchor in line.anchors)


def _classify(line: Line, words: Words, after: int) -> str:
    if not line.size:
        if all(is_ornament(image) for image in line.images):
            return _BLANK
        return _LINK if any(not _IMAGE_FILE.search(anchor.attribute("href")) for anchor in line.anchors) else _PICTURE
    text = line.text
    if not line.anchors and line.size >= 60 and "。" in text and text[0] not in _DISCLAIMS:
        return _PLAIN  # most lines of most articles
    if line.anchors and any(is_file(anchor) for anchor in line.anchors):
        return _FILE
    if line.size > 2 and _RULE.fullmatch(text):
        return _BLANK
    if (
        words.is_buttons(line)
        or end_mark(line, words)
        or (line.size < 60 and _WIDGET.search(text))
        or line.block.tag == "legend"
    ):
        return _NOISE
    if (
        line.size < 60
        and (":" in text or "：" in text)
        and (words.editor.match(text.lstrip("([（【 ")) or _FIELD.fullmatch(text))
    ):
        return _NOISE
    if line.size < 300 and text[0] in _DISCLAIMS and words.disclaimer.match(text):
        return _NOISE
    if line.size < 200 and (line.linked or _FULL_STOP.search(text) is None) and words.footer.search(text):
        return _NOISE
    if (form := line.block.inside("form")) is not None and form.start >= after and not is_prose(line) and _asks(form):
        return _NOISE  # a form that begins behind the info line is for comments, votes or a search
    if line.linked > 0.6 * line.size:
        return (
            _NOISE
            if line.size <= 6 and all(_NOWHERE.match(anchor.attribute("href")) for anchor in line.anchors)
            else _LINK
        )
    if line.size < 140 and not is_prose(line) and _in_footer(line.block, words):
        return _NOISE
    if (
        line.linked > 0.3 * line.size
        and (said := dates.find(text))
        and line.size - line.linked - (said.end - said.start) <= 4
    ):
        return _LINK  # a row of a list: a date beside a link
    return _PLAIN


def _in_footer(block: Block, words: Words) -> bool:
    """Whether a small block is the page's footer: it says so in one line, and none of its lines is prose."""
    lines = block.lines
    return (
        len(lines) <= 10
        and any(words.footer.search(line.text) for line in lines)
        and not any(is_prose(line) for line in lines)
    )


def _asks(form: Block) -> bool:
    """Whether a form has fields to fill in."""
    fields = form.element.iter("input", "textarea", "select") if form.element is not None else ()
    return any(
        field.tag != "input" or (field.get("type") or "text").lower() in ("text", "radio", "checkbox", "password")
        for field in fields
    )


def end_mark(line: Line, words: Words) -> str:
    """What makes a line the first behind an article: end word, neighbours, related links or buttons; else empty."""
    text = line.text
    if words.own_end is not None and words.own_end.match(text) and line.size < 60:
        return "end word"
    if (match := words.after.match(text)) and (
        line.linked or (match["rest"] in (":", "：") and line.size < 80) or line.size < 8
    ):
        return "neighbours"
    if (
        line.size <= 40
        and (match := words.related.match(text))
        and (len(match["rest"].strip(" :：>》»…·|[]【】更多MOREmore")) <= 3 or line.linked >= 0.5 * line.size)
    ):
        return "related"
    if line.size <= 60 and _BUTTON.search(text) and words.is_buttons(line):
        return "buttons"
    return ""


def is_file(anchor: Anchor) -> bool:
    """Whether a link leads to a file, by its address or by its text (`附件1.doc` behind a download script)."""
    href = anchor.attribute("href")
    return bool(href) and (FILE.search(href.strip()) is not None or FILE.search(anchor.text) is not None)


def is_ornament(image: Element) -> bool:
    """Whether a picture is part of the page's dress: small by its own word, or named like a button."""
    for name in ("width", "height"):
        if (size := _SIZE.match(image.get(name) or "")) and int(size[1]) < 60:
            return True
    return bool(_ICON.search(source(image)))


def source(image: Element) -> str:
    """Where a picture's file is: for one that is loaded late not the placeholder, but what takes its place."""
    late = next(
        (
            value
            for name in ("data-original", "data-src", "data-lazy-src", "original", "file", "zoomfile")
            if (value := image.get(name))
        ),
        None,
    )
    return late or image.get("src") or ""


# --- structure -------------------------------------------------------------------------------------------------------


def _core(scene: _Scene, block: Block) -> Block | None:
    """The block that holds the body, and perhaps template behind it: the container of the first prose, grown.

    A body without prose (a picture, a table, a file, a line of few words) is the container of the first content.
    """
    weak: Block | None = None
    for region in block.ancestors():
        if region.end <= scene.after:
            continue
        prose = scene.sentences(region.start, region.end)
        if prose:
            first = next(
                index for index in range(max(region.start, scene.after), region.end) if scene.is_sentence(index)
            )
            if weak is not None and (prose < 150 or _broken_off(scene, weak.end, first)):
                return weak
            return _grown(scene, container(scene.lines[first]), region)
        if (
            weak is None
            and region.parent is not None
            and region.tag != "body"
            and scene.has_content(region.start, region.end)
        ):
            weak = container(scene.lines[scene.first_content(region.start, region.end)])
    return weak or next((region for region in block.ancestors() if scene.has_content(region.start, region.end)), None)


def container(line: Line) -> Block:
    """The block that holds a paragraph beside its like: paragraphs, list items, cells of data and blocks of one line
    are climbed over."""
    block = line.block
    while block.parent is not None:
        row = block.parent if block.tag in ("td", "th") else None
        if block.tag in _PARAGRAPHS or (block.tag in ("div", "section", "span") and block.end - block.start <= 1):
            block = block.parent
        elif row is not None and row.tag == "tr" and is_data_row(row):
            table = row
            while table.parent is not None and table.tag != "table":
                table = table.parent
            block = table.parent or table
        else:
            break
    return block


def _grown(scene: _Scene, core: Block, region: Block) -> Block:
    """The container, or one around it whose other children go on with the prose without a break."""
    best = inner = core
    while inner is not region and inner.parent is not None and inner.depth > region.depth:
        outer = inner.parent
        if inner.tag in ("td", "th") and outer.tag == "tr" and len(outer.children) > 1:
            inner = outer  # another cell is another column, not more of the text
            continue
        following = next(
            (index for index in range(max(inner.end, scene.after), outer.end) if scene.is_sentence(index)), None
        )
        if (
            following is not None
            and not _broken_off(scene, best.end, following, inner, outer)
            and _alike(scene, inner, outer, following)
        ):
            best = outer
        inner = outer
    return best


def _alike(scene: _Scene, inner: Block, outer: Block, following: int) -> bool:
    """Whether the child of `outer` that holds a following sentence is of the make of `inner`, or a bare paragraph."""
    sibling = _child(outer, scene.lines[following].block)
    if sibling is outer or sibling.tag in _PARAGRAPHS or sibling.tag == inner.tag:
        if sibling is outer:
            return True
        links = sum(1 for index in range(sibling.start, sibling.end) if scene.kind(index) == _LINK)
        return links <= 0.3 * (sibling.end - sibling.start)
    return sibling.end - sibling.start == 1 or (
        sibling.tag in ("table", "div")
        and inner.tag in ("table", "div")
        and scene.sentences(sibling.start, sibling.end) > 60
    )


def _broken_off(scene: _Scene, start: int, end: int, inner: Block | None = None, outer: Block | None = None) -> bool:
    """Whether a mark of the end, or a run of links, stands between two lines; links set as paragraphs are set are none."""
    run = 0
    for index in range(max(start, scene.after), end):
        kind = scene.kind(index)
        if kind == _LINK and inner is not None and outer is not None:
            sibling = _child(outer, scene.lines[index].block)
            if sibling.tag == inner.tag and sibling.end - sibling.start <= 2:
                continue
        run = run + 1 if kind == _LINK else run if kind == _BLANK else 0
        if kind == _NOISE or run >= 3:
            return True
    return False


def _child(outer: Block, block: Block) -> Block:
    """The child of `outer` that holds a block, or `outer` where it is the block itself."""
    while block.parent is not None and block is not outer and block.parent is not outer:
        block = block.parent
    return block


# --- bounds ----------------------------------------------------------------------------------------------------------


def _bounds(scene: _Scene, core: Block) -> Body:
    """The lines of the core without the template at its ends and the link lists inside."""
    lines = scene.lines
    start, stop = max(core.start, scene.after), core.end
    containers = {index: id(container(lines[index])) for index in range(start, stop) if scene.is_sentence(index)}
    level = set(containers.values())
    shapes = {_shape(lines[index].block, core) for index in range(start, stop) if scene.kind(index) == _PLAIN}
    begin = next(
        (
            index
            for index in range(start, stop)
            if scene.kind(index) in (_PLAIN, _PICTURE, _FILE)
            or _is_opening(lines[index], scene.words)
            or (scene.kind(index) == _LINK and _shape(lines[index].block, core) in shapes)
        ),
        stop,
    )
    why, end = "the block ends", stop
    for index in range(begin, stop):
        if scene.kind(index) != _NOISE:
            continue
        before = {place for other, place in containers.items() if other < index}
        if any(other > index and (not before or place in before) for other, place in containers.items()):
            continue  # prose goes on: words of the template inside the text, or buttons above it
        end, why = index, f"{end_mark(lines[index], scene.words) or 'template'}: {lines[index].text[:24]}"
        break
    while end > begin and _is_closing(scene, end - 1, core, shapes):
        end -= 1
    prose_shapes = {_shape(lines[index].block, core) for index in containers}
    while end > begin + 1 and _shape(lines[end - 1].block, core) not in prose_shapes and _heads_links(scene, end - 1):
        end -= 1
    kept = [*_leading(scene, begin, core), *_kept(scene, begin, end, core, level, shapes)]
    kept += _trailing(scene, end, core) if end == stop else []
    return Body(tuple(kept), kept[-1].index + 1 if kept else end, why)


def _shape(block: Block, core: Block) -> tuple[str, ...]:
    """The tags between a block and the core: paragraphs of one body are alike in them."""
    tags = []
    for part in block.ancestors():
        if part is core:
            break
        tags.append(part.tag)
    return tuple(tags)


def _leading(scene: _Scene, begin: int, core: Block) -> list[Line]:
    """Lines between the info line and the core that belong to the body: pictures, and text set as the core is set."""
    found: list[Line] = []
    for index in range(begin - 1, scene.after - 1, -1):
        line, kind = scene.lines[index], scene.kind(index)
        if (kind == _PICTURE and not line.anchors) or (kind == _PLAIN and _same_make(line.block, core)):
            found.insert(0, line)
        elif kind != _BLANK:
            break
    return found


def _same_make(block: Block, core: Block) -> bool:
    """Whether two blocks hang in the same way below what holds both, as paragraphs in tables of one cell each do."""
    one, two = list(container_path(block)), list(container_path(core))
    while one and two and one[-1] is two[-1]:
        one.pop()
        two.pop()
    if not one or not two or one[-1].end - one[-1].start > 2 or two[-1].end - two[-1].start > 3:
        return False  # boxes of one paragraph each, not columns
    return (
        [part.tag for part in one] == [part.tag for part in two]
        and two[-1].tag in ("table", "div", "tr", "p", "li", "section")
        and len(one) < 6
    )


def container_path(block: Block) -> Iterator[Block]:
    """A block and those around it, without `tbody`."""
    return (part for part in block.ancestors() if part.tag != "tbody")


def _heads_links(scene: _Scene, index: int) -> bool:
    """Whether a short line is the heading of nothing but links behind it (`看过本文的人还看了`)."""
    line = scene.lines[index]
    row = line.block.inside("tr")
    if (
        scene.kind(index) != _PLAIN
        or line.size > 20
        or (row is not None and is_data_row(row))
        or line.text.startswith("附")
        or _COMMA.search(line.text)
        or line.text[-1:].isdigit()
        or line.text[-1:] == "日"
    ):
        return False
    following = [
        scene.kind(other) for other in range(index + 1, min(index + 4, len(scene.lines))) if scene.kind(other) != _BLANK
    ]
    return len(following) >= 2 and all(kind == _LINK for kind in following)


def _is_closing(scene: _Scene, index: int, core: Block, shapes: set[tuple[str, ...]]) -> bool:
    kind = scene.kind(index)
    if kind in (_NOISE, _BLANK):
        return True
    line = scene.lines[index]
    return kind == _LINK and _shape(line.block, core) not in shapes


def _kept(
    scene: _Scene, start: int, end: int, core: Block, level: set[int], shapes: set[tuple[str, ...]]
) -> list[Line]:
    """The lines of the body, without noise above the first text and without lists of links in blocks of their own."""
    kept: list[Line] = []
    run: list[Line] = []
    begun = False
    for index in range(start, end):
        line, kind = scene.lines[index], scene.kind(index)
        if kind == _NOISE and (
            (id(container(line)) not in level and _shape(line.block, core) not in shapes)
            or (not begun and not _is_opening(line, scene.words))
        ):
            continue
        if kind == _LINK and _shape(line.block, core) not in shapes:
            run.append(line)
            continue
        if kind == _BLANK:
            continue
        begun = begun or kind in (_PLAIN, _FILE, _PICTURE)
        if len(run) < 3 and kept:
            kept += run
        run = []
        kept.append(line)
    return kept


def _is_opening(line: Line, words: Words) -> bool:
    """Whether a line with a label may open a text: 发布人:… of a notice may, 责任编辑:… may not."""
    return words.editor.match(line.text) is not None and _COLOPHON.match(line.text) is None


def _trailing(scene: _Scene, end: int, core: Block) -> list[Line]:
    """Text set as the core is set, and files in blocks of their own, directly behind the body."""
    found: list[Line] = []
    for index in range(end, len(scene.lines)):
        line, kind = scene.lines[index], scene.kind(index)
        if (
            kind == _FILE
            or (kind in (_PLAIN, _PICTURE) and _same_make(line.block, core))
            or (kind == _PLAIN and line.size < 12 and line.text.startswith("附"))
        ):
            found.append(line)
        elif kind != _BLANK:
            break
    return found


def paragraphs(body: Sequence[Line]) -> list[str]:
    """The body's text, one paragraph each; the cells of a table's row in one line, divided by tabs."""
    out: list[str] = []
    inside = {line.index: line for line in body}
    data: dict[int, bool] = {}  # by number of the row
    behind = -1  # lines before this one stand in a row that is written already
    for line in body:
        if line.index < behind or not line.text:
            continue
        row = line.block.inside("tr")
        if row is not None and row.number not in data:
            data[row.number] = _is_whole_data_row(row, body)
        if row is None or not data[row.number]:
            out.append(line.text)
            continue
        behind = row.end
        cells = [
            " ".join(
                inside[index].text for index in range(cell.start, cell.end) if index in inside and inside[index].text
            )
            for cell in row.children
        ]
        out.append("\t".join(cells))
    return out


def is_data_row(row: Block) -> bool:
    """Whether a row holds data in cells of its own, and is not there for the layout."""
    if row.data_row is None:
        row.data_row = _holds_data(row)
    return row.data_row


def _holds_data(row: Block) -> bool:
    cells = [child for child in row.children if child.tag in ("td", "th")]
    filled = sum(1 for cell in cells if cell.end > cell.start)
    return filled >= 2 and all(cell.end - cell.start <= 6 and not cell_holds_table(cell) for cell in cells)


def cell_holds_table(cell: Block) -> bool:
    """Whether a table stands inside a cell."""
    return any(child.tag == "table" or cell_holds_table(child) for child in cell.children)


def _is_whole_data_row(row: Block, body: Sequence[Line]) -> bool:
    if not body or row.start < body[0].index or row.end > body[-1].index + 1:
        return False
    table = (
        row.parent.parent if row.parent is not None and row.parent.tag in ("tbody", "thead", "tfoot") else row.parent
    )
    rows = [
        other
        for child in (table.children if table else ())
        for other in (child.children if child.tag in ("tbody", "thead", "tfoot") else [child])
    ]
    return is_data_row(row) or (
        any(is_data_row(other) for other in rows if other.tag == "tr")
        and all(cell.end - cell.start <= 6 and not cell_holds_table(cell) for cell in row.children)
        and len(row.children) >= 2
    )
