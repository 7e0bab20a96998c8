"""The toy vendor on a wire, and clients of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest

from socialmetrics.budget import MemoryBudget
from socialmetrics.budget_file import SqliteBudget
from tests.conftest import Fetch
from tests.core.clocks import Clock, Make
from tests.core.ports import Build, FakePort, Outcome, by_api, scripted
from tests.core.press import Desk, Open
from tests.core.press_api import PressApi
from tests.core.sending import Send, asynchronous, blocking
from tests.core.servers import Server, serving
from tests.core.toy import NOW, Toy
from tests.core.toy_api import TOKEN, Api


@attrs.frozen
class Vendor:
    """The vendor's state, and where it is reached."""

    api: Api
    url: str


@pytest.fixture
def vendor() -> Iterator[Vendor]:
    api = Api()
    with Server(serving(api)) as server:
        yield Vendor(api, server.url)


@pytest.fixture
def toy(fetch: Fetch, vendor: Vendor) -> Fetch:
    """Both clients of the toy vendor, at noon of the tenth of March."""
    return fetch.by(Toy, token=TOKEN, base_url=vendor.url, clock=lambda: NOW)


@pytest.fixture(params=[blocking, asynchronous], ids=["blocking", "asynchronous"])
def send(request: pytest.FixtureRequest) -> Send:
    way: Send = request.param
    return way


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["memory", "file"])
def make(request: pytest.FixtureRequest, clock: Clock, tmp_path: Path) -> Make:
    if request.param == "memory":
        return lambda limits: MemoryBudget(
            limits, now=clock.now, monotonic=clock.monotonic
        )
    return lambda limits: SqliteBudget(
        tmp_path / "budget", limits, now=clock.now, wall=clock.monotonic
    )


@pytest.fixture(params=["blocking", "asynchronous"])
def port(request: pytest.FixtureRequest) -> Build:
    def build(*outcomes: Outcome) -> FakePort:
        handler = scripted(*outcomes) if outcomes else by_api(Api())
        return FakePort(handler, is_async=request.param == "asynchronous")

    return build


@pytest.fixture(params=["blocking", "asynchronous"])
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Open:
    def build(api: PressApi, **change: Any) -> Desk:
        is_async = request.param == "asynchronous"
        return Desk(api, tmp_path / "ledger.db", is_async=is_async, **change)

    return build
