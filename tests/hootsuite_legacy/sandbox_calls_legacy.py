"""How the tests talk to the simulated service: blocking, in this process."""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import attrs
import httpx
from starlette.applications import Starlette

from socialmetrics.sandbox import World
from socialmetrics.sandbox.people import Account
from socialmetrics_hootsuite.legacy.sandbox import CREDENTIALS, Published, app
from socialmetrics_hootsuite.legacy.sandbox.feeds import network_id

WORLD = World(scale=0.2)
PLENTY = 10**9
TOKEN = CREDENTIALS["access_token"]
ACME, CARE, PAGE, BERLIN = WORLD.profiles[:4]
LINKED = next(one for one in WORLD.profiles if one.network == "linkedin")
INSTAGRAM = next(one for one in WORLD.profiles if one.network == "instagram")


@attrs.frozen
class Service:
    """A running service: ask it, get the answer."""

    client: httpx.AsyncClient
    runner: asyncio.Runner
    app: Starlette

    def ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        return self.runner.run(self.client.request(method, path, **options))

    def read(self, query: str) -> httpx.Response:
        return self.ask("GET", f"/messages?{query}")

    def rows(self, query: str) -> list[Any]:
        answer = self.read(query)
        assert answer.status_code == 200, answer.text
        found: list[Any] = answer.json()["results"]
        return found

    def write(self, **body: Any) -> httpx.Response:
        return self.ask("POST", "/messages", json=body)

    @property
    def published(self) -> list[Published]:
        found: list[Published] = self.app.state.published
        return found


def one(account: Account, kind: str, **more: object) -> str:
    """The query for one stream."""
    told = {"socialNetworkId": network_id(account), "type": kind, **more}
    return "&".join(f"{key}={value}" for key, value in told.items())


def several(*streams: str) -> str:
    """The query for several streams, each as by `one`."""
    return "&".join(
        f"streams[{place}][{name}]={value}"
        for place, stream in enumerate(streams)
        for name, _, value in (pair.partition("=") for pair in stream.split("&"))
    )


@contextmanager
def service(world: World = WORLD, **options: Any) -> Generator[Service]:
    """The service over that world, logged in, without a limit unless one is set."""
    made = app(world, **{"per_hour": PLENTY, **options})
    client = httpx.AsyncClient(
        transport=httpx.ASGITransport(made),
        base_url="http://sandbox",
        headers={"Authorization": f"Bearer {TOKEN}"},
    )
    with asyncio.Runner() as runner:
        yield Service(client, runner, made)
        runner.run(client.aclose())
