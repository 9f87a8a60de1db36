"""Open pages as one HTML file with a form each. It works without a server and without any other file.

The only script turns the answers into lines for `gdfupin review --import`. The policy of the page allows this script by its
digest, and no request to anywhere. Page text goes through `shown` and is escaped; the script handles it as text only.
"""

import base64
import hashlib
import html
import json
from collections.abc import Iterable, Iterator

from ...items import as_dict
from ...messages.record_words import named, word
from ...messages.recorded import recorded
from ...messages.text import N_, SEMICOLON, T_, joined, translated
from ...storage.reviews import FIELDS
from ...terminal import html_text, pluralized
from ..roles import role_word
from .page_view import FieldCandidate, PageView

STYLE = """
:root { color-scheme: light dark; --ink: #1d2329; --paper: #fbfaf7; --card: #fff; --line: #dedad2; --faint: #62676d;
  --mark: #8a5200; --title: #a3236b; --info: #07707a; --breadcrumb: #2455b8; --body: #256b2c; --go: #1f5fbf }
@media (prefers-color-scheme: dark) { :root { --ink: #dfe5ea; --paper: #16191c; --card: #1e2226; --line: #31373d;
  --faint: #98a1a8; --mark: #ffbd66; --title: #ff8ac4; --info: #5fd4dd; --breadcrumb: #88b0ff; --body: #86d58d; --go: #8ab8ff } }
* { box-sizing: border-box } body { margin: 0; background: var(--paper); color: var(--ink);
  font: 15px/1.55 system-ui, "PingFang SC", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif }
main { max-width: 1400px; margin: 0 auto; padding: 1rem 1.2rem 14rem } h1 { font-size: 1.3rem } h2 { font-size: 1.05rem; margin: 0 }
section { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: 1rem; margin: 0 0 1.2rem }
section.done { border-color: var(--go) } .dim, .dim a { color: var(--faint); font-size: .9rem; overflow-wrap: anywhere }
.note { color: var(--mark); margin: .2rem 0; overflow-wrap: anywhere } a { color: inherit }
.two { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 1.2rem; align-items: start }
@media (max-width: 900px) { .two { grid-template-columns: minmax(0, 1fr) } }
ol { list-style: none; margin: .6rem 0 0; padding: 0; max-height: 32rem; overflow: auto; border: 1px solid var(--line);
  border-radius: .4rem } ol li { display: grid; grid-template-columns: 6em minmax(0, 1fr); padding: .05rem .5rem;
  overflow-wrap: anywhere; unicode-bidi: isolate } ol i { font-style: normal; color: var(--faint); font-size: .82rem }
.title { color: var(--title) } .info { color: var(--info) } .breadcrumb { color: var(--breadcrumb) } .body { color: var(--body) }
fieldset { border: 0; border-top: 1px solid var(--line); margin: 0; padding: .5rem 0 } legend { font-weight: 600; padding: 0 .4em 0 0 }
fieldset.open legend { color: var(--mark) } label { display: block; padding: .1rem 0; overflow-wrap: anywhere }
.value { white-space: pre-wrap; unicode-bidi: isolate } .value.long { display: block; max-height: 9rem; overflow: auto;
  border-left: .2rem solid var(--line); padding-left: .6rem } .none { font-style: italic }
textarea, input[type=text] { width: 100%; font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--line);
  border-radius: .3rem; padding: .25rem .4rem } textarea.text { height: 6rem } button { font: inherit; padding: .3rem .9rem;
  border: 1px solid var(--go); border-radius: .4rem; background: var(--go); color: var(--paper); cursor: pointer }
#bar { position: fixed; inset: auto 0 0 0; background: var(--card); border-top: 1px solid var(--line); padding: .6rem 1.2rem }
#bar .row { display: flex; gap: .8rem; align-items: center; flex-wrap: wrap; max-width: 1400px; margin: 0 auto }
#bar input { width: 12rem } #lines { height: 3.2rem; font-family: ui-monospace, monospace; font-size: .75rem; margin-top: .4rem }
"""
SCRIPT = """
"use strict";
const pages = JSON.parse(document.getElementById("pages").textContent);
const texts = JSON.parse(document.getElementById("texts").textContent);
const byId = (id) => document.getElementById(id);
function filled(text, values) { return text.replace(/\\{(\\w+)\\}/g, (whole, name) => values[name]); }
function now() { return new Date().toISOString().slice(0, 19) + "Z"; }
function answer(n, page) {
  const picked = (name) => document.querySelector(`input[name="p${n}-${name}"]:checked`);
  const make = (field, decision, value, at) => ({id: page.id, url: page.url, payload_sha256: page.payload_sha256, field: field,
    decision: decision, value: value, reviewer: byId("reviewer").value.trim(), reviewed_at: at, reader: page.reader,
    reviewed_value: field === "page" ? null : page.read[field], capture: page.capture, held_back: page.held_back,
    note: byId(`p${n}-note`).value.trim() || null});
  const at = now(), verdict = picked("page").value, lines = [];
  if (verdict === "reject") return [[page.payload_sha256, page.capture], ...page.others].map(([key, capture]) =>
    Object.assign(make("page", "reject", null, at), {payload_sha256: key, capture: capture}));
  for (const field of page.fields) {
    const choice = picked(field);
    let value;
    if (choice.value === "leave") {
      const whole = verdict === "accept" && (page.held_back || page.open.length === 0 || page.open.includes(field));
      if (!whole || (page.held_back && page.current[field] === null)) continue;
      value = page.current[field];
    } else if (choice.value === "other") {
      const text = byId(`p${n}-${field}-text`).value;
      value = field === "body" ? text.replace(/\\r\\n?/g, "\\n").replace(/\\n+$/, "") : (text.trim() || null);
    } else {
      value = page.candidates[field][Number(choice.value)];
    }
    lines.push(make(field, value === page.read[field] ? "accept" : "correct", value, at));
  }
  if (page.asks_page && (verdict === "accept" || lines.length)) lines.unshift(make("page", "accept", null, at));
  return lines;
}
function wrong(n, page, lines) {
  const of = (field) => { const line = lines.find((each) => each.field === field); return line ? line.value : page.current[field]; };
  if (!lines.length || lines[0].decision === "reject") return "";
  if (!of("title")) return texts.title;
  if (of("body") === null) return texts.body;
  const date = of("date");
  if (date !== null && !/^\\d{4}-\\d\\d-\\d\\d$/.test(date)) return texts.date;
  return "";
}
function update() {
  const all = [];
  let problems = 0, answered = 0;
  pages.forEach((page, n) => {
    const lines = answer(n, page), problem = wrong(n, page, lines);
    byId(`p${n}-problem`).textContent = problem;
    byId(`p${n}`).classList.toggle("done", lines.length > 0 && !problem);
    if (problem) problems += 1; else if (lines.length) { answered += 1; all.push(...lines); }
  });
  const named = byId("reviewer").value.trim() !== "";
  const text = named ? all.map((line) => JSON.stringify(line) + "\\n").join("") : "";
  byId("lines").value = text;
  byId("state").textContent = !named ? texts.name :
    filled(problems ? texts.incomplete : texts.state, {answered: answered, pages: pages.length, lines: all.length, problems: problems});
  const save = byId("save");
  if (save.href) URL.revokeObjectURL(save.href);
  if (text) save.href = URL.createObjectURL(new Blob([text], {type: "application/jsonl"})); else save.removeAttribute("href");
}
document.addEventListener("input", (event) => {
  const other = event.target.dataset.other;
  if (other) byId(other).checked = true;
  update();
});
for (const list of document.querySelectorAll("ol")) {
  const line = list.querySelector(".title") || list.querySelector(".body");
  if (line) list.scrollTop = line.offsetTop - list.offsetTop - 40;
}
update();
"""


