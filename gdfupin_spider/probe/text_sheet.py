"""An inspection for the terminal. Page text is hostile: all of it goes through `shown`."""

from collections.abc import Iterable

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from ..messages.record_words import named, word
from ..messages.text import SEMICOLON, T_, joined, translated
from ..pages import reader
from ..pages.kinds import ladder
from ..pages.text.decode import Encoding
from ..terminal import pluralized, shown
from .confidence import total_doubt
from .field_evidence import in_words
from .inspection import Inspection
from .roles import role_word
from .suggestions import Suggestion, toml

COLOURS = {
    "title": "bold magenta",
    "info": "cyan",
    "breadcrumb": "blue",
    "body": "green",
    "end": "red",
    "row": "yellow",
    "next": "bold yellow",
}
FIELDS = ("id", "url", "title", "date", "source", "author", "section", "breadcrumb", "info_line", "encoding", "reader")


def rendered(inspection: Inspection) -> RenderableType:
    """One page: kind and the rules that led to it, landmarks, lines with roles, fields, links, suggestions, issues."""
    parts: list[RenderableType] = [_head(inspection), _ladder(inspection), _landmarks(inspection), _lines(inspection)]
    if inspection.article is not None:
        parts.append(_fields(inspection))
    if inspection.fields:
        evidence = [(word("layout"), inspection.layout.sentence)]
        evidence += [(word(one.field), in_words(one)) for one in inspection.fields]
        parts.append(_pairs(T_("Evidence for each field"), evidence))
    parts += [_links(inspection)] if inspection.page.links else []
    if inspection.unclaimed_pairs:
        pairs = ((T_("line {line}", line=one.line), f"{one.label}: {one.value}") for one in inspection.unclaimed_pairs)
        parts.append(_pairs(T_("Unknown labels"), pairs, "yellow"))
    if inspection.suggestions:
        parts.append(suggested((one, 0) for one in inspection.suggestions))
    if inspection.doubts:
        title = T_("Doubt {doubts:g}", doubts=total_doubt(inspection.doubts))
        parts.append(
            _pairs(title, ((f"{translated(word(one.name))} {one.weight}", one.evidence) for one in inspection.doubts))
        )
    if inspection.issues:
        rows = ((f"{translated(word(issue.level))} {named(issue.what)}", issue.evidence) for issue in inspection.issues)
        parts.append(_pairs(T_("Issues"), rows, "yellow"))
    return Group(*parts)


def _head(inspection: Inspection) -> Text:
    page = inspection.page
    head = Text()
    head.append(translated(word(page.kind)), style="bold")
    head.append(f"  {shown(page.why)}\n")
    head.append(
        T_(
            "{url}  status {status}, {payload} bytes\n",
            url=shown(page.capture.url),
            status=page.capture.status,
            payload=len(page.capture.payload),
        ),
        style="dim",
    )
    if page.capture.proof.warc:
        head.append(
            T_("{warc}, byte {offset}", warc=shown(page.capture.proof.warc), offset=page.capture.proof.offset) + "\n",
            style="dim",
        )
    if page.encoding.name:
        head.append(f"{shown(read_as(page.encoding))}\n", style="dim")
    head.append(f"{T_('reader {profile}', profile=reader(page.profile))}\n", style="dim")
    for remark in inspection.remarks:
        head.append(f"{shown(remark)}\n", style="yellow")
    return head


def read_as(encoding: Encoding) -> str:
    """How the bytes were decoded, and why, in one line."""
    replaced = T_(", {replaced} broken", replaced=encoding.replaced) if encoding.replaced else ""
    evidence = joined(encoding.evidence, SEMICOLON)
    return T_("read as {name}{replaced}: {evidence}", name=encoding.name, replaced=replaced, evidence=evidence)


def plain_table(title: str) -> Table:
    return Table(title=Text(title), title_justify="left", box=None, show_header=False, padding=(0, 1))


def _pairs(title: str, rows: Iterable[tuple[str, str]], style: str = "") -> Table:
    table = plain_table(title)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, text in rows:
        table.add_row(Text(shown(name)), Text(shown(text), style=style))
    return table


