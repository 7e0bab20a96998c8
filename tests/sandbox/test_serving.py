"""A sandbox is served on this machine only, in a thread or in a process of its own."""

from __future__ import annotations

import os
from collections.abc import MutableMapping
from email.utils import parsedate_to_datetime
from io import BytesIO
from threading import Thread
from time import time
from typing import Any

import httpx
import msgspec
import pytest

from socialmetrics.errors import InvalidQuery, Unreachable
from socialmetrics.sandbox import child
from socialmetrics.sandbox.limits import Limit, Limiter
from socialmetrics.sandbox.loopback import listen, url_of
from socialmetrics.sandbox.server import serve, spawn
from tests.sandbox.echo import application, broken, sandbox


def test_an_application_is_served_in_a_thread_until_the_block_ends() -> None:
    with serve(application()) as running:
        answer = httpx.post(f"{running.url}/here", content=b"12345")

    assert answer.json()["asked"] == 5
    assert answer.headers["x-request"] == "/here"
    with pytest.raises(httpx.ConnectError):
        httpx.get(running.url)


def test_every_answer_tells_the_real_time_unless_it_tells_another() -> None:
    async def later(scope: Any, receive: Any, send: Any) -> None:
        async def sent(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [(b"Date", b"Wed, 11 Mar 2026 06:00:00 GMT")]
            await send(message)

        await application()(scope, receive, sent)

    with serve(application()) as running, serve(later) as wrong:
        real = httpx.get(running.url).headers.get_list("date")
        own = httpx.get(wrong.url).headers.get_list("date")

    assert abs(parsedate_to_datetime(real[0]).timestamp() - time()) < 10
    assert len(real) == 1
    assert own == ["Wed, 11 Mar 2026 06:00:00 GMT"]


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.1", "localhost", "::", ""])  # noqa: S104 - to be refused
def test_other_hosts_than_loopback_are_refused(host: str) -> None:
    with pytest.raises(InvalidQuery, match="loopback"), serve(application(), host):
        pass


def test_addresses_of_both_families_are_spelled_as_urls() -> None:
    with listen("127.0.0.1", 0) as four, listen("::1", 0) as six:
        urls = url_of(four), url_of(six)

    assert urls[0].startswith("http://127.0.0.1:")
    assert urls[1].startswith("http://[::1]:")


def test_a_child_process_serves_what_it_is_told_and_hands_over_credentials() -> None:
    with spawn(sandbox, world={"seed": 9, "scale": 0.05}, note="hello") as running:
        answer = httpx.get(f"{running.url}/there")

    assert answer.headers["x-request"] == "/there"
    assert (running.credentials, running.notes) == ({"token": "made-up-9"}, "hello")


def test_a_child_that_does_not_come_up_says_why() -> None:
    with pytest.raises(Unreachable, match="no sandbox of world 7"), spawn(broken):
        pass


def test_the_child_serves_until_its_parent_is_gone() -> None:
    reads, writes = os.pipe()
    order: dict[str, object] = {"world": {}, "options": {}}
    order |= {"host": "127.0.0.1", "port": 0}
    said = BytesIO()

    with open(reads, "rb") as told, open(writes, "wb", buffering=0) as parent:
        parent.write(msgspec.json.encode(order) + b"\n")
        spelled = "tests.sandbox.echo:sandbox"
        thread = Thread(target=child.main, args=(spelled, told, said))
        thread.start()
        while not said.getvalue():
            thread.join(0.01)
        url = msgspec.json.decode(said.getvalue())["url"]
        answer = httpx.get(f"{url}/alive")
        parent.close()
        thread.join(10)

    assert answer.status_code == 200
    assert not thread.is_alive()


def test_a_window_slides_and_refused_requests_do_not_count() -> None:
    seconds = 0.0
    limiter = Limiter([Limit(2, 10.0), Limit(3, 100.0)], clock=lambda: seconds)

    early = [limiter.admit() for _ in range(4)]
    seconds = 10.0
    later = [limiter.admit() for _ in range(2)]
    seconds = 100.0
    last = limiter.admit()

    assert early == [True, True, False, False]
    assert later == [True, False]
    assert last
