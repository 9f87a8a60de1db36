"""Sentences for people that are English in records, logs and JSON, and Chinese on the terminal of somebody who reads Chinese.

`N_` makes one to be raised, stored or handed on; it is translated where it is shown (`translated`). `T_` makes one that is printed at
once. Both take a sentence with named placeholders: `N_("{path} cannot be read: {reason}", path=path, reason=reason)`.
"""

from collections.abc import Callable, Iterable, Mapping
from gettext import gettext, ngettext, pgettext
from string import Formatter
from typing import Any, Self

from .message_language import current


class MessageText(str):
    """An English sentence that knows how it was made. Everything but `translated` takes it for the string that it is."""

    _template: str
    _plural: str
    _count: int
    _values: Mapping[str, object]

    def __new__(cls, template: str, values: Mapping[str, object], plural: str = "", count: int = 1) -> Self:
        """`plural`: the sentence for other counts than one; empty: it is the same for all.

        Of an error only its message is kept: the error itself holds the frames that it went through, and all that they had in hand.
        """
        values = {
            name: reason_of(value) if isinstance(value, BaseException) else value for name, value in values.items()
        }
        made = super().__new__(cls, (plural if plural and count != 1 else template).format(**values))
        made._template, made._plural, made._count, made._values = template, plural, count, values
        return made

    def __getnewargs__(self) -> tuple[str, Mapping[str, object], str, int]:  # type: ignore[override]
        return self._template, self._values, self._plural, self._count

    def translation(self, look_up: Callable[[str], str] | None = None) -> str:
        """In the language in use, as are the values that are such sentences. `look_up`: what is done with values that are other texts."""
        shown = look_up or translated
        values = {name: shown(value) if isinstance(value, str) else value for name, value in self._values.items()}
        if self._plural:
            return _filled(ngettext(self._template, self._plural, self._count), values)
        return _filled(gettext(self._template), values)


class _ChineseFormatter(Formatter):
    """Puts a text that is shown as `repr` has it into the quotes of Chinese."""

    def convert_field(self, value: Any, conversion: str | None) -> Any:
        if conversion == "r" and isinstance(value, str):
            return f"“{repr(value)[1:-1]}”"
        return super().convert_field(value, conversion)


def _filled(translation: str, values: Mapping[str, object]) -> str:
    is_chinese = "!r" in translation and current() == "zh"
    return _ChineseFormatter().vformat(translation, (), values) if is_chinese else translation.format(**values)


class JoinedText(MessageText):
    """Several texts, one after the other."""

    _parts: tuple[str, ...]

    def __new__(cls, separator: str, parts: tuple[str, ...]) -> Self:
        """`separator`: COMMA, SEMICOLON, or one that is the same in all languages."""
        made = str.__new__(cls, separator.join(parts))
        made._template, made._parts = separator, parts
        return made

    def __getnewargs__(self) -> tuple[str, tuple[str, ...]]:  # type: ignore[override]
        return self._template, self._parts

    def translation(self, look_up: Callable[[str], str] | None = None) -> str:
        """Each part in the language in use."""
        separator = (
            gettext(self._template) if self._template else ""
        )  # the translation of "" is the head of the catalogue
        return separator.join(map(look_up or translated, self._parts))


class ListedText(JoinedText):
    """Names of one kind, one after the other: between them Chinese has another comma than between clauses."""

    def translation(self, look_up: Callable[[str], str] | None = None) -> str:
        """Each name in the language in use."""
        return pgettext("between names", ", ").join(map(look_up or translated, self._parts))


def N_(template: str, /, **values: object) -> str:  # noqa: N802  the name that gettext has for it
    """A sentence that is shown later.

    >>> N_("{path} exists", path="a.txt")
    'a.txt exists'
    """
    return MessageText(template, values)


def N_n(singular: str, plural: str, count: int, /, **values: object) -> str:  # noqa: N802
    """One of two sentences, by a count. Chinese has one for all counts.

    >>> N_n("{count} page", "{count} pages", 2, count=2)
    '2 pages'
    """
    return MessageText(singular, values, plural, count)


def T_(template: str, /, **values: object) -> str:  # noqa: N802
    """A sentence that is shown now, in the language in use."""
    return MessageText(template, values).translation()


COMMA, SEMICOLON, COLON, SENTENCE, BLANK, OR = N_(", "), N_("; "), N_(": "), N_(". "), N_(" "), N_(" or ")
"""Between texts; Chinese has marks of its own."""


def joined(parts: Iterable[str], separator: str = COMMA) -> str:
    """Texts as one. No text gives an empty string.

    >>> joined(["2 crawls", "1 gap"])
    '2 crawls, 1 gap'
    """
    return JoinedText(str(separator), tuple(parts))


def enumeration(names: Iterable[str]) -> str:
    """Names of one kind as one text.

    >>> enumeration(["title", "date"])
    'title, date'
    """
    return ListedText(", ", tuple(names))


def shortened(text: str, most: int) -> str:
    """A text cut to `most` characters. A message that fits can still be translated; of one that is cut the English remains.

    >>> shortened("a sentence", 3)
    'a s'
    """
    return text if len(text) <= most else text[:most]


def translated(text: str) -> str:
    """A text in the language in use, if it is one that can be translated; else the same."""
    return text.translation() if isinstance(text, MessageText) else text


def reason_of(error: BaseException) -> str:
    """The message of an error, to be part of another one."""
    found = error.args[0] if error.args else ""
    return found if isinstance(found, MessageText) else str(error)


def as_string(value: object) -> str:
    """The hook of encoders that know plain strings only: in records a message is one."""
    if isinstance(value, MessageText):
        return str(value)
    raise NotImplementedError(type(value))
