"""Which pages are open: uncertain or held back, and not decided by a person for the payload they have now."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import cast

from ... import pages
from ...catalog import Catalog
from ...catalog.admitted import NAME as ADMITTED
from ...catalog.decisions import Decisions, key_of
from ...errors import ArchiveError, NoSuchItem
from ...items import Proof
from ...ledger.unknown_shapes import NAME as UNKNOWN_SHAPE
from ...messages.record_words import word
from ...messages.text import N_
from ...profiles import Profile
from ...storage.line_file import line_at, lines
from ...storage.reviews import FIELDS, PAGE, Review

OF_FIELD = {"shared-title": "title", "impossible-date": "date"}
"""Notes about one field that are not named `<field>-differs`."""
HELD_BACK = "unsupported-article"
"""The note of a page that reads as an article, but is left out."""
CHANGED = "source-changed"
"""A page that was decided, and has another payload now."""


@dataclass(frozen=True, slots=True)
class ReviewNote:
    """Why a page is open."""

    what: str
    evidence: str


@dataclass(frozen=True, slots=True)
class ReviewItem:
    """One page that can be decided."""

    id: str
    """Id of its article, or the id that an article at its address would have."""
    url: str
    title: str | None
    """As it is shown now; null where it has none."""
    section: str | None
    held_back: bool
    """Whether it is not an article for the current reader."""
    notes: tuple[ReviewNote, ...]
    """Empty where nothing is open."""
    open_fields: tuple[str, ...]
    """Fields that the notes are about; `page`: whether it is an article."""
    capture: Proof
    """Of several pages the first."""
    payload_sha256: str
    """The key of decisions."""
    record: Mapping[str, object] | None = field(default=None, repr=False, compare=False)
    """The line of the current reader, without decisions; None where the page is held back."""


@dataclass
class _Noted:
    """The issues of the newest capture of one address."""

    proof: Proof
    url: str
    notes: list[ReviewNote]
    refused: bool = False


def open_items(output: Path, catalog: Catalog, decisions: Decisions, profile: Profile) -> Iterator[ReviewItem]:
    """All open pages: held-back ones first, then articles; each by address."""
    noted = _noted(output, catalog, profile)
    articles: dict[str, ReviewItem] = {}
    for id_, group in sorted(noted.items()):
        item = _of_article(output, catalog, decisions, id_, group)
        if item is not None:
            if item.notes:
                articles.setdefault(item.id, item)
        elif group.refused and PAGE not in decisions.of(group.proof.payload_sha256):
            yield _held_back(id_, group)
    for item in _changed(output, catalog, decisions):
        articles[item.id] = _merged([articles[item.id], item] if item.id in articles else [item]) or item
    yield from (articles[id_] for id_ in sorted(articles))


def item_of(output: Path, catalog: Catalog, decisions: Decisions, profile: Profile, name: str) -> ReviewItem:
    """The page with this id or URL, open or not. Raises NoSuchItem."""
    id_ = pages.article_id(profile.name, name) if "://" in name else name
    try:
        state = catalog.article(id_)
    except ValueError:
        raise NoSuchItem(name) from None
    noted = _noted(output, catalog, profile)
    article = _article(output, catalog, state.id) if state is not None else None
    if article is not None:
        addresses = [alias.id for alias in catalog.addresses(article.id)]
        some = [_of_article(output, catalog, decisions, each, noted[each]) for each in addresses if each in noted]
        changed = _changed(output, catalog, decisions, article.id)
        return _merged([item for item in (*some, *changed) if item is not None and item.id == article.id]) or article
    decided = [review for review in decisions.all() if review.id == id_]
    if decided:
        newest = max(decided, key=lambda review: review.reviewed_at)
        held = newest.held_back, (), (), newest.capture, newest.payload_sha256
        return ReviewItem(id_, newest.url, None, None, *held)
    if id_ not in noted:
        raise NoSuchItem(name)
    return _held_back(id_, noted[id_])


def _merged(items: Sequence[ReviewItem]) -> ReviewItem | None:
    """One page of several findings about it."""
    if not items:
        return None
    notes = tuple(dict.fromkeys(note for item in items for note in item.notes))
    fields = tuple(dict.fromkeys(name for item in items for name in item.open_fields))
    return replace(items[0], notes=notes, open_fields=fields)


def _noted(output: Path, catalog: Catalog, profile: Profile) -> dict[str, _Noted]:
    """By id of the address: what was noted about its newest capture that has issues."""
    order = {name: number for number, name in enumerate(catalog.crawl_names())}
    newest: dict[str, tuple[tuple[int, str, int], _Noted]] = {}
    for folded in catalog.folded():
        for _, issue in lines(output / folded.folder / "issues.jsonl", lambda damage: None):
            place, what, level = issue.get("capture"), str(issue.get("what")), issue.get("level")
            if not isinstance(place, dict) or not is_uncertain(str(level), what):
                continue
            try:
                proof, url = Proof(place["warc"], place["offset"], place["payload_sha256"]), str(issue["url"])
            except KeyError:
                continue  # `gdfupin verify` reports it
            at = order.get(folded.crawl, -1), proof.warc, proof.offset
            id_ = pages.article_id(profile.name, url)
            known = newest.get(id_)
            if known is None or known[0] < at:
                known = newest[id_] = at, _Noted(proof, url, [])
            if known[0] == at:
                known[1].notes.append(ReviewNote(what, str(issue.get("evidence", ""))))
                known[1].refused = known[1].refused or level == "refusal" or what == HELD_BACK
    return {id_: noted for id_, (_, noted) in newest.items()}


def _of_article(output: Path, catalog: Catalog, decisions: Decisions, address: str, group: _Noted) -> ReviewItem | None:
    """The article of the address, with the notes that are open; None where the newest look at the address read no article."""
    state = catalog.article(address)
    if state is None:
        return None
    item = _article(output, catalog, state.id)
    if item is None:
        return None
    requested = catalog.address(address)
    if group.refused and requested is not None and requested.outcome not in ("read", "not_modified"):
        return None
    payloads = {capture["payload_sha256"] for capture in cast(list[dict[str, str]], (item.record or {})["captures"])}
    if group.proof.payload_sha256 not in payloads or group.refused:
        return item
    decided = decisions.of(item.payload_sha256)
    notes = tuple(note for note in group.notes if _field_of(note.what) not in (None, *decided))
    if decided.get(PAGE) is not None:
        notes = ()
    fields = tuple(dict.fromkeys(_field_of(note.what) or PAGE for note in notes))
    return replace(item, notes=notes, open_fields=fields)


def _article(output: Path, catalog: Catalog, id_: str) -> ReviewItem | None:
    """An article of the catalog, without notes; None where its line was lost."""
    *_, version = catalog.versions(id_)
    if version.line is None:
        return None
    try:
        record = line_at(output / version.line.folder / "articles.jsonl", version.line.offset)
    except ArchiveError:
        return None
    held_back = version.line.folder == ADMITTED
    proof = Proof(**record["captures"][0])
    title, section = record["title"], record["section"]
    return ReviewItem(id_, record["url"], title, section, held_back, (), (), proof, key_of(record), record)


def _changed(output: Path, catalog: Catalog, decisions: Decisions, only: str | None = None) -> Iterator[ReviewItem]:
    """Articles that were decided for another payload than the one they have now. `only`: this article."""
    by_article: dict[str, list[Review]] = {}
    for review in decisions.all():
        article = catalog.resolve(review.id)
        if article is not None and only in (None, article):
            by_article.setdefault(article, []).append(review)
    for id_, reviews in by_article.items():
        item = _article(output, catalog, id_)
        if item is None or any(review.payload_sha256 == item.payload_sha256 for review in reviews):
            continue
        newest: dict[str, Review] = {}
        for review in sorted(reviews, key=lambda review: review.reviewed_at):
            newest[review.field] = review
        fields = tuple(name for name in (*FIELDS, PAGE) if name in newest)
        notes = tuple(ReviewNote(CHANGED, _told(newest[name])) for name in fields)
        yield replace(item, notes=notes, open_fields=fields)


def _told(review: Review) -> str:
    what = {
        "accept": N_("accepted as {value}", value=_short(review.value)),
        "correct": N_("corrected to {value}", value=_short(review.value)),
        "reject": N_("rejected as an article"),
    }[review.decision]
    return N_(
        "{field} was {what} by {reviewer} on {reviewed_at}; the page has changed since",
        field=word(review.field),
        what=what,
        reviewer=review.reviewer,
        reviewed_at=review.reviewed_at[:10],
    )


def _short(value: str | None) -> str:
    return word("none") if value is None else N_("{value!r}", value=value[:60])


def _held_back(id_: str, group: _Noted) -> ReviewItem:
    notes = tuple(group.notes)
    return ReviewItem(id_, group.url, None, None, True, notes, (PAGE,), group.proof, group.proof.payload_sha256)


def is_uncertain(level: str, what: str) -> bool:
    """Whether an issue of a crawl opens a page. One about a whole address pattern does not: the profile settles it."""
    if what == UNKNOWN_SHAPE:
        return False
    return level == "refusal" or what == HELD_BACK or _field_of(what) is not None


def _field_of(what: str) -> str | None:
    """The field that a note is about; None: none, or not an uncertain one."""
    name = OF_FIELD.get(what) or what.removesuffix("-differs")
    return name if name in FIELDS else None
