"""Checks and repairs an archive: WARC records and digests, lines, readings, the catalog.

It checks that every WARC record parses and its digests match; that every line is a record of its kind, has its captures,
and is what parsing them again gives; that readings are complete; that the catalog matches its source lines.
docs/safety.md lists what that cannot prove.
"""

from .findings import Finding
from .messages import encode, report_lines
from .output import Verified, verify
from .repair import repair

__all__ = ["Finding", "Verified", "encode", "repair", "report_lines", "verify"]
