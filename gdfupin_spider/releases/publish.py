"""Releases of an output: update the catalog, build, list, check a copy."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from .. import config
from ..catalog import Catalog, coverage
from ..catalog.update import catch_up
from ..items import as_dict
from ..monitoring.completeness import sections
from ..monitoring.id_gaps import runs
from ..monitoring.killed_crawls import judge_killed_crawls
from ..profiles import Profile
from ..storage.lock import OutputLock
from ..storage.lookup import every
from .build import ReleaseResult, release
from .folder import ReleasesFolder
from .metadata import Gap
from .verification import Check, Result, verify

Say = Callable[[str], None]

WHY: Mapping[str, tuple[str, str]] = {
    "missing": ("Named by a listing; the page is gone.", "列表页载有，页面已不存在。"),
    "moved": (
        "Named by a listing; it redirects to a page that is not an article.",
        "列表页载有，跳转到的页面不是文章。",
    ),
    "blocked": ("Named by a listing; the server refuses access.", "列表页载有，服务器拒绝访问。"),
    "unreadable": (
        "Named by a listing; the page could not be read as an article. Its bytes are in the archive.",
        "列表页载有，页面未能解析成文章；原始字节已存入采集库。",
    ),
    "failed": ("Named by a listing; no response came.", "列表页载有，服务器没有应答。"),
    "oversize": ("Named by a listing; the response is too long.", "列表页载有，响应超过长度上限。"),
    "no-article": (
        "Named by a listing; it is a file or another page, not an article.",
        "列表页载有，是文件或其他页面，不是文章。",
    ),
    "not-asked": ("Named by a listing; no crawl has requested it yet.", "列表页载有，尚未采集。"),
    "never-captured": (
        "Named by a listing; none of the web archives and files that were asked has it.",
        "列表页载有，查询过的网页存档和导入的文件中都没有。",
    ),
    "never-linked": (
        "Difference between the total that a listing prints and the number of articles it links to.",
        "列表页所载总数与其链接的文章数之差。",
    ),
}
"""Meaning of each reason of the completeness report, for readers of the dataset: in English, in Chinese."""
UNMET = "unmet-number"


@dataclass(frozen=True, slots=True)
class ListedRelease:
    """A release in the list of all releases."""

    release: str
    """Its name."""
    folder: str
    date: str
    """`YYYY-MM-DD` of the newest crawl."""
    reader: str
    articles: int
    versions: int
    crawls: int
    bytes: int
    """Of all files."""
    previous: str | None
    """Name of the release that it was compared with."""


@dataclass(frozen=True, slots=True)
class ReleaseList:
    """The releases of an output."""

    latest: str | None
    """Name of the release that `latest` refers to; None if there are none."""
    releases: tuple[ListedRelease, ...]
    """Oldest first."""

    def encode(self) -> dict[str, object]:
        """For JSON."""
        return as_dict(self)


@dataclass(frozen=True, slots=True)
class CopyReport:
    """The checks of a copy of a release."""

    folder: Path
    checks: tuple[Check, ...]

    @property
    def is_good(self) -> bool:
        """Whether nothing is damaged or missing."""
        return not self.count("bad") and not self.count("missing")

    def count(self, result: Result) -> int:
        """Number of checks with this result."""
        return sum(check.result == result for check in self.checks)

    def encode(self) -> dict[str, object]:
        """For JSON."""
        return {
            "folder": str(self.folder),
            "good": self.is_good,
            **{result: self.count(result) for result in get_args(Result)},
            "checks": [as_dict(check) for check in self.checks],
        }


def make(
    output: Path,
    profile: Profile,
    name: str | None = None,
    allow: Sequence[str] = (),
    say: Say = lambda text: None,
) -> ReleaseResult:
    """Takes the lock, updates the catalog, makes a release.

    Raises NoSuchCrawl, CrawlRunning, ReleaseWorse, ReleaseExists, NoSuchRelease, NotInstalled, WrongSetting, CannotWrite, ArchiveError.
    """
    every(output)  # so that a mistyped output is not created
    with OutputLock(output, "gdfupin release"):
        settings = config.load(output)
        judge_killed_crawls(output, profile, settings.rules, settings.monitors)
        catch_up(output, profile, settings.rules, say=say)
        return release(output, profile, name, allow, known_gaps, say, settings.release, settings.publication)


def retain(output: Path, newest: int, *, dated: bool = False) -> list[str]:
    """Deletes all but the newest releases. Returns the names of those that were deleted, newest first.

    `dated`: releases with a name of their own stay. Raises CrawlRunning, ArchiveError, CannotWrite.
    """
    with OutputLock(output, "gdfupin release --keep"):
        folder = ReleasesFolder(output)
        old = folder.all_but(newest, dated=dated)
        folder.remove(old)
        return old


def list_releases(output: Path) -> ReleaseList:
    """All releases. Raises ArchiveError, NoSuchRelease."""
    folder = ReleasesFolder(output)
    manifests = [folder.manifest(name) for name in folder.names()]
    return ReleaseList(
        folder.latest(),
        tuple(
            ListedRelease(
                release=each.release,
                folder=str(folder.path(each.release)),
                date=each.date,
                reader=each.reader,
                articles=each.counts["articles"],
                versions=each.counts["versions"],
                crawls=len(each.crawls),
                bytes=sum(file.bytes for file in each.files),
                previous=each.previous.name if each.previous else None,
            )
            for each in manifests
        ),
    )


def check_copy(output: Path, asked: str, say: Say = lambda text: None) -> CopyReport:
    """Verifies a folder, or a release of the output by name. Raises NoSuchRelease."""
    path = Path(asked) if Path(asked).is_dir() else ReleasesFolder(output).find(asked)
    return CopyReport(path, tuple(verify(path, say)))


def known_gaps(catalog: Catalog) -> Iterator[Gap]:
    """Known gaps, by section and reason."""
    for section, figures in sections(catalog).items():
        for why, count in figures.missing.items():
            yield Gap(why, section, count, *WHY[why])
    for run in runs(coverage.addresses(catalog)):
        if run.unknown:
            meaning = f"Numbers of {run.pattern} from {run.first} to {run.last} that no known address has."
            meaning_zh = f"{run.pattern} 的编号 {run.first} 至 {run.last} 中，没有任何已知网址使用的编号。"
            yield Gap(UNMET, None, run.unknown, meaning, meaning_zh)
