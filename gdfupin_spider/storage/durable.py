"""Files that survive a power cut, and free disk space."""

import contextlib
import os
import shutil
import stat
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from ..errors import CannotWrite, WrongArgument
from ..messages.text import N_

FREE = "GDFUPIN_FREE_BYTES"
FREE_FLOOR = (
    200_000_000  # bytes, default of GDFUPIN_FREE_BYTES: a large attachment, last lines, report, the files of SQLite
)


def write_whole(path: Path, content: str | Iterable[bytes], mode: int = 0o666) -> None:
    """Replaces a file atomically: after a power cut it has the new or the old content, or does not exist. `mode`: before the umask."""
    draft = path.with_name(f".{path.name}.new")
    with refusals(path):
        try:
            draft.unlink(missing_ok=True)  # of a killed process, or a link that somebody planted
            with open(
                os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, mode), "wb"
            ) as file:
                file.writelines([content.encode("utf-8", "backslashreplace")] if isinstance(content, str) else content)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
        except OSError:
            with contextlib.suppress(OSError):
                draft.unlink()
            raise
    sync_folder(path.parent)


def write_target(path: Path, content: str) -> None:
    """Writes to a path that a user named: a FIFO or a character device is written into, a link stays a link.

    Raises CannotWrite, also where the target is not a file.
    """
    with refusals(path):
        target = path.resolve()
        mode = target.stat().st_mode if target.exists() else stat.S_IFREG
        if stat.S_ISFIFO(mode) or stat.S_ISCHR(mode):
            with target.open("wb") as file:
                file.write(content.encode("utf-8", "backslashreplace"))
            return
    if not stat.S_ISREG(mode):
        raise CannotWrite(path, N_("it is neither a file nor a FIFO nor a character device"))
    write_whole(target, content)


def free_bytes(path: Path) -> int:
    """Free bytes for this user on the disk of a path, or of its nearest existing parent."""
    existing = next(parent for parent in (path.absolute(), *path.absolute().parents) if parent.exists())
    return shutil.disk_usage(existing).free


def free_floor(environ: Mapping[str, str] = os.environ) -> int:
    """Bytes that must be free: GDFUPIN_FREE_BYTES, else FREE_FLOOR. Raises WrongArgument.

    >>> free_floor({"GDFUPIN_FREE_BYTES": "1e6"}), free_floor({})
    (1000000, 200000000)
    """
    asked = environ.get(FREE, "")
    try:
        value = float(asked) if asked else FREE_FLOOR
    except ValueError:
        value = -1
    if not 0 <= value < float("inf"):
        raise WrongArgument(FREE, N_("{asked!r} is no number of 0 or more", asked=asked))
    return int(value)


def need_room(output: Path, floor: int | None = None) -> None:
    """Raises CannotWrite if the disk has less free space than `floor` bytes; None: than `free_floor`."""
    floor = free_floor() if floor is None else floor
    free = free_bytes(output)
    if free < floor:
        raise CannotWrite(
            output,
            N_(
                "only {free:,.0f} MB are free on this disk, {floor:,.0f} MB are needed. Free some space, then "
                "run the same command again; GDFUPIN_FREE_BYTES sets the needed space.",
                free=free / 1e6,
                floor=floor / 1e6,
            ),
        )


@contextlib.contextmanager
def refusals(path: Path) -> Iterator[None]:
    """Turns OSError into CannotWrite."""
    try:
        yield
    except OSError as error:
        raise CannotWrite(path, error.strerror or str(error)) from error


def sync_folder(folder: Path) -> None:
    """Forces the entries of a folder to the disk: created, renamed and deleted names."""
    with refusals(folder):
        file = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(file)
        finally:
            os.close(file)
