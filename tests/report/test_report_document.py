from __future__ import annotations

import json
from typing import Any

import attrs
import pytest

from socialmetrics.comparison.result import Summary
from socialmetrics.errors import InvalidQuery
from socialmetrics.report.document import document
from tests.report.comparisons import GAP, SCOPE, Made, Pair, acme, made


@pytest.fixture(scope="module")
def told() -> Any:
    return json.loads(document(acme()))


def test_a_row_has_all_that_is_known_of_it(told: Any) -> None:
    row = told["rows"][4]

    assert {
        key: row[key] for key in ("number", "left", "right", "gap", "unexplained")
    } == {
        "number": 4,
        "left": 2261,
        "right": 924,
        "gap": -1337,
        "unexplained": 0,
    }
    assert row["subject"] == {"network": "x", "native_id": "100", "label": "@acme on X"}
    assert (row["start"], row["end"]) == (
        "2026-03-02T00:00:00Z",
        "2026-03-09T00:00:00Z",
    )
    assert row["left_status"] == "observed"
    assert row["causes"][2] == {
        "name": "freshness",
        "amount": -110,
        "basis": "bounded",
        "text": "activity after the last refresh of Planner",
        "low": -140,
        "high": 0,
    }
    assert row["left"] + sum(each["amount"] for each in row["causes"]) == row["right"]
    assert told["readings"][row["left_reading"]]["metric"] == "engagements.vendor"
    assert told["rows"][5]["conversions"] == [
        {
            "axis": "date_axis",
            "side": "right",
            "text": "older posts' activity of the week was added",
        }
    ]


def test_findings_name_their_rules(told: Any) -> None:
    finding = told["findings"][told["rows"][1]["axes"]["scope"]]

    assert finding == {
        "axis": "scope",
        "answer": "ordered",
        "text": "Toolbox counts organic impressions, Network all of them",
        "lesser": "left",
        "rule": "organic-is-at-most-total",
    }
    assert [each for each in told["rules"] if each["id"] == finding["rule"]] == [
        {
            "id": "organic-is-at-most-total",
            "text": "Organic impressions are never above all impressions.",
            "source": "network documents, read 2026-01-15",
            "valid_from": "2023-05-01",
            "valid_to": "2027-12-31",
        }
    ]
    assert len(told["rules"]) == 10


def test_values_that_are_missing_are_null(told: Any) -> None:
    row = told["rows"][6]

    assert [row[key] for key in ("left", "right", "gap", "unexplained")] == [None] * 4
    assert (row["left_status"], row["right_status"]) == ("not_reported", "too_old")


def test_every_other_part_is_there(told: Any) -> None:
    assert (told["format"], told["version"]) == ("socialmetrics.comparison", 1)
    assert told["window"] == {
        "start": "2026-03-02T00:00:00Z",
        "end": "2026-03-09T00:00:00Z",
        "tz": "UTC",
    }
    assert told["sides"][0] == {
        "name": "Toolbox",
        "vendors": ["toolbox"],
        "read_at": "2026-03-11T06:00:00Z",
    }
    assert set(told["summaries"][0]) == {each.name for each in attrs.fields(Summary)}
    assert told["faults"][0]["rule"] == "organic-is-at-most-total"
    assert told["faults"][0]["subject"]["label"] == "@acme on X"
    assert told["coverage"][0]["settled_through"] == "2026-03-09T00:00:00Z"
    assert told["advice"][1]["name"] is None
    assert told["unmatched"][0]["examples"][1]["label"] == "x:101"
    assert told["lines"][0]["days"][0] == {
        "day": "2026-03-02",
        "value": 3000,
        "settled": True,
    }
    assert told["lines"][0]["settled_through"] == "2026-03-06"
    assert told["readings"][told["lines"][0]["reading"]]["name"] == "n_impressions"
    assert told["caveats"][0]["id"] == SCOPE.id


def test_what_rows_share_is_told_once() -> None:
    rows = document(made(*[GAP] * 50))

    assert rows.count("Network counts ten actions") == 1
    assert rows.count('"n_engagements.vendor"') == 1


def test_rows_are_bounded_and_counted() -> None:
    compared = made(Pair(), Pair(), Pair())

    some, every, none = (
        json.loads(document(compared, rows=rows)) for rows in (2, None, 0)
    )

    assert [len(each["rows"]) for each in (some, every, none)] == [2, 3, 0]
    assert [each["rows_left_out"] for each in (some, every, none)] == [1, 0, 3]


@pytest.mark.parametrize("rows", [-1, "3", 1.5])
def test_a_number_of_rows_that_is_none_is_refused(rows: object) -> None:
    with pytest.raises(InvalidQuery, match="must be a number of rows"):
        document(made(), rows=rows)  # type: ignore[arg-type]  # whatever somebody gives


def test_nothing_to_compare_is_a_document() -> None:
    told = json.loads(document(Made(window=None)))

    assert told["window"] is None
    assert [key for key, value in told.items() if value] == ["format", "version"]
