from __future__ import annotations

from collections.abc import Sequence
from typing import overload

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialmetrics.comparison.result import Row
from socialmetrics.model import Ref
from socialmetrics.report.choosing import RUNS, looked_at
from socialmetrics.report.table import table
from tests.report.comparisons import Pair, made


class Runs(Sequence[Row]):
    """Runs of rows, each of another metric; `made` says how many were looked at."""

    def __init__(self, *lengths: int) -> None:
        self.metrics = [
            f"m{number}" for number, length in enumerate(lengths) for _ in range(length)
        ]
        self.row, self.made = Pair().row(0), 0

    @overload
    def __getitem__(self, at: int) -> Row: ...

    @overload
    def __getitem__(self, at: slice) -> Sequence[Row]: ...

    def __getitem__(self, at: int | slice) -> Row | Sequence[Row]:
        assert isinstance(at, int)
        if at >= len(self):
            raise IndexError(at)
        self.made += 1
        return attrs.evolve(self.row, number=at, metric=self.metrics[at])

    def __len__(self) -> int:
        return len(self.metrics)


def counted(rows: Sequence[Row]) -> dict[str, int]:
    """How many rows there are of each metric."""
    metrics = [row.metric for row in rows]
    return {metric: metrics.count(metric) for metric in dict.fromkeys(metrics)}


def test_few_rows_are_all_looked_at() -> None:
    assert len(looked_at(Runs(3, 4), 7)) == 7


def test_of_many_rows_the_first_of_every_metric_are() -> None:
    rows = Runs(400_000, 3, 1, 400_000)

    found = looked_at(rows, 40)

    assert counted(found) == {"m0": 10, "m1": 3, "m2": 1, "m3": 10}
    assert [row.number for row in found[:2]] == [0, 1]
    assert rows.made < 200


@given(st.lists(st.integers(1, 40), min_size=1, max_size=12), st.integers(1, 30))
def test_every_metric_is_found_wherever_it_begins(
    lengths: list[int], most: int
) -> None:
    found = counted(looked_at(Runs(*lengths), most))

    assert len(found) == len(lengths)
    if sum(lengths) > most:
        share = max(1, most // len(lengths))
        assert [*found.values()] == [min(length, share) for length in lengths]


def test_mixed_rows_are_taken_as_they_come() -> None:
    rows = Runs(*[1] * (RUNS + 1000))

    assert [row.number for row in looked_at(rows, 50)] == [*range(50)]
    assert rows.made < 10 * RUNS


@pytest.mark.parametrize(("most", "shown"), [(5, 4), (4, 4), (3, 2), (1, 2)])
def test_a_subject_is_in_the_table_with_all_its_metrics(most: int, shown: int) -> None:
    pairs = [
        Pair(metric=metric, subject=Ref("x", subject))
        for metric in ("likes", "reposts")
        for subject in ("1", "2", "3")
    ]

    found = table(made(*pairs), most, 100)

    assert len(list(found.rows)) == shown
    assert found.left_out == 6 - shown
    assert not found.is_sample
    assert all(len(group.records) == 2 for group in found.groups)
