"""A probed page, or a crawl, for people at a terminal. Page text is hostile: every piece goes through `shown`."""

from collections.abc import Iterable

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from ..pages import reader
from ..terminal import shown
from .boilerplate_table import leaks_table
from .confidence import total
from .inspection import Looked
from .suggestions import Suggestion, toml
from .survey import Survey

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


def rendered(looked: Looked) -> RenderableType:
    """One page: kind and why, landmarks, lines with roles, fields, links, what the profile could add, issues."""
    parts: list[RenderableType] = [_head(looked), _landmarks(looked), _lines(looked)]
    if looked.article is not None:
        parts.append(_fields(looked))
    parts += [_links(looked)] if looked.page.links else []
    if looked.leftovers:
        pairs = ((f"line {one.line}", f"{one.label}: {one.value}") for one in looked.leftovers)
        parts.append(_pairs("Labels that nobody claimed", pairs, "yellow"))
    if looked.suggestions:
        parts.append(suggested((one, 0) for one in looked.suggestions))
    if looked.doubts:
        title = f"Doubt {total(looked.doubts):g}"
        parts.append(_pairs(title, ((f"{one.name} {one.weight}", one.evidence) for one in looked.doubts)))
    if looked.issues:
        rows = ((f"{issue.level} {issue.what}", issue.evidence) for issue in looked.issues)
        parts.append(_pairs("Issues", rows, "yellow"))
    return Group(*parts)


def _head(looked: Looked) -> Text:
    page = looked.page
    head = Text()
    head.append(f"{page.kind}", style="bold")
    head.append(f"  {shown(page.why)}\n")
    head.append(
        f"{shown(page.capture.url)}  status {page.capture.status}, {len(page.capture.payload)} bytes\n", style="dim"
    )
    if page.capture.proof.warc:
        head.append(f"{shown(page.capture.proof.warc)}, byte {page.capture.proof.offset}\n", style="dim")
    if page.encoding.name:
        replaced = f", {page.encoding.replaced} broken" if page.encoding.replaced else ""
        head.append(
            f"read as {page.encoding.name}{replaced}: {shown('; '.join(page.encoding.evidence))}\n", style="dim"
        )
    head.append(f"reader {reader(page.profile)}\n", style="dim")
    for remark in looked.remarks:
        head.append(f"{shown(remark)}\n", style="yellow")
    return head


def _table(title: str) -> Table:
    return Table(title=Text(title), title_justify="left", box=None, show_header=False, padding=(0, 1))


def _pairs(title: str, rows: Iterable[tuple[str, str]], style: str = "") -> Table:
    table = _table(title)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, text in rows:
        table.add_row(Text(shown(name)), Text(shown(text), style=style))
    return table


def _landmarks(looked: Looked) -> Table:
    table = _table("What each landmark matched")
    table.add_column(style="bold", no_wrap=True)
    table.add_column(style="dim", justify="right", no_wrap=True)
    table.add_column(overflow="fold", ratio=3)
    table.add_column(overflow="fold", style="dim", ratio=2)
    for one in looked.landmarks:
        number = "" if one.line is None else str(one.line)
        matched = Text(shown(one.matched) or "–", style=COLOURS.get(one.name, "") if one.matched else "yellow")
        table.add_row(one.name, number, matched, Text(shown(one.how)))
    return table


def _lines(looked: Looked) -> Table:
    table = _table("What it prints")
    table.add_column(style="dim", justify="right", no_wrap=True)
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for role, line in zip(looked.roles, looked.page.lines, strict=True):
        text = shown(line.text) if line.text else f"({len(line.images)} pictures)"
        style = COLOURS.get(role.rstrip("?"), "dim" if line.linked and not role else "")
        table.add_row(str(line.index), role, Text(text, style=style))
    return table


