"""Evidence for one article that outlives the archive: its captures and records in one WACZ file, with a way to check them.

The file opens in ReplayWeb.page. Its folder `evidence/` has the records, the line of a release, where each capture was kept, and time stamps
with what leads from the captures to them. `verify.sh` checks the digests with `sha256sum` and `gzip`: `captures.txt` has the place of each
body. `verify.py` does so with nothing but Python's own library, and follows time stamps, which it checks with OpenSSL.
"""

import hashlib
import json
import tempfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import NamedTuple

from ..archive import Archive
from ..errors import ArchiveError, NotArchived
from ..items import as_dict
from ..messages.text import N_
from ..playback import ListedPage, pack
from ..profiles import Profile
from ..releases.folder import ReleasesFolder
from ..releases.held_ids import newest_with
from ..storage.proven_capture import ProvenCapture
from ..storage.report import digest_of
from ..warc import WarcWriter, address, copy_of
from .citation import Citation, citation_of, plain
from .dossier import Dossier
from .evidence_page import evidence_page
from .packed_captures import LeftOut, packed_captures
from .released_line import ReleasedLine, released_line
from .time_proof import time_proof

NAME = "evidence"
"""Folder within the file."""
WARC = "archive/evidence.warc.gz"
"""The captures within the file."""


class PackedEvidence(NamedTuple):
    """What was written."""

    captures: int
    stamped: int
    """Captures that a time stamp covers."""
    left_out: int
    """Captures that the archive has and the file only names."""
    release: str | None
    """The newest release that has the article; None: no release has it."""
    withheld: tuple[str, ...]
    """Crawls whose time stamps are left out: their files name withdrawn articles."""


@dataclass(frozen=True, slots=True)
class _Copied:
    """A capture in the file."""

    proven: ProvenCapture
    offset: int
    """Byte of its record in the WARC file of the evidence."""
    record_bytes: int
    """What its record has at most, unpacked."""
    body_bytes: int

    def entry(self) -> dict[str, object]:
        """For `captures.json`."""
        kept_at, kept_offset = self.proven.warc, self.proven.offset
        return {**as_dict(self.proven), "kept_at": kept_at, "kept_offset": kept_offset, "offset": self.offset,
                "record_bytes": self.record_bytes}  # fmt: skip


def write_evidence(archive: Archive, output: Path, dossier: Dossier, profile: Profile, to: Path) -> PackedEvidence:
    """Writes the file. Captures that are left out are named in it. Time stamps that cover captures are in it with what leads to them.

    `output`: the folder of the archive, for its releases. Raises NotInstalled, CannotWrite, ArchiveError, and NotArchived where no capture
    can be read.
    """
    newest, ids = dossier.version(None), archive.ids(dossier.state.id)
    released = released_line(output, ids)
    cited_from = newest_with(ReleasesFolder(output), ids, str(newest.record["content_sha256"]))
    citation = citation_of(dossier, newest, profile, cited_from)
    with tempfile.TemporaryDirectory(prefix="gdfupin-evidence-") as place:
        folder = Path(place)
        chosen, torn = packed_captures(dossier), list[LeftOut]()
        captures = list(_copied(archive, dossier.state.id, chosen.packed, torn, folder))
        if not captures:
            raise NotArchived(dossier.state.id, N_("none of its captures can be read; are the WARC files here?"))
        (file,) = folder.glob("capture-*.warc.gz")
        warc = file.rename(folder / Path(WARC).name)
        pages = [_listed(dossier, each.proven) for each in captures]
        proof = time_proof(archive, {each.proven.warc.partition("/")[0] for each in captures})
        places = [(each.proven.warc, each.proven.offset, each.proven.payload_sha256) for each in captures]
        left_out = sorted((*chosen.left_out, *torn), key=lambda each: each.capture.captured_at)
        stamped = sum(each in proof.captures for each in places)
        release = released.release.release if released else None
        done = PackedEvidence(len(captures), stamped, len(left_out), release, tuple(proof.withheld))
        shell = _script("verify.sh")
        page = evidence_page(dossier, citation, released, proof, len(captures), stamped, len(left_out), shell)
        papers: dict[str, str | Path] = {
            **_records(dossier, citation, released),
            "captures.json": json.dumps([each.entry() for each in captures], ensure_ascii=False, indent=1),
            "captures.txt": "".join(_body_places(warc, captures)),
            "not-packed.jsonl": _json_lines({**as_dict(each.capture), "why": each.why} for each in left_out),
            "time.json": json.dumps([as_dict(each) for each in proof.crawls], ensure_ascii=False, indent=1),
            "verify.sh": shell,
            "verify.py": _script("verify.py.txt"),
            "README.html": page,
            **proof.files,
        }
        pack([warc], pages, dossier.state.title, to, folder, more=_with_sums(papers, digest_of(warc).sha256))
    return done


