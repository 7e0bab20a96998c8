"""Figures for tests: one day of organic impressions, unless a test says otherwise."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TypedDict

import attrs
from hypothesis import strategies as st
from typing_extensions import Unpack

from socialmetrics.model import Issue, Missing, Point, Ref, Source
from socialmetrics.reading import Reading, Scope, Settled, Status
from socialmetrics.series import MetricSeries

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
ACME = Ref("x", "100")
OTHER = Ref("facebook", "200")
FETCHED = datetime(2026, 3, 11, 6, tzinfo=UTC)
SOURCE = Source(
    vendor="toolbox",
    endpoint="profiles",
    request_id="req-1",
    api_version="v1",
    fetched_at=FETCHED,
)
IMPRESSIONS = Reading(
    vendor="toolbox",
    endpoint="profiles",
    network="x",
    name="imp",
    metric="impressions",
    level="profile",
    temporality="period",
    date_axis="activity",
    scope="organic",
    additive=True,
    zone="UTC",
)
FOLLOWERS = attrs.evolve(
    IMPRESSIONS,
    name="fol",
    metric="followers",
    temporality="instant",
    date_axis="observed",
    scope="unknown",
    unit="person",
    additive=False,
)
TOTAL_LIKES = attrs.evolve(
    IMPRESSIONS,
    name="likes_total",
    metric="likes",
    level="post",
    temporality="lifetime",
    date_axis="publish",
    additive=False,
)


class Changes(TypedDict, total=False):
    """What a point may differ in."""

    subject: Ref
    status: Status
    reading: Reading
    source: Source
    settled: Settled
    breakdown: str


def reading(metric: str, scope: Scope = "organic") -> Reading:
    """A metric of the same vendor that may be added over days."""
    return attrs.evolve(IMPRESSIONS, name=f"n_{metric}", metric=metric, scope=scope)


def point(
    value: float | None = 1,
    start: datetime = MONDAY,
    span: timedelta | None = DAY,
    **changes: Unpack[Changes],
) -> Point:
    """A figure from `start` for `span`; None is a lifetime total."""
    what = changes.get("reading", IMPRESSIONS)
    missing = Status.OBSERVED if value is not None else Status.NOT_REPORTED
    return Point(
        subject=changes.get("subject", ACME),
        metric=what.metric,
        start=start,
        end=None if span is None else start + span,
        value=value,
        status=changes.get("status", missing),
        reading=what,
        source=changes.get("source", SOURCE),
        settled=changes.get("settled", Settled.UNKNOWN),
        breakdown=changes.get("breakdown", ""),
    )


def gauge(value: float | None, start: datetime, **changes: Unpack[Changes]) -> Point:
    """Followers at that instant."""
    changes.setdefault("reading", FOLLOWERS)
    return point(value, start, timedelta(), **changes)


def lifetime(value: float | None, start: datetime, **changes: Unpack[Changes]) -> Point:
    """Likes since that publication."""
    changes.setdefault("reading", TOTAL_LIKES)
    return point(value, start, None, **changes)


def days(*values: float | None, **changes: Unpack[Changes]) -> list[Point]:
    """A figure for each day from Monday on."""
    return [point(each, MONDAY + i * DAY, **changes) for i, each in enumerate(values)]


def series(*points: Point) -> MetricSeries:
    """A series of these figures."""
    return MetricSeries.from_points(points)


MISSING = Missing(
    metric="saves", reason="not for this network", alternatives=("likes",)
)
ISSUE = Issue(path="$.data[3]", problem="not a number", seen="n/a")

_INSTANTS = st.timedeltas(timedelta(), timedelta(days=4000)).map(
    lambda span: datetime(2020, 1, 1, tzinfo=UTC) + span
)
_VALUES = st.one_of(
    st.integers(0, 2**53), st.floats(allow_nan=False, allow_infinity=False)
)


@st.composite
def points(draw: st.DrawFn) -> Point:
    """Any figure that does not contradict itself."""
    status = draw(st.sampled_from(Status))
    observed = status in {Status.OBSERVED, Status.ZERO_BY_RULE}
    what = draw(st.sampled_from([IMPRESSIONS, FOLLOWERS, TOTAL_LIKES]))
    span = draw(_SPANS)
    spans = {
        "instant": draw(st.sampled_from([timedelta(), span])),
        "lifetime": draw(st.sampled_from([None, span])),
        "period": span,
    }
    return point(
        draw(_VALUES) if observed else None,
        draw(_INSTANTS),
        spans[what.temporality],
        status=status,
        reading=attrs.evolve(
            what, valid_from=draw(st.none() | st.just(date(2024, 1, 1)))
        ),
        subject=draw(st.sampled_from([ACME, OTHER])),
        settled=draw(st.sampled_from(Settled)),
        breakdown=draw(st.sampled_from(["", "US", "é\u2028\"'"])),
        source=attrs.evolve(SOURCE, request_id=draw(st.none() | st.text(max_size=3))),
    )


_SPANS = st.timedeltas(timedelta(microseconds=1), timedelta(days=400))
any_series = st.builds(
    MetricSeries.from_points,
    st.lists(points(), max_size=8),
    missing=st.sampled_from([(), (MISSING,)]),
    issues=st.sampled_from([(), (ISSUE,)]),
)
