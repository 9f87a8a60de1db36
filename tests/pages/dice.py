"""Choices by dice that hypothesis throws, so that a failing page shrinks to a small one."""

import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """All choices of one page come from one source."""

    def __init__(self, source: random.Random) -> None:
        self.source = source

    def one(self, choices: Sequence[T]) -> T:
        return choices[self.source.randrange(len(choices))]

    def chance(self, percent: int) -> bool:
        return self.source.randrange(100) < percent

    def number(self, low: int, high: int) -> int:
        return self.source.randint(low, high)

    def some(self, choices: Sequence[T], least: int, most: int) -> list[T]:
        """Some of the choices, in their order."""
        chosen = self.source.sample(range(len(choices)), min(len(choices), self.number(least, most)))
        return [choices[index] for index in sorted(chosen)]

    def order(self, things: Sequence[T]) -> list[T]:
        return self.source.sample(list(things), len(things))
