"""Evidence for one article that outlives the archive: its captures and records in one WACZ file, with a way to check them.

The file opens in ReplayWeb.page. Its folder `evidence/` has the records, where each capture was kept, time stamps with what leads from the
captures to them, and a script that checks the digests with nothing but Python's own library, and the stamps with OpenSSL.
"""

import json
import tempfile
from collections.abc import Iterator, Mapping
from importlib import resources
from pathlib import Path
from typing import NamedTuple

from ..archive import Archive
from ..errors import ArchiveError, NotArchived
from ..items import as_dict
from ..playback import ListedPage, pack
from ..storage.proven_capture import ProvenCapture
from ..terminal import html_text, pluralized
from ..warc import WarcWriter, copy_of
from .citation import Citation, plain
from .dossier import Dossier
from .time_proof import TimeProof, time_proof

NAME = "evidence"
"""Folder within the file."""


class PackedEvidence(NamedTuple):
    """What was written."""

    captures: int
    stamped: int
    """Captures that a time stamp covers."""


def write_evidence(archive: Archive, dossier: Dossier, citation: Citation, to: Path) -> PackedEvidence:
    """Writes the file. Captures that cannot be read are named in it. Time stamps that cover captures are in it with what leads to them.

    Raises NotInstalled, CannotWrite, and NotArchived where no capture can be read.
    """
    with tempfile.TemporaryDirectory(prefix="gdfupin-evidence-") as place:
        folder = Path(place)
        captures = list(_copied(archive, dossier, folder))
        if not captures:
            raise NotArchived(dossier.state.id, "none of its captures can be read; are the WARC files here?")
        (file,) = folder.glob("capture-*.warc.gz")
        warc = file.rename(folder / "evidence.warc.gz")
        pages = [ListedPage(str(one["url"]), dossier.state.title, str(one["captured_at"])) for one in captures]
        proof = time_proof(archive.path, {str(one["kept_at"]).partition("/")[0] for one in captures})
        places = [(one["kept_at"], one["kept_offset"], one["payload_sha256"]) for one in captures]
        done = PackedEvidence(len(captures), sum(place in proof.captures for place in places))
        papers = _papers(dossier, citation, captures, proof, done)
        pack([warc], pages, dossier.state.title, to, folder, more=papers)
    return done


def _copied(archive: Archive, dossier: Dossier, folder: Path) -> Iterator[dict[str, object]]:
    """Copies each capture and returns its entries for `captures.json`."""
    writer = WarcWriter(folder, NAME, {"description": f"evidence for {dossier.state.id}"})
    try:
        for proven in _all(dossier):
            try:
                capture = archive.capture_at(proven.warc, proven.offset)
            except ArchiveError:
                continue  # its file was moved out, or is damaged; the records still name it
            kept = writer.write(copy_of(capture, f"{proven.warc} {proven.offset}"))
            size = 64_000 + 2 * sum(len(name) + len(value) for name, value in capture.headers) + capture.size
            yield {**as_dict(proven), "kept_at": proven.warc, "kept_offset": proven.offset, "offset": kept.proof.offset,
                   "record_bytes": size}  # fmt: skip
    finally:
        writer.close()


def _all(dossier: Dossier) -> Iterator[ProvenCapture]:
    """Each capture once, in capture order; of one payload only the first, as others would be references to it."""
    seen: set[str] = set()
    for one in (*(each for version in dossier.versions for each in version.captures), *dossier.absent):
        if one.payload_sha256 is not None and one.payload_sha256 not in seen:
            seen.add(one.payload_sha256)
            yield one


def _papers(
    dossier: Dossier, citation: Citation, captures: list[dict[str, object]], proof: TimeProof, done: PackedEvidence
) -> Mapping[str, str | bytes]:
    records = "".join(f"{json.dumps(each.record, ensure_ascii=False)}\n" for each in dossier.versions)
    return {
        f"{NAME}/captures.json": json.dumps(captures, ensure_ascii=False, indent=1),
        f"{NAME}/records.jsonl": records,
        f"{NAME}/citation.txt": plain(citation) + "\n",
        f"{NAME}/verify.py": resources.files(__package__).joinpath("verify.py.txt").read_text("utf-8"),
        f"{NAME}/README.html": _page(dossier, citation, proof, done),
        f"{NAME}/time.json": json.dumps([as_dict(each) for each in proof.crawls], ensure_ascii=False, indent=1),
        **{f"{NAME}/{name}": file.read_bytes() for name, file in proof.files.items()},
    }


