"""A small copy of the site for the demo and the tests. Its content is written once, its markup several times.

with serve("asp-tables") as replica:
    ...                    # replica.url on loopback, or replica.proxy under the site's own name
truth("asp-tables")        # every article as a reader must return it
"""

from .epochs import ExpectedChange, changes, listings, truth
from .events import LAST
from .markups import MARKUPS
from .server import Replica, Request, serve
from .server_faults import HARSH, MILD, NONE, PRESETS, Faults
from .truth import BASE, Address, Truth

__all__ = [
    "BASE", "HARSH", "LAST", "MARKUPS", "MILD", "NONE", "PRESETS",
    "Address", "ExpectedChange", "Faults", "Replica", "Request", "Truth", "changes", "listings", "serve", "truth",
]  # fmt: skip
