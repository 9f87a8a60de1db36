"""Shows how a page is understood. One page, fetched as any crawl would, but nothing is kept."""

import mimetypes
import time
import urllib.error
import urllib.request
from email.message import Message
from pathlib import Path
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from . import pages
from .archive import Exchange
from .errors import SiteUnreachable
from .items import Capture, Issue, as_dict
from .middlewares.record import unkept
from .pages import Page
from .profiles import Profile
from .settings import DEFAULT_REQUEST_HEADERS, DOWNLOAD_TIMEOUT, GDFUPIN_PAGE_BYTES, USER_AGENT
from .summary import shown

COLOURS = {"title": "bold magenta", "info": "cyan", "breadcrumb": "blue", "body": "green", "row": "yellow"}


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect is an answer, too."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


def fetch(url: str) -> Capture:
    """One GET; the proxy variables are honoured, redirects are not followed. Raises SiteUnreachable."""
    request = urllib.request.Request(url, headers={**DEFAULT_REQUEST_HEADERS, "User-Agent": USER_AGENT})
    opener = urllib.request.build_opener(_NoRedirect)
    try:
        with opener.open(request, timeout=DOWNLOAD_TIMEOUT) as response:
            return _capture(url, response.status, response.headers, response.read(GDFUPIN_PAGE_BYTES))
    except urllib.error.HTTPError as error:
        with error:
            return _capture(url, error.code, error.headers, error.read(GDFUPIN_PAGE_BYTES))
    except (OSError, ValueError) as error:
        raise SiteUnreachable(f"{url} cannot be had: {error}") from None


def from_file(path: Path, url: str | None) -> Capture:
    """A saved page, as if it had just come from `url`."""
    try:
        payload = path.read_bytes()
    except OSError as error:
        raise SiteUnreachable(f"{path} cannot be read: {error.strerror}") from None
    headers = Message()
    headers["Content-Type"] = mimetypes.guess_type(path.name)[0] or "text/html"
    return _capture(url or "http://localhost/", 200, headers, payload)


def _capture(url: str, status: int, headers: Message, payload: bytes) -> Capture:
    pairs = tuple(
        (name.encode("latin-1", "replace"), value.encode("latin-1", "replace")) for name, value in headers.items()
    )
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    return unkept(Exchange(url=url, captured_at=now, status=status, headers=pairs, payload=payload, purpose="probe"))


def understand(capture: Capture, profile: Profile) -> Page:
    """The page; `pages.read` and nothing else."""
    return pages.read(capture, profile)


def as_json(page: Page) -> dict[str, Any]:
    """For machines: kind, encoding, lines with roles, fields, links, issues."""
    reading = pages.article([page]) if page.kind == "article" else None
    issues: tuple[Issue, ...] = reading.issues if reading else page.issues
    return {
        "url": page.capture.url,
        "status": page.capture.status,
        "kind": page.kind,
        "why": page.why,
        "encoding": {
            "name": page.encoding.name,
            "evidence": list(page.encoding.evidence),
            "replaced": page.encoding.replaced,
        },
        "article": as_dict(reading.article) if reading and reading.article else None,
        "section": page.section,
        "page_number": page.page_number,
        "printed_total": page.printed_total,
        "printed_pages": page.printed_pages,
        "first_part": page.first_part,
        "to": page.to,
        "lines": [{"role": line.role, "text": line.text} for line in page.lines],
        "links": [{"role": link.role, "url": link.url, "text": link.text} for link in page.links],
        "rows": [{"url": row.url, "text": row.text, "title": row.title, "date": row.date} for row in page.rows],
        "issues": [as_dict(issue) for issue in issues],
    }


def rendered(page: Page) -> RenderableType:
    """For people."""
    known = as_json(page)
    head = Text()
    head.append(f"{known['kind']}", style="bold")
    head.append(f"  {shown(page.why)}\n")
    head.append(
        f"{shown(page.capture.url)}  status {page.capture.status}, {len(page.capture.payload)} bytes\n", style="dim"
    )
    replaced = f", {page.encoding.replaced} broken" if page.encoding.replaced else ""
    head.append(f"read as {page.encoding.name}{replaced}: {'; '.join(page.encoding.evidence)}\n", style="dim")
    parts: list[RenderableType] = [head, _lines(page)]
    if known["article"]:
        parts.append(_fields(known["article"]))
    parts += [_links(page)] if page.links else []
    parts += [_issues(known["issues"])] if known["issues"] else []
    return Group(*parts)


def _lines(page: Page) -> Table:
    table = Table(title="What it prints", title_justify="left", box=None, show_header=False, padding=(0, 1))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for line in page.lines:
        role = line.role or ""
        table.add_row(role, Text(shown(line.text), style=COLOURS.get(role, "")))
    return table


def _fields(article: dict[str, Any]) -> Table:
    table = Table(title="The article", title_justify="left", box=None, show_header=False, padding=(0, 1))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name in ("title", "date", "source", "author", "section", "breadcrumb", "info_line", "images", "attachments"):
        value = article[name]
        table.add_row(name, Text(shown(value if isinstance(value, str) else str(value)), style="" if value else "dim"))
    table.add_row("body", f"{len(article['body'])} characters, {article['body'].count(chr(10)) + 1} paragraphs")
    return table


def _links(page: Page) -> Table:
    rows = {row.url for row in page.rows}
    table = Table(
        title=f"{len(page.links)} links, {len(rows)} of them rows", title_justify="left", box=None, show_header=False
    )
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    table.add_column(overflow="fold", style="dim")
    for link in page.links:
        role = "row" if link.url in rows else link.role
        table.add_row(role, Text(shown(link.text), style=COLOURS.get(role, "")), Text(shown(link.url)))
    return table


def _issues(issues: list[dict[str, Any]]) -> Table:
    table = Table(title="Issues", title_justify="left", box=None, show_header=False)
    for issue in issues:
        table.add_row(issue["level"], issue["what"], Text(shown(issue["evidence"])))
    return table
