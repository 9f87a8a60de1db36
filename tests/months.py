"""Months of daily crawls of a site that lives on, with bad days of every kind: python -m tests.months [days] [seed]

The site publishes, edits and removes articles at known rates. On bad days the site, the machine or the operator fails in one of
the ways of KINDS; a failure of the machine is mended on the same day and the crawl is run again, as an operator would.

Checked: everything that the site published is in the archive within two days of its being well again; each edit and removal within
the days that the schedule promises (as many as the text had not changed for), and two more; nothing false is added, edited or gone;
good days exit with 0 and bad days do not; requests stay within the documented limit; each problem is reported once
and its end once, and no quiet day has a message, except the weekly line about known gaps.
"""

import itertools
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from gdfupin_spider.catalog import BEGIN, END, Catalog, changes
from gdfupin_spider.catalog.sources import CATALOG
from gdfupin_spider.monitoring.message import CrawlEnd, Message, message
from gdfupin_spider.monitoring.problems import ReportedProblems
from gdfupin_spider.replica.foreign_pages import GAMBLING, LOGIN, WAF
from gdfupin_spider.storage.lock import holder
from gdfupin_spider.storage.report import read_crawl_report
from gdfupin_spider.terminal import pluralized
from tests.living_site import SECTIONS, Answer, Fault, Item, LivingSite, html, on
from tests.sites import Crawl, crawl, run

FIRST = datetime(2026, 1, 1, 3, tzinfo=UTC)
DAY = timedelta(days=1)
ARTICLES = 40
"""Articles of the site on the first day, of the years before."""
SHORT_WAITS = {"GDFUPIN_RETRY_WAITS": "0.5,0.5,0.5", "GDFUPIN_BLOCK_WAITS": "0.5,0.5,0.5"}
"""Waits between tries, so that a bad day takes seconds."""
GRACE = 2
"""Days after which a well site is archived completely."""

OLE_DB = html("<p>Microsoft OLE DB Provider for ODBC Drivers 错误 '80004005'</p><p>/conn.asp，行 5</p>")
SOFT = html("<p>广东扶贫网</p><p>该文章不存在或已被删除。</p>")
CLOSED = html("<p>广东扶贫网</p><p>广东省扶贫开发协会的网站已完成历史使命，感谢您的关注。</p>")


def is_article(path: str) -> bool:
    return "show.asp" in path


def is_listing(path: str) -> bool:
    return "list.asp" in path


def is_page(path: str) -> bool:
    return path != "/robots.txt"


def looping(path: str, right: Answer) -> Answer:
    return (302, {"Location": path}, b"") if is_article(path) or is_listing(path) else right


SITE_KINDS: dict[str, Fault] = {
    "error page with status 200": on(lambda path: is_article(path) or is_listing(path), OLE_DB),
    "soft 404 of all articles": on(is_article, SOFT),
    "hijack": on(is_page, (200, {}, GAMBLING.encode())),
    "closure notice": on(is_page, CLOSED),
    "firewall": on(is_page, (200, {}, WAF.encode())),
    "down": on(lambda path: True, html("Service Unavailable", 503)),
    "robots.txt forbids all": on(lambda path: path == "/robots.txt", (200, {}, b"User-agent: *\nDisallow: /\n")),
    "redirect loop": looping,
    "login page": on(is_listing, (200, {}, LOGIN.encode())),
}
"""Kinds of bad days that a fault of the site's answers makes."""
OTHER_SITES = ("content farm", "endless articles", "redesign")
MACHINE_KINDS = (
    "clock ahead",
    "clock back",
    "full disk",
    "missing mount",
    "lost crawl",
    "corrupt catalog",
    "kill",
    "SIGTERM",
    "broken profile",
)
KINDS = (*SITE_KINDS, *OTHER_SITES, *MACHINE_KINDS)
ENDLESS = 60
"""Invented articles on a day of endless articles; each links to two more."""


