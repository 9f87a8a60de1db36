"""`gdfupin sample`: stratified, reproducible, dealt to coders."""

import csv
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdfupin_spider.errors import NoSuchRelease, WrongArgument
from gdfupin_spider.releases.coding_sample import SampleDesign, _strata, load_recipe, write_again, write_sample
from gdfupin_spider.releases.folder import ReleasesFolder
from tests.catalog.lines import id_of
from tests.releases.archives import crawl, records, released, url, write
from tests.sites import run

DESIGN = SampleDesign(n=30, seed=7, by=("section", "year"), coders=2, overlap=6, once=False)


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = crawl(0, range(90))
    made.read(url(100), "无日期，无栏目的一篇。", title="=1+1", date=None, section=None)
    folder = write(tmp_path_factory.mktemp("sample"), made)
    released(folder)
    return folder


@pytest.fixture(scope="module")
def release(output: Path) -> Path:
    return ReleasesFolder(output).find("latest")


def table(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.DictReader(opened))


@given(
    st.dictionaries(st.text("部门要闻", min_size=1, max_size=3), st.integers(1, 40), min_size=1, max_size=8),
    st.integers(0, 300),
)
def test_strata_get_their_share_to_within_one_article(sizes: dict[str, int], asked: int) -> None:
    population = {f"{name}{n}": (name,) for name, size in sizes.items() for n in range(size)}
    n = min(asked, len(population))
    strata = _strata(population, n, seed=7).values()
    assert sum(stratum.sampled for stratum in strata) == n
    for stratum in strata:
        assert 0 <= stratum.sampled <= stratum.articles
        assert abs(stratum.sampled - n * stratum.articles / len(population)) < 1


def test_no_small_stratum_is_preferred_for_its_name() -> None:
    population = {f"{n}": (f"栏目{n:02}",) for n in range(40)}
    drawn = [{values for values, each in _strata(population, 10, seed).items() if each.sampled} for seed in range(20)]
    assert len(set.union(*drawn)) == 40


def test_a_sample_has_its_strata_weights_and_coders(release: Path, tmp_path: Path) -> None:
    made = write_sample(DESIGN, release, tmp_path / "sample")
    assert set(made.files) == {path.name for path in made.folder.iterdir()}
    listed = table(made.folder / "sample.csv")
    assert len({row["id"] for row in listed}) == 30
    assert Counter(row["coders"] for row in listed) == {"1 2": 6, "1": 12, "2": 12}
    counts = Counter(f"{row['section']} / {(row['date'] or '-')[:4]}" for row in listed)
    of_stratum = {" / ".join(value or "-" for value in each.values): each for each in made.recipe.strata}
    assert counts == {name: each.sampled for name, each in of_stratum.items() if each.sampled}
    for row in listed:
        stratum = of_stratum[row["stratum"]]
        assert float(row["weight"]) == pytest.approx(stratum.articles / stratum.sampled, abs=1e-5)
    texts = {record["id"]: record for record in records(release)}
    for coder in ("1", "2"):
        sheet = table(made.folder / f"coder-{coder}.csv")
        assert [row["number"] for row in sheet] == [str(n) for n in range(1, 19)]
        assert {row["id"] for row in sheet} == {row["id"] for row in listed if coder in row["coders"].split()}
        assert all(row["body"] == texts[row["id"]]["body"] and row["code"] == row["note"] == "" for row in sheet)
    assert [row["id"] for row in table(made.folder / "coder-1.csv")] != sorted(row["id"] for row in listed)


def test_the_recipe_gives_the_same_files_again_and_another_seed_others(output: Path, tmp_path: Path) -> None:
    options = ("--output", str(output), "--json")
    first, again, other = (tmp_path / name for name in ("first", "again", "other"))
    asked = ["--n", "30", "--seed", "7", "--by", "section,year", "--coders", "2", "--overlap", "6"]
    done = run("sample", *asked, "--to", str(first), *options)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["design"] == {
        "n": 30, "seed": 7, "by": ["section", "year"], "coders": 2, "overlap": 6, "once": False,
    }  # fmt: skip
    assert run("sample", "--recipe", str(first / "recipe.json"), "--to", str(again), *options).returncode == 0
    assert {path.name: path.read_bytes() for path in again.iterdir()} == {
        path.name: path.read_bytes() for path in first.iterdir()
    }
    write_sample(SampleDesign(30, 8, ("section", "year"), 2, 6, False), ReleasesFolder(output).find("latest"), other)
    assert (other / "sample.csv").read_bytes() != (first / "sample.csv").read_bytes()
    clash = run("sample", "--recipe", str(first / "recipe.json"), "--n", "5", "--to", str(tmp_path / "x"), *options)
    assert clash.returncode == 2
    changed = json.loads((first / "recipe.json").read_text())
    changed["design"]["seed"] = 8
    (tmp_path / "changed.json").write_text(json.dumps(changed))
    done = run("sample", "--recipe", str(tmp_path / "changed.json"), "--to", str(tmp_path / "x"), *options)
    assert (done.returncode, (tmp_path / "x").exists()) == (2, False)
    assert "another sample" in done.stdout


