"""Nothing is lost at the vendor's silent limits, nor at the edges of windows."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from functools import partial
from math import ceil
from random import Random
from typing import Any, Final

import pytest

import socialmetrics as sm
from socialmetrics.model import Message, Post, Profile
from socialmetrics.sandbox.proxy import FaultProxy
from socialmetrics.sandbox.server import Running, serve
from socialmetrics.sandbox.world import World
from socialmetrics_sprout import Sprout
from socialmetrics_sprout.parts import DaysPart
from socialmetrics_sprout.sandbox import app
from tests.faults.pulls import KINDS, NOW, Kind, settings
from tests.faults.sizes import size

LIMIT: Final = 10_000
SECOND: Final = timedelta(seconds=1)


def posts(
    kind: Kind, url: str, profiles: list[Profile], window: sm.Window
) -> list[Post]:
    if kind == "Client":
        with sm.connect(Sprout, **settings(url, {})) as client:
            return list(client.posts(profiles, window))

    async def main() -> list[Post]:
        async with sm.connect_async(Sprout, **settings(url, {})) as client:
            return [post async for post in client.posts(profiles, window)]

    return asyncio.run(main())


BURSTS: Final = size((10_001,), (9_999, 10_000, 10_001, 12_000, 1_000_000))


@pytest.mark.parametrize("count", BURSTS)
def test_a_second_with_more_posts_than_an_answer_may_hold_is_complete(
    count: int,
) -> None:
    crowded = World(scale=0.001, burst=count)
    moments = Counter(post.created_at for post in crowded.posts)
    ((moment, _),) = moments.most_common(1)
    truth = [post.ref for post in crowded.posts if post.created_at == moment]
    assert count <= len(truth) <= count + 1
    with (
        serve(app(crowded, per_minute=10**9, per_month=10**9)) as vendor,
        FaultProxy(vendor.url) as proxy,
    ):
        profiles = everybody(vendor)

        for kind in KINDS:
            proxy.requests.clear()

            window = sm.Window(moment, moment + SECOND)
            found = posts(kind, proxy.url, profiles, window)

            assert Counter(post.ref for post in found) == Counter(truth)
            assert len(proxy.requests) <= ceil(len(truth) / 100) + 1


def everybody(vendor: Running) -> list[Profile]:
    with sm.connect(Sprout, **settings(vendor.url, {})) as client:
        return list(client.profiles())


# -- profile-days ----------------------------------------------------------------------

MANY: Final = World(scale=0.01, branches=103)
TWO_YEARS: Final = sm.Window.days("2024-02-02", "2026-03-09")


@pytest.fixture(scope="module")
def crowd() -> Iterator[Running]:
    with serve(app(MANY, per_minute=10**9, per_month=10**9)) as running:
        yield running


def series(
    kind: Kind, url: str, profiles: list[Profile], window: sm.Window
) -> sm.MetricSeries:
    if kind == "Client":
        with sm.connect(Sprout, **settings(url, {})) as client:
            return client.metrics(profiles, ["followers"], window)

    async def main() -> sm.MetricSeries:
        async with sm.connect_async(Sprout, **settings(url, {})) as client:
            return await client.metrics(profiles, ["followers"], window)

    return asyncio.run(main())


@pytest.mark.parametrize("kind", KINDS)
def test_a_hundred_profiles_and_more_have_every_day_of_a_year(
    kind: Kind, crowd: Running
) -> None:
    profiles = [p for p in everybody(crowd) if p.ref.network != "reddit"]
    year = sm.Window.days("2025-01-01", "2025-12-31")

    found = series(kind, crowd.url, profiles, year)

    dates = set(year.dates())
    days: dict[str, Counter[date]] = {}
    for point in found:
        assert point.value is not None
        days.setdefault(str(point.subject), Counter())[_label(point)] += 1
    assert len(days) > 100
    assert len(found) > 3 * LIMIT
    assert all(one == Counter(dates) for one in days.values())


def _label(point: sm.Point) -> date:
    # Days begin at 00:00 UTC or, in Los Angeles, up to eight hours later.
    return point.start.date()


def test_no_part_can_meet_the_cap(crowd: Running) -> None:
    profiles = everybody(crowd)
    dice = Random(7)  # noqa: S311 - no secret
    with sm.connect(Sprout, **settings(crowd.url, {})) as client:
        for _ in range(200):
            some = dice.sample(profiles, dice.randint(1, len(profiles)))
            first = date(2024, 2, 2) + timedelta(days=dice.randint(0, 300))
            last = first + timedelta(days=dice.randint(0, 450))
            window = sm.Window.days(first, last)

            plan = client.plan(some, ["followers"], window)

            cells = Counter[tuple[str, date]]()
            for part in plan.parts:
                assert isinstance(part, DaysPart)
                assert len(part.accounts) <= 100
                assert part.days <= 365
                assert len(part.accounts) * part.days <= LIMIT
                days = [part.first + timedelta(days=n) for n in range(part.days)]
                cells.update((a.vendor_id, d) for a in part.accounts for d in days)
            assert set(cells.values()) == {1}
            assert len(cells) % ((last - first).days + 1) == 0


@pytest.mark.parametrize("kind", KINDS)
def test_two_years_have_one_row_a_profile_and_day(kind: Kind, crowd: Running) -> None:
    profiles = [p for p in everybody(crowd) if p.ref.network != "reddit"][:16]

    found = series(kind, crowd.url, profiles, TWO_YEARS)

    days = len(list(TWO_YEARS.dates()))
    cells = Counter((point.subject, _label(point)) for point in found)
    counts = Counter(subject for subject, _ in cells)
    assert set(cells.values()) == {1}
    assert set(counts.values()) == {days}
    assert len({subject.network for subject in counts}) >= 7
    ends = {(p.subject, p.start): p.end for p in found}
    for (subject, start), end in ends.items():
        assert end is not None
        assert ends.get((subject, end), "the last day") is not None
        assert end - start in {timedelta(hours=h) for h in (23, 24, 25)}


# -- windows ---------------------------------------------------------------------------

PAIRS: Final = size(16, 125)  # of two windows, for two operations and two clients
NETWORKS: Final = {"x", "facebook", "instagram", "linkedin", "youtube", "tiktok"}
DAY: Final = timedelta(days=1)


def edges(instants: list[datetime], dice: Random) -> list[datetime]:
    """Three instants, most of them on, just before or just after something."""
    begin, end = instants[0] - DAY, NOW
    chosen: list[datetime] = []
    while len(set(chosen)) < 3:
        moment = dice.choice(instants)
        kind = dice.randrange(6)
        if kind == 0:
            moment = begin + (end - begin) * dice.random()
        elif kind == 1:
            moment = moment.replace(hour=0, minute=0, second=0)
        elif kind == 2:
            moment = moment.replace(hour=23, minute=59, second=59)
        else:
            moment += dice.choice([-1, 0, 0, 1]) * dice.choice([SECOND, SECOND / 4])
        chosen.append(min(moment, chosen[0] + 3 * DAY) if chosen else moment)
    return sorted(set(chosen))[:3]


Truth = list[tuple[datetime, str]]


def within(truth: Truth, window: sm.Window) -> Counter[str]:
    return Counter(name for at, name in truth if window.start <= at < window.end)


def cut(truth: Truth, seed: int) -> list[sm.Window]:
    """Pairs of windows that touch."""
    dice = Random(seed)  # noqa: S311 - no secret
    instants = [at for at, _ in truth]
    found: list[sm.Window] = []
    for _ in range(PAIRS):
        first, middle, last = edges(instants, dice)
        found += [sm.Window(first, middle), sm.Window(middle, last)]
    return found


def pull_all(
    kind: Kind, url: str, ask: Callable[[Any, sm.Window], Any], windows: list[sm.Window]
) -> list[list[Post | Message]]:
    options = settings(url, {"concurrency": 8})
    if kind == "Client":
        with sm.connect(Sprout, **options) as client:
            return [list(ask(client, window)) for window in windows]

    async def main() -> list[list[Post | Message]]:
        async with sm.connect_async(Sprout, **options) as client:

            async def one(window: sm.Window) -> list[Post | Message]:
                return [item async for item in ask(client, window)]

            return await asyncio.gather(*map(one, windows))

    return asyncio.run(main())


@pytest.fixture(scope="module")
def small() -> Iterator[tuple[World, Running]]:
    world = World(scale=0.1, burst=3)
    with serve(app(world, per_minute=10**9, per_month=10**9)) as running:
        yield world, running


def _posts(client: Any, profiles: list[Profile], window: sm.Window) -> Any:
    return client.posts(profiles, window)


def _messages(client: Any, profiles: list[Profile], window: sm.Window) -> Any:
    return client.messages(profiles, window, where={"group_id": ["1201"]})


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("ask", [_posts, _messages])
def test_windows_that_touch_have_everything_once(
    ask: Callable[[Any, list[Profile], sm.Window], Any],
    kind: Kind,
    small: tuple[World, Running],
) -> None:
    world, vendor = small
    asked = [p for p in everybody(vendor) if p.ref.network in NETWORKS]
    if ask is _messages:
        asked = [p for p in asked if "1201" in p.groups]
    known = {profile.ref for profile in asked}
    items = world.posts if ask is _posts else world.messages
    mine = [item for item in items if item.account.ref in known]
    truth = [(item.created_at, str(item.ref)) for item in mine]
    windows = cut(truth, seed=len(kind))

    found = pull_all(kind, vendor.url, partial(_of, ask, asked), windows)

    for window, got in zip(windows, found, strict=True):
        assert Counter(str(item.ref) for item in got) == within(truth, window), window
    assert sum(map(len, found)) > len(windows)


def _of(
    ask: Callable[[Any, list[Profile], sm.Window], Any],
    profiles: list[Profile],
    client: Any,
    window: sm.Window,
) -> Any:
    return ask(client, profiles, window)
