"""The inventory: all rows that an index has of a site, cached in `output/sources/<archive>/`.

One walk is a sample: the same query gives other rows on other days (internetarchive/wayback#242). So there are two, and their
union counts. Each piece of a walk is on the disk before the next is asked for; a walk that was killed goes on.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from ... import clock
from ...items import WrongShape, as_dict, as_line, decode
from ...messages.text import N_
from ...storage.durable import refusals, write_whole
from .cdx_rows import IndexRow
from .indexes import Index

WALKS = 2
SAY_EVERY = 10
"""Pieces between two lines of progress."""


@dataclass(frozen=True)
class IndexWalk:
    """One walk through an index."""

    started: str
    """UTC."""
    finished: str | None = None
    """None: it is to go on."""
    cursor: str | None = None
    """Where it goes on."""
    pieces: int = 0
    rows: int = 0
    bytes: int = 0
    """Up to which byte its file is whole."""
    repeated: int = 0
    """Rows that were equal to the row before."""
    malformed: dict[str, int] | None = None
    """Rows that were left out, by what is wrong."""
    examples: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


class Inventory:
    """The rows of one domain in one archive."""

    def __init__(self, folder: Path, domain: str, part: str = "") -> None:
        """`folder`: `output/sources/<archive>`. `part`: of the index; empty: all of it."""
        self.domain = domain
        name = re.sub(r"[^\w.-]", "-", domain)
        if name != domain or part:
            name += f"-{hashlib.sha256(f'{domain} {part}'.encode()).hexdigest()[:6]}"
        self._folder, self._stem = folder, f"inventory-{name}"
        self._state = folder / f"{self._stem}.json"
        self.walks = self._read()

    def _read(self) -> list[IndexWalk]:
        try:
            return list(decode(tuple[IndexWalk, ...], json.loads(self._state.read_bytes())))
        except (OSError, ValueError, WrongShape):
            return []

    @property
    def malformed(self) -> int:
        """Rows that were left out, of all walks."""
        return sum(count for walk in self.walks for count in (walk.malformed or {}).values())

    @property
    def warnings(self) -> tuple[str, ...]:
        """Of all walks, each once."""
        return tuple(dict.fromkeys(text for walk in self.walks for text in walk.warnings))

    @property
    def is_partial(self) -> bool:
        """Whether no walk has reached the end of the index yet."""
        return not any(walk.finished for walk in self.walks)

    def age(self, now: datetime) -> timedelta | None:
        """Since the newest whole walk; None: there is none."""
        finished = [walk.finished for walk in self.walks if walk.finished]
        return now - datetime.fromisoformat(max(finished)) if finished else None

    def walk(
        self,
        index: Index,
        *,
        walks: int = WALKS,
        days: float = 30,
        most: int | None = None,
        say: Callable[[str], None] = lambda text: None,
    ) -> None:
        """Walks until `walks` of the last `days` are whole. `most`: pieces that are read now; the next call goes on.

        Raises ArchiveRefuses, Stopped, CannotWrite.
        """
        oldest = clock.stamp(clock.now() - timedelta(days=days))
        while sum(walk.started >= oldest and walk.finished is not None for walk in self.walks) < walks:
            if not self.walks or self.walks[-1].finished or self.walks[-1].started < oldest:
                self.walks.append(IndexWalk(clock.stamp()))
            most = self._walk(len(self.walks), index, most, say)
            if most == 0:
                return

    def _walk(self, number: int, index: Index, most: int | None, say: Callable[[str], None]) -> int | None:
        """Goes on with a walk. Returns how many of `most` pieces are left."""
        cursors: set[str | None] = set()
        while (walk := self.walks[number - 1]).finished is None and most != 0:
            most = most - 1 if most is not None else None
            cursors.add(walk.cursor)
            piece = index.piece(self.domain, walk.cursor)
            size = self._append(number, walk.bytes, piece.rows)
            warnings = (*walk.warnings, *([piece.warning] if piece.warning else []))
            ended = piece.next is None
            if piece.next is not None and piece.next in cursors:
                warnings, ended = (
                    (*warnings, N_("the index repeated the cursor {next!r}; the walk ended there", next=piece.next)),
                    True,
                )
            malformed = dict(walk.malformed or {})
            for reason, count in piece.faults.malformed.items():
                malformed[reason] = malformed.get(reason, 0) + count
            self.walks[number - 1] = replace(
                walk,
                cursor=None if ended else piece.next,
                finished=clock.stamp() if ended else None,
                pieces=walk.pieces + 1,
                rows=walk.rows + len(piece.rows),
                bytes=size,
                repeated=walk.repeated + piece.faults.repeated,
                malformed=malformed,
                examples=(*walk.examples, *piece.faults.examples)[:5],
                warnings=warnings,
            )
            write_whole(self._state, json.dumps([as_dict(each) for each in self.walks]))
            if ended or self.walks[number - 1].pieces % SAY_EVERY == 0:
                say(
                    N_(
                        "inventory of {domain}, walk {number}: {rows:,} rows",
                        domain=self.domain,
                        number=number,
                        rows=self.walks[number - 1].rows,
                    )
                )
        return most

    def _append(self, number: int, size: int, rows: list[IndexRow]) -> int:
        """Writes rows behind byte `size` of the file of a walk. Returns its new size."""
        path = self._file(number)
        with refusals(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("ab") as file:
                file.truncate(size)
                file.write("".join(f"{as_line(row)}\n" for row in rows).encode("utf-8", "backslashreplace"))
                file.flush()
                return file.seek(0, 2)

    def _file(self, number: int) -> Path:
        return self._folder / f"{self._stem}-{number}.jsonl"

    def rows(self) -> Iterator[IndexRow]:
        """The union of all walks, each row once."""
        seen: set[bytes] = set()
        for number, walk in enumerate(self.walks, 1):
            for row in self._rows(number, walk):
                key = _key(row)
                if key not in seen:
                    seen.add(key)
                    yield row

    def added(self) -> int:
        """Rows that the second of the last two whole walks added to the first."""
        whole = [(number, walk) for number, walk in enumerate(self.walks, 1) if walk.finished][-2:]
        if len(whole) < 2:
            return 0
        first, second = ({_key(row) for row in self._rows(*each)} for each in whole)
        return len(second - first)

    def _rows(self, number: int, walk: IndexWalk) -> Iterator[IndexRow]:
        if walk.bytes == 0:
            return
        with refusals(self._file(number)), self._file(number).open("rb") as file:
            while file.tell() < walk.bytes:
                yield decode(IndexRow, json.loads(file.readline()))


def _key(row: IndexRow) -> bytes:
    """What makes two rows of two walks one."""
    text = f"{row.urlkey} {row.timestamp} {row.url} {row.digest} {row.status}"
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).digest()
