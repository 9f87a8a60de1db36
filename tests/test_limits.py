"""No site can hold a crawl for ever: pages, bytes, hours, articles that nothing lists, files of an article and of a host."""

from pathlib import Path

import pytest

from gdfupin_spider.frontier.limits import LimitKeeper, Limits
from tests.handmade import Handmade, article, links, page
from tests.sites import Crawl, crawl


def _settings(output: Path, **limits: float) -> Path:
    output.mkdir(exist_ok=True)
    (output / "operator.toml").write_text(
        "[limits]\n" + "".join(f"{name} = {value}\n" for name, value in limits.items())
    )
    return output


def _alarms(done: Crawl) -> list[str]:
    return [alarm["name"] for alarm in done.answer["monitors"]["alarms"]]


def _invented(path: str) -> bytes:
    """An article that links to two more, for ever."""
    number = int(path.rpartition("=")[2])
    further = f"<a href='/show.asp?id={2 * number}'>甲</a> <a href='/show.asp?id={2 * number + 1}'>乙</a>"
    return article(
        f"修路之{number}", f"<p>{further}</p>", f"这是第{number}条路的故事，说的是村里修路、种果、办学、看病的事。"
    )


ENDLESS = {"/": page(links("/show.asp?id=1")), "/show.asp": _invented}


def test_a_site_that_invents_articles_is_recognised(tmp_path: Path) -> None:
    output = _settings(tmp_path / "output", unlisted=30)
    with Handmade(ENDLESS) as site:
        done = crawl(output, "--start-url", site.url, demo=False)
    assert done.answer["reason"] == "finished"
    assert 30 <= done.answer["articles"] <= 65  # with those that were requested before
    assert _alarms(done) == ["limit: unlisted"]


@pytest.mark.parametrize(("name", "value", "reason"), [("pages", 20, "too-many-pages"), ("gigabytes", 0.00002, "too-many-bytes"), ("hours", 0.0005, "too-long")])  # fmt: skip
def test_a_crawl_ends_at_its_limit_of(name: str, value: float, reason: str, tmp_path: Path) -> None:
    output = _settings(tmp_path / "output", **{name: value})
    with Handmade(ENDLESS) as site:
        done = crawl(output, "--start-url", site.url, "--delay", "0.02", demo=False)
    assert (done.exit_code, done.answer["reason"]) == (8, reason)
    [alarm] = done.answer["monitors"]["alarms"]
    assert f"limits.{name} in operator.toml" in alarm["message"]
    assert done.answer["articles"] == len(done.lines("articles")) > 0


def test_a_crawl_ends_after_max_pages_without_an_alarm(tmp_path: Path) -> None:
    with Handmade(ENDLESS) as site:
        done = crawl(tmp_path, "--start-url", site.url, "--delay", "0.02", "--max-pages", "9", demo=False)
    assert (done.exit_code, done.answer["reason"], _alarms(done)) == (0, "max-pages", [])
    assert 9 <= done.answer["requests_total"] <= 13, "those on the wire may end"


def test_files_of_an_article_and_of_a_host_have_a_limit(tmp_path: Path) -> None:
    output = _settings(tmp_path / "output", files_of_article=40, failures_of_host=3)
    pictures = "".join(f"<p><img src='/{number}.jpg'></p>" for number in range(60))
    site = {"/": page(links("/a.htm")), "/a.htm": article("修路", body=f"村里修路的人多了。{pictures}")}
    broken = {f"/{number}.jpg": (501, {}, b"") for number in range(60)}
    with Handmade({**site, **broken}) as served:
        done = crawl(output, "--start-url", served.url, "--concurrency", "1", demo=False)
    assert len(done.lines("media")) == 40
    assert _alarms(done) == ["limit: files"]
    gone = {f"/{number}.jpg": (500, {}, b"") for number in range(60)}
    with Handmade({**site, **gone}) as served:
        done = crawl(_settings(tmp_path / "other", failures_of_host=3), "--start-url", served.url, demo=False)
    assert sum(done.answer["requests"]["media"].values()) < 12
    assert {what for what, _ in done.issues("failure")} == {"host-given-up"}
    assert [name.partition(":")[0] for name in _alarms(done)] == ["limit"]


def test_an_article_that_a_listing_has_later_counts_as_listed() -> None:
    keeper = LimitKeeper(Limits(unlisted=2, unlisted_for_each_listed=0), 0)
    for key in ("a", "b", "c"):
        keeper.article(key, is_listed=False)
    assert not keeper.leads_on("d")
    keeper.listed(["a", "b", "d"])
    assert keeper.leads_on("e")
    assert not keeper.reached()
