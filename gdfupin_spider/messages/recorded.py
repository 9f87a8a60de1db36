"""Sentences that were read back from a file, where they are in English, in the language in use.

The catalogue has the sentences with placeholders. A text is shown in Chinese if it is one of them with values in it; the values are
looked up in the same way. Where several fit, the one with most words of its own is taken. A page or a server may have part in a text, so
the time for one is bounded: by its length, by the depth of values within values, and by patterns that never try a longer value again.
"""

import functools
import gettext
import re
import struct
from collections.abc import Iterator, Mapping
from pathlib import Path

from .message_language import CATALOGUES, DOMAIN, Language
from .record_words import word
from .text import MessageText

LEAST, LEAST_AT_START, LEAST_STRICT = 8, 6, 2
"""Letters that a sentence must have besides its values: "{path}: {reason}" fits anything."""
LONGEST, DEEPEST = 4000, 8
"""Characters of a text that is looked up, and levels of values within values; what is beyond stays as it is."""
WORDS = frozenset(("kind", "fault", "mark", "field"))
"""Placeholders for words of records, which are looked up even where they are single words."""
_PLACEHOLDER = re.compile(r"\{(\w+)(![rsa])?(:[^{}]*)?\}")
_BETWEEN = _PLACEHOLDER.groups + 1
"""Step between the texts of a template that is split at its placeholders."""
_SEPARATORS = (". ", ": ", "; ")
"""Between sentences that were put together."""
_NUMBER = r"[\d,.:-]{1,40}%?"
_QUOTED = r"(?:'.+?'|\".+?\")"
_NAMED = re.compile(r"([a-z]+(?:-[a-z]+)+(?:: [^:]+)?): (.+)", re.DOTALL)
"""An alarm or an assertion by its name, and a sentence about it."""
_CHINESE = re.compile("[\u4e00-\u9fff]")
_NAME = re.compile("[a-z]+(?:-[a-z]+)+")
"""An alarm, a fault or an option, which commands take as it is."""
_HEADER = struct.Struct("<7I")
CHINESE = CATALOGUES / "zh" / "LC_MESSAGES" / f"{DOMAIN}.mo"


def recorded(text: str) -> str:
    """A text in the language in use: as it knows itself, or if it is a sentence of the program; else the text itself."""
    if isinstance(text, MessageText):
        return text.translation(recorded)
    found = gettext.find(DOMAIN, str(CATALOGUES)) if gettext.textdomain() == DOMAIN else None
    return _recorded(text, Path(found), 0) if found is not None else text


def recorded_in(text: str, language: Language) -> str:
    """The same in this language, for one of many readers; `recorded` has that of the process."""
    return _recorded(str(text), CHINESE, 0) if language == "zh" else str(text)


def word_in(name: str, language: Language) -> str:
    """The word of a name in records, `record_words.word`, in this language; the name itself where there is none."""
    return _sentences(CHINESE).get(word(name), name) if language == "zh" else name


@functools.lru_cache(maxsize=1024)
def _recorded(text: str, file: Path, depth: int) -> str:
    if not text or len(text) > LONGEST or depth > DEEPEST or _NAME.fullmatch(text):
        return text
    known = _sentences(file)
    if " " in text and (same := known.get(text)) is not None:  # a single word may be a name
        return _written(same)
    if (named := _NAMED.fullmatch(text)) is not None and (rest := _recorded(named[2], file, depth + 1)) != named[2]:
        return f"{named[1]}{known.get(': ', ': ')}{rest}"
    for template, words in _by_words(file):
        if words in text and (match := _pattern(template).fullmatch(text)) is not None:
            values = {name: _value(name, value, file, depth + 1) for name, value in match.groupdict().items()}
            return _filled(known[template], values)
    for separator in _SEPARATORS:
        parts = text.split(separator)
        if len(parts) > 1 and (shown := [_recorded(part, file, depth + 1) for part in parts]) != parts:
            return known.get(separator, separator).join(shown)
    is_line = _is_quoted(text) and text[0] not in text[1:-1] and _CHINESE.search(text)  # of a page
    return f"“{text[1:-1]}”" if is_line else text


def _value(name: str, text: str, file: Path, depth: int) -> str:
    if name in WORDS and (word := _sentences(file).get(text)) is not None:
        return word
    if _is_quoted(text):
        return f"{text[0]}{_recorded(text[1:-1], file, depth)}{text[0]}"
    return _recorded(text, file, depth)


def _is_quoted(text: str) -> bool:
    """Whether it is written as by `repr`."""
    return len(text) > 2 and text[0] in "'\"" and text.endswith(text[0])


def _filled(translation: str, values: Mapping[str, str]) -> str:
    """The quotes that `repr` puts around a value are those of Chinese."""

    def value(placeholder: re.Match[str]) -> str:
        text = values.get(placeholder[1], placeholder[0])
        is_quoted = placeholder[2] == "!r" and _is_quoted(text)
        return f"“{text[1:-1]}”" if is_quoted else text

    return _PLACEHOLDER.sub(value, translation)


@functools.cache
def _by_words(file: Path) -> tuple[tuple[str, str], ...]:
    """Sentences with values, those with most words of their own first; and of each the longest text between values."""
    sized = {text: _letters(text) for text in _sentences(file) if _PLACEHOLDER.search(text)}
    found = sorted((text for text in sized if sized[text] >= _least(text)), key=lambda text: -sized[text])
    return tuple((text, max(map(_written, _PLACEHOLDER.split(text)[::_BETWEEN]), key=len)) for text in found)


def _least(template: str) -> int:
    """A sentence fits less whose values are all numbers or quoted, or that begins with its own words and has one value behind them."""
    values = _PLACEHOLDER.findall(template)
    if all(spec or conversion for _, conversion, spec in values):
        return LEAST_STRICT
    return LEAST_AT_START if len(values) == 1 and template.endswith("}") else LEAST


def _letters(text: str) -> int:
    return sum(character.isalpha() for character in _PLACEHOLDER.sub("", text))


@functools.cache
def _pattern(template: str) -> re.Pattern[str]:
    """Each value with the text behind it is an atomic group: the shortest value that fits is the only one that is tried.

    Only a value that occurs twice is in one group with all that is between.
    """
    texts, found = _PLACEHOLDER.split(template)[::_BETWEEN], list(_PLACEHOLDER.finditer(template))
    value = _QUOTED if _letters(template) < LEAST and _least(template) == LEAST_STRICT else ".+?"
    names = [each[1] for each in found]
    pattern, is_open, seen = re.escape(_written(texts[0])), False, set[str]()
    for number, (placeholder, text) in enumerate(zip(found, texts[1:], strict=True)):
        name, is_number = placeholder[1], bool(placeholder[3]) or placeholder[1] == "status"
        if name in seen:
            pattern += f"(?P={name})"
        else:
            if not is_number and not seen.intersection(names[number:]):
                pattern, is_open = f"{pattern}{')' * is_open}(?>", True
            pattern += f"(?P<{name}>{_NUMBER if is_number else value})"
        seen.add(name)
        pattern += re.escape(_written(text))
    return re.compile(f"{pattern}\\Z{')' * is_open}", re.DOTALL)


def _written(text: str) -> str:
    """Text of a template between its values, as it is in a sentence."""
    return text.replace("{{", "{").replace("}}", "}")


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
