"""Publishing: one request, a delivery for each profile, and never twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from socialmetrics.errors import (
    AuthRefused,
    OutcomeUnknown,
    PermissionDenied,
    RateLimited,
    Rejected,
    SocialMetricsError,
)
from socialmetrics.model import (
    Consignment,
    Delivery,
    Location,
    Media,
    Profile,
    Publication,
    Ref,
)
from socialmetrics.port import Lost
from socialmetrics_hootsuite.publishing import plan, publish
from tests.hootsuite.platform_wire import (
    BOARD,
    COMPANY,
    LATER,
    MEMBER,
    NOW,
    ON_X,
    PAGE,
    PERSON,
    Json,
    Told,
    data,
    draft,
    error,
    errors,
    message,
    profile,
    run,
    told,
    wire,
)

PAIR = (PAGE, COMPANY)


def sent(
    *profiles: Profile, outcomes: tuple[Told | Lost, ...], **change: Any
) -> Publication:
    consignment = Consignment(draft=draft(*profiles, **change), notes=("mind",))
    return run(publish(consignment), wire(*outcomes))


def body(*profiles: Profile, **change: Any) -> Json:
    server = wire(data(*(message(1, each.vendor_id) for each in profiles)))
    (consignment,) = plan(draft(*profiles, **change), NOW)
    run(publish(consignment), server)
    (request,) = server.requests
    assert not request.safe
    assert (request.method, request.path) == ("POST", "/v1/messages")
    return server.body


def test_what_is_not_set_is_not_sent() -> None:
    assert body(ON_X) == {"text": "Hello", "socialProfileIds": ["1"]}


def test_everything_that_is_set_is_sent() -> None:
    at = datetime(2026, 3, 10, 14, 30, 15, 999_999, tzinfo=UTC)

    found = body(
        ON_X,
        at=at.astimezone(),
        media=[Media(vendor_id="bWVkaWE=", kind="photo")],
        tags=["Spring"],
        location=Location(latitude=0.0, longitude=13.4),
        notify=True,
        extra={
            "webhookUrls": ["https://example.com/hook"],
            "mediaUrls": ["http://ow.ly/i/abc"],
        },
    )

    assert found == {
        "text": "Hello",
        "socialProfileIds": ["1"],
        "scheduledSendTime": "2026-03-10T14:30:15Z",
        "media": [{"id": "bWVkaWE="}],
        "tags": ["Spring"],
        "location": {"latitude": 0.0, "longitude": 13.4},
        "emailNotification": True,
        "webhookUrls": ["https://example.com/hook"],
        "mediaUrls": [{"url": "http://ow.ly/i/abc"}],
    }


@pytest.mark.parametrize("board", ["b-1", {"5": "b-1"}])
def test_a_pin_names_its_board(board: object) -> None:
    found = body(BOARD, extra={"boardId": board, "destinationUrl": "https://a.example"})
    bare = body(BOARD, extra={"boardId": board})

    (info,) = found["extendedInfo"]
    assert info == {
        "socialProfileType": "PINTEREST",
        "socialProfileId": "5",
        "data": {"boardId": "b-1", "destinationUrl": "https://a.example"},
    }
    assert bare["extendedInfo"][0]["data"] == {"boardId": "b-1"}


def test_privacy_goes_to_the_networks_that_it_is_for() -> None:
    both = {"facebook": "friends", "linkedin": "connectionsOnly"}

    found = body(PERSON, MEMBER, privacy=both)
    one = body(PERSON, privacy={"facebook": "everyone"})

    assert found["privacy"] == {
        "facebook": {"visibility": ["friends"]},
        "linkedIn": {"visibility": ["connectionsOnly"]},
    }
    assert one["privacy"] == {"facebook": {"visibility": ["everyone"]}}


def test_targeting_goes_to_the_profiles_that_it_is_for() -> None:
    page = {"ageMin": 18, "countries": [{"k": "US", "v": "United States"}]}
    company = {"industries": ["urn:li:industry:4"]}
    asked = {"targeting": {"facebookPage": page, "linkedInV2Company": company}}
    whole = draft(PAGE, COMPANY, ON_X, extra=asked)

    together, alone = plan(whole, NOW)

    for consignment, expected in ((together, asked["targeting"]), (alone, None)):
        owners = [each.vendor_id for each in consignment.draft.profiles]
        server = wire(data(*(message(1, each) for each in owners)))
        run(publish(consignment), server)
        assert server.body.get("targeting") == expected


def test_the_receipt_of_a_planned_message_tells_its_time_and_number() -> None:
    found = sent(ON_X, outcomes=(data(message(7)),), at=LATER)

    assert found.deliveries == (
        Delivery(profile=ON_X, state="scheduled", vendor_id="7", at=LATER),
    )
    assert found.notes == ("mind",)
    assert found.raw["data"] == [message(7)]


def test_a_time_that_the_vendor_changed_is_told_beside_the_one_asked() -> None:
    row = message(7, scheduledSendTime="2026-03-10T13:05:00Z")

    (found,) = sent(ON_X, outcomes=(data(row),), at=LATER).deliveries

    assert (found.at, found.asked_at) == (LATER + timedelta(minutes=5), LATER)


def test_what_is_sent_at_once_has_an_id_of_the_network_and_no_time_yet() -> None:
    row = message(
        4950332802, None, "SENT", postId="940618833391472640", scheduledSendTime=None
    )

    (found,) = sent(ON_X, outcomes=(data(row),)).deliveries

    assert found == Delivery(
        profile=ON_X,
        state="sent",
        vendor_id="4950332802",
        ref=Ref("x", "940618833391472640"),
    )


@pytest.mark.parametrize(
    ("state", "ours", "reason"),
    [
        ("PENDING_APPROVAL", "pending approval", "a reviewer has to"),
        ("SEND_FAILED_PERMANENTLY", "failed", "does not tell why"),
        ("REJECTED", "rejected", "refused it"),
        ("SUBMITTED", "submitted", None),
        ("WHAT_ELSE", "what_else", None),
    ],
)
def test_states_are_told_in_our_words(
    state: str, ours: str, reason: str | None
) -> None:
    (found,) = sent(ON_X, outcomes=(data(message(7, state=state)),)).deliveries

    assert found.state == ours
    assert (found.reason is None) if reason is None else (reason in str(found.reason))


def test_answers_are_matched_by_profile_and_not_by_position() -> None:
    rows = message(8, "4"), message(7, "3")

    found = sent(*PAIR, outcomes=(data(*rows),)).deliveries

    assert [(each.profile, each.vendor_id) for each in found] == [
        (PAGE, "7"),
        (COMPANY, "8"),
    ]


def test_a_message_that_was_made_twice_is_told_twice() -> None:
    rows = message(7, "3"), message(8, "4"), message(9, "3")

    found = sent(*PAIR, outcomes=(data(*rows),)).deliveries

    assert [(e.profile, e.vendor_id) for e in found] == [
        (PAGE, "7"),
        (PAGE, "9"),
        (COMPANY, "8"),
    ]


@pytest.mark.parametrize("status", [200, 207, 400, 401, 403, 404, 409, 422, 429])
@pytest.mark.parametrize("owner", ["4", None])
def test_a_failure_in_part_is_told_under_any_status(
    status: int, owner: str | None
) -> None:
    content = {
        "data": [message(7, "3")],
        "errors": [error(40005, "no tags for you", profile=owner)],
    }

    found = sent(*PAIR, outcomes=(told(content, status),)).deliveries

    assert [(each.profile, each.state, each.vendor_id) for each in found] == [
        (PAGE, "scheduled", "7"),
        (COMPANY, "failed", None),
    ]
    assert "no tags for you" in str(found[1].reason)


def test_of_a_profile_of_which_nothing_is_said_nobody_knows() -> None:
    found = sent(*PAIR, outcomes=(data(message(7, "3")),)).deliveries

    assert [each.state for each in found] == ["scheduled", "unknown"]
    assert "does not speak of this profile" in str(found[1].reason)


def test_an_error_about_another_profile_is_no_reason() -> None:
    content = {"data": [message(7, "3")], "errors": [error(40005, profile="99")]}

    found = sent(*PAIR, outcomes=(told(content),)).deliveries

    assert found[1].state == "unknown"


@pytest.mark.parametrize("code", [5000, 9000])
@pytest.mark.parametrize("status", [200, 207, 400])
@pytest.mark.parametrize("owner", ["4", None])
def test_where_the_vendor_failed_nobody_knows(
    code: int, status: int, owner: str | None
) -> None:
    content = {
        "data": [message(7, "3")],
        "errors": [error(code, "timeout", profile=owner)],
    }

    found = sent(*PAIR, outcomes=(told(content, status),)).deliveries

    assert [each.state for each in found] == ["scheduled", "unknown"]
    assert "timeout" in str(found[1].reason)


@pytest.mark.parametrize("content", [None, []])
@pytest.mark.parametrize("status", [200, 201, 207, 400, 409])
@pytest.mark.parametrize("code", [5000, 9000])
def test_a_fault_without_a_message_is_no_refusal(
    content: object, status: int, code: int
) -> None:
    several = [error(40005, profile="3"), error(code, "fell over", profile="4")]
    outcome = told({"data": content, "errors": several}, status)

    with pytest.raises(OutcomeUnknown, match=r"fell over|may have been done"):
        sent(*PAIR, outcomes=(outcome,))


@pytest.mark.parametrize("content", [None, []])
@pytest.mark.parametrize("status", [200, 400])
def test_what_was_refused_whole_is_an_error(content: object, status: int) -> None:
    outcome = told({"data": content, "errors": [error(40023)]}, status)

    with pytest.raises(Rejected, match="because") as caught:
        sent(*PAIR, outcomes=(outcome,))

    assert caught.value.code == "40023"


@pytest.mark.parametrize(
    ("outcome", "kind", "words"),
    [
        (errors(error(40021)), Rejected, "nothing was created"),
        (errors(error(40025)), Rejected, "the plan"),
        (errors(error(4003), status=401), PermissionDenied, "because"),
        (errors(error(1001), status=401), AuthRefused, "because"),
        (told("Access denied", 403), PermissionDenied, "Access denied"),
    ],
)
def test_refusals_are_named(
    outcome: Told, kind: type[SocialMetricsError], words: str
) -> None:
    with pytest.raises(kind, match=words):
        sent(ON_X, outcomes=(outcome,))


def test_a_throttled_message_is_sent_again() -> None:
    throttled = errors(error(1003), status=429)

    found = sent(ON_X, outcomes=(throttled, data(message(7))))

    assert found.deliveries[0].vendor_id == "7"


@pytest.mark.parametrize(
    "outcome",
    [
        Lost("reset"),
        told("", 500),
        errors(error(5000), status=500),
        errors(error(9000), status=400),
        told({"data": [message(7)], "errors": [error(1)]}, 500),
        told("<html>", 200),
        told({}, 200),
        told({"data": [{"id": "7"}]}, 200),
        told({"data": 7, "errors": []}, 200),
        told("", 202),
    ],
)
def test_what_may_have_been_done_is_not_sent_again(outcome: Told | Lost) -> None:
    with pytest.raises(OutcomeUnknown):
        sent(ON_X, outcomes=(outcome,))


@pytest.mark.parametrize("owner", ["99", None])
def test_a_message_of_nobody_known_leaves_it_open(owner: str | None) -> None:
    rows = message(7, "3"), message(8, owner)

    with pytest.raises(OutcomeUnknown, match="the receipt cannot be read"):
        sent(*PAIR, outcomes=(data(*rows),))


def test_the_end_of_the_quota_is_a_limit() -> None:
    outcome = told({"errors": [error(1003)]}, 429, x_account_quota_used="100000")

    with pytest.raises(RateLimited):
        sent(profile(1), outcomes=(outcome,))
