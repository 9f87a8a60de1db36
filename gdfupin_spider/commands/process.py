"""A crawl from the command line: Scrapy's process around the spider, and its result."""

import asyncio
import logging
import signal
import sys
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal, cast

from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings

from .. import config
from ..crawl.ending import end_waiting
from ..crawl.progress import Progress
from ..crawl.session import session_of
from ..errors import CannotWrite, ExitCode, GdfupinError, WrongSetting
from ..messages.text import N_, reason_of
from ..monitoring.alert_delivery import send_alerts
from ..monitoring.channels import Channels
from ..monitoring.notify import after
from ..spiders.gdfupin import GdfupinSpider
from ..storage.error_report import ErrorReport, clean_records, command_line
from ..storage.report import CrawlReport
from ..terminal import without_credentials
from .output import localized_message

LOG_FORMAT = "%(asctime)s %(levelname)s %(message)s"


@dataclass(frozen=True)
class SpiderArguments:
    """Arguments of the spider, as `scrapy crawl -a` gives them."""

    profile: str = "gdfupin"
    """Name of a bundled profile, or path of its file."""
    start_url: str = ""
    """URLs without spaces, separated by spaces; empty: those of the profile."""
    limit: int = 0
    """End after this number of articles; 0: no limit."""
    minutes: float = 0
    max_pages: int = 0
    """End after this time; 0: no limit."""
    media: Literal["yes", "no"] = "yes"
    full: Literal["yes", "no"] = "no"
    private_hosts: Literal["yes", "no"] = "no"
    recheck: str = "due"
    """due, all, none"""
    clock_ok: Literal["yes", "no"] = "no"
    requisites: Literal["yes", "no"] = "no"


@dataclass(frozen=True)
class Crawled:
    """How a crawl ended."""

    exit_code: int
    folder: Path | None
    """The crawl's folder; None where none could be made."""
    report: CrawlReport | None = None
    """None where the crawl wrote none."""
    error: GdfupinError | None = None
    error_report: Path | None = None
    """The file about internal errors; None where there were none."""

    @property
    def reason(self) -> str:
        """The same for people; empty: it ended well."""
        return without_credentials(reason_of(self.error)) if self.error is not None else self.message or ""

    @property
    def message(self) -> str | None:
        """Why it ended, or why the catalog could not be updated."""
        if self.error is not None:
            return without_credentials(str(self.error))
        return self.report.run.message if self.report is not None else None

    def encode(self) -> dict[str, object]:
        """As JSON: the report, the folder, and how it ended."""
        report = self.report.encode() if self.report is not None else {}
        folder = str(self.folder) if self.folder else None
        return {
            **report,
            "folder": folder,
            "exit_code": int(self.exit_code),
            "message": self.message,
            "error": self.message if self.error is not None else None,
            "error_report": str(self.error_report) if self.error_report is not None else None,
        }


def notify(output: Path, crawled: Crawled) -> list[str]:
    """Sends notifications about a crawl that has ended and released the lock. Returns what failed, a sentence each."""
    if crawled.folder is not None and crawled.report is None:
        return []  # interrupted twice: end at once
    try:
        loaded = config.load(output)
        settings, alerts = loaded.notify, loaded.alerts
    except WrongSetting:
        settings, alerts = Channels(), ()  # the crawl reported that; the environment may have recipients
    file, command = output / config.FILE, partial(localized_message, output=output)
    failed = after(settings, file, crawled.exit_code, crawled.report, crawled.folder, crawled.message, command)
    return failed + (send_alerts(settings, alerts, file, command) if crawled.exit_code != ExitCode.RUNNING else [])


def project_settings() -> Settings:
    """The Scrapy settings of this package, whatever the working directory."""
    settings = Settings()
    settings.setmodule("gdfupin_spider.settings", priority="project")
    return settings


@dataclass(frozen=True)
class LogOptions:
    """What a crawl writes to stderr, and to a file beside it."""

    level: Literal["quiet", "normal", "verbose"] = "normal"
    """quiet: warnings and errors; verbose: also each try and pause."""
    file: Path | None = None
    """Log lines are appended here, whatever the level: no less than normal."""


