"""The parts of a changed text that are shown: changes with some context."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from .text_diff import TextBlock, TextRun

AROUND = 24
"""Characters of unchanged text shown on each side of a change."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of a text that is shown, or a count of what is left out."""

    block: TextBlock | None
    """None: something is left out."""
    left_out: int = 0
    """Number of paragraphs left out."""


def passages(blocks: Sequence[TextBlock]) -> Iterator[Passage]:
    """Changes in the order of the new text, with unchanged text shortened."""
    for block in blocks:
        if block.kind == "same":
            yield Passage(None, len(block.new))
        elif block.kind == "changed" or any(run.kind != "same" for run in block.runs):
            yield Passage(replace(block, runs=tuple(_shortened(block.runs))))
        else:
            text = block.runs[0].text
            yield Passage(
                replace(block, runs=(TextRun("same", text if len(text) <= 2 * AROUND else f"{text[:AROUND]}…"),))
            )


def _shortened(runs: Sequence[TextRun]) -> Iterator[TextRun]:
    for n, run in enumerate(runs):
        head = 0 if n == 0 else AROUND
        tail = 0 if n == len(runs) - 1 else AROUND
        if run.kind == "same" and len(run.text) > head + tail + 1:
            text = f"{run.text[:head]}…{run.text[len(run.text) - tail :]}"
            yield TextRun("same", text)
        else:
            yield run


def beginning(text: str, length: int = 80) -> str:
    """The beginning of a text, on one line."""
    line = " ".join(text[: 4 * length].split())
    return line if len(line) <= length else f"{line[:length]}…"
