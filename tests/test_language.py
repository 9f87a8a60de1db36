"""The two languages of the command line: which one is used, that the Chinese one is complete, and that records stay in English."""

import ast
import io
import json
import pickle
import re
import runpy
import shutil
import string
import weakref
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from time import process_time

import click
import lxml.html
import pytest
from babel.messages.catalog import Catalog
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.table import Table
from rich.text import Text

from gdfupin_spider.commands import COMMANDS, main
from gdfupin_spider.config.effective import effective
from gdfupin_spider.config.example import example
from gdfupin_spider.config.operator_file import load as load_settings
from gdfupin_spider.errors import ArchiveError, CrawlRunning, NoSuchCrawl, NoSuchRelease, WrongSetting
from gdfupin_spider.fleet.fleet_page import page as page_of_fleet
from gdfupin_spider.fleet.fleet_report import Counted, FleetReport, Visit, summary
from gdfupin_spider.installation import setting_up, units
from gdfupin_spider.messages import message_language
from gdfupin_spider.messages.record_words import word
from gdfupin_spider.messages.recorded import recorded
from gdfupin_spider.messages.text import COLON, N_, MessageText, N_n, joined, reason_of, translated
from gdfupin_spider.messages.wrapped_lines import NOT_FIRST, lines
from gdfupin_spider.pages import Page, read
from gdfupin_spider.pages.kinds import ladder
from gdfupin_spider.probe.effect import Effect
from gdfupin_spider.probe.field_evidence import in_words
from gdfupin_spider.probe.inspection import Inspection, inspect
from gdfupin_spider.profiles import load
from gdfupin_spider.profiles.draft import KEYS, LABELS, ProfileDraft, as_toml
from gdfupin_spider.releases import cited_query
from gdfupin_spider.releases.folder import ReleasesFolder
from gdfupin_spider.search import ArticleSelection
from gdfupin_spider.search.index import HitCounts, SearchResult
from gdfupin_spider.search.output_formats import counts
from gdfupin_spider.search.trends import Trend, TrendPoint, table
from gdfupin_spider.sources.scouting.estimates import Bounds, IndexSample
from gdfupin_spider.terminal import console, pluralized
from tests import forked, handmade
from tests.foreign_words import english, words_of_page
from tests.pages.corpus import captures, folders
from tests.sites import Crawl, environment

ROOT = Path(__file__).parents[1]
TRANSLATIONS = runpy.run_path(str(ROOT / "docs" / "translations.py"))
CHINESE = re.compile(r"[\u4e00-\u9fff]")
VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")


@pytest.fixture(scope="module")
def written() -> Catalog:
    known: Catalog = TRANSLATIONS["catalogue"]()
    return known


def test_every_text_has_a_translation_and_the_compiled_file_has_all(written: Catalog) -> None:
    """Where this fails: `python docs/translations.py`, then translate what it names."""
    assert {each.id for each in written} == {each.id for each in TRANSLATIONS["texts"]()}
    assert [each.id for each in TRANSLATIONS["missing"](written)] == []
    assert TRANSLATIONS["COMPILED"].read_bytes() == TRANSLATIONS["compiled"](written)


def test_translations_have_the_placeholders_and_the_commands_of_the_text(written: Catalog) -> None:
    for each in written:
        if not each.id:
            continue
        text = each.id if isinstance(each.id, str) else each.id[-1]
        for translation in [each.string] if isinstance(each.string, str) else each.string or ():
            assert placeholders(translation) == placeholders(text), text
            assert commands(translation) == commands(text), text


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"\{\w*(?:![rs])?(?::[^{}]*)?\}|%\(\w+\)s|\$[a-z]+", text))


def commands(text: str) -> set[str]:
    """Commands and options in a text; what examples say in words may differ."""
    return set(re.findall(rf"gdfupin (?:{'|'.join(COMMANDS)})\b|--[a-z-]+", text))


