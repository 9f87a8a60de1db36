"""What changed between two crawls, dates, releases or files of articles, and how it is shown.

`compare` is pure and needs two sets of articles (`sets`), nothing else; `files` reads such sets; `matching` says which
articles of two sets are one; `weight` whether an edit is substantive.
"""

from .compare import compare
from .difference import Difference, Record
from .files import opened
from .sets import Articles, Head, Here

__all__ = ["Articles", "Difference", "Head", "Here", "Record", "compare", "opened"]
