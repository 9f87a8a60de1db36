"""The command line `gdfupin`: one file for each command with its options."""

import contextlib
import errno
import io
import os
import sqlite3
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from .. import __version__
from ..errors import CannotWrite, ExitCode, GdfupinError
from ..messages import message_language
from ..messages.recorded import recorded
from ..messages.text import N_, T_, MessageText, reason_of
from ..terminal import plain_json, shown, without_credentials
from .localized_help import LocalizedContext, localized
from .options import ARCHIVE, AS_JSON

COMMANDS = (
    "init",
    "daily",
    "config",
    "crawl",
    "import",
    "fleet",
    "demo",
    "scout",
    "status",
    "ack",
    "accept",
    "diff",
    "release",
    "sample",
    "export",
    "replay",
    "catalog",
    "articles",
    "show",
    "history",
    "cite",
    "evidence",
    "search",
    "trend",
    "serve",
    "site",
    "sources",
    "layouts",
    "review",
    "withdraw",
    "profile",
    "verify",
    "stamp",
    "retire",
    "probe",
    "read",
    "notify",
    "replica",
)
"""Each in the file of its name. Only the one that is typed is imported: Scrapy and lxml take longer than most of them."""
FILES = {"import": "import_files"}
"""Commands whose name cannot be that of a file, because Python has a keyword of that name."""


LOST = (errno.EPIPE, errno.ENOSPC, errno.EIO)
"""Errors of a closed or full stdout. Errors of files of the archive are CannotWrite."""
REFUSED = (errno.EACCES, errno.EPERM, errno.EROFS, errno.EDQUOT, errno.ENOSPC)
"""Errors of a file that the user can mend."""


class Group(click.Group):
    """Imports commands when they are asked for. Ends with the exit code of an error, and one line about it.

    With --json stdout gets one JSON object in any case: `{"error": ..., "exit_code": ...}` where a command fails.
    """

    _as_json = False
    context_class = LocalizedContext

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        self._help_option = None  # Click keeps its text, which it asked for before --lang was read
        click.Group.format_help(localized(self), ctx, formatter)

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        click.Group.format_usage(localized(self), ctx, formatter)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(
            import_module(f".{FILES.get(cmd_name, cmd_name)}", __name__), f"{cmd_name}_command"
        )
        return localized(command)

    def invoke(self, ctx: click.Context) -> Any:
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="replace")  # a terminal in GBK lacks some characters
        typed = [*ctx._protected_args, *ctx.args]
        try:
            try:
                return super().invoke(ctx)
            finally:
                sys.stdout.flush()
        except (click.ClickException, click.exceptions.Exit, click.Abort) as ended:
            if isinstance(ended, click.ClickException):
                self._print_json(ctx, self._in_english(ctx, typed, ended), ended.exit_code)
                vars(ended)["message"] = recorded(ended.message)  # the attribute is final for the type checker
            elif isinstance(ended, click.Abort):
                self._print_json(ctx, "interrupted", ExitCode.GAPS)
            raise
        except KeyboardInterrupt:
            self._print_json(ctx, "interrupted", ExitCode.GAPS)
            raise
        except GdfupinError as error:
            self._end(ctx, reason_of(error), error.exit_code)
        except OSError as error:
            if error.errno in LOST and error.filename is None:
                ctx.exit(output_lost(error))
            if error.errno in REFUSED and error.filename is not None:
                refused = CannotWrite(str(error.filename), error.strerror or str(error))
                self._end(ctx, reason_of(refused), refused.exit_code)
            self._internal(ctx, error)
        except sqlite3.DatabaseError as error:
            found = _database_problem(error)
            if found is None:
                self._internal(ctx, error)
            else:
                self._end(ctx, *found)
        except Exception as error:  # noqa: BLE001  no traceback reaches a user
            self._internal(ctx, error)

    def main(self, args: Sequence[str] | None = None, *more: Any, **extra: Any) -> Any:
        message_language.use()
        self._as_json = "--json" in (sys.argv[1:] if args is None else args)
        try:
            return super().main(args, *more, **extra)
        except OSError as error:  # of --help and --version
            if error.errno not in LOST:
                raise
            sys.exit(output_lost(error))

    def _end(self, ctx: click.Context, message: str, code: int) -> None:
        from .output import localized_message, runnable  # imports the records of an archive

        archive = ctx.meta.get(ARCHIVE, Path("output"))
        self._print_json(ctx, without_credentials(runnable(str(message), archive)), code)
        click.echo(
            f"gdfupin: {shown(without_credentials(localized_message(message, archive)))}",
            err=True,
        )
        ctx.exit(code)

    def _internal(self, ctx: click.Context, error: Exception) -> None:
        from ..storage.error_report import ErrorReport, command_line, details_of

        report = ErrorReport(ctx.meta.get(ARCHIVE, Path("output")), command_line())
        report.add(details_of(error))
        self._end(ctx, report.sentence(f"{type(error).__name__}: {error}"), ExitCode.INTERNAL)

    def _in_english(self, ctx: click.Context, typed: list[str], ended: click.ClickException) -> str:
        """The message of an error. Click's own was made in the language in use: the same words are read again."""
        with message_language.speaking("en"):
            if not isinstance(ended.message, MessageText):
                try:
                    name, command, arguments = self.resolve_command(ctx, typed)
                    if command is not None:
                        command.make_context(name, arguments, parent=ctx)
                except click.ClickException as again:
                    return again.format_message()
                except click.exceptions.Exit:
                    pass
            return ended.format_message()

    def _print_json(self, ctx: click.Context, message: str, code: int) -> None:
        if self._as_json or ctx.meta.get(AS_JSON):
            click.echo(plain_json({"error": message, "exit_code": int(code)}))


