"""The message of an alert that fired: titles, excerpts with marks, links. Plain text. Pure."""

import shlex
from collections.abc import Callable, Iterator

from ..diff import KINDS, Difference
from ..diff.edits import shortened, text_edits
from ..diff.text_diff import runs
from ..diff.text_view import signed
from ..messages.record_words import counts, word
from ..messages.text import COLON, N_, enumeration, translated
from ..search.snippets import MarkedWords, marked_title, plain, snippet
from ..terminal import pluralized
from .alerts import Alert, FiredAlert
from .message import LONGEST_BODY, Message, line

EXCERPT = 240
"""Characters of an excerpt."""


def alert_message(fired: FiredAlert, crawl: str, complete: Callable[[str], str] = lambda text: text) -> Message:
    """`crawl`: the newest one that looked; empty if unknown. `complete`: completes the command in a text, so that it runs as printed."""
    alert, kinds = fired.alert, fired.kinds
    left = kinds.total()
    count = pluralized(left, "change")
    command = shlex.join(["gdfupin", "diff", *([crawl] if crawl else []), *_options(alert)])
    end = line(complete(N_("More of them: `{command}`", command=command)))
    lines = [line(counts({kind: kinds[kind] for kind in KINDS if kinds[kind]}))]
    for change in reversed(fired.listed):
        item = [line(each) for each in _item(alert, change)]
        if sum(map(len, (*lines, *item, end))) > LONGEST_BODY and left < kinds.total():
            break
        lines += item
        left -= 1
    if left:
        lines += [line(N_("and {left:,} more", left=left)), end]
    title = N_("gdfupin: alert {name}: {changes}", name=alert.name, changes=count)
    if crawl:
        title = N_("gdfupin: alert {name}: {changes} ({crawl})", name=alert.name, changes=count, crawl=crawl)
    return Message(line(title), "\n".join(lines), "info")


def _item(alert: Alert, change: Difference) -> Iterator[str]:
    article = change.newest
    facts = [translated(word(change.kind)), article["date"] if article else None, change.section]
    title = plain(marked_title(change.title, *alert.marked), "【", "】")
    yield f"· {' '.join(filter(None, facts))}{translated(COLON)}{title}"
    yield f"  {change.url}"
    for text in _excerpts(alert, change):
        yield f"  {text}"


def _excerpts(alert: Alert, change: Difference) -> Iterator[str]:
    """What changed, of an edit: the passages with the words, else the first one; of others: the place with most words."""
    article = change.newest
    if article is None:
        return
    if change.kind != "edited" or change.old is None or change.new is None:
        yield plain(snippet(article["body"], *alert.marked), "【", "】")
        return
    changed = []
    if "title" in change.fields:
        changed.append(signed(runs(change.old["title"], change.new["title"])))
    if "body" in change.fields:
        edits = text_edits(change.old["body"], change.new["body"]).sentences
        changed += [signed(shortened(edit.runs)) for edit in edits]
    with_words = [text for text in changed if any(word in alert.marked.folding(text) for word in alert.marked.words)]
    for text in (with_words or changed)[:2]:
        yield plain(_cut(text, alert.marked), "【", "】")
    if not changed:
        yield N_("changed: {fields}", fields=enumeration(map(word, change.fields)))


def _cut(text: str, words: MarkedWords) -> tuple[tuple[str, bool], ...]:
    """The whole text with marks, or where it is long the place with most words."""
    return marked_title(text, *words) if len(text) <= EXCERPT else snippet(text, *words)


def _options(alert: Alert) -> Iterator[str]:
    if alert.words is not None:
        yield from ("--match", alert.words)
        if alert.where == "changed":
            yield from ("--in", "changed")
        if alert.fold_script:
            yield "--fold-script"
    for option, values in (("--section", alert.sections), ("--source", alert.sources), ("--kind", alert.kinds)):
        for value in values:
            yield from (option, value)
