"""What the client delivers is what the simulated world says, exactly, everywhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import socialmetrics as sm
from socialmetrics.plan import By
from socialmetrics.reading import Settled, Status
from socialmetrics.sandbox.world import World
from socialmetrics_x.sandbox import Lens
from tests.conftest import Fetch
from tests.x.asking_x import (
    AGING,
    BERLIN,
    FEW,
    GONE,
    MIXED,
    NEW,
    NOW,
    OLD,
    POSTS,
    PROTECTED,
    PUBLIC,
    UNKNOWN,
    WEEK,
    figures,
    rooted,
)
from tests.x.sandbox_calls import ids
from tests.x.serving_x import Simulated, bearer_of, simulated
from tests.x.truths_x import (
    HOUR,
    PRIVATE,
    TIMED,
    TOTALS,
    Truth,
    born,
    cells,
    check_steps,
    check_totals,
    floor,
    refs,
    steps,
)


@pytest.fixture(autouse=True, scope="module")
def quick(untraced: None) -> None:
    """Whole pulls, many times: coverage is measured elsewhere."""


@pytest.fixture(scope="module")
def vendor() -> Iterator[Simulated]:
    with simulated() as found:
        yield found


# -- since publication -----------------------------------------------------------------


def test_every_total_is_the_truth(fetch: Fetch, vendor: Simulated) -> None:
    series = figures(fetch, vendor, (refs(MIXED), TOTALS))

    check_totals(series, MIXED, TOTALS, Truth())
    found = {point.status for point in series}
    assert found == {Status.OBSERVED, Status.TOO_OLD, Status.UNAVAILABLE}


def test_more_posts_than_a_request_holds_are_all_counted(
    fetch: Fetch, vendor: Simulated
) -> None:
    many = ids(POSTS)
    vendor.front.calls.clear()

    series = figures(fetch, vendor, (refs(many), ["likes", "impressions"]))

    check_totals(series, many, ["favorites", "impressions"], Truth())
    assert sum(call.scheme == "Bearer" for call in vendor.front.asked) == 5


@pytest.mark.parametrize("step", ["total", None])
def test_totals_are_totals_already(
    step: By | None, fetch: Fetch, vendor: Simulated
) -> None:
    series = figures(fetch, vendor, (refs(NEW), TOTALS), by=step)

    check_totals(series, NEW, TOTALS, Truth())


def _no_owner(vendor: Simulated) -> Mapping[str, Any]:
    return {"owners": ()}


def _oauth1(vendor: Simulated) -> Mapping[str, Any]:
    return {"owners": (), "app_auth": "oauth1"}


def _bearer(vendor: Simulated) -> Mapping[str, Any]:
    keys = {"consumer_key": None, "consumer_secret": None}
    return {"owners": (), "bearer_token": bearer_of(vendor.url), **keys}


@pytest.mark.parametrize(
    ("given", "scheme"),
    [(_no_owner, "Bearer"), (_oauth1, "OAuth"), (_bearer, "Bearer")],
)
def test_an_app_alone_gets_the_public_totals_of_everybody(
    given: Callable[[Simulated], Mapping[str, Any]],
    scheme: str,
    fetch: Fetch,
    vendor: Simulated,
) -> None:
    credentials = given(vendor)
    vendor.front.calls.clear()

    series = figures(fetch, vendor, (refs(MIXED), TOTALS), **credentials)

    check_totals(series, MIXED, PUBLIC, Truth())
    assert {each.metric for each in series.missing} == set(PRIVATE)
    assert {call.scheme for call in vendor.front.asked} == {scheme}


def test_views_of_posts_that_are_too_old_are_not_zero(fetch: Fetch) -> None:
    world = World(scale=0.05, now=datetime(2029, 4, 1, 6, tzinfo=UTC))
    lens = Lens(world)
    every = [str(number) for number in lens.posts]
    truth = Truth(lens=lens, now=world.now)

    with simulated(world) as vendor:
        asked = fetch.by("x", **vendor.settings(clock=lambda: world.now))
        series = asked.value(lambda c: c.metrics(refs(every), ["video_views"]))

    check_totals(series, every, ["video_views"], truth)
    ages = [world.now - born(each) for each in every]
    old = sum(age > timedelta(days=1800) for age in ages)
    assert 0 < old < len(every)
    assert sum(point.status is Status.TOO_OLD for point in series) >= old


# -- the last hours --------------------------------------------------------------------


@pytest.mark.parametrize("minutes", [0, 30])
def test_every_recent_hour_is_the_truth(minutes: int, fetch: Fetch) -> None:
    now = NOW - timedelta(hours=11, minutes=minutes)
    begin, end = (
        floor(now) - timedelta(hours=28),
        floor(now + HOUR - timedelta(seconds=1)),
    )
    hours = list(steps(sm.Window(begin, end), "hour", end))
    asked = [*NEW[::2], OLD[0], AGING[0], GONE[-1], PROTECTED[-1]]

    with simulated(clock=lambda: now) as vendor:
        clock = {"clock": lambda: now}
        series = figures(fetch, vendor, (refs(asked), TIMED), by="hour", **clock)

    check_steps(series, asked, TIMED, hours, Truth(now=now))
    assert len(hours) == (29 if minutes else 28)
    for point in series:
        assert point.end is not None
        is_over = point.end <= now
        assert point.settled is (Settled.UNKNOWN if is_over else Settled.NO)


# -- windows ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("window", "by"),
    [
        (sm.Window.days("2026-03-08", "2026-03-09"), "hour"),
        (WEEK, "day"),
        (WEEK, None),
        (sm.Window.days("2026-03-10", "2026-03-11", BERLIN), "hour"),
        (sm.Window.days("2026-03-03", "2026-03-11", BERLIN), "day"),
        (sm.Window.days("2025-03-28", "2025-04-01", BERLIN), "day"),  # 23 hours
        (sm.Window.days("2025-10-24", "2025-10-28", BERLIN), "day"),  # 25 hours
        (sm.Window.days("2026-03-10", "2026-03-20"), "day"),  # until the last hour
        (sm.Window(NOW - 9 * HOUR, NOW - 2 * HOUR), "hour"),
        (sm.Window(NOW - 50 * HOUR, NOW - 2 * HOUR), "day"),  # two days are cut
    ],
)
def test_every_hour_and_day_of_a_window_is_the_truth(
    window: sm.Window, by: By | None, fetch: Fetch, vendor: Simulated
) -> None:
    asked = [i for i in [*FEW, *_around(window)] if born(i) < window.end]

    series = figures(fetch, vendor, (refs(asked), TIMED, window), by=by)

    check_steps(series, asked, TIMED, list(steps(window, by, NOW)), Truth())
    found = {point.status for point in series}
    assert {Status.OBSERVED} <= found <= {Status.OBSERVED, Status.UNAVAILABLE}
    assert sum(point.value or 0 for point in series) > 0


def _around(window: sm.Window) -> list[str]:
    """Posts that have something to count then."""
    begin = window.start - timedelta(days=3)
    fresh = [each for each in ids(POSTS) if begin < born(each) < window.end]
    return [each for each in fresh if each not in FEW][:4]


def test_a_window_by_total_is_the_sum_of_its_hours(
    fetch: Fetch, vendor: Simulated
) -> None:
    window = sm.Window.days("2025-12-01", "2026-03-10")
    names = ["impressions", "favorites", "url_clicks"]
    asked = [*NEW[:3], AGING[0], OLD[0], UNKNOWN]
    asked = [each for each in asked if born(each) < window.end]

    series = figures(fetch, vendor, (refs(asked), names, window), by="total")

    truth, span = Truth(), (window.start, window.end)
    found = {(i, name): cell for (i, name, _), cell in cells(series).items()}
    assert found == {
        (i, name): truth.between(i, name, span) for i in asked for name in names
    }


def test_half_a_year_by_hour_and_by_day_is_stitched_without_a_seam(
    fetch: Fetch, vendor: Simulated
) -> None:
    window = sm.Window.days("2025-09-10", "2026-03-10")
    asked = [*rooted(window), NEW[-1]]
    names = ["impressions", "retweets"]
    vendor.front.calls.clear()

    by_hour = figures(fetch, vendor, (refs(asked), names, window), by="hour")
    by_day = figures(fetch, vendor, (refs(asked), names, window), by="day")

    hours = list(steps(window, "hour", NOW))
    assert len(hours) == 182 * 24
    assert len(by_hour.where(subject=refs(asked)[0])) == len(names) * len(hours)
    check_steps(by_hour, asked, names, hours, Truth())
    check_steps(by_day, asked, names, list(steps(window, "day", NOW)), Truth())
    assert cells(by_hour.rollup("day")) == cells(by_day)
