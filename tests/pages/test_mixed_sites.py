"""Whole made-up sites are learned and read exactly: every field of every article, and nothing else."""

from dataclasses import replace
from urllib.parse import urljoin

import pytest

from gdfupin_spider import pages
from gdfupin_spider.items import Capture, Proof
from gdfupin_spider.pages.learning.lessons import Lessons
from gdfupin_spider.profiles import load, with_layouts

from .mixed_sites import MixedSite, Story

HOST = "http://county.example"


def expected(site: MixedSite, story: Story) -> tuple[str, str | None, str | None, str]:
    date = story.date("iso") if site.info.date else None
    body = [*story.paragraphs, *([story.file[1]] if story.file else [])]
    return story.title, date, story.source if site.info.source else None, "\n".join(body)


@pytest.mark.parametrize("seed", range(30))
def test_a_made_up_site_is_learned_and_read(seed: int) -> None:
    site = MixedSite(seed, 40)
    charset = "utf-8" if site.encoding == "utf-8" else "gb2312"
    headers = (("Content-Type", f"text/html; charset={charset}"),)
    captures = {
        address: Capture(urljoin(HOST, address), "2026-11-20T03:04:05Z", 200, headers, payload, Proof("x", 0, address))
        for address, payload in site.pages().items()
    }
    lessons = Lessons(replace(load("general"), hosts=("county.example",), start_urls=(f"{HOST}/",)))
    for capture in captures.values():
        lessons.add(capture)
    profile = with_layouts(load("general"), lessons.layouts())
    by_address = {site.address(story): story for story in site.stories}
    for address, capture in captures.items():
        page = pages.read(capture, profile)
        article = pages.article((page,)).article if page.kind == "article" else None
        if address not in by_address:
            assert article is None, address
            continue
        title, date, source, body = expected(site, by_address[address])
        assert article is not None, (address, page.why)
        assert (article.title, article.date, article.body) == (title, date, body)
        if site.info.source is not None:
            assert article.source == source