@pytest.mark.parametrize(
    ("environment", "arguments", "first"),
    [
        ({"LANG": "zh_CN.UTF-8"}, [], "用法："),
        ({"LANG": "zh_TW.UTF-8"}, [], "用法："),
        ({"LANG": "C.UTF-8"}, [], "Usage:"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "en_US.UTF-8"}, [], "Usage:"),
        ({"LANG": "en_US.UTF-8"}, ["--lang", "zh"], "用法："),
        ({"LANG": "zh_CN.UTF-8"}, ["--lang", "en"], "Usage:"),
        ({"LANG": "en_US.UTF-8", "GDFUPIN_LANG": "zh"}, [], "用法："),
    ],
)
def test_the_language_is_that_of_the_system_unless_another_is_asked_for(
    environment: dict[str, str], arguments: list[str], first: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in VARIABLES:
        monkeypatch.setenv(name, "")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    for command in ([], ["crawl"], ["profile", "new"]):
        shown = CliRunner().invoke(main, [*arguments, *command, "--help"])
        assert (shown.exit_code, shown.output.startswith(first)) == (0, True)
        assert ("Show this message" in shown.output) == (first == "Usage:")


def test_the_whole_help_is_chinese_and_fits_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "zh")
    message_language.use()
    context = click.Context(main)
    for name in COMMANDS:
        command = main.get_command(context, name)
        assert command is not None
        texts = [
            command.help,
            command.short_help,
            *(each.help for each in command.params if isinstance(each, click.Option)),
        ]
        assert all(CHINESE.search(text) for text in texts if text), name
        shown = CliRunner().invoke(main, [name, "--help"], env={"LANGUAGE": "zh", "COLUMNS": "80"}).output
        assert not re.search(r"Usage|OPTIONS|ARGS|(?:选项|命令):", shown)
        # Examples are as long as they are, and so are words without a place to break.
        assert [
            line
            for line in shown.splitlines()
            if CHINESE.search(line) and not re.search(r"gdfupin|\S{20}", line) and cell_len(line) > 80
        ] == []
    monkeypatch.setenv("LANGUAGE", "en")
    message_language.use()


@given(st.text(alphabet="采集的网站，。（）ab -", max_size=60), st.integers(6, 30))
def test_wrapped_text_loses_nothing_and_breaks_where_chinese_may(text: str, width: int) -> None:
    wrapped = lines(text, width)
    assert "".join("".join(wrapped).split()) == "".join(text.split())
    assert not any(line[0] in NOT_FIRST for line in wrapped[1:])
    for line in wrapped:
        parts = len(re.findall(r"[采集的网站]", line))
        assert cell_len(line) <= width or parts <= 1 or re.search(r"[，。（）ab-]{4,}", line)


@pytest.fixture
def in_chinese(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("LANGUAGE", "zh")
    with message_language.speaking("zh"):
        yield


@given(st.text(alphabet="采集的网站，。（）ab -", max_size=60), st.integers(6, 30))
def test_a_terminal_breaks_chinese_in_the_same_way(text: str, width: int) -> None:
    screen = console()
    screen.file, screen.width = io.StringIO(), width
    screen.print(Text(text))
    printed = screen.file.getvalue().splitlines()
    assert "".join("".join(printed).split()) == "".join(text.split())
    if CHINESE.search(text) and all(cell_len(each) <= width for each in lines(text, width)):
        assert [each.strip() for each in printed if each.strip()] == [each.strip() for each in lines(text, width)]


def test_a_cell_of_a_table_begins_with_no_comma_and_is_broken_within_a_run() -> None:
    """An address is folded, and text goes on behind it."""
    screen = console()
    screen.file, screen.width = io.StringIO(), 24
    table_ = Table(box=None, show_header=False, padding=0)
    table_.add_column(overflow="fold")
    table_.add_row("版式 503ade5f3416，省里的补助，协会的捐款，一笔一行。\nhttp://www.gdfupin.org.cn/a 的条目")
    screen.print(table_)
    assert [each.rstrip() for each in screen.file.getvalue().splitlines()] == [
        "版式 503ade5f3416，省里",
        "的补助，协会的捐款，一笔",
        "一行。",
        "http://www.gdfupin.org.c",
        "n/a 的条目",
    ]


def test_every_sentence_gets_its_values() -> None:
    """A placeholder without a value is an error only where the sentence is made."""
    wrong: list[tuple[str, int, set[str]]] = []
    for file in (ROOT / "gdfupin_spider").rglob("*.py"):
        for call in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in NUMBERS):
                continue
            given = {each.arg for each in call.keywords}
            texts = [each.value for each in call.args[: NUMBERS[call.func.id]] if isinstance(each, ast.Constant)]
            if None not in given:  # values of a dictionary
                wrong += [(file.name, call.lineno, names(text) - given) for text in texts if names(text) - given]
    assert wrong == []


