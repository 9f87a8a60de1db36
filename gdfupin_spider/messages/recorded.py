"""Sentences that were read back from a file, where they are in English, in the language in use.

The catalogue has the sentences with placeholders. A text is shown in Chinese if it is one of them with values in it; the values are
looked up in the same way. Where several fit, the one with most words of its own is taken.
"""

import functools
import gettext
import re
import struct
from collections.abc import Iterator, Mapping
from pathlib import Path

from .message_language import CATALOGUES, DOMAIN
from .text import MessageText

LEAST, LEAST_WITH_NUMBERS = 8, 3
"""Letters that a sentence must have besides its values: "{path}: {reason}" fits anything."""
_PLACEHOLDER = re.compile(r"\{(\w+)(?:![rsa])?(:[^{}]*)?\}")
_SEPARATORS = (". ", "; ", ": ")
"""Between sentences that were put together."""
_NAMED = re.compile(r"([a-z]+(?:-[a-z]+)+(?:: [^:]+)?): (.+)", re.DOTALL)
"""An alarm or an assertion by its name, and a sentence about it."""
_HEADER = struct.Struct("<7I")


def recorded(text: str) -> str:
    """A text in the language in use: as it knows itself, or if it is a sentence of the program; else the text itself."""
    if isinstance(text, MessageText):
        return text.translation(recorded)
    found = gettext.find(DOMAIN, str(CATALOGUES)) if gettext.textdomain() == DOMAIN else None
    return _recorded(text, Path(found)) if found is not None and text else text


@functools.lru_cache(maxsize=1024)
def _recorded(text: str, file: Path) -> str:
    known = _sentences(file)
    if " " in text and (same := known.get(text)) is not None:  # a single word may be a name
        return same.replace("{{", "{").replace("}}", "}")
    if (named := _NAMED.fullmatch(text)) is not None and (rest := _recorded(named[2], file)) != named[2]:
        return f"{named[1]}{known.get(': ', ': ')}{rest}"
    for template in _by_words(file):
        if (words := max(_PLACEHOLDER.split(template)[::3], key=len)) and words not in text:
            continue
        if (match := _pattern(template).fullmatch(text)) is not None:
            return _filled(known[template], {name: _recorded(value, file) for name, value in match.groupdict().items()})
    for separator in _SEPARATORS:
        parts = text.split(separator)
        if len(parts) > 1 and (shown := [_recorded(part, file) for part in parts]) != parts:
            return known.get(separator, separator).join(shown)
    return text


def _filled(translation: str, values: Mapping[str, str]) -> str:
    return _PLACEHOLDER.sub(lambda each: values.get(each[1], each[0]), translation)


@functools.cache
def _by_words(file: Path) -> tuple[str, ...]:
    """Sentences with values, those with most words of their own first."""
    sized = {text: _letters(text) for text in _sentences(file) if _PLACEHOLDER.search(text)}
    return tuple(sorted((text for text in sized if sized[text] >= _least(text)), key=lambda text: -sized[text]))


def _least(template: str) -> int:
    """A sentence whose values are all numbers fits less."""
    return LEAST if any(not spec for _, spec in _PLACEHOLDER.findall(template)) else LEAST_WITH_NUMBERS


def _letters(text: str) -> int:
    return sum(character.isalpha() for character in _PLACEHOLDER.sub("", text))


@functools.cache
def _pattern(template: str) -> re.Pattern[str]:
    parts, seen, at = [], set[str](), 0
    for found in _PLACEHOLDER.finditer(template):
        name = found[1]
        parts.append(_literal(template[at : found.start()]))
        value = r"[\d,.:-]+%?" if found[2] else ".+?"
        parts.append(f"(?P={name})" if name in seen else f"(?P<{name}>{value})")
        seen.add(name)
        at = found.end()
    return re.compile("".join([*parts, _literal(template[at:])]), re.DOTALL)


def _literal(text: str) -> str:
    return re.escape(text.replace("{{", "{").replace("}}", "}"))


@functools.cache
def _sentences(file: Path) -> dict[str, str]:
    """English and translation of a compiled catalogue, each number of a plural by itself."""
    return dict(_read(file.read_bytes()))


def _read(data: bytes) -> Iterator[tuple[str, str]]:
    _magic, _version, count, originals, translations, *_hash = _HEADER.unpack_from(data)
    for number in range(count):
        text, translation = (_string(data, start + 8 * number) for start in (originals, translations))
        if text and "\x04" not in text:  # the head, and messages with a context
            yield from ((each, translation.split("\0")[0]) for each in text.split("\0"))


def _string(data: bytes, at: int) -> str:
    length, start = struct.unpack_from("<2I", data, at)
    return data[start : start + length].decode()
