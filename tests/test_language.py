"""The two languages of the command line: which one is used, and that the Chinese one is complete."""

import re
import runpy
from pathlib import Path

import click
import pytest
from babel.messages.catalog import Catalog
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from gdfupin_spider.commands import COMMANDS, main
from gdfupin_spider.commands.localized_help import NOT_FIRST, lines
from gdfupin_spider.messages import message_language

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
    return set(re.findall(r"\{\w*(?:![rs])?(?::[^{}]*)?\}|%\(\w+\)s", text))


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
        assert (shown.exit_code, shown.output.split(" ")[0]) == (0, first)


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
        assert "Usage" not in shown
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
