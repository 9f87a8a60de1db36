"""The steps that send: messages about problems, alerts, and the digest are put into the queue, then sent, each once."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, timedelta

from .. import clock
from ..diff import Difference, DiffQuery, for_readers
from ..diff.arguments import Bookmark
from ..errors import ExitCode, NobodyLooked
from ..messages.record_words import word
from ..messages.text import COLON, N_, N_n, joined
from ..monitoring.alert_delivery import BOOKMARK, alert_messages, recipients
from ..monitoring.channels import channels
from ..monitoring.daily_settings import DAYS
from ..monitoring.message import CrawlEnd, Message, is_good, message
from ..monitoring.notify import load_reported, save_reported, some_new
from ..monitoring.problems import Problem
from ..monitoring.status import last_look, status
from ..terminal import pluralized
from .crawl_steps import crawl_of
from .day import Day, Outcome
from .digest import Digest, Health, Week, digest_of, health_of
from .digest_text import alive_message, digest_message, language_of
from .state import Parcel

DIGEST = "[digest]"
"""Name of the bookmark: how far digests have seen the changes."""
NO_RECIPIENTS = N_("no recipients: set [notify] urls or GDFUPIN_NOTIFY")


def notify(day: Day) -> Outcome:
    """A message about the crawl and about steps that failed, as far as something of it is new, over, or due again."""
    end = _crawl_end(day)
    if end is None:
        return Outcome(N_("nothing to tell"))
    known, warning = channels(day.settings.notify, day.file)
    if not known.urls:
        return _unsent(warning)
    reported = load_reported(day.output)
    changes = known.changes and not day.daily.digest  # the digest has them
    text, reported_now = message(end, reported, changes=changes, command=day.options.complete)
    if text is not None:
        day.outbox.put([Parcel(f"notify {day.run.name}", "operator", text, clock.stamp())])
    if reported_now != reported:
        save_reported(day.output, reported_now)
    return Outcome(text.title.removeprefix("gdfupin: ") if text is not None else N_("nothing to tell"))


def _crawl_end(day: Day) -> CrawlEnd | None:
    """How the crawl of this run ended, and the steps that failed; None where there is neither.

    Where another timer crawls, its newest report has the alarms; gaps and changes of it would be told again by each run.
    """
    found, failed, result = crawl_of(day), tuple(_failures(day)), day.run.result("crawl")
    if result is None or result.state == "off":
        if found is None:
            return None
        report = replace(found[1], after=replace(found[1].after, open_gaps=None, changes=None))
        return CrawlEnd(report.run.exit_code, clock.stamp(), report, report.run.message, (), failed)
    report_now = found[1] if found is not None else None
    reason = report_now.run.message if report_now is not None else None
    reason = result.summary if result.state == "failed" else reason
    return CrawlEnd(
        result.exit_code, clock.stamp(), report_now, reason, some_new(found[0].path if found else None), failed
    )


def alerts(day: Day) -> Outcome:
    """The message of each alert that fires, by the changes since the last time."""
    if not day.settings.alerts:
        return Outcome(N_("there are none"), "skipped")
    parcels: list[Parcel] = []
    try:
        with DiffQuery(day.output, (), BOOKMARK, clock.now(), UTC) as query:
            for alert, text in alert_messages(query, day.settings.alerts, day.options.complete):
                urls, warning = recipients(alert, day.settings.notify, day.file)
                if not urls and warning:
                    return _unsent(warning)  # these changes are evaluated again once they can be sent
                if not urls:
                    day.say(N_("alert {name}: {warning}", name=alert.name, warning=NO_RECIPIENTS))
                    continue
                parcels.append(
                    Parcel(
                        f"alert {alert.name} {day.run.name}",
                        f"alert {alert.name}",
                        text,
                        clock.stamp(),
                    )
                )
            seen = query.bookmark
            day.outbox.put(parcels, {BOOKMARK.removeprefix("last:"): seen} if seen is not None else {})
    except NobodyLooked:
        return Outcome(N_("no crawl looked"))
    return Outcome(N_("{alerts} fired", alerts=pluralized(len(parcels), "alert")) if parcels else N_("none fired"))


def digest(day: Day) -> Outcome:
    """A digest to the operator and to the readers, if there is anything to tell and none was sent today."""
    state, today = day.outbox.state, day.today
    to_operator = bool(channels(day.settings.notify, day.file)[0].urls)
    to_readers = bool(_readers(day))
    if not to_readers and (day.daily.readers or not to_operator):
        return _unsent(day.ignored)
    if state.reported.digest == today:
        return Outcome(N_("one was sent today"), "skipped")
    if day.now.hour < day.daily.digest_hour:
        return Outcome(N_("not before {digest_hour}:00", digest_hour=day.daily.digest_hour), "skipped")
    changes, seen = _changes(day, f"last:{DIGEST}")
    anchor = _anchor(day.daily.weekly, day.now.date())
    is_week = (
        to_operator and anchor not in (None, state.reported.week) and (anchor == today or bool(state.reported.week))
    )
    fired = tuple(each.title for each in state.queue if each.to.startswith("alert "))
    is_silent = to_readers and _is_silent(state.reported.readers, today, day.daily.silent_days)
    if not (changes or fired or is_week or is_silent):
        # else it is the first day, or the clock was ahead
        is_known = not to_readers or "" < state.reported.readers <= today
        reported = state.reported if is_known else replace(state.reported, readers=today)
        day.outbox.put((), {DIGEST: seen} if seen is not None else {}, reported)
        return Outcome(N_("a quiet day"))
    text = Digest(
        day.site,
        today,
        digest_of(changes),
        alerts=fired,
        doubts=state.doubts,
        failures=tuple(
            joined((word(each.step), each.summary), COLON) for each in day.run.results if each.state == "failed"
        ),
        week=_week(day) if is_week else None,
        health=_health(day) if day.has_articles() else None,
    )
    language = language_of(day.daily.language)
    parcels: list[Parcel] = []
    reported = state.reported
    if to_operator and (changes or fired or is_week):
        parcels.append(_parcel(day, "operator", digest_message(text, language, day.options.complete)))
        reported = replace(reported, digest=today, week=anchor if is_week and anchor else reported.week)
    if to_readers and changes:
        parcels.append(_parcel(day, "readers", digest_message(text.for_readers(), language)))
        reported = replace(reported, digest=today, readers=today)
    elif is_silent:
        parcels.append(_parcel(day, "readers", alive_message(text, state.reported.readers, language)))
        reported = replace(reported, readers=today)
    is_reported = any(each.to == "operator" for each in parcels)
    day.outbox.put(parcels, {DIGEST: seen} if seen is not None else {}, reported, name_doubts=is_reported)
    number = pluralized(len(changes), "change")
    return Outcome(N_("{changes}, the week", changes=number) if is_week else number)


def send(day: Day) -> Outcome:
    """Sends everything that waits."""
    ignored = day.ignored
    known = [each for each in day.outbox.state.queue if ignored is None or _addresses(day, each.to)]
    results = day.outbox.send(known, lambda to: _addresses(day, to), clock.stamp())
    for parcel, sent in results:
        for each in sent:
            result = each.failed or N_("sent")
            day.say(N_("{title}: {channel}: {result}", title=parcel.title, channel=each.channel, result=result))
    for doubt in day.outbox.state.doubts:
        day.say(N_("{title}, of {at}: it may have arrived, and is not sent again", title=doubt.title, at=doubt.at))
    taken = sum(any(each.failed is None for each in sent) for _, sent in results)
    waiting = len(day.outbox.state.queue)
    words = pluralized(taken, "message")
    if waiting or taken < len(results):
        refused = next((each for _, sent in results for each in sent if each.failed), None)
        state = N_n(
            "{messages} sent, {waiting} waits",
            "{messages} sent, {waiting} wait",
            waiting,
            messages=words,
            waiting=waiting,
        )
        why = (refused.channel, refused.failed or "") if refused is not None else (ignored,) if ignored else ()
        return Outcome(joined((state, *why), COLON), "failed", ExitCode.GAPS)
    return Outcome(N_("{messages} sent", messages=words) if results else N_("nothing to send"))


def ping(day: Day) -> Outcome:
    """Tells the dead man's switch that the run came to its end."""
    if not _addresses(day, "ping"):
        return _unsent(day.ignored) if day.settings.notify.ping else Outcome(N_("no ping URL"), "skipped")
    good = all(each.exit_code in (ExitCode.COMPLETE, ExitCode.GAPS, ExitCode.ALARM) for each in day.run.results)
    found = crawl_of(day)
    good = good and (
        day.run.result("crawl") is None
        or not day.daily.crawl
        or (found is not None and is_good(found[1].run.exit_code, found[1]))
    )
    state = day.outbox.state
    if state.reported.ping != day.run.name:  # else a run that was killed here had it in the queue
        parcel = Parcel(f"ping {day.run.name}", "ping", None, clock.stamp(), is_good=good)
        day.outbox.put([parcel], reported=replace(state.reported, ping=day.run.name))
    pings = (each for each in day.outbox.state.queue if each.to == "ping")
    results = day.outbox.send(pings, lambda to: _addresses(day, to), clock.stamp())
    failed = next((each.failed for _, sent in results for each in sent if each.failed), None)
    return Outcome(failed, "failed") if failed else Outcome(word("good" if good else "bad"))


