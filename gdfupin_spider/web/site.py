"""The reading room as static files: its own pages, rendered by the application, with links between files."""

import asyncio
import html
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from starlette.types import ASGIApp, Message

from ..errors import ArchiveError
from ..messages.text import N_
from ..releases.search_index import index_of
from ..search.index_files import write_files
from ..storage.durable import refusals
from . import pages
from .application import application
from .edition import Edition
from .language import LANGUAGES, PHRASES, Language
from .library import Library
from .parameters import SearchQuery
from .search_feeds import FEEDS, search_feed
from .site_addresses import SiteAddresses, SitePlace, article_address, relative
from .site_draft import SiteDraft, site_draft

POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'"
"""As of the reading room; a `<meta>` cannot forbid frames."""
_MENU = tuple(each for each in pages.MENU if each[1] != "/lookup")
"""Without what needs a server."""
_SCRIPT, _IMPORTED = "static/site-pages.js", "static/site-index.js"
_OF_SERVER = ("lookup.js", "search.js")
"""Scripts that ask a server."""
_EVERY = 5.0
"""Seconds between two lines of progress."""
_SCRIPT_PHRASES = (
    "archived", "articles", "edits", "error", "found-nothing", "gone", "hits", "hits-versions", "live", "more", "narrow", "newest-first", "next", "no-date",
    "not-held", "only-edited", "period", "previous", "relevance", "remove", "said-then", "search", "section", "share", "since", "sources", "status",
    "suspected", "table", "trend-gaps", "trend-points", "until", "version-of", "versions-too", "years",
)  # fmt: skip
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class WrittenSite:
    """A site that was written."""

    folder: Path
    release: str
    pages: int
    files: int
    written: int
    """Files that are new or changed."""
    bytes: int


def write_site(
    output: Path, asked: str, folder: Path, cache: Path, base_url: str = "", say: Say = lambda text: None
) -> WrittenSite:
    """Writes the site of a release. The old folder stays as it is until the new one is whole.

    `base_url`: the address that the site will have, for the links that must be absolute. Raises NoSuchRelease, HoldsWithdrawn, ArchiveError,
    CannotWrite.
    """
    folder = folder.absolute()
    with refusals(folder), site_draft(folder) as draft:
        found = Library(output, asked, cache, say).edition  # refuses a release that has a withdrawn article
        library = Library(
            found.folder, str(found.folder), cache, say
        )  # the release alone: captures are not part of a site
        edition = library.edition
        newest = {
            str(row["id"]): int(str(row["version"]))
            for row in edition.rows("SELECT id, version FROM articles ORDER BY id")
        }
        site = _Site(application(library, ("site",), _MENU), SiteAddresses(newest), draft, base_url.rstrip("/"), say)
        asyncio.run(site.write_pages([*(place for _, place in _MENU), *map(article_address, newest)]))
        for id_, article in sorted(edition.aliases.items()):
            site.write_alias(id_, article)
        here = Path(__file__).parent / "static"
        for path in sorted(each for each in here.iterdir() if each.name not in _OF_SERVER):
            draft.put(f"static/{path.name}", path.read_bytes())
        write_files(index_of(found.folder, cache, say), lambda name, content: draft.put(f"search/{name}", content), say)
        for file in edition.manifest.files:
            draft.copy(f"files/{file.name}", found.folder / file.name)
        draft.put_json("search/phrases.json", {language: _phrases(language) for language in LANGUAGES})
        if base_url:
            site.write_feeds(edition)
            draft.put("sitemap.xml", site.sitemap())
        draft.sign(edition.name, edition.manifest.records_sha256)
    return WrittenSite(folder, edition.name, site.pages, draft.files, draft.written, draft.bytes)