NUMBERS = {"N_": 1, "T_": 1, "N_n": 2}
"""Functions that take sentences, and how many."""


def names(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


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
    gaps = N_n("{count:,} gap is closed", "{count:,} gaps are closed", 2, count=2)
    assert (str(gaps), translated(gaps)) == ("2 gaps are closed", "2个缺口已补上")


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("14 of 200 known articles were missing at once", "200 篇已知文章中有 14 篇同时缺失"),
        (
            "mass-disappearance: 14 of 200 known articles were missing at once; the catalog treats this as a site problem and marks nothing as gone",
            "mass-disappearance：200 篇已知文章中有 14 篇同时缺失；目录库视为网站故障，没有文章标为消失",
        ),
        ("nothing new for 30 days, since 2026-11-01; the longest silence in the two years before was 9 days",
         "30天没有新内容，自 2026-11-01 起；此前两年中最长的沉寂为9天"),
        ("no listing of 扶贫要闻 was found; each of the 5 crawls before found one",
         "没有找到扶贫要闻的列表页；此前 5 次采集每次都找到过"),
        # The name of the alarm has the separator, too, and occurs again.
        ("encoding: gbk: 3 articles are live, usually 40. If this is known: `gdfupin ack 'encoding: gbk' --reason TEXT`",
         "encoding: gbk：在线文章3篇，通常为40篇。如果已知晓：`gdfupin ack 'encoding: gbk' --reason TEXT`"),
        ("a.toml cannot be read: Permission denied", "a.toml 无法读取：权限不足"),
        ("operator.toml: not TOML: Invalid value (at line 7, column 3)", "operator.toml：不是 TOML：值无效（第 7 行第 3 列）"),
        ("not JSON: Expecting value: line 1 column 1 (char 0)", "不是 JSON：此处应为值：第 1 行第 1 列（字符 0）"),
        ("not a line of articles.jsonl: Object missing required field `title`", "不是 articles.jsonl 的行：对象缺少必填字段 `title`"),
        ("not a review: Expected `str`, got `null` - at `$.url`", "不是校订记录：应为 `str`，实为 `null`，位于 `$.url`"),
        ("Connection was refused by other side: 111: Connection refused", "连接被对方拒绝：111：连接被拒绝"),
        ("robots.txt asks for 60 s between requests; the crawl waits 10 s at most",
         "robots.txt 要求每次请求间隔 60 秒；采集最多等待 10 秒"),
        ("blocked: 13%", "blocked: 13%"),
        ("listings-unread", "listings-unread"),
        ("status-503", "状态码 503"),
        ("the keeper knows", "the keeper knows"),
        ("", ""),
    ],
)  # fmt: skip
def test_a_sentence_of_a_file_is_shown_in_chinese(english: str, chinese: str, in_chinese: None) -> None:
    """Alarms of a report, of which the next command knows no more than the text."""
    assert recorded(english) == chinese
    with message_language.speaking("en"):
        assert recorded(english) == english


