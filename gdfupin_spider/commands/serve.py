"""`gdfupin serve`."""

import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from ..errors import NotInstalled
from ..messages.text import N_, T_, joined
from .options import CACHE, OUTPUT, cache_folder
from .output import say


@click.command("serve")
@click.argument("release", default="latest", metavar="[RELEASE]")
@OUTPUT
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8088, show_default=True, help="0: any free one.")
@click.option(
    "--name", "names", multiple=True, metavar="HOST", help="Also answer under this host name; repeatable. `*`: any."
)
@click.option("--prefix", default="", metavar="/PATH", help="Path under which a proxy shows it.")
@CACHE
@click.option("--status", "with_status", is_flag=True, help="Also show the state of the archive, to anybody who asks.")
def serve_command(
    release: str,
    output: Path,
    host: str,
    port: int,
    names: tuple[str, ...],
    prefix: str,
    cache: Path | None,
    with_status: bool,
) -> None:
    """Show a release in the browser: articles with their versions, search, trends, and an API.

    \b
    gdfupin serve
    gdfupin serve downloads/2026.11.23 --port 9000
    gdfupin serve --host 0.0.0.0 --name archive.example.org --prefix /archive

    RELEASE is a name, `latest`, or the folder of a copy. The newest release of OUTPUT is shown as soon as it is there. It only
    reads, and asks no other host for anything. The first start after a release builds an index. Ctrl-C ends it.
    """
    try:
        import uvicorn

        from ..web import application
        from ..web.library import Library
    except ImportError as error:
        raise NotInstalled(error.name or "starlette", "gdfupin serve", "web") from None
    if prefix and not prefix.startswith("/"):
        raise click.BadParameter(N_("{prefix}: a prefix begins with /", prefix=prefix), param_hint="--prefix")
    library = Library(output, release, cache_folder(cache), say)
    hosts = ("localhost", "127.0.0.1", "[::1]", host.strip("[]"), *names)
    shown = f"[{host}]" if ":" in host else host
    settings = uvicorn.Config(
        application(library, hosts, with_status=with_status, with_limit=True), host=host.strip("[]"), port=port, root_path=prefix.rstrip("/"), log_level="warning",
        access_log=False, server_header=False,
    )  # fmt: skip
    server = uvicorn.Server(settings)
    reasons: list[str] = []
    try:
        with _caught(logging.getLogger("uvicorn.error"), reasons):
            bound = settings.bind_socket()
    except SystemExit:
        raise click.BadParameter(
            N_(
                "cannot listen on {shown}:{port}: {reason}; choose another --port, or 0 for any free one",
                shown=shown,
                port=port,
                reason=joined(reasons),
            )
        ) from None
    # Connections inherit it. asyncio sets it only for sockets that name their protocol; without it a response in two parts waits 40 ms.
    bound.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with bound, library.watching():
        click.echo(
            T_(
                "release {name} at http://{shown}:{port}{prefix}; Ctrl-C ends",
                name=library.edition.name,
                shown=shown,
                port=bound.getsockname()[1],
                prefix=prefix or "/",
            )
        )
        server.run([bound])


@contextmanager
def _caught(log: logging.Logger, reasons: list[str]) -> Iterator[None]:
    """Errors that are logged meanwhile go into `reasons`, not to the terminal."""

    def take(record: logging.LogRecord) -> bool:
        reasons.append(getattr(record.msg, "strerror", None) or record.getMessage())
        return False

    log.addFilter(take)
    try:
        yield
    finally:
        log.removeFilter(take)
