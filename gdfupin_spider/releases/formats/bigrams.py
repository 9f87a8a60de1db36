"""Chinese text for SQLite's full-text search: words of two characters, so that every word of two or more is found.

SQLite's own tokenizers cannot: `unicode61` takes a whole sentence for one word, `trigram` finds nothing of two characters.
"""

import re
import unicodedata

_RUN = re.compile(r"[^\W_]+")
_HAN = r"\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_PIECE = re.compile(rf"[{_HAN}]+|[^{_HAN}]+")
_ONE = re.compile(rf"[{_HAN}]")


def tokens(text: str) -> str:
    """What is indexed: of a run of Chinese characters each two that stand together, and the last one alone; words of other
    letters and numbers whole. Width and case are folded.

    >>> tokens("扶贫攻坚，ＧＤＰ增长7%")
    '扶贫 贫攻 攻坚 坚 gdp 增长 长 7'
    """
    found: list[str] = []
    for run in _RUN.findall(unicodedata.normalize("NFKC", text).casefold()):
        for piece in _PIECE.findall(run):
            if _ONE.match(piece):
                found += [piece[at : at + 2] for at in range(len(piece))]
            else:
                found.append(piece)
    return " ".join(found)


def query(words: str) -> str:
    """What to ask of `search MATCH`: each word, as white space parts them, must stand in the text as it is written.

    >>> query("扶贫攻坚 广州")
    '"扶贫 贫攻 攻坚" "广州"'
    >>> query("村"), query("GDP增长")
    ('"村"*', '"gdp 增长"')
    """
    return " ".join(filter(None, map(_phrase, words.split())))


def _phrase(word: str) -> str:
    parts = tokens(word).split()
    if not parts:
        return ""
    # The last character alone was found with the one before it; standing alone it begins a pair or ends a run.
    if len(parts) > 1 and _ONE.match(parts[-1]) and len(parts[-1]) == 1 and len(parts[-2]) == 2:
        parts = parts[:-1]
    alone = len(parts[-1]) == 1 and _ONE.match(parts[-1])
    return '"' + " ".join(parts) + '"' + ("*" if alone else "")
