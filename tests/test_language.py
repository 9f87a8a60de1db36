"""The two languages of the command line: which one is used, that the Chinese one is complete, and that records stay in English."""

import json
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import click
import lxml.html
import pytest
from click.testing import CliRunner
from rich.cells import cell_len

from gdfupin_spider.commands import COMMANDS, main
from gdfupin_spider.config.effective import effective
from gdfupin_spider.config.example import example
from gdfupin_spider.config.operator_file import load as load_settings
from gdfupin_spider.errors import CrawlRunning, NoSuchRelease, WrongSetting
from gdfupin_spider.fleet.fleet_page import page as page_of_fleet
from gdfupin_spider.fleet.fleet_report import Counted, FleetReport, Visit, summary
from gdfupin_spider.installation import setting_up, units
from gdfupin_spider.messages import message_language
from gdfupin_spider.messages.recorded import recorded
from gdfupin_spider.messages.text import COLON, N_, joined, reason_of, translated
from gdfupin_spider.profiles.draft import KEYS, LABELS, ProfileDraft, as_toml
from gdfupin_spider.releases import assertions, cited_query
from gdfupin_spider.releases.folder import ReleasesFolder
from gdfupin_spider.search import ArticleSelection
from gdfupin_spider.search.index import HitCounts, SearchResult
from gdfupin_spider.search.output_formats import counts
from gdfupin_spider.search.trends import Trend, TrendPoint, table
from tests import forked, handmade
from tests.foreign_words import CHINESE, english, words_of_page
from tests.sites import Crawl, environment

VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")


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
    reported = [(translated(known[key].shown()), translated(known[key].source)) for key in PLACED]
    assert reported == [
        ("3", "operator.toml 第 2 行"),
        ("（无）", "operator.toml 第 4 行，已忽略：其他用户可以读取，请运行 chmod 600 operator.toml"),
        ("（已设 1 个，不显示）", "环境变量 GDFUPIN_PING"),
    ]
    assert str(known["daily.keep"].source) == "operator.toml line 2"


def test_a_wrong_key_of_an_alert_is_told_with_its_line(tmp_path: Path, in_chinese: None) -> None:
    for text, reported in (
        ('match = "村"', "第 1 行，alerts[1].match：没有这个键；"),
        ('words = ["村"]', "第 1 行，alerts[1].words：须为字符串，而不是 "),
    ):
        (tmp_path / "operator.toml").write_text(f'[[alerts]]\nname = "a"\n{text}\n')
        with pytest.raises(WrongSetting) as refused:
            load_settings(tmp_path)
        assert reported in translated(reason_of(refused.value))


PLACED = ("daily.keep", "notify.urls", "notify.ping")


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
        answer = [line for line in text.splitlines() if re.match("# |Description=", line)]
        assert english("\n".join(answer)) == []
        assert answer
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
        answer = []
        for language in message_language.LANGUAGES:
            arguments = [
                "--lang",
                language,
                *command,
                *(["--json"] if command is not cited else []),
                "--output",
                str(output),
            ]
            answer.append(re.sub(r'"(free|used|seconds)": [\d.]+', "", CliRunner().invoke(main, arguments).stdout))
        assert answer[0] == answer[1]
        assert not CHINESE.search("".join(re.findall(r'"(?:error|reason|next)": "[^"]*"', answer[1])))


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
    assert "2026.11.06、2026.11.07，另有更早的 2 个" in translated(reason_of(raised.value))


def test_assertions_are_listed_in_chinese_under_the_names_that_are_typed(in_chinese: None) -> None:
    with pytest.raises(NoSuchRelease) as raised:
        assertions.known(["nothing"])
    _, *lines = recorded(reason_of(raised.value)).splitlines()
    assert [line.partition("：")[0] for line in lines] == [f"  {name}" for name in assertions.ASSERTIONS]
    assert [line for line in lines if english(line.partition("：")[2])] == []


def test_who_holds_the_lock_is_told_in_chinese(in_chinese: None) -> None:
    held = joined(("20261101T030000Z-live", N_("another process")), COLON)
    assert translated(reason_of(CrawlRunning(Path("output"), held))) == (
        "output 正在使用：20261101T030000Z-live：另一进程。请等它结束，或换一个 --output。"
    )
