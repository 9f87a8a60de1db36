"""Layouts in a whole crawl: learned at its end, used by the next one."""

import json
from pathlib import Path

import pytest

from gdfupin_spider.pages import identity_key
from gdfupin_spider.replica import MARKUPS, serve, truth
from gdfupin_spider.storage.archive_info import profile_of
from tests import forked
from tests.sites import environment, expected

FIELDS = ("title", "date", "source", "author", "section", "body")


def crawl(output: Path, proxy: str, clock: str) -> None:
    known = environment(proxy, layout_pages=10) | {"GDFUPIN_CLOCK": clock}
    command = [
        "crawl",
        "--output",
        str(output),
        "--no-media",
        "--full",
        "--recheck",
        "all",
        "--delay",
        "0",
        "--concurrency",
        "4",
    ]
    done = forked.run(forked.GDFUPIN, command, environment=known, timeout=240)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("markup", sorted(MARKUPS))
def test_a_first_crawl_learns_and_the_next_uses_it_without_any_change(tmp_path: Path, markup: str) -> None:
    with serve(markup) as replica:
        crawl(tmp_path, replica.proxy, "2026-11-20T03:00:00Z")
        first = profile_of(tmp_path)
        assert first.layouts
        crawl(tmp_path, replica.proxy, "2026-11-21T03:00:00Z")
    assert profile_of(tmp_path).digest == first.digest
    one, two = sorted((tmp_path / "crawls").iterdir())
    [reading] = (tmp_path / "readings").glob(f"*/{one.name}")
    assert json.loads((two / "report.json").read_text("utf-8"))["changes"] == {}
    learned = [json.loads(line) for line in (reading / "articles.jsonl").read_text("utf-8").splitlines()]
    later = [json.loads(line) for line in (two / "articles.jsonl").read_text("utf-8").splitlines()]
    assert {line["reader"] for line in learned} == {line["reader"] for line in later}
    known = {
        identity_key(address.url).lower(): expected(story, address)
        for story in truth(markup)
        for address in story.addresses
    }
    for lines in (learned, later):
        assert len(lines) == len(truth(markup))
        wrong = [
            (line["url"], name, line[name], right)
            for line in lines
            for name in FIELDS
            if line[name] != (right := known[identity_key(line["url"]).lower()][name])
        ]
        assert wrong == []
