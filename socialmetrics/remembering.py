"""The ledger as coroutines use it: whoever waits for it keeps nobody else waiting."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Final, TypeVar

import attrs

from socialmetrics.claims import Handed, Share, shared
from socialmetrics.entry import Entry, Sending
from socialmetrics.errors import Unavailable
from socialmetrics.ledger import Ledger
from socialmetrics.ledger_file import Locked
from socialmetrics.model import Delivery
from socialmetrics.port import Port

T = TypeVar("T")
TAKEN: Final = 10.0
"""Seconds that somebody else may have the ledger locked."""


@attrs.frozen
class Memory:
    """A ledger behind a port. Of entries without a key only ids are remembered."""

    port: Port
    ledger: Ledger
    handed: Handed

    async def find(self, adapter: str, key: str) -> Entry | None:
        """What is remembered under that key."""
        return await self._patiently(lambda ledger: ledger.find(adapter, key))

    async def write(self, entry: Entry, *, durably: bool) -> None:
        """Remembers it."""
        if entry.key:
            await self._patiently(lambda ledger: ledger.write(entry, durably=durably))
            return
        with self.handed.lock:
            self.handed.add(entry.ids)

    async def drop(self, entry: Entry) -> None:
        """Forgets it."""
        if entry.key:
            await self._patiently(lambda ledger: ledger.drop(entry))

    async def claim(
        self, entry: Entry, sending: Sending, found: Sequence[Delivery]
    ) -> Share:
        """What is its own of what was found; from now on it is nobody else's."""
        ids = [each.vendor_id for each in found if each.vendor_id]

        def decide(others: Sequence[Entry]) -> Share:
            return shared(entry, sending, found, others, self.handed.ids)

        if entry.key:
            return await self._patiently(
                lambda ledger: ledger.claim(entry, ids, decide)
            )
        others = await self._patiently(
            lambda ledger: ledger.others(entry.adapter, "", ids)
        )
        with self.handed.lock:
            share = decide(others)
            self.handed.add(share.entry.ids)
        return share

    async def _patiently(self, work: Callable[[Ledger], T]) -> T:
        waited, pause = 0.0, 0.01
        while True:
            try:
                return work(self.ledger)
            except Locked:
                if waited > TAKEN:
                    raise
            await self.port.sleep(pause)
            waited, pause = waited + pause, min(2 * pause, 0.5)


@asynccontextmanager
async def turn(
    ledger: Ledger, port: Port, adapter: str, key: str, patience: float
) -> AsyncGenerator[None, None]:
    """Waits while another thread, task or process publishes under that key.

    Raises `Unavailable` after so many seconds: nothing was sent meanwhile.
    """
    turn = ledger.turn(adapter, key)
    waited, pause = 0.0, 0.01
    while not turn.take():
        if waited > patience:
            raise Unavailable(
                f"another publication is under way, with key={key!r} or one that "
                "shares its lock; this call has sent nothing, try again",
                vendor=adapter,
                operation="publish",
            )
        await port.sleep(pause)
        waited, pause = waited + pause, min(2 * pause, 0.25)
    try:
        yield
    finally:
        turn.give_back()
