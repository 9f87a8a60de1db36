"""Page text made safe for the place where it is shown: a terminal, HTML, XML, Markdown, a cell, a line of JSON."""

import html
import json
import re
import shlex
from collections.abc import Iterable
from pathlib import Path

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.text import Text

from .messages.text import MessageText, translated
from .messages.wrapped_lines import breaks


def shown(text: str) -> str:
    """Page text, or a message in the language in use, for a terminal: control and bidi characters become symbols, line ends stay.

    >>> shown("a\\x1b[31mb\\u202ec\\n")
    'a␛[31mb�c\\n'
    """
    return _CONTROLS.sub(_symbol, translated(text))


def pluralized(count: int, noun: str, plural: str = "") -> str:
    """A count with its noun, a message. `plural`: where it is not the noun with an s.

    >>> pluralized(1, "crawl"), pluralized(1200, "crawl"), pluralized(0, "address", "addresses")
    ('1 crawl', '1,200 crawls', '0 addresses')
    """
    return MessageText(f"{{count:,}} {noun}", {"count": count}, f"{{count:,}} {plural or noun + 's'}", count)


def plain_json(value: object) -> str:
    """One line of JSON in which every character is escaped that a terminal may act upon or cannot print.

    >>> plain_json({"title": "扶贫\x9b31m\u202e"})
    '{"title": "扶贫\\\\u009b31m\\\\u202e"}'
    """
    return plain_line(json.dumps(value, ensure_ascii=False))


def plain_line(line: str) -> str:
    """A line of JSON with the same value for a terminal."""
    return _UNSAFE.sub(lambda match: json.dumps(match[0])[1:-1], line)


_UNSEEN = (
    r"\x7f-\x9f\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e"
    r"\u2060-\u206f\u3164\ud800-\udfff\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e00ff\U000e01f0-\U000e0fff"
)
"""Characters that nobody sees: C1 controls, lone surrogates, line separators, characters without width, those that change
the direction of text, tags. Variants of Chinese characters (U+E0100 and following) are none of them."""
_UNSAFE = re.compile(f"[{_UNSEEN}]")
_CONTROLS = re.compile(rf"[\x00-\x08\x0b-\x1f{_UNSEEN}]")


def _symbol(match: re.Match[str]) -> str:
    code = ord(match[0])
    return chr(0x2400 + code) if code < 32 else "␡" if code == 127 else "�"


_USERINFO = re.compile(r"(?<=://)[^\s/?#\\'\"<>@]*(?:@[^\s/?#\\'\"<>@]*)*@")


def without_credentials(text: str) -> str:
    """Text in which URLs have neither a user nor a password, for messages, logs, reports and WARC files.

    >>> without_credentials("no answer from http://me:p@ss@www.a.cn:81/x?mail=b@c.cn, http://d.cn/")
    'no answer from http://www.a.cn:81/x?mail=b@c.cn, http://d.cn/'
    """
    if "@" not in text:
        return text
    clean = _USERINFO.sub("", text)
    return text if clean == text else clean  # a message stays one


def html_text(text: str) -> str:
    """Page text for HTML, in elements and attributes in quotes.

    >>> html_text("<a href='x'>\u202e&")
    '&lt;a href=&#x27;x&#x27;&gt;�&amp;'
    """
    return html.escape(shown(str(text)), quote=True)


def html_message(text: str) -> str:
    """A message in the language in use for HTML, with the page text that it quotes."""
    return html_text(translated(text))


def xml_text(text: str) -> str:
    """Page text for XML, which is escaped where it is written: without the characters that XML cannot hold.

    >>> xml_text("<a>\\x00\\uffff")
    '<a>␀�'
    """
    return _NO_XML.sub("\ufffd", shown(str(text)))


_NO_XML = re.compile("[\ufffe\uffff]")


def markdown_text(text: str) -> str:
    """Page text for one line of Markdown, also in a cell: no link, picture, tag or emphasis.

    >>> markdown_text("![t](http://evil/t.png)|<b>")
    '!\\\\[t\\\\]\\\\(http://evil/t.png\\\\)\\\\|&lt;b&gt;'
    """
    return html.escape(_MARKDOWN.sub(r"\\\1", " ".join(shown(str(text)).split())), quote=False)


_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#|~])")


def console(*, stderr: bool = False) -> Console:
    """A console that does not interpret markup in printed text, and breaks Chinese where it may be broken."""
    return _Console(stderr=stderr, markup=False, highlight=False, emoji=False)


class _Console(Console):
    """Rich takes Chinese for one long word: it begins a line for it, and breaks it also before a comma."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        if isinstance(renderable, str):
            renderable = self.render_str(renderable)
        if isinstance(renderable, Text):
            renderable = _broken(renderable, options or self.options)
        return super().render(renderable, options)


def _broken(text: Text, options: ConsoleOptions) -> Text:
    """The text with line ends where lines with wide characters are broken; the same where it has none, or is not to be broken."""
    is_fixed = options.no_wrap if text.no_wrap is None else text.no_wrap
    if is_fixed or options.max_width < 1 or _is_narrow(text):
        return text
    fold = (text.overflow or options.overflow or "fold") == "fold"
    lines: list[Text] = []
    for line in text.split(allow_blank=True):
        if _is_narrow(line):
            lines.append(line)
            continue
        *others, last = line.divide(breaks(line.plain, options.max_width, fold=fold))
        for each in others:
            each.rstrip()
        lines += [*others, last]
    return text.blank_copy("\n").join(lines)


def _is_narrow(text: Text) -> bool:
    """Whether each character takes one column."""
    return cell_len(text.plain) == len(text.plain)


FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""First characters of a cell that a spreadsheet may run as a formula; the wide ones in Chinese and Japanese settings."""


def cell_text(text: str) -> str:
    """Page text as a cell of a spreadsheet: a `'` in front keeps it from being run as a formula.

    >>> cell_text("=1+1"), cell_text("扶贫")
    ("'=1+1", '扶贫')
    """
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def at(output: Path) -> str:
    """The option for an archive other than the default one, with a leading space; else an empty string."""
    return "" if output == Path("output") else f" --output {shlex.quote(str(output))}"
