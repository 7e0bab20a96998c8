"""The simulated service: messages that are looked up, listed, taken back, reviewed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.hootsuite_sandbox.hootsuite_calls import (
    KEYS,
    NOW,
    WORLD,
    Running,
    ahead,
    posts_of,
    refused,
    service,
    spelled,
)

PAGE, TWEETS = "139000035", "139000001"
WEEKS = timedelta(weeks=4)
AWAITS = "Message is not awaiting approval"


@pytest.fixture(scope="module")
def box() -> Iterator[Running]:
    with service() as running:
        yield running


def window(
    start: datetime | str = NOW - WEEKS, end: datetime | str = NOW, **more: Any
) -> dict[str, Any]:
    def text(at: datetime | str) -> str:
        return at if isinstance(at, str) else spelled(at)

    return {"startTime": text(start), "endTime": text(end), **more}


def listed(box: Running, **more: Any) -> Any:
    return box.get("messages", **window(**more))


def ids(body: Any) -> list[str]:
    return [one["id"] for one in body["data"]]


# The past.


def test_what_colleagues_sent_with_a_tool_is_in_the_list(box: Running) -> None:
    rows = listed(box, socialProfileIds=PAGE, limit=100)["data"]

    sent = [
        post
        for post in posts_of(box, PAGE)
        if post.user and post.created_at >= NOW - WEEKS
    ]
    assert len(rows) == len(sent) > 5
    for row, post in zip(rows, sent, strict=True):
        assert post.user is not None
        assert row["state"] == "SENT"
        assert row["text"] == post.text
        assert row["postId"] == post.ref.native_id
        assert row["postUrl"] == f"https://www.facebook.com/{post.ref.native_id}"
        assert row["scheduledSendTime"] == spelled(post.created_at)
        assert row["createdByMember"] == {"id": str(post.user.id)}
        assert row["tags"] == ([tag.text for tag in post.tags] or None)
        assert box.get(f"messages/{row['id']}")["data"] == [row]


def test_posts_that_were_made_elsewhere_are_no_messages(box: Running) -> None:
    sent = {one.post_id for one in box.state.outbox.archive.values()}

    kinds = {post.kind for post in WORLD.posts if post.ref.native_id in sent}
    assert kinds == {"original"}
    assert any(
        post.user is None and post.kind == "original" for post in posts_of(box, PAGE)
    )
    assert not any(
        post.ref.native_id in sent for post in WORLD.posts if post.user is None
    )


def test_nothing_is_known_of_what_is_yet_to_come() -> None:
    early = NOW - timedelta(days=30)
    with service(clock=lambda: early) as box:
        late = next(
            one for one in box.state.outbox.archive.values() if one.made_at > early
        )

        refused(box.ask("GET", f"messages/{late.id}"), 404, 4001)
        rows = box.get("messages", **window(early, early + WEEKS))["data"]
        assert rows == []
        rows = box.get("messages", **window(early - WEEKS / 2, early + WEEKS / 2))
        assert rows["data"]
        assert all(row["scheduledSendTime"] <= spelled(early) for row in rows["data"])


def test_ids_of_facebook_can_lack_the_page() -> None:
    with service(bare_post_ids=True) as box:
        rows = listed(box, socialProfileIds=PAGE)["data"]
        tweet = box.made()[0]["postId"]

    assert all(row["postId"].isdigit() for row in rows)
    assert all(row["postUrl"].endswith(f"_{row['postId']}") for row in rows)
    assert tweet.isdigit()


# The window.


def test_both_ends_of_a_window_belong_to_it(box: Running) -> None:
    rows = listed(box)["data"]
    at = rows[0]["scheduledSendTime"]

    assert listed(box, start=at, end=at)["data"]
    moment = datetime.fromisoformat(at)
    for second in (-1, 1):
        beside = moment + timedelta(seconds=second)
        assert listed(box, start=beside, end=beside)["data"] == []


def test_times_may_have_milliseconds(box: Running) -> None:
    start = spelled(NOW - WEEKS).replace("Z", ".000Z")

    assert ids(listed(box, start=start)) == ids(listed(box))


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"end": NOW + timedelta(seconds=1)}, 40020),
        ({"start": NOW, "end": NOW - timedelta(seconds=1)}, 4000),
        ({"start": "2026-03-01T00:00:00+00:00"}, 4000),
        ({"start": "2026-03-01"}, 4000),
        ({"start": "yesterday at Ten Z"}, 4000),
        ({"state": "SUBMITTED"}, 40019),
        ({"state": "APPROVED"}, 40019),
        ({"state": "DELETED"}, 40019),
        ({"state": "sent"}, 40019),
        ({"limit": "0"}, 4000),
        ({"limit": "101"}, 4000),
        ({"limit": "ten"}, 4000),
        ({"limit": "9" * 5000}, 4000),
        ({"limit": ["5", "5"]}, 4000),
        ({"cursor": "1:2"}, 3020),
        ({"cursor": "1:2:x"}, 3020),
        ({"cursor": "1:²:0"}, 3020),
        ({"cursor": ""}, 3020),
        ({"includeUnscheduledReviewMsgs": "True"}, 40022),
        ({"includeUnscheduledReviewMsgs": "1"}, 40022),
        ({"socialProfileIds[]": TWEETS}, 4000),
        ({"socialProfileIds[0]": TWEETS}, 4000),
    ],
)
def test_faulty_windows_are_refused(
    box: Running, more: dict[str, Any], code: int
) -> None:
    refused(box.ask("GET", "messages", params=window(**more)), 400, code)


@pytest.mark.parametrize("name", ["startTime", "endTime"])
def test_both_ends_are_required(box: Running, name: str) -> None:
    query = {key: text for key, text in window().items() if key != name}

    refused(box.ask("GET", "messages", params=query), 400, 4000, name)


def test_profiles_that_cannot_be_reached_are_refused(box: Running) -> None:
    for number in ("5", f"{TWEETS},{PAGE}"):
        answer = box.ask("GET", "messages", params=window(socialProfileIds=number))
        refused(answer, 404, 4001)


def test_profiles_are_repeated_in_the_query(box: Running) -> None:
    rows = listed(box, socialProfileIds=[TWEETS, PAGE], limit=100)["data"]

    assert {row["socialProfile"]["id"] for row in rows} == {TWEETS, PAGE}


def test_states_can_be_asked_for() -> None:
    with service(failing=[PAGE]) as box:
        (waiting,) = box.made(scheduledSendTime=ahead(hours=1))
        (failed,) = box.made(socialProfileIds=[PAGE])
        start, end = NOW - timedelta(days=1), NOW + timedelta(days=1)

        def found(state: str) -> list[str]:
            return ids(box.get("messages", **window(start, end, state=state)))

        assert found("SCHEDULED") == [waiting["id"]]
        assert found("SEND_FAILED_PERMANENTLY") == [failed["id"]]
        assert found("REJECTED") == found("PENDING_APPROVAL") == []
        assert len(found("SENT")) > 0
        everything = ids(box.get("messages", **window(start, end)))
        assert {waiting["id"], failed["id"]} < set(everything)


# Pages.


def test_pages_go_up_in_time_and_join_without_gaps(box: Running) -> None:
    whole = ids(listed(box, limit=100))
    assert len(whole) == 100
    found: list[str] = []
    befores: list[str | None] = []
    query: dict[str, Any] = {"limit": 30}
    while len(found) < 100:
        body = listed(box, **query)
        found += ids(body)
        times = [row["scheduledSendTime"] for row in body["data"]]
        assert times == sorted(times)
        befores.append(body["metadata"]["cursor"]["previous"])
        query["cursor"] = body["metadata"]["cursor"]["next"]
        assert query["cursor"].count(":") == 2

    assert found[:100] == whole
    assert befores[0] is None
    back = listed(box, limit=30, cursor=befores[1])
    assert ids(back) == whole[:30]
    assert back["metadata"]["cursor"]["previous"] is None


def test_the_last_page_has_no_cursor(box: Running) -> None:
    start = NOW - timedelta(days=1)
    whole = ids(box.get("messages", **window(start)))

    body = box.get("messages", **window(start, limit=len(whole)))

    assert ids(body) == whole
    assert body["metadata"] == {"cursor": {"next": None, "previous": None}}
    assert len(whole) < 50


def test_fifty_are_a_page(box: Running) -> None:
    assert len(listed(box)["data"]) == 50


def test_an_empty_window_has_no_cursors(box: Running) -> None:
    body = box.get("messages", **window(NOW + timedelta(days=9), NOW + WEEKS))

    assert body == {
        "data": [],
        "metadata": {"cursor": {"next": None, "previous": None}},
    }


def test_a_cursor_outlives_the_message_it_names() -> None:
    with service() as box:
        made = [
            box.made(scheduledSendTime=ahead(hours=hour))[0]["id"] for hour in (1, 2, 3)
        ]
        span = window(NOW + timedelta(minutes=1), NOW + timedelta(days=1), limit=1)
        cursor = box.get("messages", **span)["metadata"]["cursor"]["next"]
        box.ask("DELETE", f"messages/{made[0]}")

        assert ids(box.get("messages", **span, cursor=cursor)) == [made[1]]


def test_full_pages_can_be_cut_off_in_silence() -> None:
    with service(truncated=True) as box:
        body = listed(box, limit=100)

        assert len(body["data"]) == 100
        assert body["metadata"]["cursor"]["next"] is None


# What cannot be seen yet.


def test_a_new_message_can_be_invisible_for_a_while() -> None:
    with service(invisible_reads=3) as box:
        (told,) = box.made()
        path = f"messages/{told['id']}"
        refused(box.ask("GET", path), 404, 4001, "Unable to find the message by id")
        assert told["id"] not in ids(listed(box, start=NOW))
        refused(box.ask("GET", path), 404, 4001)

        assert box.get(path)["data"][0]["id"] == told["id"]
        assert told["id"] in ids(listed(box, start=NOW))


@pytest.mark.parametrize("number", ["1234", "x", "4950332802"])
def test_unknown_messages_are_not_found(number: str) -> None:
    with service() as box:
        for method in ("GET", "DELETE"):
            answer = box.ask(method, f"messages/{number}")
            refused(answer, 404, 4001, "Unable to find the message by id")


# Taking back.


def test_a_waiting_message_can_be_taken_back_once() -> None:
    with service(token_seconds=10**6) as box:
        (told,) = box.made(scheduledSendTime=ahead(hours=1))
        path = f"messages/{told['id']}"

        answer = box.ask("DELETE", path)

        assert (answer.status_code, answer.json()) == (200, {"data": []})
        refused(box.ask("DELETE", path), 404, 4001)
        refused(box.ask("GET", path), 404, 4001)
        assert box.state_of(told["id"]) == "DELETED"
        box.state.advance(timedelta(hours=2))
        assert box.state_of(told["id"]) == "DELETED"
        assert told["id"] not in ids(
            box.get("messages", **window(NOW, NOW + timedelta(hours=2)))
        )


def test_what_is_published_cannot_be_taken_back(box: Running) -> None:
    old = listed(box)["data"][0]["id"]

    for number in (box.made()[0]["id"], old):
        refused(box.ask("DELETE", f"messages/{number}"), 400, 40003)


def test_the_answer_can_be_no_json() -> None:
    with service(plain_delete=True) as box:
        (told,) = box.made(scheduledSendTime=ahead(hours=1))
        answer = box.ask("DELETE", f"messages/{told['id']}")

    assert answer.status_code == 200
    assert answer.text == ""


# Approval.


def pending(box: Running, **more: Any) -> dict[str, Any]:
    (told,) = box.made(socialProfileIds=[PAGE], **more)
    assert told["state"] == "PENDING_APPROVAL"
    return told


def decided(box: Running, number: str, step: str, **body: Any) -> Any:
    return box.ask("POST", f"messages/{number}/{step}", json=body)


def actions(box: Running, number: str) -> list[str]:
    rows = box.get(f"messages/{number}/history")["data"]["actions"]
    assert all(
        list(row) == ["actorType", "actorId", "actionType", "timestamp"] for row in rows
    )
    assert all(row["timestamp"].endswith(".000Z") for row in rows)
    return [row["actionType"] for row in rows]


def test_a_message_can_need_approval() -> None:
    with service(review=[PAGE]) as box:
        told = pending(box, scheduledSendTime=ahead(hours=1))
        assert told["sequenceNumber"] == 1
        assert told["reviewers"] == [{"id": KEYS["member_id"], "type": "MEMBER"}]
        assert actions(box, told["id"]) == ["CREATE"]

        answer = decided(box, told["id"], "approve", sequenceNumber=1)

        assert (answer.status_code, answer.json()) == (200, {"data": {}})
        found = box.get(f"messages/{told['id']}")["data"][0]
        assert found["state"] == "SCHEDULED"
        assert found["reviewers"] is None
        assert actions(box, told["id"]) == ["CREATE", "APPROVE", "SCHEDULE"]
        box.state.advance(timedelta(minutes=59, seconds=58))
        assert actions(box, told["id"])[-1] == "SCHEDULE"


def test_a_send_now_message_has_no_time_until_it_is_approved() -> None:
    with service(review=[PAGE], submit_seconds=1) as box:
        told = pending(box)
        soon = NOW + timedelta(hours=1)
        without = box.get("messages", **window(NOW, soon))
        flag = {"includeUnscheduledReviewMsgs": "true"}
        within = box.get("messages", **window(NOW, soon, **flag))
        none = box.get(
            "messages", **window(NOW, soon, includeUnscheduledReviewMsgs="false")
        )
        assert told["id"] not in ids(without) + ids(none)
        (row,) = within["data"]
        assert row["id"] == told["id"]
        assert row["scheduledSendTime"] is None
        box.state.advance(timedelta(minutes=10))

        decided(box, told["id"], "approve", sequenceNumber=1, reviewerType="MEMBER")

        found = box.get(f"messages/{told['id']}")["data"][0]
        assert found["state"] == "SUBMITTED"
        assert found["scheduledSendTime"] == ahead(minutes=10)
        assert actions(box, told["id"]) == ["CREATE", "APPROVE"]
        box.state.advance(timedelta(seconds=1))
        assert actions(box, told["id"]) == ["CREATE", "APPROVE", "SEND"]


def test_steps_are_counted() -> None:
    with service(review=[PAGE], review_steps=2) as box:
        number = pending(box)["id"]
        decided(box, number, "approve", sequenceNumber=1)
        assert box.get(f"messages/{number}")["data"][0]["sequenceNumber"] == 2
        refused(
            decided(box, number, "approve", sequenceNumber=1), 400, 4000, "1 is not"
        )

        assert decided(box, number, "approve", sequenceNumber=2).status_code == 200

        refused(decided(box, number, "approve", sequenceNumber=2), 400, 4000, AWAITS)


def test_a_rejected_message_stays_what_it_is() -> None:
    with service(review=[PAGE], token_seconds=10**6) as box:
        number = pending(box, scheduledSendTime=ahead(hours=1))["id"]

        answer = decided(box, number, "reject", sequenceNumber=1, reason="no")

        assert (answer.status_code, answer.json()) == (200, {"data": {}})
        box.state.advance(timedelta(hours=2))
        assert box.get(f"messages/{number}")["data"][0]["state"] == "REJECTED"
        assert actions(box, number) == ["CREATE", "REJECT"]
        refused(box.ask("DELETE", f"messages/{number}"), 400, 40003)


def test_a_message_that_nobody_looks_at_expires() -> None:
    with service(review=[PAGE], token_seconds=10**6) as box:
        number = pending(box, scheduledSendTime=ahead(hours=1))["id"]
        box.state.advance(timedelta(hours=1))

        found = box.get(f"messages/{number}")["data"][0]

        assert found["state"] == "EXPIRED_APPROVAL"
        assert actions(box, number) == ["CREATE", "EXPIRE"]
        refused(decided(box, number, "approve", sequenceNumber=1), 400, 4000, AWAITS)


def test_a_pending_message_can_be_taken_back_and_failures_are_in_the_history() -> None:
    with service(review=[PAGE], failing=[PAGE]) as box:
        gone, failed = pending(box)["id"], pending(box)["id"]
        assert box.ask("DELETE", f"messages/{gone}").status_code == 200
        decided(box, failed, "approve", sequenceNumber=1)

        assert actions(box, failed) == ["CREATE", "APPROVE", "SENDFAIL"]
        refused(box.ask("GET", f"messages/{gone}/history"), 404, 4001)


@pytest.mark.parametrize(
    ("step", "body", "text"),
    [
        ("approve", {}, "sequenceNumber"),
        ("approve", {"sequenceNumber": "1"}, "int"),
        ("approve", {"sequenceNumber": 1, "reviewerType": "TEAM"}, "TEAM"),
        ("approve", {"sequenceNumber": 1, "reason": "why"}, "reason"),
        ("reject", {"sequenceNumber": 1}, "reason"),
        ("reject", {"sequenceNumber": 1, "reason": ""}, "reason"),
        ("reject", {"sequenceNumber": 2, "reason": "no"}, "2 is not"),
    ],
)
def test_faulty_decisions_are_refused(
    step: str, body: dict[str, Any], text: str
) -> None:
    with service(review=[PAGE]) as box:
        number = pending(box)["id"]

        refused(decided(box, number, step, **body), 400, 4000, text)

        assert box.state_of(number) == "PENDING_APPROVAL"


def test_a_member_s_step_needs_that_member() -> None:
    with service(review=[PAGE]) as box:
        number = pending(box)["id"]
        form = {"grant_type": "organization_app", "organization_id": "687751"}
        told = box.token(**form).json()["access_token"]

        answer = box.ask(
            "POST",
            f"messages/{number}/approve",
            token=told,
            json={"sequenceNumber": 1, "reviewerType": "MEMBER"},
        )

        refused(answer, 401, 4003)
        answer = box.ask(
            "POST",
            f"messages/{number}/approve",
            token=told,
            json={"sequenceNumber": 1, "reviewerType": "EXTERNAL"},
        )
        assert answer.status_code == 200


def test_messages_that_never_needed_approval_have_no_history(box: Running) -> None:
    number = box.made()[0]["id"]

    refused(box.ask("GET", f"messages/{number}/history"), 400, 4000, AWAITS)
    refused(decided(box, number, "approve", sequenceNumber=1), 400, 4000, AWAITS)


# Webhooks.


def test_events_are_rendered_as_they_were_seen() -> None:
    with service(review=[PAGE]) as box:
        number = pending(box)["id"]
        private = box.made(socialProfileIds=[box.of("LINKEDIN")])[0]["id"]

        (first,) = box.state.event(number)
        (second,) = box.state.event(private, "DELETED")
        (ping,) = box.state.webhooks.ping()

    assert first == {
        "seq_no": first["seq_no"],
        "type": "com.hootsuite.messages.event.v1",
        "data": {
            "state": "PENDING_APPROVAL",
            "organization": {"id": "687751"},
            "message": {"id": number},
            "timestamp": "2026-03-11T06:00:00.000Z",
        },
    }
    assert isinstance(second["data"], dict)
    assert second["data"]["organization"] is None
    assert second["data"]["state"] == "DELETED"
    assert int(str(second["seq_no"])) > int(str(first["seq_no"]))
    (third,) = box.state.webhooks.comment("5", "COMPLETED", "687751", NOW)
    (fourth,) = box.state.webhooks.app("UNINSTALLED", "1155000", NOW)
    assert third["type"] == "com.hootsuite.comments.event.v1"
    assert third["data"] == {
        "state": "COMPLETED",
        "organization": {"id": "687751"},
        "comment": {"id": "5"},
        "timestamp": "2026-03-11T06:00:00.000Z",
    }
    assert fourth["type"] == "com.hootsuite.apps.event.v1"
    assert isinstance(fourth["data"], dict)
    assert fourth["data"]["state"] == "UNINSTALLED"
    assert fourth["data"]["member"] == {"id": "1155000"}
    assert ping == {"type": "com.hootsuite.ping.event.v1", "data": {}}
