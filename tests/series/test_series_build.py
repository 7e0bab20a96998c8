from __future__ import annotations

import pickle
from datetime import timedelta
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given

from socialmetrics.errors import InvalidQuery
from socialmetrics.model import Point
from socialmetrics.reading import Status, Unit
from socialmetrics.series import NONE, Columns, MetricSeries
from socialmetrics.series.columns import blank, joint
from tests.series.figures import (
    ACME,
    DAY,
    IMPRESSIONS,
    ISSUE,
    MISSING,
    MONDAY,
    OTHER,
    SOURCE,
    any_series,
    days,
    gauge,
    lifetime,
    point,
    reading,
    series,
)


@given(any_series)
def test_points_come_back_as_they_went_in(found: MetricSeries) -> None:
    points = list(found)

    again = MetricSeries.from_points(points, missing=found.missing, issues=found.issues)

    assert again == found
    assert list(again) == points
    assert [found[row] for row in range(len(found))] == points


@pytest.mark.parametrize(
    ("unit", "value", "told"),
    [
        ("count", 3.0, int),
        ("person", 3.0, int),
        ("count", 3.5, float),
        ("second", 3, float),
    ],
)
def test_whole_counts_are_ints_and_everything_else_floats(
    unit: Unit, value: float, told: type
) -> None:
    what = attrs.evolve(IMPRESSIONS, unit=unit)

    first = series(point(value, reading=what))[0]

    assert (first.value, type(first.value)) == (value, told)


def test_a_row_is_a_point_and_a_slice_a_series() -> None:
    week = series(*days(1, 2, 3, 4))

    middle = week[1:3]

    assert [each.value for each in middle] == [2, 3]
    assert week[-1].value == 4
    with pytest.raises(IndexError, match="row 4 of a series of 4"):
        week[4]
    with pytest.raises(IndexError, match="row -5"):
        week[-5]


def test_arrays_are_read_only_even_after_pickling() -> None:
    found = series(*days(1, 2))

    again = pickle.loads(pickle.dumps(found))  # noqa: S301 - our own bytes

    assert again == found
    for each in (found, again):
        with pytest.raises(ValueError, match="read-only"):
            each.columns.value[0] = 9
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            setattr(each, "missing", ())  # noqa: B010 - a plain assignment is a type error


def test_concat_gives_every_word_one_code_and_every_missing_once() -> None:
    left = MetricSeries.from_points(days(1, 2), missing=[MISSING], issues=[ISSUE])
    other = attrs.evolve(OTHER)
    right = MetricSeries.from_points(
        [point(3, subject=other, breakdown="US"), point(4)],
        missing=[MISSING],
        issues=[ISSUE],
    )

    both = MetricSeries.concat([left, MetricSeries.empty(), right, right])

    assert list(both) == [*left, *right, *right]
    assert both.columns.subjects == (ACME, OTHER)
    assert both.columns.sources == (SOURCE,)
    assert both.columns.breakdowns == ("", "US")
    assert both.missing == (MISSING,)
    assert both.issues == (ISSUE,) * 3


def test_concat_of_one_or_none_keeps_what_is_there() -> None:
    alone = series(*days(1))

    assert MetricSeries.concat([]) == MetricSeries.empty()
    assert MetricSeries.concat([MetricSeries.empty(), alone]).columns is alone.columns


def test_equal_is_by_content_and_not_by_codes() -> None:
    first, second = point(1), point(2, subject=OTHER)
    one = series(first, second)

    other = MetricSeries.concat([series(second), series(first)])

    assert one != other
    assert one == MetricSeries.concat([other[1:], other[:1]])
    assert one != series(first)
    assert one != MetricSeries.from_points([first, second], missing=[MISSING])
    assert one != "a series"
    with pytest.raises(TypeError, match="unhashable"):
        hash(one)


