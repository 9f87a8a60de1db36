"""What the benchmarks print, in Chinese, for docs/zh/benchmarks.md: sentences with their figures, and words of tables.

A line that is not known stays as it is; a test of the papers names it.
"""

import functools
import re

SENTENCES = {
    "{before}, {cores} cores, {after}": "{before}, {cores} 核, {after}",
    "{pages} article pages; {sites} sites have {few} or more of them.": "{pages} 个文章页；{sites} 个网站各有 {few} 个以上。",
    "Speed on {pages} pages of {least} to {most} KB:": "速度，{pages} 个 {least} 至 {most} KB 的页面：",
    "- **{times} times** decoding and lxml parsing alone (median; nine of ten below {slow}; wanted: {wanted} or less)": "- 用时为仅解码和 lxml 解析的 **{times} 倍**（中位数；十分之九低于 {slow}；目标：{wanted} 以下）",
    "- **{times} times** as fast as trafilatura with metadata (median; wanted: {wanted} or more)": "- 速度为 trafilatura（含元数据）的 **{times} 倍**（中位数；目标：{wanted} 以上）",
    "{sites} sites, {articles} articles. Each cell: coverage / precision.": "{sites} 个网站，{articles} 篇文章。每格：覆盖率 / 准确率。",
    "- Learning from {pages} pages of {size} KB: {took} s of CPU, of these {last} s after the last page; {peak} MB (wanted: below {wanted}); {layouts} layout{s}": "- 从 {pages} 个 {size} KB 的页面学习：CPU {took} 秒，其中最后一页之后 {last} 秒；{peak} MB（目标：{wanted} 以下）；{layouts} 个版式",
    "- Reading a page with its layout: {times} times decoding and parsing (median; {share} % below {slow}; wanted: {wanted} and {slowest})": "- 按版式解析一页：用时为解码和解析 HTML 的 {times} 倍（中位数；{share} % 低于 {slow}；目标：{wanted} 和 {slowest}）",
    "**Ratio {ratio}** (wanted: {wanted} or more), the median of {rounds} rounds; {first} for a first crawl.": "**比值 {ratio}**（目标：{wanted} 以上），{rounds} 轮的中位数；首次采集为 {first}。",
    "- Importing a WARC file of {size} GB: {took} s, {peak} MB (wanted: below {wanted}); {taken} capture{s} taken, {held} were held already; {files} file{z} read": "- 导入一个 {size} GB 的 WARC 文件：{took} 秒，{peak} MB（目标：{wanted} 以下）；收入抓取记录 {taken} 条，已有 {held} 条；读取文件 {files} 个",
    "- One process reads {pages} pages of {size} KB again at {speed} a second, {share} of FastWARC, decoding and parsing alone (wanted: {wanted})": "- 一个进程重新解析 {pages} 个 {size} KB 的页面，每秒 {speed} 个，为仅用 FastWARC、解码和解析 HTML 的 {share}（目标：{wanted}）",
    "- Two workers are {times} times as fast as one process (wanted: {wanted})": "- 两个 worker 的速度为一个进程的 {times} 倍（目标：{wanted}）",
    "- {lines} article lines folded in {took} s of CPU, json.loads alone in {alone} s": "- 汇总 {lines} 行文章记录用 CPU {took} 秒，仅 json.loads 用 {alone} 秒",
    "- ratio {ratio} (wanted: {wanted} or more)": "- 比值 {ratio}（目标：{wanted} 以上）",
    "- peak memory {peak} MB, with a tenth of the lines {few} MB": "- 内存峰值 {peak} MB，只有十分之一的行时 {few} MB",
    "- {more} more articles {took} s; catalog {size} MB": "- 再增加 {more} 篇文章用 {took} 秒；目录库 {size} MB",
    "- {articles} articles: {mean} requests a day in the mean (wanted: {wanted} or less), {full} in a full crawl, {most} on the costliest day; {new} new and {edited} edited articles in the year": "- {articles} 篇文章：平均每天 {mean} 次请求（目标：{wanted} 以下），全量采集 {full} 次，最多的一天 {most} 次；全年新增 {new} 篇，修改 {edited} 篇",
    "- of {edits} edits that were seen, half within {half} days, nine of ten within {most}": "- 发现的 {edits} 次修改中，一半在 {half} 天之内，十分之九在 {most} 天之内",
    "- two sets of {articles} articles, {size} MB of Parquet each; {differ} differ": "- 两组各 {articles} 篇文章，各为 {size} MB 的 Parquet；{differ} 篇不同",
    "- ours {took} s ({cpu} s of CPU), DuckDB {other} s ({other_cpu} s)": "- 本程序 {took} 秒（CPU {cpu} 秒），DuckDB {other} 秒（{other_cpu} 秒）",
    "- ratio {ratio} (median of {rounds} turns; wanted: {wanted} or less)": "- 比值 {ratio}（{rounds} 轮的中位数；目标：{wanted} 以下）",
    "- peak memory {peak} MB (wanted: below {wanted}), DuckDB {other} MB": "- 内存峰值 {peak} MB（目标：{wanted} 以下），DuckDB {other} MB",
    "{articles} articles; index: {took} s ({cpu} s of CPU), {size} MB, peak memory {peak} MB": "{articles} 篇文章；索引：{took} 秒（CPU {cpu} 秒），{size} MB，内存峰值 {peak} MB",
    "- {articles} articles, {pairs} pairs of reprints: precision {precision}, recall {recall}": "- {articles} 篇文章，{pairs} 对转载：查准率 {precision}，查全率 {recall}",
    "- {took} s ({cpu} s of CPU), peak memory {peak} MB, of which {before} MB are the articles and Python": "- {took} 秒（CPU {cpu} 秒），内存峰值 {peak} MB，其中 {before} MB 为文章和 Python 本身",
    "{articles} articles, {rate} requests a second for {seconds} s, on two cores": "{articles} 篇文章，每秒 {rate} 次请求，持续 {seconds} 秒，两个核",
    "The server used {took} ms of CPU for an answer.": "每次应答，服务器用 CPU {took} 毫秒。",
    "Memory: {own} MB (wanted: below {wanted}), {whole} MB with mapped files.": "内存：{own} MB（目标：{wanted} 以下），含映射的文件为 {whole} MB。",
    "{articles} articles: {pages} pages and {files} files in {took} s ({cpu} s of CPU); pages {of_pages} MB, search {of_search} MB, files of the release {of_release} MB.": "{articles} 篇文章：{pages} 个页面、{files} 个文件，用 {took} 秒（CPU {cpu} 秒）；页面 {of_pages} MB，检索 {of_search} MB，数据集版本的文件 {of_release} MB。",
}
WORDS = {
    "*wanted*": "*目标*",
    "95 of 100": "100 次中的 95 次",
    "answer": "应答",
    "article": "文章",
    "articles": "文章数",
    "author": "作者",
    "bare Scrapy": "仅用 Scrapy",
    "both agree": "两者一致",
    "both agree + layout alone": "两者一致 + 只有版式",
    "both agree + layout alone + page alone": "两者一致 + 只有版式 + 只有单页",
    "both40": "首尾 40",
    "crawl": "采集",
    "date": "日期",
    "either of two": "两词之一",
    "evidence": "依据",
    "first 40": "头 40",
    "first search": "首次检索",
    "found": "结果",
    "gdfupin crawl, the first of a site": "gdfupin crawl，网站的首次采集",
    "hits": "命中",
    "invented": "虚构",
    "last 40": "末 40",
    "mean over": "平均范围",
    "median": "中位数",
    "nearly everywhere": "几乎每篇都有",
    "nearly everywhere, four characters": "几乎每篇都有，四个字",
    "nearly everywhere, of one section and year": "几乎每篇都有，限一个栏目和一年",
    "nearly everywhere, page 50": "几乎每篇都有，第 50 页",
    "nearly everywhere, three or four characters": "几乎每篇都有，三四个字",
    "nearly everywhere, with counts": "几乎每篇都有，附计数",
    "nowhere": "任何一篇都没有",
    "of the index": "占索引",
    "one character": "一个字",
    "ours": "本程序",
    "pages": "页面",
    "pages per processor second": "每 CPU 秒页数",
    "peak memory": "内存峰值",
    "peak memory (wanted: below 200 MB, and flat)": "内存峰值（目标：200 MB 以下，且不增长）",
    "query": "检索词",
    "rare": "罕见",
    "rare, four characters": "罕见，四个字",
    "rare, three or four characters": "罕见，三四个字",
    "reader": "解析程序",
    "requests": "请求数",
    "search": "检索",
    "seconds": "秒",
    "seconds of CPU": "CPU 秒数",
    "site": "网站",
    "sites": "网站",
    "sites but the best": "网站，去掉最好的",
    "sites with a layout": "有版式的网站",
    "source": "来源",
    "title": "题名",
    "transferred": "传输",
    "trend": "趋势",
    "two words without a third": "有两词而无第三词",
    "wanted": "目标",
    "wrong labels": "错误标注",
    "wrong without an issue": "有误而无提示",
}
"""Whole cells of tables."""


def in_chinese(line: str) -> str:
    """A line of a benchmark, its figures unchanged.

    >>> in_chinese("| crawl | 5,041 | 119 MB |")
    '| 采集 | 5,041 | 119 MB |'
    >>> in_chinese("- ratio 0.160 (wanted: 0.12 or more)")
    '- 比值 0.160（目标：0.12 以上）'
    """
    if line.startswith("|"):
        return "|".join(
            f" {WORDS.get(cell.strip(), cell.strip())} " if cell.strip(" -") else cell for cell in line.split("|")
        )
    for sentence, translation in SENTENCES.items():
        if found := _pattern(sentence).fullmatch(line):
            return translation.format(**found.groupdict())
    return line


@functools.cache
def _pattern(sentence: str) -> re.Pattern[str]:
    texts = re.split(r"\{(\w+)\}", sentence)
    return re.compile("".join(f"(?P<{text}>.*?)" if at % 2 else re.escape(text) for at, text in enumerate(texts)))
