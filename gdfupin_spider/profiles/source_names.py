"""Canonical names of sources: 来源 as printed -> one name, by the table `sources.csv` and a few rules.

Names are derived when they are asked for and stored with no article, so a better table needs no new reading. What the table does not
have gets no name: two names for one source can be merged later, but one name for two sources cannot be split.
"""

import csv
import functools
import hashlib
import io
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from itertools import zip_longest

from ..errors import WrongArgument
from ..messages.text import N_, enumeration

COLUMNS = ("variant", "name", "kind", "region", "reason")
KINDS = ("newspaper", "magazine", "agency", "website", "broadcaster", "government", "association", "site")
"""Of a source; `site`: the site's words for its own texts."""


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A row of the table."""

    variant: str
    """As printed; compared without width, case, spaces and quotes."""
    name: str
    """The canonical name."""
    kind: str
    """One of KINDS."""
    region: str
    """Where it is published: 全国, or a province or city without its suffix; `-` for what differs from site to site."""
    reason: str
    """Why the variant has this name."""


@dataclass(frozen=True, slots=True)
class FoundName:
    """The name of a printed source, and how it was found."""

    name: str | None
    """None: not known."""
    rule: str
    """The rule that made it a variant of the table; `table` where it is one as printed, `unknown` where it has no name."""
    kind: str | None = None
    region: str | None = None


class SourceNames:
    """A table of names, with the rules."""

    def __init__(self, rows: tuple[SourceRow, ...]) -> None:
        """Raises WrongArgument for a variant that has two names."""
        self.rows = rows
        self._rows: dict[str, SourceRow] = {}
        for row in rows:
            known = self._rows.setdefault(_key(row.variant), row)
            if known.name != row.name:
                raise WrongArgument(
                    row.variant,
                    N_("is {name} in the table, so it cannot be {other}", name=known.name, other=row.name),
                )
        self._named: dict[str, FoundName] = {}

    def name(self, printed: str | None) -> str | None:
        """The canonical name of a printed source; None where there is none, or none is known."""
        return self.found(printed).name if printed else None

    def found(self, printed: str) -> FoundName:
        """The same with the rule."""
        if (known := self._named.get(printed)) is None:
            known = self._named[printed] = self._look_up(printed)
        return known

    def with_rows(self, rows: tuple[SourceRow, ...]) -> "SourceNames":
        """The table with further rows, which replace those of the same variants. Raises WrongArgument."""
        replaced = set(self.replaced(rows))
        return SourceNames((*(row for row in self.rows if row not in replaced), *rows))

    def replaced(self, rows: tuple[SourceRow, ...]) -> list[SourceRow]:
        """The rows of this table whose variants these rows have."""
        keys = {_key(row.variant) for row in rows}
        return [row for row in self.rows if _key(row.variant) in keys]

    def _look_up(self, printed: str) -> FoundName:
        text, rule = unicodedata.normalize("NFKC", printed).strip(), "table"
        for rule, simpler in (("table", _unchanged), *RULES.items()):
            text = simpler(text).strip(_MARKS)
            if (row := self._rows.get(_key(text))) is not None:
                return FoundName(row.name, rule, row.kind, row.region)
            if rule == "edition" and len(written := self._of_parts(text)) == 1:
                return FoundName(written[0].name, rule, written[0].kind, written[0].region)
        return FoundName(None, "unknown")

    def _of_parts(self, text: str) -> list[SourceRow]:
        """The sources of a text such as 人民网-人民日报: the paper alone where the other part is a website."""
        rows = {row.name: row for part in _JOINTS.split(text) if part and (row := self._part(part)) is not None}
        return [row for row in rows.values() if row.kind != "website"] or list(rows.values())

    def _part(self, part: str) -> SourceRow | None:
        return self._rows.get(_key(part)) or self._rows.get(_key(_without_suffix(part)))


_MARKS = " \t\u3000([【,.:;、，。：；|/-—–·\"'“”‘’"
_JOINTS = re.compile(r"\s*[-—–/|·、,;，；+＋&]+\s*|\s+")
_DATE = re.compile(
    r"[(\[【]?(?:\d{4}\s*[-年./]\s*)?\d{1,2}\s*[-月./]\s*\d{1,2}\s*日?(?:\s*\d{1,2}:\d{2}(?::\d{2})?)?[)\]】]?"
    r"|[(\[【]?(?:第?\s*[A-Z]?\d+\s*[版期]|\d{4}年(?:第?\d+期)?)[)\]】]?"
)
_LABEL = re.compile(
    r"^(?:文章|信息|消息|稿件|稿|新闻|本文)?(?:来源|来自|出处|转自|转载自?|摘自|原载|据)\s*(?:于|:)?\s*"
)
_BRACKETED = re.compile(r"[(\[【<][^()\[\]【】<>]*[)\]】>]")
_BYLINE = re.compile(
    r"(?:驻[^\s]{2,4})?(?:本报|特约|实习|见习|首席)?(?:记者(?!网|协会|之家)|通讯员|撰稿|作者|编辑|责编|摄影|文/|图/|文:|图:|文图).*$"
)
_DISPATCH = re.compile(
    r"(?:(?<=[社报网台])[\u4e00-\u9fff]{2,6})?\d{1,2}月\d{1,2}日(?:电|讯|消息)$|(?:专电|电讯|电|讯|消息|综合报道|报道|供稿|综合|整理)$"
)
_SUFFIX = re.compile(
    r"(?:网络版|电子版|数字报|手机报|客户端|新闻客户端|微信公众号|公众号|官方微信|官方微博|微信|微博|官方网站|官网|网站|头版|"
    r"杂志社|编辑部|报社|社|(?<=[社报网台])[\u4e00-\u9fff]{2,3}(?:频道|分社|记者站|站))$"
)


def _unchanged(text: str) -> str:
    return text


def _without_suffix(text: str) -> str:
    """
    >>> _without_suffix("南方日报网络版"), _without_suffix("南方日报社"), _without_suffix("新华网广东频道"), _without_suffix("梅州日报")
    ('南方日报', '南方日报', '新华网', '梅州日报')
    """
    cut = _SUFFIX.sub("", text)
    return f"{cut}报" if text.endswith("报社") and cut + "报社" == text else cut


RULES: Mapping[str, Callable[[str], str]] = {
    "label": lambda text: _LABEL.sub("", text),  # `来源：南方日报`, `据新华社`
    "byline": lambda text: _BYLINE.sub("", text),  # `南方日报记者 张三 通讯员 李四`
    "dispatch": lambda text: _DISPATCH.sub("", text),  # `新华社北京1月13日电`, `中新社讯`
    "date": lambda text: _DATE.sub(" ", text),  # `南方日报 2019-05-13`, `人民日报（2020年3月7日第4版）`
    "brackets": lambda text: _BRACKETED.sub(" ", text),  # `农民日报（有删节）`
    "suffix": _without_suffix,  # `南方日报网络版`
    "edition": _unchanged,  # `人民网-人民日报`: see SourceNames._of_parts
}
"""Each takes away what is printed beside a name; they apply one after the other until the table has the rest."""


@functools.cache
def bundled() -> SourceNames:
    """The table of the package."""
    return SourceNames(rows_of(_text()))


@functools.cache
def digest() -> str:
    """SHA-256 of the table of the package, in hex."""
    return hashlib.sha256(_text().encode()).hexdigest()


def rows_of(text: str) -> tuple[SourceRow, ...]:
    """The rows of a table in CSV, with or without its header. Raises WrongArgument."""
    return tuple(_rows(text))


def _rows(text: str) -> Iterator[SourceRow]:
    for number, cells in enumerate(csv.reader(io.StringIO(text, newline="")), 1):
        if not cells or tuple(cells) == COLUMNS:
            continue
        place = N_("row {number} of the table of sources", number=number)
        if len(cells) > len(COLUMNS):
            raise WrongArgument(
                place,
                N_(
                    "{cells}: has {count} values, not {columns}; quote commas",
                    cells=",".join(cells),
                    count=len(cells),
                    columns=len(COLUMNS),
                ),
            )
        if absent := [name for name, cell in zip_longest(COLUMNS, cells) if not (cell or "").strip()]:
            raise WrongArgument(
                place,
                N_(
                    "{cells}: lacks {absent}; it needs {columns}",
                    cells=",".join(cells),
                    absent=enumeration(absent),
                    columns=enumeration(COLUMNS),
                ),
            )
        row = SourceRow(*(cell.strip() for cell in cells))
        if row.kind not in KINDS:
            raise WrongArgument(
                place, N_("{kind} is no kind of source: {kinds}", kind=row.kind, kinds=enumeration(KINDS))
            )
        yield row


def _text() -> str:
    return resources.files(__package__).joinpath("sources.csv").read_text("utf-8")


def _key(text: str) -> str:
    """
    >>> _key("《广东扶贫》 杂志") == _key("广东扶贫杂志")
    True
    """
    return _IGNORED.sub("", unicodedata.normalize("NFKC", text).casefold())


_IGNORED = re.compile(r"[\s《》〈〉「」『』“”‘’\"'\u200b\ufeff]+")
