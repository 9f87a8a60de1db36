"""`gdfupin accept`."""

from dataclasses import dataclass
from pathlib import Path

import click

from .. import clock, config
from ..catalog.update import catch_up, summary_of
from ..errors import WrongArgument
from ..items import as_dict
from ..messages.record_words import counts
from ..messages.text import N_, T_, enumeration
from ..monitoring.killed_crawls import judge_killed_crawls
from ..storage import holds
from ..storage.archive_info import profile_of
from ..storage.holds import HeldCrawl, HoldDecision, held_crawls
from ..storage.lock import OutputLock
from ..storage.lookup import every
from ..terminal import at, plain_json, shown
from .options import JSON, OUTPUT, PROFILE


@dataclass(frozen=True)
class Decided:
    """The result of the command."""

    decided: tuple[HoldDecision, ...]
    changes: dict[str, dict[str, int]]
    """By accepted crawl: the changes that it was the first to see, by kind."""
    held: tuple[HeldCrawl, ...]
    """Crawls that are still held back, or rejected."""


@click.command("accept")
@click.argument("crawls", metavar="[CRAWL]...", nargs=-1)
@OUTPUT
@PROFILE
@click.option("--reject", is_flag=True, help="Leave these crawls out for good. Their captures are kept.")
@click.option("--reason", default="", metavar="TEXT", help="Why; stored with the decision.")
@JSON
def accept_command(
    crawls: tuple[str, ...], output: Path, profile: str | None, reject: bool, reason: str, as_json: bool
) -> None:
    """Decide about crawls that are held back because they found something alarming.

    \b
    gdfupin accept                                          list the crawls that are held back
    gdfupin accept 20261123T030000Z-live --reason "new sections since Monday"
    gdfupin accept --reject 20261123T030000Z-live --reason "the domain was hijacked"

    Nothing of a held crawl is in the catalog, in `diff`, feeds, status and releases. An accepted one is folded like any other.
    The newest decision counts; decisions are kept in OUTPUT/decisions.jsonl.
    """
    every(output)  # so that a mistyped output is not created
    result = _decide(output, profile, crawls, reject, reason) if crawls else Decided((), {}, tuple(held_crawls(output)))
    if as_json:
        value = {
            "decided": [as_dict(each) for each in result.decided],
            "changes": result.changes,
            "held": [as_dict(each) for each in result.held],
        }
        click.echo(plain_json(value))
        return
    for decision in result.decided:
        click.echo(_sentence(decision, result.changes.get(decision.crawl, {})))
    for held in result.held:
        alarms = enumeration(map(shown, held.alarms))
        state = T_("rejected") if held.rejected is not None else T_("held back ({alarms})", alarms=alarms)
        click.echo(f"{shown(held.crawl)}: {state}")
    if not result.decided and not result.held:
        click.echo(T_("No crawl is held back."))
    if any(held.rejected is None for held in result.held):
        click.echo(
            T_(
                "Look at it with `gdfupin probe --crawl CRAWL{output}`, then `gdfupin accept CRAWL{output}`.",
                output=at(output),
            )
        )


def _decide(output: Path, profile: str | None, crawls: tuple[str, ...], reject: bool, reason: str) -> Decided:
    """Stores the decisions and folds. Raises WrongArgument for a crawl that was never held back."""
    decided = []
    with OutputLock(output, "gdfupin accept"):
        settings, used = config.load(output), profile_of(output, profile)
        decided_before = {name for name, known in holds.decisions(output).items() if known.decision != "pass"}
        names = {held.crawl for held in held_crawls(output)} | decided_before
        for crawl in crawls:
            if crawl not in names:
                held = (
                    N_("those are: {names}", names=enumeration(sorted(names)))
                    if names
                    else N_("no crawl in {output} is", output=output)
                )
                raise WrongArgument(crawl, N_("is not held back; {held}", held=held))
        for crawl in crawls:
            decision = HoldDecision(crawl, "reject" if reject else "accept", reason, clock.stamp())
            holds.append(output, decision)
            decided.append(decision)
        judge_killed_crawls(output, used, settings.rules, settings.monitors)
        catch_up(output, used, settings.rules)
        changes = {} if reject else {crawl: summary_of(output, crawl).counts for crawl in crawls}
    return Decided(tuple(decided), changes, tuple(held_crawls(output)))


def _sentence(decision: HoldDecision, changes: dict[str, int]) -> str:
    if decision.decision == "reject":
        return T_("{crawl}: rejected; it is left out for good, its captures are kept", crawl=shown(decision.crawl))
    return T_(
        "{crawl}: accepted; {changes}", crawl=shown(decision.crawl), changes=counts(changes) or N_("nothing changed")
    )
