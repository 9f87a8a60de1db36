"""The folder of a static site, which is replaced by a new one once that is whole."""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .. import data_files
from ..errors import CannotWrite
from ..items import as_dict, decode
from ..messages.text import N_

MARK = "site.json"
"""Says that a folder is a site of this program, which may be replaced."""


@dataclass(frozen=True, slots=True)
class _Mark:
    """`site.json`."""

    release: str
    records_sha256: str
    entries: tuple[str, ...]


class SiteDraft:
    """A folder beside the site, which takes its place once it is whole. Files that did not change are links to the old ones."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.draft = folder.with_name(f".{folder.name}.draft")
        self._old = folder.with_name(f".{folder.name}.old")
        self.files = self.written = self.bytes = 0
        self._folders: set[Path] = set()

    def put(self, name: str, content: bytes) -> None:
        path, before = self.draft / name, self.folder / name
        self._count(path, len(content))
        if (
            before.is_file()
            and not before.is_symlink()
            and before.stat().st_size == len(content)
            and before.read_bytes() == content
        ):
            os.link(before, path)
            return
        path.write_bytes(content)
        self.written += 1

    def put_json(self, name: str, value: object) -> None:
        self.put(name, json.dumps(value, ensure_ascii=False, indent=1).encode() + b"\n")

    def copy(self, name: str, source: Path) -> None:
        """A large file, which is compared and copied piece by piece."""
        path, before = self.draft / name, self.folder / name
        self._count(path, source.stat().st_size)
        if before.is_file() and not before.is_symlink() and _is_same(before, source):
            os.link(before, path)
            return
        shutil.copyfile(source, path)
        self.written += 1

    def _count(self, path: Path, size: int) -> None:
        if path.parent not in self._folders:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._folders.add(path.parent)
        self.files += 1
        self.bytes += size

    def begin(self) -> None:
        """Raises CannotWrite where the folder has something else in it."""
        if self._old.is_dir() and not self.folder.exists():  # a run was killed between the two renames
            self._old.rename(self.folder)
        is_free = not self.folder.exists() or (self.folder.is_dir() and not any(self.folder.iterdir()))
        if not is_free and _entries(self.folder) is None:
            raise CannotWrite(
                self.folder,
                N_("it has other files, and no {mark} of a site: name an empty folder or an earlier site", mark=MARK),
            )
        self.remove()
        self._remove_old()
        self.draft.mkdir(parents=True)

    def sign(self, release: str, records_sha256: str) -> None:
        """Writes the mark, which is the last file."""
        entries = sorted({MARK, *(each.name for each in self.draft.iterdir())})
        self.put_json(MARK, as_dict(_Mark(release, records_sha256, tuple(entries))))

    def finish(self) -> None:
        had = self.folder.exists()
        if had:
            self.folder.rename(self._old)
        try:
            self.draft.rename(self.folder)
        except BaseException:
            if had:
                self._old.rename(self.folder)
            raise
        self._remove_old()

    def _remove_old(self) -> None:
        """What people put beside the pages stays: the folder may be a checkout, or have a CNAME."""
        if (ours := _entries(self._old)) is not None:
            for entry in list(self._old.iterdir()):
                if entry.name not in ours and not (self.folder / entry.name).exists():
                    entry.rename(self.folder / entry.name)
        shutil.rmtree(self._old, ignore_errors=True)

    def remove(self) -> None:
        shutil.rmtree(self.draft, ignore_errors=True)


def _entries(folder: Path) -> tuple[str, ...] | None:
    """What a site has at its top, by its mark; None where the folder is no site. Other files are called `site.json`, too."""
    try:
        return decode(_Mark, data_files.json_value(data_files.content(folder / MARK, data_files.METADATA))).entries
    except (OSError, ValueError):
        return None


@contextmanager
def site_draft(folder: Path) -> Iterator[SiteDraft]:
    draft = SiteDraft(folder)
    draft.begin()
    try:
        yield draft
        draft.finish()
    finally:
        draft.remove()


def _is_same(one: Path, other: Path) -> bool:
    if one.stat().st_size != other.stat().st_size:
        return False
    with one.open("rb") as left, other.open("rb") as right:
        while piece := left.read(1 << 20):
            if piece != right.read(1 << 20):
                return False
    return True
