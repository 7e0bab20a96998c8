"""The series of `worlds_tools` are those that the clients read from the sandboxes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from datetime import date, datetime
from typing import Any, TypeAlias

import pytest

import socialmetrics as sm
from socialmetrics.cli.sandboxes import reach
from socialmetrics.connections import adapter_class
from socialmetrics.model import Point
from socialmetrics.reading import Settled
from socialmetrics.sandbox import Sandbox
from socialmetrics.sandbox.server import serve
from socialmetrics.series import MetricSeries
from socialmetrics.window import Window
from socialmetrics_hootsuite import sandbox as hootsuite
from socialmetrics_sprout import sandbox as sprout
from socialmetrics_x import sandbox as x
from tests.comparison.worlds import NOW, Company, at, company, days
from tests.comparison.worlds_tools import (
    hootsuite_days,
    hootsuite_posts,
    sprout_days,
    sprout_posts,
    x_hours,
    x_totals,
)

FIRST, LAST = date(2026, 2, 16), date(2026, 3, 11)
SPAN = at("2026-02-01T00:00"), NOW
LAG = 7
Clients: TypeAlias = Mapping[str, sm.Client]
Known: TypeAlias = dict[tuple[object, ...], tuple[object, ...]]

X = company(3, "x", scale=0.2, lag=LAG)
FACEBOOK = company(3, "facebook", scale=0.2)
INSTAGRAM = company(3, "instagram", scale=0.2, lag=48)


@pytest.fixture(scope="module")
def clients() -> Iterator[Clients]:
    lags = {"TWITTER": LAG, "INSTAGRAMBUSINESS": 48}
    boxes: dict[str, Sandbox] = {
        "sprout": sprout.sandbox(X.world, per_minute=100_000),
        "x": x.sandbox(X.world, per_minute=100_000),
        "hootsuite": hootsuite.sandbox(X.world, per_second=100_000, lags=lags),
    }
    more: dict[str, dict[str, Any]] = {
        "hootsuite": {"ledger": None, "token_store": sm.MemoryStore()}
    }
    with ExitStack() as stack:
        found: dict[str, sm.Client] = {}
        for name, box in boxes.items():
            url = stack.enter_context(serve(box.app)).url
            told: dict[str, Any] = {
                **reach(adapter_class(name), url, box.credentials),
                **more.get(name, {}),
            }
            found[name] = stack.enter_context(sm.connect(name, clock=NOW, **told))
        yield found


def profile(clients: Clients, tool: str, its: Company) -> sm.Profile:
    return next(each for each in clients[tool].profiles() if each.ref == its.ref)


def facts(series: MetricSeries, *, settled: bool = True) -> Known:
    """What is told of every figure, found by what it is of; posts begin in whole
    seconds, since only X tells of less."""
    found: Known = {}
    for point in series:
        start = point.start.replace(microsecond=0)
        key = point.subject, point.reading, start, point.end, point.breakdown
        when = point.source.fetched_at
        assert key not in found
        found[key] = (
            point.value,
            point.status,
            when,
            point.settled if settled else None,
        )
    return found


def born(its: Company, point: Point) -> datetime:
    post = its.world.post(point.subject)
    return post.created_at.replace(minute=0, second=0)


def test_days_of_sprout(clients: Clients) -> None:
    for its, metrics in (
        (X, ["impressions", "likes", "comments", "reposts", "followers"]),
        (FACEBOOK, ["reactions", "comments", "followers"]),
        (INSTAGRAM, ["likes", "saves", "views"]),
    ):
        account = profile(clients, "sprout", its)

        told = clients["sprout"].metrics(
            [account], metrics, Window.days(FIRST, LAST), by="day"
        )

        assert facts(told) == facts(sprout_days(its, metrics, FIRST, LAST, NOW))


def test_posts_of_sprout(clients: Clients) -> None:
    for its in (X, INSTAGRAM):
        account, metrics = profile(clients, "sprout", its), ["likes", "comments"]

        posts = list(clients["sprout"].posts([account], Window(*SPAN), metrics=metrics))

        told = MetricSeries.from_points(
            point for post in posts for point in post.metrics.values()
        )
        assert facts(told) == facts(sprout_posts(its, metrics, its.among(SPAN), NOW))
        assert {(each.ref, each.created_at) for each in posts} == {
            (each.ref, each.created_at) for each in its.posts(its.among(SPAN))
        }


def test_hours_of_x(clients: Clients) -> None:
    refs, metrics = X.refs(X.among(SPAN)), ["impressions", "likes"]

    told = clients["x"].metrics(refs, metrics, Window(*SPAN), by="hour")

    alive = told.from_points(p for p in told if p.start >= born(X, p))
    assert facts(alive) == facts(x_hours(X, metrics, X.among(SPAN), SPAN, NOW))
    assert not any(p.value for p in told if p.start < born(X, p))
    assert any(p.value is None for p in told)


def test_totals_of_x(clients: Clients) -> None:
    metrics = ["impressions", "likes", "quotes"]

    told = clients["x"].metrics(X.refs(X.among(SPAN)), metrics)

    mine = x_totals(X, metrics, X.among(SPAN), NOW)
    assert facts(told, settled=False) == facts(mine, settled=False)
    assert {point.settled for point in told} == {Settled.NO}


def test_posts_of_hootsuite(clients: Clients) -> None:
    metrics = ["likes", "comments", "likes[scope=paid]"]
    for its in (X, INSTAGRAM):
        account = profile(clients, "hootsuite", its)
        window = Window.days(FIRST, LAST)

        posts = clients["hootsuite"].posts([account], window, metrics=metrics)

        figures = [point for post in posts for point in post.metrics.values()]
        told = MetricSeries.from_points(p for p in figures if p.value is not None)
        rows = its.among(days(FIRST, LAST))
        mine = hootsuite_posts(its, metrics, rows, NOW)
        assert facts(told, settled=False) == facts(mine, settled=False)
        assert len(told) > 2


def test_days_of_hootsuite(clients: Clients) -> None:
    for its, metrics in (
        (FACEBOOK, ["reactions", "reactions[scope=paid]", "followers"]),
        (INSTAGRAM, ["engagements.vendor", "followers"]),
    ):
        account = profile(clients, "hootsuite", its)

        told = clients["hootsuite"].metrics(
            [account], metrics, Window.days(FIRST, LAST), by="day"
        )

        assert facts(told) == facts(hootsuite_days(its, metrics, FIRST, LAST, NOW))