@given(st.text(alphabet="a{}: ;.中0", max_size=30))
def test_any_text_of_a_file_can_be_shown(text: str) -> None:
    """Also one with braces. A text that is not a sentence of the program stays as it is."""
    with message_language.speaking("zh"):
        assert re.findall("[a{}中0]", recorded(text)) == re.findall("[a{}中0]", text)


@pytest.mark.parametrize(
    "text",
    [
        "扶" * 100_000,
        "a, " * 33_000 + "a sentence of a page",
        "x is not the site of this profile: " + "y. y " * 700,
        "2026-11-01  " + "x: x, requested by " * 200,
        "x refers to " + "y, which does not exist: " * 150 + "run `ln -sfn y y`.",
        "a-b: " * 780 + "x y",
        "it cannot be read: " * 200,
    ],
    ids=lambda text: text[:20],
)
def test_a_text_that_a_page_made_long_or_odd_does_not_hold_up_a_terminal(text: str, in_chinese: None) -> None:
    """Without bounds some of these take minutes."""
    before = process_time()
    assert "".join(recorded(text).split())[-1] == text.strip()[-1]
    assert process_time() - before < 1


def test_a_query_and_its_trend_are_told_in_chinese_and_are_english_in_files(in_chinese: None) -> None:
    """A word that is asked for is none of the program."""
    selection = ArticleSelection(sections=("扶贫要闻",), statuses=("live", "gone"))
    cited = cited_query.CitedQuery(
        "县扶贫网", "2026.11.30", "0a", '"open"', "title", selection, "2026-11-30T03:00:00Z", 2, "0b"
    )
    assert [translated(each) for each in cited_query.sentences(cited)] == [
        "县扶贫网，数据集版本 2026.11.30。记录 sha256:0a",
        '检索式："open"；限于题名；栏目：扶贫要闻；状态：在线或消失',
        "检索于 2026-11-30T03:00:00Z：2篇文章，结果 sha256:0b",
    ]
    assert [str(each) for each in cited_query.sentences(cited)] == [
        "县扶贫网, release 2026.11.30. Records sha256:0a",
        'Query: "open"; in the title; section 扶贫要闻; status live or gone',
        "Asked 2026-11-30T03:00:00Z: 2 articles, result sha256:0b",
    ]
    [head, *_] = table(Trend(("open", ""), (TrendPoint("2021", 1, (1, 1)),)), share=True)
    assert [translated(each) for each in head] == [
        *("时段", "文章", "open", "open 占比", "（任意文字）", "（任意文字） 占比"),
    ]
    assert [str(each) for each in head] == [
        "period",
        "articles",
        "open",
        "open share",
        "(any text)",
        "(any text) share",
    ]


def test_the_place_of_a_setting_is_told_in_chinese(tmp_path: Path, in_chinese: None) -> None:
    (tmp_path / "operator.toml").write_text('[daily]\nkeep = 3\n[notify]\nurls = ["json://a"]\n')
    (tmp_path / "operator.toml").chmod(0o644)
    known = {each.key: each for each in effective(tmp_path, {"GDFUPIN_PING": "http://a/"})}
    told = [(translated(known[key].shown()), translated(known[key].source)) for key in PLACED]
    assert told == [
        ("3", "operator.toml 第 2 行"),
        ("（无）", "operator.toml 第 4 行，已忽略：其他用户可以读取，请运行 chmod 600 operator.toml"),
        ("（已设 1 个，不显示）", "环境变量 GDFUPIN_PING"),
    ]
    assert str(known["daily.keep"].source) == "operator.toml line 2"


def test_a_wrong_key_of_an_alert_is_told_with_its_line(tmp_path: Path, in_chinese: None) -> None:
    for text, told in (
        ('match = "村"', "第 1 行，alerts[1].match：没有这个键；"),
        ('words = ["村"]', "第 1 行，alerts[1].words：须为字符串，而不是 "),
    ):
        (tmp_path / "operator.toml").write_text(f'[[alerts]]\nname = "a"\n{text}\n')
        with pytest.raises(WrongSetting) as refused:
            load_settings(tmp_path)
        assert told in translated(reason_of(refused.value))


