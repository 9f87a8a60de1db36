"""The archive of 广东扶贫网: bytes first, then articles read from them, every field traceable to a capture.

The Python API (docs/python.md) is what `__all__` names. It is loaded when it is first used, and never loads Scrapy.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .archive import Archive, compare, open_archive
    from .errors import GdfupinError
    from .pages import Page, read_article, read_page

__version__ = "0.2.0"

__all__ = ["Archive", "GdfupinError", "Page", "__version__", "compare", "open_archive", "read_article", "read_page"]

_MODULES = {
    "Archive": "archive",
    "GdfupinError": "errors",
    "Page": "pages",
    "compare": "archive",
    "open_archive": "archive",
    "read_article": "pages",
    "read_page": "pages",
}


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value: object = getattr(import_module(f".{_MODULES[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
