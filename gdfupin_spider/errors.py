"""Broken promises. An odd page is data and never raised; what is raised here stops something.

    GdfupinError
    ├── WrongSetting       a setting cannot be used: names file, key and reason, exit code 2
    │   └── ProfileError   the same of a profile
    ├── ArchiveError
    │   ├── DamagedRecord  a WARC record does not parse, or its digest does not hold
    │   ├── CannotWrite    a capture or line could not be written: the crawl stops, exit code 6
    │   └── CatalogUnusable  the catalog's file cannot be opened; it is never deleted for that
    ├── WrongArgument      an argument or setting of the spider cannot be used, exit code 2
    ├── NoSuchCrawl        a crawl that was asked for is not there, exit code 2
    ├── NoSuchPage         a page that was asked for is not there, exit code 2
    ├── NotNamed           what `diff` was asked about is no crawl, release, date or file, exit code 2
    ├── NoSuchTime         what `diff --since` was told is no time, exit code 2
    ├── WrongOrder         of two points of the archive that `diff` compares the first is the later one, exit code 2
    ├── NothingThere       an output has nothing yet that could be told of, exit code 2
    ├── NotArticles        a file that `diff` was given holds no articles, or is damaged, exit code 2
    ├── NotInstalled       a library of an extra is not there, exit code 2
    ├── ReleaseExists      a release of that name is there, exit code 2
    ├── NoSuchRelease      a release, assertion or file of a release that was asked for is not there, exit code 2
    ├── ReleaseWorse       assertions stopped a release; the one before stands
    ├── CrawlRunning       another crawl holds the lock of this output, exit code 5
    ├── SiteUnreachable    the start page cannot be had, exit code 3
    └── SiteForeign        the start page is somebody else's, or a block page, exit code 4

Each carries its values as attributes and, where the command line ends by it, its exit code.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path


class GdfupinError(Exception):
    """Root of all errors of this package."""

    exit_code = 1


class WrongSetting(GdfupinError):
    """Raised where what the operator set cannot be used. Mend the named key of the named file."""

    exit_code = 2

    def __init__(self, file: str, key: str, reason: str) -> None:
        self.file, self.key, self.reason = file, key, reason
        super().__init__(f"{file}: {key}: {reason}" if key else f"{file}: {reason}")


class ProfileError(WrongSetting):
    """Raised by the profile loader. Mend the named key of the named file."""


class WrongArgument(GdfupinError):
    """Raised by the spider for an argument (`-a NAME=VALUE`) or setting that it does not know or cannot use."""

    exit_code = 2

    def __init__(self, name: str, reason: str) -> None:
        self.name, self.reason = name, reason
        super().__init__(f"{name}: {reason}")


class ArchiveError(GdfupinError):
    """Something is wrong with a file of the archive."""

    def __init__(self, path: Path | str, reason: str, offset: int | None = None) -> None:
        self.path, self.reason, self.offset = path, reason, offset
        at = f" at byte {offset}" if offset is not None else ""
        super().__init__(f"{path}{at}: {reason}")


class DamagedRecord(ArchiveError):
    """Raised by `archive` when a record cannot be trusted. It is skipped by readers; fetch the page again."""


class CannotWrite(ArchiveError):
    """Raised when the disk refuses. Free some space or mend the permissions, then run the same command again."""

    exit_code = 6


class CatalogUnusable(ArchiveError):
    """Raised by `catalog` when its file cannot be opened as what it is. The reason names the way out."""

    def __init__(self, path: Path | str, reason: str, *, held: bool = False) -> None:
        """`held`: the file itself may be well, but it is locked or not ours to open."""
        self.held = held
        super().__init__(path, reason)


class NoSuchCrawl(GdfupinError):
    """Raised where a crawl is named that the output does not have. The message lists those it has."""

    exit_code = 2

    def __init__(self, output: Path, asked: str, names: Sequence[str]) -> None:
        self.output, self.asked, self.names = output, asked, tuple(names)
        newest = ", ".join(self.names[-10:])
        more = f" (and {len(names) - 10} older)" if len(names) > 10 else ""
        there = f"There are: {newest}{more}, or `latest`." if names else "There are none yet: run `gdfupin crawl`."
        super().__init__(f"no crawl{' ' if asked else ''}{asked} in {output}. {there}")


class NothingThere(GdfupinError):
    """Raised by `status` and `diff` where there is no crawl, or no catalog, to tell of. The message names the next step."""

    exit_code = 2

    def __init__(self, output: Path, crawls: int) -> None:
        self.output, self.crawls = output, crawls
        there = f"{crawls:,} crawl{'s' * (crawls != 1)}, but no catalog yet: run `gdfupin catalog`"
        super().__init__(f"{output}: {there if crawls else 'there is no crawl yet: run `gdfupin crawl`'}")


class NoSuchPage(GdfupinError):
    """Raised by `probe` where a file is not there, or does not hold the page that was asked for."""

    exit_code = 2

    def __init__(self, path: Path, reason: str) -> None:
        self.path, self.reason = path, reason
        super().__init__(f"{path}: {reason}")


class NotNamed(GdfupinError):
    """Raised by `diff` where what it is asked about is neither a crawl nor a release, a date or a file."""

    exit_code = 2

    def __init__(self, asked: str, output: Path, crawls: Sequence[str]) -> None:
        self.asked, self.output, self.crawls = asked, output, tuple(crawls)
        there = (
            f"the newest crawls are {', '.join(self.crawls[-5:])}"
            if crawls
            else f"no crawl of {output} is in a catalog yet"
        )
        super().__init__(f"{asked}: neither a crawl nor a release, a day such as 2026-11-01 or a file; {there}")


class NoSuchTime(GdfupinError):
    """Raised by `diff --since` where it is told neither a time nor `last`."""

    exit_code = 2

    def __init__(self, asked: str) -> None:
        self.asked = asked
        said = "neither so long ago (7d, 36h, 2w) nor a day such as 2026-11-01, `last` or `last:NAME`"
        super().__init__(f"--since {asked}: {said}; since a crawl: `gdfupin diff CRAWL latest`")


class WrongOrder(GdfupinError):
    """Raised by `diff` where the first of two points of the archive is the later one."""

    exit_code = 2

    def __init__(self, before: str, after: str) -> None:
        self.before, self.after = before, after
        super().__init__(f"{before} is later than {after}: name the earlier one first")


class NotArticles(GdfupinError):
    """Raised by `diff` where what it was given cannot be read as articles. The message says where and why."""

    exit_code = 2

    def __init__(self, path: Path, reason: str, place: str | None = None) -> None:
        """`place`: where in the file, such as `line 7, byte 4711`."""
        self.path, self.reason, self.place = path, reason, place
        super().__init__(f"{path}{f', {place}' if place else ''}: {reason}")


class NotInstalled(GdfupinError):
    """Raised where a library of an extra is wanted that is not installed. The message says what to type."""

    exit_code = 2

    def __init__(self, library: str, what: str, extra: str) -> None:
        self.library, self.what, self.extra = library, what, extra
        super().__init__(f"{what} needs {library}, which is not installed: pip install 'gdfupin_spider[{extra}]'")


class ReleaseExists(GdfupinError):
    """Raised where a release is to get a name that one has already. Releases are never edited: take another name."""

    exit_code = 2

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(f"{path} exists; a release is never changed. Give another --name, or none.")


class NoSuchRelease(GdfupinError):
    """Raised where a release or something of it is asked for that is not there. The message lists what there is."""

    exit_code = 2


class ReleaseWorse(GdfupinError):
    """Raised where a release would be worse than the one before, or than any may be. Nothing was published."""

    def __init__(self, name: str, broken: Mapping[str, Sequence[str]], standing: str | None) -> None:
        """`broken`: by name of the assertion, what broke it. `standing`: the release that stays the latest."""
        self.name, self.broken, self.standing = name, broken, standing
        said = "".join(f"\n  {assertion}: {what}" for assertion, each in broken.items() for what in each)
        stays = f"{standing} stays the latest" if standing else "there is none yet"
        lift = " ".join(f"--allow {assertion}" for assertion in broken)
        super().__init__(f"no release {name}: {stays}. What broke:{said}\nTo release it all the same: {lift}")


class CrawlRunning(GdfupinError):
    """Raised when a second crawl starts on one output. Wait for the first, or stop it."""

    exit_code = 5

    def __init__(self, output: Path, holder: str) -> None:
        self.output, self.holder = output, holder
        super().__init__(f"another crawl runs on {output}: {holder}. Wait for it to end, or use another --output.")


class SiteUnreachable(GdfupinError):
    """Raised when no start page answers. Nothing old was touched; try again later or give --start-url a mirror."""

    exit_code = 3


class SiteForeign(GdfupinError):
    """Raised when the start page is not the site of the profile, or blocks us. Look at it with `gdfupin probe`."""

    exit_code = 4
