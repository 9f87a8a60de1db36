"""Which lines of an output are folded, and the verb `gdfupin catalog`."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from gdfupin_spider import pages, profiles
from gdfupin_spider.catalog import Catalog, Rules
from gdfupin_spider.catalog.sources import choose, fold
from gdfupin_spider.catalog.update import bring_up_to_date
from gdfupin_spider.errors import CrawlRunning
from gdfupin_spider.replay.replayer import replay
from gdfupin_spider.storage.crawls import crawls
from gdfupin_spider.storage.lock import OutputLock
from tests.sites import Crawl, run

PROFILE = profiles.load("gdfupin")
READER = pages.reader(PROFILE)
MARKUP = "asp-tables"


@pytest.fixture
def output(crawled_extract: Callable[[str], Crawl], tmp_path: Path) -> Path:
    """An output with one whole crawl of the replica, to be changed at will."""
    folder = crawled_extract(MARKUP).folder
    assert folder is not None
    shutil.copytree(folder, tmp_path / "crawls" / folder.name)
    return tmp_path


def chosen(output: Path, running: str | None = None) -> list[str]:
    return [source.folder.partition("/")[0] for source in choose(output, PROFILE, running).sources]


def kill(output: Path) -> str:
    """As a kill would have left it: without its report, and with half a last line. Returns the crawl's name."""
    (crawl,) = crawls(output)
    (crawl.path / "report.json").unlink()
    with (crawl.path / "articles.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"id":"gdfupin-')
    return crawl.name


def test_the_catalog_holds_every_article_of_a_crawl(output: Path, crawled_extract: Callable[[str], Crawl]) -> None:
    folded, _ = fold(output, PROFILE)
    assert folded.problems == ()
    with Catalog(output / "catalog.sqlite") as catalog:
        articles = {article.id: article for article in catalog.articles()}
        lines = crawled_extract(MARKUP).lines("articles")
        assert articles.keys() == {catalog.resolve(line["id"]) for line in lines}
        assert len(articles) == len(lines)
        assert {article.title for article in articles.values()} == {line["title"] for line in lines}
        assert {article.status for article in articles.values()} == {"live"}


def test_its_own_lines_and_those_of_its_replay_give_the_same_articles(output: Path) -> None:
    def reported() -> tuple[object, ...]:
        with Catalog(output / "catalog.sqlite") as catalog:
            return list(catalog.articles()), [(v.id, v.content_sha256, v.last_seen) for v in catalog.versions()]

    fold(output, PROFILE)
    own = reported()
    (crawl,) = crawls(output)
    replay(crawl, PROFILE, output)
    assert chosen(output) == ["crawls"]
    kill(output)
    assert chosen(output) == ["readings"]
    folded, _ = fold(output, PROFILE)
    assert folded.again == f"crawl {crawl.name} was read again"
    assert reported() == own


def test_whole_lines_of_a_killed_crawl_are_folded(output: Path) -> None:
    name = kill(output)
    assert chosen(output) == ["crawls"]
    folded, _ = fold(output, PROFILE)
    assert folded.problems == ()
    with (output / "crawls" / name / "articles.jsonl").open("rb") as file:
        whole = sum(line.endswith(b"\n") for line in file)
    with Catalog(output / "catalog.sqlite") as catalog:
        assert len(list(catalog.articles())) == whole


def test_a_crawl_of_another_reader_must_be_read_again_first(output: Path) -> None:
    (crawl,) = crawls(output)
    report = json.loads((crawl.path / "report.json").read_text())
    report["versions"]["reader"] = "0+gdfupin.00000000"
    (crawl.path / "report.json").write_text(json.dumps(report))
    assert [crawl.name for crawl in choose(output, PROFILE).unread] == [crawl.name]
    answer = bring_up_to_date(output, PROFILE, Rules()).encode()
    assert (answer["read_again"], answer["reader"], answer["problems"]) == ([crawl.name], READER, 0)
    assert chosen(output) == ["readings"]
    assert bring_up_to_date(output, PROFILE, Rules()).update.folded.lines == 0


def test_a_killed_crawl_that_wrote_no_article_is_read_again(output: Path) -> None:
    name = kill(output)
    (output / "crawls" / name / "articles.jsonl").write_text("")
    assert [crawl.name for crawl in choose(output, PROFILE).unread] == [name]
    assert chosen(output, running=name) == ["crawls"]


def test_the_verb_says_what_there_is_and_dumps_equally_after_a_rebuild(output: Path) -> None:
    answer = json.loads(run("catalog", "--output", str(output), "--json").stdout)
    assert answer["articles"].keys() == {"live"}
    assert (answer["crawls"], answer["read_again"], answer["problems"]) == (1, [], 0)
    first = run("catalog", "--output", str(output), "--dump").stdout
    again = run("catalog", "--output", str(output), "--rebuild", "--dump").stdout
    assert first == again
    assert first.count("\n") > answer["sightings"]
    text = run("catalog", "--output", str(output)).stdout
    assert f"{answer['articles']['live']:,} live; {answer['versions']:,} versions" in text


def test_the_verb_waits_for_no_crawl(output: Path) -> None:
    with OutputLock(output, "a crawl"):
        with pytest.raises(CrawlRunning):
            bring_up_to_date(output, PROFILE, Rules())
        assert run("catalog", "--output", str(output)).returncode == 5


def test_a_catalog_that_cannot_be_opened_ends_in_one_line(output: Path) -> None:
    (output / "catalog.sqlite").write_bytes(b"no database " * 100)
    done = run("catalog", "--output", str(output))
    assert done.returncode != 0
    assert "--rebuild" in done.stderr
    assert "Traceback" not in done.stderr
    assert run("catalog", "--output", str(output), "--rebuild").returncode == 0
