"""Pages read on a Dask cluster: `gdfupin replay --all --scheduler ADDRESS`, with the extra `cluster`.

The machines of the cluster need this program, and the archive under the same path. A lost worker's chunks are read by others.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module
from typing import Any

from ..errors import NotInstalled, WrongArgument
from ..messages.text import N_
from ..profiles import Profile
from .page_readers import AHEAD, CaptureRead, Chunk, read_chunk

TIMEOUT = 20
"""Seconds until the scheduler must have answered."""


def cluster_client(address: str, what: str) -> Any:
    """A `distributed.Client`. `what`: is done with it, for the message.

    Raises NotInstalled, and WrongArgument where no scheduler answers or it has no worker.
    """
    try:
        distributed: Any = import_module("distributed")  # it has no types
    except ImportError:
        raise NotInstalled("distributed", what, "cluster") from None
    try:
        client = distributed.Client(address, timeout=TIMEOUT)
    except (OSError, ValueError, TypeError) as error:
        raise WrongArgument(
            "--scheduler", N_("no Dask scheduler answers at {address}: {error}", address=address, error=error)
        ) from None
    if not client.ncores():
        client.close()
        raise WrongArgument("--scheduler", N_("the scheduler at {address} has no worker", address=address))
    return client


class ClusterReaders:
    """The workers of a Dask scheduler."""

    def __init__(self, profile: Profile, address: str) -> None:
        """Raises as `cluster_client`."""
        self._client = cluster_client(address, N_("reading on a cluster"))
        self._profile: Any = self._client.scatter(profile, broadcast=True)

    def __enter__(self) -> "ClusterReaders":
        return self

    def __exit__(self, *error: object) -> None:
        self._client.close()

    def read(self, chunks: Iterable[Chunk]) -> Iterator[Sequence[CaptureRead]]:
        """The captures of each chunk, in the order of the chunks."""
        waiting: deque[Any] = deque()
        rest = iter(chunks)
        while True:
            most = AHEAD * max(1, sum(self._client.ncores().values()))
            while len(waiting) < most and (chunk := next(rest, None)) is not None:
                waiting.append(self._client.submit(read_chunk, chunk, self._profile, pure=False))
            if not waiting:
                return
            result: Sequence[CaptureRead] = waiting.popleft().result()
            yield result
