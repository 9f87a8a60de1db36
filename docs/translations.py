"""Brings the Chinese catalogue up to date with the texts of the program: python docs/translations.py

New texts come into gdfupin_spider/locale/zh/LC_MESSAGES/gdfupin.po without a translation. Write it there, run this again, and commit
both files. A test demands that nothing is missing, that placeholders agree, and that the compiled file has what the other one has.
"""

import ast
import io
import runpy
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from gdfupin_spider.commands import COMMANDS, main
from gdfupin_spider.commands.localized_help import RAW, paragraphs
from gdfupin_spider.config import example
from gdfupin_spider.errors import ExitCode
from gdfupin_spider.installation import units
from gdfupin_spider.messages.message_language import DOMAIN

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "gdfupin_spider"
WRITTEN = PACKAGE / "locale" / "zh" / "LC_MESSAGES" / f"{DOMAIN}.po"
COMPILED = WRITTEN.with_suffix(".mo")
WHEN = datetime(2026, 11, 30, tzinfo=UTC)
"""The same in every run, so that only texts make a difference."""
OWN = {"N_": slice(1), "T_": slice(1), "N_n": slice(2), "pluralized": slice(1, 3), "pgettext": slice(2)}
"""Functions of the program with texts for people, and which of their arguments they are; of `pgettext` the first is a context."""
RULES = runpy.run_path(str(Path(__file__).with_name("rules.py")))
HEAD = "# Chinese messages of gdfupin_spider."


def help_texts() -> Iterator[tuple[str, str]]:
    """Place and text of all help: of commands, their options and what follows them."""
    context = click.Context(main)
    yield from _of("gdfupin", main)
    for name in COMMANDS:
        command = main.get_command(context, name)
        assert command is not None
        yield from _of(f"gdfupin {name}", command)


def _of(place: str, command: click.Command) -> Iterator[tuple[str, str]]:
    yield from ((place, text.removeprefix(f"{RAW}\n")) for text in paragraphs(command.help or "") if text)
    texts = [command.epilog, *(each.help for each in command.params if isinstance(each, click.Option))]
    yield from ((place, text) for text in texts if text)
    if isinstance(command, click.Group):
        for name, each in command.commands.items():
            yield from _of(f"{place} {name}", each)


def texts() -> Catalog:
    """All texts that people read: help, meanings of exit codes, messages of the program and of Click, comments of files that it writes, rules of reading."""
    found = Catalog()
    for place, text in help_texts():
        found.add(text, locations=[(place, 0)])
    for code in ExitCode:
        found.add(code.meaning, locations=[("exit code", code.value)])
    calls = list(_own_calls())
    for place, name, written in calls:
        if name == "pgettext":
            found.add(written[1], locations=[(place, 0)], context=written[0])
        elif name != "pluralized":
            found.add(written[0] if len(written) == 1 else tuple(written), locations=[(place, 0)])
    rules = (rule.sentence for rule in RULES["rules"]())
    for place, comments in (("operator.toml", example.texts()), ("units", units.texts()), ("rules", rules)):
        for text in filter(None, comments):
            found.add(text, locations=[(place, 0)])
    for place, text, context in _of_click():
        found.add(text, locations=[(place, 0)], context=context)
    for place, name, written in calls:
        if name == "pluralized":
            one, many = written if len(written) == 2 else (written[0], f"{written[0]}s")
            found.add((f"{{count:,}} {one}", f"{{count:,}} {many}"), locations=[(place, 0)])
    return found


def _own_calls() -> Iterator[tuple[str, str, list[str]]]:
    """Place, name and texts of the calls of these functions in the package. Babel does not see a call among the arguments of another."""
    for file in sorted(PACKAGE.rglob("*.py")):
        calls = [each for each in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(each, ast.Call)]
        for call in sorted(calls, key=lambda each: (each.lineno, each.col_offset)):
            if isinstance(call.func, ast.Name) and call.func.id in OWN:
                arguments = call.args[OWN[call.func.id]]
                if written := [str(each.value) for each in arguments if isinstance(each, ast.Constant)]:
                    yield f"{PACKAGE.name}/{file.relative_to(PACKAGE).as_posix()}", call.func.id, written


def _of_click() -> Iterator[tuple[str, Any, str | None]]:
    """Place, text and context of the messages of Click."""
    folder = Path(click.__file__).parent
    for file in sorted(folder.rglob("*.py")):
        for _line, text, _comments, context in extract_from_file("python", file, keywords=DEFAULT_KEYWORDS):
            yield f"{folder.name}/{file.relative_to(folder).as_posix()}", text, context


def catalogue() -> Catalog:
    """The Chinese catalogue as it is written."""
    with WRITTEN.open("rb") as file:
        return read_po(file, locale="zh")


def missing(known: Catalog) -> list[Message]:
    """Texts without a Chinese translation."""
    return [each for each in known if each.id and (each.fuzzy or not _strings(each))]


def _strings(message: Message) -> tuple[str, ...]:
    """The translation in all its numbers; empty where one is missing."""
    found = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
    return found if all(found) else ()


def compiled(known: Catalog) -> bytes:
    """The same for gettext."""
    file = io.BytesIO()
    write_mo(file, known)
    return file.getvalue()


def update() -> list[Message]:
    """Writes both files. Returns what has no translation."""
    written = catalogue()
    known = Catalog(
        locale="zh",
        creation_date=WHEN,
        revision_date=WHEN,
        header_comment=HEAD,
        project=DOMAIN,
        version="",
        fuzzy=False,
    )
    for each in texts():
        if each.id:
            there = written.get(each.id, each.context)
            known.add(each.id, there.string if there else None, each.locations, context=each.context)
    with WRITTEN.open("wb") as file:
        write_po(file, known, width=120, sort_output=False)
    COMPILED.write_bytes(compiled(known))
    return missing(known)


if __name__ == "__main__":
    left = update()
    for each in left:
        print(f"no translation: {each.id}")
    sys.exit(bool(left))
