"""Help texts in the language of the user, wrapped by the columns that Chinese characters take."""

import copy
import inspect
from collections.abc import Iterable
from gettext import gettext
from typing import TypeVar

import click
from rich.cells import cell_len, get_character_cell_size

from ..messages import message_language

RAW = "\b"
"""Click leaves a paragraph as it is that begins with a line of it."""
NOT_FIRST = frozenset("，。；：、！？）》」』”’…—,.;:!?)")
"""Characters that begin no line,"""
NOT_LAST = frozenset("（《「『“‘(")
"""and those that end none."""
Command = TypeVar("Command", bound=click.Command)


def localized(command: Command) -> Command:
    """The command with its help in the language in use; the command itself where that is English."""
    if message_language.current() == "en":
        return command
    other = copy.copy(command)
    other.help, other.epilog = _help(command.help), _translated(command.epilog)
    other.short_help = (other.help or "").partition("。")[0].partition("\n")[0] or None
    other.params = [_parameter(each) for each in command.params]
    other.context_class = LocalizedContext
    other._help_option = None  # its text is in the language in which Click asked for it first
    if isinstance(command, click.Group) and isinstance(other, click.Group):
        other.commands = {name: localized(each) for name, each in command.commands.items()}
    return other


def paragraphs(text: str) -> list[str]:
    """The parts of a help text, each translated by itself. Those that Click is to leave as they are begin with a line of `RAW`."""
    parts = inspect.cleandoc(text).split("\n\n")
    return [part if part.startswith(RAW) else " ".join(part.split()) for part in parts]


def _help(text: str | None) -> str | None:
    if text is None:
        return None
    return "\n\n".join(
        f"{RAW}\n{gettext(bare)}" if (bare := part.removeprefix(f"{RAW}\n")) != part else gettext(part)
        for part in paragraphs(text)
    )


def _parameter(parameter: click.Parameter) -> click.Parameter:
    other = copy.copy(parameter)
    if isinstance(parameter, click.Option) and isinstance(other, click.Option):
        other.help = _translated(parameter.help)
    return other


def _translated(text: str | None) -> str | None:
    return gettext(text) if text else text  # the translation of "" is the head of the catalogue


class CellFormatter(click.HelpFormatter):
    """Wraps by columns of the terminal, of which a Chinese character takes two, and within runs without spaces."""

    def write_text(self, text: str) -> None:
        """Paragraphs are separated by empty lines."""
        super().write_text("\n\n".join(_raw(part, self.width - self.current_indent) for part in text.split("\n\n")))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """A list of terms and their meanings."""
        known = list(rows)
        first = min(max((len(term) for term, _ in known), default=0), col_max) + col_spacing
        super().write_dl([(term, _raw(text, self.width - first - 2)) for term, text in known], col_max, col_spacing)


class LocalizedContext(click.Context):
    """Makes that formatter where it is needed."""

    def make_formatter(self) -> click.HelpFormatter:
        """Click's own for English."""
        if message_language.current() == "en":
            return super().make_formatter()
        return CellFormatter(width=self.terminal_width, max_width=self.max_content_width)


def _raw(paragraph: str, width: int) -> str:
    if not paragraph or paragraph.lstrip().startswith(RAW):
        return paragraph
    return "\n".join([RAW, *lines(" ".join(paragraph.split()), max(width, 10))])


def lines(text: str, width: int) -> list[str]:
    """Text broken between Chinese characters and at spaces, each line no wider than `width` columns where that is possible.

    >>> lines("采集网站的全部文章，使用 --output 指定目录。", 16)
    ['采集网站的全部文', '章，使用', '--output 指定目', '录。']
    """
    found, line = [], ""
    for part in _parts(text):
        if line.strip() and cell_len(line + part.rstrip()) > width:
            found.append(line.rstrip())
            line = part.lstrip()
        else:
            line += part
    return [*found, line.rstrip()] if line.strip() else found


def _parts(text: str) -> list[str]:
    """What stays together: a Chinese character with the punctuation behind it, a word with the spaces behind it."""
    parts: list[str] = []
    for character in text:
        is_wide = get_character_cell_size(character) == 2
        last = parts[-1] if parts else " "
        stays = character in NOT_FIRST or character.isspace() or last[-1] in NOT_LAST
        stays = stays or not (is_wide or get_character_cell_size(last[-1]) == 2 or last[-1].isspace())
        if parts and stays:
            parts[-1] += character
        else:
            parts.append(character)
    return parts
