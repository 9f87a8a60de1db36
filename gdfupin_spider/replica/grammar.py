"""Chinese sentences about poverty alleviation from `grammar.txt`, determined by a seed."""

import functools
import random
import re
from importlib import resources

STEADY = frozenset(
    {"city", "county", "town", "village", "crop", "company", "city_rich", "province", "far_county", "country", "agency"}
    | {"policy", "department", "source"}
)
"""Names that are constant within one story."""

TOPICS = ("industry", "school", "health", "house", "road", "work", "trade", "party", "gift", "rule")

_SLOT = re.compile(r"\{([^{}]+)\}")
_RANGE = re.compile(r"([\d.]+)-([\d.]+)")


@functools.cache
def lists() -> dict[str, tuple[str, ...]]:
    """The lists of `grammar.txt` by name."""
    found: dict[str, list[str]] = {}
    entries: list[str] = []
    for line in resources.files(__package__).joinpath("grammar.txt").read_text("utf-8").splitlines():
        if line.startswith("[") and line.endswith("]"):
            entries = found.setdefault(line[1:-1], [])
        elif line and not line.startswith("#"):
            entries.append(line)
    return {name: tuple(entries) for name, entries in found.items()}


class TextGenerator:
    """Generates the text of one story: keeps its places and people, and never repeats a sentence."""

    def __init__(self, seed: str, year: int, month: int, day: int) -> None:
        self.dice = random.Random(seed)
        era = "early" if year < 2013 else "middle" if year < 2016 else "late" if year < 2021 else "last"
        self._era = era
        self._steady = {"year": str(year), "month": str(month), "day": str(day)}
        self._left: dict[str, list[str]] = {}

    def phrase(self, name: str) -> str:
        """A random entry of the list `name`, with its slots filled."""
        return self.fill(self.dice.choice(lists()[name]))

    def unused_phrase(self, name: str) -> str | None:
        """An entry of the list `name` that this story has not used yet; None if all are used."""
        left = self._left.get(name)
        if left is None:
            left = self._left[name] = list(lists()[name])
            self.dice.shuffle(left)
        return self.fill(left.pop()) if left else None

    def fill(self, text: str) -> str:
        """The text with every slot filled."""
        return _SLOT.sub(lambda slot: self._slot(slot[1]), text)

    def _slot(self, name: str) -> str:
        if name in self._steady:
            return self._steady[name]
        if span := _RANGE.fullmatch(name):
            return self._number(span[1], span[2])
        if name == "county":
            return self._county()
        era = f"{name}.{self._era}"
        word = self.phrase(era if era in lists() else name)
        if name in STEADY:
            self._steady[name] = word
        return word

    def _county(self) -> str:
        """A county of the story's city; both are fixed from then on."""
        pairs = [entry.split() for entry in lists()["county"]]
        city = self._steady.get("city")
        self._steady["city"], self._steady["county"] = self.dice.choice([p for p in pairs if city in (None, p[0])])
        return self._steady["county"]

    def _number(self, low: str, high: str) -> str:
        if "." in low:
            return f"{self.dice.randint(round(float(low) * 10), round(float(high) * 10)) / 10:.1f}"
        number = self.dice.randint(int(low), int(high))
        return str(number - number % 10 if number >= 200 else number)
