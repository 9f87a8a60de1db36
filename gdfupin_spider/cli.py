"""The verbs of `gdfupin`. No logic here: each verb reads its options, calls one thing, shows what came of it."""

import contextlib
import io
import json
import os
import shlex
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from rich.console import RenderableType

from . import __version__, changes, clock, profiles, replica
from .crawls import Crawl, write_whole
from .errors import GdfupinError, SiteForeign, SiteUnreachable
from .meant import every as every_crawl
from .meant import remarks, resolve
from .summary import console, plain_json, shown, summary

if TYPE_CHECKING:
    from .crawling import Crawled  # with all of Scrapy behind it, which other verbs can do without

F = TypeVar("F", bound=Callable[..., Any])


def _folder(_context: click.Context, _option: click.Parameter, value: Path | str) -> Path:
    if not str(value):
        raise click.BadParameter("is empty; name a folder")
    return Path(value)


OUTPUT = click.option(
    "--output",
    type=click.Path(file_okay=False),
    callback=_folder,
    default="output",
    show_default=True,
    help="The archive's folder; made if absent.",
)
PROFILE = click.option(
    "--profile", default="gdfupin", show_default=True, metavar="NAME|FILE", help="What the site prints."
)
JSON = click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout and nothing else there.")


class Group(click.Group):
    """Ends with the exit code of the error, and says it in one line."""

    def invoke(self, ctx: click.Context) -> Any:
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="replace")  # a terminal in GBK has no sign for some characters
        try:
            return super().invoke(ctx)
        except GdfupinError as error:
            click.echo(f"gdfupin: {shown(str(error))}", err=True)
            ctx.exit(error.exit_code)


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="gdfupin")
def main() -> None:
    """The archive of 广东扶贫网: every article it published, with proof.

    \b
    gdfupin demo                      crawl a small copy of the site, on this machine
    gdfupin crawl                     crawl the live site into output/
    gdfupin status                    how much of the site there is, what is missing and why
    gdfupin diff --since 7d           what changed
    gdfupin release                   freeze it all into a dataset
    gdfupin probe URL-or-file         show how a page is understood

    Exit codes: 0 complete, 1 finished with gaps or alarms, 2 wrong usage, 3 site unreachable, 4 site foreign or blocked,
    5 another crawl runs, 6 cannot write.
    """


@main.command()
@OUTPUT
@PROFILE
@click.option(
    "--start-url", multiple=True, metavar="URL", help="Begin here instead; its host joins the scope. Repeatable."
)
@click.option(
    "--delay", type=click.FloatRange(0, 3600), default=1.0, show_default=True, help="Seconds between two requests."
)
@click.option("--concurrency", type=click.IntRange(1, 64), default=1, show_default=True, help="Requests at once.")
@click.option("--limit", type=click.IntRange(1), help="End after so many articles.")
@click.option("--max-minutes", type=click.FloatRange(0, min_open=True), help="End after so many minutes.")
@click.option("--no-media", is_flag=True, help="Leave pictures and attachments out.")
@click.option("--full", is_flag=True, help="Walk all listings to their ends, look at all that is no article again.")
@click.option(
    "--recheck",
    type=click.Choice(["due", "all", "none"]),
    default="due",
    show_default=True,
    help="Which known articles are looked at again.",
)
@JSON
def crawl(
    output: Path,
    profile: str,
    start_url: tuple[str, ...],
    delay: float,
    concurrency: int,
    limit: int | None,
    max_minutes: float | None,
    no_media: bool,
    full: bool,
    recheck: str,
    as_json: bool,
) -> None:
    """Crawl the site into a folder of its own in OUTPUT/crawls/.

    \b
    gdfupin crawl --limit 20                       a first look
    gdfupin crawl --delay 3 --no-media             gently, text only
    gdfupin crawl --start-url http://mirror.cn/    from a mirror

    robots.txt is obeyed. http_proxy and no_proxy are honoured. GDFUPIN_CONTACT (a mail address or URL) is told to
    the site. Ctrl-C ends cleanly with a report, a second one at once.
    """
    for url in start_url:
        if not url.startswith(("http://", "https://")):
            raise click.BadParameter(f"{url!r} must begin with http:// or https://", param_hint="--start-url")
    profiles.load(profile)
    options = {"profile": profile, "start_url": " ".join(start_url), "limit": limit or 0, "minutes": max_minutes or 0}
    options |= {"media": "no" if no_media else "yes", "full": "yes" if full else "no", "recheck": recheck}
    from . import crawling

    crawled = crawling.run(output, options, delay=delay, concurrency=concurrency)
    for trouble in crawling.tell(output, crawled):
        _say(trouble)
    _end(
        crawled,
        as_json,
        [
            (f"gdfupin diff{_at(output)}", "what it brought"),
            (f"gdfupin status{_at(output)}", "how much of the site there is, what is missing and why"),
            (f"gdfupin probe --crawl latest{_at(output)}", "the pages that were understood least surely"),
        ],
    )


