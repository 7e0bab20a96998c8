from __future__ import annotations

import json
from collections.abc import Sequence
from typing import overload

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import socialmetrics as sm
from socialmetrics.comparison.comparison import Comparison
from socialmetrics.comparison.result import Row
from socialmetrics.comparison.table import Batch
from socialmetrics.model import Ref
from socialmetrics.report import making
from socialmetrics.report.choosing import RUNS, looked_at
from socialmetrics.report.document import document
from socialmetrics.report.table import table
from tests.comparison.sides import figures, reading, ref, series
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


@pytest.fixture(scope="module")
def compared() -> Comparison:
    """Weeks of some posts at two tools, one of them without paid distribution."""
    kinds = [
        reading(level="post"),
        reading(level="post", scope="paid"),
        reading(level="post", vendor="beta", scope="total"),
    ]
    organic, paid, total = (
        [
            figures([base + number, None, 3 * number], of, subject=ref(number))
            for number in range(5)
        ]
        for base, of in zip((60, 30, 95), kinds, strict=True)
    )
    return sm.compare(series(*organic, *paid), series(*total))


@pytest.mark.parametrize("run", [1, 2, 1_000])
def test_rows_that_are_made_a_few_at_a_time_are_the_same(
    run: int, compared: Comparison, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "RUN", run)
    rows, count = list(compared.rows), len(compared.rows)

    assert sum(bool(row.causes) for row in rows) > 3
    assert list(making.made(compared.rows, 0, count)) == rows
    assert list(making.made(compared.rows, 2, count - 1)) == rows[2:-1]
    assert list(making.made(rows, 1, 3)) == rows[1:3]
    assert list(making.made(compared.rows, 3, 3)) == []


def test_of_a_long_batch_a_part_is_looked_at_for_each_row(
    compared: Comparison, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []
    row = Batch.row

    def watched(batch: Batch, at: int, number: int) -> Row:
        seen.append(len(batch))
        return row(batch, at, number)

    monkeypatch.setattr(Batch, "row", watched)
    monkeypatch.setattr(making, "RUN", 4)

    assert len(looked_at(compared.rows, 1_000)) == len(compared.rows)
    assert len(json.loads(document(compared))["rows"]) == len(compared.rows)
    assert max(map(len, compared.rows.batches)) > 4
    assert max(seen) == 4
