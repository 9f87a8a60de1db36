"""A server of raw responses, for what no HTTP library would send."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

Write = Callable[[bytes], None]


def response(body: bytes, status: str = "200 OK", *headers: str, length: int | None = None) -> bytes:
    size = len(body) if length is None else length
    lines = [f"HTTP/1.1 {status}", "Content-Type: text/html", f"Content-Length: {size}", "Connection: close", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


@dataclass
class Site:
    """A server of raw responses: bytes by path, or a function that writes them."""

    routes: dict[str, bytes | Callable[[Write], None]]
    answers: dict[str, Callable[[bytes], bytes]] = field(default_factory=dict)
    """Responses that depend on the request."""
    paths: list[str] = field(default_factory=list)

    @contextmanager
    def serve(self) -> Iterator[str]:
        """Serves while the `with` block lasts; gives the URL of the start page."""
        server = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._accept, args=(server,), daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}/"
        finally:
            server.close()

    def _accept(self, server: socket.socket) -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            threading.Thread(target=self._respond, args=(connection,), daemon=True).start()

    def _respond(self, connection: socket.socket) -> None:
        with connection:
            try:
                request = connection.recv(65536)
                path = request.split(b" ")[1].decode()
                self.paths.append(path)
                if path in self.answers:
                    connection.sendall(self.answers[path](request))
                    return
                found = self.routes.get(path, response(b"", "404 Not Found"))
                if isinstance(found, bytes):
                    connection.sendall(found)
                else:
                    found(connection.sendall)
            except (OSError, IndexError):
                pass  # the crawl has closed the connection
