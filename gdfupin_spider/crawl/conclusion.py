"""The end of a crawl: it is held back or folded, layouts are learned from it, and its report is written last."""

import logging
from dataclasses import replace
from functools import partial
from pathlib import Path

from .. import clock, pages
from ..catalog import Catalog
from ..catalog.sources import CATALOG
from ..catalog.update import CrawlSummary, summary_of
from ..errors import CannotWrite, ExitCode, GdfupinError, SiteForeign, SiteUnreachable, WrongClock
from ..ledger.provenance import versions
from ..messages.text import N_
from ..monitoring.completeness import completeness_of
from ..monitoring.gaps import compared_gaps
from ..monitoring.history import earlier
from ..monitoring.monitors import held_by, monitored, with_acknowledged
from ..profiles import Profile, with_layouts
from ..replay.learning import keep, learned
from ..storage import acknowledgements, report_chain
from ..storage.aftermath import Aftermath, Completeness, Monitors, OpenGaps
from ..storage.crawl_register import register
from ..storage.crawls import crawls
from ..storage.open_gaps import OpenGap, issues_of
from ..storage.report import CrawlReport, ReadingReport, Run, read_reading_report
from ..terminal import without_credentials
from .session import REASONS, Session

log = logging.getLogger(__name__)


class Conclusion:
    """What becomes of a crawl whose last response has come."""

    def __init__(self, session: Session, reason: str) -> None:
        """`reason`: why the crawl ended, as Scrapy names it."""
        self._session, self._reason = session, reason
        self._output, self._name = session.options.output, session.folder.name
        self._profile = session.profile
        """With the layouts that were learned from this crawl."""
        self._held: tuple[str, ...] = ()
        """Names of the alarms because of which the crawl is held back."""
        self._uncatalogued: Exception | None = None
        """Why the catalog could not be brought up to date."""
        self._completeness: Completeness | None = None
        self._open_gaps: tuple[OpenGap, ...] = ()

    def write(self) -> None:
        """Ends the crawl: closes its files, folds them, writes changes and at last the report. Sets `error` if that fails.

        A crawl whose lines cannot be folded is complete; the next crawl folds them.
        """
        try:
            if not isinstance(self._session.error, CannotWrite):
                self._session.ledger.finish()
            self._session.folder.finish()
            self._hold()
            self._learn()
            summary = self._fold()
            self._session.report = replace(self._report(summary), previous=report_chain.newest(self._output))
            if summary is not None:
                self._session.folder.changes(summary.lines)
            self._session.folder.gaps(self._open_gaps)
            self._session.folder.close(self._session.report)
            register(self._output, [each.name for each in crawls(self._output) if each.whole], clock.stamp())
        except GdfupinError as error:
            self._session.error = self._session.error or error
            report = self._session.report or self._report(None)
            self._session.report = replace(report, run=replace(report.run, exit_code=self._session.error.exit_code))
        finally:
            self._session.lock.__exit__(None, None, None)

    def _learn(self) -> None:
        """Learns the layouts of a site that has none yet, or of which this crawl saw twice as many pages as taught them.

        The crawl is read again with them when it is folded.
        """
        enough = self._session.options.layout_pages
        if self._session.error is not None or self._held or not enough or self._is_interrupted:
            return  # whoever interrupts does not want to wait
        if self._session.ledger.kinds.total() < max(enough, 2 * self._profile.layouts.site.pages):
            return
        try:
            whole = self._reason == "finished" and not self._session.limit_reached
            layouts = learned(self._profile, crawls(self._output), whole=whole, say=log.info)
            if layouts:
                keep(self._output, layouts)
                self._profile = with_layouts(self._profile, layouts)
                log.info("%d layouts learned; the crawl is read again with what was learned", len(layouts.all))
        except GdfupinError as error:
            log.error("No layouts can be learned: %s", error)

    @property
    def _is_interrupted(self) -> bool:
        return self._reason == "shutdown"

    @property
    def _reported_reason(self) -> str:
        """As `Run.reason` has it."""
        if self._is_interrupted:
            return "interrupted"
        return "limit" if self._session.limit_reached and self._reason == "finished" else self._reason

    @property
    def _has_learned(self) -> bool:
        """Whether the lines of this crawl are of another reader than the one that counts now."""
        return self._profile.digest != self._session.options.profile.digest

    def _reading(self) -> ReadingReport | None:
        """The reading of this crawl with the layouts that it learned; None where it learned none."""
        return read_reading_report(self._reading_folder) if self._has_learned else None

    @property
    def _reading_folder(self) -> Path:
        return self._output / "readings" / pages.reader(self._profile) / self._name

    def _fold(self) -> CrawlSummary | None:
        """Folds this crawl. Returns its changes and the state of the catalog; None if that failed."""
        try:
            if self._held:
                with Catalog(self._output / CATALOG) as catalog:
                    return CrawlSummary(catalog.counts(), {}, ())
            running = None if self._has_learned else self._name
            return self._session.catalog.current(self._profile, self._folded, running, judged=True)
        except GdfupinError as error:
            log.error("The catalog cannot be folded: %s", error)
            self._uncatalogued = error
        except Exception as error:  # noqa: BLE001  it is logged
            self._session.internal_error(N_("The catalog cannot be folded"), error)
            self._uncatalogued = error
        return None

    def _folded(self) -> CrawlSummary:
        self._completeness = completeness_of(self._output, self._session.started.date())
        return summary_of(self._output, self._name)

    def _outcome(self) -> CrawlReport:
        """The report as far as it is known before the crawl is folded: without exit code and monitors."""
        reading = self._reading()
        counts = reading.counts if reading is not None else self._session.ledger.counts()
        requests: dict[str, dict[str, int]] = {}
        for (purpose, status), count in sorted(self._session.requests.items()):
            requests.setdefault(purpose, {})[status] = count
        run = Run(
            crawl=self._name,
            origin=self._session.origin,
            started=clock.stamp(self._session.started),
            finished=clock.stamp(),
            seconds=round(self._session.seconds, 1),
            reason=self._reported_reason,
            requests=requests,
            requests_total=self._session.requests.total(),
            requests_by_reason={
                reason: self._session.reasons[reason] for reason in REASONS if self._session.reasons[reason]
            },
            forbidden_by_robots=dict(sorted(self._session.forbidden.items())),
            forbidden_articles=self._session.forbidden_articles,
            forbidden_known=self._session.forbidden_known,
            given_up=self._session.traps.given_up(),
            payload_bytes=self._session.bytes,
            limits_reached=self._session.limits.reached(),
            looked=self._session.lookout.result(),
            new_articles=self._session.lookout.new_articles,
            identity=self._session.lookout.identity,
            clock_offset=self._session.clock.offset,
            held=self._held,
            killed_held={held.crawl: held.alarms for held in self._session.killed_held},
        )
        return CrawlReport(
            run, counts, settings=self._session.options.recorded(), versions=versions(self._session.options.profile)
        )

    def _hold(self) -> None:
        """Decides whether the crawl is held back: then it is not folded, and nothing is learned from it."""
        try:
            reports = earlier(self._output, self._name)
            self._held = held_by(reports, self._outcome(), self._session.config.monitors)
        except Exception as error:  # noqa: BLE001  it is logged
            self._session.internal_error(N_("The crawl cannot be compared with earlier ones"), error)
        if self._held:
            log.error("The crawl is held back (%s): nothing of it is published", ", ".join(self._held))

    def _report(self, summary: CrawlSummary | None) -> CrawlReport:
        """The report of the crawl. `summary`: None where the catalog could not be updated."""
        report = self._outcome()
        again = f"readings/{pages.reader(self._profile)}/{self._name}" if self._reading() is not None else None
        gaps = self._compare_gaps()
        after = Aftermath(open_gaps=gaps, read_again=again)
        if summary is not None:
            after = Aftermath(summary.counts, summary.catalog, self._completeness, open_gaps=gaps, read_again=again)
        report = replace(report, run=replace(report.run, message=self._message()), after=after)
        monitors = self._compare(report)
        run = replace(report.run, exit_code=self._exit_code(gaps, monitors))
        return replace(report, run=run, after=replace(after, monitors=monitors))

    def _message(self) -> str | None:
        """What a person should know about the end of the crawl; None: nothing."""
        if self._session.error is not None:
            return without_credentials(str(self._session.error))
        if self._uncatalogued is not None:
            return N_(
                "the crawl is complete, but the catalog cannot be folded: {uncatalogued}",
                uncatalogued=self._uncatalogued,
            )
        if self._session.internal_errors:
            return N_(
                "{internal_errors} internal errors; their tracebacks are in the log, or in gdfupin-error-*.txt",
                internal_errors=self._session.internal_errors,
            )
        return None

    def _compare_gaps(self) -> OpenGaps | None:
        """The gaps after this crawl; None where it read nothing of the site, is held back, or that failed: all stay as they were."""
        self._open_gaps = tuple(self._session.gaps_before)
        if self._held or isinstance(self._session.error, SiteUnreachable | SiteForeign | WrongClock):
            return None
        try:
            return self._gaps_now()
        except Exception as error:  # noqa: BLE001  it is logged
            self._session.internal_error(N_("The gaps cannot be compared with earlier ones"), error)
        return None

    def _gaps_now(self) -> OpenGaps:
        whole = self._reason == "finished" and self._session.plan.full and not self._session.limit_reached
        tracker = self._session.ledger.open_gaps
        if self._session.error is None and self._reading() is not None:
            tracker.read_again(issues_of(self._reading_folder))
        answered = sum(self._session.ledger.outcomes[outcome] for outcome in ("read", "not_modified", "missing"))
        changes = partial(tracker.changes, whole=whole, articles_answered=answered)
        if self._uncatalogued is None and (self._output / CATALOG).exists():
            with Catalog(self._output / CATALOG) as catalog:
                found = changes(is_article=partial(is_article, catalog, self._profile))
        else:
            found = changes()
        self._open_gaps = found.open
        return compared_gaps(found, acknowledgements.load(self._output))

    def _exit_code(self, gaps: OpenGaps | None, monitors: Monitors | None) -> int:
        """The worst of what happened counts."""
        if self._session.error is not None:
            return self._session.error.exit_code
        if self._session.internal_errors:
            return ExitCode.INTERNAL
        if isinstance(self._uncatalogued, GdfupinError):
            return self._uncatalogued.exit_code
        if monitors is not None and any(alarm.acknowledged is None for alarm in monitors.alarms):
            return ExitCode.ALARM
        return ExitCode.GAPS if self._is_interrupted or (gaps is not None and gaps.new) else ExitCode.COMPLETE

    def _compare(self, report: CrawlReport) -> Monitors | None:
        """The report compared with earlier ones; None if that failed, which does not harm the crawl."""
        try:
            found = monitored(earlier(self._output, self._name), report, self._session.config.monitors)
            return with_acknowledged(found, acknowledgements.load(self._output))
        except Exception as error:  # noqa: BLE001  it is logged
            self._session.internal_error(N_("The crawl cannot be compared with earlier ones"), error)
        return None


def is_article(catalog: Catalog, profile: Profile, url: str) -> bool:
    """Whether the archive has an article at this address."""
    state = catalog.address(pages.article_id(profile.name, url))
    return state is not None and state.article is not None
