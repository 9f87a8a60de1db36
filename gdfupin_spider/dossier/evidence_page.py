"""The page in the evidence of an article: what is in the file, and how to check it, in Chinese and English."""

from ..terminal import html_text, pluralized
from .citation import Citation, plain
from .dossier import Dossier
from .packed_captures import MOST_ABSENT
from .released_line import ReleasedLine
from .time_proof import TimeProof


def evidence_page(
    dossier: Dossier,
    citation: Citation,
    released: ReleasedLine | None,
    proof: TimeProof,
    captures: int,
    stamped: int,
    left_out: int,
    shell: str,
) -> str:
    """One HTML file. `captures`: how many are packed; `stamped`: of these, those that a time stamp covers; `left_out`: captures that
    are only named; `shell`: the script of standard tools, which is printed in full."""
    title, cited = html_text(dossier.state.title), html_text(plain(citation)).replace("\n", "<br>")
    stamps_zh, stamps_en = _about_time(proof, captures, stamped)
    held_zh, held_en = _about_withheld(proof.withheld)
    left_zh, left_en = _left_out(left_out)
    line_zh, line_en = _about_release(released)
    return f"""<!doctype html><html lang=zh><head><meta charset=utf-8><title>{title}</title>
<style>body {{ max-width: 45rem; margin: 2rem auto; padding: 0 1rem; font: 16px/1.8 system-ui, sans-serif }} pre {{ overflow-x: auto }}</style>
</head><body><h1>{title}</h1><p>{cited}</p>
<h2>如何核验</h2>
<p>本文件是 ZIP 格式的 WACZ 文件，内有这篇文章的 {captures} 次采集（archive/evidence.warc.gz）、各版本的记录（evidence/records.jsonl）和每次采集的校验和（evidence/captures.json）。每个版本收入首次、末次和记录所依据的采集；此后未找到文章的采集全部收入，超过 {MOST_ABSENT} 次的收入首尾各一半。{left_zh}用 <a href="https://replayweb.page">ReplayWeb.page</a> 打开即可查看当时的页面。核验不需要本程序，在 Linux 和 macOS 上：</p>
<pre>unzip -q FILE.wacz -d files
sh files/evidence/verify.sh</pre>
<p>这个脚本只使用 <code>sha256sum</code>、<code>gzip</code> 等系统自带的工具，全文见下。每行以 ok 开头，表示页面内容与采集时的 SHA-256 一致；末行为 the evidence is whole，表示全部一致。evidence/captures.txt 每行依次为：记录的首字节、正文在解压后记录中的首字节（均从 1 起）、正文字节数、SHA-256、采集时间、地址。</p>
<pre id=shell>{html_text(shell)}</pre>
<p>在 Windows 上请用 Python 核验；该脚本还核验时间戳：</p>
<pre>tar -xf FILE.wacz evidence/verify.py
python evidence/verify.py FILE.wacz</pre>
<p>也可以用任何 WARC 工具读取，例如 <code>warcio check</code>。</p>
{line_zh}
<h3>时间戳</h3>
{stamps_zh}{held_zh}
<section lang=en><h2>How to check</h2>
<p>This is a WACZ file, which is a ZIP: it has {pluralized(captures, "capture")} of the article (archive/evidence.warc.gz), the record of each version
(evidence/records.jsonl) and the digest of each capture (evidence/captures.json). Of each version these are the first capture, the last one, and
those that its record was read from; then every capture that did not find the article since, or half of {MOST_ABSENT} from each end where there are
more. {left_en}ReplayWeb.page shows the pages as they were. To
check them, this program is not needed. On Linux and macOS the first two lines above run a script of standard tools such as <code>sha256sum</code>
and <code>gzip</code>, which is printed in full: it prints <code>ok</code> for each capture whose body has the SHA-256 that was recorded when it
was captured, and ends with <code>the evidence is whole</code>. A line of evidence/captures.txt has the first byte of the record, the first byte
of the body in the unpacked record (both counted from 1), the bytes of the body, their SHA-256, the time of the capture, and the address. On
Windows, the last two lines do the same with Python; that script also checks time stamps. Any WARC tool reads the captures, for example
<code>warcio check</code>.</p>
{line_en}
<h3>Time stamps</h3>
{stamps_en}{held_en}
</section></body></html>
"""


def _left_out(count: int) -> tuple[str, str]:
    if not count:
        return "没有其他采集。", "The archive has no other capture of it. "
    return (
        f"其余 {count} 次采集只在 evidence/not-packed.jsonl 中列出，并注明原因。",
        f"Captures that are only named, with the reason, in evidence/not-packed.jsonl: {count}. ",
    )


