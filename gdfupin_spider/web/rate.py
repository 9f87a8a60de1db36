"""How often one client may ask, so that one that asks without a pause leaves time for the others."""

import time
from collections.abc import Callable

from starlette.responses import JSONResponse, PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

A_SECOND = 100
"""Requests of one client; a page with its style sheet and scripts is five of them."""
AT_ONCE = 400
"""Requests that may come in a burst."""
MOST_CLIENTS = 10_000
"""That are remembered; those without a debt are forgotten first."""


class RateLimit:
    """Answers 429 to a client that asks more often: the generic cell rate algorithm (ITU-T I.371), one number a client.

    A proxy in front must pass on whom it asks for: uvicorn takes `X-Forwarded-For` from 127.0.0.1.
    """

    def __init__(
        self,
        app: ASGIApp,
        a_second: float = A_SECOND,
        at_once: int = AT_ONCE,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._app, self._step, self._tolerance, self._now = app, 1 / a_second, at_once / a_second, now
        self._due: dict[str, float] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not self._admits((scope.get("client") or ("",))[0]):
            is_api = "/api/" in scope["path"]
            refused = JSONResponse if is_api else PlainTextResponse
            text = "too many requests: wait a second"
            await refused({"error": text} if is_api else f"{text}\n", 429, {"retry-after": "1"})(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _admits(self, client: str) -> bool:
        now = self._now()
        due = max(self._due.get(client, now), now) + self._step
        if due - now > self._tolerance + self._step / 2:  # half a step for rounding
            return False
        if len(self._due) >= MOST_CLIENTS and client not in self._due:
            self._due = {each: at for each, at in self._due.items() if at > now}
            if len(self._due) >= MOST_CLIENTS:
                self._due.clear()
        self._due[client] = due
        return True
