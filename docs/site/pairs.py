"""Search of the site in both languages: English words by their stems, Chinese text by its pairs of neighbouring characters.

No word list of Chinese is needed, and any two characters are found that stand beside each other, as `gdfupin search` finds them.
"""

import re

from sphinx.search.en import SearchEnglish

_HAN = "\u4e00-\u9fff"
_RUN = re.compile(f"[{_HAN}]+|[^\\W{_HAN}]+")
_SPLITTER = r"""
function splitQuery(query) {
  const han = /^[\u4e00-\u9fff]/;
  const runs = query.match(/[\u4e00-\u9fff]+|(?:(?![\u4e00-\u9fff])[\p{L}\p{N}_])+/gu) || [];
  return runs.flatMap((run) =>
    han.test(run) && run.length > 1 ? Array.from({ length: run.length - 1 }, (_, at) => run.slice(at, at + 2)) : [run],
  );
}
"""


def split(text: str) -> list[str]:
    """Words and pairs of a text.

    >>> split("WARC文件，采集库")
    ['WARC', '文件', '采集', '集库']
    """
    return [part for run in _RUN.findall(text) for part in (_pairs(run) if re.match(f"[{_HAN}]", run) else [run])]


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)] or [run]


class SearchByPairs(SearchEnglish):
    lang = "en-zh"
    js_splitter_code = _SPLITTER

    def split(self, input: str) -> list[str]:
        return split(input)