def _listed(dossier: Dossier, proven: ProvenCapture) -> ListedPage:
    """In the list of a reader: pages without the article say so."""
    title = dossier.state.title
    return ListedPage(
        str(proven.url), f"{title} ({proven.outcome})" if proven in dossier.absent else title, proven.captured_at
    )


def _copied(
    archive: Archive, id_: str, chosen: tuple[ProvenCapture, ...], torn: list[LeftOut], folder: Path
) -> Iterator[_Copied]:
    """Copies each capture. Each has its own body, so that it can be checked alone."""
    writer = WarcWriter(folder, NAME, {"description": f"evidence for {id_}"}, revisits=False)
    try:
        for proven in chosen:
            try:
                capture = archive.capture_at(proven.warc, proven.offset)
            except ArchiveError as error:
                torn.append(LeftOut(proven, f"it cannot be read: {error.reason}"))
                continue
            kept = writer.write(copy_of(capture, f"{proven.warc} {proven.offset}"))
            size = 64_000 + 2 * sum(len(name) + len(value) for name, value in capture.headers) + capture.size
            yield _Copied(proven, kept.proof.offset, size, capture.size)
    finally:
        writer.close()


def _body_places(warc: Path, captures: list[_Copied]) -> Iterator[str]:
    """A line for each capture, for `tail` and `head`: first byte of its record, first byte of its body in the unpacked record (both
    counted from 1), bytes of the body, their SHA-256, time of capture, address."""
    with warc.open("rb") as file:
        for each in captures:
            file.seek(each.offset)
            record = zlib.decompressobj(wbits=31).decompress(file.read(each.record_bytes), each.record_bytes)
            start = record.index(b"\r\n\r\n") + 4
            if b"\r\nWARC-Type: resource\r\n" not in record[:start]:  # which has a body alone
                start = record.index(b"\r\n\r\n", start) + 4
            proven = each.proven
            url = address(str(proven.url))
            yield f"{each.offset + 1} {start + 1} {each.body_bytes} {proven.payload_sha256} {proven.captured_at} {url}\n"


def _records(dossier: Dossier, citation: Citation, released: ReleasedLine | None) -> dict[str, str]:
    papers = {
        "records.jsonl": _json_lines(each.record for each in dossier.versions),
        "citation.txt": plain(citation) + "\n",
    }
    if released is None:
        why = "no release of the archive has this article"
        return papers | {"release.json": json.dumps({"release": None, "why": why}, indent=1)}
    of = released.release
    about = {
        "release": of.release,
        "date": of.date,
        "title": of.title,
        "publisher": of.publication.publisher or None,
        "address": of.publication.link or None,
        "records_sha256": of.records_sha256,
        "file": released.file,
        "file_sha256": released.file_sha256,
        "line": released.number,
        "line_sha256": hashlib.sha256(released.text.encode()).hexdigest(),
    }
    return papers | {
        "release.json": json.dumps(about, ensure_ascii=False, indent=1),
        "release-line.jsonl": released.text + "\n",
    }


def _with_sums(papers: Mapping[str, str | Path], warc_sha256: str) -> dict[str, bytes | Path]:
    """The files of the folder by their names in the WACZ, and `SHA256SUMS` of them and of the captures."""
    files = {f"{NAME}/{name}": each.encode() if isinstance(each, str) else each for name, each in papers.items()}
    sums = {WARC: warc_sha256} | {name: _sha256(content) for name, content in files.items()}
    return {**files, f"{NAME}/SHA256SUMS": "".join(f"{digest}  {name}\n" for name, digest in sums.items()).encode()}


def _sha256(content: bytes | Path) -> str:
    return digest_of(content).sha256 if isinstance(content, Path) else hashlib.sha256(content).hexdigest()


def _script(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text("utf-8")


def _json_lines(values: Iterator[Mapping[str, object]]) -> str:
    return "".join(f"{json.dumps(each, ensure_ascii=False)}\n" for each in values)
