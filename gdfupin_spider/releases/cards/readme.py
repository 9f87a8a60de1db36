"""README.md of a release: a dataset card in Chinese and English, with the YAML head that Hugging Face reads.

Both languages share the tables.
"""

import re
from collections.abc import Iterable, Sequence

import yaml

from ...terminal import markdown_text
from ..dictionary import Field
from ..metadata import DERIVED, NOT_KEPT, OWNERS, RIGHTS, About, citation
from ..released_tables import ReleasedTable
from .phrases import KEYWORDS, RIGHTS_URL, description, description_zh, share, title

LOADING = (
    ("Hugging Face", "python", 'datasets.load_dataset("ORGANISATION/NAME", "versions", split="train")'),
    ("pandas", "python", 'pandas.read_parquet("articles.parquet")'),
    ("polars", "python", 'polars.read_parquet("articles.parquet")'),
    ("DuckDB", "sql", "SELECT section, count(*) FROM 'articles.parquet' GROUP BY section"),
    ("R", "r", 'jsonlite::stream_in(gzfile("articles.jsonl.gz"), verbose = FALSE)'),
    ("SQLite", "sh", 'sqlite3 articles.sqlite "SELECT date, title FROM articles ORDER BY date DESC LIMIT 20"'),
)
"""How to load a release: (program, language, line). The first works after an upload, with the name of its repository, and beside a folder
that is named like one; the others in the folder of the release. `datasets` takes the name of the dataset from the folder, so `.`
does not work."""
_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))
_BAR = re.compile(r"(?<!\\)\|")
_TAG = re.compile(r"((?<![\\`])`[^`\\]*`(?!`))|(?<!\\)<")
KINDS = {
    "added": "新增",
    "edited": "修改",
    "moved": "变更栏目或网址",
    "gone": "消失",
    "reappeared": "恢复",
    "reread": "解析变动",
}
"""Kinds of change in Chinese."""
_DECISIONS = {
    "accept": "确认：解析值正确 · the value that was read is right",
    "correct": "更正：以人工填写的值为准 · another value is right",
    "reject": "剔除：该页不是文章 · the page is not an article",
}
STATUSES = {
    "live": "在线：最近一次采集时仍可访问 · found by the last look",
    "suspected": "存疑：有一次采集未找到 · missing once",
    "gone": "消失：间隔至少十二小时的两次采集均未找到 · missing in two crawls at least twelve hours apart",
    "archived": "仅见于网页存档：从未现场采集到 · never seen on the site, only in web archives",
}
"""What each status means, in both languages."""


def text(about: About) -> str:
    """The file."""
    parts = [
        f"---\n{_head(about)}---\n",
        f"# {title(about)}\n",
        _opening(about),
        _loading(),
        _files(about),
        _dictionary(about),
        _counts(about),
        _gaps(about),
        *([_reviews(about)] if about.reviews else []),
        _provenance(about),
        _rights(about),
    ]
    return "\n".join(parts)


def _head(about: About) -> str:
    head = {
        "language": ["zh"],
        "pretty_name": title(about),
        "license": "other",
        "license_name": "in-copyright",
        "license_link": RIGHTS_URL,
        "size_categories": [next((name for size, name in _SIZES if about.articles < size), "1M<n<10M")],
        "source_datasets": ["original"],
        "task_categories": ["text-generation", "text-classification"],
        "tags": list(KEYWORDS),
        "configs": [_config(table) for table in configured_tables(about)],
    }
    return yaml.safe_dump(head, allow_unicode=True, sort_keys=False, width=120)


def configured_tables(about: About) -> list[ReleasedTable]:
    """The tables that are configurations of the dataset: those with rows, for `datasets` can load no table without any.

    All of their files are Parquet: it reads all configurations as the format of the first.
    """
    return [file.table for file in about.files if file.table and file.name == file.table.parquet and file.rows]


def _config(table: ReleasedTable) -> dict[str, object]:
    default = {"default": True} if table.name == "articles" else {}
    return {"config_name": table.name, **default, "data_files": table.parquet}


def _opening(about: About) -> str:
    return (
        f"{description_zh(about)}\n\n{description(about)}\n\n"
        f"版本 `{about.name}`{f'，上一版本 `{about.previous}`' if about.previous else '，首个版本'} · "
        f"Release `{about.name}`{f', previous release `{about.previous}`' if about.previous else ', the first release'}. "
        "发布后不再修改 · Never changed after publication.\n"
    )


