"""Runs of `gdfupin daily` that are killed in each of their steps, and what the next run makes of it: python -m tests.daily_kills [kills] [seed]

A run counts what it does to files (writes, fsyncs, renames, new files) from the beginning of a drawn step on, and kills itself at a drawn
count: with its crawl, as a machine that is switched off, or without it. Then another run must complete. In the end every change was
reported once; what was being sent when the run was killed came at most once, and the next digest names it.
"""

import json
import os
import random
import re
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from gdfupin_spider.daily import runs
from gdfupin_spider.daily.day import Day, Outcome
from gdfupin_spider.releases.verification import verify
from tests import daily_runs, forked, handmade, kills
from tests.daily_runs import Service, daily, variables
from tests.living_site import SECTIONS, LivingSite
from tests.months import FIRST
from tests.web_archive import Stored, WebArchiveServer, archive_of, settings_for

STEPS = tuple(step.name for step in runs.STEPS)
SETTINGS = """
[daily]
allow = ["leaks"]
keep = 3
weekly = ""
{daily}
[[alerts]]
name = "new"
kinds = ["added"]
"""
ARCHIVED = "archives"
"""The step that needs a web archive."""
TYPE = (("Content-Type", "text/html; charset=utf-8"),)
DAY = timedelta(days=1)
INDEX_AGE = timedelta(days=31)
"""The list of what an archive has is asked for again after 30 days."""


def child() -> None:
    """`gdfupin …`, which kills itself. Arguments of the process: the step, the count, `alone` or `all`, and those of gdfupin."""
    name, limit, how, *arguments = sys.argv[1:]
    me = os.getpid()

    def end() -> None:
        for pid in (me, os.getpid()) if how == "all" else (me,):
            os.kill(pid, signal.SIGKILL)

    counter = kills.Counter("steps", int(limit), end)
    counts: dict[str, int] = {}

    def watched(step: runs.Step) -> runs.Step:
        def do(day: Day) -> Outcome:
            counts[step.name] = counter.counts["steps"]
            if step.name == name:
                counter.watch()
            return step.do(day)

        return replace(step, do=do)

    runs.STEPS = tuple(map(watched, runs.STEPS))
    sys.argv = ["gdfupin", *arguments]
    daily_runs.main()


@dataclass(frozen=True)
class DailyKill:
    """One kill."""

    step: str
    limit: int
    how: str
    ended: int
    """Exit code of the run: -9, or that of a run that was faster."""


def kill(times: int, seed: int, folder: Path, steps: tuple[str, ...] = STEPS) -> Iterator[DailyKill]:
    """Kills this number of runs, each on a day with news, and completes each."""
    draw = random.Random(seed)
    archived: dict[str, date] = {}
    output = folder / "output"
    output.mkdir()
    with LivingSite(now=FIRST).fill(12, FIRST.date()) as site, Service() as service, archive_of([]) as archive:
        settings(output, archive, steps)
        known = {**variables(site.url, service), "GDFUPIN_PACE": str(folder / "pace")}
        done = daily(output, known, f"{FIRST:%Y-%m-%dT%H:%M:%SZ}")
        assert done.returncode == 0, done.stdout + done.stderr
        for number in range(1, times + 1):
            step, how = steps[(number - 1) % len(steps)], draw.choice(("all", "alone"))
            site.now += INDEX_AGE if step == ARCHIVED else DAY
            site.publish(draw.choice(SECTIONS), site.now.date())
            if step == ARCHIVED:
                archived[title := f"修路的旧消息第{number}号"] = site.now.date()
                archive.add(captured(title, number))
            limit = draw.randint(1, 40 if step == "crawl" else 12)
            command = [step, str(limit), how, "daily", "--output", str(output), "--json"]
            at = {"GDFUPIN_CLOCK": f"{site.now:%Y-%m-%dT%H:%M:%SZ}"}
            killed = forked.run("tests.daily_kills:child", command, environment={**known, **at}, timeout=120)
            ended = DailyKill(step, limit, how, killed.returncode)
            assert killed.returncode in (0, -signal.SIGKILL), f"{ended}: {killed.stdout}{killed.stderr}"
            if killed.returncode:
                later = daily(output, known, f"{site.now + timedelta(minutes=5):%Y-%m-%dT%H:%M:%SZ}")
                assert later.returncode == 0, f"{ended}: {later.stdout}{later.stderr}"
                assert json.loads(later.stdout)["resumed"], ended
            latest = output / "releases" / "latest"
            found = verify(latest) if "release" in steps else ()
            assert not [each for each in found if each.result in ("bad", "missing")], ended
            if "site" in steps:
                assert release_of(output / "site") == latest.resolve().name, ended
            yield ended
        site.now += DAY
        site.publish(SECTIONS[0], site.now.date())
        assert daily(output, known, f"{site.now:%Y-%m-%dT%H:%M:%SZ}").returncode == 0
        check(site, service, times, archived)


def settings(output: Path, archive: WebArchiveServer, steps: tuple[str, ...]) -> None:
    """Those of an archive that does these steps."""
    lines = [] if "release" in steps else ["release = false", 'feeds = ""']
    lines += ['site = "site"'] if "site" in steps else []
    lines += ['archives = "wayback"', "archives_after_days = 0"] if ARCHIVED in steps else []
    settings_for(output, archive)
    path = output / "operator.toml"
    path.write_text(path.read_text() + SETTINGS.format(daily="\n".join(lines)))


def captured(title: str, number: int) -> Stored:
    """A capture of 2013."""
    page = handmade.article(title)
    return Stored(f"http://www.gdfupin.org.cn/show.asp?id=90{number}", "20130501000000", 200, TYPE, page)


def release_of(site: Path) -> str:
    """The release that a static site shows."""
    mark: dict[str, str] = json.loads((site / "site.json").read_text())
    return mark["release"]


def check(site: LivingSite, service: Service, days: int, archived: dict[str, date]) -> None:
    """Every article in one digest, or the digest of its day is named as one that may not have arrived; nothing came twice.

    `archived`: titles of articles that the web archive alone has, and the day of the run that was killed while it got them.
    """
    reported = Counter(title for digest in service.digests for kind, title in digest.titles if kind == "added")
    texts = "\n".join(digest.text for digest in service.digests)
    assert max(reported.values()) == 1, reported
    for title, day in {**{item.title: item.day for item in site.items}, **archived}.items():
        lost = rf", digest of {day}: \d new” of {day} may not have arrived"
        assert reported[title] or re.search(lost, texts), (title, day)
    assert [each for each, count in Counter(service.messages).items() if count > 1] == []
    fired = Counter(text.splitlines()[1] for title, text in service.messages if "alert new" in title)
    assert max(fired.values()) == 1, fired
    assert len(service.pings) <= days + 2
    assert set(service.pings) == {"good"}


def main(times: int, seed: int, say: Callable[[str], None] = print) -> None:
    began = time.monotonic()
    by_step: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        for each in kill(times, seed, Path(folder)):
            by_step[each.step] += each.ended != 0
            say(f"{each} after {time.monotonic() - began:.0f} s")
    say(
        f"{by_step.total()} kills ({', '.join(f'{count} in {step}' for step, count in by_step.items())}): every next run completed, nothing was sent twice"
    )


if __name__ == "__main__":
    given = [int(text) for text in sys.argv[1:]]
    main(*(*given, *(50, 1)[len(given) :]))