def _page(dossier: Dossier, citation: Citation, proof: TimeProof, done: PackedEvidence) -> str:
    """How to check the file, in both languages."""
    title, cited = html_text(dossier.state.title), html_text(plain(citation)).replace("\n", "<br>")
    chinese, english = _about_time(proof, done)
    return f"""<!doctype html><html lang=zh><head><meta charset=utf-8><title>{title}</title>
<style>body {{ max-width: 45rem; margin: 2rem auto; padding: 0 1rem; font: 16px/1.8 system-ui, sans-serif }} pre {{ overflow-x: auto }}</style>
</head><body><h1>{title}</h1><p>{cited}</p>
<h2>如何核验</h2>
<p>本文件是 ZIP 格式的 WACZ 文件，内有这篇文章的 {done.captures} 次采集（archive/evidence.warc.gz）、各版本的记录（evidence/records.jsonl）和每次采集的校验和（evidence/captures.json）。用 <a href="https://replayweb.page">ReplayWeb.page</a> 打开即可查看当时的页面。核验不需要本程序：</p>
<pre>unzip FILE.wacz evidence/verify.py
python3 evidence/verify.py FILE.wacz</pre>
<p>每行以 ok 开头，表示页面内容与采集时的 SHA-256 一致。也可以用任何 WARC 工具读取，例如 <code>warcio check</code>。</p>
{chinese}
<h2>How to check</h2>
<p>This is a WACZ file, which is a ZIP: it has {pluralized(done.captures, "capture")} of the article (archive/evidence.warc.gz), the record of each version
(evidence/records.jsonl) and the digest of each capture (evidence/captures.json). ReplayWeb.page shows the pages as they were. To
check them, this program is not needed: the two lines above print <code>ok</code> for each capture whose body has the SHA-256 that was
recorded when it was captured. Any WARC tool reads the captures, for example <code>warcio check</code>.</p>
{english}
</body></html>
"""


def _about_time(proof: TimeProof, done: PackedEvidence) -> tuple[str, str]:
    """How to check the time stamps, or that there are none; in Chinese and in English."""
    if not done.stamped:
        return (
            "<h3>时间戳</h3><p>这些采集没有时间戳，采集时间只有采集库自己的记录。</p>",
            "<h3>Time stamps</h3><p>No time stamp covers these captures: their times are known from the archive alone.</p>",
        )
    commands = dict.fromkeys(
        f"openssl ts -verify -data {NAME}/{each.reports[-1]} -in {NAME}/{stamp} -CAfile ROOTS.pem"
        for each in proof.crawls
        for stamp in each.stamps
    )
    lines = html_text("\n".join([f"unzip FILE.wacz '{NAME}/*'", *commands]))
    script = f"python3 {NAME}/verify.py FILE.wacz ROOTS.pem"
    chinese = f"""<h3>时间戳</h3>
<p>{done.captures} 次采集中有 {done.stamped} 次由时间戳（RFC 3161）证明在机构签发时已经存在。每次采集的校验和见 sightings.jsonl 中的一行；该文件的 SHA-256 写在当次采集的 report.json 中（files）；此后每份报告都写有前一份报告的 SHA-256（previous）；最后一份报告由时间戳机构签发。各环节列在 evidence/time.json 中。用 OpenSSL 核验时间戳：</p>
<pre>{lines}</pre>
<p>ROOTS.pem 是您所信任的机构的根证书；证书如已过期，请加上 -attime 和签发时刻（Unix 秒）。<code>{script}</code> 核验从每次采集到时间戳的全部环节，并在每行末尾给出签发时间。</p>"""
    english = f"""<h3>Time stamps</h3>
<p>Proven to have existed when an authority signed a time stamp (RFC 3161): {done.stamped} of {pluralized(done.captures, "capture")}. The digest of each is in a
line of sightings.jsonl; the SHA-256 of that file is in the report.json of its crawl (files); each later report has the SHA-256 of the
report before it (previous); the last one is stamped. evidence/time.json lists these steps. The commands of OpenSSL above check the
stamps. ROOTS.pem has the root certificates of the authorities that you trust; if a certificate has expired since, add -attime and the
time of the stamp in seconds since 1970. <code>{script}</code> checks all steps from each capture to its stamp, and prints the time
of the stamp at the end of each line.</p>"""
    return chinese, english
