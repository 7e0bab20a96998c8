"""The simulated vendor, the proxy that hurts its answers, and both clients."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache

import pytest

import socialmetrics as sm
from socialmetrics.sandbox.exchange import Answer, Seen
from socialmetrics.sandbox.proxy import FaultProxy
from socialmetrics.sandbox.server import Running, serve
from socialmetrics.sandbox.world import World
from socialmetrics.transport import AsyncPort, BlockingPort
from socialmetrics_sprout.sandbox import app
from tests.faults.pulls import KINDS, Fetch, Known, Operation, Outcome, settings

Calm = Callable[[Operation], Outcome]


class Remembering(FaultProxy):
    """Asks the vendor only once for the same thing: its history does not change."""

    def __init__(self, upstream: str) -> None:
        super().__init__(upstream)
        self._kept: dict[tuple[str, str, bytes], Answer] = {}

    async def _forward(self, seen: Seen) -> Answer:
        key = seen.headers.get("authorization", ""), seen.path, seen.body
        if key not in self._kept:
            self._kept[key] = await super()._forward(seen)
        return self._kept[key]


@pytest.fixture(scope="session")
def world() -> World:
    return World(scale=0.7)


@pytest.fixture(scope="session")
def vendor(world: World) -> Iterator[Running]:
    with serve(app(world, per_minute=10**9, per_month=10**9)) as running:
        yield running


@pytest.fixture(scope="session")
def running_proxy(vendor: Running) -> Iterator[FaultProxy]:
    with Remembering(vendor.url) as proxy:
        yield proxy


@pytest.fixture
def proxy(running_proxy: FaultProxy) -> FaultProxy:
    running_proxy.calm()
    running_proxy.requests.clear()
    return running_proxy


@pytest.fixture(scope="session")
def known(vendor: Running) -> Known:
    with sm.connect("sprout", **settings(vendor.url, {})) as client:
        return Known(profiles=tuple(client.profiles()), topics=tuple(client.topics()))


@pytest.fixture(params=KINDS)
def fetch(request: pytest.FixtureRequest, proxy: FaultProxy, known: Known) -> Fetch:
    return Fetch(kind=request.param, proxy=proxy, known=known)


@pytest.fixture(scope="session")
def still_proxy(vendor: Running) -> Iterator[FaultProxy]:
    """A proxy that nobody strikes."""
    with Remembering(vendor.url) as proxy:
        yield proxy


@pytest.fixture(scope="session")
def calm(still_proxy: FaultProxy, known: Known) -> Calm:
    """The undisturbed outcome of a pull."""

    @cache
    def found(operation: Operation) -> Outcome:
        return Fetch(kind="Client", proxy=still_proxy, known=known)(operation)

    return found


@pytest.fixture
def naps(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds of every wait; none of them lasts longer than 10 ms."""
    told: list[float] = []
    blocking, asynchronous = BlockingPort.sleep, AsyncPort.sleep

    async def in_thread(port: BlockingPort, seconds: float) -> None:
        told.append(seconds)
        await blocking(port, min(seconds / 100, 0.01))

    async def in_task(port: AsyncPort, seconds: float) -> None:
        told.append(seconds)
        await asynchronous(port, min(seconds / 100, 0.01))

    monkeypatch.setattr(BlockingPort, "sleep", in_thread)
    monkeypatch.setattr(AsyncPort, "sleep", in_task)
    return told


@pytest.fixture(autouse=True, scope="module")
def quick(untraced: None) -> None:
    """Whole pulls, many times: coverage is measured elsewhere."""