class _Site:
    """Follows links from page to page."""

    def __init__(self, app: ASGIApp, addresses: SiteAddresses, draft: SiteDraft, base_url: str, say: Say) -> None:
        self._app, self._addresses, self._draft, self._base_url, self._say = app, addresses, draft, base_url, say
        self._files: dict[str, None] = {}
        self.pages = 0

    async def write_pages(self, first: list[str]) -> None:
        """All pages that these lead to, in both languages."""
        places = [self._addresses.place(address, language) for language in LANGUAGES for address in first]
        waiting = [place for place in reversed(places) if place is not None]
        shown_at = time.monotonic()
        while waiting:
            place = waiting.pop()
            if place.file in self._files or not place.is_page:
                continue
            self._files[place.file] = None
            waiting += await self._write(place)
            if time.monotonic() - shown_at > _EVERY:
                shown_at = time.monotonic()
                self._say(N_("{pages:,} pages written", pages=self.pages))

    async def _write(self, place: SitePlace) -> list[SitePlace]:
        status, body = await _got(self._app, place)
        if status != 200:
            raise ArchiveError(
                Path(place.file), N_("{address} answered {status}", address=place.address, status=status)
            )
        text, found = self._addresses.rewritten(body.decode(), place)
        self._draft.put(place.file, self._with_head(text, place).encode())
        self.pages += 1
        return found

    def _with_head(self, text: str, place: SitePlace) -> str:
        """With the policy before anything that it is about; a page that a script fills has this script alone."""
        charset = '<meta charset="utf-8">'
        added = [
            charset,
            f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
            '<meta name="referrer" content="no-referrer">',
        ]
        if self._base_url:
            for language in LANGUAGES:
                href = html.escape(self._absolute(place.address, language))
                added.append(f'<link rel="alternate" hreflang="{"zh-CN" if language == "zh" else "en"}" href="{href}">')
            if place.address in ("/", "/search"):
                for form, (kind, _) in FEEDS.items():
                    href = relative(place.file, SitePlace(_feed(form, place.language), "", place.language))
                    added.append(f'<link rel="alternate" type="{kind.partition(";")[0]}" href="{href}">')
        if place.address in ("/search", "/trends"):
            text = _without_scripts(text)
            script, imported = (
                relative(place.file, SitePlace(each, "", place.language)) for each in (_SCRIPT, _IMPORTED)
            )
            added.append(
                f'<link rel="modulepreload" href="{imported}">'
            )  # fetched with the script, not when that one is read
            added.append(f'<script type="module" src="{script}"></script>')
        return text.replace(charset, "\n".join(added), 1)

    def write_feeds(self, edition: Edition) -> None:
        """What was captured last, in both languages: as the feed of a search for everything."""
        for language in LANGUAGES:
            absolute = partial(self._absolute, language=language)
            for form, (_, document) in FEEDS.items():
                own = f"{self._base_url}/{_feed(form, language)}"
                feed = search_feed(edition, SearchQuery(), absolute, absolute("/search"), own)
                self._draft.put(_feed(form, language), document(*feed).encode())

    def _absolute(self, address: str, language: Language) -> str:
        """The address of a page of the site; of its folder where it has no such page."""
        place = self._addresses.place(address, language)
        return f"{self._base_url}/{place.file if place is not None else ''}"

    def write_alias(self, id_: str, article: str) -> None:
        """A page that leads from another id of an article to its page, in both languages."""
        for language in LANGUAGES:
            at, to = (self._addresses.place(article_address(each), language) for each in (id_, article))
            if at is None or to is None or at.file in self._files:
                continue
            self._files[at.file] = None
            href = html.escape(relative(at.file, to))
            self._draft.put(
                at.file,
                f'<!DOCTYPE html>\n<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
                f'<meta http-equiv="refresh" content="0; url={href}">\n<title>{html.escape(article)}</title>\n'
                f'<p><a href="{href}">{html.escape(article)}</a></p>\n'.encode(),
            )

    def sitemap(self) -> bytes:
        """https://www.sitemaps.org/protocol.html; of the pages of articles and lists, at most the 50,000 that a file may have."""
        files = [each for each in self._files if each.endswith(".html")][:50_000]
        rows = "".join(f"<url><loc>{html.escape(f'{self._base_url}/{quote(each)}')}</loc></url>\n" for each in files)
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{rows}</urlset>\n'
        ).encode()


def _feed(form: str, language: Language) -> str:
    """The file of a feed."""
    return f"{'en/' if language == 'en' else ''}feed.{form}"


def _without_scripts(text: str) -> str:
    before, found, rest = text.partition("<script")
    while found:
        before += rest.partition("</script>")[2]
        before, found, rest = before.partition("<script")
    return before


async def _got(app: ASGIApp, place: SitePlace) -> tuple[int, bytes]:
    """Status and body of a page, asked as a server would ask the application."""
    parts = urlsplit(place.address)
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http", "path": unquote(parts.path),
        "raw_path": parts.path.encode(), "root_path": "", "query_string": parts.query.encode(), "server": ("site", 80), "client": ("site", 1),
        "headers": [(b"host", b"site"), (b"accept-language", place.language.encode())],
    }  # fmt: skip
    status, body, has_asked = 0, bytearray(), False

    async def receive() -> Message:
        nonlocal has_asked
        if has_asked:
            await asyncio.Event().wait()  # whoever asks stays until it is answered
        has_asked = True
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        nonlocal status
        if message["type"] == "http.response.start":
            status = message["status"]
        else:
            body.extend(message.get("body", b""))

    await app(scope, receive, send)
    return status, bytes(body)


def _phrases(language: Language) -> Mapping[str, str]:
    column = LANGUAGES.index(language)
    return {name: PHRASES[name][column] for name in _SCRIPT_PHRASES}
