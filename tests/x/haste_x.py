"""A clock that jumps where a client would wait; the simulated service lives by it."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import datetime
from functools import partialmethod
from typing import Any

import attrs
import pytest

from socialmetrics.budget import MemoryBudget
from socialmetrics.transport import AsyncPort, BlockingPort, Line
from socialmetrics_x.sandbox import service

Init = Callable[..., None]


@attrs.define
class Haste:
    """The real clocks, and how far they were jumped ahead; `waits` are the jumps.

    Where `start` (seconds since 1970) is given, the time of day stands but for jumps.
    """

    start: float | None = None
    ahead: float = 0.0
    waits: list[float] = attrs.field(factory=list[float])

    def monotonic(self) -> float:
        return time.monotonic() + self.ahead

    def wall(self) -> float:
        return (time.time() if self.start is None else self.start) + self.ahead

    def jump(self, seconds: float) -> None:
        self.ahead += seconds
        self.waits.append(seconds)


@contextmanager
def haste(start: float | None = None) -> Generator[Haste]:
    """Nobody waits meanwhile: clients, budgets and the service share one clock."""
    found = Haste(start)
    with pytest.MonkeyPatch.context() as patch:
        for port in (BlockingPort, AsyncPort):
            patch.setattr(port, "__init__", _by(found, port.__init__))
            patch.setattr(port, "sleep", _jumping(found, port.sleep))
        hasty = partialmethod(MemoryBudget.__init__, monotonic=found.monotonic)
        patch.setattr(MemoryBudget, "__init__", hasty)
        patch.setattr(service, "time", found.wall)
        yield found


def _by(clock: Haste, init: Init) -> Init:
    def made(port: Any, line: Line, now: Callable[[], datetime]) -> None:
        init(port, line, now)
        port.monotonic, port.wall = clock.monotonic, clock.wall

    return made


def _jumping(clock: Haste, sleep: Callable[..., Any]) -> Callable[..., Any]:
    async def jump(port: Any, seconds: float) -> None:
        clock.jump(seconds)
        await sleep(port, 0.0)

    return jump
