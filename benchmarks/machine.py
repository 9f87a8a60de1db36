"""What the figures were taken on."""

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import lxml.etree

from gdfupin_spider import __version__

LIBRARIES = ("Scrapy", "Twisted", "lxml", "trafilatura", "pyarrow", "duckdb")


def described() -> str:
    """Machine, versions and date, in one paragraph."""
    answer = [f"{name} {found}" for name in LIBRARIES if (found := _version(name))]
    libxml2 = ".".join(map(str, lxml.etree.LIBXML_VERSION))
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, gdfupin_spider {__version__}, {_processor()}, {os.cpu_count()} cores, "
        f"{platform.system()}, Python {platform.python_version()}, {', '.join(answer)}, libxml2 {libxml2}."
    )


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.machine()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())
