"""From bytes to text: decided once, with the evidence kept.

Only this module decodes a payload. HTTP header and `<meta>` break a tie; they never overrule the bytes. A page that
declares gb2312 is read as GB18030, its superset. Written for HTML; other text works too.
"""

import contextlib
import re
from dataclasses import dataclass
from typing import NamedTuple

from ...messages.text import N_
from ..rule import PatternRule, Rule
from .unpack import unpack


@dataclass(frozen=True, slots=True)
class Encoding:
    """How the bytes of a page were decoded."""

    name: str
    """Python's name: `utf-8`, `gb18030`, `big5`, `utf-16`."""
    evidence: tuple[str, ...]
    """Observations, in the order they were made."""
    replaced: int = 0
    """Number of broken bytes, now U+FFFD."""
    unpack_error: str | None = None
    """Why the content encoding could not be removed completely, or None; the readable part is kept."""


# The commonest characters of modern Chinese, simplified and traditional. A third or more of a real text consists of
# them, and almost nothing of a text read in a wrong encoding.
_COMMON = frozenset(
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日"
    "军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教东声提立及比员解水名真论处走义"
    "各入几口认条平系气题活更别打四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指许统区保至队形社便空决治展马科司五基书则听却界达光放强即权设式路记南品住告求据程北边广示总省县村镇扶贫困脱攻坚"
    "這個們來為國時說會對過發後裡種經麼學現當沒動還進樣開從實軍無與長機情關點業將兩間問應戰頭體見產內門東聲論處義幾認條氣題電數報結單務場計黨資統區隊決馬書聽卻達強權設記員廣縣貧"
    "，。、：；！？（）《》“”０１２３４５６７８９"
)
_HIGH = re.compile(r"[^\x00-\x7f]")
_ASCII_BYTES = bytes(range(0x80))
_CHARSET = PatternRule(
    "declared-encoding",
    "A page declares its encoding in a `<meta>` or XML declaration; it breaks a tie.",
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([a-z0-9_-]+)|<\?xml[^>]{0,100}?encoding\s*=\s*["']([a-z0-9_-]+)""",
    pages="general/bytes-valid-utf-8-by-chance",
)
_CHARSET_OF_HEADER = re.compile(r"charset\s*=\s*[\"']?([\w-]+)", re.I)
_CONTROL_BYTES = bytes(code for code in (*range(0x20), 0x7F) if code not in b"\t\n\x0c\r")
"""Control bytes that are never the second byte of a character in UTF-8, GB18030 or Big5."""
_CONTROL = re.compile(f"[{re.escape(_CONTROL_BYTES.decode())}]")
_CONTROLS = tuple(bytes((code,)) for code in _CONTROL_BYTES)
_FAMILY = {
    "utf-8": ("utf-8", "utf8", "unicode-1-1-utf-8"),
    "gb18030": ("gb2312", "gbk", "gb18030", "gb_2312-80", "x-gbk", "cp936", "gb", "euc-cn", "hz-gb-2312", "chinese"),
    "big5": ("big5", "big5-hkscs", "big5hkscs", "cp950", "x-x-big5"),
}
"""Decoder to the names under which pages declare its encoding, in lower case."""
_FAMILY_OF = {alias: family for family, aliases in _FAMILY.items() for alias in aliases}


def decode(
    payload: bytes, content_type: str | None = None, content_encoding: str | None = None
) -> tuple[str, Encoding]:
    """The text of a payload, ready for the parser, and how it was decoded. Never raises.

    >>> text, encoding = decode("加入时间".encode("gbk"), "text/html; charset=utf-8")
    >>> text, encoding.name
    ('加入时间', 'gb18030')
    """
    data, unpack_error = (
        unpack(payload, content_encoding) if content_encoding or payload[:2] == b"\x1f\x8b" else (payload, None)
    )
    decided = _decide(data, content_type)
    text = _repair(decided.text, decided.in_gbk)
    return text, Encoding(decided.name, decided.evidence, decided.replaced, unpack_error)


# --- which encoding ---------------------------------------------------------------------------------------------------

_VALID_GB18030 = N_("valid GB18030, reads as Chinese")  # made once: most pages are


class _Decided(NamedTuple):
    text: str
    name: str
    evidence: tuple[str, ...]
    replaced: int
    in_gbk: bool = False
    """Whether GBK is known to have all characters of the text; it has none without width."""


def _decide(data: bytes, content_type: str | None) -> _Decided:
    """The text of a payload, not yet repaired."""
    evidence: list[str] = []
    for bom, name in ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(bom):
            text = data.decode(name, "replace")
            broken = text.count("\ufffd")
            if name == "utf-8" and broken > 8 and broken > len(_HIGH.findall(text)) // 10:
                evidence.append(N_("UTF-8 BOM, but the bytes behind it are not UTF-8"))
                data = data[3:]
                break  # the mark is of an included file; the page has another encoding
            return _Decided(_without_controls(text), name, (N_("{name} byte order mark", name=name),), broken)
    if (nul := data.find(b"\x00")) >= 0 and (wide := _wide(data, nul)) is not None:
        return wide
    if any(map(data.__contains__, _CONTROLS)):  # rare, so the copy of the page is avoided otherwise
        data = data.translate(None, _CONTROL_BYTES)
    if data.isascii():
        return _Decided(data.decode("ascii"), "utf-8", (*evidence, N_("ASCII only")), 0)
    declared, declarations = _declared(data, content_type)
    evidence += declarations
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as fault:
        first_fault = fault.start
    else:
        if (
            declared == "gb18030"
            and max(map(ord, _HIGH.findall(text[:20000])), default=0) < 0x800
            and _share(data.decode("gb18030", "replace")) > 0.3
        ):
            evidence.append(N_("valid UTF-8 by chance: Chinese only if read as GB18030"))
        else:
            return _Decided(text, "utf-8", (*evidence, N_("valid UTF-8")), 0)
        first_fault = 0
    if declared == "gb18030" and not first_fault > 20000:
        try:  # the usual old page, decided without comparing encodings
            text, in_gbk = _decode_valid_gb(data)
        except UnicodeDecodeError:
            pass
        else:
            if _share(text) > 0.3:
                return _Decided(text, "gb18030", (*evidence, _VALID_GB18030), 0, in_gbk)
    return _weigh(data, declared, evidence)


def _without_controls(text: str) -> str:
    return _CONTROL.sub("", text)


def _weigh(data: bytes, declared: str | None, evidence: list[str]) -> _Decided:
    """The decoding that looks most like Chinese text. GB18030 accepts nearly any bytes, so the number of errors alone
    decides nothing."""
    best: tuple[float, int, str, str] | None = None
    utf8 = data.decode("utf-8", "replace")
    gb, gb_broken = _decode_gb(_without_marks(data))
    big5 = data.decode("big5hkscs", "replace")
    for rank, (name, text, broken) in enumerate(
        (("utf-8", utf8, utf8.count("\ufffd")), ("gb18030", gb, gb_broken), ("big5", big5, big5.count("\ufffd")))
    ):
        high = len(_HIGH.findall(text)) or 1
        share, faults = _share(text), broken / high
        score = share - 2 * faults + (0.08 if name == declared else 0) - 0.02 * rank
        evidence.append(
            N_(
                "as {name}: {share:.0%} of common characters, {broken:d} broken bytes",
                name=name,
                share=share,
                broken=broken,
            )
        )
        if best is None or score > best[0]:
            best = (score, broken, name, text)
    assert best is not None
    score, broken, name, text = best
    if score < 0.1 and declared is not None and declared not in _FAMILY:
        try:
            text, name, broken = data.decode(declared), declared, 0
            evidence.append(N_("valid {declared}, as declared", declared=declared))
        except (UnicodeDecodeError, LookupError):
            evidence.append(N_("declared {declared} does not hold either", declared=declared))
    elif score < 0.1 and declared is None and broken:
        text, name, broken = data.decode("cp1252", "replace"), "cp1252", 0
        evidence.append(N_("no Chinese in any reading: taken for Western text"))
    return _Decided(text, name, tuple(evidence), broken)


def _declared(data: bytes, content_type: str | None) -> tuple[str | None, list[str]]:
    """The declared encoding family, None without a declaration, and all declarations. The header first, as in browsers."""
    declared: str | None = None
    evidence: list[str] = []
    if content_type and (match := _CHARSET_OF_HEADER.search(content_type)):
        declared = match[1].lower()
        evidence.append(N_("header says {declared}", declared=declared))
    head = data[:8192].lower()
    for named in _CHARSET.finditer(head) if b"charset" in head or b"encoding" in head else ():
        name = (named[1] or named[2]).decode("ascii")
        evidence.append(N_("page says {name}", name=name))
        declared = declared or name
    return (_FAMILY_OF.get(declared, declared) if declared else None), evidence


def _share(text: str) -> float:
    """Share of the commonest characters among the first hundreds of non-ASCII characters."""
    high = (_high(text[:8000]) or _high(text))[:600]
    return sum(map(_COMMON.__contains__, high)) / len(high) if high else 0.0


def _high(text: str) -> str:
    """The text without its ASCII characters. An expression takes four times as long to pass over style sheets."""
    return text.encode("utf-8", "surrogatepass").translate(None, _ASCII_BYTES).decode("utf-8", "surrogatepass")


_UTF_16_WITHOUT_MARK = Rule(
    "utf-16-without-mark",
    "A page whose every other byte is NUL is UTF-16 without a byte order mark.",
    pages="gdfupin/bytes-utf-16-without-mark",
)


def _wide(data: bytes, nul: int) -> _Decided | None:
    """Text of UTF-16 without byte order mark (every other byte of its markup is NUL), or None."""
    if not _UTF_16_WITHOUT_MARK.on:
        return None
    head = data[:400]
    for name, zeros in (("utf-16-le", head[1::2]), ("utf-16-be", head[::2])):
        if nul < 4 and zeros.count(0) > 0.7 * len(zeros):
            text = _without_controls(data.decode(name, "replace"))
            return _Decided(text, name, (N_("every other byte is NUL"),), text.count("\ufffd"))
    return None


_MARKS_OF_INCLUDED_FILES = Rule(
    "marks-of-included-files",
    "Included files leave UTF-8 byte order marks in GBK pages.",
    pages="gdfupin/bytes-utf-8-marks-in-the-middle-of-gbk",
)


def _without_marks(data: bytes) -> bytes:
    """GB bytes without UTF-8 byte order marks of included files, which would destroy a neighbouring character."""
    if not _MARKS_OF_INCLUDED_FILES.on:
        return data
    return re.sub(rb"(?<![\x80-\xff])(?:\xef\xbb\xbf)+", b"", data) if b"\xef\xbb\xbf" in data else data


def _decode_valid_gb(data: bytes) -> tuple[str, bool]:
    """The text of bytes that are valid GB18030, and whether all of it is GBK, which nearly all old pages are.

    GBK is decoded faster. Every byte sequence that is valid in it has the same characters in GB18030. Raises
    UnicodeDecodeError.
    """
    with contextlib.suppress(UnicodeDecodeError):
        text = data.decode("gbk")
        if "锘" not in text:  # a byte order mark begins with the bytes of this character
            return text, True
    return _without_marks(data).decode("gb18030"), False


_RUN = re.compile(rb"[^\x00-\x3f<>]+")  # bytes of two-byte characters: no markup, digits or spaces


def _decode_gb(data: bytes) -> tuple[str, int]:
    """GB18030 text in which a lost or stray byte costs one character, not all up to the next ASCII character; and the
    number of broken bytes.

    A single 0x80 is the euro sign, as in windows-936 and in browsers.
    """
    with contextlib.suppress(UnicodeDecodeError):
        return data.decode("gb18030"), 0
    out: list[str] = []
    broken = end = 0
    for piece in re.split(rb"(<[^<>]*>|[\n\r\t ]+)", data):
        try:
            out.append(piece.decode("gb18030"))
        except UnicodeDecodeError:
            end = 0
            for run in _RUN.finditer(piece):
                out.append(piece[end : run.start()].decode("gb18030", "replace"))
                end = run.end()
                try:
                    out.append(run[0].decode("gb18030"))
                except UnicodeDecodeError:
                    text, count = _realign(run[0])
                    out.append(text)
                    broken += count
            out.append(piece[end:].decode("ascii", "replace"))
    return "".join(out), broken


_LOST_BYTE = Rule(
    "lost-byte",
    "A lost or stray byte in a GBK page costs one character: the likeliest characters are looked for, not all up to the next sign shifted.",
    pages="gdfupin/bytes-half-a-character-lost-in-gbk gdfupin/bytes-euro-sign-of-windows-936",
)


def _realign(run: bytes) -> tuple[str, int]:
    """The likeliest characters of a run with broken bytes, and the number of broken ones: the cheapest path, where
    rare characters and lost bytes have a cost."""
    if not _LOST_BYTE.on:
        text = run.decode("gb18030", "replace")
        return text, text.count("\ufffd")
    size = len(run)
    cost = [0.0] + [1e9] * size
    step = [0] * (size + 1)
    for at in range(size):
        here, byte = cost[at], run[at]
        single = 0.0 if byte < 0x80 else 2.0 if byte == 0x80 else 6.0
        if here + single <= cost[at + 1]:  # of equal paths the one that keeps the preceding characters
            cost[at + 1], step[at + 1] = here + single, 1
        if byte >= 0x81 and at + 1 < size and run[at + 1] >= 0x40 and run[at + 1] not in (0x7F, 0xFF) and byte != 0xFF:
            pair = _pair_cost(run[at : at + 2])
            if here + pair < cost[at + 2]:
                cost[at + 2], step[at + 2] = here + pair, 2
    parts: list[str] = []
    broken = 0
    while size:
        width = step[size]
        piece = run[size - width : size]
        text = "€" if piece == b"\x80" else piece.decode("gb18030", "replace")  # as in windows-936
        broken += "\ufffd" in text
        parts.append(text)
        size -= width
    return "".join(reversed(parts)), broken


def _pair_cost(pair: bytes) -> float:
    """The cost of reading two bytes as one character of a Chinese text: 0 for common characters, else by its row in
    GB2312."""
    char = pair.decode("gb18030", "replace")
    if char == _GBK_BLANK:
        return 1.0
    if char in _COMMON or "\ufffd" in char:
        return 9.0 if "\ufffd" in char else 0.0
    lead, trail = pair
    if trail < 0xA1 or lead < 0xA1:
        return 5.0  # beyond GB2312
    return 1.0 if 0xB0 <= lead <= 0xD7 else 3.0 if lead >= 0xD8 else 2.0 if lead in (0xA1, 0xA3) else 4.0


# --- what the parser must not meet ------------------------------------------------------------------------------------

_NO_WIDTH = "\ufeff\u200b\u200c\u00ad\u200e\u200f\u2060\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""Byte order marks inside the page, zero-width characters and marks of text direction: invisible to a reader, but they
break a search."""
_JOINER = "\u200d"
"""The zero-width joiner. It has a meaning only between two parts of an emoji."""
_EMOJI = "\u2600-\u27bf\u2b00-\u2bff\ufe0f\U0001f000-\U0001faff"
_STRAY_JOINER = PatternRule(
    "stray-joiner",
    "A zero-width joiner means something only between two parts of an emoji.",
    f"(?<![{_EMOJI}]){_JOINER}+|{_JOINER}+(?![{_EMOJI}])",
    pages="gdfupin/bytes-joiner-between-words",
)
_GBK_BLANK = "\ue5e5"
"""The decoder's character for the bytes A3 A0, which browsers read as U+3000."""
_ODD = re.compile("&(?:#|zw|shy|Zero|lrm|rlm|NoBreak)")
"""Beginnings of character references that may need a repair; one search for all."""
_NO_WIDTH_NAMES = PatternRule(
    "no-width-references",
    "Named references to zero-width characters break words: `&zwnj;`, `&shy;`.",
    r"&(?:zwnj|shy|ZeroWidthSpace|lrm|rlm|NoBreak);?",
    pages="gdfupin/bytes-joiner-between-words",
)
_JOINER_NAME = re.compile("&zwj;?")
_REFERENCE = PatternRule(
    "odd-references",
    "References to control characters are Windows-1252 in browsers: `&#147;`; those to no characters are removed.",
    r"&#(?:[xX]([0-9A-Fa-f]{1,8})|([0-9]{1,10}));?",
    pages="gdfupin/bytes-references-without-semicolon-and-nonsense gdfupin/bytes-references-to-astral-characters",
)
_PAIR = PatternRule(
    "surrogate-references",
    "Two references to a surrogate pair are one character: `&#xD842;&#xDFB7;`.",
    r"&#(?:[xX][dD][89aAbB][0-9A-Fa-f]{2}|5[56]\d{3});?&#(?:[xX][dD][c-fC-F][0-9A-Fa-f]{2}|5[67]\d{3});?",
    pages="gdfupin/bytes-references-to-astral-characters",
)


_WIDTHLESS = Rule(
    "no-width-characters",
    "Byte order marks inside a page, zero-width characters and marks of text direction cannot be seen, but break a search.",
    pages="gdfupin/bytes-marks-in-the-middle",
)
_BLANK_OF_GBK = Rule(
    "gbk-blank",
    "Browsers read the GBK bytes A3 A0 as a blank (U+3000), the decoder as a private character.",
    pages="gdfupin/bytes-blank-of-gbk",
)


def _repair(text: str, in_gbk: bool) -> str:
    """Text without byte order marks, leading XML declaration and zero-width characters, and with character references
    as browsers read them. `in_gbk`: it has no characters but those of GBK."""
    if _ODD.search(text):
        text = _PAIR.sub(_astral, text)
        text = _REFERENCE.sub(_reference, text)
        text = _JOINER_NAME.sub(_JOINER, _NO_WIDTH_NAMES.sub("", text))
    for mark in _NO_WIDTH if _WIDTHLESS.on and not in_gbk else ():
        if mark in text:
            text = text.replace(mark, "")
    if _JOINER in text:
        text = _STRAY_JOINER.sub("", text)
    return text.replace(_GBK_BLANK, "\u3000") if _GBK_BLANK in text and _BLANK_OF_GBK.on else text


def _astral(pair: re.Match[str]) -> str:
    """Two references to a surrogate pair are one character beyond the basic plane."""
    match [int(found[1], 16) if found[1] else int(found[2]) for found in _REFERENCE.finditer(pair[0])]:
        case [high, low] if 0xD800 <= high < 0xDC00 <= low < 0xE000:
            return chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
    return pair[0]


def _reference(match: re.Match[str]) -> str:
    """C1 references are Windows-1252; references to non-characters are removed; joiners and emoji become characters;
    the others stay for the parser."""
    code = int(match[1], 16) if match[1] else int(match[2])
    if 0x80 <= code < 0xA0:
        return bytes([code]).decode("cp1252", "ignore")
    if code < 9 or 0xD800 <= code < 0xE000 or code > 0x10FFFF or chr(code) in _NO_WIDTH:
        return ""
    return (
        chr(code)
        if code == 0x200D or 0x2600 <= code <= 0x2BFF or 0xFE0F <= code < 0xFE10 or code >= 0x1F000
        else match[0]
    )
