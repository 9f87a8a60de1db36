"""What commands import and compile, all of it, once: `tests.fork_server` forks each command from a process that has it."""

import contextlib
import gc
import os
import pkgutil
import tempfile
import warnings
from importlib import import_module
from pathlib import Path

import gdfupin_spider

PACKAGES = (
    "scrapy.core.downloader.handlers",
    "scrapy.downloadermiddlewares",
    "scrapy.extensions",
    "scrapy.spidermiddlewares",
    "gdfupin_spider",
)
"""With all their modules."""
LIBRARIES = (
    "apprise.plugins.custom_json",
    "encodings.gb18030",
    "encodings.gbk",
    "encodings.utf_8_sig",
    "pandas",  # pyarrow asks whether its values are of pandas
    "pyarrow.compute",
    "pyarrow.parquet",
    "rensa",
    "scrapy.cmdline",
    "scrapy.crawler",
    "scrapy.dupefilters",
    "scrapy.pqueues",
    "scrapy.squeues",
    "scrapy.statscollectors",
    "twisted.internet.asyncioreactor",
)
"""Imported by name while a crawl starts, a release is made, or a message is sent."""
NOT = ("gdfupin_spider.__main__",)
ONE_THREAD = {"JE_ARROW_MALLOC_CONF": "background_thread:false", "OPENBLAS_NUM_THREADS": "1"}
"""Variables of libraries that start threads when they are imported: a fork has none of them."""


def load() -> None:
    """Imports all of it."""
    os.environ.update(ONE_THREAD)
    packages = [import_module(package) for package in PACKAGES]
    inside = [found.name for each in packages for found in pkgutil.walk_packages(each.__path__, f"{each.__name__}.")]
    with warnings.catch_warnings(action="ignore"):  # of modules of Scrapy that no crawl uses
        for name in (*LIBRARIES, *inside):
            with contextlib.suppress(ImportError):  # of an extra that is not installed
                if name not in NOT:
                    import_module(name)
    gdfupin_spider.read_article(
        "<h1>标题</h1><p>加入时间:2021-1-13 来源:人民网</p><p>正文。</p>".encode()
    )  # compiles the words of the profile
    archives = import_module("tests.releases.archives")
    assertions = import_module("gdfupin_spider.releases.assertions").ASSERTIONS
    with tempfile.TemporaryDirectory() as folder:
        archives.released(archives.write(Path(folder), archives.crawl(0)), allow=list(assertions))  # compiles templates
    gc.collect()
    gc.freeze()  # what all commands have is looked through by none
