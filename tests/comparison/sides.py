"""Series of made-up tools for the tests of comparisons.

Without a word they count organic figures of @acme on X by days of UTC from Monday,
2 March 2026, and were read on 11 March at 6:00.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import attrs
import numpy as np

import socialmetrics as sm
from socialmetrics.model import Point, Post, Profile, Ref, Source
from socialmetrics.reading import Reading, Settled, Status
from socialmetrics.series import NONE, Columns, MetricSeries
from socialmetrics.series.columns import micros

ACME: Final = Ref("x", "100")
OTHER: Final = Ref("x", "200")
DAY: Final = timedelta(days=1)
HOUR: Final = timedelta(hours=1)
MONDAY: Final = datetime(2026, 3, 2, tzinfo=UTC)
READ: Final = datetime(2026, 3, 11, 6, tzinfo=UTC)
WEEK: Final = sm.Window.days("2026-03-02", "2026-03-08")
ADDABLE: Final = frozenset({"count", "second"})

Value = float | None | Status


def reading(metric: str = "likes", vendor: str = "alpha", **changes: Any) -> Reading:
    """Figures of profiles by day, that may be added."""
    told: dict[str, Any] = {
        "endpoint": "figures",
        "network": "x",
        "name": f"{vendor}_{metric}",
        "level": "profile",
        "temporality": "period",
        "date_axis": "activity",
        "scope": "organic",
        "additive": True,
        "zone": "UTC",
    }
    return Reading(metric=metric, vendor=vendor, **{**told, **changes})


def lasting(metric: str = "likes", vendor: str = "alpha", **changes: Any) -> Reading:
    """Totals of posts since publication."""
    told: dict[str, Any] = {
        "level": "post",
        "temporality": "lifetime",
        "date_axis": "publish",
        "additive": False,
    }
    return reading(metric, vendor, **{**told, **changes})


def levels(metric: str = "followers", vendor: str = "alpha", **changes: Any) -> Reading:
    """Levels at an instant."""
    told: dict[str, Any] = {
        "temporality": "instant",
        "date_axis": "observed",
        "scope": "unknown",
        "additive": False,
    }
    return reading(metric, vendor, **{**told, **changes})


def source(vendor: str, read: datetime = READ) -> Source:
    return Source(
        vendor=vendor,
        endpoint="figures",
        request_id=None,
        api_version=None,
        fetched_at=read,
    )


def figure(
    value: Value,
    of: Reading,
    start: datetime = MONDAY,
    span: timedelta | None = DAY,
    *,
    subject: Ref = ACME,
    read: datetime = READ,
    settled: Settled = Settled.UNKNOWN,
    breakdown: str = "",
) -> Point:
    """One figure; a status stands for a figure that has it and no value."""
    absent = Status.NOT_REPORTED if value is None else value
    status = absent if isinstance(absent, Status) else Status.OBSERVED
    return Point(
        subject=subject,
        metric=of.metric,
        start=start,
        end=None if span is None else start + span,
        value=None if isinstance(value, Status) else value,
        status=status,
        reading=of,
        source=source(of.vendor, read),
        settled=settled,
        breakdown=breakdown,
    )


def figures(
    values: Iterable[Value],
    of: Reading,
    start: datetime = MONDAY,
    span: timedelta = DAY,
    **told: Any,
) -> list[Point]:
    """Figures one after the other."""
    return [
        figure(each, of, start + n * span, span, **told)
        for n, each in enumerate(values)
    ]


def series(*points: Point | Sequence[Point]) -> MetricSeries:
    """All of these figures."""
    every = [(each,) if isinstance(each, Point) else each for each in points]
    return MetricSeries.from_points(point for each in every for point in each)


def days(*values: Value, of: Reading | None = None, **told: Any) -> MetricSeries:
    """A figure a day."""
    return series(figures(values, of or reading(), **told))


def totals(
    values: Mapping[Ref, Value],
    of: Reading | None = None,
    born: datetime = MONDAY,
    **told: Any,
) -> MetricSeries:
    """Totals of posts since publication."""
    what = of or lasting()
    return series(
        [
            figure(each, what, born, None, subject=ref, **told)
            for ref, each in values.items()
        ]
    )


def ref(number: int | str) -> Ref:
    """A post on X."""
    return Ref("x", str(number))


def post(number: int | str, born: datetime = MONDAY, **changes: Any) -> Post:
    """That post, of @acme."""
    told: dict[str, Any] = {"vendor_id": str(number), "profile": "100"}
    return Post(ref=ref(number), created_at=born, **{**told, **changes})


def profile(of: Ref = ACME, **changes: Any) -> Profile:
    """That account."""
    told: dict[str, Any] = {"vendor_id": of.native_id, "name": "Acme"}
    return Profile(ref=of, **{**told, **changes})


def many(
    of: Reading,
    values: np.ndarray[Any, np.dtype[np.float64]],
    *,
    subjects: Sequence[Ref],
    each: int = 1,
    start: datetime = MONDAY,
    read: datetime = READ,
) -> MetricSeries:
    """Figures in columns: `each` days of every subject, or its one lifetime total."""
    count = len(values)
    step = micros(MONDAY + DAY) - micros(MONDAY)
    begins = micros(start) + np.arange(count, dtype=np.int64) % each * step
    is_total = of.temporality == "lifetime"
    return MetricSeries(
        Columns(
            subjects=subjects,
            readings=(of,),
            sources=(source(of.vendor, read),),
            breakdowns=("",),
            subject=(np.arange(count) // each).astype(np.int32),
            reading=np.zeros(count, np.int32),
            source=np.zeros(count, np.int32),
            breakdown=np.zeros(count, np.int32),
            start=begins,
            end=np.full(count, NONE) if is_total else begins + step,
            value=values,
            status=np.zeros(count, np.uint8),
            settled=np.zeros(count, np.uint8),
        )
    )


def renamed(of: Reading, vendor: str) -> Reading:
    """The same figure of another tool."""
    return attrs.evolve(of, vendor=vendor, name=f"{vendor}_{of.metric}")


def adds_up(row: Any) -> bool:
    """Whether left, causes and the rest are the right figure."""
    if row.left is None or row.right is None:
        return row.unexplained is None and not row.causes
    total = row.left
    for each in row.causes:
        total += each.amount
    return bool(total + row.unexplained == row.right)
