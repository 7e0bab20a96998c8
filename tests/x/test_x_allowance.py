"""What headers say of the minute and the second; an absent one says nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialmetrics.allowance import Left
from socialmetrics.wire import Response
from socialmetrics_x.allowance import asked_wait, left
from tests.x.driving_x import NOW, response
from tests.x.test_x_auth import request

SOON = NOW.timestamp() + 20


def answer(headers: Mapping[str, object]) -> Response:
    told = {name: str(value) for name, value in headers.items()}
    return response(request(), {}, 429, told)


def of(window: str, calls: object, reset: object) -> dict[str, object]:
    return {f"x-per-{window}-remaining": calls, f"x-per-{window}-reset": reset}


@pytest.mark.parametrize(
    ("headers", "told"),
    [
        ({}, ()),
        ({"x-per-minute-remaining": 5}, ()),
        ({"x-per-minute-reset": SOON}, ()),
        (of("minute", "many", SOON), ()),
        (of("minute", -1, SOON), ()),
        (of("minute", 5, "soon"), ()),
        (of("minute", "nan", SOON), ()),
        (of("minute", 5, "inf"), ()),
        (of("minute", 5, SOON), (Left(window="minute", calls=5, seconds=20),)),
        (
            {"x-per-minute-remaining": 0},
            (Left(window="minute", calls=0, seconds=60, is_guess=True),),
        ),
        (of("minute", 0, SOON - 99), (Left(window="minute", calls=0, seconds=0),)),
        (of("minute", 0, SOON + 99), (Left(window="minute", calls=0, seconds=60),)),
        (of("second", 0, SOON), (Left(window="second", calls=0, seconds=1),)),
        (
            of("second", 1, SOON - 20) | of("minute", 2, SOON),
            (
                Left(window="minute", calls=2, seconds=20),
                Left(window="second", calls=1, seconds=0),
            ),
        ),
    ],
)
def test_a_window_counts_where_calls_and_end_are_told(
    headers: Mapping[str, object], told: tuple[Left, ...]
) -> None:
    assert left(answer(headers)) == told


@pytest.mark.parametrize(
    ("date", "seconds"),
    [
        (format_datetime(NOW + timedelta(seconds=15), usegmt=True), 5),
        ("Wed, 11 Mar 2026 06:40:15 -0000", 5),  # no zone is UTC, wherever we are
        ("Wed, 11 Mar 2026 06:40:15 +99999999999999", 20),
        ("yesterday", 20),
    ],
)
def test_the_end_is_measured_by_the_servers_clock(date: str, seconds: float) -> None:
    told = left(answer({"date": date, **of("minute", 3, SOON)}))

    assert [each.seconds for each in told] == [seconds]


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({}, None),
        (of("minute", 3, SOON), None),
        (of("minute", 0, SOON), 20),
        ({"x-per-minute-reset": SOON}, 20),
        (of("minute", 0, SOON) | of("second", 0, SOON), 20),
        (of("minute", 3, SOON) | of("second", 0, SOON), 1),
        ({"retry-after": "7", **of("minute", 0, SOON)}, 7),
    ],
)
def test_a_refusal_is_waited_for_until_what_is_used_up_comes_back(
    headers: Mapping[str, object], wait: float | None
) -> None:
    assert asked_wait(answer(headers)) == wait


@given(st.dictionaries(st.sampled_from([*of("minute", 0, 0), "date"]), st.text()))
def test_whatever_a_header_says_nothing_is_raised(headers: dict[str, str]) -> None:
    assert len(left(answer(headers))) <= 1
