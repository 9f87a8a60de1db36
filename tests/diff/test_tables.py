"""Changes as tables: texts of both sides, and the captures that prove them."""

import csv
import hashlib
import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from gdfupin_spider.diff import ArticlesInMemory, DiffQuery, compare
from gdfupin_spider.diff.proofs import ChangeProofs
from gdfupin_spider.diff.tables import CELL, CUT, cells, jsonl
from tests.catalog.lines import Crawl, X, Y, Z, at
from tests.diff.archives import laid
from tests.diff.records import BODY, OTHER, article
from tests.diff.test_archive import answered

NOW = datetime(2026, 1, 20, tzinfo=UTC)
EDITED = f"{BODY}又记。"


@pytest.fixture
def lines(tmp_path: Path) -> dict[str, dict[str, Any]]:
    """By kind: X is edited, Y is gone, Z is new. Only the answers about Y are in WARC files."""
    laid(
        tmp_path,
        Crawl(1).read(X).read(Y, OTHER),
        answered(tmp_path, Crawl(7), (Y, 404))
        .read(X, EDITED, title="改题")
        .read(Z, OTHER, title="新来", source="新华社"),
        answered(tmp_path, Crawl(8), (Y, 410)),
    ).close()
    with DiffQuery(tmp_path, (Crawl(1).name, "latest"), None, NOW, UTC) as query:
        return {line["kind"]: line for line in map(json.loads, jsonl(query.changes(), query.proofs))}


def test_a_line_has_source_date_section_and_both_texts_of_each_field(lines: dict[str, dict[str, Any]]) -> None:
    assert lines["edited"]["values"] == [
        {"field": "title", "before": "扶贫要闻一则", "after": "改题"},
        {"field": "body", "before": BODY, "after": EDITED},
    ]
    added = {each["field"]: (each["before"], each["after"]) for each in lines["added"]["values"]}
    assert added["body"] == (None, OTHER)
    assert {(each["field"], each["after"]) for each in lines["gone"]["values"]} > {("source", None), ("body", None)}
    facts = {kind: (line["source"], line["date"], line["section"]) for kind, line in lines.items()}
    assert facts["added"] == ("新华社", "2021-01-13", "扶贫要闻")
    assert facts["gone"] == ("南方日报", "2021-01-13", "扶贫要闻")


def test_a_line_has_the_captures_that_prove_both_sides(lines: dict[str, dict[str, Any]]) -> None:
    gone = lines["gone"]
    assert gone["proof_after"] == {
        "captured_at": at(8, 1000), "url": Y, "status": 410, "warc": f"{Crawl(8).name}/capture-00000.warc.gz",
        "offset": gone["proof_after"]["offset"], "payload_sha256": hashlib.sha256(b"<p>Not here</p>").hexdigest(),
    }  # fmt: skip
    assert gone["proof_before"]["warc"] == f"{Crawl(1).name}/capture-00000.warc.gz"
    assert (gone["proof_before"]["captured_at"], gone["proof_before"]["status"]) == (gone["seen_before"], None)
    assert lines["added"]["proof_before"] is None
    assert lines["edited"]["proof_after"]["offset"] == 1000


def test_files_give_what_their_records_have_and_no_path_of_theirs_is_opened() -> None:
    proof = {"warc": "../../etc/passwd", "offset": 7, "payload_sha256": "a" * 64}
    old = article(X, captures=[proof])
    new = [article(X, EDITED, captures=["broken"]), article(Y, OTHER, captures=[])]
    found = compare(ArticlesInMemory([old], "old"), ArticlesInMemory(new, "new"))
    edited, added = sorted(
        map(json.loads, jsonl(found, ChangeProofs())), key=lambda line: str(line["kind"]), reverse=True
    )
    assert edited["proof_before"] == {"captured_at": at(0), "url": X, "status": None, **proof}
    assert edited["proof_after"] is added["proof_after"] is None


def test_cells_have_a_column_for_each_text_and_each_part_of_a_proof() -> None:
    old = article(X, BODY, captions=["图一"])
    new = article(
        X, "长" * (CELL + 1), captions=["=1+1"], captures=[{"warc": "c/w", "offset": 7, "payload_sha256": "a"}]
    )
    found = compare(ArticlesInMemory([old], "old"), ArticlesInMemory([new], "new"))
    (row,) = csv.DictReader(io.StringIO("".join(cells(found, ChangeProofs())).removeprefix("\ufeff")))
    assert (row["old_body"], row["new_body"]) == (BODY, "长" * CELL + CUT)
    assert (row["old_captions"], row["new_captions"]) == ("图一", "'=1+1")
    assert (row["old_title"], row["old_attachment_names"]) == ("", "")
    assert (row["proof_after_warc"], row["proof_after_offset"], row["proof_after_status"]) == ("c/w", "7", "")
    assert (row["date"], row["source"]) == ("2021-01-13", "南方日报")


def test_a_moved_article_has_both_sections() -> None:
    found = compare(ArticlesInMemory([article(X)], "old"), ArticlesInMemory([article(X, section="部门动态")], "new"))
    (line,) = map(json.loads, jsonl(found, ChangeProofs()))
    assert line["values"] == [{"field": "section", "before": "扶贫要闻", "after": "部门动态"}]
