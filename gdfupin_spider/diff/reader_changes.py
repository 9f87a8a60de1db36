"""How the articles of an archive would differ if today's reader parsed them again (`gdfupin replay --dry-run`)."""

import contextlib
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from .. import pages, warc
from ..catalog import Catalog
from ..catalog.sources import CATALOG
from ..errors import CatalogUnusable
from ..items import Article, Issue, PageSeen, Proof, Sighting, as_dict
from ..profiles import Profile
from ..replay.replayer import replaying
from ..storage.crawls import Crawl
from ..storage.line_file import lines

Say = Callable[[str], None]
EXAMPLES = 5
"""So many examples are kept of each kind of difference."""


LENGTH = 200
"""Characters of a value that an example shows."""


def would_change(
    output: Path, profile: Profile, crawls: Sequence[Crawl], *, say: Say = lambda text: None
) -> dict[str, Any]:
    """What the articles of these crawls would say otherwise, were they read again. Writes nothing, takes no lock.

    Compared with what stands now: the lines that the catalog was folded from, else the crawl's own.
    """
    folders = _folders(output)
    differences = Differences()
    for number, crawl in enumerate(crawls, 1):
        say(f"{crawl.name} ({number} of {len(crawls)})")
        standing = _CurrentLines(crawl, folders.get(crawl.name, crawl.path), differences)
        replaying(crawl.path, profile, standing)[0].run(list[warc.Damage]())
        standing.end()
    return {"reader": pages.reader(profile), "crawls": len(crawls), **differences.as_dict()}


class Differences:
    """Counts of what differs, with examples, and each article that differs by name."""

    def __init__(self) -> None:
        self.compared = 0
        self.counts: Counter[str] = Counter()
        self.examples: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
        self.articles: list[dict[str, Any]] = []

    def fields(self, crawl: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
        """One article as it stands, and as it would be read."""
        self.compared += 1
        names = [name for name in {**before, **after} if name != "reader" and before.get(name) != after.get(name)]
        for name in names:
            self._count(
                name, {"url": after["url"], "before": _short(before.get(name)), "after": _short(after.get(name))}
            )
        if names:
            self.articles.append({"crawl": crawl, "id": after["id"], "url": after["url"], "fields": names})

    def appears(self, crawl: str, article: Article) -> None:
        self._count("(read now)", {"url": article.url, "before": None, "after": article.title})
        self.articles.append({"crawl": crawl, "id": article.id, "url": article.url, "fields": ["(read now)"]})

    def vanishes(self, crawl: str, line: Mapping[str, Any], outcome: str) -> None:
        self._count("(no longer read)", {"url": line["url"], "before": line["title"], "after": outcome})
        self.articles.append({"crawl": crawl, "id": line["id"], "url": line["url"], "fields": ["(no longer read)"]})

    def as_dict(self) -> dict[str, Any]:
        return {
            "articles": self.compared,
            "changed": len(self.articles),
            "fields": {
                name: {"count": count, "examples": self.examples[name]} for name, count in self.counts.most_common()
            },
            "which": self.articles,
        }

    def _count(self, name: str, example: dict[str, Any]) -> None:
        self.counts[name] += 1
        if len(self.examples[name]) < EXAMPLES:
            self.examples[name].append(example)


class _CurrentLines:
    """The article lines of a crawl that stand now; takes those of a reading (`ledger.Lines`) and compares."""

    def __init__(self, crawl: Crawl, folder: Path, differences: Differences) -> None:
        self._crawl, self._path, self._differences = crawl.name, folder / "articles.jsonl", differences
        self._offsets: dict[tuple[str, int], int] = {}
        self._outcomes: dict[tuple[str, int], str] = {}
        for offset, line in lines(self._path, lambda damage: None):
            with contextlib.suppress(KeyError, TypeError, IndexError):  # no article line: `gdfupin verify` names it
                first = line["captures"][0]
                self._offsets[first["warc"], first["offset"]] = offset

    def article(self, record: Article) -> None:
        offset = self._offsets.pop(_place(record.captures[0]), None)
        if offset is None:
            self._differences.appears(self._crawl, record)
        else:
            self._differences.fields(self._crawl, self._line(offset), as_dict(record))

    def sighting(self, record: Sighting) -> None:
        if _place(record.capture) in self._offsets:
            outcome = f"the same as {record.same_as}" if record.same_as else record.outcome
            self._outcomes[_place(record.capture)] = outcome

    def page(self, record: PageSeen) -> None:
        if _place(record.capture) in self._offsets:
            self._outcomes.setdefault(_place(record.capture), record.kind)

    def issue(self, record: Issue) -> None:
        if record.level == "refusal" and record.capture and _place(record.capture) in self._offsets:
            self._outcomes[_place(record.capture)] = f"{record.what}: {record.evidence}"

    def end(self) -> None:
        """All is read: what was not met would be an article no longer."""
        for place, offset in self._offsets.items():
            outcome = self._outcomes.get(place, "its capture cannot be read")
            self._differences.vanishes(self._crawl, self._line(offset), _short(outcome))

    def _line(self, offset: int) -> dict[str, Any]:
        with self._path.open("rb") as file:
            file.seek(offset)
            line: dict[str, Any] = json.loads(file.readline())
            return line


def report_lines(report: Mapping[str, Any]) -> Iterator[str]:
    """What a person reads of what would change."""
    for name, field in report["fields"].items():
        yield f"{name}: {field['count']} of {report['articles']} articles"
        for example in field["examples"]:
            yield f"    {example['url']}"
            yield f"      {example['before']!r} -> {example['after']!r}"
    changed = f"{report['changed']} articles would change" if report["changed"] else "nothing would change"
    yield f"{changed}: {report['articles']} articles of {report['crawls']} crawls, read by {report['reader']}"


def _folders(output: Path) -> dict[str, Path]:
    """Where the lines of each crawl lie that the catalog was folded from; none where there is no catalog to be read."""
    try:
        with Catalog(output / CATALOG) as catalog:
            return {lines.crawl: output / lines.folder for lines in catalog.folded()}
    except CatalogUnusable:
        return {}


def _place(proof: Proof) -> tuple[str, int]:
    return proof.warc, proof.offset


def _short(value: Any) -> Any:
    """A value as an example shows it."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return value if len(text) <= LENGTH else text[:LENGTH] + "…"