def _unsent(ignored: str | None) -> Outcome:
    """Of a step without recipients. That those of operator.toml are ignored is a failure: nobody hears of it but by the exit code."""
    return Outcome(ignored, "failed", ExitCode.USAGE) if ignored is not None else Outcome(NO_RECIPIENTS, "skipped")


def _failures(day: Day) -> Iterator[Problem]:
    """Steps of this run that failed, but for the crawl, whose report tells of itself; and recipients that are ignored."""
    if (ignored := day.ignored) is not None:
        yield Problem("recipients", N_("recipients are ignored"), ignored, day.run.started)
    for each in day.run.results:
        if each.state == "failed" and each.step != "crawl":
            title = N_("{step} failed", step=word(each.step))
            text = joined((title, each.summary), COLON)
            yield Problem(f"step {each.step}", title, text, day.run.started)


def _changes(day: Day, since: str) -> tuple[list[Difference], Bookmark | None]:
    """The changes, and the bookmark behind them; neither where nobody looked."""
    try:
        with DiffQuery(day.output, (), since, clock.now(), day.profile.zone) as query:
            return list(for_readers(query.changes())), query.bookmark
    except NobodyLooked:
        return [], None


def _health(day: Day) -> Health:
    now = clock.now()
    return health_of(status(day.output, day.profile, now, day.settings.schedule), *last_look(day.output, now))


