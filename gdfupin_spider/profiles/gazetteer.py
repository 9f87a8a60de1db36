"""Counties, cities and prefectures that a text names, with their codes on the day it was published.

The gazetteer is `places.csv` (its source and licence: places.NOTICE.txt; made by docs/places.py). The longest name at a place of the text
counts. A name that several places have is settled by the prefectures and provinces that the text names; where they do not settle it,
the place is marked as ambiguous.
"""

import csv
import functools
import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from typing import Literal, NamedTuple, TypedDict

Level = Literal["prefecture", "county"]

NOT_PLACES = (
    "孙中山", "中山大学", "中山装", "中山陵", "中山路", "中山公园", "哈密瓜", "普洱茶", "西南山区", "东南山区", "大理石", "红河谷", "清远鸡",
    "麒麟区域", "南山区域",
)  # fmt: skip
"""Phrases that contain the name of a place and mean something else."""


class PlaceRow(TypedDict):
    """A place that a text names."""

    code: str
    name: str
    level: Level
    mentions: int
    in_title: bool
    ambiguous: bool


@dataclass(frozen=True, slots=True)
class GazetteerRow:
    """A name of a place, and when it had it."""

    code: str
    """GB/T 2260."""
    name: str
    short: str
    """A form such as 连南县 for 连南瑶族自治县; empty where there is none."""
    bare: str
    """The name without its suffix, such as 市 or 县; empty if nobody uses it so."""
    bare_when: str
    """When the bare form counts: `alone`: always; `named`: where the text has the full or short form, too, or directly after the name
    of its prefecture or province; `after`: only so."""
    name_when: str
    """`after`: the full name, too, counts only there."""
    since: str
    """`YYYY-MM-DD`; empty: before all lists."""
    until: str
    """`YYYY-MM-DD`; empty: to the end of the lists. A change lies between two lists; in between both names hold."""
    elsewhere: int
    """Provinces that are not in the gazetteer and have a place of this name."""

    def is_valid(self, date: str) -> bool:
        return self.since <= date and (not self.until or date <= self.until)

    @property
    def is_province(self) -> bool:
        return self.code.endswith("0000")

    @property
    def level(self) -> Level:
        return "prefecture" if self.code.endswith("00") else "county"

    def is_above(self, other: "GazetteerRow") -> bool:
        """Whether the other place is in this one."""
        if self.code == other.code or not self.code.endswith("00"):
            return False
        return other.code.startswith(self.code[:2] if self.is_province else self.code[:4])


class _Hit(NamedTuple):
    """A form at a place of a text; the previous hit is `before` if nothing is between them."""

    start: int
    form: str
    before: int | None


class _Possible(NamedTuple):
    row: GazetteerRow
    is_bare: bool


