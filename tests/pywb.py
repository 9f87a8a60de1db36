"""pywb, which serves WARC files on loopback: a web archive written by others."""

import subprocess
import sys
import venv
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders  # type: ignore[import-untyped]
from warcio.warcwriter import WARCWriter  # type: ignore[import-untyped]

from tests.web_archive import Stored

COLLECTION = "site"
_SERVER = (
    "import sys\n"
    "from pywb.manager.manager import main\n"  # the program `wb-manager`, without a process for each command
    f"main(['init', '{COLLECTION}'])\n"
    f"main(['add', '{COLLECTION}', *sys.argv[1:]])\n"
    "from pywb.apps.cli import WaybackCli\n"
    "from gevent.pywsgi import WSGIServer\n"
    "server = WSGIServer(('127.0.0.1', 0), WaybackCli(args=[]).application, log=None)\n"
    "server.start()\n"
    "print('port', server.server_port, flush=True)\n"
    "server.serve_forever()\n"
)


def installed(folder: Path) -> Path:
    """The folder of the programs of pywb, in an environment of its own: it needs other versions of libraries than we do."""
    venv.create(folder / "venv")
    programs = folder / "venv" / "bin"
    pip = [sys.executable, "-m", "pip", "--python", programs / "python", "install", "--quiet", "--no-compile"]
    subprocess.run([*pip, "pywb>=2.8"], check=True)
    return programs


@contextmanager
def played(programs: Path, place: Path, files: Iterable[Path]) -> Iterator[str]:
    """The address of a collection with these WARC files. `place`: an empty folder for it."""
    command = [str(programs / "python"), "-c", _SERVER, *map(str, files)]
    with subprocess.Popen(command, cwd=place, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        assert server.stdout is not None
        port = next(line for line in server.stdout if line.startswith("port ")).split()[1]
        try:
            yield f"http://127.0.0.1:{port}/{COLLECTION}"
        finally:
            server.kill()


def write(path: Path, captures: Iterable[Stored]) -> None:
    """Writes captures into a WARC file, as warcio does."""
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        writer._create_temp_file = BytesIO  # warcio leaves its temporary files open
        for each in captures:
            at = each.timestamp
            date = f"{at[:4]}-{at[4:6]}-{at[6:8]}T{at[8:10]}:{at[10:12]}:{at[12:]}Z"
            head = StatusAndHeaders(f"{each.status} OK", list(each.headers), protocol="HTTP/1.1")
            record = writer.create_warc_record(
                each.url, "response", BytesIO(each.body), http_headers=head, warc_headers_dict={"WARC-Date": date}
            )
            writer.write_record(record)