PLACED = ("daily.keep", "notify.urls", "notify.ping")


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


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("status 503: a frame of a firewall instead of a page", "状态码 503：只有防火墙的框架，没有页面"),
        ("prints 'a password field and little else' and no article", "页面载有“密码框，此外几乎没有内容”，没有文章"),
        ("a listing links here as to an article, but it reads as foreign: prints 六合彩",
         "列表页把它作为文章链接，但解析为非本站：页面载有 六合彩"),
        ("status-503: status 503, 12 bytes; every try ended like this", "状态码 503：状态码 503，12 字节；每次尝试结果相同"),
        ("gzip: unpacks to more than 10000000 bytes", "gzip：解压后超过 10000000 字节"),
        ("'编审' in '2013-5-6 编审'", "“2013-5-6 编审”中的“编审”"),
        ("'来源：编辑部'; '日期：每年清明'", "“来源：编辑部”；“日期：每年清明”"),
        ("title was accepted as 'a title' by anna on 2026-11-01; the page has changed since",
         "题名曾由 anna 于 2026-11-01 接受为 'a title'；此后页面有改动"),
        ("the team in the room", "the team in the room"),
    ],
)  # fmt: skip
def test_evidence_of_a_file_is_shown_in_chinese(english: str, chinese: str, in_chinese: None) -> None:
    assert recorded(english) == chinese


@pytest.fixture(scope="module")
def corpus() -> list[list[Page]]:
    """All pages that are known, each with its further pages."""
    profiles = {name: load(name) for name in ("gdfupin", "general")}
    return [[read(each, profiles[folder.parent.name]) for each in captures(folder)] for folder in folders()]


ENGLISH = re.compile(r"[a-z]{3,} [a-z]{2,}")


def is_chinese(text: str, page: Page) -> bool:
    """Whether nothing but texts of the page itself is English in a sentence."""
    texts = (page.capture.payload.decode("latin-1"), *(line.text for line in page.lines))
    shown, printed = translated(text), "\n".join(texts).lower()
    is_translated = shown != text or not isinstance(text, MessageText)
    return is_translated and all(each.lower() in printed for each in ENGLISH.findall(shown))


def test_whatever_reading_says_is_chinese_even_when_it_was_read_back_from_a_file(
    corpus: list[list[Page]], in_chinese: None
) -> None:
    said: dict[str, str] = {}
    english: list[str] = []
    for parts in corpus:
        found = inspect(parts)
        for text in (parts[0].why, *parts[0].encoding.evidence, *(issue.evidence for issue in found.issues)):
            said[str(text)] = text
            if not is_chinese(text, parts[0]):
                english.append(text)
        assert all(is_word(issue.what) and is_word(issue.level) for issue in found.issues)
    assert english == []
    assert [text for record, text in said.items() if recorded(record) != translated(text)] == []


def test_whatever_probe_says_of_a_page_is_chinese(corpus: list[list[Page]], in_chinese: None) -> None:
    for parts in corpus:
        found = inspect(parts)
        assert [text for text in sentences(found) if not is_chinese(text, found.page)] == []
        names = {role.rstrip("?") for role in found.roles if role} | {link.role for link in found.page.links}
        names |= {one.name for one in found.landmarks} | {one.name for one in found.doubts} | {found.page.kind}
        assert [name for name in names if not is_word(name)] == []


def is_word(name: str) -> bool:
    return CHINESE.search(translated(word(name))) is not None


def sentences(found: Inspection) -> list[str]:
    """All that is said about a page."""
    texts = [found.page.why, found.layout.sentence, *found.remarks, *(rung.rule.sentence for rung in ladder(None))]
    texts += [text for one in found.landmarks for text in (one.matched, one.how)] + [
        one.why for one in found.suggestions
    ]
    texts += [in_words(one) for one in found.fields] + [one.evidence for one in found.doubts]
    return texts


