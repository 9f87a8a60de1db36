"""What changed between two points of an archive, with evidence; and what the user may ask for."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gdfupin_spider.diff import ChangeFilter, Difference, DiffQuery, compare, opened
from gdfupin_spider.errors import NobodyLooked, NoSuchTime, NotArticles, NothingThere, NotNamed, WrongArgument
from gdfupin_spider.profiles import load
from gdfupin_spider.replica import MARKUPS
from gdfupin_spider.storage.holds import HoldDecision, append
from gdfupin_spider.warc import Exchange, WarcWriter
from tests import extract
from tests.catalog.lines import BODY, HOME, OTHER, Crawl, X, Y, Z, at
from tests.catalog.test_epochs import LAST, LATER, Observer
from tests.diff.archives import exported, laid

NOW = datetime(2026, 1, 20, tzinfo=UTC)
CHINA = load("gdfupin").zone
FILE = "articles.jsonl"
EDITED = f"{BODY}又记。"


def asked(output: Path, *what: str, since: str | None = None, wanted: ChangeFilter | None = None) -> list[Difference]:
    with DiffQuery(output, what, since, NOW, CHINA, wanted or ChangeFilter()) as question:
        return list(question.changes())


def kinds(found: list[Difference]) -> list[tuple[str, ...]]:
    return sorted((each.kind, each.url, *each.fields) for each in found)


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """X is edited on the 8th of January, Y is gone by the 9th, Z is new on the 8th."""
    laid(
        tmp_path,
        Crawl(1).read(X).read(Y, OTHER),
        Crawl(7).read(X, EDITED).missing(Y).read(Z, OTHER, title="新来", section="部门动态", source="新华社"),
        Crawl(8).missing(Y),
    ).__exit__(None, None, None)
    return tmp_path


# --- a time in which nobody looked -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("what", "since", "covered"),
    [
        ((), "2026-01-08", 2),
        ((), "2026-01-09", 1),
        ((), "2026-01-01", 3),
        ((), "2026-01-10", 0),
        ((), "7d", 0),
        ((), "2027-01-01", 0),
        (("2026-01-10",), None, 0),
        (("2026-01-03", "2026-01-08"), None, 0),
        (("2026-01-08", "2026-01-09"), None, 1),
        (("2026-01-08", "2027-01-01"), None, 2),
        (("2026-12-01", "2027-01-01"), None, 0),
        (("2020-01-01", FILE), None, 0),
        ((FILE, "2020-01-01"), None, 0),
        ((FILE, "2027-01-01"), None, 3),
    ],
)
def test_no_look_is_not_the_same_as_no_changes(
    output: Path, what: tuple[str, ...], since: str | None, covered: int
) -> None:
    names = tuple(str(output / Crawl(1).folder / FILE) if name == FILE else name for name in what)
    if not covered:
        with pytest.raises(NobodyLooked, match="the last look was 2026-01-09") as raised:
            asked(output, *names, since=since)
        assert raised.value.exit_code == 10
        return
    with DiffQuery(output, names, since, NOW, CHINA) as question:
        window = question.coverage.window
    assert window is not None
    assert (len(window.crawls), (window.last_look or "")[:8]) == (covered, "2026-01-")
    assert "the last look was 2026-01-0" in question.coverage.text()


def test_a_day_begins_where_the_site_is(tmp_path: Path) -> None:
    """At 16:00 UTC the next day begins in China."""
    moments = {X: "2026-01-04T15:59:59Z", Y: "2026-01-04T16:00:00Z"}
    crawl = Crawl(3)
    for url, moment in moments.items():
        crawl.read(url, BODY if url == X else OTHER, when=moment)
    with laid(tmp_path, Crawl(0).read(Z, title="旧"), crawl):
        assert kinds(asked(tmp_path, since="2026-01-05")) == [("added", Y)]
        assert kinds(asked(tmp_path, "2026-01-04", "2026-01-05")) == [("added", X)]


def test_what_was_not_looked_at_is_counted(output: Path) -> None:
    def reported(*what: str, since: str | None = None) -> str:
        with DiffQuery(output, what, since, NOW, CHINA) as question:
            return question.coverage.text()

    assert reported() == (
        "1 crawl looked: 20260109T030000Z-live; the last look was 2026-01-09T03:00:01Z. "
        "Not looked at: 2 of 3 known articles."
    )
    assert reported(since="2026-01-08") == (
        "2 crawls looked: 20260108T030000Z-live to 20260109T030000Z-live; the last look was 2026-01-09T03:00:01Z. "
        "All 2 articles that were known before were looked at."
    )
    file = str(output / Crawl(1).folder / FILE)
    assert reported(file, file).startswith("Files are compared; they do not record which crawls looked")


def test_listings_and_held_crawls_that_were_not_looked_at_are_told(tmp_path: Path) -> None:
    first = Crawl(0).read(X).page(f"{HOME}a", "listing").page(f"{HOME}b", "listing")
    held = tmp_path / "crawls" / "20260102T030000Z-live"
    held.mkdir(parents=True)
    append(tmp_path, HoldDecision(held.name, "reject", "hijacked", at(2)))
    laid(tmp_path, first, Crawl(2).read(X).page(f"{HOME}a", "listing")).close()
    with DiffQuery(tmp_path, (), "2026-01-02", NOW, CHINA) as question:
        reported = question.coverage.text()
    assert "Not looked at: 1 of 2 known listings." in reported
    assert reported.endswith("1 crawl is held back and not compared: 20260102T030000Z-live.")


def test_a_listing_that_answers_304_was_looked_at_and_articles_that_nobody_asked_for_were_not(tmp_path: Path) -> None:
    a, b = f"{HOME}a", f"{HOME}b"
    first = Crawl(0).read(X).page(a, "listing").page(b, "listing")
    laid(tmp_path, first, Crawl(2).look(a, "not_modified").look(b, "blocked")).close()
    with DiffQuery(tmp_path, (), None, NOW, CHINA) as question:
        assert list(question.changes()) == []
        coverage = question.coverage
    assert coverage.text().endswith("Not looked at: 1 of 1 known articles, 1 of 2 known listings.")
    assert coverage.no_changes == "no changes found; looked at: 0 of 1 known articles, 1 of 2 known listings"


@pytest.mark.parametrize("outcome", ["blocked", "unreadable"])
def test_a_crawl_without_a_readable_answer_is_no_look(tmp_path: Path, outcome: str) -> None:
    refused = Crawl(2).look(X, outcome).page(HOME, "blocked", status=403)
    laid(tmp_path, Crawl(0).read(X), refused).close()
    for what, since in (((), None), ((), "2026-01-02"), ((refused.name,), None)):
        with pytest.raises(NobodyLooked, match=f"{refused.name} had none") as raised:
            asked(tmp_path, *what, since=since)
        assert (raised.value.exit_code, raised.value.last) == (10, at(0, 1))
    with DiffQuery(tmp_path, (), "2026-01-01", NOW, CHINA) as question:
        assert f"1 crawl had no readable answer: {refused.name}." in question.coverage.text()


def test_other_crawls_of_the_day_are_named_with_the_command_that_shows_their_changes(tmp_path: Path) -> None:
    """The day of China: 2026-01-01 16:30 UTC and 2026-01-02 03:00 UTC are on one day, 2026-01-01 03:00 is not."""
    crawls = [Crawl(0).read(Z), Crawl(0.5625).read(X, EDITED), Crawl(1).read(X, EDITED)]
    laid(tmp_path, *crawls).close()

    def reported(*what: str) -> str:
        with DiffQuery(tmp_path, what, None, NOW, CHINA) as question:
            return question.coverage.text()

    other = f"Another crawl was run on 2026-01-02 (Asia/Shanghai); its changes: `gdfupin diff {crawls[1].name}"
    assert reported().endswith(f"{other} --output {tmp_path}`.")
    assert f"`gdfupin diff {crawls[2].name} " in reported(crawls[1].name)
    assert "nother crawl" not in reported(crawls[0].name)
    assert "nother crawl" not in reported("2026-01-02")


@pytest.mark.parametrize("since", ["0d", "00h", "0w"])
def test_a_period_of_no_length_is_refused(output: Path, since: str) -> None:
    with pytest.raises(NoSuchTime):
        asked(output, since=since)


def test_a_point_is_not_compared_with_itself(output: Path) -> None:
    for what in (("2026-01-09", "2026-01-09"), (Crawl(8).name, "latest")):
        with pytest.raises(WrongArgument, match="both are the same point of the archive"):
            asked(output, *what)


def test_the_zone_of_a_day_and_the_length_of_a_period_are_named(output: Path) -> None:
    for what, names in (
        (("2026-01-08",), ("2026-01-08 (Asia/Shanghai)", "now")),
        (("2026-01-08", "2026-01-09"), ("2026-01-08 (Asia/Shanghai)", "2026-01-09 (Asia/Shanghai)")),
        (("2026-01-08T03:00Z", "latest"), ("2026-01-08T03:00Z", Crawl(8).name)),
    ):
        with DiffQuery(output, what, None, NOW, CHINA) as question:
            assert (question.before, question.after) == names
    with DiffQuery(output, (), "13d", NOW, CHINA) as question:
        assert question.before == "13 days ago"
    with pytest.raises(NobodyLooked, match="no crawl looked in the last 7 days, "):
        asked(output, since="7d")


# --- evidence --------------------------------------------------------------------------------------------------------


def test_evidence_is_what_was_seen_and_no_more(output: Path) -> None:
    reported = {each.kind: each.evidence for each in asked(output, since="2026-01-04")}
    assert reported == {
        "edited": "seen before the edit on 2026-01-02, after it on 01-08, not looked at between",
        "gone": "seen 2026-01-02, missing on 01-08 and 01-09, not looked at between",
        "added": "first seen 2026-01-08",
    }


def test_looks_between_that_say_nothing_are_told(tmp_path: Path) -> None:
    crawls = Crawl(0).read(X), Crawl(2).look(X, "blocked"), Crawl(3).look(X, "unreadable"), Crawl(4).read(X, EDITED)
    with laid(tmp_path, *crawls):
        (change,) = asked(tmp_path, since="2026-01-02")
    assert (
        change.evidence
        == "seen before the edit on 2026-01-01, after it on 01-05; blocked on 01-03, not readable on 01-04"
    )


def test_a_moved_article_was_seen_at_both_places(tmp_path: Path) -> None:
    with laid(tmp_path, Crawl(0).read(X), Crawl(4).read(X, section="部门动态")):
        (change,) = asked(tmp_path)
    expected = "seen at its old place on 2026-01-01, at the new one on 01-05, not looked at between"
    assert (change.kind, change.evidence) == ("moved", expected)


def test_what_an_archive_of_others_saw_is_told_with_its_name(tmp_path: Path) -> None:
    with laid(tmp_path, Crawl(0, origin="wayback").read(X)):
        (change,) = asked(tmp_path, "latest")
    assert change.evidence == "first seen 2026-01-01 by wayback"


def test_two_looks_on_one_day_are_told_by_the_hour(tmp_path: Path) -> None:
    with laid(tmp_path, Crawl(0).read(X), Crawl(0.5).missing(X), Crawl(1.25).missing(X), Crawl(1.5).read(X)):
        (change,) = asked(tmp_path, Crawl(1.5).name)
    assert change.evidence == ("seen 2026-01-01 03:00, missing on 01-01 15:00 and 01-02 09:00, seen again 01-02 15:00")


def answered(output: Path, crawl: Crawl, *answers: tuple[str, int]) -> Crawl:
    """Looks that found nothing, with the answers in the crawl's WARC."""
    folder = output / crawl.folder
    folder.mkdir(parents=True, exist_ok=True)
    writer = WarcWriter(folder, crawl.name, {})
    for second, (url, status) in enumerate(answers):
        moment = at(crawl.day, 1000 + second)
        proof = writer.write(Exchange(url, moment, status, (), b"<p>Not here</p>")).proof
        crawl._look(url, "missing", moment, proof)
    writer.close()
    return crawl


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        (404, "answered 404 on 01-08 and 01-09"),
        (200, "said it is not there (200) on 01-08 and 01-09"),
        (302, "led to the home page or to an error page (302) on 01-08 and 01-09"),
    ],
)
def test_what_the_server_answered_is_told_from_the_warc(tmp_path: Path, status: int, answer: str) -> None:
    crawls = Crawl(1).read(X), *(answered(tmp_path, Crawl(day), (X, status)) for day in (7, 8))
    with laid(tmp_path, *crawls):
        (change,) = asked(tmp_path)
    assert change.evidence == f"seen 2026-01-02, {answer}, not looked at between"


