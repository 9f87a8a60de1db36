"""Evidence for one article that outlives the archive: its captures and records in one WACZ file, with a way to check them.

The file opens in ReplayWeb.page. Its folder `evidence/` has the records, where each capture was kept, and a script that checks
the digests with nothing but Python's own library.
"""

import json
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from ..archive import Archive
from ..errors import ArchiveError, NotArchived
from ..items import as_dict
from ..playback import ListedPage, pack
from ..storage.proven_capture import ProvenCapture
from ..terminal import html_text
from ..warc import WarcWriter, copy_of
from .citation import Citation, plain
from .dossier import Dossier

NAME = "evidence"
"""Folder within the file."""
VERIFY = '''"""Checks the captures in this file: python3 verify.py FILE.wacz (Python 3.8 or newer, nothing to install)."""
import gzip, hashlib, io, json, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as wacz:
    warc = wacz.read("archive/evidence.warc.gz")
    captures = json.loads(wacz.read("evidence/captures.json"))
    bad = wacz.testzip()
for one in captures:
    record = gzip.GzipFile(fileobj=io.BytesIO(warc[one["offset"]:])).read(one["record_bytes"])
    head, _, block = record.partition(b"\\r\\n\\r\\n")
    length = int(next(line.split(b":")[1] for line in head.split(b"\\r\\n") if line.lower().startswith(b"content-length:")))
    block = block[:length]
    body = block if b"WARC-Type: resource" in head else block.partition(b"\\r\\n\\r\\n")[2]
    same = hashlib.sha256(body).hexdigest() == one["payload_sha256"]
    print("ok " if same else "BAD", one["captured_at"], one["status"], one["url"], one["payload_sha256"])
    bad = bad or (None if same else one["url"])
sys.exit("the evidence was changed" if bad else 0)
'''


def write_evidence(archive: Archive, dossier: Dossier, citation: Citation, to: Path) -> int:
    """Writes the file and returns the number of captures in it. Captures that cannot be read are named in it.

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
        pack([warc], pages, dossier.state.title, to, folder, more=_papers(dossier, citation, captures))
    return len(captures)


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


def _papers(dossier: Dossier, citation: Citation, captures: list[dict[str, object]]) -> Mapping[str, str]:
    records = "".join(f"{json.dumps(each.record, ensure_ascii=False)}\n" for each in dossier.versions)
    return {
        f"{NAME}/captures.json": json.dumps(captures, ensure_ascii=False, indent=1),
        f"{NAME}/records.jsonl": records,
        f"{NAME}/citation.txt": plain(citation) + "\n",
        f"{NAME}/verify.py": VERIFY,
        f"{NAME}/README.html": _page(dossier, citation, len(captures)),
    }


def _page(dossier: Dossier, citation: Citation, count: int) -> str:
    """How to check the file, in both languages."""
    title, cited = html_text(dossier.state.title), html_text(plain(citation)).replace("\n", "<br>")
    return f"""<!doctype html><html lang=zh><head><meta charset=utf-8><title>{title}</title>
<style>body {{ max-width: 45rem; margin: 2rem auto; padding: 0 1rem; font: 16px/1.8 system-ui, sans-serif }} pre {{ overflow-x: auto }}</style>
</head><body><h1>{title}</h1><p>{cited}</p>
<h2>如何核验</h2>
<p>本文件是 ZIP 格式的 WACZ 文件，内有这篇文章的 {count} 次采集（archive/evidence.warc.gz）、各版本的记录（evidence/records.jsonl）和每次采集的校验和（evidence/captures.json）。用 <a href="https://replayweb.page">ReplayWeb.page</a> 打开即可查看当时的页面。核验不需要本程序：</p>
<pre>unzip FILE.wacz evidence/verify.py
python3 evidence/verify.py FILE.wacz</pre>
<p>每行以 ok 开头，表示页面内容与采集时的 SHA-256 一致。也可以用任何 WARC 工具读取，例如 <code>warcio check</code>。</p>
<h2>How to check</h2>
<p>This is a WACZ file, which is a ZIP: it has {count} captures of the article (archive/evidence.warc.gz), the record of each version
(evidence/records.jsonl) and the digest of each capture (evidence/captures.json). ReplayWeb.page shows the pages as they were. To
check them, this program is not needed: the two lines above print <code>ok</code> for each capture whose body has the SHA-256 that was
recorded when it was captured. Any WARC tool reads the captures, for example <code>warcio check</code>.</p>
</body></html>
"""
