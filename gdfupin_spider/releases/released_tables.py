"""The tables of a release: their fields, their keys, and how they refer to each other.

Each of them is in a text file (JSON Lines or CSV), in a Parquet file and in `articles.sqlite`, and is a configuration of the dataset
card. All of that is made of these descriptions.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ..diff.difference import KEYS, Difference
from .chinese_meanings import with_chinese
from .dictionary import Field, dictionary, prefixed
from .records import (
    PrintedOfChange,
    ProofOfChange,
    Released,
    ReleasedCapture,
    ReleasedPlace,
    ReleasedReprints,
    ReleasedReview,
    ReleasedSection,
    ReleasedSource,
    ReleasedTombstone,
    ReleasedVersion,
)


@dataclass(frozen=True, slots=True)
class Reference:
    """Columns that together refer to a key of another table; null refers to nothing."""

    columns: tuple[str, ...]
    table: str
    key: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReleasedTable:
    """A table of a release."""

    name: str
    what: str
    """What a row is, and the order of rows: one English sentence."""
    what_zh: str
    """The same in Chinese."""
    fields: tuple[Field, ...]
    key: tuple[str, ...]
    """Columns that together are different in each row."""
    text: str
    """Name of its text file, its canonical form: JSON Lines, or CSV where no value is a list."""
    references: tuple[Reference, ...] = ()
    """Those that hold for every row."""

    @property
    def parquet(self) -> str:
        """Name of its Parquet file."""
        return f"{self.name}.parquet"

    @property
    def has_bodies(self) -> bool:
        """Whether rows have the text of articles, which is most of their size."""
        return any(field.name in ("body", "values") for field in self.fields)


_TO_ARTICLE = Reference(("id",), "articles", ("id",))
_ALL = (
    ReleasedTable(
        "articles",
        "The newest version of every article, by id.",
        "每篇文章的最新版本，按编号排列。",
        dictionary(Released),
        ("id",),
        "articles.jsonl.gz",
        (
            Reference(("section",), "sections", ("section",)),
            Reference(("source",), "sources", ("source",)),
            Reference(("reprint_group",), "reprints", ("reprint_group",)),
        ),
    ),
    ReleasedTable(
        "versions",
        "Every version of every article, by id and number.",
        "每篇文章的全部版本，按编号和版本号排列。",
        dictionary(ReleasedVersion),
        ("id", "version"),
        "versions.jsonl.gz",
        (_TO_ARTICLE,),
    ),
    ReleasedTable(
        "changes",
        "Changes since the previous release, with old and new text and the captures that prove both, by id. The article of a change "
        "may be in the previous release only.",
        "与上一版数据集相比的变更，含变更前后的内容和可资证明的抓取记录，按编号排列。变更所涉文章可能只见于上一版。",
        (
            *(field for field in dictionary(Difference) if field.name in KEYS),
            *dictionary(PrintedOfChange),
            *prefixed(dictionary(ProofOfChange), "proof_before_"),
            *prefixed(dictionary(ProofOfChange), "proof_after_"),
        ),
        ("id", "kind"),
        "changes.jsonl.gz",
    ),
    ReleasedTable(
        "captures",
        "The WARC records that prove each version: those it was read from, its first and last sighting; and all that did not find "
        "the article, by id and time.",
        "各版本的凭证，即解析所用、首次和末次见到该版本的 WARC 记录，以及未找到文章的全部记录，按编号和时间排列。",
        dictionary(ReleasedCapture),
        ("id", "number"),
        "captures.csv.gz",
        (_TO_ARTICLE, Reference(("id", "version"), "versions", ("id", "version"))),
    ),
    ReleasedTable(
        "sections",
        "Every section that an article prints or a listing has, by name.",
        "文章所载或列表页所属的全部栏目，按名称排列。",
        dictionary(ReleasedSection),
        ("section",),
        "sections.csv.gz",
    ),
    ReleasedTable(
        "sources",
        "Every source as printed, with its canonical name, kind and region, by number of articles.",
        "页面所载的每种来源及其规范名称、类别和地区，按文章数排列。",
        dictionary(ReleasedSource),
        ("source",),
        "sources.csv.gz",
    ),
    ReleasedTable(
        "reprints",
        "Groups of articles with nearly the same text, by size.",
        "正文（几乎）相同的文章组，按篇数排列。",
        dictionary(ReleasedReprints),
        ("reprint_group",),
        "reprints.csv.gz",
        (Reference(("reprint_group",), "articles", ("id",)),),
    ),
    ReleasedTable(
        "places",
        "The places that each article names, by id and first mention.",
        "每篇文章提到的地名，按编号和首次出现的次序排列。",
        dictionary(ReleasedPlace),
        ("id", "number"),
        "places.csv.gz",
        (_TO_ARTICLE,),
    ),
    ReleasedTable(
        "corrections",
        "What persons accepted, corrected and rejected, by id. A rejected page is in no other table.",
        "人工确认、更正和剔除的内容，按编号排列。剔除的页面不见于其他各表。",
        dictionary(ReleasedReview),
        ("id", "version", "field", "payload_sha256"),
        "corrections.jsonl",
    ),
    ReleasedTable(
        "tombstones",
        "Withdrawn articles with day, reason and digests, by id. A withdrawn article is in no other table.",
        "应要求撤下的文章及其日期、理由和摘要值，按编号排列。撤下的文章不见于其他各表。",
        dictionary(ReleasedTombstone),
        ("id",),
        "tombstones.jsonl",
    ),
)
TABLES: Mapping[str, ReleasedTable] = {
    table.name: replace(table, fields=with_chinese(table.name, table.fields)) for table in _ALL
}
"""By name."""
