"""docs/changes.md says what the code does."""

from gdfupin_spider.diff import FORMATS, KINDS
from gdfupin_spider.diff.tables import PROOF_KEYS, TABLE_KEYS
from tests.papers import ROOT, rows

PAPER = ROOT / "docs" / "changes.md"


def first_cells(heading: str) -> list[str]:
    return [row[0].strip("`") for row in rows(PAPER, heading)[2:]]


def test_the_paper_has_the_fields_kinds_and_formats_of_the_code() -> None:
    assert first_cells("Fields of a change") == [*TABLE_KEYS, *PROOF_KEYS]
    assert first_cells("Kinds") == list(KINDS)
    assert first_cells("Formats") == list(FORMATS)
