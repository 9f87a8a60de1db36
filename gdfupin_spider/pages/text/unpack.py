"""Removing content encodings: gzip, deflate, brotli, Zstandard, by header or by first bytes, with a size limit."""

import zlib
from collections.abc import Callable

import brotli
import zstandard

from ...messages.text import N_

UNPACKED_LIMIT = 10_000_000
"""Maximum size of an unpacked payload in bytes, that of a page that is not packed. The largest known article page is far
below 1 MB; more is a decompression bomb."""
MOST_MEMBERS = 1_000
"""Maximum number of gzip members or zlib streams of a payload. Servers send one; some append one for each part of a page."""
MOST_CODINGS = 3
"""Maximum number of encodings on top of each other; no server is known that uses more than two."""
TOO_MUCH = "unpacks to more than"
"""How the error of a payload begins that exceeds a bound."""


def unpack(payload: bytes, content_encoding: str | None, limit: int = UNPACKED_LIMIT) -> tuple[bytes, str | None]:
    """The payload without its content encodings, at most `limit` bytes, and what went wrong or None.

    A wrong header (gzip declared but plain sent, or the reverse) is recognised by the bytes. Of a truncated stream
    the readable part is kept.

    >>> unpack(b"plain", "gzip")
    (b'plain', None)
    """
    names = [name.strip().lower() for name in (content_encoding or "").split(",") if name.strip()]
    if not names and payload[:2] == b"\x1f\x8b":
        names = ["gzip"]
    error = None
    for name in reversed(names[-MOST_CODINGS:]):
        opener = _OPENERS.get(name)
        if opener is None or not payload:
            continue
        if opener is _gunzip and payload[:2] != b"\x1f\x8b":
            continue  # not gzip, although the header declares it
        unpacked, error = opener(payload, limit)
        if error and not unpacked:
            return payload, N_("{coding}: {reason}", coding=name, reason=error)
        payload = unpacked
        if error:
            return payload, N_("{coding}: {reason}", coding=name, reason=error)
    return payload, error


def _inflate(payload: bytes, limit: int, wbits: int) -> tuple[bytes, str | None]:
    out = bytearray()
    for _ in range(MOST_MEMBERS):
        stream = zlib.decompressobj(wbits)
        try:
            out += stream.decompress(payload, limit - len(out) + 1)
        except zlib.error as error:
            # Decompress again in small blocks, to keep what precedes the fault.
            return bytes(out) + _until_fault(payload, limit - len(out), wbits), str(error)
        if len(out) > limit:
            return bytes(out[:limit]), N_("unpacks to more than {limit:d} bytes", limit=limit)
        if not stream.eof:
            return bytes(out + stream.flush()), N_("ends too early")
        payload = stream.unused_data
        if payload[:2] != b"\x1f\x8b":
            return bytes(out), None
    return bytes(out), N_("unpacks to more than {members:d} members", members=MOST_MEMBERS)


def _until_fault(payload: bytes, limit: int, wbits: int) -> bytes:
    stream, out = zlib.decompressobj(wbits), bytearray()
    try:
        for start in range(0, len(payload), 64):
            out += stream.decompress(payload[start : start + 64], max(1, limit - len(out)))
            if len(out) >= limit:
                break
    except zlib.error:
        pass  # the fault is expected; `out` has what precedes it
    return bytes(out[:limit])


def _gunzip(payload: bytes, limit: int) -> tuple[bytes, str | None]:
    return _inflate(payload, limit, 31)


def _undeflate(payload: bytes, limit: int) -> tuple[bytes, str | None]:
    # "deflate" is zlib by the standard, and raw deflate on some servers.
    out, error = _inflate(payload, limit, 15)
    return _inflate(payload, limit, -15) if error and not out else (out, error)


def _unbrotli(payload: bytes, limit: int) -> tuple[bytes, str | None]:
    stream, out = brotli.Decompressor(), b""
    try:
        out = stream.process(payload, output_buffer_limit=limit + 1)
        while not stream.is_finished() and len(out) <= limit:
            more = stream.process(b"", output_buffer_limit=limit + 1 - len(out))
            if not more:
                return out, N_("ends too early")
            out += more
    except brotli.error as error:
        return out, str(error)
    return (out[:limit], N_("unpacks to more than {limit:d} bytes", limit=limit)) if len(out) > limit else (out, None)


def _unzstd(payload: bytes, limit: int) -> tuple[bytes, str | None]:
    out = bytearray()
    try:
        with zstandard.ZstdDecompressor(max_window_size=2**27).stream_reader(
            payload, read_across_frames=True
        ) as stream:
            while len(out) <= limit and (block := stream.read(min(1 << 20, limit + 1 - len(out)))):
                out += block
        if len(out) <= limit and not _zstd_is_whole(payload):
            return bytes(out), N_("ends too early")
    except zstandard.ZstdError as error:
        return bytes(out), str(error)
    return (
        (bytes(out[:limit]), N_("unpacks to more than {limit:d} bytes", limit=limit))
        if len(out) > limit
        else (bytes(out), None)
    )


def _zstd_is_whole(payload: bytes) -> bool:
    """True if the last frame is complete, which the stream reader does not report; of too many frames the first ones decide.

    Only for data within the limit.
    """
    for _ in range(MOST_MEMBERS):
        if not payload:
            break
        frame = zstandard.ZstdDecompressor(max_window_size=2**27).decompressobj()
        frame.decompress(payload)
        if not frame.eof:
            return False
        payload = frame.unused_data
    return True


_OPENERS: dict[str, Callable[[bytes, int], tuple[bytes, str | None]]] = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _undeflate,
    "br": _unbrotli,
    "zstd": _unzstd,
}
