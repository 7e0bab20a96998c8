from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialmetrics.errors import InvalidQuery
from socialmetrics.series import MetricSeries
from tests.series.figures import ISSUE, MISSING, any_series, days


@given(any_series)
def test_json_gives_back_every_series_exactly(found: MetricSeries) -> None:
    assert MetricSeries.from_json(found.to_json()) == found


def test_status_is_read_by_its_word_not_by_its_number() -> None:
    found = MetricSeries.from_points(days(1, None))
    document = json.loads(found.to_json())
    document["legend"]["statuses"] = ["not_reported", "observed"]
    document["rows"]["status"] = [1, 0]

    assert MetricSeries.from_json(json.dumps(document)) == found


def _set(*path: str | int, value: object) -> Callable[[Any], None]:
    def change(document: Any) -> None:
        for step in path[:-1]:
            document = document[step]
        document[path[-1]] = value

    return change


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (_set("legend", "format", value="other/2"), "its format is 'other/2'"),
        (
            _set("legend", "subjects", 0, "native_id", value=5),
            r"5 is not str.*\$\.legend",
        ),
        (
            _set("legend", "subjects", 0, "native_id", value=""),
            "empty or not printable",
        ),
        (_set("legend", "subjects", value="ab"), "'ab' is not list"),
        (_set("legend", "subjects", 0, value=["x", "1"]), "is not an object"),
        (_set("legend", "readings", 0, "additive", value="no"), "'no' is not bool"),
        (_set("legend", "readings", 0, "scope", value="both"), "both"),
        (_set("legend", "readings", 0, "valid_from", value="May"), "isoformat"),
        (_set("legend", "readings", 0, "extra", value=1), "extra fields found"),
        (
            _set("legend", "sources", 0, "fetched_at", value="2026-03-01T00:00"),
            "time zone",
        ),
        (_set("legend", "sources", 0, "fetched_at", value=7), "7 is not str"),
        (_set("legend", "sources", 0, value={}), "required field missing"),
        (_set("legend", "statuses", value=["seen"]), "seen"),
        (_set("legend", "statuses", value=[]), "a code is not below 0"),
        (_set("legend", "missing", 0, "alternatives", value="likes"), "not list"),
        (_set("rows", value=[]), r"\$\.rows"),
        (_set("rows", value={}), "must hold subject, reading"),
        (_set("rows", "more", value=[]), "and nothing else"),
        (
            _set("rows", "value", 0, value="1"),
            r"\$\.rows\.value: holds str, not numbers",
        ),
        (_set("rows", "value", 0, value=True), "holds bool"),
        (_set("rows", "start", 0, value=1.5), r"\$\.rows\.start: holds float"),
        (_set("rows", "start", 0, value=None), "holds NoneType"),
        (
            _set("rows", "start", 0, value=10**30),
            "a number is out of range|holds float",
        ),
        (_set("rows", "status", 0, value=-1), "out of range"),
        (_set("rows", "subject", 0, value=7), "subject code 7 is not below 1"),
        (_set("rows", "end", 0, value=None), "only a lifetime total has no end"),
        (_set("rows", "value", value=[1]), "has 2 rows, column value 1"),
    ],
)
def test_a_document_that_is_not_a_series_is_refused_with_the_place(
    change: Callable[[Any], None], told: str
) -> None:
    good = MetricSeries.from_points(days(1, None), missing=[MISSING], issues=[ISSUE])
    document = json.loads(good.to_json())
    change(document)

    with pytest.raises(InvalidQuery, match=told):
        MetricSeries.from_json(json.dumps(document))


@pytest.mark.parametrize("text", ["", "{", "\ud800", "[" * 100_000])
def test_text_that_is_not_json_is_refused(text: str) -> None:
    with pytest.raises(InvalidQuery, match="it is not JSON"):
        MetricSeries.from_json(text)


@given(st.text(max_size=40))
def test_any_text_is_a_series_or_a_named_error(text: str) -> None:
    with pytest.raises(InvalidQuery):
        MetricSeries.from_json(text)


@given(
    st.sampled_from(["legend", "rows"]),
    st.integers(0, 8),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=3),
        lambda inner: st.lists(inner, max_size=2),
    ),
)
def test_any_value_anywhere_is_a_series_or_a_named_error(
    part: str, place: int, value: object
) -> None:
    document = json.loads(MetricSeries.from_points(days(1, None)).to_json())
    name = list(document[part])[place]
    document[part][name] = value

    try:
        found = MetricSeries.from_json(json.dumps(document))
    except InvalidQuery:
        return
    assert len(found) in {0, 2}
