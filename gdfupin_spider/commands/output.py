"""Output of the commands: progress, next steps, results."""

import contextlib
import os
import re
import shlex
import shutil
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console, RenderableType
from rich.pager import Pager

from ..errors import SiteForeign, SiteUnreachable
from ..messages.recorded import recorded
from ..messages.text import N_, T_
from ..storage.archive_info import info_of
from ..storage.crawls import Crawl
from ..storage.durable import write_target
from ..storage.lookup import remarks, resolve
from ..terminal import at, console, plain_json, shown

if TYPE_CHECKING:
    from .process import Crawled  # imports Scrapy, which other commands do not need


def say(text: str) -> None:
    """Prints a line of progress to stderr."""
    click.echo(f"gdfupin: {shown(recorded(text))}", err=True)


def profile_option(output: Path, profile: str | None) -> str:
    """The option for the profile that the user gave, with a leading space, while the archive does not know it by itself."""
    if profile is None or info_of(output) is not None:
        return ""
    return f" --profile {shlex.quote(profile)}"


_COMMAND = re.compile(r"`gdfupin (?P<verb>[a-z]+)(?P<rest>[^`]*)`")
_OF_ARCHIVE = (
    "accept",
    "ack",
    "articles",
    "catalog",
    "cite",
    "config",
    "crawl",
    "daily",
    "diff",
    "evidence",
    "export",
    "history",
    "import",
    "layouts",
    "notify",
    "probe",
    "profile",
    "release",
    "replay",
    "retire",
    "review",
    "sample",
    "scout",
    "search",
    "serve",
    "show",
    "site",
    "sources",
    "stamp",
    "status",
    "trend",
    "verify",
    "withdraw",
)
"""Commands with --output, but for the demo."""


def runnable(text: str, output: Path) -> str:
    """A text whose commands run as printed: with --output, where the archive is not the default one."""

    def command(match: re.Match[str]) -> str:
        verb, rest = match["verb"], match["rest"]
        archive = at(output) if verb in _OF_ARCHIVE and "--output" not in rest else ""
        return f"`gdfupin {verb}{rest}{archive}`"

    return _COMMAND.sub(command, text)


def localized_message(text: str, output: Path) -> str:
    """A message in the language in use, with commands that run as printed."""
    return runnable(recorded(text), output)


def resolved(output: Path, asked: str) -> Crawl:
    """The crawl that the user named. Remarks about it go to stderr."""
    crawl = resolve(output, asked)
    for remark in remarks(output, asked, crawl):
        say(remark)
    return crawl


def typed(verb: str) -> str:
    """A command as the user can type it: in a virtual environment that is not active `gdfupin` needs its path."""
    if shutil.which("gdfupin"):
        return verb
    typed = "python -m gdfupin_spider" if sys.argv[0].endswith(".py") else os.path.relpath(sys.argv[0])
    return verb.replace("gdfupin", typed, 1)


def show(seen: RenderableType, data: dict[str, object] | None) -> None:
    """Prints `seen`, or `data` as JSON where it is not None."""
    if data is None:
        with paged() as screen:
            screen.print(seen)
    else:
        click.echo(plain_json(data))


@contextlib.contextmanager
def paged() -> Iterator[Console]:
    """A console whose output goes through the pager of the user ($PAGER, else less) where it does not fit the terminal."""
    screen = console()
    if not (screen.is_terminal and sys.stdin.isatty()):
        yield screen
        return
    with screen.pager(_TerminalPager(), styles=True):
        yield screen


class _TerminalPager(Pager):
    """Prints directly what fits the terminal."""

    def show(self, content: str) -> None:
        if content.count("\n") < shutil.get_terminal_size().lines:
            click.echo(content, nl=False)
            return
        os.environ.setdefault("LESS", "-FRX")  # as git does: colours, and the text stays on the screen
        click.echo_via_pager(content, color=True)


def print_lines(lines: Iterable[str]) -> None:
    """Prints lines of a result, through the pager where they do not fit the terminal."""
    with paged() as screen:
        for line in lines:
            screen.print(shown(recorded(line)), soft_wrap=True)


def write(file: Path, text: str) -> None:
    """Writes the result of a command where the user wants it: files atomically, and into a FIFO, a device or a link.

    Raises CannotWrite.
    """
    write_target(file, text)
    click.echo(T_("written: {file}", file=file), err=True)


def end(crawled: "Crawled", output: Path, as_json: bool, verbs: list[tuple[str, str]], *, quiet: bool = False) -> None:
    """Prints how a crawl ended, and exits with its code. `verbs`: commands to type next, and what they show."""
    if as_json:
        click.echo(plain_json(crawled.encode()))
    elif (
        not quiet
        and crawled.folder is not None
        and crawled.report is not None
        and not isinstance(crawled.error, SiteUnreachable | SiteForeign)
    ):
        from .summary import summary  # imports all of reading

        console().print(summary(crawled.report, crawled.folder, [(typed(verb), what) for verb, what in verbs]))
    elif quiet and crawled.report is not None:
        monitors = crawled.report.after.monitors
        for alarm in monitors.alarms if monitors is not None else ():
            if alarm.acknowledged is None:
                say(N_("alarm {name}: {message}", name=alarm.name, message=localized_message(alarm.message, output)))
    if crawled.error is not None:
        click.echo(f"gdfupin: {shown(localized_message(crawled.reason, output))}", err=True)
    if (
        crawled.report is None and crawled.folder is not None
    ):  # interrupted twice: threads that resolve names may not end
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(crawled.exit_code)
    sys.exit(crawled.exit_code)
