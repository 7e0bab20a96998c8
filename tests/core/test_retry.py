"""When to try again is decided from plain values; an outage is not multiplied."""

from __future__ import annotations

import math
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialmetrics.errors import InvalidQuery
from socialmetrics.retry import Retry, Tokens, asked_wait, later

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
AT_NOON = "Mon, 02 Mar 2026 12:00:00 GMT"
NEXT_MINUTE = "Mon, 02 Mar 2026 12:01:00 GMT"


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0.0),
        ("2", 2.0),
        (" 2 ", 2.0),
        ("0.5", 0.5),
        ("86400", 86400.0),
        (NEXT_MINUTE, 60.0),
        ("Mon, 02 Mar 2026 12:01:00 -0000", 60.0),
        ("Mon, 02 Mar 2026 13:01:00 +0100", 60.0),
        (AT_NOON, 0.0),
        ("Mon, 02 Mar 2026 11:59:59 GMT", None),
        ("-1", None),
        ("nan", None),
        ("inf", None),
        ("1e400", None),
        ("soon", None),
        ("", None),
        ("Mon, 02 Mar 99999 12:01:00 GMT", None),
        ("Mon, 02 Mar 2026 12:01:00 +9999", None),
        ("Mon, 02 Mar 2026 12:01:00 +99999999999999", None),
    ],
)
def test_what_retry_after_asks_for(text: str, seconds: float | None) -> None:
    assert asked_wait({"retry-after": text}, NOON) == seconds


def test_no_header_asks_for_nothing() -> None:
    assert asked_wait({}, NOON) is None


@pytest.mark.parametrize("hours", [0, 5, -5])
def test_a_date_is_measured_on_the_servers_own_clock(hours: int) -> None:
    headers = {"retry-after": NEXT_MINUTE, "date": AT_NOON}

    assert asked_wait(headers, NOON.replace(hour=12 + hours)) == 60.0


@given(st.text(), st.text())
def test_any_text_asks_for_a_finite_wait_or_nothing(after: str, date: str) -> None:
    seconds = asked_wait({"retry-after": after, "date": date}, NOON)

    assert seconds is None or 0 <= seconds < math.inf


@pytest.mark.parametrize(
    ("seconds", "instant"),
    [(None, None), (60.0, NOON.replace(minute=1)), (1e18, None), (1e12, None)],
)
def test_the_instant_after_a_wait(
    seconds: float | None, instant: datetime | None
) -> None:
    assert later(NOON, seconds) == instant


@given(st.integers(1, 10**6), st.floats(0, 1, exclude_max=True))
def test_pauses_double_up_to_the_longest_with_a_tenth_by_chance(
    attempt: int, chance: float
) -> None:
    pause = Retry(first=0.5, longest=30.0).pause(attempt, chance)

    plain = min(30.0, 0.5 * 2 ** min(attempt - 1, 100))
    assert plain <= pause <= plain * 1.1


@pytest.mark.parametrize(
    "wrong",
    [
        {"tries": 0},
        {"first": -1.0},
        {"longest": math.nan},
        {"patience": 0.0},
        {"patience": "5"},
        {"first": None},
        {"tries": True},
    ],
)
def test_a_patience_that_makes_no_sense_is_refused(wrong: Mapping[str, int]) -> None:
    with pytest.raises(InvalidQuery, match=f"{next(iter(wrong))}="):
        Retry(**wrong)


def test_an_outage_costs_a_thousand_calls_at_most_a_tenth_more_requests() -> None:
    tokens, tries = Tokens(), Retry().tries

    def call(_: int) -> int:
        requests = 1
        while requests < tries and tokens.take():
            requests += 1
        return requests

    with ThreadPoolExecutor(50) as pool:
        requests = sum(pool.map(call, range(1000)))

    assert requests == 1100


def test_success_fills_the_bucket_again_and_never_beyond() -> None:
    tokens = Tokens()
    for _ in range(100):
        tokens.take()
    empty = tokens.take()

    tokens.give(retried=True)
    after_a_retry = tokens.take(), tokens.take()
    for _ in range(5):
        tokens.give(retried=False)
    after_five = tokens.take(), tokens.take()
    for _ in range(10_000):
        tokens.give(retried=True)
    full = sum(tokens.take() for _ in range(200))

    assert not empty
    assert after_a_retry == (True, False)
    assert after_five == (True, False)
    assert full == 100
