"""Months of `gdfupin daily` on a site that lives on, with the bad days of tests.months: python -m tests.daily_months [days] [seed]

Checked besides what tests.months checks: every new, edited and removed article is reported in one digest and in no other; no message
comes twice; there is a ping for each run; `releases/latest` is whole after each day, and every release at the end.
"""

import json
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from gdfupin_spider.catalog import BEGIN, END, Catalog, changes
from gdfupin_spider.catalog.sources import CATALOG
from gdfupin_spider.monitoring.message import Message
from gdfupin_spider.monitoring.notify import load_reported
from gdfupin_spider.releases.verification import verify
from gdfupin_spider.storage.crawls import crawls
from gdfupin_spider.terminal import pluralized
from tests.daily_runs import Service, daily, variables
from tests.living_site import LivingSite
from tests.months import ARTICLES, FIRST, Months, schedule
from tests.sites import Crawl

WAITS = {"GDFUPIN_RETRY_WAITS": "0.1,0.1,0.1", "GDFUPIN_BLOCK_WAITS": "0.1,0.1,0.1"}
"""Between tries, so that a bad day is short."""
SETTINGS = '[daily]\nallow = ["leaks"]\nkeep = 5\nsilent_days = 2\n'


@dataclass
class DailyMonths(Months):
    """The same months; each crawl is that of a whole run."""

    service: Service = field(default_factory=Service)
    runs: int = 0
    sent: dict[tuple[str, str], int] = field(default_factory=dict)
    """Messages of the operator with the day of each."""
    verified: str = ""
    """The release that `latest` was when it was checked."""

    def crawl(self, *arguments: str, ahead: timedelta = timedelta(), output: Path | None = None) -> Crawl:
        self.site.asked.clear()
        output = output or self.output
        before, messages = {each.name for each in crawls(output)}, len(self.service.problems)
        heard = len(self.service.messages)
        known = {**variables(self.site.url, self.service), **WAITS}
        existing = ("--existing",) if self.days else ()
        done = daily(output, known, self.clock(ahead), *existing)
        self.runs += 1
        for message in self.service.messages[heard:]:
            # the same problem may come again after weeks
            if (last := self.sent.get(message)) is not None and len(self.days) - last <= 7:
                self.wrong.append(f"day {len(self.days)}: a message came twice: {message}")
            self.sent[message] = len(self.days)
        new = [each for each in crawls(output) if each.name not in before and each.whole]
        answer = json.loads((new[-1].path / "report.json").read_bytes()) if new else {}
        text = next((Message(*each, "info") for each in self.service.problems[messages:]), None)
        self.messages.append(text)
        if output == self.output:
            self.reported = load_reported(output)
        return Crawl(done.returncode, new[-1].path if new else None, answer, f"{done.stdout}\n{done.stderr}")

    def machine(self, kind: str) -> int:
        settings = self.output / "operator.toml"
        kept = settings.read_text()
        code = super().machine(kind)
        settings.write_text(kept)
        return code

    def day(self, number: int, kind: str) -> None:
        super().day(number, kind)
        latest = self.output / "releases" / "latest"
        if latest.exists() and os.readlink(latest) != self.verified:
            self.verified = os.readlink(latest)
            self.wrong += [
                f"day {number}: {each.what}: {each.why}" for each in verify(latest) if each.result in ("bad", "missing")
            ]

    def check_digests(self) -> None:
        """After the last day."""
        found = self.service.digests
        reported = Counter(each for digest in found for each in digest.titles)
        with Catalog(self.output / CATALOG) as catalog:
            events = Counter((change.kind, change.title) for change in changes(catalog, BEGIN, END))
            held = {article.title: article.versions for article in catalog.articles()}
        first = {item.title for item in self.site.items if item.number not in self.published}
        for title in held:
            if reported["added", title] != 1 and not (
                title in first and found[0].counts["added"] > len(found[0].titles)
            ):
                self.wrong.append(f"{title} is new in {reported['added', title]} digests")
        for item in self.site.items:
            edits = held.get(item.title, 1) - 1
            if reported["edited", item.title] > edits or reported["gone", item.title] > 1:
                self.wrong.append(f"more edits or removals of {item.title} were reported than there were")
        lost = sum(max(versions - 1, 0) for versions in held.values()) - sum(
            count for (kind, _), count in reported.items() if kind == "edited"
        )
        if lost > self.joined:
            self.wrong.append(
                f"{pluralized(lost, 'edit')} in no digest, and {self.joined} could be in that of the article"
            )
        gone = sum(count for (kind, _), count in events.items() if kind == "gone")
        if gone != sum(digest.counts.get("gone", 0) for digest in found):
            self.wrong.append(f"{gone} are gone, and digests have another number")
        if strange := {title for _, title in reported} - set(held):
            self.wrong.append(f"digests have articles that the archive has not: {strange}")
        if len(self.service.pings) != self.runs:
            self.wrong.append(f"{len(self.service.pings)} pings of {self.runs} runs")
        for release in sorted((self.output / "releases").glob("20*")):
            self.wrong += [
                f"{release.name}: {each.what}" for each in verify(release) if each.result in ("bad", "missing")
            ]

    @property
    def joined(self) -> int:
        """Edits of articles on the day of their publication, or before a run had reported it: one digest has both as new."""
        return sum(
            edit.day - self.published.get(edit.item.number, -99) <= 2 for edit in self.edits_seen if not edit.removal
        )


def months(
    days: int, seed: int, folder: Path, say: Callable[[str], None] = lambda text: None, *, readers: bool = True
) -> DailyMonths:
    """This number of days behind a first one. `readers`: they have a channel, too; each message costs a process."""
    chance = random.Random(seed)
    output = folder / "output"
    output.mkdir()
    with LivingSite().fill(ARTICLES, FIRST.date()) as site, Service() as service:
        settings = output / "operator.toml"
        settings.write_text(SETTINGS + (f"{service.settings}\n" if readers else ""))
        settings.chmod(0o600)
        life = DailyMonths(output, site, chance, service=service)
        bad = schedule(days, chance)
        for number in range(days + 1):
            life.day(number, bad.get(number, ""))
            say(life.days[-1].line())
            for text in life.wrong:
                say(f"     WRONG {text}")
            if life.wrong:
                return life
        life.check_digests()
        return life


def main(days: int, seed: int) -> int:
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        life = months(days, seed, Path(folder), lambda text: print(text, flush=True))
        service = life.service
        listed = Counter(kind for digest in service.digests for kind, _ in digest.titles)
        kinds = Counter(day.kind for day in life.days if day.kind)
        print(
            f"{pluralized(life.runs, 'run')} on {len(life.days) - 1} days, {kinds.total()} bad ones of {len(kinds)} kinds; "
            f"{time.monotonic() - began:.0f} s"
        )
        by_kind = ", ".join(f"{count} {kind}" for kind, count in sorted(listed.items()))
        print(
            f"{pluralized(len(service.digests), 'digest')} ({by_kind}), {pluralized(len(service.problems), 'message')} about problems, "
            f"{pluralized(len(service.readers), 'message')} to readers, {pluralized(len(service.pings), 'ping')}"
        )
        print(f"releases kept: {', '.join(sorted(path.name for path in (life.output / 'releases').glob('20*')))}")
    for text in life.wrong:
        print(f"WRONG {text}")
    return 1 if life.wrong else 0


if __name__ == "__main__":
    given = [int(text) for text in sys.argv[1:]]
    sys.exit(main(*(*given, *(90, 1)[len(given) :])))
