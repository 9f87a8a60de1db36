"""What changed between two points in capture order."""

import json
from pathlib import Path

import pytest

from gdfupin_spider.catalog import BEGIN, Point, after_crawl, as_of, changes
from tests.catalog.lines import BODY, OTHER, Crawl, X, Y, Z, at, folded, happened, id_of

EDITED, TWICE = f"{BODY}又记。", f"{BODY}又记。再记。"


def test_two_edits_between_two_points_are_one_and_an_edit_taken_back_is_none(tmp_path: Path) -> None:
    crawls = [Crawl(0).read(X), Crawl(1).read(X, EDITED), Crawl(2).read(X, TWICE), Crawl(3).read(X)]
    with folded(tmp_path, *crawls) as catalog:
        (change,) = changes(catalog, as_of(at(0.5)), as_of(at(2.5)))
        assert (change.kind, change.seen_before, change.seen_after) == ("edited", at(0, 1), at(2, 1))
        assert happened(catalog, as_of(at(0.5)), as_of(at(3.5))) == []
        assert happened(catalog, as_of(at(1.5)), as_of(at(3.5))) == [("edited", X, "body")]


def test_an_article_added_and_edited_between_is_added_as_it_is_after(tmp_path: Path) -> None:
    with folded(tmp_path, Crawl(0).read(X), Crawl(1).read(X, EDITED)) as catalog:
        (change,) = changes(catalog, BEGIN)
        assert (change.kind, change.before, change.seen_before, change.seen_after) == ("added", None, None, at(0, 1))
        assert change.after == [version.content_sha256 for version in catalog.versions()][1]


def test_what_came_and_went_between_is_added_and_gone(tmp_path: Path) -> None:
    with folded(tmp_path, Crawl(0).read(X), Crawl(1).missing(X), Crawl(2).missing(X)) as catalog:
        assert happened(catalog) == [("added", X), ("gone", X)]
        assert happened(catalog, as_of(at(0.5))) == [("gone", X)]
        assert happened(catalog, as_of(at(1.5)), as_of(at(1.9))) == []


def test_a_point_is_a_capture_and_belongs_to_what_is_before_it(tmp_path: Path) -> None:
    crawl = Crawl(0).read(X).read(Y, OTHER)
    first = Point(at(0, 1), crawl.name, "capture-00000.warc.gz", 1000)
    with folded(tmp_path, crawl) as catalog:
        assert happened(catalog, BEGIN, first) == [("added", X)]
        assert happened(catalog, first) == [("added", Y)]
        assert happened(catalog, as_of(at(0, 1))) == [("added", Y)]
        assert after_crawl(catalog, crawl.name) == Point(at(0, 2), crawl.name, "capture-00000.warc.gz", 2000)
        assert after_crawl(catalog, "none") is None


def test_an_article_may_be_edited_and_moved_at_once(tmp_path: Path) -> None:
    crawls = Crawl(0).read(X), Crawl(1).read(X, EDITED, section="部门动态", title="扶贫要闻一则（修订）")
    with folded(tmp_path, *crawls) as catalog:
        assert happened(catalog, as_of(at(0.5))) == [("edited", X, "title", "body"), ("moved", X)]
        edited, moved = changes(catalog, as_of(at(0.5)))
        assert edited.title == moved.title == "扶贫要闻一则（修订）"


@pytest.mark.parametrize(
    ("value", "field"),
    [({"title": "另一题"}, "title"), ({"date": None}, "date"), ({"source": None}, "source"), ({"body": OTHER}, "body")],
)
def test_each_field_is_named_that_was_edited(tmp_path: Path, value: dict[str, str], field: str) -> None:
    with folded(tmp_path, Crawl(0).read(X), Crawl(1).read(X, **value)) as catalog:  # type: ignore[arg-type]
        assert happened(catalog, as_of(at(0.5))) == [("edited", X, field)]


def test_a_line_of_changes_has_the_fields_that_are_promised(tmp_path: Path) -> None:
    with folded(tmp_path, Crawl(0).read(X).read(Z, OTHER), Crawl(1).read(X, EDITED)) as catalog:
        (change,) = changes(catalog, as_of(at(0.5)))
        line = json.loads(change.line())
        assert list(line)[:10] == [
            "kind", "id", "url", "title", "section", "fields", "before", "after", "seen_before", "seen_after",
        ]  # fmt: skip
        assert (line["id"], line["fields"], line["section"]) == (id_of(X), ["body"], "扶贫要闻")