ALLOWED = re.compile(
    r"""
    \s*                                                 # nothing, or no text:
    | [\s\d.,:;·–—…%/()?|【】│┃┏━┳┓┡╇┩└┴┘─╭╮╰╯┌┐├┼┤-]*          # frames, numbers
    | `<title>` | [\w.+-]*\d[\w.+-]*                       # identifiers, encodings
    | \s*(\S*\s*)?(https?|www)\S+.*                      # addresses
    | \s*capture-\d+\.warc\.gz\ --offset\ \d+\s*         # places of pages
    | \s*[a-z]+(-[a-z]+)+\s*                            # names of issues, below their word
    | \s*(\S*/)?\S+\.(sqlite|jsonl|toml|gz|parquet|csv|md|json)(\s.*)?  # files
    | \s*[\w-]+\.[\w.]+\s.*                             # keys of settings
    | \s*(python\ -m\ gdfupin_spider|gdfupin)\s.*       # commands
    | \s*(sha256\s)?[0-9a-f]{16,}.*                      # digests
    """,
    re.VERBOSE,
)
"""Lines without Chinese that a Chinese reader gets."""


def text_of(sheet: str) -> str:
    """What a file of HTML prints, a line for each element."""
    tree = lxml.html.fromstring(sheet)
    for element in tree.xpath("//style|//script|//textarea"):
        element.drop_tree()
    return "\n".join(tree.itertext())


def foreign(text: str) -> list[str]:
    """Lines that somebody would have to translate."""
    lines = (re.sub("[│┃]", " ", line) for line in text.splitlines())
    return [line for line in lines if not CHINESE.search(line) and not ALLOWED.fullmatch(line)]


def test_comments_of_settings_and_units_are_chinese(in_chinese: None) -> None:
    plan = replace(units.SHIPPED, language="zh", title="县林业局")
    settings = [example(), setting_up.settings(plan, ())]
    for text in (
        *settings,
        *units.units(plan).values(),
        units.units(replace(plan, kind="systemd-user"))["gdfupin.service"],
    ):
        said = [line for line in text.splitlines() if re.match("# |Description=", line)]
        assert english("\n".join(said)) == []
        assert said
    assert english(units.cron(plan).replace("case $code in", "")) == []
    with message_language.speaking("en"):
        assert CHINESE.search(units.service(plan)), "the plan has the language"
        assert not CHINESE.search(units.service(units.SHIPPED))


def test_a_draft_of_a_profile_is_explained_in_chinese(in_chinese: None) -> None:
    draft = ProfileDraft("county", "县林业局", channels={"新闻": ["要闻"]}, overrides={"title": "h1"})
    for key in (*KEYS, *(f"labels.{name}" for name in LABELS)):
        draft.add(key, "值")
        draft.propose(
            key,
            "另一个",
            N_("{count} of {seen} pages print it: take it if every page of the site does", count=2, seen=3),
        )
    text = as_toml(
        draft, N_("Made by `gdfupin profile new {url}` from a few pages: check each line.", url="http://a.cn/")
    )
    assert english("\n".join(line for line in text.splitlines() if line.startswith("# "))) == []


def test_the_page_of_a_fleet_is_chinese(in_chinese: None) -> None:
    held = Counted(
        "20261101T030000Z-live",
        "2026-11-01T03:00:00Z",
        5,
        1,
        {"added": 2},
        3,
        ("nothing new for 30 days, since 2026-11-01; the longest silence in the two years before was 9 days",),
    )
    visits = [
        Visit("县", "县林业局", 8, "2026-11-01T03:00:00Z", counted=held),
        Visit("乡", "乡", 1, "2026-11-01T03:00:00Z", message=str(N_("the visit was cancelled"))),
        Visit("村", "村", 77, "2026-11-01T03:00:00Z"),
    ]
    report = FleetReport("2026-11-01T03:00:00Z", None, {each.site: each for each in visits}, ("镇",))
    assert words_of_page(page_of_fleet(report, report.visits)) == set()
    assert (
        translated(summary(visits))
        == "3个站点；退出码 77：1（村）；出现报警：1（县）；完整但有新的缺口，或已中断：1（乡）"
    )


