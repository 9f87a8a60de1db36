"""A client that sends requests without a pause has to wait; other clients do not."""

import asyncio
import functools
import sys
from pathlib import Path

import pytest
from starlette.types import Message, Receive, Scope, Send

from gdfupin_spider.web import application, rate
from gdfupin_spider.web.library import Library
from gdfupin_spider.web.rate import RateLimit


async def _app(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})


class Clients:
    """Asks from any address, at any time."""

    def __init__(self) -> None:
        self.now = 0.0
        self._limit = RateLimit(_app, a_second=10, at_once=5, now=lambda: self.now)

    def status(self, client: str) -> int:
        found: list[int] = []

        async def send(message: Message) -> None:
            found.extend([message["status"]] if "status" in message else [])

        async def receive() -> Message:
            return {"type": "http.request"}

        asyncio.run(self._limit({"type": "http", "client": (client, 1), "path": "/"}, receive, send))
        return found[0]


def test_a_burst_is_answered_and_then_as_many_as_fit_into_the_time() -> None:
    clients = Clients()
    assert [clients.status("a") for _ in range(7)] == [200] * 5 + [429] * 2
    assert clients.status("b") == 200
    clients.now = 0.2
    assert [clients.status("a") for _ in range(3)] == [200, 200, 429]
    clients.now = 60
    assert [clients.status("a") for _ in range(6)] == [200] * 5 + [429]


def test_another_site_that_reads_the_api_learns_that_it_is_to_wait(
    output: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A browser hides answers from it that do not allow it."""
    at_one_moment = functools.partial(RateLimit, now=lambda: 0.0)  # a busy machine takes its time
    monkeypatch.setattr(sys.modules["gdfupin_spider.web.application"], "RateLimit", at_one_moment)
    room = application(Library(output, "latest", tmp_path), ("*",), with_limit=True)
    found: list[Message] = []

    async def send(message: Message) -> None:
        found.append(message)

    async def receive() -> Message:
        return {"type": "http.request"}

    async def asked(path: str) -> None:
        scope: Scope = {"type": "http", "client": ("a", 1), "method": "GET", "path": path, "headers": [(b"host", b"a")]}
        await room({**scope, "query_string": b"", "root_path": ""}, receive, send)

    async def all_asked() -> None:
        for _ in range(2 * rate.AT_ONCE):
            await asked("/static/nothing")
        found.clear()
        await asked("/api/v1/search")

    asyncio.run(all_asked())
    headers = dict(found[0]["headers"])
    assert (found[0]["status"], headers[b"retry-after"]) == (429, b"1")
    assert headers[b"access-control-allow-origin"] == b"*"
    assert b"content-security-policy" in headers


def test_memory_has_a_bound() -> None:
    clients = Clients()
    for number in range(rate.MOST_CLIENTS + 10):
        clients._limit._admits(str(number))
    assert len(clients._limit._due) <= rate.MOST_CLIENTS
