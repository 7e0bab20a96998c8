"""Closing and cancelling end what is under way, and leave nothing behind."""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from socialmetrics.budget import utc_now
from socialmetrics.engine import finish
from socialmetrics.errors import InvalidQuery
from socialmetrics.port import CLOSED, Lost, Reply
from socialmetrics.transport import AsyncPort, BlockingPort
from tests.core.sending import GOOD, READ, SHORT, line, mute, sent
from tests.core.servers import Connection, Server, answering, written

# -- closing ------------------------------------------------------------------------


def test_a_closed_blocking_port_refuses_by_name() -> None:
    port = BlockingPort(line("http://127.0.0.1:1"), utc_now)
    port.close()
    port.close()

    with pytest.raises(Lost, match="the client is closed") as caught:
        finish(sent(port, READ, "/", {}))

    assert (caught.value.was_sent, caught.value.is_final) == (False, True)


async def test_a_closed_asynchronous_port_refuses_by_name() -> None:
    port = AsyncPort(line("http://127.0.0.1:1"), utc_now)
    await port.aclose()
    await port.aclose()

    with pytest.raises(Lost, match="the client is closed") as caught:
        await sent(port, READ, "/", {})

    assert (caught.value.was_sent, caught.value.is_final) == (False, True)


def test_closing_wakes_a_thread_that_sleeps_and_one_that_reads() -> None:
    with Server(mute) as server, ThreadPoolExecutor(2) as pool:
        port = BlockingPort(line(server.url, 30.0), utc_now)
        sleeping = pool.submit(lambda: finish(port.sleep(30.0)))
        reading = pool.submit(lambda: finish(sent(port, READ, "/", {})))
        time.sleep(0.1)
        begin = time.monotonic()

        port.close()
        with pytest.raises(InvalidQuery, match="the client is closed"):
            sleeping.result(5)
        with pytest.raises(Lost, match="the client is closed"):
            reading.result(5)

    assert time.monotonic() - begin < 5.0


def test_a_sleep_ends_by_itself_and_a_lock_is_let_go() -> None:
    port = BlockingPort(line("http://127.0.0.1:1"), utc_now)
    lock = port.lock()

    async def twice() -> int:
        for _ in range(2):
            async with lock:
                await port.sleep(0.001)
        return 2

    assert finish(twice()) == 2
    port.close()


async def test_closing_wakes_a_task_that_sleeps() -> None:
    port = AsyncPort(line("http://127.0.0.1:1"), utc_now)
    sleeping = asyncio.create_task(port.sleep(30.0))
    await asyncio.sleep(0.01)

    await port.aclose()

    with pytest.raises(InvalidQuery, match="the client is closed"):
        await asyncio.wait_for(sleeping, 1)


async def test_an_asynchronous_port_sleeps_and_locks_too() -> None:
    port = AsyncPort(line("http://127.0.0.1:1"), utc_now)

    async with port.lock():
        await port.sleep(0)

    await port.aclose()


async def test_closing_ends_what_is_under_way_and_what_waits_in_line() -> None:
    with Server(mute) as server:
        port = AsyncPort(line(server.url, n=2), utc_now)
        calls = [asyncio.create_task(sent(port, READ, "/", {})) for _ in range(4)]
        await asyncio.sleep(0.05)
        late = asyncio.create_task(sent(port, READ, "/", {}))

        await port.aclose()
        found = await asyncio.gather(*calls, late, return_exceptions=True)

    assert all(isinstance(each, Lost) for each in found)
    assert {str(each) for each in found} == {CLOSED}


async def test_closing_at_once_ends_an_exchange_that_has_not_begun() -> None:
    port = AsyncPort(line("http://127.0.0.1:1"), utc_now)
    call = asyncio.create_task(sent(port, READ, "/", {}))
    await asyncio.sleep(0)

    await port.aclose()

    with pytest.raises(Lost, match="the client is closed"):
        await call


# -- cancelling ---------------------------------------------------------------------


