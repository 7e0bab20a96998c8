"""Plans: everything once, inside every limit, and what is missing with its reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, TypeVar

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socialmetrics.errors import InvalidQuery
from socialmetrics.model import Ref
from socialmetrics.plan import (
    MetricsQuery,
    Plan,
    Subject,
)
from socialmetrics.series import MetricSeries
from socialmetrics.window import Window
from socialmetrics_sprout import choice, planner
from socialmetrics_sprout.parts import (
    DaysPart,
    PostFiguresPart,
)
from tests.sprout.driving import NOW, WEEK, post, profile, seconds

P = TypeVar("P")
NETWORKS = ("x", "facebook", "instagram", "linkedin", "pinterest", "bluesky")


def of_kind(kind: type[P], parts: Sequence[object]) -> list[P]:
    found = [part for part in parts if isinstance(part, kind)]
    assert len(found) == len(parts)
    return found


def figures(
    subjects: Sequence[Subject],
    window: Window | None = WEEK,
    metrics: Sequence[str] = ("impressions",),
    **more: Any,
) -> Plan[MetricSeries]:
    query = MetricsQuery(subjects=subjects, metrics=metrics, window=window, now=NOW)
    return planner.metrics(attrs.evolve(query, **more))


# -- daily figures of profiles ---------------------------------------------------------


@settings(deadline=None, max_examples=60)
@given(
    count=st.integers(1, 260),
    first=st.dates(date(2023, 1, 1), date(2025, 12, 31)),
    length=st.integers(1, 1000),
)
def test_every_profile_and_day_is_in_one_part_within_all_limits(
    count: int, first: date, length: int
) -> None:
    profiles = [profile(n, NETWORKS[n % 3]) for n in range(count)]
    last = first + timedelta(days=length - 1)

    parts = of_kind(DaysPart, figures(profiles, Window.days(first, last)).parts)

    cells = Counter[tuple[str, date, date]]()
    for part in parts:
        rows = len(part.accounts) * part.days
        assert len(part.accounts) <= 100
        assert part.days <= 365
        assert rows <= 10_000
        assert part.requests == -(-rows // 1000)
        cells.update((a.vendor_id, part.first, part.last) for a in part.accounts)
    assert set(cells.values()) == {1}
    for one in profiles:
        spans = sorted((a, b) for owner, a, b in cells if owner == one.vendor_id)
        assert (spans[0][0], spans[-1][1]) == (first, last)
        ends = [end + timedelta(days=1) for _, end in spans[:-1]]
        assert ends == [start for start, _ in spans[1:]]


def test_a_part_asks_only_for_metrics_of_its_networks() -> None:
    profiles = [profile(n, "x") for n in range(100)] + [profile(100, "facebook")]

    first, second = of_kind(DaysPart, figures(profiles).parts)

    assert [each.network for each in first.asked] == ["x"]
    assert [each.network for each in second.asked] == ["facebook"]


def test_profiles_without_any_asked_metric_are_missing_and_not_asked() -> None:
    plan = figures([profile(0), profile(1, "bluesky")])

    (part,) = of_kind(DaysPart, plan.parts)
    (missing,) = plan.missing
    assert [account.ref.network for account in part.accounts] == ["x"]
    assert (missing.metric, missing.network) == ("impressions", "bluesky")
    assert plan.available == ("impressions",)


def test_a_metric_that_no_network_has_is_not_available() -> None:
    plan = figures([profile(0)], metrics=["impressions", "reach"])

    assert plan.available == ("impressions",)
    assert [missing.metric for missing in plan.missing] == ["reach"]


def test_a_metric_without_a_meaning_on_those_days_is_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def nothing(*_: object, **__: object) -> tuple[()]:
        return ()

    monkeypatch.setattr(choice, "select", nothing)

    plan = figures([profile(0)])

    (missing,) = plan.missing
    assert plan.parts == ()
    assert "says nothing from 2026-03-02 to 2026-03-08" in missing.reason


def test_both_meanings_of_a_name_are_asked_for_once() -> None:
    facebook = profile(0, "facebook")

    plan = figures([facebook], Window.days("2024-12-30", "2025-01-02"))

    (part,) = of_kind(DaysPart, plan.parts)
    assert part.names == ("impressions",)


def test_hours_are_missing_with_a_reason() -> None:
    plan = figures([profile(0)], by="hour")

    assert plan.parts == ()
    assert "by day, not by hour" in plan.missing[0].reason


@pytest.mark.parametrize(
    ("window", "words"),
    [
        (None, "need a window"),
        (attrs.evolve(WEEK, end=WEEK.end - seconds(1)), "write Window"),
        (Window.days("2026-03-02", "2026-03-08", "Asia/Kolkata"), None),
    ],
)
def test_a_window_of_profiles_is_whole_days(
    window: Window | None, words: str | None
) -> None:
    if words is None:
        assert len(figures([profile(0)], window).parts) == 1
        return

    with pytest.raises(InvalidQuery, match=words):
        figures([profile(0)], window)


@pytest.mark.parametrize("metric", ["impresions", "lifetime.nothing", "[scope=paid]"])
def test_a_name_that_no_network_ever_had_is_refused(metric: str) -> None:
    with pytest.raises(InvalidQuery, match=r"neither a canonical metric|not a metric"):
        figures([profile(0)], metrics=[metric])


def test_a_reference_that_is_no_profile_is_missing_with_what_to_do() -> None:
    plan = figures([Ref("x", "1"), profile(0)])

    (missing,) = plan.missing
    assert missing.subject == Ref("x", "1")
    assert missing.alternatives == ("give the Post that posts() returned",)


# -- figures of posts ------------------------------------------------------------------


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 10**6), st.integers(0, 250)), min_size=1, max_size=200
    )
)
def test_clusters_of_posts_cover_each_post_once(given: list[tuple[int, int]]) -> None:
    posts = [
        post(n, NOW - timedelta(seconds=gap), str(owner), "x")
        for n, (gap, owner) in enumerate(given)
    ]

    plan = figures(posts, None)

    parts = of_kind(PostFiguresPart, plan.parts)
    wanted = [each for part in parts for each in part.wanted]
    assert sorted(w.vendor_id for w in wanted) == sorted(p.vendor_id for p in posts)
    for part in parts:
        window = part.posts.window
        owners = {account.vendor_id for account in part.posts.accounts}
        mine = {each.vendor_id for each in part.wanted}
        assert len(owners) <= 100
        assert owners == {p.profile for p in posts if p.vendor_id in mine}
        assert all(window.start <= w.created < window.end for w in part.wanted)


def test_posts_that_lie_far_apart_are_looked_up_apart() -> None:
    posts = [post(n, NOW - timedelta(days=n)) for n in (0, 1, 40, 41)]

    plan = figures(posts, None)

    assert [len(p.wanted) for p in of_kind(PostFiguresPart, plan.parts)] == [2, 2]


@pytest.mark.parametrize("more", [{"by": "day"}, {"window": WEEK}])
def test_posts_have_lifetime_totals_only(more: Mapping[str, Any]) -> None:
    plan = figures([post(1, NOW)], more.get("window"), by=more.get("by"))

    assert plan.parts == ()
    assert plan.missing[0].alternatives == ("no window and no by=",)


def test_a_post_that_does_not_say_its_profile_cannot_be_found() -> None:
    with pytest.raises(InvalidQuery, match="does not say its profile"):
        figures([post(1, NOW, None)], None)


def test_posts_of_which_nothing_is_counted_ask_nothing() -> None:
    plan = figures([post(1, NOW, network="reddit")], None)

    assert plan.parts == ()
    assert plan.available == ()


def test_posts_of_networks_without_the_metric_are_missing() -> None:
    plan = figures([post(1, NOW, network="reddit"), post(2, NOW)], None)

    (part,) = of_kind(PostFiguresPart, plan.parts)
    assert [each.vendor_id for each in part.wanted] == ["t:2"]
    assert plan.missing[0].network == "reddit"
