"""Parts are read side by side, lazily, in order, and stop when nobody listens."""

from __future__ import annotations

import asyncio
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from typing import Any, ClassVar

import attrs
import pytest

from socialmetrics.client import AsyncClient, Client
from socialmetrics.connections import connect, connect_async
from socialmetrics.errors import NotFound, Rejected
from socialmetrics.model import Issue, Missing, Post, Profile
from socialmetrics.plan import Part, Plan
from socialmetrics.pull import AsyncPull, Progress, Pull, Tally
from socialmetrics.retry import Retry
from socialmetrics.wire import Flow, Page, Stream
from tests.conftest import Fetch
from tests.core.conftest import Vendor
from tests.core.ports import FakePort, engine, scripted
from tests.core.toy import WEEK, Toy, profile
from tests.core.toy_api import TOKEN, told

ALL = None


def ids(posts: list[Post]) -> list[str]:
    return [post.vendor_id for post in posts]


def test_items_come_part_by_part_in_the_order_of_the_plan(
    toy: Fetch, vendor: Vendor
) -> None:
    vendor.api.profiles = 7

    posts = toy.items(lambda client: client.posts(ALL, WEEK))

    assert ids(posts) == [f"p{p}-{page}" for p in range(1, 8) for page in (1, 2)]


@pytest.mark.parametrize("concurrency", [1, 2, 20])
def test_the_order_does_not_depend_on_the_concurrency(
    fetch: Fetch, vendor: Vendor, concurrency: int
) -> None:
    client = fetch.by(Toy, token=TOKEN, base_url=vendor.url, concurrency=concurrency)

    posts = client.items(lambda client: client.posts(ALL, WEEK))

    assert ids(posts) == [f"p{p}-{page}" for p in (1, 2, 3) for page in (1, 2)]


def test_progress_counts_parts_and_rows(toy: Fetch) -> None:
    seen: list[Progress] = []

    toy.items(lambda client: client.posts(ALL, WEEK, progress=seen.append))

    assert [(each.done, each.rows) for each in seen] == [
        (0, 1), (0, 2), (1, 2), (1, 3), (1, 4), (2, 4), (2, 5), (2, 6), (3, 6),
    ]  # fmt: skip
    assert {(each.operation, each.planned) for each in seen} == {("posts", 3)}


def test_progress_of_figures_counts_rows_and_not_blocks(toy: Fetch) -> None:
    seen: list[Progress] = []

    toy.value(
        lambda client: client.metrics(
            profile(1), ["impressions", "likes"], WEEK, progress=seen.append
        )
    )

    assert seen[-1] == Progress(operation="metrics", done=1, planned=1, rows=14)


@pytest.mark.parametrize("part", [1, 2, 3])
def test_an_error_in_one_part_comes_after_the_parts_before_it(
    toy: Fetch, vendor: Vendor, part: int
) -> None:
    seen: list[Progress] = []
    profiles = [profile(i) for i in (1, 2, 3)]
    profiles[part - 1] = attrs.evolve(profile(part), vendor_id="gone")

    with pytest.raises(NotFound) as caught:
        toy.items(lambda client: client.posts(profiles, WEEK, progress=seen.append))

    assert caught.value.code == "E404"
    assert caught.value.request_id == "r-9"
    assert max([each.done for each in seen], default=0) == part - 1


def test_a_fault_that_passes_costs_no_row(fetch: Fetch, vendor: Vendor) -> None:
    quick = Retry(first=0.01)
    toy = fetch.by(Toy, token=TOKEN, base_url=vendor.url, retry=quick)
    vendor.api.faults.append(told({}, 503, retry_after="0.01"))
    vendor.api.faults.append(told({}, 429, retry_after="0.01"))
    vendor.api.faults.append((200, {}, b"<html>"))

    posts = toy.items(lambda client: client.posts(ALL, WEEK))

    assert len(posts) == 6


# -- what can be asked of a pull ----------------------------------------------------


def client_of(vendor: Vendor, **settings: Any) -> Client:
    return connect(Toy, token=TOKEN, base_url=vendor.url, **settings)


def async_client_of(vendor: Vendor, **settings: Any) -> AsyncClient:
    return connect_async(Toy, token=TOKEN, base_url=vendor.url, **settings)


def test_a_pull_knows_its_plan_before_the_first_page(vendor: Vendor) -> None:
    with client_of(vendor) as client:
        pull = client.posts(profile(1), WEEK)

        assert pull.plan.requests == 2
        assert pull.missing == ()
        assert pull.issues == []
    assert vendor.api.calls == []


def test_what_was_odd_is_collected_while_reading(vendor: Vendor) -> None:
    odd = b'{"items": [{"number": 1}], "more": false, "x": NaN}'
    vendor.api.faults.append((200, {}, odd))

    with client_of(vendor) as client, client.posts(profile(1), WEEK) as pull:
        posts = list(pull)

    assert len(posts) == 1
    assert pull.issues == [Issue(path="$.x", problem="not a finite number", seen="nan")]


