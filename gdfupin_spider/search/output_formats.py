"""What was found, for terminals and as rows. Page text is made safe for the place where it is shown."""

import csv
import io
from collections.abc import Iterator, Mapping

from rich.text import Text

from ..items import as_dict
from ..messages.record_words import word
from ..messages.text import COLON, N_, OR, SEMICOLON, N_n, enumeration, joined, translated
from ..terminal import cell_text, pluralized, shown
from .chinese_scripts import fold_script
from .index import MOST_RANKED, Hit, SearchRequest, SearchResult
from .query_text import wanted
from .selection import ArticleSelection
from .snippets import Marked, plain

COLUMNS = (
    "id", "url", "version", "date", "title", "source", "author", "section", "status", "first_seen", "last_seen", "snippet",
    "body",
)  # fmt: skip
"""Of CSV."""
_MOST_COUNTED = 15
"""Values of a facet that are printed; JSON has all."""


def as_record(hit: Hit) -> dict[str, object]:
    """For JSON: `snippet` is text, `marks` has the places of the words in it, `title_marks` those in the title."""
    values = {name: getattr(hit, name) for name in COLUMNS if name != "body"}
    return {
        **values,
        "snippet": plain(hit.snippet),
        "marks": _places(hit.snippet),
        "title_marks": _places(hit.marked_title),
    }


def csv_header() -> str:
    """The first line, with a byte order mark for Excel."""
    return "\ufeff" + _row(COLUMNS)


def csv_row(hit: Hit) -> str:
    """One line; no cell is a formula. Words stand in 【】 in the snippet."""
    values = {name: getattr(hit, name) for name in COLUMNS} | {"snippet": plain(hit.snippet, "【", "】")}
    return _row(["" if value is None else shown(str(value)) for value in values.values()])


def encode(request: SearchRequest, result: SearchResult) -> dict[str, object]:
    """For JSON."""
    counts = result.counts
    return {
        "query": request.text,
        "total": result.total,
        "offset": request.offset,
        "sort": result.order,
        "hits": [as_record(hit) for hit in result.hits],
        "counts": as_dict(counts) if counts else None,
        "not_held": result.not_held,
        "not_held_undated": result.not_held_undated,
        "lost_versions": result.lost_versions,
    }


def lines(request: SearchRequest, result: SearchResult) -> Iterator[Text]:
    """For a terminal."""
    for hit in result.hits:
        facts = [hit.date or N_("no date"), hit.section, hit.source, word(hit.status) if hit.status != "live" else None]
        version = N_("version {version}", version=hit.version) if request.selection.finds_versions else None
        head = Text("  ".join(shown(fact) for fact in (*facts, version) if fact), style="cyan")
        yield head
        yield _marked(hit.marked_title, "bold")
        if hit.body:
            yield _marked(hit.snippet, "")
        yield Text(f"{hit.id}  {shown(hit.url)}\n", style="dim")
    for each in counts(result):
        name, colon, values = translated(each).partition(translated(COLON))
        yield Text(f"{name}{colon}", style="bold").append(values, style="not bold")
    yield from map(Text, map(translated, summary(request, result)))


def counts(result: SearchResult) -> list[str]:
    """The counts by section, year, source, status and place, a line each; none where they were not asked for."""
    if result.counts is None:
        return []
    statuses = {shown(word(name)): count for name, count in result.counts.status.items()}
    return [
        N_("by {name}: {counts}", name=word(name), counts=_counted(counts))
        for name, counts in (
            ("section", result.counts.section), ("year", result.counts.year), ("source", result.counts.source),
            ("canonical name of the source", result.counts.source_name), ("status", statuses),
            ("place named", result.counts.place),
        )
        if counts or name != "place named"
    ] + [N_("edited: {edited:,}", edited=result.counts.edited)]  # fmt: skip