def test_answers_that_are_not_the_same_are_told_apart(tmp_path: Path) -> None:
    crawls = Crawl(1).read(X), answered(tmp_path, Crawl(7), (X, 404)), answered(tmp_path, Crawl(8), (X, 410))
    with laid(tmp_path, *crawls):
        (change,) = asked(tmp_path)
    assert change.evidence == "seen 2026-01-02, answered 404 on 01-08, answered 410 on 01-09, not looked at between"


# --- what may be asked -----------------------------------------------------------------------------------------------


def test_nothing_named_is_what_the_last_crawl_brought(output: Path) -> None:
    assert kinds(asked(output)) == kinds(asked(output, "latest")) == [("gone", Y)]
    assert kinds(asked(output, Crawl(1).name)) == [("added", X), ("added", Y)]


def test_between_two_crawls_or_two_days(output: Path) -> None:
    expected = [("added", Z), ("edited", X, "body"), ("gone", Y)]
    assert kinds(asked(output, Crawl(1).name, Crawl(8).name)) == expected
    assert kinds(asked(output, "2026-01-03", "2026-01-10")) == expected
    assert kinds(asked(output, "2026-01-03", "2026-01-09")) == expected[:2]
    assert kinds(asked(output, "2026-01-02T12:00", "2026-01-08T03:00:01Z")) == [("edited", X, "body")]


