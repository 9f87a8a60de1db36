"""WARC digests: `sha256:<hex>` in what we write, whatever the standard allows in what we read."""

import base64
import binascii
import hashlib
from typing import BinaryIO


def sha256(data: bytes) -> str:
    """As it stands in our records: the same hex digits as `Proof.payload_sha256`.

    >>> sha256(b"")
    'sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
    """
    return "sha256:" + hashlib.sha256(data).hexdigest()


def sha256_of(begin: bytes, file: BinaryIO) -> str:
    """The same of these bytes and the content of a file behind them."""
    hashed = hashlib.sha256(begin)
    file.seek(0)
    while piece := file.read(1 << 18):
        hashed.update(piece)
    return "sha256:" + hashed.hexdigest()


def holds(digest: str, data: bytes) -> bool | None:
    """Whether the data has this digest; None where the digest is of a kind we do not know.

    Base16, base32 and base64 of any case and padding are taken, as tools differ.

    >>> holds("sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ", b"")
    True
    >>> holds("sha1:da39a3ee5e6b4b0d3255bfef95601890afd80709", b"x")
    False
    >>> holds("crc:1234", b"") is None
    True
    """
    name, _, text = digest.strip().partition(":")
    algorithm = name.lower().replace("-", "")
    if algorithm not in hashlib.algorithms_guaranteed or algorithm.startswith("shake"):
        return None
    found = hashlib.new(algorithm, data, usedforsecurity=False).digest()
    return found in _values(text.strip(), len(found))


def _values(text: str, length: int) -> list[bytes]:
    """The bytes a digest may stand for, by its length."""
    bare = text.rstrip("=")
    try:
        if len(bare) == length * 2:
            return [bytes.fromhex(bare)]
        if len(bare) == -(-length * 8 // 5):
            return [base64.b32decode(bare.upper() + "=" * (-len(bare) % 8))]
        return [base64.b64decode(bare.translate(_URL_SAFE) + "=" * (-len(bare) % 4), validate=True)]
    except (ValueError, binascii.Error):
        return []


_URL_SAFE = str.maketrans("-_", "+/")
