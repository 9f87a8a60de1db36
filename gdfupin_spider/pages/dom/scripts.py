"""Text that the scripts of a page print, as far as it is literal. Nothing is executed.

Some sites have source, date or pager only in a string of a script. Supported is `document.write` of literals, of
variables set to literals in the same script, and of simple concatenations of both.
"""

import html
import re

from ..rule import PatternRule

_STRING = r""""(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'"""
"""A string literal in either kind of quotes."""
_ASSIGNED = PatternRule(
    "script-literal",
    "A script writes a variable that it set to a literal before.",
    rf"\s*=\s*({_STRING})\s*(?=[;,\n)]|$)",
    pages="gdfupin/info-written-by-script gdfupin/info-script-cuts-the-time",
)
_WRITE = PatternRule(
    "text-written-by-script",
    "Scripts write source, date or pager into the page: `document.write('来源：' + s)`.",
    rf"document\s*\.\s*write(?:ln)?\s*\(((?:{_STRING}|[^()\"']|\([^()]*\))*)\)",
    pages="gdfupin/info-written-by-script-with-tags gdfupin/info-written-by-script",
)
_PIECE = re.compile(rf"({_STRING})|([A-Za-z_$][\w$]*)((?:\s*\.\s*\w+\s*\([^()]*\))*)")
"""A literal or a variable with calls on it: `'来源：'`, `s.substring(0, 10)`."""
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|(.))", re.S)
_ESCAPED = {"n": "\n", "t": "\t", "r": "", "b": "", "f": "", "v": " "}
_TAG = re.compile(r"<[^<>]*>")
_LINK = re.compile(r"""<a\s[^<>]*?href\s*=\s*(?:"([^"<>]*)"|'([^'<>]*)'|([^\s"'<>]+))[^<>]*>([^<]*)""", re.I)
"""A link and its text up to the next tag: `<a href="a.doc">附件`."""
_LONGEST_SCRIPT = 20_000
"""Characters of a script that writes something into its page; a longer one is a library."""
_LONGEST_WRITTEN = 100_000
"""Characters that a script writes; one that writes a variable again and again could write gigabytes."""
_CUT = PatternRule(
    "script-cuts-value",
    "A script may cut the value that it writes: `.substring(0, 10)`.",
    r"\.\s*substr(?:ing)?\s*\(\s*0\s*,\s*(\d+)\s*\)",
    pages="gdfupin/info-script-cuts-the-time",
)


def literal(source: str) -> str:
    """The value of a string literal; `source` includes its quotes.

    >>> literal(r"'\\u6765\\u6e90\\uff1a'")
    '来源：'
    """

    def unescape(match: re.Match[str]) -> str:
        code = match[1] or match[2]
        return chr(int(code, 16)) if code else _ESCAPED.get(match[3], match[3])

    return _ESCAPE.sub(unescape, source[1:-1])


def strings(script: str) -> list[str]:
    """All string literals of a script, in order."""
    return [literal(match) for match in re.findall(_STRING, script)]


def variable(script: str, name: str) -> str | None:
    """The string literal that a script assigns to a variable; the last non-empty one. None without one."""
    found = None
    at = script.find(name)
    while at >= 0:
        if (match := _ASSIGNED.match(script, at + len(name))) and not script[at - 1 : at].isalnum():
            found = literal(match[1]) or found or ""
        at = script.find(name, at + len(name))
    return found


def written(script: str) -> str:
    """The text that `document.write` prints in this script, without tags; empty if it depends on an unknown value.

    >>> written("var s='南方日报'; if(s!='') document.write('<b>来源：'+s+'</b>');")
    '来源：南方日报'
    >>> written("document.write('今天是'+now.getFullYear()+'年')")
    ''
    """
    return text_of(written_markup(script))


def text_of(markup: str) -> str:
    """The text of markup that a script writes, without tags."""
    return html.unescape(_TAG.sub(" ", markup) if "<" in markup else markup).strip()


def links_in(markup: str) -> list[tuple[str, str]]:
    """Address and text of each link in markup that a script writes. Links need not be closed.

    >>> links_in("<a href='./a.doc'>甲.doc<br><a href=b.xls>乙</a>")
    [('./a.doc', '甲.doc'), ('b.xls', '乙')]
    """
    return [
        (html.unescape(match[1] or match[2] or match[3]), html.unescape(" ".join(match[4].split())))
        for match in _LINK.finditer(markup)
    ]


def written_markup(script: str) -> str:
    """The markup that `document.write` prints in this script; empty if it depends on an unknown value."""
    at = script.find("document.write")
    if at < 0 or len(script) > _LONGEST_SCRIPT:
        return ""
    out: list[str] = []
    size = 0
    variables: dict[str, str | None] = {}
    while at >= 0:
        if match := _WRITE.match(script, at):
            value = _concatenation(match[1], script, variables)
            if value is None:
                return ""
            out.append(value)
            size += len(value)
            if size > _LONGEST_WRITTEN:
                return ""
        at = script.find("document.write", at + 14)
    return "".join(out)


def _concatenation(expression: str, script: str, variables: dict[str, str | None]) -> str | None:
    """`variables`: those of the script that were looked for already, with their values."""
    out: list[str] = []
    size = 0
    rest = expression
    while rest := rest.strip():
        match = _PIECE.match(rest)
        if not match or match[0].endswith("("):
            return None
        if match[1]:
            out.append(literal(match[1]))
        else:
            name = match[2]
            value = variables[name] if name in variables else variables.setdefault(name, variable(script, name))
            if value is None:
                return None
            out.append(value[: int(cut[1])] if (cut := _CUT.search(match[3])) else value)
        size += len(out[-1])
        if size > _LONGEST_WRITTEN:
            return None
        rest = rest[match.end() :].strip()
        if rest and not rest.startswith("+"):
            return None
        rest = rest[1:]
    return "".join(out)
