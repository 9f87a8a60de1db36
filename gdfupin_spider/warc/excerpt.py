"""Copies of WARC files without the records of some addresses."""

from collections.abc import Callable
from pathlib import Path

from .. import data_files
from ..errors import ArchiveError
from .frames import Damage
from .record import records


def copy_without(path: Path, to: Path, is_left_out: Callable[[str], bool]) -> bool:
    """Copies a file without the records whose URL is left out; all others keep their bytes. False: there are none, so nothing is
    written. Raises DamagedRecord: what cannot be read could be one of them."""

    def refuse(damage: Damage) -> None:
        if not damage.tail:
            raise damage.error()

    there = [(each.offset, each.end, bool(each.url) and is_left_out(each.url)) for each in records(path, refuse)]
    if not any(left_out for _, _, left_out in there):
        return False
    try:
        with data_files.opened(path) as source, to.open("wb") as copy:
            for offset, end, left_out in there:
                if not left_out:
                    source.seek(offset)
                    copy.write(source.read(end - offset))
    except OSError as error:
        raise ArchiveError(path, error.strerror or str(error)) from error
    return True
