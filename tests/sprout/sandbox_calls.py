"""How the tests talk to the simulated service: blocking, in this process."""

from __future__ import annotations

import asyncio
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import Any

import attrs
import httpx

from socialmetrics.sandbox import World
from socialmetrics_sprout.sandbox import CREDENTIALS, app

CUSTOMER = 687751
WORLD = World(scale=0.2)
PLENTY = 10**9
IDS = ",".join(str(6_810_000 + profile.index) for profile in WORLD.profiles)
EVERYBODY = f"customer_profile_id.eq({IDS})"


@attrs.frozen
class Service:
    """A running service: ask it, get the answer."""

    client: httpx.AsyncClient
    runner: asyncio.Runner

    def ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        return self.runner.run(self.client.request(method, path, **options))

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self.ask("GET", path, **options)

    def post(self, path: str, body: object, **options: Any) -> httpx.Response:
        return self.ask("POST", f"/v1/{CUSTOMER}/{path}", json=body, **options)

    def pages(self, path: str, body: Mapping[str, object]) -> list[Any]:
        """Everything behind `page_cursor`, page after page."""
        rows: list[Any] = []
        cursor: dict[str, object] = {}
        while True:
            answer = self.post(path, {**body, **cursor}).json()
            rows += answer["data"]
            if "paging" not in answer:
                return rows
            cursor = {"page_cursor": answer["paging"]["next_cursor"]}


@contextmanager
def service(world: World = WORLD, **options: Any) -> Generator[Service]:
    """The service over that world, logged in, without a limit unless one is set."""
    options = {"per_minute": PLENTY, "per_month": PLENTY, **options}
    headers = {"Authorization": f"Bearer {CREDENTIALS['token']}"}
    transport = httpx.ASGITransport(app(world, **options))
    client = httpx.AsyncClient(
        transport=transport, base_url="http://sandbox", headers=headers
    )
    with asyncio.Runner() as runner:
        yield Service(client, runner)
        runner.run(client.aclose())
