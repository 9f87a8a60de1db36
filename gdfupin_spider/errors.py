"""Errors: broken promises, which end an operation. An odd page is data and raises none of them.

    GdfupinError
    ├── WrongSetting         a setting cannot be used; names file, key and reason; exit code 2
    │   └── ProfileError     a setting of a profile
    ├── ArchiveError         a file of the archive is damaged; exit code 9
    │   ├── DamagedRecord    a WARC record cannot be parsed, or its digest does not match
    │   ├── CannotWrite      a file cannot be written; the crawl ends; exit code 6
    │   ├── NothingReadable  no record of a crawl's WARC files can be read
    │   └── CatalogUnusable  the catalog file cannot be opened; it is never deleted for that
    ├── WrongArchive         the output holds another archive: of another profile, or demo data; exit code 2
    ├── WrongArgument        an argument, or a setting of the spider, cannot be used; exit code 2
    ├── NoSuchCrawl          the named crawl does not exist; exit code 2
    ├── NoSuchPage           the named page does not exist; exit code 2
    ├── NobodyLooked         no crawl looked in the time that `diff` asks for; exit code 10
    ├── NotArchived          the archive has no article of this id or address; exit code 2
    │   └── ArticleWithdrawn the article was withdrawn: nothing shows it any more
    ├── NotNamed             an argument of `diff` is not a crawl, release, date or file; exit code 2
    ├── NoSuchTime           the argument of `diff --since` is not a time; exit code 2
    ├── WrongOrder           the first of two points that `diff` compares is the later one; exit code 2
    ├── NothingThere         an output has no crawl or no catalog yet; exit code 2
    ├── NotArticles          a file for `diff` has no articles, or is damaged; exit code 2
    ├── NotInstalled         a library of an extra is not installed; exit code 2
    ├── TookTooLong          a query of a reader takes longer than one may
    ├── HoldsWithdrawn       a release has an article that was withdrawn since; exit code 2
    ├── ReleaseExists        a release of that name exists; exit code 2
    ├── NoSuchRelease        the named release, assertion or release file does not exist; exit code 2
    ├── ReleaseWorse         assertions failed; the previous release stays the latest
    ├── NoSuchItem           `review` knows no page of this id or address; exit code 2
    ├── WrongReview          a decision about a page makes no sense; exit code 2
    ├── WrongClock           the clocks of this machine and of the server are days apart; exit code 2
    ├── CrawlRunning         another process holds the lock of the output; exit code 5
    ├── SiteUnreachable      no start page can be fetched; exit code 3
    ├── AuthorityFails       a time stamping authority gives no stamp; exit code 1
    ├── ArchiveRefuses       a web archive cannot be used now; exit code 7
    └── SiteForeign          the start page belongs to another site, or is a block page; exit code 4

Each has its values as attributes and, where the command line ends with it, an exit code. `ExitCode` is the table of all exit codes.
"""

import copyreg
from collections.abc import Mapping, Sequence
from enum import IntEnum
from pathlib import Path
from typing import Self

from .messages.text import N_, N_n, enumeration, joined


class ExitCode(IntEnum):
    """How a command ended. Help, README and docs/operating.md have the same numbers and meanings."""

    meaning: str

    def __new__(cls, value: int, meaning: str) -> Self:
        code = int.__new__(cls, value)
        code._value_ = value
        code.meaning = meaning
        return code

    COMPLETE = 0, "complete"
    GAPS = 1, "complete with new gaps, or interrupted"
    USAGE = 2, "wrong usage"
    UNREACHABLE = 3, "site unreachable"
    FOREIGN = 4, "site foreign or blocked"
    RUNNING = 5, "another crawl runs"
    CANNOT_WRITE = 6, "cannot write"
    ARCHIVE_REFUSES = 7, "a web archive refuses us for now"
    ALARM = 8, "an alarm was raised"
    NEEDS_REPAIR = 9, "the archive needs repair"
    NOT_LOOKED = 10, "no crawl looked in the time that was asked for"
    INTERNAL = 70, "internal error"
    OUTPUT_LOST = 74, "stdout is closed or full"


class GdfupinError(Exception):
    """Root of all errors of this package."""

    exit_code = ExitCode.GAPS

    def __reduce__(self) -> tuple[object, ...]:
        """How it goes from a process that reads pages to the one that judges. Python's own way calls `__init__` with the message."""
        return copyreg.__newobj__, (type(self), *self.args), self.__dict__  # type: ignore[attr-defined]


class WrongSetting(GdfupinError):
    """Raised where a setting of the operator cannot be used. Correct the named key of the named file."""

    exit_code = ExitCode.USAGE

    def __init__(self, file: str, key: str, reason: str) -> None:
        self.file, self.key, self.reason = file, key, reason
        super().__init__(
            N_("{file}: {key}: {reason}", file=file, key=key, reason=reason)
            if key
            else N_("{file}: {reason}", file=file, reason=reason)
        )


