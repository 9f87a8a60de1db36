"""The markups of the replica: one file each. How a page is marked up never decides what it says."""

from .asp_tables import AspTables
from .dress import Dress

DRESSES: dict[str, type[Dress]] = {
    "asp-tables": AspTables,
}

MARKUPS: dict[str, str] = {name: dress.about for name, dress in DRESSES.items()}
"""Name to a description in one line."""