def run(
    output: Path,
    arguments: SpiderArguments,
    *,
    demo: bool = False,
    delay: float,
    concurrency: int,
    logs: LogOptions | None = None,
) -> Crawled:
    """Crawls in this process; possible once, as a reactor cannot be restarted.

    `demo`: the site is the replica, and everything is marked as demo data. Raises CannotWrite for the log file.
    """
    logs = logs or LogOptions()
    on_terminal = sys.stderr.isatty() and logs.level == "normal"
    to_file = _log_file(logs.file) if logs.file is not None else None
    settings = project_settings()
    settings.setdict(
        {
            "GDFUPIN_OUTPUT": str(output),
            "GDFUPIN_DEMO": demo or settings.getbool("GDFUPIN_DEMO"),
            "GDFUPIN_PROGRESS": "none" if logs.level == "quiet" else "terminal" if on_terminal else "plain",
            "GDFUPIN_TELL_ERRORS": False,  # the caller prints it at the end
            "DOWNLOAD_DELAY": delay,
            "CONCURRENT_REQUESTS": concurrency,
            "CONCURRENT_REQUESTS_PER_DOMAIN": concurrency,
            # log lines would break up the progress line
            "LOG_LEVEL": _log_level(settings["LOG_LEVEL"], logs, on_terminal=on_terminal),
            "LOG_FORMAT": LOG_FORMAT,
        },
        priority="cmdline",
    )
    process = AsyncCrawlerProcess(settings)
    logging.getLogger("scrapy").setLevel(logging.WARNING)  # its log lines are about engines and middlewares
    if logs.level == "verbose":
        for name in ("gdfupin_spider", "gdfupin"):
            logging.getLogger(name).setLevel(logging.DEBUG)
        for name in ("asyncio", "twisted", "charset_normalizer"):
            logging.getLogger(name).setLevel(logging.WARNING)
    if to_file is not None:
        to_file.setLevel(logging.DEBUG if logs.level == "verbose" else logging.INFO)
        logging.root.addHandler(to_file)
    internal = ErrorReport(output, command_line())
    clean_records(internal)
    crawler = process.create_crawler(GdfupinSpider)
    process.crawl(crawler, **asdict(arguments))
    Interrupts(process, crawler).listen()
    process.start(install_signal_handlers=False)
    spider = crawler.spider
    if not isinstance(spider, GdfupinSpider):
        raise RuntimeError("the crawl could not start; the reason is in the log above")
    session = spider.session
    if session is None:
        ended = spider.ended or GdfupinError(N_("the crawl ended before it started"))
        return Crawled(ended.exit_code, None, error=ended)
    error = session.error
    report = session.report
    if report is None and error is None and not internal.count:
        error = GdfupinError(
            N_(
                "interrupted twice: {path} has no report. Its captures can be read with `gdfupin replay {path}`.",
                path=session.folder.path,
            )
        )
    exit_code = report.run.exit_code if report is not None else ExitCode.GAPS
    if internal.count and exit_code in (ExitCode.COMPLETE, ExitCode.GAPS, ExitCode.ALARM):
        exit_code = ExitCode.INTERNAL
    return Crawled(exit_code, session.folder.path, report, error, internal.path)


def _log_level(usual: str, logs: LogOptions, *, on_terminal: bool) -> str:
    if logs.level == "verbose":
        return "DEBUG"
    return "WARNING" if on_terminal or logs.level == "quiet" else usual


def _log_file(path: Path) -> logging.Handler:
    try:
        handler = logging.FileHandler(path, encoding="utf-8")
    except OSError as error:
        raise CannotWrite(path, error.strerror or str(error)) from error
    handler.setFormatter(logging.Formatter(LOG_FORMAT, "%Y-%m-%d %H:%M:%S"))
    return handler


SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Interrupts:
    """Ctrl-C and SIGTERM: the first one ends the crawl with a report and prints a message, the second one ends it at once.

    Scrapy's own handlers only log, and the second signal waits for the same requests as the first.
    """

    def __init__(self, process: AsyncCrawlerProcess, crawler: Crawler) -> None:
        self._process, self._crawler = process, crawler
        self._stopping: asyncio.Task[None] | None = None

    def listen(self) -> None:
        """Installs the handlers; they are called as soon as the event loop runs."""
        loop = asyncio.get_event_loop()
        for number in SIGNALS:
            loop.add_signal_handler(number, self._came)

    def _came(self) -> None:
        if self._stopping is not None:
            from twisted.internet import reactor  # imported here: the process has installed its reactor

            loop = asyncio.get_running_loop()
            for number in SIGNALS:
                loop.remove_signal_handler(number)
            cast(Any, reactor).crash()  # does not wait for requests; each line is one write, so none is torn
            return
        if (session := session_of(self._crawler)) is not None:
            end_waiting(self._crawler, session)
        progress = self._crawler.get_extension(Progress)
        if progress is not None:
            progress.ending()
        self._stopping = asyncio.ensure_future(self._process.stop())