def _fields(looked: Looked) -> Table:
    article = looked.article
    assert article is not None
    table = _table("The article")
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name in FIELDS:
        value = getattr(article, name)
        text = " | ".join(value) if isinstance(value, tuple) else value or ""
        table.add_row(name, Text(shown(text) or "none", style="" if value else "dim"))
    for image in article.images:
        table.add_row("image", Text(shown(f"{image.url}  {image.caption or ''}")))
    for file in article.attachments:
        table.add_row("attachment", Text(shown(f"{file.url}  {file.name}")))
    table.add_row("body", f"{len(article.body)} characters, {article.body.count(chr(10)) + 1} paragraphs")
    return table


def _links(looked: Looked) -> Table:
    page = looked.page
    rows = {row.url: row for row in page.rows}
    following = sum(link.role == "next" for link in page.links)
    size = f"{len(page.links)} links, {len(rows)} of them rows, {following} to further pages of this list"
    table = _table(size)
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
        table.add_row(role, row.date or "", text, Text(shown(link.url + form)))
    return table


def suggested(found: Iterable[tuple[Suggestion, int]]) -> Table:
    """What the profile could add, a line of TOML for each key; with the number of pages where there are several."""
    table = _table("What the profile could add, if you agree")
    table.add_column(style="bold", overflow="fold", ratio=1)
    table.add_column(overflow="fold", style="dim", ratio=2)
    rows = list(found)
    for key, line in toml(one for one, _ in rows).items():
        whys = [f"{f'{pages} pages: ' if pages else ''}{one.why}" for one, pages in rows if one.key == key]
        more = [f"… and {len(whys) - 4} more"] if len(whys) > 4 else []
        table.add_row(Text(shown(line)), Text(shown("\n".join([*dict.fromkeys(whys[:4]), *more]))))
    return table


def overview(found: Survey) -> RenderableType:
    """A whole crawl: counts, what most pages share, what the profile could add, the worst pages."""
    counts = found.counts
    head = Text(f"\n{found.crawl.name}", style="bold")
    unread = counts.sightings.get("unreadable", 0)
    head.append(f", read by {reader(found.profile)}: {counts.articles} articles, {unread} unreadable\n")
    head.append(", ".join(f"{count} {kind}" for kind, count in counts.pages.items()) + "\n", style="dim")
    if found.crawled_with:
        head.append(
            f"It was crawled with the profile {shown(found.crawled_with)}; is --profile right?\n", style="yellow"
        )
    if found.damage:
        head.append(f"{found.damage} damaged places in the WARC were passed over\n", style="yellow")
    if found.common:
        head.append(f"Most articles have these doubts; they tell of the profile: {', '.join(sorted(found.common))}\n")
    parts: list[RenderableType] = [head]
    if found.wanted:
        parts.append(suggested((one.suggestion, one.pages) for one in found.wanted[:30]))
    if (leaks := leaks_table(counts.leaks, found.crawl.path)) is not None:
        parts.append(leaks)
    parts.append(_worst(found))
    return Group(*parts)


def look_at_worst(found: Survey) -> list[str]:
    """What to type to look at the page of a crawl that is doubted most; empty where none is."""
    if not found.worst:
        return []
    proof = found.worst[0][1].page.capture.proof
    return ["probe", str(found.crawl.path / proof.warc.rpartition("/")[2]), "--offset", str(proof.offset)]


def _worst(found: Survey) -> RenderableType:
    if not found.worst:
        return Text("No page has a doubt.", style="bold green")
    table = Table(
        title=Text(f"The {len(found.worst)} worst pages; {found.doubted} have a doubt of their own"),
        title_justify="left",
        header_style="bold",
    )
    for name in ("doubt", "why", "page"):
        table.add_column(name, overflow="fold", justify="right" if name == "doubt" else "left")
    for doubt, looked in found.worst:
        why = Text("\n".join(shown(f"{one.name}: {one.evidence}"[:160]) for one in looked.doubts))
        table.add_row(f"{doubt:g}", why, _place(looked))
    return table


def _place(looked: Looked) -> Text:
    proof = looked.page.capture.proof
    place = Text(shown(looked.article.title if looked.article else looked.page.doc.title) + "\n", style="bold")
    place.append(shown(looked.page.capture.url) + "\n")
    place.append(shown(f"{proof.warc.rpartition('/')[2]} --offset {proof.offset}"), style="dim")
    return place
