"""Pieces of comparing whose edges no pair of series would reach."""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np
import pytest

import socialmetrics as sm
from socialmetrics.comparison.cells import Cells, overlapping, plain
from socialmetrics.comparison.chain import rest, shift
from socialmetrics.comparison.evidence import Track
from socialmetrics.comparison.terms import matched, numbered
from socialmetrics.series.columns import HOUR, NONE, Columns
from tests.comparison.sides import (
    DAY,
    MONDAY,
    OTHER,
    figure,
    figures,
    reading,
    ref,
    series,
)


def cells(columns: Columns, *label: int) -> Cells:
    return plain(columns, np.array(label, np.int64))


def test_keys_are_equal_where_subject_breakdown_and_bucket_are() -> None:
    one = series(figure(1, reading()), figure(2, reading(), breakdown="US")).columns
    other = series(figure(1, reading()), figure(2, reading(), MONDAY + DAY)).columns

    left, right = numbered([cells(one, 5, 5), cells(other, 5, 6)])

    assert left[0] == right[0]
    assert len({*left.tolist(), *right.tolist()}) == 3


def test_keys_are_exact_where_one_number_is_too_small_for_all() -> None:
    columns = series(
        figure(1, reading(), subject=OTHER),
        figure(1, reading(), subject=ref(1)),
        figure(1, reading(), subject=ref(2)),
    ).columns
    far = 2**62

    left, right = numbered([cells(columns, 0, far, 7), cells(columns, 0, 7, far)])

    assert left[0] == right[0]
    assert len({*left.tolist(), *right.tolist()}) == 5


Numbers: TypeAlias = list[int]
EQUAL: Final[list[tuple[Numbers, Numbers, tuple[Numbers, Numbers]]]] = [
    ([1, 2, 3], [1, 2, 3], ([0, 1, 2], [0, 1, 2])),
    ([3, 1, 9], [1, 5, 3], ([0, 1], [2, 0])),
    ([1, 2], [], ([], [])),
    ([], [1], ([], [])),
]


@pytest.mark.parametrize(("left", "right", "expected"), EQUAL)
def test_equal_keys_are_found(
    left: list[int], right: list[int], expected: tuple[list[int], list[int]]
) -> None:
    one, other = matched(np.array(left, np.int64), np.array(right, np.int64))

    assert (one.tolist(), other.tolist()) == expected


def test_first_overlap_of_a_metric_is_told() -> None:
    columns = series(figures([1, 2], reading()), figures([3], reading("saves"))).columns

    found = overlapping(columns, [0, 1, 2])

    assert [*found] == ["likes", "saves"]
    assert "2026-03-02 00:00" in found["likes"][0]


@pytest.mark.parametrize(("left", "right"), [(0.1, 0.3), (0.3, 0.1), (1e-9, 5e8)])
def test_rest_is_nudged_to_where_floats_add_up(left: float, right: float) -> None:
    one, other = np.array([left]), np.array([right])

    found = rest(one, other, [])

    assert abs(left + found[0] - right) <= max(left, right) * 2**-52


def test_rest_is_nan_where_a_figure_is() -> None:
    one, other = np.array([np.nan, 1.0, 0.1]), np.array([1.0, np.nan, 0.7])

    found = rest(one, other, [])

    assert np.isnan(found[:2]).all()
    assert 0.1 + found[2] == 0.7


def test_shift_that_does_not_apply_says_nothing() -> None:
    found = shift(
        "scope", "", np.array([1.0, np.nan]), np.array([False, False]), (0.0, None)
    )

    assert [found.cause(row) for row in (0, 1)] == [None, None]


def track(*ends: int) -> Track:
    """Hours of post 7 that end then, of ten each."""
    end = np.array(ends, np.int64) * HOUR
    return Track(
        subject=np.full(len(end), 7, np.int64),
        start=end - HOUR,
        end=end,
        sums=np.arange(0.0, len(end) + 1) * 10,
        lengths=np.arange(len(end) + 1) * HOUR,
        side=0,
    )


def asked(of: Track, post: int, start: float, end: float, born: float) -> object:
    found, known = of.between(
        np.array([post]),
        np.array([int(start * HOUR)]),
        np.array([int(end * HOUR)]),
        np.array([NONE if born < 0 else int(born * HOUR)]),
    )
    return float(found[0]) if known[0] else None


@pytest.mark.parametrize(
    ("post", "start", "end", "born", "expected"),
    [
        (7, 11, 13, 10, 20),
        (7, 11.5, 13.5, 10, 20),  # to the hour in which it lies
        (7, 0, 12, 10, 20),  # nothing before it was born
        (7, 0, 12, -1, None),  # it may have been older
        (7, 10, 16, 10, None),  # not that far
        (7, 12, 12, 10, 0),
        (7, 13, 11, 10, 0),
        (7, 10, 12, 5, 20),
        (7, 5, 12, 5, None),
        (8, 10, 12, 10, None),  # another post
        (6, 10, 12, 10, None),
    ],
)
def test_what_a_post_did_is_known_where_hours_cover_it(
    post: int, start: float, end: float, born: float, expected: float | None
) -> None:
    assert asked(track(11, 12, 13, 14), post, start, end, born) == expected


def test_holes_are_not_covered() -> None:
    assert asked(track(11, 12, 14, 15), 7, 11, 14, 10) is None
    assert asked(track(11, 12, 14, 15), 7, 10, 12, 10) == 20


def test_no_post_did_nothing() -> None:
    found, known = track(11).between(*[np.empty(0, np.int64)] * 4)

    assert (len(found), len(known)) == (0, 0)


def test_hours_beside_days_of_two_zones_are_counted_by_utc() -> None:
    later = MONDAY + DAY / 3
    hours = series(figures([1] * 24, reading(), span=DAY / 24))
    right = series(
        figure(24, reading(vendor="beta")),
        figure(5, reading("saves", "beta", zone="America/Los_Angeles"), later),
    )

    found = sm.compare(hours, right)

    assert [(row.left, row.right) for row in found.rows] == [(24, 24)]