LOADING_NOTE = {
    "zh": '`ORGANISATION/NAME` 为上传后的仓库名；省略 `"versions"` 即为 `articles`，也可换成其他有数据的表，因为 `datasets` 无法读取空表。'
    "空表请读取 Parquet 文件：其 JSON Lines 文件是空文件，读不出字段名。其余各行在本版数据集的文件夹中运行。",
    "en": "`ORGANISATION/NAME` is the repository that the release was uploaded to; `versions` may be any table that has rows, since `datasets` "
    "can load no other, and without it `articles` is loaded. Of a table without rows take the Parquet file: its JSON Lines are an empty file, "
    "from which no program learns the columns. Run the other lines in the folder of the release.",
}


def _loading() -> str:
    rows = [(program, f"`{line}`") for program, _, line in LOADING]
    note = f"\n{LOADING_NOTE['zh']}\n\n{LOADING_NOTE['en']}\n"
    return _section("数据读取方法", "How to load the data", _table(("", ""), rows) + note)


def _files(about: About) -> str:
    rows = [
        (f"`{file.name}`", f"{file.rows:,}", _size(file.bytes), f"{file.what_zh} · {file.what}") for file in about.files
    ]
    more = (
        "\n`SHA256SUMS` 列出所有文件的校验和，`manifest.json` 列出所用的采集批次和程序版本 · "
        "`SHA256SUMS` lists the checksums of all files, `manifest.json` the crawls and program versions they were made from.\n"
        "\n`sha256sum --check SHA256SUMS`, `gdfupin release --verify .`\n"
    )
    return _section("文件", "Files", _table(("file", "rows", "size", "what"), rows) + more)


def _dictionary(about: About) -> str:
    described = [file.table for file in about.files if file.table and file.name == file.table.text]
    tables_ = _table(("table", "what", "key", "refers to"), map(_keys, described))
    others = "".join(
        f"\n<details><summary><code>{table.name}</code></summary>\n\n{_field_table(table.fields)}\n</details>\n"
        for table in described
        if table.name != "articles"
    )
    note = (
        "\n空值（null）表示页面未载明；除正文只有图片或附件时的 `body` 外，不使用空字符串 · "
        "Null means that the page has no such field. Empty strings occur only as a `body` that consists of pictures or files.\n"
        f"\n{DERIVED['zh']}\n\n{DERIVED['en']}\n"
    )
    articles = f"\n`articles`:\n\n{_field_table(about.file('articles.jsonl.gz').fields)}"
    return _section("数据表和字段", "Tables and fields", tables_ + articles + others + note)


def _keys(table: ReleasedTable) -> tuple[str, str, str, str]:
    """A row of the table of tables."""
    return (
        f"`{table.name}`",
        f"{table.what_zh} · {table.what}",
        _columns(table.key),
        "; ".join(f"{_columns(each.columns)} → `{each.table}` {_columns(each.key)}" for each in table.references),
    )


