"""What is expensive to make and only looked at: made once in a run of the test suite, by the worker that needs it first."""

import fcntl
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest

T = TypeVar("T")


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], T]) -> T:
    """What `make` returns, as `pickle` keeps it. `make` gets a new folder, which all workers see and none may change.

    Where `make` fails in one worker, the next one that needs it tries again, in a folder of another name.
    """
    base = factory.getbasetemp()
    root = base.parent if base.name.startswith("popen-") else base  # that of a worker is inside that of the run
    root = root / "shared"
    root.mkdir(exist_ok=True)
    result = root / f"{name}.pickle"
    with (root / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if result.exists():
            made: T = pickle.loads(result.read_bytes())
            return made
        tries = len(list(root.glob(f"{name}-*")))
        folder = root / f"{name}-{tries}"
        folder.mkdir()
        made = make(folder)
        result.write_bytes(pickle.dumps(made))
    return made
