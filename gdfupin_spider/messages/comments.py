"""Comments of files that the program writes for people, such as settings and units, in the language in use."""

import re
from collections.abc import Iterator
from gettext import gettext

from .message_language import current
from .wrapped_lines import lines

WIDTH = 100
"""Columns of a line."""
_PARAGRAPH = re.compile(r"^#( .+(?:\n# .+)*)", re.M)
_DESCRIPTION = re.compile(r"^(Description=)(.+)", re.M)


def comment(text: str) -> list[str]:
    """A text of the catalogue as lines of a comment; no text gives none."""
    return [f"# {line}" for line in lines(gettext(" ".join(text.split())), WIDTH - 2)] if text else []


def texts(file: str) -> Iterator[str]:
    """What the catalogue has of a file: each paragraph of comments on one line, and the description of a unit."""
    yield from (_joined(each[1]) for each in _PARAGRAPH.finditer(file))
    yield from (each[2] for each in _DESCRIPTION.finditer(file))


def in_language(file: str) -> str:
    """A file with its comments in the language in use; in English as it is written."""
    if current() == "en":
        return file
    file = _PARAGRAPH.sub(lambda each: "\n".join(comment(_joined(each[1]))), file)
    return _DESCRIPTION.sub(lambda each: each[1] + gettext(each[2]), file)


def _joined(paragraph: str) -> str:
    return " ".join(line.removeprefix("#").strip() for line in paragraph.split("\n"))