class ProfileError(WrongSetting):
    """Raised by the profile loader. Correct the named key of the named file."""


class WrongArchive(GdfupinError):
    """Raised where an output holds the archive of another profile, or demo data in place of live crawls, or the reverse."""

    exit_code = ExitCode.USAGE

    def __init__(self, output: Path, reason: str) -> None:
        self.output, self.reason = output, reason
        super().__init__(N_("{output}: {reason}", output=output, reason=reason))


class WrongArgument(GdfupinError):
    """Raised for an argument of a command or of the spider (`-a NAME=VALUE`), or a setting, that is unknown or cannot be used."""

    exit_code = ExitCode.USAGE

    def __init__(self, name: str, reason: str) -> None:
        self.name, self.reason = name, reason
        super().__init__(N_("{name}: {reason}", name=name, reason=reason))


class ArchiveError(GdfupinError):
    """A problem with a file of the archive. `gdfupin verify` shows all of them, `gdfupin verify --repair` repairs what it can."""

    exit_code = ExitCode.NEEDS_REPAIR

    def __init__(self, path: Path | str, reason: str, offset: int | None = None) -> None:
        self.path, self.reason, self.offset = path, reason, offset
        super().__init__(
            N_("{path} at byte {offset}: {reason}", path=path, offset=offset, reason=reason)
            if offset is not None
            else N_("{path}: {reason}", path=path, reason=reason)
        )


class DamagedRecord(ArchiveError):
    """Raised by `warc` for a record that cannot be trusted. Readers skip it; fetch the page again."""


class NothingReadable(ArchiveError):
    """Raised by `replay` where the WARC files of a crawl have no record that can be read."""


class CannotWrite(ArchiveError):
    """Raised when writing fails. Free some space or correct the permissions, then run the same command again."""

    exit_code = ExitCode.CANNOT_WRITE


class CatalogUnusable(ArchiveError):
    """Raised by `catalog` when its file cannot be opened as a catalog. The reason names the next step."""

    def __init__(self, path: Path | str, reason: str, *, held: bool = False, outdated: bool = False) -> None:
        """`held`: the file may be intact, but another process holds it, or its permissions forbid opening it.

        `outdated`: it is of another version of the program; the next fold makes it anew.
        """
        self.held, self.outdated = held, outdated
        if held:
            self.exit_code = ExitCode.CANNOT_WRITE
        super().__init__(path, reason)


class NoSuchCrawl(GdfupinError):
    """Raised where the named crawl does not exist. The message lists existing ones."""

    exit_code = ExitCode.USAGE

    def __init__(self, output: Path, asked: str, names: Sequence[str]) -> None:
        self.output, self.asked, self.names = output, asked, tuple(names)
        newest = enumeration(self.names[-10:])
        known: str = N_("There are: {newest}, or `latest`.", newest=newest)
        if not names:
            known = N_("There are none yet: run `gdfupin crawl`.")
        elif len(names) > 10:
            known = N_("There are: {newest} (and {more} older), or `latest`.", newest=newest, more=len(names) - 10)
        super().__init__(
            N_("no crawl {asked} in {output}. {known}", asked=asked, output=output, known=known)
            if asked
            else N_("no crawl in {output}. {known}", output=output, known=known)
        )


class NothingThere(GdfupinError):
    """Raised by `status` and `diff` where there is no crawl or no catalog. The message names the next step."""

    exit_code = ExitCode.USAGE

    def __init__(self, output: Path, crawls: int) -> None:
        self.output, self.crawls = output, crawls
        reason = N_("there is no crawl yet: run `gdfupin crawl`")
        if crawls:
            reason = N_n(
                "{crawls:,} crawl, but no catalog yet: run `gdfupin catalog`",
                "{crawls:,} crawls, but no catalog yet: run `gdfupin catalog`",
                crawls,
                crawls=crawls,
            )
        super().__init__(N_("{output}: {reason}", output=output, reason=reason))


class NoSuchPage(GdfupinError):
    """Raised by `probe` where a file does not exist, or does not contain the named page."""

    exit_code = ExitCode.USAGE

    def __init__(self, path: Path, reason: str) -> None:
        self.path, self.reason = path, reason
        super().__init__(N_("{path}: {reason}", path=path, reason=reason))


