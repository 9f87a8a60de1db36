"""Changes between two crawls, dates, releases or files of articles, and their formats.

Comparison: `compare` needs two sets of articles (`sets`) and no archive. `matching` finds the articles of both sets that
are one, `significance` tells substantive edits from cosmetic ones. `article_files` opens sets (`jsonlines`, `parquet`,
`sqlite`; `article_check` checks each record). `from_catalog` compares two points of an archive, with evidence (`observed`).
Arguments: `query` and `arguments` turn the command line into one of these comparisons; `change_filter` chooses changes
(`change_batch` of `changed_text`),
`compared_time` says what they rest on, `named_withdrawals` what nobody may see.
Output: `text_diff` (on `align`) compares texts, `edits` classes an edit by sentence, `grouping` orders and groups changes;
`text_view`, `html_page` (of `html_change`), `feeds` and `tables` (with `proofs`) are the formats, `render` chooses one.
"""

from .article_files import opened
from .change_filter import ChangeFilter
from .compare import compare
from .difference import KINDS, ComparedArticle, Difference
from .feeds import Feed, for_readers, write_feeds
from .named_withdrawals import withdrawn_lines
from .query import DiffQuery
from .render import FORMATS, Format, counted, pieces, show
from .sets import ArticleSet, ArticlesInMemory, Head
from .text_view import ChangeCounts

__all__ = [
    "FORMATS",
    "KINDS",
    "ArticleSet",
    "ArticlesInMemory",
    "ChangeCounts",
    "ChangeFilter",
    "ComparedArticle",
    "DiffQuery",
    "Difference",
    "Feed",
    "Format",
    "Head",
    "compare",
    "counted",
    "for_readers",
    "opened",
    "pieces",
    "show",
    "withdrawn_lines",
    "write_feeds",
]
