"""The markups of the replica, one file each. They print the same content."""

from .asp_tables import AspTables
from .aspnet import AspNet
from .frames import Frames
from .renderer import Renderer
from .shtml import Shtml
from .static_cms import StaticCms

RENDERERS: dict[str, type[Renderer]] = {
    "asp-tables": AspTables,
    "static-cms": StaticCms,
    "frames": Frames,
    "aspnet": AspNet,
    "shtml": Shtml,
}

MARKUPS: dict[str, str] = {name: renderer.about for name, renderer in RENDERERS.items()}
"""Name to a description in one line."""
