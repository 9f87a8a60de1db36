"""What a release is made of, how it is named, and that it is never changed."""

import csv
import gzip
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml
from lxml import html

from gdfupin_spider.commands.release import release_lines
from gdfupin_spider.errors import CannotWrite, CrawlRunning, NoSuchCrawl, NoSuchRelease, ReleaseExists
from gdfupin_spider.releases import build, manifest, publish
from gdfupin_spider.releases.folder import DRAFT, LATEST
from gdfupin_spider.releases.manifest import LIBRARIES, SUMS
from gdfupin_spider.releases.released_tables import TABLES
from gdfupin_spider.storage.lock import OutputLock
from tests.catalog.lines import Crawl, X, Y, at, id_of
from tests.releases.archives import PROFILE, SECTIONS, body, crawl, day_of, records, released, url, write
from tests.sites import environment, run


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return write(tmp_path / "output", crawl(0))


def sums(folder: Path) -> str:
    return (folder / SUMS).read_text()


def test_a_release_is_named_by_the_day_of_its_newest_crawl(output: Path) -> None:
    write(output, crawl(3, range(15)))
    folder = released(output)
    assert folder == output / "releases" / "2026.01.04"
    assert (output / "releases" / LATEST).resolve() == folder.resolve()
    assert {path.name for path in folder.iterdir()} == {
        *(name for table in TABLES.values() for name in (table.text, table.parquet)),
        "articles.sqlite", "articles.csv", "sample.jsonl", "SHA256SUMS", "manifest.json", "CHANGES.md",
        "README.md", "CITATION.cff", "datapackage.json", "croissant.json", "datasette.json", "index.html",
    }  # fmt: skip


def test_other_crawls_of_the_same_day_make_a_second_release(output: Path) -> None:
    first = released(output)
    write(output, crawl(0.5, range(13)))
    second = released(output)
    assert (first.name, second.name) == (day_of(0), f"{day_of(0)}.2")
    assert manifest.load(second).previous == manifest.PreviousRelease(first.name, manifest.load(first).records_sha256)


def test_the_same_crawls_again_are_nothing_new(output: Path) -> None:
    folder = released(output)
    before = sums(folder)
    made = publish.make(output, PROFILE)
    assert (made.new, made.folder) == (False, folder)
    assert "nothing new" in release_lines(made)[0]
    assert sums(folder) == before
    assert [path.name for path in folder.parent.iterdir() if path.name != LATEST] == [folder.name]


def test_a_name_that_is_there_is_an_error_and_a_new_one_is_taken(output: Path) -> None:
    assert released(output, name="first").name == "first"
    write(output, crawl(1, words="补记。"))
    with pytest.raises(ReleaseExists):
        released(output, name="first")
    assert run("release", "--output", str(output), "--name", "first").returncode == 2
    assert released(output).name == day_of(1)


def test_a_crawl_that_changed_no_article_makes_no_release_unless_it_has_a_name(output: Path) -> None:
    first = released(output)
    write(output, crawl(1))
    done = run("release", "--output", str(output))
    assert done.stdout.startswith(f"nothing new: no article changed since {first.name}\n")
    assert [path.name for path in (output / "releases").iterdir() if path.name != LATEST] == [first.name]
    assert released(output, name="report").name == "report"


def test_an_article_of_web_archives_that_is_found_live_makes_a_release(tmp_path: Path) -> None:
    captured, found = Crawl(0, origin="wayback"), crawl(1)
    for made in (captured, found):
        made.read(url(20), body(20), title="第20村修路记", date="2012-01-05", section=SECTIONS[0])
    output = write(tmp_path / "output", crawl(0.5), captured)
    statuses = [{row["status"] for row in records(released(output)) if row["title"] == "第20村修路记"}]
    write(output, found)
    statuses.append({row["status"] for row in records(released(output)) if row["title"] == "第20村修路记"})
    assert statuses == [{"archived"}, {"live"}]


