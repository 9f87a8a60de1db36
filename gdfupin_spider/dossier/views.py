"""A dossier for terminals and as one HTML file without scripts and external resources. All page text is escaped."""

from collections.abc import Iterable, Iterator
from typing import cast

from rich.console import Group, RenderableType
from rich.text import Text

from ..diff import ComparedArticle, Difference
from ..diff.compare import differences
from ..diff.html_change import body_of
from ..diff.html_page import POLICY, STYLE
from ..diff.text_view import lines
from ..messages.message_language import current
from ..messages.record_words import word
from ..messages.text import COLON, N_, SENTENCE, T_, joined, translated
from ..storage.proven_capture import ProvenCapture
from ..terminal import html_message, html_text, pluralized, shown
from .dossier import Dossier, VersionSeen

FACTS = ("date", "source", "author", "section")
FEW = 3
"""Captures of one version that are shown at each end; JSON has all."""


def article(dossier: Dossier, version: VersionSeen, proof: bool) -> RenderableType:
    """The record of one version, as text; with `proof`, the captures that showed it."""
    record = version.record
    text = Text()
    title = record.get("title") or T_("(its line was lost)")
    text.append(f"{shown(str(title))}\n", style="bold")
    text.append("  ".join(shown(str(record[name])) for name in FACTS if record.get(name)), style="cyan")
    text.append(f"\n{shown(dossier.state.url)}  {dossier.state.id}\n", style="dim")
    text.append(f"{_place(dossier, version)}\n\n", style="dim")
    text.append(f"{shown(str(record.get('body') or ''))}\n")
    for name, label in (("images", T_("picture")), ("attachments", T_("file"))):
        for file in cast(list[dict[str, object]], record.get(name) or []):
            caption = file.get("caption") or file.get("name") or ""
            text.append(f"{label}{translated(COLON)}{shown(str(caption))} {shown(str(file['url']))}\n", style="dim")
    if not proof:
        return text
    return Group(text, *(_capture(each) for each in version.captures))


def history(dossier: Dossier, between: tuple[int, int] | None = None) -> Iterator[Text]:
    """Lines: all versions with what changed from each to the next, or the difference between two of them."""
    state = dossier.state
    head = Text(f"{shown(state.title)}\n", style="bold")
    head.append(
        f"{state.id}  {shown(joined((word(state.status), pluralized(state.versions, 'version'))))}\n", style="dim"
    )
    head.append("\n".join(shown(url) for url in dossier.addresses), style="dim")
    yield head
    if between is not None:
        old, new = between
        yield Text()
        yield from _change(dossier.version(old), dossier.version(new))
        return
    previous: VersionSeen | None = None
    for version in dossier.versions:
        yield Text()
        yield Text(_place(dossier, version), style="bold")
        if previous is not None:
            yield from _indented(_change(previous, version))
        yield from _indented(_few(version.captures))
        previous = version
    if dossier.absent:
        yield Text()
        yield Text(
            T_("not found since {missing_since}", missing_since=state.missing_since or dossier.absent[0].captured_at),
            style="bold",
        )
        yield from _indented(_few(dossier.absent))


def _indented(some: Iterable[Text]) -> Iterator[Text]:
    for each in some:
        for line in each.split("\n"):
            yield Text("  ").append_text(line)


def html_page(dossier: Dossier) -> str:
    """The history as one HTML file."""
    state = dossier.state
    title = html_text(state.title)
    facts = joined((state.id, word(state.status), pluralized(state.versions, "version")))
    parts = [
        f"<!doctype html><html lang={current()}><head><meta charset=utf-8>",
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
        f'<meta name=viewport content="width=device-width, initial-scale=1"><title>{title}</title>',
        f"<style>{STYLE}</style></head><body><main><h1 lang=zh>{title}</h1>",
        f"<p class=dim>{html_message(joined((facts, N_('Times are UTC.')), SENTENCE))}<br>",
        "<br>".join(html_text(url) for url in dossier.addresses) + "</p>",
    ]
    previous: VersionSeen | None = None
    for version in dossier.versions:
        parts.append(f"<section id=v{version.number}><h2>{html_text(_place(dossier, version))}</h2>")
        change = _difference(previous, version) if previous is not None else None
        if change is not None:
            parts.append(f"<article lang=zh>{body_of(change)}</article>")
        paragraphs = "".join(f"<p>{html_text(line)}</p>" for line in str(version.record.get("body") or "").split("\n"))
        parts.append(
            f"<article><details><summary>{html_message(N_('text'))}</summary><div lang=zh>{paragraphs}</div></details>{_rows(version.captures)}</article>"
        )
        parts.append("</section>")
        previous = version
    if dossier.absent:
        since = N_("not found since {missing_since}", missing_since=dossier.absent[0].captured_at)
        parts.append(f"<section id=absent><h2>{html_message(since)}</h2>")
        parts.append(f"<article>{_rows(dossier.absent)}</article></section>")
    return "\n".join([*parts, "</main></body></html>\n"])


