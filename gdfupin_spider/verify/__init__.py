"""Proving an archive, and repairing it: records, digests, lines, readings, the catalog.

What is proven: every WARC record parses and its digests hold; every line is what its kind must be, its captures are
there, and reading them again gives the line; readings are whole; the catalog is what its lines fold to. docs/safety.md
says what that cannot prove.
"""

from .findings import Finding
from .messages import as_dict, told
from .output import Verified, verify
from .repair import repair

__all__ = ["Finding", "Verified", "as_dict", "repair", "told", "verify"]
