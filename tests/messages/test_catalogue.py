"""The Chinese catalogue: complete, and of the same placeholders, commands and options as the English texts."""

import ast
import re
import runpy
import string

import pytest
from babel.messages.catalog import Catalog

from gdfupin_spider.commands import COMMANDS
from tests.papers import ROOT

TRANSLATIONS = runpy.run_path(str(ROOT / "docs" / "translations.py"))


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
