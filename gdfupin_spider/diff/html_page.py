"""Changes as one HTML file without scripts and external resources; all text is escaped."""

from collections.abc import Iterable, Iterator

from ..terminal import html_text
from .difference import KINDS, ComparedArticle, Difference
from .edits import field, field_runs, shortened, text_edits
from .text_diff import TextRun
from .text_view import ChangeCounts

POLICY = "default-src 'none'; style-src 'unsafe-inline'"
STYLE = """
:root { color-scheme: light dark; --ink: #1d2329; --paper: #fbfaf7; --card: #fff; --line: #e2dfd8; --faint: #6b7075;
  --added: #256b2c; --edited: #8a6100; --moved: #07707a; --gone: #b3261e; --reappeared: #a3236b; --reread: #2b5ea8; --put: #d8f3dc;
  --cut: #ffdcd7 }
@media (prefers-color-scheme: dark) { :root { --ink: #dfe5ea; --paper: #16191c; --card: #1e2226; --line: #31373d;
  --faint: #98a1a8; --added: #86d58d; --edited: #ecc15f; --moved: #5fd4dd; --gone: #ff8f86; --reappeared: #ff8ac4;
  --reread: #8ab8ff; --put: #1d4426; --cut: #57211d } }
* { box-sizing: border-box } body { margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.7 system-ui, "PingFang SC", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif }
main { max-width: 50rem; margin: 0 auto; padding: 1rem } h1 { font-size: 1.3rem; line-height: 1.4 }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem } h3 { font-size: 1.05rem; line-height: 1.5; margin: 0 }
article { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: .8rem 1rem;
  margin: 0 0 1rem; overflow-wrap: anywhere } article p { margin: .3rem 0; unicode-bidi: isolate; white-space: pre-wrap }
.kind { font-weight: 600; margin-right: .5em } .dim, .dim a { color: var(--faint); font-size: .9rem } a { color: inherit }
del { background: var(--cut); color: inherit } ins { background: var(--put); color: inherit; text-decoration: none }
table { border-collapse: collapse; display: block; overflow-x: auto } td, th { padding: .1rem .7rem .1rem 0; text-align: right }
td:first-child, th:first-child { text-align: left } summary { cursor: pointer; color: var(--faint) }
""" + "".join(f".{kind} {{ color: var(--{kind}) }} " for kind in KINDS)


def page(changes: Iterable[Difference], before: str, after: str, coverage: str = "") -> str:
    """`before` and `after`: names of what was compared. `coverage`: which crawls looked, and what they did not look at."""
    tally = ChangeCounts()
    sections: dict[str, list[str]] = {}
    for change in changes:
        tally.add(change)
        sections.setdefault(change.section or "", []).append(_article(change))
    title = f"{before} → {after}"
    parts = [
        "<!doctype html><html lang=zh><head><meta charset=utf-8>",
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
        f'<meta name=viewport content="width=device-width, initial-scale=1"><title>{html_text(title)}</title>',
        f"<style>{STYLE}</style></head><body><main><h1>{html_text(title)}</h1>",
        f"<p>{html_text(tally.line())}. Evidence is in UTC.</p><p class=dim>{html_text(coverage)}</p>{_counts(tally)}",
    ]
    for section, articles in sorted(sections.items(), key=lambda item: (-len(item[1]), item[0])):
        parts += [f"<section><h2>{html_text(section) or '(none)'}</h2>", *articles, "</section>"]
    return "\n".join([*parts, "</main></body></html>\n"])


def body_of(change: Difference) -> str:
    """The change as an HTML fragment; also the content of a feed entry."""
    return "".join(_body_of(change))


def _article(change: Difference) -> str:
    weight = f" {change.weight}" if change.weight == "cosmetic" else ""
    return (
        f"<article><h3><span class='kind {change.kind}'>{change.kind}{weight}</span>{html_text(change.title)}</h3>"
        f"{body_of(change)}</article>"
    )


def _body_of(change: Difference) -> Iterator[str]:
    yield f'<p class="dim">{_link(change.url)}<br>{html_text(change.evidence)}</p>'
    now = change.newest
    if change.kind in ("edited", "reread"):
        if change.old and change.new:
            yield from _edits(change.old, change.new, change.fields)
        elif change.kind == "reread":
            again = "no longer" if change.old else "newly"
            yield f"<p>{html_text(', '.join(change.fields))}; {again} read as an article</p>"
        else:
            yield f"<p>{html_text(', '.join(change.fields))}; one of the two texts is not available</p>"
    elif change.kind == "moved":
        if change.section_before and change.section and change.section_before != change.section:
            yield f"<p>section: {_runs(field_runs('section', change.section_before, change.section))}</p>"
        if change.url_before and change.url_before != change.url:
            yield f"<p>from {_link(change.url_before)}</p>"
    elif now is not None:
        facts = filter(None, (now["date"], now["source"], now["author"]))
        yield f"<p>{html_text('  '.join(facts))}</p>"
        paragraphs = "".join(f"<p>{html_text(line)}</p>" for line in now["body"].split("\n"))
        yield f"<details><summary>{len(now['body'])} characters</summary>{paragraphs}</details>"


def _edits(old: ComparedArticle, new: ComparedArticle, names: Iterable[str]) -> Iterator[str]:
    for name in names:
        if name != "body":
            yield f"<p>{name}: {_runs(field_runs(name, field(old, name), field(new, name)))}</p>"
            continue
        edits = text_edits(old["body"], new["body"])
        for edit in edits.sentences:
            moved = f"sentence {edit.old.start + 1} is now {edit.new.start + 1}"
            what = (
                f'<span class="moved">⇅ {moved}:</span>'
                if edit.kind == "moved"
                else f'<span class="dim">{edit.kind}:</span>'
            )
            yield f"<p>{what} {_runs(shortened(edit.runs))}</p>"
        if not edits.sentences:
            yield '<p class="dim">the text is divided into other paragraphs</p>'
        elif edits.same:
            yield f'<p class="dim">… {edits.same} sentence{"s" * (edits.same > 1)} the same</p>'


def _runs(some: Iterable[TextRun]) -> str:
    tags = {"cut": "del", "put": "ins"}
    parts: list[str] = []
    for run in some:
        tag = tags.get(run.kind)
        escaped = html_text(run.text)
        parts.append(f"<{tag}>{escaped.replace(chr(10), '¶' + chr(10))}</{tag}>" if tag else escaped)
    return "".join(parts)


def _link(url: str) -> str:
    if not url.startswith(("http://", "https://")):
        return html_text(url)
    return f'<a href="{html_text(url)}" rel="noreferrer nofollow">{html_text(url)}</a>'


def _counts(tally: ChangeCounts) -> str:
    if not tally.total:
        return ""
    sections = sorted({section for section, _ in tally.counts})
    rows = "".join(
        f"<tr><td>{html_text(section) or '(none)'}"
        + "".join(f"<td>{tally.counts[section, kind] or '·'}" for kind in KINDS)
        for section in sections
    )
    return f"<table><tr><th>section{''.join(f'<th class={kind}>{kind}' for kind in KINDS)}{rows}</table>"