@main.command()
@click.option(
    "--output",
    type=click.Path(file_okay=False),
    callback=_folder,
    default="output/demo",
    show_default=True,
    help="Where the demo's archive goes.",
)
@click.option(
    "--markup",
    type=click.Choice(sorted(replica.MARKUPS)),
    default=sorted(replica.MARKUPS)[0],
    show_default=True,
    help="How the copy is marked up.",
)
@JSON
def demo(output: Path, markup: str, as_json: bool) -> None:
    """Crawl a small copy of the site that is served on this machine; nothing else is touched.

    \b
    gdfupin demo
    gdfupin demo --markup MARKUP     the same site in another dress
    """
    with replica.serve(markup) as site:
        # As a proxy under the site's own name, so that addresses and ids are those of the site.
        os.environ.update(http_proxy=site.proxy, no_proxy="")
        os.environ.pop("NO_PROXY", None)
        from . import crawling

        crawled = crawling.run(output, {}, delay=0, concurrency=4)
    verbs = [
        (f"gdfupin status{_at(output)}", "how much of the site there is, what is missing and why"),
        (f"gdfupin replay latest{_at(output)}", "read the same bytes again, without the network"),
        ("gdfupin demo --markup MARKUP", f"another dress: {', '.join(sorted(replica.MARKUPS))}"),
        ("gdfupin crawl --limit 20", "the real thing: twenty articles of the live site"),
    ]
    _end(crawled, as_json, verbs)


@main.command("replay")
@click.argument("crawl", required=False)
@OUTPUT
@PROFILE
@click.option("--all", "every", is_flag=True, help="Every crawl that has no whole reading by today's reader yet.")
@click.option("--again", is_flag=True, help="With --all: those that have one, too.")
@click.option("--dry-run", is_flag=True, help="Only show which fields of which articles would change.")
@JSON
def replay_(
    crawl: str | None, output: Path, profile: str, every: bool, again: bool, dry_run: bool, as_json: bool
) -> None:
    """Read a crawl's WARC again, alone, into OUTPUT/readings/. CRAWL: latest, a crawl's name, or a folder.

    \b
    gdfupin replay latest
    gdfupin replay 20261123T030000Z-live --profile my-site.toml
    gdfupin replay --all --dry-run    what a changed reader or profile would tell otherwise
    gdfupin replay --all              all of them

    Ctrl-C leaves whole readings or none.
    """
    from . import rereading

    if (crawl is None) != every:
        raise click.UsageError("name a CRAWL, or --all of them")
    if again and (dry_run or not every):
        raise click.UsageError("--again belongs to --all, and not to --dry-run")
    known = profiles.load(profile)
    asked = every_crawl(output) if crawl is None else [_meant(output, crawl)]
    if dry_run:
        would = rereading.would_change(output, known, asked, say=_say)
        click.echo(json.dumps(would, ensure_ascii=False) if as_json else "\n".join(map(shown, rereading.told(would))))
        return
    report = rereading.read_again(output, known, asked, again=again or not every, say=_say)
    if as_json:
        click.echo(json.dumps(report if every else report["read"][0], ensure_ascii=False))
        return
    for read in report["read"]:
        click.echo(f"{read['articles']} articles, {read['gaps']} gaps, read into {read['folder']}")
    if every:
        click.echo(f"{len(report['read'])} crawls read, {len(report['there_already'])} were there already")