class Gazetteer:
    """Names of places, ready to be looked for."""

    def __init__(self, rows: tuple[GazetteerRow, ...]) -> None:
        self.rows = rows
        self._candidates: dict[str, list[_Possible]] = defaultdict(list)
        for row in rows:
            for form in {row.name, row.short} - {""}:
                self._candidates[form].append(_Possible(row, is_bare=False))
            if row.bare:
                self._candidates[row.bare].append(_Possible(row, is_bare=True))
        self._by_start: dict[str, list[str]] = defaultdict(list)
        for form in sorted({*self._candidates, *NOT_PLACES}, key=len, reverse=True):
            self._by_start[form[:2]].append(form)
        # Few positions of a text may begin a form; an expression finds them faster than a loop.
        first, second = ("".join({start[at] for start in self._by_start}) for at in (0, 1))
        self._start = re.compile(f"[{re.escape(first)}][{re.escape(second)}]")

    def places(self, title: str, body: str, date: str | None) -> list[PlaceRow]:
        """The places that a text names, in the order of first mentions. Without a date the newest names hold."""
        text = f"{title}\n{body}"
        hits = list(self._hits(text))
        valid = [self._valid(hit.form, date) for hit in hits]
        kept: list[list[_Possible]] = []
        for hit, candidates in zip(hits, valid, strict=True):
            before = kept[hit.before] if hit.before is not None else []
            kept.append([each for each in candidates if _counts(each, before)])
        named = {each.row.code for candidates in kept for each in candidates if not each.is_bare}
        for at, (hit, candidates) in enumerate(zip(hits, valid, strict=True)):
            if not kept[at]:
                before = kept[hit.before] if hit.before is not None else []
                kept[at] = [each for each in candidates if _counts(each, before, named)]
        context = {each.row for candidates in kept for each in candidates if each.row.level == "prefecture"}
        found: dict[str, GazetteerRow] = {}
        mentions, in_title, certain = Counter[str](), set[str](), set[str]()
        for hit, candidates in zip(hits, kept, strict=True):
            before = kept[hit.before] if hit.before is not None else []
            rows, is_certain = _settled(candidates, {each.row for each in before}, context)
            found.update((row.code, row) for row in rows)
            codes = [row.code for row in rows]
            mentions.update(codes)
            if is_certain:
                certain.update(codes)
            if hit.start < len(title):
                in_title.update(codes)
        return [
            {
                "code": code,
                "name": row.name,
                "level": row.level,
                "mentions": mentions[code],
                "in_title": code in in_title,
                "ambiguous": code not in certain,
            }
            for code, row in found.items()
        ]

    def _hits(self, text: str) -> Iterator[_Hit]:
        """The forms in a text from left to right: the longest at each position, without overlaps and without NOT_PLACES."""
        at, end, number = 0, -1, -1
        while (found := self._start.search(text, at)) is not None:
            at = found.start()
            form = next((form for form in self._by_start.get(found[0], ()) if text.startswith(form, at)), None)
            if form is None:
                at += 1
                continue
            if form in self._candidates and not (form[-1] == "区" and text.startswith("域", at + len(form))):
                yield _Hit(at, form, number if at == end else None)
                number, end = number + 1, at + len(form)
            at += len(form)

    def _valid(self, form: str, date: str | None) -> list[_Possible]:
        candidates = self._candidates[form]
        if date is not None:
            valid = [each for each in candidates if each.row.is_valid(date)]
            return [each for each in valid if not any(_replaces(other.row, each.row) for other in valid)]
        newest = [each for each in candidates if not each.row.until]
        return newest or [max(candidates, key=lambda each: each.row.until)]


def _replaces(new: GazetteerRow, old: GazetteerRow) -> bool:
    """Whether a place got another code under its old name: while both lists may hold, the newer does."""
    return new.name == old.name and "" != new.since <= old.until


def _counts(candidate: _Possible, before: list[_Possible], named: set[str] | None = None) -> bool:
    """`before`: the text directly before it; `named`: codes of the places whose full names the text has."""
    row = candidate.row
    if any(each.row.is_above(row) for each in before):
        return True
    if not candidate.is_bare:
        return row.name_when != "after"
    return row.bare_when == "alone" or (row.bare_when == "named" and named is not None and row.code in named)


def _settled(
    candidates: list[_Possible], before: set[GazetteerRow], context: set[GazetteerRow]
) -> tuple[list[GazetteerRow], bool]:
    """Which places are meant, and whether that is certain."""
    rows = [each.row for each in candidates]
    if any(row.is_province for row in rows):
        return [], True
    prefectures = [row for row in rows if row.level == "prefecture"]
    if prefectures and all(each.is_bare for each in candidates):
        rows = prefectures  # 喀什 is the prefecture, not the city in it
    for above in (before, {each for each in context if not each.is_province}, context):
        if inside := [row for row in rows if any(each.is_above(row) for each in above)]:
            return inside, len(inside) == 1
    return rows, len(rows) == 1 and not rows[0].elsewhere


@functools.cache
def bundled() -> Gazetteer:
    """The gazetteer of the package."""
    _, *lines = csv.reader(_text().splitlines())
    return Gazetteer(
        tuple(
            GazetteerRow(code, name, short, bare, bare_when, name_when, since, until, int(elsewhere))
            for code, name, short, bare, bare_when, name_when, since, until, elsewhere in lines
        )
    )


@functools.cache
def digest() -> str:
    """SHA-256 of the gazetteer of the package, in hex."""
    return hashlib.sha256(_text().encode()).hexdigest()


def _text() -> str:
    return resources.files(__package__).joinpath("places.csv").read_text("utf-8")