@pytest.mark.slow
def test_commands_answer_in_chinese(
    crawled_extract: Callable[[str], Crawl], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, in_chinese: None
) -> None:
    folder = crawled_extract("asp-tables").folder
    assert folder is not None
    output = tmp_path / "a"
    shutil.copytree(folder.parents[1], output)
    monkeypatch.chdir(tmp_path)
    for line in (output / "crawls" / folder.name / "articles.jsonl").read_text("utf-8").splitlines()[:1]:
        known, url = (json.loads(line)[name] for name in ("id", "url"))
    for code, command in (
        (0, "status"),
        (0, "catalog"),
        (0, "diff --stat"),
        (0, "verify"),
        (0, f"show {known} --proof"),
        (0, f"history {known}"),
        (0, f"cite {known}"),
        (0, "search 扶贫 --limit 2 --facets"),
        (0, "trend 扶贫 --by year --share"),
        (0, "sources"),
        (0, "ack nothing-new --reason 已知"),
        (0, "ack --list"),
        (0, "accept"),
        (0, "withdraw --list"),
        (0, "review --limit 2"),
        (0, f"review {known}"),
        (0, f"review {known} --html review.html"),
        (0, "layouts"),
        (0, "probe --crawl latest --worst 3"),
        (0, f"probe --crawl latest {url} --html probe.html"),
        (2, "probe"),
        (0, "config"),
        (2, "show gdfupin-000000000000"),
        (2, "history nothing"),
        (2, "crawl --limit many"),
        (2, "crawl --from wayback"),
        (2, "diff --since nothing"),
        (2, "diff 2026-11-02 2026-11-01"),
        (2, "search 扶贫 --date 2021..2019"),
        (2, "replay 2020"),
        (2, "replay"),
        (2, "withdraw"),
        (2, "ack"),
        (2, "release --verify nothing"),
        (2, "notify"),
    ):
        shown = CliRunner().invoke(main, [*command.split(), "--output", str(output)], env={"COLUMNS": "300"})
        assert (shown.exit_code, foreign(shown.output)) == (code, []), (command, shown.output)
    for sheet in ("review.html", "probe.html"):
        assert foreign(text_of((tmp_path / sheet).read_text("utf-8"))) == [], sheet


@pytest.mark.parametrize(
    ("arguments", "english", "chinese"),
    [
        (["crawl", "--limit", "many"], "'many' is not a valid integer range.", "'many' 不是有效的整数。"),
        (["verify", "--nope"], "No such option '--nope'.", "没有选项 '--nope'。"),
        (["replay"], "give a CRAWL, or --all", "请给出 CRAWL，或使用 --all"),
    ],
)
def test_wrong_usage_is_english_in_json_and_chinese_beside_it(
    arguments: list[str], english: str, chinese: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, in_chinese: None
) -> None:
    monkeypatch.chdir(tmp_path)
    shown = CliRunner().invoke(main, ["--lang", "zh", *arguments, "--json"])
    error = json.loads(shown.stdout)["error"]
    assert (shown.exit_code, error.endswith(english), chinese in shown.stderr) == (2, True, True), shown.output
    assert not CHINESE.search(error)