def summary(request: SearchRequest, result: SearchResult) -> list[str]:
    """How many were found, in which order, and what could not be searched."""
    is_versions = request.selection.finds_versions
    if not result.total:
        found = [N_("no version found") if is_versions else N_("no article found")]
    else:
        first, last = request.offset + 1, request.offset + len(result.hits)
        parts = [pluralized(result.total, "version") if is_versions else pluralized(result.total, "article")]
        if result.hits and len(result.hits) < result.total:
            parts.append(N_("{first:,} to {last:,} shown", first=first, last=last))
        order = N_("newest first") if result.order == "date" else N_("by relevance")
        found = [joined([*parts, order])]
        if request.order == "relevance" and result.total > MOST_RANKED:
            ranked = N_("more than {most_ranked:,} are not sorted by relevance", most_ranked=MOST_RANKED)
            found = [joined((found[0], ranked), COLON)]
    found += _other_script(request)
    found += _not_held(request.selection, result)
    if result.lost_versions:
        found.append(
            N_(
                "not searched: {versions} whose line was lost with a killed crawl",
                versions=pluralized(result.lost_versions, "version"),
            )
        )
    return found


def _other_script(request: SearchRequest) -> list[str]:
    """The words in simplified characters, where only traditional ones were searched: an old site prints few of those."""
    words = wanted(request.clauses)
    simplified = [fold_script(word) for word in words if fold_script(word) != word]
    if request.any_script or not simplified:
        return []
    return [
        N_(
            "not searched: {simplified}, in simplified characters; with --fold-script both are found",
            simplified=enumeration(map(shown, simplified)),
        )
    ]


def _not_held(selection: ArticleSelection, result: SearchResult) -> list[str]:
    """What was never captured, as far as listings tell; empty where nothing is missing."""
    several, undated = sum(result.not_held.values()), result.not_held_undated
    if not several and not undated:
        return []
    dated = selection.dated
    where = joined(
        (
            N_("{count:,} of {section}", count=count, section=shown(section or N_("no section")))
            for section, count in _most(result.not_held)
        ),
        SEMICOLON,
    )
    line = N_n(
        "not searched: {count:,} article is listed but not held",
        "not searched: {count:,} articles are listed but not held",
        several,
        count=several,
    )
    if dated:
        line = N_n(
            "not searched: {count:,} article of {period} is listed but not held",
            "not searched: {count:,} articles of {period} are listed but not held",
            several,
            count=several,
            period=_period(selection),
        )
    if where:
        line = N_("{line} ({details})", line=line, details=where)
    if undated:
        line = N_("{line}, and {undated:,} whose listing prints no date", line=line, undated=undated)
    line = joined((line, N_("`gdfupin status` has reasons")), SEMICOLON)
    if unknown := _unknown_of(selection):
        why = N_(
            "of what is not held no {unknown} is known, so not all of them may belong to this search", unknown=unknown
        )
        line = joined((line, why), SEMICOLON)
    return [line]


def _period(selection: ArticleSelection) -> str:
    since, until = selection.since[:4], selection.until[:4]
    return since if since == until else f"{since}..{until}"


def _unknown_of(selection: ArticleSelection) -> str:
    """What is selected by and is known of held articles alone: listings are recorded by section, address and date."""
    asked = (
        ("source", selection.sources),
        ("place", selection.places),
        ("status", selection.statuses),
    )
    return joined((word(name) for name, values in asked if values), OR)


def _most(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda each: (-each[1], each[0]))


def _counted(counts: Mapping[str, int]) -> str:
    parts = [joined((shown(value) or N_("none"), f"{count:,}"), " ") for value, count in counts.items()]
    listed = joined(parts[:_MOST_COUNTED])
    more = len(parts) - _MOST_COUNTED
    return N_("{names}, and {more} more", names=listed, more=more) if more > 0 else listed


def _marked(marked: Marked, style: str) -> Text:
    text = Text(style=style)
    for piece, is_word in marked:
        text.append(shown(piece), style="bold black on yellow" if is_word else "")
    return text


def _places(marked: Marked) -> list[list[int]]:
    found, at = [], 0
    for piece, is_word in marked:
        if is_word:
            found.append([at, at + len(piece)])
        at += len(piece)
    return found


def _row(values: tuple[str, ...] | list[str]) -> str:
    row = io.StringIO()
    csv.writer(row, lineterminator="\n").writerow(map(cell_text, values))
    return row.getvalue()
