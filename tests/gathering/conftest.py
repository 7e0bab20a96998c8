from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from typing import Any

import pytest

import socialmetrics as sm
from socialmetrics.cli.sandboxes import reach
from socialmetrics.client import Client
from socialmetrics.sandbox import Sandbox, World
from socialmetrics.sandbox.server import serve
from socialmetrics_hootsuite import Hootsuite
from socialmetrics_hootsuite.sandbox import sandbox as hootsuite_sandbox
from socialmetrics_sprout import Sprout
from socialmetrics_sprout.sandbox import sandbox as sprout_sandbox
from socialmetrics_x import X
from socialmetrics_x.sandbox import sandbox as x_sandbox

MANY = 1_000_000
Settings = Mapping[str, dict[str, Any]]


@pytest.fixture(scope="session")
def world() -> World:
    """The world of all three sandboxes."""
    return World(scale=0.3, burst=0)


@pytest.fixture(scope="session")
def settings(world: World) -> Iterator[Settings]:
    """What leads to three tools that look after the same company."""
    boxes: list[tuple[type[sm.Adapter], Sandbox]] = [
        (Sprout, sprout_sandbox(world, per_minute=MANY)),
        (X, x_sandbox(world, per_minute=MANY)),
        (Hootsuite, hootsuite_sandbox(world, per_second=MANY)),
    ]
    with ExitStack() as stack:
        found: dict[str, dict[str, Any]] = {}
        for kind, box in boxes:
            url = stack.enter_context(serve(box.app)).url
            known = reach(kind, url, box.credentials)
            found[kind.name] = {**known, "clock": box.now, "budget": [(MANY, 1.0)]}
        yield found


@pytest.fixture(scope="session")
def tools(settings: Settings) -> Iterator[dict[str, Client]]:
    """All three, connected."""
    with ExitStack() as stack:
        yield {
            name: stack.enter_context(sm.connect(name, **given))
            for name, given in settings.items()
        }


@pytest.fixture(scope="session")
def acme(tools: dict[str, Client]) -> sm.Profile:
    """The company's account on X, as the first tool knows it."""
    found = (each for each in tools["sprout"].profiles() if each.handle == "acme")
    return next(each for each in found if each.ref.network == "x")
