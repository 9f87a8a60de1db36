"""What a WARC file says of itself."""

from pathlib import Path

from .record import records


def about(path: Path) -> dict[str, str]:
    """The fields of a file's `warcinfo`, empty where it has none. Raises ArchiveError where it cannot be opened."""
    for record in records(path, lambda damage: None):
        if record.type != "warcinfo":
            break
        pairs = (line.partition(":") for line in record.block.decode("utf-8", "replace").splitlines())
        return {name.strip(): value.strip() for name, colon, value in pairs if colon}
    return {}
