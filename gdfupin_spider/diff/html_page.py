"""Changes as one HTML file without external resources; all text is escaped.

The only script hides what the filter leaves out. The policy of the page allows this script by its digest, and no request to anywhere.
Without scripts the page shows everything.
"""

import base64
import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from ..messages.message_language import current
from ..messages.record_words import counted, word
from ..messages.text import BLANK, N_, SENTENCE, T_, joined
from ..search.snippets import UNMARKED, MarkedWords
from ..storage.withdrawals import Withdrawal
from ..terminal import html_message, html_text, pluralized
from .compared_time import ComparedTime
from .difference import KINDS, Difference
from .grouping import ChangeGroup, arranged
from .html_change import CHINESE, body_of, edits_of, link, marked, proof_of, texts_of
from .named_withdrawals import withdrawn_lines
from .proofs import ChangeProofs
from .text_view import NO_CHANGES, ChangeCounts

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
STYLE = """
:root { color-scheme: light dark; --ink: #1d2329; --paper: #fbfaf7; --card: #fff; --line: #e2dfd8; --faint: #62676d;
  --added: #256b2c; --edited: #7a5600; --moved: #076a73; --gone: #b3261e; --reappeared: #a3236b; --reread: #2b5ea8; --put: #d8f3dc;
  --cut: #ffdcd7 }
@media (prefers-color-scheme: dark) { :root { --ink: #dfe5ea; --paper: #16191c; --card: #1e2226; --line: #31373d;
  --faint: #98a1a8; --added: #86d58d; --edited: #ecc15f; --moved: #5fd4dd; --gone: #ff8f86; --reappeared: #ff8ac4;
  --reread: #8ab8ff; --put: #1d4426; --cut: #57211d } }
* { box-sizing: border-box } body { margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.7 system-ui, "PingFang SC", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif }
main { max-width: 50rem; margin: 0 auto; padding: 1rem } h1 { font-size: 1.3rem; line-height: 1.4; overflow-wrap: anywhere }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem } h3 { font-size: 1.05rem; line-height: 1.5; margin: 0 }
article { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: .8rem 1rem;
  margin: 0 0 1rem; overflow-wrap: anywhere; scroll-margin-top: 1rem } article p { margin: .3rem 0; unicode-bidi: isolate;
  white-space: pre-wrap } article:target { border-color: var(--ink) }
.kind { font-weight: 600; margin-right: .5em } .dim, .dim a { color: var(--faint); font-size: .9rem } a { color: inherit }
.anchor { color: var(--faint); text-decoration: none; font-weight: 400; margin-left: .4em }
del { background: var(--cut); color: inherit } ins { background: var(--put); color: inherit; text-decoration-thickness: 1px }
mark { background: none; color: inherit; border-bottom: .15em solid var(--edited) }
table { border-collapse: collapse; display: block; overflow-x: auto } td, th { padding: .1rem .7rem .1rem 0; text-align: right }
td:first-child, th:first-child { text-align: left } summary { cursor: pointer; color: var(--faint) }
.proof p { font-size: .85rem; color: var(--faint) }
.fold { margin: 0 0 1rem } .fold > summary { margin: 0 0 .5rem } article ul { margin: .3rem 0; padding-left: 1.2rem }
#filter { display: flex; flex-wrap: wrap; gap: .4rem .9rem; align-items: center; margin: 1rem 0; padding: .6rem .8rem;
  border: 1px solid var(--line); border-radius: .6rem; background: var(--card) } [hidden] { display: none !important }
#filter select, #filter input[type=search] { font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--faint);
  border-radius: .3rem; padding: .15rem .4rem; max-width: 100% } #filter input[type=search] { flex: 1 1 12rem; min-width: 8rem }
#filter label { white-space: nowrap } #count { flex-basis: 100%; margin: 0 }
@media (max-width: 40rem) { main { padding: .7rem } article { padding: .7rem } h1 { font-size: 1.15rem } }
@media print { :root { --ink: #000; --paper: #fff; --card: #fff; --line: #999; --faint: #444; --put: #eee; --cut: #fff }
  #filter, .anchor, article details:not([open]) { display: none !important } article { break-inside: avoid } body { font-size: 11pt }
  main { max-width: none; padding: 0 } }
""" + "".join(f".{kind} {{ color: var(--{kind}) }} " for kind in KINDS)
SCRIPT = """
"use strict";
const bar = document.getElementById("filter");
const cards = [...document.querySelectorAll("article[data-kind]")];
const fold = (text) => text.normalize("NFKC").toLowerCase();
const texts = new Map();
function textOf(card) {
  if (!texts.has(card)) texts.set(card, fold([...card.querySelectorAll("[lang]")].map((part) => part.textContent).join("\\n")));
  return texts.get(card);
}
function apply() {
  const kinds = new Set([...bar.querySelectorAll("input[name=kind]:checked")].map((box) => box.value));
  const words = fold(bar.elements.words.value).split(/\\s+/).filter(Boolean);
  const fits = (card, name) => !bar.elements[name].value || card.dataset[name].split("\\n").includes(bar.elements[name].value);
  const has = (text, word) => word.length > 1 && word[0] === "-" ? !text.includes(word.slice(1)) : text.includes(word);
  let count = 0, total = 0;
  for (const card of cards) {
    const some = Number(card.dataset.count);
    card.hidden = !(kinds.has(card.dataset.kind) && fits(card, "section") && fits(card, "source")
      && words.every((word) => has(textOf(card), word)));
    total += some;
    if (!card.hidden) count += some;
  }
  for (const part of document.querySelectorAll("section, details.fold")) {
    part.hidden = !part.querySelector("article[data-kind]:not([hidden])");
    if (count < total && part.matches("details")) part.open = true;
  }
  const line = document.getElementById("count");
  line.textContent = line.dataset.text.replace("{count}", count).replace("{total}", total);
}
bar.addEventListener("input", apply);
bar.addEventListener("submit", (event) => event.preventDefault());
bar.hidden = false;
apply();
function show() {
  const card = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (card && card.closest("details")) card.closest("details").open = true;
  if (card) card.scrollIntoView();
}
addEventListener("hashchange", show);
show();
"""
_DIGEST = base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()