def test_the_sheets_are_workbooks_of_excel_where_that_is_asked(release: Path, tmp_path: Path) -> None:
    pytest.importorskip("xlsxwriter", reason="needs the extra `test`")
    openpyxl: Any = pytest.importorskip("openpyxl", reason="needs the extra `test`")
    design = SampleDesign(91, 7, ("section",), 2, 6, False)
    plain = write_sample(design, release, tmp_path / "csv")
    made = write_sample(design, release, tmp_path / "xlsx", form="xlsx")
    assert made.files == ("sample.xlsx", "coder-1.xlsx", "coder-2.xlsx", "recipe.json")
    for name in ("sample", "coder-1", "coder-2"):
        book = openpyxl.load_workbook(made.folder / f"{name}.xlsx")
        assert book.sheetnames == [name, "recipe"]
        head, *rows = ([cell or "" for cell in row] for row in book[name].iter_rows(values_only=True))
        known = table(plain.folder / f"{name}.csv")
        assert [dict(zip(head, row, strict=True)) for row in rows] == [
            {key: value.removeprefix("'") for key, value in row.items()} for row in known
        ]
        assert {cell.data_type for row in book[name].iter_rows() for cell in row} <= {"s", "n"}  # n: empty
        facts = {row[0]: row[1] for row in book["recipe"].iter_rows(values_only=True)}
        assert (facts["records_sha256"], facts["seed"], facts["by"]) == (made.recipe.records_sha256, "7", "section")
    again = write_again(load_recipe(made.folder / "recipe.json"), release, tmp_path / "again", form="xlsx")
    for file in made.files:
        assert (again.folder / file).read_bytes() == (made.folder / file).read_bytes(), file


def test_a_later_release_keeps_most_of_a_sample(release: Path, tmp_path: Path) -> None:
    output = write(tmp_path / "output", crawl(0, range(90)), crawl(1, range(95)))
    first, later = (
        {row["id"] for row in table(write_sample(DESIGN, folder, tmp_path / name).folder / "sample.csv")}
        for name, folder in (("a", release), ("b", released(output)))
    )
    assert len(first & later) >= 24


def test_what_does_not_fit_is_refused(release: Path, output: Path, tmp_path: Path) -> None:
    for wrong in (
        SampleDesign(92, 7, (), 1, 0, False),
        SampleDesign(30, 7, ("colour",), 1, 0, False),
        SampleDesign(30, 7, (), 2, 31, False),
    ):
        with pytest.raises(WrongArgument):
            write_sample(wrong, release, tmp_path / "wrong")
    assert not (tmp_path / "wrong").exists()
    begun = write_sample(DESIGN, release, tmp_path / "begun").folder / "coder-1.csv"
    begun.write_text("codes of a week")
    with pytest.raises(WrongArgument, match="exists"):
        write_sample(DESIGN, release, tmp_path / "begun")
    assert begun.read_text() == "codes of a week"
    with pytest.raises(NoSuchRelease, match="there are"):
        ReleasesFolder(output).find("2001.01.01")


def test_a_title_that_is_a_formula_is_none_in_a_sheet(release: Path, tmp_path: Path) -> None:
    made = write_sample(SampleDesign(91, 7, (), 1, 0, False), release, tmp_path / "all")
    assert "'=1+1" in {row["title"] for row in table(made.folder / "coder-1.csv")}


def test_reprints_can_be_drawn_once(tmp_path: Path) -> None:
    text = "".join(chr(0x4E00 + 7 * n) for n in range(300))
    made = crawl(0, range(2))
    for n in range(3):
        made.read(url(100 + n), text, title=f"转载{n}", date=f"2016-05-0{n + 1}")
    folder = released(write(tmp_path / "output", made))
    once = write_sample(SampleDesign(3, 7, (), 1, 0, True), folder, tmp_path / "once")
    assert {row["title"] for row in table(once.folder / "sample.csv")} == {"第0村修路记", "第1村修路记", "转载0"}
    with pytest.raises(WrongArgument, match="only 3 articles"):
        write_sample(SampleDesign(4, 7, (), 1, 0, True), folder, tmp_path / "more")
    left = write_sample(SampleDesign(3, 7, (), 1, 0, True), folder, tmp_path / "left", withdrawn={id_of(url(100))})
    assert {row["title"] for row in table(left.folder / "sample.csv")} == {"第0村修路记", "第1村修路记", "转载1"}
