"""Differences of articles if the current reader parsed an archive again (`gdfupin replay --dry-run`)."""

import contextlib
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from .. import pages, warc
from ..catalog import Catalog
from ..catalog.sources import CATALOG
from ..errors import CatalogUnusable
from ..items import Article, Issue, PageSeen, Proof, Sighting, as_dict
from ..messages.text import N_
from ..profiles import Profile
from ..replay.replayer import replaying
from ..storage.crawls import Crawl
from ..storage.json_rows import ArticleRow
from ..storage.line_file import lines
from ..terminal import pluralized

Say = Callable[[str], None]
EXAMPLES = 5
"""Examples kept of each kind of difference."""


LENGTH = 200
"""Characters of a value in an example."""


@dataclass(frozen=True, slots=True)
class FieldExample:
    """A field of one article before and after, shortened. The values are those of JSON."""

    url: str
    before: object
    after: object


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """How often one field differs."""

    count: int
    examples: tuple[FieldExample, ...]


@dataclass(frozen=True, slots=True)
class DifferingArticle:
    """An article that would be read differently."""

    crawl: str
    id: str
    url: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReaderChanges:
    """Differences between the current article lines of some crawls and those of another reading."""

    reader: str
    """The other reader."""
    crawls: int
    articles: int
    """Articles in both."""
    changed: int
    fields: Mapping[str, FieldDifference]
    """By field, most frequent first; `(read now)` and `(no longer read)` count whole articles."""
    which: tuple[DifferingArticle, ...]

    def encode(self) -> dict[str, object]:
        """For JSON."""
        return {**as_dict(self), "fields": {name: as_dict(field) for name, field in self.fields.items()}}


def would_change(
    output: Path, profile: Profile, crawls: Sequence[Crawl], *, say: Say = lambda text: None
) -> ReaderChanges:
    """Parses these crawls again and compares their articles. Writes nothing, takes no lock.

    Compared with the lines that the catalog was folded from, else with the crawl's own.
    """
    folders = _folders(output)
    differences = _Differences()
    for number, crawl in enumerate(crawls, 1):
        say(N_("{name} ({number} of {crawls})", name=crawl.name, number=number, crawls=len(crawls)))
        current = _CurrentLines(crawl, folders.get(crawl.name, crawl.path), differences)
        replaying(crawl.path, profile, current)[0].run(list[warc.Damage]())
        current.end()
    return differences.result(pages.reader(profile), len(crawls))


class _Differences:
    """Counts of differences by field, with examples, and all articles that differ."""

    def __init__(self) -> None:
        self._compared = 0
        self._counts: Counter[str] = Counter()
        self._examples: defaultdict[str, list[FieldExample]] = defaultdict(list)
        self._articles: list[DifferingArticle] = []

    def fields(self, crawl: str, before: Mapping[str, object], article: Article) -> None:
        """Compares the current line of an article with a new one."""
        self._compared += 1
        after = as_dict(article)
        names = [name for name in {**before, **after} if name != "reader" and before.get(name) != after.get(name)]
        for name in names:
            self._count(name, FieldExample(article.url, _short(before.get(name)), _short(after.get(name))))
        if names:
            self._articles.append(DifferingArticle(crawl, article.id, article.url, tuple(names)))

    def appears(self, crawl: str, article: Article) -> None:
        self._count(N_("(read now)"), FieldExample(article.url, None, article.title))
        self._articles.append(DifferingArticle(crawl, article.id, article.url, (N_("(read now)"),)))

    def vanishes(self, crawl: str, line: ArticleRow, outcome: object) -> None:
        self._count(N_("(no longer read)"), FieldExample(line["url"], line["title"], outcome))
        self._articles.append(DifferingArticle(crawl, line["id"], line["url"], (N_("(no longer read)"),)))

    def result(self, reader: str, crawls: int) -> ReaderChanges:
        fields = {
            name: FieldDifference(count, tuple(self._examples[name])) for name, count in self._counts.most_common()
        }
        return ReaderChanges(reader, crawls, self._compared, len(self._articles), fields, tuple(self._articles))

    def _count(self, name: str, example: FieldExample) -> None:
        self._counts[name] += 1
        if len(self._examples[name]) < EXAMPLES:
            self._examples[name].append(example)


class _CurrentLines:
    """The current article lines of a crawl. Takes the lines of a new reading (`ledger.LineSink`) and compares."""

    def __init__(self, crawl: Crawl, folder: Path, differences: _Differences) -> None:
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
            self._differences.fields(self._crawl, self._line(offset), record)

    def sighting(self, record: Sighting) -> None:
        if _place(record.capture) in self._offsets:
            outcome = N_("the same as {same_as}", same_as=record.same_as) if record.same_as else record.outcome
            self._outcomes[_place(record.capture)] = outcome

    def page(self, record: PageSeen) -> None:
        if _place(record.capture) in self._offsets:
            self._outcomes.setdefault(_place(record.capture), record.kind)

    def issue(self, record: Issue) -> None:
        if record.level == "refusal" and record.capture and _place(record.capture) in self._offsets:
            self._outcomes[_place(record.capture)] = f"{record.what}: {record.evidence}"

    def end(self) -> None:
        """After the reading: lines that were not met would no longer be articles."""
        for place, offset in self._offsets.items():
            outcome = self._outcomes.get(place, N_("its capture cannot be read"))
            self._differences.vanishes(self._crawl, self._line(offset), _short(outcome))

    def _line(self, offset: int) -> ArticleRow:
        with self._path.open("rb") as file:
            file.seek(offset)
            return cast(ArticleRow, json.loads(file.readline()))


def report_lines(report: ReaderChanges) -> Iterator[str]:
    """The report for people."""
    for name, field in report.fields.items():
        yield N_(
            "{name}: {count} of {articles}",
            name=name,
            count=field.count,
            articles=pluralized(report.articles, "article"),
        )
        for example in field.examples:
            yield f"    {example.url}"
            yield f"      {example.before!r} -> {example.after!r}"
    changed = (
        N_("{articles} would change", articles=pluralized(report.changed, "article"))
        if report.changed
        else N_("nothing would change")
    )
    yield N_(
        "{changed}: {articles} of {crawls}, read by {reader}",
        changed=changed,
        articles=pluralized(report.articles, "article"),
        crawls=pluralized(report.crawls, "crawl"),
        reader=report.reader,
    )


def _folders(output: Path) -> dict[str, Path]:
    """By crawl: the folder of lines that the catalog was folded from; empty if there is no usable catalog."""
    try:
        with Catalog(output / CATALOG) as catalog:
            return {lines.crawl: output / lines.folder for lines in catalog.folded()}
    except CatalogUnusable:
        return {}


def _place(proof: Proof) -> tuple[str, int]:
    return proof.warc, proof.offset


def _short(value: object) -> object:
    """A value, shortened for an example."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return value if len(text) <= LENGTH else text[:LENGTH] + "…"
