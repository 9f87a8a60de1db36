"""The command line `gdfupin`: one file for each command with its options."""

import contextlib
import errno
import io
import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from .. import __version__
from ..errors import GdfupinError
from ..terminal import shown
from .options import ARCHIVE

COMMANDS = (
    "crawl",
    "demo",
    "status",
    "accept",
    "diff",
    "release",
    "replay",
    "catalog",
    "articles",
    "layouts",
    "review",
    "profile",
    "verify",
    "probe",
    "read",
    "notify",
    "replica",
)
"""Each in the file of its name. Only the one that is typed is imported: Scrapy and lxml take longer than most of them."""


LOST = (errno.EPIPE, errno.ENOSPC, errno.EIO)
"""Errors of a closed or full stdout. Errors of files of the archive are CannotWrite."""
OUTPUT_LOST = 74
"""EX_IOERR of sysexits.h."""


class Group(click.Group):
    """Imports commands when they are asked for. Prints an error of ours on one line and ends with its exit code."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(f".{cmd_name}", __name__), f"{cmd_name}_command")
        return command

    def invoke(self, ctx: click.Context) -> Any:
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="replace")  # a terminal in GBK lacks some characters
        try:
            try:
                return super().invoke(ctx)
            finally:
                sys.stdout.flush()
        except OSError as error:
            if error.errno not in LOST:
                raise
            ctx.exit(output_lost(error))
        except GdfupinError as error:
            from .output import runnable  # imports the records of an archive

            output = ctx.meta.get(ARCHIVE, Path("output"))
            click.echo(f"gdfupin: {shown(runnable(str(error), output))}", err=True)
            ctx.exit(error.exit_code)

    def main(self, *args: Any, **extra: Any) -> Any:
        try:
            return super().main(*args, **extra)
        except OSError as error:  # of --help and --version
            if error.errno not in LOST:
                raise
            sys.exit(output_lost(error))


def output_lost(error: OSError) -> int:
    """Prints that stdout cannot be written. Returns the exit code."""
    with contextlib.suppress(OSError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())  # Python writes what is left when it ends
        os.close(nowhere)
    with contextlib.suppress(OSError):
        click.echo(f"gdfupin: stdout cannot be written, so the output is incomplete: {error.strerror}", err=True)
    return OUTPUT_LOST


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="gdfupin")
def main() -> None:
    """The archive of 广东扶贫网: every article it published, with proof.

    \b
    gdfupin demo                      crawl a small copy of the site, on this machine
    gdfupin crawl                     crawl the live site into output/
    gdfupin crawl URL                 crawl another site of its kind
    gdfupin status                    how much of the site is archived, what is missing and why
    gdfupin diff --since 7d           what changed
    gdfupin articles                  print all articles
    gdfupin release                   make a dataset
    gdfupin probe URL-or-file         show how a page is read
    gdfupin read FILE...              read saved pages, without an archive

    Exit codes: 0 complete, 1 finished with gaps or alarms, 2 wrong usage, 3 site unreachable, 4 site foreign or blocked,
    5 another crawl runs, 6 cannot write, 74 stdout is closed or full.
    """
