"""The formats of a release. Each has a writer, which takes records in batches and holds no more than one, and where the
format keeps records whole, a reader that gives back equal ones.

The same records give the same bytes: no clock, no file name, no order but that of the records is in them.
"""

from .csv_files import CsvWriter, SpreadsheetWriter, cells, read_csv
from .jsonl import JsonLinesWriter, compact, read_lines
from .parquet import ParquetWriter, read_parquet
from .sqlite import SqliteWriter, read_sqlite

__all__ = [
    "CsvWriter",
    "JsonLinesWriter",
    "ParquetWriter",
    "SpreadsheetWriter",
    "SqliteWriter",
    "cells",
    "compact",
    "read_csv",
    "read_lines",
    "read_parquet",
    "read_sqlite",
]