class NobodyLooked(GdfupinError):
    """Raised by `diff` where no crawl looked in the time that was asked for: that is not the same as no changes."""

    exit_code = ExitCode.NOT_LOOKED

    def __init__(self, when: str, last: str | None, unanswered: Sequence[str] = ()) -> None:
        """`when`: `since 2026-11-01`, `between ... and ...`, `until ...`, the name of a crawl. `last`: the newest look of all.

        `unanswered`: crawls of that time, whose answers were all blocked or unreadable.
        """
        self.when, self.last, self.unanswered = when, last, tuple(unanswered)
        looked = N_("the last look was {last}", last=last) if last is not None else N_("nobody ever looked")
        nobody = N_("no crawl looked {when}", when=when)
        if unanswered:
            nobody = N_(
                "no crawl had a readable answer {when} ({crawls} had none)", when=when, crawls=enumeration(unanswered)
            )
        super().__init__(
            N_(
                "{nobody}, so nothing is known of that time; {looked}. Run `gdfupin crawl` first, or ask for another time",
                nobody=nobody,
                looked=looked,
            )
        )


class NotArchived(GdfupinError):
    """Raised by `show`, `history` and the like for an id or address without an article. The message has what is known of it."""

    exit_code = ExitCode.USAGE

    def __init__(self, name: str, reason: str) -> None:
        self.name, self.reason = name, reason
        super().__init__(N_("{name}: {reason}", name=name, reason=reason))


class ArticleWithdrawn(NotArchived):
    """Raised for an article that was withdrawn (`gdfupin withdraw`). The message has the day and the reason."""

    def __init__(self, name: str, date: str, reason: str) -> None:
        self.date = date
        super().__init__(name, N_("it was withdrawn on {date}: {reason}", date=date, reason=reason))


class NotNamed(GdfupinError):
    """Raised by `diff` for an argument that is not a crawl, release, date or file."""

    exit_code = ExitCode.USAGE

    def __init__(self, asked: str, output: Path, crawls: Sequence[str], held: str = "") -> None:
        """`held`: why the crawl of this name is left out of everything that is published; empty for other arguments."""
        self.asked, self.output, self.crawls = asked, output, tuple(crawls)
        if held:
            super().__init__(
                N_(
                    "{asked}: {held}. Look at it with `gdfupin probe --crawl {asked}`; `gdfupin accept {asked}` publishes it",
                    asked=asked,
                    held=held,
                )
            )
            return
        known = (
            N_("the newest crawls are {crawls}", crawls=enumeration(self.crawls[-5:]))
            if crawls
            else N_("no crawl of {output} is in a catalog yet", output=output)
        )
        super().__init__(
            N_(
                "{asked}: neither a crawl nor a release, a day such as 2026-11-01 or a file; {known}",
                asked=asked,
                known=known,
            )
        )


class NoSuchTime(GdfupinError):
    """Raised by `diff --since` for an argument that is neither a time nor `last`."""

    exit_code = ExitCode.USAGE

    def __init__(self, asked: str) -> None:
        self.asked = asked
        super().__init__(
            N_(
                "--since {asked}: neither a period (7d, 36h, 2w) nor a day such as 2026-11-01, `last` or `last:NAME`; "
                "since a crawl: `gdfupin diff CRAWL latest`",
                asked=asked,
            )
        )


class WrongOrder(GdfupinError):
    """Raised by `diff` where the first of two points of the archive is the later one."""

    exit_code = ExitCode.USAGE

    def __init__(self, before: str, after: str) -> None:
        self.before, self.after = before, after
        super().__init__(N_("{before} is later than {after}: name the earlier one first", before=before, after=after))


class NotArticles(GdfupinError):
    """Raised by `diff` where a file cannot be read as articles. The message has the place and the reason."""

    exit_code = ExitCode.USAGE

    def __init__(self, path: Path, reason: str, place: str | None = None) -> None:
        """`place`: where in the file, such as `line 7, byte 4711`."""
        self.path, self.reason, self.place = path, reason, place
        super().__init__(
            N_("{path}, {place}: {reason}", path=path, place=place, reason=reason)
            if place
            else N_("{path}: {reason}", path=path, reason=reason)
        )


class NotInstalled(GdfupinError):
    """Raised where a library of an extra is needed but not installed. The message has the command to install it."""

    exit_code = ExitCode.USAGE

    def __init__(self, library: str, what: str, extra: str) -> None:
        self.library, self.what, self.extra = library, what, extra
        super().__init__(
            N_(
                "the library {library} is needed for {what} and is not installed: pip install 'gdfupin_spider[{extra}]'",
                library=library,
                what=what,
                extra=extra,
            )
        )


class TookTooLong(GdfupinError):
    """Raised where a query of a reader takes longer than one may. Ask for less."""

    def __init__(self, seconds: float) -> None:
        super().__init__(N_("the query took more than {seconds:g} seconds", seconds=seconds))


class HoldsWithdrawn(GdfupinError):
    """Raised where a release is to be shown that has an article which was withdrawn since. Run `gdfupin release`, and show that one."""

    exit_code = ExitCode.USAGE

    def __init__(self, release: str, count: int) -> None:
        self.release = release
        super().__init__(
            N_n(
                "release {release} is not shown: {count:,} of its articles was withdrawn since; "
                "run `gdfupin release` and show the new one",
                "release {release} is not shown: {count:,} of its articles were withdrawn since; "
                "run `gdfupin release` and show the new one",
                count,
                release=release,
                count=count,
            )
        )


