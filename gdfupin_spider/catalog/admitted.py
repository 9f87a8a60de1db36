"""Pages that a reader does not take for articles, and a person does: `output/reviewed/articles.jsonl`.

The file is made from the decisions and the WARC files before each fold, and can be deleted at any time. To the catalog it is a
crawl of its own, named `reviewed`, whose captures are those of the real crawls. A page that the current reader reads as an article
by itself is not in it.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from .. import deadline, pages, warc
from ..errors import ArchiveError
from ..items import Article, Capture, as_line
from ..profiles import Profile
from ..storage.durable import write_whole
from ..storage.reviews import PAGE, Review
from .decisions import Decisions

NAME = "reviewed"
"""Name of the folder, and of its crawl in the catalog."""


def admitted_lines(output: Path, profile: Profile, decisions: Decisions, folders: Sequence[Path]) -> str:
    """The content of the file. `folders`: the lines of all crawls by the current reader."""
    admitted = [fields for fields in decisions.admitted if fields[PAGE].payload_sha256]
    read = _read_anyway(folders, {fields[PAGE].capture.payload_sha256 for fields in admitted})
    found: list[Article] = []
    for fields in admitted:
        if fields[PAGE].capture.payload_sha256 not in read:
            try:
                capture = warc.read_at(output / "crawls" / fields[PAGE].capture.warc, fields[PAGE].capture.offset)
            except ArchiveError:
                continue  # `gdfupin verify` reports it
            if (article := article_of(capture, profile, fields)) is not None:
                found.append(article)
    found.sort(key=lambda article: (article.captured_at, article.captures[0].warc, article.captures[0].offset))
    return "".join(f"{as_line(article)}\n" for article in found)


def write_admitted(output: Path, content: str) -> None:
    """Writes the file where it differs; an empty one only replaces another. Raises CannotWrite."""
    path = output / NAME / "articles.jsonl"
    current = path.read_bytes() if path.exists() else b""
    if current != content.encode("utf-8", "backslashreplace"):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, content)


def article_of(capture: Capture, profile: Profile, fields: Mapping[str, Review] = {}) -> Article | None:
    """The record of a page as an article, with decided values; None where title or body is missing."""
    page = deadline.read(capture, profile)
    read = pages.article((page,)).article
    if read is None:
        structure = page.structure
        title = fields["title"].value if "title" in fields else structure.title if structure else None
        if not title or "body" not in fields:
            return None
        read = Article(
            id=pages.article_id(profile.name, capture.url),
            url=capture.url,
            title=title,
            date=structure.date.day if structure and structure.date else None,
            source=structure.source if structure else None,
            author=structure.author if structure else None,
            section=structure.section if structure else None,
            breadcrumb=structure.breadcrumb.steps if structure and structure.breadcrumb else (),
            info_line=structure.byline.text if structure and structure.byline else None,
            body="",
            images=(),
            attachments=(),
            content_sha256="",
            captured_at=capture.captured_at,
            origin=capture.origin,
            captures=(capture.proof,),
            encoding=page.encoding.name or "utf-8",
            reader=pages.reader(profile),
        )
    read = replace(
        read,
        title=_value(fields, "title", read.title) or read.title,
        date=_value(fields, "date", read.date),
        source=_value(fields, "source", read.source),
        author=_value(fields, "author", read.author),
        section=_value(fields, "section", read.section),
        body=_value(fields, "body", read.body) or "",
    )
    return replace(read, content_sha256=read.digest())


def _value(fields: Mapping[str, Review], name: str, read: str | None) -> str | None:
    return fields[name].value if name in fields else read


def _read_anyway(folders: Iterable[Path], payloads: set[str]) -> set[str]:
    """Those of the payloads that an article line of these folders was read from."""
    found: set[str] = set()
    for line in _lines_with(folders, payloads) if payloads else ():
        found |= {capture["payload_sha256"] for capture in line.get("captures", ())} & payloads
    return found


def _lines_with(folders: Iterable[Path], payloads: set[str]) -> Iterator[dict[str, list[dict[str, str]]]]:
    wanted = [payload.encode() for payload in payloads]
    for folder in folders:
        path = folder / "articles.jsonl"
        if not path.exists():
            continue
        with path.open("rb", buffering=1 << 20) as file:
            for line in file:
                if line.endswith(b"\n") and any(payload in line for payload in wanted):
                    try:
                        yield json.loads(line)
                    except ValueError:
                        continue