def _ladder(inspection: Inspection) -> Table:
    """The rules of the kind in their order, up to the one that decided, and the number of those behind it."""
    page = inspection.page
    table = plain_table(T_("How the kind was decided"))
    for _ in range(3):
        table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    rungs = ladder(page.rule)
    for rung in rungs:
        if rung.matched is None:
            continue
        style = "bold" if rung.matched else "dim"
        text = page.why if rung.matched else rung.rule.sentence
        answer = T_("matches") if rung.matched else T_("no")
        row = (answer, rung.rule.name, translated(word(rung.rule.kind)), shown(text))
        table.add_row(*(Text(cell, style=style) for cell in row))
    if page.rule is None:
        table.add_row(
            *(
                Text(cell, style="bold")
                for cell in ("", T_("none matches"), translated(word(page.kind)), shown(page.why))
            )
        )
    if behind := sum(rung.matched is None for rung in rungs):
        table.add_row("", Text(T_("{rules} not asked", rules=pluralized(behind, "more rule")), style="dim"), "", "")
    return table


def _landmarks(inspection: Inspection) -> Table:
    table = plain_table(T_("Landmarks"))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(style="dim", justify="right", no_wrap=True)
    table.add_column(overflow="fold", ratio=3)
    table.add_column(overflow="fold", style="dim", ratio=2)
    for one in inspection.landmarks:
        number = "" if one.line is None else str(one.line)
        matched = Text(shown(one.matched) or "–", style=COLOURS.get(one.name, "") if one.matched else "yellow")
        table.add_row(translated(word(one.name)), number, matched, Text(shown(one.how)))
    return table


def _lines(inspection: Inspection) -> Table:
    table = plain_table(T_("Printed lines"))
    table.add_column(style="dim", justify="right", no_wrap=True)
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for role, line in zip(inspection.roles, inspection.page.lines, strict=True):
        text = shown(line.text) if line.text else T_("({images} pictures)", images=len(line.images))
        style = COLOURS.get(role.rstrip("?"), "dim" if line.linked and not role else "")
        table.add_row(str(line.index), role_word(role), Text(text, style=style))
    return table


def _fields(inspection: Inspection) -> Table:
    article = inspection.article
    assert article is not None
    table = plain_table(T_("The article"))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name in FIELDS:
        value = getattr(article, name)
        text = " | ".join(value) if isinstance(value, tuple) else value or ""
        table.add_row(translated(word(name)), Text(shown(text) or T_("none"), style="" if value else "dim"))
    for image in article.images:
        table.add_row(T_("image"), Text(shown(f"{image.url}  {image.caption or ''}")))
    for file in article.attachments:
        table.add_row(T_("attachment"), Text(shown(f"{file.url}  {file.name}")))
    table.add_row(
        T_("body"),
        T_(
            "{characters} characters, {paragraphs} paragraphs",
            characters=len(article.body),
            paragraphs=article.body.count(chr(10)) + 1,
        ),
    )
    return table


def _links(inspection: Inspection) -> Table:
    page = inspection.page
    rows = {row.url: row for row in page.rows}
    following = sum(link.role == "next" for link in page.links)
    size = T_(
        "{links} links, {rows} of them rows, {following} to further pages of this listing",
        links=len(page.links),
        rows=len(rows),
        following=following,
    )
    table = plain_table(size)
    table.add_column(style="dim", no_wrap=True)
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    table.add_column(overflow="fold", style="dim")
    order = {"frame": 0, "refresh": 0, "next": 1, "row": 2, "link": 3}
    roles = [("row" if link.url in rows and link.role == "link" else link.role, link) for link in page.links]
    listed = {link.url for link in page.links}
    roles += [("row", row) for row in page.rows if row.url not in listed]
    for role, link in sorted(roles, key=lambda pair: order[pair[0]]):
        row = rows.get(link.url, link)
        form = f"  POST {link.body.decode('latin-1')}" if link.body is not None else ""
        text = Text(shown(row.title or row.text), style=COLOURS.get(role, ""))
        table.add_row(translated(word(role)), row.date or "", text, Text(shown(link.url + form)))
    return table


def _why(one: Suggestion, pages: int) -> str:
    return T_("{pages} pages: {why}", pages=pages, why=one.why) if pages else translated(one.why)


def suggested(found: Iterable[tuple[Suggestion, int]]) -> Table:
    """Suggestions for the profile, one line of TOML per key, with the number of pages if there are several."""
    table = plain_table(T_("Suggestions for the profile"))
    table.add_column(style="bold", overflow="fold", ratio=1)
    table.add_column(overflow="fold", style="dim", ratio=2)
    rows = list(found)
    for key, line in toml(one for one, _ in rows).items():
        whys = [_why(one, pages) for one, pages in rows if one.key == key]
        more = [T_("… and {whys} more", whys=len(whys) - 4)] if len(whys) > 4 else []
        table.add_row(Text(shown(line)), Text(shown("\n".join([*dict.fromkeys(whys[:4]), *more]))))
    return table