@pytest.mark.slow
def test_json_is_english_in_all_languages(
    crawled_extract: Callable[[str], Crawl], tmp_path: Path, in_chinese: None
) -> None:
    folder = crawled_extract("asp-tables").folder
    assert folder is not None
    output = tmp_path / "a"
    shutil.copytree(folder.parents[1], output)
    with (folder / "articles.jsonl").open(encoding="utf-8") as lines:
        known = json.loads(next(lines))["id"]
    cited = ["cite", known, "--format", "csl-json"]
    for command in (["status"], ["verify"], ["show", "nothing"], ["ack"], ["accept"], cited):
        said = []
        for language in message_language.LANGUAGES:
            arguments = [
                "--lang",
                language,
                *command,
                *(["--json"] if command is not cited else []),
                "--output",
                str(output),
            ]
            said.append(re.sub(r'"(free|used|seconds)": [\d.]+', "", CliRunner().invoke(main, arguments).stdout))
        assert said[0] == said[1]
        assert not CHINESE.search("".join(re.findall(r'"(?:error|reason|next)": "[^"]*"', said[1])))


@pytest.mark.slow
def test_a_crawl_and_a_daily_run_are_told_in_chinese_and_recorded_in_english(tmp_path: Path) -> None:
    pages = {"/": handmade.page(handmade.links("/1.html")), "/1.html": handmade.article("扶贫")}
    known = {**environment(None), "LANGUAGE": "zh", "GDFUPIN_RETRY_WAITS": "0,0,0", "GDFUPIN_CRAWL_DELAY": "0"}
    gone = "http://127.0.0.1:9/"
    dead = forked.run(
        forked.GDFUPIN, ["crawl", "-q", "--output", str(tmp_path / "dead"), "--start-url", gone, "--private-hosts"],
        environment=known, timeout=60,
    )  # fmt: skip
    assert (dead.returncode, foreign(dead.stderr)) == (3, []), dead.stderr
    report = json.loads(next(tmp_path.glob("dead/crawls/*/report.json")).read_text("utf-8"))
    assert report["message"].startswith("no start page can be fetched: http://127.0.0.1:9/robots.txt cannot be fetched")
    assert not CHINESE.search(json.dumps(report["message"], ensure_ascii=False))
    with handmade.Handmade(pages) as site:
        daily = forked.run(
            forked.GDFUPIN, ["daily", "--output", str(tmp_path / "daily")],
            environment={**known, "GDFUPIN_CRAWL_START_URL": site.url, "GDFUPIN_CRAWL_PRIVATE_HOSTS": "1"}, timeout=60,
        )  # fmt: skip
    assert (foreign(daily.stdout), foreign(daily.stderr)) == ([], [])
    assert daily.stdout.startswith("每日运行")
    log = (tmp_path / "daily" / "daily.log").read_text("utf-8")
    assert " daily 2" in log
    assert not re.search("每日|采集|校验|完成", log)


def test_names_that_a_site_prints_are_not_translated(in_chinese: None) -> None:
    counted = HitCounts({"home": 2}, {}, {"media": 2}, {}, {"gone": 2}, 0, {})
    lines = counts(SearchResult(2, "date", (), counted, {}, 0, 0))
    assert [translated(each).partition("：")[2] for each in lines if "2" in each] == ["home 2", "media 2", "消失 2"]


def test_a_release_that_is_not_there_is_told_with_the_others_in_chinese(tmp_path: Path, in_chinese: None) -> None:
    for day in range(1, 8):
        (tmp_path / "releases" / f"2026.11.0{day}").mkdir(parents=True)
        (tmp_path / "releases" / f"2026.11.0{day}" / "manifest.json").write_text("{}")
    with pytest.raises(NoSuchRelease) as raised:
        ReleasesFolder(tmp_path).find("nothing")
    assert "2026.11.06，2026.11.07，另有更早的 2 个" in translated(reason_of(raised.value))


def test_who_holds_the_lock_is_told_in_chinese(in_chinese: None) -> None:
    held = joined(("20261101T030000Z-live", N_("another process")), COLON)
    assert translated(reason_of(CrawlRunning(Path("output"), held))) == (
        "output 正在使用：20261101T030000Z-live：另一进程。请等它结束，或换一个 --output。"
    )
