"""How changes are shown: at the terminal, as a page, as feeds, as lines and cells. Page text is hostile everywhere."""

import base64
import csv
import hashlib
import io
import json
import re
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import feedparser
import pytest
from lxml import etree, html
from rich.console import Console

from gdfupin_spider.catalog.window import Window
from gdfupin_spider.diff import ArticlesInMemory, ChangeFilter, Difference, Feed, compare, text_view, write_feeds
from gdfupin_spider.diff.compared_time import ComparedTime
from gdfupin_spider.diff.feeds import atom, entry_id, jsonfeed
from gdfupin_spider.diff.html_page import page
from gdfupin_spider.diff.proofs import ChangeProofs
from gdfupin_spider.diff.tables import cells, jsonl
from gdfupin_spider.messages import message_language
from gdfupin_spider.search.snippets import MarkedWords
from gdfupin_spider.storage.proven_capture import ProvenCapture
from tests.diff.records import BODY, OTHER, X, Y, Z, article, at
from tests.foreign_words import words_of_page

SCHEMA = etree.RelaxNG(etree.parse(Path(__file__).with_name("atom.rng")))
HOSTILE = "<script>alert(1)</script>\x1b[31m\u202e\x00]]>&amp;\ufffe\x07"
LONG = f"{BODY}\n{OTHER}\n{BODY * 3}"
BASE = "https://archive.example/feeds/"
FEED = Feed("广东扶贫网", "http://www.gdfupin.org.cn/", at(9))
OLD = [
    article(X, LONG),
    article(Y, OTHER, title="将去", section="部门动态"),
    article(Z, f"{OTHER}{BODY}", title="将移"),
    article(f"{X}1", f"{HOSTILE}甲", title=HOSTILE, source=HOSTILE),
    article(f"{X}2", "会议召开。", title="标点", author="李明", captions=["图一"]),
]
NEW = [
    article(X, LONG.replace("三百亩", "五百亩"), captured_at=at(7)),
    article(Z, f"{OTHER}{BODY}", title="将移", section="地市联播", captured_at=at(7)),
    article(f"{X}1", f"{HOSTILE}乙", title=HOSTILE, source=HOSTILE, captured_at=at(7), section=HOSTILE),
    article(f"{X}2", "会议召开", title="标点", author="李明", captions=["图一"], captured_at=at(7)),
    article(f"{Y}9", "=cmd()", title="=HYPERLINK()", captured_at=at(8)),
]
for each in (OLD[3], NEW[2]):
    each["title"] += "\ud800"  # of which no digest can be made
FOUND = list(compare(ArticlesInMemory(OLD, "old"), ArticlesInMemory(NEW, "new")))


def printed(changes: list[Difference], *, colour: bool = False) -> str:
    console = Console(
        file=io.StringIO(), markup=False, width=200, force_terminal=colour, color_system="truecolor" if colour else None
    )
    for change in changes:
        console.print(text_view.one(change, colour))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def of_kind(kind: str) -> list[Difference]:
    return [change for change in FOUND if change.kind == kind]


def test_there_is_a_change_of_each_kind_to_show() -> None:
    assert sorted(each.kind for each in FOUND) == ["added", "edited", "edited", "edited", "gone", "moved", "moved"]


# --- the terminal ----------------------------------------------------------------------------------------------------


def test_an_edit_is_shown_with_what_stands_around_it() -> None:
    answer = printed([change for change in FOUND if change.url == X])
    assert "[-三-]{+五+}百亩" in answer
    assert "… 8 sentences the same" in answer
    assert BODY * 3 not in answer


def test_colour_takes_the_place_of_brackets() -> None:
    answer = printed([change for change in FOUND if change.url == X], colour=True)
    assert "[-" not in answer
    assert "\x1b[" in answer


def test_hostile_text_commands_no_terminal() -> None:
    answer = printed(FOUND)
    assert not re.findall("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e\ud800]", answer)


def test_changes_are_counted_by_kind_and_section() -> None:
    tally = text_view.ChangeCounts()
    for change in FOUND:
        tally.add(change)
    assert tally.line() == "1 added, 3 edited (1 of them cosmetic), 2 moved, 1 gone"
    assert tally.counts["部门动态", "gone"] == 1


# --- the page --------------------------------------------------------------------------------------------------------


