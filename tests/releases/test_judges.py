"""Independent programs read what a real release says of itself, and its data by it."""

from pathlib import Path

import pytest

from gdfupin_spider.releases import manifest
from gdfupin_spider.releases.released_tables import TABLES
from tests.releases.archives import body, crawl, released, url, write
from tests.releases.judges import frictionless_says, mlcroissant_says


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The first release, and the next with changes in it, and an article that is gone."""
    output = write(tmp_path_factory.mktemp("judges"), crawl(0))
    first = released(output)
    write(output, crawl(1, range(1, 15)).read(url(3), body(3, "更正"), title="第3村修路记").missing(url(0)))
    write(output, crawl(2, range(1, 3)).missing(url(0)))
    return [first, released(output)]


@pytest.mark.parametrize("number", [0, 1])
def test_frictionless_finds_no_error_in_any_table(folders: list[Path], number: int) -> None:
    assert frictionless_says(folders[number]) == []


@pytest.mark.parametrize("number", [0, 1])
def test_mlcroissant_finds_no_error_and_reads_every_table(folders: list[Path], number: int) -> None:
    import mlcroissant

    assert mlcroissant_says(folders[number]) == []
    found = mlcroissant.Dataset(folders[number] / "croissant.json")
    listed = {file.name: file.rows for file in manifest.load(folders[number]).files}
    for table in TABLES.values():
        assert sum(1 for _ in found.records(table.name)) == listed[table.parquet], table.name
