"""Help texts in the language of the user, wrapped by the columns that Chinese characters take."""

import copy
import inspect
from collections.abc import Iterable
from gettext import gettext
from typing import TypeVar

import click

from ..messages import message_language
from ..messages.text import COLON, N_, translated
from ..messages.wrapped_lines import lines

OPTIONS, SUBCOMMANDS = N_("[OPTIONS]"), N_("COMMAND [ARGS]...")
"""What Click prints behind the name of a command."""
NUMBERS = (N_("integer"), N_("integer range"), N_("float"), N_("float range"))
"""Kinds of values as Click names them."""
RAW = "\b"
"""Click leaves a paragraph as it is that begins with a line of it."""
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
    other.options_metavar = translated(OPTIONS)
    if isinstance(other, click.Group):
        other.subcommand_metavar = translated(SUBCOMMANDS)
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
    if parameter.type.name in NUMBERS:
        other.type = copy.copy(parameter.type)
        other.type.name = gettext(parameter.type.name)
        other.metavar = parameter.metavar or parameter.type.name.upper()
    return other


def _translated(text: str | None) -> str | None:
    return gettext(text) if text else text  # the translation of "" is the head of the catalogue


class CellFormatter(click.HelpFormatter):
    """Wraps by columns of the terminal, of which a Chinese character takes two, and within runs without spaces."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Behind a wide colon is no blank."""
        super().write_usage(prog, args, gettext("Usage:") if prefix is None else prefix)

    def write_heading(self, heading: str) -> None:
        """With a wide colon."""
        self.write(f"{'':>{self.current_indent}}{heading}{translated(COLON)}\n")

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
