"""File name extensions: which addresses lead to files. The only list of extensions in the package.

Each set has a reason to differ. The replica has its own table of content types (`replica/media_files.py`), because it
is the independent truth that reading is tested against.
"""

import re
from collections.abc import Iterable

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


def _pattern(extensions: Iterable[str], end: str) -> re.Pattern[str]:
    return re.compile(rf"\.(?:{'|'.join(extensions)}){end}", re.I)


_END_OF_NAME = "(?:[?#]|$)"
ATTACHMENT = _pattern((*DOCUMENTS, *MORE_DOCUMENTS, *ARCHIVES, *RECORDINGS, *SCANS), _END_OF_NAME)
"""Addresses of files that an article offers, as opposed to pages: `/upload/1.doc?id=3`."""
PICTURE = _pattern((*PICTURES, "webp"), _END_OF_NAME)
"""Addresses of pictures that browsers show: `photo.jpg`."""
NOT_A_PAGE = _pattern((*PICTURES, "webp", *PAGE_RESOURCES), _END_OF_NAME)
"""Addresses that never lead to a page and are no attachment either: pictures and page resources."""
MEDIA_PATH = _pattern((*DOCUMENTS, *ARCHIVES, *PICTURES, *RECORDINGS), "$")
"""Paths (without query) that a later crawl fetches as media, not as a page that an earlier crawl owes."""
