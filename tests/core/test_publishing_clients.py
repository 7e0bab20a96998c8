"""Both clients publish, and whoever shares the ledger publishes nothing twice."""

from __future__ import annotations

import asyncio
import multiprocessing
import threading
from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, TypeAlias

import attrs
import pytest

from socialmetrics.adapter import unsupported
from socialmetrics.connections import connect, connect_async
from socialmetrics.errors import InvalidQuery, Unsupported
from socialmetrics.ledger import Ledger
from socialmetrics.model import Publication
from tests.conftest import Fetch
from tests.core import processes
from tests.core.press import FIRST, THIRD, Press, draft, states
from tests.core.press_api import PressApi, pressing
from tests.core.servers import Server
from tests.core.toy import Toy
from tests.core.toy_api import TOKEN

SENT = [("p1", "scheduled")]
Held: TypeAlias = tuple[BaseProcess, threading.Event]


@attrs.frozen
class Shop:
    """A vendor on a wire, and the ledger of its clients."""

    api: PressApi
    url: str
    ledger: Path

    @property
    def settings(self) -> dict[str, Any]:
        """How one connects to it."""
        return {"token": TOKEN, "base_url": self.url, "ledger": self.ledger}

    def holds_answers(self) -> tuple[threading.Event, threading.Event]:
        """One is set when a message is there, the other one lets its answer go."""
        arrived, go_on = threading.Event(), threading.Event()

        def hold() -> None:
            arrived.set()
            assert go_on.wait(30)

        self.api.after = hold
        return arrived, go_on


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    api = PressApi()
    with Server(pressing(api)) as server:
        yield Shop(api, server.url, tmp_path / "ledger.db")


@pytest.fixture
def press(fetch: Fetch, shop: Shop) -> Fetch:
    return fetch.by(Press, **shop.settings)


def test_both_clients_publish_once(press: Fetch, shop: Shop) -> None:
    first = press.value(lambda client: client.publish(draft(), "spring"))
    second = press.value(lambda client: client.publish(draft(), key="spring"))
    third = press.value(lambda client: client.publication("spring"))

    assert first == second == third
    assert states(first) == SENT
    assert shop.api.calls == ["POST messages", "POST look"]


def test_a_connection_that_breaks_is_no_reason_to_send_again(
    press: Fetch, shop: Shop
) -> None:
    shop.api.faults = deque(["cut after"])

    found = press.value(lambda client: client.publish(draft(), "spring"))

    assert states(found) == SENT
    assert shop.api.calls == ["POST messages", "POST search"]


def test_a_client_tells_what_it_would_send(press: Fetch, shop: Shop) -> None:
    found = press.value(lambda client: client.consignments(draft("a", FIRST, THIRD)))

    assert [each.draft.profiles for each in found] == [(FIRST,), (THIRD,)]
    assert shop.api.calls == []


def test_a_client_lists_what_its_ledger_remembers(press: Fetch, shop: Shop) -> None:
    press.value(lambda client: client.publish(draft(), "spring"))

    (entry,) = press.value(lambda client: client.ledger.entries())

    assert (entry.adapter, entry.key, entry.states) == ("toy", "spring", ("scheduled",))
    assert Ledger(shop.ledger).entries() == [entry]


def test_a_vendor_that_publishes_nothing_is_told_before_anything(
    fetch: Fetch, shop: Shop
) -> None:
    class Mute(Toy):
        publish = unsupported("it has no press")

    mute = fetch.by(Mute, token=TOKEN, base_url=shop.url)

    with pytest.raises(Unsupported, match="it has no press"):
        mute.value(lambda client: client.publish(draft(), "spring"))
    with pytest.raises(Unsupported, match="it has no press"):
        mute.value(lambda client: client.publication("spring"))
    with pytest.raises(Unsupported, match="it has no press"):
        mute.value(lambda client: client.consignments(draft()))


@pytest.mark.parametrize("ledger", [5, ["ledger.db"], True])
def test_a_ledger_is_a_path(ledger: object) -> None:
    with pytest.raises(InvalidQuery, match="is no path of a file"):
        connect(Press, token=TOKEN, ledger=ledger)


def test_a_ledger_may_be_named_by_the_environment(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOCIALMETRICS_TOY_LEDGER", str(shop.ledger))

    with connect(Press, token=TOKEN) as client:
        assert client.ledger.path == shop.ledger


# -- at the same time ---------------------------------------------------------------


def test_threads_with_one_key_publish_once(shop: Shop) -> None:
    with (
        connect(Press, **shop.settings) as client,
        ThreadPoolExecutor(8) as pool,
    ):
        waiting = [pool.submit(client.publish, draft(), "spring") for _ in range(8)]
        found = [each.result() for each in waiting]

    assert {states(each)[0] for each in found} == set(SENT)
    assert shop.api.sent == 1


async def test_tasks_with_one_key_publish_once(shop: Shop) -> None:
    async with connect_async(Press, **shop.settings) as client:
        found = await asyncio.gather(
            *(client.publish(draft(), "spring") for _ in range(8))
        )

    assert {states(each)[0] for each in found} == set(SENT)
    assert shop.api.sent == 1


async def test_a_task_that_waits_for_its_turn_lets_others_go_on(shop: Shop) -> None:
    turn = Ledger(shop.ledger).turn("toy", "spring")
    assert turn.take()
    async with connect_async(Press, **shop.settings) as client:
        waiting = asyncio.create_task(client.publish(draft(), "spring"))
        await client.publish(draft("other"), "autumn")

        assert not waiting.done()
        turn.give_back()
        assert states(await waiting) == SENT


async def test_a_task_that_is_cancelled_leaves_its_turn_to_others(shop: Shop) -> None:
    arrived, go_on = shop.holds_answers()
    async with connect_async(Press, **shop.settings) as client:
        first = asyncio.create_task(client.publish(draft(), "spring"))
        await asyncio.to_thread(arrived.wait, 10)
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        go_on.set()

        assert states(await client.publish(draft(), "spring")) == SENT

    assert shop.api.sent == 1


@pytest.fixture
def held(shop: Shop) -> Iterator[Held]:
    """Another process, whose message is published, and whose answer is held back."""
    arrived, go_on = shop.holds_answers()
    process = multiprocessing.get_context("spawn").Process(
        target=processes.publish, args=(shop.url, str(shop.ledger), "spring")
    )
    process.start()
    try:
        assert arrived.wait(30)
        yield process, go_on
    finally:
        go_on.set()
        process.kill()
        process.join()


def published(shop: Shop) -> Publication:
    with connect(Press, **shop.settings) as client:
        return client.publish(draft(), "spring")


def test_a_process_that_is_killed_before_its_answer_published_once(
    shop: Shop, held: Held
) -> None:
    process, go_on = held
    (entry,) = Ledger(shop.ledger).entries()
    process.kill()
    process.join()
    go_on.set()

    found = published(shop)

    assert entry.states == ("unknown",)
    assert states(found) == SENT
    assert len(shop.api.messages) == 1
    assert shop.api.calls == ["POST messages", "POST search"]


def test_another_process_is_waited_for(shop: Shop, held: Held) -> None:
    process, go_on = held
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(published, shop)
        with pytest.raises(TimeoutError):
            waiting.result(0.1)
        go_on.set()
        found = waiting.result(30)
    process.join(30)

    assert process.exitcode == 0
    assert states(found) == SENT
    assert shop.api.calls == ["POST messages"]
