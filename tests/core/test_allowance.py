"""What a vendor says is left is kept to; what it does not say is unknown."""

from __future__ import annotations

import asyncio

import attrs
import pytest

from socialmetrics.allowance import Allowance, Left
from socialmetrics.budget import MemoryBudget
from socialmetrics.wire import Response
from tests.core.ports import Build, engine, run
from tests.core.toy import Toy, get
from tests.core.toy_api import told

READ = get("profiles", "profiles")


@attrs.frozen
class Telling(Toy):
    """It tells in a header how many calls are left, for ten seconds."""

    def left(self, response: Response) -> tuple[Left, ...]:
        number = response.headers.get("x-left")
        if number is None:
            return ()
        return (Left(window="minute", calls=int(number), seconds=10.0),)


def test_nothing_told_holds_nobody_up() -> None:
    allowance = Allowance()

    assert [allowance.take(0.0) for _ in range(100)] == [0.0] * 100


def test_calls_since_the_vendors_word_count() -> None:
    allowance = Allowance()
    allowance.learn(Left(window="minute", calls=2, seconds=10.0), 0.0)

    waits = [allowance.take(1.0) for _ in range(4)]

    assert waits == [0.0, 0.0, 9.0, 9.0]


def test_calls_that_are_under_way_may_not_be_counted_yet() -> None:
    allowance = Allowance()
    allowance.take(0.0)
    allowance.take(0.0)
    allowance.ended()

    allowance.learn(Left(window="minute", calls=1, seconds=10.0), 0.0)

    assert allowance.take(0.0) == 10.0


def test_the_longest_of_several_windows_decides_and_each_ends() -> None:
    allowance = Allowance()
    allowance.learn(Left(window="second", calls=0, seconds=1.0), 0.0)
    allowance.learn(Left(window="minute", calls=0, seconds=60.0), 0.0)

    assert allowance.take(0.5) == 59.5
    assert allowance.take(60.0) == 0.0


def test_a_new_window_replaces_an_old_one() -> None:
    allowance = Allowance()
    allowance.learn(Left(window="minute", calls=0, seconds=10.0), 0.0)

    allowance.learn(Left(window="minute", calls=5, seconds=60.0), 9.0)

    assert allowance.take(9.0) == 0.0


def test_answers_that_overtake_one_another_do_not_raise_what_is_left() -> None:
    allowance = Allowance()
    allowance.learn(Left(window="minute", calls=0, seconds=60.0), 0.0)

    allowance.learn(Left(window="minute", calls=3, seconds=59.0), 0.5)

    assert allowance.take(1.0) > 0.0


def test_the_engine_waits_until_the_vendors_window_ends(port: Build) -> None:
    status, _, body = told({"items": []})
    wire = port((status, {"x-left": "0"}, body), told({"items": []}))
    machine = engine(wire, adapter=Telling())

    run(wire, machine.answer(READ))
    run(wire, machine.answer(READ))
    run(wire, machine.answer(READ))

    assert wire.slept == [10.0]


@pytest.mark.parametrize("concurrency", [1, 3])
def test_a_crowd_never_makes_more_calls_than_are_left(
    port: Build, concurrency: int
) -> None:
    status, _, body = told({"items": []})
    answers = [(status, {"x-left": str(left)}, body) for left in (3, 2, 1, 0)]
    wire = port(*answers, told({"items": []}))
    machine = engine(wire, adapter=Telling())

    async def crowd() -> None:
        for _ in range(concurrency):
            await machine.answer(READ)
        if wire.is_async:
            await asyncio.gather(*(machine.answer(READ) for _ in range(6)))
        else:
            for _ in range(6):
                await machine.answer(READ)

    run(wire, crowd())

    assert len(wire.sent) == concurrency + 6
    assert sum(wire.slept) >= 10.0


@attrs.frozen
class Guessing(Toy):
    """It tells that nothing is left, and not until when."""

    def left(self, response: Response) -> tuple[Left, ...]:
        return (Left(window="minute", calls=0, seconds=60.0, is_guess=True),)


@pytest.mark.parametrize(("limits", "waits"), [([], [60.0]), ([(99, 60.0)], [])])
def test_who_has_limits_need_not_guess(
    port: Build, limits: list[tuple[int, float]], waits: list[float]
) -> None:
    wire = port(told({"items": []}))
    budget = MemoryBudget(limits, now=wire.now, monotonic=wire.monotonic)
    machine = engine(wire, adapter=Guessing(), budget=budget)

    run(wire, machine.answer(READ))
    run(wire, machine.answer(READ))

    assert wire.slept == waits
