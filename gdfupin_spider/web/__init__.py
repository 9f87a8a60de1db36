"""The reading room: a release as a web application, and as an API. It only reads.

`edition` opens a release, `library` knows which one is the newest, `pages` and `api` answer requests, `application` puts them together.
"""

from .application import application

__all__ = ["application"]
