"""Whether every record of a WARC file parses and every digest holds."""

from pathlib import Path

from gdfupin_spider.archive.digests import holds
from gdfupin_spider.archive.frames import Damage
from gdfupin_spider.archive.messages import payload_of, split_head
from gdfupin_spider.archive.reader import files, read
from gdfupin_spider.archive.record import Record, records


def check(path: Path) -> list[Damage]:
    """The damages of a WARC file, or of all `files` of a folder, in file order; empty where there are none.

    Digests of kinds we do not know are not held against a file. Raises ArchiveError where it cannot be opened.
    """
    damages: dict[tuple[Path, int], Damage] = {}

    def report(damage: Damage) -> None:
        damages.setdefault((damage.path, damage.offset), damage)

    for file in files(path) if path.is_dir() else [path]:
        for record in records(file, report):
            if reason := _broken_digest(record):
                report(Damage(file, record.offset, reason))
        for _ in read(file, report):  # what needs more than one record: requests, revisits, status lines
            pass
    return sorted(damages.values(), key=lambda damage: (len(damage.path.name), damage.path.name, damage.offset))


def _broken_digest(record: Record) -> str | None:
    block = record.field("WARC-Block-Digest")
    if block and holds(block, record.block) is False:
        return f"the block digest does not hold: {block}"
    payload = record.field("WARC-Payload-Digest")
    if payload is None or record.type == "revisit":  # of a revisit it is the digest of what it refers to
        return None
    is_http = record.type in ("request", "response") and record.url.lower().startswith(("http:", "https:"))
    # The standard means the body as it went over the wire, many tools the body without chunks.
    bodies = (split_head(record.block)[2], payload_of(record.block)) if is_http else (record.block,)
    if all(holds(payload, body) is False for body in bodies):
        return f"the payload digest does not hold: {payload}"
    return None
