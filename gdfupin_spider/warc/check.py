"""Whether every record of a WARC file parses and every digest holds."""

from collections.abc import Iterator
from pathlib import Path

from ..items import Capture
from ..messages.text import N_
from .digests import holds
from .frames import Damage, Report
from .messages import payload_of, split_head
from .reader import files, paired
from .record import Record, records


def check(path: Path) -> list[Damage]:
    """The damages of a WARC file, or of all `files` of a folder, in file order; empty where there are none.

    Digests of kinds we do not know are not held against a file. Raises ArchiveError where it cannot be opened.
    """
    damages: list[Damage] = []
    for file in files(path) if path.is_dir() else [path]:
        for _ in checked(file, damages.append):
            pass
    return sorted(damages, key=lambda damage: (len(damage.path.name), damage.path.name, damage.offset))


def checked(file: Path, damage: Report) -> Iterator[Capture]:
    """The captures of a WARC file, as `read` gives them, while each record and digest is checked, in one pass.

    One damage is reported for each damaged record. Raises ArchiveError where the file cannot be opened.
    """
    reported: set[int] = set()

    def report(found: Damage) -> None:
        if found.offset not in reported:
            reported.add(found.offset)
            damage(found)

    def proven() -> Iterator[Record]:
        for record in records(file, report):
            if reason := _broken_digest(record):
                report(Damage(file, record.offset, reason))
            yield record

    return paired(file, proven(), report)


def _broken_digest(record: Record) -> str | None:
    block = record.field("WARC-Block-Digest")
    if block and holds(block, record.block) is False:
        return N_("the block digest does not hold: {block}", block=block)
    payload = record.field("WARC-Payload-Digest")
    if payload is None or record.type == "revisit":  # of a revisit it is the digest of what it refers to
        return None
    is_http = record.type in ("request", "response") and record.url.lower().startswith(("http:", "https:"))
    # The standard means the body as it went over the wire, many tools the body without chunks.
    bodies = (split_head(record.block)[2], payload_of(record.block)) if is_http else (record.block,)
    if all(holds(payload, body) is False for body in bodies):
        return N_("the payload digest does not hold: {payload}", payload=payload)
    return None
