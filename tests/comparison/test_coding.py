from __future__ import annotations

import attrs
import numpy as np
import pytest

from socialmetrics.comparison.coding import by_code, shared
from socialmetrics.model import Ref
from socialmetrics.series import MetricSeries
from socialmetrics.series.columns import Columns
from socialmetrics.series.subjects import Refs
from tests.series.figures import point


def _columns(*ids: str, breakdown: str = "") -> Columns:
    points = [point(1, subject=Ref("x", each), breakdown=breakdown) for each in ids]
    return MetricSeries.from_points(points).columns


def _lazy(columns: Columns, network: str = "x") -> Columns:
    ids = tuple(ref.native_id for ref in columns.subjects)
    return attrs.evolve(columns, subjects=Refs(network, ids))


def _told(columns: Columns) -> list[tuple[str, str]]:
    return [
        (columns.subject_of(row).native_id, columns.breakdowns[columns.breakdown[row]])
        for row in range(len(columns))
    ]


@pytest.mark.parametrize("lazy", [False, True])
def test_sides_get_one_dictionary_and_keep_what_they_say(*, lazy: bool) -> None:
    sides = [
        _columns("1", "2", "3"),
        _columns("4", "3", "1", breakdown="US"),
        _columns("5"),
    ]
    given = [_lazy(each) for each in sides] if lazy else sides

    found = [each for _, each in shared([(str(n), c) for n, c in enumerate(given)])]

    assert [_told(each) for each in found] == [_told(each) for each in sides]
    assert [ref.native_id for ref in found[2].subjects] == ["1", "2", "3", "4", "5"]
    assert isinstance(found[0].subjects, Refs) == lazy
    for each in found[1:]:
        assert each.subjects is found[0].subjects
        assert each.breakdowns == ("", "US")


def test_equal_dictionaries_are_left_as_they_are() -> None:
    one, other = _columns("1", "2"), _columns("1", "2")

    (_, first), (_, second) = shared([("Alpha", one), ("Beta", other)])

    assert first.subjects == one.subjects
    assert second.subjects == one.subjects
    assert second.subject is other.subject


def test_ids_of_two_networks_are_two_subjects() -> None:
    one, other = _lazy(_columns("1")), _lazy(_columns("1"), "y")

    (_, first), (_, second) = shared([("Alpha", one), ("Beta", other)])

    assert first.subject_of(0) == Ref("x", "1")
    assert second.subject_of(0) == Ref("y", "1")


def test_no_side_is_no_side() -> None:
    assert shared([]) == ()


@pytest.mark.parametrize("count", [4, 70_000])
def test_rows_by_code_are_in_order(count: int) -> None:
    codes = np.array([count - 1, 0, count - 1, 2], np.int32)

    found = by_code(codes, count)

    assert len(found) == count
    assert [found[code].tolist() for code in (0, 1, 2, count - 1)] == [
        [1],
        [],
        [3],
        [0, 2],
    ]


def test_without_codes_there_are_no_rows() -> None:
    assert by_code(np.array([], np.int32), 0) == []
