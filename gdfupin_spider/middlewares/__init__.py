"""Scrapy's downloader middlewares, from the spider to the network: scope, robots.txt, retry, read, capture."""

from .capture import CaptureMiddleware
from .read import ReadMiddleware
from .retry import RetryMiddleware
from .robots import RobotsMiddleware
from .scope import ScopeMiddleware

__all__ = ["CaptureMiddleware", "ReadMiddleware", "RetryMiddleware", "RobotsMiddleware", "ScopeMiddleware"]
