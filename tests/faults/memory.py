"""Requests in a process of their own, and the most memory that each one took.

    python -m tests.faults.memory http://127.0.0.1:8000 Client

answers every line of its input with the error's name, the seconds, and by how many MiB
the peak grew.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from pathlib import Path
from unittest.mock import patch

import socialmetrics as sm
from socialmetrics.transport import AsyncPort, BlockingPort
from socialmetrics_sprout import Sprout
from tests.faults.pulls import settings

STATUS = Path("/proc/self/status")
CLEAR = Path("/proc/self/clear_refs")


def peak() -> float:
    """The most memory since it was reset, in MiB."""
    lines = STATUS.read_text("ascii").splitlines()
    (told,) = (line for line in lines if line.startswith("VmHWM:"))
    return int(told.split()[1]) / 1024


def reset() -> None:
    """Forgets the peak."""
    CLEAR.write_text("5", "ascii")


async def at_once(port: BlockingPort | AsyncPort, seconds: float) -> None:
    """Instead of a wait: only the work is measured."""


def blocking(url: str) -> str:
    """The name of the error."""
    with sm.connect(Sprout, **settings(url, {})) as client:
        adapter = client.adapter
        assert isinstance(adapter, Sprout)
        try:
            client.run(adapter.customers())
        except sm.SocialMetricsError as err:
            return type(err).__name__
    return ""


def asynchronous(url: str) -> str:
    """The name of the error."""

    async def main() -> str:
        async with sm.connect_async(Sprout, **settings(url, {})) as client:
            adapter = client.adapter
            assert isinstance(adapter, Sprout)
            try:
                await client.run(adapter.customers())
            except sm.SocialMetricsError as err:
                return type(err).__name__
        return ""

    return asyncio.run(main())


def main(url: str, kind: str) -> None:
    """One call for every line that comes, until there are no more."""
    run = blocking if kind == "Client" else asynchronous
    patch.object(BlockingPort, "sleep", at_once).start()
    patch.object(AsyncPort, "sleep", at_once).start()
    for _ in sys.stdin:
        reset()
        before, begun = peak(), time.monotonic()
        error = run(url)
        seconds = time.monotonic() - begun
        print(json.dumps([error, seconds, peak() - before]), flush=True)  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
