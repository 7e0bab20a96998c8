"""A process may end at any time, and several may begin at once."""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Callable
from datetime import datetime
from typing import Any

import attrs
import pytest

from socialmetrics import ledger_file
from socialmetrics.errors import InvalidQuery, OutcomeUnknown, Unavailable
from socialmetrics.ledger import Ledger
from socialmetrics.model import Consignment, Delivery
from socialmetrics.pull import Progress
from socialmetrics.retry import Retry
from socialmetrics.wire import Flow
from tests.core.ports import FakePort
from tests.core.press import (
    FIRST,
    THIRD,
    Open,
    Press,
    draft,
    publish,
    states,
    told,
)
from tests.core.press_api import PressApi

# -- killed ------------------------------------------------------------------------


class Killed(BaseException):
    """The process ends here."""


def kill(_: Progress) -> None:
    raise Killed


@pytest.mark.parametrize("is_before", [True, False])
def test_a_process_that_was_killed_while_sending_reads_back_first(
    desk: Open, is_before: bool
) -> None:
    api = PressApi()
    ours = desk(api)
    good = ours.port.handler

    def killed(*given: Any) -> Any:
        if not is_before:
            good(*given)
        raise Killed

    ours.port.handler = killed
    with pytest.raises(Killed):
        publish(ours)
    ours.ledger.close()
    again = desk(api)

    if is_before:
        with pytest.raises(OutcomeUnknown, match="nobody saw the answer"):
            publish(again)
        assert again.api.sent == 0
    else:
        assert states(publish(again)) == [("p1", "scheduled")]
        assert again.api.sent == 1


def test_what_was_not_reached_before_the_end_is_sent_the_next_time(desk: Open) -> None:
    api = PressApi()
    ours = desk(api)
    with pytest.raises(Killed):
        publish(ours, draft("hello", FIRST, THIRD), progress=kill)

    found = publish(desk(api), draft("hello", FIRST, THIRD))

    assert states(found) == [("p1", "scheduled"), ("p3", "scheduled")]
    assert [body["profiles"] for body in api.bodies] == [["p1"], ["p3"]]


def test_what_cannot_be_written_down_afterwards_is_told_and_read_back(
    desk: Open,
) -> None:
    api = PressApi()
    ours = desk(api)
    api.before = lambda: told(ours.ledger, "PRAGMA query_only = ON")

    first = publish(ours)
    ours.ledger.close()
    second = publish(desk(api))

    assert states(first) == states(second) == [("p1", "scheduled")]
    assert "was not written down: " in first.notes[-1]
    assert "it cannot be written" in first.notes[-1]
    assert api.calls == ["POST messages", "POST search"]


def test_what_was_answered_is_remembered_before_anybody_is_told(desk: Open) -> None:
    api = PressApi()
    with pytest.raises(Killed):
        publish(desk(api), progress=kill)

    assert states(publish(desk(api))) == [("p1", "scheduled")]
    assert api.calls == ["POST messages"]


def test_what_cannot_be_written_down_is_nobody_s(desk: Open) -> None:
    api = PressApi(faults=deque(["cut after"]))
    ours = desk(api)
    api.before = lambda: told(ours.ledger, "PRAGMA query_only = ON")

    with pytest.raises(OutcomeUnknown, match=r"not be looked at: .*cannot be written"):
        publish(ours)

    assert states(publish(desk(api))) == [("p1", "scheduled")]
    assert api.sent == 1


def test_a_ledger_that_was_deleted_meanwhile_lets_nothing_be_sent(desk: Open) -> None:
    ours = desk(PressApi())
    publish(ours)
    ours.path.unlink()

    with pytest.raises(InvalidQuery, match="was deleted or replaced"):
        publish(ours, key="autumn")

    assert ours.api.sent == 1


# -- one at a time -----------------------------------------------------------------


def test_whoever_comes_second_waits_for_the_first(desk: Open) -> None:
    ours = desk(PressApi())
    turn = Ledger(ours.path).turn("toy", "spring")
    assert turn.take()
    ours.port = Interrupted(ours.port.handler, is_async=ours.is_async)
    ours.port.after_8 = turn.give_back

    found = publish(ours)

    assert states(found) == [("p1", "scheduled")]
    assert len(ours.port.slept) == 8
    assert ours.port.slept[0] == 0.01
    assert max(ours.port.slept) == 0.25


@attrs.define
class Interrupted(FakePort):
    """Something happens at the eighth wait."""

    after_8: Callable[[], None] = attrs.field(default=lambda: None)

    async def sleep(self, seconds: float) -> None:
        await super().sleep(seconds)
        if len(self.slept) == 8:
            self.after_8()


def test_whoever_waits_too_long_is_told(desk: Open) -> None:
    ours = desk(PressApi(), retry=Retry(patience=1.0))
    turn = Ledger(ours.path).turn("toy", "spring")
    assert turn.take()

    with pytest.raises(Unavailable, match="another publication is under way") as told:
        publish(ours)

    assert told.value.retryable
    turn.give_back()
    assert ours.api.sent == 0


def test_a_ledger_that_somebody_holds_is_waited_for(desk: Open) -> None:
    ours = desk(PressApi())
    ours.ledger.entries()
    other = sqlite3.connect(ours.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    ours.port = Interrupted(
        ours.port.handler,
        is_async=ours.is_async,
        after_8=other.rollback,
    )

    found = publish(ours)

    other.close()
    assert states(found) == [("p1", "scheduled")]
    assert len(ours.port.slept) == 8
    assert ours.api.sent == 1


def test_a_ledger_that_stays_held_lets_nothing_be_sent(
    desk: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger_file, "BUSY", 0.0)
    ours = desk(PressApi())
    ours.ledger.entries()
    other = sqlite3.connect(ours.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(InvalidQuery, match="is locked by another program"):
        publish(ours)

    other.close()
    assert ours.api.sent == 0
    assert sum(ours.port.slept) > 10


def test_a_client_that_is_closed_while_it_waits_reads_back_later(desk: Open) -> None:
    api = PressApi(faults=deque(["cut after"]), hidden=1)
    ours = desk(api)
    ours.port = Closed(ours.port.handler, is_async=ours.is_async)

    with pytest.raises(InvalidQuery, match="the client is closed"):
        publish(ours)

    assert states(publish(desk(api))) == [("p1", "scheduled")]
    assert api.sent == 1


class Closed(FakePort):
    """Its client is closed while it waits."""

    async def sleep(self, seconds: float) -> None:
        raise InvalidQuery("the client is closed")


def test_a_client_that_is_closed_while_it_reads_back_says_so(desk: Open) -> None:
    class Shut(Press):
        def settle(
            self, consignment: Consignment, sent_at: datetime
        ) -> Flow[tuple[Delivery, ...]]:
            raise InvalidQuery("the client is closed")

    api = PressApi(faults=deque(["cut after"]))

    with pytest.raises(InvalidQuery, match="the client is closed"):
        publish(desk(api, adapter=Shut()))

    assert states(publish(desk(api))) == [("p1", "scheduled")]
