"""A web archive on loopback that speaks as the Wayback Machine does, filled from the WARC files of crawls.

It can fail in every way that we know of, which pywb's own server cannot; that one is in `pywb.py`. Below `/county/` it answers as
pywb does, for archives beside another and for answers that are cut.
"""

import json
import re
import socket
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from gdfupin_spider import warc
from gdfupin_spider.items import REPLICA_HEADER
from gdfupin_spider.replica import BASE, NONE, listings, truth
from gdfupin_spider.replica.responses import Responses
from gdfupin_spider.sources.held import sha1_of

NAMES = ("urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length")
Content = tuple[object, ...]
OWN = {REPLICA_HEADER.lower(), "connection", "transfer-encoding"}


@dataclass(frozen=True)
class Stored:
    """A capture of the archive."""

    url: str
    timestamp: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def key(self) -> str:
        return surt(self.url)

    @property
    def digest(self) -> str:
        return sha1_of(self.body)

    @property
    def mime(self) -> str:
        kind = next((value for name, value in self.headers if name.lower() == "content-type"), "unk")
        return kind.partition(";")[0].strip() or "unk"

    def row(self) -> list[str]:
        return [
            self.key, self.timestamp, self.url, self.mime, str(self.status), self.digest, str(len(self.body) // 3 + 400)
        ]  # fmt: skip


def surt(url: str) -> str:
    """The key of an address: without scheme, `www.`, default port and case."""
    host, slash, path = url.partition("://")[2].partition("/")
    host, colon, port = re.sub(r":(80|443)$", "", host.lower()).removeprefix("www.").partition(":")
    return f"{','.join(reversed(host.split('.')))}{colon}{port}){slash or '/'}{path.lower()}"


def captures_of(folder: Path, move: Callable[[str], str] = lambda timestamp: timestamp) -> Iterator[Stored]:
    """The captures of a crawl, without the mark of the replica."""
    for each in warc.read(folder, strict=True):
        if each.method == "GET":
            headers = tuple((name, value) for name, value in each.headers if name.lower() not in OWN)
            yield Stored(each.url, move(re.sub(r"\D", "", each.captured_at)), each.status, headers, each.payload)


def of_replica(markup: str, epoch: int, begin: str, numbers: Container[int] | None = None) -> list[Stored]:
    """Every page of the replica at an epoch, and the addresses that it has no more, a second each from `begin`.

    `numbers`: the articles that are archived; None: all.
    """
    responses = Responses(markup, epoch, NONE)
    now = [BASE, *listings(markup, epoch=epoch), *_parts(markup, epoch, numbers)]
    former = [url for before in range(epoch) for url in _parts(markup, before, numbers)]
    at = datetime.strptime(begin, "%Y%m%d%H%M%S")  # noqa: DTZ007
    stored = []
    for number, url in enumerate(dict.fromkeys([*now, *former])):
        response = responses.response("GET", url[len(BASE) - 1 :], {"host": "www.gdfupin.org.cn"})
        headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in response.headers)
        timestamp = f"{at + timedelta(seconds=number):%Y%m%d%H%M%S}"
        stored.append(Stored(url, timestamp, response.status, headers, response.body))
    return stored


def _parts(markup: str, epoch: int, numbers: Container[int] | None) -> list[str]:
    """Addresses of all pages of articles."""
    wanted = (each for each in truth(markup, epoch=epoch) if numbers is None or each.number in numbers)
    return [url for each in wanted for address in each.addresses for url in address.parts]


def versions_of(markup: str, epochs: Iterable[int], numbers: Container[int]) -> dict[int, list[Content]]:
    """The contents that each article had one after the other."""
    versions: dict[int, list[Content]] = {}
    for each in (each for epoch in epochs for each in truth(markup, epoch=epoch) if each.number in numbers):
        content = (each.title, each.date, each.source, each.author, each.body)
        content += (tuple(image.caption for image in each.images), tuple(file.name for file in each.attachments))
        known = versions.setdefault(each.number, [])
        if known[-1:] != [content]:
            known.append(content)
    return versions


