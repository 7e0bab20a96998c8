"""What every test may use: `fetch`, which runs the same test with both clients."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from collections.abc import (
    AsyncIterable,
    Awaitable,
    Callable,
    Iterable,
    Iterator,
    Mapping,
)
from typing import Any, TypeAlias, TypeVar

import attrs
import pytest
from hypothesis import settings

from socialmetrics.adapter import Adapter
from socialmetrics.client import AsyncClient, Client
from socialmetrics.connections import connect, connect_async

# A busy machine is no failure; how long a test takes is looked at elsewhere.
settings.register_profile("quick", deadline=None, max_examples=50)
settings.register_profile("full", deadline=None, max_examples=500)
settings.load_profile("full" if os.environ.get("FAULTS") == "full" else "quick")


def pytest_xdist_auto_num_workers() -> int:
    """Two for each processor: much of the time tests wait for sockets and clocks."""
    return 2 * (os.cpu_count() or 1)


T = TypeVar("T")
AnyClient: TypeAlias = Client | AsyncClient


@attrs.frozen
class Fetch:
    """Calls a fresh client, blocking or asynchronous, and closes it."""

    is_async: bool
    adapter: str | type[Adapter] = ""
    settings: Mapping[str, Any] = attrs.field(factory=dict[str, Any])  # as `connect`

    def by(self, adapter: str | type[Adapter], **settings: object) -> Fetch:
        """The same for this adapter, with these settings."""
        return attrs.evolve(self, adapter=adapter, settings=settings)

    def items(
        self, call: Callable[[AnyClient], Iterable[T] | AsyncIterable[T]]
    ) -> list[T]:
        """Everything that the iterator of this call hands out."""

        async def listed(client: AnyClient) -> list[T]:
            items = call(client)
            if isinstance(items, AsyncIterable):
                return [item async for item in items]
            return list(items)

        return self._run(listed)

    def value(self, call: Callable[[AnyClient], T | Awaitable[T]]) -> T:
        """What this call returns, awaited where it must be."""

        async def awaited(client: AnyClient) -> T:
            result = call(client)
            if isinstance(result, Awaitable):
                return await result  # pyright: ignore[reportReturnType, reportUnknownVariableType]  # never a T
            return result

        return self._run(awaited)

    def _run(self, work: Callable[[AnyClient], Awaitable[T]]) -> T:
        async def whole() -> T:
            if not self.is_async:
                with connect(self.adapter, **self.settings) as client:
                    return await work(client)
            async with connect_async(self.adapter, **self.settings) as client:
                return await work(client)

        return asyncio.run(whole())


@pytest.fixture(params=["blocking", "asynchronous"])
def fetch(request: pytest.FixtureRequest) -> Fetch:
    return Fetch(request.param == "asynchronous")


@pytest.fixture(scope="module")
def untraced() -> Iterator[None]:
    """No coverage is measured meanwhile: it makes whole pulls three times as slow.

    What is measured are the tests of single modules; they must reach every branch.
    """
    here, new = sys.gettrace(), threading.gettrace()
    sys.settrace(None)
    threading.settrace(None)
    yield
    threading.settrace(new)
    sys.settrace(here)
