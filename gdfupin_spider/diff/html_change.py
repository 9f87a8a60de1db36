"""One change as HTML: what differs, the texts, the captures that prove it. Page text is hostile: all of it is escaped."""

from collections.abc import Iterable, Iterator
from urllib.parse import quote

from ..messages.record_words import word
from ..messages.text import N_, T_, enumeration, joined
from ..search.snippets import UNMARKED, MarkedWords, marked_title
from ..storage.proven_capture import ProvenCapture
from ..terminal import html_message, html_text, pluralized
from .difference import ComparedArticle, Difference
from .edits import field, field_runs, shortened, text_edits
from .text_diff import TextRun

CHINESE = "lang=zh-CN"
"""On every element with text of pages; the filter of a page of changes looks for words in these."""


def body_of(change: Difference, words: MarkedWords = UNMARKED) -> str:
    """The change as an HTML fragment; also the content of a feed entry. `words` are marked."""
    return "".join(_body_of(change, words))


def texts_of(change: Difference, words: MarkedWords = UNMARKED) -> str:
    """The whole text before and after, each in an element that opens; one where both have the same."""
    named = [(N_("text before"), change.old), (N_("text after"), change.new)]
    if change.kind in ("added", "reappeared", "gone", "moved") or "body" not in change.fields:
        named = [(N_("text"), change.newest)]
    return "".join(_text(name, record, words) for name, record in named if record is not None)


def proof_of(before: ProvenCapture | None, after: ProvenCapture | None, warcs: str | None) -> str:
    """The captures of both sides, folded. `warcs`: where their files are, as seen from the page; None: no links."""
    captures = ""
    if before is not None:
        captures += _capture(N_("before: {answer}", answer=_answer(before)), before, warcs)
    if after is not None:
        captures += _capture(N_("after: {answer}", answer=_answer(after)), after, warcs)
    return f"<details class=proof><summary>{T_('proof')}</summary>{captures}</details>" if captures else ""


def edits_of(change: Difference, words: MarkedWords = UNMARKED) -> str:
    """What an edit or another reading changed."""
    return "".join(_edits(change.old, change.new, change.fields, words)) if change.old and change.new else ""


def marked(text: str, words: MarkedWords) -> str:
    """Page text, in which these words are marked."""
    if not words.words:
        return html_text(text)
    pieces = marked_title(text, *words)
    return "".join(f"<mark>{html_text(piece)}</mark>" if is_word else html_text(piece) for piece, is_word in pieces)


def link(url: str) -> str:
    """A URL as a link; other text as text."""
    if not url.startswith(("http://", "https://")):
        return html_text(url)
    return f'<a href="{html_text(url)}" rel="noreferrer nofollow">{html_text(url)}</a>'


def _body_of(change: Difference, words: MarkedWords) -> Iterator[str]:
    yield f'<p class="dim">{link(change.url)}<br>{html_message(change.evidence)}</p>'
    now = change.newest
    if change.kind in ("edited", "reread"):
        if change.old and change.new:
            yield edits_of(change, words)
        elif change.kind == "reread":
            read = (
                N_("{fields}; no longer read as an article", fields=_fields(change))
                if change.old
                else N_("{fields}; newly read as an article", fields=_fields(change))
            )
            yield f"<p>{html_message(read)}</p>"
        else:
            lost = N_("{fields}; one of the two texts is not available", fields=_fields(change))
            yield f"<p>{html_message(lost)}</p>"
    elif change.kind == "moved":
        if change.section_before and change.section and change.section_before != change.section:
            yield f"<p>{_label('section')}{_runs(field_runs('section', change.section_before, change.section), UNMARKED)}</p>"
        if change.url_before and change.url_before != change.url:
            yield f"<p>{T_('from {url}', url=link(change.url_before))}</p>"
    elif now is not None:
        facts = filter(None, (now["date"], now["source"], now["author"]))
        yield f"<p {CHINESE}>{html_text('  '.join(facts))}</p>"


def _edits(old: ComparedArticle, new: ComparedArticle, names: Iterable[str], words: MarkedWords) -> Iterator[str]:
    for name in names:
        if name != "body":
            yield f"<p {CHINESE}>{_label(name)}{_runs(field_runs(name, field(old, name), field(new, name)), words)}</p>"
            continue
        edits = text_edits(old["body"], new["body"])
        for edit in edits.sentences:
            moved = T_("⇅ sentence {old} is now {new}: ", old=edit.old.start + 1, new=edit.new.start + 1)
            what = (
                f'<span class="moved">{moved}</span>'
                if edit.kind == "moved"
                else f'<span class="dim">{_label(edit.kind)}</span>'
            )
            yield f"<p {CHINESE}>{what}{_runs(shortened(edit.runs), words)}</p>"
        if not edits.sentences:
            yield f'<p class="dim">{T_("the text is divided into other paragraphs")}</p>'
        elif edits.same:
            same = T_("… {sentences} the same", sentences=pluralized(edits.same, "sentence"))
            yield f'<p class="dim">{same}</p>'


def _fields(change: Difference) -> str:
    return enumeration(map(word, change.fields))


def _label(name: str) -> str:
    return html_message(N_("{word}: ", word=word(name)))


def _text(name: str, record: ComparedArticle, words: MarkedWords) -> str:
    paragraphs = "".join(f"<p>{marked(line, words)}</p>" for line in record["body"].split("\n"))
    count = len(record["body"])
    summary = html_message(joined((name, pluralized(count, "character"))))
    return f"<details><summary>{summary}</summary><div {CHINESE}>{paragraphs}</div></details>"


def _answer(capture: ProvenCapture) -> str:
    status = f"HTTP {capture.status}" if capture.status is not None else N_("HTTP status not recorded")
    return joined((capture.captured_at, status))


def _capture(answered: str, capture: ProvenCapture, warcs: str | None) -> str:
    place = html_text(capture.warc)
    if warcs is not None:
        place = f'<a href="{html_text(warcs + quote(capture.warc))}">{place}</a>'
    lines = [html_message(answered), T_("{place}, byte {offset:,}", place=place, offset=capture.offset)]
    if capture.payload_sha256:
        lines.append(html_message(N_("SHA-256 of the body {digest}", digest=capture.payload_sha256)))
    if capture.source:
        lines.append(T_("copy of {source}", source=link(capture.source)))
    if capture.problem:
        lines.append(html_message(N_("cannot be read: {reason}", reason=capture.problem)))
    return f"<p>{'<br>'.join(lines)}</p>"


def _runs(some: Iterable[TextRun], words: MarkedWords) -> str:
    tags = {"cut": "del", "put": "ins"}
    parts: list[str] = []
    for run in some:
        tag = tags.get(run.kind)
        escaped = marked(run.text, words)
        parts.append(f"<{tag}>{escaped.replace(chr(10), '¶' + chr(10))}</{tag}>" if tag else escaped)
    return "".join(parts)