@dataclass
class Day:
    """What came of one day."""

    number: int
    kind: str
    """Empty on a good day."""
    exit_codes: list[int]
    """Of its crawls, in order; the last one is that of a well machine."""
    requests: int
    """Of the last crawl."""
    reasons: dict[str, int]
    """Its requests by reason, as in `report.json`."""
    full: bool
    alarms: list[str]
    changes: dict[str, int]
    held: list[str]
    news: int
    edits: int
    removals: int

    def line(self) -> str:
        codes = ",".join(map(str, self.exit_codes))
        changes = ", ".join(f"{count} {kind}" for kind, count in self.changes.items()) or "·"
        reasons = ", ".join(f"{count} {reason}" for reason, count in self.reasons.items())
        return (
            f"{self.number:4} {self.kind or 'good':28} exit {codes:6} {self.requests:4} requests{' full' if self.full else ''}"
            f" ({reasons})  news {self.news} edits {self.edits} removals {self.removals}  found {changes}  {' '.join(self.alarms)}"
        )


@dataclass(frozen=True)
class Edit:
    """One edit, or the removal of an article."""

    item: Item
    day: int
    since: int
    """The day of the publication, or of the last edit before."""
    removal: bool = False

    @property
    def due(self) -> int:
        """The last day on which a crawl sees it: a text that did not change for some days is looked at within as many days.
        A disappearance is confirmed by one crawl more."""
        return self.day + max(1, self.day - self.since) + self.removal


