"""The sites of a fleet: `FOLDER/NAME.toml` is the profile of a site, `FOLDER/NAME/` its archive."""

from dataclasses import dataclass
from pathlib import Path

from .. import profiles
from ..errors import ProfileError, WrongArgument
from ..frontier.scope import bare
from ..messages.text import N_, enumeration, reason_of
from ..pages import host_of

NOT_PROFILES = ("operator.toml",)
"""Files of that ending which are no profiles; hidden files are none, either."""
LOGS = "logs"
"""Folder of the log of each site's last visit."""


@dataclass(frozen=True, slots=True)
class Member:
    """A site of the fleet."""

    name: str
    """Name of the profile's file without its ending, and of the archive's folder."""
    profile: Path
    archive: Path
    title: str
    """The site's name for people; `name` where the profile cannot be loaded."""
    hosts: frozenset[str] = frozenset()
    """Hosts that its crawl asks for pages, without `www.`; two sites with a host in common are never crawled at once."""
    problem: str | None = None
    """Why the profile cannot be used."""


def members(folder: Path, only: tuple[str, ...] = ()) -> list[Member]:
    """The sites of a folder by name, or those of `only`. Raises WrongArgument where there are none, or not these."""
    there = (path for path in sorted(folder.glob("*.toml")) if not path.name.startswith("."))
    files = {path.stem: path for path in there if path.name not in NOT_PROFILES}
    if not files:
        raise WrongArgument(
            "FOLDER",
            N_(
                "{folder} has no profiles: put the file NAME.toml of each site there, see docs/profiles.md",
                folder=folder,
            ),
        )
    if unknown := [name for name in only if name not in files]:
        raise WrongArgument(
            "--only",
            N_(
                "{folder} has no profile {unknown}.toml; there are {files}",
                folder=folder,
                unknown=unknown[0],
                files=enumeration(files),
            ),
        )
    return [_member(folder, files[name]) for name in only or files]


def _member(folder: Path, file: Path) -> Member:
    archive = folder / file.stem
    if file.stem == LOGS:
        return Member(
            file.stem,
            file,
            archive,
            file.stem,
            problem=N_("{file}: {archive} has the logs; give it another name", file=file, archive=archive),
        )
    try:
        profile = profiles.load(file)
    except ProfileError as error:
        return Member(file.stem, file, archive, file.stem, problem=reason_of(error))
    if not profile.start_urls:
        return Member(file.stem, file, archive, profile.title, problem=N_("{file}: start_urls is missing", file=file))
    hosts = frozenset(map(bare, profile.hosts)) | frozenset(map(host_of, profile.start_urls))
    return Member(file.stem, file, archive, profile.title, hosts)
