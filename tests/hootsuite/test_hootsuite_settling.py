"""What became of a message: found by text, profile and time, or not at all."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from socialmetrics.errors import InvalidQuery, NotFound, Rejected, Unavailable
from socialmetrics.model import Consignment, Delivery, Ref
from socialmetrics_hootsuite.moments import stamp, utc
from socialmetrics_hootsuite.settling import HIDDEN, look, settle, withdrawn
from tests.hootsuite.platform_wire import (
    ALSO_ON_X,
    COMPANY,
    LATER,
    NOW,
    ON_X,
    PAGE,
    Told,
    data,
    draft,
    error,
    errors,
    message,
    query,
    run,
    told,
    wire,
)

PLANNED = Consignment(draft=draft(PAGE, COMPANY, at=LATER))
AT_ONCE = Consignment(draft=draft(ON_X))


def at(
    moment: datetime | None,
    number: int,
    owner: str,
    text: str = "Hello",
    **more: object,
) -> dict[str, object]:
    time = None if moment is None else stamp(moment)
    row = message(number, owner, scheduledSendTime=time, text=text)
    return {**row, **more}


def settled(consignment: Consignment, *rows: object) -> list[tuple[str, str | None]]:
    found = run(settle(consignment, NOW), wire(data(*rows)))
    return [(each.profile.vendor_id, each.vendor_id) for each in found]


def test_a_planned_message_is_looked_for_around_its_time() -> None:
    server = wire(data(at(LATER, 7, "3"), at(LATER, 8, "4")))

    found = run(settle(PLANNED, NOW), server)

    assert found == (
        Delivery(profile=PAGE, state="scheduled", vendor_id="7", at=LATER),
        Delivery(profile=COMPANY, state="scheduled", vendor_id="8", at=LATER),
    )
    asked = query(server.requests[0])
    assert [value for name, value in asked if name == "socialProfileIds"] == ["3", "4"]
    assert dict(asked)["includeUnscheduledReviewMsgs"] == "true"
    assert "state" not in dict(asked)
    assert utc(dict(asked)["startTime"]) <= LATER - timedelta(minutes=5)
    assert utc(dict(asked)["endTime"]) >= LATER + timedelta(minutes=5)


@pytest.mark.parametrize(
    "row",
    [
        at(LATER, 7, "3", "Hello!"),
        at(LATER, 7, "99"),
        at(LATER + timedelta(minutes=6), 7, "3"),
        at(LATER - timedelta(minutes=6), 7, "3"),
        at(None, 7, "3"),
        {**at(LATER, 7, "3"), "text": None},
    ],
)
def test_what_does_not_fit_is_not_it(row: object) -> None:
    assert settled(PLANNED, row) == []


def test_one_at_the_very_time_is_taken_before_one_near_it() -> None:
    near = LATER + timedelta(minutes=4)

    assert settled(PLANNED, at(LATER, 7, "3"), at(near, 8, "3")) == [("3", "7")]
    assert settled(PLANNED, at(near, 8, "3")) == [("3", "8")]


def test_what_is_there_twice_is_told_twice() -> None:
    rows = at(LATER, 7, "3"), at(LATER, 8, "3"), at(LATER, 9, "4")

    assert settled(PLANNED, *rows) == [("3", "7"), ("3", "8"), ("4", "9")]


def test_fractions_of_a_second_and_blanks_are_not_looked_at() -> None:
    fine = LATER + timedelta(microseconds=1)
    consignment = Consignment(draft=draft(PAGE, at=fine, text="Hello \n you "))

    found = run(settle(consignment, NOW), wire(data(at(LATER, 7, "3", "Hello you"))))

    assert [(each.vendor_id, each.at, each.asked_at) for each in found] == [
        ("7", LATER, fine)
    ]


@pytest.mark.parametrize(
    ("moment", "is_it"),
    [
        (NOW, True),
        (NOW + timedelta(minutes=10), True),
        (NOW - timedelta(minutes=1), True),
        (NOW - timedelta(minutes=3), False),
        (NOW - timedelta(days=1), False),
        (NOW + timedelta(hours=1), False),
        (None, True),
    ],
)
def test_what_was_sent_at_once_is_not_older_than_the_sending(
    moment: datetime | None, is_it: bool
) -> None:
    assert settled(AT_ONCE, at(moment, 7, "1")) == ([("1", "7")] if is_it else [])


SENT = Delivery(profile=ON_X, state="submitted", vendor_id="7", at=None)


def test_a_look_brings_state_time_and_the_networks_id() -> None:
    row = at(NOW, 7, "1", state="SENT", postId="94", postUrl="https://x.example/94")
    server = wire(data(row))

    found = run(look((SENT,)), server)

    assert found == (
        Delivery(
            profile=ON_X,
            state="sent",
            vendor_id="7",
            ref=Ref("x", "94"),
            at=NOW,
            url="https://x.example/94",
        ),
    )
    assert server.asked == ["GET /v1/messages/7"]


def test_a_time_that_moved_keeps_the_one_that_was_asked() -> None:
    planned = Delivery(profile=ON_X, state="scheduled", vendor_id="7", at=LATER)
    moved = LATER + timedelta(minutes=5)

    (found,) = run(look((planned,)), wire(data(at(moved, 7, "1"))))
    (again,) = run(look((found,)), wire(data(at(moved, 7, "1"))))

    assert (found.at, found.asked_at) == (moved, LATER)
    assert (again.at, again.asked_at) == (moved, LATER)


def test_of_several_profiles_under_one_id_the_own_one_counts() -> None:
    rows = at(NOW, 7, "2", state="SENT"), at(NOW, 7, "1", state="REJECTED")
    other = Delivery(profile=ALSO_ON_X, state="submitted", vendor_id="7")

    mine, others = run(look((SENT, other)), wire(data(*rows), data(*rows)))

    assert (mine.state, others.state) == ("rejected", "sent")


@pytest.mark.parametrize(
    "outcome",
    [errors(error(4001), status=404), data(), data(at(NOW, 7, "99"))],
)
def test_a_message_that_cannot_be_seen_is_not_taken_for_deleted(outcome: Told) -> None:
    (found,) = run(look((SENT,)), wire(outcome))

    assert (found.state, found.reason) == ("submitted", HIDDEN)


def test_a_delivery_without_a_message_is_not_looked_at() -> None:
    failed = Delivery(profile=ON_X, state="failed", reason="because")

    assert run(look((failed,)), wire()) == (failed,)


def test_a_message_without_its_profile_is_the_only_one() -> None:
    row = {**at(NOW, 7, "1", state="SENT"), "socialProfile": None}

    (found,) = run(look((SENT,)), wire(told({"data": row})))

    assert found.state == "sent"


def test_a_fault_of_the_vendor_is_raised() -> None:
    with pytest.raises(Unavailable):
        run(look((SENT,)), wire(*[told("", 503)] * 6))


def test_withdrawing_deletes_the_message() -> None:
    server = wire(told(""))

    run(withdrawn(SENT), server)

    assert server.asked == ["DELETE /v1/messages/7"]


@pytest.mark.parametrize(
    ("outcome", "kind"),
    [
        (errors(error(4001), status=404), NotFound),
        (errors(error(40003), status=400), Rejected),
    ],
)
def test_what_cannot_be_withdrawn_is_named(
    outcome: Told, kind: type[Exception]
) -> None:
    with pytest.raises(kind):
        run(withdrawn(SENT), wire(outcome))


def test_what_has_no_message_cannot_be_withdrawn() -> None:
    with pytest.raises(InvalidQuery, match="'left out'"):
        withdrawn(Delivery(profile=ON_X, state="left out"))
