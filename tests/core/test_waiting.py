"""A wait that somebody would notice is told to the log, alike in both clients."""

from __future__ import annotations

import logging
import subprocess
import sys

import attrs
import pytest

from socialmetrics import waiting as waits
from socialmetrics.budget import Booking, Limit, Limits, MemoryBudget
from socialmetrics.errors import (
    RateLimited,
    SocialMetricsError,
    Unavailable,
    Unreachable,
)
from socialmetrics.port import Lost
from socialmetrics.retry import Retry
from socialmetrics.waiting import LOGGER, Waiting, lasting, used_up
from tests.conftest import Fetch
from tests.core.ports import Build, FakePort, Outcome, engine, run
from tests.core.toy import Toy, get
from tests.core.toy_api import TOKEN, told

READ = get("profiles", "profiles")
GOOD = told({"items": []})


@pytest.fixture(autouse=True)
def heard(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger=LOGGER.name)


def lines(caplog: pytest.LogCaptureFixture) -> list[tuple[str, str]]:
    return [(each.levelname, each.getMessage()) for each in caplog.records]


def ask(port: FakePort, retry: Retry | None = None) -> None:
    run(port, engine(port, retry=retry).answer(READ))


# -- what is told -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("outcome", "level", "line"),
    [
        (
            told({}, 429, retry_after="40"),
            "WARNING",
            "toy profiles: HTTP 429, too many calls; try 2 in 4",
        ),
        (
            told({"error": TOKEN}, 503, retry_after="4"),
            "WARNING",
            "toy profiles: HTTP 503; try 2 of 6 in 4 s",
        ),
        (
            told({}, 504, retry_after="4"),
            "WARNING",
            "toy profiles: HTTP 504; try 2 of 2 in 4 s",
        ),
    ],
)
def test_a_wait_after_a_failure_says_why_how_long_and_which_try(
    port: Build,
    caplog: pytest.LogCaptureFixture,
    outcome: Outcome,
    level: str,
    line: str,
) -> None:
    ask(port(outcome, GOOD))

    [(seen, text)] = lines(caplog)
    assert seen == level
    assert text.startswith(line)
    assert TOKEN not in text


def test_only_waits_of_two_seconds_are_told(
    port: Build, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(Unreachable):
        ask(port(Lost("no\nroute", was_sent=False)))

    begun = [text.partition(" in ")[0] for _, text in lines(caplog)]
    assert begun == [f"toy profiles: no route; try {n} of 6" for n in (4, 5, 6)]


def test_an_answer_in_the_making_is_no_warning(
    port: Build, caplog: pytest.LogCaptureFixture
) -> None:
    ask(port(told({}, 202), GOOD), Retry(first=5.0, longest=5.0))

    [(level, text)] = lines(caplog)
    assert level == "INFO"
    assert text.startswith("toy profiles: the answer is still in the making; going on")


@pytest.mark.parametrize(
    ("limits", "line"),
    [
        ([(1, 60.0)], "toy profiles: 1 calls a minute are used up; going on in 61 s"),
        ([(1, 1.0)], None),
    ],
)
def test_a_wait_for_the_own_budget_is_told(
    port: Build, caplog: pytest.LogCaptureFixture, limits: Limits, line: str | None
) -> None:
    wire = port(GOOD)
    budget = MemoryBudget(limits, now=wire.now, monotonic=wire.monotonic)
    machine = engine(wire, budget=budget)

    run(wire, machine.answer(READ))
    run(wire, machine.answer(READ))

    assert lines(caplog) == ([("INFO", line)] if line else [])


def test_a_delay_of_the_vendor_is_told(
    port: Build, caplog: pytest.LogCaptureFixture
) -> None:
    wire = port(GOOD)

    run(wire, engine(wire).answer(attrs.evolve(READ, delay=5.0)))

    assert lines(caplog) == [
        ("INFO", "toy profiles: it is not done yet; going on in 5 s")
    ]


def test_a_record_holds_the_wait_as_values(
    port: Build, caplog: pytest.LogCaptureFixture
) -> None:
    ask(port(told({}, 503, retry_after="5"), GOOD))

    waiting: object = vars(caplog.records[0])["waiting"]
    assert isinstance(waiting, Waiting)
    assert 5 <= waiting.seconds <= 5.5
    assert attrs.evolve(waiting, seconds=5) == Waiting(
        vendor="toy",
        operation="profiles",
        why="HTTP 503",
        seconds=5,
        next_try=2,
        tries=6,
    )


def test_a_client_tells_of_a_refused_connection(
    fetch: Fetch, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waits, "NOTICED", 0.01)
    toy = fetch.by(
        Toy,
        token=TOKEN,
        base_url="http://127.0.0.1:9",
        retry=Retry(tries=2, first=0.05),
    )

    with pytest.raises(Unreachable, match=r"\(after 2 tries\)") as caught:
        toy.items(lambda client: client.profiles())

    where = "toy profiles: no connection to http://127.0.0.1:9: ConnectError"
    assert str(caught.value).startswith(where)
    [(level, text)] = lines(caplog)
    assert level == "WARNING"
    assert text.startswith(where)
    assert text.endswith("; try 2 of 2 in 0 s")
    assert TOKEN not in text


def test_nothing_is_printed_where_nobody_listens() -> None:
    code = (
        "import logging, socialmetrics.waiting as w\n"
        "w.tell(w.Waiting(vendor='toy', operation=None, why='it is so', seconds=9,"
        " next_try=2))\n"
        "assert logging.lastResort"
    )

    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert (done.stdout, done.stderr) == ("", "")


# -- the tries in the error ---------------------------------------------------------


@pytest.mark.parametrize(
    ("outcome", "kind", "end"),
    [
        (Lost("no route"), Unreachable, "no route (after 3 tries)"),
        (Lost("too slow", is_final=True), Unreachable, "too slow"),
        (told({"error": "down"}, 503), Unavailable, "down (after 3 tries) [HTTP 503]"),
        (told({"error": "slow"}, 429), RateLimited, "tries) [HTTP 429]"),
    ],
)
def test_an_error_says_after_how_many_tries(
    port: Build, outcome: Outcome, kind: type[SocialMetricsError], end: str
) -> None:
    with pytest.raises(kind) as caught:
        ask(port(outcome), Retry(tries=3, patience=20.0))

    assert str(caught.value).endswith(end)
    assert caught.value.args == (caught.value.message,)


# -- wording ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("limits", "is_postponed", "line"),
    [
        ([(60, 60)], False, "60 calls a minute are used up"),
        ([(60, 60), (250000, "month")], False, "60 calls a minute are used up"),
        ([(60, 60), (250000, "month")], True, "250,000 calls a month are used up"),
        (
            [(5, 1), (60, 3600), (9, 86400), (7, 10.5)],
            False,
            (
                "the budget of 5 calls a second, 60 calls an hour, 9 calls a day, "
                "7 calls in 10.5 s is used up"
            ),
        ),
        ([], False, "the budget is used up"),
    ],
)
def test_a_budget_says_what_is_used_up(
    limits: Limits, is_postponed: bool, line: str
) -> None:
    booking = Booking(0.0, 1, is_postponed=is_postponed)
    given = [each if isinstance(each, Limit) else Limit(*each) for each in limits]

    assert used_up(given, booking) == line


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (2.04, "2 s"),
        (60.6, "61 s"),
        (120, "120 s"),
        (299, "5 min"),
        (7200, "120 min"),
        (12000, "3 h 20 min"),
    ],
)
def test_spans_are_said_as_people_do(seconds: float, text: str) -> None:
    assert lasting(seconds) == text