def test_the_page_asks_no_host_runs_nothing_and_shows_hostile_text_as_text() -> None:
    answer = page(FOUND, "old", "new")
    root = html.fromstring(answer)
    (script,) = root.xpath("//script")
    digest = base64.b64encode(hashlib.sha256(script.text.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in answer
    assert root.xpath("//img | //iframe | //object | //form[@action] | //base | //link | //@style | //@onclick") == []
    assert root.xpath("//@src") == []
    assert "default-src 'none'" in answer
    assert "url(" not in answer
    assert "@import" not in answer
    assert not re.findall("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e\ud800]", answer)
    assert "&lt;script&gt;" in answer
    assert all(link.startswith(("http://www.gdfupin.org.cn/", "#")) for link in root.xpath("//@href"))
    assert root.xpath("//meta[@name='viewport']")
    assert "prefers-color-scheme: dark" in answer


def test_the_page_shows_cuts_and_puts() -> None:
    root = html.fromstring(page(of_kind("edited"), "old", "new"))
    assert "三" in root.xpath("//del/text()")
    assert "五" in root.xpath("//ins/text()")


def test_a_page_without_changes_says_so() -> None:
    looked = Window(("20260101T030000Z-live",), at(0), 0, 0, 0, 0)
    answer = page([], "old", "new", ComparedTime(looked))
    assert "no changes" in answer
    assert "1 crawl looked" in answer
    assert "<script>" not in answer


def test_page_and_feeds_are_chinese_for_who_reads_chinese() -> None:
    proof = ProvenCapture(at(7), "read", "wayback", X, None, "c/capture.warc.gz", 5, "ab" * 32, X, "2 1")

    class Proofs(ChangeProofs):
        def of(self, change: Difference) -> tuple[ProvenCapture | None, ProvenCapture | None]:
            return proof, proof

    many = list(compare(ArticlesInMemory(OLD, "旧"), ArticlesInMemory(NEW, "新")))
    looked = ComparedTime(Window(("20260101T030000Z-live",), at(0), 9, 5, 9, 5))
    gone, edited = (next(each for each in many if each.kind == kind) for kind in ("gone", "edited"))
    back = [replace(gone, kind="reappeared"), replace(edited, kind="reread", new=None)]
    printed_words = {"amp", "script", "alert", "HYPERLINK", "cmd", "http", "www"}  # by the pages
    with message_language.speaking("zh"):
        text = page([*many, *back], "旧", "新", looked, Proofs(), "../crawls/", site="广东扶贫网")
        assert words_of_page(text) <= printed_words
        labels = re.findall(r"(?:aria-label|placeholder|data-text)='?([^'>]+)", text)
        assert not [
            each for each in labels if re.search("[a-z]{3}", each.replace("{count}", "").replace("{total}", ""))
        ]
        assert "<html lang=zh>" in text
        for each in feedparser.parse(atom(FEED, many)).entries:
            assert words_of_page(each.title + each.content[0].value) <= printed_words
        feed = json.loads(jsonfeed(replace(FEED, query=ChangeFilter(kinds=("edited",))), many))
    assert not re.search("[a-z]{3}", f"{feed['title']}{feed['description']}")
    assert {tag for each in feed["items"] for tag in each["tags"]} >= {"added", "edited"}, "programs sort by them"


def test_each_change_has_an_anchor_and_each_section_a_link() -> None:
    root = html.fromstring(page(FOUND, "old", "new"))
    ids = root.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {f"{change.id}-{change.kind}" for change in FOUND} <= set(ids)
    assert {link.removeprefix("#") for link in root.xpath("//@href") if link.startswith("#")} <= set(ids)


def test_full_texts_are_one_click_away_and_moved_and_cosmetic_changes_are_folded() -> None:
    root = html.fromstring(page(FOUND, "old", "new"))
    (card,) = (each for each in root.xpath("//article") if "五" in each.xpath(".//ins/text()"))
    texts = {each.xpath("summary/text()")[0].split(",")[0]: each.xpath("string(div)") for each in card.xpath("details")}
    assert set(texts) == {"text before", "text after"}
    assert texts["text after"] == LONG.replace("三百亩", "五百亩").replace("\n", "")
    folded = root.xpath("//details[@class='fold']//article/@data-kind")
    assert sorted(folded) == ["edited", "moved", "moved"]


def test_a_proof_links_to_the_warc_file_and_to_the_replayed_capture() -> None:
    class Proofs(ChangeProofs):
        def of(self, change: Difference) -> tuple[ProvenCapture | None, ProvenCapture | None]:
            replay = f"https://web.archive.org/web/2020id_/{X}"
            return None, ProvenCapture(
                at(7), "read", "wayback", X, 404, "c/capture 0.warc.gz", 12345, "ab" * 32, replay
            )

    root = html.fromstring(page(FOUND[:1], "old", "new", None, Proofs(), "../crawls/"))
    (proof,) = root.xpath("//details[@class='proof']")
    assert proof.xpath(".//@href") == ["../crawls/c/capture%200.warc.gz", f"https://web.archive.org/web/2020id_/{X}"]
    reported = proof.text_content()
    assert all(part in reported for part in (f"after: {at(7)}, HTTP 404", "byte 12,345", "ab" * 32))


def test_words_that_were_asked_for_are_marked() -> None:
    root = html.fromstring(page(FOUND, "old", "new", words=MarkedWords(("连樟村", "将移", "<script>"))))
    assert {"连樟村", "将移", "<script>"} <= set(root.xpath("//mark/text()"))
    console = Console(file=io.StringIO(), width=200, force_terminal=True, color_system="truecolor")
    console.print(text_view.one(of_kind("gone")[0], True, MarkedWords(("连樟村",))))
    assert isinstance(console.file, io.StringIO)
    assert re.search("\x1b\\[2;4m连樟村", console.file.getvalue())


def test_a_redesign_is_one_card_that_opens() -> None:
    olds = [article(f"{X}{n}", f"{n}{OTHER}", title=f"第{n}篇") for n in range(30)]
    news = [article(f"{X}{n}?new", f"{n}{OTHER}", title=f"第{n}篇") for n in range(30)]
    answer = page(compare(ArticlesInMemory(olds, "old"), ArticlesInMemory(news, "new")), "old", "new")
    (card,) = html.fromstring(answer).xpath("//article")
    assert (card.get("data-kind"), card.get("data-count")) == ("moved", "30")
    assert len(card.xpath(".//li[@id]")) == 30


# --- feeds -----------------------------------------------------------------------------------------------------------


def checked(feed: str) -> Any:
    """The feed as an independent reader has it; valid by the schema of RFC 4287 and beyond."""
    root = etree.fromstring(feed.encode())
    assert SCHEMA.validate(root), SCHEMA.error_log
    read = feedparser.parse(feed.encode())
    assert not read.bozo, read.get("bozo_exception")
    ids = [entry.id for entry in read.entries]
    assert len(ids) == len(set(ids))
    for entry in read.entries:
        assert re.fullmatch(r"tag:[a-z0-9.-]+,\d{4}:[\w./-]+", entry.id)
        assert datetime.fromisoformat(entry.updated).tzinfo
        assert entry.title.strip()
    return read


def test_an_atom_feed_is_valid_and_whole() -> None:
    read = checked(atom(Feed("广东扶贫网", FEED.home, at(9), file="all.atom", base=BASE), FOUND))
    assert len(read.entries) == len(FOUND)
    assert read.feed.title == "广东扶贫网"
    assert read.feed.updated == at(8)
    assert {link.rel: link.href for link in read.feed.links} == {"self": f"{BASE}all.atom", "alternate": FEED.home}
    assert read.feed.language == "zh-CN"
    times = [entry.updated for entry in read.entries]
    assert times == sorted(times, reverse=True)
    assert times[0] == at(8)
    (edited,) = (entry for entry in read.entries if entry.link == X)
    assert "<del>三</del><ins>五</ins>" in edited.content[0].value


def test_an_empty_atom_feed_is_valid() -> None:
    assert checked(atom(FEED, [])).feed.updated == at(9)


def test_the_schema_refuses_what_is_no_atom() -> None:
    whole = atom(FEED, FOUND)
    for broken in (whole.replace("<updated>", "<updated>x", 1), re.sub("<id>.*?</id>", "", whole, count=1)):
        assert not SCHEMA.validate(etree.fromstring(broken.encode()))


def test_an_entry_keeps_its_id_whatever_the_feed_and_two_changes_have_two() -> None:
    again = list(compare(ArticlesInMemory(OLD[::-1], "other"), ArticlesInMemory(NEW[::-1], "names")))
    assert [entry_id(each) for each in again] == [entry_id(each) for each in FOUND]
    assert len({entry_id(each) for each in FOUND}) == len(FOUND)


def test_a_json_feed_has_what_version_1_1_asks_for() -> None:
    feed = json.loads(jsonfeed(replace(FEED, base=BASE, file="changes.json"), FOUND))
    assert "feed_url" not in json.loads(jsonfeed(FEED, FOUND))
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"]
    assert feed["home_page_url"] == FEED.home
    assert feed["feed_url"] == f"{BASE}changes.json"
    known = {"id", "url", "title", "content_html", "date_published", "tags", "authors"}
    for item in feed["items"]:
        assert {"id", "content_html"} <= set(item) <= known
        assert all(isinstance(item[name], str) for name in set(item) - {"tags", "authors"})
        assert all(each["name"] for each in item.get("authors", []))
        assert all(isinstance(tag, str) for tag in item["tags"])
        assert datetime.fromisoformat(item["date_published"]).tzinfo
    assert {item["id"] for item in feed["items"]} == {entry_id(each) for each in FOUND}
    times = [item["date_published"] for item in feed["items"]]
    assert times == sorted(times, reverse=True)


def test_the_author_of_an_entry_is_the_printed_author_and_the_source_a_category() -> None:
    (entry,) = checked(atom(FEED, [change for change in FOUND if change.title == "标点"])).entries
    assert entry.author == "李明"
    assert {tag.term for tag in entry.tags} == {"edited", "cosmetic", "扶贫要闻", "南方日报"}


def test_each_query_is_a_feed_of_its_own_and_the_same_query_the_same_feed() -> None:
    filters = [
        ChangeFilter(),
        ChangeFilter(("扶贫",)),
        ChangeFilter(("扶贫",), where="changed"),
        ChangeFilter(sections=("扶贫",)),
        ChangeFilter(kinds=("gone",)),
    ]
    ids = [replace(FEED, query=query, section=section).id for query in filters for section in (None, "扶贫要闻")]
    assert len(set(ids)) == len(ids)
    one, other = (replace(FEED, query=ChangeFilter(words)) for words in (("甲", "乙"), ("乙", "甲")))
    assert one.id == other.id
    assert one.name == "广东扶贫网 · 甲 / 乙"
    assert checked(atom(one, FOUND)).feed.id == one.id


def test_feeds_are_written_for_all_and_for_each_section_and_no_section_names_a_file(tmp_path: Path) -> None:
    paths = write_feeds(tmp_path / "feeds", replace(FEED, base=BASE), FOUND)
    assert sorted(path.name for path in paths) == sorted(path.name for path in (tmp_path / "feeds").iterdir())
    assert all(re.fullmatch(r"(all|section-[0-9a-f]{12})\.(atom|json)|feeds\.opml", path.name) for path in paths)
    titles = {path.name: checked(path.read_text()).feed.title for path in paths if path.suffix == ".atom"}
    assert {"广东扶贫网", "广东扶贫网 · 扶贫要闻", "广东扶贫网 · 地市联播", "广东扶贫网 · 部门动态"} <= set(
        titles.values()
    )
    opml = etree.parse(tmp_path / "feeds" / "feeds.opml")
    assert sorted(opml.xpath("//outline/@xmlUrl")) == sorted(f"{BASE}{name}" for name in titles)
    assert sorted(opml.xpath("//outline/@text")) == sorted(titles.values())
    assert set(opml.xpath("//outline/@htmlUrl")) == {FEED.home}
    (moved,) = (name for name, title in titles.items() if title.endswith("地市联播"))
    assert len(feedparser.parse((tmp_path / "feeds" / moved).read_text()).entries) == 1


# --- lines and cells -------------------------------------------------------------------------------------------------


def test_lines_are_json_and_command_no_terminal() -> None:
    lines = list(jsonl(FOUND, ChangeProofs()))
    assert [json.loads(line)["kind"] for line in lines] == [each.kind for each in FOUND]
    assert not re.findall("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\ud800]", "".join(lines))


def test_cells_open_in_excel_and_none_is_a_formula() -> None:
    answer = "".join(cells(FOUND, ChangeProofs()))
    assert answer.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(answer.removeprefix("\ufeff"))))
    assert len(rows) == len(FOUND)
    assert [row["title"] for row in rows if row["kind"] == "added"] == ["'=HYPERLINK()"]


@pytest.mark.parametrize(
    "made", [lambda: atom(FEED, FOUND), lambda: page(FOUND, "a", "b"), lambda: "".join(jsonl(FOUND, ChangeProofs()))]
)
def test_the_same_changes_give_the_same_bytes(made: Any) -> None:
    assert made() == made()
