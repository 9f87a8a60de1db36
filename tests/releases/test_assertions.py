"""A release that is worse than any may be, or than the last, is not made; each assertion can be lifted by name."""

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from gdfupin_spider import profiles
from gdfupin_spider.errors import NoSuchRelease, ReleaseWorse
from gdfupin_spider.items import Issue, Proof, as_line
from gdfupin_spider.monitoring.release_floors import ReleaseFloors
from gdfupin_spider.releases import manifest
from gdfupin_spider.releases.assertions import ASSERTIONS
from gdfupin_spider.releases.check_inputs import ArticleChecks
from gdfupin_spider.releases.folder import LATEST
from gdfupin_spider.releases.formats import SqliteWriter
from tests.catalog.lines import Crawl, id_of
from tests.releases.archives import PROFILE, body, crawl, day_of, records, released, url, write
from tests.sites import run

LEAK = "您是第 60214 位访客，欢迎再来本站做客"


def edited_lines(output: Path, name: str, change: Callable[[dict[str, object]], object]) -> None:
    """The article lines of a crawl, each changed in place."""
    path = output / "crawls" / name / "articles.jsonl"
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    for line in lines:
        change(line)
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), "utf-8")


def without_its_first_crawl(output: Path) -> None:
    for file in (output / "crawls" / crawl(0).name).iterdir():
        file.unlink()
    (output / "crawls" / crawl(0).name).rmdir()
    write(output, crawl(1, range(3, 12)))


def without_sources(output: Path) -> None:
    write(output, crawl(1, source=None))


def with_new_articles_that_lack_a_date(output: Path) -> None:
    write(output, crawl(1, range(20, 26), date=None))


def with_a_replaced_character(output: Path) -> None:
    write(output, crawl(1, [5], body=body(5, "\ufffd")))


def with_a_template_in_bodies(output: Path) -> None:
    made = Crawl(1)
    for number in range(12):
        made.read(url(number), f"{body(number)}\n{LEAK}", title=f"第{number}村修路记")
    write(output, made)


def with_an_empty_body(output: Path) -> None:
    write(output, crawl(1, [5], body=""))


def with_a_false_digest(output: Path) -> None:
    write(output, crawl(1, [20]))
    edited_lines(output, crawl(1).name, lambda line: line.update(content_sha256="0" * 64))


BREAKS: dict[str, tuple[Callable[[Path], None], str]] = {
    "articles": (without_its_first_crawl, "3 articles of 2026.01.01 are missing"),
    "fields": (without_sources, "12 articles lost their source, which 12 had"),
    "coverage": (with_new_articles_that_lack_a_date, "66.7% of the articles have a date, 100.0% had in 2026.01.01"),
    "replaced": (with_a_replaced_character, "1 field contains U+FFFD"),
    "leaks": (with_a_template_in_bodies, f"12 bodies begin or end with the line “{LEAK}”"),
    "empty": (with_an_empty_body, f"1 required field is empty: body of {id_of(url(5))}"),
    "digests": (with_a_false_digest, "1 article does not match its content digest"),
}
"""By assertion: what breaks it after a good release, and how that is told."""


@pytest.mark.parametrize("assertion", BREAKS)
def test_what_broke_stops_a_release_and_its_name_lifts_it(tmp_path: Path, assertion: str) -> None:
    breaks, reported = BREAKS[assertion]
    good = released(write(tmp_path, crawl(0)))
    breaks(tmp_path)
    with pytest.raises(ReleaseWorse) as stopped:
        released(tmp_path)
    assert reported in str(stopped.value)
    assert f"{good.name} stays the latest" in str(stopped.value)
    assert set(stopped.value.broken) >= {assertion}
    assert (tmp_path / "releases" / LATEST).resolve() == good.resolve()
    assert sorted(path.name for path in good.parent.iterdir()) == [good.name, LATEST]
    folder = released(tmp_path, allow=tuple(stopped.value.broken))
    allowed = {each.assertion: each.let_pass for each in manifest.load(folder).allowed}
    assert any(reported in answer for answer in allowed[assertion])


def test_a_first_release_in_which_most_articles_lack_their_date_is_stopped(tmp_path: Path) -> None:
    """There is no release to compare it with."""
    write(tmp_path, crawl(0, range(30)), crawl(1, range(30, 40), date=None))
    with pytest.raises(ReleaseWorse, match=r"75\.0% of the articles have a date; 80% must"):
        released(tmp_path)
    assert released(tmp_path, allow=("floors",)).is_dir()


def test_a_site_without_dates_or_sections_has_its_floors_lowered(tmp_path: Path) -> None:
    """There are such sites: what the operator says counts, and sections count only where the profile names some."""
    write(tmp_path, crawl(0, range(30), date=None, section=None))
    with pytest.raises(ReleaseWorse) as stopped:
        released(tmp_path)
    assert len(stopped.value.broken["floors"]) == 2
    assert "min_dates of [release] in operator.toml" in str(stopped.value)
    (tmp_path / "operator.toml").write_text("[release]\nmin_dates = 0.0\nmin_sections = 0.0\n")
    assert released(tmp_path).is_dir()
    assert ReleaseFloors().of(profiles.load("general")) == {"date": 0.8}