def page(
    changes: Iterable[Difference],
    before: str,
    after: str,
    coverage: ComparedTime | None = None,
    proofs: ChangeProofs | None = None,
    warcs: str | None = None,
    *,
    fold_moves: bool = True,
    words: MarkedWords = UNMARKED,
    withdrawn: Mapping[str, Withdrawal] | None = None,
    site: str = "",
) -> str:
    """`before` and `after`: names of what was compared; `site`: of which site, empty where that is not known. `coverage`: which crawls looked, and what they did not look at.

    `warcs`: where the WARC files of proofs are, as seen from the page, with a slash at its end; None: no links to them. `words`:
    are marked. `withdrawn`: articles that are named without their text; read after the changes.
    """
    cards = _Cards(proofs or ChangeProofs(), warcs, words)
    for item in arranged(changes, fold_moves=fold_moves):
        cards.add(item)
    title = (
        N_("{site} · changes: {before} → {after}", site=site, before=before, after=after)
        if site
        else N_("Changes: {before} → {after}", before=before, after=after)
    )
    lines = "<br>".join(map(html_message, withdrawn_lines(withdrawn or {})))
    covered, no_changes = (coverage.text(), coverage.no_changes) if coverage is not None else ("", NO_CHANGES)
    no_changes = N_("no other changes") if withdrawn else no_changes
    found = joined((cards.tally.line(no_changes), N_("Evidence is in UTC.")), SENTENCE)
    parts = [
        f"<!doctype html><html lang={current()}><head><meta charset=utf-8>",
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}; script-src \'sha256-{_DIGEST}\'">',
        f'<meta name=viewport content="width=device-width, initial-scale=1"><title>{html_message(title)}</title>',
        f"<style>{STYLE}</style></head><body><main><h1>{html_message(title)}</h1>",
        f"<p>{html_message(found)}</p><p class=dim>{html_message(covered)}</p>",
        *([f"<p id=withdrawn>{lines}</p>"] if lines else []),
        *cards.parts(),
        "</main>",
    ]
    script = f"<script>{SCRIPT}</script>" if cards.tally.total else ""
    return "\n".join([*parts, f"{script}</body></html>\n"])