def test_since_a_day_or_so_long_ago(output: Path) -> None:
    assert kinds(asked(output, since="2026-01-09")) == kinds(asked(output, "2026-01-09")) == [("gone", Y)]
    assert kinds(asked(output, since="13d")) == [("added", Z), ("edited", X, "body"), ("gone", Y)]
    assert kinds(asked(output, since="11d")) == [("gone", Y)]


def test_the_texts_before_and_after_are_there(output: Path) -> None:
    [edited] = asked(output, since="13d", wanted=ChangeFilter(kinds=("edited",)))
    assert edited.old is not None
    assert edited.new is not None
    assert (edited.old["body"], edited.new["body"], edited.weight) == (BODY, EDITED, "substantive")


def test_since_last_begins_where_the_last_one_ended_for_each_name(output: Path) -> None:
    def ask(name: str, *, to_the_end: bool = True) -> list[tuple[str, ...]]:
        with DiffQuery(output, (), name, NOW, CHINA) as question:
            found = list(question.changes())
            if to_the_end:
                question.remember()
        return kinds(found)

    assert ask("last", to_the_end=False) == ask("last") == [("gone", Y)]
    with pytest.raises(NobodyLooked, match="since the last time"):
        ask("last")
    assert ask("last:anna") == [("gone", Y)]
    late = Crawl(-3000, origin="wayback").read(f"{Z}?old", "旧文", title="旧闻")
    crawls = [
        Crawl(1).read(X).read(Y, OTHER),
        Crawl(7).read(X, EDITED).missing(Y).read(Z, OTHER, title="新来", section="部门动态", source="新华社"),
        Crawl(8).missing(Y),
        Crawl(9).read(X),
        late,
    ]
    laid(output, *crawls).__exit__(None, None, None)
    assert ask("last") == [("added", f"{Z}?old"), ("edited", X, "body")]
    with pytest.raises(NobodyLooked):
        ask("last")


