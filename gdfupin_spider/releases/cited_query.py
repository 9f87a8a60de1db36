"""A query that can be cited: what was asked of which release, when, and what was found, so that anybody can ask again and compare.

After the recommendations on data citation of the Research Data Alliance (2015): the query is normalised, the data is a release
that never changes, and time, count and digest of the result are kept. What is found follows from the records of the release
alone: no index is asked.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

from .. import clock
from ..errors import ArchiveError, WrongArgument
from ..items import WrongShape, as_dict, decode
from ..messages.record_words import word
from ..messages.text import N_, OR, SEMICOLON, joined
from ..search import ArticleSelection
from ..search.chinese_scripts import folding
from ..search.index_build import names_of_places
from ..search.known_names import require_known
from ..search.query_text import holds, normalised, parse
from ..storage.publication import UNPUBLISHED, Publication
from ..terminal import pluralized
from . import manifest
from .records import ReleasedRow, VersionRow
from .released_lines import released_articles, released_versions


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
    publication: Publication = UNPUBLISHED
    """Who published the release, and where."""
    any_script: bool = False
    """Whether simplified and traditional characters are the same."""


def cite_query(
    release: Path,
    text: str,
    column: Literal["title", "body"] | None,
    selection: ArticleSelection,
    *,
    any_script: bool = False,
) -> CitedQuery:
    """Asks a release. Raises WrongArgument for a section or source that it does not have, ArchiveError."""
    made = manifest.load(release)
    to_fold = folding(any_script=any_script)
    query = normalised(parse(text, to_fold))
    found = sorted(_found(release, query, column, selection, to_fold))
    digest = hashlib.sha256("".join(f"{line}\n" for line in found).encode()).hexdigest()
    return CitedQuery(
        made.title,
        made.release,
        made.records_sha256,
        query,
        column,
        selection,
        clock.stamp(),
        len(found),
        digest,
        made.publication,
        any_script,
    )


def encode(cited: CitedQuery) -> dict[str, object]:
    """For JSON; `load_cited` reads it."""
    return as_dict(cited)


def load_cited(path: Path) -> CitedQuery:
    """Raises WrongArgument."""
    try:
        return decode(CitedQuery, json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, WrongShape) as error:
        raise WrongArgument(str(path), N_("is no citation of a query: {error}", error=error)) from error


def differences(cited: CitedQuery, release: Path) -> list[str]:
    """Asks again. What is not as it was cited, a sentence each. Raises as `cite_query`."""
    made = manifest.load(release)
    if made.records_sha256 != cited.records_sha256:
        return [
            N_(
                "release {release} has other records than release {other}, which was cited",
                release=made.release,
                other=cited.release,
            )
        ]
    again = cite_query(release, cited.query, cited.column, cited.selection, any_script=cited.any_script)
    found = []
    if again.articles != cited.articles:
        found.append(N_("{found:,} are found, {cited:,} were cited", found=again.articles, cited=cited.articles))
    if again.result_sha256 != cited.result_sha256:
        found.append(N_("the articles that are found, or their content, differ from those cited"))
    return found


def sentences(cited: CitedQuery) -> Iterator[str]:
    """The citation, for people."""
    published = N_("{sentence}. ", sentence=cited.publication.sentence) if cited.publication.sentence else ""
    yield N_(
        "{title}, release {release}. {published}Records sha256:{digest}",
        title=cited.title,
        release=cited.release,
        published=published,
        digest=cited.records_sha256,
    )
    yield N_("Query: {query}", query=joined((cited.query or N_("all articles"), *_conditions(cited)), SEMICOLON))
    is_versions = cited.selection.finds_versions
    yield N_(
        "Asked {asked_at}: {found}, result sha256:{digest}",
        asked_at=cited.asked_at,
        found=pluralized(cited.articles, "version") if is_versions else pluralized(cited.articles, "article"),
        digest=cited.result_sha256,
    )


def _conditions(cited: CitedQuery) -> Iterator[str]:
    asked = cited.selection
    if cited.any_script:
        yield N_("simplified and traditional characters are the same")
    if cited.column is not None:
        yield N_("in the {column}", column=word(cited.column))
    for name, values in (("section", asked.sections), ("source", asked.sources)):
        if values:
            yield N_("{name} {values}", name=word(name), values=joined(values, OR))
    if asked.statuses:
        yield N_("{name} {values}", name=word("status"), values=joined(map(word, asked.statuses), OR))
    if asked.places:
        yield N_("naming {places}", places=joined(asked.places, OR))
    if asked.dated:
        yield N_("dated {dates}", dates=asked.dated)
    if asked.is_edited:
        yield N_("with several versions")
    if asked.no_longer:
        yield N_("older versions that have the words where the newest one does not")


def _found(
    release: Path,
    query: str,
    column: Literal["title", "body"] | None,
    asked: ArticleSelection,
    to_fold: Callable[[str], str],
) -> Iterator[str]:
    clauses = parse(query, to_fold)
    known_sections, known_sources, known_places = set[str](), set[str](), set[str]()
    said_today: set[str] = set()
    """Ids of articles whose newest version has the words."""
    if asked.no_longer:
        said_today = {row["id"] for row in released_articles(release) if holds(clauses, _texts(row, column, to_fold))}
    for row, article in _with_articles(release, asked):
        sections = [each for each in (row["section"], *article.sections) if each]
        sources = [each for each in (row["source"], article.source_name) if each]
        places = names_of_places(row["title"], row["body"], row["date"]) if asked.places else ()
        known_sections.update(sections)
        known_sources.update(sources)
        known_places.update(places)
        if asked.no_longer and (row["version"] == article.version or row["id"] in said_today):
            continue
        if asked.admits(sections, sources, article.status, row["date"], places, article.version) and holds(
            clauses, _texts(row, column, to_fold)
        ):
            yield f"{row['id']} {row['content_sha256']}"
    require_known("section", asked.sections, known_sections)
    require_known("source", asked.sources, known_sources)
    require_known("place", asked.places, known_places)


class _Article(NamedTuple):
    """What versions do not have and their article has."""

    status: str
    version: int
    """The newest one."""
    sections: tuple[str, ...]
    """Empty in releases of format 1, as the next one."""
    source_name: str | None


def _with_articles(release: Path, asked: ArticleSelection) -> Iterator[tuple[ReleasedRow | VersionRow, _Article]]:
    """Each article, or each version, with what its article has."""
    rows = ((row, _article(row)) for row in released_articles(release))
    if not asked.finds_versions:
        yield from rows
        return
    known, names = dict[str, _Article](), dict[str | None, str | None]()
    for row, article in rows:
        known[row["id"]] = article
        names[row["source"]] = article.source_name
    for version in released_versions(release):
        if version["id"] not in known:
            raise ArchiveError(release, N_("it has versions of {id}, and no such article", id=version["id"]))
        # A canonical name belongs to what is printed, and another version may print another source.
        yield version, known[version["id"]]._replace(source_name=names.get(version["source"]))


def _article(row: ReleasedRow) -> _Article:
    return _Article(row["status"], row["version"], tuple(row.get("sections") or ()), row.get("source_name"))


def _texts(
    row: ReleasedRow | VersionRow, column: Literal["title", "body"] | None, to_fold: Callable[[str], str]
) -> list[str]:
    texts = {"title": row["title"], "body": row["body"]}
    return [to_fold(text) for name, text in texts.items() if column in (None, name)]
