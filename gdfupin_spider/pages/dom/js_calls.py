"""The target URL of a link that calls a function of the page. Nothing is executed."""

import re
from typing import NamedTuple

from ..rule import PatternRule
from .document import Anchor, Document
from .scripts import literal

JUMP = PatternRule(
    "script-jump",
    "A function of the page opens an address by an assignment or call: `location.href='a.asp?id='+n`.",
    r"(?:location(?:\s*\.\s*href)?\s*=|location\s*\.\s*(?:replace|assign)\s*\(|window\s*\.\s*open\s*\(|\.\s*action\s*=)\s*(.+?)\s*(?:[;\n}]|\)\s*;|$)",
    pages="gdfupin/pager-select-of-numbers-with-an-address-in-its-script gdfupin/rows-opened-by-a-function-with-a-number",
)
_TERM = re.compile(r"""\s*(?:("[^"]*"|'[^']*')|([A-Za-z_$][\w$.\[\]]*)|(\d+))\s*(\+?)""")
"""One term of a concatenation: `'list_' +`, `n`, `3`."""
_CALL = re.compile(r"\s*(?:return\s+)?([A-Za-z_$][\w$]*)\s*\(((?:\"[^\"]*\"|'[^']*'|[^()\"'])*)\)")
"""A call of a function of the page: `return show('a', 3)`."""
_ARGUMENT = re.compile(r"\"[^\"]*\"|'[^']*'|[^,\s][^,]*")
"""One argument of a call: `'a, b'`, `3`."""
_ASSIGNED = PatternRule(
    "script-variable",
    "A function may put the address together in variables first: `var url = 'a.asp?id=' + n`.",
    r"(?:\bvar\s+)?(?<![\w.])([A-Za-z_$][\w$]*)\s*=(?!=)\s*([^;\n]+)",
    pages="gdfupin/rows-opened-by-a-function-with-a-number",
)
_LONGEST = 1500
"""Maximum number of characters of a function that are read; functions that jump are shorter."""


class Function(NamedTuple):
    """A function of the page's scripts."""

    parameters: tuple[str, ...]
    code: str
    """Code after its opening brace."""


_FUNCTION = re.compile(
    r"\bfunction\s+([A-Za-z_$][\w$]*)\s*\(([^()]*)\)\s*\{|\b([A-Za-z_$][\w$.]{0,60})\s*=\s*function\s*\(([^()]*)\)\s*\{"
)
"""The beginning of a function: `function show(id) {`, `page.show = function(id) {`."""


def function(doc: Document, name: str) -> Function | None:
    """The function of that name in the page's own scripts, the first one; None without one."""
    if doc.functions is None:
        doc.functions = {}
        for number, (_, script) in enumerate(doc.scripts):
            for match in _FUNCTION.finditer(script):
                found_name = match[1] or match[3]
                for each in {found_name, found_name.rpartition(".")[2]}:
                    doc.functions.setdefault(each, (number, match.end(), match[2] or match[4] or ""))
    found = doc.functions.get(name)
    if found is None:
        return None
    number, begin, parameters = found
    code = doc.scripts[number][1][begin : begin + _LONGEST]
    return Function(tuple(map(str.strip, parameters.split(","))), code)


def code_of(anchor: Anchor) -> str:
    """The script of a link: its `javascript:` URL, else its onclick."""
    href = anchor.attribute("href").strip()
    code = href[11:] if href[:11].lower() == "javascript:" else ""
    return code if code and code.strip(" ;") not in ("", "void(0)", "void 0") else anchor.attribute("onclick")


def jump(doc: Document, anchor: Anchor) -> str | None:
    """The address that a link reaches by calling a function of the page with literal arguments; None if it cannot be
    computed.

    >>> from .lines import parse
    >>> doc = parse("<script>function go(n){window.open('show.asp?id='+n)}</script><a href='javascript:go(7)'>x</a>")
    >>> jump(doc, doc.anchors[0])
    'show.asp?id=7'
    """
    call = _CALL.match(code_of(anchor))
    called = function(doc, call[1]) if call is not None else None
    if call is None or called is None:
        return None
    values = [argument.strip() for argument in _ARGUMENT.findall(call[2])]
    known = {
        name: literal(value) if value[:1] in "\"'" else value
        for name, value in zip(called.parameters, values, strict=False)
        if value.isdigit() or value[:1] in "\"'"
    }
    code = called.code.partition("function ")[0]
    for match in _ASSIGNED.finditer(code):
        if match[1] not in known and (value := evaluate(match[2], known)) is not None:
            known[match[1]] = value
    for match in JUMP.finditer(code):
        if (href := evaluate(match[1], known)) is not None:
            return href
    return None


def evaluate(expression: str, known: dict[str, str]) -> str | None:
    """The value of a concatenation of literals, numbers and known names; None if it has anything else.

    >>> evaluate("'list_' + n + '.html'", {"n": "3"})
    'list_3.html'
    >>> evaluate("base + n", {"n": "3"}) is None
    True
    """
    out, at = [], 0
    while match := _TERM.match(expression, at):
        if match[1]:
            out.append(literal(match[1]))
        elif match[3]:
            out.append(match[3])
        elif match[2] in known:
            out.append(known[match[2]])
        else:
            return None
        at = match.end()
        if not match[4]:
            break
    return "".join(out) if out else None
