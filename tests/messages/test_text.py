"""Messages: English as strings, Chinese where they are shown, also when they are put together."""

import json
import pickle
import weakref
from collections import Counter
from pathlib import Path

from gdfupin_spider.errors import ArchiveError, NoSuchCrawl
from gdfupin_spider.messages import message_language
from gdfupin_spider.messages.record_words import word
from gdfupin_spider.messages.text import N_, N_n, enumeration, joined, reason_of, translated
from gdfupin_spider.probe.effect import Effect
from gdfupin_spider.sources.scouting.estimates import Bounds, IndexSample
from gdfupin_spider.terminal import pluralized


def test_an_error_is_english_in_records_and_chinese_where_it_is_shown(in_chinese: None) -> None:
    error = NoSuchCrawl(Path("output"), "latest", ())
    assert str(error) == "no crawl latest in output. There are none yet: run `gdfupin crawl`."
    assert translated(reason_of(error)) == "output 中没有采集 latest。目前还没有采集：请运行 `gdfupin crawl`。"
    assert f"{error}" == str(error) == json.loads(json.dumps(error.args[0]))
    damaged = ArchiveError("a.jsonl", N_("no line of JSON: {error}; run `gdfupin verify`", error=error), 7)
    there = pickle.loads(pickle.dumps(damaged))
    assert translated(reason_of(there)) == (
        "a.jsonl 字节 7：不是一行 JSON：output 中没有采集 latest。目前还没有采集：请运行 `gdfupin crawl`。；请运行 `gdfupin verify`"
    )


def test_a_message_keeps_the_reason_of_a_failure_and_not_what_failed() -> None:
    """An error holds its traceback; of ten thousand damaged lines that is all of them."""
    try:
        json.loads("{")
    except json.JSONDecodeError as error:
        failed = weakref.ref(error)
        text = N_("not JSON: {error}", error=error)
    assert (failed(), text) == (
        None,
        "not JSON: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)",
    )


def test_what_a_sentence_quotes_has_the_quotes_of_its_language(in_chinese: None) -> None:
    """And escapes all the same."""
    text = N_("{value!r} is not a day such as 2026-11-29", value="a'b\x1b")
    assert (str(text), translated(text)) == (
        '"a\'b\\x1b" is not a day such as 2026-11-29',
        "“a'b\\x1b”不是 2026-11-29 这样的日期",
    )
    assert translated(N_("must be {wanted}, not {value!r}", wanted="1", value=7)) == "须为1，而不是 7"
    with message_language.speaking("en"):
        assert translated(text) == str(text)


def test_counts_have_the_counters_of_their_language(in_chinese: None) -> None:
    counts = joined([pluralized(1200, "article"), pluralized(1, "crawl")])
    assert (str(counts), translated(counts)) == ("1,200 articles, 1 crawl", "1,200篇文章，1次采集")
    names = N_("it has no {missing}", missing=enumeration(["title", word("date")]))
    assert (str(names), translated(names)) == ("it has no title, date", "缺少 title、日期")
    gaps = N_n("{count:,} gap is closed", "{count:,} gaps are closed", 2, count=2)
    assert (str(gaps), translated(gaps)) == ("2 gaps are closed", "2个缺口已补上")


def test_sentences_that_are_put_together_are_chinese_throughout(in_chinese: None) -> None:
    effect = Effect(
        changes=3,
        fills=Counter(date=2),
        settled=1,
        kinds=Counter({N_("{before} to {after}", before=word("unknown"), after=word("listing")): 4}),
    )
    assert translated(effect.sentence) == (
        "改变 3 条、增加 0 条、失去 0 条记录，补上 2 条记录的日期，4 个页面改变类型：未知改为列表页，解决1个页面的问题"
    )
    sample = IndexSample(5, 80, Bounds(900, 1000, 1100), Bounds(90, 100, 110))
    assert translated(sample.note) == (
        "抽样：查询了 80 个月度索引中的 5 个；全部索引中约有抓取记录 1,000（900 至 1,100）和文章 100（90 至 110），95 %"
    )
