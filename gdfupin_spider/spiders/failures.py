"""Words for what could not be had."""

from ..items import Capture


def every_try(why: str, capture: Capture) -> str:
    """The evidence of a failure with an answer: how its last try ended."""
    return f"{why}: status {capture.status}, {len(capture.payload)} bytes; every try ended like this"
