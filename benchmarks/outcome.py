"""Everything that reading gives for a page, as JSON values; one program reads with any version of the package.

`python -P benchmarks/outcome.py UNITS` with the version to measure on PYTHONPATH reads the units of a file, one a line (see
`corpus.Unit`), and prints one line of JSON for each: `id`, and the fields. It uses nothing but `gdfupin_spider`.
"""

import base64
import dataclasses
import hashlib
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from gdfupin_spider import pages
from gdfupin_spider.items import Capture, Issue, Proof
from gdfupin_spider.profiles import Profile, load

WARC = "corpus/capture-00000.warc.gz"


def outcome(captures: Sequence[Capture], profile: Profile) -> dict[str, Any]:
    """What the captures of one page (or of the pages of one article) are read as, in the form of `expected.json`.

    `why` is a sentence for people and is left out; of issues level and name count, not the evidence. `reader` changes
    with every word of a profile and is left out too.
    """
    read = [pages.read(capture, profile) for capture in captures]
    first = read[0]
    result: dict[str, Any] = {"kind": first.kind}
    match first.kind:
        case "article":
            made = pages.article(read)
            article = dataclasses.asdict(made.article) if made.article else None
            if article is not None:
                assert article.pop("reader") == pages.reader(profile)
            parts = [pages.next_part(read[: number + 1]) for number in range(len(read))]
            result |= {"first_part": first.first_part, "next_parts": parts, "article": article}
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
                "next": sorted(_request(link) for link in first.links if link.role == "next"),
                "issues": _issues(first.issues),
            }
        case _:
            leads = [{"url": link.url, "role": link.role} for link in first.links if link.role != "link"]
            result |= {"to": first.to, "leads": leads, "issues": _issues(first.issues)}
            if first.kind == "home":
                result["links"] = [link.url for link in first.links if link.role == "link"]
    return json.loads(json.dumps(result))  # type: ignore[no-any-return]


def _request(link: pages.Link) -> str:
    return link.url if link.body is None else f"POST {link.url} {link.body.decode('ascii')}"


def _issues(issues: Iterable[Issue]) -> list[str]:
    return [f"{issue.level} {issue.what}" for issue in issues]


def captures_of(unit: Mapping[str, Any]) -> list[Capture]:
    """The captures of a unit; the offset of each stands for its number."""
    found = []
    for number, part in enumerate(unit["captures"]):
        payload = base64.b64decode(part["payload"])
        headers = tuple((name, value) for name, value in part["headers"])
        proof = Proof(WARC, number, hashlib.sha256(payload).hexdigest())
        found.append(Capture(part["url"], part["captured_at"], part["status"], headers, payload, proof))
    return found


def fields_of(unit: Mapping[str, Any], profile: Profile) -> dict[str, Any]:
    """The fields of a unit, flat: those of the article beside kind, rows and the like. An error is a field, too."""
    try:
        if unit["alone"]:  # bytes alone, as in benchmarks.reading
            read_article = getattr(pages, "read_article", None) or pages.read_bytes  # type: ignore[attr-defined]
            [capture] = captures_of(unit)
            found = read_article(capture.payload, None, capture.url, profile)
            kind = pages.read(capture, profile).kind
            return {"kind": kind} | {name: value for name, value in found.items() if name not in ("issues", "encoding")}
        result = outcome(captures_of(unit), profile)
    except Exception as error:  # noqa: BLE001 - an error of either version is what is looked for
        return {"error": f"{type(error).__name__}: {error}"}
    article = result.pop("article", None)
    return result | {name: value for name, value in (article or {}).items() if name not in _PROOF}


_PROOF = ("id", "url", "captured_at", "origin", "captures", "content_sha256")
"""Fields of an article that follow from its captures and the other fields."""


def with_layouts(profile: Profile, units: Iterable[Mapping[str, Any]]) -> Profile:
    """The profile with the layouts that this version learns from the units; as it is in versions that learn nothing."""
    try:
        from gdfupin_spider.pages.learning.lessons import Lessons
        from gdfupin_spider.profiles import with_layouts as put
    except ImportError:
        return profile
    lessons = Lessons(profile)
    for unit in units:
        for capture in captures_of(unit):
            lessons.add(capture)
    return put(profile, lessons.layouts())


def main(file: Path) -> None:
    """Print the fields of each unit of a file."""
    units = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    profiles: dict[tuple[str, bool], Profile] = {}
    for unit in units:
        key = unit["profile"], unit["layouts"]
        if key not in profiles:
            named = Path(key[0]) if key[0].endswith(".toml") else key[0]
            known = load(named)
            alike = (other for other in units if (other["profile"], other["layouts"]) == key)
            profiles[key] = with_layouts(known, alike) if unit["layouts"] else known
        print(json.dumps({"id": unit["id"], "fields": fields_of(unit, profiles[key])}, ensure_ascii=False))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
