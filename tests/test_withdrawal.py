"""`gdfupin withdraw`: an article that was withdrawn is nowhere in what people get, and comes back by a named act."""

import gzip
import json
import shutil
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from click.testing import CliRunner, Result

from gdfupin_spider import open_archive, warc
from gdfupin_spider.catalog.sources import fold as fold_catalog
from gdfupin_spider.commands import main
from gdfupin_spider.diff import DiffQuery, for_readers
from gdfupin_spider.errors import NotArchived
from gdfupin_spider.items import Attachment, Image, Proof, as_dict
from gdfupin_spider.monitoring.alert_message import alert_message
from gdfupin_spider.monitoring.alerts import Alert, fired
from gdfupin_spider.pages import identity_key
from gdfupin_spider.storage.reviews import Review
from gdfupin_spider.storage.reviews import append as append_reviews
from gdfupin_spider.storage.withdrawals import FILE, Withdrawal, append
from tests.catalog.lines import BODY, id_of
from tests.releases.archives import PROFILE, body, crawl, records, released, url, write

WORD = "蒟蒻"
"""Occurs in the withdrawn article alone: in title, body, source, caption and attachment, before and after an edit."""
NUMBER = 100
ID, OTHER_ID = id_of(url(NUMBER)), id_of(url(NUMBER + 1))
REASON = "应文中当事人要求"
OLD = Path(__file__).parent / "archives" / "v0_1" / "asp-tables"


def gdfupin(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(each) for each in arguments])


def laid(output: Path) -> Path:
    """Two crawls: the article is edited, and moves to a second address; another one is edited, too. The first one is released."""
    named = {
        "title": f"{WORD}种植户",
        "source": f"{WORD}报",
        "images": (Image(f"{url(NUMBER)}.jpg", WORD),),
        "attachments": (Attachment(f"{url(NUMBER)}.doc", WORD),),
    }
    first = crawl(0).read(url(NUMBER), f"{BODY}\n{WORD}亩产三千斤。", **named)  # type: ignore[arg-type]
    write(output, first)
    released(output)
    second = crawl(2, range(1, 12), "今年又加宽了。").read(url(NUMBER), f"{BODY}\n{WORD}亩产四千斤。", **named)  # type: ignore[arg-type]
    fold_catalog(write(output, second.moved(url(NUMBER + 1), url(NUMBER))), PROFILE)
    proof = Proof(f"{second.name}/capture-00000.warc.gz", 1, "0" * 64)
    append_reviews(output, [  # of another article: all payloads of these lines have the digest 0
        Review(id_of(url(3)), url(3), "1" * 64, "title", "correct", "更正", "anna", "2026-01-02T00:00:00Z", "r", "旧", proof)
    ])  # fmt: skip
    return output


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive before the withdrawal."""
    return laid(tmp_path_factory.mktemp("shown") / "output")


@pytest.fixture(scope="module")
def withdrawn(shown: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same archive after it; a search was made before."""
    output = tmp_path_factory.mktemp("withdrawn") / "output"
    shutil.copytree(shown, output, symlinks=True)
    assert gdfupin("search", "x", "--output", output).exit_code == 0
    done = gdfupin("withdraw", ID, "--output", output, "--reason", REASON, "--date", "2026-01-20")
    assert done.exit_code == 0, done.output
    return output


def printed(*arguments: object) -> Callable[[Path, Path], str]:
    return lambda output, _: gdfupin(*arguments, "--output", output).output


def written(*arguments: object) -> Callable[[Path, Path], str]:
    """What a command prints, and writes to files."""

    def output_of(output: Path, to: Path) -> str:
        known = {"TO": to, "OLD": OLD_RELEASE}
        done = gdfupin(*(known.get(str(each), each) for each in arguments), "--output", output)
        return done.output + text_of(to)

    return output_of


OLD_RELEASE = "2026.01.01"


