"""`gdfupin crawl`."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click
from click.core import ParameterSource

from ..errors import ExitCode, GdfupinError
from ..messages.text import N_, T_, N_n, reason_of, translated
from ..storage.archive_info import profile_of
from ..storage.counts import Counts
from ..storage.crawls import need_crawls
from ..terminal import at
from .options import JSON, OUTPUT, PROFILE, address, moment
from .output import end, profile_option, say

if TYPE_CHECKING:
    from .process import Crawled  # imports Scrapy

OF_LIVE = (
    "url", "start_url", "delay", "no_media", "full", "recheck", "private_hosts", "clock_ok", "demo", "verbose",
    "max_pages", "requisites", "no_messages",
)  # fmt: skip
OF_FROM = ("plan_only", "since", "until", "only", "media", "refresh", "wait")


@click.command("crawl")
@click.argument("url", metavar="[URL]", required=False, callback=address)
@OUTPUT
@PROFILE
@click.option(
    "--start-url",
    multiple=True,
    metavar="URL",
    callback=address,
    help="Start here instead; adds its host to the scope. Repeatable.",
)
@click.option(
    "--delay", type=click.FloatRange(0, 3600), default=1.0, show_default=True, help="Seconds between requests."
)
@click.option("--concurrency", type=click.IntRange(1, 64), default=1, show_default=True, help="Parallel requests.")
@click.option("--limit", type=click.IntRange(1), help="End after N articles; with --from: after N captures.")
@click.option("--max-minutes", type=click.FloatRange(0, min_open=True), help="End after N minutes.")
@click.option("--max-pages", type=click.IntRange(1), help="End after N requests for pages; media do not count.")
@click.option("--no-media", is_flag=True, help="Skip pictures and attachments.")
@click.option("--requisites", is_flag=True, help="Fetch style sheets, scripts and pictures of the template, too.")
@click.option("--full", is_flag=True, help="Crawl every listing page and re-fetch all non-article pages.")
@click.option(
    "--recheck",
    type=click.Choice(["due", "all", "none"]),
    default="due",
    show_default=True,
    help="Which known articles to fetch again.",
)
@click.option("--private-hosts", is_flag=True, help="The profile may name private addresses, such as 127.0.0.1.")
@click.option("--existing", is_flag=True, help="Refuse to start a new archive: is the disk mounted?")
@click.option("--clock-ok", is_flag=True, help="The clock of this machine is right, even if the server's differs.")
@click.option("--demo", is_flag=True, help="The site is the replica (gdfupin replica): mark everything as demo data.")
@click.option(
    "--from",
    "source",
    metavar="SOURCE",
    help="Fetch captures of a web archive instead: wayback, commoncrawl, cdx=URL of a CDX server, or best.",
)
@click.option("--plan", "plan_only", is_flag=True, help="With --from: print what would be fetched, and end.")
@click.option(
    "--since", metavar="TIME", callback=moment, help="With --from: no earlier captures: 2013, 2013-05, 2013-05-01."
)
@click.option("--until", metavar="TIME", callback=moment, help="With --from: no later captures; TIME is included.")
@click.option(
    "--only", type=click.Choice(["articles", "listings"]), help="With --from: only pages that seem to be these."
)
@click.option("--media", is_flag=True, help="With --from: pictures and attachments, too.")
@click.option("--refresh", is_flag=True, help="With --from: read the archive's index again, whatever its age.")
@click.option("--wait", is_flag=True, help="With --from: where the archive refuses, wait for hours instead of ending.")
@click.option("--no-messages", is_flag=True, help="Send no message, alert or ping about this crawl.")
@click.option("-q", "--quiet", is_flag=True, help="Print only warnings, errors and, with --json, the report.")
@click.option("-v", "--verbose", is_flag=True, help="Log each try and pause as well.")
@click.option(
    "--log-file", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Append log lines to FILE, too."
)
@JSON
@click.pass_context
def crawl_command(
    context: click.Context,
    url: str | None,
    output: Path,
    profile: str | None,
    start_url: tuple[str, ...],
    delay: float,
    concurrency: int,
    limit: int | None,
    max_minutes: float | None,
    max_pages: int | None,
    no_media: bool,
    requisites: bool,
    full: bool,
    recheck: str,
    private_hosts: bool,
    existing: bool,
    clock_ok: bool,
    demo: bool,
    source: str | None,
    plan_only: bool,
    since: str | None,
    until: str | None,
    only: Literal["articles", "listings"] | None,
    media: bool,
    refresh: bool,
    wait: bool,
    no_messages: bool,
    quiet: bool,
    verbose: bool,
    log_file: Path | None,
    as_json: bool,
) -> None:
    """Crawl the site into a new folder in OUTPUT/crawls/.

    \b
    gdfupin crawl --limit 20                       a first look
    gdfupin crawl http://www.county.gov.cn/        another site of its kind, without a profile
    gdfupin crawl --delay 3 --no-media             slowly, text only
    gdfupin crawl --start-url http://mirror.cn/    from a mirror
    gdfupin crawl -q --log-file crawl.log          from a timer
    gdfupin crawl --existing                       from a timer, into an archive that exists
    gdfupin crawl --from wayback --plan            what the Wayback Machine has that is not held
    gdfupin crawl --from wayback --until 2016      fetch it, up to the end of 2016

    URL is the home page of a site that has no profile: one is made from it (OUTPUT/profile.toml), and later crawls in that
    folder need no URL. With a profile of your own, give --profile, and --start-url for a mirror.

    Obeys robots.txt and uses http_proxy and no_proxy. GDFUPIN_CONTACT (a mail address or URL) is sent in the User-Agent.
    Ctrl-C ends the crawl with a report, a second Ctrl-C ends it at once.
    """
    for given in (*start_url, *([url] if url is not None else [])):
        if not given.startswith(("http://", "https://")):
            hint = "URL" if given == url else "--start-url"
            raise click.BadParameter(N_("{given!r} must begin with http:// or https://", given=given), param_hint=hint)
    if url is not None and (profile is not None or start_url):
        raise click.UsageError(
            N_("URL makes a profile of its own; with --profile or --start-url give the address as --start-url")
        )
    if requisites and no_media:
        raise click.UsageError(N_("--requisites and --no-media exclude each other"))
    if quiet and verbose:
        raise click.UsageError(N_("--quiet and --verbose exclude each other"))
    _check_options(context, source)
    if source is not None:
        from ..sources.archives.archive_import import CONNECTIONS, ImportLimits  # these import all of reading
        from ..sources.archives.capture_plan import Wanted
        from . import crawl_from

        if existing:
            need_crawls(output)
        connections = concurrency if _is_given(context, "concurrency") else CONNECTIONS
        options = crawl_from.FromOptions(
            source,
            Wanted(since, until, only, media),
            ImportLimits(limit, max_minutes, connections),
            plan_only=plan_only,
            refresh=refresh,
            wait=wait,
            profile=profile_option(output, profile),
            quiet=quiet,
            log_file=log_file,
            as_json=as_json,
        )
        crawl_from.crawl_from(output, profile_of(output, profile), options)
        return
    from . import process

    logs = process.LogOptions("quiet" if quiet else "verbose" if verbose else "normal", log_file)
    with _failures_told(output, no_messages):
        if existing:
            need_crawls(output)
        if url is not None:
            from . import new_site

            profile, start_url = new_site.prepare(output, url)
            private_hosts = True  # the operator named the host
        known = profile_of(output, profile)
    arguments = process.SpiderArguments(
        profile=str(known.file or known.name),
        start_url=" ".join(given.replace(" ", "%20") for given in start_url),
        limit=limit or 0,
        minutes=max_minutes or 0,
        max_pages=max_pages or 0,
        media="no" if no_media else "yes",
        full="yes" if full else "no",
        recheck=recheck,
        private_hosts="yes" if private_hosts else "no",
        clock_ok="yes" if clock_ok else "no",
        requisites="yes" if requisites else "no",
    )
    with _failures_told(output, no_messages):
        crawled = process.run(output, arguments, demo=demo, delay=delay, concurrency=concurrency, logs=logs)
    if not no_messages:
        for failure in process.notify(output, crawled):
            say(failure)
    end(crawled, output, as_json, _next_steps(crawled, output), quiet=quiet)


def _check_options(context: click.Context, source: str | None) -> None:
    """Refuses options that make no sense with --from, or without it."""
    for name in OF_FROM if source is None else OF_LIVE:
        if _is_given(context, name):
            option = next(each.opts[-1] for each in context.command.params if each.name == name)
            given = "URL" if name == "url" else option
            raise click.UsageError(
                N_("{option} needs --from", option=given)
                if source is None
                else N_("{option} is about the live site, and excludes --from", option=given)
            )


def _is_given(context: click.Context, name: str) -> bool:
    return context.get_parameter_source(name) is ParameterSource.COMMANDLINE and context.params.get(name) not in (
        None,
        (),
    )


@contextmanager
def _failures_told(output: Path, no_messages: bool) -> Iterator[None]:
    """Sends a message where no crawl could begin: a broken profile, an unwritable disk, an internal error."""
    from . import process

    try:
        yield
    except Exception as error:
        if no_messages:
            raise
        code = error.exit_code if isinstance(error, GdfupinError) else ExitCode.INTERNAL
        text: str = N_("internal error: {kind}: {error}", kind=type(error).__name__, error=error)
        text = reason_of(error) if isinstance(error, GdfupinError) else text
        for failure in process.notify(output, process.Crawled(code, None, error=GdfupinError(text))):
            say(failure)
        raise


def _next_steps(crawled: "Crawled", output: Path) -> list[tuple[str, str]]:
    """Commands to type next, and what they show: first the one about pages that were not understood."""
    from ..probe.review.open_items import is_uncertain  # imports all of reading

    steps = [
        (f"gdfupin diff{at(output)}", T_("the changes it found")),
        (
            f"gdfupin status{at(output)}",
            T_("how much of the site is archived, what is missing and why"),
        ),
    ]
    counts = crawled.report.counts if crawled.report is not None else Counts()
    unknown = sum(shape.unknown for shape in counts.unknown_shapes)
    if unknown:
        what = translated(
            N_n(
                "why {count:,} page was not understood, and what to put into the profile",
                "why {count:,} pages were not understood, and what to put into the profile",
                unknown,
                count=unknown,
            )
        )
        steps.insert(0, (f"gdfupin probe --crawl latest{at(output)}", what))
    else:
        steps.append(
            (
                f"gdfupin probe --crawl latest{at(output)}",
                T_("the pages whose reading is least certain"),
            )
        )
    uncertain = sum(issue.count for issue in counts.issues if is_uncertain(issue.level, issue.what))
    if uncertain:
        what = T_("decide about {uncertain} values and pages that are uncertain or held back", uncertain=uncertain)
        steps.append((f"gdfupin review{at(output)}", what))
    return steps
