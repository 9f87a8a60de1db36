"""The log file of the runs, `daily.log` in the archive: it is renamed when it is large. Crawls append their lines to it, too."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from logging.handlers import RotatingFileHandler
from pathlib import Path

from ..errors import CannotWrite
from ..monitoring.daily_settings import DailySettings

LOG = "daily.log"
FORMAT = "%(asctime)s %(levelname)s %(message)s"
"""As of the log file of a crawl."""


@contextmanager
def logged(output: Path, settings: DailySettings) -> Iterator[logging.Logger]:
    """The logger that writes the file. Raises CannotWrite."""
    logger = logging.getLogger("gdfupin_spider.daily")
    path = output / LOG
    try:
        size = int(settings.log_megabytes * 1_000_000)
        handler = RotatingFileHandler(path, maxBytes=size, backupCount=settings.log_files, encoding="utf-8")
    except OSError as error:
        raise CannotWrite(path, error.strerror or str(error)) from error
    handler.setFormatter(logging.Formatter(FORMAT, "%Y-%m-%d %H:%M:%S"))
    logger.setLevel(logging.INFO)
    logger.propagate = False
    logger.addHandler(handler)
    try:
        yield logger
    finally:
        logger.removeHandler(handler)
        handler.close()
