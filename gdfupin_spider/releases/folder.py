"""The folder of releases: `output/releases/`. A release is there whole or not at all, and is never changed."""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..errors import CannotWrite, NoSuchRelease, ReleaseExists
from ..storage.durable import write_whole
from ..storage.natural_order import natural_key
from . import manifest
from .manifest import Manifest

LATEST = "latest"
DRAFT = ".draft"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


class ReleasesFolder:
    """The releases of an output. Who writes holds the output's lock."""

    def __init__(self, output: Path) -> None:
        self.folder = output / "releases"

    def names(self) -> list[str]:
        """All releases, by number."""
        if not self.folder.is_dir():
            return []
        folders = (path for path in self.folder.iterdir() if not path.is_symlink() and _NAME.fullmatch(path.name))
        return sorted((path.name for path in folders if (path / manifest.NAME).is_file()), key=natural_key)

    def latest(self) -> str | None:
        """The last good one: what `latest` leads to; without it the last by number. None: there is none."""
        names, pointer = self.names(), self.folder / LATEST
        if pointer.is_symlink():
            target = os.readlink(pointer)
        elif pointer.is_file():
            target = pointer.read_text("utf-8").strip()
        else:
            return names[-1] if names else None
        if Path(target).name in names:
            return Path(target).name
        raise NoSuchRelease(
            f"{pointer} leads to {target}, which is not there; let it lead to one of: {', '.join(names)}"
        )

    def path(self, name: str) -> Path:
        return self.folder / name

    def manifest(self, name: str) -> Manifest:
        """Raises ArchiveError."""
        return manifest.load(self.path(name))

    def name_for(self, date: str, asked: str | None = None) -> str:
        """A free name: the one that was asked for, or the date's (`2026.11.23`, then `2026.11.23.2`).

        Raises ReleaseExists, and NoSuchRelease where the name cannot be one.
        """
        if asked is not None:
            if asked == LATEST or not _NAME.fullmatch(asked):
                raise NoSuchRelease(
                    f"{asked!r} cannot name a release: letters, digits, . _ - only, a letter or digit first"
                )
            if os.path.lexists(self.path(asked)):
                raise ReleaseExists(self.path(asked))
            return asked
        stem, number = date.replace("-", "."), 1
        while os.path.lexists(self.path(name := stem if number == 1 else f"{stem}.{number}")):
            number += 1
        return name

    @contextmanager
    def draft(self) -> Iterator[Path]:
        """A folder to write into; it is gone afterwards unless it was published. What a killed run left goes first."""
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
        """Gives the draft its name, and lets `latest` lead to it. All of it is on the disk before."""
        for file in draft.iterdir():
            _force(file)
        _force(draft)
        if os.path.lexists(self.path(name)):
            raise ReleaseExists(self.path(name))
        draft.rename(self.path(name))
        _force(self.folder)
        self.point_to(name)

    def point_to(self, name: str) -> None:
        """Lets `latest` lead to this release: a link, or where there can be none a file with its name."""
        new, pointer = self.folder / f".{LATEST}.new", self.folder / LATEST
        new.unlink(missing_ok=True)
        try:
            new.symlink_to(name)
            new.replace(pointer)
            _force(self.folder)
        except OSError:
            write_whole(pointer, f"{name}\n")


def _force(path: Path) -> None:
    file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(file)
    finally:
        os.close(file)
