"""An archive for people who want to look at the site as it was: WACZ files, which ReplayWeb.page opens in a browser."""

import contextlib
import io
import json
import sys
import tempfile
import traceback
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

from . import warc
from .catalog import Catalog
from .catalog.sources import CATALOG
from .catalog.withdrawn import withdrawn_in, withheld_addresses
from .errors import CannotWrite, CatalogUnusable, DamagedRecord, NothingThere, NotInstalled
from .messages.text import N_
from .pages import identity_key
from .profiles import Profile
from .storage.crawls import Crawl
from .storage.durable import refusals
from .storage.retired import require_captures
from .storage.withdrawals import load
from .terminal import pluralized

_HEAD = {"format": "json-pages-1.0", "id": "pages", "title": "Pages"}


def write_wacz(
    output: Path, profile: Profile, crawls: Sequence[Crawl], to: Path, say: Callable[[str], None] = lambda text: None
) -> int:
    """Writes one WACZ with the WARC files of these crawls and returns its size in bytes.

    Its list of pages has the start page and every article at its newest capture. Captures of withdrawn articles, of their pictures
    and attachments are left out; the rest of their files is copied byte by byte. Raises NotInstalled, CannotWrite,
    NothingThere where the crawls have no WARC file, and ArchiveError for a retired crawl that cannot be reached, or a damaged
    record.
    """
    with tempfile.TemporaryDirectory(prefix="gdfupin-wacz-") as place:
        folder, files = Path(place), []
        withheld = _withheld(output)
        for crawl in crawls:
            require_captures(crawl.path)
            for file in warc.files(crawl.path):
                link = folder / f"{crawl.name}-{file.name}"  # each crawl has files of the same names
                if not (withheld and warc.copy_without(file, link, lambda url: identity_key(url) in withheld)):
                    link.symlink_to(file.resolve())
                files.append(link)
        if not files:
            raise NothingThere(output, 0)
        say(N_("packing {files}", files=pluralized(len(files), "WARC file")))
        pack(files, _pages(output, profile), profile.title, to, folder)
    return to.stat().st_size


class ListedPage(NamedTuple):
    """A page that a reader may begin with."""

    url: str
    title: str
    ts: str
    """UTC."""


def pack(
    files: Sequence[Path],
    pages: Iterable[ListedPage],
    title: str,
    to: Path,
    folder: Path,
    more: Mapping[str, bytes | Path] | None = None,
) -> None:
    """Writes a WACZ with these WARC files, whole or not at all. `folder`: for temporary files. `more`: further files in it, by
    name, or the files that they are copies of. Raises NotInstalled, CannotWrite, DamagedRecord."""
    if to.exists() and not to.is_file():
        raise CannotWrite(to, N_("it is not a file"))
    try:
        make: Any = import_module("wacz.main")  # it has no types
    except ImportError:
        raise NotInstalled("wacz", N_("WACZ files"), "wacz") from None
    listed = folder / "pages.jsonl"
    listed.write_text(
        "".join(f"{json.dumps(page)}\n" for page in (_HEAD, *(each._asdict() for each in pages))), "utf-8"
    )
    for file in files:
        _require_whole(file.resolve())
    draft = to.with_name(f".{to.name}.new")
    arguments = ["create", "--output", str(draft), "--title", title, "--pages", str(listed), "--copy-pages"]
    printed = io.StringIO()
    try:
        with refusals(to), contextlib.redirect_stdout(printed):
            try:
                failed = make.main([*arguments, *map(str, files)])
            except OSError as error:
                _let_go(error)
                raise
            if failed:
                raise CannotWrite(
                    to,
                    N_(
                        "the library wacz ended with {failed}: {strip}",
                        failed=failed,
                        strip=printed.getvalue().strip()[-300:],
                    ),
                )
            with zipfile.ZipFile(draft, "a", zipfile.ZIP_DEFLATED) as packed:
                for name, content in (more or {}).items():
                    if isinstance(content, Path):
                        packed.write(content, name)
                    else:
                        packed.writestr(name, content)
            draft.replace(to)
    finally:
        draft.unlink(missing_ok=True)


def _let_go(error: OSError) -> None:
    """Frees the ZIP file that the library left open: when Python closes it, it prints the same error again as a traceback."""
    hook, sys.unraisablehook = sys.unraisablehook, lambda _: None
    try:
        traceback.clear_frames(error.__traceback__)
    finally:
        sys.unraisablehook = hook


def _withheld(output: Path) -> frozenset[str]:
    """Identity keys of addresses whose captures are left out. Raises CatalogUnusable where something was withdrawn and no catalog
    says which addresses it has."""
    if not load(output):
        return frozenset()
    with Catalog(output / CATALOG) as catalog:
        return withheld_addresses(output, catalog, withdrawn_in(output, catalog))


def _require_whole(file: Path) -> None:
    """Raises DamagedRecord for the first damage of a WARC file. The library wacz passes some over, and of others says only that it
    cannot go on."""

    def report(damage: warc.Damage) -> None:
        raise DamagedRecord(
            file, N_("{reason}; `gdfupin verify --repair` sets it aside", reason=damage.reason), damage.offset
        )

    for _ in warc.read(file, report):
        pass


def _pages(output: Path, profile: Profile) -> Iterator[ListedPage]:
    """What a reader may begin with: the home page, then all articles that the catalog knows."""
    try:
        with Catalog(output / CATALOG) as catalog:
            withdrawn = withdrawn_in(output, catalog)
            articles = [article for article in catalog.articles() if article.id not in withdrawn]
            newest = max((article.last_seen for article in articles), default=None)
            for url in profile.start_urls[:1] if newest is not None else ():
                yield ListedPage(url, profile.title, str(newest))
            for article in articles:
                yield ListedPage(article.url, article.title, article.last_seen)
    except CatalogUnusable:
        return  # the files can be looked at all the same, by their addresses