@dataclass
class ArchiveFaults:
    """What goes wrong. Playbacks are named by (key, timestamp)."""

    withheld: set[tuple[str, str]] = field(default_factory=set)
    missing: set[tuple[str, str]] = field(default_factory=set)
    corrupt: set[tuple[str, str]] = field(default_factory=set)
    nearest: set[tuple[str, str]] = field(default_factory=set)
    """Playback redirects to the nearest other capture."""
    once: dict[tuple[str, str], str] = field(default_factory=dict)
    """The first playback fails: `500`, `closed`, `429`."""
    always: dict[tuple[str, str], str] = field(default_factory=dict)
    revisits: bool = False
    """Captures with the payload of the one before are rows without status, of type warc/revisit."""
    repeat_rows: int = 0
    """Every n-th row comes twice."""
    malformed: list[list[str]] = field(default_factory=list)
    """Rows that are put before all others."""
    hide: Callable[[int, int], bool] = lambda walk, number: False
    """Whether a walk (from 1) leaves out the row of this number."""
    cut: int = 0
    """Rows after which an answer of the pywb index ends; 0: never."""
    loop: bool = False
    """The resume key is always the same."""
    per_second: dict[str, int] = field(default_factory=dict)
    """Limits by pool: what is above gets 429."""


class WebArchiveServer:
    """Use it in a `with` block."""

    def __init__(self, captures: Iterable[Stored], faults: ArchiveFaults | None = None, port: int = 0) -> None:
        self.captures = sorted(set(captures), key=lambda each: (each.key, each.timestamp, each.url, each.digest))
        self.faults = faults or ArchiveFaults()
        self.requests: list[tuple[float, str, str, dict[str, str]]] = []
        """Time, pool, path, headers."""
        self.served: Counter[tuple[str, str]] = Counter()
        """Captures whose body was sent whole."""
        self.too_fast = 0
        self._by_key: dict[str, list[Stored]] = defaultdict(list)
        for each in self.captures:
            self._by_key[each.key].append(each)
        self.files: dict[str, bytes] = {}
        """Further files by path, which can be read by byte ranges: those of Common Crawl."""
        self._walks = 0
        self._closing = False
        self.on_request: Callable[[int], None] = lambda number: None
        """Called with the running number of each request (from 1), before it is answered."""
        self._lock = threading.Lock()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_GET(self) -> None:
                outer._answer(self)

            def log_message(self, *arguments: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 64

            def handle_error(self, request: object, client_address: object) -> None:
                pass

        self._server = Server(("127.0.0.1", port), Handler)
        self.port = self._server.server_port
        self.url = f"http://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> "WebArchiveServer":
        self._thread.start()
        return self

    def __exit__(self, *reason: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def refuse(self) -> None:
        """From now on connections are refused, and open ones are closed after their answer."""
        self._closing = True
        self._server.shutdown()  # it would go on polling the number of the socket, which soon is that of another file
        self._server.server_close()

    def add(self, stored: Stored) -> None:
        """From now on the archive has this capture, too."""
        with self._lock:
            self.captures.append(stored)
            self._by_key[stored.key].append(stored)

    def paths(self, pool: str) -> list[str]:
        return [path for _, each, path, _ in self.requests if each == pool]

    def busiest(self, pool: str, seconds: float) -> int:
        """The maximum number of requests in any period of this length."""
        times = sorted(at for at, each, *_ in self.requests if each == pool)
        return max((sum(at <= each < at + seconds for each in times) for at in times), default=0)

    # --- answers ------------------------------------------------------------------------------------------------

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        pool = "playback" if re.match(r"/(?:web|county)/\d", handler.path) else "index"
        with self._lock:
            now = time.time()
            self.requests.append((now, pool, handler.path, {k.lower(): v for k, v in handler.headers.items()}))
            limit = self.faults.per_second.get(pool)
            recent = sum(at > now - 1 and each == pool for at, each, *_ in self.requests[-500:])
            too_fast = limit is not None and recent > limit
            self.too_fast += too_fast
            number = len(self.requests)
        self.on_request(number)
        handler.close_connection = self._closing
        if too_fast:
            _send(handler, 429, [("Content-Type", "text/html")], b"<h1>429 Too Many Requests</h1>")
        elif handler.path in self.files:
            self._file(handler)
        elif handler.path.startswith("/county/cdx?"):
            self._pywb_index(handler)
        elif handler.path.startswith("/county/"):
            self._pywb_play(handler)
        elif pool == "playback":
            self._play(handler)
        elif handler.path.startswith("/cdx/search/cdx?"):
            self._index(handler)
        else:
            _send(handler, 404, [], b"no such page")

    def _index(self, handler: BaseHTTPRequestHandler) -> None:
        query = {name: values[0] for name, values in parse_qs(urlsplit(handler.path).query).items()}
        assert query["output"] == "json"
        names = query.get("fl", ",".join(NAMES)).split(",")
        assert "urlkey" in names, "without it the resume key jumps"
        if "resumeKey" not in query:
            self._walks += 1
        rows = [row for number, row in enumerate(self._rows(query["url"])) if not self.faults.hide(self._walks, number)]
        begin = int(query.get("resumeKey", "0 0").rpartition(" ")[2])
        end = begin + int(query.get("limit", "150000"))
        table = [
            names,
            *([row[NAMES.index(name)] for name in names] if len(row) == len(NAMES) else row for row in rows[begin:end]),
        ]
        if query.get("showResumeKey") == "true" and end < len(rows):
            table += [[], [f"{rows[end][0]} {0 if self.faults.loop else end}"]]
        _send(handler, 200, [("Content-Type", "application/json")], json.dumps(table if rows else []).encode())

    def _file(self, handler: BaseHTTPRequestHandler) -> None:
        data = self.files[handler.path]
        found = re.fullmatch(r"bytes=(\d+)-(\d+)", handler.headers.get("Range", ""))
        if found is None:
            _send(handler, 200, [], data)
            return
        first, last = int(found[1]), min(int(found[2]), len(data) - 1)
        _send(handler, 206, [("Content-Range", f"bytes {first}-{last}/{len(data)}")], data[first : last + 1])

    # --- as pywb 2.9 does, seen with `wayback` and `wb-manager add` ------------------------------------------------

    def _pywb_index(self, handler: BaseHTTPRequestHandler) -> None:
        query = {name: values[0] for name, values in parse_qs(urlsplit(handler.path).query).items()}
        assert not {"resumeKey", "fl", "collapse"} & set(query)
        key = surt(f"http://{query['url']}/").partition(")")[0]
        lines = []
        for number, each in enumerate(self.captures):
            if re.match(rf"{re.escape(key)}[,)]", each.key) and query["from"] <= each.timestamp[:4] <= query["to"]:
                fields = {"urlkey": each.key, "timestamp": each.timestamp, "url": each.url, "mime": each.mime,
                          "status": str(each.status), "length": "900", "offset": str(number), "filename": "c.warc.gz",
                          "digest": f"sha256:{sha256(each.body).hexdigest()}" if number % 2 else each.digest}  # fmt: skip
                lines.append(json.dumps(fields) + "\n")
        lines = lines[: self.faults.cut or None]
        _send(handler, 200, [("Content-Type", "text/x-ndjson")], "".join(lines).encode())

    def _pywb_play(self, handler: BaseHTTPRequestHandler) -> None:
        """The nearest capture at once, with its own time."""
        found = re.match(r"/county/(\d{14})id_/(.+)", handler.path)
        assert found, handler.path
        timestamp, url = found.groups()
        all_of_it = [
            each for each in self._by_key.get(surt(url), []) if (each.key, each.timestamp) not in self.faults.missing
        ]
        if not all_of_it:
            _send(handler, 404, [("Content-Type", "text/html")], b"<h1>Not found</h1>")
            return
        stored = min(all_of_it, key=lambda each: abs(int(each.timestamp) - int(timestamp)))
        at = datetime.strptime(stored.timestamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        renamed = ("server", "etag", "last-modified", "content-encoding")
        headers = [
            *((f"X-Archive-Orig-{name}" if name.lower() in renamed else name, value) for name, value in stored.headers),
            ("Memento-Datetime", format_datetime(at, usegmt=True)),
            ("Link", f'<{stored.url}>; rel="original", <{self.url}/county/{stored.url}>; rel="timegate"'),
            ("Content-Location", f"{self.url}/county/{stored.timestamp}id_/{stored.url}"),
        ]
        headers = [
            (name, f"{self.url}/county/{stored.timestamp}id_/{value}" if name.lower() == "location" else value)
            for name, value in headers
        ]
        _send(handler, stored.status, headers, stored.body)
        with self._lock:
            self.served[stored.key, stored.timestamp] += 1

    def _rows(self, domain: str) -> Iterator[list[str]]:
        key = surt(f"http://{domain}/").partition(")")[0]
        yield from self.faults.malformed
        before: Stored | None = None
        for number, each in enumerate(self.captures):
            if not re.match(rf"{re.escape(key)}[,)]", each.key):
                continue
            row = each.row()
            if self.faults.revisits and before and (before.key, before.digest) == (each.key, each.digest):
                row[3:5] = ["warc/revisit", "-"]
            yield row
            if self.faults.repeat_rows and number % self.faults.repeat_rows == 0:
                yield row
            before = each

    def _play(self, handler: BaseHTTPRequestHandler) -> None:
        found = re.match(r"/web/(\d{14})id_/(.+)", handler.path)
        assert found, handler.path
        timestamp, url = found.groups()
        name = surt(url), timestamp
        fault = self.faults.always.get(name) or self.faults.once.pop(name, None)
        if fault == "closed":
            handler.close_connection = True
            handler.connection.shutdown(socket.SHUT_RDWR)
        elif fault is not None:
            _send(handler, int(fault), [("Content-Type", "text/html")], b"the archive itself")
        elif name in self.faults.withheld:
            error = "AdministrativeAccessControlException: Blocked Site Error"
            _send(handler, 403, [("X-Archive-Wayback-Runtime-Error", error)], b"This URL has been excluded")
        elif name in self.faults.missing:
            _send(handler, 404, [], b"The Wayback Machine has not archived that URL.")
        else:
            self._capture(handler, *name)

    def _capture(self, handler: BaseHTTPRequestHandler, key: str, timestamp: str) -> None:
        all_of_it = self._by_key.get(key, [])
        stored = next((each for each in all_of_it if each.timestamp == timestamp), None)
        if stored is None or (key, timestamp) in self.faults.nearest:
            others = [each for each in all_of_it if each.timestamp != timestamp]
            if not others:
                _send(handler, 404, [], b"The Wayback Machine has not archived that URL.")
                return
            near = min(others, key=lambda each: abs(int(each.timestamp) - int(timestamp)))
            _send(handler, 302, [("Location", f"{self.url}/web/{near.timestamp}id_/{near.url}")], b"")
            return
        at = datetime.strptime(timestamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        headers = [
            ("Memento-Datetime", format_datetime(at, usegmt=True)),
            ("Link", f'<{stored.url}>; rel="original", <{self.url}/web/timemap/link/{stored.url}>; rel="timemap"'),
            ("X-Archive-Src", f"spn2-{timestamp[:8]}/{timestamp}-00000.warc.gz"),
            ("Content-Type", stored.mime),
            ("Content-Encoding", ""),
            *((f"X-Archive-Orig-{name.lower()}", value) for name, value in stored.headers),
        ]
        location = next((value for name, value in stored.headers if name.lower() == "location"), None)
        if location:
            headers.append(("Location", f"/web/{timestamp}id_/{location}"))
        body = stored.body + b"<!-- replayed -->" if (key, timestamp) in self.faults.corrupt else stored.body
        _send(handler, stored.status, headers, body)
        with self._lock:
            self.served[key, timestamp] += 1


def _send(handler: BaseHTTPRequestHandler, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
    handler.send_response_only(status)
    for name, value in headers:
        handler.send_header(name, value.encode("latin-1", "replace").decode("latin-1"))
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


@contextmanager
def archive_of(
    captures: Iterable[Stored], faults: ArchiveFaults | None = None, port: int = 0
) -> Iterator[WebArchiveServer]:
    """An archive with these captures."""
    with WebArchiveServer(captures, faults, port) as server:
        yield server


def settings_for(output: Path, server: WebArchiveServer | None = None, **settings: object) -> None:
    """Writes `operator.toml`, so that the archive is asked in place of the real ones, as fast as it can.

    `server`: None: an archive that is named by its address.
    """
    known: dict[str, object] = {"index_per_minute": 60000, "playbacks_per_minute": 600000, **settings}
    if server is not None:
        known = {"wayback": server.url, "commoncrawl_index": f"{server.url}/collinfo.json", "commoncrawl_data": server.url, **known}  # fmt: skip
    output.mkdir(parents=True, exist_ok=True)
    lines = [f"{name} = {json.dumps(value)}" for name, value in known.items()]
    (output / "operator.toml").write_text("\n".join(["[archives]", *lines, ""]))


def at_time(stored: Stored, timestamp: str) -> Stored:
    """The same capture at another time."""
    return replace(stored, timestamp=timestamp)