async def test_an_asynchronous_pull_is_planned_when_it_begins(vendor: Vendor) -> None:
    vendor.api.pages = 1
    async with async_client_of(vendor) as client, client.posts(ALL, WEEK) as pull:
        before = len(pull.plan.parts)

        posts = [post async for post in pull]

    assert before == 0
    assert len(pull.plan.parts) == 3
    assert len(posts) == 3
    assert pull.missing == ()
    assert pull.issues == []


# -- leaving early ------------------------------------------------------------------


def test_leaving_early_stops_the_rest(vendor: Vendor) -> None:
    vendor.api.profiles, vendor.api.pages = 30, 50
    threads = threading.active_count()

    with client_of(vendor) as client, client.posts(ALL, WEEK) as pull:
        first = next(pull)

    assert first.vendor_id == "p1-1"
    assert _is_calm(vendor)
    assert len(vendor.api.calls) < 40
    assert _settles(lambda: threading.active_count() <= threads + 1)


async def test_leaving_early_stops_the_rest_of_the_tasks(vendor: Vendor) -> None:
    vendor.api.profiles, vendor.api.pages = 30, 50

    async with async_client_of(vendor) as client:
        async with client.posts(ALL, WEEK) as pull:
            first = await anext(pull)
        tasks = asyncio.all_tasks()

    assert first.vendor_id == "p1-1"
    assert len(tasks) <= 1 + 4  # Exchanges under way end by themselves.
    assert _is_calm(vendor)
    assert len(vendor.api.calls) < 40


def test_one_part_alone_stops_where_it_is_left(vendor: Vendor) -> None:
    vendor.api.pages = 50

    with client_of(vendor) as client, client.posts(profile(1), WEEK) as pull:
        next(pull)

    assert len(vendor.api.calls) == 1


def _is_calm(vendor: Vendor) -> bool:
    before = -1
    while len(vendor.api.calls) != before:
        before = len(vendor.api.calls)
        time.sleep(0.15)
    return True


def _settles(check: Callable[[], bool]) -> bool:
    for _ in range(150):
        if check():
            return True
        time.sleep(0.02)
    return False


def test_a_pull_is_over_after_its_error(vendor: Vendor) -> None:
    vendor.api.faults.extend([told({}, 400)] * 9)

    with client_of(vendor) as client:
        pull = client.posts([profile(1), profile(2)], WEEK)
        with pytest.raises(Rejected):
            next(pull)

        assert list(pull) == []


# -- how much is under way ----------------------------------------------------------


@attrs.frozen(kw_only=True)
class CountedPart(Part[Profile]):
    operation = "counted"
    number: int


class Weighty:
    """A page that can be watched dying."""


@attrs.frozen(kw_only=True)
class Counted(Toy):
    """Counts the parts that are being read, and the pages that are alive."""

    underway: ClassVar[set[int]] = set()
    most: ClassVar[list[int]] = []
    pages: ClassVar[weakref.WeakSet[Weighty]] = weakref.WeakSet()
    alive: ClassVar[list[int]] = []

    def counted(self, part: CountedPart) -> Stream[Weighty]:
        self.underway.add(part.number)
        try:
            for _ in range(20):
                self.most.append(len(self.underway))
                item = Weighty()
                self.pages.add(item)
                self.alive.append(len(self.pages))
                yield Page((item,))
                del item
        finally:
            self.underway.discard(part.number)


@pytest.fixture
def counted() -> Iterator[type[Counted]]:
    yield Counted
    for each in (Counted.underway, Counted.most, Counted.pages, Counted.alive):
        each.clear()


PLAN = Plan(parts=tuple(CountedPart(number=i) for i in range(12)))


def tally() -> Tally[Profile]:
    return Tally(PLAN, "counted")


def test_a_long_pull_keeps_few_parts_and_few_pages_in_hand(
    counted: type[Counted],
) -> None:
    machine = engine(FakePort(scripted(told({}))), adapter=counted())

    total = sum(1 for _ in Pull(tally(), machine, 3))

    assert total == 12 * 20
    assert max(counted.most) <= 3
    assert max(counted.alive) <= 3 * 4 + 2


async def test_a_long_asynchronous_pull_keeps_as_little(
    counted: type[Counted],
) -> None:
    machine = engine(FakePort(scripted(told({})), is_async=True), adapter=counted())

    total = 0
    async for _ in AsyncPull(tally(), planned(), machine, 3):
        total += 1

    assert total == 12 * 20
    assert max(counted.most) <= 3
    assert max(counted.alive) <= 3 * 4 + 2


def planned() -> Flow[Plan[Profile]]:
    yield from ()
    return PLAN


def test_a_reader_that_leaves_frees_a_thread_that_waits_to_hand_over(
    counted: type[Counted],
) -> None:
    machine = engine(FakePort(scripted(told({}))), adapter=counted())
    pull = Pull(tally(), machine, 3)
    next(pull)
    time.sleep(0.05)

    pull.close()

    assert _settles(lambda: not counted.underway)
    assert sum(1 for _ in pull) == 0


def test_what_a_plan_says_is_missing_is_there_at_once() -> None:
    lost = Missing(metric="reach", reason="not counted")
    plan = Plan[Profile](parts=(), missing=(lost,))

    pull = Pull(Tally(plan, "x"), engine(FakePort(scripted(told({})))), 3)

    assert pull.missing == (lost,)
    assert list(pull) == []
