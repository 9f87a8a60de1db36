"""Which captures of an index are fetched, in which order, and why others are not."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gdfupin_spider import profiles, warc
from gdfupin_spider.frontier.scope import Scope
from gdfupin_spider.sources.archives.address_kinds import AddressKinds
from gdfupin_spider.sources.archives.capture_plan import ArchivePlan, Wanted, plan
from gdfupin_spider.sources.archives.cdx_rows import IndexRow
from gdfupin_spider.sources.archives.outcomes import Outcomes
from gdfupin_spider.sources.held import Held, sha1_of
from gdfupin_spider.warc import Exchange
from tests.catalog.lines import Crawl, folded
from tests.web_archive import surt

NOW = datetime(2026, 11, 29, tzinfo=UTC)
SITE = "http://www.gdfupin.org.cn"


def row(path: str, time: str, payload: str = "", status: int | None = 200, mime: str = "text/html") -> IndexRow:
    url = path if "://" in path else SITE + path
    digest = sha1_of((payload or f"{url} {time}").encode())
    return IndexRow(surt(url), time + "20130101000000"[len(time) :], url, mime, status, digest)


def planned(tmp_path: Path, rows: Iterable[IndexRow], held: Held | None = None, **wanted: object) -> ArchivePlan:
    profile = profiles.load("gdfupin")
    return plan(
        rows, Wanted(**wanted), AddressKinds(tmp_path, profile), held or Held(), Outcomes(tmp_path, 30),  # type: ignore[arg-type]
        Scope(profile), 480, NOW, gone_hours=12,
    )  # fmt: skip


def names(of: ArchivePlan) -> list[tuple[str, str, str]]:
    return [(each.group, each.row.url.removeprefix(SITE), each.row.timestamp[:6]) for each in of.captures]


def test_listings_of_every_year_come_first_then_articles_then_what_may_be_one_then_versions(tmp_path: Path) -> None:
    rows = [
        row("/x/12.htm", "201301"), row("/show.asp?id=1", "201302"), row("/show.asp?id=1", "201402"),
        row("/list.asp", "201305"), row("/list.asp", "201307"), row("/list.asp", "201501"), row("/", "201601"),
        row("/show.asp?id=2", "201201", status=404),
    ]  # fmt: skip
    assert names(planned(tmp_path, rows)) == [
        ("listings", "/list.asp", "201305"), ("listings", "/list.asp", "201501"), ("listings", "/", "201601"),
        ("articles", "/show.asp?id=1", "201302"),
        ("unknown", "/x/12.htm", "201301"),
        ("versions", "/list.asp", "201307"), ("versions", "/show.asp?id=1", "201402"),
        ("gone and moved", "/show.asp?id=2", "201201"),
    ]  # fmt: skip


def test_of_a_run_of_equal_payloads_the_oldest_is_fetched_and_what_came_back_again(tmp_path: Path) -> None:
    """Redirects between captures (http, https) do not end a run; a page that was gone does."""
    rows = [
        row("/show.asp?id=1", "201301", "A"), row("/show.asp?id=1", "201302", "A", None, "warc/revisit"),
        row("/show.asp?id=1", "201303", "there", 301), row("https://gdfupin.org.cn/Show.asp?ID=1", "201304", "A"),
        row("/show.asp?id=1", "201305", "there", 301), row("/show.asp?id=1", "201306", "B"),
        row("/show.asp?id=1", "201307", "A"), row("/show.asp?id=1", "20130801", "none", 404),
        row("/show.asp?id=1", "2013080103", "nothing", 404), row("/show.asp?id=1", "201310", "A"),
    ]  # fmt: skip
    found = planned(tmp_path, rows)
    assert sorted(time for *_, time in names(found)) == ["201301", "201303", "201306", "201307", "201308", "201310"]
    assert found.left_out == {"same content": 4}


def test_a_second_404_is_fetched_if_it_is_far_enough_from_the_first(tmp_path: Path) -> None:
    rows = [
        row("/show.asp?id=1", "2013"), *(row("/show.asp?id=1", time, "none", 404) for time in ("2014050103", "2014050114")),
        *(row("/show.asp?id=1", time, "none", 404) for time in ("2014050115", "201506", "201606")),
    ]  # fmt: skip
    found = [(each.group, each.row.timestamp[:10]) for each in planned(tmp_path, rows).captures]
    assert found[1:] == [("gone and moved", "2014050103"), ("gone and moved", "2014050115")]


def test_for_each_missing_article_another_one_shows_that_the_site_stood(tmp_path: Path) -> None:
    """Two are missing, so two of the others are fetched once more; not 6, which came later, nor 7, whose end is before."""
    rows = [
        row(f"/show.asp?id={n}", time, f"{n}") for n in range(1, 6) for time in ("20130101", "20150101", "20180101")
    ]
    rows = [each for each in rows if each.url[-1] not in "12" or each.year == 2013]
    rows += [row(f"/show.asp?id={n}", time, status=404) for n in (1, 2) for time in ("20140101", "20160101")]
    rows += [row("/show.asp?id=6", time, "6") for time in ("20170101", "20180101")]
    rows += [row("/show.asp?id=7", time, "7") for time in ("20130101", "20150101")]
    versions = [each for each in names(planned(tmp_path, rows)) if each[0] == "versions"]
    assert versions == [("versions", "/show.asp?id=3", "201801"), ("versions", "/show.asp?id=4", "201801")]


def test_of_a_page_that_was_missing_the_newest_capture_is_fetched_though_its_payload_is_held(tmp_path: Path) -> None:
    """It shows that the article came back: missing in this archive, or in another, whose 404s the catalog has."""
    held = Held()
    held.add(warc.unkept(Exchange(f"{SITE}/show.asp?id=1", "2013-02-01T00:00:00Z", 200, (), b"A")))
    rows = [row("/show.asp?id=1", time, "A") for time in ("20130201", "201602", "201702")]
    assert names(planned(tmp_path, rows, held, missing_only=True)) == []
    here = [*rows, row("/show.asp?id=1", "201402", status=404)]
    assert [time for *_, time in names(planned(tmp_path, here, held, missing_only=True))] == ["201702", "201402"]
    there = Crawl(9, "wayback").gone(f"{SITE}/show.asp?id=1", "2015-05-01T00:00:00Z")
    folded(tmp_path, there).close()
    assert names(planned(tmp_path, rows, held, missing_only=True)) == [("versions", "/show.asp?id=1", "201702")]
    assert names(planned(tmp_path, rows[:1], held, missing_only=True)) == []


def test_what_is_held_is_left_out_and_further_versions_of_it_are_no_missing_articles(tmp_path: Path) -> None:
    held = Held()
    held.add(warc.unkept(Exchange(f"{SITE}/show.asp?id=1", "2013-02-01T00:00:00Z", 200, (), b"A")))
    rows = [
        row("/show.asp?id=1", "20130201", "A"),
        row("/show.asp?id=1", "20140201", "B"),
        row("/show.asp?id=2", "20150201"),
    ]
    found = planned(tmp_path, rows, held)
    assert names(found) == [("articles", "/show.asp?id=2", "201502"), ("versions", "/show.asp?id=1", "201402")]
    assert found.left_out == {"held": 1}


def test_an_older_capture_of_what_is_held_is_fetched_for_its_date(tmp_path: Path) -> None:
    held = Held()
    held.add(warc.unkept(Exchange(f"{SITE}/show.asp?id=1", "2026-01-01T00:00:00Z", 200, (), b"A")))
    assert names(planned(tmp_path, [row("/show.asp?id=1", "20130201", "A")], held)) == [
        ("versions", "/show.asp?id=1", "201302")
    ]


def test_what_is_no_page_of_the_site_is_left_out_by_name(tmp_path: Path) -> None:
    rows = [
        row("/robots.txt", "2013", mime="text/plain"), row("/a.jpg", "2013", mime="image/jpeg"),
        row("/b.css", "2013", status=None, mime="warc/revisit"), row("http://b.cn/", "2013"),
        row("/show.asp?id=1", "2013", status=503), row("/show.asp?id=1", "2013", status=403),
    ]  # fmt: skip
    found = planned(tmp_path, rows)
    assert found.captures == ()
    assert found.left_out == {"robots.txt": 1, "media": 2, "other hosts": 1, "no content": 2}
    assert [group for group, *_ in names(planned(tmp_path, rows, media=True))] == ["media", "media"]


def test_the_pages_of_an_article_are_fetched_together_also_those_that_are_held(tmp_path: Path) -> None:
    """A crawl folder is read by itself. An address that only looks like a further page has no first one."""
    rows = [
        row("/show.asp?id=1", "20130101"), row("/show.asp?id=2", "20130102"), row("/show.asp?id=1&page=2", "20130103"),
        row("/x/42.htm", "20130104"), row("/x/42_2.htm", "20130105"), row("/x/42_3.htm", "20130105"),
        row("/x/t2013_7.htm", "20130101"), row("/x/t2013_8.htm", "20130102"),
    ]  # fmt: skip
    order = [each.row.url.removeprefix(SITE) for each in planned(tmp_path, rows).captures]
    for one, two in (
        ("/show.asp?id=1", "/show.asp?id=1&page=2"),
        ("/x/42.htm", "/x/42_2.htm"),
        ("/x/42_2.htm", "/x/42_3.htm"),
    ):
        assert order.index(two) == order.index(one) + 1
    held = Held()
    for each in (rows[4], rows[6]):
        held.add(warc.unkept(Exchange(each.url, each.captured_at, 200, (), b"held")))
    again = [each.row.url.removeprefix(SITE) for each in planned(tmp_path, rows, held).captures if each.again]
    assert again == ["/x/42_2.htm"]


@pytest.mark.parametrize(("wanted", "times"), [
    ({"since": "2013"}, ["201301", "201312", "201406"]),
    ({"until": "2013"}, ["201206", "201301", "201312"]),
    ({"since": "201302", "until": "201312"}, ["201312"]),
    ({"only": "articles"}, ["201301", "201312", "201406"]),
    ({"only": "listings"}, ["201206"]),
])  # fmt: skip
def test_the_plan_can_be_limited(tmp_path: Path, wanted: dict[str, object], times: list[str]) -> None:
    rows = [row("/list.asp", "201206"), *(row("/show.asp?id=1", time) for time in ("201301", "201312", "201406"))]
    assert sorted(time for *_, time in names(planned(tmp_path, rows, **wanted))) == times


def test_the_plan_has_its_time_at_the_pace_of_the_archive(tmp_path: Path) -> None:
    found = planned(tmp_path, (row(f"/show.asp?id={number}", "2013") for number in range(960)))
    assert found.minutes == 2
    assert found.encode()["years"] == {"2013": 960}