@dataclass
class Months:
    """The site, the archive, and what happened."""

    output: Path
    site: LivingSite
    chance: random.Random
    days: list[Day] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    """What was found wrong, a sentence each."""
    edited: Counter[int] = field(default_factory=Counter)
    """By number of the article: its edits."""
    published: dict[int, int] = field(default_factory=dict)
    """By number of the article: the day of its publication; 0 for old ones."""
    removed: dict[int, int] = field(default_factory=dict)
    unseen: list[Edit] = field(default_factory=list)
    """Edits and removals that the catalog does not have yet."""
    edits_seen: list[Edit] = field(default_factory=list)
    delays: list[int] = field(default_factory=list)
    """Of these: days until the catalog had them."""
    fakes: set[str] = field(default_factory=set)
    """Titles of articles that are not the site's."""
    well_since: int = 0
    """The first of the good days in a row."""
    reported: ReportedProblems = field(default_factory=ReportedProblems)
    messages: list[Message | None] = field(default_factory=list)
    """Of the crawls of the day, in order; a killed crawl has none."""

    # --- the life of the site ----------------------------------------------------------------------------------------

    def live(self, number: int) -> tuple[int, int, int]:
        """One day's news, edits and removals."""
        today = self.today(number)
        news = [self.site.publish(self.chance.choice(SECTIONS), today) for _ in range(self.chance.choice((0, 1, 1, 2)))]
        for item in news:
            self.published[item.number] = number
        young = [item for item in self.site.live if 1 <= number - self.published.get(item.number, -99) <= 20]
        edits = removals = 0
        if young and number % 3 == 0:
            item = self.chance.choice(young)
            item.body = item.body.replace("。", "！", 1) if "。" in item.body else f"{item.body}。"
            self.unseen.append(Edit(item, number, self.last_change(item)))
            self.edited[item.number] += 1
            edits = 1
        if young and number % 10 == 5:
            item = self.chance.choice(young)
            item.gone = True
            self.removed[item.number] = number
            self.unseen.append(Edit(item, number, self.last_change(item), removal=True))
            removals = 1
        return len(news), edits, removals

    def last_change(self, item: Item) -> int:
        """The day of the last edit that the catalog has, or of the publication."""
        days = [edit.day for edit in self.edits_seen if edit.item is item]
        return max(days, default=self.published[item.number])

    def today(self, number: int) -> date:
        return (FIRST + number * DAY).date()

    # --- one day -----------------------------------------------------------------------------------------------------

    def day(self, number: int, kind: str) -> None:
        life = self.live(number)
        self.site.now, self.site.fault = FIRST + number * DAY, None
        codes: list[int] = []
        self.messages = []
        if kind in MACHINE_KINDS:
            codes.append(self.machine(kind))
        elif kind in SITE_KINDS:
            self.site.fault = SITE_KINDS[kind]
        real = list(self.site.items)
        if kind == "content farm":
            self.farm(40)
        elif kind == "endless articles":
            self.endless()
        elif kind == "redesign":
            self.site.prefix = f"/site{number}"
        done = self.crawl()
        codes.append(done.exit_code)
        self.site.items, self.site.fault = real, None
        if kind == "content farm":
            for item in real:
                item.gone = item.number in self.removed
        report = done.answer
        self.days.append(
            Day(
                number,
                kind,
                codes,
                report.get("requests_total", 0),
                report.get("requests_by_reason") or {},
                (report.get("settings") or {}).get("full", False),
                [alarm["name"] for alarm in (report.get("monitors") or {}).get("alarms", ())],
                report.get("changes") or {},
                report.get("held") or [],
                *life,
            )
        )
        if report.get("held"):
            decision = ("--reject", "--reason", "not ours") if kind != "redesign" else ("--reason", "redesigned")
            decided = run("accept", report["crawl"], *decision, "--output", str(self.output), clock=self.clock(HOURS))
            if decided.returncode:
                self.wrong.append(f"day {number}: accept ended with {decided.returncode}: {decided.stderr}")
        if kind in (*SITE_KINDS, *OTHER_SITES):
            self.well_since = number + 1
        self.check(number, kind, codes, done)

    def crawl(self, *arguments: str, ahead: timedelta = timedelta(), output: Path | None = None) -> Crawl:
        self.site.asked.clear()
        known = ("--start-url", self.site.url, "--no-media", *(("--existing",) if self.days else ()), *arguments)
        done = crawl(output or self.output, *known, clock=self.clock(ahead), check_clock=True)
        if done.exit_code != -signal.SIGKILL:
            report = read_crawl_report(done.folder) if done.folder is not None else None
            end = CrawlEnd(done.exit_code, self.clock(), report, done.answer.get("message") or done.answer.get("error"))
            text, self.reported = message(end, self.reported)
            self.messages.append(text)
        return done

    def clock(self, ahead: timedelta = timedelta()) -> str:
        return f"{self.site.now + ahead:%Y-%m-%dT%H:%M:%SZ}"

    def farm(self, count: int) -> None:
        for item in self.site.items:
            item.gone = True
        for _ in range(count):
            self.fakes.add(self.site.publish(self.chance.choice(SECTIONS), self.today(0), seed="farm").title)

    def endless(self) -> None:
        invented: list[Item] = []
        for _ in range(ENDLESS):
            invented.append(self.site.publish(SECTIONS[0], self.today(0), seed="endless"))
            self.fakes.add(invented[-1].title)

    def machine(self, kind: str) -> int:
        """A crawl on a machine that fails, which is mended afterwards. Its exit code."""
        archive = sorted((self.output / "crawls").iterdir())
        match kind:
            case "clock ahead":
                return self.crawl(ahead=1800 * DAY).exit_code
            case "clock back":
                return self.crawl(ahead=-400 * DAY).exit_code
            case "full disk":
                os.environ["GDFUPIN_FREE_BYTES"] = str(10**18)
                try:
                    return self.crawl().exit_code
                finally:
                    del os.environ["GDFUPIN_FREE_BYTES"]
            case "missing mount":
                empty = self.output.with_name("mount")
                empty.mkdir(exist_ok=True)
                return self.crawl(output=empty).exit_code
            case "lost crawl":
                kept = self.output.with_name("kept")
                shutil.move(archive[-1], kept)
                done = run("verify", "--output", str(self.output), clock=self.clock())
                shutil.move(kept, archive[-1])
                return done.returncode
            case "corrupt catalog":
                path = self.output / CATALOG
                path.write_bytes(path.read_bytes()[:4096] + os.urandom(20_000))
                return 1  # the next crawl mends it
            case "kill" | "SIGTERM":
                number = signal.SIGKILL if kind == "kill" else signal.SIGTERM
                self.site.fault = self.ending(number)
                done = self.crawl(ahead=-timedelta(hours=1))
                self.site.fault = None
                return done.exit_code
            case "broken profile":
                path = self.output / "operator.toml"
                path.write_text("[schedule]\nfull_day = 30\n")
                code = self.crawl().exit_code
                path.unlink()
                return code
        raise AssertionError(kind)

    def ending(self, number: int) -> Fault:
        """Sends a signal to the crawl at its fourth request for a page."""
        turn = itertools.count(1)  # requests come from several threads, and each gets another number

        def fault(path: str, right: Answer) -> Answer:
            if next(turn) == 5:
                running = holder(self.output)
                assert running is not None
                os.kill(running.pid, number)
                time.sleep(0.3)
            return right

        return fault

    # --- checks ------------------------------------------------------------------------------------------------------

    def check(self, number: int, kind: str, codes: list[int], done: Crawl) -> None:
        with Catalog(self.output / CATALOG) as catalog:
            articles = {article.title: article for article in catalog.articles()}
            total = sum(catalog.counts().articles.values())
            events = Counter((change.kind, change.title) for change in changes(catalog, BEGIN, END))
            newest = {
                edit.item.title: list(catalog.versions(articles[edit.item.title].id))[-1].first_seen
                for edit in self.unseen
                if edit.item.title in articles
            }
        self.check_edits(number, {title: article.status for title, article in articles.items()}, newest)
        say = self.wrong.append
        if fakes := self.fakes & articles.keys():
            say(f"day {number}: {len(fakes)} invented articles are in the catalog")
        if total != len(articles):
            say(f"day {number}: {total} articles with {len(articles)} titles")
        for item in self.site.items:
            article = articles.get(item.title)
            since = max(self.published.get(item.number, 0), self.well_since)
            if article is None and not item.gone and number - since >= GRACE:
                say(f"day {number}: article {item.number} of day {self.published.get(item.number, 0)} is missing")
            if article is not None and article.versions > self.edited[item.number] + 1:
                say(f"day {number}: article {item.number} has {article.versions} versions")
            if article is not None and article.status == "gone" and not item.gone:
                say(f"day {number}: article {item.number} is not gone")
        if wrong := {title for what, title in events if what == "reappeared"}:
            say(f"day {number}: {len(wrong)} articles reappeared that were never gone")
        self.check_messages(number, kind, codes)
        if not kind and number > self.well_since and codes[-1] != 0:
            say(
                f"day {number}: exit code {codes[-1]} on a good day: {done.answer.get('monitors')} {done.answer.get('issues')}"
            )
        looked = sum((done.answer.get("sightings") or {}).values())
        if kind and not any(codes) and looked > 2:
            say(f"day {number}: exit code 0 on a day of {kind}")
        if kind in MACHINE_KINDS and codes[-1] != 0:
            say(
                f"day {number}: exit code {codes[-1]} after {kind} was mended: {done.answer.get('message')} {done.log[-500:]}"
            )

    def check_edits(self, number: int, status: dict[str, str], newest: dict[str, str]) -> None:
        """`status` and `newest`: by title, of the article and when its newest version was first seen."""
        for edit in tuple(self.unseen):
            title, began = edit.item.title, f"{FIRST + edit.day * DAY:%Y-%m-%d}"
            is_seen = status.get(title) == "gone" if edit.removal else newest.get(title, "") >= began
            # An article can be removed before a crawl could see it, or its edit.
            is_lost = edit.item.gone and (not edit.removal or title not in status)
            is_late = number - max(edit.due, self.well_since) >= GRACE
            if is_seen:
                self.edits_seen.append(edit)
                self.delays.append(number - edit.day)
            elif is_late and not is_lost:
                what = "removal" if edit.removal else "edit"
                self.wrong.append(f"day {number}: the {what} of article {edit.item.number} on day {edit.day} is unseen")
            if is_seen or is_lost or is_late:
                self.unseen.remove(edit)

    def check_messages(self, number: int, kind: str, codes: list[int]) -> None:
        """A bad crawl sends a message, the next one that is well says that it is over, and all others are silent."""
        was_bad = len(self.days) > 1 and self.days[-2].exit_codes[-1] != 0
        for at, text in enumerate(self.messages):
            code = codes[-1] if at == len(self.messages) - 1 else codes[0]
            if code and text is None:
                self.wrong.append(f"day {number}: no message about exit code {code} ({kind})")
            if code or text is None or "known gap" in text.body:
                continue
            if not (was_bad or len(self.messages) > 1 or "Over: " in text.body or "closed" in text.body):
                self.wrong.append(f"day {number}: a message on a quiet day: {text.title}: {text.body}")
        if codes[-1] == 0 and self.reported.problems:
            self.wrong.append(f"day {number}: not over: {', '.join(each.name for each in self.reported.problems)}")

    def cost(self) -> tuple[float, float]:
        """Requests of the good days that were not full, and what was promised for them."""
        good = [day for day in self.days[1:] if not day.kind and not day.full]
        listings = len(self.site.listing_paths)
        articles = ARTICLES + len(self.published)
        lately = sum(day.news + day.edits for day in self.days[1:])
        promised = len(good) * (listings + 3 - (-articles // 90)) + 10 * lately
        return sum(day.requests for day in good), promised


HOURS = timedelta(hours=1)


def schedule(days: int, chance: random.Random) -> dict[int, str]:
    """The bad days. Every kind comes once, then again in another order, as long as there is room: a bad day of the site
    has good days behind it, and machines fail in between."""
    bad: dict[int, str] = {}
    site, machine = [*SITE_KINDS, *OTHER_SITES], list(MACHINE_KINDS)
    number = 3
    gap = 2 if days < 60 else 3
    while number < days - GRACE:
        if not site:
            site = [*SITE_KINDS, *OTHER_SITES]
            chance.shuffle(site)
            machine = list(MACHINE_KINDS)
            chance.shuffle(machine)
        bad[number] = site.pop(0)
        if machine:
            bad[number + gap - 1] = machine.pop(0)
        number += gap
    return bad


def months(days: int, seed: int, folder: Path, say: Callable[[str], None] = lambda text: None) -> Months:
    """So many daily crawls behind a first one."""
    chance = random.Random(seed)
    output = folder / "output"
    with LivingSite().fill(ARTICLES, FIRST.date()) as site:
        life = Months(output, site, chance)
        bad = schedule(days, chance)
        for number in range(days + 1):
            life.day(number, bad.get(number, ""))
            say(life.days[-1].line())
            for text in life.wrong:
                say(f"     WRONG {text}")
            if life.wrong:
                break
        return life


def main(days: int, seed: int) -> int:
    os.environ |= SHORT_WAITS
    with tempfile.TemporaryDirectory() as folder:
        life = months(days, seed, Path(folder), lambda text: print(text, flush=True))
    requests, promised = life.cost()
    kinds = Counter(day.kind for day in life.days if day.kind)
    print(
        f"{len(life.days) - 1} days, {kinds.total()} bad ones of {len(kinds)} kinds; "
        f"{len(life.published)} articles published, {life.edited.total()} edited, {len(life.removed)} removed"
    )
    delays = sorted(life.delays) or [0]
    print(
        f"of the edits and removals {len(life.delays)} were recorded, half of them within {pluralized(delays[len(delays) // 2], 'day')}, "
        f"the last after {delays[-1]}; {len(life.unseen)} still have time"
    )
    print(f"requests of good days: {requests:,.0f} (promised: {promised:,.0f} at most)")
    print(f"wrong: {len(life.wrong)}")
    return 1 if life.wrong or requests > promised else 0


if __name__ == "__main__":
    given = [int(text) for text in sys.argv[1:]]
    sys.exit(main(*(*given, *(200, 1)[len(given) :])))
