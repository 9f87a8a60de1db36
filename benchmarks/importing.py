"""What an import costs: python -m benchmarks.importing [gigabytes]

A WARC file of that size as other programs write it: pages of 28 KB of the generated site (`benchmarks.site`), and pictures of
1 MB that do not compress. Prints time, and the peak memory of `gdfupin import` in a process of its own.
"""

import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from .learning import HOST, captures
from .site import Site

WANTED_MB = 300
PAGES = 0.1
"""Share of the bytes that are pages."""
PROFILE = f"""
name = "site-of-pages"
title = "Site"
hosts = ["site.example"]
start_urls = ["{HOST}/"]
"""


def record(url: str, kind: str, payload: bytes) -> bytes:
    """A response, uncompressed."""
    block = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(payload)}\r\n\r\n".encode() + payload
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2013-05-06T07:08:09Z\r\n"
        f"WARC-Record-ID: <urn:x:{abs(hash(url))}>\r\nContent-Type: application/http; msgtype=response\r\n"
        f"Content-Length: {len(block)}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def records(size: int) -> Iterator[bytes]:
    """Records of about so many bytes."""
    chance = random.Random(1)
    pages = int(size * PAGES / 28_000)
    for page in captures(Site(pages)):
        yield record(page.url, "text/html; charset=gb2312", page.payload)
    for number in range(int(size * (1 - PAGES)) // 1_000_000):
        yield record(f"{HOST}/uploads/{number}.jpg", "image/jpeg", chance.randbytes(1_000_000))


def report(gigabytes: float) -> Iterator[str]:
    """What was measured, as Markdown."""
    with tempfile.TemporaryDirectory() as place:
        path = Path(place, "site.warc")
        with path.open("wb") as file:
            for one in records(int(gigabytes * 1e9)):
                file.write(one)
        profile = Path(place, "site.toml")
        profile.write_text(PROFILE)
        began = time.perf_counter()
        command = ["import", str(path), "--output", f"{place}/output", "--profile", str(profile)]
        done = subprocess.run(
            [sys.executable, "-m", "gdfupin_spider", *command], capture_output=True, text=True, check=True
        )
        took = time.perf_counter() - began
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        first = done.stdout.partition("\n")[0]
        yield (
            f"- Importing a WARC file of {path.stat().st_size / 1e9:.1f} GB: {took:.0f} s, {peak:.0f} MB (wanted: below "
            f"{WANTED_MB}); {first}"
        )


if __name__ == "__main__":
    for line in report(float(sys.argv[1]) if len(sys.argv) > 1 else 2):
        print(line, flush=True)
