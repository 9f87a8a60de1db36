"""Texts that several cards share."""

from ...terminal import pluralized
from ..metadata import About

RIGHTS_URL = "https://rightsstatements.org/vocab/InC/1.0/"
"""In copyright: the statement that libraries use where the texts belong to others and no licence was given."""
KEYWORDS = ("poverty alleviation", "扶贫", "Guangdong", "广东", "Chinese", "news", "web archive")
PROGRAM = "gdfupin_spider contributors"


def title(about: About) -> str:
    """The dataset's name."""
    return f"{about.title}: articles and their versions"


def description(about: About) -> str:
    """One English paragraph."""
    if about.demo:
        return (
            f"Demo data: {pluralized(about.articles, 'invented article')}, served by the replica of gdfupin_spider. Nothing in them was "
            "published by anybody; people and places in them are made up. For trying the formats only."
        )
    span = f" dated {about.first_date} to {about.last_date}" if about.first_date else ""
    return (
        f"{pluralized(about.articles, 'article')}{span} in {pluralized(about.versions, 'version')}, as {about.title}"
        f"{f' ({about.home})' if about.home else ''} published them: title, date, source, author, section and text of each, "
        "extracted from archived web pages, with a pointer to the WARC record it was read from."
    )


def description_zh(about: About) -> str:
    """The same in Chinese."""
    if about.demo:
        return (
            f"演示数据：{about.articles:,} 篇虚构文章，由 gdfupin_spider 的模拟站点提供。内容并非任何机构发表，人物、地点均属虚构，"
            "仅供试用各种数据格式。"
        )
    span = f"（页面所载日期 {about.first_date} 至 {about.last_date}）" if about.first_date else ""
    return (
        f"{about.title}{f'（{about.home}）' if about.home else ''}发表的 {about.articles:,} 篇文章{span}，共 {about.versions:,} 个版本："
        "每篇文章包括题名、日期、来源、作者、栏目和正文，由采集的网页解析而成，并附溯源信息（WARC 文件中的位置）。"
    )


def share(part: int, whole: int) -> str:
    """In percent; never 100 % where something is missing, never 0 % where something is there.

    >>> share(1999, 2000), share(1, 3000), share(0, 0)
    ('99.9 %', '0.1 %', '-')
    """
    if not whole:
        return "-"
    tenths = part * 1000 // whole if part * 2 > whole else -(-part * 1000 // whole)
    return f"{tenths / 10:g} %"
