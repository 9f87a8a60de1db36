"""Every page of the corpus reads as its expectation says, whole."""

import json
from pathlib import Path

import pytest

from gdfupin_spider import pages

from .corpus import captures, folders, reading


@pytest.mark.parametrize("folder", folders(), ids=lambda folder: f"{folder.parent.name}/{folder.name}")
def test_a_page_of_the_corpus_reads_as_expected(folder: Path, request: pytest.FixtureRequest) -> None:
    result, file = reading(folder), folder / "expected.json"
    known = json.loads(file.read_text("utf-8")) if file.exists() else None
    if request.config.getoption("--write-expected") and result != known:
        file.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", "utf-8")
        pytest.fail(f"{file} written: read it against the page, then run again without --write-expected")
    assert result == known


@pytest.mark.parametrize("folder", folders(), ids=lambda folder: f"{folder.parent.name}/{folder.name}")
def test_the_door_for_measuring_says_what_the_article_says(folder: Path) -> None:
    expected = json.loads((folder / "expected.json").read_text("utf-8"))
    article = expected.get("article")
    if article is None or len(article["captures"]) > 1:
        return  # no article, or one whose body stands on several pages
    capture = captures(folder)[0]
    if capture.header("content-encoding"):
        return  # the door is given no headers but the type
    result = pages.read_article(capture.payload, capture.header("content-type"), capture.url, folder.parent.name)
    result.pop("issues")
    assert result == {name: article[name] for name in result}


def test_the_corpus_holds_every_kind_of_page() -> None:
    kinds = {json.loads((folder / "expected.json").read_text("utf-8"))["kind"] for folder in folders()}
    assert kinds == {"home", "listing", "article", "gone", "blocked", "foreign", "moved", "file", "unknown"}
