"""After a redesign that moves all articles, a crawl costs what it cost before."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gdfupin_spider.catalog import Listing
from gdfupin_spider.frontier.plan import Plan, Recheck
from gdfupin_spider.items import Proof, Sighting
from gdfupin_spider.monitoring.lookout import Lookout
from tests.living_site import LivingSite
from tests.sites import crawl

DAY = datetime(2026, 1, 1, 3, tzinfo=UTC)
EVERY_DAY = "[schedule]\nlongest_days = 1\n"


def test_addresses_that_an_article_left_are_not_requested_again(tmp_path: Path) -> None:
    (tmp_path / "operator.toml").write_text(EVERY_DAY)
    with LivingSite().fill(6, DAY.date()) as site:
        for day, prefix in enumerate(("", "/second", "/third", "/third")):
            site.prefix, site.now = prefix, DAY + timedelta(days=day)
            site.asked.clear()
            clock = f"{site.now:%Y-%m-%dT%H:%M:%SZ}"
            done = crawl(tmp_path, "--start-url", site.url, "--no-media", clock=clock, check_clock=True)
        assert done.answer["catalog"]["articles"] == {"live": 6}
        assert sorted(path for path in site.asked if "show.asp" in path) == sorted(map(site.path_of, site.items))
        site.items[0].gone = True
        for day in (4, 5):
            site.now = DAY + timedelta(days=day)
            site.asked.clear()
            clock = f"{site.now:%Y-%m-%dT%H:%M:%SZ}"
            done = crawl(tmp_path, "--start-url", site.url, "--no-media", clock=clock, check_clock=True)
        assert done.answer["changes"] == {"gone": 1}, "it is missing at each of its addresses"
        assert sum(path.endswith("id=1") for path in site.asked) == 3


@pytest.mark.parametrize(
    ("missing", "most"), [("a", False), ("ab", False), ("abc", True), ("abcx", True), ("axyz", False)]
)
def test_an_article_is_missing_once_however_many_addresses_it_had(missing: str, most: bool) -> None:
    """Three articles, of which the first one has the addresses a and b; x, y and z are listings."""
    urls = {name: f"http://a.cn/{name}" for name in "abcdxyz"}
    heads = {ord(name): Listing(urls[name], True, None) for name in "xyz"}
    plan = Plan(lambda url: ord(url[-1]), articles=frozenset(map(ord, "abcd")), listings=frozenset(heads), heads=heads)
    lookout = Lookout(plan)
    lookout.requested(urls["a"], Recheck(urls["a"], others=(urls["b"],)))
    for name in missing:
        sighting = Sighting(name, urls[name], "missing", "2026-01-02T03:00:00Z", "live", Proof("warc", 0, ""))
        lookout.judged(None, sighting, None, ())
    assert lookout.most_are_missing is most
