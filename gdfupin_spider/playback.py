"""An archive for people who want to look at the site as it was: WACZ files, which ReplayWeb.page opens in a browser."""

import contextlib
import io
import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from . import warc
from .catalog import Catalog
from .catalog.sources import CATALOG
from .errors import CannotWrite, CatalogUnusable, NothingThere, NotInstalled
from .profiles import Profile
from .storage.crawls import Crawl
from .storage.durable import refusals
from .storage.retired import require_captures

_HEAD = {"format": "json-pages-1.0", "id": "pages", "title": "Pages"}


def write_wacz(
    output: Path, profile: Profile, crawls: Sequence[Crawl], to: Path, say: Callable[[str], None] = lambda text: None
) -> int:
    """Writes one WACZ with the WARC files of these crawls and returns its size in bytes.

    Its list of pages has the start page and every article at its newest capture. Raises NotInstalled, CannotWrite,
    NothingThere where the crawls have no WARC file, and ArchiveError for a retired crawl that cannot be reached.
    """
    try:
        make: Any = import_module("wacz.main")  # it has no types
    except ImportError:
        raise NotInstalled("wacz", "WACZ files", "wacz") from None
    with tempfile.TemporaryDirectory(prefix="gdfupin-wacz-") as place:
        folder, files = Path(place), []
        for crawl in crawls:
            require_captures(crawl.path)
            for file in warc.files(crawl.path):
                link = folder / f"{crawl.name}-{file.name}"  # each crawl has files of the same names
                link.symlink_to(file.resolve())
                files.append(link)
        if not files:
            raise NothingThere(output, 0)
        listed = folder / "pages.jsonl"
        listed.write_text("".join(f"{json.dumps(page)}\n" for page in (_HEAD, *_pages(output, profile))), "utf-8")
        draft = to.with_name(f".{to.name}.new")
        say(f"packing {len(files)} WARC files")
        arguments = ["create", "--output", str(draft), "--title", profile.title, "--pages", str(listed), "--copy-pages"]
        printed = io.StringIO()
        with refusals(to), contextlib.redirect_stdout(printed):
            failed = make.main([*arguments, *map(str, files)])
            if failed:
                raise CannotWrite(to, f"the library wacz ended with {failed}: {printed.getvalue().strip()[-300:]}")
            draft.replace(to)
    return to.stat().st_size


def _pages(output: Path, profile: Profile) -> Iterator[dict[str, str]]:
    """What a reader may begin with: the home page, then all articles that the catalog knows."""
    try:
        with Catalog(output / CATALOG) as catalog:
            articles = list(catalog.articles())
            newest = max((article.last_seen for article in articles), default=None)
            for url in profile.start_urls[:1] if newest is not None else ():
                yield {"url": url, "title": profile.title, "ts": str(newest)}
            for article in articles:
                yield {"url": article.url, "title": article.title, "ts": article.last_seen}
    except CatalogUnusable:
        return  # the files can be looked at all the same, by their addresses
