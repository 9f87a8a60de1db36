"""Compares two sets of articles by their contents alone; no archive is needed.

Both are read once for their heads (id, digest, address); only of articles that differ, or stand on one side alone, is the
rest read. `matching` finds those that are the same article.
"""

import gc
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from itertools import count
from operator import itemgetter
from typing import cast

from ..catalog.rereads import values_between
from ..messages.record_words import word
from ..messages.text import COLON, N_, SEMICOLON, enumeration, joined
from ..pages import identity_key, same_reader
from ..storage.json_rows import ContentRow
from . import matching, observed
from .difference import ComparedArticle, Difference, DifferenceKind, edited
from .sets import ArticleSet, Head, HeadFields
from .significance import weight
from .spill import RecordSpill


def compare(old: ArticleSet, new: ArticleSet) -> Iterator[Difference]:
    """Changes from `old` to `new`, by article id. The order of articles in the sets does not matter.

    Of an article that is twice in a set, the newest record counts. An article that the other set knows as an address of
    another one is neither added nor gone. Raises NotArticles.
    """
    with ExitStack() as stack:
        olds, news = stack.enter_context(RecordSpill()), stack.enter_context(RecordSpill())
        for before, after in _partners(old, new, olds, news):
            yield from differences(
                olds.get(before) if before is not None else None,
                news.get(after) if after is not None else None,
                old.name, new.name,
            )  # fmt: skip


def differences(
    old: ComparedArticle | None, new: ComparedArticle | None, old_name: str, new_name: str
) -> Iterator[Difference]:
    """Changes of one article. At least one of the records is not None."""
    was = old is not None and not _gone(old)
    is_there = new is not None and not _gone(new)
    if old is None or new is None:
        if new is not None:
            yield _difference("added", None, new, N_("in {one}, not in {other}", one=new_name, other=old_name))
            if not is_there:
                yield _difference("gone", None, new, N_("marked as gone in {one}", one=new_name))
        elif was:
            yield _difference("gone", old, None, N_("in {one}, not in {other}", one=old_name, other=new_name))
        return
    both = N_("in {one} and in {other}", one=old_name, other=new_name)
    reread = _is_reread(old, new)
    if reread and (values := values_between(cast(ContentRow, old), cast(ContentRow, new))):
        same = N_("the same bytes, read by {before} and by {after}", before=old["reader"], after=new["reader"])
        if old["reader"] == new["reader"]:
            same = joined((N_("the same bytes"), _reviewers(old, new)), SEMICOLON)
        yield replace(
            _difference("reread", old, new, joined((both, same), COLON), tuple(each.field for each in values)),
            reader_before=old["reader"],
            reader_after=new["reader"],
            values=values,
        )
    elif fields := edited(old, new):
        yield _difference("edited", old, new, both, fields)
    if was == is_there and _elsewhere(old, new, sections=not reread):
        yield _difference("moved", old, new, both)
    if was and not is_there:
        yield _difference("gone", old, new, N_("marked as gone in {one}, not in {other}", one=new_name, other=old_name))
    if is_there and not was:
        yield _difference(
            "reappeared", old, new, N_("marked as gone in {one}, not in {other}", one=old_name, other=new_name)
        )


