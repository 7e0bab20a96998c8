"""Webhooks: lists of events, pings, repetitions and signatures."""

from __future__ import annotations

import hashlib
import hmac
import json
import tracemalloc
from base64 import b64encode
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialmetrics.errors import AuthRefused, InvalidQuery, Unreadable
from socialmetrics.secret import Secret
from socialmetrics_hootsuite.webhooks import MOST, SIGNATURE, Event, Seen, parse

SECRET = "a-webhook-secret"
PENDING = {
    "seq_no": "1684272788542",
    "type": "com.hootsuite.messages.event.v1",
    "data": {
        "state": "PENDING_APPROVAL",
        "organization": {"id": "200001"},
        "message": {"id": "3929087454"},
        "timestamp": "2023-05-17T15:35:25.555Z",
    },
}
PING: dict[str, object] = {"type": "com.hootsuite.ping.event.v1", "data": {}}


def body(*events: object) -> bytes:
    return json.dumps(list(events)).encode()


def signature(content: bytes) -> bytes:
    return hmac.new(SECRET.encode(), content, hashlib.sha512).digest()


def test_an_event_tells_what_happened_to_what() -> None:
    (found,) = parse(body(PENDING), {})

    assert found == Event(
        kind="messages",
        seq_no="1684272788542",
        state="pending approval",
        at=datetime(2023, 5, 17, 15, 35, 25, 555_000, tzinfo=UTC),
        ids={"organization": "200001", "message": "3929087454"},
    )
    assert found.raw == PENDING["data"]


def test_a_ping_has_no_number() -> None:
    assert parse(body(PING), {}) == (Event(kind="ping"),)


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ({"type": "com.hootsuite.new.event.v2"}, Event(kind="new.event.v2")),
        ({"type": "other", "seq_no": 2**63}, Event(kind="other", seq_no=str(2**63))),
        (
            {
                "type": "com.hootsuite.apps.event.v1",
                "seq_no": "1",
                "data": {
                    "state": "UNINSTALLED",
                    "app": {"id": 5},
                    "member": {"id": True},
                    "organization": None,
                    "timestamp": "soon",
                },
            },
            Event(kind="apps", seq_no="1", state="uninstalled", ids={"app": "5"}),
        ),
        (
            {"type": "t", "data": {"state": 5, "timestamp": 5, "message": {"id": 1.5}}},
            Event(kind="t"),
        ),
        ({"type": "t", "data": None}, Event(kind="t")),
    ],
)
def test_what_is_not_known_is_kept(event: object, expected: Event) -> None:
    assert parse(body(event), {}) == (expected,)


def test_events_keep_their_order() -> None:
    later = {**PENDING, "seq_no": "5"}

    found = parse(body(PENDING, PING, later), {})

    assert [each.seq_no for each in found] == ["1684272788542", None, "5"]
    assert parse(b"[]", {}) == ()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"[",
        b"[5",
        b"\xff",
        b"null",
        b"[" * 9999,
    ],
)
def test_a_body_that_is_no_list_of_events_is_named(content: bytes) -> None:
    with pytest.raises(Unreadable, match="a webhook's body cannot be read"):
        parse(content, {})


@pytest.mark.parametrize(
    ("entry", "raw"),
    [
        (5, {}),
        (None, {}),
        ({}, {}),
        ({"type": 5}, {"type": 5}),
        ({"type": "t", "seq_no": []}, {"type": "t", "seq_no": []}),
        ({"type": "t", "data": "x"}, {"type": "t", "data": "x"}),
    ],
)
def test_one_entry_that_is_no_event_spoils_no_other(
    entry: object, raw: dict[str, object]
) -> None:
    before, odd, after = parse(body(PENDING, entry, PING), {})

    assert (before.kind, odd.kind, after.kind) == ("messages", "unreadable", "ping")
    assert odd.raw == raw


@pytest.mark.parametrize(
    "text", ["9999-12-31T23:59:59-23:00", "0001-01-01T00:00:00+14:00", "soon", ""]
)
def test_a_time_that_is_none_is_left_out(text: str) -> None:
    event = {**PENDING, "data": {"state": "SENT", "timestamp": text}}

    (found,) = parse(body(event), {})

    assert (found.at, found.state) == (None, "sent")


def test_a_body_that_is_no_bytes_is_named() -> None:
    told: Any = "[]"

    with pytest.raises(InvalidQuery, match="not bytes"):
        parse(told, {})


def test_a_body_that_is_too_large_is_not_read() -> None:
    with pytest.raises(Unreadable, match="more than events ever need"):
        parse(b" " * (MOST + 1), {})


