"""`gdfupin withdraw`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from .. import clock
from ..items import as_dict
from ..messages.text import N_, T_, enumeration
from ..storage.archive_info import profile_of
from ..terminal import plain_json, shown
from .options import JSON, OUTPUT, PROFILE, address
from .output import print_lines

if TYPE_CHECKING:
    from ..storage.withdrawals import Withdrawal


def _day(_context: click.Context, _option: click.Parameter, value: str | None) -> str | None:
    """The callback of --date."""
    from ..storage.withdrawals import is_day

    if value is not None and not is_day(value):
        raise click.BadParameter(N_("{value!r} is not a day such as 2026-11-29", value=value))
    return value


@click.command("withdraw")
@click.argument("name", metavar="[ID|URL]", required=False, callback=address)
@OUTPUT
@PROFILE
@click.option("--reason", metavar="TEXT", help="Why; it is published. Do not repeat what is withdrawn.")
@click.option("--date", "day", metavar="DAY", callback=_day, help="Day of the withdrawal. Default: today (UTC).")
@click.option("--undo", is_flag=True, help="Take a withdrawal back; needs --reason, too.")
@click.option("--list", "listed", is_flag=True, help="List all withdrawals that hold.")
@JSON
def withdraw_command(
    name: str | None,
    output: Path,
    profile: str | None,
    reason: str | None,
    day: str | None,
    undo: bool,
    listed: bool,
    as_json: bool,
) -> None:
    """Withdraw an article on request: nothing shows it any more, and releases have a tombstone in its place.

    \b
    gdfupin withdraw gdfupin-1a2b3c4d5e6f --reason "request of the person named in it"
    gdfupin withdraw --list
    gdfupin withdraw gdfupin-1a2b3c4d5e6f --undo --reason "the request was taken back"

    Its captures and digests stay in the archive, and crawls go on looking at it. The next `gdfupin release` has its id, day,
    reason and digests in tombstones.jsonl, and nothing that it prints. Releases that were made before are never changed: those
    that have the article are named, so that they can be deleted.
    """
    from ..errors import NothingThere
    from ..storage import withdrawals
    from ..storage.lock import OutputLock

    if listed:
        if name or reason or undo or day:
            raise click.UsageError(N_("--list excludes other options and arguments"))
        if not (output / "crawls").is_dir():
            raise NothingThere(output, 0)
        _print_list(list(withdrawals.in_force(withdrawals.load(output)).values()), as_json)
        return
    if name is None or not (reason or "").strip():
        raise click.UsageError(N_("name an article with ID or URL, and give --reason TEXT; or use --list"))
    if not str(reason).isprintable():
        raise click.BadParameter(N_("must be one line of printable text"), param_hint="--reason")
    with OutputLock(output, "gdfupin withdraw"):
        made, holding = _write(output, profile, name, str(reason).strip(), day, undo)
    if as_json:
        click.echo(plain_json({**as_dict(made), "releases": holding}))
        return
    line = f"{made.id}, {made.date}: {shown(made.reason)}"
    print_lines([T_("shown again: {line}", line=line) if undo else T_("withdrawn: {line}", line=line)])
    if holding and not undo:
        click.echo(T_("Releases that have it: {names}", names=enumeration(holding)))
        click.echo(T_("Delete them, and copies of them that were published; then run `gdfupin release`."))


def _write(
    output: Path, profile: str | None, name: str, reason: str, day: str | None, undo: bool
) -> tuple["Withdrawal", list[str]]:
    """Writes the line. Returns it, and the names of the releases that have the article. The caller holds the lock."""
    from ..archive import open_archive
    from ..dossier import dossier_of
    from ..dossier.dossier import id_of
    from ..releases.folder import ReleasesFolder
    from ..releases.held_ids import releases_with
    from ..search.index_build import remove
    from ..storage.withdrawals import Withdrawal, append, in_force, load

    now, site = clock.stamp(), profile_of(output, profile)
    with open_archive(output) as archive:
        names = archive.ids(id_of(site, name))
        written = [each for each in in_force(load(output)) if each in names]
        if undo and not written:
            raise click.UsageError(N_("{name} is not withdrawn; `gdfupin withdraw --list` lists all", name=name))
        ids = written or [dossier_of(archive, site, name).state.id]
    made = [Withdrawal(id_, day or now[:10], reason, now, undo) for id_ in ids]
    append(output, made)
    remove(output)
    return made[0], releases_with(ReleasesFolder(output), names)


def _print_list(known: list["Withdrawal"], as_json: bool) -> None:
    if as_json:
        click.echo(plain_json({"withdrawn": [as_dict(each) for each in known]}))
        return
    print_lines([f"{each.date}  {each.id}: {shown(each.reason)}" for each in known] or [T_("Nothing is withdrawn.")])
