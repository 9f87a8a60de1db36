"""A folder of pages that a person saved: by a browser, wget, HTTrack or Teleport. There is no HTTP evidence for them.

The URL of a page is, best first: what the tool wrote into the page (`saved from url=`, `Mirrored from`), the original address
that another page of the folder has for its file (`tppabs`), the path below a folder with the name of a host, the path below
the folder after `--url-prefix`. The date is what the tool wrote, else that of the file.
"""

import html
import os
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import quote, unquote, urljoin

from .. import data_files
from ..frontier.scope import LONGEST, Scope
from ..messages.text import N_
from ..warc import Exchange
from .files import Tally, readable, require_possible

SUFFIXES = (".htm", ".html", ".shtml", ".asp", ".aspx", ".php", ".jsp", ".xhtml", ".mht", ".mhtml")
_MIME = (".mht", ".mhtml")
_HEAD = 4_096
_SAVED_FROM = re.compile(rb"<!--\s*saved from url=\((\d+)\)(https?://[^\s>]+)", re.IGNORECASE)
_MIRRORED = re.compile(
    rb"<!--\s*Mirrored from ([^\s>]+) by HTTrack[^>]*?(?:,\s*(\w{3}, \d{1,2} \w{3} \d{4} \d\d:\d\d:\d\d GMT))?\s*-->",
    re.IGNORECASE,
)
_TELEPORT = re.compile(
    rb"""<[a-z][^<>]*?\s(?:href|src)\s*=\s*["']?([^"'\s>]+)["']?\s+tppabs\s*=\s*["']?([^"'\s>]+)""", re.IGNORECASE
)
_HOST_FOLDER = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}(?:[:+]\d+)?|\d+\.\d+\.\d+\.\d+", re.IGNORECASE)


def pages_in(folder: Path) -> list[Path]:
    """The saved pages below a folder, by name. Links are not followed."""
    found = (each for each in folder.rglob("*") if each.suffix.lower() in SUFFIXES or _is_query(each.name))
    return sorted(each for each in found if each.is_file() and not each.is_symlink())


def _is_query(name: str) -> bool:
    """Names of wget: `show.asp?id=7`, or `show.asp@id=7` where a file system has no question mark."""
    return bool(re.search(r"\.(?:asp|aspx|php|jsp|html?)[?@]", name, re.IGNORECASE))


def exchanges(
    folder: Path, prefix: str | None, scope: Scope, tally: Tally, say: Callable[[str], None]
) -> Iterator[Exchange]:
    """The saved pages of the site, by name. `prefix`: URL of the folder, for pages that nothing else names."""
    folder = Path(os.path.abspath(folder))
    paths = pages_in(folder)
    originals = _originals(paths, folder)
    for number, path in enumerate(paths, 1):
        if number % 500 == 0:
            say(N_("{number:,} of {paths:,} pages", number=number, paths=len(paths)))
        tally.files += 1
        try:
            payload = data_files.content(path, data_files.PAGE, follow_links=False)
        except OSError as error:
            tally.lost(path, None, error.strerror or str(error))
            continue
        if path.suffix.lower() in _MIME:
            tally.lost(
                path, None, N_("MHT files are not read; save it as an HTML page with a browser, then import that")
            )
            continue
        url, date = _described(payload)
        url = url or originals.get(path) or _below_host(path, folder) or _below(path, folder, prefix)
        if url is None:
            tally.lost(path, None, N_("nothing tells its URL; --url-prefix gives the URL of the folder"))
            continue
        if not scope.page(url):
            tally.left_out(path, None, url)
            continue
        try:
            date = date or datetime.fromtimestamp(path.stat().st_mtime, UTC)
            captured_at = date.isoformat(timespec="seconds").replace("+00:00", "Z")
            require_possible(captured_at)
        except (OSError, OverflowError, ValueError) as error:
            tally.lost(
                path, None, N_("its date cannot be used: {error}; `touch -d` sets the date of a file", error=error)
            )
            continue
        tally.records += 1
        yield Exchange(
            url=url,
            captured_at=captured_at,
            status=200,
            headers=((b"Content-Type", b"text/html"),),
            payload=payload,
            origin="saved",
            source_note=readable(path.relative_to(folder).as_posix()),
        )


def _described(payload: bytes) -> tuple[str | None, datetime | None]:
    """URL and date that the tool wrote into a page; None for what it did not write."""
    head = payload[:_HEAD]
    if found := _SAVED_FROM.search(head):
        # The number in brackets is the length of the address: what follows it may be glued to it.
        return found[2][: int(found[1]) or None].decode("latin-1"), None
    if found := _MIRRORED.search(head) or _MIRRORED.search(payload[-_HEAD:]):
        address = found[1].decode("latin-1")
        return address if "://" in address else f"http://{address}", _date(found[2]) if found[2] else None
    return None, None


def _date(text: bytes) -> datetime | None:
    """None where it is no date: that of the file is then used."""
    try:
        return parsedate_to_datetime(text.decode()).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _originals(paths: list[Path], folder: Path) -> dict[Path, str]:
    """The original address of each file that another page of the folder has in `tppabs`."""
    found: dict[Path, str] = {}
    for path in paths:
        try:
            payload = data_files.content(path, data_files.PAGE, follow_links=False)
        except OSError:
            continue  # it is reported when it is read
        for link, original in _TELEPORT.findall(payload) if b"tppabs" in payload.lower() else ():
            name = html.unescape(unquote(link.decode("latin-1"), "latin-1")).partition("#")[0]
            if not name or "\0" in name or len(name) > LONGEST:
                continue
            target = Path(os.path.normpath(path.parent / name))
            if target.is_relative_to(folder):
                found.setdefault(target, html.unescape(original.decode("latin-1")))
    return found


def _below_host(path: Path, folder: Path) -> str | None:
    """The URL by the path below a folder that has the name of a host: mirrors of wget and HTTrack."""
    parts = path.relative_to(folder.parent).parts
    for at, part in enumerate(parts[:-1]):
        if _HOST_FOLDER.fullmatch(part):
            return f"http://{part.replace('+', ':').lower()}/{_target(parts[at + 1 :])}"
    return None


def _below(path: Path, folder: Path, prefix: str | None) -> str | None:
    if prefix is None:
        return None
    return urljoin(prefix.rstrip("/") + "/", _target(path.relative_to(folder).parts))


def _target(parts: tuple[str, ...]) -> str:
    """Path and query of names of files; an index page is that of its folder."""
    *folders, name = parts
    name = re.sub(r"^index\.html?$", "", re.sub(r"(?<=[?@]).*?\.html?$", _without_suffix, name), flags=re.IGNORECASE)
    name, mark, query = re.sub(r"@", "?", name, count=1).partition("?") if _is_query(name) else (name, "", "")
    path = "/".join(quote(os.fsencode(part), safe="%~!$&'()*+,;=:@") for part in (*folders, name))
    return path + mark + quote(os.fsencode(query), safe="%~!$&'()*+,;=:@/?")


def _without_suffix(found: re.Match[str]) -> str:
    """`id=7.html`, as wget --adjust-extension writes it, is `id=7`."""
    return re.sub(r"\.html?$", "", found[0], flags=re.IGNORECASE)
