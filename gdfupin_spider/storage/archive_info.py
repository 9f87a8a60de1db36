"""What an archive is of: its profile, and whether its data is of the site or of the demo. Kept in `archive.json`.

A profile that came from a file is copied to `profile.toml` beside it, so that the archive can be read without that file. Where
`archive.json` is missing, as in archives of 0.1.0, the crawls tell both: by their settings and by their names.
"""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from .. import data_files, profiles
from ..errors import WrongArchive
from ..items import WrongShape, as_dict, decode
from ..messages.text import N_
from ..profiles import Profile, layouts
from .crawl_settings import settings_of
from .crawls import crawls
from .durable import write_whole

FILE, PROFILE_FILE, LAYOUTS = "archive.json", "profile.toml", "layouts"
DEFAULT = "gdfupin"
Kind = Literal["live", "demo"]
_DEMO = re.compile(r"-demo(?:-\d+)?$")  # `20261123T030000Z-demo`, `...-demo-2`


@dataclass(frozen=True, slots=True)
class ArchiveInfo:
    """`archive.json`."""

    profile: str
    """Name of the profile."""
    bundled: bool
    """Whether the profile comes with the program; else it is in `profile.toml`."""
    data: Kind
    """`live`: captured from sites; `demo`: captured from the replica, all invented."""


def info_of(output: Path) -> ArchiveInfo | None:
    """What an archive is of; None where nothing was crawled yet. Raises WrongArchive where `archive.json` is damaged."""
    path = output / FILE
    if path.exists():
        try:
            return decode(ArchiveInfo, data_files.json_value(data_files.content(path, data_files.SETTINGS)))
        except (OSError, ValueError, WrongShape) as error:
            raise WrongArchive(
                output,
                N_("{path} cannot be read ({error}); delete it, then give --profile once", path=path, error=error),
            ) from None
    known = crawls(output)
    names = [name for crawl in known if (name := settings_of(crawl.path).profile)]
    if not names:
        return None
    demo = any(_DEMO.search(crawl.name) for crawl in known)
    return ArchiveInfo(names[-1], names[-1] in profiles.bundled(), "demo" if demo else "live")


def is_demo(output: Path) -> bool:
    """Whether an archive is of the replica: all invented. Raises WrongArchive."""
    info = info_of(output)
    return info is not None and info.data == "demo"


def profile_of(output: Path, asked: str | None = None) -> Profile:
    """The profile of an archive with the layouts learned from it; `asked`: what --profile names.

    Raises WrongArchive where that is another profile, ProfileError, ArchiveError.
    """
    return with_learned(output, _written_profile(output, asked))


def with_learned(output: Path, profile: Profile) -> Profile:
    """The profile with the layouts in `output/layouts/`. Raises ArchiveError."""
    return profiles.with_layouts(profile, layouts.load(output / LAYOUTS))


def _written_profile(output: Path, asked: str | None) -> Profile:
    info = info_of(output)
    if asked is not None:
        profile = profiles.load(asked)
        if info is not None and profile.name != info.profile:
            raise WrongArchive(
                output,
                N_(
                    "it is the archive of profile {profile}, not of {name}; leave --profile out, or name another "
                    "--output",
                    profile=info.profile,
                    name=profile.name,
                ),
            )
        return profile
    if info is None:
        return profiles.load(DEFAULT)
    if not info.bundled and not (output / PROFILE_FILE).exists():
        raise WrongArchive(
            output,
            N_(
                "its profile {profile} is a file that the archive has no copy of; name it with --profile FILE",
                profile=info.profile,
            ),
        )
    return profiles.load(info.profile if info.bundled else output / PROFILE_FILE)


def record(output: Path, profile: Profile, data: Kind) -> None:
    """Records what an archive is of, at the beginning of a crawl; a changed profile file replaces the copy, which is kept aside.

    The caller holds the lock. Raises WrongArchive where the archive is of something else, CannotWrite.
    """
    known = info_of(output)
    if known is not None and known.data != data:
        held, asked = (
            (N_("demo data"), N_("live crawls")) if known.data == "demo" else (N_("live crawls"), N_("demo data"))
        )
        raise WrongArchive(
            output,
            N_("it holds {held}, which are never mixed with {asked}; name another --output", held=held, asked=asked),
        )
    if known is not None and known.profile != profile.name:
        raise WrongArchive(
            output,
            N_(
                "it is the archive of profile {profile}, not of {name}; name another --output",
                profile=known.profile,
                name=profile.name,
            ),
        )
    copy = output / PROFILE_FILE
    if profile.file is not None and profile.file.absolute() != copy.absolute():
        content = profile.file.read_bytes()
        if not copy.exists() or copy.read_bytes() != content:
            if copy.exists():
                write_whole(_aside(copy), [copy.read_bytes()])
            write_whole(copy, [content])
    info = ArchiveInfo(profile.name, profile.file is None, data)
    if info != known or not (output / FILE).exists():
        write_whole(output / FILE, json.dumps(as_dict(info), indent=2) + "\n")


def _aside(path: Path) -> Path:
    number = 1
    while (aside := path.with_name(f"{path.name}.aside-{number}")).exists():
        number += 1
    return aside
