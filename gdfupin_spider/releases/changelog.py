"""`CHANGES.md`: changes since the previous release, and what persons decided since then, for people."""

import re
from collections import Counter
from collections.abc import Iterator

from ..diff import Difference
from ..terminal import markdown_text
from .records import ReleasedReview, ReleasedTombstone

MOST = 100
"""Changes of each kind that are listed."""
LONGEST = 80
"""Characters of a corrected value."""
_HEADINGS = {
    "added": "New",
    "edited": "Edited",
    "moved": "Moved to another address or section",
    "gone": "Gone from the site",
    "reappeared": "Back again",
    "reread": "Read better from the same bytes; the site did not change them",
}


class Changelog:
    """Counts changes and keeps those that are listed."""

    def __init__(self, name: str, previous: str | None, *, demo: bool = False) -> None:
        self._name, self._previous, self._demo = name, previous, demo
        self.counts: Counter[str] = Counter()
        self._shown: dict[str, list[str]] = {}
        self._decided: dict[str, list[str]] = {}

    def add(self, change: Difference) -> None:
        self.counts[change.kind] += 1
        shown_lines = self._shown.setdefault(change.kind, [])
        if len(shown_lines) < MOST:
            shown_lines.append(_line(change))

    def add_review(self, review: ReleasedReview) -> None:
        """A correction or rejection since the previous release."""
        what = f"`{review.id}`"
        if review.decision == "correct":
            what += f" {review.field}: {_value(review.value_read)} → {_value(review.value)}"
        heading = "Rejected by persons" if review.decision == "reject" else "Corrected by persons"
        self._add_decided(heading, f"- {what}, {review.reviewed_at[:10]}{_reason(review.note)}")

    def add_tombstone(self, tombstone: ReleasedTombstone) -> None:
        """An article that was withdrawn since the previous release."""
        self._add_decided("Withdrawn", f"- `{tombstone.id}`, {tombstone.date}{_reason(tombstone.reason)}")

    def _add_decided(self, heading: str, line: str) -> None:
        self._decided.setdefault(heading, []).append(line)

    def text(self) -> str:
        """The file."""
        lines = [f"# Changes in {self._name}", ""]
        if self._demo:
            lines += ["Demo data: all articles are invented.", ""]
        if self._previous is None:
            return "\n".join([*lines, "This is the first release.", ""])
        if not self.counts:
            return "\n".join([*lines, f"No article changed since {self._previous}.", *self._decisions(), ""])
        lines += [
            f"Since {self._previous}; all changes are in `changes.jsonl.gz`.",
            "",
            "| kind | articles |",
            "|---|---|",
        ]
        lines += [f"| {_HEADINGS[kind]} | {self.counts[kind]:,} |" for kind in _HEADINGS if self.counts[kind]]
        for kind in _HEADINGS:
            if shown_lines := self._shown.get(kind):
                lines += ["", f"## {_HEADINGS[kind]}", "", *shown_lines]
                if (more := self.counts[kind] - len(shown_lines)) > 0:
                    lines.append(f"- and {more:,} more")
        return "\n".join([*lines, *self._decisions(), ""])

    def _decisions(self) -> Iterator[str]:
        for heading, listed in sorted(self._decided.items()):
            yield from ("", f"## {heading}", "", *listed[:MOST])
            if (more := len(listed) - MOST) > 0:
                yield f"- and {more:,} more"


def _value(text: str | None) -> str:
    """A value of a field, shortened."""
    if text is None:
        return "none"
    line = " ".join(text.split())
    return f"“{markdown_text(line if len(line) <= LONGEST else line[:LONGEST] + '…')}”"


def _reason(text: str | None) -> str:
    return f": {markdown_text(text)}" if text else ""


def _line(change: Difference) -> str:
    article = change.newest
    details = [
        part
        for part in (
            article["date"] if article else None,
            change.section and markdown_text(change.section),
            ", ".join(change.fields),
            change.weight,
        )
        if part
    ]
    return f"- {_link(change.title, change.url)}" + (f" ({'; '.join(details)})" if details else "") + f" `{change.id}`"


def _link(title: str, url: str) -> str:
    if url.startswith(("http://", "https://")) and not re.search(r"[\s<>]", url):
        return f"[{markdown_text(title)}](<{url}>)"
    return markdown_text(title)
