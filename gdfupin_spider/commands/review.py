"""`gdfupin review`."""

import getpass
import os
import sys
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .. import clock, data_files
from ..messages.record_words import word
from ..messages.text import COLON, N_, T_, reason_of, translated
from ..storage.archive_info import profile_of
from ..terminal import at, console, plain_json, pluralized, shown
from .options import JSON, OUTPUT, PROFILE
from .output import say, write

if TYPE_CHECKING:
    from ..catalog import Catalog
    from ..catalog.decisions import Decisions
    from ..probe.review import PageView, ReviewItem
    from ..profiles import Profile
    from ..storage.reviews import Review

VARIABLE = "GDFUPIN_REVIEWER"


@click.command("review")
@click.argument("page", metavar="[ID|URL]", required=False)
@OUTPUT
@PROFILE
@click.option("--what", multiple=True, metavar="NAME", help="Only pages with this note or refusal. Repeatable.")
@click.option("--section", multiple=True, metavar="NAME", help="Only this section. Repeatable.")
@click.option("--held-back", "held_back", is_flag=True, help="Only pages that are not articles for the program.")
@click.option(
    "--limit", type=click.IntRange(1), default=100, show_default=True, metavar="N", help="List at most N pages."
)
@click.option("--accept", is_flag=True, help="The open fields are right as read; a held-back page is an article.")
@click.option(
    "--set",
    "values",
    multiple=True,
    metavar="FIELD=VALUE",
    help="The right value of a field; empty: the page has none. body=@FILE reads it from a file. Repeatable.",
)
@click.option("--reject", is_flag=True, help="The page is not an article.")
@click.option("--reviewer", metavar="NAME", help=f"Who decides. Default: {VARIABLE}, or the name of the user.")
@click.option("--note", metavar="TEXT", help="A remark that is kept with the decision.")
@click.option(
    "--html",
    "sheet",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write a form for a browser to this file.",
)
@click.option(
    "--import",
    "source",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    metavar="FILE",
    help="Take the lines that the form made; - for stdin.",
)
@JSON
def review_command(
    page: str | None,
    output: Path,
    profile: str | None,
    what: tuple[str, ...],
    section: tuple[str, ...],
    held_back: bool,
    limit: int,
    accept: bool,
    values: tuple[str, ...],
    reject: bool,
    reviewer: str | None,
    note: str | None,
    sheet: Path | None,
    source: Path | None,
    as_json: bool,
) -> None:
    """Decide about pages that the program is not sure of: list them, show one, accept, correct or reject it.

    \b
    gdfupin review                                    list what is open; on a terminal also ask
    gdfupin review gdfupin-0123456789ab               show one page and the candidates of each field
    gdfupin review gdfupin-0123456789ab --accept
    gdfupin review gdfupin-0123456789ab --set title=省扶贫办召开会议 --set author= --note "as printed"
    gdfupin review gdfupin-0123456789ab --reject      it is not an article
    gdfupin review --html form.html                   decide in a browser
    gdfupin review --import reviews-to-import.jsonl   take the decisions made there

    Any article can be corrected, open or not. Decisions are kept in OUTPUT/reviews.jsonl by the payload of the page: they
    hold for every later reading of it, and are asked for again when the page changes.
    """
    from ..archive import open_archive
    from ..catalog import Catalog
    from ..catalog.decisions import decisions_of
    from ..catalog.sources import CATALOG
    from ..probe import review

    deciding = accept or reject or bool(values)
    if source is not None and (page or deciding or sheet):
        raise click.UsageError(N_("--import takes decisions that were made already: leave the other options out"))
    if deciding and page is None:
        raise click.UsageError(N_("name the page by its id or URL: `gdfupin review` lists open ones"))
    open_archive(output).close()  # names the next step where there is no archive or catalog
    known = profile_of(output, profile)
    name = reviewer or os.environ.get(VARIABLE) or _user()
    if source is not None:
        try:
            text = sys.stdin.read() if str(source) == "-" else data_files.content(source, data_files.METADATA).decode()
        except (OSError, UnicodeDecodeError) as error:
            raise click.UsageError(N_("{source} cannot be read: {error}", source=source, error=error)) from None
        new = review.import_reviews(output, known, text.splitlines(), str(source))
        _done(output, new, as_json)
        return
    decisions = decisions_of(
        output,
        lambda damage: say(
            N_(
                "{path} at byte {offset}: {reason}; skipped",
                path=damage.path,
                offset=damage.offset,
                reason=damage.reason,
            )
        ),
    )
    with Catalog(output / CATALOG) as catalog:
        if page is not None:
            item = review.item_of(output, catalog, decisions, known, page)
            view = review.view_of(output, catalog, decisions, known, item)
            if deciding:
                made = review.decide(
                    view, decisions, accept=accept, reject=reject, values=_values(values), reviewer=name,
                    reviewed_at=clock.stamp(), note=note,
                )  # fmt: skip
                _store(output, made, as_json)
            elif sheet is not None:
                write(sheet, review.form([view], T_("Review: {what}", what=item.url), name))
            elif as_json:
                click.echo(plain_json(_view_json(view)))
            else:
                console().print(review.one(view))
                if _is_terminal():
                    _ask(output, view, decisions, name)
            return
        found = (
            item
            for item in review.open_items(output, catalog, decisions, known)
            if _wanted(item, what, section, held_back)
        )
        items = list(islice(found, limit))
        more = sum(1 for _ in found)
        if sheet is not None:
            views = review.views_of(output, catalog, decisions, known, items)
            write(sheet, review.form(views, T_("Review: {what}", what=known.title), name))
            written = pluralized(len(items), "page")
            say(N_("{pages}, and {more} more: --limit", pages=written, more=more) if more else written)
        elif as_json:
            click.echo(plain_json({"open": len(items) + more, "pages": [_item_json(item) for item in items]}))
        else:
            console().print(review.table(items, more))
            if items and _is_terminal():
                _ask_all(output, catalog, known, items, name)
            elif items:
                say(
                    N_(
                        "show one: `gdfupin review {id}{output}`; in a browser: --html FILE",
                        id=items[0].id,
                        output=at(output),
                    )
                )


