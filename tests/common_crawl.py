"""The files of Common Crawl for captures of a loopback archive: list of indexes, index files in blocks, WARC and ARC files."""

import gzip
import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus

from gdfupin_spider.warc.record import member
from tests.web_archive import Stored, surt

BLOCK = 20
"""Rows of a block of an index; there 3,000."""
DECOYS = 3000
"""Rows of other sites before and behind the site, in each collection."""


def files_of(collections: Mapping[str, Sequence[Stored]], truncated: Sequence[str] = ()) -> dict[str, bytes]:
    """By path. Collections before 2013 have ARC files. `truncated`: addresses whose records are cut."""
    listed = [{"id": name, "cdx-api": f"/{name}-index"} for name in sorted(collections, reverse=True)]
    files = {"/collinfo.json": json.dumps(listed).encode()}
    for name, captures in collections.items():
        is_arc = name < "CC-MAIN-2013"
        path = f"crawl-data/{name}/segments/1/{'1.arc.gz' if is_arc else 'warc/00000.warc.gz'}"
        data = b"other records of other sites"
        lines = [
            *_decoys("cn,org,aaa)", DECOYS),
            *_decoys("cn,org,gdfupin-county)", 30),
            *_decoys("cn,org,zzz)", DECOYS),
        ]
        for each in captures:
            record = _arc(each) if is_arc else _warc(each, each.url in truncated)
            row = {"url": each.url, "mime": each.mime, "status": str(each.status), "digest": each.digest,
                   "length": str(len(record)), "offset": str(len(data)), "filename": path}  # fmt: skip
            if each.url in truncated:
                row["truncated"] = "length"
            lines.append(f"{surt(each.url)} {each.timestamp} {json.dumps(row)}")
            data += record
        files[f"/{path}"] = data
        files |= _index(f"/cc-index/collections/{name}/indexes", sorted(lines))
    return files


def _index(folder: str, lines: Sequence[str]) -> dict[str, bytes]:
    """Two index files in gzip blocks, and the first key of each block."""
    parts = [b"", b""]
    clusters = []
    for number, begin in enumerate(range(0, len(lines), BLOCK)):
        block = gzip.compress("".join(f"{line}\n" for line in lines[begin : begin + BLOCK]).encode(), mtime=0)
        part = int(begin > len(lines) // 2)
        key = " ".join(lines[begin].split(" ")[:2])
        clusters.append(f"{key}\tcdx-{part:05}.gz\t{len(parts[part])}\t{len(block)}\t{number + 1}\n")
        parts[part] += block
    return {f"{folder}/cluster.idx": "".join(clusters).encode()} | {
        f"{folder}/cdx-{number:05}.gz": part for number, part in enumerate(parts)
    }


def _decoys(key: str, count: int) -> list[str]:
    fields = json.dumps(
        {"url": "http://other.example/", "status": "200", "digest": "A" * 32, "offset": "0", "length": "9"}
    )
    return [f"{key}/{number:06}.htm 20130501000000 {fields}" for number in range(count)]


def _http(stored: Stored, body: bytes) -> bytes:
    head = f"HTTP/1.1 {stored.status} {HTTPStatus(stored.status).phrase}\r\n"
    head += "".join(f"{name}: {value}\r\n" for name, value in stored.headers)
    return head.encode("latin-1") + b"\r\n" + body


def _warc(stored: Stored, cut: bool) -> bytes:
    t = stored.timestamp
    block = _http(stored, stored.body)
    fields = [
        ("WARC-Type", "response"),
        ("WARC-Record-ID", f"<urn:uuid:00000000-0000-4000-8000-{t[2:]}>"),
        ("WARC-Date", f"{t[:4]}-{t[4:6]}-{t[6:8]}T{t[8:10]}:{t[10:12]}:{t[12:]}Z"),
        ("WARC-Target-URI", stored.url),
        ("WARC-Payload-Digest", f"sha1:{stored.digest}"),
        *([("WARC-Truncated", "length")] if cut else []),
        ("Content-Type", "application/http; msgtype=response"),
        ("Content-Length", str(len(block))),
    ]
    return member(fields, block)


def _arc(stored: Stored) -> bytes:
    block = _http(stored, stored.body)
    return gzip.compress(
        f"{stored.url} 10.0.0.1 {stored.timestamp} {stored.mime} {len(block)}\n".encode() + block + b"\n"
    )
