"""Start URLs and paths with characters that a careless codec breaks on: commas, quotes, brackets, Chinese."""

import json
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path
from urllib.parse import quote, unquote

import pytest

from gdfupin_spider.storage.crawl_settings import settings_of
from tests.handmade import Answer, Handmade, article, page
from tests.sites import Crawl, crawl, run

KINDS = ("articles", "sightings", "pages", "issues")
ODD = [",", "'", '"', "]", "[", "扶贫,前沿", "a b", 'it\'s, "quoted"] 首页']


printed = partial(quote, safe="/?&=,'[]")
"""A path as pages print it."""


class Unquoted(dict[str, bytes | Answer | Callable[[str], bytes | Answer]]):
    """Pages by their paths without percent-encoding."""

    def get(self, path: str, default: object = None) -> bytes | Answer | Callable[[str], bytes | Answer] | None:  # type: ignore[override]
        return super().get(unquote(path))


def site(odd: str) -> Handmade:
    """A start page with an odd address, two articles, and an address that leads back to the start page."""
    home, listing, one, gone = (f"/{odd}/{name}" for name in ("首页.htm", "列表.htm", "一.htm", "二.htm"))
    rows = "".join(
        f'<li><a href="{printed(url)}">乡亲们的第{number}个好消息传遍山里</a> 2021-01-1{number}</li>'
        for number, url in enumerate((one, gone, "/show.asp?id=3&k=" + odd), 1)
    )
    return Handmade(
        Unquoted(
            {
                home: page(f'<p>欢迎来到本站，这里有村里的新闻。</p><a href="{printed(listing)}">扶贫要闻</a>'),
                listing: page(
                    f'<p>当前位置:<a href="{printed(home)}">首页</a>->>扶贫前沿->>扶贫要闻</p><ul>{rows}</ul>'
                ),
                one: article("乡亲们的第1个好消息传遍山里"),
                gone: (302, {"Location": printed(home)}, b""),
                "/show.asp": article("乡亲们的第3个好消息传遍山里"),
                f"/show.asp?id=3&k={odd}": article("乡亲们的第3个好消息传遍山里"),
            }
        )
    )


def lines(folder: Path) -> dict[str, list[bytes]]:
    return {kind: sorted((folder / f"{kind}.jsonl").read_bytes().splitlines()) for kind in KINDS}


def replayed(crawled: Crawl, output: Path) -> dict[str, list[bytes]]:
    assert crawled.folder is not None
    done = run("replay", crawled.folder.name, "--output", str(output))
    assert done.returncode == 0, done.stderr
    [folder] = (output / "readings").glob("*/*")
    return lines(folder)


@pytest.mark.parametrize("odd", ODD)
def test_a_crawl_from_an_odd_start_url_equals_its_replay_and_verifies(odd: str, tmp_path: Path) -> None:
    output = tmp_path / "output"
    with site(odd) as server:
        start = server.url + f"{odd}/首页.htm"
        crawled = crawl(output, "--start-url", start, "--no-media")
    assert crawled.exit_code == 0, crawled.log
    assert crawled.folder is not None
    assert len(crawled.lines("articles")) == 2
    [redirected] = [line["outcome"] for line in crawled.lines("sightings") if line["to"]]
    assert redirected == "missing"  # a redirect to the start page is no move
    assert [unquote(url) for url in settings_of(crawled.folder).start_urls] == [start]
    assert replayed(crawled, output) == lines(crawled.folder)
    verified = run("verify", "--output", str(output), "--json")
    assert (verified.returncode, json.loads(verified.stdout)["damage"]) == (0, []), verified.stdout


def test_a_killed_crawl_is_folded_with_its_own_start_urls(tmp_path: Path) -> None:
    """Without a report only the WARC knows where the crawl began."""
    output = tmp_path / "output"
    with site(",'") as server:
        crawled = crawl(output, "--start-url", f"{server.url},'/首页.htm", "--no-media")
    assert crawled.folder is not None
    shutil.rmtree(output / "readings", ignore_errors=True)
    for file in ("report.json", "changes.jsonl"):
        (crawled.folder / file).unlink()
    assert run("catalog", "--rebuild", "--output", str(output)).returncode == 0
    assert run("verify", "--output", str(output)).returncode == 0