def _week(day: Day) -> Week:
    return Week.of(_changes(day, "7d")[0])


def _anchor(weekly: str, today: date) -> str | None:
    """The newest day that is this day of the week, today included; None where there is to be none."""
    if not weekly:
        return None
    return (today - timedelta(days=(today.weekday() - DAYS.index(weekly)) % 7)).isoformat()


def _is_silent(since: str, today: str, days: int) -> bool:
    return bool(since) and days > 0 and date.fromisoformat(today) - date.fromisoformat(since) >= timedelta(days=days)


def _parcel(day: Day, to: str, text: Message) -> Parcel:
    return Parcel(f"digest {to} {day.run.name}", to, text, clock.stamp())


def _readers(day: Day) -> tuple[str, ...]:
    """The readers' channel, as far as no other user can read it."""
    return channels(replace(day.settings.notify, urls=day.daily.readers, ping=""), day.file, {})[0].urls


def _addresses(day: Day, to: str) -> tuple[str, ...]:
    """Where a message goes."""
    known, _ = channels(day.settings.notify, day.file)
    match to:
        case "operator":
            return known.urls
        case "readers":
            return _readers(day)
        case "ping":
            return (known.ping,) if known.ping else ()
    alert = next((each for each in day.settings.alerts if f"alert {each.name}" == to), None)
    return recipients(alert, day.settings.notify, day.file)[0] if alert is not None else known.urls
