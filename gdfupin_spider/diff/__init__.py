"""What changed between two crawls, dates, releases or files of articles, and how it is shown.

`compare` needs two sets of articles (`sets`) and nothing else; `matching` says which articles of two sets are one,
`weight` whether an edit is substantive; `files` reads sets of whatever form (`jsonlines`, `parquet`, `sqlite`, each line
looked at by `checking`). `archived` does the same for two points of an archive, whose catalog knows what was seen
(`evidence`). `asking` finds what the user names (`points`). `text` (on `aligning`) shows how a text became another,
`passages` which parts of it are worth showing; `terminal`, `page`, `feeds`, `tables` show changes, each in its way, and
`showing` chooses.
"""

from .article_files import opened
from .compare import compare
from .difference import Difference, Record
from .feeds import Feed, write_feeds
from .query import ChangeFilter, DiffQuery
from .render import FORMATS, Format, counted, pieces, show
from .sets import ArticleSet, ArticlesInMemory, Head
from .text_view import KINDS, ChangeCounts

__all__ = [
    "FORMATS",
    "KINDS",
    "ArticleSet",
    "ArticlesInMemory",
    "ChangeCounts",
    "ChangeFilter",
    "DiffQuery",
    "Difference",
    "Feed",
    "Format",
    "Head",
    "Record",
    "compare",
    "counted",
    "opened",
    "pieces",
    "show",
    "write_feeds",
]
