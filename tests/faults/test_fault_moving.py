"""What was there throughout comes exactly once, whatever moves between two pages."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

import pytest

import socialmetrics as sm
from socialmetrics.model import Profile, Topic
from socialmetrics.sandbox.server import Running, serve
from socialmetrics_sprout import Sprout
from tests.faults.moving import Moving, Stage
from tests.faults.pulls import JANUARY, KINDS, Kind, settings
from tests.faults.sizes import size

PROFILE: Final = Profile(
    ref=sm.Ref("x", "1"), vendor_id="6810000", name="A", groups=("1201",)
)
TOPIC: Final = Topic(vendor_id="7", name="T")
SEEDS: Final = range(size(20, 10_000 // 6))


@pytest.fixture(scope="module")
def stage() -> Iterator[tuple[Stage, Running]]:
    stage = Stage(Moving(0))
    with serve(stage.application()) as running:
        yield stage, running


def ask(operation: str, client: Any) -> Any:
    if operation == "posts":
        return client.posts([PROFILE], JANUARY)
    if operation == "messages":
        return client.messages([PROFILE], JANUARY)
    return client.topic_messages(TOPIC, JANUARY)


def pull(kind: Kind, operation: str, url: str) -> list[Any]:
    if kind == "Client":
        with sm.connect(Sprout, **settings(url, {})) as client:
            return list(ask(operation, client))

    async def main() -> list[Any]:
        async with sm.connect_async(Sprout, **settings(url, {})) as client:
            return [item async for item in ask(operation, client)]

    return asyncio.run(main())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("operation", ["posts", "messages", "listening"])
def test_what_stays_comes_once_while_others_come_go_and_change(
    operation: str, kind: Kind, stage: tuple[Stage, Running]
) -> None:
    for seed in SEEDS:
        vendor = stage[0].vendor = Moving(seed)

        found = pull(kind, operation, stage[1].url)

        counts = Counter(item.vendor_id for item in found)
        assert set(counts.values()) <= {1}, seed
        assert vendor.stayed <= set(counts), seed
        assert set(counts) <= set(vendor.edited), seed
        for item in found:
            version = int(item.text.removeprefix("version "))
            assert version in vendor.edited[item.vendor_id]
        assert vendor.requests <= 12
