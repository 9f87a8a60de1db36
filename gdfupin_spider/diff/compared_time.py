"""What a comparison rests on: which crawls looked, when the last one did, and what none of them looked at."""

from collections.abc import Sequence
from dataclasses import dataclass

from ..catalog.window import Window
from ..terminal import pluralized

NAMED = 5
"""Other crawls of the day that are named."""


@dataclass(frozen=True, slots=True)
class ComparedTime:
    """What is known of the time that a comparison covers."""

    window: Window | None
    """None: files are compared, which record no crawls."""
    held: tuple[str, ...] = ()
    """Crawls of that time that are held back or rejected: nothing of them is compared."""
    same_day: tuple[str, ...] = ()
    """Of one crawl: the other crawls of its day, whose changes are not shown."""
    option: str = ""
    """` --output DIRECTORY`, for commands on an archive that is not the default one."""
    day: str = ""
    """That day in the time zone of the profile, `2026-11-12 (Asia/Shanghai)`."""

    def text(self) -> str:
        """In sentences.

        >>> ComparedTime(Window(("20261101T030000Z-live",), "2026-11-01T04:00:00Z", 311, 299, 9, 9)).text()
        '1 crawl looked: 20261101T030000Z-live; the last look was 2026-11-01T04:00:00Z. Not looked at: 12 of 311 known articles.'
        """
        if self.window is None:
            return "Files are compared; they do not record which crawls looked, or what was not looked at."
        known = self.window
        sentences = [_looked(known.crawls, known.last_look), _not_looked_at(known)]
        if known.unanswered:
            names = _first_to_last(known.unanswered)
            sentences.append(f"{pluralized(len(known.unanswered), 'crawl')} had no readable answer: {names}.")
        if self.held:
            are = "crawl is" if len(self.held) == 1 else "crawls are"
            sentences.append(f"{len(self.held):,} {are} held back and not compared: {_first_to_last(self.held)}.")
        if self.same_day:
            were = "Another crawl was" if len(self.same_day) == 1 else f"{len(self.same_day):,} other crawls were"
            whose = "its" if len(self.same_day) == 1 else "their"
            commands = ", ".join(f"`gdfupin diff {name}{self.option}`" for name in self.same_day[-NAMED:])
            more = f", and {len(self.same_day) - NAMED:,} earlier ones" if len(self.same_day) > NAMED else ""
            sentences.append(f"{were} run on {self.day}; {whose} changes: {commands}{more}.")
        return " ".join(filter(None, sentences))

    @property
    def last_look(self) -> str | None:
        """The newest look; UTC. None where files are compared."""
        return self.window.last_look if self.window is not None else None

    @property
    def no_changes(self) -> str:
        """The sentence for a comparison that found none: what nobody looked at can have changed.

        >>> ComparedTime(Window(("20261101T030000Z-live",), "2026-11-01T04:00:00Z", 311, 0, 9, 5)).no_changes
        'no changes found; looked at: 0 of 311 known articles, 5 of 9 known listings'
        """
        if self.window is None or not (parts := _parts(self.window, is_looked_at=True)):
            return "no changes"
        return f"no changes found; looked at: {', '.join(parts)}"


def _looked(crawls: Sequence[str], last: str | None) -> str:
    if not crawls:
        return "No crawl looked; captures were read again."
    return f"{pluralized(len(crawls), 'crawl')} looked: {_first_to_last(crawls)}; the last look was {last}."


def _not_looked_at(known: Window) -> str:
    if parts := _parts(known, is_looked_at=False):
        return f"Not looked at: {', '.join(parts)}."
    known_before = f"All {known.articles_known:,} articles that were known before were looked at."
    return known_before if known.articles_known else ""


def _parts(known: Window, *, is_looked_at: bool) -> list[str]:
    """What was looked at only in part: how much of it was, or was not."""
    return [
        f"{looked if is_looked_at else total - looked:,} of {total:,} known {what}"
        for what, total, looked in (
            ("articles", known.articles_known, known.articles_looked_at),
            ("listings", known.listings_known, known.listings_looked_at),
        )
        if total > looked
    ]


def _first_to_last(crawls: Sequence[str]) -> str:
    return crawls[0] if len(crawls) == 1 else f"{crawls[0]} to {crawls[-1]}"
