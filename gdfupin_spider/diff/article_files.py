"""Opens files of articles, recognised by their first bytes: JSON Lines (also gzipped), Parquet, SQLite."""

from pathlib import Path

from .. import data_files
from ..errors import NotArticles
from ..messages.text import N_, enumeration
from .jsonlines import JsonLinesArticles
from .sets import ArticleSet

FIRST_CHOICE = ("articles.parquet", "articles.jsonl.gz", "articles.jsonl", "articles.sqlite")
"""The file of a folder that is read, fastest first; all have the same articles."""


def opened(path: Path, name: str | None = None) -> ArticleSet:
    """The articles of a file, or of the folder of a release or a crawl. Raises NotArticles."""
    name = name or str(path)
    if path.is_dir():
        found = next((path / file for file in FIRST_CHOICE if (path / file).is_file()), None)
        if found is None:
            raise NotArticles(path, N_("a folder with none of {first_choice}", first_choice=enumeration(FIRST_CHOICE)))
        if found.suffix == ".parquet" and not _has_pyarrow():
            found = next((path / file for file in FIRST_CHOICE[1:] if (path / file).is_file()), found)
        # A killed crawl can leave an incomplete last line, which is skipped.
        return (
            JsonLinesArticles(found, name, torn=not (path / "report.json").is_file())
            if _is_lines(found)
            else opened(found, name)
        )
    try:
        with data_files.opened(path) as file:
            start = file.read(16)
    except OSError as error:
        raise NotArticles(path, error.strerror or str(error)) from error
    if start.startswith(b"PAR1"):
        from .parquet import ParquetArticles

        return ParquetArticles(path, name)
    if start.startswith(b"SQLite format 3\0"):
        from .sqlite import SqliteArticles

        return SqliteArticles(path, name)
    if start.startswith(b"\x1f\x8b") or start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") or not start:
        return JsonLinesArticles(path, name)
    if ".csv" in path.suffixes:
        raise NotArticles(path, N_("CSV is for Excel and has long bodies cut; use .parquet, .jsonl.gz or .sqlite"))
    raise NotArticles(path, N_("neither JSON Lines (.jsonl, .jsonl.gz) nor Parquet nor SQLite"))


def _is_lines(path: Path) -> bool:
    return path.name.endswith((".jsonl", ".jsonl.gz"))


def _has_pyarrow() -> bool:
    from importlib.util import find_spec

    return find_spec("pyarrow") is not None
