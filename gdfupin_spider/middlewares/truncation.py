"""A Content-Length that says too little cuts a page without a trace, but for its end."""

from ..items import Capture

NO_END = "no-end"
SURE = 5
"""So many pages with an end to one without, and so many at least, make a missing end suspicious."""


class Endings:
    """How pages of this site end: where nearly all close their <html>, one that does not was perhaps cut off."""

    def __init__(self) -> None:
        self.finished = self.unfinished = 0

    def doubt(self, capture: Capture) -> str | None:
        """`no-end` where this page had better be fetched again."""
        ending = ends(capture)
        if ending is None:
            return None
        if ending:
            self.finished += 1
            return None
        return NO_END if self.finished >= SURE * (1 + self.unfinished) else None


def ends(capture: Capture) -> bool | None:
    """Whether an HTML page has its end; None for what is no HTML page, or compressed."""
    if capture.status != 200 or capture.header("content-encoding"):
        return None
    if b"<html" not in capture.payload[:3000].lower():
        return None
    tail = capture.payload[-3000:].lower()
    return b"</html" in tail or b"</frameset" in tail
