"""`gdfupin import`: files of other programs, and folders of saved pages, into an archive."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ..errors import WrongArgument
from ..frontier.scope import Scope
from ..items import Issue, as_dict
from ..messages.text import N_, enumeration
from ..profiles import Profile
from ..terminal import pluralized
from ..warc import Exchange
from . import files, saved_pages
from .files import Tally
from .intake import Source, Taken, take

EXAMPLES = 5
"""Losses and hosts that are named."""


@dataclass(frozen=True)
class Imported:
    """The result of an import."""

    taken: Taken
    tally: Tally

    @property
    def other_hosts(self) -> list[tuple[str, int]]:
        """The commonest hosts that are not of the site, with their captures."""
        return self.tally.other_hosts.most_common(EXAMPLES)

    def encode(self) -> dict[str, object]:
        """For JSON."""
        return {
            **self.taken.encode(),
            "files": self.tally.files,
            "records": self.tally.records,
            "replicas": self.taken.replicas,
            "of_site": self.taken.of_site,
            "other_hosts": dict(self.tally.other_hosts),
            "losses": [as_dict(issue) for issue in self.tally.losses],
        }


def import_paths(
    output: Path,
    profile: Profile,
    paths: tuple[Path, ...],
    *,
    prefix: str | None = None,
    provenance: str | None = None,
    say: Callable[[str], None] = lambda text: None,
) -> Imported:
    """Imports files and folders. A folder without any WARC, ARC or WACZ file is one of saved pages.

    `prefix`: URL of such a folder. `provenance`: what the operator knows of the files; kept in the report and in warcinfo.
    Raises WrongArgument for paths without anything that can be imported, and what `intake.take` raises.
    """
    tally, scope = Tally(), Scope(profile, private=True)
    found: list[Path] = []
    folders: list[Path] = []
    for path in paths:
        try:
            captured = files.files_in(path, tally)
        except OSError as error:
            raise WrongArgument(str(path), error.strerror or str(error)) from None
        if captured and path.is_dir() and (pages := len(saved_pages.pages_in(path))):
            say(
                N_(
                    "{pages:,} saved pages below {name} are not read, because it has WARC files; import the folder "
                    "of the pages alone",
                    pages=pages,
                    name=files.readable(path.name),
                )
            )
        if captured:
            found += captured
        elif path.is_dir() and saved_pages.pages_in(path):
            folders.append(path)
        else:
            what = N_("no WARC, ARC or WACZ file, and no saved page, below it") if path.is_dir() else _WRONG_FILE
            raise WrongArgument(str(path), what)

    def exchanges() -> Iterator[Exchange]:
        yield from files.exchanges(found, scope, tally, say)
        for folder in folders:
            yield from saved_pages.exchanges(folder, prefix, scope, tally, say)

    def issues() -> list[Issue]:
        return tally.losses

    def description() -> str:
        names = ", ".join(files.readable(path.name) for path in paths[:EXAMPLES]) + (
            N_(" and more") if len(paths) > EXAMPLES else ""
        )
        return N_("imported from {names}", names=names) + (
            N_("; provenance: {provenance}", provenance=provenance) if provenance else ""
        )

    source = Source("saved" if folders and not found else "warc", exchanges(), description, issues)
    done = Imported(take(output, profile, source, say=say), tally)
    if tally.losses and not (tally.records or tally.other_hosts or done.taken.interrupted):
        first = tally.losses[0]
        reason = N_(
            "nothing of it can be read, {losses}; {url}: {evidence}",
            losses=pluralized(len(tally.losses), "loss", "losses"),
            url=first.url,
            evidence=first.evidence,
        )
        raise WrongArgument(enumeration(map(str, paths[:EXAMPLES])), reason)
    return done


_WRONG_FILE = N_("it is no WARC, ARC or WACZ file; saved pages are imported as a folder")
