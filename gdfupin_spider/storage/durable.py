"""Files that survive a power cut, and free disk space."""

import contextlib
import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from ..errors import CannotWrite

FREE_FLOOR = 200_000_000  # bytes, unless GDFUPIN_FREE_BYTES says else; room for a big attachment, the last lines, the report and the catalog's own files


def write_whole(path: Path, content: str | Iterable[bytes]) -> None:
    """Writes the file so that it is there whole, with the old content, or not at all, even after a power cut."""
    draft = path.with_name(f".{path.name}.new")
    with refusals(path):
        try:
            with draft.open("wb") as file:
                file.writelines([content.encode("utf-8", "backslashreplace")] if isinstance(content, str) else content)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
        except OSError:
            with contextlib.suppress(OSError):
                draft.unlink()
            raise
    sync_folder(path.parent)


def free_bytes(path: Path) -> int:
    """What the disk under this path, or under the nearest parent that exists, has left for us."""
    there = next(parent for parent in (path.absolute(), *path.absolute().parents) if parent.exists())
    return shutil.disk_usage(there).free


def need_room(output: Path, floor: int = FREE_FLOOR) -> None:
    """Raises CannotWrite where the disk has less left than the floor: before a crawl, and now and then during it."""
    free = free_bytes(output)
    if free < floor:
        raise CannotWrite(
            output,
            f"only {free / 1e6:,.0f} MB are free on this disk, {floor / 1e6:,.0f} MB are needed. Free some space, then "
            "run the same command again; GDFUPIN_FREE_BYTES sets how much is needed.",
        )


@contextlib.contextmanager
def refusals(path: Path) -> Iterator[None]:
    """What the disk refuses within is CannotWrite."""
    try:
        yield
    except OSError as error:
        raise CannotWrite(path, error.strerror or str(error)) from error


def sync_folder(folder: Path) -> None:
    """Forces names in a folder to the disk: what was made, renamed or taken away there."""
    with refusals(folder):
        file = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(file)
        finally:
            os.close(file)
