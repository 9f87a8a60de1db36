"""The command line `gdfupin`: one file for each command with its options."""

import io
import sys
from pathlib import Path
from typing import Any

import click

from .. import __version__
from ..errors import GdfupinError
from ..terminal import shown
from . import catalog, crawl, demo, diff, notify, probe, read, release, replay, replica, status, verify
from .options import ARCHIVE
from .output import runnable


class Group(click.Group):
    """Prints an error of ours on one line and ends with its exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="replace")  # a terminal in GBK lacks some characters
        try:
            return super().invoke(ctx)
        except GdfupinError as error:
            output = ctx.meta.get(ARCHIVE, Path("output"))
            click.echo(f"gdfupin: {shown(runnable(str(error), output))}", err=True)
            ctx.exit(error.exit_code)


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="gdfupin")
def main() -> None:
    """The archive of 广东扶贫网: every article it published, with proof.

    \b
    gdfupin demo                      crawl a small copy of the site, on this machine
    gdfupin crawl                     crawl the live site into output/
    gdfupin status                    how much of the site is archived, what is missing and why
    gdfupin diff --since 7d           what changed
    gdfupin release                   make a dataset
    gdfupin probe URL-or-file         show how a page is read
    gdfupin read FILE...              read saved pages, without an archive

    Exit codes: 0 complete, 1 finished with gaps or alarms, 2 wrong usage, 3 site unreachable, 4 site foreign or blocked,
    5 another crawl runs, 6 cannot write.
    """


for command in (
    crawl.crawl_command,
    demo.demo_command,
    status.status_command,
    diff.diff_command,
    release.release_command,
    replay.replay_command,
    catalog.catalog_command,
    verify.verify_command,
    probe.probe_command,
    read.read_command,
    notify.notify_command,
    replica.replica_command,
):
    main.add_command(command)