@contextmanager
def _uncollected() -> Iterator[None]:
    """Pauses the garbage collector: hundreds of thousands of tuples of strings are made, none of which is garbage."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


@_uncollected()
def _partners(
    old: ArticleSet, new: ArticleSet, olds: RecordSpill, news: RecordSpill
) -> list[tuple[int | None, int | None]]:
    """Rows that differ, by the ids of their articles, None where there is no partner; their records are in the spools."""
    with ThreadPoolExecutor(2) as threads:  # to unpack Parquet and gzip is work for two processors
        one, other = threads.map(_Side, (old, new))
    unequal = {head[0] for head in set(one.heads) ^ set(other.heads)}
    both = [(one.rows[id_], other.rows[id_]) for id_ in unequal if id_ in one.rows and id_ in other.rows]
    pairs = [(row, to) for row, to in both if _differ(one.heads[row], other.heads[to])]
    lost, found = one.without(other, unequal), other.without(one, unequal)

    def settle(more: Iterable[matching.Pair]) -> None:
        for before, after in more:
            del lost[before], found[after]
            pairs.append((before, after))

    if lost or found:
        # An alias of what lies on both sides tells nothing of its partner, but of those that have none.
        more_old, more_new = one.aliases(), other.aliases()
        settle(matching.by_name(lost, found, more_old, more_new))
        for row in matching.known_elsewhere(lost, more_new):
            del lost[row]
        for row in matching.known_elsewhere(found, more_old):
            del found[row]
    with ThreadPoolExecutor(2) as threads:
        rows_old, rows_new = ([*(pair[side] for pair in pairs), *rest] for side, rest in enumerate((lost, found)))
        for reading in [threads.submit(_read, old, olds, rows_old), threads.submit(_read, new, news, rows_new)]:
            reading.result()
    if lost and found:
        settle(matching.by_text(lost, found, olds.get, news.get))
        settle(matching.carried_on(lost, found, olds.get, news.get))
    rows: list[tuple[str, int | None, int | None]] = [(other.heads[after][0], before, after) for before, after in pairs]
    rows += [(one.heads[row][0], row, None) for row in lost]
    rows += [(other.heads[row][0], None, row) for row in found]
    rows.sort(key=lambda each: each[0])
    return [(before, after) for _, before, after in rows]


class _Side:
    """One of the two sets: its heads by row, and the row of each id."""

    def __init__(self, articles: ArticleSet) -> None:
        self.articles = articles
        self.heads = list(articles.heads())
        self.rows = dict(zip(map(itemgetter(0), self.heads), count(), strict=False))
        if len(self.rows) < len(self.heads):
            self.rows |= self._newest()

    def _newest(self) -> dict[str, int]:
        """Of ids that occur several times: the row of the newest record."""
        several: dict[str, list[int]] = {}
        for row, head in enumerate(self.heads):
            several.setdefault(head[0], []).append(row)
        several = {id_: rows for id_, rows in several.items() if len(rows) > 1}
        numbers = sorted(row for rows in several.values() for row in rows)
        ages = {row: _age(record) for row, record in zip(numbers, self.articles.records(numbers), strict=True)}
        return {id_: max(rows, key=ages.__getitem__) for id_, rows in several.items()}

    def without(self, other: "_Side", ids: Iterable[str]) -> dict[int, Head]:
        """Articles that the other set does not have, by row."""
        mine = (self.rows[id_] for id_ in ids if id_ in self.rows and id_ not in other.rows)
        return {row: Head(*self.heads[row]) for row in mine}

    def aliases(self) -> dict[int, tuple[str, ...]]:
        """Further names, of the newest row of each article."""
        known = set(self.rows.values())
        return {row: names for row, names in self.articles.aliases() if names and row in known}


def _age(record: ComparedArticle) -> tuple[int, str, str, str]:
    """Sort key: the newest of several records of one article is the largest."""
    return record.get("version") or 0, record["captured_at"], record["content_sha256"], record["url"]


def _read(articles: ArticleSet, spool: RecordSpill, rows: list[int]) -> None:
    rows.sort()
    for row, record in zip(rows, articles.records(rows), strict=True):
        spool.put(row, record)


def _differ(before: HeadFields, after: HeadFields) -> bool:
    """Whether there can be a change; the digest covers the whole content with the section."""
    old, new = Head(*before), Head(*after)
    if old.sha256 != new.sha256 or (old.status == "gone") != (new.status == "gone"):
        return True
    return old.url != new.url and identity_key(old.url) != identity_key(new.url)


def _is_reread(old: ComparedArticle, new: ComparedArticle) -> bool:
    """Whether both records were read from the same payloads, by different readers or with other decisions of persons.

    Then no difference is an edit.
    """
    readers = same_reader(old.get("reader", "")) != same_reader(new.get("reader", ""))
    if not readers and not old.get("reviewed") and not new.get("reviewed"):
        return False
    before, after = ([each["payload_sha256"] for each in record.get("captures", ())] for record in (old, new))
    return bool(before) and before == after


def _reviewers(old: ComparedArticle, new: ComparedArticle) -> str:
    """Which fields persons decided, before and after."""
    before, after = (enumeration(map(word, record.get("reviewed") or ())) or N_("nothing") for record in (old, new))
    return N_("persons had reviewed {before}, now {after}", before=before, after=after)


def _elsewhere(old: ComparedArticle, new: ComparedArticle, *, sections: bool) -> bool:
    """Whether the address changed, or with `sections` the section; a page without a section does not count."""
    if sections and old["section"] and new["section"] and old["section"] != new["section"]:
        return True
    return identity_key(old["url"]) != identity_key(new["url"])


def _gone(record: ComparedArticle) -> bool:
    return record.get("status") == "gone"


def _difference(
    kind: DifferenceKind,
    old: ComparedArticle | None,
    new: ComparedArticle | None,
    evidence: str,
    fields: tuple[str, ...] = (),
) -> Difference:
    now = new or old
    assert now is not None
    moved = kind == "moved"
    return Difference(
        kind=kind,
        id=now["id"],
        url=now["url"],
        title=now["title"],
        section=now["section"] or (old["section"] if old else None),
        fields=fields,
        before=old["content_sha256"] if old and kind != "added" else None,
        after=new["content_sha256"] if new and kind != "gone" else None,
        seen_before=(old.get("last_seen") or old["captured_at"]) if old else None,
        seen_after=None if kind == "gone" or new is None else new["captured_at"],
        url_before=old["url"] if old and moved else None,
        section_before=old["section"] if old and moved else None,
        missing_since=None,
        weight=weight(old, new) if old and new and kind == "edited" else None,
        evidence=observed.stamped(evidence, str(now.get("origin"))),
        old=old,
        new=new,
    )
