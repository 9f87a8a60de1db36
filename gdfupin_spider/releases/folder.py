"""The folder of releases: `output/releases/`. A release is complete or absent, and never changed."""

import os
import re
import shlex
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from ..errors import CannotWrite, NoSuchRelease, ReleaseExists
from ..messages.text import N_, enumeration
from ..storage.durable import write_whole
from ..storage.natural_order import natural_key
from . import manifest
from .manifest import Manifest

LATEST = "latest"
DRAFT = ".draft"
REMOVED = ".removed-"
"""Prefix of the folder of a release that is being deleted."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_DATED = re.compile(r"\d{4}\.\d\d\.\d\d(?:\.\d+)?")
"""A name that `name_for` made of a date."""


class ReleasesFolder:
    """The releases of an output. Writers hold the lock of the output."""

    def __init__(self, output: Path) -> None:
        self.folder = output / "releases"

    def names(self) -> list[str]:
        """All releases, in natural order."""
        if not self.folder.is_dir():
            return []
        folders = (path for path in self.folder.iterdir() if not path.is_symlink() and _NAME.fullmatch(path.name))
        return sorted((path.name for path in folders if (path / manifest.NAME).is_file()), key=natural_key)

    def folder_names(self) -> list[str]:
        """All folders that are, or should be, releases: also those whose manifest is missing."""
        if not self.folder.is_dir():
            return []
        folders = (path for path in self.folder.iterdir() if path.is_dir() and not path.is_symlink())
        return sorted((path.name for path in folders if _NAME.fullmatch(path.name)), key=natural_key)

    def latest(self) -> str | None:
        """The release that `latest` refers to; without `latest` the last one by name. None if there are no releases: all may have been
        deleted. Raises NoSuchRelease where it refers to one that is missing while others are there: is it deleted, or on another disk?"""
        names, target = self.names(), self._pointed_to()
        if target is None or not names:
            return names[-1] if names else None
        if target in names:
            return target
        pointer = self.folder / LATEST
        raise NoSuchRelease(
            N_(
                "{pointer} refers to {target}, which does not exist: put it back, or if it was deleted on "
                "purpose, run `ln -sfn {newest} {quoted}`",
                pointer=pointer,
                target=target,
                newest=names[-1],
                quoted=shlex.quote(str(pointer)),
            )
        )

    def _pointed_to(self) -> str | None:
        """The name that `latest` has, whether there is such a release or not."""
        pointer = self.folder / LATEST
        if pointer.is_symlink():
            return Path(os.readlink(pointer)).name
        return Path(pointer.read_text("utf-8").strip()).name if pointer.is_file() else None

    def path(self, name: str) -> Path:
        return self.folder / name

    def find(self, asked: str) -> Path:
        """The folder of a release by its name or `latest`, or a folder with a copy of one. Raises NoSuchRelease."""
        if any(Path(asked, name).is_file() for name in (manifest.NAME, manifest.SUMS)):
            return Path(asked)
        name = self.latest() if asked == LATEST else asked
        if name in self.names():
            return self.path(name)
        if not self.names():
            raise NoSuchRelease(N_("{parent} has no release yet: run `gdfupin release`", parent=self.folder.parent))
        known = self.names()
        names: str = enumeration(known[-5:])
        if len(known) > 5:
            names = N_("{names} and {older} older ones", names=names, older=len(known) - 5)
        raise NoSuchRelease(
            N_(
                "{asked}: neither the folder of a release nor a release of {parent}; there are {names}",
                asked=asked,
                parent=self.folder.parent,
                names=names,
            )
        )

    def manifest(self, name: str) -> Manifest:
        """Raises ArchiveError."""
        return manifest.load(self.path(name))

    def newest_first(self) -> list[str]:
        """All releases: first the one that `latest` refers to, then the others from the last name to the first."""
        latest, names = self.latest(), self.names()[::-1]
        return sorted(names, key=lambda name: name != latest)

    def name_for(self, date: str, asked: str | None = None) -> str:
        """A free name: `asked`, or one made of the date (`2026.11.23`, then `2026.11.23.2`).

        Raises ReleaseExists, and NoSuchRelease where the name cannot be one.
        """
        if asked is not None:
            if asked == LATEST or not _NAME.fullmatch(asked):
                raise NoSuchRelease(
                    N_(
                        "{asked!r} is not a valid name of a release: use letters, digits and . _ - with a letter or "
                        "digit first",
                        asked=asked,
                    )
                )
            if os.path.lexists(self.path(asked)):
                raise ReleaseExists(self.path(asked))
            return asked
        stem = date.replace("-", ".")
        taken = [path.name for path in self.folder.glob(f"{stem}*")] + [self._pointed_to() or ""]
        # After the last one: any of them may have been deleted, and a name stays the name of what was cited by it.
        last = max((number for name in taken if (number := _number(name, stem)) is not None), default=0)
        return f"{stem}.{last + 1}" if last else stem

    @contextmanager
    def draft(self) -> Iterator[Path]:
        """An empty folder to write to; deleted afterwards unless published."""
        path = self.folder / DRAFT
        try:
            shutil.rmtree(path, ignore_errors=True)
            path.mkdir(parents=True)
            yield path
        except OSError as error:
            raise CannotWrite(error.filename or path, error.strerror or str(error)) from error
        finally:
            shutil.rmtree(path, ignore_errors=True)

    def publish(self, draft: Path, name: str) -> None:
        """Syncs the draft to disk, renames it, and sets `latest`."""
        for file in draft.iterdir():
            _force(file)
        _force(draft)
        if os.path.lexists(self.path(name)):
            raise ReleaseExists(self.path(name))
        draft.rename(self.path(name))
        _force(self.folder)
        self.point_to(name)

    def all_but(self, newest: int, *, dated: bool = False) -> list[str]:
        """The names of all releases but the `newest` last ones, newest first: those that `latest` leads back to by `previous`.

        `dated`: of them only those that nobody gave a name of their own. Raises ArchiveError.
        """
        known, chain, name = set(self.names()), list[str](), self.latest()
        while name is not None and name in known - set(chain):
            chain.append(name)
            previous = self.manifest(name).previous
            name = previous.name if previous is not None else None
        return [name for name in chain[newest:] if not dated or _DATED.fullmatch(name)]

    def remove(self, names: Iterable[str]) -> None:
        """Deletes releases. An interrupted deletion leaves no partial release; the next one completes it. Raises CannotWrite."""
        try:
            for name in names:
                self.path(name).rename(self.folder / f"{REMOVED}{name}")
            for left in self.folder.glob(f"{REMOVED}*"):
                shutil.rmtree(left)
        except OSError as error:
            raise CannotWrite(error.filename or self.folder, error.strerror or str(error)) from error

    def point_to(self, name: str) -> None:
        """Sets `latest` to this release: a link, or a file with its name where links are impossible."""
        new, pointer = self.folder / f".{LATEST}.new", self.folder / LATEST
        new.unlink(missing_ok=True)
        try:
            new.symlink_to(name)
            new.replace(pointer)
            _force(self.folder)
        except OSError:
            write_whole(pointer, f"{name}\n")


def _number(name: str, stem: str) -> int | None:
    """The number of a release of a day; None: it is none of that day.

    >>> [_number(name, "2026.11.23") for name in ("2026.11.23", "2026.11.23.2", "2026.11.23.final")]
    [1, 2, None]
    """
    if name == stem:
        return 1
    number = name.removeprefix(f"{stem}.")
    return int(number) if number.isascii() and number.isdigit() else None


def _force(path: Path) -> None:
    file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(file)
    finally:
        os.close(file)