@given(st.binary(max_size=200))
def test_any_bytes_are_events_or_a_named_error(content: bytes) -> None:
    with suppress(Unreadable):
        assert all(each.kind is not None for each in parse(content, {}))


@pytest.mark.parametrize("name", [SIGNATURE, "X-Hootsuite-Signature"])
@pytest.mark.parametrize("secret", [SECRET, Secret(SECRET)])
def test_a_signature_is_checked_as_hex_or_base64(
    name: str, secret: Secret | str
) -> None:
    content = body(PENDING)
    right = signature(content)

    for told in (right.hex(), right.hex().upper(), b64encode(right).decode()):
        assert parse(content, {name: told}, secret=secret)


@pytest.mark.parametrize(
    ("headers", "problem"),
    [
        ({}, "missing"),
        ({SIGNATURE: " "}, "missing"),
        ({SIGNATURE: "00" * 64}, "wrong"),
        ({SIGNATURE: "\u00fc\ud800"}, "wrong"),
        ({SIGNATURE: signature(b"[]").hex()}, "wrong"),
    ],
)
def test_a_wrong_signature_is_refused_without_the_secret(
    headers: dict[str, str], problem: str
) -> None:
    with pytest.raises(AuthRefused, match=problem) as caught:
        parse(body(PENDING), headers, secret=SECRET)

    assert SECRET not in str(caught.value)


RIGHT = signature(body(PENDING)).hex()


@pytest.mark.parametrize(
    "headers",
    [
        {SIGNATURE: [RIGHT]},
        {SIGNATURE: ("00", RIGHT)},
        {SIGNATURE: RIGHT, "x-other": None},
        [("x-other", "5"), ("X-Hootsuite-Signature", RIGHT)],
        [(b"x-hootsuite-signature", RIGHT.encode())],
        iter([(SIGNATURE, RIGHT)]),
    ],
)
def test_headers_are_taken_as_servers_hand_them_on(headers: Any) -> None:
    assert parse(body(PENDING), headers, secret=SECRET)


@pytest.mark.parametrize(
    "headers", [{SIGNATURE: None}, {SIGNATURE: []}, [], {SIGNATURE: ["00"]}]
)
def test_headers_without_a_right_signature_are_refused(headers: Any) -> None:
    with pytest.raises(AuthRefused):
        parse(body(PENDING), headers, secret=SECRET)


@pytest.mark.parametrize(
    "headers",
    [None, 5, "text", [SIGNATURE], [(SIGNATURE,)], {SIGNATURE: 5}, {5: RIGHT}],
)
def test_what_are_no_headers_is_named(headers: Any) -> None:
    with pytest.raises(InvalidQuery, match="header"):
        parse(body(PENDING), headers, secret=SECRET)


def test_a_secret_may_be_bytes() -> None:
    assert parse(body(PENDING), {SIGNATURE: RIGHT}, secret=SECRET.encode())


@pytest.mark.parametrize("secret", [5, "\ud800", ["a"]])
def test_what_is_no_secret_is_named_and_not_shown(secret: Any) -> None:
    with pytest.raises(InvalidQuery, match="neither text nor bytes") as caught:
        parse(body(PENDING), {SIGNATURE: RIGHT}, secret=secret)

    assert caught.value.__cause__ is None


@pytest.mark.parametrize("secret", ["", b"", Secret("")])
def test_an_empty_secret_signs_nothing(secret: Secret | str | bytes) -> None:
    with pytest.raises(InvalidQuery, match="secret is empty"):
        parse(body(), {}, secret=secret)


def test_an_event_is_new_once_and_a_ping_always() -> None:
    seen = Seen()
    event, ping = Event(kind="messages", seq_no="1"), Event(kind="ping")

    assert [seen.is_new(each) for each in (event, event, ping, ping)] == [
        True,
        False,
        True,
        True,
    ]


def test_the_oldest_is_forgotten_first_and_what_comes_again_is_younger() -> None:
    seen = Seen(most=2)
    a, b, c = (Event(kind="m", seq_no=each) for each in "abc")

    told = [seen.is_new(each) for each in (a, b, a, c, a, b)]

    assert told == [True, True, False, True, False, True]


def test_its_memory_has_a_bound() -> None:
    seen = Seen(most=100)
    events = [Event(kind="m", seq_no=str(10**18 + number)) for number in range(20_000)]

    tracemalloc.start()
    for each in events:
        seen.is_new(each)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 100_000


def test_what_remembers_nothing_is_refused() -> None:
    with pytest.raises(InvalidQuery, match="most=0"):
        Seen(most=0)
