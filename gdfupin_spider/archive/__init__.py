"""WARC in and out: exchanges are kept by WarcWriter, and come back as captures by `read` and `read_at`.

The only package that knows the WARC library. Everything that is wrong with a file is a `Damage` (what, where), so that
one torn record never hides the rest.
"""

from gdfupin_spider.archive.checking import check
from gdfupin_spider.archive.exchange import Exchange, Purpose, Truncation
from gdfupin_spider.archive.frames import Damage, Report
from gdfupin_spider.archive.reader import files, read, read_at
from gdfupin_spider.archive.writer import REVISIT_FROM, WarcWriter

__all__ = [
    "REVISIT_FROM",
    "Damage",
    "Exchange",
    "Purpose",
    "Report",
    "Truncation",
    "WarcWriter",
    "check",
    "files",
    "read",
    "read_at",
]
