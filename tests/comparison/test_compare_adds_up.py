"""Whatever is compared: left, causes and rest are right, and nothing gets lost."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import socialmetrics as sm
from socialmetrics.comparison.comparison import Comparison
from socialmetrics.comparison.result import AXES, Row
from socialmetrics.model import Point
from socialmetrics.reading import Reading, Settled, Status
from tests.comparison.sides import (
    ACME,
    DAY,
    HOUR,
    MONDAY,
    OTHER,
    READ,
    WEEK,
    adds_up,
    figure,
    lasting,
    levels,
    post,
    profile,
    reading,
    ref,
    series,
)

POSTS = [post(n, MONDAY + n * timedelta(hours=17)) for n in range(3)]
KNOWN: dict[str, Any] = {"posts": POSTS, "profiles": [profile()]}
METRICS = ("likes", "comments", "reposts", "impressions", "reach", "engagements.vendor")
SCOPES = ("organic", "paid", "total", "unknown")
ABSENT = [each for each in Status if each not in {Status.OBSERVED, Status.ZERO_BY_RULE}]

wholes = st.integers(0, 10**9).map(float)
fractions = st.floats(-1e9, 1e9, allow_nan=False)


@st.composite
def readings(draw: st.DrawFn, vendor: str) -> Reading:
    metric = draw(st.sampled_from(METRICS))
    told: dict[str, Any] = {
        "scope": draw(st.sampled_from(SCOPES)),
        "net": draw(st.booleans()),
        "zone": draw(st.sampled_from(["UTC", "America/Los_Angeles", None])),
    }
    if metric == "engagements.vendor":
        told["composition"] = draw(
            st.sampled_from(["likes + comments", "likes + comments + reposts", ""])
        )
    if metric == "reach":
        told |= {"counting": "unique", "unit": "person", "additive": False}
    kind = draw(st.sampled_from(["days", "hours", "posts", "totals", "levels"]))
    if kind == "levels":
        return levels("followers", vendor)
    if kind == "totals":
        return lasting(metric, vendor, **told)
    if kind in {"posts", "hours"}:
        return reading(metric, vendor, **{**told, "level": "post", "zone": "UTC"})
    return reading(metric, vendor, **told)


@st.composite
def points(draw: st.DrawFn, vendor: str, values: st.SearchStrategy[float]) -> Point:
    of = draw(readings(vendor))
    value = draw(st.one_of(values, values, values, st.sampled_from(ABSENT)))
    told: dict[str, Any] = {
        "subject": draw(st.sampled_from([ACME, ACME, OTHER])),
        "read": READ + draw(st.integers(-48, 48)) * HOUR,
        "settled": draw(st.sampled_from(Settled)),
        "breakdown": draw(st.sampled_from(["", "", "US"])),
    }
    day = MONDAY + draw(st.integers(0, 9)) * DAY
    if of.level == "profile":
        return figure(value, of, day, DAY, **told)
    known = draw(st.sampled_from(POSTS))
    told["subject"] = known.ref
    if of.temporality == "lifetime":
        return figure(value, of, known.created_at, None, **told)
    span = draw(st.sampled_from([HOUR, DAY]))
    return figure(value, of, day, span, **told)


def sides(values: st.SearchStrategy[float]) -> st.SearchStrategy[list[sm.MetricSeries]]:
    return st.tuples(
        *(st.lists(points(name, values), max_size=9) for name in ("alpha", "beta"))
    ).map(lambda found: [series(each) for each in found])


steps = st.sampled_from([None, "day", "week", "month", "total"])
windows = st.sampled_from([None, WEEK])
targets = st.sampled_from([None, None, "profile", "post"])


def looked_at(found: Comparison) -> list[Row]:
    """The rows, after everything else was looked at too."""
    rows = [*found.rows]
    assert found.to_arrow().num_rows == len(rows)
    assert found.faults is found.faults
    assert {each.name for each in found.advice} <= {None, "alpha", "beta"}
    assert all(each.subjects >= each.reported for each in found.coverage)
    assert all(line.days for line in found.lines())
    return rows


@given(sides(wholes), sides(wholes), steps, windows, targets)
def test_whole_figures_add_up_exactly(
    both: list[sm.MetricSeries],
    parts: list[sm.MetricSeries],
    by: Any,
    window: sm.Window | None,
    level: Any,
) -> None:
    found = sm.compare(*both, parts=parts, by=by, window=window, level=level, **KNOWN)

    for row in looked_at(found):
        assert adds_up(row)
        assert tuple(row.axes) == AXES
        for cause in row.causes:
            assert cause.basis != "computed" or cause.amount
            assert cause.basis == "computed" or not cause.amount


@given(sides(fractions), sides(fractions), steps)
def test_fractions_add_up_as_nearly_as_floats_can(
    both: list[sm.MetricSeries], parts: list[sm.MetricSeries], by: Any
) -> None:
    found = sm.compare(*both, parts=parts, by=by, **KNOWN)

    for row in looked_at(found):
        if row.left is None or row.right is None or row.unexplained is None:
            assert row.unexplained is None
            continue
        amounts = [each.amount for each in row.causes]
        total = row.left
        for amount in amounts:
            total += amount
        size = max(map(abs, [row.left, row.right, total, row.unexplained, *amounts]))
        assert total + row.unexplained == pytest.approx(row.right, abs=size * 2**-52)


@given(sides(wholes), windows)
def test_every_metric_of_a_side_has_a_row_or_is_told_to_be_alone(
    both: list[sm.MetricSeries], window: sm.Window | None
) -> None:
    found = sm.compare(*both, window=window, names=["alpha", "beta"], **KNOWN)

    met = {(name, row.metric) for row in found.rows for name in ("alpha", "beta")}
    alone = {(each.name, each.metric) for each in found.unmatched}
    for name, one in zip(("alpha", "beta"), both, strict=True):
        inside = one if window is None else one.where(window=window)
        assert {(name, point.metric) for point in inside} <= met | alone


@given(sides(wholes))
def test_raw_figures_are_behind_every_value(both: list[sm.MetricSeries]) -> None:
    found = sm.compare(*both, **KNOWN)

    for row in found.rows:
        for where, value in (("left", row.left), ("right", row.right)):
            behind = found.behind(row.number, where)  # type: ignore[arg-type]
            assert len(behind)
            own = both[where == "right"]
            assert not Counter(map(str, behind)) - Counter(map(str, own))
            if len(behind) == 1 and value is not None:
                assert behind[0].value == value


@given(sides(wholes), steps)
def test_sides_that_are_swapped_say_the_same(
    both: list[sm.MetricSeries], by: Any
) -> None:
    forth = sm.compare(*both, by=by, **KNOWN)
    back = sm.compare(*reversed(both), by=by, **KNOWN)

    def key(row: Row) -> tuple[object, ...]:
        return row.subject, row.metric, row.breakdown

    assert Counter((key(r), r.left, r.right) for r in forth.rows) == Counter(
        (key(r), r.right, r.left) for r in back.rows
    )


def test_of_a_million_subjects_a_handful_is_named() -> None:
    one, other = (
        series(
            [
                figure(1, lasting(vendor=name), MONDAY, None, subject=ref(n))
                for n in span
            ]
        )
        for name, span in (("alpha", range(3000)), ("beta", range(3000, 6000)))
    )

    found = sm.compare(one, other)

    assert [(each.figures, len(each.examples)) for each in found.unmatched] == [
        (3000, 5),
        (3000, 5),
    ]
