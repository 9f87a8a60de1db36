"""What a comparison rests on: which crawls looked, when the last one did, and what none of them looked at."""

from collections.abc import Sequence
from dataclasses import dataclass

from ..catalog.window import Window
from ..messages.record_words import word
from ..messages.text import BLANK, N_, N_n, joined
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
            return N_("Files are compared; they do not record which crawls looked, or what was not looked at.")
        known = self.window
        sentences = [_looked(known.crawls, known.last_look), _not_looked_at(known)]
        if known.unanswered:
            names = _first_to_last(known.unanswered)
            sentences.append(
                N_(
                    "{crawls} had no readable answer: {names}.",
                    crawls=pluralized(len(known.unanswered), "crawl"),
                    names=names,
                )
            )
        if self.held:
            sentences.append(
                N_n(
                    "{number:,} crawl is held back and not compared: {names}.",
                    "{number:,} crawls are held back and not compared: {names}.",
                    len(self.held),
                    number=len(self.held),
                    names=_first_to_last(self.held),
                )
            )
        if self.same_day:
            commands: str = ", ".join(f"`gdfupin diff {name}{self.option}`" for name in self.same_day[-NAMED:])
            if len(self.same_day) > NAMED:
                earlier = len(self.same_day) - NAMED
                commands = N_("{commands}, and {earlier:,} earlier ones", commands=commands, earlier=earlier)
            sentences.append(
                N_n(
                    "Another crawl was run on {day}; its changes: {commands}.",
                    "{number:,} other crawls were run on {day}; their changes: {commands}.",
                    len(self.same_day),
                    number=len(self.same_day),
                    day=self.day,
                    commands=commands,
                )
            )
        return joined(filter(None, sentences), BLANK)

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
            return N_("no changes")
        return N_("no changes found; looked at: {parts}", parts=joined(parts))


def _looked(crawls: Sequence[str], last: str | None) -> str:
    if not crawls:
        return N_("No crawl looked; captures were read again.")
    return N_(
        "{crawls} looked: {names}; the last look was {last}.",
        crawls=pluralized(len(crawls), "crawl"),
        names=_first_to_last(crawls),
        last=last,
    )


def _not_looked_at(known: Window) -> str:
    if parts := _parts(known, is_looked_at=False):
        return N_("Not looked at: {parts}.", parts=joined(parts))
    known_before = N_(
        "All {articles_known:,} articles that were known before were looked at.", articles_known=known.articles_known
    )
    return known_before if known.articles_known else ""


def _parts(known: Window, *, is_looked_at: bool) -> list[str]:
    """What was looked at only in part: how much of it was, or was not."""
    return [
        N_(
            "{looked:,} of {total:,} known {what}",
            looked=looked if is_looked_at else total - looked,
            total=total,
            what=word(what),
        )
        for what, total, looked in (
            ("articles", known.articles_known, known.articles_looked_at),
            ("listings", known.listings_known, known.listings_looked_at),
        )
        if total > looked
    ]


def _first_to_last(crawls: Sequence[str]) -> str:
    return crawls[0] if len(crawls) == 1 else N_("{first} to {last}", first=crawls[0], last=crawls[-1])
