"""The ledger as coroutines use it: whoever waits for it keeps nobody else waiting."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Iterable
from contextlib import asynccontextmanager
from typing import Final, TypeVar

import attrs

from socialmetrics.entry import Entry
from socialmetrics.errors import OutcomeUnknown
from socialmetrics.ledger import Ledger, Locked
from socialmetrics.port import Port

T = TypeVar("T")
TAKEN: Final = 10.0
"""Seconds that somebody else may have the ledger locked."""


@attrs.frozen
class Memory:
    """A ledger behind a port; without a ledger nothing is remembered."""

    port: Port
    ledger: Ledger | None

    async def find(self, adapter: str, key: str) -> Entry | None:
        """What is remembered under that key."""
        return await self._patiently(lambda ledger: ledger.find(adapter, key), None)

    async def write(self, entry: Entry, *, durably: bool) -> None:
        """Remembers it."""
        await self._patiently(lambda ledger: ledger.write(entry, durably=durably), None)

    async def drop(self, entry: Entry) -> None:
        """Forgets it."""
        await self._patiently(lambda ledger: ledger.drop(entry), None)

    async def claimed(self, entry: Entry, ids: Iterable[str]) -> set[str]:
        """Which of these ids of deliveries belong to other keys."""
        return await self._patiently(
            lambda ledger: ledger.claimed(entry.adapter, entry.key, ids), set[str]()
        )

    async def _patiently(self, work: Callable[[Ledger], T], otherwise: T) -> T:
        waited, pause = 0.0, 0.01
        while self.ledger is not None:
            try:
                return work(self.ledger)
            except Locked:
                if waited > TAKEN:
                    raise
            await self.port.sleep(pause)
            waited, pause = waited + pause, min(2 * pause, 0.5)
        return otherwise


@asynccontextmanager
async def turn(
    ledger: Ledger, port: Port, adapter: str, key: str, patience: float
) -> AsyncGenerator[None, None]:
    """Waits while another thread, task or process publishes under that key.

    Raises `OutcomeUnknown` after so many seconds.
    """
    turn = ledger.turn(adapter, key)
    waited, pause = 0.0, 0.01
    while not turn.take():
        if waited > patience:
            raise OutcomeUnknown(
                f"somebody else is still publishing with key={key!r}; ask "
                f"publication({key!r}) later",
                vendor=adapter,
                operation="publish",
            )
        await port.sleep(pause)
        waited, pause = waited + pause, min(2 * pause, 0.25)
    try:
        yield
    finally:
        turn.give_back()
