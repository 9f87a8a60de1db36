"""Internal errors: what the program did not foresee is written to a text file that can be sent, never to the terminal.

The file has the version of the program and its libraries, the command line and the tracebacks. URLs in it have no passwords.
"""

import logging
import os
import platform
import shlex
import sys
import tempfile
import traceback
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from .. import __version__, clock
from ..messages.text import N_
from ..terminal import without_credentials

MOST = 20
"""Tracebacks in one file; further ones are only counted."""
LIBRARIES = ("scrapy", "twisted", "lxml", "warcio", "msgspec", "click", "rich")


class ErrorReport:
    """The file about the internal errors of one process. It is created with the first of them."""

    def __init__(self, output: Path, command: Sequence[str]) -> None:
        """`output`: the archive; where it cannot hold the file, the folder for temporary files does."""
        self._output, self._command = output, command
        self._seen: set[str] = set()
        self.count = 0
        """Internal errors until now."""
        self.path: Path | None = None
        """The file; None where there was no error, or it cannot be written."""

    def add(self, details: str) -> None:
        """Adds an error with its traceback. Equal ones are written once."""
        self.count += 1
        if details in self._seen or len(self._seen) >= MOST:
            return
        if not self._seen:
            self.path = self._create()
        self._seen.add(details)
        if self.path is not None:
            self._append(f"\n{clock.stamp()}\n{details.rstrip()}\n")

    def sentence(self, what: str) -> str:
        """What the terminal gets: the error on one line, and where its details are."""
        line = without_credentials(" ".join(what.split()))[:200]
        where = (
            N_("Details are in {path}", path=self.path)
            if self.path is not None
            else N_("Its details could not be written")
        )
        return N_("internal error: {line}. {where}; please report it as a bug, with that file.", line=line, where=where)

    def _create(self) -> Path | None:
        name = f"gdfupin-error-{clock.now():%Y%m%dT%H%M%SZ}-{os.getpid()}.txt"
        for folder in (self._output, Path(tempfile.gettempdir())):
            try:
                path = folder / name
                with path.open("x", encoding="utf-8", errors="backslashreplace") as file:
                    file.write(self._head())
            except OSError:
                continue
            return path
        return None

    def _append(self, text: str) -> None:
        assert self.path is not None
        try:
            with self.path.open("a", encoding="utf-8", errors="backslashreplace") as file:
                file.write(without_credentials(text))
        except OSError:
            self.path = None

    def _head(self) -> str:
        versions = ", ".join(f"{name} {known}" for name in LIBRARIES if (known := _version(name)))
        python = f"Python {platform.python_version()}, {platform.platform()}"
        command = without_credentials(shlex.join(self._command))
        return f"gdfupin_spider {__version__}\n{python}\n{versions}\ncommand: {command}\n"


def details_of(error: BaseException) -> str:
    """The traceback of an error."""
    return "".join(traceback.format_exception(error))


def clean_records(report: ErrorReport) -> None:
    """From now on log records have no passwords in URLs, and no tracebacks: these go to an error report.

    By the factory of records, as Scrapy replaces its handlers when a crawl begins.
    """
    make = logging.getLogRecordFactory()

    def clean(*arguments: Any, **more: Any) -> logging.LogRecord:
        record = make(*arguments, **more)
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            report.add(f"{record.getMessage()}\n{details_of(error)}")
            record.msg, record.args = "%s", (report.sentence(f"{type(error).__name__}: {error}"),)
            record.exc_info = record.exc_text = None
        elif "@" in (text := record.getMessage()):
            record.msg, record.args = "%s", (without_credentials(text),)
        return record

    logging.setLogRecordFactory(clean)


def command_line() -> list[str]:
    """The command that runs."""
    return [Path(sys.argv[0]).name, *sys.argv[1:]]


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
