"""Reads of hours and days: what an answer covers, and what a figure meant then."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import attrs
import pytest

from socialmetrics.reading import Settled, Status
from socialmetrics.window import Window
from socialmetrics_x.parts import GapPart, PostsPart
from socialmetrics_x.reads import gap
from socialmetrics_x.windows import floor
from tests.sprout.driving import body_of, script
from tests.x.driving_x import (
    DAY,
    HOUR,
    NOW,
    WINDOW,
    cells,
    hourly,
    points,
    read,
    snowflake,
)

# -- hours and days --------------------------------------------------------------------


NOTHING: Mapping[str, Mapping[str, object]] = {"favorites": {}}


def hours(values: Mapping[str, object], day: str = "2026-03-09") -> dict[str, object]:
    return {"11": {"favorites": {day: dict(values)}}}


def test_hours_are_read_by_their_utc_names() -> None:
    told = {
        "figures": {
            "11": {
                "favorites": {
                    "2026-03-10": {"01": "4", "00": 0},
                    "2026-03-09": {"22": "-2"},
                }
            }
        }
    }

    found = read(hourly("11"), script(told))

    begin = WINDOW.start
    assert {at: (p.value, p.status) for (_, _, at), p in cells(found).items()} == {
        begin: (-2, Status.OBSERVED),
        begin + HOUR: (None, Status.NOT_REPORTED),
        begin + 2 * HOUR: (0, Status.OBSERVED),
        begin + 3 * HOUR: (4, Status.OBSERVED),
    }
    assert body_of(found.requests[0]) == {
        "tweet_ids": ["11"],
        "engagement_types": ["favorites"],
        "groupings": {
            "figures": {
                "group_by": [
                    "tweet.id",
                    "engagement.type",
                    "engagement.day",
                    "engagement.hour",
                ]
            }
        },
        "start": "2026-03-09T22:00:00Z",
        "end": "2026-03-10T02:00:00Z",
    }


@pytest.mark.parametrize(
    ("figures", "path"),
    [
        (hours({"21": "5"}), "$.figures.11.favorites.2026-03-09.21"),
        (hours({"02": "5"}, "2026-03-10"), "$.figures.11.favorites.2026-03-10.02"),
        (hours({"22": "5"}, "2026-03-08"), "$.figures.11.favorites.2026-03-08.22"),
    ],
)
def test_hours_that_nobody_asked_for_are_issues(
    figures: Mapping[str, Any], path: str
) -> None:
    figures["11"]["favorites"].setdefault("2026-03-09", {})["23"] = "7"

    found = read(hourly("11"), script({"figures": figures}))

    assert [(i.path, i.problem, i.seen) for i in found.issues] == [
        (path, "a figure that nobody asked for", "5")
    ]
    assert [p.value for p in points(found)] == [None, 7, None, None]


@pytest.mark.parametrize(
    ("echo", "lost"),
    [
        ({"end": "2026-03-10T01:00:00Z"}, [3]),
        ({"start": "2026-03-09T22:30:00Z", "end": "2026-03-10T00:59:00Z"}, [0, 2, 3]),
        ({"start": "2026-03-09", "end": "2026-03-11"}, []),
        ({"start": "2026-03-10T00:00:00", "end": "2026-03-10T02:00:00+00:00"}, [0, 1]),
        ({"start": "nonsense", "end": 7}, []),
        ({"start": "0001-01-01T00:00:00+05:00"}, []),
    ],
)
def test_outside_of_what_an_answer_says_it_covers_nothing_is_known(
    echo: Mapping[str, object], lost: list[int]
) -> None:
    told = {**echo, "figures": {"11": NOTHING}}

    found = read(hourly("11"), script(told))

    assert [p.status for p in points(found)] == [
        Status.NOT_COLLECTED if n in lost else Status.NOT_REPORTED for n in range(4)
    ]


def test_figures_of_a_step_that_is_not_covered_whole_may_still_grow() -> None:
    window = Window.days("2026-03-01", "2026-03-02")
    told = {
        "end": "2026-03-02T19:43:00Z",
        "figures": {"11": {"favorites": {"2026-03-01": "4", "2026-03-02": "5"}}},
    }

    found = read(hourly("11", window=window, step="day"), script(told))

    assert [(p.value, p.settled) for p in points(found)] == [
        (4, Settled.UNKNOWN),
        (5, Settled.NO),
    ]


def test_days_are_read_and_others_are_issues() -> None:
    window = Window(WINDOW.start, WINDOW.end)
    told = {
        "figures": {
            "11": {
                "favorites": {
                    "2026-03-09": "4",
                    "2026-03-10": "5",
                    "2026-03-11": "6",
                }
            }
        }
    }

    found = read(hourly("11", window=window, step="day"), script(told))

    midnight = datetime(2026, 3, 10, tzinfo=UTC)
    assert [(p.start, p.end, p.value) for p in points(found)] == [
        (window.start, midnight, 4),
        (midnight, window.end, 5),
    ]
    assert [i.path for i in found.issues] == ["$.figures.11.favorites.2026-03-11"]


def test_days_of_another_zone_are_put_together_from_hours() -> None:
    window = Window.days("2026-03-09", "2026-03-10", "Europe/Berlin")
    day = {f"{hour:02}": "1" for hour in range(24)}
    told = {
        "figures": {
            "11": {
                "favorites": {
                    "2026-03-08": {"23": "1"},
                    "2026-03-09": day,
                    "2026-03-10": {k: v for k, v in day.items() if k != "23"},
                }
            }
        }
    }

    found = read(hourly("11", window=window, zone="Europe/Berlin"), script(told))

    assert [(p.start, p.value) for p in points(found)] == [
        (window.start, 24),
        (window.start + DAY, 24),
    ]


def test_what_is_left_out_of_the_time_before_a_post_has_no_row() -> None:
    born = snowflake(WINDOW.start + timedelta(minutes=90))
    told = {"figures": {born: {"favorites": {"2026-03-09": {"22": "0"}}}}}

    left_out = read(hourly(born), script({"figures": {}}))
    sent = read(hourly(born), script(told))

    assert len(points(left_out)) == 3
    assert [p.value for p in points(sent)] == [0, None, None, None]


def recent(start: str | None, end: str | None) -> dict[str, object]:
    told: dict[str, object] = {"start": start, "end": end, "figures": {"11": NOTHING}}
    return {key: value for key, value in told.items() if value is not None}


@pytest.mark.parametrize(
    ("start", "end", "first", "count"),
    [
        ("2026-03-10T02:00:00Z", "2026-03-11T06:00:00Z", "10T02", 28),
        ("2026-03-10T02:00:00Z", "2026-03-11T06:40:00Z", "10T02", 29),
        ("2026-03-10T02:40:00Z", "2026-03-11T06:40:00Z", "10T02", 29),
        (None, "2026-03-11T06:10:00Z", "10T02", 29),
        ("2026-03-10T02:00:00Z", None, "10T02", 29),
        (None, None, "10T02", 29),
    ],
)
def test_the_last_hours_are_those_that_the_answer_says(
    start: str | None, end: str | None, first: str, count: int
) -> None:
    part = attrs.evolve(hourly("11", window=None), endpoint="28hr")

    found = read(part, script(recent(start, end)))

    told = points(found)
    assert f"{told[0].start:%dT%H}" == first
    assert len(told) == count
    assert (told[-1].settled is Settled.NO) == (count == 29)
    assert found.issues == []


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-03-11T06:00:00Z", "2026-03-11T06:00:00Z"),
        ("2026-03-11T06:00:00Z", "2026-03-10T06:00:00Z"),
        ("0001-01-02T00:00:00Z", "2026-03-11T06:00:00Z"),
        (None, "9999-12-31T23:59:59Z"),
        (None, "0001-01-01T05:00:00Z"),
    ],
)
def test_hours_that_cannot_be_are_an_issue(start: str | None, end: str | None) -> None:
    part = attrs.evolve(hourly("11", window=None), endpoint="28hr")

    found = read(part, script(recent(start, end)))

    assert len(points(found)) == 29
    (issue,) = found.issues
    assert issue.problem == "the hours that it says it is of cannot be"
    assert (end or "") in issue.seen


# -- meanings that changed -------------------------------------------------------------


def by_day(name: str, *days: str) -> tuple[PostsPart, dict[str, object]]:
    window = Window.days(days[0], days[-1])
    part = hourly("11", names=(name,), window=window, step="day")
    return part, {"figures": {"11": {name: dict.fromkeys(days, "0")}}}


@pytest.mark.parametrize("name", ["favorites", "retweets", "replies"])
def test_zeros_of_what_was_not_recorded_yet_are_no_zeros(name: str) -> None:
    part, told = by_day(name, "2015-09-14", "2015-09-15")

    before, after = points(read(part, script(told)))

    assert (before.value, before.status) == (0, Status.ZERO_BY_RULE)
    assert (after.value, after.status) == (0, Status.OBSERVED)


def test_a_figure_of_what_was_not_recorded_yet_is_one_all_the_same() -> None:
    part, told = by_day("favorites", "2015-09-14")
    told["figures"] = {"11": {"favorites": {"2015-09-14": "3"}}}

    (point,) = points(read(part, script(told)))

    assert (point.value, point.status) == (3, Status.OBSERVED)


def test_engagements_have_two_meanings() -> None:
    part, told = by_day("engagements", "2017-10-08", "2017-10-09")

    before, after = points(read(part, script(told)))

    assert "media views" in before.reading.composition
    assert "media views" not in after.reading.composition


@pytest.mark.parametrize("name", ["media_views", "media_engagements"])
def test_what_did_not_exist_yet_is_not_reported(name: str) -> None:
    part, told = by_day(name, "2017-10-08", "2017-10-09")

    before, after = points(read(part, script(told)))

    assert (before.value, before.status) == (None, Status.NOT_REPORTED)
    assert (after.value, after.status) == (0, Status.OBSERVED)


# -- gaps ------------------------------------------------------------------------------


def test_a_gap_has_every_cell_and_asks_nobody() -> None:
    told = attrs.asdict(hourly("11", "12"), recurse=False)

    page = gap(GapPart(**told, status=Status.TOO_OLD), Status.TOO_OLD)

    (series,) = page.items
    assert len(series) == 8
    assert {p.status for p in series} == {Status.TOO_OLD}


@pytest.mark.parametrize(("minutes", "hours"), [(0, 28), (30, 29)])
def test_a_gap_of_the_last_hours_has_those_of_an_answer(
    minutes: int, hours: int
) -> None:
    at = floor(NOW) + timedelta(minutes=minutes)
    part = attrs.evolve(hourly("11", window=None), endpoint="28hr", at=at)

    (series,) = gap(part, Status.NOT_PERMITTED).items

    assert len(series) == hours
    assert series[0].start == floor(NOW) - 28 * HOUR
