"""Whole made-up sites are learned and read exactly: every field of every article, and nothing else."""

from collections.abc import Iterable
from dataclasses import replace
from urllib.parse import urljoin

import pytest

from gdfupin_spider import pages
from gdfupin_spider.items import Article, Capture, Proof
from gdfupin_spider.pages.learning.lessons import Lessons
from gdfupin_spider.profiles import Profile, load, with_layouts

from .mixed_sites import MixedSite, Story

HOST = "http://county.example"


def expected(site: MixedSite, story: Story) -> tuple[str, str | None, str | None, str]:
    date = story.date("iso") if site.info.date else None
    body = [*story.paragraphs, *([story.file[1]] if story.file else [])]
    return story.title, date, story.source if site.info.source else None, "\n".join(body)


def captures_of(site: MixedSite) -> dict[str, Capture]:
    charset = "utf-8" if site.encoding == "utf-8" else "gb2312"
    headers = (("Content-Type", f"text/html; charset={charset}"),)
    return {
        address: Capture(urljoin(HOST, address), "2026-11-20T03:04:05Z", 200, headers, payload, Proof("x", 0, address))
        for address, payload in site.pages().items()
    }


def learned(captures: Iterable[Capture]) -> Profile:
    """The profile of four lines with what these captures teach."""
    profile = replace(load("general"), hosts=("county.example",), start_urls=(f"{HOST}/",))
    lessons = Lessons(profile)
    for capture in captures:
        lessons.add(capture)
    return with_layouts(profile, lessons.layouts())


def article_of(capture: Capture, profile: Profile) -> Article | None:
    page = pages.read(capture, profile)
    return pages.article((page,)).article if page.kind == "article" else None


@pytest.mark.parametrize("seed", range(30))
def test_a_made_up_site_is_learned_and_read(seed: int) -> None:
    site = MixedSite(seed, 40)
    captures = captures_of(site)
    profile = learned(captures.values())
    by_address = {site.address(story): story for story in site.stories}
    for address, capture in captures.items():
        article = article_of(capture, profile)
        if address not in by_address:
            assert article is None, address
            continue
        title, date, source, body = expected(site, by_address[address])
        assert article is not None, address
        assert (article.title, article.date, article.body) == (title, date, body)
        if site.info.source is not None:
            assert article.source == source


@pytest.mark.parametrize("seed", range(30, 36))
def test_half_of_the_pages_teach_what_all_do(seed: int) -> None:
    site = MixedSite(seed, 60)
    captures = captures_of(site)
    rest = {site.address(story) for story in site.stories[::2]}
    whole = learned(captures.values())
    half = learned(capture for address, capture in captures.items() if address not in rest)
    articles = [captures[site.address(story)] for story in site.stories]
    fields = [
        [
            (each.title, each.date, each.source, each.body) if each else None
            for each in (article_of(c, whole), article_of(c, half))
        ]
        for c in articles
    ]
    assert sum(one == other for one, other in fields) >= 0.98 * len(articles)
