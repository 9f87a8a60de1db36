"""An inspection or a survey as one HTML file: no script, no external resource, all text escaped.

Page text goes through `shown` (control and bidi characters become symbols) and then through `escape`. The only links
are to http(s) URLs of inspected pages.
"""

from collections.abc import Iterable, Mapping, Sequence

from ..messages.record_words import counted, named, word
from ..messages.text import COLON, N_, T_, enumeration, joined, translated
from ..pages import reader
from ..pages.kinds import ladder
from ..terminal import html_message, html_text, pluralized
from .confidence import total_doubt
from .field_evidence import in_words
from .inspection import Inspection
from .landmarks import Landmark
from .roles import role_word
from .suggestion_check import CheckedSuggestion
from .suggestions import Suggestion, toml
from .survey import Survey
from .survey_text import effect_text
from .text_sheet import FIELDS, read_as

STYLE = """
:root { color-scheme: light dark; --ink: #1d2329; --paper: #fbfaf7; --card: #fff; --line: #e2dfd8; --faint: #7b7f84;
  --title: #a3236b; --info: #07707a; --breadcrumb: #2455b8; --body: #256b2c; --end: #b3261e; --row: #8a6100;
  --next: #8a6100; --warn: #8a5200 }
@media (prefers-color-scheme: dark) { :root { --ink: #dfe5ea; --paper: #16191c; --card: #1e2226; --line: #31373d;
  --faint: #8b949c; --title: #ff8ac4; --info: #5fd4dd; --breadcrumb: #88b0ff; --body: #86d58d; --end: #ff8f86;
  --row: #ecc15f; --next: #ecc15f; --warn: #ffbd66 } }
* { box-sizing: border-box } body { margin: 0; background: var(--paper); color: var(--ink);
  font: 15px/1.55 system-ui, "PingFang SC", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif }
main { max-width: 1500px; margin: 0 auto; padding: 1.5rem }
h1 { font-size: 1.3rem; margin: 0 0 .3rem } h2 { font-size: 1rem; margin: 1.6rem 0 .4rem; color: var(--faint) }
.kind { display: inline-block; padding: 0 .6em; margin-right: .5em; border-radius: .4em; background: var(--ink);
  color: var(--paper); font-weight: 600 }
.dim, .dim a { color: var(--faint) } .warn { color: var(--warn) } a { color: inherit } code { font-size: .92em }
.two { display: grid; grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); gap: 1.5rem; align-items: start }
@media (max-width: 900px) { .two { grid-template-columns: minmax(0, 1fr) } }
section, nav { background: var(--card); border: 1px solid var(--line); border-radius: .7rem; padding: 1.2rem;
  margin: 0 0 1.5rem }
table { border-collapse: collapse; width: 100% } td, th { text-align: left; vertical-align: top; padding: .15rem .5rem;
  overflow-wrap: anywhere } th { font-weight: 600; white-space: nowrap; width: 1% }
tr + tr > * { border-top: 1px solid var(--line) }
ol.lines { list-style: none; margin: 0; padding: 0; max-height: 85vh; overflow: auto; border: 1px solid var(--line);
  border-radius: .5rem } ol.lines li { display: grid; grid-template-columns: 3.2em 6.2em minmax(0, 1fr); gap: .3em;
  padding: .08rem .5rem; border-left: .3em solid transparent; overflow-wrap: anywhere; unicode-bidi: isolate }
ol.lines b { font-weight: 400; color: var(--faint); text-align: right } ol.lines i { font-style: normal;
  font-size: .82em; color: var(--faint) } .linked { color: var(--faint) } .bodytext p { margin: 0 0 .5em }
.bodytext { max-height: 30rem; overflow: auto; border-left: .3em solid var(--body); padding-left: .8em }
details > summary { cursor: pointer; color: var(--faint); margin: 1rem 0 .4rem }
""" + "".join(
    f".{role} {{ color: var(--{role}); border-left-color: var(--{role}) !important }} "
    for role in ("title", "info", "breadcrumb", "body", "end", "row", "next")
)
POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def page_sheet(inspection: Inspection) -> str:
    """One page."""
    return _document(inspection.page.capture.url, [_page(inspection)])


def survey_sheet(found: Survey) -> str:
    """A crawl: what its pages have in common, and each of the worst pages."""
    head = [
        f"<h1>{html_text(found.crawl.name)}</h1>",
        f"<p>{html_message(_size(found))}<br><span class=dim>{_kinds(found.counts.pages)}</span></p>",
    ]
    if found.common_doubts:
        doubts = enumeration(map(word, sorted(found.common_doubts)))
        head.append(f"<p>{html_message(T_('Doubts that most articles share: {doubts}', doubts=doubts))}</p>")
    head += _shapes(found)
    head += _checked(T_("To put into the profile, checked on this crawl"), found.suggestions.offered)
    head += _checked(T_("Not offered, because they would do harm"), found.suggestions.withheld)
    head += _leaks(found)
    rows = (
        f'<tr><td>{doubt:g}<td><a href="#p{number}">{html_text(_name(inspection))}</a><td class=dim>'
        f"{html_message(enumeration(word(one.name) for one in inspection.doubts))}"
        for number, (doubt, inspection) in enumerate(found.worst)
    )
    head.append(f"<h2>{T_('The worst pages')}</h2><table>{''.join(rows)}</table>")
    body = [f"<nav>{''.join(head)}</nav>"]
    body += [_page(inspection, f"p{number}") for number, (_, inspection) in enumerate(found.worst)]
    return _document(found.crawl.name, body)


