"""Review, deletion and history, and what an answer that never came leaves open."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from socialmetrics.engine import finish
from socialmetrics.errors import (
    InvalidQuery,
    NotFound,
    OutcomeUnknown,
    Rejected,
    SocialMetricsError,
    Unreadable,
)
from socialmetrics.port import Lost
from socialmetrics.wire import Flow
from socialmetrics_hootsuite.lifecycle import (
    approve,
    delete,
    history,
    message,
    reject,
)
from socialmetrics_hootsuite.models import Action
from tests.hootsuite import platform_wire
from tests.hootsuite.platform_wire import (
    Told,
    data,
    engine,
    error,
    errors,
    port,
    run,
    told,
    wire,
)

GONE = errors(error(4001, "Unable to find the message by id"), status=404)
LOST = Lost("reset")


def acts(*kinds: str) -> Told:
    return told({"data": {"actions": [{"actionType": each} for each in kinds]}})


def test_one_message_comes_as_a_list_or_as_an_object() -> None:
    row = platform_wire.message(7)
    server = wire(data(row))

    listed = run(message("7"), server)
    plain = run(message("7"), wire(told({"data": row})))

    assert server.asked == ["GET /v1/messages/7"]
    assert listed == plain
    assert listed.vendor_id == "7"


@pytest.mark.parametrize("outcome", [GONE, data()])
def test_a_message_that_is_not_there_is_named(outcome: Told) -> None:
    with pytest.raises(NotFound):
        run(message("7"), wire(outcome))


@pytest.mark.parametrize("id_", ["", ".", ".."])
def test_what_is_no_id_is_refused(id_: str) -> None:
    with pytest.raises(InvalidQuery):
        run(message(id_), wire())


def test_an_id_is_quoted() -> None:
    server = wire(data(platform_wire.message(7)))

    run(message("a/b=?"), server)

    assert server.asked == ["GET /v1/messages/a%2Fb%3D%3F"]


# -- deletion -----------------------------------------------------------------------


@pytest.mark.parametrize("answer", ["", "<html>deleted</html>", '{"data": []}'])
def test_a_deletion_is_done_whatever_its_body_says(answer: str) -> None:
    server = wire(told(answer))

    run(delete("7"), server)

    assert server.asked == ["DELETE /v1/messages/7"]


@pytest.mark.parametrize("first", [LOST, told("", 500), told("", 202)])
def test_a_deletion_without_an_answer_is_done_when_the_message_is_gone(
    first: Told | Lost,
) -> None:
    server = wire(first, GONE)

    run(delete("7"), server)

    assert len(server.requests) == 2
    assert server.requests[1].delay > 0


def test_a_deletion_is_tried_again_and_not_for_ever() -> None:
    run(delete("7"), wire(LOST, LOST, told("")))

    with pytest.raises(OutcomeUnknown):
        run(delete("7"), wire(LOST, LOST, LOST))


@pytest.mark.parametrize(
    ("outcome", "kind"),
    [(GONE, NotFound), (errors(error(40003)), Rejected)],
)
def test_a_deletion_that_is_refused_says_so(
    outcome: Told, kind: type[SocialMetricsError]
) -> None:
    with pytest.raises(kind):
        run(delete("7"), wire(outcome))


# -- history ------------------------------------------------------------------------


def test_a_history_tells_who_did_what_when() -> None:
    actions = [
        {
            "actorType": "MEMBER",
            "actorId": "10000001",
            "actionType": "CREATE",
            "timestamp": "2026-03-10T12:00:00.123Z",
        },
        {"actorType": None, "actorId": None, "actionType": "SENDFAIL"},
    ]

    found = run(history("7"), wire(told({"data": {"actions": actions}})))

    assert found == (
        Action(
            kind="create",
            actor="member",
            actor_id="10000001",
            at=datetime(2026, 3, 10, 12, 0, 0, 123_000, tzinfo=UTC),
        ),
        Action(kind="sendfail"),
    )


def test_an_empty_history_is_one() -> None:
    assert run(history("7"), wire(told({"data": {"actions": None}}))) == ()


def test_a_message_without_a_review_has_no_history() -> None:
    outcome = errors(error(4000, "Message is not awaiting approval"))

    with pytest.raises(Rejected, match="state does not allow"):
        run(history("7"), wire(outcome))


@pytest.mark.parametrize(
    "moment", ["garbage", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-23:00"]
)
def test_a_history_with_a_time_that_is_none_is_named(moment: str) -> None:
    actions = [{"actionType": "SEND", "timestamp": moment}]

    with pytest.raises(Unreadable, match=r"in \$\.data"):
        run(history("7"), wire(told({"data": {"actions": actions}})))


def test_a_broken_history_is_named() -> None:
    with pytest.raises(Unreadable):
        run(history("7"), wire(told('{"data": {"actions": [{}]}}')))


# -- review -------------------------------------------------------------------------


def refuse(id_: str, step: int) -> Flow[None]:
    return reject(id_, step, "not now", "MEMBER")


def test_an_approval_names_its_step() -> None:
    server = wire(acts("CREATE"), told({}))

    run(approve("7", 2), server)

    assert server.asked == [
        "GET /v1/messages/7/history",
        "POST /v1/messages/7/approve",
    ]
    assert server.body == {"sequenceNumber": 2, "reviewerType": "EXTERNAL"}
    assert not server.requests[1].safe


def test_a_rejection_says_why() -> None:
    server = wire(acts("CREATE"), told({}))

    run(refuse("7", 0), server)

    assert server.asked[1] == "POST /v1/messages/7/reject"
    assert server.body == {
        "sequenceNumber": 0,
        "reviewerType": "MEMBER",
        "reason": "not now",
    }


@pytest.mark.parametrize(("judge", "word"), [(approve, "APPROVE"), (refuse, "REJECT")])
@pytest.mark.parametrize("lost", [LOST, told("", 503)])
def test_a_verdict_without_an_answer_counts_when_the_history_shows_it(
    judge: Callable[[str, int], Flow[None]], word: str, lost: Told | Lost
) -> None:
    server = wire(acts("CREATE", word), lost, acts("CREATE", word, word, "SCHEDULE"))

    run(judge("7", 1), server)

    assert len(server.requests) == 3


@pytest.mark.parametrize(
    "after",
    [[acts("CREATE", "APPROVE")], [GONE], [Lost("reset")] * 6, [told("", 503)] * 6],
)
def test_a_verdict_that_the_history_does_not_show_stays_open(
    after: list[Told | Lost],
) -> None:
    fake = port(wire(acts("CREATE", "APPROVE"), LOST, *after))

    with pytest.raises(OutcomeUnknown):
        finish(engine(fake).run(approve("7", 1)))

    assert [each for each in fake.sent if each.endswith("approve")] == [
        "/v1/messages/7/approve"
    ]


def test_a_message_that_awaits_no_approval_is_refused_before_the_verdict() -> None:
    server = wire(errors(error(4000, "Message is not awaiting approval")))

    with pytest.raises(Rejected):
        run(approve("7", 1), server)

    assert server.asked == ["GET /v1/messages/7/history"]


def test_a_step_that_is_over_is_refused() -> None:
    with pytest.raises(Rejected, match="the message's state"):
        run(approve("7", 1), wire(acts("CREATE"), errors(error(4000))))


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ((-1,), "sequence_number=-1"),
        ((True,), "sequence_number=True"),
        (("1",), "sequence_number='1'"),
        ((None,), "sequence_number=None"),
        ((1, "TEAM"), "reviewer='TEAM'"),
    ],
)
def test_a_verdict_is_checked_before_it_is_sent(
    arguments: tuple[Any, ...], problem: str
) -> None:
    with pytest.raises(InvalidQuery, match=problem):
        run(approve("7", *arguments), wire())


def test_a_rejection_needs_a_reason() -> None:
    with pytest.raises(InvalidQuery, match="reason is empty"):
        run(reject("7", 1, " "), wire())
