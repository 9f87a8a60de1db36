"""Between the spider and the network, from the spider's side: Scope, Robots, Manners, Record."""

from .manners import Manners
from .record import Record
from .robots import Robots
from .scope import Scope

__all__ = ["Manners", "Record", "Robots", "Scope"]