TEXTS = {
    "title": N_("an article has a title"),
    "body": N_("an article has a body, perhaps an empty one"),
    "date": N_("a date is written as 2021-01-13"),
    "name": N_("Enter your name to get the lines."),
    "state": N_("{{answered}} of {{pages}} pages decided, {{lines}} lines"),
    "incomplete": N_("{{answered}} of {{pages}} pages decided, {{lines}} lines; {{problems}} incomplete"),
}
"""What the script says."""


def form(views: Iterable[PageView], title: str, reviewer: str) -> str:
    """`title`: heading; `reviewer`: the name that is filled in."""
    shown_views = list(views)
    data = _json([_data(view) for view in shown_views])
    texts = _json({name: translated(text) for name, text in TEXTS.items()})
    digest = base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    body = "".join(_page(number, view) for number, view in enumerate(shown_views))
    return (
        "<!doctype html><html lang=zh-CN><head><meta charset=utf-8>"
        f'<meta http-equiv="Content-Security-Policy" content="{policy}"><meta name=referrer content=no-referrer>'
        f'<meta name=viewport content="width=device-width, initial-scale=1"><title>{html_text(title)}</title>'
        f"<style>{STYLE}</style></head><body><main><h1>{html_text(title)}</h1>"
        f"<p>{_sentence(_next(len(shown_views)))}</p>"
        f"{body}</main><div id=bar><div class=row><label for=reviewer>{T_('reviewer')}</label>"
        f'<input type=text id=reviewer value="{html_text(reviewer)}" autocomplete=off>'
        f'<a id=save download="reviews-to-import.jsonl"><button type=button>{T_("Save lines")}</button></a><span id=state></span></div>'
        f"<textarea id=lines readonly aria-label='{T_('lines to import')}'></textarea></div>"
        f'<script type="application/json" id=pages>{data}</script>'
        f'<script type="application/json" id=texts>{texts}</script><script>{SCRIPT}</script></body></html>\n'
    )