def _database_problem(error: sqlite3.DatabaseError) -> tuple[str, ExitCode] | None:
    """Message and exit code for a problem of the file of a database; None for an error of the program."""
    name = getattr(error, "sqlite_errorname", "") or ""
    if name.startswith(("SQLITE_FULL", "SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_BUSY", "SQLITE_LOCKED")):
        return N_("a database cannot be used: {error} ({name})", error=error, name=name), ExitCode.CANNOT_WRITE
    if name.startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT", "SQLITE_IOERR", "SQLITE_FORMAT")):
        what = N_(
            "a database is damaged: {error} ({name}). `gdfupin catalog --rebuild` folds the catalog again",
            error=error,
            name=name,
        )
        return what, ExitCode.NEEDS_REPAIR
    return None


def output_lost(error: OSError) -> int:
    """Prints that stdout cannot be written. Returns the exit code."""
    with contextlib.suppress(OSError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())  # Python writes what is left when it ends
        os.close(nowhere)
    with contextlib.suppress(OSError):
        text = T_(
            "stdout cannot be written, so the output is incomplete: {reason}", reason=recorded(error.strerror or "")
        )
        click.echo(f"gdfupin: {text}", err=True)
    return ExitCode.OUTPUT_LOST


EXIT_CODES = ", ".join(f"{code.value} {code.meaning}" for code in ExitCode)


@click.group(
    cls=Group,
    epilog=f"Exit codes: {EXIT_CODES}.",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100, "auto_envvar_prefix": "GDFUPIN"},
)
@click.version_option(__version__, prog_name="gdfupin")
@click.option(
    "--lang",
    type=click.Choice(message_language.LANGUAGES),
    envvar=message_language.ASKED,
    is_eager=True,
    expose_value=False,
    callback=lambda _context, _option, value: message_language.use(value),
    help="Language of messages. Default: that of the system (LANG).",
)
def main() -> None:
    """The archive of 广东扶贫网: every article it published, with proof.

    \b
    gdfupin init                      set up an archive that looks after itself
    gdfupin demo                      crawl a small copy of the site, on this machine
    gdfupin crawl                     crawl the live site into output/
    gdfupin crawl URL                 crawl another site of its kind
    gdfupin import PATH               take captures of other programs: WARC, WACZ, saved pages
    gdfupin daily                     all that an archive needs once a day, from a timer
    gdfupin scout                     where the site can still be had: live, in web archives
    gdfupin status                    how much of the site is archived, what is missing and why
    gdfupin ack URL --reason TEXT     acknowledge a gap or an alarm
    gdfupin diff --since 7d           what changed
    gdfupin articles                  print all articles
    gdfupin show ID|URL               print one article, with --proof
    gdfupin history ID|URL            all its versions, and what proves them
    gdfupin search WORD...            full-text search
    gdfupin trend WORD...             how often words occur, by month or year
    gdfupin sources                   sources as printed, and their canonical names
    gdfupin release                   make a dataset
    gdfupin sample --n 300            a sample of it, with sheets for coders
    gdfupin fleet FOLDER              many sites, a profile and an archive each
    gdfupin probe URL-or-file         show how a page is read
    gdfupin read FILE...              read saved pages, without an archive
    """
