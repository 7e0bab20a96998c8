"""Renewals over HTTP: once for all threads, tasks and processes, and never half."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import attrs
import pytest

import socialmetrics as sm
from socialmetrics.client import AsyncClient, Client
from socialmetrics.errors import AuthRefused, InvalidQuery
from socialmetrics.secret import Secret
from socialmetrics.token_file import FileStore
from socialmetrics.tokens import MemoryStore, Tokens, TokenStore
from tests.core.granting import begin_process, read, read_in_process, reading
from tests.core.grants import ACCOUNT, TokenServer, Tool, serving, settings
from tests.core.servers import Server
from tests.core.toy_api import Answer

PATIENCE = 20.0


@attrs.define
class Vendor:
    """The token server on a wire, and the tokens of a user."""

    url: str
    server: TokenServer
    store: TokenStore

    def client(self) -> Client:
        return sm.connect(Tool, base_url=self.url, **settings(self.store))  # type: ignore[arg-type]  # of any kind

    def tasks(self) -> AsyncClient:
        return sm.connect_async(Tool, base_url=self.url, **settings(self.store))  # type: ignore[arg-type]  # of any kind

    @property
    def kept(self) -> Tokens:
        found = self.store.load(ACCOUNT)
        assert found is not None
        return found

    def is_renewed(self) -> bool:
        """Whether what the server gave is kept, soon at least."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if self.kept.refresh_token == Secret("refresh-token-2"):
                return True
            time.sleep(0.01)
        return False


@pytest.fixture(params=["memory", "file"])
def vendor(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Vendor]:
    is_file = request.param == "file"
    path = tmp_path / "tokens.json"
    store = FileStore(path) if is_file else MemoryStore()
    server = TokenServer(time.time)
    store.save(ACCOUNT, server.login())
    with Server(serving(server)) as wire:
        yield Vendor(wire.url, server, store)


@attrs.define
class Gate:
    """Holds the answer to a refresh back until it may go."""

    has_come: threading.Event = attrs.field(factory=threading.Event)
    may_go: threading.Event = attrs.field(factory=threading.Event)

    def __call__(self, answer: Answer) -> Answer:
        self.has_come.set()
        assert self.may_go.wait(PATIENCE)
        return answer


@pytest.fixture
def gate(vendor: Vendor) -> Iterator[Gate]:
    held = Gate()
    vendor.server.access.clear()
    vendor.server.faults.append(held)
    yield held
    held.may_go.set()


# -- nobody waits any more -------------------------------------------------------------


async def come(gate: Gate) -> None:
    assert await asyncio.to_thread(gate.has_come.wait, PATIENCE)


async def test_tokens_are_kept_though_the_caller_was_cancelled(
    vendor: Vendor, gate: Gate
) -> None:
    async with vendor.tasks() as client:
        caller = asyncio.create_task(client.run(reading()))
        await come(gate)
        caller.cancel()
        with pytest.raises(asyncio.CancelledError):
            await caller
        gate.may_go.set()

        await client.run(reading())

    assert vendor.is_renewed()
    assert vendor.server.refreshes == ["refresh-token-1"]


async def test_closing_waits_for_tokens_that_are_on_their_way(
    vendor: Vendor, gate: Gate
) -> None:
    client = vendor.tasks()
    caller = asyncio.create_task(client.run(reading()))
    await come(gate)
    closing = asyncio.create_task(client.aclose())
    await asyncio.sleep(0)
    gate.may_go.set()
    await closing

    assert vendor.is_renewed()
    with pytest.raises(InvalidQuery, match="the client is closed"):
        await caller


def test_tokens_are_kept_though_the_client_was_closed(
    vendor: Vendor, gate: Gate
) -> None:
    client = vendor.client()
    with ThreadPoolExecutor(1) as pool:
        caller = pool.submit(read, client)
        assert gate.has_come.wait(PATIENCE)
        client.close()
        gate.may_go.set()
        with pytest.raises(InvalidQuery, match="the client is closed"):
            caller.result()

    assert vendor.is_renewed()


def test_tokens_are_kept_after_ctrl_c(vendor: Vendor, gate: Gate) -> None:
    def interrupt() -> None:
        assert gate.has_come.wait(PATIENCE)
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    thread.start()
    with vendor.client() as client, pytest.raises(KeyboardInterrupt):
        read(client)
    thread.join()
    gate.may_go.set()

    assert vendor.is_renewed()


def test_a_client_that_was_closed_sends_no_refresh_token(vendor: Vendor) -> None:
    client = vendor.client()
    vendor.server.access.clear()
    client.close()

    with pytest.raises(InvalidQuery, match="the client is closed"):
        read(client)

    assert vendor.server.forms == []
    assert vendor.kept.use == "unused"


def test_a_renewal_that_fails_is_told_to_whoever_waits(vendor: Vendor) -> None:
    vendor.server.access.clear()
    vendor.server.families["refresh-token-1"].is_revoked = True

    with vendor.client() as client, pytest.raises(AuthRefused, match="log in again"):
        read(client)
    other = vendor.client()
    with other, pytest.raises(AuthRefused, match="the refresh token was refused"):
        read(other)


# -- everybody at once -----------------------------------------------------------------


@pytest.mark.parametrize("is_one", [True, False])
def test_twenty_threads_refresh_once_an_expiry(vendor: Vendor, is_one: bool) -> None:
    clients = [vendor.client() for _ in range(1 if is_one else 20)]
    with ThreadPoolExecutor(20) as pool:
        for number in range(1, 4):
            vendor.server.access.clear()
            assert list(pool.map(read, clients * (20 // len(clients)))) == [200] * 20
            assert len(vendor.server.refreshes) == number
    for client in clients:
        client.close()

    assert vendor.server.reused == []


async def test_twenty_tasks_refresh_once_an_expiry(vendor: Vendor) -> None:
    async with vendor.tasks() as client:
        for number in range(1, 4):
            vendor.server.access.clear()
            asked = (client.run(reading()) for _ in range(20))
            assert await asyncio.gather(*asked) == [200] * 20
            assert len(vendor.server.refreshes) == number


@pytest.mark.parametrize("vendor", ["file"], indirect=True)
def test_four_processes_refresh_once_an_expiry(vendor: Vendor) -> None:
    context = get_context("spawn")
    with ProcessPoolExecutor(
        4,
        mp_context=context,
        initializer=begin_process,
        initargs=(vendor.url, vendor.store.place, context.Barrier(4)),
    ) as pool:
        for number in range(1, 4):
            vendor.server.access.clear()
            assert list(pool.map(read_in_process, range(4))) == [200] * 4
            assert len(vendor.server.refreshes) == number

    assert vendor.server.reused == []
