"""What a crawl of the whole site leaves: every article, exact, once."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from gdfupin_spider.pages import identity_key
from gdfupin_spider.replica import MARKUPS, Address, Truth, serve, truth
from gdfupin_spider.storage.crawl_folder import KINDS
from tests.sites import Crawl, crawl, crawl_replica, expected

Crawled = Callable[[str], Crawl]
every_markup = pytest.mark.parametrize("markup", sorted(MARKUPS))


def found(crawl: Crawl, markup: str) -> list[tuple[Truth, Address, dict[str, object]]]:
    """Each article line beside what it should be; an article that is no truth's, or one's twice, fails."""
    by_key = {identity_key(address.url): (t, address) for t in truth(markup) for address in t.addresses}
    lines = crawl.lines("articles")
    extra = [line["url"] for line in lines if identity_key(line["url"]) not in by_key]
    assert extra == []
    return [(*by_key[identity_key(line["url"])], line) for line in lines]


@every_markup
def test_every_article_is_found_once_and_nothing_else_is(crawled: Crawled, markup: str) -> None:
    numbers = Counter(t.number for t, _, _ in found(crawled(markup), markup))
    assert numbers == Counter(t.number for t in truth(markup))


@every_markup
def test_every_field_of_every_article_is_exact(crawled: Crawled, markup: str) -> None:
    wrong = []
    for t, address, line in found(crawled(markup), markup):
        for name, right in expected(t, address).items():
            same = identity_key(str(line[name])) == identity_key(right) if name == "url" else line[name] == right
            if not same:
                wrong.append((name, t.number, t.case, right, line[name]))
    assert wrong == []


@every_markup
def test_an_article_over_several_pages_proves_them_in_page_order(crawled: Crawled, markup: str) -> None:
    for t, address, line in found(crawled(markup), markup):
        assert len(line["captures"]) == len(address.parts), t.title  # type: ignore[arg-type]


@every_markup
def test_a_crawl_without_faults_is_complete(crawled: Crawled, markup: str) -> None:
    crawl = crawled(markup)
    assert (crawl.exit_code, crawl.answer["reason"], crawl.answer["gaps"]) == (0, "finished", 0), crawl.log


@every_markup
def test_lines_come_in_the_order_of_their_captures(crawled: Crawled, markup: str) -> None:
    offsets = [line["captures"][0]["offset"] for line in crawled(markup).lines("articles")]
    assert offsets == sorted(offsets)


@every_markup
def test_the_other_address_of_an_article_is_a_sighting_that_names_the_first(crawled: Crawled, markup: str) -> None:
    crawl = crawled(markup)
    written = {identity_key(line["url"]) for line in crawl.lines("articles")}
    seen = {identity_key(line["url"]): line for line in crawl.lines("sightings")}
    twice = [t for t in truth(markup) if len(t.addresses) > 1]
    assert twice
    for t in twice:
        first, other = sorted((identity_key(url) for url in t.urls), key=lambda key: key not in written)
        assert first in written
        assert other not in written
        assert identity_key(seen[other]["same_as"]) == first


def test_a_crawl_leaves_a_whole_folder(crawled: Crawled) -> None:
    crawl = crawled("asp-tables")
    assert crawl.folder is not None
    names = {path.name for path in crawl.folder.iterdir()}
    assert names == {
        "capture-00000.warc.gz",
        "changes.jsonl",
        "gaps.jsonl",
        "report.json",
        *(f"{kind}.jsonl" for kind in KINDS),
    }


def test_the_report_counts_what_the_lines_are(crawled: Crawled) -> None:
    crawl = crawled("asp-tables")
    assert crawl.answer["articles"] == len(crawl.lines("articles"))
    assert sum(crawl.answer["sightings"].values()) == len(crawl.lines("sightings"))
    assert sum(issue["count"] for issue in crawl.answer["issues"]) == len(crawl.lines("issues"))
    read = {name: covered["read"] for name, covered in crawl.answer["coverage"].items() if covered["read"]}
    assert read == Counter(line["section"] for line in crawl.lines("articles"))


def test_no_secret_and_only_known_settings_are_told(crawled: Crawled) -> None:
    assert sorted(crawled("asp-tables").answer["settings"]) == [
        "CONCURRENT_REQUESTS", "DOWNLOAD_DELAY", "DOWNLOAD_TIMEOUT", "GDFUPIN_MEDIA_BYTES", "GDFUPIN_PAGE_BYTES",
        "ROBOTSTXT_OBEY", "USER_AGENT", "full", "limit", "max_minutes", "max_pages", "media", "profile", "recheck", "requisites",
        "start_urls",
    ]  # fmt: skip


def test_pictures_and_attachments_are_captured_and_listed(crawled: Crawled) -> None:
    crawl = crawled("asp-tables")
    shown = {image["url"] for line in crawl.lines("articles") for image in line["images"]}
    offered = {file["url"] for line in crawl.lines("articles") for file in line["attachments"]}
    media = crawl.lines("media")
    assert {line["url"] for line in media} == shown | offered
    assert all(line["status"] == 200 and line["bytes"] > 0 for line in media)


def test_no_address_is_fetched_twice_where_nothing_fails(tmp_path: Path) -> None:
    _, replica = crawl_replica(tmp_path, "aspnet", extract=True)
    asked = Counter(identity_key(f"http://{request.host}{request.path}") for request in replica.requests)
    assert [url for url, times in asked.items() if times > 1] == []
    assert replica.forbidden == []


def test_without_media_no_picture_is_fetched(tmp_path: Path) -> None:
    crawl, replica = crawl_replica(tmp_path, "asp-tables", "--no-media", extract=True)
    assert crawl.exit_code == 0
    assert crawl.lines("media") == []
    assert not [request for request in replica.requests if request.path.endswith((".jpg", ".doc", ".pdf"))]


def test_a_limit_is_kept_exactly_and_is_no_gap(tmp_path: Path) -> None:
    crawl, _ = crawl_replica(tmp_path, "asp-tables", "--limit", "7")
    assert (len(crawl.lines("articles")), crawl.exit_code, crawl.answer["reason"]) == (7, 0, "limit")


def test_a_start_url_joins_the_scope(tmp_path: Path) -> None:
    with serve("static-cms", extract=True) as replica:
        done = crawl(tmp_path, "--start-url", replica.url, "--demo", "--no-media")
    assert done.exit_code == 0, done.log
    assert {identity_key(line["url"]) for line in done.lines("articles")} <= {
        identity_key(url) for t in truth("static-cms", replica.url, extract=True) for url in t.urls
    }
    assert len(done.lines("articles")) == len(truth("static-cms", extract=True))