def text_of(path: Path) -> str:
    """All that a file or folder holds, unpacked."""
    if path.is_dir():
        return "\n".join(text_of(each) for each in sorted(path.iterdir()))
    if not path.exists():
        return ""
    if path.suffix == ".gz":
        return gzip.decompress(path.read_bytes()).decode()
    if path.suffix == ".sqlite":
        with closing(sqlite3.connect(path)) as db:
            return "\n".join(db.iterdump())
    if path.suffix == ".parquet":
        from pyarrow import parquet

        return str(parquet.read_table(path).to_pylist())
    return path.read_text("utf-8")


def release(output: Path, _: Path) -> str:
    folder = released(output)
    assert folder.name != OLD_RELEASE
    return text_of(folder)


def python_api(output: Path, _: Path) -> str:
    with open_archive(output) as archive:
        states = [archive.state(ID), archive.state(OTHER_ID), archive.article(ID), archive.versions(OTHER_ID)]
        rest = [
            list(archive),
            list(archive.changes("2025-12-31")),
            archive.sources(),
            archive._repr_html_(),
            len(archive),
        ]
        return str([*states, *rest])


def alerts(output: Path, _: Path) -> str:
    with DiffQuery(output, (), "2025-12-31", datetime(2026, 2, 1, tzinfo=UTC), UTC) as query:
        found = fired([Alert("a", WORD), Alert("b", "三千 OR 加宽")], for_readers(query.changes()))
    return "\n".join(f"{(made := alert_message(each, 'c')).title}\n{made.body}" for each in found)


OUTPUTS: dict[str, Callable[[Path, Path], str]] = {
    "articles": printed("articles"),
    "articles as CSV": printed("articles", "--format", "csv"),
    "show": printed("show", ID),
    "show by its other address": printed("show", url(NUMBER + 1), "--json"),
    "show of a version": printed("show", ID, "--version", 1, "--proof"),
    "history": printed("history", ID),
    "history as JSON": printed("history", ID, "--json"),
    "history as HTML": written("history", ID, "--html", "TO"),
    "cite": printed("cite", ID),
    "cite as BibTeX": printed("cite", ID, "--format", "bibtex"),
    "search": printed("search", "三千", "--versions", "--facets"),
    "search as JSON Lines": printed("search", "三千 OR 四千 OR 修路", "--versions", "--format", "jsonl"),
    "sources": printed("sources"),
    "diff of the newest crawl": printed("diff"),
    "diff since a day": printed("diff", "--since", "2025-12-31", "--format", "jsonl"),
    "diff as HTML": written("diff", "--since", "2025-12-31", "--format", "html", "-o", "TO"),
    "diff with an older release": printed("diff", OLD_RELEASE, "latest", "--format", "jsonl"),
    "feeds": written("diff", "--since", "2025-12-31", "--feeds", "TO"),
    "alerts": alerts,
    "a sample of an older release": written("sample", "--release", "OLD", "--n", "12", "--to", "TO"),
    "release": release,
    "the Python API": python_api,
}
"""Everything that shows articles. Of captures see below."""


@pytest.mark.parametrize("name", OUTPUTS)
def test_a_withdrawn_article_is_in_no_output(shown: Path, withdrawn: Path, tmp_path: Path, name: str) -> None:
    before, after = (OUTPUTS[name](output, tmp_path / output.parent.name) for output in (shown, withdrawn))
    assert WORD in before
    assert WORD not in after
    assert after


