from __future__ import annotations

import sys
from datetime import UTC, datetime

import attrs
import duckdb
import polars as pl
import pyarrow as pa
import pytest
from arro3.core import Schema, Table
from hypothesis import given

from socialmetrics.errors import InvalidQuery
from socialmetrics.reading import Status
from socialmetrics.series import MetricSeries
from tests.series.figures import (
    ACME,
    DAY,
    FETCHED,
    IMPRESSIONS,
    MONDAY,
    OTHER,
    SOURCE,
    any_series,
    gauge,
    lifetime,
    point,
    series,
)

COLUMNS = """
network native_id metric scope name endpoint level temporality date_axis counting unit
zone threshold composition breakdown start end value status settled vendor request_id
api_version fetched_at
"""

FIGURES = series(
    point(1.5, breakdown="US"),
    point(None, subject=OTHER, status=Status.SUPPRESSED),
    lifetime(3, MONDAY, source=attrs.evolve(SOURCE, request_id=None)),
    gauge(
        0, MONDAY, reading=attrs.evolve(IMPRESSIONS, temporality="instant", zone=None)
    ),
)


def test_the_table_has_one_row_a_figure_and_null_for_unknown() -> None:
    rows = pa.table(FIGURES.to_arrow()).to_pylist()

    first, second, third, fourth = rows
    assert " ".join(first) == " ".join(COLUMNS.split())
    assert (first["network"], first["native_id"]) == (ACME.network, ACME.native_id)
    assert (first["start"], first["end"]) == (MONDAY, MONDAY + DAY)
    assert (first["fetched_at"], first["request_id"]) == (FETCHED, "req-1")
    assert [row["value"] for row in rows] == [1.5, None, 3.0, 0.0]
    assert second["status"] == "suppressed"
    assert (third["end"], third["request_id"]) == (None, None)
    assert fourth["zone"] is None


def test_the_schema_is_the_same_whatever_is_in_it() -> None:
    full, empty = FIGURES.to_arrow().schema, MetricSeries.empty().to_arrow().schema

    assert full.equals(empty)
    assert full.equals(Schema.from_arrow(FIGURES))
    assert pl.DataFrame(FIGURES).schema["start"] == pl.Datetime("us", "UTC")
    assert not full.field("status").nullable


@given(any_series)
def test_every_series_crosses_the_arrow_interface(found: MetricSeries) -> None:
    table = Table.from_arrow(found)

    values = pl.DataFrame(table)["value"].to_list()

    assert values == [
        None if each.value is None else float(each.value) for each in found
    ]


def test_polars_pandas_and_duckdb_read_it() -> None:
    frame = FIGURES.to_polars()
    other = FIGURES.to_pandas()
    figures = pl.DataFrame(FIGURES)
    summed = duckdb.execute(
        'select status::varchar, sum(value), count("end") from figures'
        " group by 1 order by 1"
    ).fetchall()

    assert frame.equals(figures)
    assert frame["start"].to_list()[0] == datetime(2026, 3, 2, tzinfo=UTC)
    assert frame["metric"].to_list()[2] == "likes"
    assert other["value"].isna().tolist() == [False, True, False, False]
    assert str(other["metric"].dtype) == "category"
    assert summed == [("observed", 4.5, 2), ("suppressed", None, 1)]


def test_duckdb_scans_the_series_itself() -> None:
    figures = FIGURES

    assert len(figures) == 4
    assert duckdb.execute("select count(value) from figures").fetchall() == [(3,)]


@pytest.mark.parametrize(
    ("method", "module"), [("pandas", "pyarrow"), ("polars", "polars")]
)
def test_a_library_that_is_not_there_is_named_with_the_extra(
    method: str, module: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)

    with pytest.raises(
        InvalidQuery, match=rf"needs {method}.*socialmetrics\[dataframes\]"
    ):
        getattr(FIGURES, f"to_{method}")()