def test_a_damaged_memory_is_not_guessed_over(output: Path) -> None:
    (output / "changes-seen.json").write_text('{"default": 3}')
    with pytest.raises(NotArticles, match=r"changes-seen\.json"):
        asked(output, since="last")


@pytest.mark.parametrize("what", [("nothing",), ("2026-13-01",), ("a", "b"), ("2026-01-02", "nothing")])
def test_what_is_not_there_is_said_with_what_there_is(output: Path, what: tuple[str, ...]) -> None:
    with pytest.raises(NotNamed, match="20260109T030000Z-live") as raised:
        asked(output, *what)
    assert raised.value.exit_code == 2


def test_an_archive_that_was_never_folded_is_said(tmp_path: Path) -> None:
    with pytest.raises(NothingThere, match="gdfupin crawl"):
        asked(tmp_path)
    (tmp_path / "crawls" / "20260101T030000Z-live").mkdir(parents=True)
    with pytest.raises(NothingThere, match="gdfupin catalog"):
        asked(tmp_path)


def test_a_point_of_the_archive_is_compared_with_a_file_or_a_release(output: Path) -> None:
    release = output / "releases" / "2026.01.02"
    release.mkdir(parents=True)
    (release / "articles.jsonl").write_bytes(b"".join(Crawl(1).read(X).read(Y, OTHER).files["articles"]))
    assert kinds(asked(output, "2026.01.02", "2026-01-03")) == []
    expected = [("added", Z), ("edited", X, "body"), ("gone", Y)]
    assert kinds(asked(output, "2026.01.02", "latest")) == expected
    assert kinds(asked(output, str(release / "articles.jsonl"), "2026-01-10")) == expected
    assert kinds(asked(output, "2026.01.02", str(release))) == []


