"""Bounds of a crawl as a whole, so that no site can hold it for ever: `[limits]` of operator.toml.

A crawl that reaches the bound of pages, bytes or hours ends as after --max-minutes, with its report, and an alarm. Where one
article, one host, or articles that nothing lists exceed theirs, only what is beyond is left out, with an alarm.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..messages.text import N_

REMEMBERED = 100_000
"""Maximum number of addresses that are kept to learn later whether a listing has them."""
ENDED_BY = {"pages": "too-many-pages", "bytes": "too-many-bytes", "hours": "too-long"}
"""`reason` of the report of a crawl that one of these limits ended."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The table [limits] of operator.toml."""

    pages: int = 20_000
    """A crawl ends after this number of requests for pages ..."""
    pages_for_each_known: float = 10
    """... and this number more for each article that the archive has."""
    gigabytes: float = 100
    """A crawl ends after this number of gigabytes of responses."""
    hours: float = 336
    """A crawl ends after this time: two weeks are 20,000 pages a minute apart."""
    unlisted: int = 2_000
    """Articles that no listing of the crawl links to lead on to further ones up to this number ..."""
    unlisted_for_each_listed: float = 10
    """... and this number more for each article that the listings link to, or that the archive has."""
    files_of_article: int = 500
    """Pictures and attachments of one article that are fetched."""
    failures_of_host: int = 20
    """After this number of requests in a row for pictures and attachments that failed, no more files of the host are fetched."""

    def most_pages(self, known: int) -> float:
        """The maximum number of requests for pages. `known`: number of articles in the archive."""
        return self.pages + self.pages_for_each_known * known


class LimitKeeper:
    """Counts what a crawl may do, and keeps which limits it reached."""

    def __init__(self, limits: Limits, known: int) -> None:
        """`known`: number of articles in the archive when the crawl begins."""
        self.limits = limits
        self._known = known
        self._unlisted: set[str] = set()
        self._listed = 0
        self._skipped: set[str] = set()
        self._failures: Counter[str] = Counter()
        self._reached: dict[str, str] = {}

    def ending(self, requested: int, size: int, seconds: float) -> str | None:
        """Why the crawl has to end: a value of ENDED_BY. None while it may go on. `size`: bytes of all responses."""
        limits = self.limits
        if requested >= limits.most_pages(self._known):
            name, what = (
                "pages",
                N_(
                    "{requested:,} pages were requested, with {known:,} articles in the archive",
                    requested=requested,
                    known=self._known,
                ),
            )
        elif size >= limits.gigabytes * 1e9:
            name, what = "bytes", N_("the responses have {size:.1f} GB", size=size / 1e9)
        elif seconds >= limits.hours * 3600:
            name, what = "hours", N_("it ran for {seconds:.1f} hours", seconds=seconds / 3600)
        else:
            return None
        self._reach(
            name,
            N_("{what}, so the crawl ended; the next one goes on", what=what),
            {"bytes": "gigabytes"}.get(name, name),
        )
        return ENDED_BY[name]

    def article(self, key: str, *, is_listed: bool) -> None:
        """Counts an article that the archive did not have. `key`: its identity key."""
        if not is_listed and len(self._unlisted) < REMEMBERED:
            self._unlisted.add(key)

    def listed(self, keys: Iterable[str]) -> None:
        """Counts rows of listings, each once."""
        for key in keys:
            self._listed += 1
            self._unlisted.discard(key)
            self._skipped.discard(key)

    def leads_on(self, key: str) -> bool:
        """Whether a link of an article to an address that the archive does not have is followed. Keeps those that are not."""
        limits = self.limits
        most = limits.unlisted + limits.unlisted_for_each_listed * max(self._listed, self._known)
        if len(self._unlisted) < min(most, REMEMBERED):
            return True
        if len(self._skipped) < REMEMBERED:
            self._skipped.add(key)
        return False

    def files(self, article: str, number: int) -> int:
        """How many of this number of files of an article are fetched."""
        most = self.limits.files_of_article
        if number > most:
            self._reach(
                "files",
                N_(
                    "{article} shows {number:,} pictures and files; {most:,} of them are fetched",
                    article=article,
                    number=number,
                    most=most,
                ),
                "files_of_article",
            )
        return min(number, most)

    def file_failed(self, host: str) -> None:
        """Counts a request for a picture or attachment that failed, each try."""
        self._failures[host] += 1

    def file_received(self, host: str) -> None:
        """Counts one that it did send."""
        if not self.is_given_up(host):
            del self._failures[host]

    def is_given_up(self, host: str) -> bool:
        """Whether no more files of a host are fetched."""
        if self._failures[host] < self.limits.failures_of_host:
            return False
        what = N_(
            "{host} did not respond to {failures_of_host:,} requests for pictures and files in a row; its "
            "others are left out",
            host=host,
            failures_of_host=self.limits.failures_of_host,
        )
        self._reach(f"host {host}", what, "failures_of_host")
        return True

    def reached(self) -> Mapping[str, str]:
        """The limits that the crawl reached, each with a sentence; call it at the end."""
        if self._skipped:
            what = N_(
                "{unlisted:,} articles are linked by other articles and by no listing; they link to {skipped:,} "
                "more, which are left out: the site may invent them",
                unlisted=len(self._unlisted),
                skipped=len(self._skipped),
            )
            self._reach("unlisted", what, "unlisted")
        return self._reached

    def _reach(self, name: str, sentence: str, key: str) -> None:
        self._reached.setdefault(
            name, N_("{sentence} ({setting} in operator.toml)", sentence=sentence, setting=f"limits.{key}")
        )
