"""The worker: reads pages that its parent sends, and answers whether that was possible. Run as a module."""

import gc
import pickle
import resource
import sys
from typing import BinaryIO

from .. import pages
from ..items import Capture
from ..pages.learning.sketch import sketch
from ..profiles import Profile
from .worker_process import FAILED, LENGTH, READ, READY

MEMORY = 1_000_000_000
"""Bytes of address space beyond which reading fails. A page within the bounds of `pages/` needs 150 MB."""


def main(requests: BinaryIO, answers: BinaryIO) -> None:
    """Reads until the parent ends."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    answers.write(READY)
    answers.flush()
    profile: Profile | None = None
    while len(head := requests.read(LENGTH.size)) == LENGTH.size:
        capture, sent, seconds = pickle.loads(requests.read(LENGTH.unpack(head)[0]))  # from the parent alone
        profile = sent or profile
        assert profile is not None
        _limit_time(seconds)
        try:
            _read(capture, profile)
            answer = READ
        except Exception:  # noqa: BLE001 - whatever a page does, the parent must know that it did
            answer = FAILED
        answers.write(answer)
        answers.flush()
        gc.collect()


def _read(capture: Capture, profile: Profile) -> None:
    """All that a crawl does with a page later."""
    page = pages.read(capture, profile)
    if page.kind == "article":
        pages.article((page,))
    sketch(page)


def _limit_time(seconds: float) -> None:
    """Lets the kernel end this process where the parent is killed before it can: one thread uses no more than the time that passes."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    limit = int(used.ru_utime + used.ru_stime + seconds + 2)
    resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.getrlimit(resource.RLIMIT_CPU)[1]))


if __name__ == "__main__":
    main(sys.stdin.buffer, sys.stdout.buffer)
