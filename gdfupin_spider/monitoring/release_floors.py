"""The least share of articles that must have a field before a release is published: `[release]` of operator.toml."""

from collections.abc import Mapping
from dataclasses import dataclass

from ..profiles import Profile


@dataclass(frozen=True, slots=True)
class ReleaseFloors:
    """The table [release]. A floor of 0 is none."""

    min_sample: int = 20
    """Fewer articles than this are not checked."""
    min_dates: float = 0.8
    """Share that must have a date. Most sites print one on nearly every article; for a site that prints none, set 0."""
    min_sections: float = 0.5
    """Share that must have a section, where the profile names sections."""

    def of(self, profile: Profile) -> Mapping[str, float]:
        """By field."""
        return {"date": self.min_dates} | ({"section": self.min_sections} if profile.sections else {})


DEFAULT_FLOORS = ReleaseFloors()