def _place(dossier: Dossier, version: VersionSeen) -> str:
    seen = T_("seen {first_seen} to {last_seen}", first_seen=version.first_seen, last_seen=version.last_seen)
    if version.first_seen == version.last_seen:
        seen = T_("seen {first_seen}", first_seen=version.first_seen)
    return T_(
        "version {number} of {versions}, {seen}", number=version.number, versions=len(dossier.versions), seen=seen
    )


def _difference(old: VersionSeen, new: VersionSeen) -> Difference | None:
    """The edit between two versions; None where one of the lines was lost, or they are equal."""
    if "body" not in old.record or "body" not in new.record:
        return None
    before, after = cast(ComparedArticle, old.record), cast(ComparedArticle, new.record)
    found = differences(
        before, after, N_("version {number}", number=old.number), N_("version {number}", number=new.number)
    )
    return next((each for each in found if each.kind in ("edited", "reread")), None)


def _change(old: VersionSeen, new: VersionSeen) -> Iterator[Text]:
    change = _difference(old, new)
    if change is None:
        kept = "body" in old.record and "body" in new.record
        yield Text(
            T_("the texts are equal") if kept else T_("the texts cannot be compared: one of them was not kept"),
            style="dim",
        )
        return
    _, *rest = lines(change, colour=False)
    yield from rest[2:]  # without the address and the evidence, which the heading has


def _few(captures: tuple[ProvenCapture, ...]) -> Iterator[Text]:
    if len(captures) <= 2 * FEW:
        yield from map(_capture, captures)
        return
    yield from map(_capture, captures[:FEW])
    yield Text(
        T_("… {captures}; --json and --html have all", captures=pluralized(len(captures) - 2 * FEW, "more capture")),
        style="dim",
    )
    yield from map(_capture, captures[-FEW:])


def _capture(capture: ProvenCapture) -> Text:
    status = f" {capture.status}" if capture.status is not None else ""
    place = T_("{warc} byte {offset}", warc=capture.warc, offset=capture.offset)
    text = Text(
        f"{capture.captured_at}  {translated(word(capture.outcome))}{status}  {capture.origin}  {place}", style="dim"
    )
    if capture.payload_sha256 is not None:
        text.append(f"\n    sha256 {capture.payload_sha256}", style="dim")
    if capture.source is not None:
        text.append(T_("\n    copy of {source}", source=shown(capture.source)), style="dim")
    if capture.problem is not None:
        text.append(T_("\n    cannot be read: {problem}", problem=shown(capture.problem)), style="yellow")
    return text


def _rows(captures: tuple[ProvenCapture, ...]) -> str:
    rows = "".join(
        f"<tr><td>{html_text(each.captured_at)}</td><td>{html_message(word(each.outcome))}</td><td>{each.status or ''}</td>"
        f"<td>{html_text(each.origin)}</td><td>{html_text(each.warc)} {each.offset}</td>"
        f"<td>{html_message((each.payload_sha256 or '')[:16] or each.problem or '')}</td></tr>"
        for each in captures
    )
    names = (N_("captured"), N_("outcome"), N_("status"), N_("origin"), N_("record"), "sha256")
    head = "".join(f"<th>{html_message(name)}</th>" for name in names)
    summary = html_message(pluralized(len(captures), "capture"))
    return f"<details><summary>{summary}</summary><table><tr>{head}</tr>{rows}</table></details>"
