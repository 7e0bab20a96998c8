from __future__ import annotations

from typing import Any

import pytest

from socialmetrics.errors import InvalidQuery, NotComparable
from socialmetrics.series import MetricSeries
from tests.series.figures import (
    ACME,
    DAY,
    MONDAY,
    OTHER,
    days,
    gauge,
    point,
    reading,
    series,
)


def test_a_row_an_index_and_a_column_a_metric() -> None:
    found = series(*days(1, None), gauge(5, MONDAY), point(7, subject=OTHER))

    pivot = found.pivot()

    assert pivot.columns == ("subject", "start", "impressions", "followers")
    assert pivot.rows == (
        {"subject": ACME, "start": MONDAY, "impressions": 1, "followers": 5},
        {
            "subject": ACME,
            "start": MONDAY + DAY,
            "impressions": None,
            "followers": None,
        },
        {"subject": OTHER, "start": MONDAY, "impressions": 7, "followers": None},
    )


def test_scopes_and_breakdowns_are_told_where_there_are_several() -> None:
    found = series(
        point(1),
        point(2, reading=reading("impressions", "total")),
        point(3, breakdown="US"),
        point(4, reading=reading("likes")),
        point(5, reading=reading("likes"), breakdown="US"),
    )

    assert found.pivot().columns[2:] == (
        "impressions[scope=organic]",
        "impressions[scope=total]",
        "impressions[scope=organic, breakdown=US]",
        "likes",
        "likes[breakdown=US]",
    )
    assert found.pivot(index=("subject", "breakdown")).columns[2:] == (
        "impressions[scope=organic]",
        "impressions[scope=total]",
        "likes",
    )


def test_columns_can_be_something_else() -> None:
    found = series(point(1), point(2, subject=OTHER))

    pivot = found.pivot(index=("metric", "end", "vendor"), columns="network")

    assert pivot.rows == (
        {
            "metric": "impressions",
            "end": MONDAY + DAY,
            "vendor": "toolbox",
            "x": 1,
            "facebook": 2,
        },
    )


def test_two_figures_in_one_cell_are_refused_and_named() -> None:
    found = series(*days(1, 2))

    with pytest.raises(
        NotComparable, match=r"impressions at subject x:100 \(rule: one-figure-a-cell"
    ):
        found.pivot(index=("subject",))
    with pytest.raises(NotComparable, match="impressions at the only row"):
        found.pivot(index=())


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"index": ("day",)}, "'day' is none of subject, network, metric"),
        ({"index": 5}, "index=5 is not several of subject, network, metric"),
        ({"columns": "value"}, "'value' is none of"),
        ({"index": ("metric",)}, "name one of metric, metric twice"),
        ({"index": "subject"}, r"index='subject' is one text; write \('subject',\)"),
    ],
)
def test_a_wrong_question_is_refused(asked: dict[str, Any], told: str) -> None:
    with pytest.raises(InvalidQuery, match=told):
        series(*days(1)).pivot(**asked)


def test_nothing_gives_no_rows() -> None:
    pivot = MetricSeries.empty().pivot()

    assert (pivot.columns, pivot.rows) == (("subject", "start"), ())
