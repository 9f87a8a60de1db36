"""Saving an inspected page as a page of the corpus: its bytes, URL, status and headers."""

import json
from pathlib import Path

from ..errors import CannotWrite
from ..items import Capture
from ..messages.text import N_

KEPT_HEADERS = frozenset(("content-type", "content-encoding", "content-language", "last-modified", "location"))
"""Headers that can change how a page is read; cookies and the like do not belong into a corpus."""


def save(capture: Capture, folder: Path) -> None:
    """Write `page.html` and `capture.json` into a new folder `corpus/<profile>/<what-it-shows>/`.

    `expected.json` comes from `pytest tests/pages/test_corpus.py --write-expected`, to be checked and corrected by
    hand. Raises CannotWrite, also if the folder has a page already.
    """
    if (folder / "capture.json").exists():
        raise CannotWrite(folder, N_("holds a page already; name another folder"))
    about = {
        "url": capture.url,
        "status": capture.status,
        "headers": [[name, value] for name, value in capture.headers if name.lower() in KEPT_HEADERS],
        "captured_at": capture.captured_at,
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "page.html").write_bytes(capture.payload)
        (folder / "capture.json").write_text(json.dumps(about, ensure_ascii=False, indent=1) + "\n", "utf-8")
    except OSError as error:
        raise CannotWrite(folder, error.strerror or str(error)) from error
