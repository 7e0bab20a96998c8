"""A comparison as a table: one row a pair of figures, columns that never change."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import pyarrow as pa
import pytest

import socialmetrics as sm
from socialmetrics.comparison.comparison import Comparison
from socialmetrics.comparison.result import AXES, NAMES
from tests.comparison.sides import (
    DAY,
    MONDAY,
    days,
    figures,
    lasting,
    reading,
    ref,
    series,
    totals,
)

COLUMNS: Final = (
    *("network", "native_id", "metric", "breakdown", "start", "end"),
    *("left_name", "right_name", "left", "right", "left_status", "right_status", "gap"),
    *(f"cause_{name}" for name in NAMES),
    "unexplained",
    "verdict",
    *(f"axis_{axis}" for axis in AXES),
)


@pytest.fixture
def found() -> Comparison:
    organic, paid = (
        figures([60, None], reading()),
        figures([30, 5], reading(scope="paid")),
    )
    total = reading(vendor="beta", scope="total")
    lives = totals({ref(1): 5}), totals({ref(1): 5}, lasting(vendor="beta"))
    return sm.compare(
        sm.MetricSeries.concat([series(organic, paid), lives[0]]),
        sm.MetricSeries.concat([days(95, 7, of=total), lives[1]]),
    )


def table_of(found: Comparison) -> pa.Table:
    return pa.table(found.to_arrow())


def test_rows_are_those_of_the_comparison(found: Comparison) -> None:
    rows = table_of(found).to_pylist()

    assert tuple(rows[0]) == COLUMNS
    assert [(r["left"], r["right"], r["gap"], r["unexplained"]) for r in rows] == [
        (each.left, each.right, each.gap, each.unexplained) for each in found.rows
    ]
    assert [(r["start"], r["end"]) for r in rows] == [
        (each.start, each.end) for each in found.rows
    ]
    assert [(r["network"], r["native_id"]) for r in rows] == [
        (each.subject.network, each.subject.native_id) for each in found.rows
    ]
    for told, row in zip(rows, found.rows, strict=True):
        assert told["verdict"] == row.verdict
        assert all(told[f"axis_{axis}"] == row.axes[axis].answer for axis in AXES)
        assert told["left_status"] == row.left_status
        assert (told["left_name"], told["right_name"]) == ("alpha", "beta")


def test_causes_are_columns(found: Comparison) -> None:
    (first, second, third) = table_of(found).to_pylist()

    assert (first["start"], first["cause_scope"], first["unexplained"]) == (
        MONDAY,
        30,
        5,
    )
    assert (second["start"], second["cause_scope"]) == (MONDAY + DAY, 0)
    assert second["left"] is second["gap"] is second["unexplained"] is None
    assert second["left_status"] == "not_reported"
    assert third["end"] is None


def test_nothing_has_the_same_columns(found: Comparison) -> None:
    nothing = sm.compare(sm.MetricSeries.empty(), sm.MetricSeries.empty())

    assert table_of(nothing).num_rows == 0
    assert table_of(nothing).schema == table_of(found).schema


def test_frames_are_the_same_table(found: Comparison) -> None:
    rows = table_of(found).num_rows

    assert pa.table(found).num_rows == rows
    assert tuple(found.to_pandas().columns) == COLUMNS
    assert tuple(found.to_polars().columns) == COLUMNS
    assert len(found.to_pandas()) == len(found.to_polars()) == rows


def test_the_report_is_written_in_every_form(found: Comparison, tmp_path: Path) -> None:
    found.to_html(tmp_path / "report.html", title="Acme, a week")

    assert "Acme, a week" in (tmp_path / "report.html").read_text("utf-8")
    assert isinstance(json.loads(found.to_json()), dict)
    assert "alpha" in found.to_text(100)
