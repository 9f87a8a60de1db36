"""The judge: what becomes of each kind of page, in the words of the records."""

import pytest

from gdfupin_spider import pages, profiles
from gdfupin_spider.items import Capture, Proof
from gdfupin_spider.ledger.judge import Judge, Verdict
from tests.handmade import article, page

PROFILE = profiles.load("gdfupin")
HOME = "http://www.gdfupin.org.cn/"
ROWS = "".join(f"<li><a href='/show{n}.htm'>村里的第{n}个好消息传到县城</a> 2021-01-1{n}</li>" for n in range(1, 6))
LISTING = page(f"<p>当前位置:<a href='/'>首页</a>->>扶贫前沿->>扶贫要闻</p><ul>{ROWS}</ul>")
ODD = page("<p>这里什么也没有。</p>")


def capture(path: str, payload: bytes = b"", status: int = 200, **headers: str) -> Capture:
    fields = tuple((name.replace("_", "-"), value) for name, value in {"content_type": "text/html", **headers}.items())
    return Capture(
        HOME + path, "2026-11-29T03:00:00Z", status, fields, payload, Proof("c/capture-00000.warc.gz", 7, "0" * 64)
    )


def judged(judge: Judge, path: str, payload: bytes = b"", status: int = 200, **headers: str) -> Verdict:
    found = capture(path, payload, status, **headers)
    return judge.judge(found, pages.read(found, PROFILE))


@pytest.fixture
def judge() -> Judge:
    return Judge(PROFILE, (HOME,))


def reported(verdict: Verdict) -> tuple[str | None, str | None, bool, bool, bool]:
    """Counted as, outcome of the sighting, whether there are an article line and a page line, whether links are followed."""
    outcome = verdict.sighting.outcome if verdict.sighting else None
    return verdict.counted_as, outcome, verdict.article is not None, verdict.seen is not None, verdict.follow


def test_each_kind_of_page_becomes_its_records(judge: Judge) -> None:
    assert reported(judged(judge, "list.htm", LISTING)) == ("listing", None, False, True, True)
    assert reported(judged(judge, "show1.htm", article("村里的第1个好消息传到县城"))) == (
        "article",
        "read",
        True,
        False,
        True,
    )
    assert reported(judged(judge, "gone.htm", status=404)) == ("gone", "missing", False, False, True)
    assert reported(judged(judge, "no.htm", status=403)) == ("blocked", "blocked", False, False, True)
    assert reported(judged(judge, "old.htm", status=301, location="/new.htm")) == ("moved", "moved", False, True, True)
    assert reported(judged(judge, "dead.htm", status=302, location="/")) == ("moved", "missing", False, True, True)
    assert reported(judged(judge, "same.htm", status=304)) == (None, "not_modified", False, False, False)
    assert reported(judged(judge, "other.htm", ODD)) == ("unknown", None, False, True, True)
    assert reported(judged(judge, "foreign.htm", b"<p>casino</p>" * 30)) == ("foreign", None, False, True, False)


def test_the_second_address_of_an_article_has_a_sighting_and_no_line(judge: Judge) -> None:
    judged(judge, "a.htm", article("好消息"))
    second = judged(judge, "b.htm", article("好消息"))
    assert reported(second) == ("article", "read", False, False, True)
    assert second.sighting is not None
    assert second.sighting.same_as == f"{HOME}a.htm"


def test_a_row_that_leads_to_no_article_is_a_gap(judge: Judge) -> None:
    assert len(judged(judge, "list.htm", LISTING).new_rows) == 5
    verdict = judged(judge, "show2.htm", ODD)
    assert reported(verdict) == ("unknown", "unreadable", False, True, True)
    assert [(issue.level, issue.what) for issue in verdict.issues] == [("refusal", "not-an-article")]
    assert judged(judge, "list2.htm", LISTING).new_rows == ()


def test_an_article_whose_next_page_is_missing_is_refused(judge: Judge) -> None:
    found = capture("show9.htm", article("分页的文章"))
    verdict = judge.judge(found, pages.read(found, PROFILE), missing=f"{HOME}show9_2.htm")
    assert reported(verdict) == ("article", "unreadable", False, False, True)
    assert [issue.what for issue in verdict.issues] == ["missing-part"]


@pytest.mark.parametrize(
    ("fault", "counted_as", "outcome"),
    [("blocked", "blocked", "blocked"), ("no-access", "blocked", "blocked"), ("status-500", "failed", None)],
)
def test_a_fault_after_the_last_try_is_a_failure(
    judge: Judge, fault: str, counted_as: str, outcome: str | None
) -> None:
    found = capture("list.htm", LISTING, 500)
    verdict = judge.judge(found, pages.read(found, PROFILE), fault)
    assert reported(verdict) == (counted_as, outcome, False, False, False)
    assert [(issue.level, issue.what) for issue in verdict.issues] == [("failure", fault)]


def test_a_fault_where_a_row_promised_an_article_is_unreadable(judge: Judge) -> None:
    judged(judge, "list.htm", LISTING)
    verdict = judge.judge(capture("show3.htm", status=500), None, "status-500")
    assert verdict.sighting is not None
    assert verdict.sighting.outcome == "unreadable"


def test_behind_the_limit_nothing_becomes_of_an_article() -> None:
    judge = Judge(PROFILE, (HOME,), limit=1)
    assert judged(judge, "a.htm", article("第一篇")).article is not None
    assert judge.at_limit
    verdict = judged(judge, "b.htm", article("第二篇"))
    assert (reported(verdict), verdict.issues) == ((None, None, False, False, False), ())
    assert judged(judge, "list.htm", LISTING).seen is not None


def test_the_page_of_a_frame_needs_no_word_of_the_site(judge: Judge) -> None:
    frameset = page("<p>首页</p>").replace(b"<body>", b"<frameset><frame src='/menu.htm'></frameset><body>")
    judged(judge, "", frameset)
    assert reported(judged(judge, "menu.htm", "<p><a href='/a.htm'>要闻</a></p>".encode()))[0] == "unknown"
