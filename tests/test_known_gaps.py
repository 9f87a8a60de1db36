"""A gap is told once, requested again after growing pauses, and can be acknowledged."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from gdfupin_spider.archive import Archive
from gdfupin_spider.commands import main
from gdfupin_spider.items import Issue
from gdfupin_spider.ledger.gap_tracker import GapTracker
from gdfupin_spider.monitoring.gaps import compared_gaps
from gdfupin_spider.replica import BASE
from gdfupin_spider.storage.acknowledgements import Acknowledgement, Acknowledgements
from gdfupin_spider.storage.open_gaps import OpenGap
from tests.handmade import Answer, Handmade, article, links, page
from tests.sites import Crawl, crawl, run
from tests.sources.other_programs import Page, written_by_warcio

A, B = "http://a.cn/1.htm", "http://a.cn/2.htm"
MEMBERS = page("<p>对不起，您无权查看本文，本栏目仅对会员开放。</p>" + links("/", "/a.htm", "/b.htm"))


def failure(url: str = A, what: str = "timeout") -> Issue:
    return Issue("failure", what, url, "evidence")


def day(number: int) -> str:
    return f"2026-11-{number:02}T03:00:00Z"


def test_a_gap_is_new_once_and_again_for_another_reason() -> None:
    before: tuple[OpenGap, ...] = ()
    new = []
    for number, what in enumerate(["timeout", "status-500", "no-access", "no-access"], 1):
        tracker = GapTracker(before, day(number))
        tracker.issue(failure(what=what))
        changes = tracker.changes()
        before = changes.open
        new.append(len(changes.new))
    assert new == [1, 0, 1, 0]
    assert [(gap.since, gap.tried, gap.tries) for gap in before] == [(day(3), day(4), 2)]


def test_a_gap_heals_by_an_answer_and_stays_open_where_nobody_asked() -> None:
    tracker = GapTracker([OpenGap(url, "timeout", "failure", "", day(1), day(2), 2) for url in (A, B)], day(3))
    tracker.answered(A)
    changes = tracker.changes()
    assert [gap.url for gap in changes.healed] == [A]
    assert [(gap.url, gap.tried) for gap in changes.open] == [(B, day(2))]
    assert changes.new == ()


def test_a_refusal_is_settled_by_an_article_at_its_address() -> None:
    tracker = GapTracker([OpenGap(A, "no-title", "refusal", "", day(1), day(1))], day(2))
    tracker.issue(Issue("refusal", "no-body", B, ""))
    changes = tracker.changes(is_article=lambda url: True)
    assert ([gap.url for gap in changes.healed], changes.open, changes.new) == ([A], (), ())


def test_a_bad_week_of_the_site_makes_no_pause_longer() -> None:
    before: tuple[OpenGap, ...] = ()
    for number in range(1, 8):
        tracker = GapTracker(before, day(number))
        for n in range(3):
            tracker.issue(failure(f"http://a.cn/{n}.htm", "blocked"))
        before = tracker.changes(articles_answered=0).open
    assert {(gap.tried, gap.tries) for gap in before} == {(day(1), 1)}


def test_when_one_address_is_well_again_all_that_failed_like_it_are_due() -> None:
    gaps = [OpenGap(url, what, "failure", "", day(1), day(9), 6) for url, what in ((A, "status-500"), (B, "timeout"))]
    tracker = GapTracker([*gaps, OpenGap("http://a.cn/3.htm", "no-access", "failure", "", day(1), day(9), 6)], day(10))
    tracker.answered(A)
    assert [(gap.url, gap.tries) for gap in tracker.changes(articles_answered=1).open] == [
        (B, 1),
        ("http://a.cn/3.htm", 6),
    ]


def test_an_interrupted_request_is_a_new_gap_that_the_next_crawl_requests() -> None:
    tracker = GapTracker((), day(1))
    tracker.issue(failure(what="interrupted"))
    changes = tracker.changes()
    assert (len(changes.new), changes.open) == (1, ())


@pytest.mark.parametrize(("tries", "days"), [(1, 0), (2, 2), (3, 4), (4, 8), (6, 32), (900, 32)])
def test_the_pauses_between_requests_grow(tries: int, days: int) -> None:
    gap = OpenGap(A, "timeout", "failure", "", day(1), day(1), tries)
    assert gap.due() == datetime.fromisoformat(day(1)) + timedelta(days=days)
    assert OpenGap(A, "oversize", "note", "", day(1), day(1)).due() - datetime.fromisoformat(day(1)) >= timedelta(
        days=32
    )


def test_acknowledged_gaps_are_counted_apart() -> None:
    tracker = GapTracker((), day(1))
    for url in (A, B, "http://a.cn/bbs/1.htm"):
        tracker.issue(failure(url))
    known = Acknowledgements(
        [
            Acknowledgement("http://a.cn/bbs/*", "members", day(1)),
            Acknowledgement("HTTP://www.a.cn/2.htm", "gone", day(1)),
        ]
    )
    gaps = compared_gaps(tracker.changes(), known)
    assert (gaps.open, gaps.acknowledged, gaps.new) == (1, 2, 1)
    assert [gap.url for gap in gaps.new_examples] == [A]


def test_the_acknowledgement_of_an_alarm_ends_with_the_alarm() -> None:
    known = Acknowledgements([Acknowledgement("nothing-new", "it has ended", day(5))])
    assert known.of_alarm("nothing-new", day(4))
    assert known.of_alarm("nothing-new", day(6)) is None


def ack(output: Path, *arguments: str) -> Any:
    done = CliRunner().invoke(main, ["ack", "--output", str(output), "--json", *arguments])
    return json.loads(done.stdout)


def status(output: Path) -> Any:
    return json.loads(run("status", "--output", str(output), "--json").stdout)


def test_a_known_gap_wakes_nobody_and_is_requested_less_and_less(tmp_path: Path) -> None:
    broken: Answer = (500, {}, b"")
    answers: dict[str, bytes | Answer] = {
        "/": page(links("/a.htm", "/b.htm", "/members.htm")),
        "/a.htm": article("修路"),
        "/b.htm": broken,
        "/members.htm": MEMBERS,
    }
    requests = []
    with Handmade(answers) as site:

        def on(number: int) -> Crawl:
            site.asked.clear()
            done = crawl(tmp_path, "--start-url", site.url, clock=day(number))
            requests.append([site.paths.count(path) for path in ("/b.htm", "/members.htm")])
            return done

        first, second, third = on(1), on(2), on(3)
        b = f"{site.url}b.htm"
        assert ack(tmp_path, "--list")["open_gaps"][0]["url"] == b
        text = run("status", "--output", str(tmp_path)).stdout
        assert f"Open gaps: 1 since 2026-11-01; `gdfupin ack --list --output {tmp_path}`" in text.replace("\n", "")
        ack(tmp_path, b, "--reason", "the keeper knows")
        assert ack(tmp_path, "--list")["acknowledged"][0]["reason"] == "the keeper knows"
        answers["/b.htm"] = article("种果")
        ack(tmp_path, b, "--undo")
        fourth = on(4)
    assert [each.exit_code for each in (first, second, third, fourth)] == [1, 0, 0, 0], first.log
    assert requests == [[5, 1], [5, 0], [0, 0], [1, 0]]  # four tries, and one more at the end of the crawl
    assert first.issues("failure") == {("status-500", b)}
    assert ("login-page", f"{site.url}members.htm") in first.issues("note")
    states = [each.answer["open_gaps"] for each in (first, second, third, fourth)]
    assert [(each["open"], each["new"], each["healed"]) for each in states] == [
        (1, 1, 0),
        (1, 0, 0),
        (1, 0, 0),
        (0, 0, 1),
    ]
    assert {each["since"] for each in states[:3]} == {first.answer["started"]}


def test_an_import_hides_neither_gaps_nor_alarms(tmp_path: Path) -> None:
    output, file = tmp_path / "output", tmp_path / "found.warc.gz"
    file.write_bytes(written_by_warcio([Page(f"{BASE}1.htm", 200, article("种果"))]))
    paths = [f"/{n}.htm" for n in range(1, 31)]
    answers: dict[str, bytes | Answer] = {"/": page(links(*paths))}
    answers |= {path: article(f"修路{path}") for path in paths}
    with Handmade(answers) as site:
        crawl(output, "--start-url", site.url, clock=day(1))
        answers |= {path: (500, {}, b"") for path in paths}
        crawl(output, "--start-url", site.url, "--recheck", "all", clock=day(2))
        before = status(output)
        assert [alarm["name"] for alarm in before["alarms"]] == ["articles-unread"]
        assert before["open_gaps"]["open"] == len(ack(output, "--list")["open_gaps"]) == 30
        listed = ack(output, "--list")
        assert run("import", str(file), "--output", str(output)).returncode == 0
        after = status(output)
        assert (after["crawls"], after["alarms"], after["open_gaps"]) == (3, before["alarms"], before["open_gaps"])
        assert ack(output, "--list") == listed
        with Archive(output) as archive:
            assert not archive.is_complete
        answers |= {path: article(f"修路{path}") for path in paths}
        third = crawl(output, "--start-url", site.url, clock=day(3))
    assert (third.answer["open_gaps"]["open"], third.answer["open_gaps"]["healed"]) == (0, 30)


def test_ack_names_what_is_wrong(tmp_path: Path) -> None:
    for arguments in ([], ["x"], ["x", "--undo", "--reason", "y"], ["--list", "--undo"], ["x", "--reason", "y"]):
        answer = ack(tmp_path, *arguments)
        assert answer["exit_code"] == 2