def test_few_articles_without_a_date_prove_nothing(tmp_path: Path) -> None:
    assert released(write(tmp_path, crawl(0, range(19), date=None))).is_dir()


def test_the_verb_lists_what_broke_and_ends_with_1(tmp_path: Path) -> None:
    released(write(tmp_path, crawl(0)))
    with_a_template_in_bodies(tmp_path)
    done = run("release", "--output", str(tmp_path))
    assert done.returncode == 1
    assert f"leaks: 12 bodies begin or end with the line “{LEAK}”" in done.stderr
    assert "--allow leaks" in done.stderr
    assert run("release", "--output", str(tmp_path), "--allow", "leaks:另一行").returncode == 1
    assert run("release", "--output", str(tmp_path), "--allow", f"leaks:{LEAK}").returncode == 0


def test_an_unknown_name_is_an_error_that_lists_the_names(tmp_path: Path) -> None:
    write(tmp_path, crawl(0))
    with pytest.raises(NoSuchRelease) as stopped:
        released(tmp_path, allow=("leak",))
    assert all(f"\n  {name}: " in str(stopped.value) for name in ASSERTIONS)
    assert not (tmp_path / "releases").exists()


def test_an_archive_without_articles_is_no_release(tmp_path: Path) -> None:
    write(tmp_path, Crawl(0).missing(url(1)))
    with pytest.raises(ReleaseWorse, match="there are no articles"):
        released(tmp_path)


def test_fewer_versions_stop_a_release(tmp_path: Path) -> None:
    released(write(tmp_path, crawl(0), crawl(1, range(3, 12), words="改了。")))
    for file in (tmp_path / "crawls" / crawl(1).name).iterdir():
        file.unlink()
    (tmp_path / "crawls" / crawl(1).name).rmdir()
    write(tmp_path, crawl(2))
    with pytest.raises(ReleaseWorse, match="fewer than the"):
        released(tmp_path)


def test_a_format_that_does_not_read_back_stops_a_release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, crawl(0))
    close = SqliteWriter.close

    def spoilt(self: SqliteWriter) -> None:
        close(self)
        db = sqlite3.connect(self.path)
        db.execute("UPDATE articles SET title = title || '!' WHERE n = 7")
        db.commit()
        db.close()

    monkeypatch.setattr(SqliteWriter, "close", spoilt)
    with pytest.raises(
        ReleaseWorse, match=r"articles\.sqlite does not read back to the same records: table articles: record 7 is"
    ) as stopped:
        released(tmp_path)
    assert list(stopped.value.broken) == ["formats"]


def test_a_replaced_character_that_the_crawl_noted_is_explained(tmp_path: Path) -> None:
    made = crawl(0).read(url(20), body(20, "\ufffd"), title="第20村修路记")
    read = Proof(**json.loads(made.files["articles"][-1])["captures"][0])
    made._line("issues", as_line(Issue("note", "broken-bytes", url(20), "1 broken bytes read as gb18030", read)))
    assert any("\ufffd" in record["body"] for record in records(released(write(tmp_path, made))))


def test_a_line_that_was_let_pass_once_does_not_stop_the_next_release(tmp_path: Path) -> None:
    released(write(tmp_path, crawl(0)))
    with_a_template_in_bodies(tmp_path)
    released(tmp_path, allow=("leaks",))
    write(tmp_path, crawl(2, range(20, 23)))
    assert released(tmp_path).name == day_of(2)


def test_one_article_that_the_site_itself_took_a_field_from_stops_nothing(tmp_path: Path) -> None:
    released(write(tmp_path, crawl(0)))
    write(tmp_path, crawl(1, [5], source=None))
    assert released(tmp_path).name == day_of(1)


def test_articles_that_turn_out_to_be_one_are_not_missing(tmp_path: Path) -> None:
    same = {"title": "会议在广州召开", "date": "2020-01-13", "section": "扶贫要闻"}
    first = released(write(tmp_path, crawl(0).read(url(30), "甲" * 40, **same).read(url(31), "乙" * 40, **same)))
    write(tmp_path, crawl(1, [3]).read(url(31), "甲" * 40, **same))
    second = released(tmp_path)
    assert len(records(first)) == 14
    assert len(records(second)) == 13


def test_ids_out_of_order_and_articles_without_proof_would_be_seen(tmp_path: Path) -> None:
    """No lines that a crawl writes break these two."""
    [record] = [each for each in records(released(write(tmp_path, crawl(0)))) if each["id"] == id_of(url(1))]
    found = ArticleChecks(PROFILE, frozenset())
    found.add(record)
    found.add({**record, "captures": []})
    assert (found.disordered.count, found.unproven.count) == (1, 1)
    assert set(BREAKS) | {"versions", "floors", "formats", "order", "proof"} == set(ASSERTIONS)


def test_a_heading_that_recurs_within_bodies_is_no_leak(tmp_path: Path) -> None:
    text = [f"第{{0}}段{word}写的是村里的事，各有各的不同。" for word in "甲乙丙丁戊己庚"]
    made = crawl(0, [])
    for number in range(40):
        lines = [line.format(number) for line in text]
        made.read(url(number), "\n".join([*lines[:3], "下一步工作安排和要求", *lines[3:]]), title=f"第{number}村修路记")
    released(write(tmp_path, made))
