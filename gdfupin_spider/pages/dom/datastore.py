"""Rows that a page has only as XML data, for a script that shows them.

JCMS, a widespread CMS of Chinese authorities, prints its listings so. A script without code has a `<datastore>` in place of
the list; its records are CDATA sections of markup. The further rows are an XML answer of the same form at the address in
`nextgroup`.
"""

import html
import re

from ..rule import PatternRule, Rule

_DATASTORE = PatternRule(
    "datastore",
    "JCMS prints the rows of a list as markup inside XML in a script: `<datastore><recordset><record><![CDATA[<li>`.",
    r"(?:<script\b[^<>]*>\s*(?:<!--\s*)?(?:<\?xml[^<>]*>\s*)?|\A\s*(?:<\?xml[^<>]*>\s*)?)(<datastore\b[^<>]*>.*?)(?:</datastore\s*>\s*(?:-->\s*)?(?:</script\s*>)?|</script\s*>|\Z)",
    re.I | re.S,
    pages="general/rows-in-a-datastore general/rows-in-an-xml-answer",
)
_ANSWER = re.compile(r"\s*(?:<\?xml[^<>]*>\s*)?<datastore\b", re.I)
_RECORD = re.compile(r"<record\b[^<>]*>\s*((?:<!\[CDATA\[.*?\]\]>|(?!</?record\b).)*)", re.I | re.S)
"""The content of a record, to its end tag or, in broken data, to the next record."""
_NEXT_GROUP = re.compile(r"<nextgroup\b[^<>]*>(.*?)</nextgroup\s*>", re.I | re.S)
_TOTAL = re.compile(r"<totalrecord\b[^<>]*>\s*(?:<!\[CDATA\[)?\s*(\d{1,6})\b", re.I)
_CDATA = re.compile(r"<!\[CDATA\[(.*?)(?:\]\]>|\Z)", re.S)
_NEXT_LINK = re.compile(r"""<a\b[^<>]*?href\s*=\s*(?:"([^"<>]+)"|'([^'<>]+)')""", re.I)
_XML_SCRIPT = re.compile(
    r"""<script\b[^<>]*\btype\s*=\s*["']?(?:text|application)/xml\b[^<>]*>(.*?)(?:</script\s*>|\Z)""", re.I | re.S
)
"""A script that is XML data. Templates of pages built by scripts have other types."""
_PRINTED_TOTAL = Rule(
    "datastore-total",
    "The datastore of a list has the number of its articles, which its script prints: `<totalrecord>104</totalrecord>`.",
    pages="general/rows-in-a-datastore",
)


def with_datastores(text: str) -> str:
    """The page with the markup of its datastores where a script shows it: rows, then their number and the next group."""
    stores = _DATASTORE.findall(text)
    if not stores:
        return text
    counted = len(stores) == 1  # several lists have several numbers, and the page has one
    return _DATASTORE.sub(lambda match: _shown(match[1], counted), text)


def is_answer(text: str) -> bool:
    """True if the whole text is a datastore: further rows for the list of another page."""
    return _ANSWER.match(text) is not None


def unread_data(text: str) -> str | None:
    """The beginning of XML data with links that is in a script and was not read; None without any.

    >>> unread_data("<script type='text/xml'><list><row><![CDATA[<a href='1.html'>甲</a>]]></row></list></script>")[:11]
    '<list><row>'
    """
    for match in _XML_SCRIPT.finditer(text):
        if "href" in match[1].lower():
            return " ".join(match[1].split())[:120]
    return None


def _shown(store: str, counted: bool) -> str:
    rows = [f"<div>{_markup(content)}</div>" for content in _RECORD.findall(store)]
    if counted and _PRINTED_TOTAL.on and (total := _TOTAL.search(store)):
        rows.append(f"<p>共{total[1]}条</p>")
    groups = (_NEXT_LINK.search(_markup(group)) for group in _NEXT_GROUP.findall(store))
    rows.extend(f'<p><a href="{link[1] or link[2]}">下一页</a></p>' for link in groups if link)
    if not rows and "href" in store.lower():  # another form: to be noticed as unread
        return f'<script type="text/xml">{store}</script>'
    return "".join(rows)


def _markup(content: str) -> str:
    """The markup that an element of the XML has, as CDATA or escaped."""
    pieces = _CDATA.findall(content)
    if pieces:
        return "".join(pieces)
    return content if "<" in content else html.unescape(content)