def test_diff_names_a_withdrawn_article_and_shows_nothing_of_it(
    withdrawn: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where files of the archive's releases are named by paths, or where they were copied with their tombstones."""
    new, old = released(withdrawn), withdrawn / "releases" / OLD_RELEASE
    copies = tmp_path / "copies"
    for release in (old, new):
        for name in ("articles.jsonl.gz", "tombstones.jsonl"):
            (copies / release.name).mkdir(parents=True, exist_ok=True)
            shutil.copy(release / name, copies / release.name / name)
    monkeypatch.chdir(tmp_path)
    files = [folder / "articles.jsonl.gz" for folder in (old, new)]
    for what in (
        [OLD_RELEASE, new.name, "--output", withdrawn],
        [old, new],
        files,
        [*files, "--format", "html"],
        [copies / OLD_RELEASE, copies / new.name],
        [copies / new.name, copies / OLD_RELEASE],
        [*files, "--format", "jsonl"],
    ):
        done = gdfupin("diff", *what)
        assert done.exit_code == 0, done.output
        assert f"withdrawn  {ID}  on 2026-01-20: {REASON}" in done.output, what
        assert WORD not in done.output
    assert f"withdrawn  {ID}" not in gdfupin("diff", new, new).output


def test_diff_shows_nothing_of_a_withdrawn_article_that_has_another_address_in_the_newer_file(
    withdrawn: Path, tmp_path: Path
) -> None:
    old = withdrawn / "releases" / OLD_RELEASE / "articles.jsonl.gz"
    moved = [
        each | {"id": id_of(url(999)), "url": url(999), "aliases": []}
        for each in records(old.parent)
        if each["id"] == ID
    ]
    new = tmp_path / "new.jsonl"
    new.write_text("".join(json.dumps(each) + "\n" for each in moved))
    done = gdfupin("diff", old, new, "--output", withdrawn)
    assert done.exit_code == 0, done.output
    assert WORD not in done.output
    assert f"on 2026-01-20: {REASON}" in done.output


def test_the_newer_release_says_what_is_withdrawn_whatever_the_order(shown: Path, tmp_path: Path) -> None:
    """One that was undone is shown again."""
    output, copies = tmp_path / "output", tmp_path / "copies"
    shutil.copytree(shown, output, symlinks=True)
    gdfupin("withdraw", ID, "--output", output, "--reason", REASON)
    without = released(output)
    gdfupin("withdraw", ID, "--output", output, "--undo", "--reason", REASON)
    again = released(output)
    for release in (without, again):
        shutil.copytree(release, copies / release.name)
    for names in ((without.name, again.name), (again.name, without.name)):
        done = gdfupin("diff", *(copies / name for name in names))
        assert (WORD in done.output, "withdrawn  " in done.output) == (True, False), done.output


@pytest.mark.parametrize("column", ["title", "body"])
def test_a_trend_does_not_count_it(shown: Path, withdrawn: Path, column: str) -> None:
    counts = [
        sum(point["counts"][0] for point in json.loads(gdfupin("trend", WORD, "--in", column, "--output", output, "--json").stdout)["points"])
        for output in (shown, withdrawn)
    ]  # fmt: skip
    assert counts == [1, 0]


@pytest.mark.parametrize("command", [("show",), ("history",), ("cite",), ("evidence", "--to", "x.wacz")])
def test_whoever_asks_for_it_gets_day_and_reason(withdrawn: Path, command: tuple[str, ...]) -> None:
    done = gdfupin(*command, url(NUMBER), "--output", withdrawn)
    assert (done.exit_code, done.output) == (2, f"gdfupin: {url(NUMBER)}: it was withdrawn on 2026-01-20: {REASON}\n")


def test_a_release_has_a_tombstone_with_the_digests_and_says_so_in_its_changes(shown: Path, withdrawn: Path) -> None:
    with open_archive(shown) as archive:
        versions = archive.versions(ID)
    folder = released(withdrawn)
    assert records(folder, "tombstones.jsonl") == [
        {
            "id": ID, "aliases": [ID], "date": "2026-01-20", "reason": REASON,
            "content_sha256": [each["content_sha256"] for each in versions], "payload_sha256": ["0" * 64],
        }
    ]  # fmt: skip
    assert f"## Withdrawn\n\n- `{ID}`, 2026-01-20: {REASON}\n" in (folder / "CHANGES.md").read_text()
    assert len(records(folder)) == 12
    checked = gdfupin("release", "--verify", folder, "--output", withdrawn)
    assert checked.exit_code == 0, checked.output
    named = gdfupin("release", "--name", "again", "--allow", "leaks", "--output", withdrawn)
    assert "of persons: 1 tombstone; CHANGES.md has" in named.output


def test_the_changes_of_a_release_list_corrections_since_the_last_one_with_their_reasons(tmp_path: Path) -> None:
    output = write(tmp_path / "output", crawl(0))
    released(output)
    payload = records(released(output))[0]["captures"][0]["payload_sha256"]
    # Lines made by hand share one payload, so the decision is about all twelve articles; the list has one line for each.
    proof = Proof("x/capture-00000.warc.gz", 0, payload)
    decided = Review(
        id_of(url(1)), url(1), payload, "source", "correct", "更正的来源", "anna", "2026-01-05T00:00:00Z", "r", "南方日报", proof,
        note="见纸质版",
    )  # fmt: skip
    append_reviews(output, [decided])
    text = (released(output) / "CHANGES.md").read_text()
    assert "## Corrected by persons" in text
    assert f"- `{id_of(url(1))}` source: “南方日报” → “更正的来源”, 2026-01-05: 见纸质版\n" in text
    append(output, [Withdrawal(id_of(url(1)), "2026-01-06", "请求", "2026-01-06T00:00:00Z")])
    assert "Corrected" not in (released(output) / "CHANGES.md").read_text()


def test_the_command_names_releases_that_have_it_and_lists_and_undoes_withdrawals(shown: Path, tmp_path: Path) -> None:
    output = tmp_path / "output"
    shutil.copytree(shown, output, symlinks=True)
    assert gdfupin("search", WORD, "--output", output, "--json").exit_code == 0
    done = gdfupin("withdraw", url(NUMBER + 1), "--output", output, "--reason", REASON, "--json")
    made = json.loads(done.stdout)
    assert (made["id"], made["reason"], made["undone"]) == (ID, REASON, False)
    assert OLD_RELEASE in made["releases"]
    assert not (output / "search.sqlite").exists()
    assert REASON in gdfupin("withdraw", "--list", "--output", output).output
    assert gdfupin("show", ID, "--output", output).exit_code == 2
    done = gdfupin("withdraw", ID, "--undo", "--reason", "请求撤回", "--output", output)
    assert done.exit_code == 0, done.output
    assert gdfupin("withdraw", "--list", "--output", output).output == "Nothing is withdrawn.\n"
    assert WORD in gdfupin("show", ID, "--output", output).output
    assert json.loads(gdfupin("search", WORD, "--output", output, "--json").stdout)["total"] == 1
    lines = [json.loads(line) for line in (output / FILE).read_text().splitlines()]
    assert [(line["id"], line["undone"]) for line in lines] == [(ID, False), (ID, True)]


@pytest.mark.parametrize(
    "arguments",
    [
        (), (ID,), ("--list", ID), (ID, "--reason", " "), (ID, "--reason", "x", "--date", "2026-13-01"),
        (ID, "--undo", "--reason", "x"), (ID, "--undo"), (ID, "--reason", "not \udcff UTF-8"), ("gdfupin-000000000000", "--reason", "x"),
    ],
)  # fmt: skip
def test_wrong_usage_writes_nothing(shown: Path, arguments: tuple[str, ...]) -> None:
    assert gdfupin("withdraw", *arguments, "--output", shown).exit_code == 2
    assert not (shown / FILE).exists()


def test_a_damaged_line_stops_every_output_until_it_is_mended(withdrawn: Path, tmp_path: Path) -> None:
    output = tmp_path / "output"
    shutil.copytree(withdrawn, output, symlinks=True)
    with (output / FILE).open("a") as file:
        file.write('{"id": "gdfupin-0')
    for command in (
        ["articles"],
        ["search", "x"],
        ["diff"],
        ["release"],
        ["sources"],
        ["sample", "--to", tmp_path / "s"],
    ):
        done = gdfupin(*command, "--output", output)
        assert (done.exit_code, FILE in done.output) == (9, True), (command, done.output)
    assert "withdrawals" in {
        each["part"] for each in json.loads(gdfupin("verify", "--output", output, "--json").stdout)["damage"]
    }


class Captured(NamedTuple):
    """An archive with captures, of which one article is withdrawn."""

    output: Path
    id: str
    hidden: frozenset[str]
    """Identity keys of its addresses, pictures and attachments."""


@pytest.fixture(scope="module")
def captured(tmp_path_factory: pytest.TempPathFactory) -> Captured:
    output = tmp_path_factory.mktemp("captures") / "output"
    shutil.copytree(OLD, output, symlinks=True)
    assert gdfupin("catalog", "--output", output).exit_code == 0
    with open_archive(output) as archive:
        chosen: Any = next(each for each in archive if each["attachments"])
        ids, urls = archive.ids(chosen["id"]), archive.addresses(chosen["id"])
    for file in output.glob("*/**/articles.jsonl"):  # later captures may link to other files
        for row in map(json.loads, file.read_text().splitlines()):
            if row["id"] in ids:
                urls += [each["url"] for each in (*row["images"], *row["attachments"])]
    assert gdfupin("withdraw", chosen["id"], "--output", output, "--reason", "x").exit_code == 0
    return Captured(output, chosen["id"], frozenset(map(identity_key, urls)))


def urls_in(file: Path) -> list[str]:
    return [capture.url for capture in warc.read(file, strict=True)]


def test_the_python_api_gives_no_capture_of_it(captured: Captured) -> None:
    folder = min((captured.output / "crawls").iterdir())
    hidden = next(each for each in warc.read(folder) if identity_key(each.url) in captured.hidden)
    with open_archive(captured.output) as archive:
        left = [capture.url for capture in archive.captures(folder.name)]
        with pytest.raises(NotArchived):
            archive.capture(as_dict(hidden.proof))
    assert left == [each for each in urls_in(folder) if identity_key(each) not in captured.hidden]
    assert len(left) < len(urls_in(folder))


@pytest.mark.slow
def test_a_wacz_has_no_record_of_it_and_all_others(captured: Captured, tmp_path: Path) -> None:
    done = gdfupin("export", "wacz", "--output", captured.output, "--to", tmp_path / "site.wacz")
    assert done.exit_code == 0, done.output
    with zipfile.ZipFile(tmp_path / "site.wacz") as packed:
        packed.extractall(tmp_path / "site")
    _, *pages = (tmp_path / "site" / "pages" / "pages.jsonl").read_text().splitlines()
    assert pages
    assert not captured.hidden & {identity_key(json.loads(line)["url"]) for line in pages}
    for file in (tmp_path / "site" / "archive").iterdir():
        crawl_name, _, name = file.name.rpartition("-capture-")
        source = captured.output / "crawls" / crawl_name / f"capture-{name}"
        assert urls_in(file) == [each for each in urls_in(source) if identity_key(each) not in captured.hidden]
    assert len(urls_in(min((tmp_path / "site" / "archive").iterdir()))) > 50


def test_a_merge_after_the_withdrawal_withdraws_the_other_address_too(tmp_path: Path) -> None:
    output = write(tmp_path / "output", crawl(0).read(url(50), body(50, WORD)))
    fold_catalog(output, PROFILE)
    assert gdfupin("withdraw", url(50), "--output", output, "--reason", "x").exit_code == 0
    later = crawl(1).moved(url(50), url(51)).read(url(51), body(50, WORD))
    fold_catalog(write(output, later), PROFILE)
    assert WORD not in gdfupin("articles", "--output", output).output
    assert gdfupin("show", url(51), "--output", output).exit_code == 2