@main.command("catalog")
@OUTPUT
@PROFILE
@click.option("--rebuild", is_flag=True, help="Fold everything again; a file that cannot be opened is set aside.")
@click.option("--dump", is_flag=True, help="Print the catalog as lines of JSON, equal where catalogs are equal.")
@JSON
def catalog_(output: Path, profile: str, rebuild: bool, dump: bool, as_json: bool) -> None:
    """Fold all crawls of OUTPUT into OUTPUT/catalog.sqlite: articles, their versions, what changed.

    \b
    gdfupin catalog                   take in what is new
    gdfupin catalog --rebuild         the same from nothing

    Crawls that an older reader or profile read are read again first. Nothing is lost with the catalog: it can be
    deleted and folded again.
    """
    from . import cataloguing

    known = profiles.load(profile)
    report = cataloguing.bring_up_to_date(output, known, rebuild=rebuild, say=_say)
    if dump:
        for line in cataloguing.dumped(output):
            click.echo(line)
    elif as_json:
        click.echo(json.dumps(report, ensure_ascii=False))
    else:
        click.echo("\n".join(map(shown, cataloguing.told(report))))


@main.command("status")
@OUTPUT
@PROFILE
@JSON
def status_(output: Path, profile: str, as_json: bool) -> None:
    """How much of the site is in OUTPUT, what is missing and why, and how the last crawls went.

    \b
    gdfupin status
    gdfupin status --json

    It only reads, also while a crawl runs.
    """
    from . import orders
    from .operations.screen import screen
    from .operations.status import status

    found = status(output, profiles.load(profile), clock.now(), orders.load(output).schedule)
    _show(screen(found), found if as_json else None)


@main.command("notify")
@OUTPUT
def notify_(output: Path) -> None:
    """Send a test message to everybody who is told when a crawl needs a look, and ask for the ping address.

    \b
    GDFUPIN_NOTIFY='mailto://...' gdfupin notify

    Whom, stands in GDFUPIN_NOTIFY (addresses as Apprise writes them, divided by spaces) and GDFUPIN_PING, or in [notify] of
    OUTPUT/operator.toml. Ends with 0 where all worked, 1 where one did not, 2 where there is none.
    """
    from . import orders
    from .operations import notify

    sent, wrong = notify.test(orders.load(output).notify, output / orders.FILE)
    if wrong:
        _say(wrong)
    if not sent:
        raise click.UsageError("nobody is to be told: set GDFUPIN_NOTIFY or GDFUPIN_PING, or [notify] in operator.toml")
    for each in sent:
        click.echo(f"{each.channel}: {each.failed or 'it worked'}")
    sys.exit(1 if any(each.failed for each in sent) else 0)


@main.command("verify")
@click.argument("crawl", nargs=-1)
@OUTPUT
@PROFILE
@click.option("--repair", is_flag=True, help="Set damaged files aside and make again what can be made again.")
@JSON
def verify_(crawl: tuple[str, ...], output: Path, profile: str, repair: bool, as_json: bool) -> None:
    """Prove that the archive is whole: WARC records and digests, lines and their captures, readings, the catalog.

    \b
    gdfupin verify                    everything in OUTPUT
    gdfupin verify latest             one crawl with its readings
    gdfupin verify --repair           nothing is deleted: damaged files are kept as name.aside-1

    Every line of today's reader is read again from its capture. Each damage is named with file and byte.
    Ends with 0 where all is whole, 1 where damage is found (or left), 5 while a crawl runs.
    """
    from . import verify

    found = (verify.repair if repair else verify.verify)(
        output, profiles.load(profile), [resolve(output, one) for one in crawl], _say
    )
    if as_json:
        click.echo(json.dumps(verify.as_dict(found), ensure_ascii=False))
    else:
        click.echo("\n".join(map(shown, verify.told(found))))
    sys.exit(1 if found.damage else 0)