def _size(found: Survey) -> str:
    return N_(
        "{articles}, {doubted:d} pages with a doubt that is not shared; read by {reader}",
        articles=pluralized(found.counts.articles, "article"),
        doubted=found.doubted,
        reader=reader(found.profile),
    )


def _kinds(counts: Mapping[str, int]) -> str:
    return html_message(joined(counted(str(count), kind) for kind, count in counts.items()))


def _shapes(found: Survey) -> list[str]:
    """The address patterns of the crawl."""
    rows = (
        f"<tr><td><code>{html_text(one.shape)}</code><td>{one.pages}"
        f"<td>{_kinds(one.kinds)}"
        f"<td>{html_message(one.belief)}<br><span class=dim>{_address(one.url)}</span>"
        for one in found.shapes
    )
    return [f"<h2>{T_('Address patterns of the site')}</h2><table>{''.join(rows)}</table>"]


def _checked(title: str, checked: Sequence[CheckedSuggestion]) -> list[str]:
    """Suggestions with their effect on the crawl; nothing without any."""
    if not checked:
        return []
    rows = (
        f"<tr><td><code>{html_text(next(iter(toml(each.suggestion for each in one.found).values())))}</code>"
        f"<td class=dim>{html_message(effect_text(one))}"
        for one in checked
    )
    return [f"<h2>{html_text(title)}</h2><table>{''.join(rows)}</table>"]


def _document(title: str, body: Sequence[str]) -> str:
    return (
        "<!DOCTYPE html><html lang=zh-CN><head><meta charset=utf-8>"
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name=referrer content=no-referrer><meta name=viewport content="width=device-width">'
        f"<title>{html_text(title)}</title><style>{STYLE}</style></head><body><main>{''.join(body)}</main></body></html>\n"
    )


def _name(inspection: Inspection) -> str:
    return (
        inspection.article.title if inspection.article else inspection.page.doc.title
    ) or inspection.page.capture.url


def _address(url: str) -> str:
    if not url.startswith(("http://", "https://")):
        return html_text(url)
    return f'<a href="{html_text(url)}" rel="noreferrer noopener nofollow">{html_text(url)}</a>'


def _page(inspection: Inspection, anchor: str = "page") -> str:
    page = inspection.page
    proof = page.capture.proof
    size = T_(
        "status {status:d}, {size:d} bytes, {when}",
        status=page.capture.status,
        size=len(page.capture.payload),
        when=page.capture.captured_at,
    )
    facts = [_address(page.capture.url), html_text(size)]
    if proof.warc:
        facts.append(html_text(T_("{warc}, byte {offset}", warc=proof.warc, offset=proof.offset)))
    if page.encoding.name:
        facts.append(html_text(read_as(page.encoding)))
    facts.append(html_text(T_("reader {profile}", profile=reader(page.profile))))
    heading = f"<h1><span class=kind>{html_message(word(page.kind))}</span>{html_text(_name(inspection))}</h1><p>{html_message(page.why)}</p>"
    heading += f"<p class=dim>{'<br>'.join(facts)}</p>"
    heading += "".join(f"<p class=warn>{html_message(remark)}</p>" for remark in inspection.remarks)
    heading += _ladder(inspection)
    left = f"<h2>{T_('Printed lines')}</h2><ol class=lines>{''.join(_lines(inspection))}</ol>"
    right = "".join(_right(inspection))
    return f'<section id="{anchor}">{heading}<div class=two><div>{left}</div><div>{right}</div></div></section>'


def _ladder(inspection: Inspection) -> str:
    page = inspection.page
    rows = [
        (
            rung.rule.name,
            html_message(
                joined((word(rung.rule.kind), page.why) if rung.matched else (N_("no"), rung.rule.sentence), COLON)
            ),
        )
        for rung in ladder(page.rule)
        if rung.matched is not None
    ]
    return f"<details><summary>{T_('How the kind was decided')}</summary>{_rows(rows)}</details>"


def _lines(inspection: Inspection) -> Iterable[str]:
    for role, line in zip(inspection.roles, inspection.page.lines, strict=True):
        style = role.rstrip("?") or ("linked" if line.linked else "")
        text = html_text(line.text) if line.text else html_text(T_("({images} pictures)", images=len(line.images)))
        yield f'<li class="{style}"><b>{line.index}</b><i>{html_text(role_word(role))}</i><span>{text}</span></li>'


