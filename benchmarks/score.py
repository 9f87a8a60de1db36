"""How near what was read comes to what a page says. White space and width of characters do not count."""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from typing import Any

FIELDS = ("F1", "both40", "title", "date", "source", "invented")
_BLANK = re.compile(r"[\s\u200b\ufeff\u00ad]+")
_LABEL = re.compile(r"^(?:信息|文章|稿件|新闻)?来源(?:于)?:?")
_DATE = re.compile(r"((?:19|20)\d\d)\s*[-年/.]\s*(\d{1,2})\s*[-月/.]\s*(\d{1,2})")


def bare(text: str | None) -> str:
    """Text for comparing.

    >>> bare("来源：　南方日报 ")
    '来源:南方日报'
    """
    return _BLANK.sub("", unicodedata.normalize("NFKC", text or ""))


def day(answer: object) -> str | None:
    """`YYYY-MM-DD` of a date in any common form, None where there is none.

    >>> day("2013年3月5日 8:00")
    '2013-03-05'
    """
    found = _DATE.search(str(answer))
    return f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}" if found else None


def f1(answer: str, true: str) -> float:
    """Harmonic mean of precision and recall over pairs of neighbouring characters.

    >>> f1("脱贫攻坚", "脱贫攻坚"), f1("脱贫", "攻坚")
    (1.0, 0.0)
    """
    mine, theirs = (Counter(text[at : at + 2] for at in range(len(text) - 1)) for text in (answer, true))
    shared = (mine & theirs).total()
    return 2 * shared / (mine.total() + theirs.total()) if shared else 0.0


def score(answer: Mapping[str, Any], true: Mapping[str, Any]) -> dict[str, float]:
    """Each of FIELDS that the truth has an opinion on, from 0 to 1; of `invented` 0 is best.

    F1 of the body; both40: its first and its last 40 characters are both there. A title, date or source is right or
    wrong; a source that is given where the page names none is invented.
    """
    found: dict[str, float] = {}
    if body := bare(true.get("body")):
        mine, size = bare(answer.get("body")), min(40, max(8, len(body) // 2))
        found |= {"F1": f1(mine, body), "both40": float(body[:size] in mine and body[-size:] in mine)}
    if title := bare(true.get("title")):
        found["title"] = float(bare(answer.get("title")) == title)
    if true.get("date"):
        found["date"] = float(day(answer.get("date")) == true["date"])
    source = _LABEL.sub("", bare(answer.get("source")))
    if true.get("source"):
        found["source"] = float(source == _LABEL.sub("", bare(true["source"])))
    else:
        found["invented"] = float(bool(source))
    return found
