"""A release's `About` as a small archive would have it, with page text that means harm."""

from gdfupin_spider.releases.metadata import About, CrawlUsed, File, Gap, SectionListing, Stratum
from gdfupin_spider.releases.released_tables import TABLES

EVIL = "<script>alert(1)</script>|扶贫\u202e\x1b[31m"
_HAS = {"date": 9, "source": 8, "author": 2, "section": 10, "body": 10, "images": 1, "attachments": 0}


def a_file(name: str, media_type: str, table: str | None = None) -> File:
    fields = TABLES[table].fields if table else ()
    return File(
        name, media_type, "What is in it.", "内容。", 1234, "0" * 64, 20, fields, TABLES[table] if table else None
    )


def an_about(name: str = "2026.11.23", section: str = "扶贫要闻") -> About:
    return About(
        name=name,
        date="2026-11-23",
        title="广东扶贫网",
        home="http://www.gdfupin.org.cn/",
        profile="gdfupin",
        reader="1+gdfupin.cd383007",
        program="0.1.0",
        format=1,
        previous=None,
        records_sha256="f" * 64,
        articles=20,
        versions=22,
        statuses={"live": 19, "gone": 1},
        changes={},
        first_date="2009-03-01",
        last_date="2021-01-13",
        first_seen="2026-11-01T00:00:00Z",
        last_seen="2026-11-23T00:00:00Z",
        characters=12_345,
        coverage=(Stratum(section, "2020", 10, _HAS), Stratum("地市联播", "", 10, {**_HAS, "date": 0})),
        months={"2020-11": {section: 4}, "2021-02": {section: 5, "地市联播": 1}},
        sources=((section, 12), ("人民日报", 4)),
        sources_total=2,
        lengths=((0, 5), (500, 15)),
        listings=(SectionListing(section, 12, 11, 10, "2026-11-23T00:00:00Z"),),
        gaps=(Gap("missing", section, 2, "Its page answered 404.", "页面答复 404。"),),
        lost_versions=0,
        allowed=(),
        crawls=(CrawlUsed("20261123T000000Z-live", "2026-11-23T00:00:00Z", "2026-11-23T00:10:00Z", ("live",), 30, 20),),
        reviews={"accept": 3, "correct": 2},
        files=(
            a_file("articles.jsonl.gz", "application/gzip", "articles"),
            a_file("articles.parquet", "application/vnd.apache.parquet", "articles"),
            a_file("articles.sqlite", "application/vnd.sqlite3"),
        ),
    )