def _columns(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _field_table(fields: Sequence[Field]) -> str:
    return _table(("field", "type", "meaning"), _fields(fields))


def _fields(fields: Sequence[Field], inside: str = "") -> Iterable[tuple[str, str, str]]:
    for field in fields:
        kind = f"{field.type} or null" if field.nullable else field.type
        yield f"`{inside}{field.name}`", kind, f"{field.meaning_zh} · {field.meaning}"
        yield from _fields(field.parts, f"{inside}{field.name}[].")


def _counts(about: About) -> str:
    sections: dict[str, tuple[int, dict[str, int]]] = {}
    for stratum in about.coverage:
        count, has = sections.get(stratum.section, (0, {}))
        for field, n in stratum.has.items():
            has[field] = has.get(field, 0) + n
        sections[stratum.section] = (count + stratum.articles, has)
    printed = {listing.section: listing for listing in about.listings}
    rows = []
    for section, (count, has) in sorted(sections.items(), key=lambda item: (-item[1][0], item[0])):
        listing = printed.get(section)
        total = f"{listing.printed_total:,}" if listing and listing.printed_total is not None else ""
        rows.append(
            (
                markdown_text(section) or "-",
                f"{count:,}",
                total,
                *(share(has.get(name, 0), count) for name in ("date", "source", "author")),
            )
        )
    head = ("栏目 section", "文章 articles", "网站所列总数 printed total", "日期 date", "来源 source", "作者 author")
    statuses = [(f"`{name}`", f"{n:,}", STATUSES.get(name, "")) for name, n in about.statuses.items()]
    parts = [_table(head, rows), "\n" + _table(("status", "articles", ""), statuses)]
    if about.changes:
        changed = "，".join(f"{KINDS.get(kind, kind)} {n:,}" for kind, n in about.changes.items())
        english = ", ".join(f"{n:,} {kind}" for kind, n in about.changes.items())
        parts.append(f"\n与 `{about.previous}` 相比：{changed} · Since `{about.previous}`: {english} (`CHANGES.md`).\n")
    return _section("数量", "Counts", "".join(parts))


def _gaps(about: About) -> str:
    rows = [
        (
            f"`{gap.what}`",
            markdown_text(gap.section or "-"),
            f"{gap.count:,}",
            markdown_text(f"{gap.meaning_zh} · {gap.meaning}"),  # which may have an address of the site
        )
        for gap in about.gaps
    ]
    known = _table(("gap", "section", "count", "meaning"), rows) if rows else "没有已知的缺漏 · No known gaps.\n"
    lost = (
        f"\n{about.lost_versions:,} 个版本曾经见到，但其记录行因采集中断而丢失，不见于任何文件 · "
        f"{about.lost_versions:,} versions were seen, but their lines were lost when a crawl was killed; no file contains them.\n"
        if about.lost_versions
        else ""
    )
    allowed = (
        "\n本版放行的检查 · Checks that were waived for this release: "
        + ", ".join(f"`{name}`" for name in about.allowed)
        + " (see `manifest.json`).\n"
        if about.allowed
        else ""
    )
    return _section("缺漏", "Known gaps", known + lost + allowed)


def _reviews(about: About) -> str:
    rows = [(f"`{name}`", f"{about.reviews[name]:,}", _DECISIONS[name]) for name in _DECISIONS if name in about.reviews]
    note = (
        "\n人工校订不改变采集到的内容：`reviewed` 列出经人工确认或更正的字段，`corrections.jsonl` 逐条记录解析值、更正值、校订人和时间 · "
        "Corrections by persons do not change what was captured: `reviewed` lists the fields, `corrections.jsonl` has each decision "
        "with the value that was read, the value that holds, reviewer and time.\n"
    )
    return _section("人工校订", "Corrections", _table(("decision", "count", ""), rows) + note)


def _provenance(about: About) -> str:
    crawls = [
        (
            f"`{crawl.name}`",
            crawl.began or "-",
            ", ".join(crawl.origins) or "-",
            f"{crawl.sightings:,}",
            f"{crawl.articles:,}",
        )
        for crawl in about.crawls
    ]
    parts = (
        f"由 gdfupin_spider {about.program} 采集并解析（解析器版本 `{about.reader}`）。各版本的溯源信息（WARC 文件名、字节偏移、响应体的 SHA-256）见"
        "`captures.csv.gz` · "
        f"Crawled and parsed by gdfupin_spider {about.program} (reader `{about.reader}`). `captures.csv.gz` has the provenance of each "
        "version: WARC file, byte offset, SHA-256 of the payload.\n\n"
        f"{NOT_KEPT['zh']}\n\n{NOT_KEPT['en']}\n\n"
    )
    head = ("crawl", "began", "origin", "sightings", "articles")
    return _section("数据来源", "Provenance", parts + _table(head, crawls))


def _rights(about: About) -> str:
    return _section(
        "权利与引用",
        "Rights and citation",
        f"{RIGHTS['zh']}\n\n{RIGHTS['en']}\n\n© {OWNERS['en']}.\n\n> {citation(about)}\n",
    )


def _section(chinese: str, english: str, body: str) -> str:
    return f"## {chinese} · {english}\n\n{body}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(_cell(cell) for cell in line)} |\n" for line in lines)


def _cell(text: str) -> str:
    """A cell of a Markdown table: what comes of a page may hold anything. Between backticks nothing is a tag.

    >>> _cell("`<profile>-` | <b>")
    '`<profile>-` \\\\| &lt;b>'
    """
    return _TAG.sub(lambda found: found[1] or "&lt;", _BAR.sub(r"\|", " ".join(text.split())))


def _size(size: int) -> str:
    return f"{size / 1e6:,.1f} MB" if size >= 100_000 else f"{size:,} B"
