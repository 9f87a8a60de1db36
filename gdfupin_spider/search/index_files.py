"""The index as files for browsers, which search it without a server: each query fetches the few files that it needs.

    index.json        facets, counts, and the first word of each file of `words`
    fold.bin          characters that are folded, and what to
    members.bin       of each version: facet, place by date, day of the month (0: none), number of the newest version where it is an older one (else 0)
    named.bin         sets of places, and of each version the number of its set; fetched where a place is asked for
    sizes.bin         of each version: its tokens, for the order by relevance
    words/N.bin       for each token of one or two characters: the versions that have it, and how often
    places/N.bin      for each token of two characters: its positions, in the order of `words`
    texts/N.bin       ids, titles and bodies, TEXTS versions each

The tokens, their numbers and positions are those of the full-text index itself, so that a browser finds what it finds. `.bin` is
deflated (RFC 1951): servers of static files often compress nothing. Numbers are LEB128, `static/site-index.js` reads them.
"""

import contextlib
import json
import sqlite3
import zlib
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from ..messages.text import N_
from ..profiles import source_names
from .folding import fold, token_forms
from .index import MOST_RANKED, TITLE_WEIGHT
from .trends import ENOUGH

TEXTS = 4
"""Versions in a file of `texts`: a first page of 20 hits by relevance fetches as many files, one by date five or six. With 8 it was twice the bytes."""
_SHARD = 32_768
"""Bytes of a file of `words` or `places` before it is deflated; a more frequent token has a file of its own."""
_TITLE = "title"
Put = Callable[[str, bytes], None]
"""Gets the name and content of each file."""
Say = Callable[[str], None]


def write_files(index: Path, put: Put, say: Say = lambda text: None) -> None:
    """Hands each file of this index to `put`. Memory grows with the most frequent token, not with the index."""
    with contextlib.closing(sqlite3.connect(f"{index.absolute().as_uri()}?immutable=1", uri=True)) as db:
        facets = db.execute(
            "SELECT month, section, sections, source, status, is_edited FROM facet ORDER BY n"
        ).fetchall()
        rows = db.execute(
            "SELECT facet, place, date, newest, named FROM member JOIN record USING (n) ORDER BY n"
        ).fetchall()
        names = db.execute("SELECT places FROM named ORDER BY n").fetchall()
        not_held = db.execute("SELECT section, month, articles FROM missing ORDER BY 1, 2").fetchall()
        sizes = [sum(_numbers(size)) for (size,) in db.execute("SELECT sz FROM search_docsize ORDER BY id")]
        (newest,) = map(int, db.execute("SELECT value FROM meta WHERE key = 'newest_versions'").fetchone())
        _write_texts(db, put)
        say(N_("writing the index for browsers"))
        firsts = _write_words(db, put)
    members = (
        (facet, place, int((date or "")[8:10] or 0), 0 if n <= newest else newest_of)
        for n, (facet, place, date, newest_of, _) in enumerate(rows, 1)
    )
    put("members.bin", _packed(b"".join(_number(each) for member in members for each in member)))
    named = {"sets": [json.loads(places) for (places,) in names], "of": [set_ - 1 for *_, set_ in rows]}
    put("named.bin", _packed(_json(named)))
    put("sizes.bin", _packed(b"".join(map(_number, sizes))))
    put(
        "fold.bin",
        _packed(
            _json([[character, fold(character)] for character, _ in token_forms() if fold(character) != character])
        ),
    )
    sources = source_names.bundled()
    about = {
        "versions": len(rows),
        "newest": newest,
        "tokens": sum(sizes),
        "most_ranked": MOST_RANKED,
        "title_weight": TITLE_WEIGHT,
        "texts": TEXTS,
        "facets": [
            [month, section, json.loads(sections), source, sources.name(source), status, is_edited]
            for month, section, sections, source, status, is_edited in facets
        ],
        "not_held": not_held,
        "enough": ENOUGH,
        "words": firsts,
    }
    put("index.json", _json(about))


def _write_texts(db: sqlite3.Connection, put: Put) -> None:
    rows = db.execute("SELECT n, id, version, date, title, body FROM record ORDER BY n")
    for number, batch in groupby(rows, lambda row: (row[0] - 1) // TEXTS):
        some = [
            [id_, version, date, title, zlib.decompress(body).decode()] for _, id_, version, date, title, body in batch
        ]
        put(f"texts/{number}.bin", _packed(_json(some)))


def _write_words(db: sqlite3.Connection, put: Put) -> list[str]:
    """The first token of each file."""
    db.execute("CREATE VIRTUAL TABLE temp.instances USING fts5vocab(main, search, instance)")
    rows = db.execute("SELECT term, doc, col, offset FROM temp.instances WHERE length(term) < 3")
    firsts: list[str] = []
    words, places = bytearray(), bytearray()
    for token, versions, positions in _postings(rows):
        if not words or len(words) + len(versions) > _SHARD or len(places) + len(positions) > _SHARD:
            if words:
                _put_shard(put, len(firsts) - 1, words, places)
                words, places = bytearray(), bytearray()
            firsts.append(token)
        name = token.encode()
        words += _number(len(name)) + name + _number(len(versions)) + versions
        places += _number(len(positions)) + positions
    if words:
        _put_shard(put, len(firsts) - 1, words, places)
    return firsts


def _put_shard(put: Put, number: int, words: bytearray, places: bytearray) -> None:
    put(f"words/{number}.bin", _packed(words))
    put(f"places/{number}.bin", _packed(places))


def _postings(rows: Iterable[tuple[str, int, str, int]]) -> Iterator[tuple[str, bytes, bytes]]:
    """(token, versions, positions). A version is the distance to the one before, doubled, where the token occurs once, in the body; else
    doubled and one more, then how often it is in the title and in the body. Positions are distances, from 0, those of the title first.
    """
    for token, found in groupby(rows, itemgetter(0)):
        versions, positions = bytearray(), bytearray()
        has_places, before = len(token) > 1, 0
        for version, group in groupby(found, itemgetter(1)):
            title: list[int] = []
            body: list[int] = []
            for _, _, column, offset in group:
                (title if column == _TITLE else body).append(offset)
            step, before = (version - before) * 2, version
            if title or len(body) > 1:
                versions += _number(step + 1) + _number(len(title)) + _number(len(body))
            else:
                versions += _number(step)
            if has_places:
                for column_positions in (title, body):
                    last = 0
                    for position in column_positions:
                        positions += _number(position - last)
                        last = position
        yield token, bytes(versions), bytes(positions)


_SMALL = [bytes([number]) for number in range(0x80)] + [
    bytes([number & 0x7F | 0x80, number >> 7]) for number in range(0x80, 0x4000)
]


def _number(value: int) -> bytes:
    """LEB128.

    >>> _number(5), _number(300), _number(20_000)
    (b'\\x05', b'\\xac\\x02', b'\\xa0\\x9c\\x01')
    """
    if value < 0x4000:
        return _SMALL[value]
    return bytes([value & 0x7F | 0x80]) + _number(value >> 7)


def _numbers(coded: bytes) -> Iterator[int]:
    """The numbers of SQLite's own coding, most significant first.

    >>> list(_numbers(b"\\x05\\x82\\x2c"))
    [5, 300]
    """
    value = 0
    for byte in coded:
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            yield value
            value = 0


def _packed(content: bytes | bytearray) -> bytes:
    packer = zlib.compressobj(9, wbits=-15)
    return packer.compress(content) + packer.flush()


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
