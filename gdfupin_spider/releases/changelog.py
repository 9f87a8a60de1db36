"""`CHANGES.md`: changes since the previous release, for people."""

import re
from collections import Counter

from ..diff import Difference
from ..terminal import markdown_text

MOST = 100
"""Changes of each kind that are listed."""
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

    def add(self, change: Difference) -> None:
        self.counts[change.kind] += 1
        shown_lines = self._shown.setdefault(change.kind, [])
        if len(shown_lines) < MOST:
            shown_lines.append(_line(change))

    def text(self) -> str:
        """The file."""
        lines = [f"# Changes in {self._name}", ""]
        if self._demo:
            lines += ["Demo data: all articles are invented.", ""]
        if self._previous is None:
            return "\n".join([*lines, "This is the first release.", ""])
        if not self.counts:
            return "\n".join([*lines, f"No article changed since {self._previous}.", ""])
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
        return "\n".join([*lines, ""])


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
