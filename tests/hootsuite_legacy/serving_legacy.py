"""Clients of the simulated service, over real sockets."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from contextlib import contextmanager
from typing import Any

import attrs
from starlette.applications import Starlette

import socialmetrics as sm
from socialmetrics.sandbox.people import Account
from socialmetrics.sandbox.server import serve
from socialmetrics.sandbox.world import World
from socialmetrics_hootsuite.legacy import HootsuiteLegacy
from socialmetrics_hootsuite.legacy.sandbox import CREDENTIALS, Published, app
from socialmetrics_hootsuite.legacy.sandbox.feeds import network_type
from tests.conftest import Fetch
from tests.hootsuite_legacy.sandbox_calls_legacy import PLENTY

WORLD = World(scale=0.4)
PAST = sm.Window.days("2025-09-01", "2025-11-30")


@attrs.frozen
class Simulated:
    """A running service, and what it took."""

    app: Starlette
    url: str

    def by(self, fetch: Fetch, **more: Any) -> Fetch:
        """A client of it."""
        told: dict[str, Any] = {"budget": [(PLENTY, 1.0)], "clock": WORLD.now, **more}
        return fetch.by(
            HootsuiteLegacy, base_url=self.url, **{**dict(CREDENTIALS), **told}
        )

    @property
    def published(self) -> list[Published]:
        found: list[Published] = self.app.state.published
        return found


@contextmanager
def running(**options: Any) -> Generator[Simulated]:
    made = app(WORLD, **{"per_hour": PLENTY, **options})
    with serve(made) as server:
        yield Simulated(made, server.url)


def accounts() -> list[Account]:
    return [each for each in WORLD.profiles if network_type(each)]


def profiles(client_of: Fetch) -> list[sm.Profile]:
    return client_of.items(lambda client: client.profiles())


def found(
    client_of: Fetch, window: sm.Window, kinds: Iterable[str] | None
) -> list[sm.Message]:
    everybody = profiles(client_of)
    where = None if kinds is None else {"streams": list(kinds)}
    return client_of.items(lambda c: c.messages(everybody, window, where=where))
