"""Scrapy's downloader middlewares, from the spider to the network: scope, robots.txt, retry, read, cookie walls, capture."""

from .capture import CaptureMiddleware
from .cookies import CookieWallMiddleware
from .read import ReadMiddleware
from .retry import RetryMiddleware
from .robots import RobotsMiddleware
from .scope import ScopeMiddleware

__all__ = [
    "CaptureMiddleware",
    "CookieWallMiddleware",
    "ReadMiddleware",
    "RetryMiddleware",
    "RobotsMiddleware",
    "ScopeMiddleware",
]
