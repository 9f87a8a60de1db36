"""The corpus: pages as raw bytes, and what they say, written by hand.

corpus/<profile>/<what-it-shows>/
    page.html        the payload as the server sent it
    capture.json     url, status, headers, captured_at; `parts` where an article goes on in further files
    expected.json    everything that reading must give (see `reading`)
"""

import hashlib
import json
from pathlib import Path
from typing import Any

from gdfupin_spider import pages
from gdfupin_spider.items import Capture, Issue, Proof, as_dict
from gdfupin_spider.pages import Link, Page
from gdfupin_spider.profiles import load

CORPUS = Path(__file__).parent.parent / "corpus"
WARC = "corpus/capture-00000.warc.gz"


def folders(corpus: Path = CORPUS) -> list[Path]:
    """All folders of the corpus, by profile and name."""
    return sorted(path.parent for path in corpus.glob("*/*/capture.json"))


def captures(folder: Path) -> list[Capture]:
    """The captures of a folder, in page order; the offset of each stands for its number."""
    result = json.loads((folder / "capture.json").read_text("utf-8"))
    found = []
    for number, one in enumerate([result, *result.get("parts", ())]):
        payload = (folder / one.get("file", "page.html")).read_bytes()
        headers = tuple((name, value) for name, value in one["headers"])
        proof = Proof(WARC, number, hashlib.sha256(payload).hexdigest())
        found.append(Capture(one["url"], one["captured_at"], one["status"], headers, payload, proof))
    return found


def reading(folder: Path) -> dict[str, Any]:
    """Everything that reading a folder gives, in the form of `expected.json`.

    `why` is a sentence for people and not compared; of issues level and name count, not the evidence. `reader` changes
    with every word of a profile and is compared on its own.
    """
    profile = load(folder.parent.name)
    read = [pages.read(capture, profile) for capture in captures(folder)]
    first = read[0]
    result: dict[str, Any] = {"kind": first.kind}
    match first.kind:
        case "article":
            made = pages.article(read)
            article = as_dict(made.article) if made.article else None
            if article is not None:
                assert article.pop("reader") == pages.reader(profile)
            result |= {"first_part": first.first_part, "next_parts": _next_parts(read), "article": article}
            result["issues"] = _issues(made.issues)
        case "listing":
            result |= {
                "section": first.section,
                "page_number": first.page_number,
                "printed_total": first.printed_total,
                "printed_pages": first.printed_pages,
                "rows": [
                    {"url": row.url, "text": row.text, "title": row.title, "date": row.date} for row in first.rows
                ],
                "next": _next(first),
                "issues": _issues(first.issues),
            }
        case _:
            leads = [{"url": link.url, "role": link.role} for link in first.links if link.role != "link"]
            result |= {"to": first.to, "leads": leads, "issues": _issues(first.issues)}
            if first.kind == "home":
                result["links"] = [link.url for link in first.links if link.role == "link"]
    return result


def _next_parts(read: list[Page]) -> list[str | None]:
    """After each page of an article, the address that would be asked for next."""
    return [pages.next_part(read[: number + 1]) for number in range(len(read))]


def _next(page: Page) -> list[str]:
    """Other pages of a listing as a set: their order is the crawl's affair."""
    return sorted(_request(link) for link in page.links if link.role == "next")


def _request(link: Link) -> str:
    return link.url if link.body is None else f"POST {link.url} {link.body.decode('ascii')}"


def _issues(issues: tuple[Issue, ...]) -> list[str]:
    return [f"{issue.level} {issue.what}" for issue in issues]
