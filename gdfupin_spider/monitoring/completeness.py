"""How much of the site the archive has, what is missing and why; from the catalog alone."""

from collections import Counter, defaultdict
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path

from ..catalog import Catalog, coverage
from ..catalog.sources import CATALOG
from ..storage.aftermath import Completeness, SectionCompleteness
from .id_gaps import runs
from .staleness import rhythm

EXAMPLES = 3
"""URLs for each reason in each section."""


def completeness(catalog: Catalog, today: date) -> Completeness:
    """How much of the site a catalog has. `today`: UTC."""
    events = Counter[str]()
    for crawl in coverage.happened(catalog):
        events.update(crawl.events)
    return Completeness(
        events=dict(sorted(events.items())),
        sections=sections(catalog),
        unlisted=coverage.unlisted(catalog),
        runs=tuple(runs(coverage.addresses(catalog))),
        fresh=replace(rhythm(coverage.published(catalog), today), found_at=coverage.found_at(catalog)),
        fields=asdict(coverage.field_counts(catalog)),
        encodings={each.encoding: each.lines for each in coverage.encodings(catalog)},
    )


def completeness_of(output: Path, today: date) -> Completeness:
    """As `completeness`, of the catalog of an output. Raises CatalogUnusable."""
    with Catalog(output / CATALOG) as catalog:
        return completeness(catalog, today)


def sections(catalog: Catalog) -> dict[str, SectionCompleteness]:
    """All sections by name."""
    why: defaultdict[str, Counter[str]] = defaultdict(Counter)
    examples: defaultdict[str, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for one in coverage.missing_articles(catalog):
        why[one.section][one.why] += 1
        if len(shown := examples[one.section][one.why]) < EXAMPLES:
            shown.append(one.url)
    found = {}
    for each in coverage.sections(catalog):
        never = max(0, each.printed_total - (each.listed - each.left)) if each.printed_total is not None else 0
        found[each.section] = SectionCompleteness(
            printed_total=each.printed_total,
            printed_pages=each.printed_pages,
            listed=each.listed,
            articles=each.articles,
            missing={**({"never-linked": never} if never else {}), **dict(sorted(why[each.section].items()))},
            examples={reason: tuple(urls) for reason, urls in sorted(examples[each.section].items())},
            origins=each.origins,
        )
    return found
