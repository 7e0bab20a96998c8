"""Listening figures: buckets of time in their own zone, everything else a part."""

from __future__ import annotations

from datetime import UTC, date, datetime

import attrs
import pytest

from socialmetrics.errors import Incomplete, Rejected, Unreadable
from socialmetrics.model import Ref
from socialmetrics.reading import Status
from socialmetrics.series import MetricSeries
from socialmetrics.window import Window
from socialmetrics.wire import Request
from socialmetrics_sprout.listening import figures
from socialmetrics_sprout.parts import TopicFiguresPart
from tests.sprout.driving import (
    WEEK,
    Driven,
    body_of,
    content,
    drive,
    filter_of,
    rejected,
    script,
)

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
    year = Window.days(f"{bucket[:4]}-01-01", f"{bucket[:4]}-12-31", tz)
    part = attrs.evolve(PART, window=year)

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
    years = Window.days("2025-01-01", "2028-12-31")
    part = attrs.evolve(PART, dimensions=(MONTH,), window=years)
    row = told(5, created_time=f"{bucket}T00:00:00Z")

    found = drive(figures(part), script(content(row)))

    (point,) = series(found)
    assert point.end == datetime.fromisoformat(end).replace(tzinfo=UTC)


def test_a_bucket_counts_only_what_lies_in_the_window() -> None:
    part = attrs.evolve(PART, dimensions=(MONTH,))
    row = told(5, created_time="2026-03-01T00:00:00Z")

    found = drive(figures(part), script(content(row)))

    (point,) = series(found)
    assert (point.start, point.end) == (WEEK.start, WEEK.end)


def test_an_answer_that_is_cut_is_asked_for_by_halves_of_the_days() -> None:
    def server(request: Request) -> object:
        first, last = (filter_of(request, "created_time.in") or "").split("...")
        days = (date.fromisoformat(last[:10]) - date.fromisoformat(first[:10])).days
        rows = [
            told(n, created_time=f"{first}Z", network=str(n)) for n in range(days * 300)
        ]
        return content(*rows[:1000])

    found = drive(figures(PART), server)

    starts = [series[0].start.date().isoformat() for series in found.items]
    assert starts == ["2026-03-02", "2026-03-05", "2026-03-07"]
    assert [len(series) for series in found.items] == [900, 600, 600]


@pytest.mark.parametrize(
    "part",
    [
        attrs.evolve(PART, dimensions=("network",)),
        attrs.evolve(PART, window=Window.days("2026-03-02", "2026-03-02")),
    ],
)
def test_an_answer_that_is_cut_and_cannot_be_halved_is_incomplete(
    part: TopicFiguresPart,
) -> None:
    row = told(1, created_time="2026-03-02T00:00:00Z")

    with pytest.raises(Incomplete, match="cut at 1000 rows"):
        drive(figures(part), lambda _: content(*[row] * 1000))


def test_a_refused_metric_is_named_and_the_others_are_delivered() -> None:
    part = attrs.evolve(PART, names=("replies", "likes"))

    def server(request: Request) -> object:
        is_bad = "replies" in body_of(request)["metrics"]
        row = told(3, created_time="2026-03-02T00:00:00Z")
        return rejected("Requested invalid metrics") if is_bad else content(row)

    found = drive(figures(part), server)

    assert [p.value for block in found.items for p in block] == [3]
    assert [(i.path, i.seen) for i in found.issues] == [("metrics", "replies")]


@pytest.mark.parametrize("names", [("likes",), ("likes", "replies")])
def test_a_refusal_that_leaves_nothing_is_raised(names: tuple[str, ...]) -> None:
    with pytest.raises(Rejected):
        drive(figures(attrs.evolve(PART, names=names)), lambda _: rejected())


def test_a_refusal_that_no_metric_explains_is_raised() -> None:
    failing = iter([True])

    with pytest.raises(Rejected):
        drive(
            figures(PART),
            lambda _: rejected() if next(failing, False) else content(),
        )


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
        "2027-01-01T00:00:00Z",
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
        "limit": 1000,
    }


def test_a_bucket_outside_the_window_is_unreadable() -> None:
    answer = content(told(5.0, created_time="1999-01-01T00:00:00Z"))

    with pytest.raises(Unreadable, match="no bucket of time"):
        drive(figures(PART), script(answer))
