"""Listening figures: buckets of time in their own zone, everything else a part."""

from __future__ import annotations

from datetime import UTC, datetime

import attrs
import pytest

from socialmetrics.errors import Incomplete, Unreadable
from socialmetrics.model import Ref
from socialmetrics.reading import Status
from socialmetrics.series import MetricSeries
from socialmetrics.window import Window
from socialmetrics_sprout.listening import figures
from socialmetrics_sprout.parts import TopicFiguresPart
from tests.sprout.driving import WEEK, Driven, content, drive, script

DAY, MONTH = "created_time.by(day)", "created_time.by(month)"
PART = TopicFiguresPart(topic="77", window=WEEK, names=("likes",), dimensions=(DAY,))


def told(likes: object, **dimensions: object) -> dict[str, object]:
    return {"dimensions": dimensions, "metrics": {"likes": likes}}


def series(found: Driven[MetricSeries]) -> MetricSeries:
    (one,) = found.items
    return one


@pytest.mark.parametrize(
    ("tz", "bucket", "start", "end"),
    [
        ("UTC", "2026-03-02T00:00:00Z", "2026-03-02T00:00", "2026-03-03T00:00"),
        (
            "America/Chicago",
            "2022-11-30T00:00:00-06:00",
            "2022-11-30T06:00",
            "2022-12-01T06:00",
        ),
        (
            "America/Chicago",
            "2026-03-08T00:00:00-06:00",
            "2026-03-08T06:00",
            "2026-03-09T05:00",
        ),
        (
            "Europe/Berlin",
            "2026-10-25T00:00:00+02:00",
            "2026-10-24T22:00",
            "2026-10-25T23:00",
        ),
        ("UTC", "2026-03-02T00:00:00", "2026-03-02T00:00", "2026-03-03T00:00"),
    ],
)
def test_a_day_keeps_the_offset_of_the_requested_zone(
    tz: str, bucket: str, start: str, end: str
) -> None:
    part = attrs.evolve(PART, window=attrs.evolve(WEEK, tz=tz))

    found = drive(figures(part), script(content(told(5.0, created_time=bucket))))

    (point,) = series(found)
    assert point.start == datetime.fromisoformat(start).replace(tzinfo=UTC)
    assert point.end == datetime.fromisoformat(end).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("bucket", "end"),
    [
        ("2026-02-01", "2026-03-01"),
        ("2025-12-01", "2026-01-01"),
        ("2028-02-01", "2028-03-01"),
    ],
)
def test_a_month_ends_where_the_next_one_begins(bucket: str, end: str) -> None:
    part = attrs.evolve(PART, dimensions=(MONTH,))

    found = drive(
        figures(part), script(content(told(5, created_time=f"{bucket}T00:00:00Z")))
    )

    (point,) = series(found)
    assert point.end == datetime.fromisoformat(end).replace(tzinfo=UTC)


def test_dimensions_but_time_become_the_breakdown() -> None:
    rows = [
        told(
            1.0,
            created_time="2026-03-02T00:00:00Z",
            sentiment="POSITIVE",
            network="WWW",
        ),
        told(
            2.0, created_time="2026-03-02T00:00:00Z", sentiment="negative", network=None
        ),
        told(3.0, created_time="2026-03-02T00:00:00Z", explicit_label=True),
    ]

    found = drive(figures(PART), script(content(*rows)))

    assert [(p.breakdown, p.value) for p in series(found)] == [
        ("sentiment=positive,network=WWW", 1.0),
        ("sentiment=negative,network=None", 2.0),
        ("explicit_label=True", 3.0),
    ]


def test_figures_without_time_count_the_whole_window() -> None:
    part = attrs.evolve(PART, dimensions=("sentiment",))

    found = drive(figures(part), script(content(told(5, sentiment="NEUTRAL"))))

    (point,) = series(found)
    assert (point.start, point.end) == (WEEK.start, WEEK.end)
    assert point.subject == Ref("topic", "77")


def test_sentiment_counts_are_parts_of_one_metric() -> None:
    name = "positive_sentiments_count"
    part = attrs.evolve(PART, names=(name,), dimensions=())
    row: dict[str, object] = {"metrics": {name: 7.0}}

    found = drive(figures(part), script(content(row)))

    (point,) = series(found)
    assert (point.breakdown, point.value) == ("positive", 7.0)


@pytest.mark.parametrize(
    ("likes", "value", "problem"),
    [
        (0.0, 0.0, None),
        (None, None, None),
        ("12", 12, None),
        (True, None, "bool instead of a number"),
        (1e300, None, "too large to be exact"),
        (10**400, None, "not a finite number"),
    ],
)
def test_unknown_is_never_zero_and_what_is_no_number_is_named(
    likes: object, value: float | None, problem: str | None
) -> None:
    row = told(likes, created_time="2026-03-02T00:00:00Z")

    found = drive(figures(PART), script(content(row)))

    (point,) = series(found)
    expected = Status.NOT_REPORTED if value is None else Status.OBSERVED
    assert (point.value, point.status) == (value, expected)
    assert [i.problem for i in found.issues] == ([] if problem is None else [problem])


@pytest.mark.parametrize(
    "bucket",
    [
        None,
        True,
        "",
        "yesterday",
        "9999-12-31T00:00:00Z",
        "0001-01-01T00:00:00+14:00",
    ],
)
def test_a_bucket_that_is_no_time_is_unreadable(bucket: object) -> None:
    with pytest.raises(Unreadable, match=r"is no bucket of time \(in \$\.data\[0\]"):
        drive(figures(PART), lambda _: content(told(1, created_time=bucket)))


def test_a_row_without_the_time_that_was_asked_for_is_unreadable() -> None:
    with pytest.raises(Unreadable, match="None is no bucket"):
        drive(figures(PART), lambda _: content(told(1, sentiment="POSITIVE")))


def test_an_error_beside_the_data_is_incomplete() -> None:
    with pytest.raises(Incomplete, match="timed out"):
        drive(figures(PART), lambda _: content(error="timed out"))


def test_the_request_names_zone_metrics_and_dimensions() -> None:
    part = attrs.evolve(
        PART,
        window=Window.days("2026-03-02", "2026-03-02", "Europe/Berlin"),
        conditions=("network.eq(WWW)",),
    )

    found = drive(figures(part), script(content()))

    assert found.requests[0].path == "/v1/{customer}/listening/topics/77/metrics"
    assert found.bodies[0] == {
        "filters": [
            "created_time.in(2026-03-02T00:00:00...2026-03-03T00:00:00)",
            "network.eq(WWW)",
        ],
        "metrics": ["likes"],
        "dimensions": [DAY],
        "timezone": "Europe/Berlin",
    }
