"""What a change of the profile does to the records of a crawl."""

from collections import Counter
from dataclasses import dataclass, field

from ..messages.record_words import word
from ..messages.text import N_, enumeration, joined
from ..terminal import pluralized

SHARED = 0.5
"""Share of gained records with one title from which on the title is a line of the template."""


@dataclass
class Effect:
    """What a change of the profile does to the records of a crawl."""

    checked: int = 0
    """Pages that were read with and without it."""
    changes: int = 0
    """Records with another value in some field."""
    gains: int = 0
    loses: int = 0
    fills: Counter[str] = field(default_factory=Counter)
    """Records whose field had no value and gets one."""
    empties: Counter[str] = field(default_factory=Counter)
    """Records whose field had a value and loses it, or most of its text."""
    titles: Counter[str] = field(default_factory=Counter)
    """Titles of gained records."""
    kinds: Counter[str] = field(default_factory=Counter)
    """Pages that are of another kind, by old and new kind: `unknown to gone`."""
    settled: int = 0
    """Pages with fewer issues."""

    @property
    def is_any(self) -> bool:
        """Whether anything is read differently."""
        return bool(self.changes or self.gains or self.loses or self.kinds or self.settled)

    @property
    def shared_title(self) -> str | None:
        """The title that most of the gained records have; None where they differ."""
        if self.gains < 3:
            return None
        title, count = self.titles.most_common(1)[0]
        return title if count > SHARED * self.gains else None

    @property
    def harm(self) -> str | None:
        """Why the change is not offered; None if nothing speaks against it."""
        if self.loses:
            return N_("loses {articles}", articles=pluralized(self.loses, "article"))
        if self.empties:
            fields = (
                N_("{name} of {articles}", name=word(name), articles=pluralized(count, "article"))
                for name, count in sorted(self.empties.items())
            )
            return N_("empties {fields}", fields=enumeration(fields))
        if self.shared_title is not None:
            return N_(
                "most of the {gains} new articles would have the title {shared_title!r}",
                gains=self.gains,
                shared_title=self.shared_title,
            )
        return None

    @property
    def sentence(self) -> str:
        """The effect in words."""
        filled = joined(
            (
                N_(", fills {name} in {count}", name=word(name), count=count)
                for name, count in sorted(self.fills.items())
            ),
            "",
        )
        example = N_(", for example {titles!r}", titles=min(self.titles)) if self.titles else ""
        kinds = joined(
            (
                N_(", {count} pages from {kinds}", count=count, kinds=kinds)
                for kinds, count in sorted(self.kinds.items())
                if "article" not in kinds
            ),
            "",
        )
        settled = N_(", settles issues of {settled}", settled=_pages(self.settled)) if self.settled else ""
        return N_(
            "changes {changes}, gains {gains}, loses {loses} of the records{filled}{kinds}{settled}{example}",
            changes=self.changes,
            gains=self.gains,
            loses=self.loses,
            filled=filled,
            kinds=kinds,
            settled=settled,
            example=example,
        )


def _pages(count: int) -> str:
    return pluralized(count, "page")