def test_repr_is_one_line_that_tells_the_size() -> None:
    found = MetricSeries.from_points(
        [*days(1, None), gauge(5, MONDAY), lifetime(2, MONDAY, subject=OTHER)],
        missing=[MISSING],
    )

    assert repr(found) == (
        "<MetricSeries: 4 figures; 2 subjects; impressions[scope=organic], "
        "followers[scope=unknown], likes[scope=organic]; "
        "2026-03-02 00:00 .. 2026-03-04 00:00 UTC; 1 not observed; 1 missing>"
    )
    assert repr(MetricSeries.empty()) == (
        "<MetricSeries: 0 figures; 0 subjects; no metric; 0 not observed; 0 missing>"
    )


def test_repr_shows_few_metrics_of_many() -> None:
    many = series(*(point(1, reading=reading(f"m{i}")) for i in range(6)))

    assert "m3[scope=organic], 2 more;" in repr(many)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (attrs.evolve(point(1), metric="likes"), "point of 'likes' has a reading of"),
        (
            attrs.evolve(point(1), start=MONDAY.replace(tzinfo=None)),
            "naive instant 2026-03-02",
        ),
        (attrs.evolve(point(1), value=None), "None goes not with the status observed"),
        (attrs.evolve(point(None), value=1), "1 goes not with the status not_reported"),
        (point(2**53 + 1), "too large to be exact"),
        (point(10**400), "too large to be exact"),
        (point(float("nan")), "row 0 of the columns: value must be a finite number"),
        (point(float("inf")), "value must be a finite number"),
        (point(1, span=-DAY), "end is not after start"),
        (point(1, span=timedelta()), "end is not after start"),
        (point(1, span=None), "only a lifetime total has no end"),
        (attrs.evolve(gauge(1, MONDAY), end=None), "only a lifetime total has no end"),
        (attrs.evolve(lifetime(1, MONDAY), end=MONDAY), "end is not after start"),
        (attrs.evolve(gauge(1, MONDAY), end=MONDAY - DAY), "end lies before start"),
    ],
)
def test_a_point_that_contradicts_itself_is_refused(wrong: Point, told: str) -> None:
    with pytest.raises(InvalidQuery, match=told):
        series(wrong)


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        (
            "start",
            np.zeros(2, np.float64),
            "column start is not a plain array of int64",
        ),
        ("value", [1.0, 2.0], "column value is not a plain array of float64"),
        ("value", np.zeros((2, 1)), "column value is not a plain array"),
        ("status", np.zeros(1, np.uint8), "column status has 1 rows, column value 2"),
        ("subject", np.array([0, 1], np.int32), "row 1.*subject code 1 is not below 1"),
        ("source", np.array([-1, 0], np.int32), "row 0.*source code -1 is not below 1"),
        ("status", np.array([0, 8], np.uint8), "row 1.*status code 8 is not below 8"),
        ("subjects", (ACME, ACME), "subjects holds x:100 twice"),
        ("end", np.full(2, 2**62), "row 0 of.*end is not a date of the calendar"),
        ("start", np.full(2, NONE), "start is not a date of the calendar"),
    ],
)
def test_columns_that_cannot_be_are_refused(name: str, value: Any, told: str) -> None:
    good = series(*days(1, 2)).columns
    fields = attrs.asdict(good, recurse=False) | {name: value}

    with pytest.raises(InvalidQuery, match=told):
        MetricSeries(Columns(**fields))


def test_a_value_without_observation_is_nan_in_the_columns() -> None:
    found = series(point(None, status=Status.SUPPRESSED), point(0, MONDAY + DAY))

    assert np.isnan(found.columns.value[0])
    assert [each.value for each in found] == [None, 0]


def test_joint_codes_keep_their_order_where_they_outgrow_64_bits() -> None:
    codes = np.array([2, 0, 1, 2], np.int64)
    huge = 2**40

    found = joint((codes, huge), (codes, huge), (codes[::-1].copy(), 3))

    assert found[1] < found[2] < found[0] == found[3]


def test_blank_columns_have_no_row() -> None:
    assert len(MetricSeries(blank())) == 0


def test_what_is_no_point_or_series_is_refused_by_name() -> None:
    numbers: Any = [1]

    with pytest.raises(InvalidQuery, match="1 is not a Point"):
        MetricSeries.from_points(numbers)
    with pytest.raises(InvalidQuery, match="1 is not a MetricSeries"):
        MetricSeries.concat(numbers)
