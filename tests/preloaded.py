"""What commands import and compile, all of it, once: `tests.forked` forks each command from a process that has it.

Not what only tests of a whole release import (pyarrow, duckdb): few commands need them, and they start threads.
"""

import contextlib
import gc
import pkgutil
from importlib import import_module

import gdfupin_spider

LIBRARIES = (
    "apprise",
    "apprise.plugins.custom_json",
    "scrapy.cmdline",
    "scrapy.core.downloader.handlers.http11",
    "scrapy.crawler",
    "scrapy.downloadermiddlewares.cookies",
    "scrapy.downloadermiddlewares.defaultheaders",
    "scrapy.downloadermiddlewares.downloadtimeout",
    "scrapy.downloadermiddlewares.httpcompression",
    "scrapy.downloadermiddlewares.httpproxy",
    "scrapy.downloadermiddlewares.redirect",
    "scrapy.downloadermiddlewares.stats",
    "scrapy.extensions.remote_control",
    "scrapy.extensions.telnet",
    "scrapy.spidermiddlewares.depth",
    "scrapy.spidermiddlewares.httperror",
    "scrapy.spidermiddlewares.referer",
    "scrapy.squeues",
    "twisted.internet.asyncioreactor",
    "encodings.utf_8_sig",
)
"""Imported by name while a crawl starts, or a message is sent."""
NOT = ("gdfupin_spider.__main__", "gdfupin_spider.diff.parquet")


for name in LIBRARIES:
    with contextlib.suppress(ImportError):  # of an extra that is not installed
        import_module(name)
for module in pkgutil.walk_packages(gdfupin_spider.__path__, "gdfupin_spider."):
    with contextlib.suppress(ImportError):  # of an extra that is not installed
        if not module.name.startswith(NOT):
            import_module(module.name)
gdfupin_spider.read_article(
    "<h1>标题</h1><p>加入时间:2021-1-13 来源:人民网</p><p>正文。</p>".encode()
)  # compiles the words of the profile
gc.collect()
gc.freeze()  # what all commands have is looked through by none