def _wanted(item: "ReviewItem", what: tuple[str, ...], section: tuple[str, ...], held_back: bool) -> bool:
    if held_back and not item.held_back:
        return False
    if section and (item.section or "") not in section:
        return False
    return not what or any(note.what in what for note in item.notes)


def _values(texts: Iterable[str]) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals:
            raise click.UsageError(N_("--set {text}: write FIELD=VALUE, such as title=...", text=text))
        if name == "body" and value.startswith("@"):
            try:
                value = data_files.content(Path(value[1:]), data_files.SETTINGS).decode().rstrip("\n")
            except OSError as error:
                raise click.UsageError(
                    N_("--set body: {value} cannot be read: {reason}", value=value[1:], reason=error.strerror)
                ) from None
        found[name] = value if value or name == "body" else None
    return found


def _store(output: Path, made: "list[Review]", as_json: bool) -> None:
    from ..storage.reviews import append

    append(output, made)
    _done(output, made, as_json)


def _done(output: Path, made: "list[Review]", as_json: bool) -> None:
    """Reports decisions, and the next step where they take effect with the next fold."""
    from ..items import as_dict

    if as_json:
        click.echo(plain_json({"decisions": [as_dict(each) for each in made]}))
    else:
        for each in made:
            value = "" if each.value is None else N_(" {value!r}", value=each.value[:60])
            decision = f"{shown(word(each.decision))} {shown(word(each.field))}"
            click.echo(f"{shown(each.id)}: {decision}{shown(value)}")
        if not made:
            say(N_("no new decisions"))
    if any(each.field == "page" for each in made):
        say(N_("`gdfupin catalog{output}` now takes pages in and out; the next crawl does it, too", output=at(output)))


def _ask_all(output: Path, catalog: "Catalog", profile: "Profile", items: "list[ReviewItem]", name: str) -> None:
    """Asks about one page after another, until the person stops."""
    from ..catalog.decisions import decisions_of
    from ..probe import review

    if not click.confirm(T_("Decide about them now?"), default=False):
        return
    for item in items:
        decisions = decisions_of(output)
        view = review.view_of(output, catalog, decisions, profile, item)
        console().print(review.one(view))
        if not _ask(output, view, decisions, name):
            return


def _ask(output: Path, view: "PageView", decisions: "Decisions", name: str) -> bool:
    """Asks about one page and stores the answer. False where the person stops."""
    from ..errors import WrongReview
    from ..probe import review
    from ..storage.reviews import FIELDS

    values: dict[str, str | None] = {}
    suffix = translated(COLON)
    while True:
        answer = click.prompt(
            T_("[a]ccept, [c]orrect a field, [r]eject: not an article, [s]kip, [q]uit"),
            type=click.Choice(["a", "c", "r", "s", "q"]), show_choices=False, default="s", prompt_suffix=suffix,
        )  # fmt: skip
        if answer in ("s", "q"):
            return bool(answer == "s")
        if answer == "c":
            field = click.prompt(T_("field"), type=click.Choice(FIELDS), prompt_suffix=suffix)
            text = click.prompt(T_("number of a candidate, or the value; - for none"), type=str, prompt_suffix=suffix)
            candidates = view.candidates[field]
            if text.isdecimal() and 1 <= int(text) <= len(candidates):
                values[field] = candidates[int(text) - 1].value
            else:
                values[field] = None if text == "-" else text
            if click.confirm(T_("correct another field?"), default=False):
                continue
        note = click.prompt(T_("remark"), default="", show_default=False, prompt_suffix=suffix) or None
        try:
            made = review.decide(
                view, decisions, accept=answer == "a", reject=answer == "r", values=values, reviewer=name,
                reviewed_at=clock.stamp(), note=note,
            )  # fmt: skip
        except WrongReview as error:
            say(reason_of(error))
            values = {}
            continue
        _store(output, made, as_json=False)
        return True


def _is_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user without a name, as in some containers
        return "unknown"


def _item_json(item: "ReviewItem") -> dict[str, object]:
    from ..items import as_dict

    return {name: value for name, value in as_dict(item).items() if name != "record"}


def _view_json(view: "PageView") -> dict[str, object]:
    from ..items import as_dict

    whole = as_dict(view)
    return {**whole, "item": _item_json(view.item)}
