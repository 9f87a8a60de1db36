"""What a release says about itself: one record, from which README, CITATION.cff, datapackage.json, croissant.json and
index.html are made, each by a pure function `text(about) -> str`.

There is no clock in it: a release of the same crawls says the same on another day.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from .records import Field


@dataclass(frozen=True, slots=True)
class File:
    """A file of the release that holds data; cards are not among them."""

    name: str
    """Within the folder, such as `articles.jsonl.gz`."""
    media_type: str
    """As IANA names it; of a compressed file that of the compression, such as `application/gzip`."""
    what: str
    """One English sentence on what is in it."""
    bytes: int
    sha256: str
    """Hex, of the file as it lies there."""
    rows: int
    """Records in it."""
    fields: tuple[Field, ...]
    """Of each record, in the order of the file. Those of `articles.csv` are flat (see docs/releases.md)."""


@dataclass(frozen=True, slots=True)
class CrawlUsed:
    """A crawl whose lines are in the release."""

    name: str
    began: str | None
    """`YYYY-MM-DDTHH:MM:SSZ`, UTC, of its earliest capture; None where it captured no page."""
    ended: str | None
    """Of its last capture."""
    origins: tuple[str, ...]
    """Where its sightings came from."""
    sightings: int
    articles: int
    """Article lines."""


@dataclass(frozen=True, slots=True)
class Stratum:
    """The articles of one section and one year."""

    section: str
    """`` where the page names none."""
    year: str
    """`YYYY` of the printed date, `` where none is printed."""
    articles: int
    has: Mapping[str, int]
    """By field that may be absent (date, source, author, section, breadcrumb, info_line, body, images, attachments): how
    many of these articles have it."""


@dataclass(frozen=True, slots=True)
class SectionListing:
    """What the site itself says about a section, against what is here."""

    section: str
    printed_total: int | None
    """Articles that its listing says it has; None where it does not say."""
    listed: int
    """Addresses that its rows ever led to."""
    articles: int
    """Articles of the release among them."""
    walked_at: str | None
    """When all pages of the listing were last seen; None: never."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that is known to be missing: from the completeness ledger."""

    what: str
    """A short fixed name."""
    section: str | None
    count: int
    meaning: str
    """A sentence for the reader of the dataset."""


@dataclass(frozen=True, slots=True)
class About:
    """A release, as its cards tell it. Counts are of articles in their newest version unless they say otherwise."""

    name: str
    """Of the release, such as `2026.11.23`."""
    date: str
    """`YYYY-MM-DD`, UTC: of the newest crawl in it."""
    title: str
    """Of the site, such as 广东扶贫网."""
    home: str | None
    """The site's address."""
    profile: str
    """Name of the profile; the first part of every id."""
    reader: str
    """Who read the pages: `<number>+<profile>.<8 hex>`."""
    program: str
    """Version of gdfupin_spider."""
    format: int
    """Number of the layout of releases."""
    previous: str | None
    """Name of the release before; None: this is the first."""
    records_sha256: str
    """Hex SHA-256 of the lines of articles.jsonl.gz, uncompressed: the same whatever libraries wrote the files."""
    articles: int
    versions: int
    statuses: Mapping[str, int]
    """Articles by status, of live, suspected, gone, archived those that there are."""
    changes: Mapping[str, int]
    """Changes since the release before by kind; empty in the first release."""
    first_date: str | None
    """`YYYY-MM-DD`: the earliest date printed on an article."""
    last_date: str | None
    first_seen: str | None
    """UTC: the earliest look that found an article."""
    last_seen: str | None
    characters: int
    """Of all bodies together."""
    coverage: tuple[Stratum, ...]
    """By section, then year; all articles are in one of them."""
    months: Mapping[str, Mapping[str, int]]
    """`YYYY-MM` of the printed date to section to articles; without a date: in none."""
    sources: tuple[tuple[str, int], ...]
    """The most frequent sources with their articles, at most 50, most frequent first."""
    sources_total: int
    """How many different sources there are."""
    lengths: tuple[tuple[int, int], ...]
    """Lengths of bodies: (from so many characters, articles), up to the next one's; sorted, empty classes left out."""
    listings: tuple[SectionListing, ...]
    gaps: tuple[Gap, ...]
    lost_versions: int
    """Versions that were seen, but whose line was lost with a killed crawl: they are in no file."""
    allowed: tuple[str, ...]
    """Assertions that were lifted by name for this release."""
    crawls: tuple[CrawlUsed, ...]
    """By name, so from the oldest to the newest."""
    files: tuple[File, ...]

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
    "archive; captures.csv.gz holds their positions. Text that only a script would produce is not included.",
    "zh": "不含图片和附件，仅含其网址。HTML 和 HTTP 头保存在采集库的 WARC 文件中，captures.csv.gz 记录其位置。不含须运行脚本才会生成的文字。",
}
"""What is not in a release, by language."""


def citation(about: About) -> str:
    """How to cite the release, in one line; without a URL or DOI, which only who publishes it knows."""
    site = f"{about.title} ({about.home})" if about.home else about.title
    return f"gdfupin_spider contributors ({about.date[:4]}): {site}, articles and their versions. Release {about.name}."
