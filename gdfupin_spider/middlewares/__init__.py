"""Between the spider and the network, from the spider's side: Scope, Robots, Manners, Record."""

from .capture import Record
from .retry_throttle import Manners
from .robots import Robots
from .scope import Scope

__all__ = ["Manners", "Record", "Robots", "Scope"]