class _Cards:
    """The cards of a page, by section, and what the filter offers."""

    def __init__(self, proofs: ChangeProofs, warcs: str | None, words: MarkedWords) -> None:
        self._proofs, self._warcs, self._words = proofs, warcs, words
        self.tally = ChangeCounts()
        self._groups: list[str] = []
        self._sections: dict[str, list[str]] = {}
        self._folded: dict[tuple[str, str], list[str]] = {}
        self._sources: Counter[str] = Counter()

    def add(self, item: Difference | ChangeGroup) -> None:
        changes = item.changes if isinstance(item, ChangeGroup) else (item,)
        for change in changes:
            self.tally.add(change)
            self._sources.update(_sources(change))
        if isinstance(item, ChangeGroup):
            self._groups.append(_card(changes, self._group(item)))
            return
        card = _card(changes, self._single(item))
        section = item.section or ""
        if item.kind == "moved" or item.weight == "cosmetic":
            self._sections.setdefault(section, [])
            self._folded.setdefault((section, item.weight or item.kind), []).append(card)
        else:
            self._sections.setdefault(section, []).append(card)

    def parts(self) -> Iterable[str]:
        """The filter, the counts, and all cards: groups, then sections, the largest first."""
        if not self.tally.total:
            return
        sections = sorted(
            self._sections,
            key=lambda name: (-sum(n for (each, _), n in self.tally.counts.items() if each == name), name),
        )
        anchors = {section: f"section-{number}" for number, section in enumerate(sections, 1)}
        yield self._filter()
        yield self._counts(anchors)
        if self._groups:
            yield "\n".join([f"<section id=groups><h2>{T_('Several pages at once')}</h2>", *self._groups, "</section>"])
        for section in sections:
            yield f"<section id={anchors[section]}><h2 {CHINESE}>{_name(section)}</h2>"
            yield from self._sections[section]
            for what in ("cosmetic", "moved"):
                if cards := self._folded.get((section, what)):
                    count = len(cards)
                    summary = html_message(
                        pluralized(count, "cosmetic edit") if what == "cosmetic" else counted(count, what)
                    )
                    yield "\n".join([f"<details class=fold><summary>{summary}</summary>", *cards, "</details>"])
            yield "</section>"

    def _single(self, change: Difference) -> str:
        return (
            f"<h3>{_kind(change)}<span {CHINESE}>{marked(change.title, self._words)}</span>"
            f"<a class=anchor href='#{_anchor(change)}' aria-label='{html_message(N_('link to this change'))}'>#</a></h3>"
            f"{body_of(change, self._words)}{texts_of(change, self._words)}{proof_of(*self._proofs.of(change), self._warcs)}"
        )

    def _group(self, group: ChangeGroup) -> str:
        first, count = group.first, len(group.changes)
        what = (
            N_("{count:,} articles, to another address or section", count=count)
            if first.kind == "moved"
            else N_("the same edit of {count:,} articles", count=count)
        )
        rows = "".join(f"<li id='{_anchor(change)}'>{_row(change)}</li>" for change in group.changes)
        return (
            f"<h3>{_kind(first)}{html_message(what)}</h3>{edits_of(first, self._words)}"
            f"<details><summary>{T_('all {count:,}', count=count)}</summary><ul>{rows}</ul></details>"
        )

    def _filter(self) -> str:
        kinds = Counter[str]()
        for (_, kind), count in self.tally.counts.items():
            kinds[kind] += count
        boxes = "".join(
            f"<label class={kind}><input type=checkbox name=kind value={kind} checked> {html_message(word(kind))} {kinds[kind]:,}</label>"
            for kind in KINDS
            if kinds[kind]
        )
        sections = sorted({section for section, _ in self.tally.counts if section})
        shown_of = N_("{count} of {total} changes", count="{count}", total="{total}")
        return (
            f"<form id=filter hidden aria-label='{html_message(N_('filter'))}'>{boxes}"
            f"{_choice('section', N_('all sections'), sections)}"
            f"{_choice('source', N_('all sources'), sorted(self._sources))}"
            f"<input type=search name=words placeholder='{html_message(N_('words, -without'))}' aria-label='{html_message(N_('words'))}'>"
            f"<p id=count class=dim role=status data-text='{html_message(shown_of)}'></p></form>"
        )

    def _counts(self, anchors: dict[str, str]) -> str:
        counts = self.tally.counts
        kinds = [each for each in KINDS if any(kind == each for _, kind in counts)]
        names = [*anchors, *sorted({section for section, _ in counts} - anchors.keys())]
        rows = "".join(
            f"<tr><td {CHINESE}>{_to(anchors.get(section), section)}"
            + "".join(f"<td>{counts[section, kind] or '·'}" for kind in kinds)
            for section in names
        )
        heads = "".join(f"<th class={kind}>{html_message(word(kind))}" for kind in kinds)
        return f"<table><tr><th>{html_message(word('section'))}{heads}{rows}</table>"


def _card(changes: Sequence[Difference], content: str) -> str:
    first = changes[0]
    anchor = f" id='{_anchor(first)}'" if len(changes) == 1 else ""
    sections = {name for each in changes for name in (each.section, each.section_before) if name}
    sources = {name for each in changes for name in _sources(each)}
    return (
        f'<article{anchor} data-kind={first.kind} data-count={len(changes)} data-section="{_values(sections)}" '
        f'data-source="{_values(sources)}">{content}</article>'
    )


def _row(change: Difference) -> str:
    before = change.url_before
    moved = f"{link(before)} → " if before and before != change.url else ""
    return f"<span {CHINESE}>{html_text(change.title)}</span> <span class=dim>{moved}{link(change.url)}</span>"


def _sources(change: Difference) -> set[str]:
    return {source for record in (change.old, change.new) if record is not None and (source := record["source"])}


def _anchor(change: Difference) -> str:
    """`gdfupin-1a2b3c4d5e6f-edited`: the id of the element. Ids of files may have any characters."""
    return html_text(f"{change.id}-{change.kind}".replace(" ", "-"))


def _to(anchor: str | None, section: str) -> str:
    name = _name(section)
    return f"<a href='#{anchor}'>{name}</a>" if anchor else name


def _name(section: str) -> str:
    return html_text(section) or html_message(N_("(none)"))


def _kind(change: Difference) -> str:
    names = [change.kind, *([change.weight] if change.weight == "cosmetic" else [])]
    return f"<span class='kind {change.kind}'>{html_message(joined(map(word, names), BLANK))}</span>"


def _values(names: Iterable[str]) -> str:
    return html_text("\n".join(sorted(names)))


def _choice(name: str, everything: str, values: Iterable[str]) -> str:
    options = "".join(f'<option {CHINESE} value="{html_text(value)}">{html_text(value)}</option>' for value in values)
    label, everything = html_message(word(name)), html_message(everything)
    return f"<select name={name} aria-label='{label}'><option value=''>{everything}</option>{options}</select>"