def _about_release(released: ReleasedLine | None) -> tuple[str, str]:
    """Where the line of the article is in a release, or that no release has it; in Chinese and in English."""
    if released is None:
        return (
            "<h3>数据集</h3><p>采集库的数据集发布版均不含这篇文章。</p>",
            "<h3>Release</h3><p>No release of the archive has this article.</p>",
        )
    of, line = html_text(released.release.release), f"{released.number:,}"
    lines = f"""<pre>sha256sum {released.file}
gzip -dc {released.file} | sha256sum
gzip -dc {released.file} | grep -nFx -f evidence/release-line.jsonl</pre>"""
    link = html_text(released.release.publication.link)
    digests = f"""<ul><li>{released.file}: <code>{released.file_sha256}</code></li>
<li><code>records_sha256</code>: <code>{released.release.records_sha256}</code></li></ul>"""
    chinese = f"""<h3>数据集</h3>
<p>evidence/release-line.jsonl 是收有这篇文章的最新发布版 {of} {link} 中 {released.file} 的第 {line} 行，逐字节相同。持有该发布版者可用以下命令核对：前两行给出的 SHA-256 应与下列数值一致，第三行应找到第 {line} 行。</p>
{lines}{digests}"""
    english = f"""<h3>Release</h3>
<p>evidence/release-line.jsonl is line {line} of {released.file} in release {of} {link}, the newest one that has the article, byte for byte.
To compare it with a copy of that release: the first two commands print the two digests in the list above, the third one finds line {line}.</p>"""
    return chinese, english


def _about_time(proof: TimeProof, captures: int, stamped: int) -> tuple[str, str]:
    """How to check the time stamps, or that there are none; in Chinese and in English."""
    if not stamped:
        return (
            "<p>本文件没有这些采集的时间戳，采集时间只有采集库自己的记录。</p>",
            "<p>The file has no time stamp of these captures: their times are known from the archive alone.</p>",
        )
    commands = dict.fromkeys(
        f"openssl ts -verify -data evidence/{each.reports[-1]} -in evidence/{stamp} -CAfile ROOTS.pem"
        for each in proof.crawls
        for stamp in each.stamps
    )
    lines = html_text("\n".join(["unzip FILE.wacz 'evidence/*'", *commands]))
    script = "python3 evidence/verify.py FILE.wacz ROOTS.pem"
    chinese = f"""<p>{captures} 次采集中有 {stamped} 次由时间戳（RFC 3161）证明在机构签发时已经存在。每次采集的校验和见 sightings.jsonl 中的一行；该文件的 SHA-256 写在当次采集的 report.json 中（files）；此后每份报告都写有前一份报告的 SHA-256（previous）；最后一份报告由时间戳机构签发。各环节列在 evidence/time.json 中。用 OpenSSL 核验时间戳：</p>
<pre>{lines}</pre>
<p>ROOTS.pem 是您所信任的机构的根证书；证书如已过期，请加上 -attime 和签发时刻（Unix 秒）。<code>{script}</code> 核验从每次采集到时间戳的全部环节，并在每行末尾给出签发时间。</p>"""
    english = f"""<p>Proven to have existed when an authority signed a time stamp (RFC 3161): {stamped} of {pluralized(captures, "capture")}. The digest of each is in a
line of sightings.jsonl; the SHA-256 of that file is in the report.json of its crawl (files); each later report has the SHA-256 of the
report before it (previous); the last one is stamped. evidence/time.json lists these steps. The commands of OpenSSL above check the
stamps. ROOTS.pem has the root certificates of the authorities that you trust; if a certificate has expired since, add -attime and the
time of the stamp in seconds since 1970. <code>{script}</code> checks all steps from each capture to its stamp, and prints the time
of the stamp at the end of each line.</p>"""
    return chinese, english


def _about_withheld(crawls: list[str]) -> tuple[str, str]:
    """Why time stamps of crawls are left out, in Chinese and in English; empty where none are."""
    if not crawls:
        return "", ""
    names = html_text(", ".join(crawls))
    return (
        f"<p>下列采集批次有时间戳，但通向时间戳的文件载有已应要求撤下的文章的地址，故未收入：{names}。核验须查阅采集库。</p>",
        "<p>The time stamps of the following crawls are left out, because the files that lead to them name articles that were "
        f"withdrawn on request: {names}. They can be checked in the archive only.</p>",
    )