async def test_the_pool_works_after_two_hundred_cancelled_calls() -> None:
    def talk(connection: Connection, server: Server) -> None:
        while True:
            connection.request()
            server.stop.wait(0.002)
            connection.send(written(GOOD))

    with Server(talk) as server:
        port = AsyncPort(line(server.url, n=3), utc_now)
        tasks = [asyncio.create_task(sent(port, READ, "/", {})) for _ in range(200)]
        for number, task in enumerate(tasks):
            await asyncio.sleep(0.001 if number % 3 else 0)
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

        replies = await asyncio.gather(*(sent(port, READ, "/", {}) for _ in range(9)))
        await port.aclose()

    assert [reply.body for reply in replies] == [GOOD] * 9
    assert server.opened <= 3


async def test_a_call_may_be_cancelled_at_any_step() -> None:
    with Server(answering(written(GOOD))) as server:
        port = AsyncPort(line(server.url, n=1), utc_now)
        for steps in range(40):
            task = asyncio.create_task(sent(port, READ, "/", {}))
            for _ in range(steps):
                await asyncio.sleep(0)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

        reply = await asyncio.wait_for(sent(port, READ, "/", {}), 5)
        await port.aclose()

    assert reply.body == GOOD


# -- leaving nothing behind ---------------------------------------------------------


def _files() -> int:
    return len(os.listdir("/proc/self/fd"))


def _settled(count: Callable[[], int], most: int) -> bool:
    for _ in range(100):
        if count() <= most:
            return True
        time.sleep(0.02)
    return False


def _break(connection: Connection, server: Server) -> None:
    while True:
        connection.request()
        server.requests.append((b"", b""))
        if len(server.requests) % 2:
            connection.reset()
        connection.send(written(GOOD))


def test_a_hundred_blocking_clients_leave_no_socket_and_no_thread() -> None:
    with Server(_break) as server:
        files, threads = _files(), threading.active_count()

        for _ in range(100):
            port = BlockingPort(line(server.url), utc_now)
            _quietly(partial(sent, port, READ, "/", {}))
            port.close()
        is_settled = _settled(_files, files)
        is_alone = _settled(threading.active_count, threads)

    assert is_settled
    assert is_alone


def _quietly(call: Callable[[], Awaitable[Reply]]) -> None:
    async def whole() -> None:
        try:
            await call()
        except Lost:
            return

    finish(whole())


async def test_a_hundred_asynchronous_clients_leave_no_socket_and_no_task() -> None:
    with Server(_break) as server:
        files = _files()

        for _ in range(100):
            port = AsyncPort(line(server.url), utc_now)
            task = asyncio.create_task(sent(port, READ, "/", {}))
            await asyncio.gather(task, return_exceptions=True)
            await port.aclose()
        is_settled = _settled(_files, files)

    assert is_settled
    assert len(asyncio.all_tasks()) == 1


def test_threads_beyond_the_connections_take_their_turn() -> None:
    with Server(answering(written(GOOD))) as server, ThreadPoolExecutor(20) as pool:
        port = BlockingPort(line(server.url, n=2), utc_now)
        calls = [
            pool.submit(lambda: finish(sent(port, READ, "/", {}))) for _ in range(200)
        ]
        bodies = [call.result(10).body for call in calls]
        port.close()

    assert bodies == [GOOD] * 200
    assert server.opened <= 2


def test_waiting_in_line_does_not_use_up_the_time_for_an_answer() -> None:
    def talk(connection: Connection, server: Server) -> None:
        while True:
            connection.request()
            server.stop.wait(0.1)
            connection.send(written(GOOD))

    with Server(talk) as server, ThreadPoolExecutor(6) as pool:
        port = BlockingPort(line(server.url, SHORT, n=1), utc_now)
        calls = [
            pool.submit(lambda: finish(sent(port, READ, "/", {}))) for _ in range(6)
        ]
        bodies = [call.result(5).body for call in calls]
        port.close()

    assert bodies == [GOOD] * 6


def test_closing_also_ends_those_who_wait_in_line() -> None:
    with Server(mute) as server, ThreadPoolExecutor(3) as pool:
        port = BlockingPort(line(server.url, 30.0, n=1), utc_now)
        calls = [
            pool.submit(lambda: finish(sent(port, READ, "/", {}))) for _ in range(3)
        ]
        time.sleep(0.1)

        port.close()
        losses = [call.exception(5) for call in calls]

    assert {str(each) for each in losses} == {CLOSED}
    assert len(server.requests) == 0
