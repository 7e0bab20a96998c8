"""A slow vendor never sees more calls in a window than the budget has."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor

from socialmetrics.connections import connect, connect_async
from tests.core.servers import Connection, Server, written
from tests.core.toy import Toy
from tests.core.toy_api import TOKEN, told

WINDOW, CALLS, SLOW = 1.2, 5, 1.0
LAG = 0.5  # by which a busy machine may bring two calls nearer to one another
PROFILES = written(told({"items": [{"number": 1}]})[2])


class Watch:
    """Answers the first calls late, and notes when each one came."""

    def __init__(self) -> None:
        self.came: list[float] = []

    def __call__(self, connection: Connection, server: Server) -> None:
        while True:
            connection.request()
            self.came.append(time.monotonic())
            if len(self.came) <= 2:
                server.stop.wait(SLOW)
            connection.send(PROFILES)

    @property
    def most(self) -> int:
        """The most calls in any window, as far as it can be told here."""
        span = WINDOW - LAG
        return max(
            sum(begin <= at < begin + span for at in self.came) for begin in self.came
        )


def test_a_slow_start_of_threads_is_not_made_good_in_a_crowd() -> None:
    watch = Watch()
    with (
        Server(watch) as server,
        connect(
            Toy,
            token=TOKEN,
            base_url=server.url,
            concurrency=2,
            budget=[(CALLS, WINDOW)],
        ) as client,
        ThreadPoolExecutor(12) as pool,
    ):
        calls = [pool.submit(lambda: list(client.profiles())) for _ in range(12)]
        counts = [len(call.result(20)) for call in calls]

    assert counts == [1] * 12
    assert watch.most <= CALLS


async def test_a_slow_start_of_tasks_is_not_made_good_in_a_crowd() -> None:
    watch = Watch()

    with Server(watch) as server:
        async with connect_async(
            Toy,
            token=TOKEN,
            base_url=server.url,
            concurrency=2,
            budget=[(CALLS, WINDOW)],
        ) as client:

            async def call() -> int:
                return len([profile async for profile in client.profiles()])

            counts = await asyncio.gather(*(call() for _ in range(12)))

    assert counts == [1] * 12
    assert watch.most <= CALLS
