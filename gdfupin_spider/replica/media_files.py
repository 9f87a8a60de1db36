"""Small valid files for pictures and attachments. Each name has its own bytes, the same on every run."""

import hashlib
import struct
import zlib

_TYPES = {
    "png": "image/png", "jpg": "image/jpeg", "gif": "image/gif", "doc": "application/msword",
    "xls": "application/vnd.ms-excel", "pdf": "application/pdf", "rar": "application/x-rar-compressed",
    "css": "text/css", "js": "application/x-javascript", "ico": "image/x-icon",
}  # fmt: skip


def media(name: str) -> tuple[str, bytes]:
    """Content type and bytes of a file, determined by its name."""
    ending = name.rpartition(".")[2].lower()
    stamp = hashlib.sha256(name.encode()).digest()
    match ending:
        case "jpg" | "png" | "gif" | "ico":
            content = _png(stamp)  # old sites name PNG files .jpg too, and browsers look at the bytes
        case "pdf":
            content = _pdf(stamp.hex())
        case "doc" | "xls":
            content = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + stamp * 32
        case "rar":
            content = b"Rar!\x1a\x07\x00" + stamp * 8
        case "css":
            content = b"td{font-size:12px}\r\n"
        case _:
            content = b"// \r\n"
    return _TYPES.get(ending, "application/octet-stream"), content


def _png(stamp: bytes) -> bytes:
    width, height = 8, 8
    rows = b"".join(b"\x00" + bytes(stamp[(y + x) % 32] for x in range(width) for _ in range(3)) for y in range(height))

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")


def _pdf(text: str) -> bytes:
    stream = f"BT /F1 12 Tf 20 100 Td ({text[:24]}) Tj ET".encode()
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%b\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    made, offsets = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        offsets.append(len(made))
        made += b"%d 0 obj%b endobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return (
        made
        + b"xref\n0 6\n0000000000 65535 f \n"
        + table
        + b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(made)
    )
