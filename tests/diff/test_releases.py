"""Two downloaded releases tell what the archive tells, whatever files of theirs are compared."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from gdfupin_spider.diff import Difference, DiffQuery, compare, opened
from gdfupin_spider.replica import epochs
from tests import extract
from tests.catalog.lines import Crawl, at
from tests.catalog.test_epochs import LATER, Observer
from tests.releases.archives import records, released, write

MARKUP = "asp-tables"
EPOCHS = range(epochs.REDESIGN - 2, epochs.REDESIGN + 1)
NOW = datetime(2027, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of three epochs, the last of which is a redesign, with a release of each."""
    output = tmp_path_factory.mktemp("archive")
    observer = Observer(MARKUP)
    for epoch in EPOCHS:
        crawls: list[Crawl] = [observer.crawl(epoch, 30 * epoch)]
        crawls.append(observer.crawl(epoch, 30 * epoch + LATER, backwards=True))
        write(output, *crawls)
        released(output, name=f"epoch-{epoch}")
    return output


def reported(found: list[Difference]) -> set[tuple[str, str, tuple[str, ...]]]:
    return {(each.kind, each.url, each.fields) for each in found}


def asked(output: Path, *what: str) -> list[Difference]:
    with DiffQuery(output, what, None, NOW, UTC) as question:
        return list(question.changes())


@pytest.mark.parametrize("epoch", EPOCHS[1:])
def test_archive_releases_and_each_of_their_files_tell_the_changes_that_were(output: Path, epoch: int) -> None:
    seen = {truth.number for earlier in range(EPOCHS.start, epoch) for truth in extract.truth(MARKUP, epoch=earlier)}
    expected = {
        ("added" if change.number not in seen else change.kind, change.url, change.fields)
        for change in extract.changes(MARKUP, epoch - 1, epoch)
    }
    assert reported(asked(output, at(30 * (epoch - 1) + 1), at(30 * epoch + 1))) == expected
    one, other = f"epoch-{epoch - 1}", f"epoch-{epoch}"
    assert reported(asked(output, one, other)) == expected
    old, new = output / "releases" / one, output / "releases" / other
    for before, after in (
        ("articles.jsonl.gz", "articles.parquet"),
        ("articles.parquet", "articles.sqlite"),
        ("articles.sqlite", "articles.jsonl.gz"),
        ("versions.jsonl.gz", "articles.parquet"),
    ):
        assert reported(list(compare(opened(old / before), opened(new / after)))) == expected, (before, after)
    assert {(each["kind"], each["url"], tuple(each["fields"])) for each in records(new, "changes.jsonl.gz")} == expected


def test_a_release_does_not_differ_from_the_archive_it_was_made_of(output: Path) -> None:
    epoch = EPOCHS[-1]
    assert asked(output, f"epoch-{epoch}", "latest") == []
