"""A query that can be cited: what was asked of which release, when, and what was found, so that anybody can ask again and compare.

After the recommendations on data citation of the Research Data Alliance (2015): the query is normalised, the data is a release
that never changes, and time, count and digest of the result are kept. What is found follows from the records of the release
alone: no index is asked.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

from .. import clock
from ..errors import WrongArgument
from ..items import WrongShape, as_dict, decode
from ..search import ArticleSelection
from ..search.folding import fold
from ..search.query_text import holds, normalised, parse
from . import contents, manifest
from .formats import read_lines
from .records import ReleasedRow


@dataclass(frozen=True, slots=True)
class CitedQuery:
    """What is cited."""

    title: str
    """Of the data set."""
    release: str
    records_sha256: str
    """Of the release; of another one with the same name it differs."""
    query: str
    """Normalised; see docs/search.md. Empty: all articles."""
    column: Literal["title", "body"] | None
    """Where the words must be; None: in title or body."""
    selection: ArticleSelection
    asked_at: str
    """UTC."""
    articles: int
    """Articles that were found; versions, if those are asked."""
    result_sha256: str
    """Of a line for each of them, sorted: `id content_sha256`."""


def cite_query(
    release: Path, text: str, column: Literal["title", "body"] | None, selection: ArticleSelection
) -> CitedQuery:
    """Asks a release. Raises WrongArgument for a section or source that it does not have, ArchiveError."""
    made = manifest.load(release)
    query = normalised(parse(text))
    found = sorted(_found(release, query, column, selection))
    digest = hashlib.sha256("".join(f"{line}\n" for line in found).encode()).hexdigest()
    return CitedQuery(
        made.title, made.release, made.records_sha256, query, column, selection, clock.stamp(), len(found), digest
    )


def encode(cited: CitedQuery) -> dict[str, object]:
    """For JSON; `load_cited` reads it."""
    return as_dict(cited)


def load_cited(path: Path) -> CitedQuery:
    """Raises WrongArgument."""
    try:
        return decode(CitedQuery, json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, WrongShape) as error:
        raise WrongArgument(str(path), f"is no citation of a query: {error}") from error


def differences(cited: CitedQuery, release: Path) -> list[str]:
    """Asks again. What is not as it was cited, a sentence each. Raises as `cite_query`."""
    made = manifest.load(release)
    if made.records_sha256 != cited.records_sha256:
        return [f"release {made.release} has other records than the release {cited.release} that was cited"]
    again = cite_query(release, cited.query, cited.column, cited.selection)
    found = []
    if again.articles != cited.articles:
        found.append(f"{again.articles:,} are found, {cited.articles:,} were cited")
    if again.result_sha256 != cited.result_sha256:
        found.append("the digest of the result is another one")
    return found


def sentences(cited: CitedQuery) -> Iterator[str]:
    """The citation, for people."""
    yield f"{cited.title}, release {cited.release}. Records sha256:{cited.records_sha256}"
    yield f"Query: {cited.query or 'all articles'}{''.join(f'; {each}' for each in _conditions(cited))}"
    yield f"Asked {cited.asked_at}: {cited.articles:,} {_what(cited)}, result sha256:{cited.result_sha256}"


def _what(cited: CitedQuery) -> str:
    return "versions" if cited.selection.all_versions else "articles"


def _conditions(cited: CitedQuery) -> Iterator[str]:
    asked = cited.selection
    if cited.column is not None:
        yield f"in the {cited.column}"
    for name, values in (("section", asked.sections), ("source", asked.sources), ("status", asked.statuses)):
        if values:
            yield f"{name} {' or '.join(values)}"
    if asked.since_year or asked.until_year:
        yield f"dated {asked.since_year}..{asked.until_year}"


def _found(
    release: Path, query: str, column: Literal["title", "body"] | None, asked: ArticleSelection
) -> Iterator[str]:
    clauses = parse(query)
    sections, sources = (frozenset(map(fold, values)) for values in (asked.sections, asked.sources))
    unknown = {"--section": set(asked.sections), "--source": set(asked.sources)}
    for row in _rows(release, asked):
        of_row = [fold(each) for each in (row["section"], *(row.get("sections") or ())) if each]
        names = [fold(each) for each in (row["source"], row.get("source_name")) if each]
        unknown["--section"] -= {each for each in unknown["--section"] if fold(each) in of_row}
        unknown["--source"] -= {each for each in unknown["--source"] if fold(each) in names}
        if (
            (not sections or not sections.isdisjoint(of_row))
            and (not sources or not sources.isdisjoint(names))
            and (not asked.statuses or row["status"] in asked.statuses)
            and _is_within(row["date"], asked)
            and holds(clauses, _texts(row, column))
        ):
            yield f"{row['id']} {row['content_sha256']}"
    for option, values in unknown.items():
        if values:
            raise WrongArgument(f"{option} {sorted(values)[0]}", "no article of the release has it")


def _texts(row: ReleasedRow, column: Literal["title", "body"] | None) -> list[str]:
    texts = {"title": row["title"], "body": row["body"]}
    return [fold(text) for name, text in texts.items() if column in (None, name)]


def _rows(release: Path, asked: ArticleSelection) -> Iterator[ReleasedRow]:
    """Articles; with all versions, each version with status, sections and source names of its article."""
    articles = (cast(ReleasedRow, json.loads(line)) for line in read_lines(release / contents.LINES))
    if not asked.all_versions:
        yield from articles
        return
    known = {row["id"]: {name: row.get(name) for name in ("status", "sections", "source_name")} for row in articles}
    for line in read_lines(release / contents.OLDER):
        row = json.loads(line)
        yield cast(ReleasedRow, {**row, **known.get(row["id"], {"status": "rejected"})})


def _is_within(date: str | None, asked: ArticleSelection) -> bool:
    if not (asked.since_year or asked.until_year):
        return True
    return date is not None and asked.since_year <= date[:4] <= (asked.until_year or "9999")
