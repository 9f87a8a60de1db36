"""A web archive that captures are fetched from: its index, its playback, its pace."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import quote, urlsplit

from ... import clock
from ...errors import WrongArgument
from ...frontier.web_archives import WebArchives
from ...items import Origin
from ...messages.text import N_
from ...profiles import Profile
from ...warc import Exchange
from .cdx_rows import IndexRow
from .client import PAUSING, ArchiveClient, NoAnswer
from .commoncrawl import CommonCrawlIndex, CommonCrawlPlayback
from .indexes import Index, index_at, is_wayback, replay_at
from .inventory import Inventory
from .memento import Refusal, exchange_of
from .pace import ArchivePace
from .site import domains_of

FOLDER = "sources"
"""Folder of the output: inventories and outcomes, one folder an archive."""
WAYBACK_INDEX = "cdx/search/cdx"
COLLECTIONS = 9
"""Monthly indexes of Common Crawl that a scout reads: the oldest, the newest, and seven between; some sixty requests."""


class Playback(Protocol):
    """Gives the capture of an index row."""

    def __call__(self, row: IndexRow) -> Exchange | Refusal:
        """Raises ArchiveRefuses, Stopped."""


@dataclass(frozen=True)
class WebArchive:
    """One archive, ready to be asked."""

    name: str
    """Of its folder, and in messages."""
    option: str
    """Value of --from."""
    origin: Origin
    index: Index
    playback: Playback
    pace: ArchivePace
    client: ArchiveClient
    per_minute: float
    """Captures a minute."""
    walks: int = 2
    """Walks of an inventory: the files of Common Crawl do not change, so there one is enough."""
    sample: int = 10
    """Answers of its index that a scout reads: at 24 a minute they take less than half of one."""
    part: str = ""
    """The part of the index that is asked, as part of the name of an inventory; empty: all."""

    def folder(self, output: Path) -> Path:
        return output / FOLDER / self.name

    def inventories(self, output: Path, profile: Profile) -> list[Inventory]:
        """The inventory of each domain of a profile."""
        return [Inventory(self.folder(output), domain, self.part) for domain in domains_of(profile)]

    def close(self) -> None:
        self.pace.stop()
        self.client.close()


def all_options(settings: WebArchives) -> tuple[str, ...]:
    """Values of `--from` for all archives that are configured, those with the cheapest index first."""
    return ("wayback", *(f"cdx={url}" for url in settings.cdx), "commoncrawl")


def archive_named(
    option: str,
    settings: WebArchives,
    *,
    connections: int = 4,
    patient: bool = False,
    say: Callable[[str], None] = lambda text: None,
) -> WebArchive:
    """The archive that `--from` names: `wayback`, `commoncrawl`, `commoncrawl=NAME,NAME`, `cdx=URL`. Raises WrongArgument."""
    name, _, names = option.partition("=")
    if name == "commoncrawl":
        return _commoncrawl(option, tuple(filter(None, names.split(","))), settings, connections, patient, say)
    if option == "wayback":
        return _replaying(
            option, "wayback", f"{settings.wayback.rstrip('/')}/{WAYBACK_INDEX}", settings, connections, patient, say
        )
    if option.startswith("cdx="):
        return _replaying(option, "cdx", option.removeprefix("cdx="), settings, connections, patient, say)
    raise WrongArgument("--from", N_("{option!r} is none of wayback, commoncrawl, cdx=URL, best", option=option))


def _commoncrawl(
    option: str,
    names: tuple[str, ...],
    settings: WebArchives,
    connections: int,
    patient: bool,
    say: Callable[[str], None],
) -> WebArchive:
    """Common Crawl, or some of its collections. All requests but the first are for parts of files, so all are playbacks."""
    rate = settings.playbacks_per_minute
    pace = ArchivePace(settings.commoncrawl_data, {"index": rate, "playback": rate}, patient=patient, say=say)
    client = ArchiveClient(pace, connections=connections, pausing=PAUSING | {403})
    index = CommonCrawlIndex(client, settings.commoncrawl_index, settings.commoncrawl_data, names)
    playback = CommonCrawlPlayback(client, settings.commoncrawl_data)
    part = "-".join(names)
    return WebArchive("commoncrawl", option, "commoncrawl", index, playback, pace, client, rate, 1, COLLECTIONS, part)


def _replaying(
    option: str,
    origin: Origin,
    url: str,
    settings: WebArchives,
    connections: int,
    patient: bool,
    say: Callable[[str], None],
) -> WebArchive:
    """An archive with a CDX server and replay addresses."""
    if not url.startswith(("http://", "https://")):
        raise WrongArgument("--from", N_("{url!r} must begin with http:// or https://", url=url))
    pace = ArchivePace(
        url,
        {"index": settings.index_per_minute, "playback": settings.playbacks_per_minute},
        patient=patient,
        say=say,
    )
    client = ArchiveClient(pace, connections=connections)
    base, as_pywb = replay_at(url), not is_wayback(url)

    def playback(row: IndexRow) -> Exchange | Refusal:
        replay_url = f"{base}{row.timestamp}id_/{_in_path(row.url)}"
        try:
            answer = client.get(replay_url, "playback")
        except NoAnswer as error:
            return Refusal("failed", str(error))
        return exchange_of(row, answer, origin, replay_url, as_pywb=as_pywb)

    index = index_at(client, url, clock.now().year)
    name = origin if origin != "cdx" else f"cdx-{urlsplit(url).netloc.replace(':', '-')}{_path_name(url)}"
    return WebArchive(name, option, origin, index, playback, pace, client, settings.playbacks_per_minute)


def _path_name(url: str) -> str:
    """The path of a CDX server as part of a folder's name: one server may have several collections."""
    steps = [step for step in urlsplit(url).path.split("/") if step][:-1]
    return "".join(f"-{quote(step, safe='')}" for step in steps)


def _in_path(url: str) -> str:
    """A URL as the end of a replay address: a request line is ASCII and has no fragment."""
    return quote(url.partition("#")[0], safe="%/:=&?~#+!$,;'@()*[]")
