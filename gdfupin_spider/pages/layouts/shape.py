"""The address pattern of a page: pages of one pattern are usually made by one template."""

import functools
import re

from ..links.urls import identity_key

_DIGITS = re.compile(r"\d+")
_HEX = re.compile(r"(?<![a-z])[0-9a-f]{8,}(?![a-z])", re.I)
"""Digests and other long numbers in base 16: `/2019/4028e4816a.html`."""


@functools.lru_cache(maxsize=4096)
def shape(url: str) -> str:
    """The last step of the path and the folders made of digits, with digits as 0; names and digits of query fields.

    >>> shape("http://www.a.cn/news/201903/t20190305_373.html"), shape("http://a.cn/Show.asp?ID=365&page=2")
    ('0/t0_0.html', 'show.asp?id=0')
    """
    path, _, query = identity_key(url).partition("?")
    *folders, last = path.split("/")[1:] or [""]
    steps = [_fold(folder) for folder in folders if folder[:1].isdigit() or _HEX.fullmatch(folder)]
    fields = sorted(_field(*piece.partition("=")[::2]) for piece in query.split("&") if piece)
    fields = [field for field in fields if not field.startswith(("page=", "pn=", "p="))]
    return "/".join([*steps, _fold(last)]) + (f"?{'&'.join(fields)}" if fields else "")


def _field(name: str, value: str) -> str:
    return f"{name}={_fold(value) if value[:1].isdigit() or _HEX.fullmatch(value) else '*'}"


def _fold(text: str) -> str:
    return _DIGITS.sub("0", _HEX.sub("0", text))