class ReleaseExists(GdfupinError):
    """Raised where a release of this name exists. Releases are never edited: choose another name."""

    exit_code = ExitCode.USAGE

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(N_("{path} exists; a release is never changed. Give another --name, or none.", path=path))


class NoSuchRelease(GdfupinError):
    """Raised where the named release, or a part of it, does not exist. The message lists what exists."""

    exit_code = ExitCode.USAGE


class ReleaseWorse(GdfupinError):
    """Raised where assertions about a new release failed. Nothing was published."""

    def __init__(self, name: str, broken: Mapping[str, Sequence[str]], standing: str | None) -> None:
        """`broken`: what failed, by name of the assertion. `standing`: the release that stays the latest."""
        self.name, self.broken, self.standing = name, broken, standing
        failures = joined(
            (
                N_("\n  {assertion}: {what}", assertion=assertion, what=what)
                for assertion, each in broken.items()
                for what in each
            ),
            "",
        )
        stays = N_("{standing} stays the latest", standing=standing) if standing else N_("there is no release yet")
        lift = " ".join(f"--allow {assertion}" for assertion in broken)
        super().__init__(
            N_(
                "no release {name}: {stays}. Failed assertions:{failures}\nTo release anyway: {lift}",
                name=name,
                stays=stays,
                failures=failures,
                lift=lift,
            )
        )


class NoSuchItem(GdfupinError):
    """Raised by `review` for an id or address that is neither an article nor a page that was held back."""

    exit_code = ExitCode.USAGE

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(
            N_("{name}: neither an article nor a page that was held back; `gdfupin review` lists open pages", name=name)
        )


class WrongReview(GdfupinError):
    """Raised by `review` for a decision that makes no sense. Nothing was stored."""

    exit_code = ExitCode.USAGE

    def __init__(self, name: str, reason: str) -> None:
        """`name`: id of the page, or name of an imported file."""
        self.name, self.reason = name, reason
        super().__init__(N_("{name}: {reason}", name=name, reason=reason))


class WrongClock(GdfupinError):
    """Raised by a crawl before it fetches articles. Correct the clock, or give --clock-ok if the server's is wrong."""

    exit_code = ExitCode.USAGE

    def __init__(self, clocks: Sequence[str]) -> None:
        """`clocks`: a phrase for each clock, this machine's first."""
        self.clocks = tuple(clocks)
        super().__init__(
            N_(
                "the clocks are more than a day apart: {clocks}. No article was fetched. Correct the clock of this "
                "machine; if it is right, run the crawl once with --clock-ok.",
                clocks=joined(clocks),
            )
        )


class CrawlRunning(GdfupinError):
    """Raised when another process holds the lock of the output. Wait for it, or stop it."""

    exit_code = ExitCode.RUNNING

    def __init__(self, output: Path, holder: str) -> None:
        self.output, self.holder = output, holder
        super().__init__(
            N_(
                "{output} is in use: {holder}. Wait for it to end, or use another --output.",
                output=output,
                holder=holder,
            )
        )


class SiteUnreachable(GdfupinError):
    """Raised when no start page answers. The archive is unchanged; try again later, or name a mirror with --start-url."""

    exit_code = ExitCode.UNREACHABLE


class SiteForeign(GdfupinError):
    """Raised when the start page is not of the profile's site, or blocks the crawler. Inspect it with `gdfupin probe`."""

    exit_code = ExitCode.FOREIGN


class AuthorityFails(GdfupinError):
    """Raised where a time stamping authority cannot be reached, or gives no stamp. The archive is as it was; try again later."""

    def __init__(self, host: str, reason: str) -> None:
        self.host, self.reason = host, reason
        super().__init__(
            N_(
                "{host}: {reason}. Nothing was stamped; run the same command again later, or name another --authority.",
                host=host,
                reason=reason,
            )
        )


class ArchiveRefuses(GdfupinError):
    """Raised where a web archive shuts us out, or cannot be reached. Nothing is lost: run the same command again later."""

    exit_code = ExitCode.ARCHIVE_REFUSES

    def __init__(self, host: str, reason: str, until: str | None = None) -> None:
        """`until`: when it may be asked again, UTC; None where that is not known."""
        self.host, self.reason, self.until = host, reason, until
        super().__init__(
            N_(
                "{host}: {reason}. Run the same command again after {until}; what was fetched is kept.",
                host=host,
                reason=reason,
                until=until,
            )
            if until
            else N_(
                "{host}: {reason}. Run the same command again later; what was fetched is kept.",
                host=host,
                reason=reason,
            )
        )