def _json(value: object) -> str:
    """Data for the script, in which nothing ends its element."""
    return json.dumps(value, ensure_ascii=False).replace("<", "\\u003c")


def _sentence(text: str) -> str:
    """A message, or a sentence of a record, in the language in use."""
    return html_text(recorded(text))


def _next(count: int) -> str:
    pages = pluralized(count, "page")
    return N_(
        "{pages}. Decide, save the lines, then `gdfupin review --import FILE`. Nothing is sent anywhere.", pages=pages
    )


def _data(view: PageView) -> dict[str, object]:
    item = view.item
    return {
        "id": item.id,
        "url": item.url,
        "payload_sha256": item.payload_sha256,
        "capture": as_dict(item.capture),
        "others": [[key, as_dict(proof)] for key, proof in view.others],
        "held_back": item.held_back,
        "asks_page": item.held_back or "page" in item.open_fields,
        "reader": view.reader,
        "fields": list(FIELDS),
        "open": [name for name in item.open_fields if name in FIELDS],
        "read": dict(view.read),
        "current": dict(view.current),
        "candidates": {name: [each.value for each in some] for name, some in view.candidates.items()},
    }


def _page(number: int, view: PageView) -> str:
    return f"<section id=p{number}>{''.join(_parts(number, view))}</section>"


def _parts(number: int, view: PageView) -> Iterator[str]:
    item = view.item
    state = N_("held back") if item.held_back else N_("an article")
    read = N_("{state}; read as {kind}: {why}", state=state, kind=word(view.kind), why=view.why)
    yield f"<h2>{html_text(item.title or view.current['title'] or T_('(no title)'))}</h2>"
    yield f'<p class="dim">{_link(item.url)}<br>{item.id} · {_sentence(read)}</p>'
    yield from (
        f'<p class="note"><b>{html_text(named(note.what))}</b> {_sentence(note.evidence)}</p>' for note in item.notes
    )
    yield f'<div class="two"><div><b>{T_("The page prints")}</b><ol>'
    for line in view.lines:
        yield f'<li class="{line.role}"><i>{html_text(role_word(line.role))}</i><span>{html_text(line.text)}</span>'
    yield f"</ol></div><div>{_verdict(number, view)}"
    for name in FIELDS:
        yield _field(number, view, name)
    yield f"<fieldset><legend>{T_('remark')}</legend><input type=text id=p{number}-note></fieldset>"
    yield f'<p class="note" id=p{number}-problem role=status></p></div></div>'


def _verdict(number: int, view: PageView) -> str:
    accept = T_("It is an article") if view.item.held_back else T_("Right as read")
    choices = (("leave", T_("Leave open")), ("accept", accept), ("reject", T_("It is not an article")))
    radios = "".join(
        f'<label><input type=radio name="p{number}-page" value={value}{" checked" if value == "leave" else ""}> {text}</label>'
        for value, text in choices
    )
    return f"<fieldset><legend>{T_('the page')}</legend>{radios}</fieldset>"


def _field(number: int, view: PageView, name: str) -> str:
    prefix = f"p{number}-{name}"
    is_open = ' class="open"' if name in view.item.open_fields else ""
    radios = [
        f'<label><input type=radio name="{prefix}" value=leave checked> <span class=dim>{T_("no decision")}</span></label>'
    ]
    radios += [
        f'<label><input type=radio name="{prefix}" value={n}> {_value(candidate)} '
        f'<span class="dim">{_sentence(joined(candidate.evidence, SEMICOLON))}</span></label>'
        for n, candidate in enumerate(view.candidates[name])
    ]
    value = view.current[name] or ""
    box = (
        f'<textarea class=text id="{prefix}-text" data-other="{prefix}-other">\n{html.escape(value)}</textarea>'
        if name == "body"
        else f'<input type=text id="{prefix}-text" data-other="{prefix}-other" value="{html_text(value)}">'
    )
    other = f'<label><input type=radio name="{prefix}" id="{prefix}-other" value=other> {T_("other:")}</label>{box}'
    return f"<fieldset{is_open}><legend>{_sentence(word(name))}</legend>{''.join(radios)}{other}</fieldset>"


def _value(candidate: FieldCandidate) -> str:
    if candidate.value is None:
        return f'<span class="none">{T_("none")}</span>'
    long = " long" if len(candidate.value) > 200 else ""
    return f'<span class="value{long}">{html_text(candidate.value)}</span>'


def _link(url: str) -> str:
    if not url.startswith(("http://", "https://")):
        return html_text(url)
    return f'<a href="{html_text(url)}" rel="noreferrer nofollow">{html_text(url)}</a>'
