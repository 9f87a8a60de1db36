"""The markups of the replica: one file each. How a page is marked up never decides what it says."""

from .asp_tables import AspTables
from .aspnet import AspNet
from .dress import Dress
from .frames import Frames
from .shtml import Shtml
from .static_cms import StaticCms

DRESSES: dict[str, type[Dress]] = {
    "asp-tables": AspTables,
    "static-cms": StaticCms,
    "frames": Frames,
    "aspnet": AspNet,
    "shtml": Shtml,
}

MARKUPS: dict[str, str] = {name: dress.about for name, dress in DRESSES.items()}
"""Name to a description in one line."""