def test_older_releases_than_the_newest_n_are_deleted_where_that_is_asked(tmp_path: Path) -> None:
    output = write(tmp_path, crawl(0))
    made = [released(output)]
    for number in range(1, 4):
        write(output, crawl(number / 10, words=f"第{number}次修改。"))  # of one day
        made.append(released(output))
    assert [path.name for path in made] == [day_of(0), *(f"{day_of(0)}.{number}" for number in (2, 3, 4))]
    (output / "releases" / ".removed-1999").mkdir()  # of a deletion that was interrupted
    done = run("release", "--output", str(output), "--keep", "2", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["deleted"] == [made[1].name, made[0].name]
    left = {path.name for path in (output / "releases").iterdir()}
    assert left == {made[2].name, made[3].name, LATEST}
    assert run("release", "--verify", made[2].name, "--output", str(output)).returncode == 0
    assert run("release", "--output", str(output), "--keep", "0").returncode == 2
    shutil.rmtree(made[2])
    write(output, crawl(0.4, words="第4次修改。"))
    assert released(output).name == f"{day_of(0)}.5", "no name that something else had"


@pytest.mark.parametrize("name", ["latest", "../elsewhere", ".hidden", "a/b", "", "年"])
def test_a_name_that_can_be_no_folder_is_refused(output: Path, name: str) -> None:
    with pytest.raises(NoSuchRelease):
        released(output, name=name)
    assert not (output / "releases").exists()


def test_an_article_has_its_newest_version_and_all_its_ids(tmp_path: Path) -> None:
    old, new = crawl(0, range(12)), crawl(1, range(1, 12))
    old.read(X, body(50), title="会议在广州召开")
    new.moved(X, to=Y).read(Y, body(50), title="会议在广州召开").read(url(0), body(0, "更正"), title="第0村修路记")
    folder = released(write(tmp_path, old, new))
    articles = {record["id"]: record for record in records(folder)}
    edited = articles[id_of(url(0))]
    assert (edited["version"], edited["body"], edited["status"]) == (2, body(0, "更正"), "live")
    assert edited["first_seen"] < edited["last_seen"] == edited["captured_at"]
    moved = articles[id_of(X)]
    assert moved["aliases"] == [
        {"id": id_of(X), "url": X, "sections": []},
        {"id": id_of(Y), "url": Y, "sections": []},
    ]
    assert id_of(Y) not in articles
    assert list(articles) == sorted(articles)
    versions = [record for record in records(folder, "versions.jsonl.gz") if record["id"] == id_of(url(0))]
    assert [(version["version"], version["body"]) for version in versions] == [(1, body(0)), (2, body(0, "更正"))]
    assert [version["sightings"] for version in versions] == [1, 1]


def test_a_release_says_what_changed_since_the_one_before(output: Path) -> None:
    first = released(output)
    assert records(first, "changes.jsonl.gz") == []
    assert "first release" in (first / "CHANGES.md").read_text()
    write(output, crawl(1, range(1, 13)).read(url(0), body(0, "更正"), title="[第0村]修路记"))
    second = released(output)
    changes = [(change["kind"], change["id"], change["fields"]) for change in records(second, "changes.jsonl.gz")]
    # Not its date and section: that crawl read the article as it is made by default.
    assert sorted(changes) == sorted(
        [
            ("added", id_of(url(12)), []),
            ("edited", id_of(url(0)), ["title", "date", "body"]),
        ]
    )
    text = (second / "CHANGES.md").read_text()
    assert f"Since {first.name}" in text
    assert "\\[第0村\\]修路记" in text


def test_publisher_address_and_doi_are_in_manifest_cards_and_citations(output: Path) -> None:
    before = released(output)
    settings = {
        "publisher": "某大学图书馆 & Friends",
        "address": "https://data.example.org/gd",
        "doi": "10.5281/zenodo.1",
    }
    lines = "".join(f"{name} = {json.dumps(value, ensure_ascii=False)}\n" for name, value in settings.items())
    (output / "operator.toml").write_text(f"[publication]\n{lines}", "utf-8")
    folder = released(output)
    assert folder != before, "another release of the same crawls"
    assert released(output) == folder
    assert json.loads((folder / "manifest.json").read_text("utf-8"))["publication"] == settings
    cff = yaml.safe_load((folder / "CITATION.cff").read_text("utf-8"))
    assert (cff["doi"], cff["url"]) == (settings["doi"], settings["address"])
    assert cff["preferred-citation"]["publisher"] == {"name": settings["publisher"]}
    croissant = json.loads((folder / "croissant.json").read_text("utf-8"))
    assert croissant["publisher"] == {"@type": "sc:Organization", "name": settings["publisher"]}
    assert (croissant["url"], croissant["sameAs"]) == (settings["address"], "https://doi.org/10.5281/zenodo.1")
    package = json.loads((folder / "datapackage.json").read_text("utf-8"))
    assert (package["homepage"], package["id"]) == (settings["address"], "https://doi.org/10.5281/zenodo.1")
    published = f"{settings['publisher']}. https://doi.org/10.5281/zenodo.1"
    assert f"Release {folder.name}. {published}" in (folder / "README.md").read_text("utf-8")
    assert html.fromstring((folder / "index.html").read_text("utf-8")).findtext(".//blockquote").endswith(published)
    done = run("cite", "--query", "村", "--output", str(output))
    assert f"release {folder.name}. {published}. Records sha256:" in done.stdout, done.stderr
    done = run("cite", id_of(url(1)), "--output", str(output))
    assert f"release {folder.name} ({settings['publisher']}, https://doi.org/10.5281/zenodo.1)" in done.stdout, (
        done.stderr
    )


def test_a_named_release_is_made_in_any_case(output: Path) -> None:
    """Also of crawls that a release was made of, and with a check that is waived."""
    first = released(output)
    for name, allow in (("report", ()), ("again", ("leaks",))):
        made = publish.make(output, PROFILE, name=name, allow=allow)
        assert (made.new, made.folder.name, made.manifest.counts["changes"]) == (True, name, 0)
    assert (first / "articles.jsonl.gz").read_bytes() == (made.folder / "articles.jsonl.gz").read_bytes()
    assert os.readlink(output / "releases" / LATEST) == "again"
    assert not publish.make(output, PROFILE).new


def captures_of(folder: Path, *columns: str) -> list[tuple[str, ...]]:
    with gzip.open(folder / "captures.csv.gz", "rt", newline="") as file:
        return [tuple(row[name] for name in columns) for row in csv.DictReader(file)]


def test_captures_prove_each_version(tmp_path: Path) -> None:
    folder = released(write(tmp_path, crawl(0), crawl(1, range(1)).read(url(5), body(5, "改"), title="第5村修路记")))
    rows = captures_of(folder, "id", "version", "warc", "offset", "page")
    proofs = {(id_, int(version)): (warc, int(offset)) for id_, version, warc, offset, page in rows if page}
    versions = records(folder, "versions.jsonl.gz")
    assert proofs == {
        (each["id"], each["version"]): (each["captures"][0]["warc"], each["captures"][0]["offset"]) for each in versions
    }


def test_captures_prove_first_and_last_sightings_and_what_did_not_find_the_article(tmp_path: Path) -> None:
    """A look between them is no row; each look that found nothing is one, whether the article came back or not."""
    made = [Crawl(day).look(url(5), "not_modified") for day in (1, 2, 3)]
    made += [Crawl(4).missing(url(5)), crawl(5, [5]), Crawl(6).missing(url(5)), Crawl(7).missing(url(5))]
    folder = released(write(tmp_path, crawl(0), *made))
    found = captures_of(folder, "id", "number", "version", "page", "outcome", "captured_at")
    first, was_missing, back, missing, still_missing = (at(day)[:10] for day in (0, 4, 5, 6, 7))
    assert [(*row[1:5], row[5][:10]) for row in found if row[0] == id_of(url(5))] == [
        ("1", "1", "", "read", first),
        ("2", "", "", "missing", was_missing),
        ("3", "1", "1", "read", back),
        ("4", "", "", "missing", missing),
        ("5", "", "", "missing", still_missing),
    ]


def test_a_version_whose_line_was_lost_is_counted_and_the_rest_is_there(tmp_path: Path) -> None:
    second = crawl(1, range(2)).read(url(5), lost_line=True).again(X, same_as=url(0))
    folder = released(write(tmp_path, crawl(0), second))
    assert manifest.load(folder).counts["articles"] == len(records(folder))


def test_two_builds_of_the_same_crawls_are_the_same_to_the_byte(tmp_path: Path) -> None:
    """On another day, in another folder, time zone and order of hashes."""
    here, there = tmp_path / "output", tmp_path / "xxxxx" / "output"
    known = {**environment(None), "GDFUPIN_CLOCK": "2031-02-03T23:59:59Z", "TZ": "Asia/Tokyo"}
    for step, crawled in enumerate((crawl(0), crawl(2, range(3, 20)).missing(url(0)))):
        ours = released(write(here, crawled))
        write(there, crawled)
        done = subprocess.run(
            [sys.executable, "-m", "gdfupin_spider", "release", "--json"],
            env={**known, "PYTHONHASHSEED": str(step + 1)},
            cwd=there.parent, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert sums(there / "releases" / ours.name) == sums(ours)


def test_a_release_that_breaks_off_leaves_nothing(output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(build, "article_records", interrupted)
    with pytest.raises(KeyboardInterrupt):
        released(output)
    assert list((output / "releases").iterdir()) == []
    monkeypatch.undo()
    assert released(output).name == day_of(0)


def test_a_release_that_is_killed_leaves_no_release_and_the_next_one_is_whole(tmp_path: Path) -> None:
    output = write(tmp_path / "output", crawl(0, range(600)))
    command = [sys.executable, "-m", "gdfupin_spider", "release", "--output", str(output)]
    process = subprocess.Popen(command, env=environment(None), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    draft = output / "releases" / DRAFT
    deadline = time.monotonic() + 60
    while not draft.exists() and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert [path.name for path in draft.parent.iterdir()] == [DRAFT]
    folder = released(output)
    assert sorted(path.name for path in folder.parent.iterdir()) == [folder.name, LATEST]


def test_a_release_that_was_cut_off_before_it_was_the_latest_becomes_it(output: Path) -> None:
    first = released(output)
    write(output, crawl(1))
    second = released(output)
    pointer = output / "releases" / LATEST
    pointer.unlink()
    pointer.symlink_to(first.name)
    assert publish.make(output, PROFILE).new is False
    assert pointer.resolve() == second.resolve()


def test_where_there_are_no_links_latest_is_a_file(output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise OSError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "symlink_to", refused)
    first = released(output)
    assert (output / "releases" / LATEST).read_text() == f"{first.name}\n"
    write(output, crawl(1, words="补记。"))
    assert manifest.load(released(output)).previous == manifest.PreviousRelease(
        first.name, manifest.load(first).records_sha256
    )


def test_a_latest_that_leads_nowhere_is_an_error_with_the_command_that_mends_it(output: Path) -> None:
    folder = released(output)
    pointer = output / "releases" / LATEST
    pointer.unlink()
    pointer.symlink_to("away")
    write(output, crawl(1))
    with pytest.raises(NoSuchRelease, match="refers to away, which does not exist") as error:
        released(output)
    command = str(error.value).split("`")[1]
    assert command == f"ln -sfn {folder.name} {pointer}"
    subprocess.run(command.split(), check=True)
    assert released(output) == folder


def test_where_the_only_release_was_deleted_the_next_one_is_a_first_one_of_another_name(output: Path) -> None:
    """As after a withdrawal. What was cited by the old name stays unknown, and is not another release."""
    folder = released(output)
    shutil.rmtree(folder)
    again = released(output)
    assert (again.name, manifest.load(again).previous) == (f"{folder.name}.2", None)


def test_a_release_waits_for_no_crawl(output: Path) -> None:
    with OutputLock(output), pytest.raises(CrawlRunning):
        released(output)


def test_an_output_without_a_crawl_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(NoSuchCrawl):
        released(tmp_path / "mistyped")
    assert not (tmp_path / "mistyped").exists()


def test_what_was_never_folded_is_folded_first(output: Path) -> None:
    assert not (output / "catalog.sqlite").exists()
    released(output)
    write(output, crawl(1, range(20)))
    assert len(records(released(output))) == 20


def test_releases_are_listed(output: Path) -> None:
    assert "No releases yet" in run("release", "--list", "--output", str(output)).stdout
    first = released(output)
    write(output, crawl(1, words="补记。"))
    second = released(output)
    listed = json.loads(run("release", "--list", "--json", "--output", str(output)).stdout)
    assert listed["latest"] == second.name
    assert [each["release"] for each in listed["releases"]] == [first.name, second.name]
    assert [each["articles"] for each in listed["releases"]] == [12, 12]


def test_without_the_extra_the_error_says_what_to_type(output: Path, tmp_path: Path) -> None:
    """A folder on the path stands for a machine that has none of its libraries."""
    without = tmp_path / "without"
    without.mkdir()
    for name in LIBRARIES.values():
        (without / f"{name}.py").write_text(f"raise ModuleNotFoundError(name={name!r})")
    clean = environment(None)
    clean["PYTHONPATH"] = os.pathsep.join([str(without), clean["PYTHONPATH"]])
    command = [sys.executable, "-m", "gdfupin_spider", "release", "--output", str(output)]
    done = subprocess.run(command, env=clean, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2, done.stderr
    assert "pip install 'gdfupin_spider[datasets]'" in done.stderr
    assert not (output / "releases").exists()
    listed = subprocess.run([*command, "--list"], env=clean, capture_output=True, text=True, timeout=60, check=False)
    assert listed.returncode == 0, listed.stderr


def test_a_place_that_cannot_be_written_ends_in_one_line(output: Path) -> None:
    (output / "releases").write_text("in the way")
    done = run("release", "--output", str(output))
    assert done.returncode == 6
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
@pytest.mark.parametrize("name", ["articles.parquet", "articles.jsonl.gz", "articles.csv", "captures.csv.gz"])
def test_a_full_disk_leaves_no_release(output: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """One file of the draft lies on a disk that is full."""
    mkdir = Path.mkdir

    def made(path: Path, *options: object, **named: object) -> None:
        mkdir(path, *options, **named)  # type: ignore[arg-type]
        if path.name == DRAFT:
            (path / name).symlink_to("/dev/full")

    monkeypatch.setattr(Path, "mkdir", made)
    with pytest.raises(CannotWrite):
        released(output)
    assert list((output / "releases").iterdir()) == []
