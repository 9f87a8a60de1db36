"""The stories of one epoch, in the order of the site's listings."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from .story import Story


@dataclass(frozen=True)
class SectionLists:
    """All stories at one time, newest first in every listing."""

    stories: tuple[Story, ...]

    @cached_property
    def newest(self) -> tuple[Story, ...]:
        return tuple(sorted(self.stories, key=lambda story: (story.online, story.number), reverse=True))

    @cached_property
    def _sections(self) -> dict[str, list[Story]]:
        found: dict[str, list[Story]] = {}
        for story in self.newest:
            for section in story.sections:
                found.setdefault(section, []).append(story)
        return found

    def of(self, section: str) -> Sequence[Story]:
        """The stories of a section, newest first."""
        return self._sections.get(section, [])

    def listed(self, section: str, size: int, page: int) -> Sequence[Story]:
        """Page `page` (from 1) of a section's listing; pinned stories are at the top of page 1."""
        stories = sorted(self.of(section), key=lambda story: not story.pinned)
        return stories[(page - 1) * size : page * size]

    def pages(self, section: str, size: int) -> int:
        """Number of listing pages of a section, at least 1."""
        return max(1, -(-len(self.of(section)) // size))

    def beside(self, story: Story, section: str) -> tuple[Story | None, Story | None]:
        """The next newer and the next older story in its section."""
        stories = self.of(section)
        at = stories.index(story)
        return stories[at - 1] if at else None, stories[at + 1] if at + 1 < len(stories) else None
