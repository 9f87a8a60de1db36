"""WARC in and out: exchanges are kept by WarcWriter, and come back as captures by `read` and `read_at`.

The only package that knows the WARC library. Everything that is wrong with a file is a `Damage` (what, where), so that
one torn record never hides the rest.

What lies on the disk, for whoever reads it without this package:

- `capture-00000.warc.gz` and following, WARC/1.1, one gzip member a record, `warcinfo` first in each file, then for
  each exchange `response` (or `revisit`) and `request`, which name each other by WARC-Concurrent-To and share one file.
- Digests are `sha256:<hex>`; the payload's is the `payload_sha256` of the lines. `warcio check` and FastWARC verify
  them.
- The body is exact but for chunking; the header block is rebuilt (`messages.py` has the rules, `warcinfo` says so).
- A payload of 1,024 bytes or more that is in the crawl already is a `revisit`: below that, what it must say would be as
  long as what it saves. A body that was cut off is neither a revisit nor referred to. Revisits refer to records of the
  same folder only, so a folder can be moved, and is complete, by itself.
- Fields of our own: `Gdfupin-Purpose` (page, robots, media, part, probe), `Gdfupin-Origin` (unless live),
  `Gdfupin-Refers-To` (file and byte offset of a revisit's payload) and `Gdfupin-Source` (file and record that this one is a
  copy of). `WARC-Source-URI` has the address at which a web archive replayed it. Copies have no request record, as nobody
  asked the site for them; pages that a person saved are `resource` records, as no server answered.
"""

from .arc import read_arc
from .check import check, checked
from .excerpt import copy_without
from .exchange import Exchange, LongBody, Purpose, Truncation, copy_of, unkept
from .frames import Damage, Report
from .messages import address
from .reader import files, read, read_at
from .repair import mend
from .warcinfo import about
from .writer import REVISIT_FROM, WarcWriter

__all__ = [
    "REVISIT_FROM",
    "Damage",
    "Exchange",
    "LongBody",
    "Purpose",
    "Report",
    "Truncation",
    "WarcWriter",
    "about",
    "address",
    "check",
    "checked",
    "copy_of",
    "copy_without",
    "files",
    "mend",
    "read",
    "read_arc",
    "read_at",
    "unkept",
]
