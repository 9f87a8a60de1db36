"""Pages that a person should look at: which are open, what speaks for each value, and how decisions are made of an answer.

`open_items` lists them, `page_view` shows one with its candidates; `terminal_view` and `html_form` are the two forms; `decide` turns
answers into decisions, `importing` checks decisions that come from elsewhere. `storage.reviews` keeps them, `catalog.decisions`
applies them.
"""

from .decide import decide
from .html_form import form
from .importing import import_reviews
from .open_items import ReviewItem, item_of, open_items
from .page_view import FieldCandidate, PageView, view_of, views_of
from .terminal_view import one, table

__all__ = [
    "FieldCandidate",
    "PageView",
    "ReviewItem",
    "decide",
    "form",
    "import_reviews",
    "item_of",
    "one",
    "open_items",
    "table",
    "view_of",
    "views_of",
]
