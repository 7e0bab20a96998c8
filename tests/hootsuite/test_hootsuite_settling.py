"""What became of a message: found by text, profile and time, or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import attrs
import pytest

from socialmetrics.engine import finish
from socialmetrics.errors import (
    InvalidQuery,
    NotFound,
    Rejected,
    Unavailable,
    Unreadable,
)
from socialmetrics.model import Consignment, Delivery, Ref
from socialmetrics.wire import Request
from socialmetrics_hootsuite.moments import stamp, utc
from socialmetrics_hootsuite.publishing import UNSURE
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
    engine,
    error,
    errors,
    message,
    port,
    query,
    run,
    told,
    wire,
)

PLANNED = Consignment(draft=draft(PAGE, COMPANY, at=LATER))
AT_ONCE = Consignment(draft=draft(ON_X))
ME = "1155000"
MYSELF = told({"data": {"id": ME}})
SECOND = timedelta(seconds=1)


def at(
    moment: datetime | None,
    number: int,
    owner: str,
    text: str = "Hello",
    state: str | None = None,
    **more: object,
) -> dict[str, object]:
    time = None if moment is None else stamp(moment)
    is_out = moment is not None and moment < NOW + timedelta(minutes=30)
    known = state or ("SENT" if is_out else "SCHEDULED")
    row = message(number, owner, known, scheduledSendTime=time, text=text)
    return {**row, **more}


def by(member: str) -> dict[str, Any]:
    return {"createdByMember": {"id": member}}


@attrs.define(kw_only=True)
class Vendor:
    """Messages, when they were made (those that need no review do not tell), and me."""

    rows: tuple[dict[str, object], ...]
    made: Mapping[int, datetime] = attrs.field(factory=dict[int, datetime])
    me: Told = MYSELF
    ahead: timedelta | None = None
    asked: list[str] = attrs.field(factory=list[str])

    def __call__(self, request: Request, path: str, _: Mapping[str, str]) -> Told:
        self.asked.append(path)
        status, headers, body = self._answer(request)
        if self.ahead is not None:
            clock = format_datetime(NOW + self.ahead, usegmt=True)
            headers = {**headers, "date": clock}
        return status, headers, body

    def _answer(self, request: Request) -> Told:
        if request.operation == "me":
            return self.me
        if request.operation == "messages/history":
            return self._history(int(request.path.split("/")[3]))
        asked = dict(query(request))
        start, end = utc(asked["startTime"]), utc(asked["endTime"])
        times = [(row, row["scheduledSendTime"]) for row in self.rows]
        return data(
            *(row for row, at in times if at is None or start <= utc(str(at)) <= end)
        )

    def _history(self, number: int) -> Told:
        if number not in self.made:
            return errors(error(4000, "Message is not awaiting approval"))
        moment = f"{stamp(self.made[number])[:-1]}.000Z"
        actions = [
            {"actionType": "CREATE", "timestamp": moment},
            {"actionType": "EDIT", "timestamp": "2020-01-01T00:00:00.000Z"},
        ]
        return told({"data": {"actions": actions}})


def read(consignment: Consignment, vendor: Vendor) -> tuple[Delivery, ...]:
    return finish(engine(port(vendor)).run(settle(consignment, NOW)))


def settled(
    consignment: Consignment, *rows: dict[str, object], **more: Any
) -> list[tuple[str, str | None]]:
    found = read(consignment, Vendor(rows=rows, **more))
    return [(each.profile.vendor_id, each.vendor_id) for each in found]


def test_a_planned_message_is_looked_for_at_its_time() -> None:
    vendor = Vendor(rows=(at(LATER, 7, "3"), at(LATER, 8, "4")))

    found = read(PLANNED, vendor)

    assert found == (
        Delivery(profile=PAGE, state="scheduled", vendor_id="7", at=LATER),
        Delivery(profile=COMPANY, state="scheduled", vendor_id="8", at=LATER),
    )
    asked = parse_qsl(urlsplit(vendor.asked[0]).query)
    assert [value for name, value in asked if name == "socialProfileIds"] == ["3", "4"]
    assert dict(asked)["includeUnscheduledReviewMsgs"] == "true"
    assert "state" not in dict(asked)
    assert utc(dict(asked)["startTime"]) < LATER < utc(dict(asked)["endTime"])


@pytest.mark.parametrize(
    "row",
    [
        at(LATER, 7, "3", "Hello!"),
        at(LATER, 7, "99"),
        at(LATER + SECOND, 7, "3"),
        at(LATER - SECOND, 7, "3"),
        at(LATER + timedelta(minutes=3), 7, "3"),
        at(None, 7, "3"),
        {**at(LATER, 7, "3"), "text": None},
        {**at(LATER, 7, "3"), "socialProfile": None},
    ],
)
def test_what_does_not_fit_is_not_it(row: dict[str, object]) -> None:
    assert settled(PLANNED, row) == []


def test_what_is_there_twice_is_told_twice() -> None:
    rows = at(LATER, 7, "3"), at(LATER, 8, "3"), at(LATER, 9, "4")

    assert settled(PLANNED, *rows) == [("3", "7"), ("3", "8"), ("4", "9")]


def test_of_several_only_what_is_surely_ours_can_be_withdrawn() -> None:
    rows = at(LATER, 7, "3"), at(LATER, 8, "3"), at(LATER, 9, "4")

    proved, unsure, alone = read(PLANNED, Vendor(rows=rows, made={7: NOW}))
    (again,) = run(look((unsure,)), wire(data(at(LATER, 8, "3"))))

    assert (proved.reason, unsure.reason, alone.reason) == (None, UNSURE, None)
    assert again.reason == UNSURE
    with pytest.raises(InvalidQuery, match="8 is not withdrawn: it may be another"):
        withdrawn(again)
    for each in (proved, alone):
        server = wire(told(""))
        run(withdrawn(each), server)
        assert server.asked == [f"DELETE /v1/messages/{each.vendor_id}"]


def test_a_fault_while_reading_back_leaves_it_open() -> None:
    with pytest.raises(Unavailable):
        run(settle(AT_ONCE, NOW), wire(*[told("", 503)] * 6))


def test_fractions_of_a_second_and_blanks_are_not_looked_at() -> None:
    fine = LATER + timedelta(microseconds=1)
    consignment = Consignment(draft=draft(PAGE, at=fine, text="Hello \n you "))

    found = read(consignment, Vendor(rows=(at(LATER, 7, "3", "Hello you"),)))

    assert [(each.vendor_id, each.at, each.asked_at) for each in found] == [
        ("7", LATER, fine)
    ]


@pytest.mark.parametrize(
    ("moment", "is_it"),
    [
        (NOW, True),
        (NOW + timedelta(minutes=9), True),
        (NOW - SECOND, True),
        (NOW - timedelta(seconds=10), False),
        (NOW - timedelta(days=1), False),
        (NOW + timedelta(minutes=11), False),
    ],
)
def test_what_was_sent_at_once_is_not_older_than_the_sending(
    moment: datetime, is_it: bool
) -> None:
    assert settled(AT_ONCE, at(moment, 7, "1")) == ([("1", "7")] if is_it else [])


@pytest.mark.parametrize(
    "state", ["SCHEDULED", "PENDING_APPROVAL", "REJECTED", "SEND_FAILED_PERMANENTLY"]
)
def test_what_is_planned_or_failed_was_not_sent_at_once(state: str) -> None:
    twin = at(NOW + timedelta(minutes=5), 7, "1", state=state)

    assert settled(AT_ONCE, twin) == []


@pytest.mark.parametrize("state", ["PENDING_APPROVAL", "REJECTED", "SUBMITTED"])
@pytest.mark.parametrize(
    ("made", "is_it"),
    [
        ({}, False),
        ({7: NOW - timedelta(seconds=10)}, False),
        ({7: NOW - timedelta(days=9)}, False),
        ({7: NOW}, True),
        ({7: NOW + timedelta(minutes=1)}, True),
    ],
)
def test_what_has_no_time_is_ours_where_its_history_proves_it(
    state: str, made: Mapping[int, datetime], is_it: bool
) -> None:
    found = settled(AT_ONCE, at(None, 7, "1", state=state), made=made)

    assert found == ([("1", "7")] if is_it else [])


@pytest.mark.parametrize(
    ("state", "made", "is_it"),
    [
        ("SCHEDULED", {7: NOW - timedelta(hours=1)}, False),
        ("SCHEDULED", {7: NOW}, True),
        ("SCHEDULED", {}, True),
        ("SEND_FAILED_PERMANENTLY", {}, False),
        ("SEND_FAILED_PERMANENTLY", {7: NOW - timedelta(hours=1)}, False),
        ("SEND_FAILED_PERMANENTLY", {7: NOW}, True),
        ("REJECTED", {}, False),
    ],
)
def test_a_planned_one_from_before_the_sending_is_not_ours(
    state: str, made: Mapping[int, datetime], is_it: bool
) -> None:
    found = settled(PLANNED, at(LATER, 7, "3", state=state), made=made)

    assert found == ([("3", "7")] if is_it else [])


def test_a_post_that_was_approved_just_now_but_made_before_is_not_ours() -> None:
    made = {7: NOW - timedelta(days=2)}

    assert settled(AT_ONCE, at(NOW, 7, "1"), made=made) == []


def test_what_somebody_else_made_is_not_ours() -> None:
    mine, other = at(NOW, 7, "1", **by(ME)), at(NOW, 8, "1", **by("777"))
    vendor = Vendor(rows=(mine, other, at(NOW, 9, "1")))

    found = read(AT_ONCE, vendor)

    assert [each.vendor_id for each in found] == ["7", "9"]
    assert vendor.asked.count("/v1/me") == 1


@pytest.mark.parametrize(
    "me",
    [
        errors(error(1202), status=403),
        told({}, 404),
        told({"data": []}),
        told({"data": {"id": None}}),
        errors(error(1100)),
    ],
)
def test_where_the_token_is_nobodys_the_author_is_not_looked_at(me: Told) -> None:
    assert settled(AT_ONCE, at(NOW, 7, "1", **by("777")), me=me) == [("1", "7")]


def test_nobody_is_asked_who_we_are_where_no_author_is_named() -> None:
    vendor = Vendor(rows=(at(NOW, 7, "1"), at(NOW, 8, "1", "Other", **by("777"))))

    read(AT_ONCE, vendor)

    assert "/v1/me" not in vendor.asked


@pytest.mark.parametrize(
    "ahead",
    [timedelta(), *(timedelta(minutes=n) for n in (-90, -20, -1, 1, 20, 60 * 24 * 40))],
)
def test_a_wrong_clock_neither_hides_a_post_nor_takes_an_older_one(
    ahead: timedelta,
) -> None:
    ours = at(NOW + ahead, 7, "1", state="SENT")
    older = at(NOW + ahead - timedelta(seconds=10), 8, "1", state="SENT")
    waits = at(None, 9, "1", state="PENDING_APPROVAL")
    waited = at(None, 10, "1", state="PENDING_APPROVAL")
    made = {9: NOW + ahead, 10: NOW + ahead - timedelta(seconds=10)}

    found = settled(AT_ONCE, ours, older, waits, waited, made=made, ahead=ahead)

    assert found == [("1", "7"), ("1", "9")]


def test_a_history_that_cannot_be_read_leaves_it_open() -> None:
    broken = told({"data": {"actions": [{"actionType": "CREATE", "timestamp": "x"}]}})
    server = wire(data(at(NOW, 7, "1")), broken)

    with pytest.raises(Unreadable, match=r"\$\.data"):
        run(settle(AT_ONCE, NOW), server)


def test_a_fault_while_its_author_is_asked_for_leaves_it_open() -> None:
    rows = data(at(NOW, 7, "1", **by(ME)))

    with pytest.raises(Unavailable):
        run(settle(AT_ONCE, NOW), wire(rows, *[told("", 503)] * 6))


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
    [errors(error(4003), status=401), told("Access denied", 403)],
)
def test_one_that_may_not_be_read_fails_no_other(outcome: Told) -> None:
    other = Delivery(profile=ALSO_ON_X, state="submitted", vendor_id="8")
    server = wire(outcome, data(at(NOW, 8, "2", state="SENT")))

    hidden, found = run(look((SENT, other)), server)

    assert (hidden.state, found.state) == ("submitted", "sent")
    assert "does not let it be read" in str(hidden.reason)


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