def _right(inspection: Inspection) -> Iterable[str]:
    if inspection.doubts:
        rows = [(f"{translated(word(one.name))} {one.weight}", html_message(one.evidence)) for one in inspection.doubts]
        yield f"<h2>{T_('Doubt {doubts:g}', doubts=total_doubt(inspection.doubts))}</h2>{_rows(rows)}"
    if inspection.issues:
        rows = [
            (f"{translated(word(issue.level))} {named(issue.what)}", html_message(issue.evidence))
            for issue in inspection.issues
        ]
        yield f"<h2>{T_('Issues')}</h2>{_rows(rows)}"
    if (article := inspection.article) is not None:
        fields = []
        for name in FIELDS:
            value = getattr(article, name)
            text = " | ".join(value) if isinstance(value, tuple) else value
            none = f"<span class=dim>{T_('none')}</span>"
            fields.append((translated(word(name)), html_text(str(text)) if text else none))
        fields += [(T_("image"), html_text(f"{image.url} {image.caption or ''}")) for image in article.images]
        fields += [(T_("attachment"), html_text(f"{file.url} {file.name}")) for file in article.attachments]
        paragraphs = "".join(f"<p>{html_text(line)}</p>" for line in article.body.split("\n"))
        size = T_("Body, {size:d} characters", size=len(article.body))
        yield f"<h2>{T_('The article')}</h2>{_rows(fields)}<h2>{size}</h2>"
        yield f"<div class=bodytext>{paragraphs}</div>"
    if inspection.fields:
        rows = [(translated(word("layout")), html_message(inspection.layout.sentence))]
        rows += [(translated(word(one.field)), html_message(in_words(one))) for one in inspection.fields]
        yield f"<h2>{T_('Evidence for each field')}</h2>{_rows(rows)}"
    yield f"<h2>{T_('Landmarks')}</h2>{_rows([_landmark(one) for one in inspection.landmarks])}"
    if inspection.unclaimed_pairs:
        rows = [
            (T_("line {line}", line=one.line), html_text(f"{one.label}: {one.value}"))
            for one in inspection.unclaimed_pairs
        ]
        yield f"<h2>{T_('Unknown labels')}</h2>{_rows(rows)}"
    if inspection.suggestions:
        yield f"<h2>{T_('Suggestions for the profile')}</h2>"
        yield _suggestions(inspection.suggestions)
    yield from _links(inspection)


def _landmark(one: Landmark) -> tuple[str, str]:
    number = "" if one.line is None else f"<b>{one.line}</b> "
    matched = html_message(one.matched) if one.matched else "<span class=warn>–</span>"
    return translated(word(one.name)), f"{number}{matched} <span class=dim>{html_message(one.how)}</span>"


def _links(inspection: Inspection) -> Iterable[str]:
    page = inspection.page
    groups = [
        (N_("further pages of this listing"), [link for link in page.links if link.role == "next"]),
        (N_("rows"), list(page.rows)),
        (N_("frames and refreshes"), [link for link in page.links if link.role in ("frame", "refresh")]),
        (N_("links"), [link for link in page.links if link.role == "link"]),
    ]
    for name, links in groups:
        if links:
            rows = [
                (
                    link.date or "",
                    f"{html_text(link.title or link.text)}<br><span class=dim>{html_text(link.url)}</span>",
                )
                for link in links
            ]
            is_open = " open" if name == "rows" and page.kind == "listing" else ""
            yield f"<details{is_open}><summary>{html_message(name)} {len(links)}</summary>{_rows(rows)}</details>"


def _rows(rows: Iterable[tuple[str, str]]) -> str:
    """A table of names (not yet escaped) and values (already escaped)."""
    return f"<table>{''.join(f'<tr><th>{html_text(name)}<td>{value}' for name, value in rows)}</table>"


def _suggestions(found: Sequence[Suggestion]) -> str:
    """One line of TOML per key, ready to be copied, with the reasons."""
    out = []
    for key, line in toml(found).items():
        whys = dict.fromkeys(one.why for one in found if one.key == key)
        out.append(f"<tr><td><code>{html_text(line)}</code><td class=dim>{'<br>'.join(map(html_message, whys))}")
    return f"<table>{''.join(out)}</table>"


def _leaks(found: Survey) -> list[str]:
    leaks = found.counts.leaks
    out = []
    if lines := leaks.recurring_lines.examples:
        rows = [
            (T_("{articles} articles", articles=line.articles), f"{html_text(line.line)}<br>{_address(line.url)}")
            for line in lines
        ]
        out.append(f"<h2>{T_('the same line in many bodies')}</h2>{_rows(rows)}")
    if titles := leaks.titles.examples:
        rows = [(title.listed, f"{html_text(title.title)}<br>{_address(title.url)}") for title in titles]
        out.append(f"<h2>{T_('listing and page have different titles')}</h2>{_rows(rows)}")
    return out