# --- what is wanted --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wanted", "urls"),
    [
        (ChangeFilter(words=("又记",)), {X}),
        (ChangeFilter(words=("连樟村",)), {Y, Z}),
        (ChangeFilter(words=("连樟村", "又记")), {X, Y, Z}),
        (ChangeFilter(sections=("部门动态",)), {Z}),
        (ChangeFilter(sources=("新华社",)), {Z}),
        (ChangeFilter(sources=("新华社",), kinds=("gone",)), set()),
        (ChangeFilter(kinds=("gone", "edited")), {X, Y}),
        (ChangeFilter(words=("没有",)), set()),
    ],
)
def test_only_what_is_wanted_is_shown(output: Path, wanted: ChangeFilter, urls: set[str]) -> None:
    assert {each.url for each in asked(output, since="13d", wanted=wanted)} == urls


def test_a_word_is_found_before_or_after_and_in_any_width(tmp_path: Path) -> None:
    with laid(tmp_path, Crawl(0).read(X, f"{BODY}ＷＴＯ"), Crawl(1).read(X, f"{BODY}ＡＰＥＣ"), Crawl(2).read(X)):
        for word in ("wto", "APEC"):
            assert len(asked(tmp_path, Crawl(1).name, wanted=ChangeFilter(words=(word,)))) == 1


# --- the replica's epochs --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("markup", sorted(MARKUPS))
def test_an_archive_and_two_downloads_tell_the_same_changes_and_those_that_were(tmp_path: Path, markup: str) -> None:
    observer = Observer(markup)
    numbers = {
        address.url: truth.number
        for epoch in range(LAST + 1)
        for truth in extract.truth(markup, epoch=epoch)
        for address in truth.addresses
    }
    crawls: list[Crawl] = []
    files: list[Path] = []
    for epoch in range(LAST + 1):
        crawls += [observer.crawl(epoch, 30 * epoch), observer.crawl(epoch, 30 * epoch + LATER, backwards=True)]
        with laid(tmp_path, *crawls) as catalog:
            files.append(tmp_path / f"epoch-{epoch}.jsonl")
            files[-1].write_text("".join(json.dumps(each) + "\n" for each in exported(tmp_path, catalog)))

    def reported(found: list[Difference]) -> set[tuple[str, int, tuple[str, ...]]]:
        assert len(found) == len({(each.kind, each.id) for each in found})
        return {(each.kind, numbers[each.url], each.fields) for each in found}

    for epoch in range(1, LAST + 1):
        expected = {(each.kind, each.number, each.fields) for each in extract.changes(markup, epoch - 1, epoch)}
        days = (at(30 * (epoch - 1) + 1), at(30 * epoch + 1))
        from_archive = asked(tmp_path, *days)
        from_files = list(compare(opened(files[epoch - 1]), opened(files[epoch])))
        assert reported(from_archive) == expected, f"archive, epoch {epoch}"
        assert reported(from_files) == expected, f"files, epoch {epoch}"
        assert {(each.id, each.kind, each.weight) for each in from_archive} == {
            (each.id, each.kind, each.weight) for each in from_files
        }