@main.command("diff")
@click.argument("what", nargs=-1)
@OUTPUT
@PROFILE
@click.option("--since", metavar="7d|DAY|last[:NAME]", help="What is new since then, or since NAME last asked.")
@click.option("--match", multiple=True, metavar="WORD", help="In title or body, before or after. Repeatable: or.")
@click.option("--section", multiple=True, metavar="NAME", help="Only this section. Repeatable.")
@click.option("--source", multiple=True, metavar="NAME", help="Only this source (来源). Repeatable.")
@click.option("--kind", multiple=True, type=click.Choice(changes.KINDS), help="Only such changes. Repeatable.")
@click.option("--stat", is_flag=True, help="Only counts, by section.")
@click.option("--format", "form", type=click.Choice(changes.FORMATS), default="text", show_default=True)
@click.option("-o", "--to", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Write it there.")
@click.option(
    "--feeds",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Write feeds, one a section, there.",
)
@click.option("--exit-code", is_flag=True, help="End with 1 where there are changes, as git diff does.")
def diff_(
    what: tuple[str, ...],
    output: Path,
    profile: str,
    since: str | None,
    match: tuple[str, ...],
    section: tuple[str, ...],
    source: tuple[str, ...],
    kind: tuple[str, ...],
    stat: bool,
    form: changes.Format,
    to: Path | None,
    feeds: Path | None,
    exit_code: bool,
) -> None:
    """What changed: of the last crawl, since a day, or between two crawls, days, releases or files of articles.

    \b
    gdfupin diff                                what the last crawl brought
    gdfupin diff --since 7d --match 扶贫 --stat
    gdfupin diff --since last                   what is new since this was last asked
    gdfupin diff 2026-11-01 2026-11-08          between the ends of two days (UTC)
    gdfupin diff old.jsonl.gz new.parquet       two downloads; no archive is needed
    gdfupin diff 20261123T030000Z-live --format html -o changes.html

    Ends with 0 whether there are changes or not, with 2 where something cannot be read or is not there.
    """
    if len(what) > 2 or (what and since):
        raise click.UsageError("name two things to compare, or one crawl or day, or --since")
    if stat and (form != "text" or feeds is not None):
        raise click.UsageError("--stat is for people: it goes with --format text")
    known = profiles.load(profile)
    wanted = changes.Wanted(match, section, source, kind)
    with changes.Question(output, what, since, clock.now(), wanted) as question:
        feed = changes.Feed(known.title, next(iter(known.start_urls), ""), clock.stamp(), file=to.name if to else None)
        if feeds is not None:
            tally = changes.Tally()
            paths = changes.write_feeds(feeds, feed, changes.counted(question.changes(), tally))
            click.echo(f"written: {len(paths)} files in {feeds}", err=True)
        elif form == "text" and to is None:
            tally = changes.show(question, console(), stat=stat)
        else:
            tally = changes.Tally()
            pieces = changes.pieces(question, form, feed, tally, stat=stat)
            if to is None:
                for piece in pieces:
                    click.echo(piece, nl=False)
            else:
                _write(to, "".join(pieces))
        sys.stdout.flush()  # what nobody could read was not shown
        question.remember()
    sys.exit(1 if exit_code and tally.total else 0)


@main.command("release")
@OUTPUT
@PROFILE
@click.option("--name", metavar="NAME", help="Instead of the date of the newest crawl, such as 2026.11.23.")
@click.option("--allow", multiple=True, metavar="ASSERTION", help="Lift what would stop the release. Repeatable.")
@click.option("--list", "listed", is_flag=True, help="The releases there are.")
@click.option("--verify", metavar="FOLDER", help="Check a copy of a release, or one of OUTPUT by its name.")
@JSON
def release_(
    output: Path,
    profile: str,
    name: str | None,
    allow: tuple[str, ...],
    listed: bool,
    verify: str | None,
    as_json: bool,
) -> None:
    """Freeze all articles into a numbered dataset in OUTPUT/releases/: JSON Lines, Parquet, SQLite, CSV, and what
    describes them.

    \b
    gdfupin release                          the next one; nothing where no crawl is new
    gdfupin release --allow leaks            though a check said no; it stands in the manifest
    gdfupin release --list
    gdfupin release --verify 2026.11.23/     is this copy whole and true? Needs no archive

    A release is never changed. One that would be worse than the last is not made; OUTPUT/releases/latest leads to the
    last good one. The same crawls give the same bytes. docs/releases.md says what is in it. Takes the extra `datasets`.
    """
    from . import releasing

    if listed:
        report = releasing.shelf(output)
        told = releasing.said_of_shelf(report)
    elif verify is not None:
        report = releasing.checked(output, verify, _say)
        told = releasing.said_of_checks(report)
    else:
        report = releasing.make(output, profiles.load(profile), name, allow, _say)
        told = releasing.said(report)
    click.echo(plain_json(report) if as_json else "\n".join(map(shown, told)))
    if verify is not None and not report["good"]:
        sys.exit(1)


@main.command("probe")
@click.argument("what", metavar="[URL|FILE]", required=False)
@PROFILE
@click.option("--url", help="The address a FILE was saved from, or of the page wanted from a WARC file.")
@click.option("--offset", type=click.IntRange(0), metavar="N", help="The record of a WARC file that begins at byte N.")
@click.option(
    "--crawl", metavar="CRAWL", help="A whole crawl: latest, its name, or a folder. With a URL: its page there."
)
@click.option("--worst", type=click.IntRange(1), default=20, show_default=True, help="So many pages of a crawl.")
@OUTPUT
@click.option("--html", "sheet", type=click.Path(path_type=Path, dir_okay=False), help="Write a page to look at.")
@click.option(
    "--save-to",
    type=click.Path(path_type=Path, file_okay=False),
    help="Save the page as one of the corpus: tests/corpus/PROFILE/WHAT-IT-SHOWS.",
)
@JSON
def probe_(
    what: str | None,
    profile: str,
    url: str | None,
    offset: int | None,
    crawl: str | None,
    worst: int,
    output: Path,
    sheet: Path | None,
    save_to: Path | None,
    as_json: bool,
) -> None:
    """Show how a page is understood: each line with its role, what each landmark matched, fields, links, issues,
    labels nobody claimed, and what the profile could add. Of a crawl: the pages it is least sure of.

    \b
    gdfupin probe http://www.gdfupin.org.cn/
    gdfupin probe saved.html --url http://www.gdfupin.org.cn/news.asp?id=7
    gdfupin probe capture-00000.warc.gz --offset 48213 --html look.html
    gdfupin probe --crawl latest --worst 20 --html worst.html
    gdfupin probe --crawl latest http://www.gdfupin.org.cn/news.asp?id=7

    A URL is fetched once, as asked for, by this machine or its http_proxy; redirects are shown, not followed.
    Nothing is kept but what --html and --save-to name, and no lock is taken.
    """
    from . import probe

    known = profiles.load(profile)
    if crawl is not None and what is None:
        if offset is not None or url is not None or save_to is not None:
            raise click.UsageError("--offset, --url and --save-to are about one page: name it")
        found = probe.survey(_meant(output, crawl), known, worst)
        _show(
            probe.overview(found),
            probe.survey_as_json(found) if as_json else None,
        )
        if typed := probe.look_at_worst(found):  # whole on one line, to be copied
            typed += [] if profile == "gdfupin" else ["--profile", profile]
            click.echo(shown(f"the first of them: {_typed('gdfupin')} {shlex.join(typed)}"), err=as_json)
        if sheet is not None:
            _write(sheet, probe.survey_sheet(found))
        return
    if what is None:
        raise click.UsageError("name a URL or FILE, or a whole crawl by --crawl")
    folder = _meant(output, crawl).path if crawl is not None else None
    source = probe.find(what, url, offset, folder, next(iter(known.start_urls), None))
    looked = probe.read(source.capture, known, source.remarks)
    _show(probe.rendered(looked), probe.as_json(looked) if as_json else None)
    if sheet is not None:
        _write(sheet, probe.page_sheet(looked))
    if save_to is not None:
        probe.save(source.capture, save_to)
        click.echo(f"saved to {save_to}; next: pytest tests/pages/test_corpus.py --write-expected", err=True)


@main.command("replica")
@click.option(
    "--markup",
    type=click.Choice(sorted(replica.MARKUPS)),
    default=sorted(replica.MARKUPS)[0],
    show_default=True,
    help="How it is marked up.",
)
@click.option("--port", type=click.IntRange(0, 65535), default=8080, show_default=True, help="0: any free one.")
def replica_(markup: str, port: int) -> None:
    """Serve the small copy of the site on this machine, until Ctrl-C.

    \b
    gdfupin replica --port 8080
    gdfupin crawl --start-url http://127.0.0.1:8080/ --delay 0 --output output/demo
    """
    site = replica.Replica(markup, port=port)
    try:
        site.start()
    except OSError as error:
        raise click.BadParameter(f"port {port} cannot be had ({error.strerror}); --port 0 takes any free one") from None
    with contextlib.closing(site):
        click.echo(f"{markup} at {site.url}, or as http_proxy={site.proxy} under the site's own name; Ctrl-C ends")
        try:
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            click.echo()


def _say(text: str) -> None:
    """A word of progress."""
    click.echo(f"gdfupin: {shown(text)}", err=True)


def _at(output: Path) -> str:
    """The option that names an archive other than the usual one."""
    return "" if output == Path("output") else f" --output {shlex.quote(str(output))}"


def _meant(output: Path, asked: str) -> Crawl:
    """The crawl that is asked for; what there is to know of it goes to stderr."""
    crawl = resolve(output, asked)
    for said in remarks(output, asked, crawl):
        click.echo(f"gdfupin: {shown(said)}", err=True)
    return crawl


def _typed(verb: str) -> str:
    """How to type a verb here: a virtual environment that is not active has its commands in its own folder."""
    if shutil.which("gdfupin"):
        return verb
    typed = "python -m gdfupin_spider.cli" if sys.argv[0].endswith(".py") else os.path.relpath(sys.argv[0])
    return verb.replace("gdfupin", typed, 1)


def _show(seen: RenderableType, data: dict[str, Any] | None) -> None:
    """For people, or where there is data, for machines."""
    if data is None:
        console().print(seen)
    else:
        click.echo(plain_json(data))


def _write(file: Path, text: str) -> None:
    write_whole(file, text)
    click.echo(f"written: {file}", err=True)


def _end(crawled: "Crawled", as_json: bool, verbs: list[tuple[str, str]]) -> None:
    if as_json:
        click.echo(json.dumps(crawled.as_dict(), ensure_ascii=False))
    elif crawled.folder is not None and crawled.report and not isinstance(crawled.error, SiteUnreachable | SiteForeign):
        console().print(summary(crawled.report, crawled.folder, [(_typed(verb), what) for verb, what in verbs]))
    if crawled.error is not None:
        click.echo(f"gdfupin: {shown(str(crawled.error))}", err=True)
    if not crawled.report and crawled.folder is not None:  # interrupted twice: threads that look up names may sleep on
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(crawled.exit_code)
    sys.exit(crawled.exit_code)


if __name__ == "__main__":
    main()
