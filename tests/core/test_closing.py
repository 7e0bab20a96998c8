"""A client that is closed, or left alone, leaves nothing under way."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from socialmetrics.connections import connect, connect_async
from socialmetrics.errors import InvalidQuery
from tests.core.conftest import Vendor
from tests.core.toy import WEEK, Toy
from tests.core.toy_api import TOKEN

SCRIPT = """
import sys
from socialmetrics.connections import connect
from tests.core.toy import WEEK, Toy
client = connect(Toy, token="toy-token-1", base_url=sys.argv[1])
posts = client.posts(None, WEEK)
print(next(posts).vendor_id)
"""


def test_a_script_that_leaves_a_pull_alive_ends(vendor: Vendor) -> None:
    vendor.api.profiles, vendor.api.pages = 30, 50

    ended = subprocess.run(  # noqa: S603 - our own text
        [sys.executable, "-c", SCRIPT, vendor.url],
        cwd=Path(__file__).parents[2],
        timeout=20,
        capture_output=True,
        text=True,
        check=True,
    )

    assert (ended.stdout, ended.stderr) == ("p1-1\n", "")


def test_closing_the_client_ends_its_pulls_and_their_threads(vendor: Vendor) -> None:
    vendor.api.profiles, vendor.api.pages = 30, 50
    client = connect(Toy, token=TOKEN, base_url=vendor.url)
    posts = client.posts(None, WEEK)
    next(posts)

    client.close()

    with pytest.raises(InvalidQuery, match="the client is closed") as caught:
        list(posts)
    assert not caught.value.retryable
    until = time.monotonic() + 2
    while _ours() and time.monotonic() < until:
        time.sleep(0.02)
    assert _ours() == []


def _ours() -> list[str]:
    names = [thread.name for thread in threading.enumerate()]
    return [name for name in names if name.startswith("socialmetrics_")]


async def test_closing_an_asynchronous_client_ends_its_pulls(vendor: Vendor) -> None:
    vendor.api.profiles, vendor.api.pages = 30, 50
    client = connect_async(Toy, token=TOKEN, base_url=vendor.url)
    posts = client.posts(None, WEEK)
    await anext(posts)
    await asyncio.sleep(0.1)

    await client.aclose()
    await asyncio.sleep(0)

    assert len(asyncio.all_tasks()) == 1
    with pytest.raises(InvalidQuery, match="the client is closed") as caught:
        _ = [post async for post in posts]
    assert not caught.value.retryable


async def test_closing_wakes_a_reader_that_waits_for_a_page(vendor: Vendor) -> None:
    one_an_hour = [(1, 3600.0)]
    client = connect_async(Toy, token=TOKEN, base_url=vendor.url, budget=one_an_hour)
    posts = client.posts(None, WEEK)
    reading = asyncio.ensure_future(anext(posts))
    await asyncio.sleep(0.1)

    await client.aclose()

    with pytest.raises(InvalidQuery, match="the client is closed"):
        await asyncio.wait_for(reading, 2)


@pytest.mark.parametrize("after", ["calls", "waits", "locks", "is closed"])
def test_an_asynchronous_client_belongs_to_one_event_loop(
    vendor: Vendor, after: str
) -> None:
    client = connect_async(Toy, token=TOKEN, base_url=vendor.url)
    port: Any = vars(client)["_port"]  # its locks and waits, without a wire

    async def use() -> None:
        if after == "waits":
            await port.sleep(0)
            return
        if after == "locks":
            async with port.lock():
                return
        _ = [profile async for profile in client.profiles()]
        await port._http.aclose()  # No warning of a socket left open.

    asyncio.run(use())
    with pytest.raises(InvalidQuery, match="belongs to another event loop"):
        asyncio.run(client.aclose() if after == "is closed" else use())


def test_closing_again_in_another_loop_does_no_harm(vendor: Vendor) -> None:
    client = connect_async(Toy, token=TOKEN, base_url=vendor.url)

    async def use() -> None:
        async with client:
            _ = [profile async for profile in client.profiles()]

    asyncio.run(use())
    asyncio.run(client.aclose())

    with pytest.raises(InvalidQuery):
        asyncio.run(use())
