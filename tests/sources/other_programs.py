"""WARC files as other programs write them, filled with the pages of the replica."""

import gzip
import subprocess
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders  # type: ignore[import-untyped]
from warcio.warcwriter import WARCWriter  # type: ignore[import-untyped]

from gdfupin_spider.replica import BASE
from gdfupin_spider.sources.held import sha1_of
from tests.extract import serve
from tests.replica.walker import walk


@dataclass(frozen=True)
class Page:
    """One answer of the site."""

    url: str
    status: int
    payload: bytes
    date: str = "2013-05-06T07:08:09Z"


def site_pages(markup: str, encoding: str, *, epoch: int = 0, date: str = "2013-05-06T07:08:09Z") -> list[Page]:
    """All pages of the replica that links lead to, by address."""
    with serve(markup, epoch=epoch) as replica:
        found = walk(replica, encoding)
    return [Page(BASE.rstrip("/") + target, status, body, date) for target, (status, body) in sorted(found.items())]


def mirrored_by_wget(folder: Path, markup: str) -> Path:
    """The WARC file of `wget --recursive`. Its header of the replica gets another name: it stands for a site."""
    with serve(markup) as replica:
        subprocess.run(
            ["wget", "-q", "-r", "-l", "inf", "-e", "robots=off", "--no-warc-compression", "--warc-file=site", "--tries=1",
             "--reject-regex", "logout|delete|vote|search", BASE],
            cwd=folder,
            env={"PATH": "/usr/bin:/bin:/usr/local/bin", "http_proxy": replica.proxy},
            check=False,  # 8: the replica has links that lead to nothing
        )  # fmt: skip
    path = folder / "site.warc"
    path.write_bytes(path.read_bytes().replace(b"X-Gdfupin-Replica:", b"X-Written-By-Demo:"))
    return path


def written_by_warcio(pages: Iterable[Page], *, compressed: bool = True) -> bytes:
    """Responses with requests before them, and a record of each kind that is not a response of the site."""
    stream = BytesIO()
    writer = WARCWriter(stream, gzip=compressed)
    writer._create_temp_file = BytesIO  # warcio leaves its temporary files open
    writer.write_record(writer.create_warcinfo_record("site.warc.gz", {"software": "another program"}))
    for page in pages:
        dated = {"WARC-Date": page.date}
        request = StatusAndHeaders("GET / HTTP/1.1", [("Host", "www.gdfupin.org.cn")], is_http_request=True)
        response = StatusAndHeaders(f"{page.status} OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
        records = [
            writer.create_warc_record(page.url, "request", http_headers=request, warc_headers_dict=dated),
            writer.create_warc_record(
                page.url,
                "response",
                BytesIO(page.payload),
                http_headers=response,
                warc_headers_dict=dated | {"WARC-Payload-Digest": f"sha1:{sha1_of(page.payload)}"},
            ),
        ]
        writer.write_request_response_pair(*records)
    for kind, url in (("metadata", "metadata://other/crawl"), ("conversion", f"{BASE}logo.txt")):
        writer.write_record(writer.create_warc_record(url, kind, BytesIO(b"text of a picture")))
    return stream.getvalue()


def members(warc: bytes) -> list[bytes]:
    """The gzip members of a WARC file, one for each record."""
    starts = [at for at in range(len(warc)) if warc.startswith(b"\x1f\x8b\x08", at) and _begins(warc, at)]
    return [warc[start:end] for start, end in zip(starts, [*starts[1:], len(warc)], strict=True)]


def _begins(warc: bytes, at: int) -> bool:
    try:
        return gzip.GzipFile(fileobj=BytesIO(warc[at : at + 4096])).read(5) == b"WARC/"
    except (OSError, EOFError):
        return False


def as_arc(pages: Sequence[Page]) -> bytes:
    """An ARC file of version 1, as Heritrix 1 wrote it."""
    head = b"1 0 InternetArchive\nURL IP-address Archive-date Content-type Archive-length\n\n"
    out = [gzip.compress(b"filedesc://site.arc.gz 0.0.0.0 20100101000000 text/plain %d\n" % len(head) + head)]
    for page in pages:
        block = b"HTTP/1.1 %d OK\r\nContent-Type: text/html\r\n\r\n" % page.status + page.payload
        stamp = "".join(sign for sign in page.date if sign.isdigit()).encode()
        line = b"%s 1.2.3.4 %s text/html %d\n" % (page.url.encode(), stamp, len(block))
        out.append(gzip.compress(line + block + b"\n"))
    return b"".join(out)


def as_wacz(warcs: Sequence[bytes]) -> bytes:
    """A WACZ with these WARC files."""
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("datapackage.json", "{}")
        for number, warc in enumerate(warcs):
            archive.writestr(f"archive/data-{number}.warc.gz", warc)
    return stream.getvalue()
