"""File name extensions: which addresses lead to files. The only list of extensions in the package.

Each set has a reason to differ. The replica has its own table of content types (`replica/media_files.py`), because it
is the independent truth that reading is tested against.
"""

import re
from collections.abc import Iterable

from ..rule import PatternRule

DOCUMENTS = ("doc", "docx", "xls", "xlsx", "ppt", "pptx", "pdf", "wps", "et", "txt")
MORE_DOCUMENTS = ("dps", "rtf", "csv", "ofd", "ceb")
"""Further documents that are attachments of an article. `MEDIA_PATH` never had them; no reason is recorded."""
ARCHIVES = ("rar", "zip", "7z")
RECORDINGS = ("mp3", "mp4", "avi", "wmv", "flv", "swf")
SCANS = ("tif", "tiff")
"""Pictures that browsers do not show; sites offer them for download."""
PICTURES = ("jpg", "jpeg", "gif", "png", "bmp")
PAGE_RESOURCES = ("ico", "svg", "css", "js", "xml", "exe", "apk")
"""Files that are neither pages nor attachments: parts of a page's design, feeds, programs."""


def _pattern(extensions: Iterable[str], end: str) -> str:
    return rf"\.(?:{'|'.join(extensions)}){end}"


_END_OF_NAME = "(?:[?#]|$)"
ATTACHMENT = PatternRule(
    "file-address",
    "Addresses with these extensions lead to files that an article offers, not to pages: `/upload/1.doc?id=3`.",
    _pattern((*DOCUMENTS, *MORE_DOCUMENTS, *ARCHIVES, *RECORDINGS, *SCANS), _END_OF_NAME),
    re.I,
    pages="gdfupin/attachment-behind-a-script-address-with-a-file-name gdfupin/home-under-its-file-name",
)
PICTURE = PatternRule(
    "picture-address",
    "A picture may be a link to itself in a larger size: `photo.jpg`.",
    _pattern((*PICTURES, "webp"), _END_OF_NAME),
    re.I,
    pages="gdfupin/picture-linked-to-its-large-copy-at-the-end",
)
NOT_A_PAGE = PatternRule(
    "no-page-address",
    "Addresses of pictures, style sheets, scripts and programs never lead to a page.",
    _pattern((*PICTURES, "webp", *PAGE_RESOURCES), _END_OF_NAME),
    re.I,
    pages="gdfupin/home-with-odd-addresses-and-traps",
)
MEDIA_PATH = re.compile(_pattern((*DOCUMENTS, *ARCHIVES, *PICTURES, *RECORDINGS), "$"), re.I)
"""Paths (without query) that a later crawl fetches as media, not as a page that an earlier crawl owes."""
